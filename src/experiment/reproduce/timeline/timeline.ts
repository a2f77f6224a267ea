/** A run that one can go through forwards and backwards, and fork. A world on the request path
 * cannot be copied (decision 0010), but it can be run again to the bit: a moment is a number of
 * events, going back wires the world anew, and a snapshot carries the digest that the way there
 * must have. Why: docs/decisions/0021. Spec: E390–E395. */
import { EngineError } from '../../../kernel/errors.ts';
import type { World } from '../../assemble.ts';
import type { CataloguedFault } from '../../faults/plan/fault-schema.ts';
import type { TraceFile } from '../../io/trace-file.ts';
import type { OpenWorld, WorldMaker } from '../open-world.ts';
import { watchPages } from '../replay/open-pages.ts';
import type { WatchedPage } from '../replay/page-records.ts';
import { type WorldState, worldState } from '../replay/world-state.ts';
import { applyChanges, type ForkChange } from './fork-change.ts';
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

/** Changes made after an event, at a time before the next one. */
interface Turn {
  readonly event: number;
  readonly atUs: number;
  readonly changes: readonly ForkChange[];
}

/** Opens a line at the start of a run. @param watchers - Told every processed message, again each
 * time that the line goes back. */
export function openTimeline(
  make: WorldMaker,
  watchers: { readonly trace?: TraceFile | undefined } = {},
): Timeline {
  return new Line(make, watchers.trace, []);
}

function faultOf(change: ForkChange): readonly CataloguedFault[] {
  return change.kind === 'fault' ? [change.fault] : [];
}

class Line implements Timeline {
  readonly #make: WorldMaker;
  readonly #trace: TraceFile | undefined;
  readonly #turns: readonly Turn[];
  #open: OpenWorld;
  #loading: ReadonlyMap<string, WatchedPage>;
  /** How many turns this world has taken. */
  #turned = 0;

  constructor(make: WorldMaker, trace: TraceFile | undefined, turns: readonly Turn[]) {
    this.#make = make;
    this.#trace = trace;
    this.#turns = turns;
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
    const line = new Line(this.#make, this.#trace, [
      ...this.#turns,
      { event: this.event, atUs: this.world.simulation.nowUs, changes },
    ]);
    line.goTo({ event: this.event });
    return line;
  }

  finish(): World {
    this.#goOn({ atUs: this.world.endUs });
    this.world.run();
    return this.world;
  }

  close(): void {
    this.#open.close();
  }

  #fresh(): [OpenWorld, ReadonlyMap<string, WatchedPage>] {
    const mayBegin = this.#turns.flatMap(({ changes }) => changes.flatMap(faultOf));
    const open = this.#make({ trace: this.#trace, mayBegin });
    this.#turned = 0;
    return [open, watchPages(open.world, undefined)];
  }

  #goOn(moment: Moment): void {
    const { simulation, endUs } = this.world;
    const untilUs = 'atUs' in moment ? Math.min(moment.atUs, endUs) : endUs;
    const lastEvent = 'event' in moment ? moment.event : Number.POSITIVE_INFINITY;
    do this.#turn(untilUs);
    while (this.event < lastEvent && simulation.step(untilUs));
  }

  /** Makes the changes that are due after the event that was run last. */
  #turn(untilUs: number): void {
    const turn = this.#turns[this.#turned];
    if (turn === undefined || turn.event !== this.event || turn.atUs > untilUs) return;
    this.world.simulation.run(turn.atUs);
    applyChanges(this.world, turn.changes);
    this.#turned += 1;
    this.#turn(untilUs);
  }
}
