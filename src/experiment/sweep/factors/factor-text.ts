/** What `--vary` says: `path=1,2,4`, `path=0.5..2`, `path=5ms..20ms`, `path*=0.5..2`. */
import { EngineError, type ScenarioProblem } from '../../../kernel/errors.ts';
import type { LevelValue } from '../sweep-document.ts';

/** A factor as it is written, before it has met a scenario. */
export interface FactorText {
  readonly path: string;
  readonly how: 'set' | 'scale';
  /** Two or more values, or the two ends of a range. */
  readonly levels: readonly LevelValue[];
  readonly isRange: boolean;
}

/** µs of each unit that a level may have. */
const UNITS: Readonly<Record<string, number>> = {
  us: 1,
  ms: 1_000,
  s: 1_000_000,
  min: 60_000_000,
  h: 3_600_000_000,
};

const WRITTEN = /^(?<path>[^=*\s]+?)(?<scale>\*)?=(?<levels>.*)$/;
const QUANTITY = /^(?<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(?<unit>us|ms|s|min|h)?$/i;

/** Parses all of them.
 * @throws EngineError `SWEEP_INVALID` that lists every problem. */
export function parseFactors(texts: readonly string[]): readonly FactorText[] {
  const problems: ScenarioProblem[] = [];
  const factors = texts.flatMap((text) => {
    const parsed = parseFactor(text);
    if ('rule' in parsed) problems.push(parsed);
    return 'rule' in parsed ? [] : [parsed];
  });
  for (const [i, { path }] of factors.entries()) {
    if (factors.findIndex((other) => other.path === path) === i) continue;
    problems.push({ path, found: 'varied twice', rule: 'vary each path once' });
  }
  if (texts.length === 0) {
    const rule = 'say what varies: --vary services.talent.replicas=1,2,4';
    problems.push({ path: '--vary', found: 'nothing', rule });
  }
  if (problems.length > 0) throw invalidSweep(problems);
  return factors;
}

/** The error of these problems. */
export function invalidSweep(problems: readonly ScenarioProblem[]): EngineError<'SWEEP_INVALID'> {
  const lines = problems.map(({ path, found, rule }) => `${path}: found ${found}; ${rule}`);
  const count = `${problems.length} problem${problems.length === 1 ? '' : 's'}`;
  return new EngineError('SWEEP_INVALID', `sweep has ${count}: ${lines.join(' | ')}`, {
    problems,
  });
}

function parseFactor(text: string): FactorText | ScenarioProblem {
  const { path, scale, levels = '' } = WRITTEN.exec(text)?.groups ?? {};
  if (path === undefined) {
    const rule = 'write path=1,2,4 or path=0.5..2, and path*=0.5..2 for factors of what is there';
    return { path: '--vary', found: JSON.stringify(text), rule };
  }
  const how = scale === undefined ? 'set' : 'scale';
  const range = levels.split('..');
  const isRange = range.length === 2;
  const values = (isRange ? range : levels.split(',')).map((one) => levelOf(one.trim()));
  const found = JSON.stringify(levels);
  const rule = ruleBroken(values, { isRange, how });
  if (rule !== undefined) return { path, found, rule };
  return { path, how, levels: values, isRange };
}

/** What is wrong with the levels; undefined where nothing is. */
function ruleBroken(
  values: readonly LevelValue[],
  { isRange, how }: Pick<FactorText, 'isRange' | 'how'>,
): string | undefined {
  if (values.some((value) => value === '')) return 'give values, like 1,2,4 or 0.5..2';
  const areNumbers = values.every((value) => typeof value === 'number');
  if (isRange && !areNumbers) return 'both ends of a range are numbers, like 0.5..2';
  const [low = 0, high = 0] = values;
  if (isRange && low >= high) return 'a range goes from the lower end to the higher one';
  if (how === 'scale' && !(areNumbers && values.every((value) => Number(value) > 0))) {
    return 'factors are numbers above 0';
  }
  if (new Set(values).size < values.length) return 'give each value once';
  if (values.length < 2) return 'one value does not vary: give two or more, or a range';
  return undefined;
}

/** A level: a number, a time in µs of a number with its unit, a truth value, or the text. */
export function levelOf(text: string): LevelValue {
  const { number, unit } = QUANTITY.exec(text)?.groups ?? {};
  if (number !== undefined) {
    return unit === undefined
      ? Number(number)
      : Math.round(Number(number) * (UNITS[unit.toLowerCase()] ?? 1));
  }
  if (text === 'true' || text === 'false') return text === 'true';
  return text;
}
