/** Documents with plausible numbers: an evening of two hours, four architectures, two faults. */
import type {
  ArchitectureResult,
  CompareDocument,
  Estimate,
  LedgerLine,
  PairedDifferenceResult,
  Provenance,
  RunDocument,
} from '../../src/experiment/result.ts';
import { meanInterval } from '../../src/stats/mean-interval.ts';
import { pairedDifference } from '../../src/stats/paired-difference.ts';

const NAMES = ['monolith', 'direct', 'aggregation', 'federated'] as const;
const VIEWERS_ONLY = { viewers: 2_400, test: null } as const;
const P50 = [182, 402, 191, 204];
const MINUTES = Array.from({ length: 60 }, (_, i) => 2 * i + 1);
const TITLES = ['The Long Night', 'Harbour Lights', 'Paper Moon City', 'Salt & Iron'];
const TITLES_TOO = ['A Very Long Title That Does Not Fit Beside a Chart: Part Two', 'Ghost Signal'];
const GENRES = ['Dramas', 'International Movies', 'Comedies', 'Documentaries', 'Kids’ TV'];

/** A number in [−1, 1] that depends on its arguments alone. */
export function wobble(a: number, b: number): number {
  const x = Math.sin(a * 12.9898 + b * 78.233) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}

function provenance(command: string): Provenance {
  return {
    backlot: '0.1.0',
    node: '24.21.0',
    scenario: 'evening-peak',
    question: 'Which architecture carries Friday evening with the talent service slow?',
    seed: 7,
    startUtc: '2026-11-20T19:00:00Z',
    virtualHours: 2,
    catalogue: 'built-in, 600 titles',
    arrivals: 'built-in evening curve',
    replayCommand: `npx backlot ${command} scenarios/evening-peak.ts --seed 7`,
  };
}

function estimate(value: number, reach: number): Estimate {
  return { value, low: value - reach, high: value + reach };
}

function ledger(inCount: number, dropped: Readonly<Record<string, number>>): LedgerLine {
  const sum = Object.values(dropped).reduce((total, one) => total + one, 0);
  const out = inCount - sum - 4;
  return { in: inCount, out, inFlight: 4, dropped: sum, droppedByReason: dropped, residual: 0 };
}

function architecture(n: number): ArchitectureResult {
  const name = NAMES[n] ?? 'other';
  const p50 = P50[n] ?? 200;
  const services = n === 0 ? ['monolith'] : ['movie', 'production', 'talent'];
  const factor = (minute: number): number =>
    1 + 0.5 * Math.sin((minute / 120) * Math.PI) + (minute > 50 && minute < 66 ? 1.6 : 0);
  const level = (times: number, k: number) => ({
    name: ['p50', 'p95', 'p99'][k] ?? '',
    values: MINUTES.map((minute, i) =>
      n === 1 && i === 30 ? null : p50 * times * factor(minute) * (1 + 0.08 * wobble(i, n + k)),
    ),
  });
  const requests = 18_240 + n;
  return {
    name,
    architecture: name,
    demand: VIEWERS_ONLY,
    digest: `${n}f3a90c2b7d14e58${n}`,
    requests,
    errors: [12, 96, 41, 44][n] ?? 0,
    partial: [0, 210, 180, 176][n] ?? 0,
    degraded: [0, 0, 12, 14][n] ?? 0,
    errorShare: ([12, 96, 41, 44][n] ?? 0) / requests,
    pageLoadTimeMs: { p50, p95: p50 * 2.8, p99: p50 * 6.1 },
    meanPageLoadTimeMs: p50 * 1.3,
    pagesPerSec: 4.7,
    pageLoadTimeIntervalsMs: {
      p50: estimate(p50, 4.2),
      p95: estimate(p50 * 2.8, 21),
      p99: n === 1 ? { value: p50 * 6.1, low: null, high: null } : estimate(p50 * 6.1, 92),
    },
    byPage: ['home', 'title', 'search', 'play'].map((page, k) => ({
      page,
      requests: 6_000 - 1_000 * k,
      pageLoadTimeMs: { p50: p50 - 20 * k, p95: (p50 - 20 * k) * 2.7, p99: p50 * 6 },
    })),
    wanCallsPerPage: n === 1 ? 3.42 : 1,
    internalCallsPerPage: [0, 0, 3.42, 3.87][n] ?? 0,
    bytesPerPage: { wan: [18_400, 31_200, 18_900, 18_700][n] ?? 0, internal: n < 2 ? 0 : 41_000 },
    traffic: {
      wan: { up: 900_000, down: 17_500_000 },
      sameZone: n < 2 ? 0 : 41_000_000,
      otherZone: 0,
      otherRegion: 0,
      usdPerMillionPages: null,
    },
    utilization: services.map((service, k) => ({ service, mean: 0.62 - 0.13 * k })),
    calls: [edge(`clients→${services[0]}`, requests, n)],
    servers: services.map((service) => server(service, requests)),
    stations: [],
    objectives: [],
    cost: null,
    warmUpUs: 0,
    warmUp: { method: 'fixed', cutUs: 0, isTooShort: false, reason: null },
    wastedWorkShare: 0.01 * n,
    pipeline: {
      workers: null,
      stages: [
        stage('validate', 51_877, { bad_schema: 23, no_time: 7 }),
        stage('dedupe', 51_847, { duplicate: 1_204 }),
        stage('enrich', 50_643, {}),
        stage('window', 50_643, { late: 61 + n }),
        stage('warehouse', 50_582 - n, {}),
      ],
      freshnessSeconds: { p50: 6.4 + n / 10, p95: 14.8, p99: 71.5 },
      lateEvents: 61 + n,
      badRows: 30,
      panes: 7_120,
    },
    viewing: viewing(n),
    ledger: {
      requests: ledger(requests, { client_timeout: [8, 60, 22, 25][n] ?? 0, device_offline: 31 }),
      events: ledger(51_877, { queue_full: 120, bad_row: 30 }),
    },
    series: {
      minutes: MINUTES,
      pageLoadTimeMs: [level(1, 0), level(2.8, 1), level(6.1, 2)],
      requestsPerMinute: MINUTES.map((minute) => 110 * factor(minute)),
      goodPerMinute: MINUTES.map((minute) => 109 * factor(minute)),
      triesPerMinute: MINUTES.map((minute) => 440 * factor(minute)),
      errorsPerMinute: MINUTES.map((minute) => (minute > 50 && minute < 66 ? 6 + n : 0.2)),
      utilization: services.map((service, k) => ({
        name: service,
        values: MINUTES.map((minute, i) =>
          Math.min(1, 0.35 * factor(minute) * (1 - 0.2 * k) + 0.03 * wobble(i, k)),
        ),
      })),
      replicas: services.map((name) => ({ name, values: MINUTES.map(() => 2) })),
      concurrencyLimit: [],
      consumerLag: [],
      workerUtilization: [],
      concurrentViewers: MINUTES.map((minute) => Math.round(420 * factor(minute / 3) + 5 * n)),
    },
    slowest: [],
    viewers: 2_410,
    scheduledEvents: 1_204_551,
  };
}

function edge(name: string, calls: number, n: number): ArchitectureResult['calls'][number] {
  return {
    edge: name,
    calls,
    settled: { answered: calls - 60, failed: 50, stale: 6, default: 4 },
    abandoned: 0,
    attempts: calls + 120,
    answers: calls - 60,
    errors: 40,
    timeouts: 130 + n,
    hangUps: 10 - n,
    open: 0,
    retries: 100,
    hedges: 20,
    failures: { timeout: 130 + n, overloaded: 40 },
    lateAnswers: 90,
    wastedWorkShare: 0.01 * n,
  };
}

function server(name: string, offered: number): ArchitectureResult['servers'][number] {
  return {
    name,
    offered,
    answered: offered - 40,
    failures: { rejected: 40 },
    inFlight: 0,
    meanWaitMs: 3.2,
    meanServiceMs: 11.5,
    workSeconds: 812,
    cacheHitShare: null,
    replicas: { min: 2, max: 2, mean: 2 },
  };
}

function stage(name: string, received: number, rejected: Readonly<Record<string, number>>) {
  const lost = Object.values(rejected).reduce((sum, one) => sum + one, 0);
  return { stage: name, received, passed: received - lost, rejected, dropped: {} };
}

function viewing(n: number): ArchitectureResult['viewing'] {
  return {
    topTitles: [...TITLES, ...TITLES_TOO].map((name, k) => ({
      titleId: `t${k}`,
      name,
      plays: 160 - 19 * k + 3 * n,
    })),
    topGenres: GENRES.map((genre, k) => ({ genre, plays: 410 - 61 * k - 4 * n })),
    completionShare: 0.413 - 0.01 * n,
    plays: 1_931 - 12 * n,
    playsPerMinute: MINUTES.map((minute) => ({
      minute: new Date(Date.UTC(2026, 10, 20, 19, minute)).toISOString().slice(0, 16),
      plays: 14 + (minute % 7) + n,
    })),
    maxConcurrentViewers: 640 + n,
  };
}

function pairs<T>(of: (a: number, b: number) => T): readonly T[] {
  return NAMES.flatMap((_, b) => NAMES.slice(0, b).map((_name, a) => of(a, b)));
}

/** A run of the first `count` architectures. */
export function runDocument(count = 4): RunDocument {
  const architectures = NAMES.slice(0, count).map((_, n) => architecture(n));
  const sum = (kind: 'requests' | 'events'): LedgerLine => {
    const lines = architectures.map((one) => one.ledger[kind]);
    const add = (key: 'in' | 'out' | 'inFlight' | 'dropped'): number =>
      lines.reduce((total, line) => total + line[key], 0);
    const [dropped, rest] = [add('dropped'), { droppedByReason: { all: add('dropped') } }];
    return {
      in: add('in'),
      out: add('out'),
      inFlight: add('inFlight'),
      dropped,
      ...rest,
      residual: 0,
    };
  };
  const difference = (metric: string, times: number) => (a: number, b: number) => ({
    a: NAMES[a] ?? '',
    b: NAMES[b] ?? '',
    metric,
    unit: 'ms',
    difference: estimate(((P50[b] ?? 0) - (P50[a] ?? 0)) * times, 9 * times),
    varianceReduction: 6.4,
  });
  const differences: readonly PairedDifferenceResult[] =
    count < 4
      ? []
      : [
          ...pairs(difference('page load mean', 1.3)),
          ...pairs(difference('page load p50', 1)),
          ...pairs(difference('page load p95', 2.8)),
        ];
  return {
    schema: 'backlot.run/1',
    verdicts: [],
    references: [],
    ...provenance('run'),
    digest: 'c0ffee12ab34cd56',
    architectures,
    ledger: { requests: sum('requests'), events: sum('events') },
    differences,
    differencesMethod: 'Paired by section of viewers within one replication',
    faults: [
      { kind: 'service slow', target: 'talent', fromMinute: 50, toMinute: 66 },
      { kind: 'network loss', target: 'mobile', fromMinute: 90, toMinute: 95 },
    ],
  };
}

/** Bonferroni over six pairs and three metrics. */
const EACH_OF_18 = 1 - 0.05 / 18;

/** A comparison of four architectures over ten replications. */
export function compareDocument(): CompareDocument {
  const spec = [
    { metric: 'page load p95', unit: 'ms', base: 2.8, own: 6 },
    { metric: 'error share', unit: '%', base: 0.001, own: 0.01 },
    { metric: 'WAN bytes per page', unit: 'kB', base: 0.08, own: 0.1 },
  ];
  const values = (n: number, k: number): readonly number[] => {
    const { base = 1, own = 1 } = spec[k] ?? {};
    return Array.from(
      { length: 10 },
      (_, r) => (P50[n] ?? 0) * base * (1 + 0.05 * wobble(r, k)) + own * wobble(r, 10 * n + k),
    );
  };
  const architectures = NAMES.map((name, n) => ({
    name,
    architecture: name,
    demand: VIEWERS_ONLY,
    metrics: Object.fromEntries(
      spec.map(({ metric, unit }, k) => {
        const { mean, low, high } = meanInterval(values(n, k));
        const method = 'mean of 10 replications';
        return [metric, { value: mean, low, high, unit, values: values(n, k), method }];
      }),
    ),
    usdPerMillionPagesAtSlo: null,
  }));
  return {
    schema: 'backlot.compare/1',
    ...provenance('compare'),
    digest: 'beef00aa11cc22dd',
    replications: 10,
    architectures,
    differences: spec.flatMap(({ metric, unit }, k) =>
      pairs((a, b) => {
        const { mean, low, high, varianceReduction } = pairedDifference(values(b, k), values(a, k));
        const difference = { value: mean, low, high };
        return {
          a: NAMES[a] ?? '',
          b: NAMES[b] ?? '',
          metric,
          unit,
          difference,
          varianceReduction,
          method: 'paired' as const,
          methodText: 'paired over 10 replications, correlation 0.90',
          correlation: 0.9,
          adjusted: pairedDifference(values(b, k), values(a, k), EACH_OF_18),
          adjustedConfidence: EACH_OF_18,
          adjustedPValue: 0.001,
          verdict: 'different' as const,
          pairing: 'paired' as const,
        };
      }),
    ),
    differencesMethod: 'Paired by replication on common random numbers',
    stopping: {
      rule: 'fixed',
      precision: null,
      minReplications: 10,
      maxReplications: 10,
      decision: 'fixed',
      stopped: null,
      replications: Array.from({ length: 10 }, (_, n) => n),
      observations: 10,
      moreReplications: null,
      lines: [],
    },
    selection: null,
    varianceReduction: { isAntithetic: false, controls: [], achieved: [] },
    verdicts: [],
    baseline: null,
    broken: [],
    ledger: {
      requests: ledger(729_000, { client_timeout: 1_150 }),
      events: ledger(2_075_080, { queue_full: 4_800, bad_row: 1_200 }),
    },
  };
}
