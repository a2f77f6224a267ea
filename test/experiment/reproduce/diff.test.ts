/** `diff` of recorded results: provenance, the first event, metrics. */
import { expect, it } from 'vitest';
import { openBundle } from '../../../src/experiment/reproduce/bundle.ts';
import { diffBundles } from '../../../src/experiment/reproduce/diff.ts';
import type { ArchitectureName } from '../../../src/gateway/architecture.ts';
import { ms, seconds } from '../../../src/kernel/time.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { recordComparison, recordRun, shortScenario } from './recorded.ts';

const folder = temporaryFolder();

async function recorded(
  overrides: Parameters<typeof shortScenario>[0] = {},
  architectures: readonly ArchitectureName[] = ['federated'],
) {
  const directory = folder.fresh();
  await recordRun(directory, shortScenario(overrides), architectures);
  return openBundle(directory);
}

it('E360–E365: names fields, event, draw and metrics in which two results differ', async () => {
  const a = await recorded({}, ['aggregation', 'federated']);
  const same = await diffBundles(a, await recorded());
  expect(same).toMatchObject({ isEqual: true, provenance: [], scenario: [] });
  expect(same.pairs.map(({ a: name, isEqual }) => [name, isEqual])).toEqual([['federated', true]]);

  const gateway = { replicas: 2, workersPerReplica: 2, planTime: ms(5) };
  const merges = { mergeTimePerFetch: ms(1), mergeTimePerKib: ms(0) };
  const slower = await recorded({ architectures: { federated: { ...gateway, ...merges } } });
  const found = await diffBundles(a, slower, { context: 3 });
  expect(found.isEqual).toBe(false);
  expect(found.provenance.map(({ path }) => path)).toEqual(['scenarioSha256']);
  expect(found.scenario.map(({ path }) => path)).toContain('architectures.federated.planTime');
  const [federated] = found.pairs;
  // The router's plan takes longer, and it is there that the runs part first.
  const { divergence } = federated ?? {};
  expect(divergence?.a.event).toMatchObject({ actor: 'fleet/router', event: 'work.finished' });
  expect(divergence?.a.before).toEqual(divergence?.b.before);
  const mean = federated?.metrics.find(({ metric }) => metric === 'page load mean');
  expect(mean?.delta).toBeGreaterThan(0);
  expect(mean?.relative).toBeCloseTo((mean?.delta ?? 0) / (mean?.a ?? 1), 12);

  const pair = ['aggregation', 'federated'] as const;
  const within = await diffBundles(a, a, { pair });
  expect(within.pairs[0]?.divergence?.b.event?.actor).toBe('server/router');
  await expect(diffBundles(a, a, { pair: ['aggregation', 'federate'] })).rejects.toThrow(
    'did you mean "federated"',
  );
});

it('E361: of comparisons, takes the first replication whose digests differ', async () => {
  const [one, other] = [folder.fresh(), folder.fresh()];
  await recordComparison(one, shortScenario(), 2);
  await recordComparison(other, shortScenario({ requests: { callTimeout: seconds(1) } }), 2);
  const equal = await diffBundles(await openBundle(one), await openBundle(other));
  // Nobody waits a second here: the scenarios differ, the runs do not.
  expect(equal).toMatchObject({ isEqual: true, scenario: [{ path: 'requests.callTimeout' }] });
  const seeded = folder.fresh();
  await recordComparison(seeded, shortScenario({ seed: 2 }), 2);
  const found = await diffBundles(await openBundle(one), await openBundle(seeded));
  expect(found.pairs.map(({ replication }) => replication)).toEqual([0]);
  expect(found.pairs[0]?.divergence?.draw).toMatchObject({
    number: 1,
    a: { purpose: 'audience.arrival' },
    b: { purpose: 'audience.arrival' },
  });
});
