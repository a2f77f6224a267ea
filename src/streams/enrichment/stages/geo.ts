/** Annotates an event with the place of the client's address, by a geo-IP database, and gives the
 * draft its country. The database's version goes along. Spec: W94. */
import type { GeoDatabase } from '../lookups/geo-database.ts';
import { annotate, type Stage } from '../stage.ts';

/** Makes the stage. An address that is missing or unknown is counted, and passes. */
export function createGeoStage(database: GeoDatabase): Stage {
  return {
    name: 'geo',
    version: '1.0.0',
    part: 'enrich',
    references: { database: database.version },
    apply(draft, context) {
      const { clientAddress } = draft.record;
      const place = database.place(clientAddress);
      if (place.country === 'ZZ') {
        context.note(clientAddress === '' ? 'no client address' : 'client address of no country');
      }
      annotate(draft, 'geo', place);
      draft.country = place.country;
      return draft;
    },
  };
}
