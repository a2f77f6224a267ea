/** Sections of models of taste: figures beside each other, over the length of lists, what lists are
 * like, the next title. */
import type {
  LearnDocument,
  LearnedModel,
  ListFigures,
  NextTitles,
  UserMean,
} from '../../../experiment/learn/learn-document.ts';
import { dotChart } from '../../charts/dot-chart.ts';
import { type Panel, renderPanels } from '../../charts/panel.ts';
import { renderLegend, seriesStyle } from '../../charts/series-style.ts';
import { xyChart } from '../../charts/xy-chart.ts';
import { escapeHtml } from '../../html/escape.ts';
import type { Section } from '../../html/page-shell.ts';
import { renderTable, type TableSpec } from '../../html/table.ts';
import {
  formatCount,
  formatEstimate,
  formatNumber,
  formatShare,
  NO_NUMBER,
} from '../../numbers.ts';

const RIGHT: readonly (readonly [keyof ListFigures, string])[] = [
  ['ndcg', 'nDCG'],
  ['recall', 'Recall'],
  ['precision', 'Precision'],
  ['rPrecision', 'R-precision'],
  ['map', 'MAP'],
  ['mrr', 'MRR'],
];

/** Models × measures of being right, and the differences to popularity. */
export function rankingSection(document: LearnDocument): Section {
  const { models, k } = document;
  const table: TableSpec = {
    caption: `Lists of ${k}: means over users, 95 % intervals`,
    columns: ['Model', ...RIGHT.map(([, label]) => label), 'Of the oracle'],
    rows: models.map((model) => [
      model.name,
      ...RIGHT.map(([name]) => withInterval(model.figures[name])),
      formatShare(model.shareOfOracle),
    ]),
  };
  const compared = models.filter(({ overPopularity }) => overPopularity !== null);
  return {
    id: 'ranking',
    heading: 'How right the lists are',
    body: `${renderTable(table)}
${compared.length === 0 ? NOT_COMPARED : renderPanels([differencePanel(compared, k)])}
${definitionsHtml(document)}`,
  };
}

const NOT_COMPARED =
  '<p class="note">Popularity was not among the models, or alone: nothing is compared with it.</p>';

function differencePanel(models: readonly LearnedModel[], k: number): Panel {
  const over = (model: LearnedModel, name: keyof ListFigures) =>
    model.overPopularity?.[name] ?? null;
  const isOpen = (one: UserMean | null) =>
    one === null || one.low === null || one.high === null || (one.low <= 0 && one.high >= 0);
  const values = models.map((model) => over(model, 'ndcg'));
  return dotChart({
    id: 'over-popularity',
    heading: 'More than popularity',
    subheading: `Paired by user, 95 % intervals; hollow: not told apart`,
    unit: `difference in nDCG@${k}`,
    rows: models.map(({ name }) => name),
    series: [{ name: 'nDCG', values, hollow: values.map(isOpen) }],
    origin: 'marked-zero',
    table: {
      caption: 'Model − popularity, user by user',
      columns: ['Model', ...RIGHT.map(([, label]) => label)],
      rows: models.map((model) => [
        model.name,
        ...RIGHT.map(([name]) => withInterval(over(model, name), true)),
      ]),
    },
  });
}

/** nDCG and recall over the length of lists. */
export function lengthSection({ models }: LearnDocument): Section {
  const entries = models.map(({ name }, look) => ({ name, style: seriesStyle(look) }));
  const panels = [lengthPanel(models, 'ndcg', 'nDCG@k'), lengthPanel(models, 'recall', 'recall@k')];
  return {
    id: 'length',
    heading: 'Over the length of lists',
    body: `${renderLegend(entries, true)}
${renderPanels(panels)}`,
  };
}

function lengthPanel(
  models: readonly LearnedModel[],
  curve: keyof LearnedModel['curve'],
  label: string,
): Panel {
  const lengths = models[0]?.curve[curve].map((_, n) => n + 1) ?? [];
  return xyChart({
    id: `length-${curve}`,
    heading: label,
    subheading: 'Means over users',
    xName: 'k, titles',
    yName: label,
    origin: { x: 'zero', y: 'zero' },
    series: models.map((model, look) => ({
      name: model.name,
      look,
      isJoined: true,
      symbolEvery: 5,
      points: model.curve[curve].map((y, n) => ({ x: n + 1, y })),
    })),
    table: {
      caption: `${label} by length of list`,
      columns: ['k', ...models.map(({ name }) => name)],
      rows: lengths.map((k) => [
        String(k),
        ...models.map((model) => formatNumber(model.curve[curve][k - 1])),
      ]),
    },
  });
}

/** What lists are like besides right or wrong. */
export function varietySection({ models, titles, k }: LearnDocument): Section {
  const table: TableSpec = {
    caption: `What lists of ${k} are like`,
    columns: [
      'Model',
      'Coverage',
      'Entropy, bits',
      'Gini',
      'Diversity',
      'Novelty, bits',
      'Serendipity',
    ],
    rows: models.map(({ name, coverage, entropyBits, gini, figures }) => [
      name,
      formatShare(coverage),
      formatNumber(entropyBits),
      formatNumber(gini),
      withInterval(figures.diversity),
      withInterval(figures.novelty),
      withInterval(figures.serendipity),
    ]),
  };
  const panel = dotChart({
    id: 'coverage',
    heading: 'Share of the catalogue that is shown',
    subheading: `Titles in at least one list, of ${formatCount(titles)}`,
    unit: '% of titles',
    rows: models.map(({ name }) => name),
    series: [
      {
        name: 'coverage',
        values: models.map(({ coverage }) => ({ value: 100 * coverage, low: null, high: null })),
      },
    ],
    origin: 'zero',
    table: {
      caption: 'Coverage',
      columns: ['Model', 'Coverage'],
      rows: models.map(({ name, coverage }) => [name, formatShare(coverage)]),
    },
  });
  return {
    id: 'variety',
    heading: 'How various the lists are',
    body: `${renderTable(table)}\n${renderPanels([panel])}`,
  };
}

/** What is played next; in words where it cannot be told. */
export function nextTitleSection({ next, nextMissing }: LearnDocument): Section {
  return {
    id: 'next-title',
    heading: 'What is played next',
    body:
      next === null
        ? `<p class="note">Not judged: ${escapeHtml(nextMissing ?? 'no play follows another')}.</p>`
        : nextTable(next),
  };
}

function nextTable({ k, plays, users, withoutSession, seenAgain, models }: NextTitles): string {
  return `<p>${formatCount(plays)} plays of ${formatCount(users)} users after the cut, each foretold
from what the user had played before it. Left out: ${formatCount(withoutSession)} plays without one
before them, ${formatCount(seenAgain)} of titles played before.</p>
${renderTable({
  caption: `Title played next, among the first ${k}`,
  columns: ['Model', 'Recall', 'MRR', 'Recall − unigram', 'MRR − unigram'],
  rows: models.map((one) => [
    one.name,
    withInterval(one.recall),
    withInterval(one.mrr),
    withInterval(one.recallOverUnigram, true),
    withInterval(one.mrrOverUnigram, true),
  ]),
})}`;
}

/** What was learned, and with what settings. */
export function settingsSection({ models, next, leakage }: LearnDocument): Section {
  const rows = [...models, ...(next?.models ?? [])].map(
    ({ name, settings, fingerprint, ...one }) => [
      name,
      'words' in one ? one.words : 'title played next',
      settingsText(settings),
      fingerprint ?? NO_NUMBER,
      leakText(name, leakage),
    ],
  );
  return {
    id: 'models',
    heading: 'What was learned',
    body: renderTable({
      caption: 'Models, settings, and fingerprints of their weights',
      columns: ['Model', 'What it is', 'Settings', 'Fingerprint', 'Another future'],
      textColumns: [1, 2, 3, 4],
      rows,
    }),
  };
}

function settingsText(settings: LearnedModel['settings']): string {
  const parts = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? NO_NUMBER : parts.join(', ');
}

function leakText(name: string, leakage: LearnDocument['leakage']): string {
  const found = leakage?.find(({ model }) => model === name);
  if (found === undefined) return 'not tried';
  return found.isSame ? '✓ changes nothing' : '✗ LEAKS';
}

function definitionsHtml({ definitions }: LearnDocument): string {
  const rows = Object.entries(definitions);
  const table = renderTable({
    caption: 'Each measure is of one user’s list; figures are means over users',
    columns: ['Measure', 'Definition'],
    textColumns: [1],
    rows,
  });
  const summary = `Definitions of ${rows.length} measures`;
  return `<details class="group"><summary>${summary}</summary>\n${table}</details>`;
}

function withInterval(one: UserMean | null, isSigned = false) {
  if (one === null) return NO_NUMBER;
  const [text = '', ...rest] = formatEstimate(one, isSigned).split(' [');
  return rest.length === 0 ? text : { text, note: `[${rest.join(' [')}` };
}
