/** The typed builder makes what the parser makes. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  condition,
  objective,
  ratio,
  recovery,
  term,
} from '../../../../src/experiment/objectives/language/build-objective.ts';
import { parseObjective } from '../../../../src/experiment/objectives/language/parse-objective.ts';
import { minutes, ms, seconds } from '../../../../src/kernel/time.ts';

const fast = condition(term('p99', 'page.load', { page: 'home' }), '<', ms(450));

describe('the builder', () => {
  it.each([
    [objective(fast), 'p99(page.load{page="home"}) < 450ms'],
    [
      objective(condition(term('p99.9', 'page.load'), '<=', seconds(2)), {
        over: minutes(1),
        forShare: 0.99,
        during: 'peak',
        outsideFault: true,
      }),
      'p99.9(page.load) <= 2s over 1m windows for 99% during phase("peak") outside fault()',
    ],
    [
      objective(
        condition(ratio(term('rate', 'page.errors'), term('rate', 'page.requests')), '<', 0.001),
        { outsideFault: 'zone.loss', confidence: 0.99 },
      ),
      'rate(page.errors) / rate(page.requests) < 0.1% outside fault("zone.loss") @99%',
    ],
    [
      recovery(condition(term('p99', 'page.load'), '<', ms(600)), {
        within: seconds(90),
        after: 'zone.loss',
        over: seconds(20),
      }),
      'recover(p99(page.load) < 600ms) over 20s windows within 90s after fault("zone.loss")',
    ],
    [
      objective(
        condition(
          ratio(
            term('p99', 'page.load', { arch: 'federated' }),
            term('p99', 'page.load', { arch: 'aggregation' }),
          ),
          '<',
          1.15,
        ),
        { severity: 'warn' },
      ),
      'p99(page.load, arch="federated") / p99(page.load, arch="aggregation") < 1.15',
    ],
    [
      objective(
        condition(term('max', 'server.queue', { service: { matches: 'movie|talent' } }), '<', 200),
        { during: { from: minutes(10), to: minutes(20) }, afterFault: 'zone.loss' },
      ),
      'max(server.queue{service=~"movie|talent"}) < 200 during 10m..20m after fault("zone.loss")',
    ],
    [
      objective(condition(term('rate', 'wan.bytes', { direction: { not: 'up' } }), '<', 2e7), {
        during: ['20:30', '21:15'],
      }),
      'rate(wan.bytes{direction!="up"}) < 20000000B/s during "20:30".."21:15"',
    ],
  ])('E101: %# has the text and is the object of the parser', (built, text) => {
    expect(built.text).toBe(text);
    const { severity, confidence } = built;
    const asParsed = text.includes('@') ? { severity } : { severity, confidence };
    expect(parseObjective(text, asParsed)).toEqual(built);
  });

  it('E101: refuses what the parser refuses', () => {
    const never = condition(term('p99', 'page.load'), '<', ms(0));
    expect(() => objective(never)).toThrow('OBJECTIVE_INVALID');
    expect(() => term('p100', 'page.load')).toThrow('below p100');
  });

  it('E101: knows metrics and their labels by type', () => {
    expectTypeOf(term<'events.lost'>)
      .parameter(2)
      .not.toHaveProperty('page');
    // @ts-expect-error: there is no such metric.
    expect(() => objective(condition(term('p99', 'page.lod'), '<', ms(1)))).toThrow();
    // @ts-expect-error: servers have no pages.
    const wrong = term('mean', 'server.queue', { page: 'home' });
    expect(() => objective(condition(wrong, '<', 1))).toThrow('label "page" does not exist');
  });
});
