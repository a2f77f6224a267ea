/** Operators as users write them, each with one plausible bug, and beside them the same ones right:
 * what a check must find, and what it must leave alone. */
import fc from 'fast-check';
import { Observable, type OperatorFunction } from 'rxjs';
import { Stage } from '../../../src/streams/operators/stage.ts';
import type { StreamItem } from '../../../src/streams/stream-item.ts';

/** A click. Times are ms, as browsers have them. */
export interface Click {
  readonly id: string;
  readonly user: string;
  readonly at: number;
}

/** Clicks of one user without a pause. */
export interface Session {
  readonly user: string;
  readonly start: number;
  readonly clicks: number;
}

/** How clicks are drawn. */
export const CLICKS = {
  events: {
    row: fc.constantFrom('ann', 'bob').map((user): Click => ({ id: '', user, at: 0 })),
    stepUs: 1_000_000,
    boundUs: 5_000_000,
  },
  stamp: (row: Click, { timeUs, event }: { readonly timeUs: number; readonly event: number }) => ({
    ...row,
    id: `e${event}`,
    at: timeUs / 1_000,
  }),
};

const GAP_MS = 30_000;

/** The plainest program that is right about sessions. */
export function batchSessions(clicks: readonly Click[]): readonly Session[] {
  const sessions: { user: string; start: number; clicks: number; last: number }[] = [];
  for (const { user, at } of clicks.toSorted((a, b) => a.at - b.at)) {
    const open = sessions.findLast((one) => one.user === user);
    if (open !== undefined && at - open.last <= GAP_MS) {
      open.clicks += 1;
      open.last = at;
    } else sessions.push({ user, start: at, clicks: 1, last: at });
  }
  return sessions.map(({ last: _, ...session }) => session);
}

interface Open {
  user: string;
  start: number;
  last: number;
  clicks: number;
}

/** Sessions in the order of arrival. Bugs: clicks that come out of order; on request the gap is off
 * by one, or what is open at the end is forgotten. */
export function naiveSessions(
  bugs: { readonly isGapOpen?: boolean; readonly forgets?: boolean } = {},
): OperatorFunction<Click, Session> {
  const isOne = (ms: number) => (bugs.isGapOpen === true ? ms < GAP_MS : ms <= GAP_MS);
  return (clicks$) =>
    new Observable((out) => {
      const open = new Map<string, Open>();
      const close = ({ user, start, clicks }: Open) => out.next({ user, start, clicks });
      return clicks$.subscribe({
        next({ user, at }) {
          const session = open.get(user);
          if (session !== undefined && isOne(at - session.last)) {
            session.clicks += 1;
            session.last = at;
            return;
          }
          if (session !== undefined) close(session);
          open.set(user, { user, start: at, last: at, clicks: 1 });
        },
        error: (error) => out.error(error),
        complete() {
          if (bugs.forgets !== true) for (const session of open.values()) close(session);
          out.complete();
        },
      });
    });
}

/** Sessions that wait for the end, and are right: no watermark goes on before. What is late is
 * told. */
export function patientSessions(
  late: (click: Click) => void,
): OperatorFunction<StreamItem<Click>, StreamItem<Session>> {
  return (items$) =>
    new Observable((out) => {
      let waiting: Click[] = [];
      let watermarkUs = Number.NEGATIVE_INFINITY;
      return items$.subscribe({
        next(item) {
          if (item.kind === 'row') {
            if (item.timeUs <= watermarkUs) late(item.row);
            else waiting.push(item.row);
            return;
          }
          watermarkUs = item.timeUs;
          if (watermarkUs !== Number.POSITIVE_INFINITY) return;
          for (const row of batchSessions(waiting)) {
            out.next({ kind: 'row', row, timeUs: row.start * 1_000 });
          }
          waiting = [];
          out.next(item);
        },
        complete: () => out.complete(),
      });
    });
}

/** The users with most clicks. Bug, unless `byName`: a tie is won by who came first. */
export function topUsers(
  count: number,
  byName: boolean,
): (clicks: readonly Click[]) => readonly string[] {
  return (clicks) => {
    const counts = new Map<string, number>();
    for (const { user } of clicks) counts.set(user, (counts.get(user) ?? 0) + 1);
    return [...counts]
      .sort(([a, n], [b, m]) => m - n || (byName ? a.localeCompare(b) : 0))
      .slice(0, count)
      .map(([user]) => user);
  };
}

/** Every click once. Bug, on request: what was seen is forgotten at each watermark. */
export function onceEach(forgets: boolean): OperatorFunction<StreamItem<Click>, StreamItem<Click>> {
  return (items$) =>
    new Observable((out) => {
      const seen = new Set<string>();
      return items$.subscribe({
        next(item) {
          if (item.kind === 'watermark') {
            if (forgets) seen.clear();
          } else if (seen.has(item.row.id)) return;
          else seen.add(item.row.id);
          out.next(item);
        },
        complete: () => out.complete(),
      });
    });
}

/** Clicks a minute by user. Bugs: a window holds its end, too; or it is told after its watermark;
 * or the snapshot leaves out what is open. */
export class ClicksPerMinute extends Stage<Click, ClickCount> {
  readonly #bug: MinuteBug | undefined;
  #counts = new Map<string, ClickCount>();

  constructor(bug?: MinuteBug) {
    super('clicks per minute');
    this.#bug = bug;
  }

  override take(item: StreamItem<Click>): void {
    if (item.kind === 'row') this.#count(item.row);
    else this.#pass(item);
  }

  #count({ user, at }: Click): void {
    this.tally.received += 1;
    this.tally.passed += 1;
    const isIn = this.#bug === 'end is in' ? at > 0 && at % MINUTE_MS === 0 : false;
    const startMs = Math.floor(at / MINUTE_MS) * MINUTE_MS - (isIn ? MINUTE_MS : 0);
    const key = `${user} ${startMs}`;
    const clicks = (this.#counts.get(key)?.clicks ?? 0) + 1;
    this.#counts.set(key, { user, startMs, clicks });
  }

  #pass(item: StreamItem<never>): void {
    if (this.#bug === 'watermark first') this.emit(item);
    for (const [key, row] of this.#counts) {
      const timeUs = (row.startMs + MINUTE_MS) * 1_000 - 1;
      if (timeUs > item.timeUs) continue;
      this.#counts.delete(key);
      this.tally.emitted += 1;
      this.emit({ kind: 'row', row, timeUs });
    }
    if (this.#bug !== 'watermark first') this.emit(item);
  }

  override get stateSize(): number {
    return this.#counts.size;
  }

  protected override saveState() {
    return this.#bug === 'snapshot is empty' ? [] : [...this.#counts].map((one) => one as never);
  }

  protected override loadState(saved: unknown): void {
    this.#counts = new Map(saved as [string, ClickCount][]);
  }
}

/** A bug of {@link ClicksPerMinute}. */
export type MinuteBug = 'end is in' | 'watermark first' | 'snapshot is empty';

/** Clicks of a user in a minute. */
export interface ClickCount {
  readonly user: string;
  readonly startMs: number;
  readonly clicks: number;
}

const MINUTE_MS = 60_000;
