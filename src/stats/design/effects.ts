/** Main effects and two-factor interactions of a two-level design, each with an interval over
 * replications. A replication gives one observation of every effect, so that common random numbers
 * between the runs of a design narrow the intervals as they should. */
import { requireArgument } from '../bad-argument.ts';
import { type MeanInterval, meanInterval } from '../mean-interval.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { TwoLevelDesign } from './two-level.ts';

/** The mean response at the high level minus that at the low one. */
export interface Effect {
  /** A factor's name, or two joined by ` × `. */
  readonly name: string;
  /** Column numbers: one for a main effect, two for an interaction. */
  readonly factors: readonly number[];
  /** Null where the design cannot tell it from another effect. */
  readonly effect: MeanInterval | null;
  /** Names of the effects that it is mixed with in this design (whole or in part). */
  readonly aliases: readonly string[];
  readonly refusal: Refusal | null;
}

/** Effects, main ones first, then interactions in order of their factors. */
export interface EffectsOptions {
  /** One name a column. */
  readonly names: readonly string[];
  /** Between 0 and 1; 0.95 unless given. For m effects at once pass 1 − (1 − confidence) ÷ m. */
  readonly confidence?: number;
}

/** Effects of a design.
 *
 * A main effect is always given: two-level designs here have orthogonal columns; where it is mixed
 * with interactions, `aliases` names them, and it is right only if those are small. An interaction
 * is refused where its contrast is not orthogonal to a main effect's or another interaction's.
 * @param responses - `[run][replication]`, every run of the same number of replications.
 * @throws EngineError `STATS_BAD_ARGUMENT`. Cost O(runs · (factors⁴ + factors² · replications)).
 * Source: Montgomery, Design and Analysis of Experiments, ch. 6; Law, ch. 12. Spec: N53. */
export function effectsOf(
  design: TwoLevelDesign,
  responses: readonly (readonly number[])[],
  { names, confidence = 0.95 }: EffectsOptions,
): Effect[] {
  requireShape(design, responses, names);
  const contrasts = contrastsOf(design, names);
  return contrasts.map((contrast) => {
    const aliases = contrasts
      .filter((other) => other !== contrast && product(other.signs, contrast.signs) !== 0)
      .map((other) => other.name);
    const { name, factors, signs } = contrast;
    const isClear = factors.length === 1 || aliases.length === 0;
    if (!isClear) {
      const text = `this design mixes ${name} with ${aliases.join(', ')}: add runs`;
      return { name, factors, effect: null, aliases, refusal: refusal('aliased', text) };
    }
    const effect = meanInterval(observations(signs, responses), confidence);
    const isBare = effect.halfWidth === null;
    const text = `an interval needs 2 replications, there is ${effect.n}`;
    const why = isBare ? refusal('too-few-replications', text) : null;
    return { name, factors, effect, aliases, refusal: why };
  });
}

interface Contrast {
  readonly name: string;
  readonly factors: readonly number[];
  readonly signs: readonly number[];
}

function contrastsOf(design: TwoLevelDesign, names: readonly string[]): Contrast[] {
  const columns = names.map((_, factor) => design.map((row) => row[factor] ?? 0));
  const main = names.map((name, i) => ({ name, factors: [i], signs: columns[i] ?? [] }));
  const pairs = main.flatMap((a, i) =>
    main.slice(i + 1).map((b, j) => ({
      name: `${a.name} × ${b.name}`,
      factors: [i, i + 1 + j],
      signs: a.signs.map((sign, run) => sign * (b.signs[run] ?? 0)),
    })),
  );
  return [...main, ...pairs];
}

/** One observation of the effect a replication. */
function observations(
  signs: readonly number[],
  responses: readonly (readonly number[])[],
): number[] {
  const replications = responses[0]?.length ?? 0;
  return Array.from({ length: replications }, (_, r) => {
    const contrast = signs.reduce((sum, sign, run) => sum + sign * (responses[run]?.[r] ?? 0), 0);
    return contrast / (signs.length / 2);
  });
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

function requireShape(
  design: TwoLevelDesign,
  responses: readonly (readonly number[])[],
  names: readonly string[],
): void {
  const runs = design.length;
  const columns = design[0]?.length ?? 0;
  const rule = `${columns}, one a column of the design`;
  requireArgument(names.length === columns && columns > 0, {
    argument: 'number of names',
    found: names.length,
    rule,
  });
  requireArgument(responses.length === runs, {
    argument: 'number of responses',
    found: responses.length,
    rule: `${runs}, one a run of the design`,
  });
  const replications = responses[0]?.length ?? 0;
  const odd = responses.find((one) => one.length !== replications);
  requireArgument(odd === undefined && replications > 0, {
    argument: 'replications of a run',
    found: odd?.length ?? 0,
    rule: `the same for every run, and at least 1`,
  });
}
