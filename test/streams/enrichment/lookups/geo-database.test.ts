/** Geo-IP beside the source of MaxMind's test database: one address of each network. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createEnrichment } from '../../../../src/streams/enrichment/enrichment.ts';
import { readGeoDatabase } from '../../../../src/streams/enrichment/lookups/geo-database.ts';
import { createGeoStage } from '../../../../src/streams/enrichment/stages/geo.ts';
import { createSchemaStage } from '../../../../src/streams/enrichment/stages/schema.ts';
import { onRealData } from '../../../real-data.ts';
import { logRecord, START_US } from '../../clickstream-builder.ts';

interface SourceRecord {
  readonly country?: { readonly iso_code?: string };
  readonly registered_country?: { readonly iso_code?: string };
  readonly subdivisions?: readonly { readonly iso_code?: string }[];
  readonly city?: { readonly names?: { readonly en?: string } };
  readonly location?: { readonly time_zone?: string };
}

describe('geo-IP', () => {
  it(
    'W94 finds the place of one address in each of the 251 networks',
    onRealData('geo/GeoIP2-City-Test.mmdb', (path) => {
      const database = readGeoDatabase(readFileSync(path));
      const networks = (
        JSON.parse(readFileSync(path.replace('.mmdb', '.json'), 'utf8')) as Record<
          string,
          SourceRecord
        >[]
      ).flatMap((one) => Object.entries(one));
      expect(networks).toHaveLength(251);
      const wrong = networks.filter(([network, source]) => {
        const found = database.place(network.replace(/\/\d+$/, ''));
        const expected = {
          country: source.country?.iso_code ?? source.registered_country?.iso_code ?? 'ZZ',
          region: source.subdivisions?.[0]?.iso_code ?? null,
          city: source.city?.names?.en ?? null,
          timeZone: source.location?.time_zone ?? null,
        };
        return JSON.stringify(found) !== JSON.stringify(expected);
      });
      expect(wrong).toEqual([]);
      expect(database.version).toMatch(/^GeoIP2-City \d{4}-\d\d-\d\dT/);
    }),
  );

  it(
    'W94 an address that is missing, unknown or none passes, is ZZ and is counted',
    onRealData('geo/GeoIP2-City-Test.mmdb', (path) => {
      const database = readGeoDatabase(readFileSync(path));
      const chain = createEnrichment({ stages: [createSchemaStage(), createGeoStage(database)] });
      for (const clientAddress of ['', '10.0.0.1', 'carol', '1.2.3.4.5', '81.2.69.160']) {
        const result = chain.enrich(logRecord({ clientAddress }), { processTimeUs: START_US });
        const country = clientAddress === '81.2.69.160' ? 'GB' : 'ZZ';
        expect(result).toMatchObject({
          kind: 'event',
          enriched: { country, annotations: { geo: { country } } },
        });
        if (result.kind !== 'event') continue;
        expect(result.enriched.annotations?.versions['geo/database']).toBe(database.version);
      }
      expect(chain.notes()).toEqual({
        'client address of no country': 3,
        'no client address': 1,
      });
    }),
  );

  it('refuses bytes that are no database, in one line', () => {
    expect(() => readGeoDatabase(new Uint8Array(100))).toThrow(/^GEO_UNREADABLE: .*100 bytes/);
  });
});
