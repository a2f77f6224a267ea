/** Annotates an event with browser, system and device. Spec: W92. */
import { remembering } from '../lookups/bounded-cache.ts';
import { createUserAgentParser, type ParsedUserAgent } from '../lookups/user-agent.ts';
import { annotate, type Stage } from '../stage.ts';

/** Distinct user agents, with their hints, of one generation of the memory. */
const REMEMBERED_MAX = 10_000;
/** The hints that are read; others are not part of the memory's key. */
const HINTS = ['sec-ch-ua', 'sec-ch-ua-mobile', 'sec-ch-ua-platform'] as const;
const SEPARATOR = '\n';

/** Makes the stage. It also gives the draft its kind of device, where no other stage does. */
export function createUserAgentStage(): Stage {
  const parser = createUserAgentParser();
  const parse = remembering(REMEMBERED_MAX, (key): ParsedUserAgent => {
    const [userAgent = '', ...values] = key.split(SEPARATOR);
    if (values.length === 0) return parser(userAgent);
    return parser(userAgent, Object.fromEntries(HINTS.map((name, i) => [name, values[i] ?? ''])));
  });
  return {
    name: 'user-agent',
    version: '1.0.0',
    part: 'enrich',
    references: { bowser: '2.15.0', isbot: '5.2.3' },
    apply(draft) {
      const { userAgent, clientHints } = draft.record;
      const line = userAgent.includes(SEPARATOR) ? userAgent.replaceAll(SEPARATOR, ' ') : userAgent;
      const found = parse(clientHints === undefined ? line : keyOf(line, clientHints));
      annotate(draft, 'userAgent', found);
      draft.deviceKind = found.device;
      return draft;
    },
  };
}

function keyOf(userAgent: string, hints: Readonly<Record<string, string>>): string {
  const values = HINTS.map((name) => (hints[name] ?? '').slice(0, 256).replaceAll(SEPARATOR, ' '));
  return [userAgent, ...values].join(SEPARATOR);
}
