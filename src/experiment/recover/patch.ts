/** What mends bad rows before they are replayed: which rows, and steps that set, rename, cast or
 * delete fields. Plain data from a file, checked whole before anything happens. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { FAILURE_TYPES } from '../../domain/pipeline-ports.ts';
import { EngineError } from '../../kernel/errors.ts';

/** A field's path, like `data.page`; never one that reaches into an object's prototype. */
const path = z
  .string()
  .regex(/^[A-Za-z_]\w{0,63}(\.[A-Za-z_]\w{0,63}){0,3}$/, 'a path reads like data.page')
  .refine((text) => !/(^|\.)(__proto__|constructor|prototype)(\.|$)/.test(text), {
    message: 'this name is not allowed',
  });

const step = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('set'),
    field: path,
    value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  }),
  z.strictObject({ op: z.literal('rename'), field: path, to: path }),
  z.strictObject({
    op: z.literal('cast'),
    field: path,
    to: z.enum(['integer', 'number', 'text', 'boolean']),
  }),
  z.strictObject({ op: z.literal('delete'), field: path }),
]);

/** The rows that a recovery is about: all of what is said must hold. */
const where = z.strictObject({
  stage: z.string().optional(),
  reason: z.string().optional(),
  failureType: z.enum(FAILURE_TYPES).optional(),
  field: z.string().optional(),
  source: z.string().optional(),
});

const patchSchema = z.strictObject({
  schema: z.literal('backlot.patch/1'),
  where: where.default({}),
  steps: z.array(step).max(100),
});

/** One step. A field that is not there is left so; `cast` leaves what it cannot read. */
export type PatchStep = z.infer<typeof step>;
/** Which rows. */
export type RowFilter = z.infer<typeof where>;
/** A patch. */
export type Patch = z.infer<typeof patchSchema>;

/** The patch that mends nothing: for rows that are good by now, as under a newer schema. */
export const NO_PATCH: Patch = { schema: 'backlot.patch/1', where: {}, steps: [] };

/** Reads a patch from a file.
 * @throws EngineError `INPUT_UNREADABLE` for no file, `RECOVERY_BAD_PATCH` with all problems. */
export function readPatch(file: string): Patch {
  return parsePatch(readJson(file));
}

/** Checks a patch. @throws EngineError `RECOVERY_BAD_PATCH` with all problems. */
export function parsePatch(value: unknown): Patch {
  const parsed = patchSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'patch'}: ${issue.message}`,
  );
  throw badPatch(problems);
}

/** The event with the steps applied, in order: a new object. */
export function applyPatch(
  event: Readonly<Record<string, unknown>>,
  steps: readonly PatchStep[],
): Readonly<Record<string, unknown>> {
  const patched = structuredClone(event) as Record<string, unknown>;
  for (const one of steps) applyStep(patched, one);
  return patched;
}

function applyStep(event: Record<string, unknown>, patchStep: PatchStep): void {
  const { holder, name } = placeOf(event, patchStep.field, patchStep.op === 'set');
  if (holder === undefined) return;
  if (patchStep.op === 'set') {
    holder[name] = patchStep.value;
    return;
  }
  if (!Object.hasOwn(holder, name)) return;
  const value = holder[name];
  if (patchStep.op === 'cast') {
    holder[name] = cast(value, patchStep.to);
    return;
  }
  if (patchStep.op === 'rename') {
    const target = placeOf(event, patchStep.to, true);
    if (target.holder === undefined) return;
    delete holder[name];
    target.holder[target.name] = value;
    return;
  }
  delete holder[name];
}

/** The object that holds a field; undefined where there is none and none may be made. */
function placeOf(
  event: Record<string, unknown>,
  field: string,
  makes: boolean,
): { readonly holder: Record<string, unknown> | undefined; readonly name: string } {
  const names = field.split('.');
  const name = names.pop() ?? '';
  let holder = event;
  for (const one of names) {
    const next = Object.hasOwn(holder, one) ? holder[one] : undefined;
    if (typeof next === 'object' && next !== null && !Array.isArray(next)) {
      holder = next as Record<string, unknown>;
    } else if (makes && next === undefined) {
      const made: Record<string, unknown> = {};
      holder[one] = made;
      holder = made;
    } else return { holder: undefined, name };
  }
  return { holder, name };
}

function cast(value: unknown, to: 'integer' | 'number' | 'text' | 'boolean'): unknown {
  if (to === 'text') {
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  }
  if (to === 'boolean') {
    return value === 'true' || value === 1
      ? true
      : value === 'false' || value === 0
        ? false
        : value;
  }
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return value;
  return to === 'integer' ? Math.round(number) : number;
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const message = `${file}: it cannot be read; check the path`;
    throw new EngineError('INPUT_UNREADABLE', message, { path: file }, { cause });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badPatch([`${file}: not valid JSON`]);
  }
}

function badPatch(problems: readonly string[]): EngineError {
  return new EngineError(
    'RECOVERY_BAD_PATCH',
    `${problems.join('; ')}; a patch reads like {"schema": "backlot.patch/1", "steps": [...]}`,
    { problems },
  );
}
