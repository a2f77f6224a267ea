/** Properties that compare a run with another one. Spec: T86–T91. */
import { bagDifference, firstDifference } from '../differences.ts';
import type { PipelineCase } from '../pipeline-case.ts';
import { inOrder, onTime, withoutDuplicates } from '../stream-trial.ts';
import type { PipelineProperty } from './property.ts';

/** The same items give the same results in the same order, however often they are run. */
export function deterministic<Row, Result>(): PipelineProperty<Row, Result> {
  return {
    name: 'deterministic',
    claim: 'the same events give the same results, in the same order',
    check: (seen) =>
      firstDifference(valuesOf(seen.outcome), valuesOf(seen.again()), {
        left: 'in one run',
        right: 'in the next',
      }),
  };
}

/** Events that come in another order, within the disorder bound and within ties, give the same
 * results. Events that are late are delivered on time for it: which ones are late hangs on order.
 * */
export function orderInsensitive<Row, Result>(): PipelineProperty<Row, Result> {
  return {
    name: 'order-insensitive',
    claim: 'the order of arrival changes no result, within the bound of disorder',
    check(seen) {
      const once = withoutDuplicates(seen.trial);
      const disordered = seen.run(onTime(once));
      const ordered = seen.run(inOrder(once));
      return bagDifference(seen.final(disordered), seen.final(ordered), {
        left: 'as they arrived',
        right: 'in order',
      });
    },
  };
}

/** Results are those of a batch over all events that were not late, each once, in the order of
 * their times.
 * @param oracle - The plainest program that is right: it needs neither state nor watermarks. For a
 * plan it may be left out: then it is the plan's own batch SQL, run by SQLite. */
export function agreesWithBatch<Row, Result>(
  oracle?: (rows: readonly Row[]) => readonly Result[],
): PipelineProperty<Row, Result> {
  return {
    name: 'agrees-with-batch',
    claim: 'the stream says what a batch over the events that were not late says',
    needsPlan: oracle === undefined,
    check(seen) {
      if (oracle === undefined) return seen.plan?.batchDifference(seen);
      const { found, events } = notLate(seen);
      const rows = events
        .toSorted((a, b) => a.timeUs - b.timeUs || a.event - b.event)
        .map(({ event }) => seen.stamp(event));
      return bagDifference(found, oracle(rows), {
        left: 'in the stream',
        right: 'in the batch',
      });
    },
  };
}

/** Results over what was not late, and the events of them. A pipeline that tells what was late is
 * believed; one that does not is given nothing late. */
export function notLate<Row, Result>(
  seen: PipelineCase<Row, Result>,
): {
  readonly found: readonly Result[];
  readonly events: readonly { readonly event: number; readonly timeUs: number }[];
} {
  const once = withoutDuplicates(seen.trial);
  const delivered = seen.run(once);
  const tellsLate = delivered.late.length > 0;
  const outcome = tellsLate ? delivered : seen.run(onTime(once));
  const lateItems = new Set(tellsLate ? delivered.late.map(({ item }) => item) : []);
  const events = outcome.items.flatMap((item, at) =>
    item.kind === 'row' && !lateItems.has(at) ? [item] : [],
  );
  return { found: seen.final(outcome), events };
}

/** Events that are delivered twice change nothing. Second deliveries come within the bound of
 * disorder after the first. */
export function dedupes<Row, Result>(): PipelineProperty<Row, Result> {
  return {
    name: 'dedupes',
    claim: 'an event that is delivered twice counts once',
    check: (seen) => {
      const twice = seen.run(onTime(seen.trial));
      const once = seen.run(withoutDuplicates(onTime(seen.trial)));
      return bagDifference(seen.final(twice), seen.final(once), {
        left: 'with duplicates',
        right: 'without',
      });
    },
  };
}

/** Streams of more items are not cut behind each one, but behind so many. */
const CRASHES_MAX = 12;

/** A pipeline that dies behind any item and goes on from its snapshot, which passes through JSON,
 * says what one says that never died: the same results in the same order, the same counts.
 * Streams of up to 12 items are cut everywhere, longer ones at 12 places. */
export function resumesFromAnySnapshot<Row, Result>(): PipelineProperty<Row, Result> {
  return {
    name: 'resumes-from-any-snapshot',
    claim: 'crash and replay give what no crash gives',
    needsSnapshots: true,
    check(seen) {
      const whole = seen.again([]);
      const { length } = whole.items;
      const step = Math.max(1, length / CRASHES_MAX);
      for (let place = 0; place < length; place += step) {
        const cut = Math.floor(place);
        const found = seen.again([cut]);
        const problem = resumeProblem(whole, found);
        if (problem !== undefined) return `crash behind ${cut} of ${length} items: ${problem}`;
      }
      return undefined;
    },
  };
}

type Outcome = PipelineCase<unknown, unknown>['outcome'];

function resumeProblem(whole: Outcome, found: Outcome): string | undefined {
  if (found.thrown !== undefined && whole.thrown === undefined) {
    return `it throws ${String(found.thrown.error)}`;
  }
  const results = firstDifference(valuesOf(whole), valuesOf(found), {
    left: 'without a crash',
    right: 'with it',
  });
  if (results !== undefined) return results;
  const counts = firstDifference(whole.counts ?? [], found.counts ?? [], {
    left: 'without a crash',
    right: 'with it',
  });
  return counts === undefined ? undefined : `counts: ${counts}`;
}

function valuesOf({ results }: Outcome): readonly unknown[] {
  return results.map(({ value }) => value);
}
