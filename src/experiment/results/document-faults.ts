/** The faults of a run's document: those of all its variants, each once. */
import { US_PER_MINUTE } from '../../kernel/time.ts';
import { isCatalogued } from '../faults/plan/fault-schema.ts';
import type { RunDocument } from '../result.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Variant } from '../scenario/variants.ts';

type DocumentFault = RunDocument['faults'][number];

/** Faults in the order of the variants that have them first; with the names of these variants where
 * not all have them. Spec: E330. */
export function documentFaults(variants: readonly Variant[]): readonly DocumentFault[] {
  const found = new Map<string, { readonly fault: DocumentFault; readonly names: string[] }>();
  for (const { name, scenario } of variants) {
    for (const fault of scenario.faults) {
      const key = JSON.stringify(fault);
      const known = found.get(key) ?? { fault: shown(fault), names: [] };
      if (known.names.at(-1) !== name) known.names.push(name);
      found.set(key, known);
    }
  }
  return [...found.values()].map(({ fault, names }) =>
    names.length === variants.length ? fault : { ...fault, variants: names },
  );
}

/** One that comes again and again is shown as long as it may begin. */
function shown(fault: Scenario['faults'][number]): DocumentFault {
  const endUs = isCatalogued(fault) && fault.rate !== undefined ? fault.rate.until : fault.at;
  return {
    kind: fault.kind,
    target: fault.kind === 'zone.loss' ? `zone ${fault.zone}` : (fault.target ?? 'all'),
    fromMinute: fault.at / US_PER_MINUTE,
    toMinute: (endUs + fault.for) / US_PER_MINUTE,
  };
}
