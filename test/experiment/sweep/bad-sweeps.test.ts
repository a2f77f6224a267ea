/** What is refused before anything is run, and in which words. */
import { describe, expect, it } from 'vitest';
import { planSweep, type SweepOptions } from '../../../src/experiment/sweep/plan-sweep.ts';
import { sweepMetrics } from '../../../src/experiment/sweep/sweep-metrics.ts';
import { EngineError } from '../../../src/kernel/errors.ts';
import { roundScenario } from './known-response.ts';

function refusal(options: SweepOptions): string {
  try {
    planSweep(roundScenario(), { architectures: ['federated'], ...options });
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    expect((error as EngineError).code).toBe('SWEEP_INVALID');
    return (error as EngineError).message;
  }
  throw new Error('nothing was refused');
}

const MANY = Array.from({ length: 12 }, (_, i) => `clock.duration${i}=1,2`);

describe('bad input', () => {
  it.each<readonly [string, string, RegExp]>([
    ['an unknown path', 'services.talnet.replicas=1,2', /did you mean "services\.talent"\?/],
    ['an unknown leaf', 'services.talent.replcas=1,2', /"services\.talent\.replicas"/],
    ['a path below a value', 'services.talent.replicas.x=1,2', /is a single value/],
    ['a path into a list', 'faults.0.at=1,2', /faults is a list/],
    ['one value', 'services.talent.replicas=2', /one value does not vary/],
    ['no value', 'services.talent.replicas=', /give values/],
    ['a value twice', 'services.talent.replicas=2,2', /each value once/],
    ['an empty range', 'services.talent.replicas=4..4', /lower end to the higher/],
    ['a range of words', 'services.talent.discipline=fifo..lifo', /are numbers/],
    ['no levels at all', 'services.talent.replicas', /write path=1,2,4/],
    ['a factor of 0', 'services.talent.replicas*=0..2', /above 0/],
    ['what cannot be scaled', 'services.talent.discipline*=1,2', /scale a number/],
    ['what is not there to scale', 'services.talent.database*=1,2', /nothing to scale/],
    ['a level out of range', 'services.talent.replicas=0,1', /expected number to be >0/],
    ['no whole number', 'services.talent.replicas=1,1.5', /expected int/],
    ['a word that is none', 'services.talent.discipline=fifo,filo', /did you mean "fifo"/],
    ['a number for a distribution', 'services.talent.baseTime=1,2', /baseTime\*=0\.5\.\.2/],
  ])('E271: %s', (_, text, words) => {
    expect(refusal({ vary: [text] })).toMatch(words);
  });

  it('E271: too many points and too many factors', () => {
    const wide = ['services.talent.replicas=1..9', 'services.movie.replicas=1..9'];
    expect(refusal({ vary: wide, points: 3 })).toMatch(/4 points; a grid has at most 3/);
    expect(refusal({ vary: wide, design: 'lhs', points: 5_000 })).toMatch(/at most 2000/);
    expect(refusal({ vary: MANY, design: 'factorial' })).toMatch(/12 problems/);
    expect(refusal({ vary: [] })).toMatch(/say what varies/);
    expect(refusal({ vary: [wide[0] ?? '', wide[0] ?? ''] })).toMatch(/vary each path once/);
    expect(refusal({ vary: wide, only: 'federated/99' })).toMatch(/named federated\/0 to/);
  });

  it('E271: all problems at once', () => {
    const message = refusal({ vary: ['services.talnet.replicas=1,2', 'sed=1,2'] });
    expect(message).toMatch(/2 problems/);
    expect(message).toContain('did you mean "seed"?');
  });

  it('E271: metrics that are none, and percentiles that are not pooled', () => {
    expect(() => sweepMetrics(['page load p96'], 5)).toThrow(/did you mean "page load p9\d"/);
    expect(() => sweepMetrics(['freshness p99'], 5)).toThrow(/not pooled/);
    expect(sweepMetrics(['freshness p99'], 1)).toHaveLength(1);
  });

  it('E270: takes units, words and switches', () => {
    const { factors } = planSweep(roundScenario(), {
      vary: ['clickstream.heartbeat=30s,1min', 'services.talent.expireWaiting=true,false'],
      architectures: ['federated'],
    });
    expect(factors.map(({ levels }) => levels)).toEqual([
      [30_000_000, 60_000_000],
      [true, false],
    ]);
  });
});
