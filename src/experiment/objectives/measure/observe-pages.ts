/** Page loads as observations. Times are those of measured viewers, as everywhere in a result;
 * counts are of what was asked for after the warm-up, whoever asked. */
import type { ApiOutcome } from '../../../domain/page.ts';
import type { MetricName } from '../metrics/metric-registry.ts';
import type { LabelMatch } from '../objective.ts';
import type { FinishedRun } from './finished-run.ts';
import { matches } from './label-match.ts';
import { Observations } from './observations.ts';

/** A metric of pages. */
export type PageMetric = Extract<MetricName, `page.${string}`>;

/** How a page ended, or that it never left its device. */
type PageEnd = ApiOutcome | 'offline';

const ENDS: Readonly<Record<Exclude<PageMetric, 'page.load'>, readonly PageEnd[] | undefined>> = {
  'page.requests': undefined,
  'page.errors': ['failed', 'timeout', 'offline'],
  'page.degraded': ['degraded'],
  'page.partial': ['partial'],
};

/** Whether a metric is one of pages. */
export function isPageMetric(metric: MetricName): metric is PageMetric {
  return metric.startsWith('page.');
}

/** All page loads that have the labels. Of counts each page is an observation, and 1 where it
 * counts: that nothing was asked for is then no zero, but nothing known. */
export function observePages(
  run: FinishedRun,
  { metric, labels }: { readonly metric: PageMetric; readonly labels: readonly LabelMatch[] },
): Observations {
  const { recorder } = run.world;
  const observations = new Observations();
  const labelsOf = createLabels(run);
  const ofOutcome = labels.filter(({ label }) => label === 'outcome');
  const ofRest = labels.filter(({ label }) => label !== 'outcome');
  const isTimes = metric === 'page.load';
  const ends = isTimes ? undefined : ENDS[metric];
  const needsRest = ofRest.length > 0;
  const add = (load: EndedLoad) => {
    const { viewer, page, askedAtUs: atUs, outcome, pageLoadTimeUs } = load;
    if (atUs < run.warmUpUs) return;
    if (needsRest && !matches(ofRest, labelsOf(viewer, page))) return;
    const counts = (ends?.includes(outcome) ?? true) && matches(ofOutcome, { outcome });
    const untilUs = atUs + pageLoadTimeUs;
    if (!isTimes) observations.push({ atUs, untilUs, over: counts ? 1 : 0, under: 1 });
    else if (counts) observations.push({ atUs, untilUs, over: pageLoadTimeUs, under: 1 });
  };
  for (const load of recorder.loads) if (!isTimes || load.isMeasured) add(load);
  if (!isTimes) {
    for (const load of recorder.refused) add({ ...load, outcome: 'offline', pageLoadTimeUs: 0 });
  }
  return observations;
}

interface EndedLoad {
  readonly viewer: number;
  readonly page: string;
  readonly askedAtUs: number;
  readonly outcome: PageEnd;
  readonly pageLoadTimeUs: number;
}

/** Users of load tests have the device of the test, and no country. */
function createLabels({ world }: FinishedRun) {
  const profiles = new Map(
    world.neighbourhood.households.map(({ profile }) => [profile.viewer, profile]),
  );
  const testDevice = world.scenario.traffic?.device ?? '';
  return (viewer: number, page: string) => {
    const profile = profiles.get(viewer);
    const device = profile?.device ?? testDevice;
    return { page, device, country: profile?.country ?? '' };
  };
}
