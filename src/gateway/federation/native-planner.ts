/** The query planner as a native add-on: a deterministic function of supergraph and operation. */
import { createRequire } from 'node:module';
import { supergraphError } from './compose.ts';
import { badOperation } from './operations.ts';
import { plannedNode } from './planned-node.ts';
import type { Planner } from './planner.ts';

/** What is used of the native module; its own types require the module to be there. */
interface NativeModule {
  readonly QueryPlanner: new (
    supergraphSdl: string,
  ) => {
    plan(
      query: string,
      operationName: string | null,
      activeLabels: Set<string>,
      percentageValue: number,
    ): { readonly node?: unknown };
  };
}

/** The native planner; undefined on platforms that it is not built for. Deterministic. Cost about
 * 1 ms to make, 0.1 to 0.4 ms a plan.
 * @throws EngineError `GATEWAY_COMPOSITION` for a supergraph that the planner refuses. */
export function createNativePlanner(supergraphSdl: string): Planner | undefined {
  const native = nativeModule();
  if (native === undefined) return undefined;
  const planner = madeNatively(native, supergraphSdl);
  return {
    plan(operation, operationName) {
      return plannedNode(planNatively(planner, operation, operationName ?? null));
    },
  };
}

function madeNatively(native: NativeModule, supergraphSdl: string) {
  try {
    return new native.QueryPlanner(supergraphSdl);
  } catch (cause) {
    throw supergraphError([cause instanceof Error ? cause.message : String(cause)], cause);
  }
}

function planNatively(
  planner: InstanceType<NativeModule['QueryPlanner']>,
  operation: string,
  operationName: string | null,
): unknown {
  try {
    return planner.plan(operation, operationName, new Set(), 0).node;
  } catch (cause) {
    throw badOperation([cause instanceof Error ? cause.message : String(cause)], cause);
  }
}

/** Loads the add-on at first use, so that whoever does not federate does not need it. */
function nativeModule(): NativeModule | undefined {
  const require = createRequire(import.meta.url);
  try {
    return require('@graphql-hive/router-query-planner') as NativeModule;
  } catch {
    return undefined;
  }
}
