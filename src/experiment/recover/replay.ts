/** Tries bad rows again: patches them, sends them through the stages, and tells what became of
 * each. Nothing is written here. */
import type { LogRecord } from '../../domain/pipeline-ports.ts';
import type { TrackedEvent } from '../../domain/tracked-event.ts';
import { hours } from '../../kernel/time.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import { createBasicEnrichment } from '../../streams/enrichment/chains.ts';
import { referenceOf, type StoredBadRow, subjectsOf } from './bad-row-table.ts';
import { applyPatch, type PatchStep } from './patch.ts';

/** What became of a row. */
export type ReplayOutcome =
  /** It is an event now. */
  | 'recovered'
  /** It is one that is stored already, or that another row gave. */
  | 'duplicate'
  /** It was refused again. */
  | 'still bad'
  /** No patch can mend it: its payload is cut, masked or no event. */
  | 'not recoverable';

/** A row that was tried. */
export interface ReplayedRow {
  readonly row: StoredBadRow;
  readonly outcome: ReplayOutcome;
  /** Why it is no event yet; empty where it is one. */
  readonly reason: string;
  /** What goes through the pipeline, for a recovered row. */
  readonly record: LogRecord | undefined;
}

/** One recovery forgets no id. */
const DEDUPE_TTL_US = hours(24 * 366 * 100);
const TAKEN = 'duplicate id with another payload';

/** Tries rows, in order. Pure but for reading the warehouse. */
export function replay(
  warehouse: Warehouse,
  rows: readonly StoredBadRow[],
  steps: readonly PatchStep[],
): readonly ReplayedRow[] {
  const patched = rows.map((row) => ({ row, raw: patchedEvent(row, steps) }));
  const subjects = patched.flatMap(({ raw }) => textOf(raw, 'subject'));
  const known = subjectsOf(warehouse, [...new Set(subjects)]);
  const stored = storedIds(
    warehouse,
    patched.flatMap(({ raw }) => textOf(raw, 'id')),
  );
  const enrichment = createBasicEnrichment({
    reference: referenceOf(warehouse, () => 'ZZ'),
    dedupeTtlUs: DEDUPE_TTL_US,
  });
  return patched.map(({ row, raw }): ReplayedRow => {
    if (raw === undefined) {
      return { row, outcome: 'not recoverable', reason: row.reason, record: undefined };
    }
    const [subject = ''] = textOf(raw, 'subject');
    const record = recordOf(row, raw, known.get(subject));
    const result = enrichment.enrich(record, {
      processTimeUs: row.ingestTimeUs,
      attempt: row.attempt + 1,
    });
    if (result.kind === 'bad') {
      return { row, outcome: 'still bad', reason: result.row.reason, record: undefined };
    }
    const isRepeated = result.kind === 'dropped';
    const there = stored.get(textOf(raw, 'id')[0] ?? '');
    if (!isRepeated && there !== undefined && isAnother(row, result.enriched.event, there)) {
      return { row, outcome: 'still bad', reason: TAKEN, record: undefined };
    }
    const outcome = isRepeated || there !== undefined ? 'duplicate' : 'recovered';
    return { row, outcome, reason: '', record: outcome === 'recovered' ? record : undefined };
  });
}

function patchedEvent(
  row: StoredBadRow,
  steps: readonly PatchStep[],
): Readonly<Record<string, unknown>> | undefined {
  if (!row.isRecoverable) return undefined;
  try {
    const raw: unknown = JSON.parse(row.payload);
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined;
    return applyPatch(raw as Readonly<Record<string, unknown>>, steps);
  } catch {
    return undefined;
  }
}

/** The record as it would have come. A row keeps no address: where its subject was otherwise says
 * the country, which travels in the place of the address. */
function recordOf(
  row: StoredBadRow,
  raw: unknown,
  subject: { readonly country: string; readonly userAgent: string } | undefined,
): LogRecord {
  const { sentTimeUs = row.ingestTimeUs, sentUptimeUs, userAgent = '' } = row.envelope;
  return {
    partition: 0,
    offset: row.offset,
    ingestTimeUs: row.ingestTimeUs,
    sentTimeUs,
    ...(sentUptimeUs === undefined ? {} : { sentUptimeUs }),
    userAgent: userAgent === '' ? (subject?.userAgent ?? '') : userAgent,
    clientAddress: subject?.country ?? 'ZZ',
    raw,
  };
}

function textOf(raw: Readonly<Record<string, unknown>> | undefined, field: string): string[] {
  const value = raw?.[field];
  return typeof value === 'string' ? [value] : [];
}

/** Identities of the facts that bear these ids. */
function storedIds(warehouse: Warehouse, ids: readonly string[]): ReadonlyMap<string, string> {
  const rows = warehouse.query(
    `SELECT event_id, y.name AS type, subject, session_id, sequence, event_time_us, t.title_id,
     playback_id, position_s, status FROM fact_event JOIN dim_event_type y USING (event_type_sk)
     LEFT JOIN dim_title t USING (title_sk)
     WHERE event_id IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(ids)],
  );
  return new Map(
    rows.map(({ event_id: id, ...rest }) => [String(id), JSON.stringify(Object.values(rest))]),
  );
}

/** Whether an event is not the one that is stored under its id. Two payloads under one id were told
 * apart by all that is in them, of which the warehouse may not keep all: they stay two. */
function isAnother(row: StoredBadRow, event: TrackedEvent, stored: string): boolean {
  return row.failureType === 'identity_violation' || stored !== identityOf(event);
}

/** What tells one capture from another, in the order of {@link storedIds}. */
function identityOf({
  type,
  subject,
  sessionId,
  sequence,
  eventTimeUs,
  data,
}: TrackedEvent): string {
  const { titleId = null, playbackId = null, positionSeconds = null, status = null } = data;
  const capture = [type, subject, sessionId, sequence, eventTimeUs];
  return JSON.stringify([...capture, titleId, playbackId, positionSeconds, status]);
}
