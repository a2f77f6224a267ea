/** Frames of a world: what a dashboard shows of one moment, read from counters that the world keeps
 * anyway and from what these eyes have counted along. They draw nothing, schedule nothing and feed
 * no digest. Cost of a frame: bench `watch`, `frame_ms`. Spec: L1, L20. */
import type { Catalogue } from '../../domain/catalogue.ts';
import type {
  LiveClock,
  LiveFault,
  LiveFrame,
  LivePipeline,
  LiveServer,
  LiveTitle,
} from '../../domain/live/live-frame.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import type { World } from '../assemble.ts';
import { isCatalogued } from '../faults/plan/fault-schema.ts';
import { intercept } from '../reproduce/replay/intercept.ts';
import { AudienceCounts } from './audience-counts.ts';
import { type LiveObjectives, watchObjectives } from './live-objectives.ts';
import { countPages, type LivePageCounts } from './live-pages.ts';

/** Makes frames of one world. */
export interface FrameMaker {
  frameOf(clock: LiveClock, sequence: number): LiveFrame;
}

/** What frames are made of. */
export interface FrameGround {
  readonly subject: string;
  readonly world: World;
  readonly warehouse: Warehouse;
  readonly catalogue: Catalogue;
}

const TITLES_SHOWN = 10;

/** Opens eyes on a world that has not run yet. */
export function openEyes(ground: FrameGround): FrameMaker {
  return new Eyes(ground);
}

class Eyes implements FrameMaker {
  readonly #ground: FrameGround;
  readonly #objectives: LiveObjectives;
  readonly #pages: LivePageCounts;
  readonly #asksForPages: boolean;
  readonly #epochUs: number;
  /** By title, those captured. */
  readonly #plays = new Map<string, number>();
  readonly #names: ReadonlyMap<string, string>;
  readonly #audience = new AudienceCounts();
  #newestUs = Number.NEGATIVE_INFINITY;
  #pipeline: unknown;

  constructor(ground: FrameGround) {
    const { world, catalogue } = ground;
    const { scenario, recorder, clickstream } = world;
    this.#ground = ground;
    this.#objectives = watchObjectives(scenario.objectives);
    this.#pages = countPages(recorder, this.#objectives.see);
    this.#epochUs = Date.parse(scenario.clock.start) * 1_000;
    this.#asksForPages = world.viewerCount > 0 || scenario.traffic !== undefined;
    this.#names = new Map(catalogue.titles.map(({ id, name }) => [id, name]));
    intercept(clickstream, 'captured', {
      before: (event) => {
        const { type, data } = event;
        const { titleId } = data;
        this.#audience.add(event);
        if (type !== 'media.play' || titleId === undefined) return;
        this.#plays.set(titleId, (this.#plays.get(titleId) ?? 0) + 1);
      },
    });
    this.#followPipeline();
  }

  frameOf(clock: LiveClock, sequence: number): LiveFrame {
    const { subject, world } = this.#ground;
    const { nowUs } = world.simulation;
    const pages = this.#pages.read();
    return {
      schema: 'backlot.frame/1',
      sequence,
      subject,
      clock,
      pages: this.#asksForPages ? pages : null,
      viewers: world.viewerCount === 0 ? null : world.recorder.presentCount,
      servers: world.wired.servers.map(liveServer),
      edges: world.wired.edges.map(({ account }) => ({
        name: account.name,
        calls: account.calls,
        attempts: account.attempts,
        errors: account.errors + account.timeouts,
        retries: account.retries,
        breaker: world.wired.guards.get(account.name)?.breakerStatus(nowUs) ?? null,
      })),
      objectives: this.#objectives.read(nowUs),
      pipeline: this.#livePipeline(nowUs),
      topTitles: this.#topTitles(),
      ...(world.viewerCount === 0 ? {} : { audience: this.#audience.read() }),
      faults: activeFaults(world),
    };
  }

  /** After a crash the pipeline is another one. */
  #followPipeline(): void {
    const { pipeline } = this.#ground.world.clickstream;
    if (this.#pipeline === pipeline) return;
    this.#pipeline = pipeline;
    pipeline.enriched$.subscribe(({ event: { eventTimeUs } }) => {
      if (eventTimeUs > this.#newestUs) this.#newestUs = eventTimeUs;
    });
  }

  #livePipeline(nowUs: number): LivePipeline {
    this.#followPipeline();
    const { world, warehouse } = this.#ground;
    const { drive, pipeline, counted } = world.clickstream;
    const stages = pipeline.counts();
    const committed = warehouse.committedOffsets(world.scenario.clickstream.partitions);
    const unixUs = this.#epochUs + nowUs;
    const [late] = warehouse.query('SELECT count(*) AS n FROM late_event');
    return {
      captured: counted.captured,
      accepted: counted.accepted,
      stored: stages.at(-1)?.passed ?? 0,
      badRows: sum(stages.map(({ rejected }) => sum(Object.values(rejected)))),
      duplicates: sum(stages.map(({ dropped }) => dropped['duplicate'] ?? 0)),
      lateEvents: Number(late?.['n'] ?? 0),
      dropped: { ...counted.droppedByReason },
      unread: drive.unread(),
      unreadByPartition: drive.endOffsets().map((end, i) => end - (committed[i] ?? 0)),
      watermarkLagUs: ageAt(unixUs, pipeline.watermarkUs),
      freshnessUs: ageAt(unixUs, this.#newestUs),
    };
  }

  #topTitles(): readonly LiveTitle[] {
    return [...this.#plays]
      .sort(([a, playsOfA], [b, playsOfB]) => playsOfB - playsOfA || (a < b ? -1 : 1))
      .slice(0, TITLES_SHOWN)
      .map(([titleId, plays]) => ({ titleId, name: this.#names.get(titleId) ?? titleId, plays }));
  }
}

function liveServer({
  name,
  fleet,
  limit,
  workers,
}: World['wired']['servers'][number]): LiveServer {
  const { inSystem, inService } = fleet.statistics();
  const readyReplicas = fleet.replicas.filter(({ isReady }) => isReady).length;
  return {
    name,
    waiting: inSystem - inService,
    busyWorkers: inService,
    workers: workers(readyReplicas),
    readyReplicas,
    desiredReplicas: fleet.replicas.filter(({ isMember }) => isMember).length,
    concurrencyLimit: limit ?? null,
  };
}

/** Those of the board, and outages of a scenario's own kinds by their times. */
function activeFaults({ board, scenario, simulation: { nowUs } }: World): readonly LiveFault[] {
  const own = scenario.faults.flatMap((fault) => {
    if (isCatalogued(fault) || nowUs < fault.at || nowUs >= fault.at + fault.for) return [];
    const target = fault.kind === 'zone.loss' ? `zone ${fault.zone}` : fault.target;
    const [beganAtUs, endsAtUs] = [fault.at, fault.at + fault.for];
    return [{ kind: fault.kind, target, beganAtUs, endsAtUs }];
  });
  const catalogued = board.allActive().map(({ kind, target, beganAtUs, endsAtUs }) => ({
    ...{ kind, target: target ?? null },
    ...{ beganAtUs, endsAtUs },
  }));
  return [...own, ...catalogued];
}

function ageAt(unixUs: number, ofUs: number): number | null {
  return Number.isFinite(ofUs) ? Math.max(0, unixUs - ofUs) : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
