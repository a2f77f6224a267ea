/** The check that a model is deterministic: run it twice, compare digests, name the first slice of
 * virtual time and the actors in which the runs differ. */
import type { RunDigest } from '../kernel/digest.ts';
import { EngineError } from '../kernel/errors.ts';
import { digestParts, firstDivergence } from './reproduce/digest-parts.ts';

/** Runs a model twice. @param run - Runs it from its beginning and gives its digest.
 * @returns the digest that both runs have.
 * @throws EngineError `RUN_NOT_REPRODUCIBLE` where they differ. Cost: two runs. */
export function checkReproducible(run: () => RunDigest): string {
  const first = run();
  const second = run();
  const parted = firstDivergence(digestParts(first), digestParts(second));
  if (parted === undefined) return first.value();
  const { sliceUs, actor } = parted;
  throw new EngineError(
    'RUN_NOT_REPRODUCIBLE',
    `two runs differ, first in the slice of virtual time from ${sliceUs ?? '?'} µs on and in ` +
      `actor "${actor ?? '?'}"; look there for a clock, unordered iteration or keyless chance`,
    { sliceUs: sliceUs ?? -1, actor: actor ?? '' },
  );
}
