/** A collector's log and journal under the simulated clock: the same polls at the same virtual
 * times, and so the same warehouse, byte for byte. Spec: S425. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { EngineError } from '../../kernel/errors.ts';
import { createSimulation } from '../../kernel/simulation.ts';
import { functionsOf, livePaths, readLiveManifest } from './live-folder.ts';
import { type LiveJob, openLiveJob, openLiveWarehouse } from './live-job.ts';
import { type JournalEntry, readPollJournal } from './poll-journal.ts';

/** What to rehearse, and where to. */
export interface RehearseOptions {
  /** Of `backlot serve`; it is only read. */
  readonly folder: string;
  /** The warehouse to make; there must be none yet. */
  readonly out: string;
}

/** What a rehearsal found. */
export interface RehearsalDocument {
  readonly schema: 'backlot.rehearsal/1';
  readonly folder: string;
  readonly out: string;
  readonly polls: number;
  /** Processes that had served the folder. */
  readonly lives: number;
  readonly records: number;
  /** Virtual time from the first poll to the last, µs. */
  readonly spanUs: number;
  /** SHA-256 of the new warehouse, and of the folder's. */
  readonly warehouse: string;
  readonly liveWarehouse: string | null;
  readonly isSame: boolean;
}

/** Runs a folder again. The collector should have ended: a warehouse in use has changes that its
 * file lacks, and is then not the same.
 * @throws EngineError `RESULT_UNREADABLE`, `OUTPUT_UNWRITABLE` where `out` is there already. */
export async function rehearse(options: RehearseOptions): Promise<RehearsalDocument> {
  const { folder, out } = options;
  const manifest = readLiveManifest(folder);
  const paths = livePaths(folder);
  if (existsSync(out)) {
    const message = `${out}: it is there already; name a warehouse that is not`;
    throw new EngineError('OUTPUT_UNWRITABLE', message, { path: out });
  }
  const entries = readPollJournal(paths.journal);
  const functions = await functionsOf(manifest);
  const open = () =>
    openLiveJob({
      manifest,
      functions,
      logFolder: paths.log,
      warehouse: openLiveWarehouse(out, 'process'),
    });
  const { polls, lives, records, spanUs } = runEntries(entries, open);
  const warehouse = digestOf(out);
  const liveWarehouse = existsSync(paths.warehouse) ? digestOf(paths.warehouse) : null;
  return {
    schema: 'backlot.rehearsal/1',
    folder,
    out,
    polls,
    lives,
    records,
    spanUs,
    warehouse,
    liveWarehouse,
    isSame: warehouse === liveWarehouse,
  };
}

/** Every entry at its time on a simulation's clock, which begins with the first poll. */
function runEntries(entries: readonly JournalEntry[], open: () => LiveJob) {
  const simulation = createSimulation();
  const done = { polls: 0, lives: 0, records: 0, spanUs: 0 };
  let job: LiveJob | undefined;
  const startUs = entries.find((entry) => entry.kind === 'poll')?.processTimeUs ?? 0;
  const handler = simulation.registerHandler('journal', (_, payload) => {
    const entry = payload as JournalEntry;
    if (entry.kind === 'open') {
      job?.close();
      job = open();
      done.lives += 1;
      return;
    }
    if (entry.kind === 'close') return;
    job ??= open();
    done.records += job.run({ ...entry, processTimeUs: startUs + simulation.nowUs });
    done.polls += 1;
  });
  let atUs = 0;
  for (const [number, entry] of entries.entries()) {
    if (entry.kind === 'poll') atUs = entry.processTimeUs - startUs;
    simulation.schedule(atUs, handler, number, entry);
  }
  try {
    simulation.run(atUs);
  } finally {
    (job as LiveJob | undefined)?.close();
  }
  return { ...done, spanUs: atUs };
}

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
