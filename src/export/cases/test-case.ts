/** What a document asserts, as test cases: JUnit and the Markdown summary are written from it. */

/** How it went. `undecided`: the data do not tell. `warned`: it did not hold, and only a warning
 * was asked for. `skipped`: there was nothing to check. */
export type CaseState = 'passed' | 'failed' | 'undecided' | 'warned' | 'skipped';

/** One assertion. */
export interface TestCase {
  readonly name: string;
  readonly state: CaseState;
  /** Why it is not passed, in words; null where there is nothing to say. */
  readonly message: string | null;
  /** Further facts by name: value, limit, the command that runs it again. */
  readonly facts: Readonly<Record<string, string>>;
}

/** Assertions of one kind about one subject. */
export interface CaseSuite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

/** A case that holds or does not. */
export function decided(name: string, holds: boolean, message: string): TestCase {
  return { name, state: holds ? 'passed' : 'failed', message: holds ? null : message, facts: {} };
}
