/** The grid on which aligned windows start. */
import { EngineError } from '../../kernel/errors.ts';

/** The greatest `offset + k · step` that is not after a time, exact for all safe integers:
 * division rounds, so what it says is corrected by a step.
 * @throws EngineError `STREAMS_BAD_WINDOW` where the time is no safe integer. */
export function gridStartUs(
  timeUs: number,
  grid: { readonly stepUs: number; readonly offsetUs: number },
): number {
  checkTime(timeUs);
  const { stepUs, offsetUs } = grid;
  const startUs = Math.floor((timeUs - offsetUs) / stepUs) * stepUs + offsetUs;
  if (startUs > timeUs) return startUs - stepUs;
  return startUs + stepUs <= timeUs ? startUs + stepUs : startUs;
}

/** @throws EngineError `STREAMS_BAD_WINDOW` where a row's time is no safe integer. */
export function checkTime(timeUs: number): void {
  if (Number.isSafeInteger(timeUs)) return;
  const message = `a row's time is ${timeUs}; it has to be a whole number of µs`;
  throw new EngineError('STREAMS_BAD_WINDOW', message, { field: 'timeUs', found: `${timeUs}` });
}
