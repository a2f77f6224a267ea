/** Sessions for events that bring none: a subject's events belong together until it is silent for a
 * gap, or for as long as a session may last. By event time, as events come; an event from before
 * its subject's current session gets a session of its own. Spec: W98. */
import { createSessionStates, readNumbers } from '../../time-correction/session-states.ts';
import { refusedSnapshot } from '../../time-correction/time-correction.ts';
import { annotate, type Stage } from '../stage.ts';

/** Options of the stage. Times are durations in µs. */
export interface SessionStageOptions {
  /** Default 30 minutes. */
  readonly gapUs?: number;
  /** Longest session. Default 24 hours. */
  readonly maxUs?: number;
  /** Subjects of one generation of the memory. Default 200,000. */
  readonly subjectsMax?: number;
}

interface Session {
  startUs: number;
  lastUs: number;
  /** 0 for a subject's first session. */
  index: number;
}

const GAP_US = 1_800_000_000;
const MAX_US = 86_400_000_000;
const SUBJECTS_MAX = 200_000;

/** Makes the stage. Events with a session of their own pass untouched. */
export function createSessionStage(options: SessionStageOptions = {}): Stage {
  const { gapUs = GAP_US, maxUs = MAX_US, subjectsMax = SUBJECTS_MAX } = options;
  const sessions = createSessionStates<Session>(subjectsMax, (session) => [
    session.startUs,
    session.lastUs,
    session.index,
  ]);
  return {
    name: 'session',
    version: '1.0.0',
    part: 'enrich',
    references: { gapUs: String(gapUs), maxUs: String(maxUs) },
    memory: {
      snapshot: () => sessions.snapshot(),
      restore(saved) {
        if (sessions.restore(saved, readSession)) return;
        throw refusedSnapshot('session', 'it is no list of sessions by subject');
      },
    },
    apply(draft) {
      const { event } = draft;
      if (event.sessionId !== '') return draft;
      const { subject, eventTimeUs } = event;
      const { startUs, index } = sessionAt(sessions, subject, { eventTimeUs, gapUs, maxUs });
      const id = `${subject}~${startUs}`;
      draft.event = { ...event, sessionId: id };
      annotate(draft, 'session', { id, index });
      return draft;
    },
  };
}

function sessionAt(
  sessions: ReturnType<typeof createSessionStates<Session>>,
  subject: string,
  time: { readonly eventTimeUs: number; readonly gapUs: number; readonly maxUs: number },
): Session {
  const { eventTimeUs, gapUs, maxUs } = time;
  const current = sessions.get(subject);
  if (current !== undefined) {
    const isWithin =
      eventTimeUs <= current.lastUs + gapUs &&
      eventTimeUs >= current.startUs - gapUs &&
      eventTimeUs - current.startUs <= maxUs;
    if (isWithin) {
      current.lastUs = Math.max(current.lastUs, eventTimeUs);
      return current;
    }
    // From before: a session of its own, and the current one goes on.
    if (eventTimeUs < current.startUs) {
      return { startUs: eventTimeUs, lastUs: eventTimeUs, index: current.index };
    }
  }
  const index = current === undefined ? 0 : current.index + 1;
  const next = { startUs: eventTimeUs, lastUs: eventTimeUs, index };
  sessions.set(subject, next);
  return next;
}

function readSession(saved: Parameters<typeof readNumbers>[0]): Session | undefined {
  const [startUs, lastUs, index] = readNumbers(saved, 3) ?? [];
  if (startUs === undefined || lastUs === undefined || index === undefined) return undefined;
  return { startUs, lastUs, index };
}
