/** Bugs in circuit breakers and the windows that they count in. */
import type { Bug } from '../hunt/bug.ts';

const SLIDING = 'src/queueing/calls/breakers/sliding-window.ts';
const ROLLING = 'src/queueing/calls/rolling-counts.ts';

/** Each with the property that must catch it. */
export const BREAKER_BUGS: readonly Bug[] = [
  {
    name: 'breaker-window-never-expires',
    file: ROLLING,
    find: 'for (let age = 1; age < slotCount && age <= moved + counts.past.length; age += 1) {',
    replace: 'for (let age = 1; age <= moved + counts.past.length; age += 1) {',
    story: 'Failures of an hour ago open the breaker of a service that is well.',
    property: 'breakers/sliding-window-as-counted-anew',
    withinRuns: 300,
  },
  {
    name: 'window-moves-one-slot-however-long',
    file: ROLLING,
    find: 'const tally = tallyAt(counts, age - moved);',
    replace: 'const tally = tallyAt(counts, age - 1);',
    story: 'After a quiet while old samples still count, because only calls push them out.',
    property: 'breakers/hystrix-as-counted-anew',
    withinRuns: 300,
  },
  {
    name: 'half-open-lets-everybody-through',
    file: SLIDING,
    find: 'if (state.trialsAdmitted >= config.halfOpenCalls) return { state, admitted: false };',
    replace: '',
    story: 'All clients fall upon a service that has just come back, and it goes down again.',
    property: 'breakers/sliding-window-as-counted-anew',
    withinRuns: 300,
  },
  {
    name: 'hystrix-tries-more-than-one',
    file: 'src/queueing/calls/breakers/hystrix.ts',
    find: "const mayTry = state.status === 'open' && nowUs > state.openedAtUs + config.sleepUs;",
    replace: 'const mayTry = nowUs > state.openedAtUs + config.sleepUs;',
    story: 'A half-open breaker sends every call to a service that may still be down.',
    property: 'breakers/hystrix-as-counted-anew',
    withinRuns: 200,
  },
  {
    name: 'cancelled-trial-is-never-given-back',
    file: SLIDING,
    find: 'return { ...state, trialsAdmitted: Math.max(0, state.trialsAdmitted - 1) };',
    replace: 'return state;',
    story: 'A breaker whose trial was cancelled with its page stays half-open for ever.',
    property: 'breakers/sliding-window-as-counted-anew',
    withinRuns: 1_000,
  },
  {
    name: 'failure-ratio-exclusive',
    file: SLIDING,
    find: 'return failed / calls >= config.failureRatio || slow / calls >= config.slowCallRatio;',
    replace: 'return failed / calls > config.failureRatio || slow / calls >= config.slowCallRatio;',
    story: 'A breaker set to open at 100 % failures never opens.',
    property: 'breakers/sliding-window-as-counted-anew',
    withinRuns: 50,
  },
  {
    name: 'open-pause-ends-a-tick-early',
    file: SLIDING,
    find: 'if (nowUs <= state.sinceUs + config.openUs) return { state, admitted: false };',
    replace: 'if (nowUs < state.sinceUs + config.openUs) return { state, admitted: false };',
    story: 'Two runs of a test of the breaker disagree about the call at the edge of its pause.',
    property: 'breakers/sliding-window-as-counted-anew',
    withinRuns: 200,
  },
  {
    name: 'count-window-keeps-old-failures',
    file: 'src/queueing/calls/breakers/outcome-window.ts',
    find: 'failed: window.failed + change(window.failedBits, next, result.failed),',
    replace: 'failed: window.failed + (result.failed ? 1 : 0),',
    story: 'The breaker opens on the sum of all failures since it closed, not on the last calls.',
    property: 'breakers/sliding-window-as-counted-anew',
    withinRuns: 300,
  },
];
