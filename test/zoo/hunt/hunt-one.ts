/** One hunt, in a process of its own: `hunt-one.ts bug NAME` plants the bug and runs the property
 * that must catch it; `hunt-one.ts healthy SUBJECT SHARE` runs all properties of a subject on the
 * product as it is. Prints one line of JSON. */
import process from 'node:process';
import { SUBJECTS } from '../properties/subjects.ts';
import { BUGS } from '../zoo-bugs.ts';
import type { Bug, Subject } from './bug.ts';
import { plantBug } from './plant.ts';
import type { Check } from './property.ts';

/** The seed of all hunts. */
const SEED = 20_261_126;

/** Where a run is not a whole world. */
const HEALTHY_RUNS_MIN = 100;

/** What a hunt found. */
export interface Hunt extends Check {
  /** Bug or property. */
  readonly name: string;
  /** Runs that were asked for. */
  readonly wanted: number;
  readonly elapsedMs: number;
}

async function huntBug(bug: Bug): Promise<Hunt> {
  const wasLoaded = plantBug(bug);
  const [subject, name] = bug.property.split('/') as [Subject, string];
  const property = (await SUBJECTS[subject]()).find((one) => one.name === name);
  if (property === undefined) throw new Error(`${bug.name}: there is no property ${bug.property}`);
  if (!wasLoaded()) throw new Error(`${bug.name}: ${bug.property} never loads ${bug.file}`);
  const startMs = performance.now();
  const check = await property.check(bug.withinRuns, SEED);
  return {
    name: bug.name,
    wanted: bug.withinRuns,
    ...check,
    elapsedMs: performance.now() - startMs,
  };
}

/** Every property is held against the healthy product at least as often as any bug may need. */
function healthyRuns(property: string, share: number): number {
  const runs = BUGS.filter((bug) => bug.property === property).map((bug) => bug.withinRuns);
  const least = property.startsWith('world/') ? 1 : HEALTHY_RUNS_MIN;
  return Math.max(1, Math.round(share * Math.max(least, ...runs)));
}

async function huntHealthy(subject: Subject, share: number): Promise<Hunt[]> {
  const hunts: Hunt[] = [];
  for (const property of await SUBJECTS[subject]()) {
    const name = `${subject}/${property.name}`;
    const startMs = performance.now();
    const wanted = healthyRuns(name, share);
    const check = await property.check(wanted, SEED);
    hunts.push({ name, wanted, ...check, elapsedMs: performance.now() - startMs });
  }
  return hunts;
}

const [mode, name = '', share = '1'] = process.argv.slice(2);
const bug = BUGS.find((one) => one.name === name);
if (mode === 'bug' && bug !== undefined) {
  process.stdout.write(`${JSON.stringify([await huntBug(bug)])}\n`);
} else if (mode === 'healthy' && name in SUBJECTS) {
  process.stdout.write(`${JSON.stringify(await huntHealthy(name as Subject, Number(share)))}\n`);
} else {
  throw new Error(`"${mode} ${name}": give bug NAME, or healthy SUBJECT [SHARE OF RUNS]`);
}
