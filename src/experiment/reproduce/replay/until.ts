/** Times that people give: of the day on the scenario's clock, or since the start of the run. */
import { EngineError } from '../../../kernel/errors.ts';
import { US_PER_HOUR, US_PER_MINUTE, US_PER_SECOND } from '../../../kernel/time.ts';
import { startMinuteOfDay } from '../../run-inputs.ts';
import type { Scenario } from '../../scenario/schema.ts';

const CLOCK = /^(\+?)(\d{1,3}):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?$/;
const DURATION = /^\+?(\d+(?:\.\d+)?)(us|ms|s|m|h)$/;
const UNIT_US = { us: 1, ms: 1_000, s: US_PER_SECOND, m: US_PER_MINUTE, h: US_PER_HOUR } as const;
const US_PER_DAY = 24 * US_PER_HOUR;

/** Reads a time: `630s`, `10.5m`, `+00:10:30` since the start; `20:41:03` is a time of the day
 * where the run passes it (on the clock of `clock.start`), and else since the start.
 * @returns µs since the start. @throws EngineError `CLI_USAGE`. Spec: E370. */
export function parseUntil(text: string, scenario: Scenario, endUs: number): number {
  const sinceStart = durationOf(text) ?? timeOfDay(text, scenario, endUs);
  if (sinceStart === undefined) {
    throw refused(text, 'give a time like 20:41:03, +00:10:30 or 630s');
  }
  if (sinceStart > endUs) {
    const { start } = scenario.clock;
    throw refused(
      text,
      `the run starts at ${start} and lasts ${endUs / US_PER_SECOND}s; give less`,
    );
  }
  return sinceStart;
}

function durationOf(text: string): number | undefined {
  const [, value, unit] = DURATION.exec(text) ?? [];
  if (value === undefined) return undefined;
  return Math.round(Number(value) * UNIT_US[unit as keyof typeof UNIT_US]);
}

function timeOfDay(text: string, scenario: Scenario, endUs: number): number | undefined {
  const [, plus, hours, minutes, seconds = '0', fraction = ''] = CLOCK.exec(text) ?? [];
  if (hours === undefined) return undefined;
  const atUs =
    Number(hours) * US_PER_HOUR +
    Number(minutes) * US_PER_MINUTE +
    Number(seconds) * US_PER_SECOND +
    Number(fraction.padEnd(6, '0'));
  if (plus === '+' || Number(hours) >= 24) return atUs;
  const start = new Date(scenario.clock.start);
  const withinMinuteUs = start.getUTCSeconds() * US_PER_SECOND + start.getUTCMilliseconds() * 1_000;
  const startUs = startMinuteOfDay(scenario) * US_PER_MINUTE + withinMinuteUs;
  const sinceStart = (atUs - startUs + US_PER_DAY) % US_PER_DAY;
  return sinceStart <= endUs ? sinceStart : atUs;
}

function refused(text: string, rule: string): EngineError {
  return new EngineError('CLI_USAGE', `the time ${text}: ${rule}`, { argument: text });
}
