/** A campaign in words: what struck, what held, what was never tried, and what broke. */

import { counted, indented } from '../../testing/story/check-failure.ts';
import type {
  CorpusRow,
  FailureRow,
  FaultsDocument,
  KindRow,
} from '../../testing/swarm/campaign/faults-document.ts';

/** The diagrams of the smallest trials, by name of the invariant. */
export type Stories = ReadonlyMap<string, string>;

/** The text of a document. */
export function faultsText(document: FaultsDocument, stories: Stories = new Map()): string {
  const { kinds, invariants, failures, events, runs } = document;
  const of = document.scenario ?? 'the whole configuration';
  const marks = invariants.filter(({ modality }) => modality === 'sometimes');
  const missed = marks.filter(({ verdict }) => verdict === 'missed');
  const vacuous = invariants.filter(({ verdict }) => verdict === 'vacuous');
  const held = invariants.filter(({ verdict }) => verdict === 'held');
  return [
    `Faults on ${of}: ${runs} trials from seed ${document.seed}${commitOf(document)}`,
    `${events.total} events, ${events.median} in the median trial, ${events.max} at most`,
    ...STOPPED[document.stoppedBy],
    '',
    ...table(kinds.filter(({ trials }) => trials > 0)),
    ...notDrawn(kinds.filter(({ trials }) => trials === 0)),
    '',
    `${held.length} invariants held${listed(' · nothing to check: ', vacuous)}`,
    `${marks.length - missed.length} of ${marks.length} marks hit${listed(' · missed: ', missed)}`,
    ...document.corpus.flatMap(corpusLines),
    ...failures.flatMap((row) => failureLines(row, stories)),
    '',
    sum(document),
    `Again: ${document.replay}`,
    '',
  ].join('\n');
}

const STOPPED: Readonly<Record<FaultsDocument['stoppedBy'], readonly string[]>> = {
  runs: [],
  time: ['The time was up: how many trials hangs on it.'],
  interruption: ['It was interrupted: nothing was shrunk, and further trials were not run.'],
};

function notDrawn(kinds: readonly KindRow[]): readonly string[] {
  if (kinds.length === 0) return [];
  const families = [...new Set(kinds.map(({ family }) => family))];
  const counts = families.map(
    (family) => `${family} ${kinds.filter((one) => one.family === family).length}`,
  );
  return [`not drawn: ${kinds.length} kinds (${counts.join(', ')})`];
}

function sum({ failures, corpus }: FaultsDocument): string {
  const kept = corpus.filter(({ verdict }) => verdict === 'broken').length;
  const words = [
    ...(kept === 0 ? [] : [`${counted(kept, 'counterexample')} of the corpus still fail`]),
    ...(failures.length === 0 ? [] : [`${counted(failures.length, 'invariant')} broken`]),
  ];
  return words.length === 0 ? 'Nothing was broken.' : `${words.join(', ')}.`;
}

function corpusLines({ file, invariant, verdict, violation }: CorpusRow): readonly string[] {
  if (verdict === 'added') return [`corpus: added ${file}`];
  if (violation === null) return [`corpus: ${file} holds ${invariant} now`];
  const again = `  again: npx backlot faults --replay ${file}`;
  return [`corpus: ${file} breaks ${violation.invariant}: ${violation.message}`, again];
}

function commitOf({ commit }: FaultsDocument): string {
  return commit === null ? '' : ` (commit ${commit})`;
}

function listed(lead: string, rows: readonly { readonly name: string }[]): string {
  return rows.length === 0 ? '' : lead + rows.map(({ name }) => name).join(', ');
}

const COLUMNS = ['kind', 'trials', 'struck in', 'strikes'] as const;

function table(kinds: readonly KindRow[]): readonly string[] {
  const rows = kinds.map(({ kind, trials, struckTrials, strikes }) =>
    [kind, trials, struckTrials, strikes].map(String),
  );
  const widths = COLUMNS.map((head, i) =>
    Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ');
  return [line(COLUMNS), ...rows.map(line)];
}

function failureLines(row: FailureRow, stories: Stories): readonly string[] {
  const { invariant, trials, first, smallest } = row;
  const head = [
    '',
    `${invariant}: broken in ${counted(trials, 'trial')}, first by seed ${first.seed}`,
  ];
  if (smallest === null) return [...head, `  ${first.message}`];
  const { size, tries, isMinimal, violation, token } = smallest;
  const how = isMinimal ? 'nothing smaller fails' : 'the budget of shrinking ended there';
  const sizes = `${counted(size.commands, 'command')}, ${counted(size.faults, 'fault')}`;
  const story = stories.get(invariant);
  return [
    ...head,
    `  ${violation.message} (at ${violation.atUs} µs, event ${violation.event})`,
    `  smallest: ${sizes}, on ${smallest.trial.architecture}; ${tries} trials; ${how}`,
    ...(story === undefined ? [] : ['', indented(story), '']),
    `  again: npx backlot faults --replay ${token}`,
    '  the event after which nothing helps: the same with --bisect',
  ];
}
