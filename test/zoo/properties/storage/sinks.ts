/** Sinks with two phases, and the warehouse: what a reader sees is what complete checkpoints and
 * commits brought, each row once, whatever was aborted, refused or came again. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import * as fc from 'fast-check';
import type { CheckpointSink } from '../../../../src/domain/checkpoint-ports.ts';
import type { CommitBatch, WindowPane } from '../../../../src/domain/pipeline-ports.ts';
import { seconds } from '../../../../src/kernel/time.ts';
import type { FolderFiles } from '../../../../src/storage/checkpoints/durable-files.ts';
import {
  openSqliteCheckpoints,
  type TableRow,
} from '../../../../src/storage/checkpoints/sqlite-checkpoints.ts';
import { createStagedFileSink } from '../../../../src/storage/checkpoints/staged-file-sink.ts';
import { openWarehouse, type Warehouse } from '../../../../src/storage/warehouse.ts';
import { fact, START_US } from '../../../storage/warehouse-builder.ts';
import { type ZooProperty, zooProperty } from '../../hunt/property.ts';

type Step =
  | { readonly do: 'write'; readonly rows: number }
  /** A checkpoint that completes; one that its store does not take; a process that dies. */
  | { readonly do: 'complete' | 'abort' | 'die' };

/** A sink, what it shows, and its store. */
interface Subject {
  readonly sink: CheckpointSink<TableRow>;
  save(checkpoint: number): void;
  shown(): readonly number[];
  /** The next process over what is stored. */
  again(): Subject;
  close(): void;
}

function stagedFiles(files = new Map<string, string>(), latest = { checkpoint: 0 }): Subject {
  const folder: FolderFiles = {
    write: (name, text) => void files.set(name, text),
    rename(from, to) {
      files.set(to, files.get(from) ?? '');
      files.delete(from);
    },
    remove: (name) => void files.delete(name),
    list: () => [...files.keys()].sort(),
  };
  const sink = createStagedFileSink<TableRow>({ folder: 'staged', files: folder });
  return {
    sink,
    save: (checkpoint) => {
      latest.checkpoint = checkpoint;
    },
    shown: () =>
      folder
        .list()
        .filter((name) => name.endsWith('.ndjson'))
        .flatMap((name) => (files.get(name) ?? '').trim().split('\n'))
        .map((line) => Number(JSON.parse(line).n)),
    again: () => stagedFiles(files, latest),
    close: () => undefined,
  };
}

/** A real file: what a checkpoint's transaction wrote is there for the next process. */
function sqliteTable(folder: string): Subject {
  const path = join(folder, 'job.sqlite');
  const file = openSqliteCheckpoints({ path, job: 'zoo', survives: 'process' });
  const sink = file.tableSink({ table: 'shown', columns: ['n'] });
  const raw = new Database(path);
  const rows = raw.prepare('SELECT n FROM shown ORDER BY rowid').pluck();
  const close = (): void => {
    file.close();
    raw.close();
  };
  return {
    sink,
    save: (checkpoint) => file.store.save({ checkpoint, text: '' }),
    shown: () => rows.all() as number[],
    again() {
      close();
      return sqliteTable(folder);
    },
    close,
  };
}

/** What is pending and shown, as lists. */
class Epochs {
  readonly shown: number[] = [];
  #open: number[] = [];
  #pending: number[] = [];

  write(row: number): void {
    this.#open.push(row);
  }

  preCommit(): void {
    this.#pending.push(...this.#open);
    this.#open = [];
  }

  complete(): void {
    this.shown.push(...this.#pending);
    this.#pending = [];
  }

  die(): void {
    this.#open = [];
    this.#pending = [];
  }
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({ do: fc.constant('write' as const), rows: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ do: fc.constantFrom('complete' as const, 'abort' as const, 'die' as const) }),
  ),
  { maxLength: 20, size: 'max' },
);

function sizeOf(taken: readonly Step[]): { readonly commands: number; readonly faults: number } {
  const faults = taken.filter((one) => one.do === 'abort' || one.do === 'die').length;
  return { commands: taken.length - faults, faults };
}

function showsEpochs(first: Subject, taken: readonly Step[]): void {
  const epochs = new Epochs();
  let subject = first;
  let [checkpoint, completed, rows] = [0, 0, 0];
  const preCommit = (): void => {
    checkpoint += 1;
    subject.sink.preCommit(checkpoint, ({ kind }) => assert.equal(kind, 'done'));
    epochs.preCommit();
  };
  for (const step of taken) {
    if (step.do === 'write') {
      for (let i = 0; i < step.rows; i += 1, rows += 1) {
        subject.sink.write({ n: rows });
        epochs.write(rows);
      }
    } else if (step.do === 'die') {
      subject = subject.again();
      subject.sink.recover(completed);
      epochs.die();
    } else {
      preCommit();
      if (step.do === 'complete') {
        subject.save(checkpoint);
        subject.sink.commit(checkpoint);
        completed = checkpoint;
        epochs.complete();
      }
    }
    assert.deepEqual(subject.shown(), epochs.shown, `after ${step.do}`);
  }
  subject.close();
}

const stagedFilesShow = zooProperty({
  name: 'staged-files-show-complete-epochs',
  claim: 'files that readers see hold the rows of complete checkpoints, in order, each once',
  arbitrary: steps,
  sizeOf,
  holds: (taken) => showsEpochs(stagedFiles(), taken),
});

const sqliteTableShows = zooProperty({
  name: 'sqlite-rows-show-complete-epochs',
  claim: 'a table holds the rows of complete checkpoints, in order, each once',
  arbitrary: steps,
  sizeOf,
  holds(taken) {
    const folder = mkdtempSync(join(tmpdir(), 'backlot-zoo-'));
    try {
      showsEpochs(sqliteTable(folder), taken);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
});

interface Sent {
  readonly id: number;
  readonly at: number;
}

interface Round {
  readonly facts: readonly Sent[];
  readonly panes: readonly { readonly key: number; readonly value: number }[];
  /** The commit is refused by the disk on its way, and made again. */
  readonly isRefused: boolean;
}

class Refusal extends Error {}

function batchOf(round: Round, number: number): CommitBatch {
  const panes = round.panes.map(({ key, value }, i): WindowPane => {
    const window = { metric: 'plays', key: `k${key}`, windowStartUs: START_US };
    const windowEndUs = START_US + seconds(60);
    const paneIndex = number * 10 + i;
    return { ...window, windowEndUs, value, timing: 'LATE', paneIndex, emitTimeUs: START_US };
  });
  return {
    facts: round.facts.map(({ id, at }) =>
      fact({ id: `e${id}`, atSeconds: at, data: { titleId: `t${id % 7}` } }),
    ),
    panes,
    late: [],
    badRows: [],
    nextOffsets: [number + 1],
    stageCounts: [],
    watermarkUs: START_US,
    processTimeUs: START_US + seconds(number),
  };
}

/** The batch, whose last offset cannot be read: the commit fails when nearly all is written. */
function refused(batch: CommitBatch): CommitBatch {
  const nextOffsets = [...batch.nextOffsets];
  Object.defineProperty(nextOffsets, 0, {
    get() {
      throw new Refusal();
    },
  });
  return { ...batch, nextOffsets };
}

const warehouseHoldsOnce = zooProperty({
  name: 'warehouse-holds-each-event-once',
  claim: 'the warehouse holds each event once and the last pane of each key, refusals or not',
  arbitrary: fc.array(
    fc.record({
      facts: fc.array(fc.record({ id: fc.nat(30), at: fc.nat(50) }), {
        maxLength: 20,
        size: 'max',
      }),
      panes: fc.array(fc.record({ key: fc.nat(2), value: fc.nat(9) }), { maxLength: 3 }),
      isRefused: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  sizeOf: (rounds) => ({
    commands: rounds.reduce((sum, one) => sum + one.facts.length + one.panes.length, 0),
    faults: rounds.filter((one) => one.isRefused).length,
  }),
  holds(rounds) {
    const warehouse = openWarehouse({ path: ':memory:' });
    try {
      commitAll(warehouse, rounds);
    } finally {
      warehouse.close();
    }
  },
});

function commitAll(warehouse: Warehouse, rounds: readonly Round[]): void {
  const facts = new Map<string, number>();
  const panes = new Map<string, number>();
  for (const [number, round] of rounds.entries()) {
    const batch = batchOf(round, number);
    if (round.isRefused) assert.throws(() => warehouse.commit(refused(batch)), Refusal);
    const before = warehouse.committedOffsets(1)[0];
    assert.equal(before, number, 'a refused commit moves no offset');
    const count = warehouse.query('SELECT count(*) AS n FROM fact_event')[0]?.['n'];
    assert.equal(count, facts.size, 'a refused commit leaves no row');
    warehouse.commit(batch);
    for (const { event } of batch.facts) {
      if (!facts.has(event.id)) facts.set(event.id, event.eventTimeUs);
    }
    for (const { key, value } of batch.panes) panes.set(key, value);
    const held = warehouse.query('SELECT event_id AS id, event_time_us AS at FROM fact_event');
    assert.deepEqual(
      new Map(held.map((row) => [String(row['id']), Number(row['at'])] as const).sort()),
      new Map([...facts].sort()),
    );
    assert.equal(held.length, facts.size, 'no event twice');
    const known = warehouse.query(
      `SELECT count(*) AS n FROM fact_event JOIN dim_title USING (title_sk)
       JOIN dim_country USING (country_sk) JOIN dim_event_type USING (event_type_sk)`,
    );
    assert.equal(known[0]?.['n'], facts.size, 'what a fact names is there');
    const told = warehouse.query('SELECT key, value FROM pane ORDER BY key');
    assert.deepEqual(
      told.map((row) => [row['key'], row['value']]),
      [...panes].sort(),
    );
  }
}

/** Properties of sinks. */
export const SINKS: readonly ZooProperty[] = [
  stagedFilesShow,
  sqliteTableShows,
  warehouseHoldsOnce,
];
