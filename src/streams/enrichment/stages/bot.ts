/** Tells machines from people by several indicators: the user agent says so, there is none, or a
 * subject sends more in one second than hands can. Spec: W93. Source of the idea: Snowplow's bot
 * detection, `{bot, indicators[]}`. */
import { isbot } from 'isbot';
import { createSessionStates, readNumbers } from '../../time-correction/session-states.ts';
import { refusedSnapshot } from '../../time-correction/time-correction.ts';
import { remembering } from '../lookups/bounded-cache.ts';
import { annotate, type Stage } from '../stage.ts';

/** Options of the stage. */
export interface BotStageOptions {
  /** Events of one subject in one second of event time that are still a person's. Default 50. */
  readonly eventsPerSecondMax?: number;
}

/** How fast a subject is: events in the second that its latest event lies in; and whether it was
 * too fast once. */
interface Pace {
  secondUs: number;
  events: number;
  isMachine: boolean;
}

const REMEMBERED_MAX = 10_000;
const SUBJECTS_MAX = 200_000;
const US_PER_SECOND = 1_000_000;
const NONE: readonly string[] = [];

/** Makes the stage. */
export function createBotStage(options: BotStageOptions = {}): Stage {
  const { eventsPerSecondMax = 50 } = options;
  const byUserAgent = remembering(REMEMBERED_MAX, indicatorsOf);
  const paces = createSessionStates<Pace>(SUBJECTS_MAX, ({ secondUs, events, isMachine }) => [
    secondUs,
    events,
    Number(isMachine),
  ]);
  return {
    name: 'bot',
    version: '1.0.0',
    part: 'enrich',
    references: { isbot: '5.2.3' },
    memory: {
      snapshot: () => paces.snapshot(),
      restore(saved) {
        if (!paces.restore(saved, readPace)) throw refusedSnapshot('bot', 'it is no list of paces');
      },
    },
    apply(draft) {
      const { subject, eventTimeUs } = draft.event;
      const secondUs = eventTimeUs - (eventTimeUs % US_PER_SECOND);
      let pace = paces.get(subject);
      if (pace === undefined) {
        pace = { secondUs, events: 0, isMachine: false };
        paces.set(subject, pace);
      }
      if (pace.secondUs !== secondUs) {
        pace.secondUs = secondUs;
        pace.events = 0;
      }
      pace.events += 1;
      if (pace.events > eventsPerSecondMax) pace.isMachine = true;
      const told = byUserAgent(draft.record.userAgent);
      const indicators = pace.isMachine ? [...told, 'pace'] : told;
      annotate(draft, 'bot', { isBot: pace.isMachine || told.includes('user_agent'), indicators });
      return draft;
    },
  };
}

function indicatorsOf(userAgent: string): readonly string[] {
  if (userAgent === '' || userAgent === '-') return ['no_user_agent'];
  return isbot(userAgent.slice(0, 2_048)) || userAgent === 'backlot-device/bot'
    ? ['user_agent']
    : NONE;
}

function readPace(saved: Parameters<typeof readNumbers>[0]): Pace | undefined {
  const [secondUs, events, isMachine] = readNumbers(saved, 3) ?? [];
  if (secondUs === undefined || events === undefined) return undefined;
  return { secondUs, events, isMachine: isMachine === 1 };
}
