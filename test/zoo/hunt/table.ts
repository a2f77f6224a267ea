/** The zoo's table: bug, property that caught it, runs needed, size after shrinking. Spec: T123. */
import { type BugHunt, type Campaign, wasFound } from './campaign.ts';

/** Medians over the bugs that were found; NaN where none was. */
export interface Medians {
  readonly runs: number;
  readonly commands: number;
  readonly faults: number;
}

/** The medians of a campaign. */
export function mediansOf(bugs: readonly BugHunt[]): Medians {
  const found = bugs.filter(wasFound);
  return {
    runs: median(found.map((one) => one.hunt.runs)),
    commands: median(found.map((one) => one.hunt.size?.commands ?? 0)),
    faults: median(found.map((one) => one.hunt.size?.faults ?? 0)),
  };
}

/** Whether everything was as it must be: all properties hold on the healthy product, over all the
 * runs that were wanted, and every bug was found. */
export function isClean({ healthy, bugs }: Campaign): boolean {
  return healthy.every((one) => !one.failed && one.runs >= one.wanted) && bugs.every(wasFound);
}

/** The table as text. */
export function tableOf(campaign: Campaign): string {
  const { healthy, bugs } = campaign;
  const rows = bugs.map((one) => {
    const { bug, hunt } = one;
    const size = wasFound(one) ? `${hunt.size?.commands} / ${hunt.size?.faults}` : 'NOT FOUND';
    return [bug.name, bug.property, `${hunt.runs} of ${bug.withinRuns}`, size];
  });
  const head = ['bug', 'caught by', 'runs', 'commands / faults'];
  const { runs, commands, faults } = mediansOf(bugs);
  const held = healthy.filter((one) => !one.failed && one.runs >= one.wanted);
  const draws = held.reduce((sum, one) => sum + one.runs, 0);
  return [
    ...columns([head, ...rows]),
    '',
    `${bugs.filter(wasFound).length} of ${bugs.length} bugs found; medians: ${runs} runs, ` +
      `${commands} commands, ${faults} faults`,
    `${held.length} of ${healthy.length} properties hold on the healthy product (${draws} runs)`,
    ...complaints(campaign),
    '',
  ].join('\n');
}

function complaints({ healthy, bugs }: Campaign): string[] {
  const broken = healthy
    .filter((one) => one.failed || one.runs < one.wanted)
    .map((one) => `healthy ${one.name}: ${one.error ?? `only ${one.runs} of ${one.wanted} runs`}`);
  const missed = bugs
    .filter((one) => !wasFound(one))
    .map(({ bug, hunt }) => `${bug.name}: ${hunt.error ?? 'nothing was found'}`);
  return [...broken, ...missed];
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}
