/** Advice in a world where every answer is known. */
import { describe, expect, it } from 'vitest';
import type { AdviceDocument } from '../../../src/experiment/advise/advice-document.ts';
import {
  asked,
  ERRORS,
  FRESHNESS,
  knownAdvice,
  knownScenario,
  usualAdvice,
} from './known-world.ts';

const PLACEBO = { 'services.movie.replicas': 3 };
const PLACEBO_ID = 'services.movie.replicas=3';
const TALENT = 'services.talent.replicas=2';
const WORKERS = 'clickstream.workers.count=2';

function rankedIds({ actions }: AdviceDocument): readonly string[] {
  return actions.filter(({ rank }) => rank !== null).map(({ id }) => id);
}

describe('planted causes', () => {
  it('M181, M182, M185: are what the diagnosis finds', async () => {
    const { objectives, findings } = await usualAdvice();
    expect(
      objectives.map(({ objective, verdict, binding }) => [
        objective,
        verdict.verdict,
        binding?.station,
      ]),
    ).toEqual([
      [ERRORS, 'fail', 'talent'],
      [FRESHNESS, 'fail', 'pipeline'],
    ]);
    const binding = findings.filter(({ role }) => role === 'binding');
    expect(binding.map(({ id }) => id)).toEqual([
      'station-saturated:talent',
      'workers-saturated:pipeline',
    ]);
    const slack = findings.filter(({ role }) => role === 'slack');
    expect(slack.map(({ subject }) => subject)).toEqual(['movie', 'production']);
  });

  it('M195: come first, the cheaper before the dearer, helpers before savings', async () => {
    const document = await usualAdvice();
    const groups = document.actions.flatMap(({ rank, group }) => (rank === null ? [] : [group]));
    expect(rankedIds(document).slice(0, 2).sort()).toEqual([WORKERS, TALENT].sort());
    const order = ['meets', 'improves', 'saves'];
    expect(groups).toEqual([...groups].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
    const cost = (id: string) =>
      document.actions
        .find((one) => one.id === id)
        ?.effects.find(({ metric }) => metric === 'cost per hour')?.difference.value ?? 0;
    const meets = document.actions.filter(({ group }) => group === 'meets').map(({ id }) => id);
    expect(meets.map(cost)).toEqual(meets.map(cost).sort((a, b) => a - b));
  });

  it('M196, M197: make a plan that meets everything and saves beside it', async () => {
    const { plan, verdict } = await usualAdvice();
    expect(verdict).toBe('met');
    expect(plan?.actions).toEqual(expect.arrayContaining([TALENT, WORKERS]));
    expect(plan?.actions.some((id) => id.startsWith('services.production.replicas='))).toBe(true);
    expect(plan?.before.map((one) => one.verdict)).toEqual(['fail', 'fail']);
    expect(plan?.after.map((one) => one.verdict)).toEqual(['pass', 'pass']);
    const settings = new Map(plan?.changes.map(({ path, to }) => [path, to]));
    expect(settings.get('services.talent.replicas')).toBe(2);
  });

  it('M193: effects are of replications that no screening has seen', async () => {
    const { replications, actions } = await usualAdvice();
    const { screen, confirm, plan } = replications;
    expect(confirm.from).toBe(screen.from + screen.count);
    expect(plan.from).toBe(confirm.from + confirm.count);
    for (const { screen: look, effects } of actions) {
      expect(effects.length > 0).toBe(look?.isPursued === true);
    }
  });
});

describe('a placebo', () => {
  it('M194: is never called better, whatever the seed', async () => {
    const verdicts: string[] = [];
    for (let seed = 1; seed <= 5; seed += 1) {
      const { actions } = await knownAdvice({ seed, asked: [PLACEBO], replications: 4 });
      const placebo = actions.find(({ id }) => id === PLACEBO_ID);
      expect(placebo).toMatchObject({ purpose: 'asked', finding: null, rank: null });
      expect(placebo?.effects.length).toBeGreaterThan(0);
      verdicts.push(placebo?.verdict ?? 'none');
    }
    expect(verdicts).toHaveLength(5);
    expect(verdicts.filter((one) => one === 'better' || one === 'mixed')).toEqual([]);
  });
});

describe('ends', () => {
  it('M198: a world that needs nothing is told so, and only savings are proposed', async () => {
    const { verdict, actions, objectives } = await knownAdvice({
      planted: { load: 0.4, events: 0.4 },
    });
    expect(verdict).toBe('needs nothing');
    expect(objectives.map(({ isMovable }) => isMovable)).toEqual([null, null]);
    expect(new Set(actions.map(({ purpose }) => purpose))).toEqual(new Set(['saving']));
  });

  it('M198: an objective that no action can move is named', async () => {
    const unmovable = 'rate(page.degraded) / rate(page.requests) < 10%';
    const scenario = knownScenario({ objectives: [ERRORS, unmovable] });
    const { verdict, objectives, plan } = await knownAdvice({ scenario });
    expect(verdict).toBe('improved');
    expect(objectives.map(({ isMovable }) => isMovable)).toEqual([true, false]);
    expect(plan?.reason).toContain(unmovable);
  });

  it('M198: nothing helps where nothing does', async () => {
    const unmovable = 'rate(page.degraded) / rate(page.requests) < 10%';
    const scenario = knownScenario({ objectives: [unmovable] });
    const { verdict, plan, reason } = await knownAdvice({ scenario });
    expect(verdict).toBe('nothing helps');
    expect(reason).toContain(unmovable);
    // Savings that keep what is missed as it is may still be taken.
    expect(plan?.verdict ?? 'none').not.toBe('met');
  });

  it('M199: wherever the budget ends there is a document with what was found', async () => {
    const whole = await usualAdvice();
    const { made } = whole.runs;
    for (const share of [0, 0.05, 0.1, 0.4, 0.7, 0.99]) {
      const maxRuns = Math.floor(share * made);
      const document = await knownAdvice({ planted: { maxRuns }, maxRuns });
      expect(document.verdict).toBe('budget');
      expect(document.plan).toBeNull();
      expect(JSON.stringify(document)).not.toMatch(/NaN|Infinity/);
    }
    expect((await knownAdvice({ planted: { maxRuns: made } })).verdict).toBe('met');
  });

  it('M199: the same question has the same answer', async () => {
    expect(JSON.stringify(await knownAdvice())).toBe(JSON.stringify(await usualAdvice()));
  });
});

describe('refusals', () => {
  const refused = async (of: Parameters<typeof knownAdvice>[0]) =>
    knownAdvice(of).then(
      () => 'no refusal',
      ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
    );

  it('M180: no objectives, or only warnings', async () => {
    const message = await refused({ scenario: knownScenario({ objectives: [] }) });
    expect(message).toMatch(
      /^SCENARIO_UNPLANNABLE: .*nothing to advise on: objectives: found none/,
    );
    const warn = knownScenario({ objectives: [{ objective: ERRORS, severity: 'warn' }] });
    expect(await refused({ scenario: warn })).toMatch(/say what must hold/);
  });

  it('M180: nobody comes', async () => {
    const rate = [{ at: 0, perSecond: 0 }];
    const scenario = knownScenario({
      traffic: { kind: 'open', rate, pages: { home: 1 } },
      audience: { viewers: 0 },
    });
    expect(await refused({ scenario })).toMatch(
      /SCENARIO_UNPLANNABLE: .*traffic: found no viewers/,
    );
  });

  it('M180: a subject that is not there, or one of several that is not named', async () => {
    expect(await refused({ subject: 'tonihgt' })).toMatch(/CLI_USAGE: .*did you mean "tonight"/);
    const scenario = knownScenario({ variants: [] });
    expect(await refused({ scenario })).toMatch(/name it with --architecture; there are monolith/);
    const { subject } = await knownAdvice({ scenario, subject: 'federated' });
    expect(subject.name).toBe('federated');
  });
});

it('M190: what is asked for is tried besides, once', async () => {
  const document = await knownAdvice({ asked: [asked(TALENT)] });
  const found = document.actions.filter(({ id }) => id === TALENT);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ purpose: 'asked', verdict: 'better' });
});
