/** The log on a simulated disk whose process dies, whose power goes and whose writes fail: what was
 * acknowledged is read in order, a batch is there as a whole or not at all, and what was read once
 * after a recovery stays. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { EngineError } from '../../../../src/kernel/errors.ts';
import { type DiskLog, openDiskLog } from '../../../../src/storage/log/disk-log.ts';
import { partitionOf } from '../../../../src/storage/log/partitioned-log.ts';
import type { DiskVerdict } from '../../../../src/storage/simulated-disk/disk-verdict.ts';
import {
  createSimulatedDisk,
  type SimulatedDisk,
} from '../../../../src/storage/simulated-disk/simulated-disk.ts';
import { requestOf } from '../../../storage/log/log-builder.ts';
import { type ZooProperty, zooProperty } from '../../hunt/property.ts';

type Step =
  /** Requests of so many events each, appended at once. */
  | { readonly do: 'append'; readonly key: string; readonly requests: readonly number[] }
  | { readonly do: 'restart' }
  /** The next write dies, or fails, with this share of its bytes on the disk. */
  | { readonly do: 'dies'; readonly share: number }
  | { readonly do: 'fails'; readonly share: number }
  /** What was not synced survives by these fates, in turn. */
  | { readonly do: 'power'; readonly fates: readonly number[] };

interface Batch {
  readonly partition: number;
  readonly events: readonly string[];
  /** Acknowledged, taken back, or nobody knows. */
  state: 'kept' | 'gone' | 'open';
}

const PARTITIONS = 2;
const KEYS = ['a', 'b', 'c'];

class Bench {
  readonly #disk: SimulatedDisk;
  readonly #batches: Batch[] = [];
  #log: DiskLog;
  #next: DiskVerdict | undefined;
  #count = 0;

  constructor() {
    this.#disk = createSimulatedDisk((operation) => {
      if (operation.call !== 'write' || !operation.path.endsWith('.log')) return undefined;
      const verdict = this.#next;
      this.#next = undefined;
      return verdict;
    });
    this.#log = this.#open();
  }

  take(step: Step): void {
    if (step.do === 'append') this.#append(step.key, step.requests);
    else if (step.do === 'dies') this.#next = { kind: 'dies', share: step.share };
    else if (step.do === 'fails') this.#next = { kind: 'error', code: 'ENOSPC', share: step.share };
    else if (step.do === 'restart') this.#restart();
    else {
      const { fates } = step;
      this.#disk.losePower((_, i) => fates[i % fates.length] ?? 0);
      for (const one of this.#batches) if (one.state === 'gone') one.state = 'open';
      this.#restart();
    }
    this.#check();
  }

  #append(key: string, requests: readonly number[]): void {
    const partition = partitionOf(key, PARTITIONS);
    const batches = requests.map((count): Batch => {
      const events = Array.from({ length: count }, (_, i) => `${this.#count + i}`);
      this.#count += count;
      return { partition, events, state: 'open' };
    });
    this.#batches.push(...batches);
    try {
      this.#log.appendAll(batches.map(({ events }) => requestOf(events, { partitionKey: key })));
      for (const batch of batches) batch.state = 'kept';
    } catch (cause) {
      const isTold = cause instanceof EngineError && cause.code === 'LOG_UNWRITABLE';
      assert.ok(isTold, `an append fails by ${String(cause)}`);
      if (this.#disk.isStopped) this.#restart();
      else for (const batch of batches) batch.state = 'gone';
    }
  }

  #restart(): void {
    this.#disk.stop();
    this.#disk.start();
    this.#next = undefined;
    this.#log = this.#open();
    // What a reader has seen after a recovery is not taken away again.
    const seen = this.#read();
    for (const batch of this.#batches) {
      if (batch.state !== 'open') continue;
      const isThere = seen[batch.partition]?.includes(batch.events[0] ?? '');
      batch.state = isThere === true ? 'kept' : 'gone';
    }
  }

  #open(): DiskLog {
    return openDiskLog({
      folder: 'log',
      partitions: PARTITIONS,
      durability: 'disk',
      segmentBytesMax: 300,
      files: this.#disk.files,
    });
  }

  #read(): string[][] {
    return Array.from({ length: PARTITIONS }, (_, partition) =>
      this.#log.read(partition, 0, 1e6).map((one) => String(one.raw)),
    );
  }

  #check(): void {
    const seen = this.#read();
    const wanted = Array.from({ length: PARTITIONS }, (): string[] => []);
    for (const { partition, events, state } of this.#batches) {
      if (state === 'kept') wanted[partition]?.push(...events);
    }
    assert.deepEqual(seen, wanted);
  }
}

const share = fc.constantFrom(0, 0.4, 0.9, 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      key: fc.constantFrom(...KEYS),
      requests: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
    }),
  },
  fc.record({ do: fc.constant('restart' as const) }),
  fc.record({ do: fc.constantFrom('dies' as const, 'fails' as const), share }),
  fc.record({
    do: fc.constant('power' as const),
    fates: fc.array(fc.constantFrom(0, 0.4, 0.9, 1), { minLength: 1, maxLength: 5 }),
  }),
);

const keepsWhatItAcknowledged = zooProperty({
  name: 'log-keeps-what-it-acknowledged',
  claim: 'whatever dies, fails or loses power, what was acknowledged is read in order and whole',
  arbitrary: fc.array(step, { maxLength: 25, size: 'max' }),
  sizeOf: (steps) => {
    const commands = steps.filter((one) => one.do === 'append' || one.do === 'restart').length;
    return { commands, faults: steps.length - commands };
  },
  holds(steps) {
    const bench = new Bench();
    for (const one of steps) bench.take(one);
  },
});

/** Bits that flip where they lie: what is read is what was written, or nothing is. */
const noticesDamage = zooProperty({
  name: 'log-reads-no-damaged-record',
  claim: 'a record with a flipped bit is never read as if it were whole',
  arbitrary: fc.record({
    events: fc.array(fc.constantFrom('home', 'search', 'play'), { minLength: 1, maxLength: 4 }),
    flips: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
      minLength: 1,
      maxLength: 2,
    }),
  }),
  sizeOf: ({ events, flips }) => ({ commands: events.length, faults: flips.length }),
  holds({ events, flips }) {
    let reads = 0;
    const disk = createSimulatedDisk(({ call, path }) => {
      if (call !== 'read' || !path.endsWith('.log')) return undefined;
      reads += 1;
      const at = flips[reads - 1];
      return at === undefined ? undefined : { kind: 'flip', at };
    });
    const options = { folder: 'log', partitions: 1, files: disk.files };
    const log = openDiskLog({ ...options, durability: 'disk' });
    for (const event of events) log.append(requestOf([event]));
    let seen: readonly string[] = [];
    try {
      seen = log.read(0, 0, 1e6).map((one) => JSON.stringify(one.raw));
    } catch (cause) {
      assert.ok(cause instanceof EngineError && cause.code === 'LOG_CORRUPT', String(cause));
    }
    const written = events.map((event) => JSON.stringify(event));
    assert.deepEqual(seen, written.slice(0, seen.length));
  },
});

/** Properties of the log on disk. */
export const LOGS: readonly ZooProperty[] = [keepsWhatItAcknowledged, noticesDamage];
