/** The page of a sweep: what matters how much, and what every point came to. */

import type {
  LevelValue,
  MetricEffects,
  SweepDocument,
  SweepSubject,
} from '../../experiment/sweep/sweep-document.ts';
import { dotChart } from '../charts/dot-chart.ts';
import { type Panel, renderPanels } from '../charts/panel.ts';
import { escapeHtml } from '../html/escape.ts';
import type { Page, Section } from '../html/page-shell.ts';
import { type Cell, renderGroups, renderTable } from '../html/table.ts';
import { ledgerSentence } from '../ledger-text.ts';
import {
  capitalized,
  formatEstimate,
  formatNumber,
  NO_NUMBER,
  plural,
  unitName,
} from '../numbers.ts';
import { verdictSentence } from '../objective-values.ts';
import { objectivesSection } from '../sections/planning/objectives.ts';
import { againSection } from '../sections/reproduce.ts';
import { subjectNoun } from '../subjects.ts';
import { footerOf, provenanceFacts } from './page-facts.ts';

/** The page. */
export function sweepPage(document: SweepDocument): Page {
  const { design, factors, subjects } = document;
  const verdicts = subjects.flatMap(({ points }) =>
    points.flatMap(({ name, verdicts: found }) => found.map((one) => ({ ...one, subject: name }))),
  );
  const objectives = objectivesSection(verdicts);
  const judged = verdictSentence(verdicts);
  return {
    title: `${document.scenario}: what matters`,
    lead: document.question,
    facts: [
      ['Design', `${design.kind}, ${plural(design.points, 'point')}`],
      ['Replications of each', String(design.replications)],
      ['Varied', String(factors.length)],
      ...provenanceFacts(document),
    ],
    verdict: [
      ...subjects.flatMap(bestSentences),
      ...(document.stopped === null ? [] : [stoppedSentence(document.stopped)]),
      ...(judged === undefined ? [] : [judged]),
      ledgerSentence(document.ledger),
    ],
    sections: [
      factorsSection(document),
      ...subjects.map((subject, n) => effectsSection(subject, n)),
      pointsSection(document),
      ...(objectives === undefined ? [] : [objectives]),
      againSection(document),
    ],
    footer: footerOf(document),
  };
}

function stoppedSentence(stopped: NonNullable<SweepDocument['stopped']>): string {
  const why = {
    budget: 'the budget was used up',
    interrupted: 'it was interrupted',
    shard: 'this is one shard of several, to be merged',
  }[stopped];
  return `Not all points are in it: ${why}.`;
}

/** What has the longest bar, and which point is best. */
function bestSentences({ name, effects, best }: SweepSubject): readonly string[] {
  const [first] = effects;
  const longest = first?.tornado.find(({ isClear }) => isClear === true);
  const sentences: string[] = [];
  if (first !== undefined && longest !== undefined) {
    const { effect, low, high } = longest;
    sentences.push(
      `${capitalized(name)}: ${first.metric} hangs most on ${longest.name}; from ` +
        `${levelText(longest.lowLevel)} to ${levelText(longest.highLevel)} it moves by ` +
        `${formatEstimate({ value: effect ?? Number.NaN, low, high }, true)} ` +
        `${unitName(first.unit)}.`,
    );
  }
  if (best !== null) {
    const ties =
      best.indistinguishable.length === 0
        ? ''
        : ` ${plural(best.indistinguishable.length, 'other point')} cannot be told from it.`;
    sentences.push(`Best by ${best.metric}: ${best.point}, ${formatNumber(best.value)}.${ties}`);
  }
  return sentences;
}

function factorsSection({ factors }: SweepDocument): Section {
  return {
    id: 'factors',
    heading: 'What was varied',
    body: renderTable({
      caption: 'Factors and their levels',
      columns: ['Path', 'How', 'Levels'],
      textColumns: [1, 2],
      rows: factors.map(({ path, how, levels, low, high, isWhole }) => [
        path,
        how === 'set' ? 'set to' : 'times',
        levels === null
          ? `${levelText(low)} to ${levelText(high)}${isWhole ? ', whole numbers' : ''}`
          : levels.map(levelText).join(', '),
      ]),
    }),
  };
}

function effectsSection({ name, effects }: SweepSubject, n: number): Section {
  return {
    id: `effects-${n}`,
    heading: `${capitalized(name)}: what it hangs on`,
    body: `<p>From the low end of each factor to its high end, the others averaged over. Filled:
the interval leaves out zero; hollow: may be chance.</p>
${renderPanels(effects.map((one, k) => tornadoPanel(one, `${n}-${k}`)))}
${notesOf(effects)}`,
  };
}

function notesOf(effects: readonly MetricEffects[]): string {
  const notes = effects.flatMap(({ metric, notes: own }) =>
    own.map((note) => `<li>${escapeHtml(`${metric}: ${note}`)}</li>`),
  );
  return notes.length === 0 ? '' : `<ul class="note">${notes.join('')}</ul>`;
}

function tornadoPanel({ metric, unit, tornado, interactions }: MetricEffects, id: string): Panel {
  const bars = tornado.map((bar) => ({
    ...bar,
    row: `${bar.name}: ${levelText(bar.lowLevel)} → ${levelText(bar.highLevel)}`,
  }));
  return dotChart({
    id: `tornado-${id}`,
    heading: `Effects on ${metric}`,
    subheading: 'Difference of means with its interval, the longest first',
    unit: unitName(unit),
    rows: bars.map(({ row }) => row),
    series: [
      {
        name: 'effect',
        values: bars.map(({ effect, low, high }) =>
          effect === null ? null : { value: effect, low, high },
        ),
        hollow: bars.map(({ isClear }) => isClear !== true),
      },
    ],
    origin: 'marked-zero',
    table: {
      caption: `Effects on ${metric}, ${unitName(unit)}`,
      columns: ['Factor', 'At the low end', 'At the high end', 'Effect', 'Standardised', ''],
      textColumns: [5],
      rows: [
        ...bars.map((bar) => [
          bar.row,
          formatEstimate(bar.atLow),
          formatEstimate(bar.atHigh),
          ...effectCells(bar),
        ]),
        ...interactions.map((one) => [one.name, '', '', ...effectCells(one)]),
      ],
    },
  });
}

function effectCells(one: MetricEffects['mainEffects'][number] | MetricEffects['tornado'][number]) {
  const { effect, low, high, standardised, isClear } = one;
  return [
    effect === null ? NO_NUMBER : formatEstimate({ value: effect, low, high }, true),
    formatNumber(standardised),
    isClear === true ? '✓ clear' : 'may be chance',
  ];
}

function pointsSection({ factors, metrics, subjects }: SweepDocument): Section {
  const groups = subjects.map(({ name, points }) => ({
    name,
    html: renderTable({
      caption: `${name}: points`,
      columns: [
        'Point',
        ...factors.map(({ path }) => path),
        ...metrics.map(({ name: metric, unit }) => `${metric}, ${unitName(unit)}`),
      ],
      rows: points.map((point): readonly Cell[] => [
        point.name,
        ...factors.map(({ path }) => levelText(point.settings[path] ?? NO_NUMBER)),
        ...metrics.map(({ name: metric }): Cell => {
          const found = point.metrics[metric];
          if (found === undefined) return NO_NUMBER;
          const [text = '', note = ''] = formatEstimate(found).split(/ (?=\[)/);
          return { text, note };
        }),
      ]),
    }),
  }));
  return {
    id: 'points',
    heading: 'All points',
    body: renderGroups(groups, subjectNoun(subjects)),
  };
}

function levelText(level: LevelValue): string {
  return typeof level === 'number' ? formatNumber(level) : String(level);
}
