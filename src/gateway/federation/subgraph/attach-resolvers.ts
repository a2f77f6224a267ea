/** Puts a resolver map onto a built schema. */
import {
  type GraphQLEnumType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isObjectType,
  isScalarType,
} from 'graphql';
import type { Resolver, ResolverMap, TypeResolvers } from './definition.ts';
import { checked, type FieldFunction, resolveProperty, synchronously } from './synchronous.ts';

/** Gives the types and fields of a schema their resolvers. What the schema lacks is passed over. */
export function attachResolvers(schema: GraphQLSchema, resolvers: ResolverMap): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    const given = Object.hasOwn(resolvers, type.name) ? resolvers[type.name] : undefined;
    if (given instanceof GraphQLScalarType) {
      if (isScalarType(type)) becomeScalar(type, given);
    } else {
      attach(type, given);
    }
  }
}

function attach(type: GraphQLNamedType, given: TypeResolvers | undefined): void {
  if (isObjectType(type)) attachFields(type, given ?? {});
  else if (isEnumType(type) && given !== undefined) giveValues(type, given);
  else if (isAbstractType(type)) {
    const resolveType = functionOf(given, '__resolveType');
    if (resolveType === undefined) return;
    type.resolveType = (value, context, info) =>
      typeNameOf(checked(resolveType(value, context, info), type.name));
  }
}

/** A function of a type's resolvers. */
export function functionOf(
  given: TypeResolvers | undefined,
  name: string,
): LooseFunction | undefined {
  const found = given !== undefined && Object.hasOwn(given, name) ? given[name] : undefined;
  return typeof found === 'function' ? (found as LooseFunction) : undefined;
}

/** A function of a resolver map: what it takes depends on what it is for. */
export type LooseFunction = (value: unknown, context: unknown, info: GraphQLResolveInfo) => unknown;

function attachFields(type: GraphQLObjectType, given: TypeResolvers): void {
  for (const field of Object.values(type.getFields())) {
    const resolve = resolverOf(Object.hasOwn(given, field.name) ? given[field.name] : undefined);
    field.resolve = resolve === undefined ? resolveProperty : synchronously(resolve);
  }
  const isTypeOf = functionOf(given, '__isTypeOf') ?? functionOf(given, 'isTypeOf');
  if (isTypeOf === undefined) return;
  type.isTypeOf = (value, context, info) =>
    checked(isTypeOf(value, context, info), `${type.name}.__isTypeOf`) === true;
}

function resolverOf(found: TypeResolvers[string]): FieldFunction | undefined {
  if (typeof found === 'function') return found as FieldFunction;
  if (typeof found !== 'object' || found === null) return undefined;
  return found.resolve as (Resolver & FieldFunction) | undefined;
}

/** graphql-js wants names; resolvers may answer the type itself. */
function typeNameOf(found: unknown): string | undefined {
  if (typeof found === 'string') return found;
  return isObjectType(found) ? found.name : undefined;
}

/** Makes a scalar of the schema do what a scalar of the user does. */
function becomeScalar(type: GraphQLScalarType, given: GraphQLScalarType): void {
  const place = `scalar ${type.name}`;
  type.coerceOutputValue = (value) => checked(given.coerceOutputValue(value), place);
  type.coerceInputValue = (value) => given.coerceInputValue(value);
  type.parseLiteral = (node, variables) => given.parseLiteral(node, variables);
  if (given.coerceInputLiteral !== undefined) {
    const coerce = given.coerceInputLiteral;
    type.coerceInputLiteral = (node) => coerce.call(given, node);
  }
}

/** Puts values behind the names of an enum: resolvers give and get these. */
function giveValues(type: GraphQLEnumType, given: TypeResolvers): void {
  const valueOfName = new Map<string, unknown>();
  const nameOfValue = new Map<unknown, string>();
  for (const { name } of type.getValues()) {
    if (!Object.hasOwn(given, name)) continue;
    valueOfName.set(name, given[name]);
    nameOfValue.set(given[name], name);
  }
  if (valueOfName.size === 0) return;
  const toName = type.coerceOutputValue.bind(type);
  const fromValue = type.coerceInputValue.bind(type);
  const fromLiteral = type.coerceInputLiteral.bind(type);
  const internal = (name: unknown) =>
    typeof name === 'string' && valueOfName.has(name) ? valueOfName.get(name) : name;
  type.coerceOutputValue = (value) => nameOfValue.get(value) ?? toName(value);
  type.coerceInputValue = (value, hide) => internal(fromValue(value, hide));
  type.coerceInputLiteral = (node, hide) => internal(fromLiteral(node, hide));
}
