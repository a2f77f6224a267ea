/** Spoiled events: each way makes one that no pipeline takes for good, and that stays apart. */
import { describe, expect, it } from 'vitest';
import type { TrackedEvent } from '../../../../src/domain/tracked-event.ts';
import { SPOILERS, spoil } from '../../../../src/experiment/faults/client/spoil.ts';
import { minutes } from '../../../../src/kernel/time.ts';
import { reasonAgainst } from '../../../../src/streams/collector/check-event.ts';
import { runWorld } from '../../small-world.ts';
import { FAULT, guestScenario } from '../faulty-world.ts';

const EVENT: TrackedEvent = {
  id: 'v1-4',
  type: 'ui.click',
  subject: 'v1',
  sessionId: 's1-0',
  sequence: 3,
  eventTimeUs: 1_000,
  data: { page: 'home', target: 'title' },
};
const LIMITS = { eventBytesMax: 32 * 1_024, depthMax: 32 };

describe('E464: an event that a bug spoils', () => {
  it.each(Object.keys(SPOILERS))('%s: is another one, with its id', (way) => {
    const spoiled = SPOILERS[way]?.(EVENT);
    expect(spoiled).not.toEqual(EVENT);
    expect(JSON.stringify(spoiled)).toContain('v1-4');
  });

  it('is drawn over all ways, the last included', () => {
    const ways = Array.from({ length: 100 }, (_, i) =>
      JSON.stringify(spoil(EVENT, (i + 0.5) / 100)),
    );
    expect(new Set(ways).size).toBe(Object.keys(SPOILERS).length);
  });

  it('is refused at the door, or a bad row behind it', async () => {
    const atTheDoor = Object.values(SPOILERS).filter(
      (way) => reasonAgainst(way(EVENT), LIMITS) !== undefined,
    );
    expect(atTheDoor.length).toBe(2);
    const fault = { kind: 'client.malformed', at: 0, for: minutes(5) } as const;
    const { world, warehouse } = await runWorld(guestScenario([{ ...fault, at: FAULT.at }]));
    const rows = warehouse.query('SELECT DISTINCT messages FROM bad_row');
    const [bad] = warehouse.query('SELECT count(DISTINCT payload) AS n FROM bad_row');
    const after = (Date.parse('2026-11-21T01:00:00Z') + 25_000) * 1_000;
    const [good] = warehouse.query('SELECT count(*) AS n FROM fact_event WHERE event_time_us > ?', [
      after,
    ]);
    expect(rows.length).toBeGreaterThanOrEqual(5);
    expect(bad?.['n']).toBe(world.board.tally()[0]?.strikes);
    expect(good?.['n']).toBe(0);
    warehouse.close();
  });
});
