/** backlot's public face: what scenarios, tests and tools of users import. */
export type {
  ActorId,
  ActorMachine,
  ActorMessage,
  ActorSnapshot,
  ActorSystem,
  ActorSystemOptions,
  Inspector,
} from './actors/runtime/actor-system.ts';
export {
  createCompiledActorSystem,
  type SavableActorSystem,
} from './actors/runtime/compiled-actor-system.ts';
export { checkForDeadlock } from './actors/runtime/deadlock.ts';
export { createXStateActorSystem } from './actors/runtime/xstate-actor-system.ts';
export {
  type Campaign,
  type CampaignOptions,
  createCampaign,
} from './experiment/campaign/campaign.ts';
export type { LoadDocument } from './experiment/capacity/documents/load-document.ts';
export type { PlanDocument } from './experiment/capacity/documents/plan-document.ts';
export { loadCapacity } from './experiment/capacity/load.ts';
export { type PlanOptions, planCapacity } from './experiment/capacity/plan.ts';
export { checkScenario } from './experiment/check/check-scenario.ts';
export { type CompareOptions, compareArchitectures } from './experiment/compare/compare.ts';
export { loadScenario } from './experiment/io/load-scenario.ts';
export {
  condition,
  type ObjectiveOptions,
  objective,
  ratio,
  recovery,
  term,
} from './experiment/objectives/language/build-objective.ts';
export { parseObjective } from './experiment/objectives/language/parse-objective.ts';
export type { Objective, ObjectiveVerdict } from './experiment/objectives/objective.ts';
export { checkReproducible } from './experiment/reproducible.ts';
export type {
  ArchitectureResult,
  CompareDocument,
  Estimate,
  LedgerLine,
  RunDocument,
} from './experiment/result.ts';
export { type RunOptions, runScenario } from './experiment/run.ts';
export { defineScenario } from './experiment/scenario/define-scenario.ts';
export type { Scenario, ScenarioInput } from './experiment/scenario/schema.ts';
export {
  exponential,
  fixed,
  lognormal,
  pareto,
  uniform,
} from './experiment/scenario/values.ts';
export { ARCHITECTURE_NAMES, type ArchitectureName } from './gateway/architecture.ts';
export {
  createGateway,
  type Gateway,
  type GatewayFetch,
  type GatewayOptions,
  type GatewayRun,
} from './gateway/federation/gateway.ts';
export type {
  GraphQLAnswer,
  GraphQLAnswerError,
  GraphQLRequest,
} from './gateway/federation/request/graphql-answer.ts';
export type {
  Resolver,
  ResolverMap,
  SubgraphDefinition,
} from './gateway/federation/subgraph/definition.ts';
export { GATEWAYS_BENCHMARK } from './gateway/products/gateways-benchmark/gateways-benchmark.ts';
export type { PublishedGateway } from './gateway/products/gateways-benchmark/published-results.ts';
export { createRunDigest, type RunDigest } from './kernel/digest.ts';
export { EngineError, type ErrorCode, type ScenarioProblem } from './kernel/errors.ts';
export { createSimulation, type Simulation } from './kernel/simulation.ts';
export { type DurationUs, hours, minutes, ms, seconds, us } from './kernel/time.ts';
export { type GatewayServer, startGatewayServer } from './live/gateway-server.ts';
export { createHttpGateway, type HttpGateway } from './live/http-gateway.ts';
export { renderReport } from './report/render-report.ts';
export { renderSummary } from './report/summary.ts';
export {
  openSqliteCheckpoints,
  type SqliteCheckpoints,
  type SqliteCheckpointsOptions,
} from './storage/checkpoints/sqlite-checkpoints.ts';
export {
  createStagedFileSink,
  type StagedFileOptions,
} from './storage/checkpoints/staged-file-sink.ts';
