/** JavaScript text of operations. Names in it: `step`, the context `c`, the event `e`, arguments
 * `a`, parameters `p`, and constants `k0`, `k1`, … for all values of the machine's author. */
import type {
  AssignOperation,
  CancelOperation,
  CustomOperation,
  EmitOperation,
  RaiseOperation,
} from '../operations/basic-operations.ts';
import { type ContextShape, PatchMerger } from '../operations/context-shape.ts';
import type { Operation } from '../operations/operation.ts';
import { StepArguments } from '../operations/step-arguments.ts';
import { staticEffectOf } from './static-effects.ts';

type KnownOperation =
  | AssignOperation
  | CancelOperation
  | CustomOperation
  | EmitOperation
  | RaiseOperation;

/** Where an assign may write: into an object that the step made, or into the actor's own. */
export type AssignPlace = 'fresh' | 'stored';

/** What the writer of an operation has to know besides. */
export interface WritingScope {
  readonly shape: ContextShape;
  /** Undefined: an assign makes a new object. */
  readonly place?: AssignPlace | undefined;
  /** The context that actors share until their first assign: never written into. */
  readonly initial?: unknown;
}

/** Collects lines, and the values that they are bound to. */
export class CodeWriter {
  readonly #constants: unknown[] = [];
  readonly #lines: string[] = [];

  /** A name for a value that the code is bound to. */
  constant(value: unknown): string {
    const known = this.#constants.indexOf(value);
    return `k${known >= 0 ? known : this.#constants.push(value) - 1}`;
  }

  line(text: string): void {
    this.#lines.push(text);
  }

  /** The value of parameters. */
  params(params: unknown): string {
    if (params === undefined) return 'undefined';
    const name = this.constant(params);
    return typeof params === 'function' ? `${name}({ context: c, event: e })` : name;
  }

  /** The value of an expression, given arguments and parameters. */
  value(expression: unknown, args: string): string {
    if (expression === undefined) return 'undefined';
    const name = this.constant(expression);
    return typeof expression === 'function' ? `${name}(${args})` : name;
  }

  /** The function of `(step, c, e)` that the lines are the body of. */
  finish(): unknown {
    // Constants of an outer function, not parameters: calls to them can be inlined.
    const bound = this.#constants.map((_, i) => `const k${i} = k[${i}];`).join(' ');
    const body = this.#lines.join('\n');
    const text = `'use strict'; ${bound}\nreturn function generated(step, c, e) {\n${body}\n};`;
    return new Function('k', text)(this.#constants);
  }
}

/** Writes an operation: it reads and replaces the context `c`, and queues effects. */
export function writeOperation(code: CodeWriter, operation: Operation, scope: WritingScope): void {
  const known = operation as KnownOperation;
  const { params } = known;
  switch (known.kind) {
    case 'assign':
      writeAssign(code, known, scope);
      return;
    case 'raise':
      writeRaise(code, known);
      return;
    case 'emit':
      writeWithArguments(code, { params, expressions: [known.event] }, ([event]) =>
        code.line(`step.effects.emit(${event});`),
      );
      return;
    case 'cancel':
      writeWithArguments(code, { params, expressions: [known.sendId] }, ([id]) =>
        code.line(`step.effects.cancel(String(${id}));`),
      );
      return;
    case 'custom':
      if (known.exec === undefined) return;
      writeWithArguments(code, { params, expressions: [known.exec] }, ([call]) =>
        code.line(`${call};`),
      );
      return;
    default:
      writeCall(code, operation);
  }
}

/** Runs an operation that has no code of its own. */
function writeCall(code: CodeWriter, operation: Operation): void {
  code.line(`step.context = c; ${code.constant(operation)}.execute(step); c = step.context;`);
}

/** Writes a block in which expressions have their values, in the order of evaluation. */
function writeWithArguments(
  code: CodeWriter,
  written: { readonly params: unknown; readonly expressions: readonly unknown[] },
  use: (values: readonly string[]) => void,
): void {
  const { params, expressions } = written;
  const hasFunction = expressions.some((expression) => typeof expression === 'function');
  code.line('{');
  if (hasFunction) code.line(`const a = new ${code.constant(StepArguments)}(c, e, step);`);
  if (hasFunction || typeof params === 'function') code.line(`const p = ${code.params(params)};`);
  use(expressions.map((expression) => code.value(expression, 'a, p')));
  code.line('}');
}

function writeRaise(code: CodeWriter, operation: RaiseOperation): void {
  const { event, delay, id } = operation.options;
  if (typeof event === 'string') {
    writeCall(code, operation);
    return;
  }
  const timer = staticEffectOf(operation);
  if (timer !== undefined) {
    code.line(`step.effects.raise(${code.constant(timer.message)}, ${timer.delayUs});`);
    return;
  }
  const { params } = operation;
  writeWithArguments(code, { params, expressions: [event, delay] }, ([raised, delayMs]) => {
    const name = id === undefined ? 'undefined' : code.constant(id);
    if (typeof delay === 'number') {
      code.line(`step.raiseLater(${raised}, ${name}, ${delay});`);
    } else if (typeof delay === 'function') {
      code.line(`const r = ${raised}; const d = ${delayMs};`);
      code.line(`if (typeof d === 'number') step.raiseLater(r, ${name}, d); else step.raise(r);`);
    } else {
      code.line(`step.raise(${raised});`);
    }
  });
}

function writeAssign(code: CodeWriter, operation: AssignOperation, scope: WritingScope): void {
  const { assignment, params } = operation;
  const { shape, place } = scope;
  const shapeName = code.constant(shape);
  const isOwn = ownTest(code, scope);
  if (typeof assignment === 'function') {
    const merger = code.constant(new PatchMerger());
    writeWithArguments(code, { params, expressions: [assignment] }, ([patch]) => {
      const merged = `c = ${merger}.merge(${shapeName}, c, p0);`;
      code.line(`const p0 = ${patch};`);
      if (place === undefined) code.line(merged);
      else code.line(`if (!(${isOwn} && ${merger}.write(${shapeName}, c, p0))) ${merged}`);
    });
    return;
  }
  const keys = Object.keys(assignment as object);
  const expressions = keys.map((key) => (assignment as Record<string, unknown>)[key]);
  writeWithArguments(code, { params, expressions }, (values) => {
    values.forEach((value, i) => {
      code.line(`const v${i} = ${value};`);
    });
    const patch = keys.map((key, i) => `${JSON.stringify(key)}: v${i}`).join(', ');
    const slow = `c = ${shapeName}.merge(c, { ${patch} });`;
    const fast = literal(keys, shape);
    if (fast === undefined) {
      code.line(slow);
      return;
    }
    code.line(`if (${shapeName}.isOpen) ${slow}`);
    const writes = keys.map((key, i) => `c[${JSON.stringify(key)}] = v${i};`).join(' ');
    if (place !== undefined) code.line(`else if (${isOwn}) { ${writes} }`);
    code.line(`else c = ${fast};`);
  });
}

/** Whether `c` may be written into. */
function ownTest(code: CodeWriter, { place, initial }: WritingScope): string {
  const isShared = place === 'stored' && typeof initial === 'object' && initial !== null;
  return isShared ? `c !== ${code.constant(initial)}` : 'true';
}

/** The context's literal with some keys replaced by `v0`, `v1`, …; undefined where the shape does
 * not hold them all. */
function literal(keys: readonly string[], shape: ContextShape): string | undefined {
  const known = shape.keys ?? [];
  if (keys.some((key) => !known.includes(key))) return undefined;
  const fields = known.map((key) => {
    const place = keys.indexOf(key);
    const name = JSON.stringify(key);
    return `${name}: ${place >= 0 ? `v${place}` : `c[${name}]`}`;
  });
  return `{ ${fields.join(', ')} }`;
}
