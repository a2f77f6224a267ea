/** What came of each click on "play" of a session, and where it was made: the same as the SQL of
 * `attempt-sql.ts`, which tests hold it to. Spec: S72, S73, S82, S124. */
import type { EnrichedEvent } from '../../../domain/pipeline-ports.ts';
import type { TrackedEvent } from '../../../domain/tracked-event.ts';

type Kept = Pick<EnrichedEvent, 'event' | 'deviceKind' | 'country'>;

/** What quality is cut by. */
export interface Place {
  readonly deviceKind: string;
  readonly country: string;
  readonly titleId: string | undefined;
}

/** A click on "play". */
export interface Attempt extends Place {
  readonly outcome: 'start' | 'exit' | 'failure';
}

/** A first frame, and how long after the last click it came. */
export interface Start extends Place {
  readonly playId: string;
  readonly us: number;
}

/** Whether a viewer asks for a play. */
export function isPlayClick({ type, data }: TrackedEvent): boolean {
  return type === 'ui.click' && data.target === 'play';
}

/** All first frames of a session. @param kept - By time, sequence, id. */
export function startsOf(kept: readonly Kept[]): readonly Start[] {
  const starts: Start[] = [];
  let askedUs: number | undefined;
  for (const one of kept) {
    const { event } = one;
    if (isPlayClick(event)) askedUs = event.eventTimeUs;
    const { playbackId } = event.data;
    if (event.type !== 'media.play' || playbackId === undefined || askedUs === undefined) continue;
    starts.push({ ...placeOf(one), playId: playbackId, us: event.eventTimeUs - askedUs });
  }
  return starts;
}

/** All attempts of a session. The error of a play that had begun is none of the next attempt's.
 * @param kept - By time, sequence, id. */
export function attemptsOf(kept: readonly Kept[]): readonly Attempt[] {
  const begun = new Set<string>();
  const attempts: Attempt[] = [];
  let open: Place | undefined;
  const settle = (outcome: Attempt['outcome'], next?: Place) => {
    if (open !== undefined) attempts.push({ ...open, outcome });
    open = next;
  };
  for (const one of kept) {
    const { type, data } = one.event;
    const { playbackId } = data;
    if (isPlayClick(one.event)) settle('exit', placeOf(one));
    else if (type === 'media.play') {
      if (playbackId !== undefined) begun.add(playbackId);
      settle('start');
    } else if (type === 'media.error' && !(playbackId !== undefined && begun.has(playbackId))) {
      settle('failure');
    }
  }
  settle('exit');
  return attempts;
}

function placeOf({ event, deviceKind, country }: Kept): Place {
  return { deviceKind, country, titleId: event.data.titleId };
}
