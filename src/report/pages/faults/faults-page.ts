/** The page of a campaign of faults: what struck and was survived, what broke and how it is run
 * again, which invariants had something to check. Spec: R80. */

import type { FaultsReport, KindReport } from '../../../experiment/faults/faults-report.ts';
import { dotChart } from '../../charts/dot-chart.ts';
import { renderPanels } from '../../charts/panel.ts';
import { commandBlock } from '../../html/command-block.ts';
import type { Page, Section } from '../../html/page-shell.ts';
import { renderTable } from '../../html/table.ts';
import { formatCount, plural } from '../../numbers.ts';
import { corpusSection, countWords, failuresSection, kindsOf } from './faults-failures.ts';

/** The page. */
export function faultsPage(document: FaultsReport): Page {
  const { scenario, runs, seed, events } = document;
  const corpus = corpusSection(document);
  return {
    title: `${scenario ?? 'Drawn configurations'}: faults`,
    lead: `Does an invariant break under any schedule of faults of ${plural(runs, 'trial')}?`,
    facts: [
      ['Trials', `${formatCount(runs)} of ${formatCount(document.runsAsked)} asked for`],
      ['Seed', String(seed)],
      ...(document.commit === null ? [] : [['Commit', document.commit] as const]),
      ['Events', `${formatCount(events.total)}, ${formatCount(events.median)} in the median trial`],
      ['Digest', document.digest.slice(0, 16)],
    ],
    verdict: verdictOf(document),
    sections: [
      ...(document.failures.length === 0 ? [] : [failuresSection(document)]),
      ...(corpus === undefined ? [] : [corpus]),
      kindsSection(document),
      invariantsSection(document),
      againSection(document),
    ],
    footer:
      `Made by backlot ${document.version}. That nothing broke in these trials does not ` +
      'show that nothing can.',
  };
}

/** What broke, what struck, what was never tried. */
function verdictOf({ failures, kinds, invariants, corpus, stoppedBy }: FaultsReport) {
  const struck = kinds.filter(({ struckTrials }) => struckTrials > 0);
  const kept = corpus.filter(({ verdict }) => verdict === 'broken').length;
  const broken = [
    ...(kept === 0 ? [] : [`${countWords(kept, 'counterexample')} of the corpus`]),
    ...failures.map(({ invariant }) => invariant),
  ];
  const vacuous = invariants.filter(({ verdict }) => verdict === 'vacuous').length;
  const missed = invariants.filter(({ verdict }) => verdict === 'missed').length;
  const stopped = {
    runs: '',
    time: ' The time was up: how many trials there are hangs on the machine.',
    interruption: ' It was interrupted: nothing was shrunk.',
  }[stoppedBy];
  const untried =
    vacuous + missed === 0
      ? 'Every invariant had something to check, and every mark was hit.'
      : `${countWords(vacuous, 'invariant')} had nothing to check and ` +
        `${countWords(missed, 'mark')} ${missed === 1 ? 'was' : 'were'} missed: what they are ` +
        'about was not tried.';
  return [
    broken.length === 0 ? 'Nothing was broken.' : `Broken: ${broken.join(', ')}.`,
    `Of ${plural(kinds.length, 'kind')} of faults, ${struck.length} struck.${stopped}`,
    untried,
  ];
}

function kindsSection(document: FaultsReport): Section {
  const { kinds } = document;
  const inFailures = kindsOf(document);
  const drawn = kinds.filter(({ trials }) => trials > 0);
  const families = [...new Set(kinds.map(({ family }) => family))];
  const sum = (family: string, of: (row: KindReport) => number) =>
    kinds.filter((one) => one.family === family).reduce((total, one) => total + of(one), 0);
  const count = (value: number) => ({ value, low: null, high: null });
  const columns = ['Kind', 'Family', 'Trials', 'Struck in', 'Strikes', 'Verdict'];
  const chart = dotChart({
    id: 'families',
    heading: 'Strikes by family',
    subheading: 'How often faults of a family did something',
    unit: 'strikes',
    rows: families,
    series: [{ name: 'strikes', values: families.map((one) => count(sum(one, (r) => r.strikes))) }],
    origin: 'zero',
    table: {
      caption: 'Strikes by family of faults',
      columns: ['Family', 'Kinds', 'Drawn', 'Strikes'],
      rows: families.map((family) => [
        family,
        formatCount(sum(family, () => 1)),
        formatCount(sum(family, ({ trials }) => (trials > 0 ? 1 : 0))),
        formatCount(sum(family, ({ strikes }) => strikes)),
      ]),
    },
  });
  return {
    id: 'kinds',
    heading: 'What struck',
    body: `<p>A kind is survived where it struck and no smallest counterexample holds it.
${drawn.length === kinds.length ? '' : `${kinds.length - drawn.length} kinds were not drawn.`}</p>
${renderPanels([chart])}
${renderTable({
  caption: 'Kinds of faults that were drawn',
  columns,
  textColumns: [1, 5],
  rows: drawn.map((one) => [
    one.kind,
    one.family,
    formatCount(one.trials),
    formatCount(one.struckTrials),
    formatCount(one.strikes),
    kindVerdict(one, inFailures.get(one.kind) ?? 0),
  ]),
})}`,
  };
}

function kindVerdict({ struckTrials }: KindReport, failures: number): string {
  if (failures > 0) return `✗ in ${countWords(failures, 'counterexample')}`;
  return struckTrials > 0 ? '✓ survived' : '– never struck';
}

const VERDICTS = {
  held: '✓ held',
  broken: '✗ BROKEN',
  vacuous: '– nothing to check',
  hit: '✓ hit',
  missed: '– missed',
} as const;

function invariantsSection({ invariants }: FaultsReport): Section {
  return {
    id: 'invariants',
    heading: 'What was held to',
    body: renderTable({
      caption: 'Invariants and marks',
      columns: ['Name', 'Claim', 'Kind', 'Checked', 'Verdict'],
      textColumns: [1, 2, 4],
      rows: invariants.map(({ name, claim, modality, exercised, verdict }) => [
        name,
        claim,
        modality,
        formatCount(exercised),
        VERDICTS[verdict],
      ]),
    }),
  };
}

function againSection({ replay, digest, seed, commit, version, schema }: FaultsReport): Section {
  return {
    id: 'reproduce',
    heading: 'Reproduce',
    body: `<p>The same seed and version draw the same trials.</p>
${commandBlock(replay)}
${renderTable({
  caption: 'What this report was made of',
  columns: ['', 'Value'],
  textColumns: [1],
  rows: [
    ['Digest', digest],
    ['Seed', String(seed)],
    ['Commit', commit ?? 'not given'],
    ['backlot', version],
    ['Document', schema],
  ],
})}`,
  };
}
