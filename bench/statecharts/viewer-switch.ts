/** The viewer by hand: one object an actor, a switch over states, kernel events for its delays. As
 * a careful programmer would write it who needs neither statecharts nor their tools. */
import type { EventKey, HandlerId, Simulation } from '../../src/kernel/simulation.ts';
import { DELAYS, PATIENCE, TICK_S, type ViewerEventType } from './viewer-machine.ts';

type LeafState =
  | 'idle'
  | 'home'
  | 'search'
  | 'title'
  | 'buffering'
  | 'playing'
  | 'paused'
  | 'annoyed'
  | 'rating'
  | 'offline';

interface Viewer {
  state: LeafState;
  step: number;
  pages: number;
  plays: number;
  watchedS: number;
  failures: number;
  timer: EventKey;
}

/** Delays in ms of the states that have one. */
const TIME_LIMITS = {
  title: DELAYS.idleOnTitle,
  buffering: DELAYS.loadTimeout,
  paused: DELAYS.pauseLimit,
  annoyed: DELAYS.calmDown,
  rating: DELAYS.rateLimit,
  offline: DELAYS.reconnect,
} as const;

const NO_TIMER = -1;

/** Viewers run by a switch. */
export class SwitchViewers {
  readonly #simulation: Simulation;
  readonly #timeout: HandlerId;
  readonly #viewers: Viewer[] = [];

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#timeout = simulation.registerHandler('viewer.timeout', (viewer) =>
      this.#expire(this.#viewers[viewer] as Viewer, viewer),
    );
  }

  /** @returns the viewer's number. */
  spawn(): number {
    const viewer: Viewer = {
      state: 'idle',
      step: 0,
      pages: 0,
      plays: 0,
      watchedS: 0,
      failures: 0,
      timer: NO_TIMER,
    };
    return this.#viewers.push(viewer) - 1;
  }

  /** State and context, as the machine has them. */
  stateOf(number: number): readonly [string, Omit<Viewer, 'state' | 'timer'>] {
    const { state, timer: _, ...context } = this.#viewers[number] as Viewer;
    return [state, context];
  }

  deliver(number: number, type: ViewerEventType): void {
    const viewer = this.#viewers[number] as Viewer;
    switch (viewer.state) {
      case 'idle':
        if (type === 'arrive') {
          viewer.step += 1;
          this.#browse(viewer);
        }
        break;
      case 'home':
        if (type === 'search') viewer.state = 'search';
        else if (type === 'open') this.#openTitle(viewer, number);
        else this.#inBrowsing(viewer, number, type);
        break;
      case 'search':
        if (type === 'open') {
          viewer.step += 1;
          this.#openTitle(viewer, number);
        } else if (type === 'back') this.#goHome(viewer);
        else this.#inBrowsing(viewer, number, type);
        break;
      case 'title':
        this.#onTitle(viewer, number, type);
        break;
      case 'buffering':
        this.#onBuffering(viewer, number, type);
        break;
      case 'playing':
        this.#onPlaying(viewer, number, type);
        break;
      case 'paused':
        if (type === 'resume') {
          this.#stopTimer(viewer);
          viewer.state = 'playing';
        } else this.#inWatching(viewer, number, type);
        break;
      case 'annoyed':
        if (type === 'back') {
          this.#stopTimer(viewer);
          this.#browse(viewer);
        }
        break;
      case 'rating':
        if (type === 'rate') {
          this.#stopTimer(viewer);
          this.#browse(viewer);
        }
        break;
      case 'offline':
        if (type === 'loaded') {
          this.#stopTimer(viewer);
          this.#browse(viewer);
        }
        break;
    }
  }

  #onTitle(viewer: Viewer, number: number, type: ViewerEventType): void {
    if (type === 'back') {
      this.#stopTimer(viewer);
      this.#goHome(viewer);
    } else if (type === 'play' && viewer.pages > 0) {
      this.#stopTimer(viewer);
      viewer.plays += 1;
      viewer.watchedS = 0;
      this.#buffer(viewer, number);
    } else this.#inBrowsing(viewer, number, type);
  }

  #onBuffering(viewer: Viewer, number: number, type: ViewerEventType): void {
    if (type === 'loaded') {
      this.#stopTimer(viewer);
      viewer.failures = 0;
      viewer.state = 'playing';
    } else if (type === 'fail') {
      this.#stopTimer(viewer);
      if (viewer.failures < PATIENCE) {
        viewer.failures += 1;
        this.#buffer(viewer, number);
      } else {
        viewer.step += 1;
        this.#annoy(viewer, number);
      }
    } else this.#inWatching(viewer, number, type);
  }

  #onPlaying(viewer: Viewer, number: number, type: ViewerEventType): void {
    if (type === 'tick') {
      if (viewer.watchedS >= 30 * TICK_S) {
        viewer.step += 1;
        this.#enter(viewer, number, 'rating');
      } else viewer.watchedS += TICK_S;
    } else if (type === 'pause') this.#enter(viewer, number, 'paused');
    else if (type === 'seek') {
      viewer.step += 1;
      this.#buffer(viewer, number);
    } else this.#inWatching(viewer, number, type);
  }

  #inBrowsing(viewer: Viewer, number: number, type: ViewerEventType): void {
    if (type === 'leave') {
      this.#stopTimer(viewer);
      viewer.state = 'idle';
    } else if (type === 'fail') {
      this.#stopTimer(viewer);
      this.#enter(viewer, number, 'offline');
    }
  }

  #inWatching(viewer: Viewer, number: number, type: ViewerEventType): void {
    if (type === 'stop') {
      this.#stopTimer(viewer);
      viewer.step += 1;
      this.#browse(viewer);
    } else if (type === 'end') {
      this.#stopTimer(viewer);
      viewer.step += 1;
      this.#enter(viewer, number, 'rating');
    }
  }

  #expire(viewer: Viewer, number: number): void {
    viewer.timer = NO_TIMER;
    switch (viewer.state) {
      case 'title':
        this.#goHome(viewer);
        break;
      case 'buffering':
        viewer.step += 1;
        this.#annoy(viewer, number);
        break;
      case 'paused':
        viewer.step += 1;
        viewer.state = 'idle';
        break;
      default:
        this.#browse(viewer);
    }
  }

  #browse(viewer: Viewer): void {
    this.#goHome(viewer);
  }

  #goHome(viewer: Viewer): void {
    viewer.state = 'home';
    viewer.pages += 1;
    viewer.step += 1;
  }

  #openTitle(viewer: Viewer, number: number): void {
    viewer.pages += 1;
    viewer.step += 1;
    this.#enter(viewer, number, 'title');
  }

  #buffer(viewer: Viewer, number: number): void {
    this.#enter(viewer, number, 'buffering');
  }

  #annoy(viewer: Viewer, number: number): void {
    viewer.failures = 0;
    this.#enter(viewer, number, 'annoyed');
  }

  #enter(viewer: Viewer, number: number, state: keyof typeof TIME_LIMITS): void {
    const delayMs = TIME_LIMITS[state];
    viewer.state = state;
    viewer.timer = this.#simulation.schedule(delayMs * 1_000, this.#timeout, number);
  }

  #stopTimer(viewer: Viewer): void {
    if (viewer.timer === NO_TIMER) return;
    this.#simulation.cancel(viewer.timer);
    viewer.timer = NO_TIMER;
  }
}
