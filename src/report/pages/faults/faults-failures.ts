/** What broke in a campaign: each invariant with its smallest trial and how to run it again. */

import type {
  FailureReport,
  FaultsReport,
  ViolationReport,
} from '../../../experiment/faults/faults-report.ts';
import { commandBlock } from '../../html/command-block.ts';
import { escapeHtml } from '../../html/escape.ts';
import type { Section } from '../../html/page-shell.ts';
import { renderTable } from '../../html/table.ts';
import { formatCount, NO_NUMBER } from '../../numbers.ts';

const US_PER_SECOND = 1e6;

/** `1 mark`, `2 marks`. */
export function countWords(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** How many smallest counterexamples hold a fault of each kind. */
export function kindsOf({ failures }: FaultsReport): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const failure of failures) {
    for (const kind of new Set(faultsOf(failure).map(kindOf))) {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  }
  return counts;
}

/** The section. */
export function failuresSection({ failures }: FaultsReport): Section {
  return {
    id: 'failures',
    heading: 'What broke',
    body: failures.map(failureHtml).join('\n'),
  };
}

/** Counterexamples that were kept; undefined without a corpus. */
export function corpusSection({ corpus }: FaultsReport): Section | undefined {
  if (corpus.length === 0) return undefined;
  const words = { holds: '✓ holds now', broken: '✗ STILL BREAKS', added: 'added' } as const;
  return {
    id: 'corpus',
    heading: 'Counterexamples that were kept',
    body: renderTable({
      caption: 'The corpus, which runs first',
      columns: ['File', 'Invariant', 'Verdict', 'What it breaks'],
      textColumns: [1, 2, 3],
      rows: corpus.map(({ file, invariant, verdict, violation }) => [
        file,
        invariant,
        words[verdict],
        violation === null ? NO_NUMBER : `${violation.invariant}: ${violation.message}`,
      ]),
    }),
  };
}

function failureHtml(failure: FailureReport): string {
  const { invariant, trials, first, smallest } = failure;
  const head = `<h3 class="apart">${escapeHtml(invariant)}</h3>
<p>Broken in ${escapeHtml(countWords(trials, 'trial'))}, first by seed ${formatCount(first.seed)}:
${escapeHtml(first.message)}</p>`;
  if (smallest === null) return `${head}\n<p class="note">It was not shrunk.</p>`;
  const { size, tries, isMinimal, token, trial, violation } = smallest;
  const faults = faultsOf(failure);
  const table = renderTable({
    caption: `${invariant}: the smallest trial that breaks it`,
    columns: ['', 'Value'],
    textColumns: [1],
    rows: [
      ['Breaks', `${violation.message} (${placeOf(violation)})`],
      ['Architecture', trial.architecture],
      ['Size', `${countWords(size.commands, 'command')}, ${countWords(size.faults, 'fault')}`],
      ['Shrunk by', `${countWords(tries, 'trial')}; ${endOf(isMinimal)}`],
      ...faults.map((fault, n) => [`Fault ${n + 1}`, faultWords(fault)]),
    ],
  });
  return `${head}
${table}
<p>Again; with <code>--bisect</code> it says after which event ending all faults no longer
helps:</p>
${commandBlock(`npx backlot faults --replay ${token}`)}`;
}

function endOf(isMinimal: boolean): string {
  return isMinimal ? 'nothing smaller fails' : 'the budget of shrinking ended there';
}

function placeOf({ atUs, event }: ViolationReport): string {
  return `after ${atUs / US_PER_SECOND} s, event ${formatCount(event)}`;
}

function faultsOf({ smallest }: FailureReport): readonly unknown[] {
  return smallest?.trial.scenario.faults ?? [];
}

function kindOf(fault: unknown): string {
  return String((fault as { readonly kind?: unknown } | null)?.kind ?? '');
}

/** A fault as its fields, kind first. */
function faultWords(fault: unknown): string {
  const fields = Object.entries(fault as object).filter(([name]) => name !== 'kind');
  const words = fields.map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [kindOf(fault), ...words].join(', ');
}
