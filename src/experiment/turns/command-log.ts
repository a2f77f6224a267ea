/** The changes that a person made in a run, as lines of JSON: `commands-<subject>.ndjson` in the
 * run's directory. The first line says what it is; each other one is a change and its place. With
 * it the run is the same again, to the bit. Format: docs/LIVE.md. Spec: L24, L25. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { EngineError } from '../../kernel/errors.ts';
import { cataloguedFaultSchema } from '../faults/plan/fault-schema.ts';
import type { Turn } from './turned-simulation.ts';

/** The changes of a run, by the name of the architecture or variant. */
export type CommandLogs = ReadonlyMap<string, readonly Turn[]>;

/** A log that is being written. */
export interface CommandLogWriter {
  /** One more; after the first {@link CommandLogWriter.rewrite}. */
  append(turn: Turn): void;
  /** All of it anew. */
  rewrite(turns: readonly Turn[]): void;
}

const SCHEMA = 'backlot.commands/1';

const headSchema = z.strictObject({ schema: z.literal(SCHEMA), subject: z.string().min(1) });
const turnSchema = z.strictObject({
  subject: z.string().min(1),
  event: z.int().nonnegative(),
  atUs: z.int().nonnegative(),
  change: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('heal') }),
    z.strictObject({ kind: z.literal('fault'), fault: cataloguedFaultSchema }),
    z.strictObject({
      kind: z.literal('breaker'),
      edge: z.string(),
      status: z.enum(['open', 'closed']),
    }),
  ]),
});

/** What the log of a subject is called. */
export function commandLogName(subject: string): string {
  return `commands-${subject}.ndjson`;
}

/** The log as text. */
export function commandLogText(subject: string, turns: readonly Turn[]): string {
  return [{ schema: SCHEMA, subject }, ...turns.map((turn) => ({ subject, ...turn }))]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

/** Writes the log of a subject; there is a file, and its directory, from the first change on. */
export function commandLogWriter(directory: string, subject: string): CommandLogWriter {
  const path = join(directory, commandLogName(subject));
  return {
    append: (turn) => appendFileSync(path, `${JSON.stringify({ subject, ...turn })}\n`),
    rewrite(turns) {
      mkdirSync(directory, { recursive: true });
      writeFileSync(path, commandLogText(subject, turns));
    },
  };
}

/** Reads one log. @returns the changes by subject, in their order.
 * @throws EngineError `COMMANDS_REFUSED` naming the line. */
export function readCommandLog(path: string): CommandLogs {
  const logs = new Map<string, Turn[]>();
  const lines = textOf(path).split('\n');
  if (lines.at(-1) === '') lines.pop();
  const [head = '', ...rest] = lines;
  parsed(headSchema, head, { path, line: 1 });
  rest.forEach((text, i) => {
    const { subject, ...turn } = parsed(turnSchema, text, { path, line: i + 2 });
    const turns = logs.get(subject) ?? [];
    const before = turns.at(-1);
    if (before !== undefined && (turn.event < before.event || turn.atUs < before.atUs)) {
      throw refused({ path, line: i + 2 }, 'it is before the one above it; keep them in order');
    }
    logs.set(subject, [...turns, turn]);
  });
  return logs;
}

/** Reads several; of two that have one subject, the later follows. */
export function readCommandLogs(paths: readonly string[]): CommandLogs {
  const all = new Map<string, readonly Turn[]>();
  for (const path of paths) {
    for (const [subject, turns] of readCommandLog(path)) {
      all.set(subject, [...(all.get(subject) ?? []), ...turns]);
    }
  }
  return all;
}

interface Place {
  readonly path: string;
  readonly line: number;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const message = `${path}: it cannot be read; name the command log of a run`;
    throw new EngineError('INPUT_UNREADABLE', message, { path }, { cause });
  }
}

function parsed<T>(schema: z.ZodType<T>, text: string, place: Place): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused(place, 'it is no JSON; give a log as backlot wrote it');
  }
  const found = schema.safeParse(value);
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw refused(place, `${issue?.path.join('.')}: ${issue?.message}; see docs/LIVE.md`);
}

function refused({ path, line }: Place, rule: string): EngineError {
  const problem = `${path}:${line}: ${rule}`;
  return new EngineError('COMMANDS_REFUSED', problem, { problems: [problem] });
}
