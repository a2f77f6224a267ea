/** Counts of one stage: received = passed + Σ rejected + Σ dropped, at every moment between two
 * records. Spec: W1. */
import type { StageCount } from '../domain/pipeline-ports.ts';
import type { Checkpointable, PlainValue } from '../domain/plain-value.ts';
import { EngineError } from '../kernel/errors.ts';

/** Counts what a stage does with records. */
export class StageCounter implements Checkpointable {
  readonly #stage: string;
  readonly #rejected = new Map<string, number>();
  readonly #dropped = new Map<string, number>();
  #received = 0;
  #passed = 0;

  constructor(stage: string) {
    this.#stage = stage;
  }

  /** A record went on. */
  pass(): void {
    this.#received += 1;
    this.#passed += 1;
  }

  /** A record is bad; it is kept beside. */
  reject(reason: string): void {
    this.#received += 1;
    this.#rejected.set(reason, (this.#rejected.get(reason) ?? 0) + 1);
  }

  /** A record is left out on purpose. */
  drop(reason: string): void {
    this.#received += 1;
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + 1);
  }

  /** The counts so far; reasons sorted. */
  counts(): StageCount {
    return {
      stage: this.#stage,
      received: this.#received,
      passed: this.#passed,
      rejected: sorted(this.#rejected),
      dropped: sorted(this.#dropped),
    };
  }

  snapshot(): PlainValue {
    return [this.#received, this.#passed, [...this.#rejected], [...this.#dropped]];
  }

  restore(saved: PlainValue): void {
    const [received, passed, rejected, dropped] = Array.isArray(saved) ? saved : [];
    if (!Array.isArray(rejected) || !Array.isArray(dropped)) {
      const problems = [`counts of stage ${this.#stage}: no four counts`];
      throw new EngineError('SNAPSHOT_REFUSED', `${problems[0]}; restore what it saved`, {
        problems,
      });
    }
    this.#received = Number(received);
    this.#passed = Number(passed);
    refill(this.#rejected, rejected);
    refill(this.#dropped, dropped);
  }
}

function refill(counts: Map<string, number>, saved: readonly PlainValue[]): void {
  counts.clear();
  for (const entry of saved) {
    const [reason, count] = Array.isArray(entry) ? entry : [];
    counts.set(String(reason), Number(count));
  }
}

function sorted(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
