/** What a page may ask of the SDK, and what is taken where it asks for nothing. Spec: B3, B16. */
import type { TrackedEventData, TrackedEventType } from '../../domain/tracked-event.ts';
import { EngineError } from '../../kernel/errors.ts';
import { DEFAULT_SDK_POLICY, type SdkPolicy } from '../../sdk/sdk-policy.ts';

/** A fact on its way to the SDK. */
export interface BacklotFact {
  readonly type: TrackedEventType;
  readonly data: TrackedEventData;
}

/** What is captured without a call. All are on unless turned off. */
export interface AutocaptureOptions {
  readonly clicks?: boolean;
  readonly rageClicks?: boolean;
  readonly deadClicks?: boolean;
  readonly hovers?: boolean;
  readonly scroll?: boolean;
  readonly pages?: boolean;
  readonly impressions?: boolean;
  readonly search?: boolean;
  readonly videos?: boolean;
}

/** What the present address shows. */
export interface ShownPage {
  readonly page: string;
  readonly titleId?: string;
}

/** What {@link init} takes. */
export interface BacklotOptions {
  /** Address of the collector's batches, like `https://collect.example/v1/batch`. */
  readonly url: string;
  /** Public: it says whose events these are, and lets nobody read any. */
  readonly writeKey: string;
  /** `ask`: nothing is stored or sent before {@link BacklotHandle.consent}. */
  readonly consent: 'ask' | 'not-needed';
  /** Pseudonym of the person. Default: a random one, kept in the browser once it may be. */
  readonly subject?: string;
  /** `false`: nothing but what is tracked by calls. Default: everything. */
  readonly autocapture?: boolean | AutocaptureOptions;
  /** Differences from the default policy. */
  readonly policy?: Partial<SdkPolicy>;
  /** Whether Global Privacy Control and Do Not Track count as a refusal, until the person agrees
   * explicitly. Default `honour`. */
  readonly privacySignals?: 'honour' | 'ignore';
  /** Which fields of events' data may leave the page. Default: all. */
  readonly properties?: {
    readonly allow?: readonly (keyof TrackedEventData)[];
    readonly deny?: readonly (keyof TrackedEventData)[];
  };
  /** Looks at each fact before it is captured: returns it, another one, or null to drop it. One
   * that throws drops it too. */
  readonly beforeSend?: (fact: BacklotFact) => BacklotFact | null;
  /** Names what an address shows. Default: the attribute `data-backlot-page` of the body, else the
   * path. */
  readonly pageOf?: (address: URL) => ShownPage;
  /** Bodies from this size on are compressed, where the browser can. Default 8 KiB. */
  readonly gzipFromBytes?: number;
}

/** Of the 64 KiB that may outlive a page, so much is left to others on it. */
const LEFT_TO_OTHERS_BYTES = 8_192;
const GZIP_FROM_BYTES = 8_192;

/** Options as the SDK works with them. */
export interface ResolvedOptions extends BacklotOptions {
  readonly fullPolicy: SdkPolicy;
  readonly gzipFromBytes: number;
}

/** Fills in what was not asked for.
 * @throws EngineError `SDK_BAD_OPTION` for the first that cannot be; `SDK_BAD_POLICY` comes from
 * the core. */
export function resolveOptions(options: BacklotOptions): ResolvedOptions {
  const { url, writeKey, consent, subject, policy, gzipFromBytes = GZIP_FROM_BYTES } = options;
  if (!isText(url)) throw bad('url', 'the address of a collector’s /v1/batch');
  if (!isText(writeKey)) throw bad('writeKey', 'a write key of the collector');
  if (consent !== 'ask' && consent !== 'not-needed') throw bad('consent', 'ask or not-needed');
  if (subject !== undefined && !isText(subject)) throw bad('subject', 'a text that is not empty');
  const fullPolicy: SdkPolicy = {
    ...DEFAULT_SDK_POLICY,
    maxBeaconBytes: DEFAULT_SDK_POLICY.maxBeaconBytes - LEFT_TO_OTHERS_BYTES,
    ...policy,
    consent,
  };
  return { ...options, fullPolicy, gzipFromBytes };
}

/** Whether something may be a name: text, not empty, of a bearable length. */
export function isText(found: unknown): found is string {
  return typeof found === 'string' && found !== '' && found.length <= 2_048;
}

function bad(option: string, rule: string): EngineError {
  return new EngineError('SDK_BAD_OPTION', `backlot.init: ${option} must be ${rule}`, { option });
}
