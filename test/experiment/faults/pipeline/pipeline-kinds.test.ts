/** Every kind of the family pipeline: what it does, that nothing acknowledged is lost or counted
 * twice by it, and that everything is as before once it is over. */
import { describe, expect, it } from 'vitest';
import { seconds } from '../../../../src/kernel/time.ts';
import { type KindRow, testKinds } from '../kind-theory.ts';
import { expectNothingLost, runStream } from '../stream-world.ts';

const ROWS: readonly KindRow[] = [
  {
    rule: 'E481',
    kind: 'pipeline.late',
    intensity: seconds(40),
    isSeen: (struck) => expect(struck.longestUs).toBeGreaterThanOrEqual(seconds(40)),
  },
  {
    rule: 'E483',
    kind: 'pipeline.out-of-order',
    // What its place in the log decides is nothing that a count shows: see below.
    isSeen: (struck, base) => expect(struck.facts).toEqual(base.facts),
    isBehindTheLog: true,
  },
  {
    rule: 'E486',
    kind: 'pipeline.duplicate',
    isSeen(struck) {
      const { duplicate } = struck.truth.made;
      expect(duplicate).toBe(struck.strikes);
      expect(struck.duplicates).toBe(duplicate);
      expect(struck.ledger.droppedByReason).toMatchObject({ fault_duplicate: duplicate });
    },
    isBehindTheLog: true,
  },
  {
    rule: 'E482',
    kind: 'pipeline.watermark-stall',
    isSeen: (struck) => expect(struck.longestUs).toBeGreaterThan(seconds(30)),
    isBehindTheLog: true,
  },
  {
    rule: 'E478',
    kind: 'pipeline.rebalance',
    isSeen: (struck) => expect(struck.mishaps.pipelineDeaths).toBe(2),
    isBehindTheLog: true,
  },
  {
    rule: 'E477',
    kind: 'pipeline.crash',
    isSeen(struck) {
      expect(struck.mishaps.pipelineDeaths).toBe(1);
      expect(struck.longestUs).toBeGreaterThan(seconds(50));
    },
    isBehindTheLog: true,
  },
  {
    rule: 'E484',
    kind: 'pipeline.poison-record',
    isSeen(struck) {
      const { poison } = struck.truth.made;
      expect(poison).toBe(struck.strikes);
      const bad = Object.values(struck.badReasons).reduce((sum, n) => sum + n, 0);
      expect(bad).toBe(poison);
      expect(Object.keys(struck.badReasons).length).toBeGreaterThan(2);
      expect(struck.ledger.droppedByReason).toMatchObject({ bad_row: 0, fault_poison: poison });
    },
    isBehindTheLog: true,
  },
  {
    rule: 'E485',
    kind: 'pipeline.schema-change',
    probability: 0.8,
    options: { guests: 6 },
    isSeen(struck, base) {
      const bad = Object.values(struck.badReasons).reduce((sum, n) => sum + n, 0);
      expect(struck.badReasons).toMatchObject({
        'unknown schema version': expect.any(Number),
        'data: unrecognized_keys': expect.any(Number),
        'eventTimeUs: invalid_type': expect.any(Number),
      });
      // The rest is of an older version, and was brought up to date.
      expect(bad).toBeLessThan(struck.strikes);
      expect(struck.facts.length + bad).toBe(base.facts.length);
    },
  },
  {
    rule: 'E480',
    kind: 'pipeline.partition-skew',
    isSeen(struck, base) {
      const fullest = ({ offsets }: { readonly offsets: readonly number[] }) =>
        Math.max(...offsets) / offsets.reduce((sum, n) => sum + n, 0);
      expect(fullest(struck)).toBeGreaterThan(fullest(base));
      expect(struck.facts).toEqual(base.facts);
    },
  },
];

testKinds(ROWS);

describe('what is late, and what is out of order', () => {
  it('E481: a batch that comes behind the watermark is late, each event once', async () => {
    const clickstream = { allowedLateness: 0, watermarkBound: seconds(1) };
    const fault = { kind: 'pipeline.late', at: seconds(30), for: seconds(60) } as const;
    const late = { ...fault, probability: 0.3, intensity: seconds(80) };
    const struck = await runStream([late], { clickstream });
    const base = await runStream([], { clickstream });
    expect(struck.lateEvents).toBeGreaterThan(base.lateEvents);
    expect(struck.facts).toEqual(base.facts);
    expectNothingLost(struck);
  });

  it('E482: a stalled partition holds the others back, until it is taken for idle', async () => {
    const stall = { kind: 'pipeline.watermark-stall', at: seconds(30), for: seconds(60) } as const;
    const strict = { allowedLateness: 0, watermarkBound: seconds(1) };
    const held = await runStream([stall], {
      clickstream: { ...strict, idleTimeout: seconds(600) },
    });
    const idle = await runStream([stall], { clickstream: { ...strict, idleTimeout: seconds(10) } });
    expect(held.lateEvents).toBe(0);
    expect(idle.lateEvents).toBeGreaterThan(0);
    expectNothingLost(held);
    expectNothingLost(idle);
  });

  it('E483: records of one viewer overtake each other', async () => {
    const overtaken = async (probability: number) => {
      const last = new Map<string, number>();
      let count = 0;
      const fault = { kind: 'pipeline.out-of-order', at: seconds(30), for: seconds(60) } as const;
      await runStream([{ ...fault, probability }], {}, ({ clickstream }) =>
        clickstream.pipeline.enriched$.subscribe(({ event: { sessionId, sequence } }) => {
          if (sequence < (last.get(sessionId) ?? 0)) count += 1;
          last.set(sessionId, sequence);
        }),
      );
      return count;
    };
    expect(await overtaken(0)).toBe(0);
    expect(await overtaken(0.5)).toBeGreaterThan(0);
  });
});
