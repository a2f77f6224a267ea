/** When a fault of a plan begins: once, or at a rate. Spec: E402. */
import type { Chance } from '../../../kernel/chance.ts';
import { US_PER_HOUR } from '../../../kernel/time.ts';
import { FAULT_KINDS } from '../catalogue/fault-kinds.ts';
import type { CataloguedFault } from '../plan/fault-schema.ts';

/** One time that a fault happens. */
export interface Occurrence {
  readonly atUs: number;
  readonly forUs: number;
}

/** All times that a fault happens, ascending. One that cannot strike has none. */
export function occurrencesOf(fault: CataloguedFault, chance: Chance): readonly Occurrence[] {
  const { kind, target, at, rate, probability } = fault;
  const forUs = fault.for;
  if (probability === 0) return [];
  const draws = chance.draws(`fault.occurrence.${kind}/${target ?? ''}/${at}`);
  const happens = (n: number) =>
    FAULT_KINDS[kind].scope === 'opportunity' || draws.uniform(1, n) < probability;
  if (rate === undefined) return happens(0) ? [{ atUs: at, forUs }] : [];
  if (rate.perHour === 0) return [];
  const meanGapUs = US_PER_HOUR / rate.perHour;
  const found: Occurrence[] = [];
  let atUs = at;
  for (let n = 0; ; n += 1) {
    atUs += Math.max(1, Math.round(-Math.log(draws.uniform(0, n)) * meanGapUs));
    if (atUs >= rate.until) return found;
    if (happens(n)) found.push({ atUs, forUs });
  }
}
