/** Validates an event against the schema that it names, or the newest, tells all problems at once,
 * and brings it to the newest version. Spec: W71–W74. */
import type { FailureMessage } from '../../../domain/pipeline-ports.ts';
import type { TrackedEvent } from '../../../domain/tracked-event.ts';
import type { ValueHash } from '../../schemas/compile-schema.ts';
import {
  createTrackedEventRegistry,
  type RegisteredSchema,
  type SchemaRegistry,
  upgradeToNewest,
} from '../../schemas/schema-registry.ts';
import type { EventDraft, Stage, StageFailure } from '../stage.ts';

/** Options of the stage. */
export interface SchemaStageOptions {
  /** Default: the tracked event's own versions. */
  readonly registry?: SchemaRegistry;
  /** Keyed hash of the JSON of a value that breaks a rule; without it, messages have none. */
  readonly valueHash?: (text: string) => string;
}

/** Makes the stage. */
export function createSchemaStage(options: SchemaStageOptions = {}): Stage {
  const { registry = createTrackedEventRegistry(), valueHash } = options;
  const hash: ValueHash =
    valueHash === undefined ? () => null : (value) => hashOf(value, valueHash);
  const unknown = unknownSchema(registry);
  return {
    name: 'schema',
    version: '1.0.0',
    part: 'validate',
    references: { newest: registry.newest.key },
    apply(draft) {
      const named = nameOf(draft.raw);
      const schema = named === undefined ? registry.newest : registry.find(named);
      if (schema === undefined) return unknown;
      if (!schema.validator.isValid(draft.raw)) return invalid(schema, draft.raw, hash);
      if (schema === registry.newest) {
        draft.event = draft.raw as TrackedEvent;
        return draft;
      }
      return upgraded(draft, schema, { registry, hash, unknown });
    },
  };
}

/** The schema's name that an event brings; undefined where it brings none, or no text. */
function nameOf(raw: unknown): string | undefined {
  if (typeof raw !== 'object' || raw === null || !Object.hasOwn(raw, 'schema')) return undefined;
  const { schema } = raw as { readonly schema: unknown };
  return typeof schema === 'string' ? schema : undefined;
}

function upgraded(
  draft: EventDraft,
  schema: RegisteredSchema,
  stage: {
    readonly registry: SchemaRegistry;
    readonly hash: ValueHash;
    readonly unknown: StageFailure;
  },
): EventDraft | StageFailure {
  const { registry, hash, unknown } = stage;
  const newest = upgradeToNewest(schema, draft.raw as Readonly<Record<string, unknown>>);
  // A schema of another family: its events are none of ours, however valid.
  if (newest.schema !== registry.newest) return unknown;
  if (!newest.schema.validator.isValid(newest.event)) {
    return invalid(newest.schema, newest.event, hash);
  }
  draft.event = newest.event as unknown as TrackedEvent;
  return draft;
}

function invalid(schema: RegisteredSchema, raw: unknown, hash: ValueHash): StageFailure {
  const messages = schema.validator.problemsOf(raw, hash);
  const reason = messages[0]?.error ?? 'invalid';
  return { failed: 'rejected', type: 'schema_violation', reason, messages, isRecoverable: true };
}

function unknownSchema(registry: SchemaRegistry): StageFailure {
  const message: FailureMessage = {
    field: 'schema',
    rule: 'unknown_schema',
    valueHash: null,
    error: `schema: unknown version; known are ${registry.keys.join(', ')}`,
  };
  return {
    failed: 'rejected',
    type: 'unknown_schema',
    reason: 'unknown schema version',
    messages: [message],
    isRecoverable: true,
  };
}

function hashOf(value: unknown, valueHash: (text: string) => string): string | null {
  try {
    const text = JSON.stringify(value);
    return text === undefined ? null : valueHash(text);
  } catch {
    return null;
  }
}
