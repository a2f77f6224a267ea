/** Drives a live job by a clock: decides what each poll is given, writes that to the journal, and
 * runs the poll. Nothing else of the clock reaches the pipeline. Spec: S421, S424. */
import type { LiveJob } from './live-job.ts';
import type { PollJournal } from './poll-journal.ts';

/** What a driver drives. */
export interface LiveDriverOptions {
  readonly job: LiveJob;
  readonly journal: PollJournal;
  /** Now, µs since the Unix epoch; it may jump. */
  readonly nowUs: () => number;
  /** Records of a partition that one poll reads at most. */
  readonly maxRecordsPerPoll: number;
}

/** A driver. */
export interface LiveDriver {
  /** Runs one poll, if there is anything to read or if time has passed that may close windows.
   * @param endOffsets - What of the log is durable. @returns records read. */
  poll(endOffsets: readonly number[]): number;
  /** Brings everything derived up to date: the last poll, once the others have read what there is.
   * What is still unread waits in the log for the next life. */
  finish(): void;
}

/** While nothing comes, windows wait this long for their end at most. */
const IDLE_POLL_US = 5_000_000;
/** Plays and impressions follow their events by this at most, unless much is unread. */
const DERIVE_US = 30_000_000;

/** Makes a driver, and notes in the journal that a life begins. */
export function createLiveDriver(options: LiveDriverOptions): LiveDriver {
  const { job, journal, nowUs, maxRecordsPerPoll } = options;
  let nextOffsets = job.committedOffsets();
  let derivedUs = 0;
  let lastUs = Math.max(journal.lastProcessTimeUs, job.resumedUs ?? 0);
  let hasFresh = false;
  journal.append({ kind: 'open', resumedUs: job.resumedUs });
  const run = (endOffsets: readonly number[], derives: boolean) => {
    lastUs = Math.max(lastUs + 1, nowUs());
    if (derives) derivedUs = lastUs;
    const poll = journal.lastPoll + 1;
    journal.append({ kind: 'poll', poll, processTimeUs: lastUs, endOffsets, derives });
    const read = job.run({ kind: 'poll', poll, processTimeUs: lastUs, endOffsets, derives });
    nextOffsets = endOffsets;
    hasFresh = read > 0 || (hasFresh && !derives);
    return read;
  };
  return {
    poll(durable) {
      const ends = durable.map((end, i) =>
        Math.min(end, (nextOffsets[i] ?? 0) + maxRecordsPerPoll),
      );
      const isNew = ends.some((end, i) => end > (nextOffsets[i] ?? 0));
      const isWhole = String(ends) === String(durable);
      const now = nowUs();
      const isDue = (isNew || hasFresh) && isWhole && now - derivedUs >= DERIVE_US;
      if (!isNew && !isDue && now - lastUs < IDLE_POLL_US) return 0;
      return run(ends, isDue);
    },
    finish() {
      run(nextOffsets, true);
      journal.append({ kind: 'close' });
    },
  };
}
