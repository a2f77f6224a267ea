/** The page of advice: what should be done, what it would do, and what was tried. */
import type { AdviceDocument } from '../../experiment/advise/advice-document.ts';
import type { Page } from '../html/page-shell.ts';
import { asSentence, capitalized, plural } from '../numbers.ts';
import { adviceActionsSection, noHelpSection } from '../sections/advice/actions.ts';
import { adviceFindingsSection } from '../sections/advice/findings.ts';
import { advicePlanSection } from '../sections/advice/plan.ts';
import { againSection } from '../sections/reproduce.ts';
import { footerOf, provenanceFacts } from './page-facts.ts';

/** The page. */
export function advicePage(document: AdviceDocument): Page {
  const { subject, actions, runs } = document;
  return {
    title: `${document.scenario}: what should be done`,
    lead: document.question,
    facts: [
      ['Advice for', subject.name],
      ['Actions tried', String(actions.length)],
      ['Runs', String(runs.made + runs.found)],
      ...provenanceFacts(document),
    ],
    verdict: verdictOf(document),
    sections: [
      advicePlanSection(document),
      adviceActionsSection(document),
      adviceFindingsSection(document),
      noHelpSection(document),
      againSection(document),
    ].flatMap((section) => (section === undefined ? [] : [section])),
    footer: footerOf(document),
  };
}

function verdictOf(document: AdviceDocument): readonly string[] {
  const { objectives, actions, plan, hasDefaultPrices, objectivesLeftOut } = document;
  const ranked = actions.filter(({ rank }) => rank !== null);
  const [best] = ranked;
  const unmoved = objectives.filter(({ isMovable }) => isMovable === false);
  const interaction = plan?.interaction ?? null;
  return [
    asSentence(document.reason),
    ...(best === undefined
      ? [`None of ${plural(actions.length, 'action')} is ranked.`]
      : [asSentence(`The best single action is ${best.title}: ${best.conclusion}`)]),
    ...unmoved.map(({ objective }) => `No action moved ${objective}.`),
    ...(interaction === null
      ? []
      : [
          `Together the actions take ${(-interaction.together).toFixed(2)} of the deficit away; ` +
            `one by one they would add up to ${(-interaction.sumOfSingles).toFixed(2)}.`,
        ]),
    ...(hasDefaultPrices ? ['The scenario has no prices: costs are by the default book.'] : []),
    ...objectivesLeftOut.map(({ objective, reason }) =>
      asSentence(`${capitalized(objective)} is not judged: ${reason}`),
    ),
  ];
}
