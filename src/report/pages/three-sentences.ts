/** What a report opens with: three sentences, and in smaller print what else there is to say.
 * Spec: R74. */

/** The verdict of a page. */
export interface ToldVerdict {
  readonly verdict: readonly [string, string, string];
  readonly notes: readonly string[];
}

/** The headline, the judgement on the objectives or what comes second, and the accounts, a sentence
 * each; everything else follows as notes.
 * @param all - In their order, the headline first and the accounts last; each of some sentences.
 * @param judged - The one of them that speaks of objectives; undefined without any.
 * @param filler - A sentence for where there is too little to say. */
export function threeSentences(
  all: readonly string[],
  judged: string | undefined,
  filler: string,
): ToldVerdict {
  const [first = filler] = all;
  const last = all.at(-1) ?? filler;
  const between = all.slice(1, -1);
  const second = judged ?? between[0] ?? filler;
  const told = [first, second, last];
  const notes = all.flatMap((one) => {
    const rest = told.includes(one) ? one.slice(firstSentence(one).length).trim() : one;
    return rest === '' ? [] : [rest];
  });
  return {
    verdict: [firstSentence(first), firstSentence(second), firstSentence(last)],
    notes,
  };
}

/** Up to the first full stop that a capital letter or nothing follows. */
export function firstSentence(text: string): string {
  const end = /[.!?](?=\s+\p{Lu}|\s*$)/u.exec(text);
  return end === null ? text : text.slice(0, end.index + 1);
}
