/** Query planning behind one interface: the native planner where the platform has it, else plans
 * recorded from it. Both write the same plan, operations as short as GraphQL allows. */
import type { PlanNode } from '../call-plan.ts';

/** Plans operations over one supergraph. */
export interface Planner {
  /** @param operation - A document that is valid against the public schema.
   * @param operationName - Which of its operations; the first by default.
   * @throws EngineError `GATEWAY_BAD_OPERATION` where the planner refuses it,
   * `PLATFORM_UNSUPPORTED` where neither the planner nor a recorded plan is there. */
  plan(operation: string, operationName?: string): PlanNode;
}
