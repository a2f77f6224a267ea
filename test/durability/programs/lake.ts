/** The lake: commits of two files each, a compaction, a vacuum, an expiry. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DurableFiles,
  filesBelow,
  type LakeFiles,
  NODE_LAKE_FILES,
} from '../../../src/lake/durable-files.ts';
import { openLake } from '../../../src/lake/lake.ts';
import { openLakeReader } from '../../../src/lake/lake-reader.ts';
import { type LakeManifest, readManifest } from '../../../src/lake/manifest.ts';
import { recoverLake } from '../../../src/lake/recovery.ts';
import type { DurableProgram } from '../program.ts';
import { SAMPLES, samplesOfStep } from './parts/samples.ts';

const COMMITS = 3;
const directoryOf = (folder: string) => join(folder, 'lake');

/** The program, over this machine's files or others. */
export function lakeProgram(files: LakeFiles = NODE_LAKE_FILES): DurableProgram {
  return {
    name: 'lake',
    steps: COMMITS + 2,
    async open(folder) {
      const lake = await openLake({ directory: directoryOf(folder), job: 'test', files });
      const writer = await lake.writer(SAMPLES);
      const tried = new Set<number>();
      return {
        async step(step) {
          if (step < COMMITS) {
            // What a failed commit took stays for the next try.
            if (!tried.has(step)) for (const row of samplesOfStep(step)) writer.append(row);
            tried.add(step);
            await lake.commit({ checkpoint: step + 1, offsets: [step] });
          } else if (step === COMMITS) {
            await lake.compact();
          } else {
            await lake.vacuum();
          }
        },
        close: () => lake.close(),
      };
    },
    async content(folder) {
      const directory = directoryOf(folder);
      const disk = new DurableFiles(directory, files, () => {});
      // What opening it does, without a database that nobody asks anything.
      recoverLake({ directory, wasDecided: () => false, disk });
      const manifest = readManifest(directory);
      checkFiles(directory, manifest.files);
      const commits = manifest.commits.map((commit) => JSON.stringify(commit));
      return { rows: await rowsOf(directory, manifest), commits };
    },
  };
}

/** The program over this machine's files. */
export const program = lakeProgram();

/** Rows by manifest: the bytes of its files are checked, so the rows are the same. */
const rowsByManifest = new Map<string, Promise<readonly string[]>>();

function rowsOf(directory: string, manifest: LakeManifest): Promise<readonly string[]> {
  const key = JSON.stringify(manifest);
  const rows = rowsByManifest.get(key) ?? readRows(directory, manifest);
  rowsByManifest.set(key, rows);
  return rows;
}

async function readRows(directory: string, { version }: LakeManifest): Promise<readonly string[]> {
  if (version === 0) return [];
  const reader = await openLakeReader(directory);
  try {
    const rows: string[] = [];
    for await (const some of reader.rows(SAMPLES)) {
      rows.push(...some.map((row) => JSON.stringify(row)));
    }
    return rows;
  } finally {
    reader.close();
  }
}

/** Just after recovery the folder holds what the manifest names, to the byte, and nothing else. */
function checkFiles(
  directory: string,
  named: readonly { readonly path: string; readonly sha256: string }[],
): void {
  const found = filesBelow(directory).filter((path) => path !== '_manifest.json');
  const wanted = named.map(({ path }) => path).sort();
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`the lake holds ${found.join(', ')} instead of ${wanted.join(', ')}`);
  }
  for (const { path, sha256 } of named) {
    const bytes = readFileSync(join(directory, path));
    const sum = createHash('sha256').update(bytes).digest('hex');
    if (sum !== sha256) throw new Error(`${path} is not what the manifest says`);
  }
}
