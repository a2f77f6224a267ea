/** What binds a fleet, of several objectives. */
import { expect, it } from 'vitest';
import type { RunSample } from '../../../../src/experiment/campaign/run-sample.ts';
import { judgeSamples } from '../../../../src/experiment/capacity/subject/judge-samples.ts';
import { parseObjective } from '../../../../src/experiment/objectives/language/parse-objective.ts';

/** Means of pages and of freshness, one each replication. */
function judged(pagesMs: readonly number[], freshnessSeconds: readonly number[]) {
  const objectives = ['mean(page.load) < 100ms', 'mean(clickstream.freshness) < 30s'].map((text) =>
    parseObjective(text, {}),
  );
  const [pages, freshness] = objectives.map(({ text }) => text);
  const measure = (objective: string | undefined, value: number) => ({
    objective,
    value,
    samples: 100,
    worst: null,
    pooled: { kind: 'ratio', over: 100 * value, under: 100 },
  });
  const samples = pagesMs.map((ms, replication) => ({
    name: 'federated',
    replication,
    stations: [],
    objectives: [
      measure(pages, ms * 1e3),
      measure(freshness, (freshnessSeconds[replication] ?? 0) * 1e6),
    ],
  })) as unknown as readonly RunSample[];
  return judgeSamples([{ situation: 'all zones', objectives, samples }], () => '');
}

it('E218: of open objectives the one that takes the most to decide binds', () => {
  // Freshness has the less room, and is nearly told; pages vary so much that they are not.
  const { verdict, binding } = judged([20, 280, 10, 40, 60, 20], [27, 31, 27, 31, 27.5, 28]);
  expect(verdict).toBe('inconclusive');
  expect(binding?.objective).toBe('mean(page.load) < 100ms');
  expect(binding?.margin).toBeGreaterThan(0.2);
});

it('E218: what fails binds before what is open', () => {
  const { verdict, binding } = judged([20, 190, 10, 40, 60, 20], [40, 41, 42, 43, 41, 42]);
  expect(verdict).toBe('fail');
  expect(binding).toMatchObject({ objective: 'mean(clickstream.freshness) < 30s' });
  expect(binding?.station).toBe('pipeline');
});
