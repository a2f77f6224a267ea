/** Expressions in generated JavaScript mean what SQL means: compared with a plain interpreter of
 * three-valued logic over random expressions and rows. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  compileCondition,
  compileExpression,
  compileRow,
} from '../../../src/streams/execute/compile-expression.ts';
import { compareTexts, compareValues } from '../../../src/streams/plan/compare.ts';
import type { Expression, Operator, Scalar } from '../../../src/streams/plan/expression.ts';
import { defineFunction, functionsByName } from '../../../src/streams/plan/functions.ts';

const NONE = functionsByName([]);
const column = (name: string): Expression => ({ kind: 'column', name });
const literal = (value: Scalar): Expression => ({ kind: 'literal', value });
const op = (operator: Operator, ...args: Expression[]): Expression => ({
  kind: 'operator',
  operator,
  args,
});

const text = fc.constantFrom<Scalar>(null, '', 'a', 'B', 'ab', '\ud83d\ude00', '\uff5e', '\u0000');
const number = fc.constantFrom<Scalar>(null, 0, 1, -1, 2.5, -7, 1e308, 9_007_199_254_740_991);
const boolean = fc.constantFrom<Scalar>(null, true, false);
const rows = fc.record({ s: text, t: text, n: number, m: number, b: boolean, c: boolean });

/** Expressions of each type, a few levels deep. */
const { texts, numbers, booleans } = fc.letrec<{
  texts: Expression;
  numbers: Expression;
  booleans: Expression;
}>((tie) => {
  const of = (operator: Operator, ...args: fc.Arbitrary<Expression>[]) =>
    fc.tuple(...args).map((made) => op(operator, ...made));
  const [s, n, b] = [tie('texts'), tie('numbers'), tie('booleans')];
  const cases = (value: fc.Arbitrary<Expression>) => of('case', b, value, b, value, value);
  const depthSize = 'small' as const;
  const choose = (...arbitraries: fc.Arbitrary<Expression>[]) =>
    fc.oneof({ depthSize, withCrossShrink: true }, ...arbitraries);
  return {
    texts: choose(
      fc.oneof(fc.constantFrom(column('s'), column('t')), text.map(literal)),
      of('concat', s, s),
      of('lower', s),
      of('coalesce', s, s),
      cases(s),
    ),
    numbers: choose(
      fc.oneof(fc.constantFrom(column('n'), column('m')), number.map(literal)),
      ...(['add', 'sub', 'mul', 'div'] as const).map((name) => of(name, n, n)),
      of('floor', n),
      of('coalesce', n, n, n),
      cases(n),
    ),
    booleans: choose(
      fc.oneof(fc.constantFrom(column('b'), column('c')), boolean.map(literal)),
      ...(['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const).flatMap((name) => [
        of(name, s, s),
        of(name, n, n),
      ]),
      of('and', b, b),
      of('or', b, b, b),
      of('not', b),
      of('is_null', fc.oneof(s, n, b)),
      of('in', s, s, s),
      of('in', n, n, n, n),
      of('starts_with', s, s),
      cases(b),
    ),
  };
});

/** The meaning, straight from the definition. */
function meaning(expression: Expression, row: Readonly<Record<string, Scalar>>): Scalar {
  if (expression.kind === 'column') return row[expression.name] ?? null;
  if (expression.kind === 'literal') return expression.value;
  const values = expression.args.map((arg) => meaning(arg, row));
  if (expression.kind === 'function') throw new Error('none here');
  const lenient = LENIENT[expression.operator];
  if (lenient !== undefined) return lenient(values);
  const [a = null, b = null] = values;
  return values.includes(null) ? null : strictMeaning(expression.operator, a, b);
}

/** Operators through which NULL does not simply spread. */
const LENIENT: Partial<Record<Operator, (values: readonly Scalar[]) => Scalar>> = {
  and: (values) => (values.includes(false) ? false : values.includes(null) ? null : true),
  or: (values) => (values.includes(true) ? true : values.includes(null) ? null : false),
  is_null: ([a]) => a === null,
  coalesce: (values) => values.find((value) => value !== null) ?? null,
  case(values) {
    for (let n = 0; n + 1 < values.length; n += 2) {
      if (values[n] === true) return values[n + 1] ?? null;
    }
    return values.at(-1) ?? null;
  },
  in([a = null, ...others]) {
    if (a === null) return null;
    return others.includes(a) ? true : others.includes(null) ? null : false;
  },
};

function strictMeaning(operator: Operator, a: Scalar, b: Scalar): Scalar {
  const finite = (value: number) => (Number.isFinite(value) ? value + 0 : null);
  switch (operator) {
    case 'eq':
      return a === b;
    case 'ne':
      return a !== b;
    case 'lt':
      return compareValues(a, b) < 0;
    case 'le':
      return compareValues(a, b) <= 0;
    case 'gt':
      return compareValues(a, b) > 0;
    case 'ge':
      return compareValues(a, b) >= 0;
    case 'not':
      return !a;
    case 'add':
      return finite(Number(a) + Number(b));
    case 'sub':
      return finite(Number(a) - Number(b));
    case 'mul':
      return finite(Number(a) * Number(b));
    case 'div':
      return finite(Number(a) / Number(b));
    case 'floor':
      return Math.floor(Number(a)) + 0;
    case 'concat':
      return `${a}${b}`;
    case 'lower':
      return `${a}`.toLowerCase();
    case 'starts_with':
      return `${a}`.startsWith(`${b}`);
    default:
      throw new Error(`not strict: ${operator}`);
  }
}

describe('compiled expressions (W30)', () => {
  const any = fc.oneof(texts, numbers, booleans);

  test.prop([any, fc.array(rows, { minLength: 1, maxLength: 4 })], { seed: 30, numRuns: 600 })(
    'give what the definition gives',
    (expression, samples) => {
      const read = compileExpression(expression, NONE);
      for (const row of samples) expect(read(row)).toEqual(meaning(expression, row));
    },
  );

  test.prop([booleans, rows], { seed: 31, numRuns: 150 })(
    'a condition holds only where it is true',
    (condition, row) => {
      expect(compileCondition(condition, NONE)(row)).toBe(meaning(condition, row) === true);
    },
  );

  it('look long lists up in a set, with the same answer', () => {
    const members = Array.from({ length: 20 }, (_, n) => literal(`k${n}`));
    const read = compileExpression(op('in', column('s'), ...members), NONE);
    expect([{ s: 'k19' }, { s: 'k20' }, { s: null }].map(read)).toEqual([true, false, null]);
    const withNull = compileExpression(op('in', column('s'), ...members, literal(null)), NONE);
    expect([{ s: 'k19' }, { s: 'k20' }].map(withNull)).toEqual([true, null]);
  });

  it('texts of a plan stay data', () => {
    const evil = `"]; throw new Error('ran'); //`;
    const row = compileRow({ [evil]: literal(evil), b: column(evil) }, NONE);
    expect(row({ [evil]: 1 })).toEqual({ [evil]: evil, b: 1 });
    expect(Object.keys(compileRow({ ['__proto__']: literal(1) }, NONE)({}))).toEqual(['__proto__']);
  });

  it('order texts by code point, which UTF-16 does not', () => {
    const sorted = ['\ud83d\ude00', '\uff5e', 'b', 'a\ud83d\ude00', 'a\uff5e', 'a', ''];
    expect(sorted.toSorted(compareTexts)).toEqual([
      '',
      'a',
      'a\uff5e',
      'a\ud83d\ude00',
      'b',
      '\uff5e',
      '\ud83d\ude00',
    ]);
    expect('\ud83d\ude00' < '\uff5e').toBe(true);
  });
});

describe('functions of users (W33)', () => {
  const half = defineFunction({
    name: 'half',
    version: 3,
    args: ['integer'],
    returns: 'integer',
    body: (n) => {
      if (n < 0) throw new Error(`secret ${n}`);
      return n / 2;
    },
  });
  const call: Expression = {
    kind: 'function',
    name: 'half',
    version: 3,
    returns: 'integer',
    args: [column('n')],
  };
  const read = compileExpression(call, functionsByName([half]));

  it('are not called for NULL', () => {
    expect(read({ n: null })).toBeNull();
    expect(read({ n: 8 })).toBe(4);
  });

  it('reject the row where they throw or answer another type, without its values', () => {
    expect(() => read({ n: -1 })).toThrow(/^function half failed$/);
    expect(() => read({ n: 3 })).toThrow(/^function half answered no integer$/);
  });

  it('must be given, in the right version', () => {
    expect(() => compileExpression(call, NONE)).toThrow(
      /PLAN_INVALID: function "half" version 3: found none of this name/,
    );
    const other = functionsByName([{ ...half, version: 2 }]);
    expect(() => compileExpression(call, other)).toThrow(/found version 2; give/);
  });

  it('have sound names, once each', () => {
    const plain = { name: 'one', version: 1, args: [], returns: 'integer', body: () => 1 } as const;
    expect(() => defineFunction({ ...plain, name: 'a b' })).toThrow(/STREAMS_BAD_ARGUMENT/);
    expect(() => defineFunction({ ...plain, version: 0 })).toThrow(/whole number from 1/);
    expect(() => functionsByName([half, half])).toThrow(/each name once/);
  });
});
