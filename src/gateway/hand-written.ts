/** The vocabulary in which a person writes call plans: ask a root field, ask for entities found at
 * a path, one after the other, all at once. */
import { parse } from 'graphql';
import type { PageName } from '../domain/page.ts';
import type { CallPlan, FetchNode, FlattenNode, FlattenSegment, PlanNode } from './call-plan.ts';
import { badOperation, checkOperation, variableNamesOf } from './federation/operations.ts';
import { PAGE_DOCUMENTS } from './pages.ts';
import { deepFreeze } from './plan/freeze.ts';
import { productSupergraph } from './services/product.ts';

/** A batch of entities asked from one service. */
export interface EntityBatch {
  readonly service: string;
  /** Where the objects stand: fields, and `@` for every element, like `search.@`. */
  readonly path: string;
  readonly type: 'Title' | 'Person';
  /** Fields that the service needs besides the id. */
  readonly needs?: readonly string[];
  /** What to ask of each, as GraphQL selections. */
  readonly select: string;
}

/** The plan of a page.
 * @throws EngineError `GATEWAY_BAD_OPERATION` if the page's query is not valid. */
export function pagePlan(page: PageName, root: PlanNode): CallPlan {
  const { text } = checkOperation(PAGE_DOCUMENTS[page], productSupergraph().publicSchema);
  return deepFreeze({ document: text, root });
}

/** Asks a service one operation. */
export function ask(serviceName: string, operation: string): FetchNode {
  return {
    kind: 'Fetch',
    serviceName,
    operation,
    operationKind: 'query',
    variableUsages: variableNamesOf(parse(operation)),
  };
}

/** Asks a service for more about the objects at a path: one call, each object named once. */
export function askForEach(batch: EntityBatch): FlattenNode {
  const { service, path, type, needs = [], select } = batch;
  const fields = ['__typename', ...needs, 'id'].map((name) => ({ kind: 'Field' as const, name }));
  return {
    kind: 'Flatten',
    path: path.split('.').map((name): FlattenSegment => (name === '@' ? '@' : { Field: name })),
    node: {
      kind: 'Fetch',
      serviceName: service,
      operationKind: 'query',
      operation:
        'query($representations:[_Any!]!){_entities(representations:$representations)' +
        `{...on ${type}{${select}}}}`,
      requires: [{ kind: 'InlineFragment', typeCondition: type, selections: fields }],
    },
  };
}

/** One after the other. */
export function inSequence(...nodes: readonly PlanNode[]): PlanNode {
  return { kind: 'Sequence', nodes };
}

/** All at once. */
export function atOnce(...nodes: readonly PlanNode[]): PlanNode {
  return { kind: 'Parallel', nodes };
}

/** Refuses to plan: nobody has written an endpoint for the operation. */
export function pagesOnly(name: string): () => never {
  return () => {
    const why = `${name} answers pages that people wrote plans for, and no other operations`;
    throw badOperation([`${why}; use monolith or federated`]);
  };
}
