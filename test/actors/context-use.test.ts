/** Which functions may be trusted to leave no reference to the context behind, by their text; and
 * that a context which is changed in place is never seen to change. */
import { describe, expect, it } from 'vitest';
import { assign, createMachine } from 'xstate';
import { onlyReadsContext } from '../../src/actors/runtime/compile/context-use.ts';
import { createCompiledActorSystem } from '../../src/actors/runtime/compiled-actor-system.ts';
import { createRunDigest } from '../../src/kernel/digest.ts';
import { createSimulation } from '../../src/kernel/simulation.ts';

const READS = [
  '({ context }) => context.step + 1',
  '({ context }         ) => context.step >= 30 * LIMIT',
  '({ context, event }) => ({ n: context.n, type: event.type })',
  '({ event, context }, params) => context.n < params.limit',
  '({ context }, { limit, other }) => context.items[0] === limit',
  '({ event }) => event.value',
  '() => 7',
  '(_) => 7',
  '({ context }) => { return context.n == context.m ? 1 : 2; }',
];

const LEAKS = [
  '({ context }) => context',
  '({ context }) => ({ ...context })',
  '({ context }) => ({ context })',
  '({ context: c }) => c.n',
  '(args) => args.context.n',
  '({ context, self }) => context.n',
  '({ context, ...rest }) => rest',
  '({ context }) => context[key]',
  '({ context }) => context?.n',
  '({ context }) => context.list.map((x) => x + context.n)',
  '({ context }) => context.method()',
  '({ context }) => context.method`x`',
  '({ context }) => (context.n = 1)',
  '({ context }) => (context.n ||= 1)',
  '({ context }) => context.n++',
  '({ context }) => keep(context)',
  '({ context }) => \\u0063ontext',
  ['({ context }) => `', '{context.n}`'].join('$'),
  '({ context }) => eval("1")',
  '({ context }, keep = context) => 1',
  'function ({ context }) { return context.n; }',
  'method({ context }) { return context.n; }',
  'function () { [native code] }',
  'async ({ context }) => context.n',
];

describe('A19: a context that is changed in place', () => {
  it.each(READS)('may be shown to %s', (text) => {
    expect(onlyReadsContext(text)).toBe(true);
  });

  it.each(LEAKS)('is not shown to %s', (text) => {
    expect(onlyReadsContext(text)).toBe(false);
  });

  it('is not seen to change, neither in a snapshot nor by another actor', () => {
    const machine = createMachine({
      context: { n: 0 },
      on: { go: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
    });
    const actors = createCompiledActorSystem({
      simulation: createSimulation(),
      digest: createRunDigest({ sliceUs: 1_000 }),
      drawCount: () => 0,
      onEmit: () => {},
      codeGeneration: 'always',
    });
    const [first, second] = [0, 1].map((i) => actors.spawn(machine, { name: `counter/${i}` }));
    for (const actor of [first, second]) actors.start(actor ?? -1);
    const counts = Array.from({ length: 4 }, () => {
      actors.deliver(first ?? -1, { type: 'go' });
      return actors.snapshot(first ?? -1).context;
    });
    expect(counts).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
    expect(actors.snapshot(second ?? -1).context).toEqual({ n: 0 });
    actors.deliver(second ?? -1, { type: 'go' });
    expect(actors.snapshot(second ?? -1).context).toEqual({ n: 1 });
  });
});
