/** What a scenario says of architectures reaches the one that it is said of, and no other. */
import { describe, expect, it } from 'vitest';
import { runScenario } from '../../src/experiment/run.ts';
import { ARCHITECTURE_NAMES } from '../../src/gateway/architecture.ts';
import { minutes, seconds } from '../../src/kernel/time.ts';
import { smallScenario } from './small-world.ts';

const PLAIN = ARCHITECTURE_NAMES.map((name) => ({ name, architecture: name }));

/** Digests of the architectures with something set, beside those without. */
async function digests(set: Readonly<Record<string, unknown>>) {
  const scenario = smallScenario({
    clock: { start: '2026-11-20T20:00:00-05:00', duration: minutes(1), drain: seconds(30) },
    audience: { viewers: 0 },
    traffic: { kind: 'open', rate: [{ at: 0, perSecond: 0.5 }], pages: { title: 1, home: 1 } },
    variants: [
      ...PLAIN,
      ...PLAIN.map((variant) => ({ ...variant, name: `set-${variant.name}`, set })),
    ],
  });
  const { architectures } = await runScenario(scenario, { threads: 1 });
  const digestOf = (name: string) => architectures.find((one) => one.name === name)?.digest;
  expect(architectures.every(({ requests, errors }) => requests > 10 && errors === 0)).toBe(true);
  return ARCHITECTURE_NAMES.filter((name) => digestOf(name) !== digestOf(`set-${name}`));
}

describe('E20: the choice', () => {
  it.each([
    { set: { 'architectures.direct.fanOut': 'per-id' }, changes: ['direct'] },
    { set: { 'architectures.aggregation.fanOut': 'per-id' }, changes: ['aggregation'] },
    { set: { 'architectures.aggregation.order': 'sequential' }, changes: ['aggregation'] },
    { set: { 'architectures.schedule': 'dataflow' }, changes: ['federated'] },
    {
      set: { 'network.connections': { protocol: 'http/1.1', maxConnections: 1 } },
      changes: ['direct'],
    },
  ])('$set changes $changes', async ({ set, changes }) => {
    expect(await digests(set)).toEqual(changes);
  });
});
