/** Conditions on labels. */
import type { LabelName } from '../metrics/metric-registry.ts';
import type { LabelMatch } from '../objective.ts';

/** Whether labels are as asked; a regular expression matches the whole of a label. */
export function matches(
  labels: readonly LabelMatch[],
  values: Readonly<Partial<Record<LabelName, string>>>,
): boolean {
  return labels.every(({ label, operator, value }) => {
    const found = values[label as LabelName] ?? '';
    if (operator === '=') return found === value;
    return operator === '!=' ? found !== value : new RegExp(`^(?:${value})$`).test(found);
  });
}
