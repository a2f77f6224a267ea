/** Every document as suites of test cases. Those without a case are left out. Spec: X30. */
import type { AdviceDocument } from '../../experiment/advise/advice-document.ts';
import type {
  LoadDocument,
  LoadVerdict,
} from '../../experiment/capacity/documents/load-document.ts';
import type { PlanDocument } from '../../experiment/capacity/documents/plan-document.ts';
import type { CheckDocument } from '../../experiment/check/check-document.ts';
import type { FaultsReport } from '../../experiment/faults/faults-report.ts';
import type { CompareDocument, RunDocument } from '../../experiment/result.ts';
import type { SweepDocument } from '../../experiment/sweep/sweep-document.ts';
import { formatEstimate } from '../../report/numbers.ts';
import type { ExportableDocument } from '../export-format.ts';
import { type CaseState, type CaseSuite, decided, type TestCase } from './test-case.ts';
import { lawCases, ledgerCases, verdictCase } from './verdict-cases.ts';

/** The suites of a document, in a fixed order. */
export function suitesOf(document: ExportableDocument): readonly CaseSuite[] {
  return allSuites(document).filter(({ cases }) => cases.length > 0);
}

function allSuites(document: ExportableDocument): readonly CaseSuite[] {
  switch (document.schema) {
    case 'backlot.run/1':
      return runSuites(document);
    case 'backlot.compare/1':
      return compareSuites(document);
    case 'backlot.plan/1':
      return planSuites(document);
    case 'backlot.load/1':
      return [{ name: 'maxima', cases: document.loads.map(loadCase) }];
    case 'backlot.sweep/1':
      return sweepSuites(document);
    case 'backlot.advice/1':
      return adviceSuites(document);
    case 'backlot.check/1':
      return [{ name: 'findings', cases: findingCases(document) }];
    case 'backlot.faults/1':
      return campaignSuites(document);
    default:
      return [{ name: 'ledger', cases: ledgerCases(document.ledger) }];
  }
}

function runSuites({ verdicts, ledger, architectures }: RunDocument): readonly CaseSuite[] {
  return [
    { name: 'objectives', cases: verdicts.map(verdictCase) },
    { name: 'ledgers', cases: ledgerCases(ledger) },
    ...architectures.flatMap((one) => [
      { name: `${one.name}: ledgers`, cases: ledgerCases(one.ledger) },
      { name: `${one.name}: laws`, cases: lawCases(one) },
    ]),
  ];
}

function compareSuites(document: CompareDocument): readonly CaseSuite[] {
  const { verdicts, ledger, broken, baseline } = document;
  const lines = baseline?.lines ?? [];
  return [
    { name: 'objectives', cases: verdicts.map(verdictCase) },
    { name: 'ledgers', cases: ledgerCases(ledger) },
    {
      name: 'laws',
      cases:
        broken.length === 0
          ? [decided('all laws hold in all replications', true, '')]
          : broken.map((words) => decided(words, false, words)),
    },
    {
      name: 'baseline',
      cases: lines.map(({ subject, metric, verdict, difference }) => ({
        name: `${metric} · ${subject}`,
        state: verdict === 'regression' ? 'failed' : verdict === 'unknown' ? 'undecided' : 'passed',
        message: verdict === 'no regression shown' ? null : verdict,
        facts: { difference: formatEstimate(difference, true) },
      })),
    },
  ];
}

function planSuites({ plans }: PlanDocument): readonly CaseSuite[] {
  const states = { met: 'passed', impossible: 'failed' } as const;
  return [
    {
      name: 'plans',
      cases: plans.map(({ name, verdict, reason }) => ({
        name: `a fleet meets the objectives · ${name}`,
        state: verdict === 'met' || verdict === 'impossible' ? states[verdict] : 'undecided',
        message: verdict === 'met' ? null : reason,
        facts: { verdict },
      })),
    },
    ...plans.map(({ name, verdicts }) => ({
      name: `${name}: objectives`,
      cases: verdicts.map(verdictCase),
    })),
  ];
}

const LOAD_STATES: Readonly<Record<LoadVerdict, CaseState>> = {
  found: 'passed',
  'never-saturated': 'passed',
  saturated: 'failed',
  inconclusive: 'undecided',
  budget: 'undecided',
  interrupted: 'undecided',
};

function loadCase({ name, verdict, reason }: LoadDocument['loads'][number]): TestCase {
  const state = LOAD_STATES[verdict];
  return {
    name: `the objectives hold at some traffic · ${name}`,
    state,
    message: state === 'passed' ? null : reason,
    facts: { verdict },
  };
}

function sweepSuites({ subjects, ledger }: SweepDocument): readonly CaseSuite[] {
  return [
    { name: 'ledgers', cases: ledgerCases(ledger) },
    ...subjects.flatMap(({ points }) =>
      points.map(({ name, verdicts }) => ({
        name: `${name}: objectives`,
        cases: verdicts.map(verdictCase),
      })),
    ),
  ];
}

/** With the plan where there is one, else as it is. */
function adviceSuites({ plan, objectives }: AdviceDocument): readonly CaseSuite[] {
  const verdicts = plan?.after ?? objectives.map(({ verdict }) => verdict);
  const name = plan === null ? 'objectives' : 'objectives with the plan';
  return [{ name, cases: verdicts.map(verdictCase) }];
}

function findingCases({ findings }: CheckDocument): readonly TestCase[] {
  if (findings.length === 0) return [decided('the scenario has no mistake', true, '')];
  return findings.map(({ severity, code, subject, path, found, rule }) => ({
    name: [code, path, ...(subject === null ? [] : [subject])].join(' · '),
    state: severity === 'error' ? 'failed' : 'warned',
    message: rule,
    facts: { found },
  }));
}

const INVARIANT_STATES: Readonly<Record<FaultsReport['invariants'][number]['verdict'], CaseState>> =
  { held: 'passed', hit: 'passed', broken: 'failed', vacuous: 'skipped', missed: 'undecided' };

function campaignSuites(document: FaultsReport): readonly CaseSuite[] {
  const { invariants, failures, corpus } = document;
  return [
    {
      name: 'invariants',
      cases: invariants.map(({ name, verdict, claim, exercised }) => {
        const failure = failures.find(({ invariant }) => invariant === name);
        const token = failure?.smallest?.token;
        const state = INVARIANT_STATES[verdict];
        return {
          name,
          state,
          message: state === 'passed' ? null : (failure?.first.message ?? `it was ${verdict}`),
          facts: {
            claim,
            exercised: String(exercised),
            ...(token === undefined ? {} : { replay: `npx backlot faults --replay ${token}` }),
          },
        };
      }),
    },
    {
      name: 'corpus',
      cases: corpus.map(({ file, invariant, verdict, violation }) => ({
        name: `${invariant} · ${file}`,
        state: verdict === 'broken' ? 'failed' : verdict === 'added' ? 'skipped' : 'passed',
        message: verdict === 'holds' ? null : (violation?.message ?? verdict),
        facts: {},
      })),
    },
  ];
}
