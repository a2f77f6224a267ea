/** The diagram of a machine's run: what it was told, where it stood then, what it said. */
import type { ActorMachine } from '../../actors/runtime/actor-system.ts';
import { createCompiledActorSystem } from '../../actors/runtime/compiled-actor-system.ts';
import { textOf } from '../pipelines/differences.ts';
import { type DiagramLine, sequenceDiagram } from '../story/sequence-diagram.ts';
import { sightText } from './machine-laws.ts';
import { type MachineRun, type MachineSight, observeMachine } from './machine-run.ts';

const WORLD = 0;
const MACHINE = 1;

/** Draws a run. */
export function machineDiagram(machine: ActorMachine, run: MachineRun): string {
  const { sights, thrown } = observeMachine(createCompiledActorSystem, machine, { run });
  const lines: DiagramLine[] = sights.flatMap((sight) => sightLines(sight, run));
  if (thrown !== undefined) {
    lines.push(...stepLines(run, thrown.step, ''));
    lines.push(note('', `throws ${String(thrown.error)}`));
  }
  return sequenceDiagram(['world', machine.id], lines);
}

function sightLines(sight: MachineSight, run: MachineRun): readonly DiagramLine[] {
  const at = `${sight.nowMs} ms`;
  return [
    ...stepLines(run, sight.step, at),
    note(sight.step < 0 ? at : '', sightText(sight)),
    ...sight.emitted.map((message): DiagramLine => {
      return { kind: 'message', at: '', from: MACHINE, to: WORLD, text: messageText(message) };
    }),
  ];
}

function stepLines(run: MachineRun, step: number, at: string): readonly DiagramLine[] {
  const found = run.steps[step];
  if (found === undefined) return [];
  if (found.kind === 'wait') return [{ kind: 'mark', at, text: `${found.ms} ms pass` }];
  return [{ kind: 'message', at, from: WORLD, to: MACHINE, text: messageText(found.event) }];
}

function note(at: string, text: string): DiagramLine {
  return { kind: 'message', at, from: MACHINE, to: MACHINE, text };
}

function messageText({ type, ...members }: { readonly type: string }): string {
  return Object.keys(members).length === 0 ? type : `${type} ${textOf(members)}`;
}
