/** A plan as SQL text for the terminal: what it does stands above it in comments. */

import type { LoadedPlan } from '../experiment/io/load-plan.ts';
import { toFlinkSql } from '../streams/flink/to-flink-sql.ts';
import { explain } from '../streams/plan/explain/explain.ts';
import type { PipelinePlan } from '../streams/plan/plan.ts';
import { toBatchSql } from '../streams/sql/to-batch-sql.ts';

/** What to print. */
export interface PlanSqlOptions {
  readonly target: 'duckdb' | 'sqlite' | 'flink-sql';
  readonly variant: 'final' | 'update';
}

/** A printed plan. */
export interface PlanSql {
  /** A script: every line is SQL or a comment. */
  readonly sql: string;
  /** What is not exactly the plan's meaning. */
  readonly warnings: readonly string[];
}

/** Prints a plan. Sources and tables are relations of their own names.
 * @throws EngineError `PLAN_UNSUPPORTED` with every reason. */
export function planSql({ plan, functions }: LoadedPlan, options: PlanSqlOptions): PlanSql {
  const { target, variant } = options;
  const header = comment(explain(plan, { targets: [target] }));
  if (target === 'flink-sql') {
    const { sql, warnings } = toFlinkSql(plan, { variant, functions });
    return { sql: `${header}\n${sql.trimEnd()}\n`, warnings };
  }
  const batch = toBatchSql(plan, {
    dialect: target,
    functions,
    from: relations(sourcesOf(plan)),
    tables: relations(Object.keys(plan.tables ?? {})),
  });
  const { sql, sideOutputs, warnings } = batch;
  const statements = [`-- ${plan.sink.name}\n${sql.trimEnd()};`];
  for (const [name, side] of Object.entries(sideOutputs)) {
    statements.push(`-- ${name}\n${side.trimEnd()};`);
  }
  return { sql: `${header}\n${statements.join('\n\n')}\n`, warnings };
}

function comment(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `-- ${line}`.trimEnd())
    .join('\n');
}

function sourcesOf({ source, steps }: PipelinePlan): string[] {
  const joined = steps.flatMap((step) => (step.kind === 'interval-join' ? [step.right.name] : []));
  return [source.name, ...joined];
}

function relations(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, name]));
}
