/** Drives a pipeline over a delivered stream, with its crashes, and accounts for what came out. */
import type { PlainValue } from '../../domain/plain-value.ts';
import type { StepCount } from '../../streams/operators/step-counts.ts';
import type { DeliveredItem } from './delivery.ts';
import type { RunningPipeline, StartPipeline } from './subject.ts';

/** A result, and which item made the pipeline tell it. */
export interface ToldResult<Result> {
  readonly value: Result;
  /** Its event time, where the pipeline gave one. */
  readonly timeUs: number | undefined;
  /** Place of the item among the delivered ones; their number: told at the end. */
  readonly item: number;
  /** Place among everything that came out. */
  readonly order: number;
}

/** A watermark that came out. */
export interface ToldWatermark {
  readonly timeUs: number;
  readonly item: number;
  readonly order: number;
}

/** What came of a run. */
export interface PipelineOutcome<Row, Result> {
  readonly items: readonly DeliveredItem<Row>[];
  readonly results: readonly ToldResult<Result>[];
  readonly watermarks: readonly ToldWatermark[];
  /** Rows that the pipeline told to be late, and rejected. */
  readonly late: readonly { readonly row: Row; readonly item: number }[];
  readonly rejected: readonly {
    readonly row: unknown;
    readonly reason: string;
    readonly item: number;
  }[];
  /** By step, where the pipeline counts. */
  readonly counts: readonly StepCount[] | undefined;
  /** Keys, rows and windows that are held after the end. */
  readonly stateSize: number | undefined;
  /** What the pipeline threw: the run ended there. */
  readonly thrown: { readonly error: unknown; readonly item: number } | undefined;
}

interface Account<Row, Result> {
  item: number;
  order: number;
  readonly results: ToldResult<Result>[];
  readonly watermarks: ToldWatermark[];
  readonly late: { row: Row; item: number }[];
  readonly rejected: { row: unknown; reason: string; item: number }[];
}

/** Runs a pipeline over items.
 * @param crashes - Behind how many items it dies, ascending; without snapshots it does not. */
export function drive<Row, Result>(
  start: StartPipeline<Row, Result>,
  items: readonly DeliveredItem<Row>[],
  crashes: readonly number[] = [],
): PipelineOutcome<Row, Result> {
  const account: Account<Row, Result> = {
    item: 0,
    order: 0,
    results: [],
    watermarks: [],
    late: [],
    rejected: [],
  };
  const begin = () => start(sinkOf(account));
  let thrown: PipelineOutcome<Row, Result>['thrown'];
  let run: RunningPipeline<Row> | undefined;
  try {
    run = begin();
    for (const [at, item] of items.entries()) {
      account.item = at;
      if (crashes.includes(at)) run = resumed(run, begin);
      run.take(item);
    }
    account.item = items.length;
    run.finish();
  } catch (error) {
    thrown = { error, item: account.item };
  }
  const { results, watermarks, late, rejected } = account;
  const counts = run?.counts();
  return { items, results, watermarks, late, rejected, counts, stateSize: run?.stateSize, thrown };
}

/** Another pipeline with the state of one that died. Snapshots are plain data. */
function resumed<Row>(
  run: RunningPipeline<Row>,
  begin: () => RunningPipeline<Row>,
): RunningPipeline<Row> {
  if (run.snapshots === undefined) return run;
  const saved = JSON.parse(JSON.stringify(run.snapshots.take())) as PlainValue;
  const next = begin();
  next.snapshots?.restore(saved);
  return next;
}

function sinkOf<Row, Result>(account: Account<Row, Result>) {
  return {
    result: (value: Result, timeUs: number | undefined) => {
      account.order += 1;
      account.results.push({ value, timeUs, item: account.item, order: account.order });
    },
    watermark: (timeUs: number) => {
      account.order += 1;
      account.watermarks.push({ timeUs, item: account.item, order: account.order });
    },
    late: (row: Row) => {
      account.late.push({ row, item: account.item });
    },
    rejected: (row: unknown, reason: string) => {
      account.rejected.push({ row, reason, item: account.item });
    },
  };
}
