/** The kernel beside a plain list: any script of scheduling, cancelling, stepping, running and
 * saving runs the same events at the same times. Digests tell runs apart, draws are named. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { createChance } from '../../../src/kernel/chance.ts';
import { createRunDigest, type RunDigest } from '../../../src/kernel/digest.ts';
import { createSimulation, type Simulation } from '../../../src/kernel/simulation.ts';
import { type ZooProperty, zooProperty } from '../hunt/property.ts';

type Command =
  /** An event; when it runs, it schedules another after `thenUs`. */
  | { readonly do: 'schedule'; readonly afterUs: number; readonly priority: number }
  | { readonly do: 'chain'; readonly afterUs: number; readonly thenUs: number }
  /** By the order of scheduling, counted back from the newest. */
  | { readonly do: 'cancel'; readonly back: number }
  | { readonly do: 'step'; readonly forUs: number }
  | { readonly do: 'run'; readonly forUs: number }
  | { readonly do: 'save' };

/** What both sides do. */
interface Clockwork {
  schedule(afterUs: number, priority: number, thenUs: number | undefined): void;
  cancel(back: number): boolean;
  step(forUs: number): boolean;
  run(forUs: number): number;
  save(): void;
  /** Number and time of every event that ran, then what is pending and the time. */
  readonly told: readonly string[];
  sight(): string;
}

/** The kernel; `save` continues in a new simulation that was restored from JSON. */
class Kernel implements Clockwork {
  readonly told: string[] = [];
  readonly keys: number[] = [];
  readonly #restores: boolean;
  #simulation: Simulation;
  #handler = 0;

  constructor(restores = true) {
    this.#simulation = this.#fresh();
    this.#restores = restores;
  }

  #fresh(): Simulation {
    const simulation = createSimulation();
    this.#handler = simulation.registerHandler('tell', (target, payload) => {
      this.told.push(`${target}@${this.#simulation.nowUs}`);
      const { thenUs } = payload as { readonly thenUs: number };
      if (thenUs >= 0) this.schedule(thenUs, 0, undefined);
    });
    return simulation;
  }

  schedule(afterUs: number, priority: number, thenUs: number | undefined): void {
    const payload = { thenUs: thenUs ?? -1 };
    const target = this.keys.length;
    this.keys.push(this.#simulation.schedule(afterUs, this.#handler, target, payload, priority));
  }

  cancel(back: number): boolean {
    const key = this.keys.at(-1 - back);
    return key !== undefined && this.#simulation.cancel(key);
  }

  step(forUs: number): boolean {
    return this.#simulation.step(this.#simulation.nowUs + forUs);
  }

  run(forUs: number): number {
    return this.#simulation.run(this.#simulation.nowUs + forUs);
  }

  save(): void {
    if (!this.#restores) return;
    const state = JSON.parse(JSON.stringify(this.#simulation.save()));
    this.#simulation = this.#fresh();
    this.#simulation.restore(state);
  }

  sight(): string {
    return `${this.#simulation.pendingCount} pending at ${this.#simulation.nowUs}`;
  }
}

interface Listed {
  readonly number: number;
  readonly atUs: number;
  readonly priority: number;
  readonly thenUs: number | undefined;
}

/** What is meant: a list that is searched for the least (time, priority, number). */
class List implements Clockwork {
  readonly told: string[] = [];
  #pending: readonly Listed[] = [];
  #count = 0;
  #nowUs = 0;

  schedule(afterUs: number, priority: number, thenUs: number | undefined): void {
    const one = { number: this.#count, atUs: this.#nowUs + afterUs, priority, thenUs };
    this.#pending = [...this.#pending, one];
    this.#count += 1;
  }

  cancel(back: number): boolean {
    const before = this.#pending.length;
    this.#pending = this.#pending.filter((one) => one.number !== this.#count - 1 - back);
    return this.#pending.length < before;
  }

  step(forUs: number): boolean {
    return this.#stepUntil(this.#nowUs + forUs);
  }

  run(forUs: number): number {
    const untilUs = this.#nowUs + forUs;
    let ran = 0;
    while (this.#stepUntil(untilUs)) ran += 1;
    return ran;
  }

  save(): void {
    // A list is its own saved state.
  }

  sight(): string {
    return `${this.#pending.length} pending at ${this.#nowUs}`;
  }

  #stepUntil(untilUs: number): boolean {
    const [next] = this.#pending.toSorted(
      (a, b) => a.atUs - b.atUs || a.priority - b.priority || a.number - b.number,
    );
    if (next === undefined || next.atUs > untilUs) {
      this.#nowUs = Math.max(this.#nowUs, untilUs);
      return false;
    }
    this.#pending = this.#pending.filter((one) => one !== next);
    this.#nowUs = next.atUs;
    this.told.push(`${next.number}@${next.atUs}`);
    if (next.thenUs !== undefined) this.schedule(next.thenUs, 0, undefined);
    return true;
  }
}

/** Mostly so short that times meet; else just beyond a power of two: every level of the wheel. */
const delayUs = fc.oneof(
  { weight: 3, arbitrary: fc.nat(3) },
  fc.tuple(fc.integer({ min: 2, max: 40 }), fc.nat(3)).map(([power, more]) => 2 ** power + more),
);

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('schedule' as const),
      afterUs: delayUs,
      priority: fc.oneof(fc.constant(0), fc.integer({ min: -128, max: 127 })),
    }),
  },
  fc.record({ do: fc.constant('chain' as const), afterUs: delayUs, thenUs: delayUs }),
  fc.record({ do: fc.constant('cancel' as const), back: fc.nat(5) }),
  fc.record({ do: fc.constant('step' as const), forUs: delayUs }),
  fc.record({ do: fc.constant('run' as const), forUs: delayUs }),
  fc.record({ do: fc.constant('save' as const) }),
);

const script = fc.array(command, { maxLength: 30, size: 'max' });

function obey(clockwork: Clockwork, told: Command): unknown {
  switch (told.do) {
    case 'schedule':
      return clockwork.schedule(told.afterUs, told.priority, undefined);
    case 'chain':
      return clockwork.schedule(told.afterUs, 0, told.thenUs);
    case 'cancel':
      return clockwork.cancel(told.back);
    case 'step':
      return clockwork.step(told.forUs);
    case 'run':
      return clockwork.run(told.forUs);
    case 'save':
      return clockwork.save();
  }
}

const runsLikeAList = zooProperty({
  name: 'runs-like-a-list',
  claim: 'any script runs the events that a sorted list would run, at the same times',
  arbitrary: script,
  sizeOf: (commands) => ({ commands: commands.length, faults: 0 }),
  holds(commands) {
    const [kernel, list] = [new Kernel(), new List()];
    for (const told of commands) {
      assert.equal(obey(kernel, told), obey(list, told));
      assert.equal(kernel.sight(), list.sight());
    }
    for (const one of [kernel, list]) one.run(2 ** 45);
    assert.deepEqual(kernel.told, list.told);
  },
});

const restoredKeys = zooProperty({
  name: 'restored-keys-are-the-same',
  claim: 'a restored simulation gives out the keys that the saved one gives out',
  arbitrary: script,
  sizeOf: (commands) => ({ commands: commands.length, faults: 0 }),
  holds(commands) {
    const [restored, straight] = [new Kernel(), new Kernel(false)];
    for (const told of commands) {
      assert.deepEqual(obey(restored, told), obey(straight, told));
      assert.deepEqual(restored.keys, straight.keys);
    }
  },
});

interface Noted {
  readonly afterUs: number;
  readonly actor: string;
  readonly event: string;
  readonly draws: number;
}

const noted: fc.Arbitrary<Noted> = fc.record({
  afterUs: fc.oneof(fc.nat(3), fc.nat(2_000), fc.nat(2 ** 34)),
  actor: fc.constantFrom('viewer/1', 'viewer/2', 'server/1'),
  event: fc.constantFrom('start', 'stop'),
  draws: fc.nat(3),
});

function digestOf(records: readonly Noted[]): RunDigest {
  const digest = createRunDigest({ sliceUs: 1_000 });
  let nowUs = 0;
  for (const { afterUs, actor, event, draws } of records) {
    nowUs += afterUs;
    digest.record(nowUs, actor, event, draws);
  }
  return digest;
}

/** What of a record may be another. */
const changes = {
  afterUs: (one: Noted): Noted => ({ ...one, afterUs: one.afterUs + 1 }),
  actor: (one: Noted): Noted => ({ ...one, actor: `${one.actor}0` }),
  event: (one: Noted): Noted => ({ ...one, event: `${one.event}ped` }),
  draws: (one: Noted): Noted => ({ ...one, draws: one.draws + 1 }),
  /** The same low word of time: only the high one tells them apart. */
  era: (one: Noted): Noted => ({ ...one, afterUs: one.afterUs + 2 ** 32 }),
};

const digestTellsApart = zooProperty({
  name: 'digest-tells-runs-apart',
  claim: 'two runs of equal digests are equal, and a restored digest goes on as the saved one',
  arbitrary: fc.record({
    before: fc.array(noted, { maxLength: 8 }),
    one: noted,
    after: fc.array(noted, { maxLength: 8 }),
    change: fc.constantFrom(...(Object.keys(changes) as (keyof typeof changes)[])),
  }),
  sizeOf: ({ before, after }) => ({ commands: before.length + 1 + after.length, faults: 0 }),
  holds({ before, one, after, change }) {
    const told = digestOf([...before, one, ...after]);
    assert.equal(told.value(), digestOf([...before, one, ...after]).value());
    const other = digestOf([...before, changes[change](one), ...after]);
    assert.notEqual(told.value(), other.value());
    const restored = createRunDigest({ sliceUs: 1_000 });
    restored.restore(JSON.parse(JSON.stringify(told.save())));
    for (const digest of [told, restored]) digest.record(2 ** 45, 'viewer/1', 'start', 0);
    assert.deepEqual(restored.slices(), told.slices());
    assert.equal(restored.value(), told.value());
  },
});

const name = fc.record({
  seed: fc.nat(2 ** 32 - 1),
  replication: fc.nat(50),
  purpose: fc.constantFrom('viewer.think-time', 'viewer.title', 'network.delay'),
  entity: fc.oneof(fc.nat(5), fc.nat(2 ** 32 - 1)),
  index: fc.oneof(fc.nat(5), fc.nat(2 ** 32 - 1)),
});

const drawsAreNamed = zooProperty({
  name: 'draws-are-named',
  claim: 'a draw is the same for the same name and another for another; mirrored ones add up to 1',
  arbitrary: fc.tuple(name, name),
  sizeOf: () => ({ commands: 2, faults: 0 }),
  holds([one, other]) {
    const draw = (of: typeof one, isAntithetic = false): number =>
      createChance({ seed: of.seed, replication: of.replication, isAntithetic })
        .draws(of.purpose)
        .uniform(of.entity, of.index);
    assert.equal(draw(one), draw({ ...one }));
    assert.ok(draw(one) > 0 && draw(one) < 1);
    // Each part of a name by itself tells draws apart: equal ones have a chance of 2⁻⁵³.
    for (const part of ['seed', 'replication', 'purpose', 'entity', 'index'] as const) {
      const changed = { ...one, [part]: other[part] };
      if (changed[part] !== one[part]) assert.notEqual(draw(changed), draw(one), part);
    }
    const pair = 2 * one.replication;
    const sum =
      draw({ ...one, replication: pair }, true) + draw({ ...one, replication: pair + 1 }, true);
    assert.ok(Math.abs(sum - 1) < 2 ** -50, `a mirrored pair adds up to ${sum}`);
  },
});

/** All properties of the kernel. */
export const KERNEL: readonly ZooProperty[] = [
  runsLikeAList,
  restoredKeys,
  digestTellsApart,
  drawsAreNamed,
];
