/** Orders of what happens at one instant: seeds. They shrink to no seed: the order of scheduling.
 * */
import fc from 'fast-check';

const SEEDS = 0xffff;

/** A seed of `Trial.tieOrder` or of a stream's, or undefined: as things stand. */
export function tieOrders(): fc.Arbitrary<number | undefined> {
  return fc.option(fc.integer({ min: 1, max: SEEDS }), { nil: undefined, freq: 2 });
}
