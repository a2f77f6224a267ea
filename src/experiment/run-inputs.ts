/** What a scenario runs on: its catalogue and the shape of its arrivals, built in or from files. */
import { BUILT_IN_ARRIVALS } from '../domain/built-in-arrivals.ts';
import { createBuiltInCatalogue } from '../domain/built-in-catalogue.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import { US_PER_MINUTE } from '../kernel/time.ts';
import type { ArrivalPoint } from './households/arrivals.ts';
import { readArrivalsFile, relativeRateCurve } from './inputs/arrivals-file.ts';
import { readCatalogueFile } from './inputs/catalogue-file.ts';
import { hashInputs, type InputHash } from './reproduce/proof.ts';
import type { Scenario } from './scenario/schema.ts';

/** Inputs of a run and where they come from. */
export interface RunInputs {
  readonly catalogue: Catalogue;
  readonly arrivals: readonly ArrivalPoint[];
  readonly arrivalsSource: string;
  /** Content hashes of the files among them. */
  readonly files: readonly InputHash[];
}

/** Files that replace the built-in catalogue and rate curve. */
export interface InputFiles {
  readonly catalogue?: string | undefined;
  readonly arrivals?: string | undefined;
}

const MINUTES_PER_DAY = 24 * 60;
/** Distance of the points that a day curve is read at. */
const STEP_MINUTES = 5;

/** Reads the inputs of a run.
 * @throws EngineError `INPUT_UNREADABLE`. */
export async function readRunInputs(scenario: Scenario, files: InputFiles): Promise<RunInputs> {
  const catalogue =
    files.catalogue === undefined
      ? builtInCatalogue(scenario)
      : await readCatalogueFile(files.catalogue);
  if (files.arrivals !== undefined) {
    const counts = await readArrivalsFile(files.arrivals);
    const curve = relativeRateCurve(counts, {
      startMinuteOfDay: startMinuteOfDay(scenario),
      durationUs: scenario.clock.duration,
    });
    return {
      catalogue,
      arrivals: curve.map(({ atUs, relative }) => ({ atUs, relativeRate: relative })),
      arrivalsSource: counts.source,
      files: await hashInputs(files),
    };
  }
  const hashes = await hashInputs(files);
  const { arrivals } = scenario.audience;
  return arrivals === 'built-in'
    ? {
        catalogue,
        arrivals: builtInCurve(scenario),
        arrivalsSource: 'built-in day curve',
        files: hashes,
      }
    : {
        catalogue,
        arrivals: arrivals.map(({ at, relativeRate }) => ({ atUs: at, relativeRate })),
        arrivalsSource: 'scenario',
        files: hashes,
      };
}

/** Catalogues kept: they do not change, and what was worked out over one is kept with it. */
const KEPT = 4;
const kept = new Map<string, Catalogue>();

function builtInCatalogue({ catalogue: { titles, seed: own }, seed }: Scenario): Catalogue {
  const wanted = { titles, seed: own ?? seed };
  const key = `${wanted.titles}/${wanted.seed}`;
  const found = kept.get(key) ?? createBuiltInCatalogue(wanted);
  kept.delete(key);
  kept.set(key, found);
  const [oldest = key] = kept.keys();
  if (kept.size > KEPT) kept.delete(oldest);
  return found;
}

/** Minute of the local day at which a scenario starts, by the offset in `clock.start`. */
export function startMinuteOfDay(scenario: Scenario): number {
  const match = /T(\d{2}):(\d{2})/.exec(scenario.clock.start);
  return Number(match?.[1] ?? 0) * 60 + Number(match?.[2] ?? 0);
}

/** The built-in day curve from the scenario's time of day on, around midnight if need be. */
function builtInCurve(scenario: Scenario): readonly ArrivalPoint[] {
  const start = startMinuteOfDay(scenario);
  const durationMinutes = scenario.clock.duration / US_PER_MINUTE;
  const points: ArrivalPoint[] = [];
  for (let minute = 0; minute < durationMinutes + STEP_MINUTES; minute += STEP_MINUTES) {
    const relativeRate = dayRate((start + minute) % MINUTES_PER_DAY);
    points.push({ atUs: minute * US_PER_MINUTE, relativeRate });
  }
  return points;
}

/** The day curve at a minute of the day: linear between its points, which wrap at midnight. */
function dayRate(minuteOfDay: number): number {
  const points = BUILT_IN_ARRIVALS;
  const next = points.findIndex((point) => point.minuteOfDay > minuteOfDay);
  const after = points[next === -1 ? 0 : next];
  const before = points.at(next === -1 ? -1 : next - 1);
  if (after === undefined || before === undefined) return 1;
  const span = (after.minuteOfDay - before.minuteOfDay + MINUTES_PER_DAY) % MINUTES_PER_DAY;
  const into = (minuteOfDay - before.minuteOfDay + MINUTES_PER_DAY) % MINUTES_PER_DAY;
  const share = span === 0 ? 0 : into / span;
  return before.relativeRate + share * (after.relativeRate - before.relativeRate);
}
