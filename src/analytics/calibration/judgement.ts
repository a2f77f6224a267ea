/** All that is asked of forecasts, at once: do they rank, do they beat the base rate, do they mean
 * what they say? Each figure is null, with its reason, where the rows cannot bear it. */
import { areaUnderCurve, type RankingQuality } from './area-under-curve.ts';
import { type CalibrationSlope, calibrationSlope } from './calibration-slope.ts';
import type { Forecasts } from './forecasts.ts';
import { brierScore, type LossBesideFloor, logLoss } from './probability-scores.ts';
import { type Lift, type Reliability, reliabilityOf, topLift } from './reliability.ts';

/** The figures. */
export interface Judgement {
  /** Of the training rows: what the floor forecasts for everybody. */
  readonly baseRate: number;
  readonly ranking: Omit<RankingQuality, 'refusal'> | null;
  readonly logLoss: LossBesideFloor;
  readonly brier: LossBesideFloor;
  readonly reliability: Reliability;
  readonly calibration: CalibrationSlope | null;
  /** Of the tenth with the highest forecasts. */
  readonly topDecile: Lift | null;
  /** What is null, or has no interval, and why. */
  readonly withheld: readonly { readonly figure: string; readonly reason: string }[];
}

/** Judges them; null where there is no row. Cost O(n log n). */
export function judgeForecasts(forecasts: Forecasts, baseRate: number): Judgement | null {
  const [loss, brier] = [logLoss(forecasts, baseRate), brierScore(forecasts, baseRate)];
  const reliability = reliabilityOf(forecasts);
  if (loss === null || brier === null || reliability === null) return null;
  const withheld: { figure: string; reason: string }[] = [];
  const ranking = areaUnderCurve(forecasts);
  if ('code' in ranking) withheld.push({ figure: 'AUC', reason: ranking.text });
  else if (ranking.refusal !== null) {
    withheld.push({ figure: 'interval of the AUC', reason: ranking.refusal.text });
  }
  if (loss.gainInterval === null) {
    withheld.push({ figure: 'interval of the gain', reason: 'all test rows are of one viewer' });
  }
  const calibration = calibrationSlope(forecasts);
  if ('code' in calibration) {
    withheld.push({ figure: 'calibration slope', reason: calibration.text });
  } else if (calibration.interval === null) {
    const reason = 'the test rows are of too few viewers';
    withheld.push({ figure: 'interval of the calibration slope', reason });
  }
  const topDecile = topLift(forecasts);
  if (topDecile === null) {
    withheld.push({ figure: 'lift', reason: 'no test row has the answer yes' });
  }
  return {
    baseRate,
    ranking: 'code' in ranking ? null : { value: ranking.value, interval: ranking.interval },
    logLoss: loss,
    brier,
    reliability,
    calibration: 'code' in calibration ? null : calibration,
    topDecile,
    withheld,
  };
}
