/** The shape of a plan document, for parsing and for JSON Schema. What columns and types mean is
 * checked after it, in `check/`. */
import { z } from 'zod';
import type { AggregateSpec } from '../aggregates/aggregate-spec.ts';
import type { WindowSpec } from '../windows/window-spec.ts';
import type { Expression } from './expression.ts';
import { PIPELINE_SCHEMA, type PipelinePlan, type PlanStep, type SourceSpec } from './plan.ts';

/** Names that every target can write without quotes. */
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,62}$/;
/** Names of pipelines, sources, sinks, tables and outputs may have hyphens. */
const TITLE = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
const PATH = /^[A-Za-z_$][\w$-]*(\.[A-Za-z_$][\w$-]*)*$/;

const columnName = z.string().regex(NAME, 'a column is named by letters, digits and _');
const title = z.string().regex(TITLE, 'a name has letters, digits, _ and -');
const duration = z.int().positive();
const wholeUs = z.int().nonnegative();
const columnType = z.enum(['string', 'integer', 'double', 'boolean', 'timestamp']);
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const operator = z.enum([
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'and',
  'or',
  'not',
  'is_null',
  'in',
  'add',
  'sub',
  'mul',
  'div',
  'floor',
  'coalesce',
  'case',
  'concat',
  'lower',
  'starts_with',
]);

const expression: z.ZodType<Expression> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('column'), name: z.string() }),
  z.strictObject({ kind: z.literal('literal'), value: scalar }),
  z.strictObject({
    kind: z.literal('operator'),
    operator,
    get args() {
      return z.array(expression).min(1);
    },
  }),
  z.strictObject({
    kind: z.literal('function'),
    name: columnName,
    version: z.int().positive(),
    returns: columnType,
    get args() {
      return z.array(expression);
    },
  }),
]);

const source = z.strictObject({
  name: title,
  columns: z.record(
    columnName,
    z.strictObject({
      type: columnType,
      path: z.string().regex(PATH, 'a path is names joined by dots').optional(),
    }),
  ),
  time: z.string(),
  watermark: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('bounded'), boundUs: wholeUs }),
    z.strictObject({ kind: z.literal('ascending') }),
    z.strictObject({ kind: z.literal('punctuated'), column: z.string() }),
  ]),
  idleTimeoutUs: duration.optional(),
}) as unknown as z.ZodType<SourceSpec>;

const offset = { offsetUs: z.int().optional() };
const assign = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tumbling'), sizeUs: duration, ...offset }),
  z.strictObject({ kind: z.literal('hopping'), sizeUs: duration, slideUs: duration, ...offset }),
  z.strictObject({
    kind: z.literal('session'),
    gapUs: z.union([duration, expression]),
    touch: z.enum(['merge', 'split', 'kafka']).optional(),
  }),
  z.strictObject({ kind: z.literal('global') }),
  z.strictObject({ kind: z.literal('cumulate'), stepUs: duration, maxSizeUs: duration, ...offset }),
]);

const count = z.strictObject({ kind: z.literal('count'), count: z.int().positive() });
const trigger = z.strictObject({
  early: z
    .discriminatedUnion('kind', [
      count,
      z.strictObject({ kind: z.literal('event-time'), everyUs: duration }),
      z.strictObject({ kind: z.literal('process-time'), delayUs: wholeUs }),
    ])
    .optional(),
  late: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('each') }),
      count,
      z.strictObject({ kind: z.literal('never') }),
    ])
    .optional(),
  onTime: z.boolean().optional(),
  closing: z.enum(['fire-if-non-empty', 'fire-always', 'never']).optional(),
});

const window = z.strictObject({
  assign,
  trigger: trigger.optional(),
  accumulation: z.enum(['accumulating', 'discarding', 'retracting']).optional(),
  allowedLatenessUs: wholeUs.optional(),
  closeRule: z.enum(['watermark', 'stream-time']).optional(),
  watermarkConvention: z.enum(['flink', 'beam']).optional(),
}) as unknown as z.ZodType<WindowSpec>;

const where = { where: expression.optional() };
const aggregate = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('count'), of: expression.optional(), ...where }),
  ...(['sum', 'min', 'max', 'avg', 'count_distinct'] as const).map((kind) =>
    z.strictObject({ kind: z.literal(kind), of: expression, ...where }),
  ),
  z.strictObject({
    kind: z.literal('approx_count_distinct'),
    of: expression,
    precision: z.int().min(4).max(16),
    ...where,
  }),
  z.strictObject({
    kind: z.literal('quantile'),
    of: expression,
    q: z.number().min(0).max(1),
    accuracy: z.number().gte(1e-4).lte(0.5),
    ...where,
  }),
]) as unknown as z.ZodType<AggregateSpec>;

const take = z.record(columnName, z.string());
const orderKey = z.strictObject({ column: z.string(), direction: z.enum(['asc', 'desc']) });

const step = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('filter'), where: expression }),
  z.strictObject({ kind: z.literal('map'), columns: z.record(columnName, expression) }),
  z.strictObject({ kind: z.literal('dedupe'), by: z.array(expression).min(1), ttlUs: duration }),
  z.strictObject({ kind: z.literal('divert'), where: expression, output: title }),
  z.strictObject({
    kind: z.literal('lookup-join'),
    table: title,
    on: expression,
    take,
    missing: z.enum(['null', 'drop']),
  }),
  z.strictObject({
    kind: z.literal('interval-join'),
    right: source,
    leftKey: expression,
    rightKey: expression,
    lowerUs: z.int(),
    upperUs: z.int(),
    take,
  }),
  z.strictObject({
    kind: z.literal('window'),
    window,
    keys: z.record(columnName, expression),
    aggregates: z.record(columnName, aggregate),
    lateOutput: title.optional(),
    top: z.strictObject({ limit: z.int().positive(), by: z.array(orderKey).min(1) }).optional(),
  }),
]) as unknown as z.ZodType<PlanStep>;

const table = z.strictObject({ key: columnType, columns: z.record(columnName, columnType) });

/** The document's schema. */
export const planSchema = z.strictObject({
  schema: z.literal(PIPELINE_SCHEMA),
  name: title,
  source,
  tables: z.record(title, table).optional(),
  steps: z.array(step).max(64),
  sink: z.strictObject({
    name: title,
    mode: z.enum(['append', 'upsert']),
    key: z.array(z.string()),
  }),
}) as unknown as z.ZodType<PipelinePlan>;
