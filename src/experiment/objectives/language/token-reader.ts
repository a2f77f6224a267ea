/** Reads words one by one. A wrong word ends the reading with {@link NotUnderstood}; wrong names
 * and numbers are noted, and the reading goes on, so that all of them are told at once. */
import { nearestName } from '../../../kernel/errors.ts';
import type { TextProblem, Token } from './tokens.ts';

/** A word that cannot stand where it stands. Caught by the parser, never seen outside. */
export class NotUnderstood extends Error {
  readonly problem: TextProblem;

  constructor(problem: TextProblem) {
    super(problem.rule);
    this.problem = problem;
  }
}

/** A place in the words. */
export class TokenReader {
  readonly problems: TextProblem[] = [];
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The next word, `ahead` of it by some. */
  peek(ahead = 0): Token {
    const index = Math.min(this.#at + ahead, this.#tokens.length - 1);
    return this.#tokens[index] as Token;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#at += 1;
    return token;
  }

  /** Whether the next word is this one. */
  is(text: string): boolean {
    const { kind, text: found } = this.peek();
    return kind !== 'string' && kind !== 'end' && found === text;
  }

  /** Takes the next word if it is this one. */
  takes(text: string): boolean {
    const isIt = this.is(text);
    if (isIt) this.#at += 1;
    return isIt;
  }

  /** Takes this word. @throws NotUnderstood at any other. */
  expect(text: string): Token {
    if (this.is(text)) return this.next();
    throw this.notUnderstood(`expected "${text}"`);
  }

  /** Takes a word of a kind. @throws NotUnderstood at any other. */
  expectKind(kind: Token['kind'], what: string): Token {
    if (this.peek().kind === kind) return this.next();
    throw this.notUnderstood(`expected ${what}`);
  }

  /** The error that the next word is. */
  notUnderstood(rule: string): NotUnderstood {
    const { kind, text, column } = this.peek();
    const found = kind === 'end' ? 'the end' : `"${text}"`;
    return new NotUnderstood({ column, rule: `${rule}, found ${found}` });
  }

  /** Notes what is wrong about a word; the reading goes on. */
  note({ column }: { readonly column: number }, rule: string): void {
    this.problems.push({ column, rule });
  }
}

/** `did you mean "page.load"? known: …`. At most `most` names are listed. */
export function nearest(found: string, known: readonly string[], most = 24): string {
  const name = nearestName(found, known);
  const listed = known.slice(0, most).join(', ');
  const rest = known.length > most ? ` … (${known.length})` : '';
  const suggestion = name === undefined ? '' : `did you mean "${name}"? `;
  return `${suggestion}known: ${listed}${rest}`;
}
