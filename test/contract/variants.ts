/** Every variant of every architecture, as the contract suite and its figures know it. */
import type { ApiArchitecture } from '../../src/gateway/architecture.ts';
import { createArchitecture } from '../../src/gateway/architectures.ts';
import { CALL_ORDERS, FAN_OUTS } from '../../src/gateway/plan/fan-out.ts';
import { type CreatePlanRun, createPlanRunner } from '../../src/gateway/plan-run.ts';
import { productSupergraph } from '../../src/gateway/services/product.ts';

/** A variant. */
export interface ArchitectureVariant {
  readonly name: string;
  readonly architecture: ApiArchitecture;
  /** Runs its plans, on the schedule that it has. */
  readonly createRun: CreatePlanRun;
}

const { publicSchema, types } = productSupergraph();
const byPlan = createPlanRunner(publicSchema, { types });
const byData = createPlanRunner(publicSchema, { types, schedule: 'dataflow' });
const federated = createArchitecture('federated');

/** All of them. */
export const VARIANTS: readonly ArchitectureVariant[] = [
  { name: 'monolith', architecture: createArchitecture('monolith'), createRun: byPlan },
  ...FAN_OUTS.map((fanOut) => ({
    name: `direct, ${fanOut}`,
    architecture: createArchitecture('direct', { direct: { fanOut } }),
    createRun: byPlan,
  })),
  ...FAN_OUTS.flatMap((fanOut) =>
    CALL_ORDERS.map((order) => ({
      name: `aggregation, ${fanOut}, ${order}`,
      architecture: createArchitecture('aggregation', { aggregation: { fanOut, order } }),
      createRun: byPlan,
    })),
  ),
  { name: 'federated, plan', architecture: federated, createRun: byPlan },
  { name: 'federated, dataflow', architecture: federated, createRun: byData },
];

/** The variant of that name. */
export function variantNamed(name: string): ArchitectureVariant {
  const found = VARIANTS.find((variant) => variant.name === name);
  if (found === undefined) throw new Error(`no variant "${name}"`);
  return found;
}
