/** The ledger in words: in = out + in flight + dropped + residual. */
import type { LedgerLine } from '../experiment/result.ts';
import { formatCount, inWords, plural } from './numbers.ts';

/** `client timeout 12, device offline 3`; a dash where nothing was dropped. */
export function dropReasons({ droppedByReason }: LedgerLine): string {
  const text = countsInWords(droppedByReason);
  return text === '' ? '–' : text;
}

/** Counts by reason, `bad_row` as people say it: `bad row 12, late 3`; nothing for no counts. */
export function countsInWords(counts: Readonly<Record<string, number>>): string {
  const reasons = Object.entries(counts).filter(([, count]) => count !== 0);
  const name = (reason: string): string => reason.replaceAll('_', ' ');
  return reasons.map(([reason, count]) => `${name(reason)} ${formatCount(count)}`).join(', ');
}

/** `✓ balances`, or by how much it does not. */
export function balance({ residual }: LedgerLine): string {
  return residual === 0 ? '✓ balances' : `✗ residual ${formatCount(residual)}`;
}

/** Both ledgers of a document in one sentence. */
export function ledgerSentence(ledger: {
  readonly requests: LedgerLine;
  readonly events: LedgerLine;
}): string {
  const { requests, events } = ledger;
  const parts = [
    ledgerPart(requests, 'request'),
    ...(isEmpty(events) ? [] : [ledgerPart(events, 'tracked event')]),
  ];
  const open = [requests, events].flatMap(({ residual }, n) =>
    residual === 0 ? [] : [`${formatCount(residual)} ${['requests', 'events'][n]}`],
  );
  if (open.length > 0) {
    return `The ledger does NOT balance: ${inWords(open)} cannot be accounted for. This is a bug.`;
  }
  return `Everything is accounted for: ${parts.join(', and ')}; nothing is left over.`;
}

/** Whether there is nothing to account for, as of events without viewers. */
export function isEmpty(line: LedgerLine): boolean {
  return line.in === 0 && line.out === 0 && line.residual === 0;
}

function ledgerPart(line: LedgerLine, noun: string): string {
  return (
    `${plural(line.in, noun)} = ${formatCount(line.out)} out + ` +
    `${formatCount(line.inFlight)} in flight + ${formatCount(line.dropped)} dropped`
  );
}
