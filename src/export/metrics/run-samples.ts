/** A run as samples: the figures of each architecture or variant, then its series. */
import type { ArchitectureResult, LedgerLine, RunDocument } from '../../experiment/result.ts';
import { createSampler, type MetricSample, type Sampler } from './metric-sample.ts';
import { addSeries } from './series-samples.ts';
import { addVerdicts } from './verdict-samples.ts';

const PER_MS = 1e-3;
const QUANTILES = { p50: '0.5', p95: '0.95', p99: '0.99' } as const;
const RUN = 'run';

/** All samples of a run. Cost O(figures + series points). */
export function runSamples(document: RunDocument): readonly MetricSample[] {
  const { scenario, architectures, verdicts } = document;
  const ofSubjects = architectures.flatMap((one) => {
    const sampler = createSampler({
      scenario,
      subject: one.name,
      architecture: one.architecture,
    });
    addPages(sampler, one);
    addCalls(sampler, one);
    addServers(sampler, one);
    addPipeline(sampler, one);
    addViewing(sampler, one);
    addLedgers(sampler, one.ledger);
    addSeries(sampler, one);
    return sampler.samples;
  });
  const sampler = createSampler({ scenario });
  addVerdicts(sampler, verdicts);
  return [...ofSubjects, ...sampler.samples];
}

/** in = out + in_flight + dropped + residual, for requests and events. */
export function addLedgers(
  sampler: Sampler,
  ledger: Readonly<Partial<Record<'requests' | 'events', LedgerLine>>>,
): void {
  for (const [name, line] of Object.entries(ledger)) {
    const add = (account: string, value: number, reason?: string) =>
      sampler.add('backlot.ledger.items', value, { of: { ledger: name, account, reason } });
    add('in', line.in);
    add('out', line.out);
    add('in_flight', line.inFlight);
    add('dropped', line.dropped);
    add('residual', line.residual);
    for (const [reason, count] of Object.entries(line.droppedByReason)) {
      add('dropped_by_reason', count, reason);
    }
  }
}

function addPages(sampler: Sampler, one: ArchitectureResult): void {
  sampler.add('backlot.page.requests', one.requests);
  for (const outcome of ['errors', 'partial', 'degraded'] as const) {
    sampler.add('backlot.page.outcomes', one[outcome], { of: { outcome } });
  }
  sampler.add('backlot.page.rate', one.pagesPerSec, { of: { outcome: 'shown', scope: RUN } });
  for (const [percentile, quantile] of entries(QUANTILES)) {
    const estimate = one.pageLoadTimeIntervalsMs[percentile];
    const of = { quantile, scope: RUN };
    sampler.add('backlot.page.load.time', estimate, { of, scale: PER_MS });
    for (const { page, pageLoadTimeMs } of one.byPage) {
      const ofPage = { of: { ...of, page }, scale: PER_MS };
      sampler.add('backlot.page.load.time', pageLoadTimeMs[percentile], ofPage);
    }
  }
  sampler.add('backlot.page.load.mean', one.meanPageLoadTimeMs, { scale: PER_MS });
  sampler.add('backlot.page.calls', one.wanCallsPerPage, { of: { network: 'wan' } });
  sampler.add('backlot.page.calls', one.internalCallsPerPage, { of: { network: 'internal' } });
  for (const network of ['wan', 'internal'] as const) {
    sampler.add('backlot.page.bytes', one.bytesPerPage[network], { of: { network } });
  }
  const { wan, sameZone, otherZone, otherRegion } = one.traffic;
  sampler.add('backlot.network.io', wan.up, { of: { road: 'wan', direction: 'up' } });
  sampler.add('backlot.network.io', wan.down, { of: { road: 'wan', direction: 'down' } });
  sampler.add('backlot.network.io', sameZone, { of: { road: 'same_zone' } });
  sampler.add('backlot.network.io', otherZone, { of: { road: 'other_zone' } });
  sampler.add('backlot.network.io', otherRegion, { of: { road: 'other_region' } });
  if (one.cost === null) return;
  sampler.add('backlot.cost.rate', one.cost.usdPerHour);
  for (const [kind, usd] of Object.entries(one.cost.usdBy)) {
    sampler.add('backlot.cost.spent', usd, { of: { kind } });
  }
}

function addCalls(sampler: Sampler, { calls }: ArchitectureResult): void {
  for (const one of calls) {
    const { edge } = one;
    for (const [outcome, count] of Object.entries({ ...one.settled, abandoned: one.abandoned })) {
      sampler.add('backlot.call.settled', count, { of: { edge, outcome } });
    }
    const { answers, errors, timeouts, hangUps, open } = one;
    const attempts = { answer: answers, error: errors, timeout: timeouts, hang_up: hangUps, open };
    for (const [outcome, count] of Object.entries(attempts)) {
      sampler.add('backlot.call.attempts', count, { of: { edge, outcome } });
    }
    sampler.add('backlot.call.retries', one.retries, { of: { edge } });
    sampler.add('backlot.call.hedges', one.hedges, { of: { edge } });
    for (const [reason, count] of Object.entries(one.failures)) {
      sampler.add('backlot.call.failures', count, { of: { edge, reason } });
    }
  }
}

function addServers(sampler: Sampler, { servers, utilization }: ArchitectureResult): void {
  for (const { service, mean } of utilization) {
    const of = { server: service, scope: RUN };
    sampler.add('backlot.server.utilization', mean, { of });
  }
  for (const one of servers) {
    const of = { server: one.name };
    for (const account of ['offered', 'answered', 'inFlight'] as const) {
      const counted = account === 'inFlight' ? 'in_flight' : account;
      sampler.add('backlot.server.requests', one[account], { of: { ...of, account: counted } });
    }
    for (const [reason, count] of Object.entries(one.failures)) {
      sampler.add('backlot.server.failures', count, { of: { ...of, reason } });
    }
    sampler.add('backlot.server.wait', one.meanWaitMs, { of, scale: PER_MS });
    sampler.add('backlot.server.service', one.meanServiceMs, { of, scale: PER_MS });
    sampler.add('backlot.server.cache.hits', one.cacheHitShare, { of });
    for (const statistic of ['min', 'max', 'mean'] as const) {
      const ofAll = { ...of, statistic, scope: RUN };
      sampler.add('backlot.server.replicas', one.replicas[statistic], { of: ofAll });
    }
  }
}

function addPipeline(sampler: Sampler, { pipeline }: ArchitectureResult): void {
  for (const { stage, received, passed, rejected, dropped } of pipeline.stages) {
    const add = (outcome: string, count: number, reason?: string) =>
      sampler.add('backlot.pipeline.events', count, { of: { stage, outcome, reason } });
    add('received', received);
    add('passed', passed);
    for (const [reason, count] of Object.entries(rejected)) add('rejected', count, reason);
    for (const [reason, count] of Object.entries(dropped)) add('dropped', count, reason);
  }
  for (const [percentile, quantile] of entries(QUANTILES)) {
    const seconds = pipeline.freshnessSeconds[percentile];
    sampler.add('backlot.pipeline.freshness', seconds, { of: { quantile } });
  }
  sampler.add('backlot.pipeline.panes', pipeline.panes);
  const { workers } = pipeline;
  if (workers === null) return;
  sampler.add('backlot.pipeline.utilization', workers.utilization, { of: { scope: RUN } });
  const of = (statistic: string) => ({ of: { statistic, scope: RUN } });
  sampler.add('backlot.pipeline.lag', workers.meanLagEvents, of('mean'));
  sampler.add('backlot.pipeline.lag', workers.maxLagEvents, of('max'));
}

function addViewing(sampler: Sampler, { viewing }: ArchitectureResult): void {
  sampler.add('backlot.viewing.plays', viewing.plays);
  for (const { name, titleId, plays } of viewing.topTitles) {
    sampler.add('backlot.viewing.plays', plays, { of: { title: name, title_id: titleId } });
  }
  for (const { genre, plays } of viewing.topGenres) {
    sampler.add('backlot.viewing.plays', plays, { of: { genre } });
  }
  sampler.add('backlot.viewing.completion', viewing.completionShare);
  const of = { statistic: 'max', scope: RUN };
  sampler.add('backlot.viewers.concurrent', viewing.maxConcurrentViewers, { of });
}

function entries<K extends string, V>(record: Readonly<Record<K, V>>): [K, V][] {
  return Object.entries(record) as [K, V][];
}
