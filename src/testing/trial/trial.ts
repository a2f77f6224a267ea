/** A trial: one small world with its workload, its faults and its order of ties, as plain data:
 * what swarms draw, shrinking makes smaller, tokens carry and corpora keep. Spec: T4. */
import type { ScenarioInput } from '../../experiment/scenario/schema.ts';
import type { ArchitectureName } from '../../gateway/architecture.ts';

/** One trial. */
export interface Trial {
  readonly schema: 'backlot.trial/1';
  /** Faults included. Times in µs. */
  readonly scenario: ScenarioInput;
  readonly architecture: ArchitectureName;
  /** Seed of the order of simultaneous events; left out: the order of scheduling. */
  readonly tieOrder?: number | undefined;
  /** All faults are over by then (µs): before it is the safety phase, after it liveness. */
  readonly healedAt: number;
}
