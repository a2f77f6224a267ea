/** Published figures and how well a run meets them. */
import type { RunDocument } from '../experiment/result.ts';
import { formatShare, NO_NUMBER } from './numbers.ts';

type Reference = RunDocument['references'][number];

/** Relative error up to which a published figure counts as met, 0–1. */
export const TOLERANCE = 0.15;

const METRIC_NAMES: Readonly<Record<Reference['metric'], readonly [name: string, unit: string]>> = {
  pagesPerSec: ['pages per second', ''],
  meanMs: ['mean page load', ', ms'],
  p95Ms: ['page load p95', ', ms'],
};

/** A metric of a reference in words, with its unit. */
export function metricName(metric: Reference['metric']): string {
  return (METRIC_NAMES[metric] ?? [metric]).join('');
}

/** Whether a figure is met; one that could not be measured is not. */
export function isMet({ relativeError }: Reference): boolean {
  return Math.abs(relativeError) <= TOLERANCE;
}

/** A share with its sign: `+12.3 %`. */
export function signedShare(share: number): string {
  if (!Number.isFinite(share)) return NO_NUMBER;
  return `${share > 0 ? '+' : ''}${formatShare(share)}`;
}

/** How many published figures are met, and the farthest; undefined where there are none. */
export function publishedSentence(references: readonly Reference[]): string | undefined {
  if (references.length === 0) return undefined;
  const met = references.filter(isMet).length;
  const [farthest] = references
    .filter(({ relativeError }) => Number.isFinite(relativeError))
    .sort((a, b) => Math.abs(b.relativeError) - Math.abs(a.relativeError));
  const off =
    farthest === undefined
      ? []
      : [
          `; the farthest off is ${farthest.variant} by ${METRIC_NAMES[farthest.metric]?.[0]} ` +
            `(${signedShare(farthest.relativeError)})`,
        ];
  const first =
    `${met} of ${references.length} published figures ${met === 1 ? 'is' : 'are'} met ` +
    `within ±${TOLERANCE * 100} %`;
  return `${first}${off.join('')}.`;
}
