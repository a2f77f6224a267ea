/** Deduplication by event id, with a time to live. */
import { fc, test } from '@fast-check/vitest';
import { from } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { minutes } from '../../src/kernel/time.ts';
import { dedupe } from '../../src/streams/dedupe.ts';
import { StageCounter } from '../../src/streams/stage-counter.ts';
import { logRecord, START_US, trackedEvent } from './clickstream-builder.ts';

const TTL_US = minutes(10);

/** Each delivery: an id and minutes after the start at which the collector took it in. */
function run(deliveries: readonly (readonly [id: string, minute: number])[]) {
  const counter = new StageCounter('dedupe');
  const passed: string[] = [];
  const valid = deliveries.map(([id, minute]) => ({
    record: logRecord({ ingestTimeUs: START_US + minutes(minute) }),
    event: trackedEvent({ id }),
  }));
  from(valid)
    .pipe(dedupe({ counter, ttlUs: TTL_US }))
    .subscribe(({ record, event }) => {
      passed.push(`${event.id}@${(record.ingestTimeUs - START_US) / minutes(1)}`);
    });
  return { passed, counts: counter.counts() };
}

describe('dedupe', () => {
  it('W3 passes the first of an id and drops the later ones', () => {
    const { passed, counts } = run([
      ['a', 0],
      ['b', 0],
      ['a', 0],
      ['a', 9],
    ]);
    expect(passed).toEqual(['a@0', 'b@0']);
    expect(counts).toMatchObject({ received: 4, passed: 2, dropped: { duplicate: 2 } });
  });

  it('W3 forgets an id between one and two times to live after it came', () => {
    expect(run([...filler(0, 9), ['a', 9], ['a', 19]]).passed).not.toContain('a@19');
    expect(run([...filler(0, 9), ['a', 9], ...filler(10, 29), ['a', 30]]).passed).toContain('a@30');
  });

  test.prop([fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(12)), { maxLength: 60 })], {
    seed: 51,
    numRuns: 300,
  })('W3 never passes an id twice within the time to live', (gaps) => {
    let minute = 0;
    const deliveries = gaps.map(([id, gap]): [string, number] => {
      minute += gap;
      return [id, minute];
    });
    const { passed, counts } = run(deliveries);
    const lastPass = new Map<string, number>();
    for (const one of passed) {
      const [id = '', at] = one.split('@');
      const before = lastPass.get(id) ?? Number.NEGATIVE_INFINITY;
      expect(Number(at) - before).toBeGreaterThanOrEqual(TTL_US / minutes(1));
      lastPass.set(id, Number(at));
    }
    expect(counts.passed + (counts.dropped['duplicate'] ?? 0)).toBe(deliveries.length);
  });
});

/** Other ids, one a minute: what makes generations pass. */
function filler(fromMinute: number, toMinute: number): readonly [string, number][] {
  const count = toMinute - fromMinute + 1;
  return Array.from({ length: count }, (_, i) => [`x${fromMinute + i}`, fromMinute + i]);
}
