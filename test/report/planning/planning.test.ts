/** What is shown of objectives, stations and costs, and of plans, load tests and sweeps. */
import { describe, expect, it } from 'vitest';
import type { ObjectiveVerdict } from '../../../src/experiment/objectives/objective.ts';
import type { StationCheck } from '../../../src/experiment/stations/station-check.ts';
import {
  formatObjectiveEstimate,
  formatObjectiveValue,
  verdictSentence,
} from '../../../src/report/objective-values.ts';
import { costsSection, sloCostsSection } from '../../../src/report/sections/planning/costs.ts';
import { objectivesSection } from '../../../src/report/sections/planning/objectives.ts';
import { stationsSection } from '../../../src/report/sections/planning/stations.ts';
import { renderSummary } from '../../../src/report/summary.ts';
import { compareDocument, runDocument } from '../fixture-documents.ts';
import { reportHtml } from '../report-html.ts';
import { loadDocument, MISSED, planDocument, sweepDocument } from './planning-documents.ts';

const OPEN: ObjectiveVerdict = {
  ...MISSED,
  subject: 'federated',
  verdict: 'inconclusive',
  severity: 'warn',
  moreReplications: 24,
  worst: null,
  reason: 'The limit lies within the interval.',
};

const STATION: StationCheck = {
  station: 'talent',
  model: 'M/M/c',
  serverCount: 4,
  arrivalRatePerSec: 35,
  utilization: 0.875,
  meanInSystem: 8.2,
  meanWaitMs: 134,
  meanSojournMs: 234,
  littlesLaw: { left: 8.2, right: 8.2, holds: true },
  utilizationLaw: { left: 0.875, right: 0.8, holds: false },
  theory: {
    model: 'M/M/4',
    isExact: true,
    meanWaitMs: 131,
    meanWaitIntervalMs: { low: 121, high: 146 },
    utilization: 0.875,
    waitProbability: 0.75,
    isCovered: true,
    source: 'Erlang C',
  },
  flow: { left: 10, right: 10, holds: true },
  measured: { fromUs: 0, toUs: 60e6 },
  note: null,
};

const RUN = runDocument();
const [FIRST, ...REST] = RUN.architectures;
const COST = {
  usd: 1.5,
  usdPerHour: 2,
  usdBy: { cores: 1, memory: 0.2, requests: 0.1, traffic: 0.1, storage: 0.05, pipeline: 0.05 },
  quantities: {
    coreHours: 20,
    memoryGibHours: 40,
    requests: 100_000,
    lakeGibMonths: 1,
    warehouseGibMonths: 1,
    partitionHours: 4,
    pipelineCoreHours: 1,
    pipelineMemoryGibHours: 4,
  },
  usdPerThousandPlays: 4.25,
  usdPerMillionPages: null,
};
const PLANNED = {
  ...RUN,
  verdicts: [MISSED, OPEN],
  architectures:
    FIRST === undefined ? [] : [{ ...FIRST, stations: [STATION], cost: COST }, ...REST],
};

describe('objectives', () => {
  it('are shown in the unit that they were written in', () => {
    expect(formatObjectiveValue(450_000, 'ms')).toBe('450 ms');
    expect(formatObjectiveValue(0.001, '%')).toBe('0.100 %');
    expect(formatObjectiveValue(90e6, 's')).toBe('90 s');
    expect(formatObjectiveValue(3, '')).toBe('3');
    expect(formatObjectiveValue(null, 'ms')).toBe('–');
    expect(formatObjectiveEstimate(MISSED)).toBe('521 ms [498, ∞]');
  });

  it('have their verdicts in words, with margin, worst window and what would decide', () => {
    const body = objectivesSection([MISSED, OPEN])?.body ?? '';
    expect(body).toContain('✗ FAIL');
    expect(body).toContain('? inconclusive');
    expect(body).toContain('−15.8 %');
    expect(body).toContain('minutes 10 to 11 of replication 7');
    expect(body).toContain('About 24 more replications would decide.');
    expect(objectivesSection([])).toBeUndefined();
  });

  it('show the worst window in its own unit, beside the share of windows', () => {
    const objective = 'p95(page.load) < 2s over 1m windows for 90%';
    const worst = { fromUs: 0, toUs: 60e6, value: 1_500_000, replication: 0 };
    const share = { value: 1, low: null, high: null, limit: 0.9, unit: '%' };
    const body = objectivesSection([{ ...OPEN, ...share, objective, worst }])?.body ?? '';
    expect(body).toContain('<td>100 %</td>');
    expect(body).toContain('<td>1.50 s<small>');
  });

  it('are counted in a sentence that names one that is missed', () => {
    expect(verdictSentence([MISSED, OPEN])).toBe(
      'Of 2 judged objectives, 1 missed, 1 undecided. direct misses p99(page.load) < 450ms: ' +
        '521 ms [498, ∞].',
    );
    expect(verdictSentence([])).toBeUndefined();
  });
});

describe('stations and costs', () => {
  it('stand beside theory, and a broken law is loud', () => {
    const body = stationsSection(PLANNED)?.body ?? '';
    expect(body).toContain('M/M/4, ✓ within its interval');
    expect(body).toContain('✗ BROKEN');
    expect(stationsSection(RUN)).toBeUndefined();
  });

  it('at the objectives stand in a comparison, for whom meets them', () => {
    const document = compareDocument();
    expect(sloCostsSection(document)).toBeUndefined();
    const [first, ...rest] = document.architectures;
    const priced = first === undefined ? [] : [{ ...first, usdPerMillionPagesAtSlo: 12.5 }];
    const compared = { ...document, architectures: [...priced, ...rest] };
    expect(reportHtml(compared)).toContain('USD per million pages, where every objective');
    const text = renderSummary(compared, { color: false, width: 100 });
    expect(text).toContain('monolith: $12.5');
  });

  it('are split by what they are for', () => {
    const body = costsSection(PLANNED.architectures)?.body ?? '';
    expect(body).toContain('4.25');
    expect(body).toContain('Pipeline');
    expect(costsSection(RUN.architectures)).toBeUndefined();
  });

  it('are in the report and in the summary', () => {
    const page = reportHtml(PLANNED);
    for (const id of ['objectives', 'stations', 'costs']) expect(page).toContain(`id="${id}"`);
    const text = renderSummary(PLANNED, { color: false, width: 100 });
    expect(text).toContain('BROKEN LAWS');
    expect(text).toContain('per million pages');
    expect(text).toContain('✗ FAIL');
  });
});

describe('pages of campaigns', () => {
  it('of a plan: fleet, what binds, excuses, regret, staffing, front', () => {
    const page = reportHtml(planDocument());
    expect(page).toContain('premiere: the cheapest fleet');
    expect(page).toContain('zone 1 of region 0 lost, worst at minute 20.5; busiest then: talent');
    expect(page).toContain('4 of 6 replications');
    expect(page).toContain('✓ least regret');
    expect(page).toContain('Tier 0, Q = 2.38');
    expect(page).toContain('1.19 [1.15, 1.22] times the planned traffic');
    expect(page.match(/on the front<\/td>/g)?.length).toBe(3);
  });

  it('of a load test: maxima, and verdicts where there are none', () => {
    const page = reportHtml(loadDocument());
    expect(page).toContain('Federated bears 2.10 [1.95, 2.25] times the traffic');
    expect(page).toContain('Direct: The objectives are missed even at 0.5 times the traffic.');
    expect(page).toContain('by Kneedle');
    expect(page).toContain('<td>34</td>');
    expect(page.match(/<figure>/g)?.length).toBe(4);
  });

  it('of a sweep: what matters, in sentences, bars and tables', () => {
    const page = reportHtml(sweepDocument());
    expect(page).toContain('page load p95 hangs most on services.talent.replicas; from 1 to 4');
    expect(page).toContain('Best by page load p95: federated/0, 500. 1 other point cannot be told');
    expect(page).toContain('Not all points are in it: the budget was used up.');
    expect(page).toContain('page load p95: Two replications had no page.');
    expect(page).toContain('may be chance');
  });

  it('are the same bytes again', () => {
    for (const make of [planDocument, loadDocument, sweepDocument]) {
      expect(reportHtml(make())).toBe(reportHtml(make()));
    }
  });
});

const WORKERS = {
  workers: 2,
  utilization: 0.71,
  utilizationByWorker: [0.7, 0.72],
  events: 3_194,
  batches: 330,
  meanBatchEvents: 9.7,
  meanWaitMs: 61_527,
  meanServiceMs: 3_556,
  meanLagEvents: 232,
  maxLagEvents: 640,
  maxPartitionLagEvents: 225,
  lagAtEndEvents: 54,
  drainSeconds: 15,
};

const SLOW = {
  request: 'r-57-0',
  page: 'home',
  viewer: 57,
  pageLoadTimeMs: 1_361,
  outcome: 'ok',
  askedAt: '2026-11-28T02:00:21.801Z',
  askedAtUs: 321_801_221,
} as const;

function worked(): typeof RUN {
  if (FIRST === undefined) throw new Error('the fixture has architectures');
  const lag = FIRST.series.minutes.map((_, i) => i);
  const series = {
    ...FIRST.series,
    consumerLag: [{ name: 'all partitions', values: lag }],
    workerUtilization: [{ name: 'pipeline workers', values: lag.map(() => 0.5) }],
  };
  const pipeline = { ...FIRST.pipeline, workers: WORKERS };
  const warmUp = { method: 'mser-5', cutUs: 90e6, isTooShort: false, reason: null } as const;
  return { ...RUN, architectures: [{ ...FIRST, pipeline, series, slowest: [SLOW], warmUp }] };
}

describe('pipeline workers, slowest pages and warm-up', () => {
  it('are shown where there are any', () => {
    const html = reportHtml(worked());
    expect(html).toContain('Pipeline workers</h2>');
    expect(html).toContain('<td>640</td>');
    expect(html).toMatch(/all partitions/);
    expect(html).toContain('<th scope="row">r-57-0</th>');
    expect(html).toContain('--explain r-57-0</code>');
    expect(html).toContain('Warm-up: the first 90 seconds are left out (found by MSER-5).');
    const text = renderSummary(worked(), { color: false, width: 80 });
    expect(text).toMatch(/workers busy +71 %/);
    expect(text).toMatch(/r-57-0 +home +1,361 +ok/);
    expect(text).toContain('Warm-up: the first 90 seconds');
  });

  it('are left out where there are none', () => {
    const html = reportHtml(RUN);
    for (const absent of ['Pipeline workers', 'Slowest pages', 'Warm-up:']) {
      expect(html).not.toContain(absent);
    }
  });
});

describe('objectives of a sweep', () => {
  it('are told apart by their points', () => {
    const sweep = sweepDocument();
    const judged = {
      ...sweep,
      subjects: sweep.subjects.map((subject) => ({
        ...subject,
        points: subject.points.map((point) => ({ ...point, verdicts: [MISSED] })),
      })),
    };
    const html = reportHtml(judged);
    for (const { name } of sweep.subjects.flatMap(({ points }) => points)) {
      expect(html).toContain(`<td class="t">${name}</td>`);
    }
  });
});

describe('differences of nothing', () => {
  it('are equal, and not perhaps chance', () => {
    const none = { value: 0, low: 0, high: 0 };
    const same = {
      ...RUN,
      differences: RUN.differences.map((one) => ({ ...one, difference: none })),
    };
    const text = renderSummary(same, { color: false, width: 100 });
    expect(text).toMatch(/0 \[0, 0\] +equal/);
    expect(text).toContain('has the same 95th-percentile page-load time');
    expect(text).not.toContain('may be chance');
  });
});
