/** Times of several cases from samples taken in turn, so that a machine that slows down in between
 * slows all. Preparing a sample is not timed. */

/** Work that is measured. */
export interface PreparedCase {
  readonly name: string;
  /** Units of work of one sample. */
  readonly units: number;
  /** Gets a sample ready. @returns what does the work and tells how many units it did. */
  prepare(): () => number;
}

/** What was measured. */
export interface Samples {
  /** Median time of a unit, in ns. */
  medianNs(name: string): number;
  /** Median over rounds of (time of a unit of `measured`) ÷ (time of a unit of `reference`). */
  ratio(measured: string, reference: string): number;
}

const WARM_UP_ROUNDS = 2;

/** Takes samples. @throws Error when a case did another amount of work than it says. */
export function interleaved(cases: readonly PreparedCase[], rounds: number): Samples {
  const times = new Map<string, number[]>(cases.map(({ name }) => [name, []]));
  const skipped = rounds > 1 ? WARM_UP_ROUNDS : 0;
  for (let round = 0; round < rounds + skipped; round += 1) {
    for (const each of cases) {
      const ns = sampleNs(each);
      if (round >= skipped) times.get(each.name)?.push(ns);
    }
  }
  const of = (name: string) => times.get(name) ?? [];
  return {
    medianNs: (name) => median(of(name)),
    ratio: (measured, reference) => {
      const against = of(reference);
      return median(of(measured).map((ns, round) => ns / (against[round] ?? Number.NaN)));
    },
  };
}

function sampleNs(each: PreparedCase): number {
  const { name, units } = each;
  const run = each.prepare();
  const start = performance.now();
  const done = run();
  const ms = performance.now() - start;
  if (done !== units) throw new Error(`bench ${name} did ${done} units of work, not ${units}`);
  return (ms * 1e6) / units;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
