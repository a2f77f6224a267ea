/** From plans to what their runs share, compiled once a plan and truth of its conditions. */
import { type GraphQLSchema, parse } from 'graphql';
import type { CallPlan } from '../call-plan.ts';
import { type CompiledPlan, compilePlan } from './compiled-plan.ts';
import { conditionVariables, holds, type Variables } from './conditions.ts';
import { type TypeIndex, typeIndexOfSchema } from './data/type-index.ts';
import { createLruCache } from './lru-cache.ts';
import { withDataflow, withReads } from './schedule/dataflow.ts';
import { compileShaper } from './shape/shape.ts';
import { compileSteps } from './steps.ts';

/** When a fetch starts: once everything before it in the plan's sequences is over, or once what it
 * reads is there. Both give the same answers. */
export type Schedule = 'plan' | 'dataflow';

/** What plans are compiled for. */
export interface PlanCompilerOptions {
  readonly publicSchema: GraphQLSchema;
  /** Types of the supergraph; those of the public schema by default. */
  readonly types?: TypeIndex;
  /** Default `plan`. */
  readonly schedule?: Schedule;
}

/** Truths of conditions remembered a plan: clients choose how many variables decide. */
const MAX_VARIANTS = 64;

/** Makes the function from a plan to what its runs share; the same plan and the same truth of its
 * conditions give the same object. */
export function createPlanCompiler(
  options: PlanCompilerOptions,
): (plan: CallPlan, variables: Variables) => CompiledPlan {
  const { publicSchema, types = typeIndexOfSchema(publicSchema), schedule = 'plan' } = options;
  const known = new WeakMap<CallPlan, (variables: Variables) => CompiledPlan>();
  return (plan, variables) => {
    let compile = known.get(plan);
    if (compile === undefined) {
      compile = createVariants(plan, { publicSchema, types, schedule });
      known.set(plan, compile);
    }
    return compile(variables);
  };
}

/** One compiled plan a truth of the document's conditions. */
function createVariants(plan: CallPlan, options: Required<PlanCompilerOptions>) {
  const { publicSchema, types, schedule } = options;
  const document = parse(plan.document);
  const conditions = conditionVariables(document);
  const planned = withReads(compileSteps(plan));
  const fetches = schedule === 'dataflow' ? withDataflow(planned) : planned;
  const variants = createLruCache<CompiledPlan>(MAX_VARIANTS);
  return (variables: Variables): CompiledPlan => {
    const truth = conditions.map((name) => (holds(variables, name) ? 1 : 0)).join('');
    let variant = variants.get(truth);
    if (variant === undefined) {
      const shape = compileShaper(publicSchema, document, variables);
      variant = compilePlan({ fetches, shape, types });
      variants.set(truth, variant);
    }
    return variant;
  };
}
