/** Judging probabilities: against textbooks, by hand, and over random forecasts. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { areaUnderCurve } from '../../../src/analytics/calibration/area-under-curve.ts';
import { calibrationSlope } from '../../../src/analytics/calibration/calibration-slope.ts';
import { countForecasts, type Forecasts } from '../../../src/analytics/calibration/forecasts.ts';
import { judgeForecasts } from '../../../src/analytics/calibration/judgement.ts';
import { brierScore, logLoss } from '../../../src/analytics/calibration/probability-scores.ts';
import { reliabilityOf, topLift } from '../../../src/analytics/calibration/reliability.ts';
import { createChance } from '../../../src/kernel/chance.ts';

function forecasts(
  probability: readonly number[],
  outcome: readonly number[],
  unit: readonly number[] = outcome.map((_, i) => i),
): Forecasts {
  return {
    probability: Float64Array.from(probability),
    outcome: Uint8Array.from(outcome),
    unit: Int32Array.from(unit),
  };
}

const draws = createChance({ seed: 5, replication: 0 }).draws('test.calibration');

/** Forecasts that are right, if `bend` is 1; too bold above it. */
function bent(rows: number, bend: number, entity = 0): Forecasts {
  const truth = Array.from({ length: rows }, (_, i) => 4 * draws.uniform(entity, i * 2) - 2);
  return forecasts(
    truth.map((z) => 1 / (1 + Math.exp(-bend * z))),
    truth.map((z, i) => Number(draws.uniform(entity, i * 2 + 1) < 1 / (1 + Math.exp(-z)))),
  );
}

const some = fc
  .array(
    fc.record({
      p: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
      y: fc.integer({ min: 0, max: 1 }),
      unit: fc.integer({ min: 0, max: 5 }),
    }),
    { maxLength: 60 },
  )
  .map((rows) =>
    forecasts(
      rows.map(({ p }) => p),
      rows.map(({ y }) => y),
      rows.map(({ unit }) => unit),
    ),
  );

describe('the area under the curve', () => {
  test.prop([some])('M67: is the share of pairs in the right order, ties half', (rows) => {
    const { probability, outcome } = rows;
    const pairs = [...outcome.keys()].flatMap((one) =>
      [...outcome.keys()].flatMap((zero) =>
        outcome[one] === 1 && outcome[zero] === 0
          ? [(Math.sign((probability[one] ?? 0) - (probability[zero] ?? 0)) + 1) / 2]
          : [],
      ),
    );
    const found = areaUnderCurve(rows);
    if ('code' in found) expect([found.code, pairs.length]).toEqual(['one-class', 0]);
    else expect(found.value).toBeCloseTo(pairs.reduce((sum, one) => sum + one, 0) / pairs.length);
  });

  it('M67: has DeLong’s variance, by hand', () => {
    // Placements of 1s: 1, 2/3, 2/3; of 0s: 1, 1, 1/3. Area 7/9.
    const found = areaUnderCurve(forecasts([0.9, 0.5, 0.4, 0.1, 0.2, 0.7], [1, 1, 1, 0, 0, 0]));
    if ('code' in found) throw new Error(found.text);
    expect(found.value).toBeCloseTo(7 / 9, 12);
    const s10 = (2 / 9) ** 2 + 2 * (1 / 9) ** 2;
    const s01 = 2 * (2 / 9) ** 2 + (4 / 9) ** 2;
    const error = Math.sqrt(s10 / 2 / 3 + s01 / 2 / 3) / ((7 / 9) * (2 / 9));
    const logit = Math.log(7 / 2);
    expect(found.interval?.low).toBeCloseTo(1 / (1 + Math.exp(-logit + 1.959964 * error)), 6);
  });

  it('M67: has an interval over viewers: rows written twice tell no more', () => {
    const once = bent(200, 1);
    const twice = forecasts(
      [...once.probability, ...once.probability],
      [...once.outcome, ...once.outcome],
      [...once.unit, ...once.unit],
    );
    const width = (rows: Forecasts) => {
      const found = areaUnderCurve(rows);
      if ('code' in found || found.interval === null) throw new Error('no interval');
      return found.interval.high - found.interval.low;
    };
    expect(width(twice) / width(once)).toBeCloseTo(1, 2);
  });

  it('M74: has no interval where there is no spread, and says so', () => {
    const perfect = areaUnderCurve(forecasts([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]));
    expect(perfect).toMatchObject({ value: 1, interval: null, refusal: { code: 'no-spread' } });
    const single = areaUnderCurve(forecasts([0.1, 0.2], [0, 1], [4, 4]));
    expect(single).toMatchObject({ interval: null, refusal: { code: 'too-few-values' } });
  });
});

describe('losses', () => {
  it('M68: are the textbook’s, beside the base rate’s', () => {
    const rows = forecasts([0.8, 0.3], [1, 0]);
    const loss = logLoss(rows, 0.5);
    expect(loss?.value).toBeCloseTo(-(Math.log(0.8) + Math.log(0.7)) / 2, 12);
    expect(loss?.floor).toBeCloseTo(Math.LN2, 12);
    expect(loss?.gain).toBeCloseTo(Math.LN2 + (Math.log(0.8) + Math.log(0.7)) / 2, 12);
    expect(brierScore(rows, 0.5)?.value).toBeCloseTo((0.04 + 0.09) / 2, 12);
  });

  it('M68: have an interval of the gain that is clear of zero for right forecasts', () => {
    expect(logLoss(bent(1_000, 1), 0.5)?.gainInterval?.low).toBeGreaterThan(0);
    expect(logLoss(forecasts([0.5], [1]), 0.5)).toMatchObject({ gain: 0, gainInterval: null });
    expect(logLoss(forecasts([], []), 0.5)).toBeNull();
    expect(logLoss(forecasts([0, 1], [1, 0]), 0.5)?.value).toBeLessThan(Infinity);
  });
});

describe('reliability', () => {
  test.prop([some, fc.integer({ min: 1, max: 12 })])(
    'M69: parts add up to Brier’s score, and equal forecasts are in one bin',
    (rows, bins) => {
      const found = reliabilityOf(rows, bins);
      if (found === null) {
        expect(rows.outcome.length).toBe(0);
        return;
      }
      const { reliability, resolution, uncertainty, withinBins } = found;
      const sum = reliability - resolution + uncertainty + withinBins;
      expect(sum).toBeCloseTo(brierScore(rows, 0.5)?.value ?? Number.NaN, 12);
      expect(found.bins.reduce((all, bin) => all + bin.rows, 0)).toBe(rows.outcome.length);
      expect(found.bins.length).toBeLessThanOrEqual(bins);
      const means = found.bins.map(({ forecast }) => forecast);
      expect(new Set(means).size).toBe(means.length);
      for (const { low, high, share } of found.bins) {
        expect(low).toBeLessThanOrEqual(share + 1e-12);
        expect(high).toBeGreaterThanOrEqual(share - 1e-12);
      }
    },
  );

  it('M69: hides nothing within bins of one forecast each', () => {
    const found = reliabilityOf(forecasts([0.2, 0.2, 0.2, 0.6, 0.6], [0, 0, 1, 1, 0]));
    expect(found?.bins.map(({ rows, share }) => [rows, share])).toEqual([
      [3, 1 / 3],
      [2, 0.5],
    ]);
    expect(found?.withinBins).toBeCloseTo(0, 12);
    expect(found?.calibrationError).toBeCloseTo((3 / 5) * (1 / 3 - 0.2) + (2 / 5) * 0.1, 12);
    expect(found?.calibrationErrorMax).toBeCloseTo(1 / 3 - 0.2, 12);
  });

  it('M69: holds equally many rows a bin', () => {
    const sizes = reliabilityOf(bent(1_005, 1))?.bins.map(({ rows }) => rows) ?? [];
    expect(sizes).toHaveLength(10);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it('counts lift in the top tenth, ties at the edge by their mean', () => {
    const p = [0.9, ...new Array<number>(19).fill(0.1)];
    expect(topLift(forecasts(p, [1, 1, ...new Array<number>(18).fill(0)]))).toEqual({
      rows: 2,
      share: expect.closeTo((1 + 1 / 19) / 2, 12),
      lift: expect.closeTo((1 + 1 / 19) / 2 / 0.1, 12),
    });
    expect(topLift(forecasts([0.4], [0]))).toBeNull();
  });
});

describe('the calibration slope', () => {
  it('M70: is 1 for right forecasts, and the inverse of how far they are bent', () => {
    const covered = Array.from({ length: 40 }, (_, entity) => bent(400, 1, entity + 1)).filter(
      (rows) => {
        const line = calibrationSlope(rows);
        if ('code' in line || line.interval === null) return false;
        return line.interval.low <= 1 && line.interval.high >= 1;
      },
    );
    expect(covered.length).toBeGreaterThanOrEqual(34);
    const bold = calibrationSlope(bent(4_000, 3));
    expect(bold).toMatchObject({ slope: expect.closeTo(1 / 3, 1) });
  });

  it('M74: is withheld, with the reason, where it cannot be had', () => {
    expect(calibrationSlope(forecasts([0.3, 0.3], [0, 1]))).toMatchObject({ code: 'no-spread' });
    expect(calibrationSlope(forecasts([0.3, 0.4], [1, 1]))).toMatchObject({ code: 'one-class' });
  });
});

describe('a judgement', () => {
  it('M74: names what it withholds', () => {
    const judged = judgeForecasts(forecasts([0.2, 0.4], [0, 0], [1, 1]), 0.3);
    expect(judged).toMatchObject({ ranking: null, calibration: null, topDecile: null });
    expect(judged?.withheld.map(({ figure }) => figure)).toEqual([
      'AUC',
      'interval of the gain',
      'calibration slope',
      'lift',
    ]);
    expect(judgeForecasts(forecasts([], []), 0.3)).toBeNull();
  });

  it('counts rows, yeses and viewers', () => {
    const counts = countForecasts(forecasts([0.1, 0.2, 0.3], [1, 0, 1], [7, 7, 2]));
    expect(counts).toEqual({ rows: 3, ones: 2, units: 2 });
  });
});
