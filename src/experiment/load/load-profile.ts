/** How many users a closed load test has over time: linear between the points of its profile. User
 * n (from 0) has a place while there are more than n users. */

/** A point of the profile. */
export interface UsersPoint {
  readonly atUs: number;
  readonly users: number;
}

/** A profile. */
export interface LoadProfile {
  readonly maxUsers: number;
  hasPlaceFor(user: number, atUs: number): boolean;
  /** When the user's place comes up, each time it does, in whole µs, ascending. */
  admissionsUs(user: number): readonly number[];
}

/** Room for rounding where a user's place begins and ends. */
const TOLERANCE = 1e-6;

/** Makes a profile from points in ascending order; before the first there is nobody, after the
 * last everything stays as it is. */
export function createLoadProfile(points: readonly UsersPoint[]): LoadProfile {
  const usersAt = (atUs: number): number => {
    let before: UsersPoint | undefined;
    for (const point of points) {
      if (point.atUs > atUs) {
        if (before === undefined) return 0;
        const share = (atUs - before.atUs) / (point.atUs - before.atUs);
        return before.users + share * (point.users - before.users);
      }
      before = point;
    }
    return before?.users ?? 0;
  };
  return {
    maxUsers: Math.ceil(Math.max(0, ...points.map((point) => point.users))),
    hasPlaceFor: (user, atUs) => usersAt(atUs) >= user + 1 - TOLERANCE,
    admissionsUs(user) {
      const wanted = user + 1;
      const times: number[] = [];
      let before: UsersPoint = { atUs: points[0]?.atUs ?? 0, users: 0 };
      for (const point of points) {
        if (before.users < wanted && point.users >= wanted) {
          const share = (wanted - before.users) / (point.users - before.users);
          times.push(Math.ceil(before.atUs + share * (point.atUs - before.atUs)));
        }
        before = point;
      }
      return times;
    },
  };
}
