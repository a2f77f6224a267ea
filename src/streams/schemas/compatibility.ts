/** Whether a schema may follow another under the version that it claims. An addition adds optional
 * fields and changes nothing else; a revision may also loosen or tighten rules and drop optional
 * fields; a model may do anything. Source: SchemaVer. Spec: W73. */
import {
  compareSchemaVersions,
  type FieldRule,
  parseSchemaVersion,
  type SchemaDocument,
  type SchemaFields,
  schemaFamily,
  schemaKey,
} from './schema-document.ts';

/** What changed between two schemas, the gravest change first to decide. */
export type ChangeKind = 'none' | 'addition' | 'revision' | 'model';

/** One change, in words. */
export interface SchemaChange {
  readonly kind: ChangeKind;
  /** Path of the field, `event` for the whole. */
  readonly field: string;
  readonly what: string;
}

const GRAVITY: readonly ChangeKind[] = ['none', 'addition', 'revision', 'model'];

/** All changes from one schema to the next. Additions keep all old data valid; so do revisions that
 * only loosen; a change of kind, a new required field or a lost required one is a model change. */
export function schemaChanges(
  before: SchemaDocument,
  after: SchemaDocument,
): readonly SchemaChange[] {
  const changes: SchemaChange[] = [];
  compareFields(before.fields, after.fields, { path: '', changes });
  return changes;
}

/** The gravest kind among changes. */
export function gravestChange(changes: readonly SchemaChange[]): ChangeKind {
  return changes.reduce<ChangeKind>(
    (worst, { kind }) => (GRAVITY.indexOf(kind) > GRAVITY.indexOf(worst) ? kind : worst),
    'none',
  );
}

/** Why `after` may not follow `before`; empty where it may. */
export function compatibilityProblems(
  before: SchemaDocument,
  after: SchemaDocument,
): readonly string[] {
  const [from, to] = [parseSchemaVersion(before.version), parseSchemaVersion(after.version)];
  if (from === undefined || to === undefined) {
    return [`${schemaKey(from === undefined ? before : after)}: a version reads like 1-0-0`];
  }
  if (schemaFamily(before) !== schemaFamily(after)) {
    return [`${schemaKey(after)}: it is of another family than ${schemaKey(before)}`];
  }
  if (compareSchemaVersions(from, to) >= 0) {
    return [`${schemaKey(after)}: it does not come after ${before.version}`];
  }
  const allowed = from.model < to.model ? 'model' : from.revision < to.revision ? 'revision' : null;
  const limit = GRAVITY.indexOf(allowed ?? 'addition');
  return schemaChanges(before, after)
    .filter(({ kind }) => GRAVITY.indexOf(kind) > limit)
    .map(({ kind, field, what }) => `${field}: ${what} is a change of ${kind}`);
}

interface Comparison {
  readonly path: string;
  readonly changes: SchemaChange[];
}

function compareFields(before: SchemaFields, after: SchemaFields, to: Comparison): void {
  const at = (name: string) => (to.path === '' ? name : `${to.path}.${name}`);
  const tell = (kind: ChangeKind, name: string, what: string) => {
    to.changes.push({ kind, field: at(name), what });
  };
  for (const [name, field] of Object.entries(after)) {
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    if (old === undefined) {
      if (field.isOptional === true) tell('addition', name, 'a new optional field');
      else tell('model', name, 'a new required field');
      continue;
    }
    const [was, is] = [old.isOptional === true, field.isOptional === true];
    if (was && !is) tell('model', name, 'an optional field made required');
    if (!was && is) tell('revision', name, 'a required field made optional');
    compareRules(old.rule, field.rule, { path: at(name), changes: to.changes });
  }
  for (const [name, field] of Object.entries(before)) {
    if (Object.hasOwn(after, name)) continue;
    if (field.isOptional === true) tell('revision', name, 'a dropped optional field');
    else tell('model', name, 'a dropped required field');
  }
}

function compareRules(before: FieldRule, after: FieldRule, to: Comparison): void {
  if (before.kind === 'object' && after.kind === 'object') {
    compareFields(before.fields, after.fields, to);
    return;
  }
  if (before.kind !== after.kind) {
    const isWider = before.kind === 'integer' && after.kind === 'number';
    to.changes.push({
      kind: isWider ? 'revision' : 'model',
      field: to.path,
      what: `${before.kind} made ${after.kind}`,
    });
    return;
  }
  if (JSON.stringify(limitsOf(before)) === JSON.stringify(limitsOf(after))) return;
  to.changes.push({ kind: 'revision', field: to.path, what: 'another limit or choice' });
}

function limitsOf(rule: FieldRule): readonly unknown[] {
  switch (rule.kind) {
    case 'text':
      return [rule.lengthMin ?? 0, rule.lengthMax ?? null];
    case 'integer':
    case 'number':
      return [rule.min ?? null, rule.max ?? null];
    case 'choice':
      return rule.values;
    default:
      return [];
  }
}
