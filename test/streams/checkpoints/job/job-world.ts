/** A checkpointed job as a crash subject: partitions with bad rows, duplicates and late rows, each
 * with a chain; a merge; windows of three kinds; a table, an upsert table and staged files. The
 * SQLite file is real; files are in memory, where a write that is cut off leaves half a file. */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { CheckpointSink } from '../../../../src/domain/checkpoint-ports.ts';
import type { PlainValue } from '../../../../src/domain/plain-value.ts';
import { seconds } from '../../../../src/kernel/time.ts';
import type { FolderFiles } from '../../../../src/storage/checkpoints/durable-files.ts';
import {
  openSqliteCheckpoints,
  type SqliteCheckpoints,
} from '../../../../src/storage/checkpoints/sqlite-checkpoints.ts';
import { createStagedFileSink } from '../../../../src/storage/checkpoints/staged-file-sink.ts';
import type { Aggregator } from '../../../../src/streams/aggregates/aggregate-spec.ts';
import { createDedupeNode } from '../../../../src/streams/checkpoints/job/dedupe-node.ts';
import {
  createJob,
  type Job,
  type JobOptions,
} from '../../../../src/streams/checkpoints/job/job.ts';
import type {
  JobOperator,
  JobRow,
  JobSource,
  SourceRecord,
} from '../../../../src/streams/checkpoints/job/job-item.ts';
import { createPartitionMerge } from '../../../../src/streams/checkpoints/job/partition-merge.ts';
import { createWindowNode } from '../../../../src/streams/checkpoints/job/window-node.ts';
import type { WindowSpec } from '../../../../src/streams/windows/window-spec.ts';
import { type CrashSubject, type FaultPort, stepping, withSteppingSql } from '../crash-harness.ts';

/** One record. Times are seconds. */
export interface Sent {
  readonly partition: number;
  readonly arrival: number;
  readonly time: number;
  readonly id: string;
  readonly title: string;
  readonly isBroken?: boolean;
}

/** What a job's subject is made of. */
export interface JobWorldOptions {
  readonly sent: readonly Sent[];
  readonly partitions: number;
  /** Process times of the polls, in seconds. */
  readonly polls: readonly number[];
  readonly trigger: JobOptions['trigger'];
  /** Replaces the sink of on-time panes: canaries are wired here. */
  readonly panesSink?: (database: Database.Database) => CheckpointSink<JobRow>;
}

interface Disk {
  readonly folder: string;
  /** Folder / file → text. */
  readonly files: Map<string, string>;
}

const FILES = ['job.sqlite', 'job.sqlite-wal'];

/** Makes the subject. */
export function jobWorld(options: JobWorldOptions): CrashSubject<Disk> {
  const fresh = (): Disk => ({
    folder: mkdtempSync(join(tmpdir(), 'backlot-job-')),
    files: new Map(),
  });
  return {
    fresh,
    run(disk, fault) {
      const sqlite = openSqliteCheckpoints({
        path: join(disk.folder, 'job.sqlite'),
        job: 'clicks',
        retain: 2,
        survives: 'process',
      });
      const raw = new Database(join(disk.folder, 'job.sqlite'));
      try {
        withSteppingSql(fault, () =>
          drive(options, createClicksJob(options, { disk, sqlite, raw, fault })),
        );
        fault.step('after the last commit');
        return { ...tablesOf(raw), files: disk.files };
      } finally {
        sqlite.close();
        raw.close();
      }
    },
    survivor(disk) {
      const copy = { folder: fresh().folder, files: new Map(disk.files) };
      for (const file of FILES) {
        const from = join(disk.folder, file);
        if (existsSync(from)) cpSync(from, join(copy.folder, file));
      }
      return copy;
    },
    discard: ({ folder }) => rmSync(folder, { recursive: true }),
  };
}

function drive({ polls }: JobWorldOptions, { job, clock }: { job: Job; clock: { now: number } }) {
  for (const at of polls) {
    if (seconds(at) < job.processTimeUs) continue;
    clock.now = at;
    job.poll(seconds(at));
  }
  while (!job.finish(seconds((polls.at(-1) ?? 0) + 60)));
}

/** Everything in the SQLite file, in the order of rows: what was added twice shows. */
function tablesOf(database: Database.Database): Readonly<Record<string, readonly unknown[]>> {
  const names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1");
  const tables = (names.pluck().all() as string[]).map((name): [string, unknown[]] => [
    name,
    database.prepare(`SELECT * FROM ${name}`).all(),
  ]);
  return Object.fromEntries(tables);
}

const SIZE = seconds(10);
const WINDOWS: Readonly<Record<'tumbling' | 'hopping' | 'session', WindowSpec>> = {
  tumbling: { assign: { kind: 'tumbling', sizeUs: SIZE }, allowedLatenessUs: seconds(5) },
  hopping: { assign: { kind: 'hopping', sizeUs: SIZE, slideUs: SIZE / 2 } },
  session: {
    assign: { kind: 'session', gapUs: seconds(4) },
    trigger: { early: { kind: 'count', count: 2 } },
    allowedLatenessUs: seconds(3),
  },
};

interface World {
  readonly disk: Disk;
  readonly sqlite: SqliteCheckpoints;
  readonly raw: Database.Database;
  readonly fault: FaultPort;
}

function createClicksJob(
  { sent, partitions, trigger, panesSink }: JobWorldOptions,
  { disk, sqlite, raw, fault }: World,
) {
  const clock = { now: 0 };
  const names = Array.from({ length: partitions }, (_, i) => `p${i}`);
  const columns = ['title', 'start', 'end', 'count', 'timing', 'pane'];
  const staged = (folder: string) =>
    createStagedFileSink<JobRow>({ folder, files: memoryFolder(disk, folder, fault) });
  const node = (name: keyof typeof WINDOWS) => ({
    name,
    inputs: ['all'],
    outputs: ['late'],
    operator: stepped(name, windowNode(WINDOWS[name]), fault),
  });
  const job = createJob({
    definition: 'clicks',
    sources: names.map((name, partition) => source({ name, partition, sent, clock, fault })),
    nodes: [
      {
        name: 'all',
        inputs: names,
        operator: stepped('merge', createPartitionMerge(partitions), fault),
      },
      {
        name: 'bad',
        inputs: names.map((name) => `${name}.bad`),
        operator: createPartitionMerge(partitions),
      },
      node('tumbling'),
      node('hopping'),
      node('session'),
    ],
    sinks: [
      {
        name: 'panes',
        input: 'tumbling',
        sink: panesSink?.(raw) ?? sqlite.tableSink({ table: 'panes', columns }),
      },
      {
        name: 'sessions',
        input: 'session',
        sink: sqlite.upsertSink({ table: 'sessions', columns, key: ['title', 'start', 'pane'] }),
      },
      { name: 'hops', input: 'hopping', sink: staged('hops') },
      { name: 'late', input: 'hopping.late', sink: staged('late') },
      { name: 'bad rows', input: 'bad', sink: staged('bad') },
    ],
    store: sqlite.store,
    trigger,
  });
  return { job, clock };
}

interface SourceParts {
  readonly name: string;
  readonly partition: number;
  readonly sent: readonly Sent[];
  readonly clock: { readonly now: number };
  readonly fault: FaultPort;
}

function source({ name, partition, sent, clock, fault }: SourceParts): JobSource {
  const records = sent
    .filter((one) => one.partition === partition)
    .map(({ arrival, time, ...row }): SourceRecord => {
      return { row: row as unknown as JobRow, timeUs: seconds(time), arrivalUs: seconds(arrival) };
    });
  return {
    name,
    read: stepping(fault, 'read', (position: number, maxRecords: number) =>
      records
        .slice(position, position + maxRecords)
        .filter(({ arrivalUs }) => arrivalUs <= seconds(clock.now)),
    ),
    watermark: { kind: 'bounded', boundUs: seconds(3) },
    idleTimeoutUs: seconds(8),
    outputs: ['bad'],
    chain: [DIVERT_BROKEN, createDedupeNode({ idOf: (row) => String(row['id']), ttlUs: SIZE })],
  };
}

const DIVERT_BROKEN: JobOperator = {
  push(_input, item, emit) {
    const isBroken = item.kind === 'row' && item.row['isBroken'] === true;
    emit(item, ...(isBroken ? ['bad'] : []));
  },
  snapshot: () => null,
  restore: () => undefined,
};

const COUNT: Aggregator<JobRow, number, number> = {
  create: () => 0,
  add: (count) => count + 1,
  merge: (into, from) => into + from,
  result: (count) => count,
  save: (count) => count,
  load: (saved) => Number(saved),
};

function windowNode(spec: WindowSpec): JobOperator {
  return createWindowNode({
    spec,
    keyOf: (row) => String(row['title']),
    aggregator: COUNT,
    paneRow: ({ key, value, info }) => ({
      title: key,
      start: info.startUs,
      end: info.endUs,
      count: value,
      timing: info.timing,
      pane: info.paneIndex,
    }),
  });
}

/** Steps before items and snapshots. */
function stepped(name: string, operator: JobOperator, fault: FaultPort): JobOperator {
  return {
    ...operator,
    push: (input, item, emit) => {
      fault.step(`push to ${name}`);
      operator.push(input, item, emit);
    },
    snapshot: stepping<[], PlainValue>(fault, 'snapshot', () => operator.snapshot()),
  };
}

function memoryFolder({ files }: Disk, folder: string, fault: FaultPort): FolderFiles {
  const path = (name: string) => `${folder}/${name}`;
  return {
    write(name, text) {
      fault.step('write');
      files.set(path(name), text.slice(0, text.length / 2));
      fault.step('write the other half');
      files.set(path(name), text);
    },
    rename(from, to) {
      fault.step('rename');
      files.set(path(to), files.get(path(from)) ?? '');
      files.delete(path(from));
    },
    remove(name) {
      fault.step('remove');
      files.delete(path(name));
    },
    list: () =>
      [...files.keys()]
        .filter((file) => file.startsWith(`${folder}/`))
        .map((file) => file.slice(folder.length + 1))
        .sort(),
  };
}
