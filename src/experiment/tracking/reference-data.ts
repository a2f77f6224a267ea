/** What the pipeline looks things up in: titles from the catalogue, countries from addresses, and
 * the clock of each country. */
import type { Catalogue } from '../../domain/catalogue.ts';
import type { ReferenceData } from '../../domain/pipeline-ports.ts';

/** From a client's address to a country code, `ZZ` where unknown. */
export type CountryLookup = (clientAddress: string) => string;

/** Offset from UTC in minutes of a country's most populous time zone in winter. Source: IANA time
 * zone database; one zone a country is a simplification that docs/SPEC.md states (W9). */
const UTC_OFFSET_MINUTES: Readonly<Record<string, number>> = {
  AR: -180,
  AU: 600,
  BR: -180,
  CA: -300,
  CN: 480,
  DE: 60,
  EG: 120,
  ES: 60,
  FR: 60,
  GB: 0,
  ID: 420,
  IN: 330,
  IT: 60,
  JP: 540,
  KR: 540,
  MX: -360,
  NG: 60,
  NL: 60,
  PL: 60,
  SE: 60,
  TR: 180,
  US: -300,
  ZA: 120,
};

/** Offset of local time from UTC in minutes for a country; 0 where unknown. */
export function utcOffsetMinutes(country: string): number {
  return UTC_OFFSET_MINUTES[country] ?? 0;
}

/** Reference data over a catalogue. */
export function createReferenceData(catalogue: Catalogue, countryOf: CountryLookup): ReferenceData {
  const titles = new Map(
    catalogue.titles.map((title) => [
      title.id,
      { name: title.name, genre: title.genres[0] ?? 'unknown' },
    ]),
  );
  return {
    title: (titleId) => titles.get(titleId),
    country: countryOf,
    utcOffsetMinutes,
  };
}
