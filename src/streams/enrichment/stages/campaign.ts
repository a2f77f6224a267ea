/** Annotates an event with the kind of its referrer and with its campaign, where the event brings
 * the addresses. Spec: W95, W96. */
import { remembering } from '../lookups/bounded-cache.ts';
import { campaignOf } from '../lookups/campaign.ts';
import { createReferrerLookup } from '../lookups/referrer.ts';
import { annotate, type Stage } from '../stage.ts';

/** Options of the stage. */
export interface CampaignStageOptions {
  /** Registrable domains that are one's own, besides the page's. */
  readonly internalDomains?: readonly string[];
}

const REMEMBERED_MAX = 20_000;

/** Makes the stage. */
export function createCampaignStage(options: CampaignStageOptions = {}): Stage {
  const referrerOf = createReferrerLookup(options.internalDomains);
  const campaign = remembering(REMEMBERED_MAX, campaignOf);
  return {
    name: 'campaign',
    version: '1.0.0',
    part: 'enrich',
    references: { tldts: '7.5.4' },
    apply(draft) {
      const { pageUrl, referrer } = draft.event.data;
      if (pageUrl === undefined && referrer === undefined) return draft;
      annotate(draft, 'referrer', referrerOf(referrer ?? '', pageUrl ?? ''));
      const found = pageUrl === undefined ? undefined : campaign(pageUrl);
      if (found !== undefined) annotate(draft, 'campaign', found);
      return draft;
    },
  };
}
