/** A finished world and its warehouse, summed up as the result document of one architecture. */
import { hours, US_PER_SECOND } from '../../kernel/time.ts';
import { createHistogram } from '../../stats/hdr-histogram.ts';
import type { HistogramCounts } from '../../stats/histogram-counts.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import type { World } from '../assemble.ts';
import { runCost } from '../costs/run-cost.ts';
import { measureObjectives } from '../objectives/measure-objectives.ts';
import { sloMinutes } from '../objectives/slo-minutes.ts';
import { summariseLoop } from '../recommendations/results/summarise-loop.ts';
import type { ArchitectureResult, RunSubject } from '../result.ts';
import { checkStations } from '../stations/station-check.ts';
import type { Turn } from '../turns/turned-simulation.ts';
import { isError, type PageLoadRecord } from '../world/load-columns.ts';
import { callsResults, serverResults, wastedWorkShare } from './calls-and-servers.ts';
import { eventLedger, requestLedger } from './ledger.ts';
import {
  type LoadSections,
  loadSections,
  percentileIntervals,
  percentilesOf,
} from './page-loads.ts';
import { loadForecasts } from './requests/load-forecasts.ts';
import { pathFigures } from './requests/path-figures.ts';
import { seriesOf } from './series.ts';
import { slowestLoads } from './slowest.ts';
import { runTraces } from './traces/run-traces.ts';
import { trafficResult } from './traffic.ts';
import { readPipeline, readStoredCounts, readViewing } from './warehouse-figures.ts';

/** What one run leaves: its document, and the sections that differences are made of. */
export interface RunFigures {
  readonly result: ArchitectureResult;
  readonly sections: LoadSections;
  /** Of the measured pages. */
  readonly pageLoadTimeUs: HistogramCounts;
  /** Changes that were made on the way. */
  readonly turns: readonly Turn[];
}

/** Sums a run up. */
export function summarise(subject: RunSubject, world: World, warehouse: Warehouse): RunFigures {
  const { recorder } = world;
  const { loads } = recorder;
  const warmUp = world.warmUp.found;
  const measured = loads.filter((load) => load.isMeasured);
  const sections = loadSections(loads);
  const errors = loads.filter(isError).length + recorder.offlineCount;
  const shown = Math.max(1, loads.length);
  const seconds = world.durationUs / US_PER_SECOND;
  const slowest = slowestLoads(world, measured);
  const pageLoadTimeUs = histogramOf(measured);
  const { cutUs: warmUpUs, isTooShort } = warmUp;
  const finished = { world, warehouse, subject: subject.name, warmUpUs, isTooShort };
  return {
    sections,
    pageLoadTimeUs,
    turns: world.turns.made,
    result: {
      ...subject,
      digest: world.digest.value(),
      requests: recorder.askedCount,
      errors,
      partial: loads.filter((load) => load.outcome === 'partial').length,
      degraded: loads.filter((load) => load.outcome === 'degraded').length,
      errorShare: errors / Math.max(1, loads.length + recorder.offlineCount),
      pageLoadTimeMs: percentilesOf(measured.map(milliseconds)),
      meanPageLoadTimeMs: meanOf(measured.map(milliseconds)),
      pagesPerSec: loads.filter((load) => !isError(load)).length / seconds,
      pageLoadTimeIntervalsMs: percentileIntervals(sections),
      byPage: byPage(measured),
      wanCallsPerPage: recorder.wan.calls / shown,
      internalCallsPerPage: recorder.internal.calls / shown,
      bytesPerPage: {
        wan: recorder.wan.bytes / shown,
        internal: recorder.internal.bytes / shown,
      },
      traffic: trafficResult(world),
      utilization: utilization(world),
      calls: callsResults(world),
      servers: serverResults(world),
      stations: checkStations(world),
      objectives: measureObjectives(finished),
      ...sloMinutes(finished),
      ...loadForecasts(world),
      cost: runCost(world),
      warmUpUs,
      warmUp,
      wastedWorkShare: wastedWorkShare(world),
      pipeline: readPipeline(world, warehouse),
      viewing: readViewing(warehouse),
      ledger: {
        requests: requestLedger(world),
        events: eventLedger(world, readStoredCounts(warehouse)),
      },
      series: seriesOf(world),
      path: pathFigures(world, pageLoadTimeUs),
      slowest,
      traces: runTraces(world.tracer.kept(), slowest),
      ...summariseLoop(world, warehouse),
      viewers: world.viewerCount,
      scheduledEvents: world.simulation.executedCount,
    },
  };
}

/** Three significant digits, up to a day. */
function histogramOf(loads: readonly PageLoadRecord[]): HistogramCounts {
  const histogram = createHistogram({ significantDigits: 3, maxValue: hours(24) });
  for (const load of loads) histogram.record(load.pageLoadTimeUs);
  return histogram.counts();
}

function byPage(loads: readonly PageLoadRecord[]): ArchitectureResult['byPage'] {
  const pages = [...new Set(loads.map((load) => load.page))].sort();
  return pages.map((page) => {
    const ofPage = loads.filter((load) => load.page === page);
    return {
      page,
      requests: ofPage.length,
      pageLoadTimeMs: percentilesOf(ofPage.map(milliseconds)),
    };
  });
}

/** Busy worker time over worker time, from the start to the end of the run. */
function utilization(world: World): ArchitectureResult['utilization'] {
  return world.wired.servers.map(({ name, account, workers }, n) => {
    const replicas = meanOf(world.sampler.servers[n]?.replicas ?? []) ?? 0;
    const capacityUs = workers(replicas) * world.endUs;
    return { service: name, mean: capacityUs === 0 ? 0 : account.workUs / capacityUs };
  });
}

function meanOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function milliseconds(load: PageLoadRecord): number {
  return load.pageLoadTimeUs / 1_000;
}
