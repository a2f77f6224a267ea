/** The known answers of `scenarios/breaker-and-fallback.ts`, on several seeds in the long run. */
import { beforeAll, describe, expect, it } from 'vitest';
import { scenario } from '../../scenarios/breaker-and-fallback.ts';
import type { ArchitectureResult, RunDocument } from '../../src/experiment/result.ts';
import { runScenario } from '../../src/experiment/run.ts';
import { resultOf, seriesBetween } from './read-results.ts';

const SEEDS = process.env['BACKLOT_LONG'] === '1' ? [41, 42, 43] : [41];
const PER_SECOND = 40;
const FAULT = { from: 30, to: 60 };
const TIMEOUT_MS = 500;
const TRIES = 2;
/** Calls to talent that a page makes one after the other. */
const WAVES = 2;
const BREAKER = { minimumCalls: 20, openSeconds: 5 };

const talentCalls = ({ calls }: ArchitectureResult) =>
  calls.find(({ edge }) => edge === 'router→talent') as ArchitectureResult['calls'][number];

const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, count) => total + count, 0);

describe.each(SEEDS)('breaker-and-fallback with seed %i', (seed) => {
  let document: RunDocument;
  const variant = (name: string) => resultOf(document, name);
  const times = (name: string, percentile: 'p50' | 'p95', between: readonly [number, number]) => {
    const { series } = variant(name);
    const values = series.pageLoadTimeMs.find((one) => one.name === percentile)?.values;
    const [from, to] = between;
    return seriesBetween(series.minutes, values, { from, to });
  };
  const pagesAsked = (from: number, to: number) => {
    const { minutes, requestsPerMinute } = variant('no-protection').series;
    const perMinute = seriesBetween(minutes, requestsPerMinute, { from, to });
    return perMinute.reduce((total, value) => total + value, 0) / 30;
  };
  const normalP95 = () => Math.max(...times('no-protection', 'p95', [4, FAULT.from - 2]));
  const normalP50 = () => Math.max(...times('no-protection', 'p50', [4, FAULT.from - 2]));

  beforeAll(async () => {
    document = await runScenario(scenario, { threads: 1, seed });
  }, 180_000);

  it('E27: without a breaker pages wait for time-out × tries, wave by wave', () => {
    const tiedMs = WAVES * TRIES * TIMEOUT_MS;
    for (const p95 of times('no-protection', 'p95', [FAULT.from + 2, FAULT.to - 2])) {
      expect(p95).toBeGreaterThan(tiedMs);
      // Above that only what a page takes by itself, and pauses of up to 20 ms before retries.
      expect(p95).toBeLessThan(tiedMs + normalP95() + WAVES * 20);
    }
    expect(Math.max(...times('no-protection', 'p95', [FAULT.to + 6, 88]))).toBeLessThan(
      1.1 * normalP95(),
    );
  });

  it('E27: with one they are fast again once enough calls have timed out', () => {
    // 20 first calls have come after 0.5 s, and have timed out after 1 s; 2 s for bad luck.
    const opensBy = BREAKER.minimumCalls / PER_SECOND + TIMEOUT_MS / 1_000 + 1;
    for (const p95 of times('breaker', 'p95', [FAULT.from + opensBy, FAULT.to])) {
      expect(p95).toBeLessThan(normalP95());
    }
    const { timeouts, failures } = talentCalls(variant('breaker'));
    expect(timeouts).toBeLessThan(talentCalls(variant('no-protection')).timeouts / 20);
    expect(failures['breaker-open']).toBeGreaterThan(1.8 * PER_SECOND * 28);
  });

  it('E27: pages are whole again when the breaker has slept and tried', () => {
    const wholeFrom = FAULT.to + BREAKER.openSeconds + 1;
    for (const name of ['breaker', 'breaker-and-default', 'breaker-and-stale-cache']) {
      // Pages in part skip the work of talent: they take half the time.
      expect(Math.max(...times(name, 'p50', [36, FAULT.to]))).toBeLessThan(0.7 * normalP50());
      for (const p50 of times(name, 'p50', [wholeFrom, 88])) {
        expect(p50).toBeGreaterThan(0.95 * normalP50());
        expect(p50).toBeLessThan(1.05 * normalP50());
      }
    }
    const { partial } = variant('breaker');
    expect(partial).toBeGreaterThan(0.97 * pagesAsked(FAULT.from, FAULT.to));
    expect(partial).toBeLessThan(pagesAsked(FAULT.from, wholeFrom));
  });

  it('E27: fallbacks show as degraded, and never as success', () => {
    const bare = variant('breaker');
    const withDefault = variant('breaker-and-default');
    expect(bare.degraded).toBe(0);
    expect(withDefault).toMatchObject({ partial: 0, degraded: bare.partial, errors: 0 });
    expect(talentCalls(withDefault).settled).toEqual({
      ...talentCalls(bare).settled,
      failed: 0,
      default: talentCalls(bare).settled.failed,
    });
    const withStale = variant('breaker-and-stale-cache');
    expect(withStale.partial + withStale.degraded).toBe(bare.partial);
    // Most titles were asked for before; some of the long tail were not.
    expect(withStale.degraded).toBeGreaterThan(0.7 * bare.partial);
    expect(withStale.partial).toBeGreaterThan(0.01 * bare.partial);
    expect(talentCalls(withStale).settled.default).toBe(0);
  });

  it('E27: a dead service gives partial pages where null may stand, errors where not', () => {
    const pages = pagesAsked(FAULT.from, FAULT.to);
    const withoutTalent = variant('dead-talent');
    expect(withoutTalent.errors).toBe(0);
    expect(Math.abs(withoutTalent.partial - pages)).toBeLessThan(0.02 * pages);
    const withoutMovie = variant('dead-movie');
    expect(Math.abs(withoutMovie.errors - pages)).toBeLessThan(0.02 * pages);
    expect(withoutMovie.partial).toBeLessThan(0.02 * pages);
    expect(withoutMovie.errorShare).toBeCloseTo(withoutMovie.errors / withoutMovie.requests, 12);
  });

  it('E25: one call stays one however often it is tried, and late answers are waste', () => {
    const { requests, wastedWorkShare, servers } = variant('no-protection');
    const talent = talentCalls(variant('no-protection'));
    expect(talent.calls).toBe(WAVES * requests);
    expect(sum(talent.settled)).toBe(talent.calls);
    expect(talent.attempts - talent.calls).toBe(talent.retries);
    expect(talent.attempts).toBe(talent.answers + talent.timeouts);
    expect(talent.timeouts).toBeGreaterThanOrEqual(TRIES * talent.settled.failed);
    expect(talent.failures).toEqual({ timeout: talent.timeouts });
    const server = servers.find(({ name }) => name === 'talent');
    expect(server?.offered).toBe(talent.attempts);
    expect(server?.answered).toBe(talent.answers + talent.lateAnswers);
    // 32 workers for 33 s, at 3 s a try.
    expect(talent.lateAnswers).toBeGreaterThan(320);
    expect(talent.lateAnswers).toBeLessThan(375);
    expect(wastedWorkShare).toBeGreaterThan(0.8);
    expect(variant('breaker').wastedWorkShare).toBeLessThan(0.7 * wastedWorkShare);
    expect(variant('dead-talent').wastedWorkShare).toBeLessThan(0.01);
  });

  it('E4: the ledgers close', () => {
    for (const { ledger, requests } of document.architectures) {
      expect(requests).toBeGreaterThan(3_300);
      expect(ledger.requests).toMatchObject({ residual: 0, inFlight: 0 });
    }
  });
});
