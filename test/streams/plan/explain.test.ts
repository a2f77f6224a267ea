/** Plans in words. */
import { test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { plan as startUp } from '../../../pipelines/start-up.ts';
import { plan as topTitles } from '../../../pipelines/top-titles.ts';
import { when } from '../../../src/streams/plan/builder/column.ts';
import { pipeline } from '../../../src/streams/plan/builder/pipeline.ts';
import { explain } from '../../../src/streams/plan/explain/explain.ts';
import { durationText, expressionText } from '../../../src/streams/plan/explain/texts.ts';
import { assignmentText, panesText } from '../../../src/streams/plan/explain/window-text.ts';
import type { Expression } from '../../../src/streams/plan/expression.ts';
import { randomPlans } from './random-plans.ts';

describe('explain (W43)', () => {
  it('tells the chain, its state and what targets make of it', () => {
    const text = explain(topTitles, { targets: ['rx', 'flink-sql'] });
    expect(text.split('\n\n')[1]).toBe(
      `source playback: id string, title_id string from data.titleId, event_type string from type, \
watched_ms integer from data.watchedMs, event_ts timestamp from eventTimeUs
   event time: event_ts
   watermark: greatest time − 5 s − 1 µs; the least of all partitions; \
a partition silent for 30 s of process time lets go
1. drop rows that repeat id within 1 h
   state: one time a key, until the watermark reaches it + 1 h
2. keep rows where event_type in ('media.play', 'media.ping')
3. windows, tumbling 1 min, by title_id
   plays = count of rows where event_type = 'media.play'
   minutes = sum of watched_ms ÷ 60000
   panes: one when the watermark reaches the last instant; one for each row up to 10 min late; \
each holds all so far
   keep the first 10 of each window by minutes desc, title_id asc
   rows too late for all their windows: to dead_letters, and counted
   state: one accumulator a key and window and its last row, for the ranking, \
until the watermark reaches its end + 10 min
sink title_top: upsert by window_start, rank
   rows: title_id string, plays integer, minutes double, window_start timestamp, \
window_end timestamp, pane_timing string, pane_index integer, is_retraction boolean, rank integer`,
    );
    expect(text).toMatch(/^window-tumbling +✓ {3}✓$/m);
    expect(text).toMatch(/^allowed-lateness +✓ {3}~$/m);
    expect(text).toMatch(/^ {2}~ allowed-lateness: folded into the watermark/m);
    expect(text).not.toContain('duckdb');
  });

  it('tells joins, lookups and diversions', () => {
    const text = explain(startUp);
    expect(text).toContain(
      "2. look title_id up in titles, as of the row's time; NULL where none is",
    );
    expect(text).toContain(
      '3. join with first_frames where play_id = play_id and its time is within',
    );
    expect(text).toContain('5. lead rows where start_ms > 10000 to slow_starts');
    expect(text).toContain('start_ms = (shown_at − pressed_at) ÷ 1000');
    expect(text).toContain('viewers = distinct viewer_id, standard error 1.6 %');
  });

  test.prop([randomPlans], { seed: 43, numRuns: 100 })(
    'has a line for every step of any plan, and none of the code in it',
    (plan) => {
      const text = explain(plan);
      plan.steps.forEach((_, n) => {
        expect(text).toMatch(new RegExp(`^${n + 1}\\. \\S`, 'm'));
      });
      expect(text).not.toMatch(/undefined|\[object|NaN/);
    },
  );

  it('reads durations and expressions', () => {
    expect([0, 1, 1_500, 90_000_000, -5_400_000_000, 86_400_000_001].map(durationText)).toEqual([
      '0',
      '1 µs',
      '1 ms 500 µs',
      '1 min 30 s',
      '−1 h 30 min',
      '1 d 1 µs',
    ]);
    const plan = pipeline('p')
      .source('s', {
        columns: { a: 'string', n: 'integer', at: 'timestamp' },
        time: 'at',
        watermark: { kind: 'punctuated', column: 'n' },
      })
      .filter((f) =>
        when(f.n.ge(1), f.a.concat("it's").lower())
          .otherwise(null)
          .isNotNull()
          .and(f.a.startsWith('x').not(), f.n.isNull()),
      )
      .sink('o', { mode: 'append', key: [] });
    const [step] = plan.steps;
    const where = step?.kind === 'filter' ? step.where : ({} as Expression);
    expect(expressionText(where)).toBe(
      "(case when n ≥ 1 then lower(concat(a, 'it''s')) else NULL end is not NULL) and " +
        "(not (a starts with 'x')) and (n is NULL)",
    );
    expect(explain(plan)).toContain('watermark: what n says, where it is not NULL');
  });

  it('reads windows and triggers', () => {
    expect(assignmentText({ kind: 'cumulate', stepUs: 5, maxSizeUs: 20, offsetUs: 1 })).toBe(
      'cumulating up to 20 µs by 5 µs, offset 1 µs',
    );
    expect(assignmentText({ kind: 'session', gapUs: 7, touch: 'kafka' })).toContain('(as Kafka)');
    expect(
      panesText({
        assign: { kind: 'tumbling', sizeUs: 10 },
        trigger: { early: { kind: 'count', count: 3 }, late: { kind: 'count', count: 2 } },
        allowedLatenessUs: 5,
        accumulation: 'discarding',
      }),
    ).toBe(
      'early after 3 new rows; one when the watermark reaches the last instant; one for 2 rows ' +
        'up to 5 µs late, and one at the close; each holds what came since the one before',
    );
    expect(panesText({ assign: { kind: 'global' } })).toBe(
      'one when the stream ends; each holds all so far',
    );
    expect(
      panesText({ assign: { kind: 'tumbling', sizeUs: 10 }, closeRule: 'stream-time' }),
    ).toContain('the greatest time seen is 0 past the end');
  });
});
