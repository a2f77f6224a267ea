/** A checkpointed job, killed at every step: tables, files and checkpoints are those of a run that
 * nobody killed, byte for byte. Spec: W115, W119. */
import { fc, test } from '@fast-check/vitest';
import type Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import type { CheckpointSink } from '../../../../src/domain/checkpoint-ports.ts';
import type { JobRow } from '../../../../src/streams/checkpoints/job/job-item.ts';
import { crashEverywhere, crashed, uninterrupted } from '../crash-harness.ts';
import { jobWorld, type Sent } from './job-world.ts';

const click = (partition: number, [arrival, time]: [number, number], id: string): Sent => ({
  partition,
  arrival,
  time,
  id,
  title: id < 'e' ? 't1' : 't2',
});

/** Partition 2 falls silent; `a` comes twice; `d` is broken; `g` is late but allowed for; `j` is
 * too late for everything; the second `e` comes when the first is forgotten. */
const SENT: readonly Sent[] = [
  click(0, [1, 1], 'a'),
  click(1, [2, 2], 'b'),
  click(2, [3, 3], 'c'),
  click(0, [4, 1], 'a'),
  { ...click(1, [5, 4], 'd'), isBroken: true },
  click(0, [6, 14], 'e'),
  click(1, [16, 15], 'f'),
  click(0, [22, 8], 'g'),
  click(1, [23, 26], 'h'),
  click(0, [24, 27], 'i'),
  click(1, [31, 9], 'j'),
  click(0, [32, 38], 'e'),
];
const WORLD = { sent: SENT, partitions: 3, polls: [10, 20, 30, 40], trigger: { everyRecords: 3 } };

interface Content {
  readonly panes: readonly { readonly timing: string; readonly count: number }[];
  readonly sessions: readonly { readonly timing: string }[];
  readonly job_checkpoint: readonly { readonly checkpoint: number }[];
  readonly files: ReadonlyMap<string, string>;
}

describe('a job that is killed', () => {
  it('W115 at any step ends in the same tables and files', () => {
    const { crashPoints, places } = crashEverywhere(jobWorld(WORLD));
    expect(crashPoints).toBeGreaterThan(180);
    expect([...places].sort()).toEqual([
      'BEGIN',
      'COMMIT',
      'DELETE FROM job_checkpoint',
      'INSERT INTO job_checkpoint',
      'INSERT INTO panes',
      'INSERT OR REPLACE',
      'after the last commit',
      'push to hopping',
      'push to merge',
      'push to session',
      'push to tumbling',
      'read',
      'rename',
      'snapshot',
      'write',
      'write the other half',
    ]);
  });

  it('has late panes, late rows, bad rows, duplicates and an idle partition', () => {
    const content = uninterrupted(jobWorld(WORLD)).content as Content;
    const timings = (rows: readonly { readonly timing: string }[]) =>
      [...new Set(rows.map(({ timing }) => timing))].sort();
    expect(timings(content.panes)).toEqual(['LATE', 'ON_TIME']);
    expect(timings(content.sessions)).toEqual(['EARLY', 'LATE', 'ON_TIME']);
    expect(content.panes.at(0)?.count).toBe(3);
    expect(content.job_checkpoint.map(({ checkpoint }) => checkpoint)).toEqual([4, 5]);
    const files = [...content.files.keys()].sort();
    expect(files).toEqual([
      'bad/part-0000000002.ndjson',
      'hops/part-0000000003.ndjson',
      'hops/part-0000000005.ndjson',
      'late/part-0000000004.ndjson',
    ]);
    expect(content.files.get('late/part-0000000004.ndjson')).toContain('"id":"j"');
  });

  it('W119 with rows and positions in two transactions is caught', () => {
    const rowsFirst = (database: Database.Database): CheckpointSink<JobRow> => {
      database.exec('CREATE TABLE IF NOT EXISTS panes (row TEXT)');
      const insert = database.prepare('INSERT INTO panes VALUES (?)');
      let rows: JobRow[] = [];
      return {
        write: (row) => rows.push(row),
        preCommit(_checkpoint, answer) {
          for (const row of rows) insert.run(JSON.stringify(row));
          rows = [];
          answer({ kind: 'done' });
        },
        commit: () => undefined,
        recover: () => undefined,
      };
    };
    const broken = jobWorld({ ...WORLD, panesSink: rowsFirst });
    expect(() => crashEverywhere(broken, 90)).toThrow(/killed at/);
  });
});

const IS_LONG = process.env['BACKLOT_LONG'] === '1';

const record = fc.record({
  partition: fc.nat(2),
  gap: fc.nat(4),
  delay: fc.oneof(fc.nat(4), fc.nat(30)),
  id: fc.nat(40).map((n) => `e${n}`),
  title: fc.constantFrom('t1', 't2'),
  isBroken: fc.nat(9).map((n) => n === 0),
});
const records = fc.array(record, { minLength: 3, maxLength: 40, size: 'max' }).map((all) => {
  let arrival = 30;
  return all.map(({ gap, delay, ...rest }): Sent => {
    arrival += gap;
    return { ...rest, arrival, time: arrival - delay };
  });
});

describe('random jobs, killed twice or more', () => {
  const done = { kills: 0, inRecovery: 0 };
  afterAll(() => {
    expect(done.kills).toBeGreaterThan(60);
    expect(done.inRecovery).toBeGreaterThan(10);
  });

  test.prop(
    [
      records,
      fc.array(fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 600 })), {
        minLength: 2,
        maxLength: 4,
      }),
      fc.integer({ min: 1, max: 12 }),
    ],
    { seed: 115, numRuns: IS_LONG ? 2_000 : 40 },
  )('W115 also while they recover, end in the same tables and files', (sent, kills, every) => {
    const last = sent.at(-1)?.arrival ?? 0;
    const polls = [30, 40, 50, 60, 70, last, last + 10, last + 20].sort((a, b) => a - b);
    const subject = jobWorld({ sent, partitions: 3, polls, trigger: { everyRecords: every } });
    const result = crashed(subject, kills);
    done.kills += result.kills;
    if (result.kills > 1 && (kills[1] ?? 0) <= 8) done.inRecovery += 1;
    expect(result.content, result.deaths.join(', then ')).toEqual(uninterrupted(subject).content);
  });
});
