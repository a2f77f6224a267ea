/** The capability table as text: a sign for each target, and the reasons below. */
import { type CapabilityRow, PLAN_TARGETS, type PlanTarget } from '../capabilities.ts';

const SIGNS = { yes: '✓', emulated: '~', no: '✗' } as const;

/** One line a feature, then one a reason. @param targets - Which columns; default all. */
export function capabilityText(
  rows: readonly CapabilityRow[],
  targets: readonly PlanTarget[] = PLAN_TARGETS,
): string {
  const width = Math.max(...rows.map(({ feature }) => feature.length), 'feature'.length);
  const line = (name: string, cells: readonly string[]) => {
    const padded = cells.map((cell, n) => cell.padEnd((targets[n] ?? '').length));
    return `${name.padEnd(width)}  ${padded.join('  ')}`.trimEnd();
  };
  const lines = [line('feature', targets)];
  for (const { feature, targets: found } of rows) {
    lines.push(
      line(
        feature,
        targets.map((target) => SIGNS[found[target].support]),
      ),
    );
  }
  for (const target of targets) {
    const reasons = rows.flatMap(({ feature, targets: { [target]: capability } }) =>
      capability.support === 'yes'
        ? []
        : [`  ${SIGNS[capability.support]} ${feature}: ${capability.reason}`],
    );
    if (reasons.length > 0) lines.push('', `${target}:`, ...reasons);
  }
  return `${lines.join('\n')}\n`;
}
