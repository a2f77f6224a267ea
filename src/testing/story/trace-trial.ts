/** Runs a trial once more and notes every message, what the pipeline commits, and which faults
 * begin and end. It changes nothing: the digest is that of the trial. Spec: T114. */
import { assemble, type World } from '../../experiment/assemble.ts';
import type { LakeTap } from '../../experiment/backfill/lake-tap.ts';
import { FAULT_KIND_NAMES } from '../../experiment/faults/catalogue/fault-kinds.ts';
import { isCatalogued } from '../../experiment/faults/plan/fault-schema.ts';
import { readRunInputs } from '../../experiment/run-inputs.ts';
import { defineScenario } from '../../experiment/scenario/define-scenario.ts';
import type { Scenario } from '../../experiment/scenario/schema.ts';
import { EngineError, InvariantError } from '../../kernel/errors.ts';
import { openWarehouse } from '../../storage/warehouse.ts';
import type { Trial } from '../trial/trial.ts';
import { counted } from './check-failure.ts';

/** Something that was seen. */
export interface TracedMessage {
  readonly atUs: number;
  /** Who it happened to, as the digest names it: `server/movie`, `viewer/17`; `fault` for what the
   * plan of faults does. */
  readonly actor: string;
  readonly event: string;
  /** What came of it, where it is known: the page and its outcome. */
  readonly remark?: string | undefined;
}

/** All that is seen of a trial, in order. */
export interface TracedTrial {
  readonly scenario: Scenario;
  readonly messages: readonly TracedMessage[];
  readonly digest: string;
}

/** Traces a trial. A run that ends with an error is traced up to there. */
export async function traceTrial(trial: Trial): Promise<TracedTrial> {
  const scenario = defineScenario(trial.scenario);
  const { catalogue, arrivals } = await readRunInputs(scenario, {});
  const warehouse = openWarehouse({ path: ':memory:' });
  const messages: TracedMessage[] = [];
  const clock = { nowUs: () => 0 };
  const note = (actor: string, event: string) => {
    messages.push({ atUs: clock.nowUs(), actor, event });
  };
  try {
    const world = assemble({
      scenario,
      architecture: trial.architecture,
      replication: 0,
      tieOrder: trial.tieOrder,
      catalogue,
      arrivals,
      warehouse,
      trace: { write: ({ actor, event }) => note(actor, event), close: () => {} },
      tap: commitTap((rows) => note('warehouse', `${counted(rows, 'row')} committed`)),
    });
    clock.nowUs = () => world.simulation.nowUs;
    watchFaults(world, note);
    runToItsEnd(world);
    const told = [...plannedFaults(scenario), ...remarked(messages, world)];
    return {
      scenario,
      messages: told.sort((a, b) => a.atUs - b.atUs),
      digest: world.digest.value(),
    };
  } finally {
    warehouse.close();
  }
}

function runToItsEnd(world: World): void {
  try {
    world.run();
  } catch (error) {
    if (!(error instanceof EngineError || error instanceof InvariantError)) throw error;
  }
}

/** Hears of commits; takes nothing to a lake. */
function commitTap(committed: (rows: number) => void): LakeTap {
  return {
    reader: (log) => log,
    sink: (sink) => ({
      commit(batch) {
        sink.commit(batch);
        if (batch.facts.length > 0) committed(batch.facts.length);
      },
      committedOffsets: (partitionCount) => sink.committedOffsets(partitionCount),
      ...(sink.committedState === undefined
        ? {}
        : { committedState: () => sink.committedState?.() }),
    }),
    commit: async () => {},
    close: async () => {},
  };
}

function watchFaults(world: World, note: (actor: string, event: string) => void): void {
  for (const kind of FAULT_KIND_NAMES) {
    world.board.listen(kind, {
      begin: (fault) => note('fault', `${faultName(fault)} begins`),
      end: (fault) => note('fault', `${faultName(fault)} is over`),
    });
  }
}

/** Pages that are shown, with what they were and how they ended. */
function remarked(
  messages: readonly TracedMessage[],
  { recorder }: World,
): readonly TracedMessage[] {
  const remarks = new Map(
    recorder.loads.map(({ viewer, page, outcome, askedAtUs, pageLoadTimeUs }) => [
      `viewer/${viewer} page.shown ${askedAtUs + pageLoadTimeUs}`,
      `${page} ${outcome}`,
    ]),
  );
  return messages.map((message) => {
    const { actor, event, atUs } = message;
    const remark = remarks.get(`${actor} ${event} ${atUs}`);
    return remark === undefined ? message : { ...message, remark };
  });
}

/** Faults that the scenario itself tells the times of. */
function plannedFaults({ faults }: Scenario): readonly TracedMessage[] {
  return faults.flatMap((fault) => {
    if (isCatalogued(fault)) return [];
    const target = 'target' in fault ? fault.target : `zone ${fault.zone}`;
    const name = faultName({ kind: fault.kind, target });
    const { at, for: forUs } = fault;
    return [
      { atUs: at, actor: 'fault', event: `${name} begins` },
      { atUs: at + forUs, actor: 'fault', event: `${name} is over` },
    ];
  });
}

function faultName({
  kind,
  target,
}: {
  readonly kind: string;
  readonly target: string | undefined;
}): string {
  return target === undefined ? kind : `${kind} of ${target}`;
}
