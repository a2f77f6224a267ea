/** What can be done about stations: replicas up and down, shedding, limits, lines, databases,
 * caches, autoscalers. Pure: a finding and the scenario in, drafts out. Spec: M187. */
import type { AdviceFinding } from '../advice-document.ts';
import { type StationPlace, stationPlace } from '../station-place.ts';
import type { ActionDraft } from './action-draft.ts';
import type { RuleContext } from './rule-context.ts';

/** Utilization at the peak that a station is sized for, upwards and downwards. */
const TARGET_UP = 0.6;
const TARGET_DOWN = 0.7;

/** More machines at a full station, and ways to keep its line short. */
export function saturatedRule(context: RuleContext, finding: AdviceFinding): ActionDraft[] {
  const place = placeOf(context, finding);
  if (place === undefined) return [];
  const { path, station } = place;
  const { subject } = finding;
  const protect: ActionDraft[] = [];
  if (station.shedding === undefined) {
    protect.push({
      title: `${subject}: shed load by CoDel`,
      set: { [`${path}.shedding`]: { kind: 'codel' } },
      because: 'who would wait too long is turned away at once',
    });
  }
  if (station.limit === undefined) {
    protect.push({
      title: `${subject}: limit concurrency by gradient2`,
      set: { [`${path}.limit`]: { algorithm: { kind: 'gradient2' } } },
      because: 'a limit keeps the line short, and callers hear of it at once',
    });
  }
  return [...moreReplicas(place, finding), ...protect];
}

/** An autoscaler sets the number itself: its own findings speak of that. */
function moreReplicas({ path, station }: StationPlace, finding: AdviceFinding): ActionDraft[] {
  if (station.autoscaler !== undefined) return [];
  const { replicas } = station;
  const busy = (finding.numbers['peakUtilization'] ?? 1) * replicas;
  const sizes = sizesAbove(replicas, Math.ceil(busy / TARGET_UP));
  return sizes.map((size) => ({
    title: `${finding.subject}: ${replicas} → ${size} replicas`,
    set: { [`${path}.replicas`]: size },
    because: 'more machines shorten the line',
  }));
}

/** One more, what the peak calls for, twice and three times as many: of what is full it is not
 * known how much more would come. */
export function sizesAbove(size: number, needed: number): readonly number[] {
  const sizes = new Set([size + 1, Math.max(size + 1, needed), size * 2, size * 3]);
  return [...sizes].sort((a, b) => a - b);
}

/** Fewer machines where there are too many: what the peak calls for, and one less. */
export function slackRule(context: RuleContext, finding: AdviceFinding): ActionDraft[] {
  const place = placeOf(context, finding);
  if (place === undefined) return [];
  const { path, station } = place;
  const { subject, numbers } = finding;
  const because = 'fewer do the same work';
  const hpa = station.autoscaler?.hpa;
  if (hpa !== undefined) {
    const least = hpa.minReplicas - 1;
    if (least < 1) return [];
    return [
      {
        title: `${subject}: autoscaler from ${least} replicas on`,
        set: { [`${path}.autoscaler.hpa.minReplicas`]: least },
        because,
      },
    ];
  }
  const { replicas } = station;
  const busy = (numbers['peakUtilization'] ?? 0) * replicas;
  return sizesBelow(replicas, Math.ceil(busy / TARGET_DOWN)).map((size) => ({
    title: `${subject}: ${replicas} → ${size} replica${size === 1 ? '' : 's'}`,
    set: { [`${path}.replicas`]: size },
    because,
  }));
}

/** What is needed, and one less; at least one, and less than there are. */
export function sizesBelow(size: number, needed: number): readonly number[] {
  const sizes = new Set([Math.max(1, needed), size - 1]);
  return [...sizes].filter((one) => one >= 1 && one < size).sort((a, b) => a - b);
}

/** Longer lines and higher limits where calls are turned away. */
export function turnedAwayRule(context: RuleContext, finding: AdviceFinding): ActionDraft[] {
  const place = placeOf(context, finding);
  if (place === undefined) return [];
  const { path, station } = place;
  const { subject } = finding;
  const { maxWaiting, limit, shedding } = station;
  const drafts: ActionDraft[] = [
    {
      title: `${subject}: lines of ${maxWaiting} → ${maxWaiting * 2} calls`,
      set: { [`${path}.maxWaiting`]: maxWaiting * 2 },
      because: 'longer lines take more of a burst',
    },
  ];
  if (limit?.algorithm.kind === 'fixed') {
    const now = limit.algorithm.limit;
    drafts.push({
      title: `${subject}: concurrency limit ${now} → ${now * 2}`,
      set: { [`${path}.limit.algorithm.limit`]: now * 2 },
      because: 'the limit turns away what there is room for',
    });
  }
  if (shedding !== undefined && shedding.kind !== 'none') {
    drafts.push({
      title: `${subject}: no shedding`,
      set: { [`${path}.shedding`]: { kind: 'none' } },
      because: 'what is shed would have been served',
    });
  }
  return drafts;
}

/** More of a database that is full, and a cache before it. */
export function databaseRule(context: RuleContext, finding: AdviceFinding): ActionDraft[] {
  const name = finding.subject.replace(/ database$/, '');
  const place = stationPlace(context.scenario, context.architecture, name);
  if (place?.station.database === undefined) return [];
  const { path, station } = place;
  const { workers = 0, connections = 0 } = station.database ?? {};
  const drafts: ActionDraft[] = [
    {
      title: `${finding.subject}: ${workers} → ${workers * 2} cores`,
      set: { [`${path}.database.workers`]: workers * 2 },
      because: 'more queries are worked on at once',
    },
    {
      title: `${finding.subject}: ${connections} → ${connections * 2} connections a replica`,
      set: { [`${path}.database.connections`]: connections * 2 },
      because: 'queries wait for connections',
    },
  ];
  return place.kind === 'service' && place.station.cache === undefined
    ? [...drafts, cacheDraft(name, path)]
    : drafts;
}

/** A cache where there is none. */
export function cacheAbsentRule(context: RuleContext, finding: AdviceFinding): ActionDraft[] {
  const place = placeOf(context, finding);
  return place?.kind === 'service' ? [cacheDraft(finding.subject, place.path)] : [];
}

function cacheDraft(name: string, path: string): ActionDraft {
  return {
    title: `${name}: cache entities for a minute`,
    set: { [`${path}.cache`]: {} },
    because: 'what was asked for before costs next to nothing again',
  };
}

/** Longer lives and more room in a cache that misses. */
export function cacheMissesRule(context: RuleContext, finding: AdviceFinding): ActionDraft[] {
  const place = placeOf(context, finding);
  if (place?.kind !== 'service' || place.station.cache === undefined) return [];
  const { ttl, maxEntries } = place.station.cache;
  const { subject } = finding;
  return [
    {
      title: `${subject}: cache for ${seconds(ttl)} → ${seconds(ttl * 4)}`,
      set: { [`${place.path}.cache.ttl`]: ttl * 4 },
      because: 'entries are gone before they are asked for again',
    },
    {
      title: `${subject}: cache ${maxEntries} → ${maxEntries * 4} entries`,
      set: { [`${place.path}.cache.maxEntries`]: maxEntries * 4 },
      because: 'entries make room for others before they are asked for again',
    },
  ];
}

/** An autoscaler that begins higher, or aims lower. */
export function scalerLagsRule(context: RuleContext, finding: AdviceFinding): ActionDraft[] {
  const place = placeOf(context, finding);
  const hpa = place?.station.autoscaler?.hpa;
  if (place === undefined || hpa === undefined) return [];
  const { subject, numbers } = finding;
  const most = Math.max(hpa.minReplicas + 1, Math.ceil(numbers['mostReplicas'] ?? 0));
  const lower = hpa.metrics.map((metric) =>
    metric.kind === 'resource-utilization'
      ? { ...metric, targetPercent: Math.max(10, Math.round(metric.targetPercent * 0.7)) }
      : metric,
  );
  return [
    {
      title: `${subject}: autoscaler from ${hpa.minReplicas} → ${most} replicas on`,
      set: { [`${place.path}.autoscaler.hpa.minReplicas`]: Math.min(most, hpa.maxReplicas) },
      because: 'what is there already need not be waited for',
    },
    {
      title: `${subject}: autoscaler aims at 70 % of its target`,
      set: { [`${place.path}.autoscaler.hpa.metrics`]: lower },
      because: 'it begins to scale earlier',
    },
  ];
}

/** An autoscaler that may have more. */
export function scalerAtItsEndRule(context: RuleContext, finding: AdviceFinding): ActionDraft[] {
  const place = placeOf(context, finding);
  const hpa = place?.station.autoscaler?.hpa;
  if (place === undefined || hpa === undefined) return [];
  const most = Math.ceil(hpa.maxReplicas * 1.5);
  return [
    {
      title: `${finding.subject}: autoscaler up to ${hpa.maxReplicas} → ${most} replicas`,
      set: { [`${place.path}.autoscaler.hpa.maxReplicas`]: most },
      because: 'it has no more to give',
    },
  ];
}

function placeOf(
  { scenario, architecture }: RuleContext,
  { subject }: AdviceFinding,
): StationPlace | undefined {
  return stationPlace(scenario, architecture, subject);
}

/** `90 s`. */
export function seconds(us: number): string {
  return `${Number((us / 1e6).toPrecision(3))} s`;
}
