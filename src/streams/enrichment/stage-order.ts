/** The order of stages as data: which follows which, and what must come before what, because
 * changing the order changes the results. Spec: W78. */
import { EngineError, nearestName } from '../../kernel/errors.ts';
import type { Stage } from './stage.ts';

/** The order in which stages are made to follow each other. Personal data is transformed last, for
 * joins and look-ups need it; yet whatever fails before is kept without it. */
export const STAGE_ORDER = [
  'decode',
  'guard',
  'schema',
  'dedupe',
  'time',
  'device',
  'user-agent',
  'bot',
  'country',
  'geo',
  'campaign',
  'title',
  'profile',
  'session',
  'local-hour',
  'privacy',
  'route',
] as const;

/** Pairs (before, after) that hold wherever both stages are there. */
const BEFORE: readonly (readonly [string, string])[] = [
  ['decode', 'guard'],
  ['guard', 'schema'],
  ['schema', 'dedupe'],
  ['schema', 'time'],
  ['schema', 'privacy'],
  ['dedupe', 'time'],
  ['time', 'title'],
  ['time', 'profile'],
  ['time', 'session'],
  ['time', 'local-hour'],
  ['country', 'local-hour'],
  ['geo', 'local-hour'],
  ['campaign', 'privacy'],
  ['profile', 'privacy'],
  ['session', 'privacy'],
];

/** The stages in the order of their names.
 * @throws EngineError `ENRICHMENT_BAD_ORDER` with every problem. */
export function orderStages(
  stages: readonly Stage[],
  order: readonly string[] = stages.map(({ name }) => name),
): readonly Stage[] {
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  const problems = [
    ...repeated(stages.map(({ name }) => name)).map((name) => `two stages named "${name}"`),
    ...repeated(order).map((name) => `"${name}" stands twice in the order`),
    ...order.filter((name) => !byName.has(name)).map((name) => unknownStage(name, byName)),
    ...stages
      .filter(({ name }) => !order.includes(name))
      .map(({ name }) => `"${name}" is not in the order`),
    ...BEFORE.filter(([before, after]) => {
      const [first, second] = [order.indexOf(before), order.indexOf(after)];
      return first >= 0 && second >= 0 && first > second;
    }).map(([before, after]) => `"${before}" must come before "${after}"`),
  ];
  if (problems.length === 0) return order.map((name) => byName.get(name) as Stage);
  throw new EngineError('ENRICHMENT_BAD_ORDER', `${problems.join('; ')}; name each stage once`, {
    problems,
  });
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
}

function unknownStage(name: string, known: ReadonlyMap<string, Stage>): string {
  const near = nearestName(name, [...known.keys()]);
  const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
  return `no stage "${name}"${hint}`;
}
