/** The field of a scenario that a factor varies: whether there is one, and what stands there. */
import { nearestName, type ScenarioProblem } from '../../../kernel/errors.ts';
import { knownKeys } from '../../scenario/define-scenario.ts';
import type { Scenario } from '../../scenario/schema.ts';

/** What stands at a path; undefined where the schema has a field that the scenario leaves out. */
export interface VariedField {
  readonly value: unknown;
}

/** Follows a path. Fields that are not there must be ones of the schema; the nearest is named. */
export function variedField(scenario: Scenario, path: string): VariedField | ScenarioProblem {
  const steps = path.split('.');
  let value: unknown = scenario;
  for (const [i, step] of steps.entries()) {
    const so = steps.slice(0, i).join('.');
    if (Array.isArray(value)) {
      const rule = `${so} is a list: a list is set or scaled as a whole, or by variants`;
      return { path, found: 'a path into a list', rule };
    }
    const keys = isObject(value) ? Object.keys(value) : [];
    const known = [...new Set([...keys, ...knownKeys(steps.slice(0, i))])];
    if (!known.includes(step)) return unknownStep(path, { step, so, known });
    value = isObject(value) ? value[step] : undefined;
  }
  return { value };
}

function unknownStep(
  path: string,
  at: { readonly step: string; readonly so: string; readonly known: readonly string[] },
): ScenarioProblem {
  const { step, so, known } = at;
  const found = 'an unknown path';
  if (known.length === 0) return { path, found, rule: `${so} is a single value` };
  const nearest = nearestName(step, known);
  const full = [...(so === '' ? [] : [so]), nearest].join('.');
  const names = known.length <= 12 ? `; there are ${known.join(', ')}` : '';
  const hint = nearest === undefined ? `no "${step}" there` : `did you mean "${full}"?`;
  return { path, found, rule: `${hint}${names}` };
}

/** A number, a distribution or a rate over time, so many times as large; undefined for anything
 * else. Of a distribution every value is, so that its shape stays. */
export function scaledField(value: unknown, factor: number): unknown {
  if (typeof value === 'number') return value * factor;
  if (Array.isArray(value)) return scaledCurve(value, factor);
  if (!isObject(value) || typeof value['kind'] !== 'string') return undefined;
  if (value['kind'] === 'empirical') return scaledPoints(value, factor);
  const sizes = SIZES[value['kind']];
  if (sizes === undefined) return undefined;
  const scaled = sizes.map((size) => [size, Number(value[size]) * factor]);
  return { ...value, ...Object.fromEntries(scaled) };
}

/** Parameters of distributions that grow with their values. */
const SIZES: Readonly<Record<string, readonly string[]>> = {
  deterministic: ['value'],
  uniform: ['low', 'high'],
  exponential: ['mean'],
  lognormal: ['median'],
  gamma: ['mean'],
  weibull: ['scale'],
  pareto: ['minimum'],
};

function scaledPoints(value: Readonly<Record<string, unknown>>, factor: number): unknown {
  const points = value['points'] as readonly { readonly value: number }[];
  return { ...value, points: points.map((point) => ({ ...point, value: point.value * factor })) };
}

/** `traffic.rate` and `traffic.users`: amounts over time. Half a user is none. */
function scaledCurve(points: readonly unknown[], factor: number): unknown {
  const scaled = points.map((point) => {
    if (!isObject(point)) return undefined;
    if (typeof point['perSecond'] === 'number') {
      return { ...point, perSecond: point['perSecond'] * factor };
    }
    if (typeof point['users'] !== 'number') return undefined;
    return { ...point, users: Math.round(point['users'] * factor) };
  });
  return scaled.includes(undefined) || scaled.length === 0 ? undefined : scaled;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
