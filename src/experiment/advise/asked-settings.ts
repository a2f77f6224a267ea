/** What `--try` says: `path=value`, values as a sweep writes its levels, or JSON. */
import { EngineError, type ScenarioProblem } from '../../kernel/errors.ts';
import { changedScenario } from '../scenario/define-scenario.ts';
import type { Scenario } from '../scenario/schema.ts';
import { levelOf } from '../sweep/factors/factor-text.ts';
import { variedField } from '../sweep/factors/varied-field.ts';

/** The changes asked for, one a text.
 * @throws EngineError `CLI_USAGE` that says of each what is wrong with it: no path of the scenario,
 * no value, or a scenario that would not be valid. */
export function askedSettings(
  scenario: Scenario,
  texts: readonly string[],
): readonly Readonly<Record<string, unknown>>[] {
  const asked = texts.map((text) => parsed(scenario, text));
  const problems = asked.flatMap((one) => ('rule' in one ? [one] : []));
  if (problems.length > 0) {
    const lines = problems.map(({ path, found, rule }) => `${path}: found ${found}; ${rule}`);
    throw new EngineError('CLI_USAGE', `--try: ${lines.join(' | ')}`, { argument: '--try' });
  }
  return asked.flatMap((one) => ('set' in one ? [one.set] : []));
}

function parsed(
  scenario: Scenario,
  text: string,
): { readonly set: Readonly<Record<string, unknown>> } | ScenarioProblem {
  const { path, value } = /^(?<path>[^=\s]+)=(?<value>.+)$/.exec(text)?.groups ?? {};
  if (path === undefined || value === undefined) {
    const rule = 'write path=value, like services.movie.replicas=4';
    return { path: '--try', found: JSON.stringify(text), rule };
  }
  const field = variedField(scenario, path);
  if ('rule' in field) return field;
  const set = { [path]: askedValue(value.trim()) };
  const changed = changedScenario(scenario, set);
  if (!('problems' in changed)) return { set };
  return changed.problems[0] ?? { path, found: value, rule: 'the scenario is not valid with it' };
}

/** JSON for objects and lists; a number with a unit is a time. */
function askedValue(text: string): unknown {
  if (!/^[[{]/.test(text)) return levelOf(text);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
