/** The built-in day curve against the figures it was made of. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BUILT_IN_ARRIVALS } from '../../src/domain/built-in-arrivals.ts';
import { onRealData } from '../real-data.ts';

const HALF_HOURS = 48;

describe('built-in arrivals', () => {
  it('is a day of half hours with mean 1', () => {
    expect(BUILT_IN_ARRIVALS.map((point) => point.minuteOfDay)).toEqual(
      Array.from({ length: HALF_HOURS }, (_, i) => 30 * i + 15),
    );
    const sum = BUILT_IN_ARRIVALS.reduce((total, point) => total + point.relativeRate, 0);
    expect(sum / HALF_HOURS).toBeCloseTo(1, 3);
  });

  it(
    'is the mean day of May 1998 at the World Cup site',
    onRealData('arrivals/worldcup98-may-per-minute.csv', (path) => {
      const sums = new Array<number>(HALF_HOURS).fill(0);
      const minutes = new Array<number>(HALF_HOURS).fill(0);
      const rows = readFileSync(path, 'utf8').trim().split('\n').slice(1);
      for (const row of rows) {
        const [, hour = '', minute = '', count = ''] =
          /^1998-05-\d\d (\d\d):(\d\d):00,(\d+)/.exec(row) ?? [];
        if (hour === '') continue;
        const at = Number(hour) * 2 + Math.floor(Number(minute) / 30);
        sums[at] = (sums[at] ?? 0) + Number(count);
        minutes[at] = (minutes[at] ?? 0) + 1;
      }
      const rates = sums.map((sum, i) => sum / (minutes[i] ?? 0));
      const mean = rates.reduce((total, rate) => total + rate, 0) / HALF_HOURS;
      expect(mean).toBeGreaterThan(0);
      BUILT_IN_ARRIVALS.forEach(({ relativeRate }, i) => {
        expect(relativeRate).toBeCloseTo((rates[i] ?? 0) / mean, 3);
      });
    }),
  );
});
