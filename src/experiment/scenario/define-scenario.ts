/** `defineScenario`: checks a scenario against its schema and its meaning, and reports every
 * problem at once with path, value found, rule and nearest valid name. */
import type { z } from 'zod';
import { ARCHITECTURE_NAMES } from '../../gateway/architecture.ts';
import { PRODUCTS } from '../../gateway/products/products.ts';
import { EngineError, type ScenarioProblem } from '../../kernel/errors.ts';
import { objectiveProblems, subjectProblems } from '../objectives/checks/objective-problems.ts';
import { pipelineProblems } from '../pipelines/scenario-problems.ts';
import { eveningProblems } from './problems/evening-problems.ts';
import { faultProblems } from './problems/fault-problems.ts';
import { shown, suggestion } from './problems/problem-words.ts';
import { recommendationProblems } from './problems/recommendation-problems.ts';
import { type Scenario, type ScenarioInput, scenarioSchema } from './schema.ts';
import { applyVariant, variantDraft } from './variants.ts';

/** Checks a scenario and fills in its defaults.
 * @throws EngineError `SCENARIO_INVALID` that lists every problem, sorted by path. */
export function defineScenario(input: ScenarioInput): Scenario {
  const parsed = scenarioSchema.safeParse(input);
  const problems = parsed.success
    ? [...meaningProblems(parsed.data), ...subjectProblems(parsed.data)]
    : parsed.error.issues.flatMap((issue) => schemaProblems(issue, input));
  if (problems.length > 0 || !parsed.success) throw invalid(problems, input);
  return parsed.data;
}

/** A scenario with some fields set otherwise, or what is wrong with it then. */
export function changedScenario(
  scenario: Scenario,
  set: Readonly<Record<string, unknown>>,
): { readonly scenario: Scenario } | { readonly problems: readonly ScenarioProblem[] } {
  const applied = applyVariant(scenario, set);
  const problems = applied.success
    ? meaningProblems(applied.data)
    : applied.error.issues.flatMap((issue) => schemaProblems(issue, variantDraft(scenario, set)));
  return applied.success && problems.length === 0 ? { scenario: applied.data } : { problems };
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
    if (deepest.length > 0 && (depth(deepest) > 0 || deepest.every(isUnknownKey))) {
      return deepest.flatMap((inner) =>
        schemaProblems({ ...inner, path: [...issue.path, ...inner.path] }, input),
      );
    }
  }
  const found = valueAt(input, issue.path);
  const allowed = allowedValues(issue);
  const rule =
    allowed !== undefined && typeof found === 'string' ? suggestion(found, allowed) : issue.message;
  return [{ path: issue.path.join('.') || '(scenario)', found: shown(found), rule }];
}

/** The values that a field may have, where they are few. */
function allowedValues(issue: z.core.$ZodIssue): readonly string[] | undefined {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  const { options } = issue as { readonly options?: readonly unknown[] };
  return issue.code === 'invalid_union' ? options?.map(String) : undefined;
}

function isUnknownKey({ code }: z.core.$ZodIssue): boolean {
  return code === 'unrecognized_keys';
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

/** What the schema cannot say: names that must exist elsewhere, sums that must be positive. */
function meaningProblems(scenario: Scenario): readonly ScenarioProblem[] {
  return [
    ...serviceProblems(scenario),
    ...productProblems(scenario),
    ...faultProblems(scenario),
    ...regionProblems(scenario),
    ...sumProblems(scenario),
    ...trafficProblems(scenario),
    ...eveningProblems(scenario),
    ...pipelineProblems(scenario),
    ...objectiveProblems(scenario),
    ...recommendationProblems(scenario),
    ...variantProblems(scenario),
  ];
}

/** Every service of the product, and no other, must be described. */
function serviceProblems(scenario: Scenario): readonly ScenarioProblem[] {
  const { services } = PRODUCTS[scenario.product];
  const unknown = Object.keys(scenario.services)
    .filter((name) => !services.includes(name))
    .map((name) => ({
      path: `services.${name}`,
      found: 'a service that no page can reach',
      rule: suggestion(name, services),
    }));
  const missing = services
    .filter((name) => scenario.services[name] === undefined)
    .map((name) => ({
      path: `services.${name}`,
      found: 'nothing',
      rule: 'every page needs this service: describe it',
    }));
  return [...unknown, ...missing];
}

/** A product without pages has no viewers, and may lack architectures. */
function productProblems(scenario: Scenario): readonly ScenarioProblem[] {
  const { name, hasPages, architectures } = PRODUCTS[scenario.product];
  const variants = scenario.variants.flatMap(({ architecture }, i) =>
    architectures.includes(architecture)
      ? []
      : [
          {
            path: `variants.${i}.architecture`,
            found: shown(architecture),
            rule: `an architecture of ${name}: ${architectures.join(', ')}`,
          },
        ],
  );
  if (hasPages) return variants;
  const { audience, traffic } = scenario;
  const rule = `${name} has no pages: ask operations, in traffic.operations`;
  const asked: readonly (readonly [path: string, count: number])[] = [
    ['audience.viewers', audience.viewers],
    ['audience.guests', audience.guests.length],
    ['traffic.pages', Object.keys(traffic?.pages ?? {}).length],
  ];
  return [
    ...variants,
    ...asked
      .filter(([, count]) => count > 0)
      .map(([path, count]) => ({ path, found: shown(count), rule })),
  ];
}

/** Servers stand in regions that there are, and faults hit zones that there are. */
function regionProblems(scenario: Scenario): readonly ScenarioProblem[] {
  const { regions, zones } = scenario.network;
  const { aggregation, federated, monolith } = scenario.architectures;
  const places: (readonly [path: string, place: number, of: 'regions' | 'zones'])[] = [
    ...Object.entries(scenario.services).map(
      ([name, { region }]) => [`services.${name}.region`, region, 'regions'] as const,
    ),
    ['architectures.aggregation.region', aggregation.region, 'regions'],
    ['architectures.federated.region', federated.region, 'regions'],
    ['architectures.monolith.region', monolith?.region ?? 0, 'regions'],
  ];
  scenario.faults.forEach((fault, i) => {
    if (fault.kind !== 'zone.loss') return;
    places.push([`faults.${i}.region`, fault.region, 'regions']);
    places.push([`faults.${i}.zone`, fault.zone, 'zones']);
  });
  const count = { regions, zones };
  return places
    .filter(([, place, of]) => place >= count[of])
    .map(([path, place, of]) => ({
      path,
      found: shown(place),
      rule: `network.${of} is ${count[of]}: give 0 … ${count[of] - 1}`,
    }));
}

/** A variant is checked as the scenario that it makes. */
function variantProblems(scenario: Scenario): readonly ScenarioProblem[] {
  const names = scenario.variants.map(({ name }) => name);
  // What is wrong with an objective in every variant is told once, of the scenario.
  const told = objectiveProblems(scenario).map(({ path, rule }) => path + rule);
  const problems = scenario.variants.flatMap(({ name, set }, i): readonly ScenarioProblem[] => {
    if (names.indexOf(name) < i) {
      return [{ path: `variants.${i}.name`, found: shown(name), rule: 'a name of its own' }];
    }
    const changed = changedScenario(scenario, set);
    const inner = 'problems' in changed ? changed.problems : [];
    const own = inner.filter(({ path, rule }) => !told.includes(path + rule));
    return own.map((problem) => ({ ...problem, path: `variants.${i}.set: ${problem.path}` }));
  });
  const runs = names.length === 0 ? ARCHITECTURE_NAMES : names;
  const unknown = scenario.references.flatMap(({ variant }, i) =>
    (runs as readonly string[]).includes(variant)
      ? []
      : [
          {
            path: `references.${i}.variant`,
            found: shown(variant),
            rule: suggestion(variant, runs),
          },
        ],
  );
  return [...problems, ...unknown];
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
  const { traffic } = scenario;
  if (traffic === undefined && scenario.audience.viewers + scenario.audience.guests.length === 0) {
    problems.push({
      path: 'audience.viewers',
      found: '0',
      rule: 'viewers who arrive, guests, or a load test in `traffic`',
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

function trafficProblems({ traffic }: Scenario): readonly ScenarioProblem[] {
  if (traffic === undefined) return [];
  const problems: ScenarioProblem[] = [];
  const { pages, operations } = traffic;
  const weights = [...Object.values(pages), ...operations.map(({ weight }) => weight)];
  if (weights.reduce((sum, value) => sum + value, 0) <= 0) {
    problems.push({
      path: 'traffic.pages',
      found: 'weights that add up to 0',
      rule: 'give a page or an operation weight',
    });
  }
  const { kind } = traffic;
  const times = (kind === 'open' ? traffic.rate : traffic.users).map(({ at }) => at);
  // Users may jump, a rate may not.
  const isInOrder =
    kind === 'open' ? isAscending(times) : times.every((at, i) => at >= (times[i - 1] ?? 0));
  if (!isInOrder) {
    problems.push({
      path: kind === 'open' ? 'traffic.rate' : 'traffic.users',
      found: 'points out of order',
      rule: 'give the points with ascending `at`',
    });
  }
  return problems;
}

function isAscending(values: readonly number[]): boolean {
  return values.every((value, i) => i === 0 || value > (values[i - 1] ?? 0));
}

/** The keys that the schema has at a path, so that the nearest one can be named. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
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
  if (isObject(shape)) return shape;
  // Of a union, all that its members know.
  const options = definition(schema)?.['options'];
  if (!Array.isArray(options)) return undefined;
  return Object.assign({}, ...options.map((option) => shapeOf(unwrapped(option)) ?? {}));
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
