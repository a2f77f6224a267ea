/** Events as another version of the SDK would write them. What becomes of them the registry's rules
 * say: an older version is brought up to date where it fits, what is not known is refused. Spec:
 * E485. */
import type { ActiveFault } from '../board/fault-board.ts';

const SCHEMA = 'backlot/tracked_event/jsonschema';

/** The changes: of each event one is drawn. */
const CHANGES: readonly ((event: Readonly<Record<string, unknown>>) => unknown)[] = [
  // A version that nobody has registered.
  (event) => ({ ...event, schema: `${SCHEMA}/9-0-0` }),
  // A version that is registered, and older.
  (event) => ({ ...event, schema: `${SCHEMA}/1-0-1` }),
  // A field that no version has.
  (event) => ({ ...event, data: { ...(event['data'] as object), experiment: 'new-player' } }),
  // A field that goes by another name.
  ({ eventTimeUs, ...event }) => ({ ...event, timestamp: eventTimeUs }),
];

/** Changes an event. @param entity - Its number. */
export function changeSchema(event: object, fault: ActiveFault, entity: number): unknown {
  const number = Math.floor(fault.draws('version').uniform(entity, 0) * CHANGES.length);
  return CHANGES[number]?.({ ...event });
}
