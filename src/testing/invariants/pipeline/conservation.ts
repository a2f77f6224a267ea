/** Every event that a device captured is accounted for at the end of the run: stored, refused with
 * the reason, given up with the reason, or still on its way. Spec: T47. */
import { eventLedger } from '../../../experiment/results/ledger.ts';
import { readStoredCounts } from '../../../experiment/results/warehouse-figures.ts';
import type { Invariant } from '../invariant.ts';
import { watching } from '../watching.ts';

/** Events. */
export const EVENTS_ARE_CONSERVED: Invariant = watching(
  'events-are-conserved',
  'at the end, events captured = facts + bad rows + given up by reason + on their way',
  ({ tower, world, checked, broken }) => ({
    atEnd() {
      const { warehouse } = tower.pipeline;
      if (warehouse === undefined) return;
      const line = eventLedger(world, readStoredCounts(warehouse));
      if (line.in > 0) checked();
      if (line.residual !== 0) broken(`${line.residual} events are not accounted for`, { ...line });
    },
  }),
);
