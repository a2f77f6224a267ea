/** What a property sees of one run: the stream, the outcome, and other runs of the same pipeline to
 * compare with. */
import { deliver, type StampRow } from './delivery.ts';
import { drive, type PipelineOutcome } from './outcome.ts';
import type { StreamedEvent, StreamTrial } from './stream-trial.ts';
import type { StartPipeline } from './subject.ts';

/** A run, as properties see it. */
export interface PipelineCase<Row, Result> {
  readonly trial: StreamTrial<Row>;
  readonly outcome: PipelineOutcome<Row, Result>;
  /** The same pipeline, anew, over another stream. Runs of one stream are made once. */
  run(trial: StreamTrial<Row>): PipelineOutcome<Row, Result>;
  /** The same items, anew. @param crashes - Behind how many items it dies and goes on from its
   * snapshot. */
  again(crashes?: readonly number[]): PipelineOutcome<Row, Result>;
  /** What counts of the results in the end: the last of each key, where results have keys. */
  final(outcome: PipelineOutcome<Row, Result>): readonly Result[];
  /** A row as it is delivered. */
  stamp(event: number): Row;
  readonly stampRow: StampRow<Row>;
  /** What a plan knows of itself. */
  readonly plan: PlanKnowledge<Row, Result> | undefined;
}

/** What can be told of a plan without being told: how a run differs from its batch SQL, and its
 * last window's counts from the definition of windows. */
export interface PlanKnowledge<Row, Result> {
  batchDifference(seen: PipelineCase<Row, Result>): string | undefined;
  windowDifference(seen: PipelineCase<Row, Result>): string | undefined;
}

/** How results are read. */
export interface ResultReading<Result> {
  /** Results of one key replace each other; default: every result counts. */
  readonly resultKey?: ((result: Result) => string) | undefined;
  /** A result that takes the last one of its key back. */
  readonly isRetraction?: ((result: Result) => boolean) | undefined;
  /** What of a result is compared with others; default: all of it. */
  readonly compared?: ((result: Result) => Result) | undefined;
}

/** Runs a pipeline for its properties. */
export function pipelineCase<Row, Result>(
  trial: StreamTrial<Row>,
  parts: ResultReading<Result> & {
    readonly start: StartPipeline<Row, Result>;
    readonly stamp: StampRow<Row>;
    readonly plan?: PlanKnowledge<Row, Result> | undefined;
  },
): PipelineCase<Row, Result> {
  const { start, stamp } = parts;
  const made = new Map<string, PipelineOutcome<Row, Result>>();
  const run = (one: StreamTrial<Row>) => {
    const key = JSON.stringify(one);
    const known = made.get(key);
    if (known !== undefined) return known;
    const outcome = drive(start, deliver(one, stamp), crashesOf(one));
    made.set(key, outcome);
    return outcome;
  };
  const outcome = run(trial);
  return {
    trial,
    outcome,
    run,
    again: (crashes = crashesOf(trial)) => drive(start, outcome.items, crashes),
    final: ({ results }) =>
      finalOf(
        results.map(({ value }) => value),
        parts,
      ),
    stamp(event) {
      const { row, timeUs, source } = trial.events[event] as StreamedEvent<Row>;
      return stamp(row, { timeUs, event, source });
    },
    stampRow: stamp,
    plan: parts.plan,
  };
}

/** The last result of each key, in the order in which keys came; all results without keys. */
export function finalOf<Result>(
  results: readonly Result[],
  { resultKey, isRetraction, compared = (same) => same }: ResultReading<Result>,
): readonly Result[] {
  if (resultKey === undefined) return results.map(compared);
  const last = new Map<string, Result>();
  for (const result of results) {
    const key = resultKey(result);
    if (isRetraction?.(result) === true) last.delete(key);
    else last.set(key, result);
  }
  return [...last.values()].map(compared);
}

function crashesOf({ faults = [] }: StreamTrial<unknown>): readonly number[] {
  return faults.flatMap((fault) => (fault.kind === 'crash' ? [fault.afterItems] : []));
}
