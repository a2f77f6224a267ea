/** One play out of its events, in the code that streams use: the same figures as the SQL of
 * `playback-sql.ts`, which tests hold it to. */
import type { EnrichedEvent } from '../../../domain/pipeline-ports.ts';
import { HEARTBEAT_US, SEEK_STALL_US, VIEWING } from '../../warehouse/playback-sql.ts';

/** What is kept of an event until its play is closed. */
export interface PlayEvent {
  readonly timeUs: number;
  readonly sequence: number;
  readonly id: string;
  readonly type: string;
  /** Undefined where the player does not tell it. */
  readonly positionSeconds: number | undefined;
  readonly bitrateKbps: number | undefined;
  readonly isError: boolean;
  readonly completed: boolean;
  readonly deviceKind: string;
  readonly country: string;
  readonly titleId: string | undefined;
}

/** A title, as far as plays need it. */
export interface PlayedTitle {
  readonly runtimeSeconds: number;
  readonly kind: string;
  /** µs since the Unix epoch; absent where it is unknown. */
  readonly releaseUs?: number;
}

/** Figures of one play. */
export interface PlayFigures {
  readonly startUs: number;
  readonly endUs: number;
  readonly playUs: number;
  readonly contentSeconds: number;
  /** Stalls after the start; of them, the time of those that no seek explains. */
  readonly rebufferUs: number;
  readonly connectionUs: number;
  readonly stalls: number;
  /** Time played of known bitrate, and its sum of µs × kbit/s. */
  readonly ratedUs: number;
  readonly kbpsUs: number;
  /** What was seen of the title: content where positions are known, else the time played. */
  readonly seenUs: number;
  readonly hasPosition: boolean;
  readonly isStarted: boolean;
  /** An error came after the start. */
  readonly isPlayFailure: boolean;
  /** Furthest position before the first seek. */
  readonly firstRunSeconds: number;
  readonly isPlayed: boolean;
  readonly isValid: boolean;
  readonly isComplete: boolean;
  /** Where its first event came from. */
  readonly deviceKind: string;
  readonly country: string;
  readonly titleId: string | undefined;
  readonly title: PlayedTitle | undefined;
}

/** @returns undefined for an event that is of no play. */
export function playEventOf({ event, deviceKind, country }: EnrichedEvent): PlayEvent | undefined {
  const { data, type } = event;
  if (data.playbackId === undefined || !type.startsWith('media.')) return undefined;
  return {
    timeUs: event.eventTimeUs,
    sequence: event.sequence,
    id: event.id,
    type,
    positionSeconds: data.positionSeconds,
    bitrateKbps: data.bitrateKbps,
    isError: type === 'media.error' || (data.errorCode ?? '') !== '',
    completed: data.completed === true,
    deviceKind,
    country,
    titleId: data.titleId,
  };
}

/** By time, sequence, id: the order in which a play's events are read. */
export function comparePlayEvents(a: PlayEvent, b: PlayEvent): number {
  if (a.timeUs !== b.timeUs) return a.timeUs - b.timeUs;
  if (a.sequence !== b.sequence) return a.sequence - b.sequence;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

/** Reduces a play. @param events - In order, at least one. */
export function reducePlay(
  events: readonly PlayEvent[],
  titleOf: (titleId: string) => PlayedTitle | undefined,
): PlayFigures {
  const sum = new PlaySums();
  for (const [i, event] of events.entries()) sum.add(event, events[i + 1]);
  const [first] = events as [PlayEvent, ...PlayEvent[]];
  const last = events.at(-1) ?? first;
  const titleId = events.map((event) => event.titleId).reduce(laterName, undefined);
  const title = titleId === undefined ? undefined : titleOf(titleId);
  const contentSeconds = unionLength(sum.runs);
  const hasPosition = events.some((event) => event.positionSeconds !== undefined);
  const seenUs = hasPosition ? contentSeconds * 1_000_000 : sum.playUs;
  const hasEnd = last.type === 'media.error' || events.some(({ type }) => type === 'media.end');
  return {
    startUs: first.timeUs,
    endUs: hasEnd ? last.timeUs : last.timeUs + HEARTBEAT_US,
    playUs: sum.playUs,
    contentSeconds,
    rebufferUs: sum.rebufferUs,
    connectionUs: sum.connectionUs,
    stalls: sum.stalls,
    ratedUs: sum.ratedUs,
    kbpsUs: sum.kbpsUs,
    seenUs,
    hasPosition,
    isStarted: sum.isStarted,
    isPlayFailure: sum.isPlayFailure,
    firstRunSeconds: sum.firstRun,
    isPlayed: sum.playUs > 0,
    isValid: sum.playUs >= VIEWING.validPlaySeconds * 1_000_000,
    isComplete:
      events.some(({ completed }) => completed) ||
      (title !== undefined && hasSeen(seenUs, title, VIEWING.completePercent)),
    deviceKind: first.deviceKind,
    country: first.country,
    titleId,
    title,
  };
}

/** Whether so much of a title was seen. */
export function hasSeen(seenUs: number, { runtimeSeconds }: PlayedTitle, percent: number): boolean {
  return seenUs * 100 >= runtimeSeconds * percent * 1_000_000;
}

/** Sums over a play's events, each with the one after it. */
class PlaySums {
  playUs = 0;
  rebufferUs = 0;
  connectionUs = 0;
  stalls = 0;
  ratedUs = 0;
  kbpsUs = 0;
  firstRun = 0;
  isStarted = false;
  isPlayFailure = false;
  readonly runs: (readonly [from: number, to: number])[] = [];
  #hasSought = false;
  #bitrateKbps: number | undefined;
  #last: PlayEvent | undefined;

  add(event: PlayEvent, next: PlayEvent | undefined): void {
    const state = stateAfter(event.type);
    if (event.type === 'media.seek') this.#hasSought = true;
    if (state === 'playing') this.isStarted = true;
    if (event.isError && this.isStarted) this.isPlayFailure = true;
    if (state === 'stalled' && this.isStarted) this.#addStall(event, next);
    this.#bitrateKbps = event.bitrateKbps ?? this.#bitrateKbps;
    this.#last = event;
    if (state === 'playing' && next !== undefined) this.#addPlayed(event, next);
  }

  #addStall(event: PlayEvent, next: PlayEvent | undefined): void {
    this.stalls += 1;
    if (next === undefined) return;
    const lengthUs = next.timeUs - event.timeUs;
    const isAfterSeek =
      this.#last?.type === 'media.seek' && event.timeUs - this.#last.timeUs <= SEEK_STALL_US;
    this.rebufferUs += lengthUs;
    if (!isAfterSeek) this.connectionUs += lengthUs;
  }

  #addPlayed(event: PlayEvent, next: PlayEvent): void {
    const lengthUs = next.timeUs - event.timeUs;
    const from = event.positionSeconds;
    const to = from === undefined ? undefined : runEnd(from, event, next);
    const isBounded = from !== undefined && to !== undefined && next.type !== 'media.seek';
    const us = isBounded ? Math.min(lengthUs, (to - from + 1) * 1_000_000) : lengthUs;
    this.playUs += us;
    if (this.#bitrateKbps !== undefined) {
      this.ratedUs += us;
      this.kbpsUs += us * this.#bitrateKbps;
    }
    if (from === undefined || to === undefined) return;
    if (to > from) this.runs.push([from, to]);
    if (!this.#hasSought) this.firstRun = Math.max(this.firstRun, to);
  }
}

function stateAfter(type: string): 'paused' | 'stalled' | 'ended' | 'playing' {
  if (type === 'media.pause') return 'paused';
  if (type === 'media.buffer_start') return 'stalled';
  return type === 'media.end' || type === 'media.error' ? 'ended' : 'playing';
}

/** Content position at which a run of playing ends: a seek says where it went to, not from
 * where. */
function runEnd(from: number, event: PlayEvent, next: PlayEvent): number | undefined {
  if (next.type === 'media.seek') return from + Math.floor((next.timeUs - event.timeUs) / 1e6);
  const to = next.positionSeconds;
  return to === undefined ? undefined : Math.max(from, to);
}

function unionLength(runs: readonly (readonly [from: number, to: number])[]): number {
  let length = 0;
  let seenTo = Number.NEGATIVE_INFINITY;
  for (const [from, to] of runs.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    length += Math.max(0, to - Math.max(from, seenTo));
    seenTo = Math.max(seenTo, to);
  }
  return length;
}

/** The greater of two names, as SQL's `max` takes it. */
function laterName(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}
