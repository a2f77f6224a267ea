/** Where a page's time went: the chain of waits, work and ways that its end hung on, followed back
 * from the end. Its parts follow each other without a gap and add up to the page-load time, to the
 * microsecond. Spec: E373. */
import type { WatchedCall, WatchedPage, WatchedTry } from './page-records.ts';

/** What a part of the path was: in a line (for workers, a connection, a place in the bulkhead);
 * work at a service; the plan's own work at a gateway; under way; at a database or for another's
 * fetch; lost to tries that failed and the pauses after them; at the client. */
export type PathKind = 'waiting' | 'service' | 'plan' | 'network' | 'database' | 'retry' | 'client';

/** One part. */
export interface PathPart {
  readonly kind: PathKind;
  /** Where: an edge like `router→movie`, or `client`. */
  readonly at: string;
  readonly fromUs: number;
  readonly toUs: number;
}

/** The path of a page that is over, first to last. */
export function criticalPath(page: WatchedPage): readonly PathPart[] {
  const { askedAtUs, begunAtUs, shownAtUs, calls } = page;
  if (shownAtUs === null) return [];
  const client = { kind: 'client', at: 'client' } as const;
  const begunUs = begunAtUs ?? shownAtUs;
  return joined([
    { ...client, fromUs: askedAtUs, toUs: begunUs },
    ...cover({ fromUs: begunUs, toUs: shownAtUs }, calls, client),
  ]);
}

/** Time by kind, in µs; their sum is the page-load time. */
export function shares(path: readonly PathPart[]): Readonly<Record<PathKind, number>> {
  const sums: Record<PathKind, number> = {
    waiting: 0,
    service: 0,
    plan: 0,
    network: 0,
    database: 0,
    retry: 0,
    client: 0,
  };
  for (const { kind, fromUs, toUs } of path) sums[kind] += toUs - fromUs;
  return sums;
}

type Span = Pick<PathPart, 'fromUs' | 'toUs'>;
type Place = Pick<PathPart, 'kind' | 'at'>;

/** Covers a span backwards: with the call that ended last, then with the one that ended last before
 * that began, and so on; what no call covers is the owner's own. */
function cover(span: Span, calls: readonly WatchedCall[], own: Place): readonly PathPart[] {
  const parts: PathPart[] = [];
  let toUs = span.toUs;
  while (toUs > span.fromUs) {
    const call = lastBefore(calls, span.fromUs, toUs);
    const endedUs = Math.max(span.fromUs, call?.settledAtUs ?? span.fromUs);
    parts.unshift({ ...own, fromUs: endedUs, toUs });
    if (call === undefined) break;
    const fromUs = Math.max(span.fromUs, call.beganAtUs);
    parts.unshift(...clipped(callParts(call, endedUs), { fromUs, toUs: endedUs }));
    toUs = fromUs;
  }
  return parts;
}

/** The call that ended last in a span, of those the one that took longest. */
function lastBefore(
  calls: readonly WatchedCall[],
  fromUs: number,
  toUs: number,
): WatchedCall | undefined {
  let last: WatchedCall | undefined;
  for (const call of calls) {
    const { settledAtUs, beganAtUs } = call;
    if (settledAtUs === null || settledAtUs > toUs || settledAtUs <= fromUs) continue;
    if (beganAtUs === settledAtUs) continue;
    const lastUs = last?.settledAtUs ?? Number.NEGATIVE_INFINITY;
    const isLater = settledAtUs > lastUs;
    const isLonger = settledAtUs === lastUs && beganAtUs < (last?.beganAtUs ?? 0);
    if (isLater || isLonger) last = call;
  }
  return last;
}

/** A call from its beginning to its end. */
function callParts(call: WatchedCall, endedUs: number): readonly PathPart[] {
  const { edge: at, beganAtUs, tries } = call;
  const decisive = tries.find(({ outcome }) => outcome === 'answered') ?? lastThatLeft(tries);
  if (decisive === undefined) return [{ kind: 'retry', at, fromUs: beganAtUs, toUs: endedUs }];
  const tryEndedUs = Math.min(endedUs, decisive.endedAtUs ?? endedUs);
  return [
    { kind: 'retry', at, fromUs: beganAtUs, toUs: decisive.beganAtUs },
    ...tryParts(decisive, at, tryEndedUs),
    { kind: 'retry', at, fromUs: tryEndedUs, toUs: endedUs },
  ];
}

function lastThatLeft(tries: readonly WatchedTry[]): WatchedTry | undefined {
  return tries.filter(({ sentAtUs }) => sentAtUs !== null).at(-1);
}

/** A try: its wait for a way out, the way there, the server, the way back. */
function tryParts(one: WatchedTry, at: string, endedUs: number): readonly PathPart[] {
  const sentUs = Math.min(one.sentAtUs ?? endedUs, endedUs);
  const arrivedUs = Math.min(one.arrivedAtUs ?? endedUs, endedUs);
  const respondedUs = Math.min(one.respondedAtUs ?? endedUs, endedUs);
  return [
    { kind: 'waiting', at, fromUs: one.beganAtUs, toUs: sentUs },
    { kind: 'network', at, fromUs: sentUs, toUs: arrivedUs },
    ...serverParts(one, at, { fromUs: arrivedUs, toUs: respondedUs }),
    { kind: 'network', at, fromUs: respondedUs, toUs: endedUs },
  ];
}

/** What the server did: workers' visits, and between them the calls made for the try or, where
 * there are none, its database. */
function serverParts(one: WatchedTry, at: string, span: Span): readonly PathPart[] {
  const isGateway = one.calls.length > 0;
  const gap: Place = { kind: isGateway ? 'plan' : 'database', at };
  const parts: PathPart[] = [];
  let fromUs = span.fromUs;
  for (const { queuedAtUs, startedAtUs, endedAtUs } of one.visits) {
    if (queuedAtUs >= span.toUs) break;
    // Workers may be at it, or have it in line, for longer than anybody waits.
    const startedUs = Math.min(startedAtUs ?? span.toUs, span.toUs);
    const endedUs = Math.min(endedAtUs ?? span.toUs, span.toUs);
    parts.push(
      ...cover({ fromUs, toUs: queuedAtUs }, one.calls, gap),
      { kind: 'waiting', at, fromUs: queuedAtUs, toUs: startedUs },
      { kind: isGateway ? 'plan' : 'service', at, fromUs: startedUs, toUs: endedUs },
    );
    fromUs = endedUs;
  }
  return [...parts, ...cover({ fromUs, toUs: span.toUs }, one.calls, gap)];
}

function clipped(parts: readonly PathPart[], span: Span): readonly PathPart[] {
  return parts.map((part) => ({
    ...part,
    fromUs: Math.max(part.fromUs, span.fromUs),
    toUs: Math.min(part.toUs, span.toUs),
  }));
}

/** Without empty parts; neighbours of one kind at one place are one. */
function joined(parts: readonly PathPart[]): readonly PathPart[] {
  const path: PathPart[] = [];
  for (const part of parts) {
    if (part.toUs <= part.fromUs) continue;
    const last = path.at(-1);
    if (last !== undefined && last.kind === part.kind && last.at === part.at) {
      path[path.length - 1] = { ...last, toUs: part.toUs };
    } else {
      path.push(part);
    }
  }
  return path;
}
