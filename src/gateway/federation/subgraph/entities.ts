/** Federation's `_entities`: from representations to entities, each by its type's own resolver, so
 * that what goes wrong with one is no other's trouble. Spec: G14. */
import {
  type GraphQLInterfaceType,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { functionOf, type LooseFunction } from './attach-resolvers.ts';
import type { ResolverMap } from './definition.ts';
import { checked, isAsynchronous, promised } from './synchronous.ts';

/** Makes a schema answer `_service` and, where it has entities, `_entities`. */
export function attachFederation(
  schema: GraphQLSchema,
  { sdl, resolvers }: { readonly sdl: string; readonly resolvers: ResolverMap },
): void {
  const fields = schema.getQueryType()?.getFields() ?? {};
  if (fields._service !== undefined) fields._service.resolve = () => ({ sdl });
  const { _entities: entities } = fields;
  const union = schema.getType('_Entity');
  if (entities === undefined || !isUnionType(union)) return;
  const resolver = new EntityResolver(schema, resolvers);
  entities.resolve = (...[, args, context, info]) =>
    (args.representations as readonly unknown[]).map((one) => resolver.entity(one, context, info));
  union.resolveType = (value) => resolver.typeNameOf(value);
}

class EntityResolver {
  readonly #schema: GraphQLSchema;
  readonly #resolvers: ResolverMap;
  /** What each answered object is: resolvers need not say it. */
  readonly #typeNames = new WeakMap<object, string>();

  constructor(schema: GraphQLSchema, resolvers: ResolverMap) {
    this.#schema = schema;
    this.#resolvers = resolvers;
  }

  typeNameOf(value: unknown): string | undefined {
    return typeof value === 'object' && value !== null ? this.#typeNames.get(value) : undefined;
  }

  /** An interface without a resolver of its own leaves it to the representation's own type.
   * @returns the entity, null, or an Error, which is the error of this element alone. */
  entity(representation: unknown, context: unknown, info: GraphQLResolveInfo): unknown {
    try {
      return this.#resolved(representation, context, info);
    } catch (cause) {
      return cause instanceof Error ? cause : new Error(String(cause));
    }
  }

  #resolved(representation: unknown, context: unknown, info: GraphQLResolveInfo): unknown {
    const typeName = typeNameIn(representation);
    const type = typeName === undefined ? undefined : this.#schema.getType(typeName);
    if (!isObjectType(type) && !isInterfaceType(type)) {
      throw new Error(`_entities cannot resolve ${JSON.stringify(typeName)}: no such type here`);
    }
    const reference = this.#function(type.name, '__resolveReference');
    if (reference === undefined && isInterfaceType(type)) {
      const known = representation as object;
      const named = this.#concrete(type, known, { context, info });
      return this.#resolved({ ...known, __typename: named }, context, info);
    }
    const found =
      reference === undefined ? representation : reference(representation, context, info);
    if (isAsynchronous(found)) throw promised(found, `${type.name}.__resolveReference`);
    if (found === null || found === undefined) return null;
    if (typeof found !== 'object') {
      throw new Error(`${type.name}.__resolveReference answered a ${typeof found}, not an entity`);
    }
    if (found instanceof Error) return found;
    const concrete = isObjectType(type)
      ? type.name
      : this.#concrete(type, found, { context, info });
    return this.#marked(found, concrete);
  }

  /** What an entity of an interface is. */
  #concrete(
    type: GraphQLInterfaceType,
    found: object,
    { context, info }: { readonly context: unknown; readonly info: GraphQLResolveInfo },
  ): string {
    const own = typeNameIn(found);
    if (own !== undefined && own !== type.name) return own;
    const resolveType = this.#function(type.name, '__resolveType');
    const named = checked(resolveType?.(found, context, info), type.name);
    if (typeof named === 'string') return named;
    const fitting = this.#schema
      .getPossibleTypes(type)
      .find((one) => one.isTypeOf?.(found, context, info) === true);
    if (fitting !== undefined) return fitting.name;
    throw new Error(`${type.name}.__resolveType did not tell what an entity is`);
  }

  #marked(found: object, typeName: string): object {
    const known = this.#typeNames.get(found);
    // One object may stand for two types in one answer: the second one gets a view of it.
    const entity = known === undefined || known === typeName ? found : Object.create(found);
    this.#typeNames.set(entity, typeName);
    return entity;
  }

  #function(typeName: string, name: string): LooseFunction | undefined {
    const given = Object.hasOwn(this.#resolvers, typeName) ? this.#resolvers[typeName] : undefined;
    return given instanceof GraphQLScalarType ? undefined : functionOf(given, name);
  }
}

function typeNameIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('__typename' in value)) return undefined;
  return typeof value.__typename === 'string' ? value.__typename : undefined;
}
