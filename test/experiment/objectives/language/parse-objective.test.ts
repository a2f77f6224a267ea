/** The language: text and object are two faces of one thing, and what is wrong is told with its
 * column and the nearest name. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseObjective,
  readObjective,
} from '../../../../src/experiment/objectives/language/parse-objective.ts';
import { printObjective } from '../../../../src/experiment/objectives/language/print-objective.ts';
import { EngineError } from '../../../../src/kernel/errors.ts';
import { minutes, ms, seconds } from '../../../../src/kernel/time.ts';
import { objectiveText } from '../arbitrary-objective.ts';

/** Columns and rules of what is wrong with a text. */
function problemsOf(text: string): readonly string[] {
  return readObjective(text).problems.map(({ column, rule }) => `${column}: ${rule}`);
}

describe('parser and printer', () => {
  it('E100: parse after print is the identity', () => {
    fc.assert(
      fc.property(objectiveText, (text) => {
        const parsed = parseObjective(text);
        expect(parsed.text).toBe(printObjective(parsed));
        expect(parseObjective(parsed.text)).toEqual(parsed);
        expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
      }),
      { seed: 100, numRuns: 200 },
    );
  });

  it('E100: space is free', () => {
    const spread = 'p99 ( page.load { page = "home" } )<450 ms over 1 m windows for 99 % @ 90 %';
    expect(parseObjective(spread).text).toBe(
      'p99(page.load{page="home"}) < 450ms over 1m windows for 99% @90%',
    );
  });

  it('E100: limits are in base units', () => {
    const limits = [
      ['p99.9(page.load) < 450ms', 450_000],
      ['mean(server.utilization) < 70%', 0.7],
      ['rate(page.errors) / rate(page.requests) < 0.1%', 0.001],
      ['rate(page.requests) > 120/m', 2],
      ['rate(wan.bytes) < 1.5MiB/s', 1.5 * 1_024 ** 2],
      ['sum(wan.bytes) / count(page.requests) < 60kB', 60_000],
      ['mean(cost.per_hour) < 12.5USD', 12.5],
      ['count(events.lost) == 0', 0],
    ] as const;
    for (const [text, limit] of limits) {
      const parsed = parseObjective(text);
      expect([text, parsed.condition.limit]).toEqual([text, limit]);
      expect(parsed.text).toBe(text);
    }
  });

  it('E100: says what the words say', () => {
    expect(
      parseObjective(
        'p99(page.load{page="home",device!="tv",country=~"U.*"}) <= 2s during phase("peak") ' +
          'during 0s..30m during "20:00".."20:30" outside fault() after fault("zone.loss")',
        { severity: 'warn', minSamples: 7 },
      ),
    ).toMatchObject({
      condition: {
        expression: {
          aggregate: { kind: 'quantile', q: 0.99 },
          metric: 'page.load',
          labels: [
            { label: 'page', operator: '=', value: 'home' },
            { label: 'device', operator: '!=', value: 'tv' },
            { label: 'country', operator: '=~', value: 'U.*' },
          ],
        },
        comparison: '<=',
        limit: seconds(2),
        unit: 's',
      },
      scopes: [
        { kind: 'phase', phase: 'peak' },
        { kind: 'between', fromUs: 0, toUs: minutes(30) },
        { kind: 'clock', from: '20:00', to: '20:30' },
        { kind: 'outside-fault', fault: null },
        { kind: 'after-fault', fault: 'zone.loss' },
      ],
      severity: 'warn',
      confidence: 0.95,
      minReplications: 5,
      minSamples: 7,
      onNoData: 'fail',
    });
    const recovery = 'recover(p99(page.load) < 600ms) over 5s windows within 90s after fault("x")';
    expect(parseObjective(recovery)).toMatchObject({
      text: recovery,
      condition: { limit: ms(600) },
      windows: { lengthUs: seconds(5), share: 1 },
      recovery: { withinUs: seconds(90), fault: 'x' },
    });
  });
});

describe('what is wrong', () => {
  it.each([
    ['p99(page.lod) < 4ms', '5: metric "page.lod" does not exist; did you mean "page.load"?'],
    ['p99(page.load{pge="x"}) < 4ms', '15: label "pge" does not exist; did you mean "page"?'],
    ['count(events.lost{page="x"}) < 4', '19: label "page" does not exist; events.lost has no'],
    ['avg(page.load) < 4ms', '1: "avg" is no aggregate; '],
    ['p0(page.load) < 4ms', '1: a quantile is above p0 and below p100, found p0'],
    ['max(page.errors) < 3', '1: page.errors has no max; it can be asked for count, rate'],
    ['p99(page.load) < 450', '18: 450 has no unit: it needs us, ms, s, m, h; write 450ms'],
    ['p99(page.load) < 450msec', '18: unit "msec" does not fit; valid: us, ms, s, m, h'],
    ['p99(page.load) < 4constructor', '18: unit "constructor" does not fit'],
    ['count(page.requests) > 4ms', '24: unit "ms" does not fit; valid: none'],
    ['rate(page.requests) > 4', '23: 4 has no unit: it needs /s, /m, /h; write 4/s'],
    ['p99(page.load) / count(page.requests) / 2', '39: expected /, <, <=, >, >= or =='],
    ['count(page.requests) / p99(page.load) < 2', '1: a ratio is of two alike, or of anything'],
    ['p99(page.load{page="home}) < 4ms', '20: this string has no end'],
    ['p99(page.load) < 4ms & x', '22: "&" has no meaning here'],
    ['p99(page.load) < 4ms soon', '22: expected over, during, outside, after, @ or the end'],
    ['p99(page.load', '14: expected ")", found the end'],
    ['', '1: expected an aggregate such as p99 or mean, found the end'],
    ['p99(page.load{page=~"("}) < 4ms', '21: "(" is no regular expression'],
    ['p99(page.load, arch="a") < 4ms', '1: arch="…" stands in ratios between two architectures'],
    ['p99(page.load, arch="a") / p99(page.load) < 2', '1: name the architecture on both sides'],
    ['p99(page.load, arch="a") / p99(page.load, arch="a") < 2', '1: both sides are of "a"'],
    ['max(page.load, arch="a") / max(page.load, arch="b") < 2', '1: a ratio between'],
    ['p99(page.load) < 4ms during "8pm".."21:00"', '29: "8pm" is no time of day'],
    ['p99(page.load) < 4ms during 30m..20m', '29: ends before it begins'],
    ['p99(page.load) < 4ms over 0s windows', '27: a duration is a whole number of µs above 0'],
    ['p99(page.load) < 4ms over 1m windows for 120%', '42: a share is above 0% and at most 100%'],
    ['p99(page.load) < 4ms @40%', '22: a confidence is above 50% and below 100%'],
    ['p99(page.load) < 4ms after fault()', '28: say after which fault'],
    ['recover(p99(page.load) < 4ms) within 9s after fault("x") during 1m..2m', '58: expected @'],
    ['count(events.lost) == 0 during 1m..2m', '1: events.lost is of the run as a whole'],
  ])('E100: %s', (text, problem) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it.each([
    ['p99(page.load) < 0ms', 'impossible'],
    ['count(page.errors) < 0', 'impossible'],
    ['count(page.errors) >= 0', 'says nothing'],
    ['mean(server.utilization) > 100%', 'impossible'],
    ['mean(server.utilization) < 150%', 'says nothing'],
    ['mean(server.utilization) <= 100%', 'says nothing'],
    ['rate(page.errors) / rate(page.requests) >= 101%', 'impossible'],
    ['p99(page.load) == 4ms', '== is for counts'],
    ['count(events.lost) == 0.5', 'impossible'],
  ])('E103: %s is %s', (text, problem) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(problem)]);
  });

  it('E100: tells all of it at once, as one error of one line', () => {
    const text = 'p99(page.lod) / rat(page.load{pge="x"}) < 1';
    expect(problemsOf(text)).toHaveLength(3);
    try {
      parseObjective(text);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(EngineError);
      const { code, message, details } = error as EngineError<'OBJECTIVE_INVALID'>;
      expect(code).toBe('OBJECTIVE_INVALID');
      expect(details.problems.map(({ column }) => column)).toEqual([5, 17, 31]);
      expect(message).not.toContain('\n');
    }
  });

  it('E100: no text whatever ends in anything but an objective or its problems', () => {
    const piece = fc.oneof(
      fc.constantFrom('p99', '(', ')', 'page.load', '{', '}', '"', '<', '1ms', 'over', '..', '@'),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join(' ');
        const { objective, problems } = readObjective(text);
        expect(objective === undefined).toBe(problems.length > 0);
        for (const { column } of problems) {
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual(text.length + 1);
        }
      }),
      { seed: 101, numRuns: 300 },
    );
  });
});
