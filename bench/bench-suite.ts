/** What a bench suite is: a function that measures at a scale and answers with named figures. Every
 * suite states its N and seed, and asserts that the work was done before it reports a rate. */
import { Bench } from 'tinybench';

/** One figure. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** A suite. @param scale - 1 measures; a test passes a small one, so that no suite rots. */
export type BenchSuite = (options: { readonly scale: number }) => Promise<readonly BenchResult[]>;

/** Work that is measured: done whole, once a sample. */
export interface BenchCase {
  readonly name: string;
  /** Does the work. @returns how many units it did; checked against `units`. */
  readonly run: () => number;
  /** Units of work of one sample. */
  readonly units: number;
}

const SAMPLES = 7;

/** Units per second of each case: the median over samples taken in turn in one process.
 * @throws Error when a case did another amount of work than it says. */
export async function medianRates(
  cases: readonly BenchCase[],
  options: { readonly scale: number },
): Promise<ReadonlyMap<string, number>> {
  const iterations = options.scale >= 1 ? SAMPLES : 1;
  const bench = new Bench({
    time: 0,
    iterations,
    warmupTime: 0,
    warmupIterations: options.scale >= 1 ? 2 : 0,
  });
  for (const { name, run, units } of cases) {
    bench.add(name, () => {
      const done = run();
      if (done !== units) throw new Error(`bench ${name} did ${done} units of work, not ${units}`);
    });
  }
  await bench.run();
  return new Map(
    cases.map(({ name, units }) => {
      const result = bench.tasks.find((task) => task.name === name)?.result;
      if (result === undefined || !('latency' in result)) {
        const reason = result !== undefined && 'error' in result ? String(result.error) : 'unknown';
        throw new Error(`bench ${name} failed: ${reason}`);
      }
      return [name, units / (result.latency.p50 / 1_000)];
    }),
  );
}

/** A rounded figure. */
export function figure(name: string, value: number, unit: string): BenchResult {
  const digits = Math.abs(value) >= 1_000 ? 0 : 3;
  return { name, value: Number(value.toFixed(digits)), unit };
}
