/** How content a viewer is with the service: what was watched lately, remembered less and less. It
 * says how soon the viewer comes back, and whether at all. Source: the long-term-satisfaction user
 * of RecSim (Ie et al. 2019): net positive exposure through a sigmoid; the update here is keyed by
 * the viewer's own draws and has the documented sign. Spec: D25–D26. */

/** How satisfaction works. */
export interface SatisfactionConfig {
  /** What is left of the exposure so far after one more play, 0–1. */
  readonly memory: number;
  /** Slope of satisfaction over exposure. */
  readonly sensitivity: number;
  /** Enjoyment below which a play disappoints, 0–1. */
  readonly expectation: number;
  /** Mean time to the next visit of a viewer of satisfaction ½, µs. */
  readonly returnTimeUs: number;
  /** Factor of that time from satisfaction ½ to 1 (and its inverse down to 0): below 1. */
  readonly returnFactor: number;
  /** Probability of never coming back after a visit at satisfaction ½. */
  readonly churnProbability: number;
  /** Factor of its odds from satisfaction ½ to 1 (and its inverse down to 0): below 1. */
  readonly churnFactor: number;
}

const DAY_US = 86_400_000_000;

/** Comes back every other day, and stays for about a year; unhappy ones neither. */
export const DEFAULT_SATISFACTION: SatisfactionConfig = {
  memory: 0.8,
  sensitivity: 1.5,
  expectation: 0.5,
  returnTimeUs: 2 * DAY_US,
  returnFactor: 0.6,
  churnProbability: 0.01,
  churnFactor: 0.15,
};

/** Net positive exposure after one more play. @param enjoyment - 0–1: the share enjoyed. */
export function afterPlay(config: SatisfactionConfig, exposure: number, enjoyment: number): number {
  return config.memory * exposure + (enjoyment - config.expectation);
}

/** Satisfaction, 0–1; ½ for a newcomer, whose exposure is 0. */
export function satisfactionOf({ sensitivity }: SatisfactionConfig, exposure: number): number {
  return 1 / (1 + Math.exp(-sensitivity * exposure));
}

/** Mean of the exponential time to the next visit, µs. */
export function meanReturnUs(config: SatisfactionConfig, satisfaction: number): number {
  return config.returnTimeUs * config.returnFactor ** (2 * satisfaction - 1);
}

/** Probability that this visit was the last. */
export function churnProbability(config: SatisfactionConfig, satisfaction: number): number {
  const odds =
    (config.churnProbability / (1 - config.churnProbability)) *
    config.churnFactor ** (2 * satisfaction - 1);
  return odds / (1 + odds);
}
