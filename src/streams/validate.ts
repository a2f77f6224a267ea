/** Validation: a record becomes a tracked event, or a bad row with the reason. Nothing is lost and
 * nobody's address is kept. Spec: W2. */
import { filter, map, type OperatorFunction, pipe } from 'rxjs';
import { z } from 'zod';
import type { BadRow, LogRecord } from '../domain/pipeline-ports.ts';
import { TRACKED_EVENT_TYPES, type TrackedEvent } from '../domain/tracked-event.ts';
import { redactAddresses } from './redact.ts';
import type { StageCounter } from './stage-counter.ts';

/** A record whose event is valid. */
export interface ValidRecord {
  readonly record: LogRecord;
  readonly event: TrackedEvent;
}

/** What the stage reports to. */
export interface ValidateOptions {
  readonly counter: StageCounter;
  readonly onBadRow: (row: BadRow) => void;
}

/** A line that a file reader could not parse travels as this record. */
export interface UnparsedLine {
  readonly unparsed: string;
  readonly reason: string;
}

/** Longest payload kept of a bad row, in characters. */
const MAX_PAYLOAD_LENGTH = 4_000;
/** Longest reason kept: reasons are told by a file's reader, but anybody can send one. */
const MAX_REASON_LENGTH = 100;
const text = z.string().max(2_048);
const count = z.int().nonnegative();

const trackedEvent = z.strictObject({
  id: text.min(1),
  type: z.enum(TRACKED_EVENT_TYPES),
  subject: text.min(1),
  sessionId: text,
  sequence: count,
  eventTimeUs: count,
  uptimeUs: count.optional(),
  data: z.strictObject({
    page: text.optional(),
    titleId: text.optional(),
    playbackId: text.optional(),
    positionSeconds: count.optional(),
    completed: z.boolean().optional(),
    target: text.optional(),
    query: text.optional(),
    scrollDepthPercent: z.number().min(0).max(100).optional(),
    status: count.optional(),
    responseBytes: count.optional(),
    method: text.optional(),
    path: text.optional(),
  }),
});

/** The operator: records in, valid records out, bad rows aside. Keeps the order. */
export function validate(options: ValidateOptions): OperatorFunction<LogRecord, ValidRecord> {
  const { counter, onBadRow } = options;
  return pipe(
    map((record: LogRecord): ValidRecord | undefined => {
      const parsed = trackedEvent.safeParse(record.raw);
      if (parsed.success) {
        counter.pass();
        return { record, event: record.raw as TrackedEvent };
      }
      const reason = isUnparsedLine(record.raw)
        ? redactAddresses(record.raw.reason).slice(0, MAX_REASON_LENGTH)
        : reasonOf(parsed.error);
      counter.reject(reason);
      onBadRow(badRow(record, reason));
      return undefined;
    }),
    filter((valid) => valid !== undefined),
  );
}

function isUnparsedLine(raw: unknown): raw is UnparsedLine {
  if (typeof raw !== 'object' || raw === null) return false;
  const { unparsed, reason } = raw as Readonly<Record<keyof UnparsedLine, unknown>>;
  return typeof unparsed === 'string' && typeof reason === 'string';
}

/** The first problem in words that do not depend on the value: reasons are counted by text. */
function reasonOf(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'invalid' : `${issue.path.join('.') || 'event'}: ${issue.code}`;
}

function badRow(record: LogRecord, reason: string): BadRow {
  const kept = isUnparsedLine(record.raw) ? record.raw.unparsed : JSON.stringify(record.raw);
  return {
    partition: record.partition,
    offset: record.offset,
    ingestTimeUs: record.ingestTimeUs,
    reason,
    payload: redactAddresses(kept ?? '').slice(0, MAX_PAYLOAD_LENGTH),
  };
}
