/** Laws and ledgers of samples: what does not hold is a bug of ours, and said in words. */
import type { RunSample } from '../campaign/run-sample.ts';
import { type BrokenLaw, brokenLaws } from '../stations/station-check.ts';

const LAWS: Readonly<Record<BrokenLaw['law'], (left: number, right: number) => string>> = {
  littlesLaw: (left, right) => `L = ${left}, λ·W = ${right}`,
  utilizationLaw: (left, right) => `ρ = ${left}, λ·E[S]/c = ${right}`,
  flow: (left, right) => `jobs given = ${left}, done, dropped or inside = ${right}`,
};

/** What does not hold in these samples, in their order; empty if all is well. Spec: E163. */
export function brokenInWords(samples: readonly RunSample[]): readonly string[] {
  return samples.flatMap((sample) => {
    const where = `${sample.name}, replication ${sample.replication}`;
    const ledgers = Object.entries(sample.ledger).flatMap(([what, { residual }]) =>
      residual === 0 ? [] : [`${where}: the ledger of ${what} has a residual of ${residual}`],
    );
    const laws = brokenLaws(sample).map(
      ({ station, law, left, right }) => `${where}: ${station}: ${LAWS[law](left, right)}`,
    );
    return [...ledgers, ...laws];
  });
}
