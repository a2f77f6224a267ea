/** The library as a whole: it holds on healthy trials, and watching changes nothing. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import { INVARIANTS, invariantNamed } from '../../../src/testing/invariants/library.ts';
import { MARKS } from '../../../src/testing/invariants/marks.ts';
import { vacuous } from '../../../src/testing/invariants/vacuity.ts';
import { drawTrial } from '../../../src/testing/swarm/campaign/swarm-source.ts';
import { runTrial } from '../../../src/testing/trial/run-trial.ts';
import { smallTrial } from './small-trial.ts';

const SEEDS = 12;

describe('the library', () => {
  it('T10: changes nothing, and holds through an outage', async () => {
    const trial = smallTrial({
      healedAt: minutes(1),
      scenario: {
        faults: [{ kind: 'service.outage', target: 'movie', at: seconds(20), for: seconds(30) }],
      },
    });
    const plain = await runTrial(trial, []);
    const watched = await runTrial(trial, [...INVARIANTS, ...MARKS]);
    expect(watched.violations).toEqual([]);
    expect(watched.digest).toBe(plain.digest);
    expect(watched.exercised['calls-are-conserved']).toBeGreaterThan(50);
  });

  it('holds on trials drawn from a swarm, and has something to check in them', async () => {
    const outcomes = [];
    for (let seed = 7_000; seed < 7_000 + SEEDS; seed += 1) {
      const trial = drawTrial({ kind: 'swarm' }, seed);
      outcomes.push(await runTrial(trial, [...INVARIANTS, ...MARKS]));
    }
    expect(outcomes.flatMap(({ violations }) => violations)).toEqual([]);
    const { neverExercised, neverHit } = vacuous(outcomes, [...INVARIANTS, ...MARKS]);
    // What a few seeds need not reach, a campaign has to: `npm run test:long`.
    expect(neverExercised.length).toBeLessThan(INVARIANTS.length / 3);
    expect(neverHit.length).toBeLessThan(MARKS.length / 2);
  });

  it('has a test for each invariant that breaks it', () => {
    const tests = ['kernel-and-requests', 'policies', 'pipeline', 'liveness']
      .map((name) => readFileSync(new URL(`./${name}.test.ts`, import.meta.url), 'utf8'))
      .join('');
    const untested = INVARIANTS.filter(({ name }) => !tests.includes(`'${name}'`));
    expect(untested.map(({ name }) => name)).toEqual([]);
  });

  it('has names that are unique, and finds each by its name', () => {
    const names = [...INVARIANTS, ...MARKS].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => invariantNamed(name).name === name)).toBe(true);
    expect(() => invariantNamed('call-are-conserved')).toThrow(
      'did you mean "calls-are-conserved"',
    );
  });
});
