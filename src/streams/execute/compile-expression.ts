/** Expressions become JavaScript, once, so that a row costs no walk over a tree. NULL is `null`;
 * every operator answers as SQL does. Texts of a plan enter the code as JSON only, never as code.
 * Spec: W30. */
import { EngineError } from '../../kernel/errors.ts';
import { RowFailure } from '../operators/row-failure.ts';
import { compareTexts } from '../plan/compare.ts';
import type { Expression, Operator, Scalar } from '../plan/expression.ts';
import type { PlanFunction } from '../plan/functions.ts';

/** A row of a running plan: every column is there, NULL is `null`. */
export type PlanRow = Readonly<Record<string, Scalar>>;

/** Functions that expressions may call. */
export type Functions = ReadonlyMap<string, PlanFunction>;

/** Reads a value off a row. @throws EngineError `PLAN_INVALID` for a function that is not given, or
 * in another version. */
export function compileExpression(
  expression: Expression,
  functions: Functions,
): (row: PlanRow) => Scalar {
  const code = new ExpressionCode(functions);
  return code.finish(code.valueOf(expression)) as (row: PlanRow) => Scalar;
}

/** Whether a condition is true; neither false nor NULL is. @throws as {@link compileExpression}. */
export function compileCondition(
  expression: Expression,
  functions: Functions,
): (row: PlanRow) => boolean {
  const code = new ExpressionCode(functions);
  return code.finish(`${code.valueOf(expression)} === true`) as (row: PlanRow) => boolean;
}

/** Makes a row of these columns, in their order. @throws as {@link compileExpression}. */
export function compileRow(
  columns: Readonly<Record<string, Expression>>,
  functions: Functions,
): (row: PlanRow) => PlanRow {
  const code = new ExpressionCode(functions);
  const fields = Object.entries(columns).map(
    ([name, expression]) => `[${JSON.stringify(name)}]: ${code.valueOf(expression)}`,
  );
  return code.finish(`{ ${fields.join(', ')} }`) as (row: PlanRow) => PlanRow;
}

const COMPARISONS = { lt: '<', le: '<=', gt: '>', ge: '>=' } as const;
const ARITHMETIC = { add: '+', sub: '-', mul: '*' } as const;

/** Writes one function of a row. */
class ExpressionCode {
  readonly #functions: Functions;
  readonly #constants: unknown[] = [];
  #temporaries = 0;

  constructor(functions: Functions) {
    this.#functions = functions;
  }

  /** The function of a row that returns the value of a text made by {@link valueOf}. */
  finish(value: string): unknown {
    const bound = this.#constants.map((_, i) => `const k${i} = k[${i}];`).join(' ');
    const names = Array.from({ length: this.#temporaries }, (_, i) => `t${i}`);
    const locals = names.length === 0 ? '' : `let ${names.join(', ')};`;
    const body = `${locals} return ${value};`;
    const text = `'use strict'; ${bound}\nreturn function read(row) { ${body} };`;
    return new Function('k', text)(this.#constants);
  }

  /** JavaScript for the value of an expression, in parentheses. */
  valueOf(expression: Expression): string {
    switch (expression.kind) {
      case 'column':
        return `row[${JSON.stringify(expression.name)}]`;
      case 'literal':
        return literalText(expression.value);
      case 'function':
        return this.#call(expression.name, expression.version, expression.args);
      case 'operator':
        return this.#operator(expression.operator, expression.args);
    }
  }

  #operator(operator: Operator, args: readonly Expression[]): string {
    switch (operator) {
      case 'eq':
        return this.#strict(args, ([a, b]) => `${a} === ${b}`);
      case 'ne':
        return this.#strict(args, ([a, b]) => `${a} !== ${b}`);
      case 'lt':
      case 'le':
      case 'gt':
      case 'ge':
        return this.#comparison(operator, args);
      case 'and':
        return this.#logic(args, 'false');
      case 'or':
        return this.#logic(args, 'true');
      case 'not':
        return this.#strict(args, ([a]) => `!${a}`);
      case 'is_null':
        return `(${this.#argument(args, 0)} === null)`;
      case 'in':
        return this.#membership(args);
      case 'add':
      case 'sub':
      case 'mul':
        return this.#arithmetic(ARITHMETIC[operator], args);
      case 'div':
        return this.#arithmetic('/', args);
      case 'floor':
        return this.#strict(args, ([a]) => `Math.floor(${a}) + 0`);
      case 'coalesce':
        return this.#coalesce(args);
      case 'case':
        return this.#cases(args);
      case 'concat':
        return this.#strict(args, (texts) => texts.join(' + '));
      case 'lower':
        return this.#strict(args, ([a]) => `${this.#constant(lowerAscii)}(${a})`);
      case 'starts_with':
        return this.#strict(args, ([a, b]) => `${a}.startsWith(${b})`);
    }
  }

  /** NULL if an argument is, else what `join` makes of their values. */
  #strict(args: readonly Expression[], join: (values: readonly string[]) => string): string {
    let guards = '';
    const values = args.map((arg) => {
      if (arg.kind === 'literal' && arg.value !== null) return literalText(arg.value);
      const name = this.#temporary();
      guards += `(${name} = ${this.valueOf(arg)}) === null ? null : `;
      return name;
    });
    return `(${guards}${join(values)})`;
  }

  #comparison(operator: keyof typeof COMPARISONS, args: readonly Expression[]): string {
    const sign = COMPARISONS[operator];
    const compare = this.#constant(compareTexts);
    return this.#strict(args, ([a, b]) => {
      return `(typeof ${a} === 'string' ? ${compare}(${a}, ${b}) ${sign} 0 : ${a} ${sign} ${b})`;
    });
  }

  /** Left to right; a result that is no finite number is NULL. */
  #arithmetic(sign: string, args: readonly Expression[]): string {
    const result = this.#temporary();
    return this.#strict(args, (values) => {
      // Adding 0 makes 0 of −0, which no snapshot and no SQL tells apart.
      return `(Number.isFinite(${result} = ${values.join(` ${sign} `)} + 0) ? ${result} : null)`;
    });
  }

  /** `and` is decided by false, `or` by true; what is not decided and met a NULL is NULL. */
  #logic(args: readonly Expression[], decisive: 'true' | 'false'): string {
    const names = args.map(() => this.#temporary());
    const decided = args
      .map((arg, n) => `(${names[n]} = ${this.valueOf(arg)}) === ${decisive} ? ${decisive} : `)
      .join('');
    const isAnyNull = names.map((name) => `${name} === null`).join(' || ');
    return `(${decided}${isAnyNull} ? null : ${decisive === 'true' ? 'false' : 'true'})`;
  }

  /** NULL among the others makes "not found" NULL. */
  #membership(args: readonly Expression[]): string {
    const [wanted, ...others] = args;
    if (wanted === undefined) return 'null';
    const name = this.#temporary();
    const guard = `(${name} = ${this.valueOf(wanted)}) === null ? null : `;
    const scalars = others.map((other) => (other.kind === 'literal' ? other.value : undefined));
    const isLong = scalars.length > MEMBERS_INLINE_MAX;
    if (isLong && !scalars.includes(undefined) && !scalars.includes(null)) {
      return `(${guard}${this.#constant(new Set(scalars))}.has(${name}))`;
    }
    const values = others.map((other) => {
      if (other.kind === 'literal') return { bind: '', value: literalText(other.value) };
      const value = this.#temporary();
      return { bind: `(${value} = ${this.valueOf(other)}), `, value };
    });
    const found = values.map(({ bind, value }) => `(${bind}${name} === ${value})`).join(' || ');
    const isNull = values.map(({ value }) => `${value} === null`).join(' || ');
    return `(${guard}${found} ? true : ${isNull} ? null : false)`;
  }

  #coalesce(args: readonly Expression[]): string {
    const name = this.#temporary();
    const choices = args.map((arg) => `(${name} = ${this.valueOf(arg)}) !== null ? ${name} : `);
    return `(${choices.join('')}null)`;
  }

  #cases(args: readonly Expression[]): string {
    let text = '';
    for (let n = 0; n + 1 < args.length; n += 2) {
      text += `${this.#argument(args, n)} === true ? ${this.#argument(args, n + 1)} : `;
    }
    return `(${text}${this.#argument(args, args.length - 1)})`;
  }

  #argument(args: readonly Expression[], n: number): string {
    const arg = args[n];
    return arg === undefined ? 'null' : this.valueOf(arg);
  }

  #call(name: string, version: number, args: readonly Expression[]): string {
    const known = this.#functions.get(name);
    if (known === undefined || known.version !== version) {
      const found = known === undefined ? 'none of this name' : `version ${known.version}`;
      const rule = `give { functions: [${name}] } of version ${version} to the run`;
      const problems = [{ path: 'functions', found, rule }];
      const message = `function "${name}" version ${version}: found ${found}; ${rule}`;
      throw new EngineError('PLAN_INVALID', message, { problems });
    }
    const body = this.#constant(checked(known));
    return this.#strict(args, (values) => `${body}(${values.join(', ')})`);
  }

  #constant(value: unknown): string {
    this.#constants.push(value);
    return `k${this.#constants.length - 1}`;
  }

  #temporary(): string {
    this.#temporaries += 1;
    return `t${this.#temporaries - 1}`;
  }
}

/** A to Z only: what other letters become differs between SQLs, versions and languages. */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Up to here a chain of `===` is as fast as a set. */
const MEMBERS_INLINE_MAX = 8;

/** U+2028 and U+2029 are legal in JSON and in JavaScript texts since 2019. */
function literalText(value: Scalar): string {
  if (Object.is(value, -0)) return '0';
  return typeof value === 'number' && value < 0 ? `(${value})` : JSON.stringify(value);
}

/** A body that rejects the row where it throws or answers no value of the declared type. */
function checked({ name, body, returns }: PlanFunction): (...args: never[]) => Scalar {
  return (...args) => {
    const answer = answerOf(name, body, args);
    if (answer === null || answer === undefined) return null;
    if (isOfType(answer, returns)) return answer as Scalar;
    throw new RowFailure(`function ${name} answered no ${returns}`);
  };
}

function answerOf(name: string, body: PlanFunction['body'], args: never[]): unknown {
  try {
    return body(...args);
  } catch (cause) {
    throw new RowFailure(`function ${name} failed`, cause);
  }
}

function isOfType(value: unknown, type: PlanFunction['returns']): boolean {
  if (type === 'string') return typeof value === 'string';
  if (type === 'boolean') return typeof value === 'boolean';
  return type === 'double' ? Number.isFinite(value) : Number.isSafeInteger(value);
}
