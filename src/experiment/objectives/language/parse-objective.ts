/** From the text of an objective to the objective. Grammar: docs/OBJECTIVES.md. */
import { EngineError } from '../../../kernel/errors.ts';
import { definitionOf } from '../metrics/metric-registry.ts';
import { expressionDimension } from '../metrics/term-dimension.ts';
import type { Condition, Expression, Objective, Scope } from '../objective.ts';
import { limitProblem } from './limit-problem.ts';
import { type ObjectiveSettings, settled } from './objective-settings.ts';
import {
  canonicalUnit,
  parseDuration,
  parseNamedFault,
  parsePercent,
  parseScope,
} from './parse-scope.ts';
import { parseExpression } from './parse-term.ts';
import { printObjective } from './print-objective.ts';
import { NotUnderstood, TokenReader } from './token-reader.ts';
import { type TextProblem, type Token, tokensOf } from './tokens.ts';
import { type Dimension, toBase, unitsOf } from './units.ts';

const COMPARISONS = ['<=', '>=', '==', '<', '>'] as const;
type Parsed = Pick<Objective, 'condition' | 'windows' | 'recovery' | 'scopes'>;

/** Parses an objective.
 * @param settings - What the text does not say.
 * @throws EngineError `OBJECTIVE_INVALID` with everything that is wrong, by column. Spec: E100. */
export function parseObjective(text: string, settings: ObjectiveSettings = {}): Objective {
  const { objective, problems } = readObjective(text, settings);
  if (objective !== undefined) return objective;
  const lines = problems.map(({ column, rule }) => `column ${column}: ${rule}`);
  throw new EngineError('OBJECTIVE_INVALID', `objective '${text}': ${lines.join(' | ')}`, {
    problems,
  });
}

/** The objective, or else what is wrong with its text. */
export function readObjective(
  text: string,
  settings: ObjectiveSettings = {},
): {
  readonly objective: Objective | undefined;
  readonly problems: readonly TextProblem[];
} {
  const { tokens, problem } = tokensOf(text);
  if (problem !== undefined) return { objective: undefined, problems: [problem] };
  const reader = new TokenReader(tokens);
  try {
    const objective = parseWhole(reader, settings);
    const { problems } = reader;
    return problems.length > 0 ? { objective: undefined, problems } : { objective, problems };
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    return { objective: undefined, problems: [...reader.problems, error.problem] };
  }
}

function parseWhole(reader: TokenReader, settings: ObjectiveSettings): Objective {
  const start = reader.peek();
  const parsed = reader.is('recover') ? parseRecovery(reader) : parsePlain(reader);
  const at = reader.peek();
  const confidence = reader.takes('@') ? parsePercent(reader) : undefined;
  if (confidence !== undefined && !(confidence > 0.5 && confidence < 1)) {
    reader.note(at, 'a confidence is above 50% and below 100%');
  }
  if (reader.peek().kind !== 'end') {
    const may =
      parsed.recovery === null ? 'over, during, outside, after, @ or the end' : '@ or the end';
    throw reader.notUnderstood(`expected ${may}`);
  }
  const problem = reader.problems.length === 0 ? shapeProblem(parsed) : undefined;
  if (problem !== undefined) reader.note(start, problem);
  const spoken = confidence === undefined ? {} : { confidence };
  const said = { ...parsed, ...settled({ ...settings, ...spoken }) };
  return { text: printObjective(said), ...said };
}

/** What goes together in words and not in meaning. */
function shapeProblem({ condition, windows, recovery, scopes }: Parsed): string | undefined {
  const { expression } = condition;
  const terms = expression.kind === 'term' ? [expression] : [expression.over, expression.under];
  const isPart = windows !== null || recovery !== null || scopes.length > 0;
  const total = terms.find(({ metric }) => definitionOf(metric).kind === 'total');
  if (isPart && total !== undefined) {
    return `${total.metric} is of the run as a whole: it has no windows, scopes or recovery`;
  }
  if (!isBetweenSubjects(expression)) return undefined;
  if (terms.some(({ aggregate }) => aggregate.kind === 'min' || aggregate.kind === 'max')) {
    return 'a ratio between architectures is of quantiles, means, counts or rates';
  }
  if (recovery !== null) return 'a recovery is of one architecture: no ratio between two';
  return windows === null ? undefined : 'a ratio between architectures has no windows';
}

function parsePlain(reader: TokenReader): Parsed {
  const condition = parseCondition(reader);
  const windows = parseWindows(reader);
  const scopes: Scope[] = [];
  for (let scope = parseScope(reader); scope !== undefined; scope = parseScope(reader)) {
    scopes.push(scope);
  }
  return { condition, windows, recovery: null, scopes };
}

function parseRecovery(reader: TokenReader): Parsed {
  reader.expect('recover');
  reader.expect('(');
  const condition = parseCondition(reader);
  reader.expect(')');
  const lengthUs = parseWindowLength(reader);
  reader.expect('within');
  const withinUs = parseDuration(reader);
  reader.expect('after');
  const fault = parseNamedFault(reader);
  const windows = lengthUs === undefined ? null : { lengthUs, share: 1 };
  return { condition, windows, recovery: { withinUs, fault }, scopes: [] };
}

function parseCondition(reader: TokenReader): Condition {
  const start = reader.peek();
  const expression = parseExpression(reader);
  checkSubjects(reader, expression, start);
  const comparison = COMPARISONS.find((one) => reader.is(one));
  if (comparison === undefined) throw reader.notUnderstood('expected /, <, <=, >, >= or ==');
  reader.next();
  const number = reader.expectKind('number', 'a limit such as 450ms or 0.1%');
  const unit = parseUnit(reader);
  const dimension = expressionDimension(expression);
  // Where a name is wrong, nothing is known of units.
  if (reader.problems.length > 0) return { expression, comparison, limit: 0, unit };
  if (dimension === undefined) {
    reader.note(start, 'a ratio is of two alike, or of anything over a count');
    return { expression, comparison, limit: 0, unit };
  }
  const limit = toBase(Number(number.text), unit, dimension);
  if (limit === undefined) reader.note(number, unitRule(number, unit, dimension));
  const condition = { expression, comparison, limit: limit ?? 0, unit };
  const problem = limit === undefined ? undefined : limitProblem(condition, dimension);
  if (problem !== undefined) reader.note(number, problem);
  return condition;
}

function checkSubjects(reader: TokenReader, expression: Expression, start: Token): void {
  if (expression.kind === 'term') {
    if (expression.subject !== null) {
      reader.note(start, 'arch="…" stands in ratios between two architectures only');
    }
    return;
  }
  const { over, under } = expression;
  if ((over.subject === null) !== (under.subject === null)) {
    reader.note(start, 'name the architecture on both sides of the ratio, or on none');
  } else if (over.subject !== null && over.subject === under.subject) {
    reader.note(start, `both sides are of "${over.subject}": leave arch="…" out`);
  }
}

function isBetweenSubjects(expression: Expression): boolean {
  return expression.kind === 'ratio' && expression.over.subject !== null;
}

/** `ms`, `%`, `/s`, `MB/s` or nothing. A word of what comes next is no unit. */
function parseUnit(reader: TokenReader): string {
  if (reader.takes('%')) return '%';
  const word = reader.peek();
  const isUnit =
    word.kind === 'name' && !['over', 'during', 'outside', 'after'].includes(word.text);
  const unit = isUnit ? canonicalUnit(reader.next().text) : '';
  if (!reader.takes('/')) return unit;
  return `${unit}/${canonicalUnit(reader.expectKind('name', 's, m or h').text)}`;
}

function unitRule(number: Token, unit: string, dimension: Dimension): string {
  const units = unitsOf(dimension);
  const best = units.find((one) => one === 'ms') ?? units[0] ?? '';
  if (unit === '') {
    return `${number.text} has no unit: it needs ${units.join(', ')}; write ${number.text}${best}`;
  }
  const allowed = units.map((one) => (one === '' ? 'none' : one)).join(', ');
  return `unit "${unit}" does not fit; valid: ${allowed}`;
}

function parseWindows(reader: TokenReader): Objective['windows'] {
  const lengthUs = parseWindowLength(reader);
  if (lengthUs === undefined) return null;
  return { lengthUs, share: reader.takes('for') ? parsePercent(reader) : 1 };
}

/** `over 1m windows`; undefined where it does not stand. */
function parseWindowLength(reader: TokenReader): number | undefined {
  if (!reader.takes('over')) return undefined;
  const lengthUs = parseDuration(reader);
  reader.expect('windows');
  return lengthUs;
}
