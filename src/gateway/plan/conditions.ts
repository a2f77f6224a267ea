/** @skip and @include: the only ways in which variables change the shape of an answer. */
import { type DocumentNode, Kind, type SelectionNode, type ValueNode, visit } from 'graphql';

/** Page variables by name. */
export type Variables = Readonly<Record<string, unknown>>;

/** Whether a variable holds. Page variables travel as text, so the text `true` holds as well. */
export function holds(variables: Variables, name: string): boolean {
  const value = variables[name];
  return value === true || value === 'true';
}

/** Whether a selection is part of the answer. */
export function isIncluded(selection: SelectionNode, variables: Variables): boolean {
  return (selection.directives ?? []).every((directive) => {
    const name = directive.name.value;
    if (name !== 'skip' && name !== 'include') return true;
    const argument = directive.arguments?.find((one) => one.name.value === 'if');
    return argument === undefined || isTrue(argument.value, variables) === (name === 'include');
  });
}

/** Names of the variables that conditions of a document read, sorted. */
export function conditionVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(node) {
      const value = node.arguments?.find((one) => one.name.value === 'if')?.value;
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names].sort();
}

function isTrue(value: ValueNode, variables: Variables): boolean {
  if (value.kind === Kind.VARIABLE) return holds(variables, value.name.value);
  return value.kind === Kind.BOOLEAN && value.value;
}
