/** `backlot/streams`: event-time pipelines as plans, and the RxJS operators that run them, for use
 * with or without plans. */
export type {
  CheckpointSink,
  CheckpointStore,
  SavedCheckpoint,
} from '../domain/checkpoint-ports.ts';
export type { Checkpointable, PlainValue } from '../domain/plain-value.ts';
export { EngineError, type ErrorCode } from '../kernel/errors.ts';
export { type DurationUs, hours, minutes, ms, seconds, us } from '../kernel/time.ts';
export type { AggregateSpec, Aggregator } from './aggregates/aggregate-spec.ts';
export { aggregatorOf } from './aggregates/aggregator-of.ts';
export type { JobTrigger } from './checkpoints/job/coordinator.ts';
export { createDedupeNode } from './checkpoints/job/dedupe-node.ts';
export { createJob, type Job, type JobOptions } from './checkpoints/job/job.ts';
export type { JobItem, JobOperator, JobRow, JobSource } from './checkpoints/job/job-item.ts';
export { createPartitionMerge } from './checkpoints/job/partition-merge.ts';
export { createPlanNode, planOutputs } from './checkpoints/job/plan-node.ts';
export { createWindowNode } from './checkpoints/job/window-node.ts';
export {
  ENRICHED_EVENT_COLUMNS,
  enrichedEvents,
  type JobWatermark,
} from './enriched-source.ts';
export type { PlanRow } from './execute/compile-expression.ts';
export type { RejectedRecord } from './execute/plan-source.ts';
export { type PlanResult, type PlanRun, type RunPlanOptions, runPlan } from './execute/run-plan.ts';
export { type IntervalJoinOptions, intervalJoin } from './joins/interval-join.ts';
export { type LookupJoinOptions, lookupJoin } from './joins/lookup-join.ts';
export {
  createVersionedTable,
  type TableChange,
  type VersionedTable,
} from './joins/versioned-table.ts';
export { type AssignWatermarksOptions, assignWatermarks } from './operators/assign-watermarks.ts';
export { createDedupe, type DedupeOptions, dedupeWithin } from './operators/dedupe-within.ts';
export { divert, filterRows, mapRows } from './operators/rows.ts';
export { type SideRow, Stage, through } from './operators/stage.ts';
export type { StepCount } from './operators/step-counts.ts';
export {
  createWindowAggregate,
  type WindowAggregateOptions,
  windowAggregate,
} from './operators/window-aggregate.ts';
export {
  approxCountDistinct,
  avg,
  count,
  countDistinct,
  countOf,
  max,
  min,
  quantile,
  sum,
} from './plan/builder/aggregate.ts';
export { literal, when } from './plan/builder/column.ts';
export { asc, desc, Pipeline, pipeline, table } from './plan/builder/pipeline.ts';
export {
  ascendingTimes,
  boundedOutOfOrderness,
  cumulate,
  globalWindow,
  hopping,
  punctuatedBy,
  session,
  tumbling,
} from './plan/builder/window.ts';
export {
  type Capability,
  type CapabilityRow,
  capabilities,
  PLAN_TARGETS,
  type PlanTarget,
  requireTarget,
} from './plan/capabilities.ts';
export { explain } from './plan/explain/explain.ts';
export type { ColumnType, Expression, Operator, Scalar } from './plan/expression.ts';
export { type DefinedFunction, defineFunction, type PlanFunction } from './plan/functions.ts';
export { parsePlan, planJsonSchema } from './plan/parse-plan.ts';
export type { PipelinePlan, PlanStep, SourceSpec, TableSpec } from './plan/plan.ts';
export type { StreamItem } from './stream-item.ts';
export { createWindowOperator } from './windows/create-window-operator.ts';
export type { Pane, WindowOperator, WindowOperatorOptions } from './windows/window-operator.ts';
export type { PaneInfo, TriggerSpec, WindowAssignment, WindowSpec } from './windows/window-spec.ts';
