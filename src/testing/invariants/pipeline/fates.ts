/** What is in the log has one fate: a fact, a bad row with its reason, or dropped as a copy of a
 * fact that is there already; and the warehouse shows each fact once. Spec: T41, T42. */
import type { LogRecord } from '../../../domain/pipeline-ports.ts';
import type { Invariant } from '../invariant.ts';
import type { Committed } from '../notes/pipeline-notes.ts';
import { watching } from '../watching.ts';

/** What came of one record. */
type Fate = 'fact' | 'bad-row' | 'copy' | 'lost';

/** Fates. */
export const EVERY_RECORD_HAS_ONE_FATE: Invariant = watching(
  'every-record-has-one-fate',
  'every record that a commit passes is a fact, a bad row or a copy of what is there, and only one',
  ({ tower, checked, broken }) => {
    const known = new Set<string>();
    let droppedElsewhere = 0;
    tower.pipeline.committed.on((committed) => {
      const { batch, records } = committed;
      const fates = fatesOf(committed, known);
      for (const _ of records) checked();
      const lost = records.filter((_, n) => fates.of[n] === 'lost');
      droppedElsewhere += lost.length;
      const { from, to } = spanOf(committed);
      if (records.length !== to - from) {
        broken('a commit passes records that were never read', { from, to, read: records.length });
      } else if (droppedElsewhere > droppedForOtherReasons(committed)) {
        const [first] = lost;
        const at = { partition: first?.partition, offset: first?.offset };
        broken('a record has no fate: no fact, no bad row, no copy', { ...at, raw: first?.raw });
      } else if (fates.unclaimedFacts > 0 || fates.unclaimedBadRows > 0) {
        const { unclaimedFacts, unclaimedBadRows } = fates;
        const details = { unclaimedFacts, unclaimedBadRows, facts: batch.facts.length };
        broken('a commit has rows of records that it does not pass', details);
      }
    });
    return undefined;
  },
);

function fatesOf({ batch, records }: Committed, known: Set<string>) {
  const facts = new Map<string, number>();
  for (const { event } of batch.facts) facts.set(event.id, (facts.get(event.id) ?? 0) + 1);
  const badRows = new Set(batch.badRows.map(({ partition, offset }) => `${partition}/${offset}`));
  const fateOf = (record: LogRecord): Fate => {
    if (badRows.delete(`${record.partition}/${record.offset}`)) return 'bad-row';
    const id = idOf(record);
    const left = facts.get(id) ?? 0;
    if (left > 0) {
      facts.set(id, left - 1);
      known.add(id);
      return 'fact';
    }
    return known.has(id) ? 'copy' : 'lost';
  };
  const of = records.map(fateOf);
  const unclaimedFacts = [...facts.values()].reduce((sum, left) => sum + left, 0);
  return { of, unclaimedFacts, unclaimedBadRows: badRows.size };
}

function idOf({ raw }: LogRecord): string {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined;
  return typeof id === 'string' ? id : '';
}

function spanOf({ batch, fromOffsets }: Committed) {
  const sum = (offsets: readonly number[]) => offsets.reduce((total, one) => total + one, 0);
  return { from: sum(fromOffsets), to: sum(batch.nextOffsets) };
}

/** Stages may drop for reasons of their own, which they count. */
function droppedForOtherReasons({ batch }: Committed): number {
  let sum = 0;
  for (const { dropped } of batch.stageCounts) {
    for (const [reason, count] of Object.entries(dropped)) if (reason !== 'duplicate') sum += count;
  }
  return sum;
}

/** Exactly-once effect. */
export const FACTS_ARE_THERE_ONCE: Invariant = watching(
  'facts-are-there-once',
  'however often an event was delivered or read, it is one fact, and the warehouse has it once',
  ({ tower, world, checked, broken }) => {
    const { dedupeTtl } = world.scenario.clickstream;
    const ingestOf = new Map<string, number>();
    let newestUs = Number.NEGATIVE_INFINITY;
    tower.pipeline.committed.on(({ batch }) => {
      for (const { event, ingestTimeUs } of batch.facts) {
        checked();
        newestUs = Math.max(newestUs, ingestTimeUs);
        const firstUs = ingestOf.get(event.id);
        // Deduplication remembers for so long; what comes later the warehouse's key catches.
        if (firstUs !== undefined && newestUs - firstUs < dedupeTtl) {
          broken('an event became a fact twice', { id: event.id, firstUs, ingestTimeUs });
        }
        if (firstUs === undefined) ingestOf.set(event.id, ingestTimeUs);
      }
    });
    return {
      atEnd() {
        const [row] = tower.pipeline.warehouse?.query('SELECT count(*) AS n FROM fact_event') ?? [];
        const stored = Number(row?.['n'] ?? 0);
        if (stored === ingestOf.size) return;
        const details = { stored, committed: ingestOf.size };
        broken('the warehouse has other facts than were committed', details);
      },
    };
  },
);
