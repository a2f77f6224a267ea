/** What may have changed in a world since somebody last looked. Counts move at least whenever the
 * thing changes, so that what need not be looked at again is not: most events leave most of a world
 * as it was. Spec: T151. */

/** Moves when the thing may have changed. */
export interface ChangeCount {
  count: number;
}

/** The changes of one world. */
export interface Changes {
  /** What invariants that listen have found. */
  readonly alarms: ChangeCount;
  /** Pages, calls, servers and their replicas. */
  readonly requests: ChangeCount;
  /** The log, the pipeline that reads it, and what it commits. */
  readonly pipeline: ChangeCount;
}

/** Nothing has changed. */
export function noChanges(): Changes {
  return { alarms: { count: 0 }, requests: { count: 0 }, pipeline: { count: 0 } };
}

/** Handlers that leave requests alone, but for what is watched itself: messages reach servers by
 * their methods. */
const WITHOUT_REQUESTS: ReadonlySet<string> = new Set([
  'actor.deliver',
  'actor.timer',
  'collector.accept',
  'collector.answer',
  'household.retire',
  'path.sample',
  'pipeline.poll',
  'pipeline.worker',
]);

/** Families of handlers that leave log and pipeline alone. */
const WITHOUT_PIPELINE: ReadonlySet<string> = new Set([
  'actor',
  'autoscaler',
  'call',
  'connection',
  'database',
  'fleet',
  'household',
  'path',
  'viewer',
]);

/** What counts the changes that events of a handler may make. */
export function changesOf(handler: string, changes: Changes): readonly ChangeCount[] {
  const [family = handler] = handler.split('.');
  return [
    ...(WITHOUT_REQUESTS.has(handler) ? [] : [changes.requests]),
    ...(WITHOUT_PIPELINE.has(family) || handler === 'collector.answer' ? [] : [changes.pipeline]),
  ];
}
