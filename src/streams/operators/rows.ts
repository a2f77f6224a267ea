/** Operators on single rows: keep some, change them, lead some away. Their event time stays.
 *
 * ```ts
 * items$.pipe(filterRows((row) => row.type === 'play'), mapRows(({ titleId }) => ({ titleId })))
 * ``` */
import type { OperatorFunction } from 'rxjs';
import type { StreamItem } from '../stream-item.ts';
import { freshly, type OnReject, rejectionReason, type SideRow, Stage } from './stage.ts';

type Items<In, Out> = OperatorFunction<StreamItem<In>, StreamItem<Out>>;

/** Where rows go that a closure cannot compute, and the name in counts. */
export interface RowOptions<Row> {
  readonly step?: string;
  readonly onReject?: OnReject<Row>;
}

/** Keeps rows for which the condition holds. */
export function filterRows<Row>(isKept: (row: Row) => boolean): Items<Row, Row> {
  return freshly(() => createFilter(isKept));
}

/** Changes rows. */
export function mapRows<In, Out>(change: (row: In) => Out): Items<In, Out> {
  return freshly(() => createMap(change));
}

/** Leads rows for which the condition holds to `onDiverted`; the others go on. */
export function divert<Row>(
  isDiverted: (row: Row) => boolean,
  onDiverted: (diverted: SideRow<Row>) => void,
): Items<Row, Row> {
  return freshly(() => createDivert(isDiverted, { onDiverted }));
}

/** The stage of {@link filterRows}. */
export function createFilter<Row>(
  isKept: (row: Row) => boolean,
  options: RowOptions<Row> = {},
): Stage<Row, Row> {
  return new Filter(isKept, options);
}

/** The stage of {@link mapRows}. */
export function createMap<In, Out>(
  change: (row: In) => Out,
  options: RowOptions<In> = {},
): Stage<In, Out> {
  return new RowMap(change, options);
}

/** The stage of {@link divert}. */
export function createDivert<Row>(
  isDiverted: (row: Row) => boolean,
  options: RowOptions<Row> & { readonly onDiverted: (diverted: SideRow<Row>) => void },
): Stage<Row, Row> {
  return new Divert(isDiverted, options);
}

abstract class RowStage<In, Out> extends Stage<In, Out> {
  readonly #onReject: OnReject<In> | undefined;

  constructor(kind: string, { step = kind, onReject }: RowOptions<In>) {
    super(step);
    this.#onReject = onReject;
  }

  take(item: StreamItem<In>): void {
    if (item.kind === 'watermark') {
      this.emit(item);
      return;
    }
    this.tally.received += 1;
    if (this.#onReject === undefined) this.row(item);
    else this.#tryRow(item);
  }

  #tryRow(item: StreamItem<In> & { kind: 'row' }): void {
    try {
      this.row(item);
    } catch (error) {
      const reason = rejectionReason(error);
      this.tally.reject(reason);
      this.#onReject?.({ row: item.row, timeUs: item.timeUs, reason });
    }
  }

  protected abstract row(item: StreamItem<In> & { kind: 'row' }): void;

  protected pass(item: StreamItem<Out>): void {
    this.tally.passed += 1;
    this.tally.emitted += 1;
    this.emit(item);
  }
}

class Filter<Row> extends RowStage<Row, Row> {
  readonly #isKept: (row: Row) => boolean;

  constructor(isKept: (row: Row) => boolean, options: RowOptions<Row>) {
    super('filter', options);
    this.#isKept = isKept;
  }

  protected row(item: StreamItem<Row> & { kind: 'row' }): void {
    if (this.#isKept(item.row)) this.pass(item);
    else this.tally.drop('filtered');
  }
}

class RowMap<In, Out> extends RowStage<In, Out> {
  readonly #change: (row: In) => Out;

  constructor(change: (row: In) => Out, options: RowOptions<In>) {
    super('map', options);
    this.#change = change;
  }

  protected row(item: StreamItem<In> & { kind: 'row' }): void {
    this.pass({ kind: 'row', row: this.#change(item.row), timeUs: item.timeUs });
  }
}

class Divert<Row> extends RowStage<Row, Row> {
  readonly #isDiverted: (row: Row) => boolean;
  readonly #onDiverted: (diverted: SideRow<Row>) => void;

  constructor(
    isDiverted: (row: Row) => boolean,
    options: RowOptions<Row> & { readonly onDiverted: (diverted: SideRow<Row>) => void },
  ) {
    super('divert', options);
    this.#isDiverted = isDiverted;
    this.#onDiverted = options.onDiverted;
  }

  protected row(item: StreamItem<Row> & { kind: 'row' }): void {
    if (!this.#isDiverted(item.row)) {
      this.pass(item);
      return;
    }
    this.tally.drop('diverted');
    this.#onDiverted({ row: item.row, timeUs: item.timeUs, reason: 'diverted' });
  }
}
