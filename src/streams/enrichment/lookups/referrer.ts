/** Where a visit came from: the kind of the referring site, by its registrable domain. Spec: W95.
 * Source of the kinds: Snowplow's referer parser; the table is our own. */
import { parse } from 'tldts';
import { remembering } from './bounded-cache.ts';

/** A classified referrer. */
export interface Referrer {
  readonly medium: 'internal' | 'search' | 'social' | 'email' | 'referral' | 'direct';
  /** Name of the site, where it is in the table. */
  readonly source: string | null;
  /** Registrable domain, never a path, a user or an address. */
  readonly domain: string | null;
}

/** Classifies. */
export type ReferrerLookup = (referrer: string, pageUrl: string) => Referrer;

type Known = readonly [medium: 'search' | 'social' | 'email', source: string];

/** By the domain's name without its public suffix: `google.co.uk` is `google`. */
const BY_NAME: Readonly<Record<string, Known>> = {
  google: ['search', 'Google'],
  bing: ['search', 'Bing'],
  duckduckgo: ['search', 'DuckDuckGo'],
  yahoo: ['search', 'Yahoo!'],
  baidu: ['search', 'Baidu'],
  yandex: ['search', 'Yandex'],
  ecosia: ['search', 'Ecosia'],
  qwant: ['search', 'Qwant'],
  startpage: ['search', 'Startpage'],
  naver: ['search', 'Naver'],
  seznam: ['search', 'Seznam'],
  facebook: ['social', 'Facebook'],
  instagram: ['social', 'Instagram'],
  twitter: ['social', 'Twitter'],
  reddit: ['social', 'Reddit'],
  linkedin: ['social', 'LinkedIn'],
  pinterest: ['social', 'Pinterest'],
  tiktok: ['social', 'TikTok'],
  youtube: ['social', 'YouTube'],
  whatsapp: ['social', 'WhatsApp'],
  telegram: ['social', 'Telegram'],
  mastodon: ['social', 'Mastodon'],
};
/** By registrable domain or by whole host name, before the table by name. */
const BY_HOST: Readonly<Record<string, Known>> = {
  't.co': ['social', 'Twitter'],
  'x.com': ['social', 'Twitter'],
  'lnkd.in': ['social', 'LinkedIn'],
  'youtu.be': ['social', 'YouTube'],
  't.me': ['social', 'Telegram'],
  'bsky.app': ['social', 'Bluesky'],
  'mail.google.com': ['email', 'Gmail'],
  'mail.yahoo.com': ['email', 'Yahoo! Mail'],
  'outlook.live.com': ['email', 'Outlook.com'],
  'search.brave.com': ['search', 'Brave'],
  'news.ycombinator.com': ['social', 'Hacker News'],
};
const DIRECT: Referrer = { medium: 'direct', source: null, domain: null };
const REMEMBERED_MAX = 20_000;
const MAX_LENGTH = 2_048;

/** Makes the look-up. @param internalDomains - Registrable domains that are one's own, besides the
 * page's. */
export function createReferrerLookup(internalDomains: readonly string[] = []): ReferrerLookup {
  const own = new Set(internalDomains);
  const site = remembering(REMEMBERED_MAX, (url) => parse(url.slice(0, MAX_LENGTH)));
  return (referrer, pageUrl) => {
    if (referrer === '') return DIRECT;
    const { hostname, domain, domainWithoutSuffix, isIp } = site(referrer);
    if (hostname === null) return DIRECT;
    if (isIp === true || domain === null) return { medium: 'referral', source: null, domain: null };
    if (own.has(domain) || (pageUrl !== '' && site(pageUrl).domain === domain)) {
      return { medium: 'internal', source: null, domain };
    }
    const known =
      entry(BY_HOST, hostname) ??
      entry(BY_HOST, domain) ??
      entry(BY_NAME, domainWithoutSuffix ?? '');
    if (known === undefined) return { medium: 'referral', source: null, domain };
    return { medium: known[0], source: known[1], domain };
  };
}

function entry(table: Readonly<Record<string, Known>>, name: string): Known | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
