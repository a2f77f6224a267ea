/** Bugs in load balancers and outlier ejection. */
import type { Bug } from '../hunt/bug.ts';

const FIELD = 'src/queueing/balancing/field.ts';
const PICK = 'src/queueing/balancing/pick-rules.ts';
const EJECTION = 'src/queueing/balancing/outlier-ejection.ts';

/** Each with the property that must catch it. */
export const BALANCING_BUGS: readonly Bug[] = [
  {
    name: 'power-of-two-draws-once',
    file: PICK,
    find: 'const second = uniformOf(field, field.request.u2);',
    replace: 'const second = uniformOf(field, field.u1);',
    story: 'Two choices are one: the longest line grows as with random balancing.',
    property: 'balancing/choices-as-enumerated',
    withinRuns: 50,
  },
  {
    name: 'biased-power-of-two',
    file: PICK,
    find: 'return outstanding(field, second) < outstanding(field, first) ? second : first;',
    replace:
      'return outstanding(field, second) <= outstanding(field, first) && second > ' +
      'first ? second : Math.min(first, second);',
    story: 'Ties and worse go to the lowest index: the first replica glows, the last idles.',
    property: 'balancing/choices-as-enumerated',
    withinRuns: 50,
  },
  {
    name: 'neighbour-inherits-a-dead-replica',
    file: FIELD,
    find: 'return size <= 0 ? -1 : nthOf(field, Math.floor((scaled - tried) * size), except);',
    replace: 'return size <= 0 ? -1 : nthOf(field, 0, except);',
    story: 'When a replica goes, the first one gets all of its calls and goes too.',
    property: 'balancing/choices-as-enumerated',
    withinRuns: 100,
  },
  {
    name: 'draining-replica-is-chosen',
    file: FIELD,
    find: 'if (replica === undefined || !replica.isReady) return false;',
    replace: 'if (replica === undefined) return false;',
    story: 'Every scale-down costs the calls that still go to who is leaving.',
    property: 'balancing/choices-as-enumerated',
    withinRuns: 50,
  },
  {
    name: 'round-robin-stands-still',
    file: PICK,
    find: 'for (let step = 1; step <= length; step += 1) {',
    replace: 'for (let step = last < 0 ? 1 : 0; step <= length; step += 1) {',
    story: 'All calls of a client go to one replica.',
    property: 'balancing/turns-are-taken',
    withinRuns: 50,
  },
  {
    name: 'ejected-host-is-picked',
    file: FIELD,
    find: 'if (health !== undefined && isEjectedAt(health, field.request.nowUs)) return false;',
    replace: 'if (health !== undefined && isEjectedAt(health, 0)) return field.request.nowUs > 0;',
    story: 'A host that fails every call keeps getting its share of them.',
    property: 'balancing/ejected-hosts-as-walked',
    withinRuns: 50,
  },
  {
    name: 'ejection-never-ends',
    file: EJECTION,
    find: 'host.isEjected && host.releaseUs <= nowUs',
    replace: 'host.isEjected && host.releaseUs < nowUs - config.maxEjectionUs',
    story: 'A host that recovered stays out, and the others carry its load.',
    property: 'balancing/ejected-hosts-as-walked',
    withinRuns: 200,
  },
  {
    name: 'everybody-ejected',
    file: EJECTION,
    find: 'if (percent > config.maxEjectedPercent && !isFirst) return state;',
    replace: 'if (percent > config.maxEjectedPercent && !config.alwaysEjectOne) return state;',
    story: 'A fault of a shared database ejects the whole fleet, not a tenth of it.',
    property: 'balancing/ejected-hosts-as-walked',
    withinRuns: 300,
  },
  {
    name: 'ejection-backoff-never-falls',
    file: EJECTION,
    find: 'const backoff = hasStayedIn ? Math.max(0, host.backoff - 1) : host.backoff;',
    replace: 'const { backoff } = host;',
    story: 'A host that failed five times last year is ejected for five minutes today.',
    property: 'balancing/ejected-hosts-as-walked',
    withinRuns: 1_000,
  },
];
