/** Arrivals from files: three kinds of file, real and made up, and the shape taken from them. */
import { readFileSync } from 'node:fs';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  readArrivalsFile,
  relativeRateCurve,
} from '../../../src/experiment/inputs/arrivals-file.ts';
import { hours, minutes } from '../../../src/kernel/time.ts';
import { onRealData } from '../../real-data.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();
const DAY_US = hours(24);

function meanOf(curve: readonly { readonly relative: number }[]): number {
  return curve.reduce((sum, point) => sum + point.relative, 0) / curve.length;
}

/** Counts of a period each, from a midnight on. */
function countsOf(values: readonly number[], periodUs: number) {
  const points = values.map((count, i) => ({ timeUs: 10_000 * DAY_US + i * periodUs, count }));
  return { source: 'made up', points, periodUs };
}

describe('real arrivals', () => {
  it(
    'reads requests per minute',
    onRealData('arrivals/worldcup98-may-per-minute.csv', async (path) => {
      const counts = await readArrivalsFile(path);
      expect(counts.points).toHaveLength(44_780);
      expect(counts.periodUs).toBe(minutes(1));
      expect(counts.points[0]).toEqual({ timeUs: Date.UTC(1998, 3, 30, 21, 30) * 1e3, count: 2 });
      const curve = relativeRateCurve(counts, { startMinuteOfDay: 0, durationUs: DAY_US });
      expect(meanOf(curve)).toBeCloseTo(1, 9);
      const rates = curve.map((point) => point.relative);
      expect(Math.max(...rates) / Math.min(...rates)).toBeGreaterThan(1.5);
    }),
  );

  it(
    'follows the busiest day: 29 May 1998, minute by minute',
    onRealData('arrivals/worldcup98-may-per-minute.csv', async (path) => {
      // Counted from the text, without the reader.
      const minutesOfDay = new Map<number, number>();
      const days = new Map<string, number>();
      const rows = readFileSync(path, 'utf8').matchAll(
        /^(1998-\d\d-\d\d) (\d\d):(\d\d):00,(\d+)/gm,
      );
      for (const [, day = '', hour, minute, count] of rows) {
        days.set(day, (days.get(day) ?? 0) + Number(count));
        if (day === '1998-05-29') {
          minutesOfDay.set(Number(hour) * 60 + Number(minute), Number(count));
        }
      }
      expect(days.get('1998-05-29')).toBe(Math.max(...days.values()));
      const start = 18 * 60;
      const curve = relativeRateCurve(await readArrivalsFile(path), {
        startMinuteOfDay: start,
        durationUs: hours(2),
      });
      const sums = Array.from({ length: 25 }, (_, step) =>
        [0, 1, 2, 3, 4].reduce((sum, i) => sum + (minutesOfDay.get(start + 5 * step + i) ?? 0), 0),
      );
      const mean = sums.reduce((sum, one) => sum + one, 0) / sums.length;
      expect(mean).toBeGreaterThan(1_000);
      expect(curve).toHaveLength(sums.length);
      curve.forEach(({ atUs, relative }, step) => {
        expect(atUs).toBe(step * minutes(5));
        expect(relative).toBeCloseTo((sums[step] ?? 0) / mean, 9);
      });
    }),
  );

  it(
    'goes round a real file: after its span the shape repeats',
    onRealData('arrivals/azure-llm-conversation-2023.csv', async (path) => {
      const counts = await readArrivalsFile(path);
      // Sixty minutes in steps of five: the thirteenth step is the first again.
      const curve = relativeRateCurve(counts, { startMinuteOfDay: 0, durationUs: hours(2) });
      const rates = curve.map((point) => point.relative);
      expect(rates).toHaveLength(25);
      expect(rates.slice(12, 24)).toEqual(rates.slice(0, 12));
      expect(new Set(rates.slice(0, 12)).size).toBeGreaterThan(6);
    }),
  );

  it(
    'reads values every five minutes',
    onRealData('arrivals/nab-elb-requests-5min.csv', async (path) => {
      const counts = await readArrivalsFile(path);
      expect(counts.points).toHaveLength(4_032);
      expect(counts.periodUs).toBe(minutes(5));
    }),
  );

  it(
    'counts instants by the minute',
    onRealData('arrivals/azure-llm-conversation-2023.csv', async (path) => {
      const { points, periodUs } = await readArrivalsFile(path);
      expect(points.reduce((sum, point) => sum + point.count, 0)).toBe(19_366);
      expect(periodUs).toBe(minutes(1));
      expect(points).toHaveLength(60);
    }),
  );
});

describe('readArrivalsFile', () => {
  it.each([
    [
      'negative.csv',
      'period,count\n2020-01-01 00:00:00,1\n\n2020-01-01 00:01:00,-4\n',
      /line 4: "-4"/,
    ],
    ['word.csv', 'period,count\n2020-01-01 00:00:00,many\n', /line 2: "many" is no count; write/],
    ['blank.csv', 'period,count\n2020-01-01 00:00:00,\n', /line 2: "" is no count/],
    ['time.csv', 'period,count\nyesterday,1\n', /line 2: "yesterday" is no time; write/],
    ['columns.csv', 'a,b\n1,2\n', /no column period or timestamp or time; name/],
    ['one.csv', 'period,count\n2020-01-01 00:00:00,1\n', /fewer than two periods; give more/],
    ['still.csv', 'period,count\n2020-01-01,0\n2020-01-02,0\n', /all its counts are 0; name/],
    ['behind.csv', 'period,count\n"2020-01-01",1\n\n\nnever,2\n', /line 5: "never" is no time/],
    ['instant.csv', 'TIMESTAMP,a\n2020-01-01 00:00:00,1\nnow,1\n', /line 3: "now" is no time/],
    ['header.csv', 'period,count\n', /fewer than two periods; give more/],
    ['ragged.csv', 'period,count\n2020-01-01 00:00:00\n', /not valid CSV \(.*\); mend it/],
  ])('refuses %s in one line', async (name, content, message) => {
    const error = await readArrivalsFile(folder.write(name, content)).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'INPUT_UNREADABLE' });
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('\n');
  });

  it('sorts by time and reads zones', async () => {
    const path = folder.write(
      'zones.csv',
      'timestamp,value\n2020-01-01T02:00:00+01:00,2\n2020-01-01 00:30:00,1\n',
    );
    const startUs = Date.UTC(2020, 0, 1) * 1e3;
    expect((await readArrivalsFile(path)).points).toEqual([
      { timeUs: startUs + minutes(30), count: 1 },
      { timeUs: startUs + hours(1), count: 2 },
    ]);
  });
});

describe('relativeRateCurve', () => {
  it('takes the busiest day from the time of day on', () => {
    // Three days of hours; on the second each hour has its own number of arrivals.
    const values = Array.from({ length: 72 }, (_, i) => (i >= 24 && i < 48 ? i : 1));
    const curve = relativeRateCurve(countsOf(values, hours(1)), {
      startMinuteOfDay: 20 * 60,
      durationUs: hours(3),
    });
    const mean = (44 + 45 + 46 + 47) / 4;
    expect(curve).toEqual(
      [44, 45, 46, 47].map((count, i) => ({ atUs: i * hours(1), relative: count / mean })),
    );
  });

  it('begins the file again at its end', () => {
    const curve = relativeRateCurve(countsOf([1, 3], hours(1)), {
      startMinuteOfDay: 0,
      durationUs: hours(3),
    });
    expect(curve.map((point) => point.relative)).toEqual([0.5, 1.5, 0.5, 1.5]);
  });

  it('takes a cut last step for a whole one', () => {
    // Seven minutes of one arrival a minute: two steps of five minutes, the second one cut.
    const curve = relativeRateCurve(countsOf([1, 1, 1, 1, 1, 1, 1], minutes(1)), {
      startMinuteOfDay: 0,
      durationUs: minutes(5),
    });
    expect(curve.map((point) => point.relative)).toEqual([1, 1]);
  });

  const cases = fc.record({
    counts: fc
      .array(fc.nat(1_000), { minLength: 2, maxLength: 300 })
      .filter((counts) => counts.some((count) => count > 0)),
    startMinuteOfDay: fc.nat(1_439),
    durationMinutes: fc.integer({ min: 1, max: 2_000 }),
    periodMinutes: fc.integer({ min: 1, max: 90 }),
  });
  test.prop([cases], { seed: 5, numRuns: 100 })(
    'has mean 1, no negative rate, and covers the run',
    ({ counts, startMinuteOfDay, durationMinutes, periodMinutes }) => {
      const durationUs = minutes(durationMinutes);
      const curve = relativeRateCurve(countsOf(counts, minutes(periodMinutes)), {
        startMinuteOfDay,
        durationUs,
      });
      expect(meanOf(curve)).toBeCloseTo(1, 6);
      expect(curve.every((point) => point.relative >= 0)).toBe(true);
      expect(curve[0]?.atUs).toBe(0);
      expect(curve.at(-1)?.atUs).toBeGreaterThanOrEqual(durationUs);
    },
  );
});
