/** Documents other than runs as samples. */
import type { LoadDocument } from '../../experiment/capacity/documents/load-document.ts';
import type { PlanDocument } from '../../experiment/capacity/documents/plan-document.ts';
import type { CheckDocument } from '../../experiment/check/check-document.ts';
import type { FaultsReport } from '../../experiment/faults/faults-report.ts';
import type { BackfillDocument, CompareDocument, IngestDocument } from '../../experiment/result.ts';
import type { SweepDocument } from '../../experiment/sweep/sweep-document.ts';
import type { MetricDefinition } from './definitions.ts';
import { createSampler, type MetricSample, type NamedMetric } from './metric-sample.ts';
import { addLedgers } from './run-samples.ts';
import { addVerdicts } from './verdict-samples.ts';

const PER_MS = 1e-3;

/** Estimates over replications, differences of pairs, verdicts. */
export function compareSamples(document: CompareDocument): readonly MetricSample[] {
  const sampler = createSampler({ scenario: document.scenario });
  for (const { name: subject, architecture, metrics } of document.architectures) {
    for (const [metric, estimate] of Object.entries(metrics)) {
      const { named, scale } = ownMetric(metric, estimate.unit);
      sampler.addOther(named, estimate, { of: { subject, architecture }, scale });
    }
  }
  for (const { a, b, metric, unit, difference } of document.differences) {
    const { named, scale } = ownMetric(`${metric} difference`, unit);
    sampler.addOther(named, difference, { of: { a, b }, scale });
  }
  addVerdicts(sampler, document.verdicts);
  addLedgers(sampler, document.ledger);
  return sampler.samples;
}

/** Every metric at every point of the design, and its verdicts. */
export function sweepSamples(document: SweepDocument): readonly MetricSample[] {
  const units = new Map(document.metrics.map(({ name, unit }) => [name, unit]));
  const sampler = createSampler({ scenario: document.scenario });
  for (const { name: subject, architecture, points } of document.subjects) {
    for (const point of points) {
      const settings = JSON.stringify(point.settings);
      for (const [metric, estimate] of Object.entries(point.metrics)) {
        const { named, scale } = ownMetric(metric, units.get(metric) ?? '1');
        const of = { subject, architecture, point: point.name, settings };
        sampler.addOther(named, estimate, { of, scale });
      }
      addVerdicts(sampler, point.verdicts, { subject, point: point.name });
    }
  }
  addLedgers(sampler, document.ledger);
  return sampler.samples;
}

/** What was chosen and what it costs. */
export function planSamples(document: PlanDocument): readonly MetricSample[] {
  const sampler = createSampler({ scenario: document.scenario });
  for (const one of document.plans) {
    const of = { subject: one.name, architecture: one.architecture };
    sampler.add('backlot.plan.cost', one.usdPerHour, { of });
    for (const { path, chosen } of one.numbers) {
      sampler.add('backlot.plan.number', chosen, { of: { ...of, path } });
    }
    sampler.add('backlot.load.factor', one.headroom?.factor, { of });
    addVerdicts(sampler, one.verdicts, { subject: one.name });
  }
  return sampler.samples;
}

/** The most traffic, and the curve on the way there. */
export function loadSamples(document: LoadDocument): readonly MetricSample[] {
  const sampler = createSampler({ scenario: document.scenario });
  for (const one of document.loads) {
    const of = { subject: one.name, architecture: one.architecture };
    sampler.add('backlot.load.factor', one.factor, { of });
    sampler.add('backlot.load.pages', one.pagesPerSec, { of });
    for (const point of one.curve) {
      const ofPoint = { ...of, factor: String(point.factor) };
      const quantiles = { '0.5': point.p50Ms, '0.95': point.p95Ms, '0.99': point.p99Ms };
      for (const [quantile, value] of Object.entries(quantiles)) {
        const options = { of: { ...ofPoint, quantile }, scale: PER_MS };
        sampler.add('backlot.page.load.time', value, options);
      }
      const shown = { of: { ...ofPoint, outcome: 'shown' } };
      sampler.add('backlot.page.rate', point.pagesPerSec, shown);
    }
  }
  return sampler.samples;
}

/** Findings by code, and what theory says of every station. */
export function checkSamples(document: CheckDocument): readonly MetricSample[] {
  const sampler = createSampler({ scenario: document.scenario ?? undefined });
  for (const severity of ['error', 'warning'] as const) {
    const count = document.findings.filter((one) => one.severity === severity).length;
    sampler.add('backlot.check.findings', count, { of: { severity } });
  }
  for (const { name: subject, architecture, stations } of document.subjects) {
    for (const { station, peak } of stations) {
      const of = { subject, architecture, station };
      sampler.add('backlot.check.station.utilization', peak.utilization, { of });
      sampler.add('backlot.check.station.wait', peak.meanWaitMs, { of, scale: PER_MS });
    }
  }
  return sampler.samples;
}

/** Strikes by kind, and how often each invariant had work to do. */
export function campaignSamples(document: FaultsReport): readonly MetricSample[] {
  const sampler = createSampler({ scenario: document.scenario ?? undefined });
  sampler.add('backlot.fault.trials', document.runs);
  for (const { kind, family, strikes } of document.kinds) {
    sampler.add('backlot.fault.strikes', strikes, { of: { kind, family } });
  }
  for (const { name, verdict, exercised } of document.invariants) {
    sampler.add('backlot.invariant.exercised', exercised, { of: { invariant: name, verdict } });
  }
  return sampler.samples;
}

/** Records of a file, or of a lake, by what became of them. */
export function recordSamples(
  document: IngestDocument | BackfillDocument,
): readonly MetricSample[] {
  const isIngest = document.schema === 'backlot.ingest/1';
  const name = isIngest ? 'backlot.ingest.records' : 'backlot.backfill.records';
  const sampler = createSampler(isIngest ? { format: document.format } : {});
  const { read, stored, duplicates, badRows, lateEvents } = document;
  const counts = { read, stored, duplicate: duplicates, bad: badRows, late: lateEvents };
  for (const [outcome, count] of Object.entries(counts)) {
    sampler.add(name, count, { of: { outcome } });
  }
  if (isIngest) {
    for (const [reason, count] of Object.entries(document.badRowReasons)) {
      sampler.add(name, count, { of: { outcome: 'bad_by_reason', reason } });
    }
  }
  sampler.add('backlot.pipeline.panes', document.panes);
  addLedgers(sampler, document.ledger);
  return sampler.samples;
}

const UNITS: Readonly<Record<string, readonly [unit: string, scale: number]>> = {
  ms: ['s', PER_MS],
  s: ['s', 1],
  'pages/s': ['{page}/s', 1],
  bytes: ['By', 1],
  '1': ['1', 1],
};

/** A metric by the name that the document gives it: `page load p95` in ms is
 * `backlot.page.load.p95` in s. */
export function ownMetric(
  metric: string,
  unit: string,
): { readonly named: NamedMetric; readonly scale: number } {
  const [ucum, scale] = UNITS[unit] ?? [`{${unit.replaceAll(/[^A-Za-z0-9/]/g, '_')}}`, 1];
  const words = metric.toLowerCase().match(/[a-z0-9]+/g) ?? ['unnamed'];
  const definition: MetricDefinition = { unit: ucum, kind: 'gauge', words: metric };
  return { named: { name: `backlot.${words.join('.')}`, definition }, scale };
}
