/** The storage stage in a file of lines. */
import { join } from 'node:path';
import { openNdjsonStage } from '../../../src/storage/stages/ndjson-stage.ts';
import type { DurableProgram } from '../program.ts';
import { SAMPLES, samplesOfStep } from './parts/samples.ts';

const open = (folder: string) =>
  openNdjsonStage({ path: join(folder, 'stage.ndjson'), schema: SAMPLES });

/** The program. */
export const program: DurableProgram = {
  name: 'stage-ndjson',
  steps: 4,
  open(folder) {
    const stage = open(folder);
    let written = -1;
    return {
      step(step) {
        // What a refused commit was given stays for the next try.
        if (written < step) stage.write(samplesOfStep(step));
        written = step;
        return stage.commit({ checkpoint: step + 1, offsets: [step] });
      },
      close: () => stage.close(),
    };
  },
  async content(folder) {
    const stage = open(folder);
    try {
      const rows = (await stage.readBack()).map((row) => JSON.stringify(row));
      return { rows, last: [JSON.stringify(stage.lastCommit() ?? null)] };
    } finally {
      await stage.close();
    }
  },
};
