/** Ledgers and station laws of a result, checked from their terms and not from what it says. */
import type { ArchitectureResult, LedgerLine } from '../../result.ts';

/** One thing that must balance. */
export interface BalanceCheck {
  /** `recorded` in the document, or `found` when it was run again. */
  readonly where: 'recorded' | 'found';
  /** Architecture or variant; `all` for the sums. */
  readonly name: string;
  /** Like `requests ledger`, or `Little's law at movie`. */
  readonly what: string;
  readonly left: number;
  readonly right: number;
  readonly holds: boolean;
}

/** What has ledgers and stations. */
type Balanced = Pick<ArchitectureResult, 'name' | 'ledger' | 'stations'>;

/** Checks all of them. @param sums - The document's own ledger, where there is one. */
export function checkBalances(
  where: BalanceCheck['where'],
  results: readonly Balanced[],
  sums: ArchitectureResult['ledger'] | undefined,
): readonly BalanceCheck[] {
  return [
    ...results.flatMap(({ name, ledger, stations }) => [
      ...ledgerChecks(where, name, ledger),
      ...stations.flatMap((station) =>
        (
          [
            ["Little's law", station.littlesLaw],
            ['utilization law', station.utilizationLaw],
            ['flow', station.flow],
          ] as const
        ).map(([law, { left, right, holds }]) => ({
          where,
          name,
          what: `${law} at ${station.station}`,
          left,
          right,
          holds,
        })),
      ),
    ]),
    ...(sums === undefined ? [] : ledgerChecks(where, 'all', sums)),
  ];
}

function ledgerChecks(
  where: BalanceCheck['where'],
  name: string,
  ledger: ArchitectureResult['ledger'],
): readonly BalanceCheck[] {
  return (['requests', 'events'] as const).map((which) => {
    const line: LedgerLine = ledger[which];
    const dropped = Object.values(line.droppedByReason).reduce((sum, count) => sum + count, 0);
    const right = line.out + line.inFlight + dropped;
    const holds = line.in === right && line.dropped === dropped && line.residual === 0;
    return { where, name, what: `${which} ledger`, left: line.in, right, holds };
  });
}
