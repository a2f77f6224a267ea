/** A sessioniser of one's own, as one writes it first, held against streams as they come. It works
 * in every demo; `checkPipeline` finds what two clicks do to it.
 * Run: `node examples/01-own-operator.ts`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreesWithBatch, CheckFailure, checkPipeline, conserves } from 'backlot/testing';
import fc from 'fast-check';
import { Observable, type OperatorFunction } from 'rxjs';

/** A click; `at` in ms, as browsers have it. */
interface Click {
  readonly user: string;
  readonly at: number;
}

interface Session {
  readonly user: string;
  readonly start: number;
  readonly end: number;
  readonly clicks: number;
}

const GAP_MS = 30_000;

/** What looks right: a click within the gap of the last one goes on, any other begins anew. */
function sessionise(): OperatorFunction<Click, Session> {
  return (clicks$) =>
    new Observable((out) => {
      const open = new Map<string, Session>();
      return clicks$.subscribe({
        next({ user, at }) {
          const session = open.get(user);
          if (session !== undefined && at - session.end <= GAP_MS) {
            open.set(user, { ...session, end: at, clicks: session.clicks + 1 });
            return;
          }
          if (session !== undefined) out.next(session);
          open.set(user, { user, start: at, end: at, clicks: 1 });
        },
        error: (error) => out.error(error),
        complete() {
          for (const session of open.values()) out.next(session);
          out.complete();
        },
      });
    });
}

/** The mending: a click belongs to every session that it touches, whenever it comes. */
function sessioniseAnyOrder(): OperatorFunction<Click, Session> {
  return (clicks$) =>
    new Observable((out) => {
      let sessions: Session[] = [];
      return clicks$.subscribe({
        next({ user, at }) {
          const touches = (one: Session) =>
            one.user === user && at >= one.start - GAP_MS && at <= one.end + GAP_MS;
          const joined = sessions.filter(touches);
          const merged = joined.reduce(
            (one, other) => ({
              user,
              start: Math.min(one.start, other.start),
              end: Math.max(one.end, other.end),
              clicks: one.clicks + other.clicks,
            }),
            { user, start: at, end: at, clicks: 1 },
          );
          sessions = [...sessions.filter((one) => !touches(one)), merged];
        },
        error: (error) => out.error(error),
        complete() {
          for (const session of sessions) out.next(session);
          out.complete();
        },
      });
    });
}

/** The plainest program that is right: all clicks at once, in order. */
function batch(clicks: readonly Click[]): readonly Session[] {
  const sessions: Session[] = [];
  for (const { user, at } of clicks.toSorted((a, b) => a.at - b.at)) {
    const last = sessions.findLast((one) => one.user === user);
    if (last === undefined || at - last.end > GAP_MS) {
      sessions.push({ user, start: at, end: at, clicks: 1 });
    } else {
      sessions[sessions.indexOf(last)] = { ...last, end: at, clicks: last.clicks + 1 };
    }
  }
  return sessions;
}

// What is asked, and how clicks look: the ten lines.
const hold = (operator: () => OperatorFunction<Click, Session>) =>
  checkPipeline({ rows: operator }, [conserves(({ clicks }) => clicks), agreesWithBatch(batch)], {
    name: 'sessions',
    events: { row: fc.record({ user: fc.constantFrom('ann', 'bob'), at: fc.constant(0) }) },
    stamp: (click, { timeUs }) => ({ ...click, at: timeUs / 1_000 }),
  });

test('the mended sessioniser holds', async () => {
  await hold(sessioniseAnyOrder);
});

test('the first one does not, and the story says why', async () => {
  const failure = await hold(sessionise).then(
    () => assert.fail('it held'),
    (error: unknown) => error,
  );
  assert.ok(failure instanceof CheckFailure);
  assert.deepEqual(failure.facts.size, { commands: 2, faults: 1 });
  process.stdout.write(`${failure.message}\n`);
});
