/** Commands as browsers send them, checked before anybody acts on them. Spec: L66. */
import { z } from 'zod';
import type { LiveCommand } from '../../domain/live/live-command.ts';
import { EngineError, nearestName } from '../../kernel/errors.ts';

const EVENTS_MAX = 1_000_000_000;
/** Ten years, µs. */
const TIME_US_MAX = 10 * 366 * 86_400 * 1_000_000;
const FOUND_LENGTH_MAX = 80;

const timeUs = z.int().min(0).max(TIME_US_MAX);
const name = z.string().min(1).max(200);

const COMMANDS = {
  pause: z.strictObject({ type: z.literal('pause') }),
  resume: z.strictObject({ type: z.literal('resume') }),
  speed: z.strictObject({
    type: z.literal('speed'),
    factor: z.number().positive().max(1_000_000).nullable(),
  }),
  step: z.strictObject({
    type: z.literal('step'),
    events: z
      .int()
      .min(-EVENTS_MAX)
      .max(EVENTS_MAX)
      .refine((events) => events !== 0, 'expected another number than 0'),
  }),
  seek: z
    .strictObject({
      type: z.literal('seek'),
      event: z.int().min(0).optional(),
      atUs: timeUs.optional(),
    })
    .refine(
      ({ event, atUs }) => (event === undefined) !== (atUs === undefined),
      'expected either event or atUs',
    ),
  fault: z.strictObject({
    type: z.literal('fault'),
    kind: name,
    target: name.optional(),
    intensity: z.number().optional(),
    forUs: timeUs.min(1),
  }),
  heal: z.strictObject({ type: z.literal('heal') }),
  breaker: z.strictObject({
    type: z.literal('breaker'),
    edge: name,
    status: z.enum(['open', 'closed']),
  }),
};

/** The command that a body holds.
 * @param body - JSON text.
 * @throws EngineError `LIVE_BAD_COMMAND` for the first thing that is wrong with it. */
export function readCommand(body: string): LiveCommand {
  const value = parseJson(body);
  const type = isRecord(value) ? value['type'] : undefined;
  if (!isCommandType(type)) throw badType(type);
  const parsed = COMMANDS[type].safeParse(value);
  if (parsed.success) return parsed.data as LiveCommand;
  const [issue] = parsed.error.issues;
  const path = ['command', ...(issue?.path ?? [])].join('.');
  const found = shown((issue?.path ?? []).reduce<unknown>(fieldOf, value));
  throw badCommand({ path, found, rule: issue?.message ?? 'expected another value' });
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw badCommand({ path: 'command', found: shown(body), rule: 'expected JSON' });
  }
}

function isCommandType(type: unknown): type is keyof typeof COMMANDS {
  return typeof type === 'string' && Object.hasOwn(COMMANDS, type);
}

function badType(type: unknown): EngineError<'LIVE_BAD_COMMAND'> {
  const types = Object.keys(COMMANDS);
  const nearest = typeof type === 'string' ? nearestName(type.slice(0, 40), types) : undefined;
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  const rule = `expected one of ${types.join(', ')}${hint}`;
  return badCommand({ path: 'command.type', found: shown(type), rule });
}

function badCommand(problem: {
  readonly path: string;
  readonly found: string;
  readonly rule: string;
}): EngineError<'LIVE_BAD_COMMAND'> {
  const { path, found, rule } = problem;
  return new EngineError('LIVE_BAD_COMMAND', `${path} is ${found}: ${rule}`, { path, found });
}

function shown(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return text.length > FOUND_LENGTH_MAX ? `${text.slice(0, FOUND_LENGTH_MAX)}…` : text;
}

function fieldOf(value: unknown, key: PropertyKey): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[String(key)] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
