/** Five corrections on three networks, scored against the truth: the table of
 * docs/TIME-CORRECTION.md is what this prints, and its claims are checked here. Seed 20261125. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  TIME_CORRECTIONS,
  type TimeCorrectionName,
} from '../../../src/streams/time-correction/time-correction.ts';
import { type CorrectionScore, PROFILES, samplesOf, scoreOf } from './clock-world.ts';

const SEED = 20_261_125;
const DOC = new URL('../../../docs/TIME-CORRECTION.md', import.meta.url);
const scores = new Map<string, CorrectionScore>();
const score = (profile: string, strategy: TimeCorrectionName) => {
  const found = scores.get(`${profile} ${strategy}`);
  if (found === undefined) throw new Error(`no score of ${strategy} on ${profile}`);
  return found;
};

beforeAll(() => {
  for (const profile of PROFILES) {
    const samples = samplesOf(profile, SEED);
    expect(samples).toHaveLength(36_000);
    for (const strategy of TIME_CORRECTIONS) {
      scores.set(`${profile.name} ${strategy}`, scoreOf(strategy, samples));
    }
  }
});

/** The table, as Markdown. */
function table(): string {
  const rows = PROFILES.flatMap(({ name }) =>
    TIME_CORRECTIONS.map((strategy) => {
      const { p50Ms, p95Ms, inversionsPer1000, shareWithin1s } = score(name, strategy);
      const share = `${(100 * shareWithin1s).toFixed(1)} %`;
      const cells = [name, strategy, duration(p50Ms), duration(p95Ms)];
      return [...cells, inversionsPer1000.toFixed(1), share];
    }),
  );
  const header = [
    'network',
    'correction',
    'p50 error',
    'p95 error',
    'inversions per 1,000',
    '≤ 1 s',
  ];
  return [header, header.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function duration(ms: number): string {
  if (ms < 1_000) return `${ms.toFixed(0)} ms`;
  if (ms < 3_600_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${(ms / 86_400_000).toFixed(1)} days`;
}

describe('corrections compared', () => {
  it('docs/TIME-CORRECTION.md shows the table', () => {
    const text = readFileSync(DOC, 'utf8');
    const [, shown = ''] = text.split('<!-- generated:errors -->');
    expect(shown.split('<!-- /generated:errors -->')[0]?.trim()).toBe(table());
  });

  it('W83 formulas of one batch turn order around wherever delays vary', () => {
    for (const strategy of ['segment', 'snowplow'] as const) {
      expect(score('fibre', strategy).inversionsPer1000).toBeLessThan(1);
      expect(score('flaky mobile', strategy).inversionsPer1000).toBeGreaterThan(5);
    }
  });

  it('W85 the monotonic anchor turns none around, on any network', () => {
    for (const { name } of PROFILES) {
      expect(score(name, 'monotonic-anchor').inversionsPer1000).toBe(0);
    }
  });

  it('W85 the monotonic anchor has the least error where clocks are wrong', () => {
    for (const { name } of PROFILES) {
      const { p95Ms } = score(name, 'monotonic-anchor');
      for (const other of ['none', 'segment', 'snowplow'] as const) {
        expect(p95Ms).toBeLessThanOrEqual(score(name, other).p95Ms);
      }
    }
  });

  it('W81 without correction, an error is the clock’s', () => {
    expect(score('flaky mobile', 'none').p95Ms).toBeGreaterThan(86_400_000);
  });

  it('W84 the least round trip is better than a batch alone while no clock is set', () => {
    expect(score('fibre', 'minimum-round-trip').p50Ms).toBeLessThan(
      score('fibre', 'segment').p50Ms,
    );
    expect(score('4G', 'minimum-round-trip').p50Ms).toBeLessThan(score('4G', 'segment').p50Ms);
  });
});
