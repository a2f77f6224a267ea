/** M/G/1: Poisson arrivals, any service time, one server, a line without end. Spec: Q105. */
import { checkArguments } from '../../bad-argument.ts';
import {
  type Demand,
  offeredLoad,
  type QueueTheory,
  steadyQueue,
  unstableQueue,
} from '../queue-theory.ts';

/** Demand whose service times are known by their moments. */
export interface GeneralDemand extends Demand {
  /** C²: variance of the service time ÷ its mean squared, ≥ 0; may be Infinity. */
  readonly serviceScv: number;
  /** E[S³] in µs³, for the variance of the wait; left out where not known. */
  readonly serviceThirdMoment?: number | undefined;
}

/** Wq = ρE[S](1 + C²) ÷ 2(1 − ρ); Var(Wq) = Wq² + λE[S³] ÷ 3(1 − ρ). Cost O(1).
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. Source: Pollaczek 1930, Khinchine 1932. */
export function mg1(demand: GeneralDemand): QueueTheory {
  const { arrivalRatePerSec, meanServiceUs, serviceThirdMoment: third } = demand;
  checkScv('serviceScv', demand.serviceScv);
  const rho = offeredLoad(demand);
  const source = 'Pollaczek 1930, Khinchine 1932';
  const known = { model: 'M/G/1', demand, serverCount: 1, source };
  if (rho >= 1) return unstableQueue(known);
  const meanWaitUs =
    rho === 0 ? 0 : (rho * meanServiceUs * (1 + demand.serviceScv)) / (2 * (1 - rho));
  const spread = third === undefined ? null : (arrivalRatePerSec * third) / 1e6 / (3 * (1 - rho));
  return steadyQueue({
    ...known,
    meanWaitUs,
    waitProbability: rho,
    waitVariance: spread === null ? null : meanWaitUs ** 2 + spread,
  });
}

/** Refuses a squared coefficient of variation below 0.
 * @throws EngineError `QUEUEING_BAD_ARGUMENT`. */
export function checkScv(argument: string, found: number): void {
  checkArguments([[argument, found, found >= 0, 'give a number ≥ 0']]);
}
