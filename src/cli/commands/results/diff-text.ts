/** What `diff` found, as text. */
import type {
  DiffDocument,
  DiffedPair,
  DiffedResult,
  MetricDelta,
} from '../../../experiment/reproduce/diff.ts';
import type { DrawRecord } from '../../../experiment/reproduce/draw-log.ts';
import type { JsonDifference } from '../../../experiment/reproduce/json-differences.ts';
import type { DivergedSide, EventRecord } from '../../../experiment/reproduce/locate-divergence.ts';
import { printable } from '../../../report/html/escape.ts';
import { formatNumber } from '../../../report/numbers.ts';
import { textTable } from '../../../report/summary/text-table.ts';
import { clockText } from './clock-text.ts';

const WIDTH = 100;
const FIELDS_SHOWN = 20;

/** The text, ending with a line break. */
export function diffText(found: DiffDocument): string {
  const { a, b, provenance, scenario, pairs, notes } = found;
  const lines = [
    `a  ${resultText(a)}`,
    `b  ${resultText(b)}`,
    ...fieldLines('Where they come from', provenance),
    ...fieldLines('Scenario', scenario),
    ...pairs.flatMap(pairLines),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `note: ${note}`)]),
    '',
    found.isEqual ? 'equal: the same digests' : 'different',
  ];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function resultText({ path, scenario, seed, backlot, node, digest }: DiffedResult): string {
  const made = `backlot ${backlot}, Node ${node}`;
  return printable(`${path}  ${scenario}, seed ${seed}, ${made}, digest ${digest}`);
}

function fieldLines(heading: string, fields: readonly JsonDifference[]): readonly string[] {
  if (fields.length === 0) return [];
  const more = fields.length - FIELDS_SHOWN;
  return [
    '',
    `${heading}: ${fields.length} ${fields.length === 1 ? 'field differs' : 'fields differ'}`,
    ...fields
      .slice(0, FIELDS_SHOWN)
      .map(({ path, a, b }) => `  ${printable(path)}: ${shown(a)} → ${shown(b)}`),
    ...(more > 0 ? [`  and ${more} more (--json has all)`] : []),
  ];
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'nothing');
  return printable(text.length > 40 ? `${text.slice(0, 37)}…` : text);
}

function pairLines(pair: DiffedPair): readonly string[] {
  const { a, b, isEqual, replication, replicationOfB, divergence, metrics } = pair;
  const name = a === b ? a : `${a} / ${b}`;
  const which =
    replication === replicationOfB ? `${replication}` : `${replication} / ${replicationOfB}`;
  const heading = printable(which === '0' ? name : `${name}, replication ${which}`);
  if (isEqual) return ['', `${heading}: equal, digest ${pair.digests.a}`];
  return [
    '',
    `${heading}: different`,
    ...(divergence === null ? [] : divergenceLines(divergence)),
    '',
    ...textTable({ columns: ['', 'a', 'b', 'b − a', ''], rows: metrics.map(deltaRow) }, WIDTH),
  ];
}

function divergenceLines({
  sliceUs,
  a,
  b,
  draw,
}: NonNullable<DiffedPair['divergence']>): readonly string[] {
  return [
    ...(draw === null
      ? ['every draw up to there is the same']
      : [
          `first draw that differs: number ${draw.number}`,
          `  a  ${drawText(draw.a)}`,
          `  b  ${drawText(draw.b)}`,
        ]),
    ...(sliceUs === null
      ? ['no event differs']
      : [
          `first event that differs, in the minute from ${clockText(sliceUs)} on:`,
          `  a  ${eventText(a.event)}`,
          `  b  ${eventText(b.event)}`,
          '',
          ...sideLines('a', a),
          ...sideLines('b', b),
        ]),
  ];
}

function drawText(draw: DrawRecord | null): string {
  if (draw === null) return 'no further draw in this minute';
  return printable(`${draw.purpose} (${draw.entity}, ${draw.index}) = ${draw.value}`);
}

function sideLines(name: string, { event, before, after }: DivergedSide): readonly string[] {
  return [
    `${name}:`,
    ...before.map((one) => `    ${eventText(one)}`),
    `  > ${eventText(event)}`,
    ...after.map((one) => `    ${eventText(one)}`),
  ];
}

function eventText(event: EventRecord | null): string {
  if (event === null) return 'no further event in this minute';
  const { number, simTimeUs, actor, event: type, drawCount } = event;
  return printable(`#${number} ${clockText(simTimeUs)} ${actor} ${type}, ${drawCount} draws`);
}

function deltaRow({ metric, unit, a, b, delta, relative }: MetricDelta): readonly string[] {
  const share =
    relative === null ? '' : `${relative >= 0 ? '+' : ''}${(100 * relative).toFixed(1)} %`;
  return [`${metric}, ${unit}`, ...[a, b, delta].map((value) => formatNumber(value)), share];
}
