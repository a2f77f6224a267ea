/** Effects of designs that fill ranges: a plane through the points, in shares of each factor's way
 * from low to high, so that a slope is the effect from one end to the other. Spec: E274. */
import { standardisedRegression } from '../../../stats/design/standardised-regression.ts';
import { momentsOf } from '../../../stats/moments.ts';
import type { SweepEffect, SweepFactor } from '../sweep-document.ts';
import { effectWith, type Responses, spreadOf } from './responses.ts';

/** Effects of a plane, and how well it fits. */
export interface PlaneEffects {
  readonly mainEffects: readonly SweepEffect[];
  readonly explained: number | null;
  readonly notes: readonly string[];
  /** Per path the plane at both ends, the others at their means. */
  readonly ends: ReadonlyMap<string, { readonly atLow: number; readonly atHigh: number }>;
}

/** Below this R² bars mislead. */
const FITS = 0.7;

/** The effects of all factors that have a way from low to high. */
export function planeEffects(responses: Responses): PlaneEffects {
  const { factors, points, centres: outputs, confidence } = responses;
  const straight = factors.filter(isStraight);
  const notes = factors
    .filter((factor) => !isStraight(factor))
    .map(({ path }) => `${path} has no way from low to high: use --design grid for words`);
  const none = { mainEffects: [], explained: null, ends: new Map() };
  if (straight.length === 0) return { ...none, notes };
  const names = straight.map(({ path }) => path);
  const inputs = points.map(({ coordinates }) => names.map((path) => coordinates[path] ?? 0));
  const plane = standardisedRegression(inputs, outputs, { names, confidence });
  if (plane.refusal !== null) return { ...none, notes: [...notes, plane.refusal.text] };
  const spread = spreadOf(responses);
  const middle = momentsOf(outputs).mean;
  const ends = new Map<string, { atLow: number; atHigh: number }>();
  const mainEffects = names.flatMap((path, j) => {
    const slope = plane.inputs.find(({ name }) => name === path)?.slope;
    if (slope === undefined) return [];
    const center = momentsOf(inputs.map((row) => row[j] ?? 0)).mean;
    const atLow = middle - slope.value * center;
    ends.set(path, { atLow, atHigh: atLow + slope.value });
    return [effectWith({ name: path, paths: [path], estimate: slope }, spread)];
  });
  const { explained } = plane;
  if (explained !== null && explained < FITS) {
    const share = Math.round(explained * 100);
    notes.push(`a plane explains ${share} % of the differences between points: bars mislead`);
  }
  return { mainEffects, explained, notes, ends };
}

/** Numbers, and words of which there are two. */
function isStraight({ levels }: SweepFactor): boolean {
  if (levels === null || levels.length === 2) return true;
  return levels.every((level) => typeof level === 'number');
}
