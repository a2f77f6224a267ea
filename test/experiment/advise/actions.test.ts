/** What findings lead to: every action is a valid scenario, differs from what is, and says why. */
import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../src/experiment/advise/actions/action-draft.ts';
import { proposeActions } from '../../../src/experiment/advise/actions/propose.ts';
import type { AdviceFinding, FindingKind } from '../../../src/experiment/advise/advice-document.ts';
import { askedSettings } from '../../../src/experiment/advise/asked-settings.ts';
import { changedScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import type { Scenario } from '../../../src/experiment/scenario/schema.ts';
import type { ArchitectureName } from '../../../src/gateway/architecture.ts';
import { knownScenario } from './known-world.ts';

const SLACK: readonly FindingKind[] = ['station-slack', 'workers-slack'];

function finding(kind: FindingKind, subject: string): AdviceFinding {
  const isSlack = SLACK.includes(kind);
  return {
    id: `${kind}:${subject}`,
    kind,
    subject,
    role: isSlack ? 'slack' : 'binding',
    objectives: isSlack ? [] : ['x'],
    text: `${subject} is in the way`,
    numbers: { peakUtilization: isSlack ? 0.1 : 1, mostReplicas: 3, meanBatchEvents: 1 },
  };
}

/** A scenario with everything that a rule may change. */
const EVERYTHING = changedTo({
  'services.talent.limit': { algorithm: { kind: 'fixed', limit: 4 } },
  'services.talent.shedding': { kind: 'codel' },
  'services.talent.cache': {},
  'services.talent.database': {},
  'services.production.autoscaler': { hpa: { minReplicas: 2, maxReplicas: 6 } },
  'clickstream.workers.count': 2,
});

function changedTo(set: Readonly<Record<string, unknown>>): Scenario {
  const changed = changedScenario(knownScenario(), set);
  if ('problems' in changed) throw new Error(JSON.stringify(changed.problems));
  return changed.scenario;
}

/** Every kind, with a subject of {@link EVERYTHING} that it can be of. */
const SUBJECTS: Readonly<Record<FindingKind, string>> = {
  'station-saturated': 'talent',
  'station-slack': 'movie',
  'database-saturated': 'talent database',
  'calls-turned-away': 'talent',
  'retries-amplify': 'gateway→talent',
  'calls-time-out': 'gateway→talent',
  'calls-have-a-tail': 'pages',
  'pages-fail': 'pages',
  'cache-misses': 'talent',
  'cache-absent': 'movie',
  'autoscaler-lags': 'production',
  'autoscaler-at-its-end': 'production',
  'workers-saturated': 'pipeline',
  'workers-slack': 'pipeline',
  'partitions-skewed': 'pipeline',
  'pipeline-delays': 'pipeline',
  'events-late': 'pipeline',
};
const KINDS = Object.keys(SUBJECTS) as FindingKind[];

function proposed(
  findings: readonly AdviceFinding[],
  scenario = EVERYTHING,
  architecture: ArchitectureName = 'aggregation',
) {
  return proposeActions({ scenario, architecture }, findings);
}

describe('rules', () => {
  it.each(KINDS)('M186: %s leads to valid changes that name it', (kind) => {
    const found = finding(kind, SUBJECTS[kind]);
    const actions = proposed([found]);
    expect(actions.length).toBeGreaterThan(0);
    for (const { changes, finding: named, reason, purpose, id } of actions) {
      expect(named).toBe(found.id);
      expect(reason).toContain(found.text);
      expect(purpose).toBe(SLACK.includes(kind) ? 'saving' : 'help');
      expect(changes.length, id).toBeGreaterThan(0);
      for (const { from, to } of changes) expect(from).not.toEqual(to);
      expect(changedScenario(EVERYTHING, settingsOf(changes)), id).toHaveProperty('scenario');
    }
    expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
  });

  it('M187: an autoscaled station gets no fixed number of replicas', () => {
    const actions = proposed([finding('station-saturated', 'production')]);
    const paths = actions.flatMap(({ changes }) => changes.map(({ path }) => path));
    expect(paths.filter((path) => path.endsWith('.replicas'))).toEqual([]);
  });

  it('M187: nothing is proposed below one machine, or for what is not there', () => {
    const scenario = knownScenario();
    expect(proposed([finding('station-slack', 'talent')], scenario)).toEqual([]);
    expect(proposed([finding('cache-misses', 'movie')], scenario)).toEqual([]);
    expect(proposed([finding('autoscaler-lags', 'movie')], scenario)).toEqual([]);
    expect(proposed([finding('database-saturated', 'movie database')], scenario)).toEqual([]);
    expect(proposed([finding('cache-absent', 'gateway')], scenario)).toEqual([]);
    expect(proposed([finding('station-saturated', 'nobody')], scenario)).toEqual([]);
  });

  it('M188: a policy is changed where it stands', () => {
    const pathsFor = (scenario: Scenario) =>
      proposed([finding('retries-amplify', 'gateway→talent')], scenario).flatMap(({ changes }) =>
        changes.map(({ path }) => path),
      );
    const plain = pathsFor(knownScenario());
    expect(plain).toContain('requests.retry.maxAttempts');
    // A budget needs the policy in full, with the retries that it had in short.
    expect(plain).toContain('requests.calls');
    const shared = pathsFor(changedTo({ 'requests.calls': {} }));
    expect(shared).toContain('requests.calls.budget');
    const own = pathsFor(changedTo({ 'services.talent.calledWith': {} }));
    expect(own).toContain('services.talent.calledWith.retry.maxAttempts');
    expect(own.every((path) => path.startsWith('services.talent.calledWith'))).toBe(true);
  });

  it('M188: nobody hedges calls in a monolith', () => {
    const tail = finding('calls-have-a-tail', 'pages');
    expect(proposed([tail], knownScenario(), 'monolith')).toEqual([]);
    expect(proposed([tail], knownScenario())).toHaveLength(1);
  });

  it('M189: more workers than partitions come with more partitions', () => {
    const scenario = changedTo({ 'clickstream.partitions': 1 });
    const actions = proposed([finding('workers-saturated', 'pipeline')], scenario);
    const [first] = actions;
    expect(first?.changes).toEqual([
      { path: 'clickstream.workers.count', from: 1, to: 2 },
      { path: 'clickstream.partitions', from: 1, to: 2 },
    ]);
  });
});

describe('changes that are asked for', () => {
  it('M190: are values as sweeps write them, or JSON', () => {
    const texts = [
      'services.movie.replicas=3',
      'requests.callTimeout=500ms',
      'services.movie.shedding={"kind":"codel"}',
    ];
    expect(askedSettings(knownScenario(), texts)).toEqual([
      { 'services.movie.replicas': 3 },
      { 'requests.callTimeout': 500_000 },
      { 'services.movie.shedding': { kind: 'codel' } },
    ]);
  });

  it.each([
    ['services.movie.replcas=3', /did you mean "services.movie.replicas"/],
    ['services.movie.replicas=0', /services.movie.replicas: found 0/],
    ['services.movie.replicas', /write path=value/],
    ['services.movie.shedding={"kind"', /services.movie.shedding/],
  ])('M190: %s is refused with the rule', (text, message) => {
    expect(() => askedSettings(knownScenario(), [text])).toThrow(message);
  });
});
