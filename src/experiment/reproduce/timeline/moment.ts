/** Where in a run one stands: after so many events. A person names it by event or by time. */
import { EngineError } from '../../../kernel/errors.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { parseUntil } from '../replay/until.ts';

/** A place to go to: after an event, counted from the start, or after all events up to a time. */
export type Moment = { readonly event: number } | { readonly atUs: number };

const EVENT = /^#(\d{1,15})$/;

/** Reads `#12345`, or a time as {@link parseUntil} does.
 * @throws EngineError `CLI_USAGE`. Spec: E390. */
export function parseMoment(text: string, scenario: Scenario, endUs: number): Moment {
  const [, event] = EVENT.exec(text) ?? [];
  if (event !== undefined) return { event: Number(event) };
  if (text.startsWith('#')) {
    const message = `--at ${text}: give an event by its number, like #12345, or a time like 630s`;
    throw new EngineError('CLI_USAGE', message, { argument: text });
  }
  return { atUs: parseUntil(text, scenario, endUs) };
}
