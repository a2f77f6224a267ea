/** `backlot replay` of a collector's folder: its log under the simulated clock. */
import { join } from 'node:path';
import { rehearse } from '../experiment/live-job/rehearse.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

const US_PER_SECOND = 1e6;

/** Rehearses, and ends with the code for a digest where the two warehouses differ. */
export async function rehearseFolder(
  options: {
    readonly folder: string;
    readonly out: string | undefined;
    readonly json: boolean | undefined;
  },
  terminal: Terminal,
): Promise<void> {
  const { folder, json } = options;
  const out = options.out ?? join(folder, 'rehearsed.sqlite');
  const found = await rehearse({ folder, out });
  const { polls, records, spanUs, isSame, warehouse } = found;
  const verdict = isSame
    ? 'the same, byte for byte, as the one made live'
    : 'not the bytes of the one made live (after a crash its pages may lie in another order)';
  terminal.print(
    json === true
      ? `${JSON.stringify(found, null, 2)}\n`
      : `${records} records in ${polls} polls over ${(spanUs / US_PER_SECOND).toFixed(1)} s of ` +
          `virtual time\n${out}: ${warehouse.slice(0, 16)}, ${verdict}\n`,
  );
  if (!isSame) terminal.exitCode = EXIT.digest;
}
