/** The workers that the pipeline runs on, in virtual time: each partition belongs to one; a worker
 * takes what waits in its partitions, up to a batch, is busy with it, and then those events are
 * processed. It knows times only: whoever drives it says when, and hands the records over. Where a
 * fault ends what they do, they give their batches up, and share the partitions out anew. Spec:
 * E310–E314, E478. */
import { shareOut } from '../../../storage/log/range-assignment.ts';
import type { PipelineWorkersConfig } from '../../scenario/clickstream/pipeline-workers-schema.ts';
import { type LineRun, PartitionLine } from './partition-line.ts';
import { type WorkerBatch, WorkerMeter, type WorkerStatistics } from './worker-meter.ts';

/** Workers and the partitions in front of them. Times never go back. */
export interface WorkerGroup {
  /** Events came into a partition. @returns the batch that a worker began with them; undefined
   * where it is busy already. */
  append(partition: number, count: number, nowUs: number): BegunBatch | undefined;
  /** A worker is done with its batch: to be told at its `finishUs`. */
  finish(worker: number, nowUs: number): FinishedBatch;
  /** All give up what they do, and take nothing until {@link WorkerGroup.resume}. What waits, and
   * what they had taken, waits on; what was processed and is lost comes again.
   * @param lost - Events by partition. */
  halt(lost: readonly number[], nowUs: number): void;
  /** So many of them share the partitions. @returns the batches that they begin. */
  resume(members: number, nowUs: number): readonly BegunBatch[];
  /** The batch that is done next; undefined where nobody is busy. Cost O(workers). */
  next(): BegunBatch | undefined;
  /** Up to now. Cost O(what waits). */
  statistics(nowUs: number): WorkerStatistics;
}

/** A batch under way. */
export interface BegunBatch {
  readonly worker: number;
  readonly finishUs: number;
}

/** A batch that is done, and the one that its worker takes up next. */
export interface FinishedBatch {
  /** How many of which partitions, oldest first. */
  readonly processed: readonly TakenEvents[];
  readonly next: BegunBatch | undefined;
}

/** Events of one partition. */
export interface TakenEvents {
  readonly partition: number;
  readonly count: number;
}

/** What workers are made of. */
export interface WorkerGroupOptions {
  readonly config: PipelineWorkersConfig;
  readonly partitionCount: number;
  /** Of series, µs. */
  readonly bucketUs: number;
  readonly endUs: number;
}

interface Batch extends WorkerBatch {
  readonly finishUs: number;
  readonly taken: readonly TakenEvents[];
  /** How they came, for each of `taken`. */
  readonly runs: readonly (readonly LineRun[])[];
}

interface Worker {
  partitions: readonly number[];
  /** Where the next batch begins to look. */
  turn: number;
  batch: Batch | undefined;
}

/** Makes workers; all idle. */
export function createWorkerGroup(options: WorkerGroupOptions): WorkerGroup {
  return new PartitionedWorkers(options);
}

class PartitionedWorkers implements WorkerGroup {
  readonly #config: PipelineWorkersConfig;
  readonly #lines: readonly PartitionLine[];
  readonly #workers: readonly Worker[];
  #ownerOf: readonly number[];
  #isHalted = false;
  readonly #meter: WorkerMeter;

  constructor({ config, partitionCount, bucketUs, endUs }: WorkerGroupOptions) {
    const lines = Array.from({ length: partitionCount }, () => new PartitionLine());
    this.#config = config;
    this.#lines = lines;
    this.#workers = Array.from({ length: config.count }, () => ({
      partitions: [],
      turn: 0,
      batch: undefined,
    }));
    this.#ownerOf = this.#shareOut(config.count);
    this.#meter = new WorkerMeter({
      workers: config.count,
      bucketUs,
      endUs,
      partitionLag: () => lines.reduce((most, { lag }) => Math.max(most, lag), 0),
    });
  }

  append(partition: number, count: number, nowUs: number): BegunBatch | undefined {
    this.#meter.passTo(nowUs);
    this.#lines[partition]?.append(count, nowUs);
    this.#meter.appended(count);
    const worker = this.#ownerOf[partition] as number;
    return this.#workers[worker]?.batch === undefined ? this.#begin(worker, nowUs) : undefined;
  }

  finish(worker: number, nowUs: number): FinishedBatch {
    this.#meter.passTo(nowUs);
    const one = this.#workers[worker] as Worker;
    const batch = one.batch as Batch;
    for (const { partition, count } of batch.taken) this.#lines[partition]?.processed(count);
    this.#meter.finished(batch);
    one.batch = undefined;
    return { processed: batch.taken, next: this.#begin(worker, nowUs) };
  }

  halt(lost: readonly number[], nowUs: number): void {
    this.#meter.passTo(nowUs);
    this.#isHalted = true;
    for (const worker of this.#workers) {
      const { batch } = worker;
      if (batch === undefined) continue;
      for (const [i, { partition }] of batch.taken.entries()) {
        this.#lines[partition]?.putBack(batch.runs[i] ?? []);
      }
      this.#meter.gaveUp(batch);
      worker.batch = undefined;
    }
    for (const [partition, count] of lost.entries()) {
      this.#lines[partition]?.comeAgain(count, nowUs);
      if (count > 0) this.#meter.appended(count);
    }
  }

  resume(members: number, nowUs: number): readonly BegunBatch[] {
    this.#meter.passTo(nowUs);
    this.#isHalted = false;
    this.#ownerOf = this.#shareOut(members);
    return this.#workers.flatMap((_, worker) => this.#begin(worker, nowUs) ?? []);
  }

  next(): BegunBatch | undefined {
    let found: BegunBatch | undefined;
    for (const { batch } of this.#workers) {
      if (batch === undefined) continue;
      if (found === undefined || batch.finishUs < found.finishUs) found = batch;
    }
    return found;
  }

  statistics(nowUs: number): WorkerStatistics {
    this.#meter.passTo(nowUs);
    const underWay = this.#workers.flatMap(({ batch }) => (batch === undefined ? [] : [batch]));
    const ageUs = this.#lines.reduce((sum, line) => sum + line.waitingAgeUs(nowUs), 0);
    return this.#meter.statistics(underWay, ageUs);
  }

  /** The first so many get the partitions. @returns the owner of each. */
  #shareOut(members: number): readonly number[] {
    const shares = shareOut(this.#lines.length, members);
    for (const [i, worker] of this.#workers.entries()) {
      worker.partitions = shares[i] ?? [];
      worker.turn = 0;
    }
    return this.#lines.map((_, partition) =>
      shares.findIndex((share) => share.includes(partition)),
    );
  }

  /** Partitions in turn, so that a full one cannot starve the others: what waits in the first, then
   * in those after it while there is room. The next batch begins one further. */
  #begin(worker: number, nowUs: number): BegunBatch | undefined {
    if (this.#isHalted) return undefined;
    const one = this.#workers[worker] as Worker;
    const { partitions, turn } = one;
    const { maxBatchEvents, timePerBatch, timePerEvent } = this.#config;
    const taken: TakenEvents[] = [];
    const runs: (readonly LineRun[])[] = [];
    let waitUs = 0;
    let room = maxBatchEvents;
    for (let i = 0; i < partitions.length && room > 0; i += 1) {
      const partition = partitions[(turn + i) % partitions.length] as number;
      const some = (this.#lines[partition] as PartitionLine).take(room, nowUs);
      if (some.count === 0) continue;
      taken.push({ partition, count: some.count });
      runs.push(some.runs);
      waitUs += some.waitUs;
      room -= some.count;
    }
    if (taken.length === 0) return undefined;
    const count = maxBatchEvents - room;
    const finishUs = nowUs + timePerBatch + count * timePerEvent;
    one.turn = (turn + 1) % partitions.length;
    one.batch = { worker, count, waitUs, startUs: nowUs, finishUs, taken, runs };
    return one.batch;
  }
}
