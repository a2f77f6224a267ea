/** The analysis of a switchback by blocks, and whether the cut at their begin is long enough.
 * Spec: M156–M157. */
import { requireArgument } from '../../../stats/bad-argument.ts';
import {
  type MeanDifference,
  tInterval,
  welchDifference,
} from '../../../stats/comparison/welch-difference.ts';
import { momentsOf } from '../../../stats/moments.ts';
import { type Refusal, refusal } from '../../../stats/refusal.ts';
import { type SwitchbackArm, type SwitchbackDesign, switchesOf } from './design.ts';

/** What was measured: columns of one length. */
export interface TimedValues {
  readonly timeUs: ArrayLike<number>;
  readonly value: ArrayLike<number>;
}

/** A difference of block means, or nulls where there are too few blocks. */
export interface BlockDifference {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly pValue: number | null;
}

/** The judgement. */
export interface SwitchbackReport {
  readonly blocks: number;
  /** How often the arm changed. */
  readonly switches: number;
  /** Of those, blocks without a value after the cut. */
  readonly emptyBlocks: number;
  readonly burnInUs: number;
  readonly confidence: number;
  /** Treatment minus control, of block means after the cut, over pairs of neighbours. */
  readonly effect: BlockDifference;
  /** The same without a cut. */
  readonly withoutCut: BlockDifference;
  /** What the block before leaves behind: of blocks of one arm, those after the other arm minus
   * those after their own, turned so that a lasting effect of the other arm pulls below 0 (towards
   * it), and pooled over arms; in the part that is cut off, and in the part that is kept. */
  readonly carryOver: { readonly inCut: BlockDifference; readonly afterCut: BlockDifference };
  /** `long enough`: nothing is left behind that can be seen after the cut. */
  readonly cut: 'long enough' | 'too short' | 'unknown';
  readonly refusal: Refusal | null;
}

/** Analyses a switchback: blocks are the unit, since what follows within a block is not
 * independent.
 * @param options - `burnInUs`: cut off at the begin of each block, from 0 to below a block.
 * @throws EngineError `STATS_BAD_ARGUMENT`. Cost O(values + blocks). */
export function judgeSwitchback(
  design: SwitchbackDesign,
  values: TimedValues,
  options: { readonly burnInUs: number; readonly confidence?: number },
): SwitchbackReport {
  const { burnInUs, confidence = 0.95 } = options;
  const isPart = burnInUs >= 0 && burnInUs < design.blockUs;
  const rule = `from 0 to below ${design.blockUs}, the length of a block`;
  requireArgument(isPart, { argument: 'burnInUs', found: burnInUs, rule });
  const n = values.timeUs.length;
  const found = values.value.length;
  requireArgument(found === n, { argument: 'values', found, rule: `${n}, one a time` });
  const whole = blockMeans(design, values, { fromUs: 0, toUs: design.blockUs });
  const kept = blockMeans(design, values, { fromUs: burnInUs, toUs: design.blockUs });
  const cutOff = blockMeans(design, values, { fromUs: 0, toUs: burnInUs });
  const effect = effectOf(design, kept, confidence);
  const afterCut = carryOverOf(design, kept, confidence);
  const isUnknown = afterCut.low === null || afterCut.high === null;
  const isLeft = (afterCut.high ?? 0) < 0;
  const why = 'a difference takes 2 pairs of blocks that have values';
  return {
    blocks: design.blocks.length,
    switches: switchesOf(design).length - 1,
    emptyBlocks: kept.filter((one) => one === null).length,
    burnInUs,
    confidence,
    effect,
    withoutCut: effectOf(design, whole, confidence),
    carryOver: { inCut: carryOverOf(design, cutOff, confidence), afterCut },
    cut: isUnknown ? 'unknown' : isLeft ? 'too short' : 'long enough',
    refusal: effect.low === null ? refusal('too-few-values', why) : null,
  };
}

type BlockMeans = readonly (number | null)[];

/** Means by block of what was measured so long after its begin; null without a value. */
function blockMeans(
  { blocks, blockUs }: SwitchbackDesign,
  { timeUs, value }: TimedValues,
  part: { readonly fromUs: number; readonly toUs: number },
): BlockMeans {
  const startUs = blocks[0]?.fromUs ?? 0;
  const sums = new Float64Array(blocks.length);
  const counts = new Int32Array(blocks.length);
  for (let i = 0; i < timeUs.length; i += 1) {
    const sinceUs = (timeUs[i] ?? 0) - startUs;
    const block = Math.floor(sinceUs / blockUs);
    const intoUs = sinceUs - block * blockUs;
    if (block < 0 || block >= blocks.length) continue;
    if (intoUs < part.fromUs || intoUs >= part.toUs) continue;
    sums[block] = (sums[block] ?? 0) + (value[i] ?? 0);
    counts[block] = (counts[block] ?? 0) + 1;
  }
  return blocks.map((_, i) => {
    const count = counts[i] ?? 0;
    return count === 0 ? null : (sums[i] ?? 0) / count;
  });
}

/** Treatment minus control within each pair of neighbours, so that a trend over days cancels, and
 * the t interval of their mean over pairs. A pair that lacks a value, or an odd last block, is left
 * out. */
function effectOf(
  { blocks }: SwitchbackDesign,
  means: BlockMeans,
  confidence: number,
): BlockDifference {
  const differences: number[] = [];
  for (let i = 0; i + 1 < blocks.length; i += 2) {
    const [first, second] = [means[i] ?? null, means[i + 1] ?? null];
    if (first === null || second === null) continue;
    differences.push(blocks[i]?.arm === 'treatment' ? first - second : second - first);
  }
  const n = differences.length;
  if (n < 2) return { value: null, low: null, high: null, pValue: null };
  const { mean, variance } = momentsOf(differences);
  const { low, high, pValue } = tInterval(mean, {
    error: Math.sqrt(variance / n),
    df: n - 1,
    confidence,
  });
  return { value: mean, low, high, pValue };
}

/** Blocks less their arm's mean; of treatment turned by −1, so that the other arm's memory lowers
 * both: after a switch minus without. */
function carryOverOf(
  { blocks }: SwitchbackDesign,
  means: BlockMeans,
  confidence: number,
): BlockDifference {
  const known = means.flatMap((mean, i) => {
    const block = blocks[i];
    const before = blocks[i - 1];
    if (mean === null || block === undefined || before === undefined) return [];
    return [{ mean, arm: block.arm, isSwitched: before.arm !== block.arm }];
  });
  const meanOf = (arm: SwitchbackArm): number => {
    const own = known.filter((one) => one.arm === arm);
    return own.reduce((sum, { mean }) => sum + mean, 0) / Math.max(1, own.length);
  };
  const centre = { control: meanOf('control'), treatment: meanOf('treatment') };
  const sign = centre.treatment >= centre.control ? 1 : -1;
  const turned = (isSwitched: boolean): number[] =>
    known
      .filter((one) => one.isSwitched === isSwitched)
      .map(({ mean, arm }) => (mean - centre[arm]) * (arm === 'treatment' ? sign : -sign));
  return differenceOf(turned(true), turned(false), confidence);
}

function differenceOf(
  a: readonly number[],
  b: readonly number[],
  confidence: number,
): BlockDifference {
  if (a.length < 2 || b.length < 2) return { value: null, low: null, high: null, pValue: null };
  const { mean, low, high, pValue }: MeanDifference = welchDifference(a, b, confidence);
  return { value: mean, low, high, pValue };
}
