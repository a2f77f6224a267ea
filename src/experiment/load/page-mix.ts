/** What load tests ask for: pages or operations by weight, about titles by popularity, all drawn by
 * (user, page). The same question is the same frozen object, which is what caches know it by. */
import { weightedPick } from '../../domain/audience.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import type { PageVariables } from '../../domain/page.ts';
import type { CallPlan } from '../../gateway/call-plan.ts';
import type { Chance } from '../../kernel/chance.ts';
import { createZipf } from '../../kernel/distributions/zipf.ts';

/** Something that can be asked for. */
export interface Askable {
  readonly name: string;
  readonly weight: number;
  readonly plan: CallPlan;
  /** 0 most urgent, 7 least. */
  readonly priority: number;
  /** Variables of its document: `id`, `genre` and `text` get values. */
  readonly variableNames: readonly string[];
}

/** One question. */
export interface Question {
  readonly page: string;
  readonly plan: CallPlan;
  readonly priority: number;
  readonly variables: PageVariables;
}

/** Draws the n-th question of a user. */
export type PageMix = (user: number, n: number) => Question;

/** What a mix is made of. */
export interface PageMixOptions {
  readonly askables: readonly Askable[];
  readonly catalogue: Catalogue;
  readonly popularityExponent: number;
  readonly chance: Chance;
}

/** Makes a mix. */
export function createPageMix(options: PageMixOptions): PageMix {
  const { askables, catalogue, popularityExponent, chance } = options;
  const { titles } = catalogue;
  const names = askables.map((one) => one.name);
  const pick = weightedPick(
    names,
    Object.fromEntries(askables.map((one) => [one.name, one.weight])),
  );
  const byName = new Map(askables.map((one) => [one.name, one]));
  const popularity = createZipf({ n: titles.length, exponent: popularityExponent });
  const pageDraws = chance.draws('load.page');
  const titleDraws = chance.draws('load.title');
  const questions = new Map<string, Question[]>(names.map((name) => [name, []]));
  return (user, n) => {
    const name = names.length === 1 ? (names[0] ?? '') : pick(pageDraws.uniform(user, n));
    const { plan, priority, variableNames } = byName.get(name) as Askable;
    const needsTitle = variableNames.length > 0;
    const rank = needsTitle ? popularity.rank(titleDraws.uniform(user, n)) - 1 : 0;
    const known = questions.get(name) as Question[];
    const question = known[rank];
    if (question !== undefined) return question;
    const values = valuesOf(titles[rank]);
    const variables = Object.fromEntries(variableNames.map((each) => [each, values[each] ?? '']));
    const fresh = { page: name, plan, priority, variables: Object.freeze(variables) };
    known[rank] = fresh;
    return fresh;
  };
}

/** What a title gives to ask for: itself, its first genre, a word of its name. */
function valuesOf(title: Catalogue['titles'][number] | undefined): Record<string, string> {
  const words = (title?.name ?? '').toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return {
    id: title?.id ?? '',
    genre: title?.genres[0] ?? '',
    text: words.find((word) => word.length >= 3) ?? words[0] ?? '',
  };
}
