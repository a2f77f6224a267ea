/** From a user-agent text to a kind of device. */
import Bowser from 'bowser';
import { isbot } from 'isbot';
import { remembering } from './bounded-cache.ts';

/** Television sets and consoles, which general parsers cover poorly: a pattern and a kind each. */
const LIVING_ROOM: readonly (readonly [RegExp, string])[] = [
  [/playstation|xbox|nintendo/i, 'console'],
  [/smart-?tv|tizen|web0s|webos|bravia|appletv|apple tv|roku|crkey|aft[a-z]|hbbtv/i, 'tv'],
];

/** What bad rows keep of a user agent where its text must not be kept. */
const CANONICAL = /^backlot-device\/(tv|console|phone|web|bot|unknown)$/;
/** Distinct user agents of one generation of the memory. */
const MAX_REMEMBERED = 10_000;
/** Longer texts are no user agents, and parsing them costs. */
const MAX_LENGTH = 2_048;

const deviceKind = remembering(MAX_REMEMBERED, classify);

/** The classifier, with a memory that the process shares: `tv`, `console`, `phone`, `web`, `bot` or
 * `unknown`. Cost: one parse for each distinct text. */
export function createDeviceKind(): (userAgent: string) => string {
  return deviceKind;
}

/** A user agent that says the kind and nothing else: the classifier gives the kind back. */
export function canonicalUserAgent(kind: string): string {
  return `backlot-device/${kind}`;
}

function classify(text: string): string {
  const userAgent = text.slice(0, MAX_LENGTH);
  if (userAgent === '' || userAgent === '-') return 'unknown';
  const canonical = CANONICAL.exec(userAgent)?.[1];
  if (canonical !== undefined) return canonical;
  for (const [pattern, kind] of LIVING_ROOM) {
    if (pattern.test(userAgent)) return kind;
  }
  if (isbot(userAgent)) return 'bot';
  switch (Bowser.parse(userAgent).platform.type) {
    case 'mobile':
    case 'tablet':
      return 'phone';
    case 'desktop':
      return 'web';
    case 'tv':
      return 'tv';
    default:
      return 'unknown';
  }
}
