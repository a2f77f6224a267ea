/** The truth of cohorts, the funnel and of what is cut by device, country, title, row and policy:
 * every user, day and event looked at by itself. Nothing of the code that it checks is used. */
import type { EnrichedEvent } from '../../../src/domain/pipeline-ports.ts';
import type { TrackedEvent } from '../../../src/domain/tracked-event.ts';
import { grouped, isPlayClick, outcomesOf, playOf, share, statistic, sumOf } from './truth.ts';

const DAY_US = 86_400e6;

const namesOf = (list: readonly (string | undefined)[]) =>
  [...new Set(list)].filter((name) => name !== undefined).sort();

/** Cells of a triangle by hand. */
function triangle(events: readonly TrackedEvent[], last: number, period: (us: number) => number) {
  const of = ({ eventTimeUs }: TrackedEvent) => period(eventTimeUs);
  const users = grouped(events, ({ subject }) => subject).map((own) => own.map(of));
  const end = Math.max(...events.map(of));
  const firsts = [...new Set(users.map((own) => Math.min(...own)))].sort((a, b) => a - b);
  return firsts.flatMap((at) => {
    const cohort = users.filter((own) => Math.min(...own) === at);
    return Array.from({ length: Math.min(last, end - at) + 1 }, (_, n) => {
      const active = cohort.filter((own) => own.includes(at + n)).length;
      return { at, n, size: cohort.length, active, share: active / cohort.length };
    });
  });
}

function ofUsers(events: readonly TrackedEvent[]) {
  const day = (us: number) => Math.floor(us / DAY_US);
  // The third of January 2000 was a Monday.
  const monday = Math.floor((Date.UTC(2000, 0, 3) / 86_400_000 + 3) / 7);
  const week = (us: number) =>
    monday + Math.floor((us - Date.UTC(2000, 0, 3) * 1_000) / (7 * DAY_US));
  const days = [...new Set(events.map(({ eventTimeUs }) => day(eventTimeUs)))].sort(
    (a, b) => a - b,
  );
  const within = (end: number, length: number) =>
    new Set(
      events
        .filter(({ eventTimeUs: us }) => day(us) <= end && day(us) > end - length)
        .map(({ subject }) => subject),
    ).size;
  return {
    active_users: days.map((at) => ({
      day: at,
      dau: within(at, 1),
      wau: within(at, 7),
      mau: within(at, 30),
    })),
    cohort_retention: triangle(events, 30, day).map(({ at, n, ...row }) => ({
      cohort_day: at,
      day_n: n,
      ...row,
    })),
    weekly_cohort_retention: triangle(events, 26, week).map(({ at, n, ...row }) => ({
      cohort_week: at,
      week_n: n,
      ...row,
    })),
  };
}

const STEPS: readonly ((event: TrackedEvent) => boolean)[] = [
  ({ type, data }) => type === 'page.view' && data.page === 'home',
  ({ type, data }) => type === 'page.view' && data.titleId !== undefined,
  isPlayClick,
  ({ type }) => type === 'media.play',
];

function walked(session: readonly TrackedEvent[], place: (event: TrackedEvent) => number) {
  let at = Number.NEGATIVE_INFINITY;
  return STEPS.map((isStep) => {
    const next = session.filter((event) => isStep(event) && place(event) >= at).map(place);
    at = next.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...next);
    return at;
  });
}

function funnel(events: readonly TrackedEvent[]) {
  const sessions = grouped(events, ({ sessionId }) => sessionId);
  const timed = sessions.map((own) => walked(own, ({ eventTimeUs }) => eventTimeUs));
  const noted = sessions.map((own) => walked(own, ({ sequence }) => sequence));
  const taken = (walks: readonly (readonly number[])[], i: number) =>
    walks.filter((walk) => Number.isFinite(walk[i])).length;
  return ['home', 'title', 'play_clicked', 'playing'].map((name, i) => {
    const waits = timed
      .filter((walk) => i > 0 && Number.isFinite(walk[i]))
      .map((walk) => (walk[i] ?? 0) - (walk[i - 1] ?? 0));
    return {
      step: i,
      name,
      by_time: taken(timed, i),
      by_sequence: taken(noted, i),
      gap: taken(noted, i) - taken(timed, i),
      p50_s: statistic(waits, 50),
      p95_s: statistic(waits, 95),
    };
  });
}

type Cut = 'device' | 'country' | 'title_id';

/** What quality is cut by, of an event. */
function cutOf(facts: readonly EnrichedEvent[], cut: Cut) {
  const places = new Map(
    facts.map(({ event, deviceKind, country }) => [
      event,
      { device: deviceKind, country, title_id: event.data.titleId },
    ]),
  );
  return (event: TrackedEvent) => places.get(event)?.[cut];
}

function playQuality(plays: readonly (readonly TrackedEvent[])[], cut: Cut, of: NameOf) {
  const named = plays.map((events) => ({ name: of(events[0] as TrackedEvent), ...playOf(events) }));
  return namesOf(named.map(({ name }) => name)).map((name) => {
    const own = named.filter((play) => play.name === name);
    const started = own.filter(({ isStarted }) => isStarted);
    const [played, stalled, connection, rated] = [
      sumOf(own, ({ playedUs }) => playedUs),
      sumOf(own, ({ stalledUs }) => stalledUs),
      sumOf(own, ({ connectionUs }) => connectionUs),
      sumOf(own, ({ ratedUs }) => ratedUs),
    ] as [number, number, number, number];
    return {
      [cut]: name,
      plays: own.length,
      started: started.length,
      failure_share: share(started.filter(({ isFailed }) => isFailed).length, started.length),
      watch_s: played / 1e6,
      rebuffer_ratio: share(stalled, played + stalled),
      connection_rebuffer_ratio: share(connection, played + connection),
      stalls: sumOf(own, ({ stalls }) => stalls),
      kbps: share(
        sumOf(own, ({ kbpsUs }) => kbpsUs),
        rated,
      ),
    };
  });
}

type NameOf = (event: TrackedEvent) => string | undefined;

function startQuality(events: readonly TrackedEvent[], cut: Cut, of: NameOf) {
  const attempts = grouped(events, ({ sessionId }) => sessionId).flatMap(outcomesOf);
  const starts = events.flatMap((event, i) => {
    const playId = event.data.playbackId;
    if (event.type !== 'media.play' || playId === undefined) return [];
    const asked = events
      .slice(0, i)
      .findLast((one) => one.sessionId === event.sessionId && isPlayClick(one));
    return asked === undefined
      ? []
      : [{ event, playId, us: event.eventTimeUs - asked.eventTimeUs }];
  });
  const names = namesOf([...attempts, ...starts].map(({ event }) => of(event)));
  return names.map((name) => {
    const tried = attempts.filter(({ event }) => of(event) === name);
    const own = starts.filter(({ event }) => of(event) === name);
    const shortest = [...new Set(own.map(({ playId }) => playId))].map((playId) =>
      Math.min(...own.filter((one) => one.playId === playId).map(({ us }) => us)),
    );
    const ended = (outcome: string) =>
      share(tried.filter((one) => one.outcome === outcome).length, tried.length);
    return {
      [cut]: name,
      attempts: tried.length,
      exit_share: ended('exit'),
      failure_share: ended('failure'),
      starts: shortest.length,
      p50_s: statistic(shortest, 50),
      p95_s: statistic(shortest, 95),
      score: share(
        sumOf(shortest, (us) => 800 / (8 + us / 1e6)),
        shortest.length,
      ),
    };
  });
}

function completion(plays: readonly (readonly TrackedEvent[])[]) {
  const all = plays.map((events) => ({ titleId: events[0]?.data.titleId, ...playOf(events) }));
  return namesOf(all.map(({ titleId }) => titleId)).map((titleId) => {
    const own = all.filter((play) => play.titleId === titleId);
    const played = own.filter(({ playedUs }) => playedUs > 0);
    const complete = own.filter(({ isComplete }) => isComplete).length;
    const known = played.flatMap(({ title, seenSeconds }) =>
      title === undefined ? [] : [Math.min(1, seenSeconds / title.runtimeSeconds)],
    );
    return {
      title_id: titleId,
      plays: played.length,
      valid_plays: own.filter(({ playedUs }) => playedUs >= 30e6).length,
      complete_plays: complete,
      completion_rate: share(complete, played.length),
      avg_share_played: share(
        sumOf(known, (seen) => seen),
        known.length,
      ),
    };
  });
}

/** All of them, by the metrics' names. */
export function cutTruth(facts: readonly EnrichedEvent[]) {
  const events = facts
    .map(({ event }) => event)
    .toSorted((a, b) => a.eventTimeUs - b.eventTimeUs || a.sequence - b.sequence);
  const media = events.filter(({ type }) => type.startsWith('media.'));
  const plays = grouped(media, ({ data }) => data.playbackId);
  const byCut = (['device', 'country', 'title_id'] as const).map((cut) => {
    const of = cutOf(facts, cut);
    const name = cut === 'title_id' ? 'title' : cut;
    return {
      [`play_quality_by_${name}`]: playQuality(plays, cut, of),
      [`start_quality_by_${name}`]: startQuality(events, cut, of),
    };
  });
  const users = events.length === 0 ? {} : ofUsers(events);
  return {
    funnel: funnel(events),
    completion_by_title: completion(plays),
    ...users,
    ...Object.assign({}, ...byCut),
  };
}
