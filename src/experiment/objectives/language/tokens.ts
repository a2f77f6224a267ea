/** The words of an objective's text, each with its column. */

/** One word. `text` is what it says: a string without its quotes, a symbol as it stands. */
export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'symbol' | 'end';
  readonly text: string;
  /** Counted from 1. */
  readonly column: number;
}

/** What stands in a text and is no word. */
export interface TextProblem {
  /** Counted from 1. */
  readonly column: number;
  /** The rule it breaks, with the nearest name where one is meant. */
  readonly rule: string;
}

const SPACE = /\s+/y;
const PATTERNS: readonly (readonly [Token['kind'], RegExp])[] = [
  // A quantile is a name with a fraction in it; a metric's name has dots between its parts.
  ['name', /p\d+(?:\.\d+)?(?=\s*\()|[A-Za-z_µ][\w]*(?:\.[A-Za-z_]\w*)*/y],
  ['number', /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ['string', /"(?:[^"\\]|\\.)*"/y],
  ['symbol', /<=|>=|==|!=|=~|\.\.|[<>={}(),/@%-]/y],
];

/** Cuts a text into words; what is no word is a problem, and ends the list. */
export function tokensOf(text: string): {
  readonly tokens: readonly Token[];
  readonly problem: TextProblem | undefined;
} {
  const tokens: Token[] = [];
  let at = afterSpace(text, 0);
  while (at < text.length) {
    const token = tokenAt(text, at);
    if (token === undefined) {
      const isString = text[at] === '"';
      const rule = isString ? 'this string has no end' : `"${text[at]}" has no meaning here`;
      return { tokens, problem: { column: at + 1, rule } };
    }
    tokens.push(token.token);
    at = afterSpace(text, token.end);
  }
  tokens.push({ kind: 'end', text: '', column: text.length + 1 });
  return { tokens, problem: undefined };
}

/** A string in quotes, as {@link tokensOf} reads it. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, (character) => `\\${character}`)}"`;
}

function tokenAt(
  text: string,
  at: number,
): { readonly token: Token; readonly end: number } | undefined {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) continue;
    const inner = kind === 'string' ? found.slice(1, -1).replace(/\\(.)/gs, '$1') : found;
    return { token: { kind, text: inner, column: at + 1 }, end: at + found.length };
  }
  return undefined;
}

function afterSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  return at + (SPACE.exec(text)?.[0].length ?? 0);
}
