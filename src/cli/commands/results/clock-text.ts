/** Virtual times as text. */
import { US_PER_HOUR, US_PER_MINUTE, US_PER_SECOND } from '../../../kernel/time.ts';

/** µs since the start of the run as `hh:mm:ss.µµµµµµ`, the fraction only where there is one. */
export function clockText(timeUs: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const fraction = timeUs % US_PER_SECOND;
  const whole = [
    timeUs / US_PER_HOUR,
    (timeUs % US_PER_HOUR) / US_PER_MINUTE,
    (timeUs % US_PER_MINUTE) / US_PER_SECOND,
  ].map(two);
  const text = whole.join(':');
  return fraction === 0 ? text : `${text}.${String(fraction).padStart(6, '0')}`;
}

/** A duration in µs as milliseconds, three decimals at most. */
export function millisecondsText(us: number): string {
  return `${Number((us / 1_000).toFixed(3))} ms`;
}
