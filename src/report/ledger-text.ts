/** The ledger in words: in = out + in flight + dropped + residual. */
import type { LedgerLine } from '../experiment/result.ts';
import { formatCount, inWords, plural } from './numbers.ts';

/** `client timeout 12, device offline 3`; a dash where nothing was dropped. */
export function dropReasons({ droppedByReason }: LedgerLine): string {
  const reasons = Object.entries(droppedByReason).filter(([, count]) => count !== 0);
  if (reasons.length === 0) return '–';
  return reasons.map(([reason, count]) => `${reasonName(reason)} ${formatCount(count)}`).join(', ');
}

/** `bad_row` as people say it: `bad row`. */
export function reasonName(reason: string): string {
  return reason.replaceAll('_', ' ');
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
  const open = [requests, events].flatMap(({ residual }, n) =>
    residual === 0 ? [] : [`${formatCount(residual)} ${['requests', 'events'][n]}`],
  );
  if (open.length > 0) {
    return `The ledger does NOT balance: ${inWords(open)} cannot be accounted for. This is a bug.`;
  }
  return (
    `Everything is accounted for: ${ledgerPart(requests, 'request')}, and ` +
    `${ledgerPart(events, 'tracked event')}; nothing is left over.`
  );
}

function ledgerPart(line: LedgerLine, noun: string): string {
  return (
    `${plural(line.in, noun)} = ${formatCount(line.out)} out + ` +
    `${formatCount(line.inFlight)} in flight + ${formatCount(line.dropped)} dropped`
  );
}
