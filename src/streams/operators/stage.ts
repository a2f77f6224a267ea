/** The common form of operators over stream items, and its way into RxJS. A stage takes items in
 * order and answers at once; it has no clock. An RxJS operator makes a fresh stage for each
 * subscription; whoever wants to take snapshots makes the stage and leads items {@link through} it.
 * A watermark is passed on after everything that it makes a stage say. Spec: W34. */
import { filter, Observable, type OperatorFunction } from 'rxjs';
import type { Checkpointable, PlainValue } from '../../domain/plain-value.ts';
import { EngineError } from '../../kernel/errors.ts';
import type { StreamItem } from '../stream-item.ts';
import { restoring } from './restoring.ts';
import { RowFailure } from './row-failure.ts';
import { type StepCount, StepCounts } from './step-counts.ts';

/** Takes an item that comes out of a stage. */
export type Emit<Row> = (item: StreamItem<Row>) => void;

/** A row that left the chain: late, diverted or rejected. */
export interface SideRow<Row> {
  readonly row: Row;
  readonly timeUs: number;
  readonly reason: string;
}

/** Where a stage's rows go that cannot be computed. */
export type OnReject<Row> = (rejected: SideRow<Row>) => void;

/** An operator with state that can be saved. */
export abstract class Stage<In, Out> implements Checkpointable {
  /** Set by {@link through}. */
  emit: Emit<Out> = () => {};
  protected readonly tally: StepCounts;

  constructor(step: string) {
    this.tally = new StepCounts(step);
  }

  /** Takes the next item in. */
  abstract take(item: StreamItem<In>): void;

  /** Process time moved on. */
  passProcessTime(_nowUs: number): void {}

  /** Keys, rows or windows that are held. */
  get stateSize(): number {
    return 0;
  }

  counts(): StepCount {
    return this.tally.counts();
  }

  /** State besides the counts. */
  protected saveState(): PlainValue {
    return null;
  }

  protected loadState(_saved: PlainValue): void {}

  snapshot(): PlainValue {
    return { counts: this.tally.snapshot(), state: this.saveState() };
  }

  restore(saved: PlainValue): void {
    restoring(this.tally.step, () => {
      const { counts, state } = saved as { counts: PlainValue; state: PlainValue };
      this.tally.restore(counts);
      this.loadState(state);
    });
  }
}

/** Leads items through a stage. One subscription at a time: a stage is one state.
 * What a stage throws goes to the observer's `error`. Where the observer has had enough, nothing
 * more is read, of a source that never pauses either. */
export function through<In, Out>(
  stage: Stage<In, Out>,
): OperatorFunction<StreamItem<In>, StreamItem<Out>> {
  return (source) =>
    new Observable((subscriber) => {
      stage.emit = (item) => subscriber.next(item);
      // Lets nothing through: what the stage says goes to the subscriber. One operator is faster
      // than `tap` and `ignoreElements`.
      const take = (item: StreamItem<In>): item is never => {
        stage.take(item);
        return false;
      };
      return source.pipe(filter(take)).subscribe(subscriber);
    });
}

/** An operator whose every subscription has a stage of its own. */
export function freshly<In, Out>(
  makeStage: () => Stage<In, Out>,
): OperatorFunction<StreamItem<In>, StreamItem<Out>> {
  return (source) =>
    new Observable((subscriber) => source.pipe(through(makeStage())).subscribe(subscriber));
}

/** The reason for which a row is rejected. Anything but a {@link RowFailure} is thrown on. */
export function rejectionReason(error: unknown): string {
  if (error instanceof RowFailure) return error.message;
  throw error;
}

/** Requires a whole number of µs. @throws EngineError `STREAMS_BAD_ARGUMENT`. */
export function requireUs(argument: string, found: number, least: number): number {
  if (Number.isSafeInteger(found) && found >= least) return found;
  const message = `${argument} ${found}: must be a whole number of µs from ${least}`;
  throw new EngineError('STREAMS_BAD_ARGUMENT', message, { argument, found });
}
