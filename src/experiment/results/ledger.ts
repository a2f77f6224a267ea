/** The ledger of a run: what came in, what went out, what is under way, what was dropped and why.
 * Every term is counted on its own, so that a residual other than zero shows a bug. */
import type { SdkContext } from '../../actors/client-sdk.ts';
import type { World } from '../assemble.ts';
import type { LedgerLine } from '../result.ts';
import type { StoredCounts } from './warehouse-figures.ts';

/** Pages asked for, against pages shown, given up and still loading. */
export function requestLedger(world: World): LedgerLine {
  const { recorder } = world;
  const timeouts = recorder.loads.filter((load) => load.outcome === 'timeout').length;
  return ledgerLine({
    in: recorder.askedCount,
    out: recorder.loads.length - timeouts,
    inFlight: recorder.openCount,
    droppedByReason: { client_timeout: timeouts, device_offline: recorder.offlineCount },
  });
}

/** Events captured, against rows stored, bad events (a retry can bring one twice: it counts once),
 * events given up and events still on the way. Records that faults put into the log come in too,
 * and must go out as what they are: poison as bad rows, copies as what deduplication, or the bad
 * rows, found to be there already. */
export function eventLedger(world: World, stored: StoredCounts): LedgerLine {
  const truth = world.clickstream.truth();
  const { poison, duplicate } = truth.made;
  const { facts, badEvents, badRows, poisonRows } = stored;
  const copies = duplicatesDropped(world) + badRows - badEvents;
  return ledgerLine({
    in: truth.captured + poison + duplicate,
    out: facts,
    inFlight: eventsInSdks(world) + truth.unread,
    droppedByReason: {
      ...truth.droppedByReason,
      bad_row: badEvents - poisonRows,
      ...(poison === 0 ? {} : { fault_poison: poisonRows }),
      ...(duplicate === 0 ? {} : { fault_duplicate: Math.min(duplicate, copies) }),
    },
  });
}

function duplicatesDropped({ clickstream }: World): number {
  const dedupe = clickstream.pipeline.counts().find(({ stage }) => stage === 'dedupe');
  return dedupe?.dropped['duplicate'] ?? 0;
}

/** The sum of several ledgers, reason by reason. */
export function sumLedgers(lines: readonly LedgerLine[]): LedgerLine {
  const reasons = [...new Set(lines.flatMap((line) => Object.keys(line.droppedByReason)))].sort();
  return ledgerLine({
    in: sum(lines.map((line) => line.in)),
    out: sum(lines.map((line) => line.out)),
    inFlight: sum(lines.map((line) => line.inFlight)),
    droppedByReason: Object.fromEntries(
      reasons.map((reason) => [
        reason,
        sum(lines.map((line) => line.droppedByReason[reason] ?? 0)),
      ]),
    ),
  });
}

/** Events that no SDK has got through: what waits, and batches that are not in the log. One that is
 * in the log, while its acknowledgement is not back, counts there. */
function eventsInSdks(world: World): number {
  let total = 0;
  for (const { profile, sdkActor } of world.neighbourhood.households) {
    const snapshot = world.actors.snapshot(sdkActor);
    if (snapshot.status !== 'active') continue;
    const { sdk } = snapshot.context as SdkContext;
    total += sdk.queue.length;
    for (const { number, events } of sdk.batches) {
      if (!world.clickstream.wasAccepted(profile.viewer, number)) total += events.length;
    }
  }
  return total;
}

function ledgerLine(terms: Omit<LedgerLine, 'dropped' | 'residual'>): LedgerLine {
  const dropped = sum(Object.values(terms.droppedByReason));
  return { ...terms, dropped, residual: terms.in - terms.out - terms.inFlight - dropped };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
