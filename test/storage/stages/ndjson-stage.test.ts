/** A commit that the disk refused twice: when it was written, and when it was to be taken back.
 * Spec: S323. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openNdjsonStage } from '../../../src/storage/stages/ndjson-stage.ts';
import { SAMPLES, samplesOfStep } from '../../durability/programs/parts/samples.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();

describe('a stage of lines whose last commit left a part behind', () => {
  it('S323 cuts it off before the next one, which is there afterwards', () => {
    const path = join(folder.fresh(), 'stage.ndjson');
    const stage = openNdjsonStage({ path, schema: SAMPLES });
    stage.write(samplesOfStep(0));
    void stage.commit({ checkpoint: 1, offsets: [0] });
    fs.appendFileSync(path, '[1795204800000000,"half');
    stage.write(samplesOfStep(1));
    void stage.commit({ checkpoint: 2, offsets: [1] });
    stage.close();
    const again = openNdjsonStage({ path, schema: SAMPLES });
    expect(again.lastCommit()).toEqual({ checkpoint: 2, offsets: [1] });
    expect(again.readBack()).toHaveLength(6);
    expect(again.recovery.removed).toEqual([]);
    again.close();
  });
});
