/** Windows, watermarks and deduplication over streams with disorder, beside oracles that see all
 * rows at once. Where a row is a cut, the operator is saved and restored: a fault. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { createDedupeMemory, type DedupeMemory } from '../../../../src/streams/dedupe-memory.ts';
import {
  createPartitionedWatermarks,
  type PartitionedWatermarks,
} from '../../../../src/streams/watermarks/partitioned-watermarks.ts';
import { batchAligned, closingSessions } from '../../../streams/windows/batch-windows.ts';
import {
  alignedAssignments,
  anyRows,
  anyTrigger,
  netOf,
  play,
  sessionAssignments,
  type TimedRow,
  throughJson,
} from '../../../streams/windows/window-builder.ts';
import { type Size, type ZooProperty, zooProperty } from '../../hunt/property.ts';

function sizeOfRows({ rows }: { readonly rows: readonly TimedRow[] }): Size {
  return { commands: rows.length, faults: rows.filter((row) => row.isCut).length };
}

/** A trigger with early panes, without them, or none at all. */
const trigger = fc.oneof(
  anyTrigger,
  anyTrigger.map(({ early: _, ...rest }) => rest),
  fc.constant({}),
);

const disorder = { rows: anyRows, boundUs: fc.nat(20), latenessUs: fc.nat(20) };

function byArrival(rows: readonly TimedRow[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row));
}

const alignedAsBatch = zooProperty({
  name: 'aligned-windows-as-batch',
  claim: 'last panes and late rows are those of a batch over what each window admitted',
  arbitrary: fc.record({ assign: alignedAssignments, trigger, ...disorder }),
  sizeOf: sizeOfRows,
  holds({ assign, trigger: told, rows, boundUs, latenessUs }) {
    const spec = { assign, trigger: told, allowedLatenessUs: latenessUs };
    const played = play({ spec, rows, boundUs, isInterrupted: true });
    const batch = batchAligned(assign, rows, { boundUs, latenessUs });
    assert.deepEqual(netOf(played.panes), batch.windows);
    assert.deepEqual(byArrival(played.late), byArrival(batch.late));
    assert.equal(played.openWindows, 0, 'nothing is left open');
    assert.equal(played.counts.late, batch.late.length);
  },
});

const sessionsAsBatch = zooProperty({
  name: 'sessions-as-batch',
  claim: 'sessions are those that sorting finds in what was not late',
  arbitrary: fc.record({ assign: sessionAssignments, trigger, ...disorder }),
  sizeOf: sizeOfRows,
  holds({ assign, trigger: told, rows, boundUs, latenessUs }) {
    const accumulation = 'retracting' as const;
    const spec = { assign, trigger: told, allowedLatenessUs: latenessUs, accumulation };
    const played = play({ spec, rows, boundUs, isInterrupted: true });
    const batch = closingSessions(assign, rows, { boundUs, latenessUs });
    assert.deepEqual(netOf(played.panes), batch.windows);
    assert.deepEqual(byArrival(played.late), byArrival(batch.late));
    assert.equal(played.openWindows, 0, 'nothing is left open');
  },
});

const onePaneEach = zooProperty({
  name: 'patient-windows-tell-once',
  claim: 'without lateness and early panes each window tells one pane, when it ends, for good',
  arbitrary: fc.record({
    assign: fc.oneof(alignedAssignments, sessionAssignments),
    rows: anyRows,
    boundUs: fc.nat(20),
  }),
  sizeOf: sizeOfRows,
  holds({ assign, rows, boundUs }) {
    const spec = { assign, accumulation: 'retracting' as const };
    const { panes } = play({ spec, rows, boundUs, isInterrupted: true });
    for (const { info } of panes) {
      assert.deepEqual(
        { timing: info.timing, isFirst: info.isFirst, isLast: info.isLast },
        { timing: 'ON_TIME', isFirst: true, isLast: true },
      );
    }
    assert.equal(panes.length, netOf(panes).size, 'no window tells twice');
  },
});

/** So near to the end of time that an end and its lateness are no safe integers. */
const nearTheEnd = zooProperty({
  name: 'windows-near-the-end-of-time',
  claim: 'a window whose cleanup lies beyond the end of time is forgotten at the end, not before',
  arbitrary: fc.record({
    backUs: fc.array(fc.nat(50), { minLength: 1, maxLength: 8 }),
    latenessUs: fc.oneof(fc.nat(20), fc.constant(Number.MAX_SAFE_INTEGER - 100)),
  }),
  sizeOf: ({ backUs }) => ({ commands: backUs.length, faults: 0 }),
  holds({ backUs, latenessUs }) {
    const sizeUs = 10;
    const spec = {
      assign: { kind: 'tumbling' as const, sizeUs },
      allowedLatenessUs: latenessUs,
    };
    const endUs = Math.floor(Number.MAX_SAFE_INTEGER / sizeUs) * sizeUs - 50;
    const rows = backUs.map((back): TimedRow => {
      const timeUs = endUs - back;
      return { key: 'a', value: 1, timeUs, gapUs: 1, partition: 0, isCut: false };
    });
    const played = play({ spec, rows, boundUs: 0 });
    let greatestUs = Number.NEGATIVE_INFINITY;
    const late = rows.filter(({ timeUs }) => {
      const ownEndUs = BigInt(Math.floor(timeUs / sizeUs) * sizeUs + sizeUs);
      const closesUs = ownEndUs - 1n + BigInt(latenessUs);
      const isLate = Number.isFinite(greatestUs) && BigInt(greatestUs - 1) >= closesUs;
      greatestUs = Math.max(greatestUs, timeUs);
      return isLate;
    });
    assert.deepEqual(byArrival(played.late), byArrival(late));
  },
});

type Told =
  | { readonly do: 'row'; readonly partition: number; readonly timeUs: number }
  | { readonly do: 'pass'; readonly forUs: number }
  | { readonly do: 'cut' };

const IDLE_US = 20;

/** Watermarks of partitions by Flink's rule, all looked at each time. */
class Partitions {
  readonly #boundUs: number;
  readonly #all: { greatestUs: number; isIdle: boolean; isAligned: boolean; heardUs: number }[];
  watermarkUs = Number.NEGATIVE_INFINITY;

  constructor(count: number, boundUs: number) {
    this.#boundUs = boundUs;
    this.#all = Array.from({ length: count }, () => ({
      greatestUs: Number.NEGATIVE_INFINITY,
      isIdle: false,
      isAligned: true,
      heardUs: Number.NaN,
    }));
  }

  row(number: number, timeUs: number, nowUs: number): void {
    const one = this.#all[number];
    if (one === undefined) return;
    one.heardUs = nowUs;
    if (one.isIdle) one.isAligned = one.greatestUs - this.#boundUs - 1 >= this.watermarkUs;
    one.isIdle = false;
    one.greatestUs = Math.max(one.greatestUs, timeUs);
    if (one.greatestUs - this.#boundUs - 1 >= this.watermarkUs) one.isAligned = true;
    this.#merge();
  }

  pass(nowUs: number): void {
    for (const one of this.#all) {
      if (Number.isNaN(one.heardUs)) one.heardUs = nowUs;
      else if (!one.isIdle && nowUs - one.heardUs >= IDLE_US) {
        const wasAligned = one.isAligned;
        Object.assign(one, { isIdle: true, isAligned: false });
        if (this.#all.some((other) => !other.isIdle)) this.#merge();
        else if (wasAligned) this.#grow(Math.max(...this.#all.map((other) => other.greatestUs)));
      }
    }
  }

  #merge(): void {
    const counting = this.#all.filter((one) => !one.isIdle && one.isAligned);
    if (counting.length > 0) this.#grow(Math.min(...counting.map((one) => one.greatestUs)));
  }

  #grow(greatestUs: number): void {
    this.watermarkUs = Math.max(this.watermarkUs, greatestUs - this.#boundUs - 1);
  }
}

const watermarksAsMerged = zooProperty({
  name: 'watermarks-as-merged-anew',
  claim: 'the watermark is the least of the partitions that speak, and never goes back',
  arbitrary: fc.record({
    partitionCount: fc.integer({ min: 1, max: 3 }),
    boundUs: fc.nat(5),
    told: fc.array(
      fc.oneof<fc.Arbitrary<Told>[]>(
        {
          weight: 5,
          arbitrary: fc.record({
            do: fc.constant('row' as const),
            partition: fc.nat(2),
            timeUs: fc.nat(60),
          }),
        } as never,
        fc.record({ do: fc.constant('pass' as const), forUs: fc.nat(25) }),
        fc.record({ do: fc.constant('cut' as const) }),
      ),
      { maxLength: 30, size: 'max' },
    ),
  }),
  sizeOf: ({ told }) => {
    const faults = told.filter((one) => one.do === 'cut').length;
    return { commands: told.length - faults, faults };
  },
  holds({ partitionCount, boundUs, told }) {
    const create = () =>
      createPartitionedWatermarks<null>({
        partitionCount,
        strategy: { kind: 'bounded', boundUs },
        idleTimeoutUs: IDLE_US,
      });
    let watermarks: PartitionedWatermarks<null> = create();
    const partitions = new Partitions(partitionCount, boundUs);
    let nowUs = 0;
    let beforeUs = Number.NEGATIVE_INFINITY;
    for (const one of told) {
      let answerUs: number | undefined;
      if (one.do === 'row') {
        const partition = one.partition % partitionCount;
        watermarks.hear(partition, nowUs);
        answerUs = watermarks.observe(partition, null, one.timeUs);
        partitions.row(partition, one.timeUs, nowUs);
      } else if (one.do === 'pass') {
        nowUs += one.forUs;
        answerUs = watermarks.passProcessTime(nowUs);
        partitions.pass(nowUs);
      } else {
        const saved = throughJson(watermarks.snapshot());
        watermarks = create();
        watermarks.restore(saved);
      }
      assert.ok(watermarks.watermarkUs >= beforeUs, 'a watermark never goes back');
      assert.equal(watermarks.watermarkUs, partitions.watermarkUs);
      const grownUs = watermarks.watermarkUs > beforeUs ? watermarks.watermarkUs : undefined;
      assert.equal(answerUs, grownUs, 'it is told where it grew');
      beforeUs = watermarks.watermarkUs;
    }
  },
});

const TTL_US = 30;

interface Delivery {
  readonly gapUs: number;
  readonly id: string;
  readonly isCut: boolean;
}

const dedupeAsListed = zooProperty({
  name: 'dedupe-as-listed',
  claim: 'an id is a duplicate in its age and the next, with its first print, restored or not',
  arbitrary: fc.array(
    fc.record({
      gapUs: fc.oneof(fc.constant(0), fc.nat(20), fc.constantFrom(29, 30, 31, 65)),
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      isCut: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
    }),
    { maxLength: 30, size: 'max' },
  ),
  sizeOf: (deliveries) => ({
    commands: deliveries.length,
    faults: deliveries.filter((one) => one.isCut).length,
  }),
  holds(deliveries: readonly Delivery[]) {
    const straight = createDedupeMemory(TTL_US);
    let restored: DedupeMemory = createDedupeMemory(TTL_US);
    const first = new Map<string, { readonly print: number; readonly age: number }>();
    let nowUs = 0;
    // Ages begin with the first delivery that is a time to live after the beginning of the last.
    let age = 0;
    let ageSinceUs = Number.NEGATIVE_INFINITY;
    for (const [print, { gapUs, id, isCut }] of deliveries.entries()) {
      nowUs += gapUs;
      if (nowUs - ageSinceUs >= TTL_US) {
        age += 1;
        ageSinceUs = nowUs;
      }
      if (isCut) {
        const saved = throughJson(restored.snapshot());
        restored = createDedupeMemory(TTL_US);
        restored.restore(saved);
      }
      const found = straight.firstPrint(id, { print, ingestTimeUs: nowUs });
      assert.equal(restored.firstPrint(id, { print, ingestTimeUs: nowUs }), found, 'restored');
      const known = first.get(id);
      const isKnown = known !== undefined && known.age >= age - 1;
      assert.equal(found, isKnown ? known.print : undefined, `${id} at ${nowUs}`);
      if (!isKnown) first.set(id, { print, age });
    }
  },
});

/** All properties of windows. */
export const WINDOWS: readonly ZooProperty[] = [
  alignedAsBatch,
  sessionsAsBatch,
  onePaneEach,
  nearTheEnd,
  watermarksAsMerged,
  dedupeAsListed,
];
