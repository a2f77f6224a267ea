/** The face that all four architectures share. A page becomes a call plan: plain, immutable data;
 * an architecture says what plan, where it is executed, and which links its calls cross. */
import type { PageName } from '../domain/page.ts';
import type { CallPlan } from './call-plan.ts';

/** In the order in which reports list them. */
export const ARCHITECTURE_NAMES = ['monolith', 'direct', 'aggregation', 'federated'] as const;
/** One of {@link ARCHITECTURE_NAMES}. */
export type ArchitectureName = (typeof ARCHITECTURE_NAMES)[number];

/** One architecture. */
export interface ApiArchitecture {
  readonly name: ArchitectureName;
  /** Who runs the plan: the one server, the device itself, the gateway, or the router. */
  readonly executedAt: 'server' | 'device' | 'gateway' | 'router';
  /** The services its plans fetch from, in a fixed order. `['monolith']` for the monolith. */
  readonly services: readonly string[];
  /** The plan of a page, the same object for the same page. Frozen.
   * @throws EngineError `GATEWAY_BAD_OPERATION` if the page's query is not valid. */
  plan(page: PageName): CallPlan;
  /** The plan of any operation over the public schema. Frozen.
   * @throws EngineError `GATEWAY_BAD_OPERATION` if the operation is not valid, or if people write
   * this architecture's plans by hand, page by page. */
  planOperation(query: string): CallPlan;
}
