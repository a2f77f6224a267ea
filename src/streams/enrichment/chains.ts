/** Chains that are made up already: the one that every pipeline has, and the one with all stages.
 * Order is data (`stage-order.ts`); a chain of one's own is a list of stages. Spec: W78. */
import type { ReferenceData } from '../../domain/pipeline-ports.ts';
import { createTextTreatment } from '../privacy/field-policy.ts';
import { createPrivacyStage } from '../privacy/privacy-stage.ts';
import type { Pseudonymizer } from '../privacy/pseudonyms.ts';
import { createTimeStage, type TimeStageOptions } from '../time-correction/time-stage.ts';
import { createEnrichment, type Enrichment } from './enrichment.ts';
import type { GeoDatabase } from './lookups/geo-database.ts';
import type { Stage } from './stage.ts';
import { STAGE_ORDER } from './stage-order.ts';
import { createBotStage } from './stages/bot.ts';
import { type CampaignStageOptions, createCampaignStage } from './stages/campaign.ts';
import { createDecodeStage } from './stages/decode.ts';
import { createDedupeStage } from './stages/dedupe.ts';
import { createGeoStage } from './stages/geo.ts';
import { createGuardStage } from './stages/guard.ts';
import { createProfileStage, type ProfileStageOptions } from './stages/profile.ts';
import { createReferenceStages } from './stages/reference.ts';
import { createRouteStage, type RouteStageOptions } from './stages/route.ts';
import { createSchemaStage, type SchemaStageOptions } from './stages/schema.ts';
import { createSessionStage, type SessionStageOptions } from './stages/session.ts';
import { createUserAgentStage } from './stages/user-agent.ts';

/** Options of {@link createBasicEnrichment}. */
export interface BasicEnrichmentOptions {
  readonly reference: ReferenceData;
  readonly dedupeTtlUs: number;
  readonly time?: TimeStageOptions;
  /** Who is in the events becomes a pseudonym; without it, subjects are stored as they come. */
  readonly pseudonymizer?: Pseudonymizer;
}

/** Options of {@link createFullEnrichment}; a stage whose data is not given is left out. */
export interface FullEnrichmentOptions extends BasicEnrichmentOptions {
  readonly schema?: SchemaStageOptions;
  readonly geo?: GeoDatabase;
  readonly campaign?: CampaignStageOptions;
  readonly profile?: ProfileStageOptions;
  readonly session?: SessionStageOptions;
  readonly route?: RouteStageOptions;
}

/** Validation, deduplication, time, device, country, title, local hour; and privacy, where there is
 * a pseudonymizer. */
export function createBasicEnrichment(options: BasicEnrichmentOptions): Enrichment {
  return chainOf(basicStages(options, {}), options);
}

/** All stages. */
export function createFullEnrichment(options: FullEnrichmentOptions): Enrichment {
  const { geo, profile } = options;
  const basic = basicStages(options, options.schema ?? {});
  const stages: readonly Stage[] = [
    // User agent and geo-IP give what the stages of the plain reference data give, and more.
    ...basic.filter(({ name }) => name !== 'device' && (geo === undefined || name !== 'country')),
    createUserAgentStage(),
    createBotStage(),
    ...(geo === undefined ? [] : [createGeoStage(geo)]),
    createCampaignStage(options.campaign),
    ...(profile === undefined ? [] : [createProfileStage(profile)]),
    createSessionStage(options.session),
    createRouteStage(options.route),
  ];
  return chainOf(stages, options);
}

function basicStages(
  options: BasicEnrichmentOptions,
  schema: SchemaStageOptions,
): readonly Stage[] {
  const { reference, dedupeTtlUs, time, pseudonymizer } = options;
  const valueHash =
    pseudonymizer === undefined
      ? {}
      : { valueHash: (text: string) => pseudonymizer.valueHash(text) };
  return [
    createDecodeStage({ trustsReaders: pseudonymizer === undefined }),
    createGuardStage(),
    createSchemaStage({ ...valueHash, ...schema }),
    createDedupeStage({ ttlUs: dedupeTtlUs }),
    createTimeStage(time),
    ...createReferenceStages(reference),
    ...(pseudonymizer === undefined ? [] : [createPrivacyStage({ pseudonymizer })]),
  ];
}

function chainOf(stages: readonly Stage[], { pseudonymizer }: BasicEnrichmentOptions): Enrichment {
  const names = new Set(stages.map(({ name }) => name));
  const order = STAGE_ORDER.filter((name) => names.has(name));
  if (pseudonymizer === undefined) return createEnrichment({ stages, order });
  const privacy = { treat: createTextTreatment(pseudonymizer) };
  return createEnrichment({ stages, order, privacy });
}
