/** Bugs in the client SDK. */
import type { Bug } from '../hunt/bug.ts';

const CAPTURE = 'src/sdk/capture.ts';
const STORAGE = 'src/sdk/sdk-storage.ts';
const DELIVERY = 'src/sdk/delivery/delivery.ts';

/** Each with the property that must catch it. */
export const SDK_BUGS: readonly Bug[] = [
  {
    name: 'sdk-sequence-used-again-after-reload',
    file: STORAGE,
    find: '            startedUs: rebased(session.startedUs),',
    replace: `            sequence: 0,
            startedUs: rebased(session.startedUs),`,
    story: 'After a reload, events of a session have numbers that others have already.',
    property: 'sdk/all-captured-is-accounted-for',
    withinRuns: 200,
  },
  {
    name: 'sdk-drop-of-the-newest-counted-twice',
    file: CAPTURE,
    find: "if (dropPolicy === 'newest' || oldest === undefined) return false;",
    replace: `if (dropPolicy === 'newest' || oldest === undefined) {
    drop(turn, { reason: 'sdk_queue_full', batch: undefined, count: 1 });
    return false;
  }`,
    story: 'The loss that a dashboard reports is twice what was lost.',
    property: 'sdk/all-captured-is-accounted-for',
    withinRuns: 100,
  },
  {
    name: 'sdk-forgets-the-bytes-of-the-oldest',
    file: CAPTURE,
    find: `  draft.queueBytes -= oldest.bytes;
`,
    replace: '',
    story: 'After a long time offline every batch goes alone, as the queue seems full of bytes.',
    property: 'sdk/all-captured-is-accounted-for',
    withinRuns: 100,
  },
  {
    name: 'sdk-reload-gives-a-try-back',
    file: STORAGE,
    find: 'const triesUsed = batch.triesUsed + (batch.deadlineUs === null ? 0 : 1);',
    replace: 'const triesUsed = batch.triesUsed + (batch.deadlineUs === null ? 1 : 2);',
    story: 'A page that is reloaded now and then gives its events up after half of the tries.',
    property: 'sdk/all-captured-is-accounted-for',
    withinRuns: 500,
  },
  {
    name: 'sdk-late-judgement-drops-what-is-sent-again',
    file: DELIVERY,
    find: "else if (result === 'retry' || !isPresent) rest.push(queued);",
    replace: `else if (result === 'retry') rest.push(queued);
    else if (!isPresent) accepted += 1;`,
    story: 'A late answer to the first try takes events for delivered that never were.',
    property: 'sdk/all-captured-is-accounted-for',
    withinRuns: 1_000,
  },
  {
    name: 'sdk-retry-after-not-obeyed',
    file: DELIVERY,
    find: 'draft.pushedBackUntilUs = Math.max(draft.pushedBackUntilUs, untilUs);',
    replace: 'draft.pushedBackUntilUs = Math.min(draft.pushedBackUntilUs, untilUs);',
    story: 'A collector that asks for mercy gets the full load again after a second.',
    property: 'sdk/all-captured-is-accounted-for',
    withinRuns: 500,
  },
];
