/** The sink of files in two phases, with the store that decides. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  openSqliteCheckpoints,
  type TableRow,
} from '../../../src/storage/checkpoints/sqlite-checkpoints.ts';
import { createStagedFileSink } from '../../../src/storage/checkpoints/staged-file-sink.ts';
import type { DurableProgram } from '../program.ts';
import { completeCheckpoint } from './parts/complete-checkpoint.ts';

const open = (folder: string) => {
  const file = openSqliteCheckpoints({ path: join(folder, 'job.sqlite'), job: 'test' });
  const sink = createStagedFileSink<TableRow>({ folder: join(folder, 'rows') });
  sink.recover(file.store.latest()?.checkpoint ?? 0);
  return { file, sink };
};

/** The program. */
export const program: DurableProgram = {
  name: 'staged-files',
  steps: 4,
  open(folder) {
    const { file, sink } = open(folder);
    return {
      step: (step) => completeCheckpoint(file.store, sink, step),
      close: () => file.close(),
    };
  },
  content(folder) {
    const { file } = open(folder);
    try {
      const names = readdirSync(join(folder, 'rows')).sort();
      const rows = names.flatMap((name) =>
        readFileSync(join(folder, 'rows', name), 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => `${name} ${JSON.stringify(JSON.parse(line))}`),
      );
      return { rows, last: [JSON.stringify(file.store.latest() ?? null)] };
    } finally {
      file.close();
    }
  },
};
