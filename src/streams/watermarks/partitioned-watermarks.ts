/** The watermark of a partitioned source: one generator a partition, merged, with partitions that
 * fall silent let go of. Spec: W6, W26. */
import type { Checkpointable, PlainValue } from '../../domain/plain-value.ts';
import { EngineError } from '../../kernel/errors.ts';
import { readSavedNumber, refuseSnapshot } from './saved-number.ts';
import {
  createWatermarkGenerator,
  type WatermarkGenerator,
  type WatermarkStrategy,
} from './watermark-generator.ts';
import { createWatermarkMerge, MAX_WATERMARK_US, type WatermarkMerge } from './watermark-merge.ts';

/** What moves a source's event time. Answers are the merged watermark where it grew. */
export interface PartitionedWatermarks<Row> extends Checkpointable {
  /** A row of a partition; it goes on before the watermark that it causes. */
  observe(partition: number, row: Row, timeUs: number): number | undefined;
  /** A partition had something to read, at this process time. Told before its rows. */
  hear(partition: number, processTimeUs: number): void;
  /** Process time moved on: partitions silent for the idle timeout let go. A partition's silence
   * begins at the first of these calls, or when it was last heard. */
  passProcessTime(processTimeUs: number): number | undefined;
  /** The stream is over: +∞. */
  end(): number;
  readonly watermarkUs: number;
  /** Of one partition, whether or not it counts now; −∞ before its first row. */
  watermarkOf(partition: number): number;
  /** Whether all partitions are silent. */
  readonly isIdle: boolean;
}

/** What the watermarks of a source are made of. */
export interface PartitionedWatermarksOptions<Row> {
  readonly partitionCount: number;
  readonly strategy: WatermarkStrategy<Row>;
  /** Positive; default: partitions never fall idle. */
  readonly idleTimeoutUs?: number;
}

/** Makes the watermarks of a source.
 * @throws EngineError `STREAMS_BAD_WINDOW` where the idle timeout is not positive. */
export function createPartitionedWatermarks<Row>(
  options: PartitionedWatermarksOptions<Row>,
): PartitionedWatermarks<Row> {
  const { idleTimeoutUs = Number.POSITIVE_INFINITY } = options;
  if (idleTimeoutUs > 0) return new Partitions(options, idleTimeoutUs);
  const message = `the idle timeout is ${idleTimeoutUs} µs; it has to be positive, or left out`;
  const details = { field: 'idleTimeoutUs', found: String(idleTimeoutUs) };
  throw new EngineError('STREAMS_BAD_WINDOW', message, details);
}

class Partitions<Row> implements PartitionedWatermarks<Row> {
  readonly #generators: readonly WatermarkGenerator<Row>[];
  readonly #merge: WatermarkMerge;
  readonly #idleTimeoutUs: number;
  #heardUs: (number | null)[];
  #hasEnded = false;

  constructor(
    { partitionCount, strategy }: PartitionedWatermarksOptions<Row>,
    idleTimeoutUs: number,
  ) {
    this.#generators = Array.from({ length: partitionCount }, () =>
      createWatermarkGenerator(strategy),
    );
    this.#merge = createWatermarkMerge(partitionCount);
    this.#idleTimeoutUs = idleTimeoutUs;
    this.#heardUs = new Array<number | null>(partitionCount).fill(null);
  }

  get watermarkUs(): number {
    return this.#hasEnded ? MAX_WATERMARK_US : this.#merge.watermarkUs;
  }

  get isIdle(): boolean {
    return this.#merge.isAllIdle;
  }

  watermarkOf(partition: number): number {
    return this.#generators[partition]?.watermarkUs ?? Number.NEGATIVE_INFINITY;
  }

  observe(partition: number, row: Row, timeUs: number): number | undefined {
    const generator = this.#generators[partition];
    if (generator === undefined) return undefined;
    generator.observe(row, timeUs);
    return this.#merge.advance(partition, generator.watermarkUs);
  }

  hear(partition: number, processTimeUs: number): void {
    this.#heardUs[partition] = processTimeUs;
    this.#merge.setActive(partition);
  }

  passProcessTime(processTimeUs: number): number | undefined {
    let grownUs: number | undefined;
    this.#heardUs.forEach((heardUs, partition) => {
      if (heardUs === null) this.#heardUs[partition] = processTimeUs;
      else if (processTimeUs - heardUs >= this.#idleTimeoutUs) {
        grownUs = this.#merge.setIdle(partition) ?? grownUs;
      }
    });
    return grownUs;
  }

  end(): number {
    this.#hasEnded = true;
    return MAX_WATERMARK_US;
  }

  snapshot(): PlainValue {
    return {
      merge: this.#merge.snapshot(),
      partitions: this.#generators.map((generator) => generator.snapshot()),
      heardUs: [...this.#heardUs],
      hasEnded: this.#hasEnded,
    };
  }

  restore(plain: PlainValue): void {
    const saved = plain as Partial<SavedPartitions> | null;
    const { length } = this.#generators;
    if (saved?.partitions?.length !== length || saved.heardUs?.length !== length) {
      refuseSnapshot('watermarks', `not of ${length} partitions`);
    }
    this.#merge.restore(saved.merge ?? null);
    saved.partitions.forEach((one, partition) => {
      this.#generators[partition]?.restore(one);
    });
    this.#heardUs = saved.heardUs.map((heardUs) =>
      heardUs === null ? null : readSavedNumber(heardUs, 'process time of a partition'),
    );
    this.#hasEnded = saved.hasEnded === true;
  }
}

interface SavedPartitions {
  readonly merge: PlainValue;
  readonly partitions: readonly PlainValue[];
  readonly heardUs: readonly (number | null)[];
  readonly hasEnded: boolean;
}
