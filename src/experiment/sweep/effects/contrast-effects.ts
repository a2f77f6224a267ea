/** Effects as differences of means, one observation a replication: of grids between the ends of
 * every factor, of two-level designs over all their points. Spec: E273. */
import { effectsOf } from '../../../stats/design/effects.ts';
import type { LevelMeans, SweepEffect, SweepFactor, SweepPoint } from '../sweep-document.ts';
import {
  around,
  contrastOf,
  effectWith,
  meanWeights,
  type Responses,
  replicationsOf,
  spreadOf,
} from './responses.ts';

/** Main effects and interactions. */
export interface Effects {
  readonly mainEffects: readonly SweepEffect[];
  readonly interactions: readonly SweepEffect[];
}

type End = readonly [factor: SweepFactor, which: 'low' | 'high'];

const NO_INTERVAL = 'an interval needs 2 replications';

/** Effects of a full grid. An interaction is half of how much the second factor's high end changes
 * the first one's effect. */
export function gridEffects(responses: Responses): Effects {
  const { factors, points } = responses;
  const spread = spreadOf(responses);
  const reason = replicationsOf(responses) < 2 ? NO_INTERVAL : null;
  const effect = (paths: readonly string[], weights: readonly number[]) =>
    effectWith(
      { name: paths.join(' × '), paths, estimate: contrastOf(responses, weights), reason },
      spread,
    );
  const mainEffects = factors.map((factor) =>
    effect(
      [factor.path],
      combined([
        [1, endWeights(points, [[factor, 'high']])],
        [-1, endWeights(points, [[factor, 'low']])],
      ]),
    ),
  );
  const interactions = factors.flatMap((a, i) =>
    factors.slice(i + 1).map((b) => {
      const at = (ofA: 'low' | 'high', ofB: 'low' | 'high') =>
        endWeights(points, [
          [a, ofA],
          [b, ofB],
        ]);
      const weights = combined([
        [0.5, at('high', 'high')],
        [-0.5, at('low', 'high')],
        [-0.5, at('high', 'low')],
        [0.5, at('low', 'low')],
      ]);
      return effect([a.path, b.path], weights);
    }),
  );
  return { mainEffects, interactions };
}

function endWeights(points: readonly SweepPoint[], ends: readonly End[]): readonly number[] {
  return meanWeights(points, ({ settings }) =>
    ends.every(([factor, which]) => settings[factor.path] === factor[which]),
  );
}

function combined(
  parts: readonly (readonly [factor: number, weights: readonly number[]])[],
): readonly number[] {
  const [[, first] = [0, []]] = parts;
  return first.map((_, i) =>
    parts.reduce((sum, [factor, weights]) => sum + factor * (weights[i] ?? 0), 0),
  );
}

/** Effects of a two-level design, with what each is mixed with. */
export function twoLevelEffects(responses: Responses): Effects {
  const { factors, points, values, centres, confidence } = responses;
  const names = factors.map(({ path }) => path);
  const design = points.map(({ settings }) =>
    factors.map(({ path, high }) => (settings[path] === high ? 1 : -1)),
  );
  const spread = spreadOf(responses);
  const central = effectsOf(
    design,
    centres.map((value) => [value]),
    { names },
  );
  const all = effectsOf(design, values, { names, confidence }).map((one, i) => {
    const centre = central[i]?.effect?.mean;
    const { halfWidth = null } = one.effect ?? {};
    return effectWith(
      {
        name: one.name,
        paths: one.factors.map((factor) => names[factor] ?? ''),
        estimate: centre === undefined ? null : around(centre, halfWidth),
        aliases: one.aliases,
        reason: one.refusal?.text ?? null,
      },
      spread,
    );
  });
  return {
    mainEffects: all.filter(({ paths }) => paths.length === 1),
    interactions: all.filter(({ paths }) => paths.length === 2),
  };
}

/** The metric at every level of every factor, the others averaged over. */
export function levelMeansOf(responses: Responses): readonly LevelMeans[] {
  const { factors, points } = responses;
  return factors.map(({ path }) => ({
    path,
    levels: levelsAmong(points, path).map((level) => {
      const weights = meanWeights(points, ({ settings }) => settings[path] === level);
      return { level, ...contrastOf(responses, weights) };
    }),
  }));
}

function levelsAmong(points: readonly SweepPoint[], path: string) {
  const byPlace = [...points].sort(
    (a, b) => (a.coordinates[path] ?? 0) - (b.coordinates[path] ?? 0),
  );
  return [...new Set(byPlace.map(({ settings }) => settings[path] ?? ''))];
}
