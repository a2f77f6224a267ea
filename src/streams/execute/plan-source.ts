/** One source of a running plan: records to rows, and the watermarks that they cause. */
import type { Checkpointable, PlainValue } from '../../domain/plain-value.ts';
import { EngineError } from '../../kernel/errors.ts';
import { restoring } from '../operators/restoring.ts';
import { type StepCount, StepCounts } from '../operators/step-counts.ts';
import type { SourceSpec } from '../plan/plan.ts';
import type { StreamItem } from '../stream-item.ts';
import {
  createPartitionedWatermarks,
  type PartitionedWatermarks,
} from '../watermarks/partitioned-watermarks.ts';
import type { WatermarkStrategy } from '../watermarks/watermark-generator.ts';
import type { PlanRow } from './compile-expression.ts';
import { createSourceReader, type SourceReader } from './source-reader.ts';

/** A record that is no row, or a row that could not be computed. */
export interface RejectedRecord {
  /** Where: `source playback`, `steps[2] map`. */
  readonly step: string;
  readonly row: unknown;
  /** Null where the record had none. */
  readonly timeUs: number | null;
  readonly reason: string;
}

/** Where a source's items and bad records go. */
export interface PlanSourceOptions {
  readonly partitions: number;
  readonly emit: (item: StreamItem<PlanRow>) => void;
  readonly onRejected: (rejected: RejectedRecord) => void;
}

/** A source at work. */
export class PlanSource implements Checkpointable {
  readonly #name: string;
  readonly #options: PlanSourceOptions;
  readonly #reader: SourceReader;
  readonly #watermarks: PartitionedWatermarks<PlanRow>;
  readonly #tally: StepCounts;
  readonly #canIdle: boolean;
  #nowUs: number | null = null;

  constructor(spec: SourceSpec, options: PlanSourceOptions) {
    this.#name = `source ${spec.name}`;
    this.#options = options;
    this.#reader = createSourceReader(spec);
    this.#tally = new StepCounts(this.#name);
    this.#canIdle = spec.idleTimeoutUs !== undefined;
    this.#watermarks = createPartitionedWatermarks<PlanRow>({
      partitionCount: options.partitions,
      strategy: strategyOf(spec),
      ...(spec.idleTimeoutUs === undefined ? {} : { idleTimeoutUs: spec.idleTimeoutUs }),
    });
  }

  get watermarkUs(): number {
    return this.#watermarks.watermarkUs;
  }

  /** Whether all its partitions are silent. */
  get isIdle(): boolean {
    return this.#canIdle && this.#watermarks.isIdle;
  }

  push(record: unknown, partition: number): void {
    const { partitions, emit } = this.#options;
    if (!(Number.isInteger(partition) && partition >= 0 && partition < partitions)) {
      refusePartition(this.#name, partition, partitions);
    }
    this.#tally.received += 1;
    if (this.#canIdle && this.#nowUs !== null) this.#watermarks.hear(partition, this.#nowUs);
    const row = this.#reader.read(record);
    if (row === null) {
      this.#reject(record);
      return;
    }
    this.#tally.passed += 1;
    this.#tally.emitted += 1;
    const timeUs = row[this.#reader.time] as number;
    emit({ kind: 'row', row, timeUs });
    this.#tell(this.#watermarks.observe(partition, row, timeUs));
  }

  passProcessTime(nowUs: number): void {
    this.#nowUs = nowUs;
    this.#tell(this.#watermarks.passProcessTime(nowUs));
  }

  end(): void {
    this.#tell(this.#watermarks.end());
  }

  counts(): StepCount {
    return this.#tally.counts();
  }

  snapshot(): PlainValue {
    return {
      watermarks: this.#watermarks.snapshot(),
      counts: this.#tally.snapshot(),
      nowUs: this.#nowUs,
    };
  }

  restore(saved: PlainValue): void {
    restoring(this.#name, () => {
      const { watermarks, counts, nowUs } = saved as Readonly<Record<string, PlainValue>>;
      this.#watermarks.restore(watermarks ?? null);
      this.#tally.restore(counts ?? null);
      this.#nowUs = nowUs as number | null;
    });
  }

  #reject(record: unknown): void {
    const reason = this.#reader.problem;
    this.#tally.reject(reason);
    this.#options.onRejected({ step: this.#name, row: record, timeUs: null, reason });
  }

  #tell(watermarkUs: number | undefined): void {
    if (watermarkUs !== undefined) this.#options.emit({ kind: 'watermark', timeUs: watermarkUs });
  }
}

function strategyOf({ watermark }: SourceSpec): WatermarkStrategy<PlanRow> {
  if (watermark.kind !== 'punctuated') return watermark;
  const { column } = watermark;
  return { kind: 'punctuated', watermarkUsOf: (row) => row[column] as number | null };
}

function refusePartition(source: string, partition: number, count: number): never {
  const message = `${source}: partition ${partition} of ${count}; a whole number from 0`;
  throw new EngineError('STREAMS_BAD_ARGUMENT', message, {
    argument: 'partition',
    found: partition,
  });
}
