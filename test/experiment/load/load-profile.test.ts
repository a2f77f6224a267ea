/** The profile of a closed load test: who has a place when. */
import { describe, expect, it } from 'vitest';
import { createLoadProfile } from '../../../src/experiment/load/load-profile.ts';

describe('a load profile', () => {
  it('A23: rises and falls linearly, with nobody before and everybody after', () => {
    const profile = createLoadProfile([
      { atUs: 100, users: 0 },
      { atUs: 200, users: 4 },
      { atUs: 300, users: 1 },
    ]);
    expect(profile.maxUsers).toBe(4);
    const usersAt = (atUs: number) =>
      [0, 1, 2, 3, 4].filter((user) => profile.hasPlaceFor(user, atUs)).length;
    expect([0, 100, 124, 125, 150, 199, 200, 201, 267, 300, 9_999].map(usersAt)).toEqual([
      0, 0, 0, 1, 2, 3, 4, 3, 1, 1, 1,
    ]);
  });

  it('A23: admits each user when its place comes up, which it then has', () => {
    const profile = createLoadProfile([
      { atUs: 0, users: 1 },
      { atUs: 90, users: 4 },
      { atUs: 190, users: 0 },
      { atUs: 290, users: 2 },
    ]);
    expect([0, 1, 2, 3, 4].map((user) => profile.admissionsUs(user))).toEqual([
      [0, 240],
      [30, 290],
      [60],
      [90],
      [],
    ]);
    for (const user of [0, 1, 2, 3]) {
      for (const atUs of profile.admissionsUs(user)) {
        expect(profile.hasPlaceFor(user, atUs)).toBe(true);
      }
    }
  });

  it('A23: may jump', () => {
    const profile = createLoadProfile([
      { atUs: 0, users: 0 },
      { atUs: 50, users: 0 },
      { atUs: 50, users: 3 },
    ]);
    expect(profile.hasPlaceFor(0, 49)).toBe(false);
    expect([0, 1, 2].map((user) => profile.admissionsUs(user))).toEqual([[50], [50], [50]]);
    expect(profile.hasPlaceFor(2, 50)).toBe(true);
  });
});
