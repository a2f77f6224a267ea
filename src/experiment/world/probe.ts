/** What a watched run hands to its watcher while it is wired: the parts that cannot be reached from
 * outside afterwards. Runs that nobody watches have no probe and pay nothing for it. Whoever probes
 * changes nothing: what it gives back does what it was given. Spec: T10. */
import type { LogReader, PipelineSink } from '../../domain/pipeline-ports.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { HpaConfig } from '../../queueing/autoscaling/hpa-config.ts';
import type { HpaObservation } from '../../queueing/autoscaling/metric-replicas.ts';
import type { CallGuard } from '../../queueing/calls/call-guard.ts';
import type { CallPolicies } from '../../queueing/calls/call-policies.ts';
import type { Warehouse } from '../../storage/warehouse.ts';

/** The watcher of one run. */
export interface WorldProbe {
  /** The clock, before anything is scheduled. */
  simulation(simulation: Simulation): Simulation;
  /** Policies at work: of one gateway for all its calls over an edge, or of one client. */
  guardMade(edge: string, guard: CallGuard, policies: CallPolicies): void;
  /** An autoscaler has decided. */
  scaled(server: string, step: ScalingStep): void;
  /** What the pipeline reads, and where it commits to. Asked again for each pipeline of the run. */
  reader(log: LogReader): LogReader;
  sink(sink: PipelineSink, warehouse: Warehouse): PipelineSink;
}

/** One step of an autoscaler. */
export interface ScalingStep {
  readonly hpa: HpaConfig;
  readonly observation: HpaObservation;
  readonly nowUs: number;
  readonly desiredReplicas: number;
  /** What a forecast asked for; undefined without one. */
  readonly atLeast?: number | undefined;
}
