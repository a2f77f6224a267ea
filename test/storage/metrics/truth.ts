/** The metrics from the truth: by looking at every event, every second and every pair, as slowly
 * and plainly as can be. Nothing of the code that it checks is used. */
import type { EnrichedEvent } from '../../../src/domain/pipeline-ports.ts';
import type { TrackedEvent } from '../../../src/domain/tracked-event.ts';
import { titleOf } from './captured-builder.ts';

const DAY_US = 86_400e6;
const NOT_PLAYING = ['media.pause', 'media.buffer_start', 'media.end', 'media.error'];

export const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
export const sumOf = <T>(list: readonly T[], of: (one: T) => number) =>
  list.reduce((sum, one) => sum + of(one), 0);

export function grouped(events: readonly TrackedEvent[], keyOf: (event: TrackedEvent) => unknown) {
  const keys = [...new Set(events.map(keyOf))].filter((key) => key !== undefined);
  return keys.map((key) => events.filter((event) => keyOf(event) === key));
}

export const isPlayClick = ({ type, data }: TrackedEvent) =>
  type === 'ui.click' && data.target === 'play';
const isError = ({ type, data }: TrackedEvent) =>
  type === 'media.error' || data.errorCode !== undefined;

/** Content seconds from an event to the next: undefined where the player does not tell. */
function runOf({ data, eventTimeUs }: TrackedEvent, next: TrackedEvent) {
  const from = data.positionSeconds;
  const isSeek = next.type === 'media.seek';
  const jumpedAt = (from ?? 0) + Math.floor((next.eventTimeUs - eventTimeUs) / 1e6);
  const to = isSeek ? jumpedAt : next.data.positionSeconds;
  return from === undefined || to === undefined ? undefined : { from, to, isSeek };
}

function stallsOf(events: readonly TrackedEvent[], firstPlaying: number) {
  const stalls = events.flatMap(({ type, eventTimeUs }, i) => {
    if (type !== 'media.buffer_start' || firstPlaying < 0 || i < firstPlaying) return [];
    const last = events[i - 1];
    const isSeeks = last?.type === 'media.seek' && eventTimeUs - last.eventTimeUs <= 5e6;
    return [{ us: (events[i + 1]?.eventTimeUs ?? eventTimeUs) - eventTimeUs, isSeeks }];
  });
  return {
    stalls: stalls.length,
    stalledUs: sumOf(stalls, ({ us }) => us),
    connectionUs: sumOf(stalls, ({ us, isSeeks }) => (isSeeks ? 0 : us)),
  };
}

/** What played from each event to the next. */
function playedOf(events: readonly TrackedEvent[]) {
  const firstSeek = events.findIndex(({ type }) => type === 'media.seek');
  return events.slice(0, -1).flatMap((event, i) => {
    if (NOT_PLAYING.includes(event.type)) return [];
    const next = events[i + 1] as TrackedEvent;
    const us = next.eventTimeUs - event.eventTimeUs;
    const run = runOf(event, next);
    const isBounded = run !== undefined && !run.isSeek;
    const playedUs = isBounded ? Math.min(us, (Math.max(0, run.to - run.from) + 1) * 1e6) : us;
    const rated = events.slice(0, i + 1).findLast(({ data }) => data.bitrateKbps !== undefined);
    const isFirstRun = firstSeek < 0 || i < firstSeek;
    return [{ run, playedUs, kbps: rated?.data.bitrateKbps, isFirstRun }];
  });
}

export function playOf(events: readonly TrackedEvent[]) {
  const firstPlaying = events.findIndex(({ type }) => !NOT_PLAYING.includes(type));
  const played = playedOf(events);
  const playedUs = sumOf(played, (one) => one.playedUs);
  const runs = played.flatMap(({ run }) => run ?? []);
  const seen = new Set(
    runs.flatMap(({ from, to }) =>
      Array.from({ length: Math.max(0, to - from) }, (_, s) => from + s),
    ),
  );
  const first = events[0] as TrackedEvent;
  const last = events.at(-1) as TrackedEvent;
  const isOver = last.type === 'media.error' || events.some(({ type }) => type === 'media.end');
  const hasPosition = events.some(({ data }) => data.positionSeconds !== undefined);
  const title = titleOf(first.data.titleId ?? '');
  const seenSeconds = hasPosition ? seen.size : playedUs / 1e6;
  const isSeenThrough = title !== undefined && seenSeconds * 100 >= 99 * title.runtimeSeconds;
  return {
    ...stallsOf(events, firstPlaying),
    playedUs,
    ratedUs: sumOf(played, (one) => (one.kbps === undefined ? 0 : one.playedUs)),
    kbpsUs: sumOf(played, (one) => one.playedUs * (one.kbps ?? 0)),
    from: first.eventTimeUs,
    to: last.eventTimeUs + (isOver ? 0 : 60e6),
    seconds: seen.size,
    seenSeconds,
    hasPosition,
    firstRun: Math.max(
      0,
      ...played.flatMap(({ run, isFirstRun }) => (run && isFirstRun ? [run.from, run.to] : [])),
    ),
    isStarted: firstPlaying >= 0,
    isFailed: firstPlaying >= 0 && events.slice(firstPlaying).some(isError),
    isComplete: isSeenThrough || events.some(({ data }) => data.completed),
    title,
  };
}

function ofPlays(events: readonly TrackedEvent[]) {
  const media = events.filter(({ type }) => type.startsWith('media.'));
  const plays = grouped(media, ({ data }) => data.playbackId).map(playOf);
  const played = plays.filter(({ playedUs }) => playedUs > 0);
  const known = played.filter(({ title }) => title !== undefined);
  const located = known.filter(({ hasPosition }) => hasPosition);
  const [stalledUs, connectionUs, ratedUs, playedUs] = (
    ['stalledUs', 'connectionUs', 'ratedUs', 'playedUs'] as const
  ).map((name) => sumOf(plays, (play) => play[name])) as [number, number, number, number];
  const seenShare = ({ seenSeconds, title }: (typeof plays)[number]) =>
    title === undefined ? 0 : seenSeconds / title.runtimeSeconds;
  const started = plays.filter(({ isStarted }) => isStarted);
  const failures = plays.filter(({ isFailed }) => isFailed).length;
  const complete = plays.filter(({ isComplete }) => isComplete).length;
  const viewed = plays.filter(
    ({ title, from }) => title !== undefined && from < title.releaseUs + 91 * DAY_US,
  );
  return {
    viewing_totals: [
      {
        impressions: plays.length,
        plays: played.length,
        valid_plays: plays.filter((play) => play.playedUs >= 30e6).length,
        complete_plays: complete,
        play_rate: share(played.length, plays.length),
        completion_rate: share(complete, played.length),
        avg_share_played: share(
          sumOf(known, (play) => Math.min(1, seenShare(play))),
          known.length,
        ),
        watch_s: playedUs / 1e6,
        content_s: sumOf(plays, (play) => play.seconds),
        starters: plays.filter(({ title, isComplete, playedUs: us }) =>
          title?.kind === 'show' ? isComplete : us >= 120e6,
        ).length,
        watchers: plays.filter((play) => seenShare(play) * 100 >= 70 - 1e-9).length,
        completers: plays.filter((play) => seenShare(play) * 100 >= 90 - 1e-9).length,
      },
    ],
    retention_curve:
      located.length === 0
        ? []
        : [...Array(11).keys()].map((tenth) => ({
            percent: tenth * 10,
            share:
              located.filter(
                ({ firstRun, title }) => firstRun * 10 >= tenth * (title?.runtimeSeconds ?? 0),
              ).length / located.length,
          })),
    max_concurrency: [
      {
        plays: Math.max(
          0,
          ...plays.map(
            ({ from: us }) => plays.filter(({ from, to }) => from <= us && us < to).length,
          ),
        ),
      },
    ],
    rebuffer_ratio: [
      {
        rebuffer_ratio: share(stalledUs, playedUs + stalledUs),
        connection_rebuffer_ratio: share(connectionUs, playedUs + connectionUs),
        stalls: sumOf(plays, (play) => play.stalls),
      },
    ],
    play_failures: [{ started: started.length, failures, share: share(failures, started.length) }],
    average_bitrate: [
      {
        kbps: share(
          sumOf(plays, (play) => play.kbpsUs),
          ratedUs,
        ),
        rated_s: ratedUs / 1e6,
      },
    ],
    title_views: [...new Set(viewed.map(({ title }) => title?.titleId ?? ''))].sort().map((id) => {
      const us = sumOf(
        viewed.filter(({ title }) => title?.titleId === id),
        (play) => play.playedUs,
      );
      const runtime = titleOf(id)?.runtimeSeconds ?? 0;
      return { title_id: id, hours_viewed: us / 3_600e6, views: us / 1e6 / runtime };
    }),
  };
}

/** An order statistic: the smallest value that so many percent do not exceed. */
export function statistic(values: readonly number[], percent: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted.find((_, i) => (i + 1) * 100 >= sorted.length * percent);
  return found === undefined ? null : found / 1e6;
}

export function outcomesOf(session: readonly TrackedEvent[]) {
  return session.flatMap((event, i) => {
    if (!isPlayClick(event)) return [];
    const before = (error: TrackedEvent) =>
      session
        .slice(0, session.indexOf(error))
        .some(
          ({ type, data }) =>
            type === 'media.play' &&
            data.playbackId !== undefined &&
            data.playbackId === error.data.playbackId,
        );
    const next = session
      .slice(i + 1)
      .find(
        (one) =>
          isPlayClick(one) ||
          one.type === 'media.play' ||
          (one.type === 'media.error' && !before(one)),
      );
    if (next === undefined || isPlayClick(next)) return [{ event, outcome: 'exit' }];
    return [{ event, outcome: next.type === 'media.play' ? 'start' : 'failure' }];
  });
}

function ofSlots(sessions: readonly (readonly TrackedEvent[])[]) {
  const shown = sessions.flatMap((session) =>
    session.flatMap((event, i) => {
      if (event.type !== 'ui.impression') return [];
      const later = session.slice(i + 1).filter(({ data }) => data.titleId === event.data.titleId);
      const end = later.findIndex(({ type }) => type === 'ui.impression');
      const types = later.slice(0, end < 0 ? undefined : end).map(({ type }) => type);
      const { row = null, slot = null, propensity } = event.data;
      return [
        {
          row,
          slot,
          propensity,
          clicked: types.includes('ui.click'),
          played: types.includes('media.play'),
        },
      ];
    }),
  );
  const ctrOf = (list: typeof shown) => list.filter(({ clicked }) => clicked).length / list.length;
  const slots = [...new Set(shown.map(({ slot }) => slot))]
    .filter((slot) => slot !== null)
    .sort((a, b) => a - b);
  const ofSlot = (slot: number | undefined) => shown.filter((one) => one.slot === slot);
  const weigh = (list: typeof shown) =>
    sumOf(list, ({ propensity }) => 1 / (propensity ?? Number.POSITIVE_INFINITY));
  return {
    slot_rates: [null, 'r0', 'r1'].flatMap((row) =>
      [null, 0, 1, 2].flatMap((slot) => {
        const list = shown.filter((one) => one.row === row && one.slot === slot);
        if (list.length === 0) return [];
        const clicks = list.filter(({ clicked }) => clicked).length;
        const plays = list.filter(({ played }) => played).length;
        const rates = { ctr: clicks / list.length, take_rate: plays / list.length };
        return [{ row_id: row, slot, impressions: list.length, clicks, plays, ...rates }];
      }),
    ),
    position_bias: slots.map((slot) => ({
      slot,
      impressions: ofSlot(slot).length,
      ctr: ctrOf(ofSlot(slot)),
      relative_ctr: share(ctrOf(ofSlot(slot)), ctrOf(ofSlot(slots[0]))),
      weighted_ctr: share(
        weigh(ofSlot(slot).filter(({ clicked }) => clicked)),
        weigh(ofSlot(slot)),
      ),
    })),
  };
}

function ofSessions(events: readonly TrackedEvent[]) {
  const sessions = grouped(events, ({ sessionId }) => sessionId);
  const startups = grouped(
    events.filter(({ type, data }) => type === 'media.play' && data.playbackId !== undefined),
    ({ data }) => data.playbackId,
  ).flatMap((plays) => {
    const us = plays.flatMap((play) => {
      const asked = events
        .slice(0, events.indexOf(play))
        .findLast((one) => one.sessionId === play.sessionId && isPlayClick(one));
      return asked === undefined ? [] : [play.eventTimeUs - asked.eventTimeUs];
    });
    return us.length === 0 ? [] : [Math.min(...us)];
  });
  const attempts = sessions.flatMap(outcomesOf);
  const [exits, failures] = ['exit', 'failure'].map(
    (wanted) => attempts.filter(({ outcome }) => outcome === wanted).length,
  ) as [number, number];
  const returns = grouped(events, ({ subject }) => subject).flatMap((own) =>
    grouped(own, ({ sessionId }) => sessionId).flatMap((session, _, visits) => {
      const from = session[0]?.eventTimeUs ?? 0;
      const before = visits.filter((one) => one !== session && (one[0]?.eventTimeUs ?? 0) < from);
      const away = from - Math.max(...before.map((one) => one.at(-1)?.eventTimeUs ?? 0));
      return before.length > 0 && away > 0 ? [away] : [];
    }),
  );
  return {
    video_start_time: [{ p50: statistic(startups, 50), p95: statistic(startups, 95) }],
    startup_score: [
      {
        starts: startups.length,
        score: share(
          sumOf(startups, (us) => 800 / (8 + us / 1e6)),
          startups.length,
        ),
      },
    ],
    exits_before_video_start: [
      { attempts: attempts.length, unstarted: exits, share: share(exits, attempts.length) },
    ],
    start_failures: [
      { attempts: attempts.length, failures, share: share(failures, attempts.length) },
    ],
    return_time: [
      { returns: returns.length, p50_s: statistic(returns, 50), p95_s: statistic(returns, 95) },
    ],
    ...ofSlots(sessions),
  };
}

function ofUsers(events: readonly TrackedEvent[]) {
  const day = ({ eventTimeUs }: TrackedEvent) => Math.floor(eventTimeUs / DAY_US);
  const last = Math.max(...events.map(day));
  const endUs = Math.max(...events.map(({ eventTimeUs }) => eventTimeUs));
  const users = grouped(events, ({ subject }) => subject);
  const churned = users.filter((own) =>
    own.every(({ eventTimeUs }) => eventTimeUs < endUs - 30 * DAY_US),
  ).length;
  const usersIn = (days: number) =>
    users.filter((own) => own.some((event) => day(event) > last - days)).length;
  return {
    weekly: usersIn(7),
    monthly: usersIn(30),
    day_retention: [1, 7, 30].flatMap((days) => {
      const cohort = users.filter((own) => Math.min(...own.map(day)) + days <= last);
      const returned = cohort.filter((own) => {
        const first = Math.min(...own.map(day));
        return own.some((event) => day(event) === first + days);
      }).length;
      return cohort.length === 0
        ? []
        : [{ days, cohort: cohort.length, returned, share: returned / cohort.length }];
    }),
    churn: [{ users: users.length, churned, share: share(churned, users.length) }],
  };
}

/** All of them, by the metrics' names; weekly and monthly users apart. */
export function truth(facts: readonly EnrichedEvent[]) {
  const events = facts
    .map(({ event }) => event)
    .toSorted((a, b) => a.eventTimeUs - b.eventTimeUs || a.sequence - b.sequence);
  const { weekly, monthly, ...users } = ofUsers(events);
  return {
    weekly,
    monthly,
    rows: { ...ofPlays(events), ...ofSessions(events), ...users },
  };
}
