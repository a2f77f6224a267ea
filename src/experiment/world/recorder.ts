/** What observers note of a run: page loads, calls and bytes. It draws nothing,
 * schedules nothing and feeds no digest; leaving it out changes no result. */
import type { ViewerId } from '../../domain/ids.ts';
import type { ApiOutcome } from '../../domain/page.ts';
import { createTrafficMeter, type TrafficMeter } from '../../queueing/network/traffic-meter.ts';
import type { LevelAverages } from '../../stats/warm-up/level-averages.ts';
import {
  type AskedLoad,
  LoadColumns,
  type LoadVisitor,
  type PageLoadRecord,
} from './load-columns.ts';

export type { PageLoadRecord } from './load-columns.ts';

/** Counters of calls and of their bytes, headers included. */
export interface TrafficCount {
  calls: number;
  bytes: number;
}

/** The notes of one run. */
export interface Recorder {
  /** In the order in which they ended. Cost O(loads) where more have ended since it was read. */
  readonly loads: readonly PageLoadRecord[];
  readonly openCount: number;
  readonly askedCount: number;
  readonly offlineCount: number;
  /** Pages that never left their device. */
  readonly refused: readonly AskedLoad[];
  /** Calls of clients, and calls between servers. */
  readonly wan: TrafficCount;
  readonly internal: TrafficCount;
  /** Pages shown, given up or failed so far. */
  readonly shownCount: number;
  /** Viewers present now. */
  readonly presentCount: number;
  /** Shows the loads that have ended since a place, the first being 0.
   * @returns the place to go on from. Cost O(shown). */
  endedSince(place: number, visitor: LoadVisitor): number;
  /** A page of a load test is asked for; {@link Recorder.testShown} tells how it ended. */
  testAsked(atUs: number): void;
  testShown(load: AskedLoad, outcome: ApiOutcome, atUs: number): void;
  /** Bytes of the same by the roads that they took; twice where they took two. */
  readonly traffic: TrafficMeter;
  pageAsked(request: number, load: AskedLoad): void;
  /** When a page was asked for that is not over; undefined for any other. */
  askedAtUs(request: number): number | undefined;
  pageShown(request: number, outcome: ApiOutcome, atUs: number): void;
  /** A page that never left the device because it was offline. */
  pageRefusedOffline(request: number, atUs: number): void;
  /** What is measured has changed: loads read so far are read anew. */
  remeasure(): void;
  viewersChanged(delta: number, atUs: number): void;
  /** Highest number of viewers present in each bucket. */
  concurrentViewers(): readonly number[];
}

/** Options of a recorder. */
export interface RecorderOptions {
  readonly bucketUs: number;
  readonly endUs: number;
  readonly isMeasured: (viewer: ViewerId, askedAtUs: number) => boolean;
  /** Told how many pages are under way whenever that changes. */
  readonly pagesInFlight?: Pick<LevelAverages, 'set'> | undefined;
}

/** Makes a recorder. */
export function createRecorder(options: RecorderOptions): Recorder {
  const { bucketUs, pagesInFlight } = options;
  const bucketCount = Math.max(1, Math.ceil(options.endUs / bucketUs));
  const open = new Map<number, AskedLoad>();
  const ended = new LoadColumns(options.isMeasured);
  let openTests = 0;
  const moved = (atUs: number) => pagesInFlight?.set(atUs, open.size + openTests);
  const present = { now: 0, max: new Array<number>(bucketCount).fill(0), bucket: 0 };
  const count = { asked: 0 };
  const refused: AskedLoad[] = [];
  const bucketOf = (atUs: number) => Math.min(bucketCount - 1, Math.floor(atUs / bucketUs));
  const fillPresent = (bucket: number) => {
    for (; present.bucket < bucket; present.bucket += 1) {
      present.max[present.bucket + 1] = present.now;
    }
  };
  return {
    get loads() {
      return ended.records();
    },
    get shownCount() {
      return ended.length;
    },
    get presentCount() {
      return present.now;
    },
    endedSince: (place, visitor) => ended.visit(place, visitor),
    wan: { calls: 0, bytes: 0 },
    internal: { calls: 0, bytes: 0 },
    traffic: createTrafficMeter(),
    get openCount() {
      return open.size + openTests;
    },
    get askedCount() {
      return count.asked;
    },
    get offlineCount() {
      return refused.length;
    },
    refused,
    testAsked(atUs) {
      count.asked += 1;
      openTests += 1;
      moved(atUs);
    },
    testShown(load, outcome, atUs) {
      openTests -= 1;
      moved(atUs);
      ended.push(load, outcome, atUs);
    },
    pageAsked(request, load) {
      count.asked += 1;
      open.set(request, load);
      moved(load.askedAtUs);
    },
    askedAtUs: (request) => open.get(request)?.askedAtUs,
    pageShown(request, outcome, atUs) {
      const load = open.get(request);
      if (load === undefined) return;
      open.delete(request);
      moved(atUs);
      ended.push(load, outcome, atUs);
    },
    pageRefusedOffline(request, atUs) {
      const load = open.get(request);
      if (load === undefined) return;
      open.delete(request);
      refused.push(load);
      moved(atUs);
    },
    remeasure: () => ended.forgetRecords(),
    viewersChanged(delta, atUs) {
      const bucket = bucketOf(atUs);
      fillPresent(bucket);
      present.now += delta;
      present.max[bucket] = Math.max(present.max[bucket] ?? 0, present.now);
    },
    concurrentViewers() {
      fillPresent(bucketCount - 1);
      return present.max;
    },
  };
}
