/** Where every impression is when a run ends: stored, waiting, or lost with a name. Spec: M116. */
import type { SdkContext } from '../../../actors/client-sdk.ts';
import type { Warehouse } from '../../../storage/warehouse.ts';
import type { World } from '../../assemble.ts';
import type { ImpressionTruth } from '../impression-truth.ts';
import type { ImpressionAccount } from './loop-result.ts';

const STORED = `SELECT event_id AS id, detail -> '$.propensity' AS propensity
  FROM fact_event JOIN dim_event_type USING (event_type_sk) WHERE name = 'ui.impression'`;
const BAD = `SELECT DISTINCT payload ->> '$.id' AS id FROM bad_row WHERE json_valid(payload)`;

/** Accounts for them. Cost: a scan of the facts, and of what is left on devices. */
export function accountImpressions(
  world: World,
  warehouse: Warehouse,
  shown: ReadonlyMap<string, ImpressionTruth>,
): ImpressionAccount {
  const stored = new Map(warehouse.query(STORED).map(({ id, propensity }) => [id, propensity]));
  const bad = new Set(warehouse.query(BAD).map(({ id }) => id));
  const onDevices = idsOnDevices(world);
  const lost: Record<string, number> = {};
  const count = { stored: 0, onDevices: 0, unaccounted: 0, wrong: 0 };
  for (const [id, { propensity, givenUp }] of shown) {
    if (stored.has(id)) {
      count.stored += 1;
      count.wrong += Number(Number(stored.get(id)) !== propensity);
    } else if (bad.has(id)) {
      lost['bad_row'] = (lost['bad_row'] ?? 0) + 1;
    } else if (onDevices.has(id)) {
      count.onDevices += 1;
    } else if (givenUp !== undefined) {
      lost[givenUp] = (lost[givenUp] ?? 0) + 1;
    } else {
      count.unaccounted += 1;
    }
  }
  const inLog = Math.min(count.unaccounted, world.clickstream.truth().unread);
  return {
    shown: shown.size,
    stored: count.stored,
    waiting: count.onDevices + inLog,
    lost: Object.fromEntries(Object.entries(lost).sort(([a], [b]) => (a < b ? -1 : 1))),
    residual: count.unaccounted - inLog,
    wrongPropensities: count.wrong,
  };
}

/** Events that no SDK has got through. */
function idsOnDevices({ actors, neighbourhood, clickstream }: World): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { profile, sdkActor } of neighbourhood.households) {
    const snapshot = actors.snapshot(sdkActor);
    if (snapshot.status !== 'active') continue;
    const { sdk } = snapshot.context as SdkContext;
    for (const { event } of sdk.queue) ids.add(event.id);
    for (const { number, events } of sdk.batches) {
      if (clickstream.wasAccepted(profile.viewer, number)) continue;
      for (const { event } of events) ids.add(event.id);
    }
  }
  return ids;
}
