/** How a plan that people wrote fans out: the same questions as one batch or as a call an id, all
 * at once or strictly one after the other. A plan in, a plan out; the answer stays the same. */
import type { FetchNode, PlanNode } from '../call-plan.ts';

/** How entities are asked for: all of one kind and place in one call, or one call an id. */
export const FAN_OUTS = ['batch', 'per-id'] as const;
/** One of {@link FAN_OUTS}. */
export type FanOut = (typeof FAN_OUTS)[number];

/** Whether what does not depend on anything is asked at once, or every call waits for the one
 * before it, as code does that awaits each call. */
export const CALL_ORDERS = ['parallel', 'sequential'] as const;
/** One of {@link CALL_ORDERS}. */
export type CallOrder = (typeof CALL_ORDERS)[number];

/** How to fan out. */
export interface FanOutOptions {
  /** Default `batch`. */
  readonly fanOut?: FanOut;
  /** Default `parallel`. */
  readonly order?: CallOrder;
}

/** The plan that asks the same in another way. Pure. Spec: G40, G41. */
export function fannedOut(node: PlanNode, options: FanOutOptions): PlanNode {
  const { fanOut = 'batch', order = 'parallel' } = options;
  const again = (one: PlanNode) => fannedOut(one, options);
  switch (node.kind) {
    case 'Fetch':
      return node.requires && fanOut === 'per-id' ? perId(node, order) : node;
    case 'BatchFetch':
      return node;
    case 'Flatten':
      return { ...node, node: again(node.node) };
    case 'Condition':
      return {
        ...node,
        ifClause: node.ifClause ? again(node.ifClause) : null,
        elseClause: node.elseClause ? again(node.elseClause) : null,
      };
    case 'Sequence':
    case 'Parallel':
      return {
        kind: order === 'sequential' ? 'Sequence' : node.kind,
        nodes: node.nodes.map(again),
      };
  }
}

function perId(node: FetchNode, order: CallOrder): FetchNode {
  return order === 'sequential'
    ? { ...node, maxBatch: 1, maxInFlight: 1 }
    : { ...node, maxBatch: 1 };
}
