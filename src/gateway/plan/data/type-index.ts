/** Which types stand for which: a `__typename` fits a condition if it is that type, implements it
 * or is a member of it. Read from the supergraph: plans name types that clients do not see. */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  isUnionType,
  Kind,
} from 'graphql';

/** Types of a supergraph and what they are. */
export interface TypeIndex {
  /** Whether an object of type `typeName` is one of `conditions`. */
  isOneOf(typeName: string, conditions: readonly string[]): boolean;
  /** Whether objects of this very type exist, as opposed to an interface or a union. */
  isConcrete(typeName: string): boolean;
}

/** Reads a supergraph, types and members that are not public included. */
export function typeIndexOfSupergraph(document: DocumentNode): TypeIndex {
  const index = new MutableIndex();
  for (const node of document.definitions) {
    switch (node.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION: {
        const name = node.name.value;
        if (node.kind === Kind.OBJECT_TYPE_DEFINITION) index.addConcrete(name);
        for (const one of node.interfaces ?? []) index.add(name, one.name.value);
        for (const one of joined(node.directives, 'implements', 'interface')) index.add(name, one);
        break;
      }
      case Kind.UNION_TYPE_DEFINITION: {
        const members = (node.types ?? []).map((one) => one.name.value);
        members.push(...joined(node.directives, 'unionMember', 'member'));
        for (const one of members) index.add(one, node.name.value);
      }
    }
  }
  return index;
}

/** Reads a schema: what there is where no supergraph is known. */
export function typeIndexOfSchema(schema: GraphQLSchema): TypeIndex {
  const index = new MutableIndex();
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type)) index.addConcrete(type.name);
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const one of type.getInterfaces()) index.add(type.name, one.name);
    }
    if (isUnionType(type)) for (const one of type.getTypes()) index.add(one.name, type.name);
  }
  return index;
}

class MutableIndex implements TypeIndex {
  readonly #concrete = new Set<string>();
  readonly #abstractOf = new Map<string, Set<string>>();

  addConcrete(typeName: string): void {
    this.#concrete.add(typeName);
  }

  add(typeName: string, abstractName: string): void {
    const known = this.#abstractOf.get(typeName);
    if (known === undefined) this.#abstractOf.set(typeName, new Set([abstractName]));
    else known.add(abstractName);
  }

  isOneOf(typeName: string, conditions: readonly string[]): boolean {
    if (conditions.includes(typeName)) return true;
    const abstract = this.#abstractOf.get(typeName);
    return abstract !== undefined && conditions.some((one) => abstract.has(one));
  }

  isConcrete(typeName: string): boolean {
    return this.#concrete.has(typeName);
  }
}

/** Values of an argument of the `join` directives of one name. */
function joined(
  directives: readonly ConstDirectiveNode[] | undefined,
  directive: string,
  argument: string,
): readonly string[] {
  return (directives ?? [])
    .filter((one) => one.name.value === `join__${directive}`)
    .flatMap((one) => one.arguments ?? [])
    .flatMap(({ name, value }) =>
      name.value === argument && value.kind === Kind.STRING ? value.value : [],
    );
}
