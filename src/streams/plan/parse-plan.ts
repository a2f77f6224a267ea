/** From a document to a plan: shape, then meaning; all problems at once. */
import { z } from 'zod';
import { EngineError, type ScenarioProblem } from '../../kernel/errors.ts';
import { checkPlan } from './check/plan-rules.ts';
import type { PipelinePlan } from './plan.ts';
import { planSchema } from './plan-schema.ts';

/** Deeper documents are refused before anything walks them. */
const DEPTH_MAX = 100;

/** Reads a plan. `JSON.parse(JSON.stringify(plan))` gives an equal plan. Spec: W32.
 * @throws EngineError `PLAN_INVALID` with every problem: its path, what stands there, the rule. */
export function parsePlan(json: unknown): PipelinePlan {
  if (isDeeperThan(json, DEPTH_MAX)) {
    throw invalid('plan', [
      { path: 'plan', found: 'a deep document', rule: `must be at most ${DEPTH_MAX} levels deep` },
    ]);
  }
  const parsed = planSchema.safeParse(json);
  if (!parsed.success) throw invalid(nameOf(json), problemsOf(parsed.error, json));
  return validPlan(parsed.data);
}

/** Checks what a plan of the right shape means. @throws EngineError `PLAN_INVALID`. */
export function validPlan(plan: PipelinePlan): PipelinePlan {
  const { problems } = checkPlan(plan);
  if (problems.length > 0) throw invalid(plan.name, problems);
  return plan;
}

/** The JSON Schema (draft 2020-12) of plan documents. */
export function planJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(planSchema) as Readonly<Record<string, unknown>>;
}

function invalid(name: string, problems: readonly ScenarioProblem[]): EngineError {
  const lines = problems.map(({ path, found, rule }) => `${path}: ${found}: ${rule}`);
  return new EngineError('PLAN_INVALID', `plan "${name}": ${lines.join('; ')}`, { problems });
}

function nameOf(json: unknown): string {
  const name = typeof json === 'object' && json !== null && 'name' in json ? json.name : undefined;
  return typeof name === 'string' ? name : 'without a name';
}

/** Zod's findings, one a place; of a union, those of the variant that came nearest. */
function problemsOf(error: z.ZodError, json: unknown): ScenarioProblem[] {
  const problems = error.issues
    .flatMap((issue) => flatten(issue, []))
    .map((issue) => ({
      path: pathText(issue.path),
      found: excerpt(valueAt(json, issue.path)),
      rule: issue.message,
    }));
  return problems.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

interface Finding {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function flatten(issue: z.core.$ZodIssue, before: readonly PropertyKey[]): Finding[] {
  const path = [...before, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const nearest = issue.errors.reduce((a, b) => (depthOf(b) > depthOf(a) ? b : a));
    return nearest.flatMap((inner) => flatten(inner, path));
  }
  return [{ path, message: issue.message }];
}

function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map(({ path }) => path.length));
}

function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text === '' ? 'plan' : text;
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  let value = json;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
      return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

const EXCERPT_MAX = 80;

function excerpt(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > EXCERPT_MAX ? `${text.slice(0, EXCERPT_MAX)}…` : text;
}

function isDeeperThan(json: unknown, depthMax: number): boolean {
  let level: unknown[] = [json];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > depthMax) return true;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}
