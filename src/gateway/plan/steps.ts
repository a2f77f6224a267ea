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
} from '../call-plan.ts';

/** A fetch of the plan. */
export interface FetchStep {
  readonly kind: 'fetch';
  /** Position among the plan's fetches. */
  readonly index: number;
  readonly serviceName: string;
  readonly operation: string;
  readonly variableUsages: readonly string[];
  /** Batches of entities that it asks for; undefined for a fetch of root fields. */
  readonly batches: readonly EntityBatchStep[] | undefined;
  /** Fetches that have completed whenever this one starts, ascending. */
  readonly after: readonly number[];
  /** Where errors of a failed fetch point: up to the first list, or one a root field. */
  readonly errorPaths: readonly (readonly string[])[];
}

/** Entities asked for in one fetch under one key. */
export interface EntityBatchStep {
  /** Key of their list in the service's answer. */
  readonly key: string;
  /** Variable that carries their representations. */
  readonly variable: string;
  /** Where the objects stand that they tell more of. */
  readonly paths: readonly (readonly FlattenSegment[])[];
  readonly requires: readonly RequiredSelection[];
}

/** A step of a plan. */
export type PlanStep =
  | FetchStep
  | { readonly kind: 'sequence' | 'parallel'; readonly steps: readonly PlanStep[] }
  | {
      readonly kind: 'condition';
      readonly variable: string;
      readonly ifStep: PlanStep | undefined;
      readonly elseStep: PlanStep | undefined;
    };

/** All steps of a plan. */
export interface PlanSteps {
  readonly root: PlanStep;
  readonly fetches: readonly FetchStep[];
}

/** Where the compiler stands in the plan. */
interface Place {
  readonly path: readonly FlattenSegment[];
  readonly after: readonly number[];
}

/** Compiles the nodes of a plan. */
export function compileSteps(plan: CallPlan): PlanSteps {
  const fetches: FetchStep[] = [];
  const root = compileNode(plan.root, { path: [], after: [] }, fetches);
  return { root, fetches };
}

function compileNode(node: PlanNode, place: Place, fetches: FetchStep[]): PlanStep {
  switch (node.kind) {
    case 'Fetch':
    case 'BatchFetch': {
      const step = compileFetch(node, place, fetches.length);
      fetches.push(step);
      return step;
    }
    case 'Sequence': {
      const first = fetches.length;
      const steps = node.nodes.map((child) =>
        compileNode(
          child,
          { ...place, after: [...place.after, ...range(first, fetches)] },
          fetches,
        ),
      );
      return { kind: 'sequence', steps };
    }
    case 'Parallel':
      return {
        kind: 'parallel',
        steps: node.nodes.map((child) => compileNode(child, place, fetches)),
      };
    case 'Flatten':
      return compileNode(node.node, { ...place, path: [...place.path, ...node.path] }, fetches);
    case 'Condition': {
      const branch = (clause: PlanNode | null | undefined) =>
        clause ? compileNode(clause, place, fetches) : undefined;
      const ifStep = branch(node.ifClause);
      const elseStep = branch(node.elseClause);
      return { kind: 'condition', variable: node.condition, ifStep, elseStep };
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
    kind: 'fetch',
    index,
    serviceName: node.serviceName,
    operation: node.operation,
    variableUsages: node.variableUsages ?? [],
    batches,
    after: place.after,
    errorPaths: paths,
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
    }));
  }
  const { requires } = node;
  if (!requires) return undefined;
  return [{ key: '_entities', variable: 'representations', paths: [place.path], requires }];
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
