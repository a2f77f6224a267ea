/** Times that people give. */
import { expect, it } from 'vitest';
import { parseUntil } from '../../../../src/experiment/reproduce/replay/until.ts';
import { hours, minutes, seconds } from '../../../../src/kernel/time.ts';
import { smallScenario } from '../../small-world.ts';

const scenario = smallScenario({
  clock: { start: '2026-11-20T23:30:10-05:00', duration: hours(2), drain: minutes(10) },
});
const endUs = hours(2) + minutes(10);

it('E370: takes times of the day, past midnight too, times since the start, and durations', () => {
  const cases: Readonly<Record<string, number>> = {
    '23:41:03': minutes(10) + seconds(53),
    '00:30:10': hours(1),
    '23:30:10.000250': 250,
    '00:10:30': minutes(40) + seconds(20),
    '+00:10:30': minutes(10) + seconds(30),
    // Nobody was there at four in the morning: it is an offset, and one that is too long.
    '02:05:00': hours(2) + minutes(5),
    '630s': seconds(630),
    '1.5m': seconds(90),
    '250us': 250,
  };
  for (const [text, expected] of Object.entries(cases)) {
    expect(parseUntil(text, scenario, endUs), text).toBe(expected);
  }
});

it('E370: refuses what is no time, and times after the end', () => {
  for (const text of ['', 'soon', '12:61', '5', '04:00:00', '3h', '-5s']) {
    expect(() => parseUntil(text, scenario, endUs), text).toThrow('CLI_USAGE');
  }
});
