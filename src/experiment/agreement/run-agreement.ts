/** The three-way agreement of a run that had a witness: why each event that was captured is not in
 * the warehouse, then the comparison. Spec: S132–S134. */
import type { SdkContext } from '../../actors/client-sdk.ts';
import type { Agreement } from '../../analytics/agreement/agreement.ts';
import { compareThreeWays } from '../../analytics/agreement/compare-three-ways.ts';
import { PORTABLE_METRICS } from '../../storage/metrics/catalogue.ts';
import { runMetric } from '../../storage/metrics.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import type { World } from '../assemble.ts';
import { type RunWitness, WITNESSED_MAX } from './event-witness.ts';

const BAD_ROWS = `SELECT payload ->> '$.id' AS id, reason FROM bad_row
  WHERE json_valid(payload) AND payload ->> '$.id' IS NOT NULL ORDER BY id, reason`;

/** Compares. The warehouse knows the catalogue. */
export function runAgreement(world: World, warehouse: Warehouse, witness: RunWitness): Agreement {
  const { capturedEvents, storedEvents, stream, titleOf } = witness;
  if (witness.isFull) return notCompared(capturedEvents.size, storedEvents.size);
  const names = Object.keys(PORTABLE_METRICS) as (keyof typeof PORTABLE_METRICS)[];
  return compareThreeWays({
    captured: capturedEvents,
    stored: storedEvents,
    fateOf: fates(world, warehouse, witness),
    batch: Object.fromEntries(names.map((name) => [name, runMetric(warehouse, name)])),
    stream: { figures: stream.figures(), late: stream.late },
    titleOf,
  });
}

function notCompared(captured: number, stored: number): Agreement {
  return {
    isExplained: false,
    skipped: `more than ${WITNESSED_MAX} events were captured: a shorter run, or fewer viewers`,
    events: { captured, stored, inTime: stored },
    causes: [],
    metrics: [],
    unexplained: [],
  };
}

/** Where an event that is not stored was lost, from the warehouse back to the device. */
function fates(
  world: World,
  warehouse: Warehouse,
  witness: RunWitness,
): (id: string) => string | undefined {
  const bad = new Map(
    warehouse.query(BAD_ROWS).map((row) => [String(row['id']), String(row['reason'])]),
  );
  const waiting = waitingInSdks(world);
  return (id) => {
    const reason = bad.get(id);
    if (reason !== undefined) return `validate: bad row (${reason})`;
    if (witness.acceptedIds.has(id)) return 'log: accepted, not read by the end of the run';
    if (waiting.has(id)) return 'device: not through by the end of the run';
    const givenUp = witness.givenUp.get(id);
    if (givenUp !== undefined) return `SDK: ${givenUp}`;
    const alone = witness.droppedAlone.get(witness.viewerOf.get(id) ?? Number.NaN);
    return alone === undefined ? undefined : `SDK: ${[...alone].sort().join(' or ')}`;
  };
}

function waitingInSdks({ neighbourhood, actors }: World): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { sdkActor } of neighbourhood.households) {
    const snapshot = actors.snapshot(sdkActor);
    if (snapshot.status !== 'active') continue;
    const { sdk } = snapshot.context as SdkContext;
    for (const { event } of sdk.queue) ids.add(event.id);
    for (const { events } of sdk.batches) for (const { event } of events) ids.add(event.id);
  }
  return ids;
}
