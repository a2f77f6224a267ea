/** The lake as a storage stage: one family, one job. */
import type { Cell } from '../domain/stored/row-schema.ts';
import { checkRows } from '../domain/stored/stage-rows.ts';
import type { AsyncStorageStage, StageCommit } from '../domain/stored/storage-stage.ts';
import type { StepListener } from './durable-files.ts';
import { openLake } from './lake.ts';
import type { LakeFamily } from './lake-family.ts';
import { openLakeReader } from './lake-reader.ts';

/** Options of {@link openLakeStage}. */
export interface LakeStageOptions<Row> {
  readonly directory: string;
  readonly family: LakeFamily<Row>;
  readonly onStep?: StepListener;
}

/** Opens the stage, and recovers the lake.
 * @throws EngineError as {@link openLake}. */
export async function openLakeStage<Row>(
  options: LakeStageOptions<Row>,
): Promise<AsyncStorageStage<Row>> {
  const { directory, family } = options;
  const lake = await openLake({ ...options, job: 'stage' });
  const writer = await lake.writer(family);
  return {
    recovery: { removed: lake.recovery.removed },
    write(rows) {
      checkRows(family, rows);
      for (const row of rows) writer.append(row);
    },
    commit: (commit: StageCommit) => lake.commit(commit),
    lastCommit() {
      const last = lake.lastCommit();
      return last === undefined
        ? undefined
        : { checkpoint: last.checkpoint, offsets: last.offsets };
    },
    async readBack() {
      if (lake.manifest.version === 0) return [];
      const reader = await openLakeReader(directory);
      try {
        const found: (readonly Cell[])[] = [];
        for await (const rows of reader.rows(family)) {
          for (const row of rows) found.push(family.columns.map(({ name }) => row[name] ?? null));
        }
        return found;
      } finally {
        reader.close();
      }
    },
    close: () => lake.close(),
  };
}
