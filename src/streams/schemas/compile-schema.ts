/** Turns a schema into a validator for the hot path: no allocation where a value is valid, and all
 * problems of a value where it is not, fields first in the schema's order, then unknown names.
 * Rules are named as zod names them, which the tests hold it equal to. Spec: W71. */
import type { FailureMessage } from '../../domain/pipeline-ports.ts';
import type { FieldRule, SchemaDocument, SchemaFields } from './schema-document.ts';

/** Hides a value behind a hash, so that problems can be compared and no value be read. */
export type ValueHash = (value: unknown) => string | null;

/** A compiled schema. */
export interface SchemaValidator {
  /** Cost: some ten nanoseconds a field. Own enumerable properties count, whatever their names. */
  isValid(value: unknown): boolean;
  /** All problems; empty exactly where {@link isValid}. */
  problemsOf(value: unknown, hash: ValueHash): readonly FailureMessage[];
}

/** Compiles a schema. */
export function compileSchema(document: SchemaDocument): SchemaValidator {
  const check = objectCheck(document.fields);
  return {
    isValid: check,
    problemsOf(value, hash) {
      const problems: FailureMessage[] = [];
      const report = (field: string, rule: string, found: unknown) => {
        problems.push({ field, rule, valueHash: hash(found), error: `${field}: ${rule}` });
      };
      objectProblems(document.fields, value, { path: '', report });
      return problems;
    },
  };
}

type Check = (value: unknown) => boolean;

function objectCheck(fields: SchemaFields): Check {
  const checks = new Map(Object.entries(fields).map(([name, f]) => [name, checkOf(f.rule)]));
  const optional = new Set(
    Object.entries(fields).flatMap(([name, f]) => (f.isOptional === true ? [name] : [])),
  );
  const required = checks.size - optional.size;
  return (value) => {
    if (!isObject(value)) return false;
    let missing = required;
    for (const name in value) {
      const check = checks.get(name);
      if (check === undefined) return false;
      const found = value[name];
      if (found === undefined && optional.has(name)) continue;
      if (!check(found)) return false;
      if (!optional.has(name)) missing -= 1;
    }
    return missing === 0;
  };
}

function checkOf(rule: FieldRule): Check {
  switch (rule.kind) {
    case 'text': {
      const { lengthMin = 0, lengthMax = Number.POSITIVE_INFINITY } = rule;
      return (value) =>
        typeof value === 'string' && value.length >= lengthMin && value.length <= lengthMax;
    }
    case 'integer': {
      const { min = -Number.MAX_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = rule;
      return (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
    }
    case 'number': {
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = rule;
      return (value) => Number.isFinite(value) && Number(value) >= min && Number(value) <= max;
    }
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'choice': {
      const values = new Set<unknown>(rule.values);
      return (value) => values.has(value);
    }
    case 'object':
      return objectCheck(rule.fields);
  }
}

interface Report {
  readonly path: string;
  readonly report: (field: string, rule: string, found: unknown) => void;
}

function objectProblems(fields: SchemaFields, value: unknown, { path, report }: Report): void {
  if (!isObject(value)) {
    report(path === '' ? 'event' : path, 'invalid_type', value);
    return;
  }
  for (const [name, field] of Object.entries(fields)) {
    const found = Object.hasOwn(value, name) ? value[name] : undefined;
    if (found === undefined && field.isOptional === true) continue;
    const at = path === '' ? name : `${path}.${name}`;
    if (field.rule.kind === 'object') {
      objectProblems(field.rule.fields, found, { path: at, report });
      continue;
    }
    const rule = brokenRule(field.rule, found);
    if (rule !== undefined) report(at, rule, found);
  }
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(fields, name));
  // Names that a sender made up are values too: they are hashed, not told.
  if (unknown.length > 0) report(path === '' ? 'event' : path, 'unrecognized_keys', unknown);
}

function brokenRule(
  rule: Exclude<FieldRule, { kind: 'object' }>,
  value: unknown,
): string | undefined {
  switch (rule.kind) {
    case 'text':
      if (typeof value !== 'string') return 'invalid_type';
      return outside(value.length, rule.lengthMin, rule.lengthMax);
    case 'integer':
      if (typeof value !== 'number' || !Number.isInteger(value)) return 'invalid_type';
      return outside(value, rule.min ?? -Number.MAX_SAFE_INTEGER, maxOf(rule.max));
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) return 'invalid_type';
      return outside(value, rule.min, rule.max);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'invalid_type';
    case 'choice':
      return typeof value === 'string' && rule.values.includes(value) ? undefined : 'invalid_value';
  }
}

function maxOf(max: number | undefined): number {
  return max ?? Number.MAX_SAFE_INTEGER;
}

function outside(found: number, min?: number, max?: number): string | undefined {
  if (min !== undefined && found < min) return 'too_small';
  return max !== undefined && found > max ? 'too_big' : undefined;
}

/** A plain object: what JSON calls an object. */
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
