/** `defineScenario`: checks a scenario against its schema and its meaning, and reports every
 * problem at once with path, value found, rule and nearest valid name. */
import type { z } from 'zod';
import { EngineError, nearestName, type ScenarioProblem } from '../../kernel/errors.ts';
import { type Scenario, type ScenarioInput, scenarioSchema } from './schema.ts';

/** Services that pages can reach: the microservices of `gateway`. */
const REACHABLE_SERVICES = ['movie', 'production', 'talent'] as const;

/** Checks a scenario and fills in its defaults.
 * @throws EngineError `SCENARIO_INVALID` that lists every problem, sorted by path. */
export function defineScenario(input: ScenarioInput): Scenario {
  const parsed = scenarioSchema.safeParse(input);
  const problems = parsed.success
    ? meaningProblems(parsed.data)
    : parsed.error.issues.flatMap((issue) => schemaProblems(issue, input));
  if (problems.length > 0 || !parsed.success) throw invalid(problems, input);
  return parsed.data;
}

/** The error for a scenario with these problems. */
function invalid(problems: readonly ScenarioProblem[], input: unknown): EngineError {
  const sorted = [...problems].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const name = isObject(input) && typeof input['name'] === 'string' ? ` "${input['name']}"` : '';
  const lines = sorted.map((p) => `${p.path}: found ${p.found}; ${p.rule}`);
  return new EngineError(
    'SCENARIO_INVALID',
    `scenario${name} has ${sorted.length} problem${sorted.length === 1 ? '' : 's'}: ` +
      lines.join(' | '),
    { problems: sorted },
  );
}

function schemaProblems(issue: z.core.$ZodIssue, input: unknown): readonly ScenarioProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path);
    return issue.keys.map((key) => ({
      path: [...issue.path, key].join('.'),
      found: 'an unknown key',
      rule: suggestion(key, known),
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const deepest = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? [];
    if (deepest.length > 0 && depth(deepest) > 0) {
      return deepest.flatMap((inner) =>
        schemaProblems({ ...inner, path: [...issue.path, ...inner.path] }, input),
      );
    }
  }
  const found = valueAt(input, issue.path);
  const rule =
    issue.code === 'invalid_value' && typeof found === 'string'
      ? suggestion(found, issue.values.map(String))
      : issue.message;
  return [{ path: issue.path.join('.') || '(scenario)', found: shown(found), rule }];
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

/** What the schema cannot say: names that must exist elsewhere, sums that must be positive. */
function meaningProblems(scenario: Scenario): readonly ScenarioProblem[] {
  const problems: ScenarioProblem[] = [];
  for (const name of Object.keys(scenario.services)) {
    if ((REACHABLE_SERVICES as readonly string[]).includes(name)) continue;
    problems.push({
      path: `services.${name}`,
      found: 'a service that no page can reach',
      rule: suggestion(name, REACHABLE_SERVICES),
    });
  }
  for (const name of REACHABLE_SERVICES) {
    if (scenario.services[name] !== undefined) continue;
    problems.push({
      path: `services.${name}`,
      found: 'nothing',
      rule: 'every page needs this service: describe it',
    });
  }
  scenario.faults.forEach((fault, i) => {
    if (scenario.services[fault.target] !== undefined) return;
    problems.push({
      path: `faults.${i}.target`,
      found: shown(fault.target),
      rule: suggestion(fault.target, Object.keys(scenario.services)),
    });
  });
  return [...problems, ...sumProblems(scenario)];
}

function sumProblems(scenario: Scenario): readonly ScenarioProblem[] {
  const { devices, countries, behaviour, arrivals } = scenario.audience;
  const sums: readonly (readonly [string, readonly number[]])[] = [
    ['audience.devices', Object.values(devices).map((device) => device.share)],
    ['audience.countries', Object.values(countries)],
    ['audience.behaviour.browseWeights', Object.values(behaviour.browseWeights)],
    ['audience.behaviour.titleWeights', Object.values(behaviour.titleWeights)],
  ];
  const problems = sums
    .filter(([, values]) => values.reduce((sum, value) => sum + value, 0) <= 0)
    .map(([path]) => ({
      path,
      found: 'weights that add up to 0',
      rule: 'give one of them weight',
    }));
  if (arrivals !== 'built-in' && !isAscending(arrivals.map((point) => point.at))) {
    problems.push({
      path: 'audience.arrivals',
      found: 'points out of order',
      rule: 'give the points with ascending `at`',
    });
  }
  if (scenario.clock.warmUp >= scenario.clock.duration) {
    problems.push({
      path: 'clock.warmUp',
      found: shown(scenario.clock.warmUp),
      rule: 'a warm-up shorter than clock.duration',
    });
  }
  return problems;
}

function isAscending(values: readonly number[]): boolean {
  return values.every((value, i) => i === 0 || value > (values[i - 1] ?? 0));
}

function suggestion(found: string, known: readonly string[]): string {
  const nearest = nearestName(found, known);
  const all = known.length <= 12 ? `; valid: ${known.join(', ')}` : '';
  return nearest === undefined ? `no such name${all}` : `did you mean "${nearest}"?${all}`;
}

/** The keys that the schema has at a path, so that the nearest one can be named. */
function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  let schema: unknown = scenarioSchema;
  for (const step of path) schema = childSchema(unwrapped(schema), step);
  const shape = shapeOf(unwrapped(schema));
  return shape === undefined ? [] : Object.keys(shape);
}

function childSchema(schema: unknown, step: PropertyKey): unknown {
  const shape = shapeOf(schema);
  if (shape !== undefined) return shape[String(step)];
  const def = definition(schema);
  return def?.['valueType'] ?? def?.['element'];
}

function unwrapped(schema: unknown): unknown {
  let current = schema;
  for (let inner = definition(current)?.['innerType']; inner !== undefined; ) {
    current = inner;
    inner = definition(current)?.['innerType'];
  }
  return current;
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  const shape = definition(schema)?.['shape'];
  return isObject(shape) ? shape : undefined;
}

function definition(schema: unknown): Record<string, unknown> | undefined {
  const def = isObject(schema) ? schema['def'] : undefined;
  return isObject(def) ? def : undefined;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = input;
  for (const step of path) value = isObject(value) ? value[String(step)] : undefined;
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
