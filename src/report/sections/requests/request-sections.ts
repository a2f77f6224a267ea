/** The sections on the request path, in the order of the report: each only where it has something
 * to show. Documents of before have less. */
import type { RunDocument } from '../../../experiment/result.ts';
import type { Section } from '../../html/page-shell.ts';
import { forecastSection } from '../analytics/forecast-section.ts';
import { callGraphsSection } from './call-graphs.ts';
import { heatMapsSection } from './heat-maps.ts';
import { autoscalersSection, offeredLoadSection, queuesSection } from './over-time.ts';
import { percentileCurvesSection } from './percentile-curves.ts';
import { policyStripsSection } from './policy-strips.ts';
import { recoverySection } from './recovery.ts';
import { tracesSection } from './traces.ts';
import { waterfallSection } from './waterfall.ts';

/** Before page loads over time: what was asked of the run. */
export function loadSections(document: RunDocument): readonly Section[] {
  return present(offeredLoadSection(document));
}

/** Behind page loads over time. */
export function requestSections(document: RunDocument): readonly Section[] {
  return present(
    percentileCurvesSection(document),
    waterfallSection(document),
    recoverySection(document),
    tracesSection(document),
    callGraphsSection(document),
    heatMapsSection(document),
    queuesSection(document),
    policyStripsSection(document),
    autoscalersSection(document),
    forecastSection(document),
  );
}

function present(...sections: readonly (Section | undefined)[]): readonly Section[] {
  return sections.filter((section) => section !== undefined);
}
