/** What observers note of a run: page loads, calls, bytes and busy time. It draws nothing,
 * schedules nothing and feeds no digest; leaving it out changes no result. */
import type { ViewerId } from '../../domain/ids.ts';
import type { ApiOutcome, PageName } from '../../domain/page.ts';

/** One page load as the viewer saw it. */
export interface PageLoadRecord {
  readonly viewer: ViewerId;
  readonly page: PageName;
  /** When the viewer asked: loads are timed from intent, so that nothing is omitted. */
  readonly askedAtUs: number;
  readonly pageLoadTimeUs: number;
  readonly outcome: ApiOutcome;
  /** False for viewers that arrived during the warm-up. */
  readonly isMeasured: boolean;
}

/** Counters of calls and of their bytes, headers included. */
export interface TrafficCount {
  calls: number;
  bytes: number;
}

/** The notes of one run. */
export interface Recorder {
  readonly loads: readonly PageLoadRecord[];
  readonly openCount: number;
  readonly askedCount: number;
  readonly offlineCount: number;
  readonly wan: TrafficCount;
  readonly internal: TrafficCount;
  pageAsked(request: number, load: AskedLoad): void;
  pageShown(request: number, outcome: ApiOutcome, atUs: number): void;
  /** A page that never left the device because it was offline. */
  pageRefusedOffline(request: number): void;
  /** A worker of a service was busy over an interval. */
  workerBusy(service: string, fromUs: number, toUs: number): void;
  /** Busy worker time per time bucket in µs. */
  busyUs(service: string): readonly number[];
  viewersChanged(delta: number, atUs: number): void;
  /** Highest number of viewers present in each bucket. */
  concurrentViewers(): readonly number[];
}

/** A page load when it is asked for. */
export interface AskedLoad {
  readonly viewer: ViewerId;
  readonly page: PageName;
  readonly askedAtUs: number;
}

/** Options of a recorder. */
export interface RecorderOptions {
  readonly bucketUs: number;
  readonly endUs: number;
  readonly isMeasured: (viewer: ViewerId) => boolean;
}

/** Makes a recorder. */
export function createRecorder(options: RecorderOptions): Recorder {
  const { bucketUs } = options;
  const bucketCount = Math.max(1, Math.ceil(options.endUs / bucketUs));
  const open = new Map<number, AskedLoad>();
  const loads: PageLoadRecord[] = [];
  const busy = new Map<string, number[]>();
  const present = { now: 0, max: new Array<number>(bucketCount).fill(0), bucket: 0 };
  const count = { asked: 0, offline: 0 };
  const bucketOf = (atUs: number) => Math.min(bucketCount - 1, Math.floor(atUs / bucketUs));
  const busyOf = (service: string) => {
    const known = busy.get(service);
    if (known !== undefined) return known;
    const fresh = new Array<number>(bucketCount).fill(0);
    busy.set(service, fresh);
    return fresh;
  };
  const fillPresent = (bucket: number) => {
    for (; present.bucket < bucket; present.bucket += 1) {
      present.max[present.bucket + 1] = present.now;
    }
  };
  return {
    loads,
    wan: { calls: 0, bytes: 0 },
    internal: { calls: 0, bytes: 0 },
    get openCount() {
      return open.size;
    },
    get askedCount() {
      return count.asked;
    },
    get offlineCount() {
      return count.offline;
    },
    pageAsked(request, load) {
      count.asked += 1;
      open.set(request, load);
    },
    pageShown(request, outcome, atUs) {
      const load = open.get(request);
      if (load === undefined) return;
      open.delete(request);
      loads.push({
        ...load,
        outcome,
        pageLoadTimeUs: atUs - load.askedAtUs,
        isMeasured: options.isMeasured(load.viewer),
      });
    },
    pageRefusedOffline(request) {
      if (open.delete(request)) count.offline += 1;
    },
    workerBusy(service, fromUs, toUs) {
      const buckets = busyOf(service);
      for (let bucket = bucketOf(fromUs); bucket <= bucketOf(toUs); bucket += 1) {
        const startUs = Math.max(fromUs, bucket * bucketUs);
        const endUs = Math.min(toUs, (bucket + 1) * bucketUs);
        buckets[bucket] = (buckets[bucket] ?? 0) + Math.max(0, endUs - startUs);
      }
    },
    busyUs: (service) => busyOf(service),
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
