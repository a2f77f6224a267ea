/** An hourly cost in a sentence: `at +0.049 USD/h`, or `at no cost`. */

/** Below it is what traffic makes of itself. USD/h. */
const NOTHING = 0.000_5;

/** The words. */
export function moneyText(usdPerHour: number): string {
  if (Math.abs(usdPerHour) < NOTHING) return 'at no cost';
  return `at ${usdPerHour < 0 ? '−' : '+'}${Math.abs(usdPerHour).toFixed(3)} USD/h`;
}
