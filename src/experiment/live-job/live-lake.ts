/** The lake of a collector, exactly once beside its warehouse: the warehouse decides. Files of an
 * hour should be large, so the lake commits far more seldom; what the warehouse has taken and the
 * lake not yet waits in the log (raw) and in a spool (curated). Spec: S426. */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import type { EnrichedEvent, LogReader } from '../../domain/pipeline-ports.ts';
import { openLake } from '../../lake/lake.ts';
import { CURATED_EVENTS, rawEvents } from '../../lake/lake-family.ts';
import { redactAddresses } from '../../streams/redact.ts';
import { type JobSettings, jobNameOf, settingsAsPlain } from '../backfill/job-settings.ts';
import type { LakeTap } from '../backfill/lake-tap.ts';
import { networkAddress } from '../backfill/network-address.ts';

/** What a lake stands beside. */
export interface LiveLakeOptions {
  readonly directory: string;
  readonly spoolPath: string;
  /** Whether the spool is to survive a loss of power. */
  readonly syncs: boolean;
  readonly job: JobSettings;
  /** What the warehouse has committed. */
  readonly committed: { readonly checkpoint: number; readonly offsets: readonly number[] };
  /** The log, as far as that. */
  readonly log: LogReader;
}

/** A lake that a live job writes to. */
export interface LiveLake extends Pick<LakeTap, 'reader' | 'sink'> {
  /** Commits what the warehouse has taken, where that is much or long ago. @param now - At once. */
  commitIfDue(options: { readonly nowUs: number; readonly isLast?: boolean }): Promise<void>;
  close(): Promise<void>;
}

/** One commit of the warehouse, as the spool has it. */
interface SpooledCommit {
  readonly checkpoint: number;
  readonly facts: readonly EnrichedEvent[];
}

const EVERY_US = 60_000_000;
const EVERY_ROWS = 200_000;
const ROWS_PER_READ = 5_000;

/** Opens the lake, and brings it up to what the warehouse has. Errors as the lake's. */
export async function openLiveLake(options: LiveLakeOptions): Promise<LiveLake> {
  const { directory, job, log, committed } = options;
  const { source } = job;
  const lake = await openLake({
    directory,
    job: jobNameOf(source),
    settings: settingsAsPlain(job),
  });
  const family = rawEvents({ source, networkOf: networkAddress, redact: redactAddresses });
  const raw = await lake.writer(family);
  const curated = await lake.writer(CURATED_EVENTS);
  const last = lake.lastCommit() ?? { checkpoint: 0, offsets: [] };
  const nextOffsets = [...last.offsets];
  const spool = openSpool(options.spoolPath, options.syncs);
  let at = { checkpoint: committed.checkpoint, offsets: committed.offsets };
  let committedUs = 0;
  let rows = 0;
  const take = (partition: number, records: ReturnType<LogReader['read']>) => {
    const next = nextOffsets[partition] ?? 0;
    for (const record of records) if (record.offset >= next) raw.append(record);
    nextOffsets[partition] = Math.max(next, (records.at(-1)?.offset ?? -1) + 1);
  };
  const keep = (facts: readonly EnrichedEvent[]) => {
    for (const fact of facts) curated.append(fact);
    rows += facts.length;
  };
  for (const [partition, end] of committed.offsets.entries()) {
    for (let from = nextOffsets[partition] ?? 0; from < end; from = nextOffsets[partition] ?? end) {
      take(partition, log.read(partition, from, Math.min(ROWS_PER_READ, end - from)));
    }
  }
  for (const { checkpoint, facts } of spool.commits()) {
    if (checkpoint > last.checkpoint && checkpoint <= committed.checkpoint) keep(facts);
  }
  return {
    reader: (inner) => ({
      partitionCount: inner.partitionCount,
      read(partition, offset, maxRecords) {
        const records = inner.read(partition, offset, maxRecords);
        take(partition, records);
        return records;
      },
    }),
    sink: (inner) => ({
      ...inner,
      commit(batch) {
        const checkpoint = batch.state?.checkpoint ?? 0;
        if (batch.facts.length > 0) spool.append({ checkpoint, facts: batch.facts });
        inner.commit(batch);
        keep(batch.facts);
        at = { checkpoint, offsets: batch.nextOffsets };
      },
    }),
    async commitIfDue({ nowUs, isLast = false }) {
      if (committedUs === 0) committedUs = nowUs;
      const isDue = isLast || rows >= EVERY_ROWS || nowUs - committedUs >= EVERY_US;
      if (!isDue || at.checkpoint === 0) return;
      await lake.commit(at);
      spool.clear();
      committedUs = nowUs;
      rows = 0;
    },
    async close() {
      spool.close();
      await lake.close();
    },
  };
}

/** What the warehouse is about to take, a line a commit: written before it does. */
function openSpool(path: string, syncs: boolean) {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const file = openSync(path, existsSync(path) ? 'r+' : 'w', 0o600);
  let position = Buffer.byteLength(whole);
  ftruncateSync(file, position);
  return {
    /** Of one checkpoint the last: those before it were not taken. */
    commits(): Iterable<SpooledCommit> {
      const lines = whole.split('\n').slice(0, -1);
      const all = lines.map((line) => JSON.parse(line) as SpooledCommit);
      return new Map(all.map((one) => [one.checkpoint, one])).values();
    },
    append(commit: SpooledCommit): void {
      const bytes = Buffer.from(`${JSON.stringify(commit)}\n`);
      let done = 0;
      while (done < bytes.length) {
        done += writeSync(file, bytes, done, bytes.length - done, position + done);
      }
      if (syncs) fdatasyncSync(file);
      position += bytes.length;
    },
    clear(): void {
      ftruncateSync(file, 0);
      position = 0;
    },
    close: () => closeSync(file),
  };
}
