/** The check that a model is deterministic: run it twice, compare digests, name the first slice of
 * virtual time and the actors in which the runs differ. */
import type { RunDigest } from '../kernel/digest.ts';
import { EngineError } from '../kernel/errors.ts';

/** Runs a model twice. @param run - Runs it from its beginning and gives its digest.
 * @returns the digest that both runs have.
 * @throws EngineError `RUN_NOT_REPRODUCIBLE` where they differ. Cost: two runs. */
export function checkReproducible(run: () => RunDigest): string {
  const first = run();
  const second = run();
  if (first.value() === second.value()) return first.value();
  const sliceUs = firstDifference(first.slices(), second.slices());
  const actor = firstDifference(first.actors(), second.actors());
  throw new EngineError(
    'RUN_NOT_REPRODUCIBLE',
    `two runs differ, first in the slice of virtual time from ${sliceUs ?? '?'} µs on and in ` +
      `actor "${actor ?? '?'}"; look there for a clock, unordered iteration or keyless chance`,
    { sliceUs: Number(sliceUs ?? -1), actor: String(actor ?? '') },
  );
}

function firstDifference<K>(
  a: readonly (readonly [K, string])[],
  b: readonly (readonly [K, string])[],
): K | undefined {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    if (a[i]?.[0] !== b[i]?.[0] || a[i]?.[1] !== b[i]?.[1]) return (a[i] ?? b[i])?.[0];
  }
  return undefined;
}
