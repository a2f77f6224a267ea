/** The world as invariants see it, read from the wired parts at the moment of asking. */
import type { World } from '../../../experiment/assemble.ts';
import { FAULT_KIND_NAMES } from '../../../experiment/faults/catalogue/fault-kinds.ts';
import { type Fault, isCatalogued } from '../../../experiment/faults/plan/fault-schema.ts';
import type { Trial } from '../../trial/trial.ts';
import type { CallNotes } from '../notes/call-notes.ts';
import type { GuardNotes } from '../notes/guard-notes.ts';
import type { HappeningName, Happenings } from '../notes/happenings.ts';
import type { PipelineNotes } from '../notes/pipeline-notes.ts';
import { LiveEdge } from './live-edges.ts';
import { LivePipeline } from './live-pipeline.ts';
import { LiveServer } from './live-servers.ts';
import type {
  EdgeView,
  FaultView,
  PagesView,
  PipelineView,
  ServerView,
  TrialPhase,
  WorldView,
} from './world-view.ts';

const NONE: readonly FaultView[] = [];

/** What a view is read from besides the world. */
export interface WorldNotes {
  readonly trial: Trial;
  readonly happenings: Happenings;
  readonly guards: GuardNotes;
  readonly calls: CallNotes;
  readonly pipeline: PipelineNotes;
}

/** A watched world, live. */
export class LiveWorld implements WorldView {
  readonly servers: readonly ServerView[];
  readonly edges: readonly EdgeView[];
  readonly pipeline: PipelineView;
  readonly pages: PagesView;
  readonly healedAtUs: number;
  readonly durationUs: number;
  readonly endUs: number;
  readonly #world: World;
  readonly #notes: WorldNotes;
  /** Faults of the plan that are no part of the catalogue: always on time. */
  readonly #timed: readonly Fault[];
  readonly #kinds: readonly (typeof FAULT_KIND_NAMES)[number][];

  constructor(world: World, notes: WorldNotes) {
    const { wired, clickstream, simulation, recorder } = world;
    const now = () => simulation.nowUs;
    const planned = new Set<string>(world.scenario.faults.map(({ kind }) => kind));
    this.#world = world;
    this.#notes = notes;
    this.#timed = world.scenario.faults.filter((fault) => !isCatalogued(fault));
    this.#kinds = FAULT_KIND_NAMES.filter((kind) => planned.has(kind));
    this.servers = wired.servers.map((server, n) => new LiveServer(server, wired.settings[n]));
    this.edges = notes.calls.edges.map((edge) => new LiveEdge(edge, notes.guards, now));
    this.pipeline = new LivePipeline(clickstream, notes.pipeline);
    this.healedAtUs = notes.trial.healedAt;
    this.durationUs = world.durationUs;
    this.endUs = world.endUs;
    this.pages = {
      get asked() {
        return recorder.askedCount;
      },
      get ended() {
        return recorder.shownCount;
      },
      get open() {
        return recorder.openCount;
      },
      get offline() {
        return recorder.offlineCount;
      },
    };
  }

  get nowUs(): number {
    return this.#world.simulation.nowUs;
  }

  get eventCount(): number {
    return this.#world.simulation.executedCount;
  }

  get phase(): TrialPhase {
    const { nowUs } = this;
    if (nowUs < this.healedAtUs) return 'safety';
    return nowUs < this.durationUs ? 'liveness' : 'drain';
  }

  server(name: string): ServerView | undefined {
    return this.servers.find((server) => server.name === name);
  }

  edge(name: string): EdgeView | undefined {
    return this.edges.find((edge) => edge.name === name);
  }

  get faults(): readonly FaultView[] {
    const { nowUs } = this;
    if (this.#kinds.length === 0 && this.#timed.length === 0) return NONE;
    const { board } = this.#world;
    return [
      ...this.#timed
        .filter((fault) => fault.at <= nowUs && nowUs < fault.at + fault.for)
        .map((fault) => ({
          kind: fault.kind,
          target: 'target' in fault ? fault.target : undefined,
          endsAtUs: fault.at + fault.for,
        })),
      ...this.#kinds.flatMap((kind) => board.active(kind)),
    ];
  }

  isFaultActive(kind: FaultView['kind'], target?: string): boolean {
    const { nowUs } = this;
    const isHit = (hit: string | undefined) =>
      target === undefined || hit === undefined || hit === target;
    const isTimed = this.#timed.some(
      (fault) =>
        fault.kind === kind &&
        fault.at <= nowUs &&
        nowUs < fault.at + fault.for &&
        isHit('target' in fault ? fault.target : undefined),
    );
    return (
      isTimed ||
      this.#kinds.some((one) => one === kind && this.#world.board.active(one, target).length > 0)
    );
  }

  happened(name: HappeningName): number {
    const counted = this.#notes.happenings[name];
    if (name === 'sdk-dropped') return sum(Object.values(this.pipeline.droppedByReason));
    const reason = REASONS[name];
    if (reason === undefined) return counted;
    return counted + sum(this.servers.map(({ failures }) => failures[reason] ?? 0));
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** Happenings that servers keep account of themselves. */
const REASONS: Readonly<Partial<Record<HappeningName, string>>> = {
  'call-shed': 'shed',
  'call-rejected': 'rejected',
  'call-expired': 'expired',
  'call-reset': 'reset',
};
