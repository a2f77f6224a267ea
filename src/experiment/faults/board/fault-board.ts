/** Which faults are active now. Whoever can be hit asks the board, at the moment of the hit or when
 * a fault begins and ends; the board counts what struck. Without faults it costs a look at an empty
 * list. Draws are keyed by the fault, not by its place in the plan, so that taking one fault away
 * leaves the others as they were (plans shrink). They are not counted in the run digest: a fault
 * of probability 0 changes nothing. Spec: E401–E405. */
import type { Chance, Draws } from '../../../kernel/chance.ts';
import type { Simulation } from '../../../kernel/simulation.ts';
import { FAULT_KINDS, type FaultKindName } from '../catalogue/fault-kinds.ts';
import { type CataloguedFault, type Fault, isCatalogued } from '../plan/fault-schema.ts';
import { occurrencesOf } from './occurrences.ts';

/** A fault while it lasts. */
export interface ActiveFault {
  readonly kind: FaultKindName;
  /** Undefined: everybody that the kind can hit. */
  readonly target: string | undefined;
  readonly probability: number;
  /** In the unit of its kind; 0 where the kind has none. */
  readonly intensity: number;
  readonly beganAtUs: number;
  readonly endsAtUs: number;
  /** Draws of this fault. `purpose` tells what is drawn; the fault is in the key already. */
  draws(purpose: string): Draws;
}

/** Told when faults of a kind begin and end. */
export interface FaultListener {
  begin(fault: ActiveFault): void;
  end(fault: ActiveFault): void;
}

/** What one fault of the plan did. */
export interface FaultTally {
  readonly kind: FaultKindName;
  readonly target: string | undefined;
  /** How often it began. */
  readonly occurrences: number;
  /** How often it struck: what that is, the kind says. */
  readonly strikes: number;
}

/** The board of one run. */
export interface FaultBoard {
  /** Active faults of a kind that hit a target, in the order in which they began. */
  active(kind: FaultKindName, target?: string): readonly ActiveFault[];
  /** Everything that is active, by kind. */
  allActive(): readonly ActiveFault[];
  /** The first active fault that strikes an opportunity, which is counted; the draws are keyed by
   * (entity, index), integers 0 … 2³²−1 that name the opportunity whatever else happens. */
  strike(kind: FaultKindName, at: Opportunity): ActiveFault | undefined;
  /** Counts a strike that {@link strike} did not decide. */
  struck(fault: ActiveFault): void;
  /** Before the run starts. */
  listen(kind: FaultKindName, listener: FaultListener): void;
  /** Schedules all faults: once, when everybody listens. */
  start(): void;
  /** From now on nothing is wrong: active faults end at once, those to come do not. */
  heal(): void;
  /** A fault that no plan had, from now on: its `at` counts from now. */
  inject(fault: CataloguedFault): void;
  /** By fault, in the order of the plan; injected ones follow. */
  tally(): readonly FaultTally[];
}

/** A moment at which a fault can strike. */
export interface Opportunity {
  readonly target?: string | undefined;
  readonly entity: number;
  readonly index: number;
}

/** Faults run before other events of the same instant. */
const FAULT_PRIORITY = -1;
const NONE: readonly ActiveFault[] = [];

interface Planned {
  readonly fault: CataloguedFault;
  readonly count: { occurrences: number; strikes: number };
}

/** An active fault and where its strikes are counted. */
interface Running extends ActiveFault {
  readonly planned: Planned;
  readonly hits: Draws;
}

/** Makes the board. @param chance - Not counted in the digest. */
export function createFaultBoard(options: {
  readonly faults: readonly Fault[];
  readonly simulation: Simulation;
  readonly chance: Chance;
}): FaultBoard {
  const { simulation, chance } = options;
  const plan: Planned[] = options.faults
    .filter(isCatalogued)
    .map((fault) => ({ fault, count: { occurrences: 0, strikes: 0 } }));
  const toCome = new Set<Running>();
  const running = new Map<FaultKindName, Running[]>();
  const listeners = new Map<FaultKindName, FaultListener[]>();
  const active = (kind: FaultKindName, target?: string): readonly Running[] => {
    const all = running.get(kind);
    if (all === undefined || all.length === 0) return NONE as readonly Running[];
    if (target === undefined) return all;
    return all.filter((one) => one.target === undefined || one.target === target);
  };
  const begin = (fault: Running) => {
    if (!toCome.delete(fault)) return;
    fault.planned.count.occurrences += 1;
    const all = running.get(fault.kind) ?? [];
    running.set(fault.kind, [...all, fault]);
    for (const listener of listeners.get(fault.kind) ?? []) listener.begin(fault);
  };
  const end = (fault: Running) => {
    const all = running.get(fault.kind) ?? [];
    if (!all.includes(fault)) return;
    running.set(
      fault.kind,
      all.filter((one) => one !== fault),
    );
    for (const listener of listeners.get(fault.kind) ?? []) listener.end(fault);
  };
  // Beginnings and ends keep their order, so that faults that touch do not overlap.
  const lanes = { group: 'faults' };
  const begins = simulation.registerHandler('fault.begins', (_, it) => begin(it as Running), lanes);
  const ends = simulation.registerHandler('fault.ends', (_, it) => end(it as Running), lanes);
  /** Schedules all that a fault does, from an instant on. */
  const expect = (planned: Planned, fromUs: number) => {
    for (const { atUs, forUs } of occurrencesOf(planned.fault, chance)) {
      const fault = runningOf(planned, { atUs: fromUs + atUs, forUs }, chance);
      toCome.add(fault);
      simulation.schedule(atUs, begins, 0, fault, FAULT_PRIORITY);
      simulation.schedule(atUs + forUs, ends, 0, fault, FAULT_PRIORITY);
    }
  };
  const struck = (fault: ActiveFault) => {
    (fault as Running).planned.count.strikes += 1;
  };
  return {
    active,
    allActive: () => [...running.values()].flat(),
    strike(kind, { target, entity, index }) {
      for (const fault of active(kind, target) as readonly Running[]) {
        if (fault.probability < 1 && fault.hits.uniform(entity, index) >= fault.probability) {
          continue;
        }
        struck(fault);
        return fault;
      }
      return undefined;
    },
    struck,
    listen(kind, listener) {
      listeners.set(kind, [...(listeners.get(kind) ?? []), listener]);
    },
    start() {
      for (const planned of plan) expect(planned, 0);
    },
    heal() {
      toCome.clear();
      for (const fault of [...running.values()].flat()) end(fault);
    },
    inject(fault) {
      const planned = { fault, count: { occurrences: 0, strikes: 0 } };
      plan.push(planned);
      expect(planned, simulation.nowUs);
    },
    tally: () => plan.map(({ fault: { kind, target }, count }) => ({ kind, target, ...count })),
  };
}

function runningOf(
  planned: Planned,
  { atUs, forUs }: { readonly atUs: number; readonly forUs: number },
  chance: Chance,
): Running {
  const { kind, target, probability, intensity } = planned.fault;
  const { scope, intensity: usual } = FAULT_KINDS[kind];
  const strength = intensity ?? usual?.default ?? 0;
  const key = `fault.${kind}/${target ?? ''}/${atUs}`;
  return {
    kind,
    target,
    probability: scope === 'occurrence' ? 1 : probability,
    // Times are whole µs, rounded once.
    intensity: usual?.unit === 'µs' ? Math.round(strength) : strength,
    beganAtUs: atUs,
    endsAtUs: atUs + forUs,
    draws: (purpose) => chance.draws(`${key}/${purpose}`),
    planned,
    hits: chance.draws(key),
  };
}
