/** Splits an operation by who answers its root fields: services, or the gateway itself, which knows
 * `__schema`, `__type` and `__typename` without asking anybody. */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  separateOperations,
} from 'graphql';

/** One operation with the fragments that it uses, by who answers. */
export interface SplitOperation {
  /** The whole. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** What services answer; undefined where there is nothing of that. */
  readonly fetched: DocumentNode | undefined;
  /** Introspection; undefined where there is none. */
  readonly introspection: DocumentNode | undefined;
}

const INTROSPECTION = new Set(['__schema', '__type']);

/** Takes one operation out of a valid document and splits it. */
export function splitOperation(
  source: DocumentNode,
  operation: OperationDefinitionNode,
): SplitOperation {
  const separated = separateOperations(source)[operation.name?.value ?? ''];
  const document = separated ?? source;
  const part = (keeps: (fieldName: string) => boolean): DocumentNode | undefined => {
    const fragments = new Map<string, FragmentDefinitionNode>();
    for (const node of document.definitions) {
      if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
    }
    const selectionSet = kept(operation.selectionSet, fragments, keeps);
    if (selectionSet === undefined) return undefined;
    const definitions = document.definitions.map((node) =>
      node.kind === Kind.OPERATION_DEFINITION ? { ...node, selectionSet } : node,
    );
    return { ...document, definitions };
  };
  const introspection = part((name) => INTROSPECTION.has(name));
  const hasOwnFields = introspection !== undefined || part((name) => name === '__typename');
  const fetched = hasOwnFields ? part((name) => !name.startsWith('__')) : document;
  return { document, operation, fetched, introspection };
}

/** The selections of root fields that are kept; undefined where none is. Fragments are written out
 * where something in them is left out. */
function kept(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  keeps: (fieldName: string) => boolean,
): SelectionSetNode | undefined {
  const selections = set.selections.flatMap((selection): readonly SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return keeps(selection.name.value) ? [selection] : [];
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    const inner = fragment && kept(fragment.selectionSet, fragments, keeps);
    if (fragment === undefined || inner === undefined) return [];
    const { typeCondition } = fragment;
    const { directives = [] } = selection;
    return [
      {
        kind: Kind.INLINE_FRAGMENT,
        ...(typeCondition === undefined ? {} : { typeCondition }),
        directives,
        selectionSet: inner,
      },
    ];
  });
  return selections.length === 0 ? undefined : { ...set, selections };
}
