/** What the audience is drawn from, out of a scenario and its catalogue. */
import type { AudienceConfig } from '../../domain/audience.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import type { Scenario } from '../scenario/schema.ts';

/** Device and country shares of the scenario, genres of the catalogue (sorted). */
export function audienceConfig(scenario: Scenario, catalogue: Catalogue): AudienceConfig {
  const { countries, devices } = scenario.audience;
  return {
    deviceShares: {
      tv: devices.tv.share,
      phone: devices.phone.share,
      web: devices.web.share,
      console: devices.console.share,
    },
    countryShares: countries,
    genres: [...new Set(catalogue.titles.flatMap((title) => title.genres))].sort(),
  };
}
