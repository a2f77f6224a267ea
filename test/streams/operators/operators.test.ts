/** The operators as RxJS users have them: closures, no plan. */
import { fc, test } from '@fast-check/vitest';
import { from, type Observable, of, range, Subject, take, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { TopN } from '../../../src/streams/aggregates/top-n.ts';
import { intervalJoin } from '../../../src/streams/joins/interval-join.ts';
import { assignWatermarks } from '../../../src/streams/operators/assign-watermarks.ts';
import { createDedupe, dedupeWithin } from '../../../src/streams/operators/dedupe-within.ts';
import { createFilter, divert, filterRows, mapRows } from '../../../src/streams/operators/rows.ts';
import { through } from '../../../src/streams/operators/stage.ts';
import type { StreamItem } from '../../../src/streams/stream-item.ts';

const row = <Row>(value: Row, timeUs: number): StreamItem<Row> => ({
  kind: 'row',
  row: value,
  timeUs,
});
const watermark = (timeUs: number): StreamItem<never> => ({ kind: 'watermark', timeUs });

describe('rows', () => {
  it('are kept, changed and led away; watermarks pass', () => {
    const told: unknown[] = [];
    const aside: unknown[] = [];
    from([row(1, 10), row(2, 11), watermark(5), row(3, 12), row(4, 13)])
      .pipe(
        filterRows((n) => n !== 2),
        divert(
          (n) => n === 3,
          (one) => aside.push(one),
        ),
        mapRows((n) => `n${n}`),
      )
      .subscribe((item) => told.push(item.kind === 'row' ? [item.row, item.timeUs] : item.timeUs));
    expect(told).toEqual([['n1', 10], 5, ['n4', 13]]);
    expect(aside).toEqual([{ row: 3, timeUs: 12, reason: 'diverted' }]);
  });

  it('send what a closure throws to the observer, once', () => {
    const seen: unknown[] = [];
    const fail = () => {
      throw new Error('mine');
    };
    of(row(1, 1), row(2, 2))
      .pipe(mapRows(fail))
      .subscribe({ next: (item) => seen.push(item), error: ({ message }) => seen.push(message) });
    throwError(() => new Error('theirs'))
      .pipe(filterRows(() => true))
      .subscribe({ error: ({ message }) => seen.push(message) });
    expect(seen).toEqual(['mine', 'theirs']);
  });

  it('stop reading once nobody listens, of a source that never pauses too', () => {
    let read = 0;
    const late: unknown[] = [];
    const timeUsOf = (n: number) => {
      read += 1;
      return n;
    };
    const rows$ = range(0, 1_000_000);
    const seen: unknown[] = [];
    const listen = (items$: Observable<StreamItem<number>>) =>
      items$.subscribe((item) => seen.push(item.timeUs));
    const assign = assignWatermarks<number>({
      partitionCount: 1,
      strategy: { kind: 'ascending' },
      timeUsOf,
    });
    listen(
      rows$.pipe(
        assign,
        divert(
          (n) => n === 9,
          (one) => late.push(one),
        ),
        take(4),
      ),
    );
    expect([seen, read]).toEqual([[0, -1, 1, 0], 2]);
    const join = { leftKeyOf: String, rightKeyOf: String, lowerUs: 0, upperUs: 0 };
    const joined = intervalJoin(rows$.pipe(assign), { ...join, join: (n: number) => n });
    listen(of(row(5, 5)).pipe(joined, take(1)));
    expect([seen.slice(4), read, late]).toEqual([[5], 8, []]);
  });

  it('are counted', () => {
    const stage = createFilter((n: number) => n > 1, { step: 'mine' });
    from([row(1, 1), row(2, 2), row(3, 3)])
      .pipe(through(stage))
      .subscribe();
    expect(stage.counts()).toEqual({
      step: 'mine',
      received: 3,
      passed: 2,
      rejected: {},
      dropped: { filtered: 1 },
      emitted: 2,
    });
    const copy = createFilter((n: number) => n > 1, { step: 'mine' });
    copy.restore(JSON.parse(JSON.stringify(stage.snapshot())));
    expect(copy.counts()).toEqual(stage.counts());
  });
});

const TTL_US = 20;
const visits = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ key: fc.nat(3), at: fc.nat(100) }) },
    { weight: 1, arbitrary: fc.nat(120) },
  ),
  { maxLength: 60, size: 'max' },
);

/** The definition: a list of what is remembered, looked through in full. */
function distinct(given: readonly (number | { readonly key: number; readonly at: number })[]) {
  const passed: number[] = [];
  let remembered: { readonly key: number; readonly at: number }[] = [];
  let watermarkUs = Number.NEGATIVE_INFINITY;
  given.forEach((one, n) => {
    if (typeof one === 'number') {
      watermarkUs = Math.max(watermarkUs, one);
      remembered = remembered.filter(({ at }) => at + TTL_US > watermarkUs);
      return;
    }
    const known = remembered.find(({ key }) => key === one.key);
    if (known !== undefined && Math.abs(one.at - known.at) <= TTL_US) return;
    passed.push(n);
    if (known !== undefined && one.at < known.at) return;
    remembered = [...remembered.filter(({ key }) => key !== one.key), one].filter(
      ({ at }) => at + TTL_US > watermarkUs,
    );
  });
  return { passed, remembered };
}

describe('dedupeWithin (W35)', () => {
  test.prop([visits, fc.nat(60)], { seed: 40, numRuns: 400 })(
    'passes what the definition passes, also across a snapshot, and forgets in time',
    (given, savedAt) => {
      const told: number[] = [];
      const make = () => {
        const made = createDedupe<{ n: number; key: number }>({
          keyOf: ({ key }) => `${key}`,
          ttlUs: TTL_US,
        });
        made.emit = (item) => {
          if (item.kind === 'row') told.push(item.row.n);
        };
        return made;
      };
      let stage = make();
      let watermarkUs = Number.NEGATIVE_INFINITY;
      given.forEach((one, n) => {
        if (n === savedAt) {
          const saved = JSON.parse(JSON.stringify(stage.snapshot()));
          stage = make();
          stage.restore(saved);
        }
        if (typeof one !== 'number') stage.take(row({ n, key: one.key }, one.at));
        else if (one > watermarkUs) {
          watermarkUs = one;
          stage.take(watermark(one));
        }
      });
      const { passed, remembered } = distinct(given);
      expect(told).toEqual(passed);
      expect(stage.stateSize).toBeGreaterThanOrEqual(remembered.length);
      stage.take(watermark(Number.POSITIVE_INFINITY));
      expect(stage.stateSize).toBe(0);
    },
  );

  it('has a state of its own in every subscription', () => {
    const items$ = of(row('a', 1), row('a', 2)).pipe(
      dedupeWithin({ keyOf: (key) => key, ttlUs: 5 }),
    );
    const told: unknown[] = [];
    items$.subscribe((item) => told.push(item));
    items$.subscribe((item) => told.push(item));
    expect(told).toEqual([row('a', 1), row('a', 1)]);
  });

  it('wants a time to live', () => {
    expect(() => createDedupe({ keyOf: () => '', ttlUs: 0 })).toThrow(
      /STREAMS_BAD_ARGUMENT: ttlUs 0: must be a whole number of µs from 1/,
    );
  });
});

describe('assignWatermarks', () => {
  it('puts watermarks behind the rows that cause them, the least of all partitions', () => {
    const rows$ = new Subject<{ p: number; at: number }>();
    const processTime$ = new Subject<number>();
    const told: unknown[] = [];
    rows$
      .pipe(
        assignWatermarks({
          partitionCount: 2,
          strategy: { kind: 'bounded', boundUs: 2 },
          idleTimeoutUs: 10,
          partitionOf: ({ p }) => p,
          timeUsOf: ({ at }) => at,
          processTimeUs: () => 5,
          processTime$,
        }),
      )
      .subscribe({
        next: (item) => told.push(item.kind === 'row' ? `row ${item.timeUs}` : item.timeUs),
        complete: () => told.push('end'),
      });
    processTime$.next(0);
    rows$.next({ p: 0, at: 20 });
    rows$.next({ p: 1, at: 10 });
    processTime$.next(14);
    rows$.next({ p: 0, at: 30 });
    expect(told).toEqual(['row 20', 'row 10', 7, 'row 30']);
    processTime$.next(15);
    rows$.complete();
    expect(told.slice(4)).toEqual([27, Number.POSITIVE_INFINITY, 'end']);
  });
});

describe('assignWatermarks with process time as a stream alone', () => {
  it('hears a partition again that was let go', () => {
    const rows$ = new Subject<{ p: number; at: number }>();
    const processTime$ = new Subject<number>();
    const told: number[] = [];
    const options = {
      partitionCount: 2,
      strategy: { kind: 'ascending' },
      idleTimeoutUs: 10,
    } as const;
    rows$
      .pipe(
        assignWatermarks<{ p: number; at: number }>({
          ...options,
          partitionOf: ({ p }) => p,
          timeUsOf: ({ at }) => at,
          processTime$,
        }),
      )
      .subscribe((item) => item.kind === 'watermark' && told.push(item.timeUs));
    processTime$.next(0);
    rows$.next({ p: 0, at: 5 });
    processTime$.next(10);
    rows$.next({ p: 0, at: 50 });
    rows$.next({ p: 1, at: 60 });
    rows$.next({ p: 0, at: 70 });
    expect(told).toEqual([4, 49, 59]);
  });
});

describe('TopN (W39)', () => {
  it('looks at all rows of a window only where one of its best becomes worse', () => {
    let compared = 0;
    const compare = (a: readonly number[], b: readonly number[]) => {
      compared += 1;
      return (b[1] ?? 0) - (a[1] ?? 0) || (a[0] ?? 0) - (b[0] ?? 0);
    };
    const top = new TopN<readonly number[]>({ limit: 3, compare });
    const told: unknown[] = [];
    const accept = (key: number, score: number) => {
      top.accept('w', `${key}`, [key, score]);
      top.flush(({ rank, row: [of] }) => told.push([rank, of]));
    };
    for (let key = 0; key < 1_000; key += 1) accept(key, key);
    compared = 0;
    for (let key = 0; key < 900; key += 1) accept(key, key + 1);
    expect(compared).toBeLessThan(900 * 10);
    told.length = 0;
    accept(999, 0);
    expect(told).toEqual([
      [1, 998],
      [2, 997],
      [3, 996],
    ]);
    expect(compared).toBeGreaterThan(1_000);
  });

  const updates = fc.array(
    fc.record({
      window: fc.constantFrom('v', 'w'),
      key: fc.nat(8),
      score: fc.nat(5),
      flush: fc.boolean(),
    }),
    { maxLength: 50, size: 'max' },
  );

  test.prop([updates, fc.integer({ min: 1, max: 4 }), fc.nat(50)], { seed: 41, numRuns: 300 })(
    'holds the first of a full sort after a flush, also across a snapshot',
    (given, limit, savedAt) => {
      const make = () =>
        new TopN<readonly [number, number]>({
          limit,
          compare: ([keyA, scoreA], [keyB, scoreB]) => scoreB - scoreA || keyA - keyB,
        });
      let top = make();
      const all = new Map<string, Map<number, number>>();
      given.forEach(({ window, key, score, flush }, n) => {
        const scores = all.get(window) ?? new Map<number, number>();
        all.set(window, scores.set(key, score));
        top.accept(window, `${key}`, [key, score]);
        if (flush || n === savedAt) top.flush(() => {});
        if (n !== savedAt) return;
        const saved = JSON.parse(JSON.stringify(top.save()));
        top = make();
        top.load(saved);
      });
      top.flush(() => {});
      const saved = top.save() as unknown as readonly (readonly [string, unknown, string[]])[];
      expect(saved).toHaveLength(all.size);
      for (const [window, , told] of saved) {
        const sorted = [...(all.get(window) ?? [])].sort(
          ([keyA, scoreA], [keyB, scoreB]) => scoreB - scoreA || keyA - keyB,
        );
        expect(told).toEqual(sorted.slice(0, limit).map(([key]) => `${key}`));
      }
    },
  );
});
