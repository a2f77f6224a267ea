/** Plays and impressions, derived from events: by hand, and the same however the events came.
 * Spec: S60–S65. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { EnrichedEvent } from '../../../src/domain/pipeline-ports.ts';
import type { TrackedEventType } from '../../../src/domain/tracked-event.ts';
import { seconds } from '../../../src/kernel/time.ts';
import { openWarehouse, type Warehouse } from '../../../src/storage/warehouse.ts';
import { batchOf, contentOf, fact, START_US, warehouseWith } from '../warehouse-builder.ts';

type Line = readonly [
  atSeconds: number,
  type: TrackedEventType,
  position?: number | undefined,
  more?: Readonly<Record<string, unknown>>,
];

/** A play of title `t1` in session `s1`, an event a line. */
function play(lines: readonly Line[], playbackId = 'p1'): readonly EnrichedEvent[] {
  return lines.map(([atSeconds, type, positionSeconds, more], i) =>
    fact({
      id: `${playbackId}-${i}`,
      type,
      atSeconds,
      sequence: i,
      data: {
        titleId: 't1',
        ...(type.startsWith('media.') ? { playbackId } : {}),
        ...(positionSeconds === undefined ? {} : { positionSeconds }),
        ...more,
      },
    }),
  );
}

function derived(facts: readonly EnrichedEvent[], before?: (warehouse: Warehouse) => void) {
  const warehouse = warehouseWith(facts);
  before?.(warehouse);
  warehouse.derive();
  return warehouse;
}

const rowOf = (warehouse: Warehouse) =>
  warehouse.query('SELECT * FROM fact_playback_session')[0] ?? {};

const RUNTIME = (warehouse: Warehouse) =>
  warehouse.describe({
    titles: [
      {
        titleId: 't1',
        name: 'One',
        kind: 'film',
        genres: ['Drama', 'War'],
        releaseDate: '2026-01-01',
        runtimeSeconds: 600,
      },
    ],
  });

describe('a play', () => {
  it('S60 has what its events tell: played, paused, buffered, content once', () => {
    const warehouse = derived(
      play([
        [0, 'ui.click', undefined, { target: 'play' }],
        [3, 'media.play', 0],
        [63, 'media.ping', 60],
        [93, 'media.pause', 90],
        [193, 'media.resume', 90],
        [203, 'media.seek', 30],
        [263, 'media.buffer_start', 90],
        [270, 'media.buffer_end', 90],
        [300, 'media.end', 120, { completed: false }],
      ]),
      RUNTIME,
    );
    expect(rowOf(warehouse)).toEqual({
      play_id: 'p1',
      user_id: 'v1',
      user_valid_from_us: null,
      session_id: 's1',
      title_sk: 1,
      device_sk: 1,
      geo_sk: 1,
      date_key: '2026-11-20',
      start_us: START_US + seconds(3),
      end_us: START_US + seconds(300),
      play_s: 60 + 30 + 10 + 60 + 30,
      content_watched_s: 120,
      paused_s: 100,
      buffer_s: 7,
      startup_ms: 3_000,
      seeks: 1,
      rebuffer_n: 1,
      avg_bitrate_kbps: null,
      exit_position_s: 120,
      is_played: 1,
      is_valid_play: 1,
      is_complete: 0,
      error_code: null,
      exp_arm: null,
    });
    expect(warehouse.query('SELECT * FROM dim_date')).toEqual([
      { date_key: '2026-11-20', year: 2026, month: 11, day: 20, iso_weekday: 5 },
    ]);
  });

  it('S61 without an end lasts one heartbeat beyond its last event, and plays no longer', () => {
    const row = rowOf(
      derived(
        play([
          [0, 'media.play', 0],
          [20, 'media.ping', 20],
        ]),
      ),
    );
    expect(row).toMatchObject({
      end_us: START_US + seconds(80),
      play_s: 20,
      is_played: 1,
      is_valid_play: 0,
      is_complete: 0,
      startup_ms: null,
    });
  });

  it('S61 where the position stands still, nothing is played', () => {
    const row = rowOf(
      derived(
        play([
          [0, 'media.play', 0],
          [500, 'media.resume', 0],
        ]),
      ),
    );
    expect(row).toMatchObject({ play_s: 1, content_watched_s: 0 });
  });

  it('S62 is complete at 99 % of the running time, or where its end says so', () => {
    const end = (at: number, completed: boolean) =>
      rowOf(
        derived(
          play([
            [0, 'media.play', 0],
            [at, 'media.end', at, { completed }],
          ]),
          RUNTIME,
        ),
      )['is_complete'];
    expect([end(593, false), end(594, false), end(10, true)]).toEqual([0, 1, 1]);
  });

  it('S65 belongs to the user as of its start', () => {
    const users = (warehouse: Warehouse) => {
      warehouse.describe({
        users: [
          { userId: 'v1', validFromUs: START_US + 5, attributes: { exp_arm: 'b' } },
          { userId: 'v1', validFromUs: START_US - 5, attributes: { exp_arm: 'a', age: 3 } },
        ],
        experiments: [{ experimentId: 'rows', arm: 'a', share: 0.5 }],
      });
    };
    const warehouse = derived(play([[0, 'media.play', 0]]), (w) => {
      users(w);
      users(w);
    });
    expect(rowOf(warehouse)).toMatchObject({ user_valid_from_us: START_US - 5, exp_arm: 'a' });
    expect(warehouse.query('SELECT valid_to_us, is_current, attributes FROM dim_user')).toEqual([
      { valid_to_us: START_US + 5, is_current: 0, attributes: '{"age":3,"exp_arm":"a"}' },
      { valid_to_us: null, is_current: 1, attributes: '{"exp_arm":"b"}' },
    ]);
  });
});

describe('an impression', () => {
  it('S63 is a view of a title, with what followed it until the next', () => {
    const warehouse = derived(
      play([
        [0, 'page.view'],
        [5, 'ui.click', undefined, { target: 'play' }],
        [8, 'media.play', 0],
        [60, 'page.view'],
      ]),
    );
    const sql = 'SELECT imp_id, clicked, played FROM fact_impression ORDER BY time_us';
    expect(warehouse.query(sql)).toEqual([
      { imp_id: 'p1-0', clicked: 1, played: 1 },
      { imp_id: 'p1-3', clicked: 0, played: 0 },
    ]);
  });
});

describe('what players and pages tell besides', () => {
  it('S80 S81 S82 bitrate by time played, the first error, stalls after the start', () => {
    const row = rowOf(
      derived(
        play([
          [0, 'media.buffer_start', 0],
          [4, 'media.play', 0, { bitrateKbps: 1_000 }],
          [14, 'media.ping', 10, { bitrateKbps: 4_000 }],
          [44, 'media.buffer_start', 40],
          [46, 'media.error', 40, { errorCode: 'NETWORK' }],
          [50, 'media.error', 40],
        ]),
      ),
    );
    expect(row).toMatchObject({
      avg_bitrate_kbps: (10 * 1_000 + 30 * 4_000) / 40,
      error_code: 'NETWORK',
      play_s: 40,
      buffer_s: 6,
      rebuffer_n: 1,
      end_us: START_US + seconds(50),
    });
  });

  it('S84 a title in a slot takes its clicks and plays until it is shown again', () => {
    const slot = { row: 'new', slot: 3, policyId: 'bandit', propensity: 0.25 };
    const warehouse = derived(
      play([
        [0, 'page.view'],
        [1, 'ui.impression', undefined, slot],
        [2, 'ui.click'],
        [3, 'page.view'],
        [5, 'ui.click', undefined, { target: 'play' }],
        [8, 'media.play', 0],
        [60, 'ui.impression', undefined, { row: 'top' }],
      ]),
    );
    const sql = `SELECT imp_id, row_id, slot, policy_id, propensity, clicked, played
      FROM fact_impression ORDER BY time_us`;
    const none = { row_id: null, slot: null, policy_id: null, propensity: null };
    expect(warehouse.query(sql)).toEqual([
      { imp_id: 'p1-0', ...none, clicked: 0, played: 0 },
      {
        imp_id: 'p1-1',
        row_id: 'new',
        slot: 3,
        policy_id: 'bandit',
        propensity: 0.25,
        clicked: 1,
        played: 1,
      },
      { imp_id: 'p1-6', ...none, row_id: 'top', clicked: 0, played: 0 },
    ]);
  });
});

const TYPES = [
  'media.play',
  'media.ping',
  'media.pause',
  'media.resume',
  'media.seek',
  'media.buffer_start',
  'media.buffer_end',
  'media.end',
  'ui.click',
  'page.view',
] as const;

const eventArbitrary = fc.record({
  type: fc.constantFrom(...TYPES),
  atSeconds: fc.nat(400),
  position: fc.nat(300),
  playback: fc.nat(3),
  session: fc.nat(2),
  isPlayTarget: fc.boolean(),
});

const facts = fc.array(eventArbitrary, { maxLength: 30, size: 'max' }).map((events) =>
  events.map((event, i) =>
    fact({
      id: `e${i}`,
      type: event.type,
      atSeconds: event.atSeconds,
      sequence: i,
      session: `s${event.session}`,
      data: {
        titleId: `t${event.playback % 2}`,
        ...(event.type.startsWith('media.')
          ? { playbackId: `p${event.playback}`, positionSeconds: event.position }
          : {}),
        ...(event.isPlayTarget ? { target: 'play' } : {}),
      },
    }),
  ),
);

describe('deriving', () => {
  test.prop([facts, fc.array(fc.nat(29), { maxLength: 6 }), fc.boolean()], {
    seed: 640,
    numRuns: 50,
  })('S64 ends in the same rows in one batch, in many, and rebuilt', (events, cuts, rebuilds) => {
    const whole = derived(events);
    const parts = openWarehouse({ path: ':memory:' });
    const bounds = [0, ...cuts.toSorted((a, b) => a - b), events.length];
    for (const [i, from] of bounds.slice(0, -1).entries()) {
      parts.commit(batchOf({ facts: events.slice(from, bounds[i + 1]) }));
      if (i % 2 === 0) parts.derive();
    }
    parts.derive();
    if (rebuilds) parts.rebuild();
    const content = contentOf(parts);
    expect(content).toEqual(contentOf(whole));
    const plays = events.filter(({ event }) => event.data.playbackId !== undefined);
    expect(content['fact_playback_session']).toHaveLength(
      new Set(plays.map(({ event }) => event.data.playbackId)).size,
    );
    expect(parts.derive()).toEqual({ plays: 0, impressions: 0 });
  });
});
