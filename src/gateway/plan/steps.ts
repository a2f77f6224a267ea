/** A call plan made ready to run: fetches are numbered in the order in which they stand in the
 * plan, and each one knows the fetches that are over before it starts. */
import { Kind, parse, type SelectionNode } from 'graphql';
import type {
  BatchFetchNode,
  CallPlan,
  FetchNode,
  FlattenSegment,
  PlanNode,
  RequiredSelection,
  Rewrite,
} from '../call-plan.ts';

/** A fetch of the plan. */
export interface FetchStep {
  /** Position among the plan's fetches. */
  readonly index: number;
  readonly serviceName: string;
  readonly operation: string;
  readonly isMutation: boolean;
  readonly variableUsages: readonly string[];
  /** Batches of entities that it asks for; undefined for a fetch of root fields. */
  readonly batches: readonly EntityBatchStep[] | undefined;
  /** Fetches that are over before this one starts, ascending. */
  readonly after: readonly number[];
  /** Those of them whose data it needs, with those that these need: what it carries is made from
   * theirs alone, so that the schedule cannot matter. */
  readonly reads: readonly number[];
  /** What must be so, or the fetch is not made. */
  readonly guards: readonly Guard[];
  /** Where errors of a failed fetch point: up to the first list, or one a root field. */
  readonly errorPaths: readonly (readonly string[])[];
  /** Changes to the answer of a fetch of root fields. */
  readonly outputRewrites: readonly Rewrite[];
  /** Representations a call at most; undefined where all go in one call. */
  readonly maxBatch: number | undefined;
  /** Calls of this fetch that are under way at once, at most; may be Infinity. */
  readonly maxInFlight: number;
}

/** A variable and the truth that it must have. */
export interface Guard {
  readonly variable: string;
  readonly holds: boolean;
}

/** Entities asked for in one fetch under one key. */
export interface EntityBatchStep {
  /** Key of their list in the service's answer. */
  readonly key: string;
  /** Variable that carries their representations; batches may share one. */
  readonly variable: string;
  /** Where the objects stand that they tell more of. */
  readonly paths: readonly (readonly FlattenSegment[])[];
  readonly requires: readonly RequiredSelection[];
  readonly inputRewrites: readonly Rewrite[];
  readonly outputRewrites: readonly Rewrite[];
}

/** Where the compiler stands in the plan. */
interface Place {
  readonly path: readonly FlattenSegment[];
  readonly after: readonly number[];
  readonly guards: readonly Guard[];
}

/** The fetches of a plan in the order in which they stand in it. `after` is what the plan's
 * sequences say, and `reads` is all of that. */
export function compileSteps(plan: CallPlan): readonly FetchStep[] {
  const fetches: FetchStep[] = [];
  compileNode(plan.root, { path: [], after: [], guards: [] }, fetches);
  return fetches;
}

function compileNode(node: PlanNode, place: Place, fetches: FetchStep[]): void {
  switch (node.kind) {
    case 'Fetch':
    case 'BatchFetch':
      fetches.push(compileFetch(node, place, fetches.length));
      break;
    case 'Sequence': {
      const first = fetches.length;
      for (const child of node.nodes) {
        const after = [...place.after, ...range(first, fetches)];
        compileNode(child, { ...place, after }, fetches);
      }
      break;
    }
    case 'Parallel':
      for (const child of node.nodes) compileNode(child, place, fetches);
      break;
    case 'Flatten':
      compileNode(node.node, { ...place, path: [...place.path, ...node.path] }, fetches);
      break;
    case 'Condition':
      for (const holds of [true, false]) {
        const clause = holds ? node.ifClause : node.elseClause;
        const guards = [...place.guards, { variable: node.condition, holds }];
        if (clause) compileNode(clause, { ...place, guards }, fetches);
      }
  }
}

function range(first: number, fetches: readonly FetchStep[]): readonly number[] {
  return fetches.slice(first).map((fetch) => fetch.index);
}

function compileFetch(node: FetchNode | BatchFetchNode, place: Place, index: number): FetchStep {
  const batches = batchesOf(node, place);
  const paths = batches?.flatMap((batch) => batch.paths).map(stem) ?? rootPaths(node.operation);
  return {
    index,
    serviceName: node.serviceName,
    operation: node.operation,
    isMutation: node.operationKind === 'mutation',
    variableUsages: node.variableUsages ?? [],
    batches,
    after: place.after,
    reads: place.after,
    guards: place.guards,
    errorPaths: paths,
    outputRewrites: (node.kind === 'Fetch' && node.outputRewrites) || [],
    maxBatch: node.kind === 'Fetch' && batches !== undefined ? node.maxBatch : undefined,
    maxInFlight: (node.kind === 'Fetch' ? node.maxInFlight : undefined) ?? Number.POSITIVE_INFINITY,
  };
}

function batchesOf(
  node: FetchNode | BatchFetchNode,
  place: Place,
): readonly EntityBatchStep[] | undefined {
  if (node.kind === 'BatchFetch') {
    return node.entityBatch.aliases.map((batch) => ({
      key: batch.alias,
      variable: batch.representationsVariableName,
      paths: batch.paths.map((path) => [...place.path, ...path]),
      requires: batch.requires,
      inputRewrites: batch.inputRewrites ?? [],
      outputRewrites: batch.outputRewrites ?? [],
    }));
  }
  const { requires } = node;
  if (!requires) return undefined;
  return [
    {
      key: '_entities',
      variable: 'representations',
      paths: [place.path],
      requires,
      inputRewrites: node.inputRewrites ?? [],
      outputRewrites: node.outputRewrites ?? [],
    },
  ];
}

/** The fields of a path up to its first list. */
function stem(path: readonly FlattenSegment[]): readonly string[] {
  const list = path.indexOf('@');
  return path
    .slice(0, list < 0 ? path.length : list)
    .flatMap((segment) => (typeof segment === 'object' && 'Field' in segment ? segment.Field : []));
}

/** One path a response key at the root of an operation; the root itself where none is plain. */
function rootPaths(operation: string): readonly (readonly string[])[] {
  const keysOf = (selection: SelectionNode): readonly string[] => {
    if (selection.kind === Kind.FIELD) return [(selection.alias ?? selection.name).value];
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return selection.selectionSet.selections.flatMap(keysOf);
    }
    return [];
  };
  const keys = parse(operation).definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? node.selectionSet.selections.flatMap(keysOf) : [],
  );
  return keys.length === 0 ? [[]] : keys.map((key) => [key]);
}
