/** `checkMachine`: holds an XState machine against random messages and waits: invariants, dead
 * ends, both interpreters, and whether the runs reached all of it. Spec: T107–T111. */
import fc from 'fast-check';
import type { AnyStateMachine, ContextFrom } from 'xstate';
import type { ActorMessage } from '../../actors/runtime/actor-system.ts';
import { createCompiledActorSystem } from '../../actors/runtime/compiled-actor-system.ts';
import { createXStateActorSystem } from '../../actors/runtime/xstate-actor-system.ts';
import { EngineError } from '../../kernel/errors.ts';
import type { CheckOptions, CheckReport } from '../check/check-options.ts';
import { type Broken, type Check, runCheck } from '../check/run-check.ts';
import { eachSmaller, nearer, shorter, withoutPairs } from '../shrink/greedy.ts';
import { VacuousCheck } from '../story/check-failure.ts';
import { explore } from './explore.ts';
import {
  deadEndProblem,
  interpretersDiffer,
  livenessProblem,
  type MachineInvariants,
  safetyProblem,
} from './machine-laws.ts';
import { type MachineMap, machineMap, statesIn } from './machine-map.ts';
import { type MachineRun, type MachineStep, observeMachine } from './machine-run.ts';
import { machineDiagram } from './machine-story.ts';

/** What is drawn, and what must hold. */
export interface CheckMachineOptions<Context> extends CheckOptions, MachineInvariants<Context> {
  /** Messages by type, with arbitrary members besides the type. Default: every type that the
   * machine knows, without members. */
  readonly events?: Readonly<Record<string, fc.Arbitrary<object>>>;
  readonly input?: fc.Arbitrary<unknown>;
  /** Waits that are drawn, ms. Default: around the machine's own fixed delays. */
  readonly waitsMs?: readonly number[];
  /** Default 20. */
  readonly maxSteps?: number;
  /** States in which it may stay for ever, named by dots; final states may in any case. */
  readonly deadEnds?: readonly string[];
  /** States by id, and transitions by name, that no run has to reach. */
  readonly mayMiss?: readonly string[];
}

const SHRINK_RUNS = 500;
const STEPS_MAX = 20;
/** Where a machine has no delays of its own. */
const WAITS_MS = [1, 1_000, 60_000];
/** Messages of each type that are tried in every state, and on what looks like a dead end. */
const SAMPLING = { numRuns: 3, seed: 1 };

/** Holds a machine against the shortest runs to its nearest states, then against drawn runs.
 * @returns what was done; to be awaited. @throws CheckFailure with the story of the shortest run;
 * VacuousCheck where the runs together reached not all of the machine; EngineError
 * `ACTOR_UNSUPPORTED` for what the compiler refuses, named. */
export async function checkMachine<M extends AnyStateMachine>(
  machine: M,
  options: CheckMachineOptions<ContextFrom<M>> = {},
): Promise<CheckReport> {
  const map = machineMap(machine);
  const reached = new Reached();
  const steps = stepsOf(map, options);
  const check: Check<MachineRun> = {
    kind: 'machine',
    name: options.name ?? machine.id,
    inputs: runsOf(steps, options),
    first: explore(machine, {
      steps: steps.candidates,
      onTransition: (one) => reached.transitions.add(one),
      ...(options.input === undefined ? {} : { inputs: fc.sample(options.input, SAMPLING) }),
    }),
    judge: async (run, only) => judge({ machine, map, options, reached, steps }, run, only),
    smaller: smallerRuns,
    sizeOf: ({ steps: all }) => ({ commands: all.length, faults: 0 }),
    diagramOf: (run) => machineDiagram(machine, run),
    words: { command: 'step' },
    shrinkRuns: SHRINK_RUNS,
  };
  const report = await runCheck(check, options);
  if (options.replay === undefined) requireReached(check.name, map, { reached, options });
  return report;
}

interface Judging<Context> {
  readonly machine: AnyStateMachine;
  readonly map: MachineMap;
  readonly options: CheckMachineOptions<Context>;
  readonly reached: Reached;
  readonly steps: Steps;
}

/** What the runs together reached. */
class Reached {
  readonly states = new Set<string>();
  readonly transitions = new Set<unknown>();
  /** Invariants of `eventually` that something called for. */
  readonly called = new Set<string>();
}

type Law = readonly [property: string, claim: string, problem: () => string | undefined];

function judge<Context>(
  judging: Judging<Context>,
  run: MachineRun,
  only: string | undefined,
): Broken | undefined {
  for (const [property, claim, problem] of lawsOf(judging, run)) {
    if (only !== undefined && only !== property) continue;
    const finding = problem();
    if (finding !== undefined) return { property, claim, finding };
  }
  return undefined;
}

function lawsOf<Context>(judging: Judging<Context>, run: MachineRun): readonly Law[] {
  const { machine, map, options, reached, steps } = judging;
  const onTransition = (one: unknown) => reached.transitions.add(one);
  const reference = observeMachine(createXStateActorSystem, machine, { run, onTransition });
  const compiled = observeMachine(createCompiledActorSystem, machine, { run });
  const { sights, thrown } = compiled;
  for (const { snapshot } of sights) {
    for (const state of statesIn(map, snapshot.value)) reached.states.add(state);
  }
  const { always = {}, never = {}, eventually = {}, deadEnds = [] } = options;
  const safety = (holds: (typeof always)[string], isWanted: boolean) => () =>
    safetyProblem(sights, holds, isWanted);
  return [
    [
      'interpreters-agree',
      'compiled, it does what XState does',
      () => interpretersDiffer(compiled, reference),
    ],
    [
      'throws-nothing',
      'no message makes it throw',
      () => (thrown === undefined ? undefined : String(thrown.error)),
    ],
    ...Object.entries(always).map(([name, holds]): Law => [name, 'always', safety(holds, true)]),
    ...Object.entries(never).map(([name, holds]): Law => [name, 'never', safety(holds, false)]),
    ...Object.entries(eventually).map(([name, wanted]): Law => {
      const claim = `eventually, within ${wanted.withinMs} ms`;
      return [
        name,
        claim,
        () => {
          const { problem, calls } = livenessProblem(machine, run, wanted);
          if (calls > 0) reached.called.add(name);
          return problem;
        },
      ];
    }),
    [
      'no-dead-end',
      'there is a way on from everywhere but from final states',
      () => deadEndProblem(machine, run, { probes: steps.probes, declared: deadEnds }),
    ],
  ];
}

interface Steps {
  readonly arbitrary: fc.Arbitrary<MachineStep>;
  readonly probes: readonly ActorMessage[];
  /** What is tried in every state that is found. */
  readonly candidates: readonly MachineStep[];
}

function stepsOf<Context>(map: MachineMap, options: CheckMachineOptions<Context>): Steps {
  const { events, waitsMs } = options;
  const payloads = Object.entries(
    events ?? Object.fromEntries(map.events.map((type) => [type, fc.constant({})])),
  );
  if (payloads.length === 0 && map.delays.length === 0) {
    const message = 'checkMachine: the machine knows no message and no delay: nothing can be drawn';
    const details = { argument: 'events', found: payloads };
    throw new EngineError('TESTING_BAD_ARGUMENT', message, details);
  }
  const messages = payloads.map(([type, payload]) =>
    payload.map((members): ActorMessage => ({ ...members, type })),
  );
  const around = map.delays.flatMap((ms) => [Math.max(1, ms - 1), ms, 2 * ms]);
  const waits = waitsMs ?? (around.length > 0 ? [1, ...around] : WAITS_MS);
  const wait = fc.constantFrom(...waits).map((ms): MachineStep => ({ kind: 'wait', ms }));
  const event = messages.map((one) =>
    one.map((found): MachineStep => ({ kind: 'event', event: found })),
  );
  const probes = messages.flatMap((one) => fc.sample(one, SAMPLING));
  return {
    arbitrary: fc.oneof(...event.map((arbitrary) => ({ arbitrary, weight: 2 })), {
      arbitrary: wait,
      weight: Math.max(1, event.length),
    }),
    probes,
    candidates: [
      ...probes.map((found): MachineStep => ({ kind: 'event', event: found })),
      ...waits.map((ms): MachineStep => ({ kind: 'wait', ms })),
    ],
  };
}

function runsOf<Context>(
  steps: Steps,
  { input, maxSteps = STEPS_MAX }: CheckMachineOptions<Context>,
): fc.Arbitrary<MachineRun> {
  const schema = 'backlot.machine-run/1' as const;
  const all = fc.array(steps.arbitrary, { maxLength: maxSteps, size: 'max' });
  if (input === undefined) return all.map((found) => ({ schema, steps: found }));
  return fc.tuple(input, all).map(([given, found]) => ({ schema, input: given, steps: found }));
}

function* smallerRuns(run: MachineRun): Iterable<MachineRun> {
  for (const steps of shorter(run.steps)) yield { ...run, steps };
  for (const steps of withoutPairs(run.steps)) yield { ...run, steps };
  for (const [at, step] of run.steps.entries()) {
    const next = run.steps[at + 1];
    if (step.kind !== 'wait' || next?.kind !== 'wait') continue;
    const steps = run.steps.toSpliced(at, 2, { kind: 'wait', ms: step.ms + next.ms });
    yield { ...run, steps };
  }
  const shorterWait = function* (step: MachineStep): Iterable<MachineStep> {
    if (step.kind !== 'wait') return;
    for (const ms of nearer(step.ms, { plain: 1 })) yield { ...step, ms };
  };
  for (const steps of eachSmaller(run.steps, shorterWait)) yield { ...run, steps };
}

/** A check that never looked at a part of the machine says nothing about it. */
function requireReached<Context>(
  name: string,
  map: MachineMap,
  parts: { readonly reached: Reached; readonly options: CheckMachineOptions<Context> },
): void {
  const { reached, options } = parts;
  const { mayMiss = [], eventually = {} } = options;
  const missed = [
    ...[...map.states.keys()].filter((id) => !reached.states.has(id)).map((id) => ['state', id]),
    ...[...map.transitions]
      .filter(([one]) => !reached.transitions.has(one))
      .map(([, text]) => ['transition', text]),
    ...Object.keys(eventually)
      .filter((one) => !reached.called.has(one))
      .map((one) => ['what calls for', one]),
  ].filter(([, text = '']) => !mayMiss.includes(text));
  if (missed.length > 0)
    throw new VacuousCheck(
      name,
      missed.map((pair) => pair.join(' ')),
    );
}
