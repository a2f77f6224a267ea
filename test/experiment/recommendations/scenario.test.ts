/** What a scenario may say of recommendations, and what is said of one that cannot be. */
import { describe, expect, it } from 'vitest';
import { defineScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import { EngineError, type ScenarioProblem } from '../../../src/kernel/errors.ts';
import { smallScenario } from '../small-world.ts';
import { loopScenario } from './loop-world.ts';

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (!(error instanceof EngineError) || !('problems' in error.details)) throw error;
    const problems: readonly (ScenarioProblem | string)[] = error.details.problems;
    return problems.map((one) => (typeof one === 'string' ? one : `${one.path}: ${one.rule}`));
  }
  return [];
}

const random = { kind: 'random' as const };

describe('recommendations in a scenario', () => {
  it('M110: have defaults, and are not there unless asked for', () => {
    const { recommendations } = smallScenario({
      recommendations: { arms: [{ name: 'all', policy: { kind: 'lin-ucb' } }] },
    });
    expect(recommendations).toMatchObject({
      slots: 10,
      arms: [{ share: 1, policy: { features: 'genres' } }],
      choice: { kind: 'multinomial-logit' },
    });
    expect(Object.keys(smallScenario())).not.toContain('recommendations');
  });

  it.each([
    [{ arms: [] }, 'recommendations.arms'],
    [{ arms: [{ name: 'a', policy: { kind: 'als' as const } }] }, 'recommendations.arms.0.policy'],
    [
      { arms: [{ name: 'a', policy: { kind: 'lin-ucb' as const, features: 'als' as const } }] },
      'lin-ucb is trained from what was watched before: give recommendations.history',
    ],
    [
      { arms: ['a', 'b', 'a'].map((name) => ({ name, policy: random })) },
      'recommendations.arms.2.name: a name of its own',
    ],
    [{ slots: 40 }, 'recommendations.slots'],
    [{ satisfaction: { returnFactor: 1.5 } }, 'recommendations.satisfaction.returnFactor'],
  ])('M110: are refused with the place and the rule: %j', (recommendations, words) => {
    const clickstream = { sdk: { eventBurst: 20 } };
    const found = problemsOf(() => loopScenario(recommendations, { clickstream }));
    expect(found.join('\n')).toContain(words);
  });

  it('M110: name the nearest kind of policy', () => {
    const policy = { kind: 'thomson' } as unknown as typeof random;
    const found = problemsOf(() => loopScenario({ arms: [{ name: 'a', policy }] }));
    expect(found.join('\n')).toContain('recommendations.arms.0.policy.kind');
  });

  it('M110: need pages and titles', () => {
    const base = { ...loopScenario(), catalogue: { titles: 20 } };
    const slots = { ...base, recommendations: { ...base.recommendations, slots: 30 } };
    expect(problemsOf(() => defineScenario(slots as never)).join('\n')).toContain(
      'at most catalogue.titles (20)',
    );
  });
});
