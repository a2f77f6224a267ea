/** What a pipeline over a lake looks things up in: what the lake's own events say of titles, and
 * from which network which country's events came. */
import type { ReferenceData } from '../../domain/pipeline-ports.ts';
import type { LakeReader } from '../../lake/lake-reader.ts';
import { utcOffsetMinutes } from '../tracking/reference-data.ts';
import { networkAddress } from './network-address.ts';

/** Learns from the curated zone; a lake without one knows nothing, and all is unknown. */
export async function referenceOfLake(reader: LakeReader): Promise<ReferenceData> {
  const zones = new Set(reader.manifest.families.map(({ zone }) => zone));
  if (!zones.has('curated') || !zones.has('raw')) {
    return { title: () => undefined, country: () => 'ZZ', utcOffsetMinutes };
  }
  const titles = await reader.query(`SELECT title_id, max(title_name) AS name, max(genre) AS genre
    FROM curated_events WHERE title_name IS NOT NULL GROUP BY title_id`);
  const networks = await reader.query(`SELECT r.client_network AS network, max(c.country) AS country
    FROM raw_events r JOIN curated_events c ON c.event_id = (TRY_CAST(r.raw AS JSON) ->> '$.id')
    WHERE c.country <> 'ZZ' GROUP BY r.client_network`);
  const titleById = new Map(
    titles.map((row) => [
      String(row['title_id']),
      { name: String(row['name']), genre: String(row['genre'] ?? 'unknown') },
    ]),
  );
  const countryByNetwork = new Map(
    networks.map((row) => [String(row['network']), String(row['country'])]),
  );
  return {
    title: (titleId) => titleById.get(titleId),
    country: (address) => countryByNetwork.get(networkAddress(address) || address) ?? 'ZZ',
    utcOffsetMinutes,
  };
}
