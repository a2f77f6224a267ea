/** The campaign in a page's address: `utm_*` parameters, and which network's click id is there. A
 * click id tells one person's click, so only its kind is kept. Spec: W96. Source of the names: the
 * parameters that the advertising networks document. */
import { redactAddresses } from '../../redact.ts';

/** Found parameters: `medium`, `source`, `term`, `content`, `campaign`, `id`; `clickId` and
 * `network` for a click id. */
export type Campaign = Readonly<Record<string, string>>;

const UTM = /^utm_(medium|source|term|content|campaign|id)$/;
const CLICK_IDS: Readonly<Record<string, string>> = {
  gclid: 'Google',
  gbraid: 'Google',
  wbraid: 'Google',
  dclid: 'DoubleClick',
  msclkid: 'Microsoft',
  fbclid: 'Facebook',
  ttclid: 'TikTok',
  twclid: 'Twitter',
  li_fat_id: 'LinkedIn',
};
const VALUE_LENGTH_MAX = 128;
const PARAMETERS_MAX = 64;

/** Reads the campaign. @returns undefined where the address has none. Cost O(length). */
export function campaignOf(pageUrl: string): Campaign | undefined {
  const query = queryOf(pageUrl);
  if (query === '') return undefined;
  const found: Record<string, string> = {};
  for (const pair of query.split('&', PARAMETERS_MAX)) {
    const at = pair.indexOf('=');
    if (at <= 0) continue;
    const name = pair.slice(0, at).toLowerCase();
    const utm = UTM.exec(name)?.[1];
    if (utm !== undefined && found[utm] === undefined) {
      const value = decoded(pair.slice(at + 1));
      if (value !== '') found[utm] = redactAddresses(value).slice(0, VALUE_LENGTH_MAX);
    } else if (Object.hasOwn(CLICK_IDS, name) && found['clickId'] === undefined) {
      found['clickId'] = name;
      found['network'] = CLICK_IDS[name] ?? '';
    }
  }
  return Object.keys(found).length === 0 ? undefined : found;
}

function queryOf(url: string): string {
  const start = url.indexOf('?');
  if (start < 0) return '';
  const end = url.indexOf('#', start);
  return url.slice(start + 1, end < 0 ? undefined : end);
}

/** What cannot be decoded is left as it stands. */
function decoded(value: string): string {
  const spaced = value.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
