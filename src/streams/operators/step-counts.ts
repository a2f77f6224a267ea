/** The ledger of one operator: received = passed + Σ rejected(reason) + Σ dropped(reason), at every
 * moment between two rows. Spec: W34. */
import type { PlainValue } from '../../domain/plain-value.ts';
import { savedCount } from './restoring.ts';

/** What became of rows. */
export interface StepCount {
  readonly step: string;
  readonly received: number;
  /** Rows that went on, or into the operator's state. */
  readonly passed: number;
  /** Rows that could not be computed, by reason; they are kept beside. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Rows left out or led away on purpose, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Rows that came out. */
  readonly emitted: number;
}

/** Counts one operator's rows. */
export class StepCounts {
  readonly step: string;
  readonly #rejected = new Map<string, number>();
  readonly #dropped = new Map<string, number>();
  received = 0;
  passed = 0;
  emitted = 0;

  constructor(step: string) {
    this.step = step;
  }

  reject(reason: string): void {
    this.#rejected.set(reason, (this.#rejected.get(reason) ?? 0) + 1);
  }

  drop(reason: string): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + 1);
  }

  /** The counts so far; reasons sorted. */
  counts(): StepCount {
    const { received, passed, emitted } = this;
    const rejected = sorted(this.#rejected);
    const dropped = sorted(this.#dropped);
    return { step: this.step, received, passed, rejected, dropped, emitted };
  }

  snapshot(): PlainValue {
    const { received, passed, emitted, rejected, dropped } = this.counts();
    return [received, passed, emitted, rejected, dropped];
  }

  restore(saved: PlainValue): void {
    const [received, passed, emitted, rejected, dropped] = saved as unknown as Saved;
    this.received = savedCount(received, this.step);
    this.passed = savedCount(passed, this.step);
    this.emitted = savedCount(emitted, this.step);
    replace(this.#rejected, rejected);
    replace(this.#dropped, dropped);
  }
}

type Reasons = Readonly<Record<string, number>>;
type Saved = readonly [number, number, number, Reasons, Reasons];

function replace(map: Map<string, number>, reasons: Reasons): void {
  map.clear();
  for (const [reason, count] of Object.entries(reasons)) map.set(reason, count);
}

function sorted(counts: ReadonlyMap<string, number>): Reasons {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
