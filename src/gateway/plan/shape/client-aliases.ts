/** Aliases of clients, kept apart from the names of fields. Services' data lie under response keys,
 * and plans read keys of entities there: a client's `id: name` must not become the key `id`. So an
 * alias travels with a prefix that no field can have, and loses it in the answer. Spec: G19. */
import { type DocumentNode, Kind, visit } from 'graphql';

/** Names of schemas do not begin with two underscores. */
const PREFIX = '__alias_';

/** What the gateway answers itself, in the client's own words. */
const INTROSPECTION = new Set(['__schema', '__type']);

/** The document with its aliases prefixed, those within introspection excepted. */
export function withPrefixedAliases(document: DocumentNode): DocumentNode {
  return visit(document, {
    Field(node) {
      if (INTROSPECTION.has(node.name.value)) return false;
      if (node.alias === undefined || node.alias.value === node.name.value) return undefined;
      const alias = { kind: Kind.NAME, value: `${PREFIX}${node.alias.value}` } as const;
      return { ...node, alias };
    },
  });
}

/** The client's word for a response key. */
export function clientKey(key: string): string {
  return key.startsWith(PREFIX) ? key.slice(PREFIX.length) : key;
}
