/** The diagram of a stream's run: what the source delivered, with event times and watermarks, and
 * what came out where. */
import { type DiagramLine, sequenceDiagram } from '../story/sequence-diagram.ts';
import type { DeliveredItem } from './delivery.ts';
import { textOf } from './differences.ts';
import type { PipelineOutcome } from './outcome.ts';
import type { StreamTrial } from './stream-trial.ts';

const SOURCE = 0;
const STAGE = 1;
const SINK = 2;

/** Draws a run. @param name - Of the pipeline. */
export function streamDiagram(
  name: string,
  trial: StreamTrial<unknown>,
  outcome: PipelineOutcome<unknown, unknown>,
): string {
  const lines: DiagramLine[] = [];
  for (let at = 0; at <= outcome.items.length; at += 1) {
    for (const fault of trial.faults ?? []) {
      if (fault.kind !== 'crash' || fault.afterItems !== at) continue;
      lines.push({ kind: 'mark', at: '', text: '✕ crash; it goes on from its snapshot' });
    }
    const item = outcome.items[at];
    if (item !== undefined) lines.push(...itemLines(item, trial));
    lines.push(...outcomeLines(outcome, at));
  }
  return sequenceDiagram(['source', name, 'sink'], lines);
}

function itemLines(
  item: DeliveredItem<unknown>,
  trial: StreamTrial<unknown>,
): readonly DiagramLine[] {
  const way = { kind: 'message', from: SOURCE, to: STAGE } as const;
  switch (item.kind) {
    case 'row': {
      const text = `${textOf(item.row)}${remarks(item, trial)}`;
      return [{ ...way, at: instant(item.arrivalUs), text }];
    }
    case 'watermark':
      return [{ ...way, at: '', text: `watermark ${instant(item.timeUs)}` }];
    case 'poison':
      return [{ ...way, at: instant(item.timeUs), text: `poison ${textOf(item.record)}` }];
    case 'process-time':
      return [];
  }
}

/** What is out of the ordinary about a row. */
function remarks(
  item: Extract<DeliveredItem<unknown>, { kind: 'row' }>,
  { events, partitions = 1 }: StreamTrial<unknown>,
): string {
  const { delayUs = 0 } = events[item.event] ?? {};
  const found = [
    ...(partitions > 1 ? [`partition ${item.partition}`] : []),
    ...(delayUs > 0 && !item.isDuplicate ? [`${span(delayUs)} after its time`] : []),
    ...(item.isDuplicate ? ['again'] : []),
    ...(item.isLate ? ['late'] : []),
  ];
  return found.length === 0 ? '' : ` (${found.join(', ')})`;
}

function outcomeLines(
  outcome: PipelineOutcome<unknown, unknown>,
  at: number,
): readonly DiagramLine[] {
  const here = <T extends { readonly item: number }>(all: readonly T[]) =>
    all.filter(({ item }) => item === at);
  const out = { kind: 'message', at: '', from: STAGE, to: SINK } as const;
  const note = { kind: 'message', at: '', from: STAGE, to: STAGE } as const;
  const { thrown } = outcome;
  return [
    ...here(outcome.results).map(({ value }) => ({ ...out, text: textOf(value) })),
    ...here(outcome.late).map(({ row }) => ({ ...note, text: `late: ${textOf(row)}` })),
    ...here(outcome.rejected).map(({ reason }) => ({ ...note, text: `rejected: ${reason}` })),
    ...(thrown?.item === at ? [{ ...note, text: `throws ${String(thrown.error)}` }] : []),
  ];
}

const US_PER_MS = 1_000;
const MS_PER_MINUTE = 60_000;

/** µs as `mm:ss.mmm`; ±∞ in words. */
function instant(timeUs: number): string {
  if (timeUs === Number.POSITIVE_INFINITY) return 'the end';
  if (timeUs === Number.NEGATIVE_INFINITY) return 'none';
  const sign = timeUs < 0 ? '−' : '';
  const us = Math.abs(timeUs);
  const ms = Math.floor(us / US_PER_MS);
  const minutes = Math.floor(ms / MS_PER_MINUTE);
  const seconds = ((ms % MS_PER_MINUTE) / 1_000).toFixed(3).padStart(6, '0');
  const rest = us % US_PER_MS === 0 ? '' : String(us % US_PER_MS).padStart(3, '0');
  return `${sign}${String(minutes).padStart(2, '0')}:${seconds}${rest}`;
}

/** A length of time in the plainest unit. */
function span(us: number): string {
  if (us % 1_000_000 === 0) return `${us / 1_000_000} s`;
  return us % US_PER_MS === 0 ? `${us / US_PER_MS} ms` : `${us} µs`;
}
