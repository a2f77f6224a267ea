/** A machine of one's own, held against random messages and waits: its invariants, ways out of
 * every state, and whether the runs reached all of it. Run: `node examples/04-own-machine.ts`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CheckFailure, checkMachine } from 'backlot/testing';
import { assign, setup } from 'xstate';

/** A download with three tries. The bug: whoever cancels while it waits for the next try keeps the
 * tries that were made. */
const download = (isMended: boolean) =>
  setup({
    types: {
      context: {} as { readonly tries: number },
      events: {} as { readonly type: 'START' | 'FAIL' | 'DONE' | 'CANCEL' },
    },
    guards: { mayTryAgain: ({ context }) => context.tries < 3 },
    actions: {
      count: assign({ tries: ({ context }) => context.tries + 1 }),
      forget: assign({ tries: 0 }),
    },
  }).createMachine({
    id: 'download',
    context: { tries: 0 },
    initial: 'idle',
    states: {
      idle: { on: { START: 'trying' } },
      trying: {
        entry: 'count',
        on: {
          DONE: { target: 'idle', actions: 'forget' },
          CANCEL: { target: 'idle', actions: 'forget' },
          FAIL: [
            { guard: 'mayTryAgain', target: 'waiting' },
            { target: 'idle', actions: 'forget' },
          ],
        },
      },
      waiting: {
        after: { 2000: 'trying' },
        on: { CANCEL: { target: 'idle', actions: isMended ? 'forget' : [] } },
      },
    },
  });

const hold = (isMended: boolean) =>
  checkMachine(download(isMended), {
    always: { 'at-most-three-tries': ({ context }) => context.tries <= 3 },
    never: { 'idle-with-tries': ({ context, isIn }) => isIn('idle') && context.tries > 0 },
    eventually: {
      'tries-again': {
        when: ({ isIn }) => isIn('waiting'),
        holds: ({ isIn }) => !isIn('waiting'),
        withinMs: 2_000,
      },
    },
  });

test('the mended download holds', async () => {
  await hold(true);
});

test('the first one does not', async () => {
  const failure = await hold(false).then(
    () => assert.fail('it held'),
    (error: unknown) => error,
  );
  assert.ok(failure instanceof CheckFailure);
  assert.deepEqual(failure.facts.size, { commands: 3, faults: 0 });
  process.stdout.write(`${failure.message}\n`);
});
