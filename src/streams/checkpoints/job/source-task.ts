/** One source at work: reads ahead, sends records through its chain in order, knows its position,
 * its watermark and whether it is idle. Spec: W115. */
import type { Checkpointable, PlainValue } from '../../../domain/plain-value.ts';
import { savedNumber } from '../../watermarks/saved-number.ts';
import {
  createWatermarkGenerator,
  type WatermarkGenerator,
} from '../../watermarks/watermark-generator.ts';
import { MAX_WATERMARK_US } from '../../watermarks/watermark-merge.ts';
import { savedFields, snapshotRefused } from '../snapshot-refused.ts';
import type { Emit, JobItem, JobOperator, JobRow, JobSource, SourceRecord } from './job-item.ts';

/** Records of one read. */
const READ_AHEAD = 256;

/** A source at work. */
export class SourceTask implements Checkpointable {
  readonly name: string;
  readonly #source: JobSource;
  readonly #chain: readonly JobOperator[];
  readonly #emit: Emit;
  readonly #watermark: WatermarkGenerator<JobRow>;
  #ahead: readonly SourceRecord[] = [];
  #aheadIndex = 0;
  #position = 0;
  #sentWatermarkUs = Number.NEGATIVE_INFINITY;
  #heardUs: number | undefined;
  #isIdle = false;
  #hasEnded = false;

  /** @param emit - Takes what leaves the chain. */
  constructor(source: JobSource, emit: Emit) {
    this.name = source.name;
    this.#source = source;
    this.#chain = source.chain ?? [];
    this.#emit = emit;
    this.#watermark = createWatermarkGenerator(source.watermark);
  }

  /** Records sent so far. */
  get position(): number {
    return this.#position;
  }

  /** The next record; undefined where there is none now. */
  peek(): SourceRecord | undefined {
    if (this.#hasEnded) return undefined;
    if (this.#aheadIndex >= this.#ahead.length) {
      this.#ahead = this.#source.read(this.#position, READ_AHEAD);
      this.#aheadIndex = 0;
    }
    return this.#ahead[this.#aheadIndex];
  }

  /** Sends the record that `peek` showed. */
  send(record: SourceRecord, processTimeUs: number): void {
    this.#aheadIndex += 1;
    this.#position += 1;
    this.#heardUs = processTimeUs;
    if (this.#isIdle) {
      this.#isIdle = false;
      this.#push(0, { kind: 'active' });
    }
    this.#push(0, { kind: 'row', row: record.row, timeUs: record.timeUs });
    this.#watermark.observe(record.row, record.timeUs);
    this.#tell(this.#watermark.watermarkUs);
  }

  /** Process time has moved on: a source that has been silent for long becomes idle. */
  passProcessTime(nowUs: number): void {
    this.#heardUs ??= nowUs;
    const { idleTimeoutUs = Number.POSITIVE_INFINITY } = this.#source;
    for (const [at, operator] of this.#chain.entries()) {
      operator.passProcessTime?.(nowUs, this.#after(at));
    }
    if (this.#isIdle || this.#hasEnded || nowUs - this.#heardUs < idleTimeoutUs) return;
    this.#isIdle = true;
    this.#push(0, { kind: 'idle' });
  }

  /** No more records. It goes on to carry barriers, so that what ended can be checkpointed. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#isIdle) this.#push(0, { kind: 'active' });
    this.#isIdle = false;
    this.#tell(MAX_WATERMARK_US);
  }

  snapshot(): PlainValue {
    return {
      position: this.#position,
      watermark: this.#watermark.snapshot(),
      sentWatermarkUs: savedNumber(this.#sentWatermarkUs),
      heardUs: this.#heardUs ?? null,
      isIdle: this.#isIdle,
      hasEnded: this.#hasEnded,
      chain: this.#chain.map((operator) => operator.snapshot()),
    };
  }

  restore(saved: PlainValue): void {
    const fields = savedFields(saved, `source ${this.name}`);
    const chain = fields.list('chain');
    if (chain.length !== this.#chain.length) {
      throw snapshotRefused(`source ${this.name}: a chain of ${chain.length}`);
    }
    for (const [at, operator] of this.#chain.entries()) operator.restore(chain[at] ?? null);
    this.#watermark.restore(fields.value('watermark'));
    this.#sentWatermarkUs = fields.time('sentWatermarkUs');
    const heardUs = fields.value('heardUs');
    this.#heardUs = typeof heardUs === 'number' ? heardUs : undefined;
    this.#isIdle = fields.flag('isIdle');
    this.#hasEnded = fields.flag('hasEnded');
    this.#position = fields.number('position');
    this.#ahead = [];
    this.#aheadIndex = 0;
  }

  #tell(watermarkUs: number): void {
    if (!(watermarkUs > this.#sentWatermarkUs)) return;
    this.#sentWatermarkUs = watermarkUs;
    this.#push(0, { kind: 'watermark', timeUs: watermarkUs });
  }

  #push(at: number, item: JobItem): void {
    const operator = this.#chain[at];
    if (operator === undefined) this.#emit(item);
    else operator.push(0, item, this.#after(at));
  }

  #after(at: number): Emit {
    return (item, output) => {
      if (output === undefined) this.#push(at + 1, item);
      else this.#emit(item, output);
    };
  }
}
