/** Who was there on which day, and the rows of the metrics that come of it: those of the SQL. No
 * event is too late for them. State: a set of subjects a day, a number a subject.
 * Spec: S75, S86, S122, S123. */
import { COHORT_DAYS, COHORT_WEEKS } from '../cohort-metrics.ts';
import { type MetricRow, ratio } from '../metric.ts';
import { activeUsers, type PeriodUsers, triangleOf, weeksOf } from './cohorts.ts';

const US_PER_DAY = 86_400_000_000;
const WEEK_DAYS = 7;
const MONTH_DAYS = 30;
const RETENTION_DAYS = [1, 7, 30];

/** Days of users. */
export class UserDays {
  readonly #days = new Map<number, Set<string>>();
  readonly #lastUs = new Map<string, number>();

  add(subject: string, eventTimeUs: number): void {
    const day = Math.floor(eventTimeUs / US_PER_DAY);
    const users = this.#days.get(day);
    if (users === undefined) this.#days.set(day, new Set([subject]));
    else users.add(subject);
    this.#lastUs.set(subject, Math.max(eventTimeUs, this.#lastUs.get(subject) ?? eventTimeUs));
  }

  rows() {
    const days: readonly PeriodUsers[] = [...this.#days].sort(([a], [b]) => a - b);
    const lastDay = days.at(-1)?.[0] ?? 0;
    const month = days.filter(([day]) => day > lastDay - MONTH_DAYS);
    const visits = month.reduce((sum, [, users]) => sum + users.size, 0);
    const monthly = distinct(month);
    return {
      daily_users: days.map(([day, users]) => ({ day, users: users.size })),
      stickiness: [
        {
          weekly_users: distinct(days.filter(([day]) => day > lastDay - WEEK_DAYS)),
          monthly_users: monthly,
          stickiness: ratio(visits, month.length * monthly),
        },
      ],
      day_retention: RETENTION_DAYS.flatMap((after) => this.#retention(days, after, lastDay)),
      churn: [this.#churn()],
      active_users: activeUsers(days),
      cohort_retention: triangleOf(days, COHORT_DAYS).map(({ at, n, ...row }) => ({
        cohort_day: at,
        day_n: n,
        ...row,
      })),
      weekly_cohort_retention: triangleOf(weeksOf(days), COHORT_WEEKS).map(({ at, n, ...row }) => ({
        cohort_week: at,
        week_n: n,
        ...row,
      })),
    } satisfies Readonly<Record<string, readonly MetricRow[]>>;
  }

  #retention(
    days: readonly (readonly [number, ReadonlySet<string>])[],
    after: number,
    lastDay: number,
  ) {
    const known = new Set<string>();
    let [cohort, returned] = [0, 0];
    for (const [day, users] of days) {
      if (day + after > lastDay) break;
      const later = this.#days.get(day + after);
      for (const user of users) {
        if (known.has(user)) continue;
        known.add(user);
        cohort += 1;
        returned += Number(later?.has(user) ?? false);
      }
    }
    return cohort === 0 ? [] : [{ days: after, cohort, returned, share: returned / cohort }];
  }

  #churn() {
    const lastUs = [...this.#lastUs.values()];
    const endUs = lastUs.reduce((a, b) => Math.max(a, b), 0);
    const churned = lastUs.filter((us) => us < endUs - MONTH_DAYS * US_PER_DAY).length;
    return { users: lastUs.length, churned, share: ratio(churned, lastUs.length) };
  }
}

function distinct(days: readonly (readonly [number, ReadonlySet<string>])[]): number {
  return new Set(days.flatMap(([, users]) => [...users])).size;
}
