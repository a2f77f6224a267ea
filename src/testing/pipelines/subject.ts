/** What can be checked as a pipeline, and how each kind is driven: one way in for rows, watermarks
 * and poison, one account of what came out. Spec: T84. */
import type { OperatorFunction } from 'rxjs';
import type { PlainValue } from '../../domain/plain-value.ts';
import type { TableChange } from '../../streams/joins/versioned-table.ts';
import type { Stage } from '../../streams/operators/stage.ts';
import type { StepCount } from '../../streams/operators/step-counts.ts';
import type { PlanFunction } from '../../streams/plan/functions.ts';
import type { PipelinePlan } from '../../streams/plan/plan.ts';
import type { StreamItem } from '../../streams/stream-item.ts';
import type { DeliveredItem } from './delivery.ts';

/** Where an operator of one's own tells what it did not count. */
export interface SideOutputs<Row> {
  late(row: Row): void;
  rejected(row: Row, reason: string): void;
}

/** A plan with what it names. */
export interface PlanSubject {
  readonly plan: PipelinePlan;
  readonly functions?: readonly PlanFunction[];
  /** Changes of the tables that lookups name. */
  readonly tables?: Readonly<Record<string, readonly TableChange[]>>;
}

/** What can be checked. */
export type PipelineSubject<Row, Result> =
  | PipelinePlan
  | PlanSubject
  | OperatorSubject<Row, Result>;

/** What is no plan. It is made anew for every run: what is checked must keep no state outside. */
export type OperatorSubject<Row, Result> =
  /** A stage of `backlot/streams`, or one of one's own that extends `Stage`: with snapshots. */
  | { readonly stage: (sides: SideOutputs<Row>) => Stage<Row, Result> }
  /** An RxJS operator over rows and watermarks. */
  | {
      readonly operator: (
        sides: SideOutputs<Row>,
      ) => OperatorFunction<StreamItem<Row>, StreamItem<Result>>;
    }
  /** An RxJS operator over rows alone. */
  | { readonly rows: (sides: SideOutputs<Row>) => OperatorFunction<Row, Result> }
  /** Any function from rows, in the order of arrival, to results. */
  | { readonly results: (rows: readonly Row[]) => readonly Result[] };

/** Takes what comes out. */
export interface OutcomeSink<Row, Result> extends SideOutputs<Row> {
  result(value: Result, timeUs: number | undefined): void;
  watermark(timeUs: number): void;
}

/** A pipeline at work. */
export interface RunningPipeline<Row> {
  take(item: DeliveredItem<Row>): void;
  /** After the watermark +∞. */
  finish(): void;
  counts(): readonly StepCount[] | undefined;
  readonly stateSize: number | undefined;
  /** Undefined where it has no snapshots. */
  readonly snapshots: Snapshots | undefined;
}

/** How its state is saved. */
export interface Snapshots {
  take(): PlainValue;
  restore(saved: PlainValue): void;
}

/** Starts a pipeline anew. */
export type StartPipeline<Row, Result> = (sink: OutcomeSink<Row, Result>) => RunningPipeline<Row>;
