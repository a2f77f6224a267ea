/** Schemas by family and version, with the upgrades between them: events of several versions are
 * accepted at once and leave as the newest. A registry never changes while events are under way.
 * Spec: W72–W74. */
import { EngineError } from '../../kernel/errors.ts';
import { compatibilityProblems } from './compatibility.ts';
import { compileSchema, type SchemaValidator } from './compile-schema.ts';
import {
  compareSchemaVersions,
  parseSchemaVersion,
  type SchemaDocument,
  type SchemaVersion,
  schemaFamily,
  schemaKey,
} from './schema-document.ts';
import {
  TRACKED_EVENT_1_0_0,
  TRACKED_EVENT_1_0_1,
  TRACKED_EVENT_1_1_0,
  TRACKED_EVENT_1_2_0,
} from './tracked-event-schema.ts';

/** Makes an event of the next registered version from one of the version before. Pure. */
export type SchemaUpgrade = (
  event: Readonly<Record<string, unknown>>,
) => Readonly<Record<string, unknown>>;

/** One registered version. */
export interface RegisteredSchema {
  readonly key: string;
  readonly document: SchemaDocument;
  readonly validator: SchemaValidator;
  /** How its events become the next version's, and that version; undefined for the newest. */
  readonly next: { readonly upgrade: SchemaUpgrade; readonly schema: RegisteredSchema } | undefined;
}

/** What a registry is made of: versions in any order, and upgrades by the version they start from
 * (`vendor/name/format/1-0-0`). Additions need none: their events are valid as they are. */
export interface SchemaRegistryOptions {
  readonly documents: readonly SchemaDocument[];
  readonly upgrades?: Readonly<Record<string, SchemaUpgrade>>;
  /** Family of events that name no schema. */
  readonly defaultFamily: string;
}

/** A registry. */
export interface SchemaRegistry {
  /** The newest version of the default family: for events that name none. */
  readonly newest: RegisteredSchema;
  /** @returns undefined for an unknown name. */
  find(key: string): RegisteredSchema | undefined;
  /** Names of all versions, oldest first within a family. */
  readonly keys: readonly string[];
}

/** Makes a registry.
 * @throws EngineError `SCHEMA_INCOMPATIBLE` with every problem: a version that breaks the rules of
 * its number, two documents of one name, a gap without an upgrade. */
export function createSchemaRegistry(options: SchemaRegistryOptions): SchemaRegistry {
  const { documents, upgrades = {}, defaultFamily } = options;
  const problems: string[] = [];
  const families = new Map<string, SchemaDocument[]>();
  for (const document of documents) {
    const family = schemaFamily(document);
    families.set(family, [...(families.get(family) ?? []), document]);
  }
  const byKey = new Map<string, RegisteredSchema>();
  const newestOf = new Map<string, RegisteredSchema>();
  for (const [family, versions] of families) {
    versions.sort((a, b) => compareSchemaVersions(versionOf(a), versionOf(b)));
    let next: RegisteredSchema | undefined;
    for (const document of versions.toReversed()) {
      next = registered(document, { next, upgrades, problems });
      byKey.set(next.key, next);
      if (!newestOf.has(family)) newestOf.set(family, next);
    }
  }
  const newest = newestOf.get(defaultFamily);
  if (newest === undefined) problems.push(`${defaultFamily}: no schema of the default family`);
  if (newest === undefined || problems.length > 0) throw incompatible(problems);
  const keys = [...families.values()].flatMap((versions) => versions.map(schemaKey));
  return { newest, find: (key) => byKey.get(key), keys };
}

/** The registry that knows the tracked event's own versions and nothing else. */
export function createTrackedEventRegistry(): SchemaRegistry {
  return createSchemaRegistry({
    documents: [TRACKED_EVENT_1_0_0, TRACKED_EVENT_1_0_1, TRACKED_EVENT_1_1_0, TRACKED_EVENT_1_2_0],
    upgrades: {
      [schemaKey(TRACKED_EVENT_1_0_1)]: same,
      [schemaKey(TRACKED_EVENT_1_1_0)]: same,
    },
    defaultFamily: schemaFamily(TRACKED_EVENT_1_2_0),
  });
}

/** The event as one of the newest version. Cost: nothing for the newest, one call a step before. */
export function upgradeToNewest(
  schema: RegisteredSchema,
  event: Readonly<Record<string, unknown>>,
): { readonly schema: RegisteredSchema; readonly event: Readonly<Record<string, unknown>> } {
  let at = { schema, event };
  while (at.schema.next !== undefined) {
    const { upgrade, schema: next } = at.schema.next;
    at = { schema: next, event: upgrade(at.event) };
  }
  return at;
}

function registered(
  document: SchemaDocument,
  context: {
    readonly next: RegisteredSchema | undefined;
    readonly upgrades: Readonly<Record<string, SchemaUpgrade>>;
    readonly problems: string[];
  },
): RegisteredSchema {
  const { next, upgrades, problems } = context;
  const key = schemaKey(document);
  const validator = compileSchema(document);
  if (next === undefined) return { key, document, validator, next: undefined };
  problems.push(...compatibilityProblems(document, next.document));
  const upgrade = upgrades[key] ?? (isAddition(document, next.document) ? same : undefined);
  if (upgrade === undefined) {
    problems.push(`${key}: no upgrade to ${next.document.version}; register one`);
    return { key, document, validator, next: undefined };
  }
  return { key, document, validator, next: { upgrade, schema: next } };
}

const same: SchemaUpgrade = (event) => event;

function isAddition(before: SchemaDocument, after: SchemaDocument): boolean {
  const [a, b] = [versionOf(before), versionOf(after)];
  return a.model === b.model && a.revision === b.revision;
}

/** Unreadable versions come first and are told by the compatibility check. */
function versionOf(document: SchemaDocument): SchemaVersion {
  return parseSchemaVersion(document.version) ?? { model: 0, revision: 0, addition: 0 };
}

function incompatible(problems: readonly string[]): EngineError {
  return new EngineError(
    'SCHEMA_INCOMPATIBLE',
    `${problems.join('; ')}; raise the version's model number, or mend the schema`,
    { problems },
  );
}
