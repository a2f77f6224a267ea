/** A world that answers any federation: every object is known by a seed, every value is a function
 * of the seed, the field and its arguments, and every key leads back to the seed. So subgraphs that
 * know nothing of each other agree, and one schema gives what the federation must give. */
import {
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { ResolverMap } from '../../../src/gateway/federation/subgraph/definition.ts';
import { hashText } from '../../../src/kernel/hash.ts';

interface Made {
  readonly __typename: string;
  readonly seed: string;
}

type Args = Readonly<Record<string, unknown>>;

/** A field of an object of the public schema. */
interface Asked {
  readonly seed: string;
  readonly field: string;
  readonly args: Args;
}

/** Makes values for one federation. */
export class MadeUpWorld {
  readonly #public: GraphQLSchema;
  readonly #subgraphs: readonly GraphQLSchema[];
  /** Numbers and nested objects back to what they were made of. */
  readonly #origins = new Map<string, string>();

  constructor(publicSchema: GraphQLSchema, subgraphs: readonly GraphQLSchema[]) {
    this.#public = publicSchema;
    this.#subgraphs = subgraphs;
  }

  /** Resolvers of one subgraph. */
  resolversOf(schema: GraphQLSchema): ResolverMap {
    const map: Record<string, Record<string, (...call: never[]) => unknown>> = {};
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('_')) continue;
      if (isAbstractType(type)) map[type.name] = { __resolveType: typeNameOf as never };
      if (isInterfaceType(type)) {
        map[type.name] = { ...map[type.name], __resolveReference: this.#reference as never };
      }
      if (isObjectType(type)) map[type.name] = this.#fieldsOf(type);
    }
    return map as unknown as ResolverMap;
  }

  /** Gives a schema these values. */
  attachTo(schema: GraphQLSchema): void {
    for (const type of Object.values(schema.getTypeMap())) {
      if (isAbstractType(type)) type.resolveType = typeNameOf;
      if (!isObjectType(type) || type.name.startsWith('__')) continue;
      for (const field of Object.values(type.getFields())) {
        field.resolve = (source, args) => this.#value(source, field.name, args);
      }
    }
  }

  #fieldsOf(type: GraphQLObjectType) {
    const fields: Record<string, (...call: never[]) => unknown> = {
      __resolveReference: this.#reference as never,
    };
    for (const { name } of Object.values(type.getFields())) {
      if (name.startsWith('_')) continue;
      fields[name] = ((source: Made | undefined, args: Args) =>
        this.#value(source, name, args)) as never;
    }
    return fields;
  }

  readonly #reference = (representation: Readonly<Record<string, unknown>>): Made => {
    const seeds = this.#seedsIn(representation);
    const [seed] = seeds;
    if (seed === undefined || seeds.some((one) => one !== seed)) {
      throw new Error(`not one entity: ${JSON.stringify(representation)}`);
    }
    return { __typename: seed.replace(/~.*/, ''), seed };
  };

  /** The seeds of the object that the fields of a representation lead back to. */
  #seedsIn(fields: Readonly<Record<string, unknown>>): readonly string[] {
    return Object.entries(fields).flatMap(([key, value]) => {
      const [one] = Array.isArray(value) ? value : [value];
      if (key === '__typename' || typeof one === 'boolean' || one === null) return [];
      if (typeof one === 'object') {
        return this.#seedsIn(one).map((seed) => this.#origins.get(seed) ?? 'unknown');
      }
      const text = typeof one === 'number' ? this.#origins.get(`${one}`) : one;
      if (text?.includes('#') === false) return [];
      // What is called by another name than its own is nothing that a service can use.
      const [seed = '', field] = (text ?? '').split(/[#{[]/);
      return [field === key ? seed : `not ${key}`];
    });
  }

  #value(source: Made | undefined, field: string, args: Args): unknown {
    const { __typename: typeName, seed } = source ?? { __typename: 'Query', seed: 'Query~' };
    const root = source === undefined ? this.#rootOf(field) : this.#public.getType(typeName);
    const known = isObjectType(root) ? root.getFields()[field] : undefined;
    const typed = known?.type ?? this.#privateType(typeName, field);
    const names = new Set(known?.args.map((one) => one.name));
    const seen = Object.fromEntries(Object.entries(args).filter(([name]) => names.has(name)));
    return this.#make(typed, { seed, field, args: seen }, typeName);
  }

  #rootOf(field: string): GraphQLObjectType | undefined {
    const roots = [this.#public.getQueryType(), this.#public.getMutationType()];
    return roots.find((type) => type?.getFields()[field] !== undefined) ?? undefined;
  }

  /** The type of a field that is not public. */
  #privateType(typeName: string, field: string): GraphQLOutputType {
    for (const schema of this.#subgraphs) {
      const type = schema.getType(typeName) ?? schema.getQueryType();
      const found = isObjectType(type) ? type.getFields()[field] : undefined;
      if (found !== undefined) return found.type;
    }
    throw new Error(`no field ${typeName}.${field}`);
  }

  #make(type: GraphQLOutputType, asked: Asked, parent: string): unknown {
    if (isNonNullType(type)) return this.#make(type.ofType, asked, parent);
    if (isListType(type)) {
      return [0, 1].map((i) =>
        this.#make(type.ofType, { ...asked, args: { ...asked.args, i } }, parent),
      );
    }
    const text = `${asked.seed}#${asked.field}${JSON.stringify(asked.args)}`;
    if (isLeafType(type)) return this.#leaf(type.name, text);
    const typeName = this.#typeFor(type.name, { parent, field: asked.field }, hash(text));
    const seed = `${typeName}~${hash(text)}`;
    this.#origins.set(seed, asked.seed);
    return { __typename: typeName, seed } satisfies Made;
  }

  #leaf(typeName: string, text: string): unknown {
    const type = this.#public.getType(typeName);
    if (isEnumType(type)) return type.getValues()[0]?.name;
    if (typeName === 'Boolean') return hash(text) % 2 === 0;
    if (typeName !== 'Int' && typeName !== 'Float') return text;
    const number = hash(text) >>> 1;
    this.#origins.set(`${number}`, text);
    return number;
  }

  /** A type that everybody who has the field can answer. */
  #typeFor(
    typeName: string,
    { parent, field }: { readonly parent: string; readonly field: string },
    number: number,
  ): string {
    const type = this.#public.getType(typeName);
    if (!isAbstractType(type)) return typeName;
    let possible = this.#public.getPossibleTypes(type).map(({ name }) => name);
    for (const schema of this.#subgraphs) {
      const owner = this.#ownerIn(schema, parent, field);
      const named = owner && getNamedType(owner.getFields()[field]?.type);
      if (!isAbstractType(named)) continue;
      const names = schema.getPossibleTypes(named).map(({ name }) => name);
      const both = possible.filter((name) => names.includes(name));
      if (both.length > 0) possible = both;
    }
    return possible[number % possible.length] ?? typeName;
  }

  #ownerIn(schema: GraphQLSchema, parent: string, field: string) {
    const type = this.#public.getType(parent);
    const interfaces = isObjectType(type) ? type.getInterfaces().map(({ name }) => name) : [];
    const isRoot = parent === 'Query';
    const candidates = [
      ...(isRoot ? [schema.getQueryType(), schema.getMutationType()] : []),
      ...[parent, ...interfaces].map((name) => schema.getType(name)),
    ];
    return candidates
      .filter((one) => isObjectType(one) || isInterfaceType(one))
      .find((one) => one.getFields()[field] !== undefined);
  }
}

function typeNameOf(made: unknown): string {
  return (made as Made).__typename;
}

function hash(text: string): number {
  return hashText(text, 1) >>> 0;
}
