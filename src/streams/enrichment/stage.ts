/** A stage of enrichment: a name, a version, and a function of (event, reference data, time). It
 * takes the chain's working copy of one event, writes what it found into it and hands it on, or
 * says why it must not go on. The record itself is never changed. Spec: W70. */
import type {
  EventAnnotations,
  FailureMessage,
  FailureType,
  LogRecord,
} from '../../domain/pipeline-ports.ts';
import type { Checkpointable } from '../../domain/plain-value.ts';
import type { TrackedEvent } from '../../domain/tracked-event.ts';

/** The working copy of one event on its way through the stages. */
export interface EventDraft {
  readonly record: LogRecord;
  /** What was received, decoded; stages up to the schema's read it. */
  raw: unknown;
  /** The event, from the schema stage on. */
  event: TrackedEvent;
  deviceKind: string;
  country: string;
  localHour: number;
  titleName: string | null;
  genre: string | null;
  /** What optional stages found, but for the versions, which the chain adds. */
  annotations: Annotations | undefined;
}

/** Annotations while they are being written. */
export type Annotations = {
  -readonly [Name in keyof Omit<EventAnnotations, 'versions'>]: EventAnnotations[Name];
};

/** What a stage may know besides the event. */
export interface StageContext {
  /** When the pipeline processes, µs since the Unix epoch. */
  readonly processTimeUs: number;
  /** 1 for the first way through, one more for each replay. */
  readonly attempt: number;
  /** Counts what is remarkable and yet goes on, like a time in the future. */
  note(what: string): void;
}

/** Why an event does not go on: refused, and kept as a bad row; or left out on purpose. */
export type StageFailure =
  | {
      readonly failed: 'rejected';
      readonly type: FailureType;
      /** In words that do not depend on the value. */
      readonly reason: string;
      readonly messages: readonly FailureMessage[];
      readonly isRecoverable: boolean;
    }
  | { readonly failed: 'dropped'; readonly reason: string };

/** Stages are counted alone, and together by what part of the pipeline they are. */
export type StagePart = 'validate' | 'dedupe' | 'enrich';

/** A stage. A version changes whenever the same input may give another output. */
export interface Stage {
  readonly name: string;
  readonly version: string;
  readonly part: StagePart;
  /** Versions of the data that it looks things up in, by name. */
  readonly references?: Readonly<Record<string, string>>;
  apply(draft: EventDraft, context: StageContext): EventDraft | StageFailure;
  /** What it remembers between events, where it does. */
  readonly memory?: Checkpointable;
}

/** Whether a stage's answer is that the event does not go on. */
export function isFailure(outcome: EventDraft | StageFailure): outcome is StageFailure {
  return 'failed' in outcome;
}

/** Writes an annotation. */
export function annotate<Name extends keyof Annotations>(
  draft: EventDraft,
  name: Name,
  value: Annotations[Name],
): void {
  draft.annotations ??= {};
  draft.annotations[name] = value;
}
