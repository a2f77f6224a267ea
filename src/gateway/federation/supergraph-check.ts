/** Checks a supergraph that somebody else composed, before a planner reads it: the native planner
 * ends the process for a field or a graph that is not there. Takes what composition writes. */
import {
  buildASTSchema,
  type DirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  FieldsOnCorrectTypeRule,
  FragmentsOnCompositeTypesRule,
  type GraphQLSchema,
  getNamedType,
  type InputValueDefinitionNode,
  isInterfaceType,
  isObjectType,
  Kind,
  KnownFragmentNamesRule,
  KnownTypeNamesRule,
  NoFragmentCyclesRule,
  parse,
  parseType,
  ScalarLeafsRule,
  validate,
  visit,
} from 'graphql';

/** Finds what planners choke on.
 * @returns problems, in the order of the document; none for a supergraph that can be planned on.
 * @throws Error for types that are declared nowhere. */
export function supergraphProblems(document: DocumentNode): readonly string[] {
  const schema = buildASTSchema(document, { assumeValid: true });
  const problems = schema.getQueryType() === undefined ? ['it has no type Query'] : [];
  return [
    ...problems,
    ...graphProblems(document),
    ...typeProblems(document),
    ...fieldSetProblems(document, schema),
  ];
}

/** Graphs that a `graph:` names and the enum does not have. */
function graphProblems(document: DocumentNode): readonly string[] {
  const graphs = new Set<string>();
  for (const node of document.definitions) {
    if (node.kind !== Kind.ENUM_TYPE_DEFINITION || node.name.value !== 'join__Graph') continue;
    for (const { name } of node.values ?? []) graphs.add(name.value);
  }
  const unknown = new Set<string>();
  visit(document, {
    Directive({ name, arguments: given = [] }) {
      if (!name.value.startsWith('join__')) return;
      for (const { name: argument, value } of given) {
        if (argument.value !== 'graph' || value.kind !== Kind.ENUM) continue;
        if (!graphs.has(value.value)) unknown.add(value.value);
      }
    },
  });
  return [...unknown].map((one) => `the enum join__Graph has no ${one}, which is named as a graph`);
}

/** Types of fields in one graph, `type: "[Int!]"`, that are no types. */
function typeProblems(document: DocumentNode): readonly string[] {
  const problems: string[] = [];
  const checkField = (field: FieldDefinitionNode | InputValueDefinitionNode) => {
    const { name, directives } = field;
    for (const type of texts(directives, 'field', 'type')) {
      try {
        parseType(type);
      } catch (cause) {
        problems.push(`the type ${JSON.stringify(type)} of ${name.value}: ${messageOf(cause)}`);
      }
    }
  };
  visit(document, { FieldDefinition: checkField, InputValueDefinition: checkField });
  return problems;
}

/** Fields as text, on a type: `id owner { id }`. */
interface FieldSet {
  /** As the problem names it. */
  readonly place: string;
  readonly typeName: string;
  readonly fields: string;
}

/** Rules that fields of keys must keep, and no more than planners need. */
const FIELD_RULES = [
  KnownFragmentNamesRule,
  NoFragmentCyclesRule,
  KnownTypeNamesRule,
  FragmentsOnCompositeTypesRule,
  FieldsOnCorrectTypeRule,
  ScalarLeafsRule,
];

function fieldSetProblems(document: DocumentNode, schema: GraphQLSchema): readonly string[] {
  return fieldSetsOf(document, schema).flatMap(({ place, typeName, fields }) => {
    const told = (problem: string) => `${place} ${JSON.stringify(fields)}: ${problem}`;
    try {
      const fragment = parse(`fragment F on ${typeName} {${fields}}`, { noLocation: true });
      if (fragment.definitions.length > 1) return [told('there is a } too many')];
      if (selectsNothing(fragment)) return [told('there must be a field between braces')];
      return validate(schema, fragment, FIELD_RULES).map(({ message }) => told(message));
    } catch (cause) {
      return [told(messageOf(cause))];
    }
  });
}

/** Braces without a field: the parser takes them, planners do not. */
function selectsNothing(fragment: DocumentNode): boolean {
  let isEmpty = false;
  visit(fragment, {
    SelectionSet({ selections }) {
      isEmpty ||= selections.length === 0;
    },
  });
  return isEmpty;
}

/** Keys of types; what fields require of their type and provide of what they answer. */
function fieldSetsOf(document: DocumentNode, schema: GraphQLSchema): readonly FieldSet[] {
  const found: FieldSet[] = [];
  for (const node of document.definitions) {
    if (!('directives' in node) || !('name' in node) || node.name === undefined) continue;
    const typeName = node.name.value;
    for (const fields of texts(node.directives, 'type', 'key')) {
      found.push({ place: `the key of ${typeName}`, typeName, fields });
    }
    const type = schema.getType(typeName);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const { name, astNode, type: answered } of Object.values(type.getFields())) {
      const place = `${typeName}.${name}`;
      for (const fields of texts(astNode?.directives, 'field', 'requires')) {
        found.push({ place: `what ${place} requires`, typeName, fields });
      }
      for (const fields of texts(astNode?.directives, 'field', 'provides')) {
        const { name: providedType } = getNamedType(answered);
        found.push({ place: `what ${place} provides`, typeName: providedType, fields });
      }
    }
  }
  return found;
}

/** Texts of an argument of the `join` directives of one name. */
function texts(
  directives: readonly DirectiveNode[] | undefined,
  directive: string,
  argument: string,
): readonly string[] {
  return (directives ?? [])
    .filter(({ name }) => name.value === `join__${directive}`)
    .flatMap((one) => one.arguments ?? [])
    .flatMap(({ name, value }) =>
      name.value === argument && value.kind === Kind.STRING ? value.value : [],
    );
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
