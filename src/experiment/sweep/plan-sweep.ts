/** The plan of a sweep: its factors, its design, and every point's scenario, checked before
 * anything is run. Spec: E270–E272. */
import type { ArchitectureName } from '../../gateway/architecture.ts';
import type { ScenarioProblem } from '../../kernel/errors.ts';
import type { Point } from '../campaign/campaign.ts';
import type { Scenario } from '../scenario/schema.ts';
import { type Variant, variantsOf } from '../scenario/variants.ts';
import { type DesignPoint, designPoints } from './design-points.ts';
import { factorOf, scenarioAt } from './factors/factor.ts';
import { invalidSweep, parseFactors } from './factors/factor-text.ts';
import type { SweepDesign, SweepFactor } from './sweep-document.ts';

/** What is swept and how: plain data, so that `merge` can ask again. */
export interface SweepOptions {
  /** `path=1,2,4`, `path=0.5..2`, `path*=0.5..2`: one text a factor. */
  readonly vary: readonly string[];
  /** Default `grid`. */
  readonly design?: SweepDesign | undefined;
  /** Points that fill ranges (default 16), or the most that a grid may have. */
  readonly points?: number | undefined;
  /** Default 5; 2 at least for intervals. */
  readonly replications?: number | undefined;
  /** Names of metrics; the best point is the first one's. */
  readonly metrics?: readonly string[] | undefined;
  readonly architectures?: readonly ArchitectureName[] | undefined;
  readonly seed?: number | undefined;
  /** Only the point of this name. */
  readonly only?: string | undefined;
  readonly replayCommand?: string | undefined;
}

/** A point with where it belongs. */
export interface PlannedPoint extends Point {
  readonly subject: string;
  readonly index: number;
  readonly settings: DesignPoint;
}

/** A sweep before anything is run. */
export interface SweepPlan {
  readonly scenario: Scenario;
  readonly design: SweepDesign;
  readonly factors: readonly SweepFactor[];
  readonly subjects: readonly Variant[];
  readonly points: readonly PlannedPoint[];
  readonly designSize: number;
  readonly replications: number;
}

const DEFAULT_REPLICATIONS = 5;
/** Problems that one message names. */
const MAX_PROBLEMS = 20;

/** Plans a sweep: every point's scenario is made and checked.
 * @throws EngineError `SWEEP_INVALID` that lists every problem; as {@link variantsOf}. */
export function planSweep(scenario: Scenario, options: SweepOptions): SweepPlan {
  const { design = 'grid', replications = DEFAULT_REPLICATIONS } = options;
  const seeded = { ...scenario, seed: options.seed ?? scenario.seed };
  const subjects = variantsOf(seeded, options.architectures);
  const factors = factorsOf(subjects, options.vary);
  const settings = designPoints({
    kind: design,
    factors,
    points: options.points,
    seed: seeded.seed,
  });
  const all = plannedPoints(subjects, factors, settings);
  const points = options.only === undefined ? all : all.filter(({ name }) => name === options.only);
  if (points.length === 0) {
    const rule = `points are named ${all[0]?.name} to ${all.at(-1)?.name}`;
    throw invalidSweep([{ path: '--point', found: `${options.only}`, rule }]);
  }
  const rest = { factors, subjects, points, replications };
  return { scenario: seeded, design, designSize: settings.length, ...rest };
}

/** The factors, which every subject must have. */
function factorsOf(subjects: readonly Variant[], vary: readonly string[]): readonly SweepFactor[] {
  const problems: ScenarioProblem[] = [];
  const factors = parseFactors(vary).flatMap((text) => {
    const found = subjects.map(({ scenario }) => factorOf(scenario, text));
    const problem = found.find((one) => 'rule' in one);
    if (problem !== undefined) {
      problems.push(problem as ScenarioProblem);
      return [];
    }
    const [first] = found as readonly SweepFactor[];
    return first === undefined ? [] : [first];
  });
  if (problems.length > 0) throw invalidSweep(problems);
  return factors;
}

function plannedPoints(
  subjects: readonly Variant[],
  factors: readonly SweepFactor[],
  settings: readonly DesignPoint[],
): readonly PlannedPoint[] {
  const problems = new Map<string, ScenarioProblem>();
  const width = String(settings.length - 1).length;
  const points = subjects.flatMap(({ name, architecture, scenario }) =>
    settings.flatMap((one, index): PlannedPoint[] => {
      const made = scenarioAt(scenario, factors, one);
      if ('problems' in made) {
        for (const problem of made.problems) {
          problems.set(`${problem.path} ${problem.found}`, withHint(problem, factors));
        }
        return [];
      }
      const pointName = `${name}/${String(index).padStart(width, '0')}`;
      return [
        {
          name: pointName,
          subject: name,
          index,
          architecture,
          settings: one,
          scenario: made.scenario,
        },
      ];
    }),
  );
  if (problems.size > 0) throw invalidSweep([...problems.values()].slice(0, MAX_PROBLEMS));
  return points;
}

/** A number where the scenario has a distribution is the commonest mistake. */
function withHint(problem: ScenarioProblem, factors: readonly SweepFactor[]): ScenarioProblem {
  const factor = factors.find(({ path }) => path === problem.path);
  if (factor === undefined || factor.how === 'scale' || typeof factor.low !== 'number') {
    return problem;
  }
  if (!problem.rule.includes('expected object')) return problem;
  const rule = `${problem.rule}; scale what is there with ${factor.path}*=0.5..2`;
  return { ...problem, rule };
}
