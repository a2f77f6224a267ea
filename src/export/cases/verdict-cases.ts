/** Objectives, ledgers and laws as test cases. */
import type { ObjectiveVerdict } from '../../experiment/objectives/objective.ts';
import type { ArchitectureResult, LedgerLine } from '../../experiment/result.ts';
import { formatCount } from '../../report/numbers.ts';
import { formatObjectiveEstimate, formatObjectiveValue } from '../../report/objective-values.ts';
import { type CaseState, decided, type TestCase } from './test-case.ts';

/** One objective: only what is missed with severity `fail` fails. */
export function verdictCase(verdict: ObjectiveVerdict): TestCase {
  const { objective, subject, reason, replications, samples, replayCommand } = verdict;
  const state = stateOf(verdict);
  return {
    name: `${objective} · ${subject}`,
    state,
    message: state === 'passed' ? null : reason,
    facts: {
      value: formatObjectiveEstimate(verdict),
      limit: formatObjectiveValue(verdict.limit, verdict.unit),
      replications: String(replications),
      samples: String(samples),
      replay: replayCommand,
    },
  };
}

/** Both ledgers, as far as the document keeps them. */
export function ledgerCases(
  ledger: Readonly<Partial<Record<'requests' | 'events', LedgerLine>>>,
): readonly TestCase[] {
  return Object.entries(ledger).map(([name, { in: all, residual }]) =>
    decided(
      `ledger of ${name} balances`,
      residual === 0,
      `${formatCount(residual)} of ${formatCount(all)} ${name} cannot be accounted for`,
    ),
  );
}

const LAWS = {
  littlesLaw: "Little's law",
  utilizationLaw: 'the utilization law',
  flow: 'the balance of flow',
} as const;

/** Every law of every station. */
export function lawCases({ stations }: ArchitectureResult): readonly TestCase[] {
  return stations.flatMap((check) =>
    Object.entries(LAWS).map(([key, words]) => {
      const { holds, left, right } = check[key as keyof typeof LAWS];
      return decided(`${words} holds at ${check.station}`, holds, `${left} is not ${right}`);
    }),
  );
}

function stateOf({ verdict, severity }: ObjectiveVerdict): CaseState {
  if (verdict === 'pass') return 'passed';
  if (verdict === 'skipped') return 'skipped';
  if (verdict === 'inconclusive') return 'undecided';
  return severity === 'fail' ? 'failed' : 'warned';
}
