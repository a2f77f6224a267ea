/** Who watches one world: takes notes while it is wired and runs, and shows it to invariants as a
 * {@link WorldView}. It draws nothing, schedules nothing and feeds no digest. Spec: T10, T11. */
import type { LogReader, PipelineSink } from '../../../domain/pipeline-ports.ts';
import type { World } from '../../../experiment/assemble.ts';
import type { SubjectPreflight } from '../../../experiment/check/check-document.ts';
import type { RunInputs } from '../../../experiment/run-inputs.ts';
import type { ScalingStep, WorldProbe } from '../../../experiment/world/probe.ts';
import { EngineError, invariant } from '../../../kernel/errors.ts';
import type { Simulation } from '../../../kernel/simulation.ts';
import type { CallGuard } from '../../../queueing/calls/call-guard.ts';
import type { CallPolicies } from '../../../queueing/calls/call-policies.ts';
import type { Warehouse } from '../../../storage/warehouse.ts';
import type { Trial } from '../../trial/trial.ts';
import { trialPreflight } from '../liveness/trial-preflight.ts';
import { CallNotes } from '../notes/call-notes.ts';
import { noChanges } from '../notes/changes.ts';
import { GuardNotes } from '../notes/guard-notes.ts';
import { noHappenings } from '../notes/happenings.ts';
import { PipelineNotes } from '../notes/pipeline-notes.ts';
import { ServerNotes } from '../notes/server-notes.ts';
import { WatchedSimulation } from '../notes/watched-simulation.ts';
import { LiveWorld } from './live-world.ts';
import type { WorldView } from './world-view.ts';

/** The watcher of one world: hand it to `assemble` as its probe. */
export class Watchtower implements WorldProbe {
  readonly trial: Trial;
  readonly #inputs: RunInputs | undefined;
  readonly changes = noChanges();
  readonly happenings = noHappenings();
  readonly guards: GuardNotes;
  readonly calls: CallNotes;
  readonly servers = new ServerNotes(this.happenings);
  readonly pipeline = new PipelineNotes(this.happenings);
  #kernel: WatchedSimulation | undefined;
  #view: LiveWorld | undefined;
  #preflight: SubjectPreflight | undefined;

  /** @param inputs - What the run reads, so that its pre-flight can be had. */
  constructor(trial: Trial, inputs?: RunInputs) {
    this.trial = trial;
    this.#inputs = inputs;
    const now = () => this.kernel.nowUs;
    this.guards = new GuardNotes(this.happenings, now);
    this.calls = new CallNotes(this.happenings, this.changes, now);
  }

  get kernel(): WatchedSimulation {
    const kernel = this.#kernel;
    invariant(kernel !== undefined, 'WATCHTOWER_BLIND', {});
    return kernel;
  }

  simulation(simulation: Simulation): Simulation {
    this.#kernel = new WatchedSimulation(simulation, {
      isTieOrdered: this.trial.tieOrder !== undefined,
      changes: this.changes,
    });
    return this.#kernel;
  }

  guardMade(edge: string, guard: CallGuard, policies: CallPolicies): void {
    this.guards.watch(edge, guard, policies);
  }

  scaled(server: string, step: ScalingStep): void {
    this.servers.scaled(server, step);
  }

  reader(log: LogReader): LogReader {
    return this.pipeline.reader(log);
  }

  sink(sink: PipelineSink, warehouse: Warehouse): PipelineSink {
    return this.pipeline.sink(sink, warehouse);
  }

  /** What theory says of the trial. */
  readonly preflight = (): SubjectPreflight | undefined => {
    const inputs = this.#inputs;
    this.#preflight ??= inputs && trialPreflight(this.trial, inputs);
    return this.#preflight;
  };

  /** The world that was wired with it, before it runs. */
  viewOf(world: World): WorldView {
    if (this.#view === undefined) {
      this.calls.watch(world);
      this.servers.watch(world);
      this.#view = new LiveWorld(world, this);
    }
    return this.#view;
  }
}

/** The watchtower of a world.
 * @throws EngineError `WORLD_NOT_WATCHED` for a world that was wired without one. */
export function towerOf({ probe }: World): Watchtower {
  if (probe instanceof Watchtower) return probe;
  throw new EngineError(
    'WORLD_NOT_WATCHED',
    'the world was assembled without a watchtower, and invariants cannot see into it; ' +
      'run a trial (runTrial), or assemble it with `probe: new Watchtower(trial)`',
    {},
  );
}

/** The view of a watched world. @throws EngineError `WORLD_NOT_WATCHED`. */
export function viewOf(world: World): WorldView {
  return towerOf(world).viewOf(world);
}
