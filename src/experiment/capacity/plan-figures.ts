/** From what a search found to the words and rows of a plan's document. */
import type {
  ArchitecturePlan,
  DemandRegret,
  Excuse,
  PlannedNumber,
  PlanVerdict,
} from './documents/plan-document.ts';
import type { FleetAnswer } from './search/cheapest-fleet.ts';
import type { Fleet } from './search/fleet.ts';
import type { FleetTrial, FleetTrials } from './subject/fleet-trials.ts';
import type { PlannedCoordinate } from './subject/planned-numbers.ts';
import type { SampleStore } from './subject/sample-store.ts';

const EXCUSES_MAX = 20;

/** The numbers of a plan, chosen and not. */
export function numbersOf(
  coordinates: readonly PlannedCoordinate[],
  start: Fleet,
  found: { readonly answer: FleetAnswer<FleetTrial>; readonly regret: DemandRegret | null },
): readonly PlannedNumber[] {
  const { answer, regret } = found;
  const least = regret?.rows[regret.least]?.fleet;
  return coordinates.map(({ path, station, min, max, step, usdPerHourPerStep }, i) => ({
    path,
    station,
    min,
    max,
    step,
    start: start[i] ?? min,
    chosen: answer.verdict === 'met' ? (answer.fleet[i] ?? null) : null,
    leastRegret: least?.[path] ?? null,
    usdPerHourPerStep,
  }));
}

/** What hangs on the search alone. */
type SearchFigures = Pick<
  ArchitecturePlan,
  | 'verdict'
  | 'reason'
  | 'fleet'
  | 'usdPerHour'
  | 'bestFound'
  | 'bestFoundUsdPerHour'
  | 'verdicts'
  | 'confirmedReplications'
  | 'binding'
  | 'excuses'
  | 'isMinimumVerified'
  | 'counts'
>;

/** Verdict, fleet, excuses and counts of a search. */
export function planOf(
  { store }: { readonly store: SampleStore },
  trials: FleetTrials,
  answer: FleetAnswer<FleetTrial>,
): SearchFigures {
  const stopped = store.stopped === 'interrupted' ? 'interrupted' : 'budget';
  const verdict: PlanVerdict = answer.verdict === 'stopped' ? stopped : answer.verdict;
  const isMet = verdict === 'met';
  const setting = trials.settingOf(answer.fleet);
  const usdPerHour = trials.costOf(answer.fleet);
  const excuses = excusesOf(trials, answer);
  const { trial } = answer;
  return {
    verdict,
    reason: reasonOf(verdict, answer),
    fleet: isMet ? setting : null,
    usdPerHour: isMet ? usdPerHour : null,
    bestFound: isMet || trial === undefined ? null : setting,
    bestFoundUsdPerHour: isMet || trial === undefined ? null : usdPerHour,
    verdicts: trial?.look.verdicts ?? [],
    confirmedReplications: trial?.isConfirmation === true ? trial.replications : 0,
    binding: trial?.look.binding ?? null,
    excuses: excuses.slice(0, EXCUSES_MAX),
    isMinimumVerified: answer.isMinimumVerified,
    counts: {
      fleets: answer.known.all.length,
      inferred: answer.inferred,
      rejected: {
        screened: countOf(excuses, 'screened'),
        failed: countOf(excuses, 'failed'),
        margin: countOf(excuses, 'margin'),
        confirmation: countOf(excuses, 'confirmation'),
      },
    },
  };
}

function countOf(excuses: readonly Excuse[], by: Excuse['rejectedBy']): number {
  return excuses.filter(({ rejectedBy }) => rejectedBy === by).length;
}

function reasonOf(verdict: PlanVerdict, { trial, isMinimumVerified }: FleetAnswer<FleetTrial>) {
  const binding = trial?.look.binding;
  const miss = binding === null || binding === undefined ? '' : `: ${binding.objective}`;
  const where = binding?.situation === undefined ? '' : ` (${binding.situation})`;
  switch (verdict) {
    case 'met':
      return isMinimumVerified
        ? 'every objective holds with confidence, and no fleet one step cheaper does'
        : 'every objective holds with confidence; cheaper neighbours were not all tried';
    case 'impossible':
      return `the largest fleet of the range does not meet the objectives${miss}${where}`;
    case 'inconclusive':
      return `replications ended before it was told whether any fleet meets them${miss}${where}`;
    case 'budget':
      return 'the budget of runs was used up; what follows is the best found so far';
    case 'interrupted':
      return 'interrupted; what follows is the best found so far';
  }
}

/** Why fleets were rejected: neighbours of the answer first, then the dearest. */
function excusesOf(trials: FleetTrials, answer: FleetAnswer<FleetTrial>): readonly Excuse[] {
  const excuses = answer.known.all.flatMap(({ fleet, trial }): readonly Excuse[] => {
    const missed = trial.look.binding;
    if (trial.verdict === 'pass' || missed === null) return [];
    return [
      {
        fleet: trials.settingOf(fleet),
        usdPerHour: trials.costOf(fleet),
        rejectedBy: rejectedBy(trial),
        replications: trial.replications,
        missedReplications: trial.look.missedReplications,
        missed,
        isNeighbour: isNeighbour(fleet, answer.fleet),
      },
    ];
  });
  return excuses.sort(
    (a, b) => Number(b.isNeighbour) - Number(a.isNeighbour) || b.usdPerHour - a.usdPerHour,
  );
}

function rejectedBy({ isScreened, isConfirmation, verdict }: FleetTrial): Excuse['rejectedBy'] {
  if (isConfirmation) return 'confirmation';
  if (isScreened) return 'screened';
  return verdict === 'fail' ? 'failed' : 'margin';
}

/** Less in one number, and the same in all others. */
function isNeighbour(fleet: Fleet, chosen: Fleet): boolean {
  const differing = fleet.filter((value, i) => value !== chosen[i]);
  return differing.length === 1 && fleet.every((value, i) => value <= (chosen[i] ?? 0));
}
