/** Deduplication in event time: the first row of a key that arrives passes; others of the key are
 * dropped while it is remembered, which is until the watermark reaches its time plus the time to
 * live. One whose time is further away than that is another row, and passes. Of a key one time is
 * remembered, the latest: rows that are further before it than the time to live pass each time they
 * come, so let it be no less than rows are out of order by. Spec: W35. */
import type { OperatorFunction } from 'rxjs';
import type { PlainValue } from '../../domain/plain-value.ts';
import type { StreamItem } from '../stream-item.ts';
import { readSavedNumber, savedNumber } from '../watermarks/saved-number.ts';
import { ExpiryIndex } from './expiry-index.ts';
import type { RowOptions } from './rows.ts';
import { freshly, rejectionReason, requireUs, Stage } from './stage.ts';

/** What makes a deduplication. */
export interface DedupeOptions<Row> extends RowOptions<Row> {
  readonly keyOf: (row: Row) => string;
  readonly ttlUs: number;
}

/** The operator. State: one time a key, for the time to live.
 *
 * ```ts
 * items$.pipe(dedupeWithin({ keyOf: (row) => row.id, ttlUs: minutes(60) }))
 * ``` */
export function dedupeWithin<Row>(
  options: DedupeOptions<Row>,
): OperatorFunction<StreamItem<Row>, StreamItem<Row>> {
  return freshly(() => createDedupe(options));
}

/** The stage of {@link dedupeWithin}. @throws EngineError `STREAMS_BAD_ARGUMENT`. */
export function createDedupe<Row>(options: DedupeOptions<Row>): Stage<Row, Row> {
  requireUs('ttlUs', options.ttlUs, 1);
  return new Dedupe(options);
}

class Dedupe<Row> extends Stage<Row, Row> {
  readonly #options: DedupeOptions<Row>;
  readonly #timeOfKey = new Map<string, number>();
  readonly #expiry: ExpiryIndex<string>;
  #watermarkUs = Number.NEGATIVE_INFINITY;

  constructor(options: DedupeOptions<Row>) {
    super(options.step ?? 'dedupe');
    this.#options = options;
    this.#expiry = new ExpiryIndex(options.ttlUs);
  }

  override get stateSize(): number {
    return this.#timeOfKey.size;
  }

  take(item: StreamItem<Row>): void {
    if (item.kind === 'watermark') {
      this.#advanceTo(item.timeUs);
      this.emit(item);
      return;
    }
    this.tally.received += 1;
    const key = this.#keyOf(item);
    if (key === undefined) return;
    if (this.#isKnown(key, item.timeUs)) {
      this.tally.drop('duplicate');
      return;
    }
    this.tally.passed += 1;
    this.tally.emitted += 1;
    this.emit(item);
  }

  #keyOf({ row, timeUs }: StreamItem<Row> & { kind: 'row' }): string | undefined {
    const { keyOf, onReject } = this.#options;
    if (onReject === undefined) return keyOf(row);
    try {
      return keyOf(row);
    } catch (error) {
      const reason = rejectionReason(error);
      this.tally.reject(reason);
      onReject({ row, timeUs, reason });
      return undefined;
    }
  }

  /** Remembers the key if it is not known; of two rows of a key the later time is remembered. */
  #isKnown(key: string, timeUs: number): boolean {
    const { ttlUs } = this.#options;
    const known = this.#timeOfKey.get(key);
    const isRemembered = known !== undefined && known + ttlUs > this.#watermarkUs;
    if (isRemembered && Math.abs(timeUs - known) <= ttlUs) return true;
    if (isRemembered && timeUs < known) return false;
    // What the watermark has passed already would be forgotten at once.
    if (timeUs + ttlUs <= this.#watermarkUs) return false;
    this.#timeOfKey.set(key, timeUs);
    this.#expiry.add(key, timeUs + ttlUs);
    return false;
  }

  #advanceTo(watermarkUs: number): void {
    this.#watermarkUs = watermarkUs;
    const { ttlUs } = this.#options;
    this.#expiry.drain(watermarkUs, (key) => {
      const timeUs = this.#timeOfKey.get(key);
      if (timeUs !== undefined && timeUs + ttlUs <= watermarkUs) this.#timeOfKey.delete(key);
    });
  }

  protected override saveState(): PlainValue {
    return { watermarkUs: savedNumber(this.#watermarkUs), keys: [...this.#timeOfKey] };
  }

  protected override loadState(saved: PlainValue): void {
    const { watermarkUs, keys } = saved as { watermarkUs: PlainValue; keys: [string, number][] };
    this.#watermarkUs = readSavedNumber(watermarkUs, 'a deduplication');
    this.#timeOfKey.clear();
    this.#expiry.clear();
    for (const [key, timeUs] of keys) {
      this.#timeOfKey.set(key, timeUs);
      this.#expiry.add(key, timeUs + this.#options.ttlUs);
    }
  }
}
