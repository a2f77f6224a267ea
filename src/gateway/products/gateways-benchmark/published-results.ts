/** What the benchmark's authors measured. Source: graphql-hive/graphql-gateways-benchmark, commit
 * e583a1ff4ae2 (2026-05-16), its result files for constant and ramping users. Gateways have two
 * cores; the load generator has one of its own. A figure covers everything that the load generator
 * sent: besides the load, twice as many requests as there are users, one after the other, before
 * it. */

/** One gateway under one load. */
export interface PublishedRun {
  readonly requestsPerSec: number;
  readonly averageMs: number;
  readonly p95Ms: number;
}

/** One gateway. */
export interface PublishedGateway {
  readonly name: string;
  /** Cores that it can use: one where it is a single process of JavaScript. */
  readonly coreCount: number;
  /** What it is written in; garbage collection and scheduling differ by it. */
  readonly language: 'Rust' | 'Go' | 'JavaScript';
  readonly constant: PublishedRun & {
    /** Greatest use of a core seen under constant load; 200 is two cores. */
    readonly maxCpuPercent: number;
    /** Of the fastest request: nobody else was there. */
    readonly fastestMs: number;
  };
  readonly stress: PublishedRun;
}

/** Users of the two loads: a closed loop without think time. */
export const PUBLISHED_LOADS = {
  constant: { users: 50, durationSeconds: 60 },
  /** Users change linearly from step to step, beginning with none. */
  stress: [
    { durationSeconds: 10, users: 50 },
    { durationSeconds: 40, users: 500 },
    { durationSeconds: 10, users: 50 },
  ],
} as const;

/** All gateways, fastest first. */
export const PUBLISHED_RESULTS: readonly PublishedGateway[] = [
  gateway('hive-router', 'Rust', { constant: [1709, 29, 50, 129, 2.35], stress: [1885, 118, 286] }),
  gateway('grafbase', 'Rust', { constant: [1625, 30, 52, 164, 3.06], stress: [1614, 136, 325] }),
  gateway('hive-gateway-router-runtime', 'JavaScript', {
    constant: [630, 78, 105, 194, 4.9],
    stress: [577, 369, 784],
  }),
  gateway('cosmo', 'Go', { constant: [628, 79, 118, 184, 3.19], stress: [707, 310, 684] }),
  gateway('apollo-router', 'Rust', {
    constant: [353, 139, 183, 189, 6.73],
    stress: [403, 520, 1194],
  }),
  gateway('hive-gateway', 'JavaScript', {
    constant: [291, 169, 316, 195, 6.56],
    stress: [258, 790, 1711],
  }),
  gateway('apollo-gateway', 'JavaScript', {
    coreCount: 1,
    constant: [91, 533, 630, 117, 9.66],
    stress: [117, 1453, 2869],
  }),
];

type Figures = readonly [requestsPerSec: number, averageMs: number, p95Ms: number];

function gateway(
  name: string,
  language: PublishedGateway['language'],
  measured: {
    readonly coreCount?: number;
    readonly constant: readonly [...Figures, maxCpuPercent: number, fastestMs: number];
    readonly stress: Figures;
  },
): PublishedGateway {
  const { coreCount = 2, constant, stress } = measured;
  const [requestsPerSec, averageMs, p95Ms, maxCpuPercent, fastestMs] = constant;
  return {
    name,
    coreCount,
    language,
    constant: { requestsPerSec, averageMs, p95Ms, maxCpuPercent, fastestMs },
    stress: { requestsPerSec: stress[0], averageMs: stress[1], p95Ms: stress[2] },
  };
}
