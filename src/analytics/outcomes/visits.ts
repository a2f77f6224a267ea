/** When viewers were there: the starts of plays, and of sessions in which something was shown,
 * where they tell whose they are. */
import type { OutcomeHistory } from '../features/history.ts';

/** As columns, ascending by time. */
export interface Visits {
  readonly user: Int32Array;
  readonly session: Int32Array;
  readonly timeUs: Float64Array;
  /** How many users there are. */
  readonly users: number;
}

/** All of them: several of one session too. */
export function visitsOf({ plays, impressions, users }: OutcomeHistory): Visits {
  const { visits } = impressions;
  const hasUsers = visits.user.length > 0 && !visits.user.includes(-1);
  const count = plays.user.length;
  const all = count + (hasUsers ? visits.user.length : 0);
  const user = new Int32Array(all);
  const session = new Int32Array(all);
  const timeUs = new Float64Array(all);
  user.set(plays.user);
  session.set(plays.session);
  timeUs.set(plays.startUs);
  if (hasUsers) {
    user.set(visits.user, count);
    session.set(visits.session, count);
    timeUs.set(visits.fromUs, count);
  }
  const order = Int32Array.from(timeUs.keys()).sort(
    (a, b) => (timeUs[a] as number) - (timeUs[b] as number) || a - b,
  );
  return {
    user: order.map((at) => user[at] ?? 0),
    session: order.map((at) => session[at] ?? 0),
    timeUs: Float64Array.from(order, (at) => timeUs[at] ?? 0),
    users: users.length,
  };
}
