/** Makes bad rows of records that a stage refused: everything that a replay needs, and nothing that
 * tells who it was. Spec: W2, W75–W77, W91. */
import type { BadRow, BadRowEnvelope, LogRecord } from '../../domain/pipeline-ports.ts';
import { clientNetwork } from '../privacy/client-network.ts';
import { type FieldPolicy, STRICT_POLICY, type TextTreatment } from '../privacy/field-policy.ts';
import { maskRecord, maskText } from '../privacy/mask.ts';
import { redactAddresses } from '../redact.ts';
import { canonicalUserAgent } from './lookups/device-kind.ts';
import type { Stage, StageContext, StageFailure } from './stage.ts';

/** A line that a file reader could not parse travels as this record. */
export interface UnparsedLine {
  readonly unparsed: string;
  readonly reason: string;
}

/** What may be kept of records. */
export interface BadRowPrivacy {
  readonly policy?: FieldPolicy;
  readonly treat: TextTreatment;
}

/** Makes a bad row. */
export type BadRowFactory = (
  record: LogRecord,
  refusal: {
    readonly raw: unknown;
    readonly stage: Stage;
    readonly failure: Extract<StageFailure, { failed: 'rejected' }>;
    readonly context: StageContext;
  },
) => BadRow;

/** Longest payload kept of a bad row, in characters: an event valid but for one field fits. */
const MAX_PAYLOAD_LENGTH = 65_536;
const MAX_USER_AGENT_LENGTH = 512;

/** Makes a factory. Without privacy, payloads are kept but for addresses: of made-up people, and of
 * files whose reader has replaced who is in them. @param kindOf - The kind of a device. */
export function createBadRowFactory(
  privacy: BadRowPrivacy | undefined,
  kindOf: (userAgent: string) => string,
): BadRowFactory {
  const payloadOf = privacy === undefined ? redactedPayload : maskedPayload(privacy);
  const userAgentOf =
    privacy === undefined
      ? (userAgent: string) => redactAddresses(userAgent).slice(0, MAX_USER_AGENT_LENGTH)
      : (userAgent: string) => canonicalUserAgent(kindOf(userAgent));
  return (record, { raw, stage, failure, context }) => {
    const { payload, isWhole } = payloadOf(raw);
    const { sentTimeUs, sentUptimeUs, userAgent, clientAddress } = record;
    const envelope: BadRowEnvelope = {
      sentTimeUs,
      ...(sentUptimeUs === undefined ? {} : { sentUptimeUs }),
      userAgent: userAgentOf(userAgent),
      clientNetwork: clientNetwork(clientAddress),
    };
    return {
      partition: record.partition,
      offset: record.offset,
      ingestTimeUs: record.ingestTimeUs,
      reason: failure.reason,
      payload,
      failureType: failure.type,
      processor: stage.name,
      processorVersion: stage.version,
      failedTimeUs: context.processTimeUs,
      messages: failure.messages,
      field: failure.messages[0]?.field ?? 'event',
      attempt: context.attempt,
      recoverable: failure.isRecoverable && isWhole,
      envelope,
    };
  };
}

/** Whether a record stands for a line that could not be parsed. */
export function isUnparsedLine(raw: unknown): raw is UnparsedLine {
  if (typeof raw !== 'object' || raw === null) return false;
  const { unparsed, reason } = raw as Readonly<Record<keyof UnparsedLine, unknown>>;
  return typeof unparsed === 'string' && typeof reason === 'string';
}

interface Payload {
  readonly payload: string;
  /** Nothing was cut off. */
  readonly isWhole: boolean;
}

function redactedPayload(raw: unknown): Payload {
  const kept = isUnparsedLine(raw) ? raw.unparsed : jsonOf(raw);
  return cut(redactAddresses(kept.slice(0, 2 * MAX_PAYLOAD_LENGTH)), kept.length);
}

function maskedPayload({ policy = STRICT_POLICY, treat }: BadRowPrivacy) {
  return (raw: unknown): Payload => {
    if (isUnparsedLine(raw)) {
      const text = raw.unparsed.slice(0, MAX_PAYLOAD_LENGTH);
      return { payload: maskText(text), isWhole: false };
    }
    if (typeof raw === 'string') {
      return { payload: jsonOf(maskText(raw.slice(0, MAX_PAYLOAD_LENGTH))), isWhole: false };
    }
    const { kept, isRecoverable } = maskRecord(raw, policy, treat);
    const { payload, isWhole } = cut(jsonOf(kept), 0);
    return { payload, isWhole: isWhole && isRecoverable };
  };
}

/** JSON of anything; of what has none, like a value that holds itself, only that. */
function jsonOf(raw: unknown): string {
  try {
    return JSON.stringify(raw) ?? '';
  } catch {
    return '"[no JSON]"';
  }
}

function cut(text: string, originalLength: number): Payload {
  const isWhole = Math.max(text.length, originalLength) <= MAX_PAYLOAD_LENGTH;
  return { payload: text.slice(0, MAX_PAYLOAD_LENGTH), isWhole };
}
