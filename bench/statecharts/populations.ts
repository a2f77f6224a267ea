/** Populations of equal actors on three implementations: the compiled machine, XState's
 * interpreter, a switch by hand. All stand in a world with a kernel for their timers; none records
 * a digest, so that what is compared is the statecharts. Delivered directly: no kernel event
 * carries a message. */
import type {
  ActorMachine,
  ActorSystem,
  CreateActorSystem,
} from '../../src/actors/runtime/actor-system.ts';
import { createCompiledActorSystem } from '../../src/actors/runtime/compiled-actor-system.ts';
import { createXStateActorSystem } from '../../src/actors/runtime/xstate-actor-system.ts';
import type { RunDigest } from '../../src/kernel/digest.ts';
import { createSimulation, type Simulation } from '../../src/kernel/simulation.ts';
import { drawRingWalk, ringMachine, SwitchRings } from './three-states.ts';
import { viewerMachine } from './viewer-machine.ts';
import { SwitchViewers } from './viewer-switch.ts';
import { drawViewerWalk, type Walk } from './walks.ts';

/** Who runs the actors. */
export type Implementation = 'compiled' | 'xstate' | 'handwritten';

/** Actors by hand. */
interface HandwrittenActors {
  spawn(): number;
  deliver(actor: number, type: string): void;
  stateOf(actor: number): readonly [string, object];
}

/** What is run. */
export interface Workload {
  readonly machine: ActorMachine;
  handwritten(simulation: Simulation): HandwrittenActors;
  /** Who gets which event. */
  drawWalk(actors: number, events: number): Walk<string>;
}

/** The workloads by name. */
export const WORKLOADS = {
  three_states: {
    machine: ringMachine,
    handwritten: () => new SwitchRings(),
    drawWalk: drawRingWalk,
  },
  viewer: {
    machine: viewerMachine,
    handwritten: (simulation) => new SwitchViewers(simulation) as HandwrittenActors,
    drawWalk: drawViewerWalk,
  },
} as const satisfies Record<string, Workload>;

/** Name of a workload. */
export type WorkloadName = keyof typeof WORKLOADS;

/** Actors that are spawned, started and idle. */
export interface Population {
  /** Delivers a walk from its `from`-th event on. @returns events delivered. */
  walk(walk: Walk<string>, from: number, to: number): number;
  /** State value and context of an actor. */
  stateOf(actor: number): readonly [unknown, unknown];
}

const SILENT: RunDigest = {
  record: () => {},
  recordAt: () => {},
  actorHandle: () => 1,
  eventHandle: () => 1,
  value: () => '',
  slices: () => [],
  actors: () => [],
  save: () => ({
    sliceUs: 1,
    sliceStartsUs: [],
    sliceLanes: [],
    spanEndUs: 0,
    actors: [],
    actorLanes: [],
  }),
  restore: () => {},
};

/** Spawns and starts actors. */
export function populate(
  implementation: Implementation,
  name: WorkloadName,
  count: number,
): Population {
  const workload: Workload = WORKLOADS[name];
  const simulation = createSimulation();
  if (implementation === 'handwritten') {
    const actors = workload.handwritten(simulation);
    for (let i = 0; i < count; i += 1) actors.spawn();
    return {
      walk: (walk, from, to) => walkByHand(actors, walk, { from, to }),
      stateOf: (actor) => actors.stateOf(actor),
    };
  }
  const create: CreateActorSystem =
    implementation === 'compiled' ? createCompiledActorSystem : createXStateActorSystem;
  const options = { simulation, digest: SILENT, drawCount: () => 0, onEmit: () => {} };
  const actors = create(options);
  for (let i = 0; i < count; i += 1) {
    const actor = actors.spawn(workload.machine, { name: `${name}/${i}` });
    if (actor !== i) throw new Error(`actor ${i} got the number ${actor}`);
    actors.start(actor);
  }
  const walkOn = implementation === 'compiled' ? walkCompiled : walkInterpreted;
  return {
    walk: (walk, from, to) => walkOn(actors, walk, { from, to }),
    stateOf: (actor) => {
      const { value, context } = actors.snapshot(actor);
      return [leafOf(value), context];
    },
  };
}

interface Part {
  readonly from: number;
  readonly to: number;
}

// One loop each: a call site that sees one implementation is what a simulation has.

function walkCompiled(actors: ActorSystem, walk: Walk<string>, { from, to }: Part): number {
  for (let i = from; i < to; i += 1) {
    const event = walk.events[i];
    if (event !== undefined) actors.deliver(walk.actors[i] ?? 0, event);
  }
  return to - from;
}

function walkInterpreted(actors: ActorSystem, walk: Walk<string>, { from, to }: Part): number {
  for (let i = from; i < to; i += 1) {
    const event = walk.events[i];
    if (event !== undefined) actors.deliver(walk.actors[i] ?? 0, event);
  }
  return to - from;
}

function walkByHand(actors: HandwrittenActors, walk: Walk<string>, { from, to }: Part): number {
  for (let i = from; i < to; i += 1) {
    const event = walk.events[i];
    if (event !== undefined) actors.deliver(walk.actors[i] ?? 0, event.type);
  }
  return to - from;
}

/** The innermost state of a value. */
function leafOf(value: unknown): unknown {
  let inner = value;
  while (typeof inner === 'object' && inner !== null) inner = Object.values(inner)[0];
  return inner;
}
