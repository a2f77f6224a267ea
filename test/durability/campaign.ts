/** Many runs of the programs, each disturbed at one point, and what came of them. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChance } from '../../src/kernel/chance.ts';
import { type Interrupted, wrongAfter } from './after-recovery.ts';
import { contents, loadProgram, PROGRAM_NAMES, type ProgramName } from './program.ts';
import {
  CALL_CLASSES,
  classOf,
  type Injection,
  type InjectionPoint,
  type RunReport,
  runInjected,
  type TracedRun,
  traceRun,
} from './traced-run.ts';

/** A program, its points, and what it leaves where nothing disturbs it. */
export type Subject = Omit<Interrupted, 'folder' | 'acknowledged'> &
  Omit<TracedRun, 'report'> & { readonly name: ProgramName };

/** What came of the runs of a subject. */
export interface Tally {
  readonly runs: number;
  /** Points, by class of call. */
  readonly byClass: ReadonlyMap<string, number>;
  /** One line for each run after which something did not hold. */
  readonly wrong: readonly string[];
  /** Runs in which the program was told an error; in the others it was absorbed. */
  readonly toldErrors: number;
}

/** Runs at once: they wait for the disk as much as they work. */
const LANES = 2;

/** Made when it is needed: test files of one process share this module, and each cleans up. */
let folder: string | undefined;
let folders = 0;

/** Makes an empty folder, with a path that is no link. */
export function freshFolder(): string {
  folders += 1;
  folder ??= realpathSync(mkdtempSync(join(tmpdir(), 'backlot-durability-')));
  return mkdtempSync(join(folder, `${folders}-`));
}

/** Removes what all runs left. */
export function removeFolders(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
}

/** Runs a program that nothing disturbs.
 * @throws Error where even that does not go well. */
export async function subjectOf(name: ProgramName): Promise<Subject> {
  const program = await loadProgram(name);
  const { report, ...traced } = await traceRun(name, freshFolder());
  const isWhole = report.acknowledged === program.steps && report.refusals.length === 0;
  if (!isWhole || report.complaints !== '') {
    throw new Error(`${name} does not run undisturbed: ${JSON.stringify(report)}`);
  }
  return { name, program, ...traced, undisturbed: await contents(program, freshFolder()) };
}

/** So many points, each of another class where it has them, by a fixed seed. Neighbouring programs
 * begin with other classes, so that the many writes do not crowd out the few renames. */
export function samplePoints(
  { name, points }: Subject,
  purpose: string,
  count: number,
): readonly InjectionPoint[] {
  const draws = createChance({ seed: 320, replication: 0 }).draws(purpose);
  const entity = PROGRAM_NAMES.indexOf(name);
  const keyed = points.map((point, i) => ({ point, key: draws.uniform(entity, i) }));
  const chosen: InjectionPoint[] = [];
  const classes = Object.keys(CALL_CLASSES);
  const first = (entity * count) % classes.length;
  for (const one of [...classes.slice(first), ...classes.slice(0, first)]) {
    const ofClass = keyed.filter(({ point }) => classOf(point) === one);
    const [least] = ofClass.sort((a, b) => a.key - b.key);
    if (least !== undefined && chosen.length < count) chosen.push(least.point);
  }
  return chosen;
}

/** So many of a list, in its order, by a fixed seed. */
export function sampleOf<T>(all: readonly T[], name: ProgramName, count: number): readonly T[] {
  const draws = createChance({ seed: 325, replication: 0 }).draws('durability.places');
  const entity = PROGRAM_NAMES.indexOf(name);
  const keyed = all.map((item, i) => ({ item, i, key: draws.uniform(entity, i) }));
  const chosen = keyed.sort((a, b) => a.key - b.key).slice(0, count);
  return chosen.sort((a, b) => a.i - b.i).map(({ item }) => item);
}

/** Runs a subject once for each injection. */
export async function runAll(subject: Subject, injections: readonly Injection[]): Promise<Tally> {
  const byClass = new Map<string, number>();
  const wrong: string[] = [];
  let toldErrors = 0;
  const waiting = [...injections];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const kind = classOf(next.point);
      byClass.set(kind, (byClass.get(kind) ?? 0) + 1);
      const { problem, report } = await runOne(subject, next);
      if (problem !== undefined) wrong.push(`${placeOf(next)}: ${problem}`);
      if (report.refusals.length > 0) toldErrors += 1;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { runs: injections.length, byClass, wrong, toldErrors };
}

async function runOne(subject: Subject, injection: Injection) {
  const at = freshFolder();
  const report = await runInjected(subject.name, at, injection);
  const { acknowledged } = report;
  const problem =
    wrongWith(injection, report) ?? (await wrongAfter({ ...subject, folder: at, acknowledged }));
  rmSync(at, { recursive: true, force: true });
  return { problem, report };
}

function placeOf({ kind, errorCode = '', point: { call, path, n } }: Injection): string {
  return `${kind} ${errorCode} at ${call} ${n} of ${path === '' ? 'the folder' : path}`;
}

/** What is wrong with the run itself. */
function wrongWith(
  { kind }: Injection,
  { wasKilled, complaints, refusals }: RunReport,
): string | undefined {
  if (wasKilled !== (kind === 'kill')) return wasKilled ? 'it died' : 'it was not killed';
  if (complaints !== '') return complaints;
  const raw = refusals.find((one) => one.kind !== 'EngineError');
  if (raw !== undefined) return `an error that is not ours: ${JSON.stringify(raw)}`;
  const blind = refusals.find(({ message }) => !message.includes(';'));
  return blind === undefined ? undefined : `an error without a remedy: ${blind.message}`;
}

/** One line of a long run. */
export function tallyLine({ name, points }: Subject, what: string, tally: Tally): string {
  const times = tally.runs / points.length;
  const counts = Object.keys(CALL_CLASSES).map((one) => {
    const all = points.filter((point) => classOf(point) === one).length * times;
    return `${one} ${tally.byClass.get(one) ?? 0}/${all}`;
  });
  const { runs, toldErrors, wrong } = tally;
  return `${what} ${name}: ${runs} runs (${counts.join(', ')}); ${toldErrors} told errors; ${
    wrong.length
  } wrong`;
}
