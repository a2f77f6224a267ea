/** A run that one can go through forwards and backwards, and fork. A world on the request path
 * cannot be copied (decision 0010), but it can be run again to the bit: a moment is a number of
 * events, going back wires the world anew, and a snapshot carries the digest that the way there
 * must have. Why: docs/decisions/0021. Spec: E390–E395. */
import { EngineError } from '../../../kernel/errors.ts';
import type { World } from '../../assemble.ts';
import type { CataloguedFault } from '../../faults/plan/fault-schema.ts';
import type { TraceFile } from '../../io/trace-file.ts';
import type { Turn } from '../../turns/turned-simulation.ts';
import type { OpenWorld, WorldMaker } from '../open-world.ts';
import { watchPages } from '../replay/open-pages.ts';
import type { WatchedPage } from '../replay/page-records.ts';
import { type WorldState, worldState } from '../replay/world-state.ts';
import type { ForkChange } from './fork-change.ts';
import type { Moment } from './moment.ts';

/** A moment that one can return to: what was there, and the digest of the way there. */
export interface Snapshot {
  readonly event: number;
  readonly atUs: number;
  readonly digest: string;
  readonly state: WorldState;
}

/** A run as a line in time. */
export interface Timeline {
  /** Where it stands. Another object after going back. */
  readonly world: World;
  /** Events run so far. */
  readonly event: number;
  /** Goes there, back or on; beyond the end it stands at the end. Cost: on, the events between;
   * back, all events from the start. */
  goTo(moment: Moment): void;
  /** Goes on by events, or back by a negative number of them. */
  step(events: number): void;
  snapshot(): Snapshot;
  /** Goes to a snapshot. @throws EngineError `SNAPSHOT_REFUSED` where the way there has another
   * digest: the snapshot is of another run. */
  returnTo(snapshot: Snapshot): void;
  /** Another line with the same past and these changes from here on. This one stays as it is. */
  fork(changes: readonly ForkChange[]): Timeline;
  /** Runs to the end, the pipeline's last windows included. Nothing can be looked up after it. */
  finish(): World;
  close(): void;
}

/** What a fork has that its world must know of from the start. */
interface Fork {
  readonly turns: readonly Turn[];
  readonly mayBegin: readonly CataloguedFault[];
}

/** Opens a line at the start of a run. @param watchers - Told every processed message, again each
 * time that the line goes back. */
export function openTimeline(
  make: WorldMaker,
  watchers: { readonly trace?: TraceFile | undefined } = {},
): Timeline {
  return new Line(make, watchers.trace);
}

class Line implements Timeline {
  readonly #make: WorldMaker;
  readonly #trace: TraceFile | undefined;
  /** Of a fork: its changes come in a world that is ready for them. */
  readonly #mayBegin: readonly CataloguedFault[];
  /** Undefined: those that were recorded. */
  #turns: readonly Turn[] | undefined;
  #open: OpenWorld;
  #loading: ReadonlyMap<string, WatchedPage>;

  constructor(make: WorldMaker, trace: TraceFile | undefined, fork?: Fork) {
    this.#make = make;
    this.#trace = trace;
    this.#turns = fork?.turns;
    this.#mayBegin = fork?.mayBegin ?? [];
    [this.#open, this.#loading] = this.#fresh();
  }

  get world(): World {
    return this.#open.world;
  }

  get event(): number {
    return this.world.simulation.executedCount;
  }

  goTo(moment: Moment): void {
    const isBack =
      'event' in moment ? moment.event < this.event : moment.atUs < this.world.simulation.nowUs;
    if (isBack) {
      this.close();
      [this.#open, this.#loading] = this.#fresh();
    }
    this.#goOn(moment);
  }

  step(events: number): void {
    this.goTo({ event: Math.max(0, this.event + events) });
  }

  snapshot(): Snapshot {
    const state = worldState(this.world, this.#loading);
    return { event: this.event, atUs: state.nowUs, digest: state.digest, state };
  }

  returnTo(snapshot: Snapshot): void {
    this.goTo({ event: snapshot.event });
    const found = this.world.digest.value();
    if (found === snapshot.digest) return;
    const problem =
      `event #${snapshot.event} has the digest ${found} here and ${snapshot.digest} in the ` +
      'snapshot: it is of another run; take it from this one';
    throw new EngineError('SNAPSHOT_REFUSED', problem, { problems: [problem] });
  }

  fork(changes: readonly ForkChange[]): Timeline {
    const { turns, simulation } = this.world;
    const mayBegin = changes.flatMap((change) => (change.kind === 'fault' ? [change.fault] : []));
    const line = new Line(this.#make, this.#trace, { turns: [...turns.made], mayBegin });
    line.goTo({ event: this.event });
    line.#change(simulation.nowUs, changes);
    return line;
  }

  finish(): World {
    this.world.run();
    return this.world;
  }

  close(): void {
    this.#open.close();
  }

  #fresh(): [OpenWorld, ReadonlyMap<string, WatchedPage>] {
    const turns = this.#turns === undefined ? {} : { turns: this.#turns };
    const open = this.#make({ trace: this.#trace, mayBegin: this.#mayBegin, ...turns });
    return [open, watchPages(open.world, undefined)];
  }

  #goOn(moment: Moment): void {
    const { simulation, endUs } = this.world;
    if ('atUs' in moment) simulation.run(Math.min(moment.atUs, endUs));
    else while (this.event < moment.event && simulation.step(endUs));
  }

  /** Makes changes after the event that was run last, at a time before the next one. */
  #change(atUs: number, changes: readonly ForkChange[]): void {
    const { simulation, turns } = this.world;
    // No event is due up to there: other events of the same instant are not run.
    if (simulation.nowUs < atUs) simulation.run(atUs);
    for (const change of changes) turns.make(change);
    this.#turns = [...turns.made];
  }
}
