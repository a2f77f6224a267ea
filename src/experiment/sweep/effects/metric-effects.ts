/** What a metric hangs on: the effects that the design bears, and the tornado chart of them. */
import type {
  MetricEffects,
  SweepDesign,
  SweepEffect,
  SweepMetric,
  TornadoBar,
} from '../sweep-document.ts';
import { type Effects, gridEffects, levelMeansOf, twoLevelEffects } from './contrast-effects.ts';
import { planeEffects } from './regression-effects.ts';
import {
  contrastOf,
  meanWeights,
  type PooledMetric,
  type Responses,
  replicationsOf,
  responsesOf,
} from './responses.ts';

/** The effects of one metric on one subject. */
export function metricEffects(
  { name, unit }: SweepMetric,
  design: SweepDesign,
  of: Pick<Responses, 'points' | 'factors' | 'confidence'> & { readonly pooled: PooledMetric },
): MetricEffects {
  const responses = responsesOf(name, of);
  const isContrast = design !== 'lhs' && design !== 'sobol';
  const told = { metric: name, unit };
  if (replicationsOf(responses) === 0) {
    const notes = ['no replication has this metric at every point: no effects'];
    const nothing = { mainEffects: [], interactions: [], tornado: [], levelMeans: [] };
    const method = isContrast ? ('contrast' as const) : ('regression' as const);
    return { ...told, method, explained: null, ...nothing, notes };
  }
  if (isContrast) {
    const effects = design === 'grid' ? gridEffects(responses) : twoLevelEffects(responses);
    return {
      ...told,
      method: 'contrast',
      explained: null,
      ...effects,
      tornado: longestFirst(contrastBars(effects, responses)),
      levelMeans: levelMeansOf(responses),
      notes: aliasNotes(effects),
    };
  }
  const plane = planeEffects(responses);
  const bars = plane.mainEffects.flatMap((effect): TornadoBar[] => {
    const [path = ''] = effect.paths;
    const ends = plane.ends.get(path);
    const without = { low: null, high: null };
    if (ends === undefined) return [];
    return [
      barOf(effect, responses, {
        atLow: { value: ends.atLow, ...without },
        atHigh: { value: ends.atHigh, ...without },
      }),
    ];
  });
  return {
    ...told,
    method: 'regression',
    explained: plane.explained,
    mainEffects: plane.mainEffects,
    interactions: [],
    tornado: longestFirst(bars),
    levelMeans: [],
    notes: plane.notes,
  };
}

function contrastBars({ mainEffects }: Effects, responses: Responses): readonly TornadoBar[] {
  return mainEffects.map((effect) => {
    const factor = responses.factors.find(({ path }) => path === effect.paths[0]);
    const at = (level: unknown) =>
      contrastOf(
        responses,
        meanWeights(responses.points, ({ settings }) => settings[factor?.path ?? ''] === level),
      );
    return barOf(effect, responses, { atLow: at(factor?.low), atHigh: at(factor?.high) });
  });
}

function barOf(
  { aliases: _, reason: __, ...effect }: SweepEffect,
  { factors }: Responses,
  ends: Pick<TornadoBar, 'atLow' | 'atHigh'>,
): TornadoBar {
  const factor = factors.find(({ path }) => path === effect.paths[0]);
  return { ...effect, lowLevel: factor?.low ?? '', highLevel: factor?.high ?? '', ...ends };
}

function longestFirst(bars: readonly TornadoBar[]): readonly TornadoBar[] {
  return [...bars].sort((a, b) => Math.abs(b.effect ?? 0) - Math.abs(a.effect ?? 0));
}

function aliasNotes({ mainEffects, interactions }: Effects): readonly string[] {
  const mixed = mainEffects.filter(({ aliases }) => aliases.length > 0);
  const refused = interactions.filter(({ effect }) => effect === null);
  return [
    ...(mixed.length === 0
      ? []
      : ['main effects are mixed with interactions here: right only where those are small']),
    ...(refused.length === 0 ? [] : ['this design does not bear interactions: use factorial']),
  ];
}
