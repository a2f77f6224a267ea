/** Warehouse → what outcomes are learned from: plays in the order in which they became known
 * (their ends), impressions in the order of time. Nothing else is read: no latent taste, no
 * truth. The same rows in any order of the file give the same columns. Spec: M71. */
import type { Warehouse } from '../../storage/warehouse.ts';
import { type ImpressionColumns, readImpressions } from './impressions.ts';
import { createNumbering, type Numbering } from './numbering.ts';

/** A title, as `dim_title` has it. */
export interface HistoryTitle {
  readonly id: string;
  /** Numbers of its genres in {@link OutcomeHistory.genres}. */
  readonly genres: readonly number[];
  /** NaN where unknown. */
  readonly runtimeSeconds: number;
}

/** Plays as columns, ascending by end. */
export interface PlayColumns {
  readonly user: Int32Array;
  /** Sessions by number. */
  readonly session: Int32Array;
  /** −1 where unknown; as `device`. */
  readonly title: Int32Array;
  readonly device: Int32Array;
  readonly startUs: Float64Array;
  /** Until then nobody knew what came of it. */
  readonly endUs: Float64Array;
  readonly playSeconds: Float64Array;
  /** Of the title's running time. */
  readonly watchedSeconds: Float64Array;
  readonly bufferSeconds: Float64Array;
  /** 0 or 1. */
  readonly isPlayed: Uint8Array;
  readonly isComplete: Uint8Array;
  readonly hasError: Uint8Array;
}

/** All of it. */
export interface OutcomeHistory {
  /** Ids by number, in no order that means anything. */
  readonly users: readonly string[];
  readonly titles: readonly HistoryTitle[];
  readonly genres: readonly string[];
  readonly devices: readonly string[];
  readonly plays: PlayColumns;
  readonly impressions: ImpressionColumns;
  /** First start and last end or impression; NaN where there is neither. */
  readonly fromUs: number;
  readonly untilUs: number;
}

const PLAYS = `SELECT user_id, session_id, title_sk, device_sk, start_us, end_us, play_s,
  content_watched_s, buffer_s, is_played, is_complete, error_code IS NOT NULL
  FROM fact_playback_session ORDER BY play_id`;

type PlayRow = readonly [
  user: string,
  session: string,
  titleSk: number | null,
  deviceSk: number | null,
  startUs: number,
  endUs: number,
  playSeconds: number,
  watchedSeconds: number,
  bufferSeconds: number,
  isPlayed: number,
  isComplete: number,
  hasError: number,
];

/** Reads it. Cost: a scan and a sort of either table.
 * @param impressionsMax - About so many impressions are kept: 500,000 unless given. */
export function readHistory(
  warehouse: Pick<Warehouse, 'scan'>,
  impressionsMax?: number,
): OutcomeHistory {
  const { titles, numberBySk, genres } = readTitles(warehouse);
  const users = createNumbering();
  const sessions = createNumbering();
  const { plays, devices } = readPlays(warehouse, { users, sessions, numberBySk });
  const numbering = { users, sessions, numberBySk };
  const impressions = readImpressions(warehouse, numbering, impressionsMax);
  const starts = plays.startUs.reduce((least, time) => Math.min(least, time), Infinity);
  const { visits } = impressions;
  const fromUs = visits.fromUs.reduce((least, time) => Math.min(least, time), starts);
  const ends = plays.endUs.at(-1) ?? -Infinity;
  const untilUs = visits.untilUs.reduce((most, time) => Math.max(most, time), ends);
  const hasTime = fromUs <= untilUs;
  return {
    users: users.names(),
    titles,
    genres,
    devices,
    plays,
    impressions,
    fromUs: hasTime ? fromUs : Number.NaN,
    untilUs: hasTime ? untilUs : Number.NaN,
  };
}

function readPlays(
  warehouse: Pick<Warehouse, 'scan'>,
  known: {
    readonly users: Numbering;
    readonly sessions: Numbering;
    readonly numberBySk: ReadonlyMap<number, number>;
  },
) {
  const deviceRows = warehouse.scan('SELECT device_sk, kind FROM dim_device');
  const deviceBySk = new Map([...deviceRows].map(([sk, kind]) => [Number(sk), String(kind)]));
  const devices = createNumbering();
  const [counted] = [...warehouse.scan('SELECT count(*) FROM fact_playback_session')];
  const read = emptyPlays(Number(counted?.[0] ?? 0));
  let at = 0;
  for (const row of warehouse.scan(PLAYS)) {
    const play = row as unknown as PlayRow;
    const kind = deviceBySk.get(play[3] ?? -1);
    read.user[at] = known.users.of(play[0]);
    read.session[at] = known.sessions.of(play[1]);
    read.title[at] = known.numberBySk.get(play[2] ?? -1) ?? -1;
    read.device[at] = kind === undefined ? -1 : devices.of(kind);
    read.startUs[at] = play[4];
    read.endUs[at] = play[5];
    read.playSeconds[at] = play[6];
    read.watchedSeconds[at] = play[7];
    read.bufferSeconds[at] = play[8];
    read.isPlayed[at] = play[9];
    read.isComplete[at] = play[10];
    read.hasError[at] = play[11];
    at += 1;
  }
  return { plays: byEnd(read), devices: devices.names() };
}

function emptyPlays(count: number): PlayColumns {
  return {
    user: new Int32Array(count),
    session: new Int32Array(count),
    title: new Int32Array(count),
    device: new Int32Array(count),
    startUs: new Float64Array(count),
    endUs: new Float64Array(count),
    playSeconds: new Float64Array(count),
    watchedSeconds: new Float64Array(count),
    bufferSeconds: new Float64Array(count),
    isPlayed: new Uint8Array(count),
    isComplete: new Uint8Array(count),
    hasError: new Uint8Array(count),
  };
}

/** Ascending by end; of one end in the order of their ids. */
function byEnd(read: PlayColumns): PlayColumns {
  const { endUs } = read;
  const order = Uint32Array.from(endUs.keys()).sort(
    (a, b) => (endUs[a] as number) - (endUs[b] as number) || a - b,
  );
  const ordered = emptyPlays(order.length);
  for (const name of Object.keys(ordered) as (keyof PlayColumns)[]) {
    const [from, to] = [read[name], ordered[name]];
    for (let i = 0; i < order.length; i += 1) to[i] = from[order[i] as number] as number;
  }
  return ordered;
}

function readTitles(warehouse: Pick<Warehouse, 'scan'>) {
  const rows = [
    ...warehouse.scan(`SELECT title_sk, title_id, genre, genres, runtime_s FROM dim_title
      ORDER BY title_id`),
  ];
  const numbering = createNumbering();
  const titles = rows.map(([, id, genre, genres, runtime]): HistoryTitle => {
    const names = genres === null ? [] : (JSON.parse(String(genres)) as string[]);
    const all = names.length === 0 && genre !== null ? [String(genre)] : names;
    return {
      id: String(id),
      genres: all.map((name) => numbering.of(name)),
      runtimeSeconds: runtime === null ? Number.NaN : Number(runtime),
    };
  });
  const numberBySk = new Map(rows.map(([sk], at) => [Number(sk), at]));
  return { titles, numberBySk, genres: numbering.names() };
}
