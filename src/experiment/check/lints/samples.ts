/** Runs that are too short for what they are asked: heavy tails, saturation, hardly any pages.
 * Spec: E256. */
import type { DistributionSpec } from '../../../kernel/distributions/distribution.ts';
import type { Scenario } from '../../scenario/schema.ts';
import type { Finding } from '../check-document.ts';
import { duration, finding, type Lint, number, percent } from './finding.ts';

/** Pages below which percentiles are about single pages. */
const FEW_PAGES = 100;
/** Relative half-width of a mean that is still worth reading, at 95 %. */
const WIDE = 0.25;
const Z95 = 1.96;
/** Runs are long enough in practice below this utilization. */
const BUSY = 0.7;

/** L-TAIL: Pareto tails without a mean, or whose mean comes out slowly. */
export const tailLints: Lint = ({ scenario, subjects }) => {
  const pages = Math.max(0, ...subjects.map(({ preflight }) => preflight.pages.expected));
  return distributionsIn(scenario).flatMap(([path, spec]): readonly Finding[] => {
    if (spec.kind !== 'pareto' || spec.shape > 3) return [];
    const place = { subject: null, path, found: `pareto, shape ${spec.shape}` };
    if (spec.shape <= 1) {
      const rule = 'it has no mean: no number of runs settles, give a shape above 1';
      return [finding('error', 'L-TAIL', { ...place, rule })];
    }
    const needed = samplesForMean(spec.shape);
    if (needed <= pages) return [];
    const rule =
      `${spec.shape <= 2 ? 'its variance is infinite' : 'its tail is heavy'}: a mean to ± 10 % ` +
      `needs about ${number(needed)} draws, this run makes about ${number(pages)}; run ` +
      'longer, replicate, or read medians';
    return [finding('warning', 'L-TAIL', { ...place, rule })];
  });
};

/** Draws until the mean is within 10 %: by the central limit theorem where there is a variance,
 * else by the growth n^(1/α − 1) of the error of stable sums. */
function samplesForMean(shape: number): number {
  if (shape > 2) return (Z95 / 0.1) ** 2 / (shape * (shape - 2));
  return 10 ** (1 / (1 - 1 / Math.min(shape, 1.99)));
}

/** L-RUN-LENGTH: near saturation a run of this length says little, by Whitt's asymptotic variance
 * of the number in an M/M/1: relative 2(1 + ρ) ÷ (ρ(1 − ρ)²) a unit of service time.
 * Source: Whitt, "Planning queueing simulations", Management Science 35, 1989. */
export const runLengthLints: Lint = ({ subjects }) =>
  subjects.flatMap(({ variant, preflight }) => {
    const { clock, traffic } = variant.scenario;
    const { duration: lengthUs, warmUp } = clock;
    // Users who wait for their answers keep the line short: the formula is for open arrivals.
    if (traffic?.kind === 'closed') return [];
    return preflight.stations.flatMap((station): readonly Finding[] => {
      const busy = station.meanUtilization;
      if (busy < BUSY || busy >= 1) return [];
      const unitUs = (station.meanServiceMs * 1_000) / station.peak.workers;
      const spread = ((2 * (1 + busy)) / (busy * (1 - busy) ** 2)) * unitUs;
      const halfWidth = Z95 * Math.sqrt(spread / (lengthUs - warmUp));
      if (halfWidth <= WIDE) return [];
      const neededUs = spread * (Z95 / WIDE) ** 2;
      const place = { subject: preflight.name, path: 'clock.duration' };
      const found = `${duration(lengthUs)} with ${station.station} ${percent(busy)} busy`;
      const rule =
        `one run knows its mean line to ± ${percent(halfWidth)} only: run ` +
        `${duration(neededUs)} or replicate ${Math.ceil(neededUs / (lengthUs - warmUp))} times`;
      return [finding('warning', 'L-RUN-LENGTH', { ...place, found, rule })];
    });
  });

/** L-TRAFFIC: nobody asks, or hardly anybody. */
export const trafficLints: Lint = ({ subjects }) =>
  subjects.flatMap(({ preflight }): readonly Finding[] => {
    const { measured } = preflight.pages;
    if (measured >= FEW_PAGES) return [];
    const isNone = measured < 0.5;
    const found = `about ${number(measured)} pages after the warm-up`;
    const rule = isNone
      ? 'nothing is measured: give viewers or traffic, or a longer run'
      : `percentiles need more pages (p99: 1,000): give more traffic or a longer run`;
    const place = { subject: preflight.name, path: 'clock.duration' };
    return [finding(isNone ? 'error' : 'warning', 'L-TRAFFIC', { ...place, found, rule })];
  });

/** Distributions of worker and network time with their paths. */
function distributionsIn(
  scenario: Scenario,
): readonly (readonly [path: string, spec: DistributionSpec])[] {
  const found: (readonly [string, DistributionSpec])[] = [];
  const walk = (value: unknown, path: string) => {
    if (typeof value !== 'object' || value === null) return;
    if ('kind' in value && value.kind === 'pareto') found.push([path, value as DistributionSpec]);
    for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
  };
  for (const part of ['services', 'architectures', 'network', 'audience', 'traffic'] as const) {
    walk(scenario[part], part);
  }
  return found;
}
