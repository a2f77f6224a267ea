/** Random schedules of loss, wrong clocks and lateness: the named events explain every difference,
 * and an explanation that lacks one event, or a figure that is wrong, is not believed. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  compareThreeWays,
  type ThreeWays,
} from '../../../src/analytics/agreement/compare-three-ways.ts';
import { cellsOf } from '../../../src/analytics/agreement/metric-cells.ts';
import type { EnrichedEvent } from '../../../src/domain/pipeline-ports.ts';
import { PORTABLE_METRICS } from '../../../src/storage/metrics/catalogue.ts';
import {
  createViewingStream,
  streamedMetrics,
} from '../../../src/storage/metrics/viewing-stream.ts';
import { runMetric } from '../../../src/storage/metrics.ts';
import { captured, described, titleOf } from '../../storage/metrics/captured-builder.ts';
import { fact } from '../../storage/warehouse-builder.ts';

type PortableName = keyof typeof PORTABLE_METRICS;
const NAMES = Object.keys(PORTABLE_METRICS) as PortableName[];
const byId = (facts: readonly EnrichedEvent[]) => new Map(facts.map((one) => [one.event.id, one]));

/** The truth of these facts, and what became of each by its luck: 0 lost, 1 of a wrong time. */
function schedule(facts: readonly EnrichedEvent[], luck: readonly number[]): ThreeWays {
  const stored = facts.flatMap((one, i) => {
    if (luck[i] === 0) return [];
    const eventTimeUs = one.event.eventTimeUs + (luck[i] === 1 ? 7_000_000 : 0);
    return [{ ...one, event: { ...one.event, eventTimeUs } }];
  });
  const stream = createViewingStream({ titleOf, gapUs: 60_000_000 });
  let newest = 0;
  for (const one of stored) {
    stream.add(one);
    newest = Math.max(newest, one.event.eventTimeUs);
    stream.advanceTo(newest - 30_000_000);
  }
  const warehouse = described(stored);
  return {
    captured: byId(facts),
    stored: byId(stored),
    fateOf: (id) => `lost ${Number(id.slice(1)) % 2}`,
    batch: Object.fromEntries(NAMES.map((name) => [name, runMetric(warehouse, name)])),
    stream: { figures: stream.figures(), late: stream.late },
    titleOf,
  };
}

describe('three-way agreement', () => {
  test.prop([captured, fc.array(fc.nat(8), { minLength: 45, maxLength: 45 })], {
    seed: 132,
    numRuns: 12,
  })('S132 the named events explain every difference', (facts, luck) => {
    const agreement = compareThreeWays(schedule(facts, luck));
    expect(agreement.unexplained).toEqual([]);
    expect(agreement.isExplained).toBe(true);
    expect(agreement.metrics.map(({ metric }) => metric)).toEqual(NAMES.toSorted());
    for (const { metric, batchDiffers, streamDiffers, causes } of agreement.metrics) {
      const hasLate = causes.some((cause) => cause.startsWith('late: '));
      expect(hasLate, metric).toBe(streamDiffers > 0);
      // Two causes may need each other; one alone always shows.
      const named = agreement.causes.filter(({ kind }) => kind === 'missing' || kind === 'changed');
      if (named.length === 1)
        expect(causes.includes(named[0]?.cause ?? ''), metric).toBe(batchDiffers > 0);
    }
  });

  const facts = [
    fact({ id: 'e0', type: 'page.view', atSeconds: 0, data: { page: 'home' } }),
    fact({ id: 'e1', atSeconds: 10, sequence: 1, data: { titleId: 't0', playbackId: 'p' } }),
    fact({
      id: 'e2',
      type: 'media.end',
      atSeconds: 50,
      sequence: 2,
      data: { titleId: 't0', playbackId: 'p' },
    }),
    // A minute after the gap: late for the play and for the session.
    fact({
      id: 'e3',
      type: 'page.view',
      atSeconds: 900,
      sequence: 3,
      subject: 'v2',
      session: 's2',
    }),
    fact({
      id: 'e4',
      type: 'media.ping',
      atSeconds: 40,
      sequence: 4,
      data: { titleId: 't0', playbackId: 'p' },
    }),
  ];

  it('S132 says what was lost, changed and late, by type and with examples', () => {
    const ways = schedule(facts, [0, 1, 2, 2, 2]);
    const { causes, events, metrics } = compareThreeWays(ways);
    expect(events).toEqual({ captured: 5, stored: 4, inTime: 3 });
    expect(
      causes.map(({ cause, kind, byType, examples }) => [cause, kind, byType, examples]),
    ).toEqual([
      ['clock: the corrected time is not the true time', 'changed', { 'media.play': 1 }, ['e1']],
      ['late: its play was closed', 'late', { 'media.ping': 1 }, ['e4']],
      ['late: its session was closed', 'late', { 'media.ping': 1 }, ['e4']],
      ['lost 0', 'missing', { 'page.view': 1 }, ['e0']],
    ]);
    const totals = metrics.find(({ metric }) => metric === 'viewing_totals');
    expect(totals?.examples.find(({ column }) => column === 'watch_s')).toEqual({
      row: '',
      column: 'watch_s',
      truth: 40,
      batch: 33,
      stream: 33,
    });
    expect(totals?.causes).toEqual(['clock: the corrected time is not the true time']);
  });

  it('S133 whatever is left over is said', () => {
    const ways = schedule(facts, [2, 2, 0, 2, 2]);
    const unexplained = (changed: Partial<ThreeWays>) => {
      const agreement = compareThreeWays({ ...ways, ...changed });
      expect(agreement.isExplained).toBe(agreement.unexplained.length === 0);
      return agreement.unexplained.join('\n');
    };
    expect(unexplained({})).toBe('');
    expect(unexplained({ fateOf: () => undefined })).toMatch(/nobody knows where it was lost: e2/);
    expect(unexplained({ captured: byId(facts.slice(1)) })).toMatch(/nobody captured it: e0/);
    const totals = ways.batch['viewing_totals'] ?? [];
    const wrong = { ...ways.batch, viewing_totals: totals.map((row) => ({ ...row, plays: 9 })) };
    expect(unexplained({ batch: wrong })).toMatch(/viewing_totals: truth with .* ≠ batch/);
    const { figures } = ways.stream;
    const unnamed = { figures, late: { plays: [], sessions: [] } };
    expect(unexplained({ stream: unnamed })).toMatch(/≠ stream/);
    const users = { ...figures.users, churn: [{ users: 7, churned: 0, share: 0 }] };
    expect(unexplained({ stream: { ...ways.stream, figures: { ...figures, users } } })).toMatch(
      /churn: batch ≠ stream/,
    );
  });

  it('S132 every row of a metric has a key of its own', () => {
    const rows = fc.sample(captured, { seed: 9, numRuns: 5 }).flatMap((some) => {
      const stream = createViewingStream({ titleOf });
      for (const one of some) stream.add(one);
      const { plays, sessions, users } = stream.figures();
      return Object.entries({ ...plays, ...sessions, ...users });
    });
    expect(new Set(rows.map(([name]) => name)).size).toBe(
      Object.values(streamedMetrics()).flat().length,
    );
    for (const [name, own] of rows) {
      const cells = cellsOf(name, { truth: own, batch: own, stream: [] });
      const perRow = cells.length / Math.max(1, own.length);
      expect(Number.isInteger(perRow), name).toBe(true);
      expect(cells.length > 0, name).toBe(own.length > 0);
    }
  });
});
