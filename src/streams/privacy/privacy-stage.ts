/** The stage that makes events fit to be kept: who is in them becomes a pseudonym, and what is not
 * on the allow-list is left out. It comes after all joins. Spec: W88–W91. */
import type { EventDraft, Stage } from '../enrichment/stage.ts';
import {
  createTextTreatment,
  type FieldPolicy,
  protectEvent,
  STRICT_POLICY,
  type TextTreatment,
} from './field-policy.ts';
import type { Pseudonymizer } from './pseudonyms.ts';

/** Options of the stage. */
export interface PrivacyStageOptions {
  readonly pseudonymizer: Pseudonymizer;
  /** Default: the strict one. */
  readonly policy?: FieldPolicy;
}

/** Makes the stage. */
export function createPrivacyStage(options: PrivacyStageOptions): Stage {
  const { pseudonymizer, policy = STRICT_POLICY } = options;
  const treat = createTextTreatment(pseudonymizer);
  return {
    name: 'privacy',
    version: '1.0.0',
    part: 'enrich',
    references: { key: pseudonymizer.currentKeyId },
    apply(draft) {
      draft.event = protectEvent(draft.event, policy, treat);
      protectSession(draft, treat);
      return draft;
    },
  };
}

/** The session that was found bears the subject's name. */
function protectSession(draft: EventDraft, treat: TextTreatment): void {
  const { annotations } = draft;
  const session = annotations?.session;
  if (annotations === undefined || session === undefined) return;
  annotations.session = { ...session, id: treat(session.id, 'pseudonym') ?? '' };
}
