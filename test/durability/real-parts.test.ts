/** Kill −9, a disk that refuses and a loss of power, at calls of the file system of every real
 * part, each run a process of its own under strace. `npm test` takes a sample by a fixed seed;
 * BACKLOT_LONG=1 takes all of them and prints how many there were. Spec: S320–S325. */
import { afterAll, describe, expect, it } from 'vitest';
import {
  removeFolders,
  runAll,
  type Subject,
  sampleOf,
  samplePoints,
  subjectOf,
  type Tally,
  tallyLine,
} from './campaign.ts';
import { losePowerAfter } from './power/lose-power.ts';
import { PROGRAM_NAMES, type ProgramName } from './program.ts';
import { CALL_CLASSES, type Injection, type InjectionPoint, whyNoTracing } from './traced-run.ts';

const IS_LONG = process.env['BACKLOT_LONG'] === '1';
/** Points that are taken of each program where not all are. */
const KILLS = 2;
const FAILURES = 1;
/** Changes after which the power goes, and in how many ways after each. */
const PLACES = 3;
const WAYS = 3;
const LONG_WAYS = 20;
/** They promise no more. */
const OUTLIVES_ONLY_THE_PROCESS: readonly ProgramName[] = ['warehouse-process'];
const LONG_MS = 7_200_000;
const HOW = ['fail-once', 'fail-forever'] as const;
const CODES = ['ENOSPC', 'EIO'];

const missing = whyNoTracing();
if (!IS_LONG) console.log('durability: a sample of all points; BACKLOT_LONG=1 takes each of them');
afterAll(removeFolders);

const subjects = new Map<ProgramName, Promise<Subject>>();
function known(name: ProgramName): Promise<Subject> {
  const subject = subjects.get(name) ?? subjectOf(name);
  subjects.set(name, subject);
  return subject;
}

/** Classes of calls at which something was done, over all programs. */
const reached = { kill: new Set<string>(), fail: new Set<string>() };

function judge(subject: Subject, what: keyof typeof reached, tally: Tally): void {
  if (IS_LONG) console.log(tallyLine(subject, what, tally));
  for (const one of tally.byClass.keys()) reached[what].add(one);
  expect(tally.wrong).toEqual([]);
  expect(tally.runs).toBeGreaterThan(0);
}

/** Each point fails once, and for good, of two errors; a sampled one in one of these ways. */
function failuresAt(points: readonly InjectionPoint[], turn: number): readonly Injection[] {
  const ways = HOW.flatMap((kind) => CODES.map((errorCode) => ({ kind, errorCode })));
  const chosen = IS_LONG ? ways : ways.slice(turn % ways.length, (turn % ways.length) + 1);
  return points.flatMap((point) => chosen.map((way) => ({ ...way, point })));
}

describe('a process that is killed', () => {
  it.for(PROGRAM_NAMES)(
    'S321 at a call of %s: what it was told is there, and nothing is half there',
    { timeout: LONG_MS },
    async (name, context) => {
      if (missing !== undefined) context.skip(`skipped: ${missing}`);
      const subject = await known(name);
      const points = IS_LONG ? subject.points : samplePoints(subject, 'kill', KILLS);
      const injections = points.map((point): Injection => ({ kind: 'kill', point }));
      judge(subject, 'kill', await runAll(subject, injections));
    },
  );

  it('S321 is killed at calls of every class', (context) => {
    if (missing !== undefined) context.skip(`skipped: ${missing}`);
    expect([...reached.kill].sort()).toEqual(Object.keys(CALL_CLASSES).sort());
  });
});

describe('a disk that refuses', () => {
  it.for(PROGRAM_NAMES)(
    'S323 a call of %s: a typed error or none, nothing half there, and it goes on',
    { timeout: LONG_MS },
    async (name, context) => {
      if (missing !== undefined) context.skip(`skipped: ${missing}`);
      const subject = await known(name);
      const points = IS_LONG ? subject.points : samplePoints(subject, 'fail', FAILURES);
      const turn = PROGRAM_NAMES.indexOf(name);
      judge(subject, 'fail', await runAll(subject, failuresAt(points, turn)));
    },
  );
});

describe('a loss of power', () => {
  it.for(PROGRAM_NAMES.filter((name) => !OUTLIVES_ONLY_THE_PROCESS.includes(name)))(
    'S325 in the middle of %s: what it was told is there, and nothing is half there',
    { timeout: LONG_MS },
    async (name, context) => {
      if (missing !== undefined) context.skip(`skipped: ${missing}`);
      const subject = await known(name);
      const all = subject.changes.map((_, i) => i + 1);
      const places = IS_LONG ? all : sampleOf(all, name, PLACES);
      const tally = await losePowerAfter(subject, places, IS_LONG ? LONG_WAYS : WAYS);
      const { losses, atStake, folders, wrong } = tally;
      if (IS_LONG) {
        const of = `${places.length} changes, ${losses} losses, ${folders} folders`;
        console.log(`power ${name}: ${of}, ${atStake} at stake; ${wrong.length} wrong`);
      }
      expect(wrong).toEqual([]);
      expect(atStake).toBeGreaterThan(0);
    },
  );
});
