/** The published schemas of documents: JSON Schema 2020-12, one file a document in `docs/schemas/`,
 * made from the types themselves by `npm run docs`. A field that a schema does not know is allowed:
 * documents only ever gain fields. Spec: X1–X3. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { EngineError, nearestName } from '../kernel/errors.ts';

const FOLDER = fileURLToPath(new URL('../../docs/schemas/', import.meta.url));
const SUFFIX = '.schema.json';

/** Names of the documents that have a schema, sorted: `run`, `compare`, … */
export function schemaNames(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .sort();
}

/** The text of a schema. @throws EngineError `CLI_USAGE` for a name that there is not. */
export function schemaText(name: string): string {
  const names = schemaNames();
  if (names.includes(name)) return readFileSync(`${FOLDER}${name}${SUFFIX}`, 'utf8');
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
  const message = `no schema "${name}"${hint}; there are ${names.join(', ')}`;
  throw new EngineError('CLI_USAGE', message, { argument: name });
}

/** What is wrong with a document by its schema, `path: rule` each; empty where it fits.
 * @param name - One of {@link schemaNames}. Cost: some 100 ms a schema, once. */
export function schemaProblems(name: string, document: unknown): readonly string[] {
  const { error } = validatorOf(name).safeParse(document);
  if (error === undefined) return [];
  return error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
}

const validators = new Map<string, z.ZodType>();

function validatorOf(name: string): z.ZodType {
  const known = validators.get(name);
  if (known !== undefined) return known;
  const validator = z.fromJSONSchema(JSON.parse(schemaText(name)) as z.core.JSONSchema.JSONSchema);
  validators.set(name, validator);
  return validator;
}
