/** Browser, version, system and device of a user agent, by client hints where they are given, else
 * by Bowser. A family that is not in the list of known ones is `Other`: what somebody wrote into a
 * user agent goes no further. Spec: W92. Source of hints: W3C User-Agent Client Hints. */
import Bowser from 'bowser';
import { createDeviceKind } from './device-kind.ts';
import { commonFamily, familyOfToken } from './user-agent-families.ts';

/** What a user agent tells. Every text is from a list or has digits and dots only. */
export interface ParsedUserAgent {
  readonly browser: string;
  readonly browserVersion: string;
  readonly os: string;
  readonly device: string;
}

/** Hints by name in lower case. */
export type ClientHints = Readonly<Record<string, string>>;

/** Parses user agents. Cost: hundreds of µs a parse; callers remember. */
export type UserAgentParser = (userAgent: string, hints?: ClientHints) => ParsedUserAgent;

const MAX_LENGTH = 2_048;
/** Families and systems that Bowser knows: whatever else it says was taken from the text. */
const KNOWN_BROWSERS: ReadonlySet<string> = new Set(Object.values(Bowser.BROWSER_MAP));
const KNOWN_SYSTEMS: ReadonlySet<string> = new Set(Object.values(Bowser.OS_MAP));
/** Brands of `sec-ch-ua` that are browsers, in the order in which they are believed. */
const BRANDS: readonly (readonly [RegExp, string])[] = [
  [/"Microsoft Edge";v="(\d{1,5})"/, 'Edge'],
  [/"Opera";v="(\d{1,5})"/, 'Opera'],
  [/"Samsung Internet";v="(\d{1,5})"/, 'Samsung Internet'],
  [/"Google Chrome";v="(\d{1,5})"/, 'Chrome'],
  [/"Chromium";v="(\d{1,5})"/, 'Chromium'],
];
const VERSION = /^\d{1,6}(?:\.\d{1,6}){0,5}/;

/** Makes a parser. */
export function createUserAgentParser(): UserAgentParser {
  const deviceKind = createDeviceKind();
  return (userAgent, hints) => {
    const parsed = parse(userAgent.slice(0, MAX_LENGTH), deviceKind);
    return hints === undefined ? parsed : withHints(parsed, hints);
  };
}

function parse(userAgent: string, deviceKind: (userAgent: string) => string): ParsedUserAgent {
  const device = deviceKind(userAgent);
  if (userAgent === '' || userAgent === '-') {
    return { browser: 'Other', browserVersion: '', os: 'Other', device };
  }
  const { browser, os } = Bowser.parse(userAgent);
  const own = familyOfToken(userAgent);
  const told = KNOWN_BROWSERS.has(browser.name ?? '') ? (browser.name ?? '') : 'Other';
  const version = own?.version ?? (told === 'Other' ? '' : (browser.version ?? ''));
  return {
    browser: own?.name ?? commonFamily(told, userAgent),
    browserVersion: VERSION.exec(version)?.[0] ?? '',
    os: KNOWN_SYSTEMS.has(os.name ?? '') ? (os.name ?? 'Other') : 'Other',
    device,
  };
}

/** Hints are believed before the text, which browsers freeze. */
function withHints(parsed: ParsedUserAgent, hints: ClientHints): ParsedUserAgent {
  const brands = hints['sec-ch-ua'] ?? '';
  const brand = BRANDS.map(([pattern, name]) => ({
    name,
    version: pattern.exec(brands)?.[1],
  })).find(({ version }) => version !== undefined);
  const platform = (hints['sec-ch-ua-platform'] ?? '').replaceAll('"', '');
  const os = platform === 'Chrome OS' ? 'Chrome OS' : platform;
  const isMobile = hints['sec-ch-ua-mobile'];
  const device = isMobile === '?1' ? 'phone' : isMobile === '?0' ? 'web' : parsed.device;
  return {
    browser: brand?.name ?? parsed.browser,
    browserVersion: brand?.version ?? parsed.browserVersion,
    os: KNOWN_SYSTEMS.has(os) ? os : parsed.os,
    // Television sets and consoles say that they are not mobile.
    device: parsed.device === 'web' || parsed.device === 'phone' ? device : parsed.device,
  };
}
