/** Reads result documents for tests of scenarios. */
import type { ArchitectureResult, RunDocument } from '../../src/experiment/result.ts';

/** The run of one variant. */
export function resultOf(document: RunDocument, name: string): ArchitectureResult {
  const found = document.architectures.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no variant ${name}`);
  return found;
}

/** The values of a series whose buckets lie between two instants, in seconds of the run; at least
 * one, and none of them null. */
export function seriesBetween(
  minutes: readonly number[],
  values: readonly (number | null)[] | undefined,
  { from, to }: { readonly from: number; readonly to: number },
): readonly number[] {
  const halfMinutes = ((minutes[1] ?? 0) - (minutes[0] ?? 0)) / 2;
  const found = (values ?? []).filter((_, i) => {
    const middle = minutes[i] ?? Number.NaN;
    return (middle - halfMinutes) * 60 > from - 0.01 && (middle + halfMinutes) * 60 < to + 0.01;
  });
  if (found.length === 0 || found.includes(null)) {
    throw new Error(`${found.length} values between ${from} s and ${to} s, or nothing measured`);
  }
  return found as readonly number[];
}
