/** Starts what is not a plan: stages, RxJS operators, functions. */
import { type Observable, Subject } from 'rxjs';
import type { Stage } from '../../streams/operators/stage.ts';
import type { StreamItem } from '../../streams/stream-item.ts';
import type { DeliveredItem } from './delivery.ts';
import type { OperatorSubject, OutcomeSink, RunningPipeline, StartPipeline } from './subject.ts';

type SubjectWith<K extends string, Row, Result> = Extract<
  OperatorSubject<Row, Result>,
  { readonly [P in K]: unknown }
>;

/** A stage: poison reaches it as a row. */
export function startStage<Row, Result>({
  stage: make,
}: SubjectWith<'stage', Row, Result>): StartPipeline<Row, Result> {
  return (sink) => {
    const stage: Stage<Row, Result> = make(sink);
    stage.emit = (item) => tellItem(sink, item);
    return {
      take(item) {
        if (item.kind === 'process-time') stage.passProcessTime(item.nowUs);
        else stage.take(asItem(item));
      },
      finish() {},
      counts: () => [stage.counts()],
      get stateSize() {
        return stage.stateSize;
      },
      snapshots: {
        take: () => stage.snapshot(),
        restore: (saved) => stage.restore(saved),
      },
    };
  };
}

/** An RxJS operator over stream items. */
export function startOperator<Row, Result>({
  operator,
}: SubjectWith<'operator', Row, Result>): StartPipeline<Row, Result> {
  return (sink) => {
    const items$ = new Subject<StreamItem<Row>>();
    const failure = watch(items$.pipe(operator(sink)), (item) => tellItem(sink, item));
    return operatorRun({
      take(item) {
        if (item.kind !== 'process-time') items$.next(asItem(item));
        failure.throwAny();
      },
      finish() {
        items$.complete();
        failure.throwAny();
      },
    });
  };
}

/** An RxJS operator over rows: it hears of no watermark. */
export function startRows<Row, Result>({
  rows,
}: SubjectWith<'rows', Row, Result>): StartPipeline<Row, Result> {
  return (sink) => {
    const rows$ = new Subject<Row>();
    const failure = watch(rows$.pipe(rows(sink)), (value) => sink.result(value, undefined));
    return operatorRun({
      take(item) {
        if (item.kind === 'row') rows$.next(item.row);
        if (item.kind === 'poison') rows$.next(item.record as Row);
        failure.throwAny();
      },
      finish() {
        rows$.complete();
        failure.throwAny();
      },
    });
  };
}

/** A function: it is called once, at the end. */
export function startFunction<Row, Result>({
  results,
}: SubjectWith<'results', Row, Result>): StartPipeline<Row, Result> {
  return (sink) => {
    const rows: Row[] = [];
    return operatorRun({
      take(item) {
        if (item.kind === 'row') rows.push(item.row);
        if (item.kind === 'poison') rows.push(item.record as Row);
      },
      finish() {
        for (const value of results(rows)) sink.result(value, undefined);
      },
    });
  };
}

function operatorRun<Row>(
  run: Pick<RunningPipeline<Row>, 'take' | 'finish'>,
): RunningPipeline<Row> {
  return { ...run, counts: () => undefined, stateSize: undefined, snapshots: undefined };
}

/** What an operator throws comes out where it was given the item. */
function watch<T>(out$: Observable<T>, next: (value: T) => void): { throwAny(): void } {
  let failure: { readonly error: unknown } | undefined;
  out$.subscribe({
    next,
    error: (error) => {
      failure = { error };
    },
  });
  return {
    throwAny() {
      if (failure !== undefined) throw failure.error;
    },
  };
}

function asItem<Row>(item: Exclude<DeliveredItem<Row>, { kind: 'process-time' }>): StreamItem<Row> {
  if (item.kind === 'watermark') return item;
  if (item.kind === 'row') return { kind: 'row', row: item.row, timeUs: item.timeUs };
  return { kind: 'row', row: item.record as Row, timeUs: item.timeUs };
}

function tellItem<Row, Result>(sink: OutcomeSink<Row, Result>, item: StreamItem<Result>): void {
  if (item.kind === 'row') sink.result(item.row, item.timeUs);
  else sink.watermark(item.timeUs);
}
