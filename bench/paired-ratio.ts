/** The ratio of two workloads' times, from samples taken in turn, so that a machine that slows down
 * in between slows both. */
import type { BenchCase } from './bench-suite.ts';

const PAIRS = 21;
const PAIRS_TO_WARM_UP = 3;

/** Median over pairs of (time of a unit of `measured`) ÷ (time of a unit of `reference`).
 * @throws Error when a case did another amount of work than it says. */
export function pairedRatio(cases: {
  readonly measured: BenchCase;
  readonly reference: BenchCase;
  readonly scale: number;
}): number {
  const { measured, reference, scale } = cases;
  const pairs = scale >= 1 ? PAIRS + PAIRS_TO_WARM_UP : 1;
  const ratios = Array.from({ length: pairs }, () => {
    const referenceMs = unitMs(reference);
    return unitMs(measured) / referenceMs;
  });
  const kept = ratios.slice(scale >= 1 ? PAIRS_TO_WARM_UP : 0).sort((a, b) => a - b);
  return kept[kept.length >> 1] ?? Number.NaN;
}

function unitMs({ name, run, units }: BenchCase): number {
  const start = performance.now();
  const done = run();
  if (done !== units) throw new Error(`bench ${name} did ${done} units of work, not ${units}`);
  return (performance.now() - start) / units;
}
