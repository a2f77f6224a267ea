/** What policies may learn from: rows, what was taken of them and how much of it was watched, as
 * the run's warehouse has it. What was lost on the way is missing, what is late comes later. A row
 * is put together by its session and by sequence minus slot, which no clock moves. Spec:
 * M114–M115. */
import { ROW_NAME } from '../../actors/returning-viewer.ts';
import type { RowOutcome } from '../../domain/recommending/row-policy.ts';
import type { Warehouse } from '../../storage/warehouse.ts';

/** A row as it is stored. */
export interface StoredRow extends RowOutcome {
  /** Of its session and place in it: unique. */
  readonly key: string;
  /** In `dim_user`; null where unknown. */
  readonly arm: string | null;
  /** False where a slot before the last stored one is missing. */
  readonly isComplete: boolean;
}

/** Which rows to read, µs since the Unix epoch. */
export interface OutcomeRange {
  /** Sessions with an event since then, or committed since then. */
  readonly sinceUs: number;
  /** Rows shown by then. */
  readonly untilUs: number;
  readonly placeOf: ReadonlyMap<string, number>;
}

interface StoredEvent {
  readonly subject: string;
  readonly session: string;
  readonly sequence: number;
  readonly atUs: number;
  readonly type: string;
  readonly titleId: string;
  readonly slot: number;
  readonly propensity: number | null;
  readonly arm: string | null;
}

/** Sessions in which something has happened since, or been committed since. */
const LIVE = `live AS (SELECT DISTINCT session_id FROM fact_event, (SELECT ? AS since_us)
  WHERE event_time_us > since_us OR process_time_us > since_us)`;

const EVENTS = `WITH ${LIVE}
  SELECT e.subject, e.session_id AS session, e.sequence, e.event_time_us AS atUs,
    e.event_type AS type, e.title_id AS titleId, CAST(e.detail ->> '$.slot' AS INTEGER) AS slot,
    CAST(e.detail ->> '$.propensity' AS REAL) AS propensity, u.attributes ->> '$.exp_arm' AS arm
  FROM curated_events e LEFT JOIN dim_user u ON u.user_id = e.subject AND u.is_current = 1
  WHERE e.event_type IN ('ui.impression', 'ui.click') AND e.detail ->> '$.row' = ?
    AND e.session_id IN live
  ORDER BY e.session_id, e.sequence`;

const PLAYS = `WITH ${LIVE}
  SELECT p.session_id AS session, t.title_id AS titleId,
    max(min(1.0, p.content_watched_s * 1.0 / t.runtime_s)) AS share
  FROM fact_playback_session p JOIN dim_title t USING (title_sk)
  WHERE t.runtime_s > 0 AND p.session_id IN live GROUP BY p.session_id, t.title_id`;

/** Reads them, in the order of time. Brings plays up to date first.
 * Cost: a few scans of the run's facts. */
export function readOutcomes(warehouse: Warehouse, range: OutcomeRange): readonly StoredRow[] {
  warehouse.derive();
  const { sinceUs, untilUs } = range;
  const events = warehouse.query(EVENTS, [sinceUs, ROW_NAME]) as unknown as StoredEvent[];
  const plays = warehouse.query(PLAYS, [sinceUs]) as unknown as {
    readonly session: string;
    readonly titleId: string;
    readonly share: number;
  }[];
  const shares = new Map(plays.map(({ session, titleId, share }) => [session + titleId, share]));
  return groupRows(events)
    .filter(([first]) => (first?.atUs ?? 0) <= untilUs)
    .map((row) => storedRow(row, shares, range.placeOf))
    .sort((a, b) => a.atUs - b.atUs || a.viewer - b.viewer || (a.key < b.key ? -1 : 1));
}

/** Impressions of one row, and the clicks that follow. */
function groupRows(events: readonly StoredEvent[]): readonly StoredEvent[][] {
  const rows: StoredEvent[][] = [];
  let key = '';
  for (const event of events) {
    if (event.type === 'ui.click') {
      const row = rows.at(-1);
      // A click whose row was lost tells nothing.
      if (row?.[0]?.session === event.session) row.push(event);
      continue;
    }
    const own = keyOf(event);
    if (own === key) rows.at(-1)?.push(event);
    else rows.push([event]);
    key = own;
  }
  return rows;
}

function keyOf({ session, sequence, slot }: StoredEvent): string {
  return `${session}/${sequence - slot}`;
}

function storedRow(
  events: readonly StoredEvent[],
  shares: ReadonlyMap<string, number>,
  placeOf: ReadonlyMap<string, number>,
): StoredRow {
  const shown = events.filter(({ type }) => type === 'ui.impression');
  const [first] = shown as [StoredEvent];
  const click = events.find(({ type }) => type === 'ui.click');
  const takenSlot = shown.findIndex(
    ({ slot, titleId }) => slot === click?.slot && titleId === click.titleId,
  );
  const taken = shown[takenSlot];
  return {
    key: keyOf(first),
    arm: first.arm,
    viewer: Number(first.subject.slice(1)),
    atUs: first.atUs,
    isComplete: shown.every(({ slot }, k) => slot === k),
    titles: shown.map(({ titleId }) => placeOf.get(titleId) ?? -1),
    propensities: shown.map(({ propensity }) => propensity ?? 1),
    takenSlot,
    reward: taken === undefined ? 0 : (shares.get(first.session + taken.titleId) ?? 0),
  };
}
