/** A call plan: which service is asked what, in which order. Plain, serialisable, immutable data in
 * the words of GraphQL federation; the nodes are those that the query planner emits, so that a
 * planned and a hand-written plan are one type. */

/** Ask one service one operation. */
export interface FetchNode {
  readonly kind: 'Fetch';
  readonly serviceName: string;
  /** GraphQL text sent to the service. */
  readonly operation: string;
  readonly operationKind?: string | null;
  readonly operationName?: string | null;
  /** Names of the page's variables that the operation uses. */
  readonly variableUsages?: readonly string[] | null;
  /** Entity fetch: what of each parent object becomes its representation. */
  readonly requires?: readonly RequiredSelection[] | null;
  /** Changes to each representation before it is sent. */
  readonly inputRewrites?: readonly Rewrite[] | null;
  /** Changes to the answer (of an entity fetch: to each entity) before it is merged. */
  readonly outputRewrites?: readonly Rewrite[] | null;
  /** Entity fetch: at most so many representations a call, so that one step makes several calls.
   * 1: a call per id. Unlimited by default. */
  readonly maxBatch?: number;
  /** Of these calls, at most so many are under way at once. 1: one after the other. Unlimited by
   * default. */
  readonly maxInFlight?: number;
}

/** One step of a rewrite's way: into a key, or only on where the object is of one of the types. */
export type RewriteSegment =
  | { readonly Key: string }
  | { readonly TypenameEquals: readonly string[] };

/** A change to data at the end of a way: a value set or a key renamed. Lists are walked through. */
export type Rewrite =
  | {
      readonly ValueSetter: {
        readonly path: readonly RewriteSegment[];
        readonly setValueTo: unknown;
      };
    }
  | {
      readonly KeyRenamer: {
        readonly path: readonly RewriteSegment[];
        readonly renameKeyTo: string;
      };
    };

/** Ask one service for several batches of entities at once, each under an alias. */
export interface BatchFetchNode {
  readonly kind: 'BatchFetch';
  readonly serviceName: string;
  /** GraphQL text sent to the service: one aliased `_entities` a batch. */
  readonly operation: string;
  readonly operationKind?: string | null;
  readonly operationName?: string | null;
  /** Names of the page's variables that the operation uses. */
  readonly variableUsages?: readonly string[] | null;
  readonly entityBatch: { readonly aliases: readonly EntityAlias[] };
}

/** One batch of entities of a {@link BatchFetchNode}: for the objects found at any of the paths. */
export interface EntityAlias {
  readonly alias: string;
  readonly representationsVariableName: string;
  readonly paths: readonly (readonly FlattenSegment[])[];
  readonly requires: readonly RequiredSelection[];
  /** Changes to each representation before it is sent. */
  readonly inputRewrites?: readonly Rewrite[] | null;
  /** Changes to each entity before it is merged. */
  readonly outputRewrites?: readonly Rewrite[] | null;
}

/** A selection of an entity's representation. */
export type RequiredSelection =
  | {
      readonly kind: 'Field';
      /** Key in the data so far. */
      readonly name: string;
      /** Key in the representation, where it is another one. */
      readonly alias?: string | null;
      readonly selections?: readonly RequiredSelection[] | null;
    }
  | {
      readonly kind: 'InlineFragment';
      readonly typeCondition: string;
      readonly selections: readonly RequiredSelection[];
      /** Variables that decide whether the selection was asked for at all. */
      readonly skipIf?: string | null;
      readonly includeIf?: string | null;
    };

/** One after the other. */
export interface SequenceNode {
  readonly kind: 'Sequence';
  readonly nodes: readonly PlanNode[];
}

/** All at once; done when all are done. */
export interface ParallelNode {
  readonly kind: 'Parallel';
  readonly nodes: readonly PlanNode[];
}

/** One step into the response: a field, every element of a list, or objects of some types. */
export type FlattenSegment =
  | '@'
  | { readonly Field: string }
  | { readonly TypeCondition: readonly string[] };

/** Run a fetch for the objects found at `path` of the data so far. */
export interface FlattenNode {
  readonly kind: 'Flatten';
  readonly path: readonly FlattenSegment[];
  readonly node: PlanNode;
}

/** Run one of two nodes by the truth of a page variable. */
export interface ConditionNode {
  readonly kind: 'Condition';
  readonly condition: string;
  readonly ifClause?: PlanNode | null;
  readonly elseClause?: PlanNode | null;
}

/** Any node. */
export type PlanNode =
  | FetchNode
  | BatchFetchNode
  | SequenceNode
  | ParallelNode
  | FlattenNode
  | ConditionNode;

/** A whole plan: the page's GraphQL document (to shape the answer) and the root node. */
export interface CallPlan {
  readonly document: string;
  readonly root: PlanNode;
}
