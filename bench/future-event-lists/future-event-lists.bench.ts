/** Suite `future-event-lists`: the kernel's list and the candidates it was chosen among, on the
 * hold model (W1: uniform, exponential, bimodal and zero delays, 1 … 1,000,000 pending), the tight
 * loop (W2), PHOLD (W4) and cancellation (W8). 200,000 events a sample, seed 1, candidates in
 * turn. */
import { createChance } from '../../src/kernel/chance.ts';
import { EventQueue } from '../../src/kernel/event-queue.ts';
import { type BenchSuite, figure } from '../bench-suite.ts';
import { interleaved } from '../interleaved.ts';
import { CalendarQueue } from './calendar-queue.ts';
import { DaryHeap } from './dary-heap.ts';
import type { FutureEventList } from './future-event-list.ts';
import { TwoTier } from './two-tier.ts';

/** The candidates by name; the first is the kernel's. */
export const CANDIDATES: Readonly<Record<string, () => FutureEventList>> = {
  wheel: () => new EventQueue(),
  heap2: () => new DaryHeap(2),
  heap4: () => new DaryHeap(4),
  heap8: () => new DaryHeap(8),
  two_tier: () => new TwoTier(),
  calendar: () => new CalendarQueue(),
};

const EVENTS = 200_000;
const ROUNDS = 5;
/** Of lists that take longer to fill than to measure. */
const ROUNDS_OF_MANY = 3;
const MASK = 0xffff;
const MEAN_US = 100;
const FOREVER = Number.MAX_SAFE_INTEGER / 2;
const NS_PER_S = 1e9;

const draws = createChance({ seed: 1, replication: 0 }).draws('bench.delay');

function delays(of: (uniform: number, other: number) => number): Float64Array {
  return Float64Array.from({ length: MASK + 1 }, (_, i) =>
    Math.round(of(draws.uniform(0, i), draws.uniform(1, i))),
  );
}

const exponential = (uniform: number) => -Math.log(uniform) * MEAN_US;

const DELAYS: Readonly<Record<string, Float64Array>> = {
  uniform: delays((u) => u * 2 * MEAN_US),
  exponential: delays(exponential),
  bimodal: delays((u, v) => (v < 0.9 ? exponential(u) / 9 : 9 * exponential(u))),
  zero: delays((u, v) => (v < 0.8 ? 0 : 5 * exponential(u))),
  phold: delays((u) => MEAN_US + exponential(u)),
};

const PENDING: Readonly<Record<string, number>> = {
  '1': 1,
  '1k': 1_000,
  '100k': 100_000,
  '1m': 1_000_000,
};

interface Row {
  readonly name: string;
  prepare(list: FutureEventList, events: number): () => number;
}

/** The suite. */
export const futureEventListsSuite: BenchSuite = ({ scale }) => {
  const events = Math.round(EVENTS * scale);
  const results = rows(scale).flatMap((row) => {
    const candidates = Object.entries(CANDIDATES).filter(([name]) => !isHopeless(name, row.name));
    const cases = candidates.map(([name, create]) => ({
      name,
      units: events,
      prepare: () => row.prepare(create(), events),
    }));
    const samples = interleaved(cases, scale >= 1 ? roundsOf(row) : 1);
    return cases.map(({ name }) => {
      const perSecond = NS_PER_S / samples.medianNs(name);
      return figure(`${row.name}_${name}_events_per_s`, perSecond, 'events/s');
    });
  });
  return Promise.resolve(results);
};

/** A calendar's day that 100,000 events share makes each push a search and a copy. */
function isHopeless(candidate: string, row: string): boolean {
  return candidate === 'calendar' && (row === 'w1_zero_100k' || row === 'w1_zero_1m');
}

function roundsOf({ name }: Row): number {
  return name.endsWith('_1m') ? ROUNDS_OF_MANY : ROUNDS;
}

function rows(scale: number): readonly Row[] {
  const hold = ['uniform', 'exponential', 'bimodal', 'zero'].flatMap((kind) =>
    Object.entries(PENDING).map(([label, pending]) => {
      const count = Math.max(1, Math.round(pending * scale));
      return { name: `w1_${kind}_${label}`, prepare: holding(kind, count) };
    }),
  );
  const phold = ['1k', '100k'].map((label) => {
    const count = Math.max(1, Math.round((PENDING[label] ?? 1) * scale));
    return { name: `w4_phold_${label}`, prepare: holding('phold', count) };
  });
  return [
    ...hold,
    { name: 'w2_tight_loop', prepare: tightLoop },
    ...phold,
    { name: 'w8_cancel', prepare: cancelling },
  ];
}

/** Each event that is popped pushes one more; `pending` wait all the time. */
function holding(kind: string, pending: number): Row['prepare'] {
  const delayUs = DELAYS[kind] ?? new Float64Array(MASK + 1);
  return (list, events) => {
    for (let i = 0; i < pending; i += 1) list.push(delayUs[i & MASK] ?? 0, 0, 0, i, undefined);
    return () => {
      for (let i = 0; i < events; i += 1) {
        if (!list.popUntil(FOREVER)) return i;
        const { timeUs, target } = list.popped;
        list.push(timeUs + (delayUs[(i * 7) & MASK] ?? 0), 0, 0, target, undefined);
      }
      return events;
    };
  };
}

/** One event that pushes itself one microsecond later. */
function tightLoop(list: FutureEventList, events: number): () => number {
  list.push(0, 0, 0, 0, undefined);
  return () => {
    for (let i = 0; i < events; i += 1) {
      if (!list.popUntil(FOREVER)) return i;
      list.push(list.popped.timeUs + 1, 0, 0, 0, undefined);
    }
    return events;
  };
}

/** Each request pushes a time-out 1 ms ahead; four of five are cancelled 500 requests later. */
function cancelling(list: FutureEventList, events: number): () => number {
  const keys = new Float64Array(events);
  return () => {
    for (let i = 0; i < events; i += 1) {
      list.popUntil(i);
      keys[i] = list.push(i + 1_000, 0, 0, i, undefined);
      const answered = i - 500;
      if (answered >= 0 && answered % 5 !== 0 && !list.cancel(keys[answered] ?? -1)) return i;
    }
    return events;
  };
}
