/** Joins an event with what was known of its subject, or of its title, as of the event's time. What
 * a miss means is a policy: nothing, the first version that there is, or a bad row. Spec: W97. */
import type { PlainValue } from '../../../domain/plain-value.ts';
import type { VersionedTable } from '../lookups/versioned-table.ts';
import { annotate, type Stage, type StageFailure } from '../stage.ts';

/** What to do where the table has no version for the event's time. */
export type MissPolicy = 'null' | 'earliest' | 'reject';

/** A profile: what is known of a subject. */
export type Profile = Readonly<Record<string, string | number | boolean>>;
/** A title as of some time. */
export type TitleVersion = { readonly name: string; readonly genre: string };

/** Options of {@link createProfileStage}. */
export interface ProfileStageOptions {
  readonly profiles: VersionedTable<Profile>;
  /** Default `null`. */
  readonly onMiss?: MissPolicy;
  /** Keys under which a subject may be stored, the best first, like its pseudonyms under all keys.
   * Default: the subject itself. */
  readonly keysOf?: (subject: string) => readonly string[];
}

/** Options of {@link createTitleHistoryStage}. */
export interface TitleHistoryOptions {
  readonly titles: VersionedTable<TitleVersion>;
  /** Default `null`. */
  readonly onMiss?: MissPolicy;
}

/** Makes the stage that joins profiles. */
export function createProfileStage(options: ProfileStageOptions): Stage {
  const { profiles, onMiss = 'null', keysOf = (subject: string) => [subject] } = options;
  return {
    name: 'profile',
    version: '1.0.0',
    part: 'enrich',
    references: { onMiss },
    memory: profiles,
    apply(draft, context) {
      const { subject, eventTimeUs } = draft.event;
      const keys = keysOf(subject);
      const found = joinAny(profiles, keys, { timeUs: eventTimeUs, onMiss });
      if (found === undefined) {
        if (onMiss === 'reject') return missing('subject', 'no profile of the subject');
        context.note('no profile of the subject');
      }
      annotate(draft, 'profile', found ?? null);
      return draft;
    },
  };
}

/** Makes the stage that joins titles: it takes the place of the plain `title` stage. */
export function createTitleHistoryStage({ titles, onMiss = 'null' }: TitleHistoryOptions): Stage {
  return {
    name: 'title',
    version: '2.0.0',
    part: 'enrich',
    references: { onMiss },
    memory: titles,
    apply(draft, context) {
      const { titleId } = draft.event.data;
      if (titleId === undefined) return draft;
      const found = joinAny(titles, [titleId], { timeUs: draft.event.eventTimeUs, onMiss });
      if (found === undefined) {
        if (onMiss === 'reject') return missing('data.titleId', 'no such title');
        context.note('no such title');
      }
      draft.titleName = found?.name ?? null;
      draft.genre = found?.genre ?? null;
      return draft;
    },
  };
}

function joinAny<Value extends PlainValue>(
  table: VersionedTable<Value>,
  keys: readonly string[],
  { timeUs, onMiss }: { readonly timeUs: number; readonly onMiss: MissPolicy },
): Value | undefined {
  for (const key of keys) {
    const found =
      table.asOf(key, timeUs) ?? (onMiss === 'earliest' ? table.earliest(key) : undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

function missing(field: string, reason: string): StageFailure {
  return {
    failed: 'rejected',
    type: 'enrichment_failure',
    reason,
    messages: [{ field, rule: 'known', valueHash: null, error: `${field}: ${reason}` }],
    isRecoverable: true,
  };
}
