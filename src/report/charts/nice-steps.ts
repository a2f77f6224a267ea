/** Round ends and even steps for axes that are to be shared: ECharts would choose them chart by
 * chart. */

/** The end of an axis from 0 and the distance of its labels: four or five even steps. */
export function niceSteps(highest: number): { readonly max: number; readonly interval: number } {
  // Also where there is nothing to show: NaN is not greater than 0.
  if (!(highest > 0)) return { max: 1, interval: 0.25 };
  const power = 10 ** Math.floor(Math.log10(highest));
  const factor = [1, 2, 3, 4, 5, 6, 8, 10].find((one) => one * power >= highest * 0.9999) ?? 10;
  const steps = factor === 3 || factor === 6 ? 3 : factor % 5 === 0 ? 5 : 4;
  return { max: factor * power, interval: (factor * power) / steps };
}
