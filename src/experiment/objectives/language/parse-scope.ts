/** Scopes and what is said in numbers: `during phase("peak")`, `outside fault()`, `90s`, `99%`. */
import type { Scope } from '../objective.ts';
import type { TokenReader } from './token-reader.ts';
import { toBase, unitsOf } from './units.ts';

const CLOCK_TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;

/** Reads the next scope; undefined where none stands. */
export function parseScope(reader: TokenReader): Scope | undefined {
  if (reader.takes('during')) return parseDuring(reader);
  if (reader.takes('outside')) return { kind: 'outside-fault', fault: parseFault(reader) };
  if (!reader.takes('after')) return undefined;
  return { kind: 'after-fault', fault: parseNamedFault(reader) };
}

/** Reads `fault("zone.loss")`. */
export function parseNamedFault(reader: TokenReader): string {
  const token = reader.peek();
  const fault = parseFault(reader);
  if (fault === null) reader.note(token, 'say after which fault, such as fault("zone.loss")');
  return fault ?? '';
}

/** Reads a duration such as `90s`. @param least - The shortest that will do, in µs. */
export function parseDuration(reader: TokenReader, least: 0 | 1 = 1): number {
  const number = reader.expectKind('number', 'a duration such as 90s');
  const units = unitsOf('duration').join(', ');
  const unit = reader.expectKind('name', `a unit: ${units}`);
  const us = toBase(Number(number.text), canonicalUnit(unit.text), 'duration');
  if (us !== undefined && Number.isSafeInteger(us) && us >= least) return us;
  const above = least === 0 ? '' : ' above 0';
  reader.note(number, `a duration is a whole number of µs${above}, in ${units}`);
  return 1;
}

/** Reads a share such as `99%`, to (0, 1]. */
export function parsePercent(reader: TokenReader): number {
  const number = reader.expectKind('number', 'a share such as 99%');
  reader.expect('%');
  const share = Number((Number(number.text) / 100).toPrecision(12));
  if (!(share > 0 && share <= 1)) reader.note(number, 'a share is above 0% and at most 100%');
  return share;
}

/** Units may be written in other ways. */
export function canonicalUnit(unit: string): string {
  if (unit === 'min') return 'm';
  return unit === 'µs' ? 'us' : unit;
}

function parseDuring(reader: TokenReader): Scope {
  if (reader.takes('phase')) {
    reader.expect('(');
    const phase = reader.expectKind('string', 'the name of a phase in quotes').text;
    reader.expect(')');
    return { kind: 'phase', phase };
  }
  if (reader.peek().kind === 'string') {
    const from = parseClockTime(reader);
    reader.expect('..');
    return { kind: 'clock', from, to: parseClockTime(reader) };
  }
  const start = reader.peek();
  if (start.kind !== 'number') {
    throw reader.notUnderstood('expected phase("…"), a time such as 20m or a time of day "20:30"');
  }
  const fromUs = parseDuration(reader, 0);
  reader.expect('..');
  const toUs = parseDuration(reader);
  if (toUs <= fromUs) reader.note(start, 'ends before it begins');
  return { kind: 'between', fromUs, toUs };
}

function parseClockTime(reader: TokenReader): string {
  const token = reader.expectKind('string', 'a time of day in quotes');
  if (!CLOCK_TIME.test(token.text)) {
    reader.note(token, `"${token.text}" is no time of day such as "20:30" or "20:30:15"`);
  }
  return token.text;
}

function parseFault(reader: TokenReader): string | null {
  reader.expect('fault');
  reader.expect('(');
  const fault = reader.peek().kind === 'string' ? reader.next().text : null;
  reader.expect(')');
  return fault;
}
