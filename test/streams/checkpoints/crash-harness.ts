/** Kills a run at its first step, at its second one, …, until it ends before its turn to die, and
 * restarts it each time from what is on disk. A step is a gap between two effects (a read, a call
 * of an operator, an SQL statement, a file's rename): what is after one is before the next. */
import Database from 'better-sqlite3';
import { expect } from 'vitest';

/** The end of a process: thrown where it happens, and caught by nobody but the harness. */
export class Killed extends Error {}

/** Counts steps and kills at one of them. */
export interface FaultPort {
  /** Passes a place where the process could die. @throws Killed */
  step(place: string): void;
  /** Steps passed, and places met, so far. */
  readonly steps: number;
  readonly places: ReadonlySet<string>;
  readonly isDead: boolean;
}

/** A port that kills at the k-th step, from 1; never where k is Infinity. */
export function killAt(k: number, onKill: () => void = () => undefined): FaultPort {
  const state = { steps: 0, isDead: false };
  const places = new Set<string>();
  return {
    step(place) {
      if (state.isDead) return;
      state.steps += 1;
      places.add(place);
      if (state.steps < k) return;
      state.isDead = true;
      onKill();
      throw new Killed(`${place}, step ${k}`);
    },
    get steps() {
      return state.steps;
    },
    get isDead() {
      return state.isDead;
    },
    places,
  };
}

/** Wraps a function with a step before it. */
export function stepping<A extends readonly unknown[], R>(
  fault: FaultPort,
  place: string,
  act: (...args: A) => R,
): (...args: A) => R {
  return (...args) => {
    fault.step(place);
    return act(...args);
  };
}

/** A job and the disk under it. */
export interface CrashSubject<Disk> {
  /** An empty disk. */
  fresh(): Disk;
  /** Runs from what is on the disk to the end. @returns what was committed, to be compared. */
  run(disk: Disk, fault: FaultPort): unknown;
  /** What a dead process leaves behind, taken at the instant of its death. */
  survivor(disk: Disk): Disk;
  discard(disk: Disk): void;
}

/** What an enumeration did. */
export interface CrashReport {
  /** Steps of the uninterrupted run, each of which a run was killed at. */
  readonly crashPoints: number;
  readonly places: ReadonlySet<string>;
}

/** Kills at every step and compares. @param from - Canaries, which need not be patient, can begin
 * later than at the first step. @returns how much was done. */
export function crashEverywhere<Disk>(subject: CrashSubject<Disk>, from = 1): CrashReport {
  const { content, places, steps } = uninterrupted(subject);
  let crashPoints = 0;
  for (let k = from; ; k += 1) {
    const result = crashed(subject, [k]);
    if (result.kills === 0) break;
    crashPoints += 1;
    expect(result.content, `killed at ${result.deaths.join(', then ')}`).toEqual(content);
  }
  expect(crashPoints).toBe(steps - from + 1);
  return { crashPoints, places };
}

/** The content after a run that nothing ends. */
export function uninterrupted<Disk>(subject: CrashSubject<Disk>) {
  const disk = subject.fresh();
  const fault = killAt(Number.POSITIVE_INFINITY);
  const content = subject.run(disk, fault);
  subject.discard(disk);
  return { content, steps: fault.steps, places: fault.places };
}

/** Runs, dies at the k-th step, restarts, dies at the next k, …, and at last runs to the end. */
export function crashed<Disk>(subject: CrashSubject<Disk>, kills: readonly number[]) {
  let disk = subject.fresh();
  let content: unknown;
  const deaths: string[] = [];
  for (const k of [...kills, Number.POSITIVE_INFINITY]) {
    const before = disk;
    let after: Disk | undefined;
    const fault = killAt(k, () => {
      after = subject.survivor(before);
    });
    try {
      content = subject.run(before, fault);
      if (fault.isDead) throw new Error('the job swallowed its own death');
      break;
    } catch (error) {
      if (!(error instanceof Killed) || after === undefined) throw error;
      deaths.push(error.message);
      subject.discard(before);
      disk = after;
    }
  }
  subject.discard(disk);
  return { content, kills: deaths.length, deaths };
}

/** What all SQL statements of this process pass: better-sqlite3 keeps one prototype for them. */
const statements = { fault: undefined as FaultPort | undefined };

/** Makes every SQL statement that `act` runs, BEGIN and COMMIT too, a step of the port. */
export function withSteppingSql<R>(fault: FaultPort, act: () => R): R {
  patchStatements();
  statements.fault = fault;
  try {
    return act();
  } finally {
    statements.fault = undefined;
  }
}

let isPatched = false;

function patchStatements(): void {
  if (isPatched) return;
  isPatched = true;
  const database = new Database(':memory:');
  const prototype = Object.getPrototypeOf(database.prepare('SELECT 1')) as Database.Statement;
  database.close();
  const { run } = prototype;
  prototype.run = function stepped(this: Database.Statement, ...parameters: unknown[]) {
    statements.fault?.step(this.source.trim().split(/\s+/, 3).join(' '));
    return run.apply(this, parameters);
  };
}
