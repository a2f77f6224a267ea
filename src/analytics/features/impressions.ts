/** The impressions of a history. They are ten times as many as plays: of very many, those of
 * some sessions are kept, drawn by a hash of the session, and all sessions as visits. Models
 * know whose they are of all or of none: a warehouse that tells it of some only may tell it of
 * just those sessions in which something was played, which would give the outcome away. Spec:
 * M71. */
import { hashText } from '../../kernel/hash.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import { createNumbering, type Numbering } from './numbering.ts';

/** Sessions in which something was shown, as columns, in no order. */
export interface ShownSessions {
  /** −1 where unknown, which is so of all or of none. */
  readonly user: Int32Array;
  readonly session: Int32Array;
  /** Of the first and of the last impression. */
  readonly fromUs: Float64Array;
  readonly untilUs: Float64Array;
}

/** Impressions as columns, ascending by time. */
export interface ImpressionColumns {
  /** −1 where unknown, which is so of all or of none. */
  readonly user: Int32Array;
  readonly session: Int32Array;
  readonly title: Int32Array;
  readonly timeUs: Float64Array;
  /** From 0; NaN where unknown. */
  readonly slot: Float64Array;
  /** Number in `policies`; −1 where none was logged. */
  readonly policy: Int32Array;
  readonly policies: readonly string[];
  /** 1 where the title was clicked or played from here. */
  readonly isTaken: Uint8Array;
  /** Of all sessions. */
  readonly visits: ShownSessions;
  /** Share of the sessions whose impressions are here, 0–1; 1: all. */
  readonly share: number;
}

/** So many impressions are enough to learn from, unless told otherwise. */
const KEPT_MAX = 500_000;

type ImpressionRow = readonly [
  session: string,
  titleSk: number,
  slot: number | null,
  policy: string | null,
  timeUs: number,
  clicked: number,
  played: number,
  user: string | null,
];

const IMPRESSIONS = `SELECT session_id, title_sk, slot, policy_id, time_us, clicked, played,
  user_id FROM fact_impression ORDER BY imp_id`;

/** Reads them. Cost: a scan of the table, about a second for a million.
 * @param keptMax - About so many are kept. */
export function readImpressions(
  warehouse: Pick<Warehouse, 'scan'>,
  known: {
    readonly users: Numbering;
    readonly sessions: Numbering;
    readonly numberBySk: ReadonlyMap<number, number>;
  },
  keptMax = KEPT_MAX,
): ImpressionColumns {
  const { users, sessions, numberBySk } = known;
  const [counted] = [...warehouse.scan('SELECT count(*) FROM fact_impression')];
  const share = Math.min(1, keptMax / Math.max(1, Number(counted?.[0] ?? 0)));
  const { kept, shown } = scanned(warehouse, share);
  kept.sort((a, b) => a[4] - b[4]);
  const policies = createNumbering();
  const isKnown = shown.every(({ user }) => user !== null);
  const numberOf = (user: string | null) => (isKnown && user !== null ? users.of(user) : -1);
  return {
    user: Int32Array.from(kept, (row) => numberOf(row[7])),
    session: Int32Array.from(kept, (row) => sessions.of(row[0])),
    title: Int32Array.from(kept, (row) => numberBySk.get(row[1]) ?? -1),
    timeUs: Float64Array.from(kept, (row) => row[4]),
    slot: Float64Array.from(kept, (row) => row[2] ?? Number.NaN),
    policy: Int32Array.from(kept, (row) => (row[3] === null ? -1 : policies.of(row[3]))),
    policies: policies.names(),
    isTaken: Uint8Array.from(kept, (row) => Number(row[5] === 1 || row[6] === 1)),
    visits: {
      user: Int32Array.from(shown, ({ user }) => numberOf(user)),
      session: Int32Array.from(shown, (one) => sessions.of(one.session)),
      fromUs: Float64Array.from(shown, (one) => one.fromUs),
      untilUs: Float64Array.from(shown, (one) => one.untilUs),
    },
    share,
  };
}

interface Shown {
  readonly session: string;
  user: string | null;
  fromUs: number;
  untilUs: number;
}

/** One pass; impressions of a session mostly follow each other. */
function scanned(warehouse: Pick<Warehouse, 'scan'>, share: number) {
  const kept: ImpressionRow[] = [];
  const bySession = new Map<string, Shown>();
  let last: Shown | undefined;
  let isKept = false;
  for (const found of warehouse.scan(IMPRESSIONS)) {
    const row = found as unknown as ImpressionRow;
    const [session, , , , timeUs, , , user] = row;
    if (last?.session !== session) {
      last = bySession.get(session) ?? { session, user, fromUs: timeUs, untilUs: timeUs };
      bySession.set(session, last);
      isKept = share >= 1 || (hashText(session, 0) >>> 0) / 2 ** 32 < share;
    }
    if (user === null) last.user = null;
    last.fromUs = Math.min(last.fromUs, timeUs);
    last.untilUs = Math.max(last.untilUs, timeUs);
    if (isKept) kept.push(row);
  }
  return { kept, shown: [...bySession.values()] };
}
