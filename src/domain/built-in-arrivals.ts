/** The built-in shape of a day: how the rate of arrivals goes up and down. */

/** The rate at a minute of the day, relative to the day's mean. */
export interface DayRate {
  readonly minuteOfDay: number;
  readonly relativeRate: number;
}

const HALF_HOUR = 30;

/** Mean rate of each half hour of the day, in half-hour steps from midnight; their mean is 1. */
const HALF_HOURLY = [
  0.746, 0.75, 0.717, 0.733, 0.714, 0.722, 0.691, 0.705, 0.648, 0.613, 0.611, 0.631, 0.641, 0.88,
  0.758, 0.819, 0.88, 0.926, 0.961, 0.968, 0.98, 1.006, 1.051, 1.112, 1.187, 1.261, 1.312, 1.328,
  1.337, 1.398, 1.392, 1.391, 1.412, 1.383, 1.336, 1.299, 1.286, 1.237, 1.213, 1.235, 1.17, 1.144,
  1.128, 0.99, 0.902, 0.832, 0.793, 0.772,
] as const;

/** A day of a busy web site, one point each half hour, ascending, mean 1. Source: requests per
 * minute of the 1998 World Cup web site over May 1998, averaged by half hour of the day over the
 * minutes that were recorded (M. Arlitt and T. Jin, "1998 World Cup Web Site Access Logs",
 * Internet Traffic Archive). */
export const BUILT_IN_ARRIVALS: readonly DayRate[] = HALF_HOURLY.map((relativeRate, i) => ({
  minuteOfDay: (i + 0.5) * HALF_HOUR,
  relativeRate,
}));
