/** What `sweep` found, as text: what matters how much with tornado bars, interactions, the best
 * point. */
import type {
  LevelValue,
  MetricEffects,
  SweepDocument,
  SweepEffect,
  SweepSubject,
  TornadoBar,
} from '../../../experiment/sweep/sweep-document.ts';
import {
  formatEstimate,
  formatNumber,
  inWords,
  NO_NUMBER,
  plural,
  unitName,
} from '../../numbers.ts';
import { textTable, wrapped } from '../text-table.ts';

/** How it is laid out. */
export interface SweepTextOptions {
  /** Columns of the terminal; at most 100 are used. */
  readonly width: number;
}

const WIDTH_MAX = 100;
const WIDTH_MIN = 40;
/** Characters of the longest bar. */
const BAR = 20;
const FULL = '█';
const UNCLEAR = '·';
/** Points listed of a subject. */
const LISTED = 8;

/** The summary, ending with a line break. */
export function sweepText(document: SweepDocument, options: SweepTextOptions): string {
  const width = Math.max(WIDTH_MIN, Math.min(WIDTH_MAX, options.width));
  const { design, factors, scenario, isComplete, stopped } = document;
  const varied = factors.map(({ path, how }) => (how === 'scale' ? `factors of ${path}` : path));
  const what = `${scenario}: ${plural(design.points, 'point')} (${design.kind}), ${plural(
    design.replications,
    'replication',
  )} each, ${varied.join(', ')}`;
  const lines = [
    ...wrapped(what, width),
    ...(isComplete ? [] : wrapped(`Not complete (${stopped}): effects need all points.`, width)),
    ...document.subjects.flatMap((subject) => subjectLines(subject, width)),
  ];
  // Paths have no spaces to break lines at.
  return `${lines.map((line) => cut(line.trimEnd(), width)).join('\n')}\n`;
}

function subjectLines(subject: SweepSubject, width: number): readonly string[] {
  return [
    '',
    subject.name,
    ...pointLines(subject, width),
    ...subject.effects.flatMap((effects) => metricLines(effects, width)),
    ...bestLines(subject, width),
  ];
}

/** The first points of the design. */
function pointLines({ points, effects }: SweepSubject, width: number): readonly string[] {
  const metrics = effects.map(({ metric }) => metric);
  const shown = points.slice(0, LISTED);
  const objectives = points.some(({ verdicts }) => verdicts.length > 0);
  return [
    ...textTable(
      {
        columns: [
          '  point',
          ...metrics.map((name, i) => `${name} ${unitName(effects[i]?.unit ?? '')}`),
          ...(objectives ? ['objectives'] : []),
        ],
        rows: shown.map(({ index, settings, metrics: found, verdicts }) => [
          `  ${index} ${Object.entries(settings).map(shownSetting).join(' ')}`,
          ...metrics.map((name) => (found[name] ? formatEstimate(found[name]) : NO_NUMBER)),
          ...(objectives ? [shownVerdicts(verdicts)] : []),
        ]),
      },
      width,
    ),
    ...(points.length > LISTED
      ? [`  … ${points.length - LISTED} more points (in the document)`]
      : []),
  ];
}

function shownSetting([path, level]: readonly [string, LevelValue]): string {
  const name = path.split('.').slice(-2).join('.');
  return `${name}=${shownLevel(level)}`;
}

function shownLevel(level: LevelValue): string {
  return typeof level === 'number' ? formatLevel(level) : String(level);
}

function formatLevel(level: number): string {
  return String(Number(level.toPrecision(4)));
}

function shownVerdicts(verdicts: SweepSubject['points'][number]['verdicts']): string {
  const missed = verdicts.filter(({ verdict }) => verdict === 'fail').length;
  const open = verdicts.filter(({ verdict }) => verdict === 'inconclusive').length;
  if (missed > 0) return `${missed} missed`;
  return open > 0 ? `${open} open` : 'met';
}

function metricLines(effects: MetricEffects, width: number): readonly string[] {
  const { metric, unit, tornado, interactions, notes, explained } = effects;
  if (tornado.length === 0 && notes.length === 0) return [];
  const fit = explained === null ? '' : `, a plane explains ${Math.round(explained * 100)} %`;
  const clear = interactions.filter(({ isClear }) => isClear === true);
  return [
    '',
    `  What moves ${metric} (${unitName(unit)}) from low to high${fit}`,
    ...tornadoLines(tornado, width),
    ...clear.flatMap((one) => wrapped(interactionLine(one), width - 2).map((line) => `  ${line}`)),
    ...notes.flatMap((note) => wrapped(`  ! ${note}`, width)),
  ];
}

/** Bar, effect, factor; a factor whose effect is not told from none has its bar in dots. */
function tornadoLines(tornado: readonly TornadoBar[], width: number): readonly string[] {
  const longest = Math.max(...tornado.map(({ effect }) => Math.abs(effect ?? 0)));
  const values = tornado.map(({ effect, low, high }) =>
    formatEstimate({ value: effect ?? Number.NaN, low, high }, true),
  );
  const widest = Math.max(...values.map((value) => value.length));
  const barLength = Math.min(BAR, Math.floor(width / 5));
  return tornado.map(({ effect, isClear, name, lowLevel, highLevel }, i) => {
    const share = longest === 0 ? 0 : Math.abs(effect ?? 0) / longest;
    const length = Math.round(share * barLength);
    const bar = (isClear === false ? UNCLEAR : FULL).repeat(length).padEnd(barLength);
    const ends = `${shownLevel(lowLevel)} → ${shownLevel(highLevel)}`;
    const room = Math.max(8, width - barLength - widest - ends.length - 7);
    const shown = name.length > room ? `…${name.slice(1 - room)}` : name;
    return `  ${bar}  ${(values[i] ?? '').padEnd(widest)}  ${shown} ${ends}`;
  });
}

function interactionLine({ name, effect, low, high }: SweepEffect): string {
  return `interaction ${name}: ${formatEstimate({ value: effect ?? Number.NaN, low, high }, true)}`;
}

function bestLines({ best, points }: SweepSubject, width: number): readonly string[] {
  if (best === null) return [];
  const point = points.find(({ name }) => name === best.point);
  const settings = Object.entries(point?.settings ?? {}).map(shownSetting);
  const among = best.meetsObjectives ? '' : ', though no point meets all objectives';
  const like =
    best.indistinguishable.length === 0
      ? 'every other point is worse'
      : `not told apart from ${
          best.indistinguishable.length > 3
            ? plural(best.indistinguishable.length, 'other point')
            : inWords(best.indistinguishable)
        }`;
  return [
    '',
    ...wrapped(
      `  Best ${best.metric}: ${formatNumber(best.value)} at ${best.point} ` +
        `(${settings.join(', ')})${among}; ${like}.`,
      width,
    ),
  ];
}

function cut(line: string, width: number): string {
  const characters = [...line];
  return characters.length <= width ? line : `${characters.slice(0, width - 1).join('')}…`;
}
