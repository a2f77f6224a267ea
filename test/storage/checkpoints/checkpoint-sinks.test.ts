/** One contract for all sinks with two phases: what shows when, what a crash leaves, what recovery
 * makes of it. Spec: W119, W122, W123. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckpointSink, CheckpointStore } from '../../../src/domain/checkpoint-ports.ts';
import { openFolder } from '../../../src/storage/checkpoints/durable-files.ts';
import {
  openSqliteCheckpoints,
  type SqliteCheckpoints,
  type TableRow,
} from '../../../src/storage/checkpoints/sqlite-checkpoints.ts';
import { createStagedFileSink } from '../../../src/storage/checkpoints/staged-file-sink.ts';

let folder = '';
let open: SqliteCheckpoints[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backlot-sinks-'));
});
afterEach(() => {
  for (const one of open) one.close();
  open = [];
  rmSync(folder, { recursive: true });
});

function openFile(part: { readonly job?: string; readonly retain?: number } = {}) {
  const file = openSqliteCheckpoints({
    path: join(folder, 'job.sqlite'),
    job: 'test',
    survives: 'process',
    ...part,
  });
  open.push(file);
  return file;
}

interface Opened {
  readonly sink: CheckpointSink<TableRow>;
  readonly store: CheckpointStore;
}

const rowsOf = (table: string) => {
  const database = new Database(join(folder, 'job.sqlite'), { readonly: true });
  const rows = database.prepare(`SELECT id FROM ${table} ORDER BY rowid`).pluck().all();
  database.close();
  return rows as unknown[];
};
const shownFiles = () =>
  readdirSync(join(folder, 'rows'))
    .filter((name) => name.startsWith('part-'))
    .sort();

/** Opens each kind as a process would, and reads what others see of it. */
const KINDS: Readonly<Record<string, { open(): Opened; shown(): unknown[]; isTwoPhase: boolean }>> =
  {
    table: {
      open() {
        const file = openFile();
        return {
          sink: file.tableSink({ table: 'added', columns: ['id', 'n'] }),
          store: file.store,
        };
      },
      shown: () => rowsOf('added'),
      isTwoPhase: true,
    },
    'staged files': {
      open: () => ({
        sink: createStagedFileSink({ folder: join(folder, 'rows') }),
        store: openFile().store,
      }),
      shown: () =>
        shownFiles().flatMap((name) =>
          readFileSync(join(folder, 'rows', name), 'utf8')
            .trimEnd()
            .split('\n')
            .map((line) => (JSON.parse(line) as { readonly id: string }).id),
        ),
      isTwoPhase: true,
    },
    upsert: {
      open() {
        const file = openFile();
        const spec = { table: 'replaced', columns: ['id', 'n'], key: ['n'] };
        return { sink: file.upsertSink(spec), store: file.store };
      },
      shown() {
        const database = new Database(join(folder, 'job.sqlite'), { readonly: true });
        const rows = database.prepare('SELECT id FROM replaced ORDER BY n').pluck().all();
        database.close();
        return rows;
      },
      isTwoPhase: false,
    },
  };

function preCommit(sink: CheckpointSink<TableRow>, checkpoint: number): unknown[] {
  const outcomes: unknown[] = [];
  sink.preCommit(checkpoint, (outcome) => outcomes.push(outcome));
  return outcomes;
}

describe.each(Object.entries(KINDS))('a sink: %s', (_, { open: openKind, shown, isTwoPhase }) => {
  it('W119 shows an epoch once its checkpoint is complete, the next one not yet', () => {
    const { sink, store } = openKind();
    sink.recover(0);
    sink.write({ id: 'a', n: 1 });
    expect(preCommit(sink, 1)).toEqual([{ kind: 'done' }]);
    sink.write({ id: 'b', n: 2 });
    if (isTwoPhase) expect(shown()).toEqual([]);
    store.save({ checkpoint: 1, text: 'state' });
    sink.commit(1);
    sink.commit(1);
    expect(shown()).toEqual(['a']);
  });

  it('W119 shows rows of an aborted checkpoint with the next one that completes', () => {
    const { sink, store } = openKind();
    sink.write({ id: 'a', n: 1 });
    preCommit(sink, 1);
    sink.write({ id: 'b', n: 2 });
    preCommit(sink, 2);
    store.save({ checkpoint: 2, text: 'state' });
    sink.commit(2);
    expect(shown()).toEqual(['a', 'b']);
  });

  it('after a crash before completion the epoch comes again, and is there once', () => {
    const first = openKind().sink;
    first.write({ id: 'a', n: 1 });
    preCommit(first, 1);
    const { sink, store } = openKind();
    sink.recover(store.latest()?.checkpoint ?? 0);
    if (isTwoPhase) expect(shown()).toEqual([]);
    sink.write({ id: 'a', n: 1 });
    preCommit(sink, 1);
    store.save({ checkpoint: 1, text: 'state' });
    sink.commit(1);
    expect(shown()).toEqual(['a']);
  });

  it('after a crash between completion and commit, recovery shows the epoch', () => {
    const first = openKind();
    first.sink.write({ id: 'a', n: 1 });
    preCommit(first.sink, 1);
    first.store.save({ checkpoint: 1, text: 'state' });
    const { sink, store } = openKind();
    expect(store.latest()).toEqual({ checkpoint: 1, text: 'state' });
    sink.recover(1);
    sink.recover(1);
    expect(shown()).toEqual(['a']);
  });
});

describe('staged files', () => {
  const make = () => createStagedFileSink<TableRow>({ folder: join(folder, 'rows') });

  it('W123 makes no file of an empty epoch, and removes half-written ones', () => {
    const sink = make();
    preCommit(sink, 1);
    sink.commit(1);
    expect(readdirSync(join(folder, 'rows'))).toEqual([]);
    writeFileSync(join(folder, 'rows', '.part-0000000002.pending'), '{"id":');
    make().recover(1);
    expect(readdirSync(join(folder, 'rows'))).toEqual([]);
  });

  it('S324 never shows the half-written file of a checkpoint that was aborted', () => {
    const files = openFolder(join(folder, 'rows'));
    let room = 7;
    const sink = createStagedFileSink<TableRow>({
      folder: 'rows',
      files: {
        ...files,
        write(name, text) {
          files.write(name, text.slice(0, room));
          if (text.length > room) throw systemError('ENOSPC: no room');
        },
        remove(name) {
          if (room === 7) throw systemError('EIO: not now');
          files.remove(name);
        },
      },
    });
    sink.write({ id: 'a' });
    expect(() => preCommit(sink, 1)).toThrow(/^STORAGE_UNWRITABLE: rows: .*ENOSPC.*; make room/);
    // Nor is the next one complete while that cannot be removed.
    expect(() => preCommit(sink, 2)).toThrow(/^STORAGE_UNWRITABLE: rows: .*EIO/);
    room = 1_000;
    sink.write({ id: 'b' });
    expect(preCommit(sink, 3)).toEqual([{ kind: 'done' }]);
    sink.commit(3);
    expect(shownFiles()).toEqual(['part-0000000003.ndjson']);
    expect(KINDS['staged files']?.shown()).toEqual(['a', 'b']);
  });

  it('W123 refuses a store that is older than its files, and leaves them', () => {
    const sink = make();
    sink.write({ id: 'a' });
    preCommit(sink, 7);
    sink.commit(7);
    expect(() => make().recover(6)).toThrow(
      /^SNAPSHOT_REFUSED: .*part-0000000007.ndjson is of a later checkpoint than 6/,
    );
    expect(shownFiles()).toEqual(['part-0000000007.ndjson']);
  });
});

describe('checkpoints in SQLite', () => {
  it('keeps the last ones of each job', () => {
    const file = openFile({ retain: 2 });
    for (const checkpoint of [1, 2, 5]) file.store.save({ checkpoint, text: `${checkpoint}` });
    const other = openFile({ job: 'other' });
    expect(other.store.latest()).toBeUndefined();
    other.store.save({ checkpoint: 1, text: 'x' });
    expect(file.retained()).toEqual([2, 5]);
    expect(file.store.latest()).toEqual({ checkpoint: 5, text: '5' });
  });

  it('keeps flags as numbers, and what is no column value as JSON', () => {
    const file = openFile();
    const sink = file.tableSink({ table: 'kinds', columns: ['a', 'b', 'c', 'd'] });
    sink.write({ a: true, b: null, c: { x: [1] } });
    preCommit(sink, 1);
    file.store.save({ checkpoint: 1, text: '' });
    const database = new Database(join(folder, 'job.sqlite'), { readonly: true });
    const rows = database.prepare('SELECT * FROM kinds').all();
    database.close();
    expect(rows).toEqual([{ a: 1, b: null, c: '{"x":[1]}', d: null }]);
  });

  it.each<[string, (file: SqliteCheckpoints) => unknown, string]>([
    ['no key', (file) => file.upsertSink({ table: 't', columns: ['a'] }), 'sink.key: t has none'],
    [
      'a key that is no column',
      (file) => file.tableSink({ table: 't', columns: ['a'], key: ['b'] }),
      'sink.key: b is no column of t',
    ],
    [
      'a name that is SQL',
      (file) => file.tableSink({ table: 't; DROP TABLE x', columns: ['a'] }),
      'must be letters, digits and underscores',
    ],
    ['nothing to keep', () => openFile({ retain: 0 }), 'sink.retain: 0 must be'],
  ])('refuses %s', (_, act, problem) => {
    const file = openFile();
    expect(() => act(file)).toThrow(problem);
  });
});

/** As the file system's are: with a code and the call that failed. */
function systemError(message: string): Error {
  return Object.assign(new Error(message), { code: message.split(':')[0], syscall: 'write' });
}
