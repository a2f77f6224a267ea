/** How much a test does. `npm test` takes a part of the cases and says so; BACKLOT_LONG=1
 * (`npm run test:long`) takes all. */

export const IS_LONG = process.env['BACKLOT_LONG'] === '1';

/** How many of all cases are taken. @param what - What they are, in words. */
export function partOf(all: number, part: number, what: string): number {
  if (IS_LONG) return all;
  console.info(`${part} of ${all} ${what}: BACKLOT_LONG=1 takes all, which takes long`);
  return part;
}
