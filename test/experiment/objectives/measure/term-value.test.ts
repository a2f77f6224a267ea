/** Parts that replications leave: exact where limits lie, and of one kind in all of them. */
import { describe, expect, it } from 'vitest';
import { parseObjective } from '../../../../src/experiment/objectives/language/parse-objective.ts';
import {
  Observations,
  wholeOf,
} from '../../../../src/experiment/objectives/measure/observations.ts';
import { expressionParts } from '../../../../src/experiment/objectives/measure/term-value.ts';
import type { PooledParts } from '../../../../src/experiment/objectives/objective.ts';

function partsOf(text: string, ...columns: readonly (readonly number[])[]): PooledParts {
  const slices = columns.map((values) => {
    const observations = new Observations();
    values.forEach((over, i) => {
      observations.push({ atUs: i, untilUs: i, over, under: 1 });
    });
    return wholeOf(observations);
  });
  return expressionParts(parseObjective(text).condition.expression, { slices, lengthUs: 1e6 });
}

describe('parts', () => {
  it('E109: what is all the same in a bucket keeps its value, the rest has its middle', () => {
    // Buckets are 1,024 µs wide from 1.05 s on, 512 millionths below.
    expect(partsOf('p99(page.load) < 2s', [2e6, 7, 2e6, 1_500_001, 1_500_002])).toEqual({
      kind: 'histogram',
      values: [7, 1_499_647.5, 2e6],
      counts: [1, 2, 2],
    });
    expect(partsOf('p99(server.queue) <= 1', [1, 0, 3, 1])).toMatchObject({ values: [0, 1, 3] });
  });

  it('E109: a ratio of means has parts of one kind, however many values there are', () => {
    const text = 'mean(page.load{page="home"}) / mean(page.load{page="title"}) < 2';
    const kinds = [partsOf(text, [1, 2], [3, 4]), partsOf(text, [1], [3, 4])].map(
      ({ kind }) => kind,
    );
    expect(kinds).toEqual(['quotient', 'quotient']);
    const totals = 'count(page.errors) / count(page.requests) < 1%';
    expect(partsOf(totals, [1, 0], [1, 1])).toEqual({ kind: 'ratio', over: 1, under: 2 });
  });
});
