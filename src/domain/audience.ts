/** Who watches: a viewer's device, country, taste and patience, each a pure function of the
 * viewer's number, so that one viewer more or fewer changes nobody else. Spec: D1, D2. */
import type { Chance } from '../kernel/chance.ts';
import type { ViewerId } from './ids.ts';

/** Kinds of device. */
export const DEVICE_KINDS = ['tv', 'phone', 'web', 'console'] as const;
/** One of {@link DEVICE_KINDS}. */
export type DeviceKind = (typeof DEVICE_KINDS)[number];

/** What one can do while browsing. */
export const BROWSE_ACTIONS = ['hover', 'scroll', 'search', 'open', 'leave'] as const;
/** One of {@link BROWSE_ACTIONS}. */
export type BrowseAction = (typeof BROWSE_ACTIONS)[number];
/** What one can do on a title's page. */
export const TITLE_ACTIONS = ['hover', 'play', 'back', 'leave'] as const;
/** One of {@link TITLE_ACTIONS}. */
export type TitleAction = (typeof TITLE_ACTIONS)[number];

/** One viewer. */
export interface ViewerProfile {
  readonly viewer: ViewerId;
  readonly device: DeviceKind;
  readonly country: string;
  readonly favouriteGenre: string;
  /** Synthetic, from the benchmark block 198.18.0.0/15 (RFC 2544): never a real person's. */
  readonly clientAddress: string;
  readonly userAgent: string;
}

/** What the audience is drawn from: shares are relative weights. */
export interface AudienceConfig {
  readonly deviceShares: Readonly<Record<DeviceKind, number>>;
  readonly countryShares: Readonly<Record<string, number>>;
  readonly genres: readonly string[];
}

/** The first number of guests: viewers that a scenario adds by hand, outside the arrival stream. */
export const FIRST_GUEST: ViewerId = 0x4000_0000;

/** Representative user-agent texts, one a device kind. */
const USER_AGENTS: Readonly<Record<DeviceKind, string>> = {
  tv: 'Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) TV',
  phone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 ' +
    '(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  web:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ' +
    '(KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  console:
    'Mozilla/5.0 (PlayStation; PlayStation 5/8.00) AppleWebKit/605.1.15 ' +
    '(KHTML, like Gecko) Version/13.0 Safari/605.1.15',
};

/** Makes the function from a viewer's number to the viewer. Cost of a call O(countries). */
export function createAudience(
  config: AudienceConfig,
  chance: Chance,
): (viewer: ViewerId) => ViewerProfile {
  const deviceDraws = chance.draws('audience.device');
  const countryDraws = chance.draws('audience.country');
  const genreDraws = chance.draws('audience.genre');
  const countries = Object.keys(config.countryShares).sort();
  const pickCountry = weightedPick(countries, config.countryShares);
  const pickDevice = weightedPick(DEVICE_KINDS, config.deviceShares);
  return (viewer) => {
    const country = pickCountry(countryDraws.uniform(viewer, 0));
    const device = pickDevice(deviceDraws.uniform(viewer, 0));
    const genreIndex = Math.floor(genreDraws.uniform(viewer, 0) * config.genres.length);
    return {
      viewer,
      device,
      country,
      favouriteGenre: config.genres[genreIndex] ?? '',
      clientAddress: addressOf(viewer, countries.indexOf(country)),
      userAgent: USER_AGENTS[device],
    };
  };
}

/** The country behind a synthetic address: the inverse of what {@link createAudience} gives out.
 * @returns `ZZ` for any other address. */
export function createCountryLookup(
  countryShares: Readonly<Record<string, number>>,
): (clientAddress: string) => string {
  const countries = Object.keys(countryShares).sort();
  return (clientAddress) => {
    const match = /^198\.18\.(\d+)\.\d+$/.exec(clientAddress);
    return match === null ? 'ZZ' : (countries[Number(match[1])] ?? 'ZZ');
  };
}

/** Picks by relative weight with one uniform; order of `names` decides ties. */
export function weightedPick<N extends string>(
  names: readonly N[],
  weights: Readonly<Record<N, number>>,
): (u: number) => N {
  const total = names.reduce((sum, name) => sum + weights[name], 0);
  const last = names.at(-1) as N;
  return (u) => {
    let rest = u * total;
    for (const name of names) {
      rest -= weights[name];
      if (rest < 0) return name;
    }
    return last;
  };
}

function addressOf(viewer: ViewerId, countryIndex: number): string {
  return `198.18.${countryIndex}.${(viewer % 254) + 1}`;
}
