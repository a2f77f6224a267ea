/** JSON Schema (draft 2020-12) of a TypeScript type, asked of the compiler itself, so that type and
 * schema cannot disagree. Named types become `$defs`, docstrings descriptions. Objects stay open:
 * documents only ever gain fields. What JSON cannot say of a type is refused, not left out. */
import {
  type Checker,
  type Project,
  SymbolFlags,
  type Type,
  TypeFlags,
  type Symbol as TypeSymbol,
} from 'typescript/unstable/sync';

/** A schema as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** How types of a project become schemas. */
export interface Derivation {
  readonly project: Project;
  /** Sources whose named types become `$defs`; those of libraries are written out. */
  readonly isOwn: (path: string) => boolean;
  /** `Type.property` of numbers that may be no number, which JSON writes as null. */
  readonly nullable: ReadonlySet<string>;
  /** Named types that stay closed books, each with its description. */
  readonly opaque: Readonly<Record<string, string>>;
}

interface Walk extends Derivation {
  readonly checker: Checker;
  /** By name; undefined while it is being made. */
  readonly defs: Map<string, { readonly id: number; schema: JsonSchema | undefined }>;
}

/** Where a type is met. */
interface Place {
  readonly owner: string;
  readonly property: string;
}

/** The schema of an exported type: the root is written out, everything named below it stands in
 * `$defs`, sorted by name.
 * @throws Error for what JSON cannot say, with its place. */
export function deriveSchema(
  derivation: Derivation,
  root: { readonly file: string; readonly type: string },
): JsonSchema {
  const { checker, program } = derivation.project;
  const source = program.getSourceFile(root.file);
  if (source === undefined) throw new Error(`${root.file}: no such source`);
  const symbol = checker.resolveName(root.type, SymbolFlags.Type, source);
  if (symbol === undefined) throw new Error(`${root.file}: no type ${root.type}`);
  const walk: Walk = { ...derivation, checker, defs: new Map() };
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const schema = objectSchema(type, root.type, walk);
  const defs = [...walk.defs].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...described(symbol, checker),
    ...schema,
    $defs: Object.fromEntries(defs.map(([name, made]) => [name, made.schema])),
  };
}

function schemaOf(type: Type, place: Place, walk: Walk): JsonSchema {
  const { flags } = type;
  if ((flags & TypeFlags.Null) !== 0) return { type: 'null' };
  if (type.isLiteralType()) return { const: literalOf(type.value, place) };
  if ((flags & TypeFlags.String) !== 0) return { type: 'string' };
  if ((flags & TypeFlags.Boolean) !== 0) return { type: 'boolean' };
  if ((flags & TypeFlags.Number) !== 0) return numberSchema(place, walk);
  if ((flags & TypeFlags.TemplateLiteral) !== 0) return { type: 'string' };
  const named = namedSymbol(type, walk);
  return named === undefined ? structureOf(type, place, walk) : reference(named, type, walk);
}

/** Of what is made of other types. */
function structureOf(type: Type, place: Place, walk: Walk): JsonSchema {
  if (type.isUnionType()) return unionSchema(type.getTypes(), place, walk);
  if (type.isTypeReference() && walk.checker.isArrayType(type)) {
    const [item] = walk.checker.getTypeArguments(type);
    if (item === undefined) throw refusal(type, place, walk);
    return { type: 'array', items: schemaOf(item, place, walk) };
  }
  if (type.isTypeReference() && walk.checker.isTupleType(type)) {
    const items = walk.checker.getTypeArguments(type).map((one) => schemaOf(one, place, walk));
    return { type: 'array', prefixItems: items, minItems: items.length, items: false };
  }
  if ((type.flags & TypeFlags.Unknown) !== 0) return {};
  if (type.isObjectType() || type.isIntersectionType()) {
    const { owner, property } = place;
    return objectSchema(type, property === '' ? owner : `${owner}.${property}`, walk);
  }
  throw refusal(type, place, walk);
}

function numberSchema({ owner, property }: Place, { nullable }: Walk): JsonSchema {
  const mayBeNull = nullable.has(`${owner}.${property}`);
  return { type: mayBeNull ? ['number', 'null'] : 'number' };
}

/** Literals together are an `enum`; null and one other type, two types in a row. */
function unionSchema(types: readonly Type[], place: Place, walk: Walk): JsonSchema {
  const kept = types.filter((one) => (one.flags & TypeFlags.Undefined) === 0);
  const isBoolean = kept.filter((one) => one.isBooleanLiteralType()).length === 2;
  const others = kept.filter((one) => !(isBoolean && one.isBooleanLiteralType()));
  const schemas = others.map((one) => schemaOf(one, place, walk));
  if (isBoolean) schemas.unshift({ type: 'boolean' });
  const values = schemas.filter((one) => 'const' in one).map((one) => one['const'] as string);
  const rest = schemas.filter((one) => !('const' in one));
  if (values.length > 1) rest.unshift({ enum: [...values].sort() });
  else if (values.length === 1) rest.unshift({ const: values[0] });
  const [first] = rest;
  if (rest.length === 1 && first !== undefined) return first;
  const areSimple = rest.every((one) => typeof one['type'] === 'string' && isAlone(one));
  if (areSimple) return { type: rest.map((one) => one['type']).sort() };
  return { anyOf: [...rest].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) };
}

function isAlone(schema: JsonSchema): boolean {
  return Object.keys(schema).length === 1;
}

function objectSchema(type: Type, owner: string, walk: Walk): JsonSchema {
  const { checker } = walk;
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const symbol of checker.getPropertiesOfType(type)) {
    const found = checker.getTypeOfSymbol(symbol);
    if (found === undefined) throw new Error(`${owner}.${symbol.name}: it has no type`);
    const schema = schemaOf(found, { owner, property: symbol.name }, walk);
    properties[symbol.name] = { ...described(symbol, checker), ...schema };
    if ((symbol.flags & SymbolFlags.Optional) === 0) required.push(symbol.name);
  }
  const [index] = checker.getIndexInfosOfType(type);
  const rest =
    index === undefined
      ? {}
      : { additionalProperties: schemaOf(index.valueType, { owner, property: '*' }, walk) };
  return {
    type: 'object',
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(required.length === 0 ? {} : { required }),
    ...rest,
  };
}

/** The name that a type has in the project's own sources. */
function namedSymbol(type: Type, walk: Walk): TypeSymbol | undefined {
  const isOwn = (symbol: TypeSymbol | undefined) =>
    symbol?.declarations.some(({ path }) => walk.isOwn(path)) === true;
  const alias = type.getAliasSymbol();
  if (isOwn(alias) && type.getAliasTypeArguments().length === 0) return alias;
  if (!type.isClassOrInterface()) return undefined;
  const symbol = type.getSymbol();
  return isOwn(symbol) ? symbol : undefined;
}

function reference(symbol: TypeSymbol, type: Type, walk: Walk): JsonSchema {
  const { name } = symbol;
  const known = walk.defs.get(name);
  if (known !== undefined && known.id !== type.id) {
    throw new Error(`two types are called ${name}: rename one, or publish them apart`);
  }
  if (known === undefined) {
    const entry: { readonly id: number; schema: JsonSchema | undefined } = {
      id: type.id,
      schema: undefined,
    };
    walk.defs.set(name, entry);
    entry.schema = { ...described(symbol, walk.checker), ...definition(name, type, walk) };
  }
  return { $ref: `#/$defs/${name}` };
}

function definition(name: string, type: Type, walk: Walk): JsonSchema {
  const closed = walk.opaque[name];
  if (closed !== undefined) return { description: closed, type: 'object' };
  return structureOf(type, { owner: name, property: '' }, walk);
}

function described(symbol: TypeSymbol, checker: Checker): JsonSchema {
  const text = symbol.getDocumentationComment(checker).replaceAll(/\s+/g, ' ').trim();
  const description = text.replaceAll(/\{@link ([^}]*)\}/g, '`$1`');
  return description === '' ? {} : { description };
}

function literalOf(value: unknown, place: Place): string | number | boolean {
  if (typeof value !== 'bigint') return value as string | number | boolean;
  throw new Error(`${place.owner}.${place.property}: JSON has no bigint`);
}

function refusal(type: Type, { owner, property }: Place, { checker }: Walk): Error {
  const text = checker.typeToString(type);
  return new Error(`${owner}.${property}: JSON Schema has no words for ${text}`);
}
