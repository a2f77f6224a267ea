/** Whether a machine keeps its contexts to itself: whether each of its functions, as far as its
 * text tells, does nothing with the context but read its members. An object that nobody else can
 * hold may be changed in place, which spares an object an assign. Whatever is not plainly so
 * counts as a leak: the text of `({ context }) => context.step + 1` says enough, that of a
 * function with a body of closures does not. */
import type { AnyStateMachine } from 'xstate';

/** `({ context, event }, params) =>`, with white space where types stood. */
const ARGUMENTS = String.raw`(?:context|event|context\s*,\s*event|event\s*,\s*context)`;
const PARAMETERS = String.raw`(?:,\s*(?:\w+|\{[\w\s,]*\})\s*)?`;
const HEAD = new RegExp(
  String.raw`^\(\s*(?:\{\s*${ARGUMENTS}\s*,?\s*\}|_\w*)?\s*${PARAMETERS}\)\s*=>`,
);
/** What could name the context otherwise, hide it or keep it for later. */
const SUSPECT =
  /[`\\]|=>|\b(?:function|eval|arguments|this|with|async|await|yield|class|import|delete)\b/;
const CONTEXT = /\bcontext\b/g;
/** A member that is read: neither called, which would hand over the context, nor written. */
const OPERATOR = String.raw`(?:[-+*/%&|^]|\*\*|&&|\|\||\?\?|<<|>>>?)?`;
const READ = new RegExp(
  String.raw`^context\.[A-Za-z_$][\w$]*(?![\w$])(?!\s*(?:[(\x60]|\+\+|--|${OPERATOR}=(?!=)))`,
);

/** Whether contexts of the machine are seen by nobody else. */
export function keepsContextPrivate(machine: AnyStateMachine): boolean {
  const { context: _, ...config } = machine.config as Readonly<Record<string, unknown>>;
  const { guards, actions, delays } = machine.implementations;
  return [config, guards, actions, delays].every((part) => isPrivate(part, new Set()));
}

/** Whether a function, as its text tells, only reads members of the context. */
export function onlyReadsContext(text: string): boolean {
  const head = HEAD.exec(text);
  if (head === null) return false;
  const body = text.slice(head[0].length);
  if (SUSPECT.test(body)) return false;
  return [...body.matchAll(CONTEXT)].every(({ index }) => READ.test(body.slice(index)));
}

/** Looks through configurations and XState's own actions and guards, down to the author's
 * functions. */
function isPrivate(part: unknown, seen: Set<unknown>): boolean {
  if (typeof part === 'function') {
    const isBuiltIn = 'resolve' in part || 'check' in part;
    if (!isBuiltIn) return onlyReadsContext(Function.prototype.toString.call(part));
  }
  if ((typeof part !== 'object' && typeof part !== 'function') || part === null) return true;
  if (seen.has(part)) return true;
  seen.add(part);
  return Object.entries(part).every(
    ([key, inner]) => isOwnOfXState(part, key) || isPrivate(inner, seen),
  );
}

/** The machinery of XState's action creators and guards: it hands contexts to the author's
 * functions only. That of `enqueueActions` calls back with `check`, whose guards are not to be
 * seen. */
function isOwnOfXState(part: unknown, key: string): boolean {
  if (typeof part !== 'function' || 'collect' in part) return false;
  return key === 'resolve' || key === 'execute' || key === 'check';
}
