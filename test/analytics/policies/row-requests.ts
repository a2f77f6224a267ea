/** Requests for rows, by hand. */
import type { RowRequest } from '../../../src/domain/recommending/row-policy.ts';
import { createChance } from '../../../src/kernel/chance.ts';

/** A request; draws are those of the viewer and row. */
export function requestOf(
  part: Partial<Pick<RowRequest, 'viewer' | 'row' | 'slots' | 'nowUs'>> & {
    excluded?: readonly number[];
  } = {},
): RowRequest {
  const { viewer = 3, row = 0, slots = 4, nowUs = 0, excluded = [] } = part;
  const draws = createChance({ seed: 5, replication: 0 }).draws('test.rows');
  return {
    viewer,
    row,
    slots,
    nowUs,
    isExcluded: (title) => excluded.includes(title),
    uniform: (k) => draws.uniform(viewer, row * 4096 + k),
  };
}
