/** The interval join beside a comparison of everything with everything. */
import { fc, test } from '@fast-check/vitest';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createIntervalJoin, intervalJoin } from '../../../src/streams/joins/interval-join.ts';
import type { StreamItem } from '../../../src/streams/stream-item.ts';

interface Row {
  readonly id: number;
  readonly key: string | null;
  readonly at: number;
}

const SIDES = ['left', 'right'] as const;
const steps = fc.array(
  fc.record({
    side: fc.constantFrom(...SIDES),
    key: fc.option(fc.constantFrom('a', 'b'), { freq: 9 }),
    at: fc.nat(60),
  }),
  { maxLength: 40, size: 'max' },
);
const bounds = fc
  .tuple(fc.integer({ min: -15, max: 15 }), fc.nat(20))
  .map(([lowerUs, width]) => ({ lowerUs, upperUs: lowerUs + width }));

/** Feeds both sides; each side's watermark is its greatest time − bound − 1. */
function run(
  given: readonly {
    readonly side: 'left' | 'right';
    readonly key: string | null;
    readonly at: number;
  }[],
  options: {
    readonly lowerUs: number;
    readonly upperUs: number;
    readonly bound: number;
    readonly savedAt?: number;
  },
) {
  const pairs: string[] = [];
  const late: number[] = [];
  let watermarkUs = Number.NEGATIVE_INFINITY;
  const make = () => {
    const stage = createIntervalJoin<Row, Row, readonly [number, number]>({
      ...options,
      leftKeyOf: ({ key }) => key,
      rightKeyOf: ({ key }) => key,
      join: (left, right) => [left.id, right.id],
      onLate: ({ row }) => late.push(row.id),
    });
    stage.emit = (item) => {
      if (item.kind === 'watermark') watermarkUs = item.timeUs;
      else {
        expect(item.timeUs).toBeGreaterThan(watermarkUs);
        pairs.push(`${item.row.join('-')}@${item.timeUs}`);
      }
    };
    return stage;
  };
  let stage = make();
  const greatest = { left: Number.NEGATIVE_INFINITY, right: Number.NEGATIVE_INFINITY };
  given.forEach(({ side, key, at }, id) => {
    if (id === options.savedAt) {
      const saved = JSON.parse(JSON.stringify(stage.snapshot()));
      stage = make();
      stage.restore(saved);
    }
    const take = (item: StreamItem<Row>) =>
      side === 'left' ? stage.take(item) : stage.takeRight(item);
    take({ kind: 'row', row: { id, key, at }, timeUs: at });
    greatest[side] = Math.max(greatest[side], at);
    take({ kind: 'watermark', timeUs: greatest[side] - options.bound - 1 });
  });
  stage.take({ kind: 'watermark', timeUs: Number.POSITIVE_INFINITY });
  stage.takeRight({ kind: 'watermark', timeUs: Number.POSITIVE_INFINITY });
  return { pairs, late, stage };
}

describe('interval join (W36)', () => {
  test.prop([steps, bounds, fc.nat(30)], { seed: 37, numRuns: 600 })(
    'finds every pair of rows that were not late, once, and keeps nothing',
    (given, interval, bound) => {
      const { pairs, late, stage } = run(given, { ...interval, bound });
      const rows = given
        .map((one, id) => ({ ...one, id }))
        .filter(({ id, key }) => key !== null && !late.includes(id));
      const expected = rows
        .filter(({ side }) => side === 'left')
        .flatMap((left) =>
          rows
            .filter(({ side, key, at }) => {
              const distance = at - left.at;
              const { lowerUs, upperUs } = interval;
              return (
                side === 'right' && key === left.key && distance >= lowerUs && distance <= upperUs
              );
            })
            .map((right) => `${left.id}-${right.id}@${Math.max(left.at, right.at)}`),
        );
      expect(pairs.toSorted()).toEqual(expected.toSorted());
      expect(stage.stateSize).toBe(0);
      const { received, passed, dropped, emitted } = stage.counts();
      expect(received).toBe(given.length);
      expect(passed + (dropped['late'] ?? 0) + (dropped['no key'] ?? 0)).toBe(received);
      expect(emitted).toBe(pairs.length);
    },
  );

  test.prop([steps, bounds, fc.nat(39)], { seed: 38, numRuns: 300 })(
    'a snapshot is invisible',
    (given, interval, savedAt) => {
      const whole = run(given, { ...interval, bound: 10 });
      const parts = run(given, { ...interval, bound: 10, savedAt });
      expect(parts.pairs).toEqual(whole.pairs);
      expect(parts.stage.counts()).toEqual(whole.stage.counts());
    },
  );

  it('is an RxJS operator that ends when both streams have ended', () => {
    const left$ = new Subject<StreamItem<Row>>();
    const right$ = new Subject<StreamItem<Row>>();
    const told: unknown[] = [];
    left$
      .pipe(
        intervalJoin(right$, {
          leftKeyOf: ({ key }) => key,
          rightKeyOf: ({ key }) => key,
          lowerUs: 0,
          upperUs: 5,
          join: (left, right) => `${left.id}${right.id}`,
        }),
      )
      .subscribe({ next: (item) => told.push(item), complete: () => told.push('end') });
    const row = (id: number, at: number) =>
      ({ kind: 'row', row: { id, key: 'k', at }, timeUs: at }) as const;
    left$.next(row(1, 10));
    right$.next(row(2, 15));
    right$.next(row(3, 16));
    left$.next({ kind: 'watermark', timeUs: 30 });
    left$.complete();
    expect(told).toEqual([{ kind: 'row', row: '12', timeUs: 15 }]);
    right$.next({ kind: 'watermark', timeUs: 20 });
    right$.complete();
    expect(told.slice(1)).toEqual([{ kind: 'watermark', timeUs: 20 }, 'end']);
  });

  it('refuses crossed bounds', () => {
    const options = { leftKeyOf: () => '', rightKeyOf: () => '', join: () => 0 };
    expect(() => createIntervalJoin({ ...options, lowerUs: 1, upperUs: 0 })).toThrow(
      /STREAMS_BAD_ARGUMENT: interval \[1, 0\]/,
    );
  });
});
