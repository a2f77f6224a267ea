/** Switchback: what all users share (an autoscaler, a cache, a price) cannot be split by user, so
 * it is split by time: blocks in random order, the begin of each cut off while the system still
 * remembers the one before. Spec: M155. */
import type { Draws } from '../../../kernel/chance.ts';
import { requireArgument } from '../../../stats/bad-argument.ts';

/** Control or treatment. */
export type SwitchbackArm = 'control' | 'treatment';

/** One block. */
export interface SwitchbackBlock {
  readonly fromUs: number;
  readonly toUs: number;
  readonly arm: SwitchbackArm;
}

/** The design. */
export interface SwitchbackDesign {
  readonly blockUs: number;
  /** In time order. */
  readonly blocks: readonly SwitchbackBlock[];
}

/** Randomises blocks in pairs: in each two neighbours one of either arm, a coin says which is
 * first. A trend over the day then weighs on both alike. An odd last block is a coin's.
 * @throws EngineError `STATS_BAD_ARGUMENT` below four blocks, or a block that takes no time.
 * Source: Bojinov, Simchi-Levi and Zhao 2023 (design); pairs as in matched-pair experiments. */
export function designSwitchback(options: {
  readonly startUs: number;
  readonly blockUs: number;
  readonly blocks: number;
  /** Entity: the pair; index 0. */
  readonly draws: Draws;
}): SwitchbackDesign {
  const { startUs, blockUs, blocks, draws } = options;
  const isMany = Number.isSafeInteger(blocks) && blocks >= 4;
  requireArgument(isMany, {
    argument: 'blocks',
    found: blocks,
    rule: 'a whole number, at least 4',
  });
  const isTime = Number.isSafeInteger(blockUs) && blockUs > 0;
  requireArgument(isTime, { argument: 'blockUs', found: blockUs, rule: 'a whole number above 0' });
  return {
    blockUs,
    blocks: Array.from({ length: blocks }, (_, i) => {
      const isFirst = draws.uniform(i >>> 1, 0) < 0.5;
      const isTreated = isFirst === (i % 2 === 0);
      const fromUs = startUs + i * blockUs;
      return { fromUs, toUs: fromUs + blockUs, arm: isTreated ? 'treatment' : 'control' };
    }),
  };
}

/** When the arm changes, and to what: what an operator, or a scenario's turns, would carry out. The
 * first entry is the arm at the start. */
export function switchesOf(
  design: SwitchbackDesign,
): readonly { readonly atUs: number; readonly arm: SwitchbackArm }[] {
  return design.blocks
    .filter(({ arm }, i) => arm !== design.blocks[i - 1]?.arm)
    .map(({ fromUs, arm }) => ({ atUs: fromUs, arm }));
}
