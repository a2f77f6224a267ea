/** A schema as plain data: what JSON Schema says of strict objects, and no more, so that one text
 * gives the hot path its validator, the JSON Schema that travels, and the compatibility check. */

/** What a value must be. Texts are measured in UTF-16 units. */
export type FieldRule =
  | { readonly kind: 'text'; readonly lengthMin?: number; readonly lengthMax?: number }
  /** A whole number that a double holds exactly. */
  | { readonly kind: 'integer'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'number'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'object'; readonly fields: SchemaFields };

/** A field of an object. Whatever is not named is refused. */
export interface SchemaField {
  readonly rule: FieldRule;
  readonly isOptional?: boolean;
}

/** Fields by name, in the order in which problems are told. */
export type SchemaFields = Readonly<Record<string, SchemaField>>;

/** One version of a schema. Source of the name's four parts: Snowplow's Iglu. */
export interface SchemaDocument {
  readonly vendor: string;
  readonly name: string;
  readonly format: 'jsonschema';
  /** `model-revision-addition`, like `1-0-2`. */
  readonly version: string;
  readonly fields: SchemaFields;
}

/** The three numbers of a SchemaVer. */
export interface SchemaVersion {
  /** Breaking: old data need not be valid. */
  readonly model: number;
  /** May refuse some old data. */
  readonly revision: number;
  /** Only optional fields were added. */
  readonly addition: number;
}

const VERSION = /^([1-9]\d*)-(0|[1-9]\d*)-(0|[1-9]\d*)$/;

/** Reads a version. @returns undefined for a text that is none. Source: SchemaVer. */
export function parseSchemaVersion(text: string): SchemaVersion | undefined {
  const match = VERSION.exec(text);
  if (match === null) return undefined;
  const [, model, revision, addition] = match;
  return { model: Number(model), revision: Number(revision), addition: Number(addition) };
}

/** Orders versions, older first. */
export function compareSchemaVersions(a: SchemaVersion, b: SchemaVersion): number {
  return a.model - b.model || a.revision - b.revision || a.addition - b.addition;
}

/** The family that versions belong to: `vendor/name/format`. */
export function schemaFamily(document: SchemaDocument): string {
  return `${document.vendor}/${document.name}/${document.format}`;
}

/** The full name of one version: `vendor/name/format/1-0-0`. */
export function schemaKey(document: SchemaDocument): string {
  return `${schemaFamily(document)}/${document.version}`;
}

/** The same schema as JSON Schema 2020-12, for registries elsewhere. */
export function toJsonSchema(document: SchemaDocument): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    self: {
      vendor: document.vendor,
      name: document.name,
      format: document.format,
      version: document.version,
    },
    ...objectSchema(document.fields),
  };
}

function objectSchema(fields: SchemaFields): Readonly<Record<string, unknown>> {
  const entries = Object.entries(fields);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, field]) => [name, ruleSchema(field.rule)])),
    required: entries.filter(([, field]) => field.isOptional !== true).map(([name]) => name),
    additionalProperties: false,
  };
}

function ruleSchema(rule: FieldRule): Readonly<Record<string, unknown>> {
  switch (rule.kind) {
    case 'text':
      return defined({ type: 'string', minLength: rule.lengthMin, maxLength: rule.lengthMax });
    case 'integer':
    case 'number':
      return defined({ type: rule.kind, minimum: rule.min, maximum: rule.max });
    case 'boolean':
      return { type: 'boolean' };
    case 'choice':
      return { type: 'string', enum: rule.values };
    case 'object':
      return objectSchema(rule.fields);
  }
}

function defined(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
