/** Any document as samples, and the times of those. */

import { US_PER_HOUR } from '../../kernel/time.ts';
import type { ExportableDocument } from '../export-format.ts';
import { adviceSamples } from './advice-samples.ts';
import type { MetricSample } from './metric-sample.ts';
import {
  campaignSamples,
  checkSamples,
  compareSamples,
  loadSamples,
  planSamples,
  recordSamples,
  sweepSamples,
} from './other-samples.ts';
import { runSamples } from './run-samples.ts';

/** Every sample of a document, in a fixed order. */
export function samplesOf(document: ExportableDocument): readonly MetricSample[] {
  switch (document.schema) {
    case 'backlot.run/1':
      return runSamples(document);
    case 'backlot.compare/1':
      return compareSamples(document);
    case 'backlot.sweep/1':
      return sweepSamples(document);
    case 'backlot.advice/1':
      return adviceSamples(document);
    case 'backlot.plan/1':
      return planSamples(document);
    case 'backlot.load/1':
      return loadSamples(document);
    case 'backlot.check/1':
      return checkSamples(document);
    case 'backlot.faults/1':
      return campaignSamples(document);
    default:
      return recordSamples(document);
  }
}

/** When what a document tells began and ended, ms since the Unix epoch; null where it is of no
 * time of its own. */
export function timesOf(
  document: ExportableDocument,
): { readonly startMs: number; readonly endMs: number } | null {
  if (!('startUtc' in document)) return null;
  const startMs = Date.parse(document.startUtc);
  const lengthMs = Math.round((document.virtualHours * US_PER_HOUR) / 1_000);
  return Number.isFinite(startMs) ? { startMs, endMs: startMs + lengthMs } : null;
}
