/** Random expressions over a row of every type, and random rows: texts beyond the basic plane, NULL
 * everywhere, numbers that overflow. Every expression has a type that the plan checker accepts. */
import { fc } from '@fast-check/vitest';
import type {
  ColumnType,
  Expression,
  Operator,
  Scalar,
} from '../../../src/streams/plan/expression.ts';

/** The columns that the expressions read. */
export const COLUMNS = {
  row_no: 'integer',
  s1: 'string',
  s2: 'string',
  d1: 'double',
  d2: 'double',
  i1: 'integer',
  b1: 'boolean',
  at: 'timestamp',
} as const satisfies Record<string, ColumnType>;

/** A row of these columns. */
export type ExpressionRow = Readonly<Record<keyof typeof COLUMNS, Scalar>>;

const text = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'A',
    'Aa',
    'ab',
    "o'Neil",
    '"',
    '\\',
    '%',
    '\n',
    'é',
    'É',
    'ß',
    'İ',
    'Σ',
  ),
  fc.constantFrom('\uFFFD', '\uE000', '😀', '😀a', '𐀀', 'a\uFFFD', 'a😀', "'; DROP TABLE t; --"),
  fc.string({ unit: 'grapheme', maxLength: 4 }).filter((one) => !one.includes('\0')),
);
const number = fc.oneof(
  fc.constantFrom(0, 1, -1, 2, 0.5, -0.5, 1e300, -1e300, 1e-300, 0.1, 3, 1 / 3),
  fc.integer({ min: -10, max: 10 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => one + 0),
);

const orNull = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null, freq: 4 });

/** Rows numbered from 0. */
export const rows: fc.Arbitrary<ExpressionRow[]> = fc
  .array(
    fc.record({
      s1: orNull(text),
      s2: orNull(text),
      d1: orNull(number),
      d2: orNull(number),
      i1: orNull(fc.integer({ min: -1000, max: 1000 })),
      b1: orNull(fc.boolean()),
      at: orNull(fc.integer({ min: 0, max: 2 ** 52 })),
    }),
    { minLength: 6, maxLength: 6 },
  )
  .map((all) => all.map((row, i) => ({ row_no: i, ...row })));

const literal = (value: Scalar): Expression => ({ kind: 'literal', value });
const column = (name: keyof typeof COLUMNS): Expression => ({ kind: 'column', name });
const op = (operator: Operator, ...args: Expression[]): Expression => ({
  kind: 'operator',
  operator,
  args,
});

type Kind = 'text' | 'number' | 'boolean';
type Tie = (kind: Kind) => fc.Arbitrary<Expression>;

const byKind = fc.letrec<Record<Kind, Expression>>((tie: Tie) => ({
  text: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'e', withCrossShrink: true },
    fc.constantFrom(column('s1'), column('s2')),
    orNull(text).map(literal),
    fc.array(tie('text'), { minLength: 2, maxLength: 3 }).map((args) => op('concat', ...args)),
    tie('text').map((one) => op('lower', one)),
    fc.array(tie('text'), { minLength: 2, maxLength: 3 }).map((args) => op('coalesce', ...args)),
    fc.tuple(tie('boolean'), tie('text'), tie('text')).map((args) => op('case', ...args)),
  ),
  number: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'e', withCrossShrink: true },
    fc.constantFrom(column('d1'), column('d2'), column('i1'), column('at')),
    orNull(number).map(literal),
    fc
      .tuple(
        fc.constantFrom<Operator>('add', 'mul'),
        fc.array(tie('number'), { minLength: 2, maxLength: 3 }),
      )
      .map(([operator, args]) => op(operator, ...args)),
    fc
      .tuple(fc.constantFrom<Operator>('sub', 'div'), tie('number'), tie('number'))
      .map(([operator, a, b]) => op(operator, a, b)),
    tie('number').map((one) => op('floor', one)),
    fc.array(tie('number'), { minLength: 2, maxLength: 3 }).map((args) => op('coalesce', ...args)),
    fc
      .tuple(tie('boolean'), tie('number'), tie('boolean'), tie('number'), tie('number'))
      .map((args) => op('case', ...args)),
  ),
  boolean: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'e', withCrossShrink: true },
    fc.constant(column('b1')),
    orNull(fc.boolean()).map(literal),
    comparison(tie('text')),
    comparison(tie('number')),
    fc
      .tuple(fc.constantFrom<Operator>('eq', 'ne'), tie('boolean'), tie('boolean'))
      .map(([operator, a, b]) => op(operator, a, b)),
    fc
      .tuple(
        fc.constantFrom<Operator>('and', 'or'),
        fc.array(tie('boolean'), { minLength: 2, maxLength: 3 }),
      )
      .map(([operator, args]) => op(operator, ...args)),
    tie('boolean').map((one) => op('not', one)),
    fc.oneof(tie('text'), tie('number'), tie('boolean')).map((one) => op('is_null', one)),
    fc.array(tie('text'), { minLength: 2, maxLength: 4 }).map((args) => op('in', ...args)),
    fc.array(tie('number'), { minLength: 2, maxLength: 4 }).map((args) => op('in', ...args)),
    fc.tuple(tie('text'), tie('text')).map((args) => op('starts_with', ...args)),
  ),
}));

function comparison(of: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> {
  return fc
    .tuple(fc.constantFrom<Operator>('eq', 'ne', 'lt', 'le', 'gt', 'ge'), of, of)
    .map(([operator, a, b]) => op(operator, a, b));
}

/** Expressions with a text, a number, a condition. */
export const { text: texts, number: numbers, boolean: booleans } = byKind;

/** An expression of any type. */
export const expressions: fc.Arbitrary<Expression> = fc.oneof(texts, numbers, booleans);
