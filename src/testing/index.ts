/** `backlot/testing`: hold a pipeline, an architecture or a machine against faults and disorder, in
 * any test runner, and get the smallest counterexample. Guide: docs/TESTING.md. */

export {
  type DisorderOptions,
  disordered,
  type EventStreamOptions,
  eventStreams,
} from './arbitraries/event-streams.ts';
export {
  type FaultPlanOptions,
  faultPlans,
  type PlannedFault,
  plannedFault,
} from './arbitraries/fault-plans.ts';
export { planRecords } from './arbitraries/plan-records.ts';
export { type ScenarioOptions, scenarios } from './arbitraries/scenarios.ts';
export { tieOrders } from './arbitraries/tie-orders.ts';
export {
  stampTrackedEvent,
  type ViewerHistoryOptions,
  viewerHistories,
} from './arbitraries/viewer-histories.ts';
export {
  type CheckArchitectureOptions,
  checkArchitecture,
} from './architectures/check-architecture.ts';
export { type Bisection, bisectTrial } from './bisect/bisect-trial.ts';
export type { CheckOptions, CheckReport } from './check/check-options.ts';
export { type SameOutcomes, sameOutcomes } from './invariants/architectures/same-outcomes.ts';
export type {
  Finding,
  Invariant,
  InvariantWatch,
  Modality,
  Violation,
} from './invariants/invariant.ts';
export { INVARIANTS, invariantNamed } from './invariants/library.ts';
export { MARKS } from './invariants/marks.ts';
export {
  always,
  eventuallyWithin,
  type Following,
  type Said,
  sometimes,
} from './invariants/modalities.ts';
export type { HappeningName } from './invariants/notes/happenings.ts';
export { type Vacuous, vacuous } from './invariants/vacuity.ts';
export { Watchtower } from './invariants/view/watchtower.ts';
export type {
  BulkheadView,
  EdgeView,
  FaultView,
  GuardView,
  PagesView,
  PipelineView,
  ReplicaView,
  ServerView,
  TrialPhase,
  WorldView,
} from './invariants/view/world-view.ts';
export { type CheckMachineOptions, checkMachine } from './machines/check-machine.ts';
export type {
  AsksState,
  Eventually,
  MachineInvariants,
  MachineState,
} from './machines/machine-laws.ts';
export { type CheckPipelineOptions, checkPipeline } from './pipelines/check-pipeline.ts';
export type { DeliveredItem, EventStamp, StampRow } from './pipelines/delivery.ts';
export type { PipelineOutcome, ToldResult } from './pipelines/outcome.ts';
export type { PipelineCase } from './pipelines/pipeline-case.ts';
export { conserves, eachKeyInOrder, watermarkMonotone } from './pipelines/properties/accounts.ts';
export {
  agreesWithBatch,
  dedupes,
  deterministic,
  orderInsensitive,
  resumesFromAnySnapshot,
} from './pipelines/properties/comparisons.ts';
export { type PipelineProperty, property } from './pipelines/properties/property.ts';
export {
  type WindowCount,
  type WindowMembershipOptions,
  windowMembership,
} from './pipelines/properties/window-membership.ts';
export type { StreamedEvent, StreamFault, StreamTrial } from './pipelines/stream-trial.ts';
export type { PipelineSubject, PlanSubject, SideOutputs } from './pipelines/subject.ts';
export type { Shrunk } from './shrink/greedy.ts';
export { shrinkTrial } from './shrink/shrink-trial.ts';
export { trialSize } from './shrink/smaller-trials.ts';
export {
  CheckFailure,
  type CounterexampleFacts,
  type CounterexampleSize,
  VacuousCheck,
} from './story/check-failure.ts';
export { type CheckKind, type Replay, replayToken, tokenOf } from './story/replay-token.ts';
export { trialDiagram } from './story/trial-story.ts';
export { runTrial, type TrialOutcome } from './trial/run-trial.ts';
export type { Trial } from './trial/trial.ts';
