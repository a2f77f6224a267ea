/** Plans from documents: what is refused, with its path and remedy, and that nothing is lost. */
import { readdirSync } from 'node:fs';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { EngineError, type ScenarioProblem } from '../../../src/kernel/errors.ts';
import { columnsByStep } from '../../../src/streams/plan/check/plan-rules.ts';
import { parsePlan, planJsonSchema } from '../../../src/streams/plan/parse-plan.ts';
import type { PipelinePlan } from '../../../src/streams/plan/plan.ts';
import { randomPlans } from './random-plans.ts';

const PIPELINES = new URL('../../../pipelines/', import.meta.url);

/** A plan's document with changes by path, like `steps.0.where`. */
function changed(plan: PipelinePlan, changes: Readonly<Record<string, unknown>>): unknown {
  const copy = structuredClone(plan) as unknown as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const parts = path.split('.');
    const last = parts.pop() ?? '';
    let at = copy;
    for (const part of parts) at = at[part] as Record<string, unknown>;
    at[last] = value;
  }
  return copy;
}

function problemsOf(json: unknown): readonly ScenarioProblem[] {
  try {
    parsePlan(json);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'PLAN_INVALID') {
      return (error as EngineError<'PLAN_INVALID'>).details.problems;
    }
    throw error;
  }
  return [];
}

const BASE = parsePlan({
  schema: 'backlot.pipeline/1',
  name: 'base',
  source: {
    name: 'events',
    columns: {
      title_id: { type: 'string' },
      watched_ms: { type: 'integer' },
      at: { type: 'timestamp' },
    },
    time: 'at',
    watermark: { kind: 'bounded', boundUs: 5 },
  },
  steps: [
    {
      kind: 'filter',
      where: {
        kind: 'operator',
        operator: 'eq',
        args: [
          { kind: 'column', name: 'title_id' },
          { kind: 'literal', value: 't1' },
        ],
      },
    },
    {
      kind: 'window',
      window: { assign: { kind: 'hopping', sizeUs: 10, slideUs: 5 } },
      keys: { title_id: { kind: 'column', name: 'title_id' } },
      aggregates: { ms: { kind: 'sum', of: { kind: 'column', name: 'watched_ms' } } },
    },
  ],
  sink: { name: 'out', mode: 'upsert', key: ['title_id', 'window_start'] },
});

describe('parsePlan (W32)', () => {
  test.prop([randomPlans], { seed: 32, numRuns: 200 })(
    'a plan survives JSON, unchanged',
    (plan) => {
      expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
    },
  );

  it('reads every plan of the project', async () => {
    const names = readdirSync(PIPELINES);
    expect(names.length).toBeGreaterThanOrEqual(4);
    for (const name of names) {
      const { plan } = await import(new URL(name, PIPELINES).href);
      expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
      expect(plan.name).toBe(name.replace('.ts', ''));
    }
  });

  it('knows the columns of every step', () => {
    expect(columnsByStep(BASE).at(-1)).toEqual({
      title_id: 'string',
      ms: 'integer',
      window_start: 'timestamp',
      window_end: 'timestamp',
    });
    const late = parsePlan(changed(BASE, { 'steps.1.window.allowedLatenessUs': 3 }));
    expect(columnsByStep(late).at(-1)).toMatchObject({
      pane_timing: 'string',
      pane_index: 'integer',
    });
  });

  const shape: readonly (readonly [string, unknown, string, RegExp])[] = [
    ['schema', 'backlot.pipeline/2', 'schema', /backlot\.pipeline\/1/],
    ['steps.0.kind', 'sort', 'steps[0].kind', /Invalid/],
    ['steps.1.window.assign.sizeUs', 0, 'steps[1].window.assign.sizeUs', />0/],
    ['steps.1.window.assign.slideUs', 2.5, 'steps[1].window.assign.slideUs', /int/],
    [
      'steps.1.window.trigger',
      { early: { kind: 'count', count: 0 } },
      'steps[1].window.trigger.early.count',
      />0/,
    ],
    ['source.columns.bad name', { type: 'string' }, 'source.columns.bad name', /Invalid/],
    ['source.columns.at.path', 'a..b', 'source.columns.at.path', /names joined by dots/],
    ['extra', 1, 'plan', /Unrecognized key.*extra/],
    [
      'steps.1.aggregates.ms',
      { kind: 'quantile', q: 2, accuracy: 0.01, of: { kind: 'column', name: 'watched_ms' } },
      'steps[1].aggregates.ms.q',
      /<=1/,
    ],
  ];
  it.each(shape)('refuses %s = %j', (...[path, value, at, rule]) => {
    const found = problemsOf(changed(BASE, { [path]: value }));
    expect(found.map((one) => one.path)).toContain(at);
    expect(found.find((one) => one.path === at)?.rule).toMatch(rule);
  });

  const column = (name: string) => ({ kind: 'column', name });
  const meaning: readonly (readonly [string, unknown, string, RegExp])[] = [
    ['source.time', 'att', 'source.time', /did you mean at\?/],
    ['source.time', 'title_id', 'source.time', /must be timestamp or integer/],
    [
      'source.watermark',
      { kind: 'punctuated', column: 'x' },
      'source.watermark.column',
      /no such column/,
    ],
    ['steps.0.where', column('title_id'), 'steps[0].where', /must be boolean/],
    [
      'steps.0.where.args.0',
      column('titel_id'),
      'steps[0].where.args[0].name',
      /did you mean title_id\?/,
    ],
    ['steps.0.where.args.1', { kind: 'literal', value: 1 }, 'steps[0].where', /of one type/],
    ['steps.0.where.operator', 'not', 'steps[0].where.args', /`not` takes 1 arguments/],
    [
      'steps.1.aggregates.ms.of',
      column('title_id'),
      'steps[1].aggregates.ms.of',
      /must be integer or double/,
    ],
    ['steps.1.aggregates', {}, 'steps[1].aggregates', /at least one aggregate/],
    [
      'steps.1.aggregates.title_id',
      { kind: 'count' },
      'steps[1].aggregates.title_id',
      /a key has this name/,
    ],
    [
      'steps.1.keys.window_end',
      column('title_id'),
      'steps[1]',
      /windows add a column of this name/,
    ],
    [
      'steps.1.window.assign',
      { kind: 'cumulate', stepUs: 3, maxSizeUs: 10 },
      'steps[1].window.assign.maxSizeUs',
      /multiple of the step/,
    ],
    [
      'steps.1.window.assign',
      { kind: 'hopping', sizeUs: 1e9, slideUs: 1 },
      'steps[1].window.assign.slideUs',
      /10000 at most/,
    ],
    [
      'steps.1.window',
      { assign: { kind: 'global' }, trigger: { onTime: false } },
      'steps[1].window.trigger',
      /would never fire/,
    ],
    [
      'steps.1.window.assign',
      { kind: 'session', gapUs: column('title_id') },
      'steps[1].window.assign.gapUs',
      /must be integer or double/,
    ],
    [
      'steps.1.top',
      { limit: 3, by: [{ column: 'mss', direction: 'asc' }] },
      'steps[1].top.by[0].column',
      /did you mean ms\?/,
    ],
    ['steps.1.lateOutput', 'out', 'steps[1].lateOutput', /the sink has this name/],
    ['sink.key', ['pane_index'], 'sink.key[0]', /no such column/],
    ['sink.key', [], 'sink.key', /an upsert needs a key/],
  ];
  it.each(meaning)('refuses %s = %j, with the remedy', (...[path, value, at, rule]) => {
    const found = problemsOf(changed(BASE, { [path]: value }));
    expect(found.map((one) => one.path)).toContain(at);
    expect(found.find((one) => one.path === at)?.rule).toMatch(rule);
  });

  it('tells all problems at once, sorted, in one line', () => {
    const json = changed(BASE, { 'source.time': 'x', 'steps.1.aggregates': {}, 'sink.key': ['y'] });
    expect(problemsOf(json).map(({ path }) => path)).toEqual([
      'sink.key[0]',
      'source.time',
      'steps[1].aggregates',
    ]);
    expect(() => parsePlan(json)).toThrow(/^PLAN_INVALID: plan "base": [^\n]+$/);
  });

  it('refuses joins and lookups that do not fit', () => {
    const lookup = {
      kind: 'lookup-join',
      table: 'titels',
      on: column('at'),
      take: {},
      missing: 'drop',
    };
    const tables = { titles: { key: 'string', columns: { kind: 'string' } } };
    const unknown = problemsOf(changed(BASE, { tables, 'steps.0': lookup }));
    expect(unknown).toMatchObject([{ path: 'steps[0].table', rule: /did you mean titles\?/ }]);
    const known = { ...lookup, table: 'titles', take: { at: 'kind', k: 'kinds' } };
    expect(problemsOf(changed(BASE, { tables, 'steps.0': known }))).toMatchObject([
      { path: 'steps[0].on', rule: 'both keys must be of one type' },
      { path: 'steps[0].take.at', rule: /the row has such a column/ },
      { path: 'steps[0].take.k', rule: /did you mean kind\?/ },
    ]);
    const join = {
      kind: 'interval-join',
      right: BASE.source,
      leftKey: column('title_id'),
      rightKey: column('at'),
      lowerUs: 2,
      upperUs: 1,
      take: {},
    };
    expect(problemsOf(changed(BASE, { 'steps.0': join }))).toMatchObject([
      { path: 'steps[0].lowerUs', rule: /at most upperUs/ },
      { path: 'steps[0].right.name', rule: /another source has this name/ },
      { path: 'steps[0].rightKey', rule: 'both keys must be of one type' },
    ]);
  });

  it('lets only steps without event time follow a global window', () => {
    const window = { ...BASE.steps[1], window: { assign: { kind: 'global' } } };
    const steps = [window, BASE.steps[0], { kind: 'dedupe', by: [column('ms')], ttlUs: 1 }];
    const found = problemsOf(changed(BASE, { steps }));
    expect(found).toMatchObject([{ path: 'steps[2]', rule: /no event time/ }]);
  });

  test.prop([fc.jsonValue({ maxDepth: 6 })], { seed: 33, numRuns: 200 })(
    'refuses any other document in words',
    (json) => {
      expect(problemsOf(json).length).toBeGreaterThan(0);
    },
  );

  it('refuses depth before it walks', () => {
    let where: unknown = column('title_id');
    for (let n = 0; n < 100_000; n += 1)
      where = { kind: 'operator', operator: 'not', args: [where] };
    expect(problemsOf(changed(BASE, { 'steps.0.where': where }))).toMatchObject([
      { rule: 'must be at most 100 levels deep' },
    ]);
  });

  it('has a JSON Schema', () => {
    const schema = planJsonSchema();
    expect(schema['$schema']).toContain('2020-12');
    expect(JSON.stringify(schema)).toContain('approx_count_distinct');
  });
});
