/** Cohorts and active users out of sets of users by day: the same rows as the SQL of
 * `cohort-metrics.ts`, which tests hold it to. Spec: S122, S123. */

/** A period (whole days or weeks) and who was there. */
export type PeriodUsers = readonly [at: number, users: ReadonlySet<string>];

/** DAU, WAU and MAU of each day. @param days - Ascending. Cost: 30 days' users a day. */
export function activeUsers(days: readonly PeriodUsers[]) {
  return days.map(([day, users]) => ({
    day,
    dau: users.size,
    wau: distinctSince(days, day - 7, day),
    mau: distinctSince(days, day - 30, day),
  }));
}

/** One cell of the triangle. */
interface CohortCell {
  /** Period of the first event, and how many after it. */
  readonly at: number;
  readonly n: number;
  readonly size: number;
  readonly active: number;
  readonly share: number;
}

/** Cohorts × periods after the first, as far as the data reach and no further than `last`.
 * @param periods - Ascending. */
export function triangleOf(periods: readonly PeriodUsers[], last: number): readonly CohortCell[] {
  const end = periods.at(-1)?.[0] ?? 0;
  const firstOf = new Map<string, number>();
  const active = new Map<number, number[]>();
  for (const [at, users] of periods) {
    for (const user of users) {
      const first = firstOf.get(user) ?? at;
      if (first === at) firstOf.set(user, at);
      if (at - first > last) continue;
      const counts =
        active.get(first) ?? new Array<number>(Math.min(last, end - first) + 1).fill(0);
      active.set(first, counts);
      counts[at - first] = (counts[at - first] ?? 0) + 1;
    }
  }
  return [...active].flatMap(([at, counts]) => {
    const size = counts[0] ?? 0;
    return counts.map((users, n) => ({ at, n, size, active: users, share: users / size }));
  });
}

/** Weeks from Monday to Sunday; the first is that of the Unix epoch, a Thursday. */
export function weeksOf(days: readonly PeriodUsers[]): readonly PeriodUsers[] {
  const weeks = new Map<number, Set<string>>();
  for (const [day, users] of days) {
    const week = Math.floor((day + 3) / 7);
    const known = weeks.get(week) ?? new Set<string>();
    weeks.set(week, known);
    for (const user of users) known.add(user);
  }
  return [...weeks];
}

function distinctSince(days: readonly PeriodUsers[], after: number, to: number): number {
  const users = new Set<string>();
  for (const [day, own] of days) {
    if (day > after && day <= to) for (const user of own) users.add(user);
  }
  return users.size;
}
