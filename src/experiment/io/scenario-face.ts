/** The part of the public face that scenario files are written with. A command that runs nothing
 * loads it in place of the whole, which also brings databases and pools. Names are those of
 * `src/index.ts`; a file that imports any other gets the whole. */

export { ARCHITECTURE_NAMES, type ArchitectureName } from '../../gateway/architecture.ts';
export { EngineError, type ErrorCode, type ScenarioProblem } from '../../kernel/errors.ts';
export { type DurationUs, hours, minutes, ms, seconds, us } from '../../kernel/time.ts';
export {
  condition,
  type ObjectiveOptions,
  objective,
  ratio,
  recovery,
  term,
} from '../objectives/language/build-objective.ts';
export { defineScenario } from '../scenario/define-scenario.ts';
export type { Scenario, ScenarioInput } from '../scenario/schema.ts';
export {
  exponential,
  fixed,
  lognormal,
  pareto,
  uniform,
} from '../scenario/values.ts';
