/** What an ingestion did, in a few lines for the terminal. */
import type { IngestDocument } from '../experiment/result.ts';
import { pipelineLines } from './plan-files.ts';

const LABEL_WIDTH = 12;

/** Renders the summary, one figure a line. */
export function renderIngestSummary(document: IngestDocument): string {
  const { ledger } = document;
  const reasons = pairs(document.badRowReasons);
  const lines: readonly (readonly [string, string])[] = [
    ['File', `${document.source} (${document.format})`],
    ['Read', `${number(document.read)} records`],
    ['Stored', `${number(document.stored)} rows, ${number(document.hosts)} subjects`],
    ['Bad rows', reasons === '' ? '0' : `${number(document.badRows)} (${reasons})`],
    ['Duplicates', number(document.duplicates)],
    ['Late', `${number(document.lateEvents)} events (stored all the same)`],
    ['Panes', number(document.panes)],
    ...pipelineLines(document.pipelines),
    ['Statuses', pairs(document.statuses) || 'none'],
    ['Bytes', number(document.bytes)],
    [
      'Ledger',
      `in ${number(ledger.events.in)} = out ${number(ledger.events.out)} + dropped ` +
        `${number(ledger.events.dropped)} + residual ${number(ledger.events.residual)}`,
    ],
  ];
  return lines.map(([label, text]) => `${label.padEnd(LABEL_WIDTH)}${text}\n`).join('');
}

function pairs(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name}: ${number(count)}`)
    .join(', ');
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
