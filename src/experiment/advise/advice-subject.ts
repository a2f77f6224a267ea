/** What advice is for: one way to run a scenario, with everything it needs filled in, or a refusal
 * that says how to go on. Spec: M180. */
import { EngineError, nearestName } from '../../kernel/errors.ts';
import { peakOf } from '../capacity/demand/peak.ts';
import { capacityProblems, refuseProblems } from '../capacity/subject/capacity-problems.ts';
import { type JudgedObjectives, judgedObjectives } from '../capacity/subject/judged-objectives.ts';
import { withMonolith } from '../capacity/subject/monolith.ts';
import type { RunInputs } from '../run-inputs.ts';
import { changedScenario } from '../scenario/define-scenario.ts';
import type { Scenario } from '../scenario/schema.ts';
import { type Variant, variantsOf } from '../scenario/variants.ts';

/** The subject. */
export interface AdviceSubject {
  readonly variant: Variant;
  readonly objectives: JudgedObjectives;
  readonly hasDefaultPrices: boolean;
}

const CONFIDENCE = 0.95;

/** The subject of a name.
 * @param wanted - An architecture or a variant; undefined where there is only one.
 * @throws EngineError `CLI_USAGE` for a name that is not there, or none where there are several;
 * `SCENARIO_UNPLANNABLE` without objectives that can fail, or without traffic. */
export function adviceSubject(
  scenario: Scenario,
  wanted: string | undefined,
  of: { readonly replications: number; readonly inputs: Pick<RunInputs, 'arrivals'> },
): AdviceSubject {
  const found = subjectOf(variantsOf(scenario), wanted);
  const peak = peakOf(scenario, of.inputs.arrivals);
  const objectives = judgedObjectives(found.scenario, {
    confidence: scenario.planning?.confidence ?? CONFIDENCE,
    replications: of.replications,
  });
  refuseProblems(scenario, capacityProblems(objectives.judged, peak.overMean), 'advise on');
  const hasDefaultPrices = found.scenario.prices === undefined;
  const described = withMonolith(found.scenario, found.architecture);
  const priced = hasDefaultPrices ? changedScenario(described, { prices: {} }) : undefined;
  return {
    variant: {
      ...found,
      scenario: priced === undefined || 'problems' in priced ? described : priced.scenario,
    },
    objectives,
    hasDefaultPrices,
  };
}

/** By its own name, or as the only one of its architecture. */
function subjectOf(all: readonly Variant[], wanted: string | undefined): Variant {
  const [first] = all;
  if (wanted === undefined && all.length === 1 && first !== undefined) return first;
  const names = all.map(({ name }) => name);
  const list = `there are ${names.join(', ')}`;
  if (wanted === undefined) {
    throw usage(`advice is for one of several: name it with --architecture; ${list}`);
  }
  const named = all.find(({ name }) => name === wanted);
  const ofArchitecture = all.filter(({ architecture }) => architecture === wanted);
  const found = named ?? (ofArchitecture.length === 1 ? ofArchitecture[0] : undefined);
  if (found !== undefined) return found;
  if (ofArchitecture.length > 1) {
    const several = ofArchitecture.map(({ name }) => name).join(', ');
    throw usage(`several variants are of architecture ${wanted}: name one of ${several}`);
  }
  const nearest = nearestName(wanted, names);
  const hint = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
  throw usage(`no architecture or variant "${wanted}"${hint}; ${list}`);
}

function usage(message: string): EngineError {
  return new EngineError('CLI_USAGE', message, { argument: '--architecture' });
}
