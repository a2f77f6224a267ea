/** Outlier ejection: by hand, and against a detector kept in place with a timer of its own. */
import { describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import {
  EJECTION_DEFAULTS,
  type EjectionConfig,
  type EjectionState,
  isEjectedAt,
  keepHealth,
  noEjections,
  observeHealth,
} from '../../../src/queueing/balancing/outlier-ejection.ts';

const SECOND = 1_000_000;
const draws = createChance({ seed: 21, replication: 0 }).draws('ejection');

function start(replicaCount: number, config = EJECTION_DEFAULTS): EjectionState {
  return keepHealth(config, noEjections(config), { nowUs: 0, replicaCount });
}

function fail(state: EjectionState, replica: number, at: { times: number; nowUs: number }) {
  let next = state;
  for (let i = 0; i < at.times; i += 1) {
    const outcome = { replica, ok: false, durationUs: 1, nowUs: at.nowUs };
    next = observeHealth(EJECTION_DEFAULTS, next, outcome);
  }
  return next;
}

function ejectedAt(state: EjectionState, nowUs: number): number[] {
  return state.hosts.flatMap((host, i) => (isEjectedAt(host, nowUs) ? [i] : []));
}

describe('consecutive failures', () => {
  it('Q47: eject at the fifth in a row; a success starts anew', () => {
    const four = fail(start(10), 3, { times: 4, nowUs: SECOND });
    expect(ejectedAt(four, SECOND)).toEqual([]);
    const cleared = observeHealth(EJECTION_DEFAULTS, four, {
      replica: 3,
      ok: true,
      durationUs: 1,
      nowUs: SECOND,
    });
    expect(ejectedAt(fail(cleared, 3, { times: 4, nowUs: SECOND }), SECOND)).toEqual([]);
    expect(ejectedAt(fail(four, 3, { times: 1, nowUs: SECOND }), SECOND)).toEqual([3]);
  });

  it('Q47: last 30 s, until the next sweep; the second time 60 s, at most 300 s', () => {
    let state = fail(start(10), 3, { times: 5, nowUs: 1 * SECOND });
    // Over at 31 s, let in by the sweep at 40 s.
    expect(ejectedAt(state, 39.9 * SECOND)).toEqual([3]);
    expect(ejectedAt(state, 40 * SECOND)).toEqual([]);
    state = fail(state, 3, { times: 5, nowUs: 41 * SECOND });
    // 41 + 60 = 101 s, let in at 110 s.
    expect(ejectedAt(state, 109.9 * SECOND)).toEqual([3]);
    expect(ejectedAt(state, 110 * SECOND)).toEqual([]);
    let nowUs = 111 * SECOND;
    const lengths: number[] = [];
    for (let i = 0; i < 12; i += 1) {
      state = fail(state, 3, { times: 5, nowUs });
      const releaseUs = state.hosts[3]?.releaseUs ?? 0;
      lengths.push((releaseUs - nowUs) / SECOND);
      nowUs = releaseUs + SECOND;
    }
    expect(lengths.slice(0, 3)).toEqual([99, 129, 159]);
    expect(Math.max(...lengths)).toBe(309);
    expect(lengths.at(-1)).toBe(309);
  });

  it('Q47: are forgiven step by step, a sweep each, while it stays in', () => {
    const twice = fail(fail(start(10), 3, { times: 5, nowUs: SECOND }), 3, {
      times: 5,
      nowUs: 41 * SECOND,
    });
    const backoff = (nowUs: number) =>
      keepHealth(EJECTION_DEFAULTS, twice, { nowUs, replicaCount: 10 }).hosts[3]?.backoff;
    expect([100, 110, 119, 120, 130, 140].map((s) => backoff(s * SECOND))).toEqual([
      2, 2, 2, 1, 0, 0,
    ]);
  });

  it('Q47: follow a fleet that grows and shrinks, and a day of silence in one step', () => {
    const two = fail(fail(start(20), 1, { times: 5, nowUs: 1 }), 19, { times: 5, nowUs: 1 });
    expect(two.ejectedCount).toBe(2);
    const smaller = keepHealth(EJECTION_DEFAULTS, two, { nowUs: 2, replicaCount: 10 });
    expect([smaller.ejectedCount, smaller.hosts.length]).toEqual([1, 10]);
    const larger = keepHealth(EJECTION_DEFAULTS, smaller, { nowUs: 3, replicaCount: 30 });
    expect([larger.ejectedCount, larger.hosts.length]).toEqual([1, 30]);
    const half = fail(larger, 5, { times: 2, nowUs: 4 });
    const nextDay = keepHealth(EJECTION_DEFAULTS, half, {
      nowUs: 86_405 * SECOND,
      replicaCount: 30,
    });
    expect([nextDay.ejectedCount, nextDay.nextSweepUs]).toEqual([0, 86_410 * SECOND]);
    expect(nextDay.hosts[5]?.consecutiveFailures).toBe(2);
  });

  it('Q48: never eject more than the cap allows, but always one', () => {
    const small = fail(fail(start(4), 0, { times: 5, nowUs: 1 }), 1, { times: 5, nowUs: 1 });
    expect(ejectedAt(small, 1)).toEqual([0]);
    let large = start(30);
    for (let i = 0; i < 30; i += 1) large = fail(large, i, { times: 5, nowUs: 1 });
    expect(ejectedAt(large, 1)).toEqual([0, 1, 2]);
    const strict = { ...EJECTION_DEFAULTS, alwaysEjectOne: false };
    let none = start(4, strict);
    for (let i = 0; i < 9; i += 1) {
      none = observeHealth(strict, none, { replica: 0, ok: false, durationUs: 1, nowUs: 1 });
    }
    expect(ejectedAt(none, 1)).toEqual([]);
  });
});

describe('success rates', () => {
  /** Ten hosts answer `calls` calls in the first interval; host 9 fails every `badEvery`-th. */
  function afterInterval(calls: number, badEvery: number, hosts = 10): EjectionState {
    let state = start(hosts);
    for (let call = 0; call < calls; call += 1) {
      for (let replica = 0; replica < hosts; replica += 1) {
        const ok = replica !== hosts - 1 || call % badEvery !== 0;
        state = observeHealth(EJECTION_DEFAULTS, state, {
          replica,
          ok,
          durationUs: 1,
          nowUs: call,
        });
      }
    }
    return keepHealth(EJECTION_DEFAULTS, state, { nowUs: 10 * SECOND, replicaCount: hosts });
  }

  it('Q47: eject who is below mean − 1.9 · stdev, with enough calls and hosts', () => {
    // Rates 100 × 9 and 50: mean 95, stdev 15, threshold 66.5.
    expect(ejectedAt(afterInterval(100, 2), 10 * SECOND)).toEqual([9]);
    expect(ejectedAt(afterInterval(99, 2), 10 * SECOND)).toEqual([]);
    // Four hosts are too few; of five, 100 × 4 and 50 give 90 − 1.9 · 20 = 52.
    expect(ejectedAt(afterInterval(100, 2, 4), 10 * SECOND)).toEqual([]);
    expect(ejectedAt(afterInterval(100, 2, 5), 10 * SECOND)).toEqual([4]);
  });

  it('Q47: count one interval only', () => {
    const state = afterInterval(60, 2);
    let next = state;
    for (let call = 0; call < 60; call += 1) {
      for (let replica = 0; replica < 10; replica += 1) {
        const ok = replica !== 9 || call % 2 !== 0;
        const nowUs = 11 * SECOND;
        next = observeHealth(EJECTION_DEFAULTS, next, { replica, ok, durationUs: 1, nowUs });
      }
    }
    const swept = keepHealth(EJECTION_DEFAULTS, next, { nowUs: 20 * SECOND, replicaCount: 10 });
    expect(ejectedAt(swept, 20 * SECOND)).toEqual([]);
  });
});

/** The detector as an object with fields and a timer, straight from Envoy's documentation. */
class ReferenceDetector {
  readonly hosts;
  nextTimerUs: number;
  readonly #config: EjectionConfig;
  ejections = 0;

  constructor(config: EjectionConfig, count: number) {
    this.#config = config;
    this.nextTimerUs = config.intervalUs;
    this.hosts = Array.from({ length: count }, () => ({
      row: 0,
      good: 0,
      all: 0,
      out: false,
      since: 0,
      times: 0,
      backUs: Number.NaN,
    }));
  }

  call(index: number, ok: boolean, nowUs: number): void {
    while (this.nextTimerUs <= nowUs) this.#timer();
    const host = this.hosts[index];
    if (host === undefined) return;
    host.all += 1;
    if (ok) {
      host.good += 1;
      host.row = 0;
      return;
    }
    host.row += 1;
    if (host.row !== this.#config.consecutiveFailures || host.out) return;
    this.#eject(index, nowUs);
    host.row = 0;
  }

  #eject(index: number, nowUs: number): void {
    const host = this.hosts[index];
    const out = this.hosts.filter((one) => one.out).length;
    const share = ((out + 1) / this.hosts.length) * 100;
    if (host === undefined || (out > 0 && share > this.#config.maxEjectedPercent)) return;
    host.out = true;
    host.since = nowUs;
    this.ejections += 1;
    const { baseEjectionUs: base, maxEjectionUs: max } = this.#config;
    if (host.times * base < max + base) host.times += 1;
  }

  #timer(): void {
    const nowUs = this.nextTimerUs;
    const { baseEjectionUs: base, maxEjectionUs: max, intervalUs } = this.#config;
    for (const host of this.hosts) {
      if (!host.out || nowUs - host.since < Math.min(base * host.times, max)) continue;
      host.out = false;
      host.row = 0;
      host.backUs = nowUs;
    }
    const valid = this.hosts.filter(
      (one) => !one.out && one.all >= this.#config.successRateMinRequests,
    );
    if (valid.length >= this.#config.successRateMinHosts) {
      const rates = valid.map((one) => (100 * one.good) / one.all);
      const mean = rates.reduce((a, b) => a + b) / rates.length;
      const spread = Math.sqrt(rates.reduce((a, b) => a + (b - mean) ** 2, 0) / rates.length);
      for (const [i, one] of valid.entries()) {
        if ((rates[i] ?? 0) < mean - this.#config.successRateStdevFactor * spread) {
          this.#eject(this.hosts.indexOf(one), nowUs);
        }
      }
    }
    for (const host of this.hosts) {
      host.good = 0;
      host.all = 0;
      if (!host.out && nowUs - host.backUs >= intervalUs && host.times > 0) host.times -= 1;
    }
    this.nextTimerUs = nowUs + intervalUs;
  }
}

describe('the detector', () => {
  it('Q47, Q48: equals the reference on random traces', () => {
    const config = {
      ...EJECTION_DEFAULTS,
      baseEjectionUs: 10 * SECOND,
      maxEjectionUs: 40 * SECOND,
      maxEjectedPercent: 30,
      successRateMinRequests: 20,
    };
    const hosts = 8;
    let ejections = 0;
    for (let run = 0; run < 20; run += 1) {
      const reference = new ReferenceDetector(config, hosts);
      let state = start(hosts, config);
      let nowUs = 0;
      for (let i = 0; i < 3_000; i += 1) {
        nowUs += Math.ceil(100_000 * draws.uniform(run * 8, i));
        const replica = Math.floor(hosts * draws.uniform(run * 8 + 1, i));
        const isSick = draws.uniform(run * 8 + 2, (i >> 8) * hosts + replica) < 0.3;
        const ok = draws.uniform(run * 8 + 3, i) > (isSick ? 0.7 : 0.02);
        reference.call(replica, ok, nowUs);
        state = observeHealth(config, state, { replica, ok, durationUs: 1, nowUs });
        const out = reference.hosts.flatMap((host, h) => (host.out ? [h] : []));
        const found = ejectedAt(state, nowUs);
        if (found.join() !== out.join()) expect([run, i, found]).toEqual([run, i, out]);
        if (state.ejectedCount !== out.length || out.length > 2) expect.fail(`${run}, ${i}`);
      }
      ejections += reference.ejections;
    }
    expect(ejections).toBeGreaterThan(200);
  });
});
