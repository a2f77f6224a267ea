/** What can be asked of a pipeline: a name, a claim, and a look at one run. */
import type { PipelineCase } from '../pipeline-case.ts';

/** A property of pipelines. */
export interface PipelineProperty<Row, Result> {
  /** Kebab-case. */
  readonly name: string;
  /** What it says, in one sentence. */
  readonly claim: string;
  /** Whether it needs snapshots: stages and plans have them. */
  readonly needsSnapshots?: boolean;
  /** Whether it needs the ledgers that stages and plans keep, or `counted`. */
  readonly needsCounts?: boolean;
  /** Whether it needs a plan, which knows by itself what others have to say. */
  readonly needsPlan?: boolean;
  /** @returns what is wrong, in numbers; undefined where it holds. */
  check(seen: PipelineCase<Row, Result>): string | undefined | Promise<string | undefined>;
}

/** A property of one's own.
 *
 * ```ts
 * property('no-empty-session', ({ results }) => results.every(({ events }) => events > 0))
 * ```
 * @param holds - Answers `false`, a text that says what is wrong, or throws, where it does not
 * hold. `results` are the final ones, `rows` the delivered rows in the order of arrival. */
export function property<Row, Result>(
  name: string,
  holds: (seen: {
    readonly results: readonly Result[];
    readonly rows: readonly Row[];
    readonly seen: PipelineCase<Row, Result>;
  }) => unknown,
): PipelineProperty<Row, Result> {
  return {
    name,
    claim: 'as its author says',
    async check(seen) {
      const rows = seen.outcome.items.flatMap((item) => (item.kind === 'row' ? [item.row] : []));
      try {
        const answer = await holds({ results: seen.final(seen.outcome), rows, seen });
        if (answer === false) return 'it answers false';
        return typeof answer === 'string' ? answer : undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  };
}
