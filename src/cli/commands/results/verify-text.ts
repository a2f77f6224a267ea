/** What `verify` found, as text. */

import type { DigestCheck, VerifyDocument } from '../../../experiment/reproduce/verify/verify.ts';
import { printable } from '../../../report/html/escape.ts';
import { clockText } from './clock-text.ts';

const VERDICTS: Readonly<Record<VerifyDocument['verdict'], string>> = {
  reproduced: 'reproduced: digests, document and balances are those of the recording',
  diverged: 'diverged: the run differs from its recording',
  unbalanced: 'unbalanced: a ledger does not close, or a law does not hold',
};

/** The text, ending with a line break. */
export function verifyText(found: VerifyDocument): string {
  const { of, digests, combined, differences, differenceCount, balances, replications } = found;
  const lines = [
    `${printable(of.scenario)}, seed ${of.seed}, ` +
      `recorded by backlot ${of.backlot} on Node ${of.node}`,
    `run again ${found.times === 1 ? 'once' : `${found.times} times`}, each in a fresh process`,
    ...(replications.recorded > 1
      ? [`replications ${replications.checked.join(', ')} of ${replications.recorded}`]
      : []),
    ...found.notes.map((note) => `note: ${note}`),
    '',
    ...digests.map((one) => digestLine(nameOf(one, replications.recorded), one)),
    ...(combined === null ? [] : [digestLine('all', combined)]),
    ...(found.divergence === null ? [] : ['', ...divergenceLines(found)]),
    ...(differenceCount === 0 ? [] : ['', `${differenceCount} fields differ:`]),
    ...differences.map(({ path, a, b }) => `  ${path}: recorded ${shown(a)}, found ${shown(b)}`),
    ...(balances.length === 0 ? [] : ['', 'out of balance:']),
    ...balances.map(
      ({ where, name, what, left, right }) => `  ${name}, ${what} (${where}): ${left} ≠ ${right}`,
    ),
    '',
    VERDICTS[found.verdict],
  ];
  return `${lines.join('\n')}\n`;
}

function nameOf({ name, replication }: DigestCheck, recorded: number): string {
  return recorded > 1 || replication !== 0 ? `${name} #${replication}` : name;
}

function digestLine(
  name: string,
  { recorded, found, isEqual }: Pick<DigestCheck, 'recorded' | 'found' | 'isEqual'>,
): string {
  const sign = isEqual ? '✓' : '✗';
  if (recorded === null) return `${sign} ${name}  ${found.join(' ')}  (no digest recorded)`;
  return isEqual
    ? `${sign} ${name}  ${recorded}`
    : `${sign} ${name}  recorded ${recorded}, found ${[...new Set(found)].join(' and ')}`;
}

function divergenceLines({ divergence }: VerifyDocument): readonly string[] {
  if (divergence === null) return [];
  const { name, replication, kind, sliceUs, actor } = divergence;
  const of = `${name}${replication === 0 ? '' : ` #${replication}`}`;
  const where =
    sliceUs === null
      ? 'no slices were recorded to tell where'
      : `first in the minute from ${clockText(sliceUs)} on` +
        (actor === null ? '' : `, in actor ${printable(actor)}`);
  return kind === 'each-run'
    ? [
        `${of}: two fresh runs differ from each other, ${where}.`,
        'The model reads a clock, unordered iteration or chance without a key.',
      ]
    : [`${of}: fresh runs agree with each other, not with the recording: ${where}.`];
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'nothing');
  return printable(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}
