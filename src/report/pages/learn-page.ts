/** The page of `learn`: models trained on the past of a cut, judged on what came after it. */
import type { LearnDocument } from '../../experiment/learn/learn-document.ts';
import type { Page, Section } from '../html/page-shell.ts';
import { formatCount, formatShare } from '../numbers.ts';
import { learnedLoadSections } from '../sections/analytics/forecast-learned.ts';
import {
  lengthSection,
  nextTitleSection,
  rankingSection,
  settingsSection,
  varietySection,
} from '../sections/analytics/model-sections.ts';
import { learnSentences, unjudgedSentence } from '../sections/analytics/model-words.ts';
import { outcomeSections } from '../sections/analytics/outcome-models.ts';
import { survivalSections } from '../sections/analytics/outcome-survival.ts';
import { outcomeSentences } from '../sections/analytics/outcome-words.ts';
import { rebuiltSection } from '../sections/reproduce.ts';

/** The page. */
export function learnPage(document: LearnDocument): Page {
  const { warehouse, cut, plays, users, titles, seed, digest, k } = document;
  return {
    title: `${warehouse}: models of taste`,
    lead:
      `What do models learn from ${formatCount(plays.before)} plays, and how right are they on ` +
      `the ${formatCount(plays.after)} that came after?`,
    facts: [
      ['Cut', `${cut.atUtc}, after ${formatShare(cut.share)} of the plays`],
      ['Users judged', `${formatCount(users.judged)} of ${formatCount(users.all)}`],
      ['Titles', formatCount(titles)],
      ['Lists of', String(k)],
      ['Seed', String(seed)],
      ['Digest', digest.slice(0, 16)],
    ],
    verdict: [...learnSentences(document), ...outcomeSentences(document.outcomes)],
    notes: [
      unjudgedSentence(users),
      'One cut in time for everybody: a model must not learn from what others did later.',
    ],
    sections: [
      rankingSection(document),
      lengthSection(document),
      varietySection(document),
      nextTitleSection(document),
      ...outcomeSections(document.outcomes),
      ...survivalSections(document.outcomes),
      ...learnedLoadSections(document),
      settingsSection(document),
      againSection(document),
    ],
    footer: `Made by backlot ${document.backlot} from the warehouse alone.`,
  };
}

function againSection(document: LearnDocument): Section {
  const { plays } = document;
  const promise = 'The same warehouse, cut, seed and version give the same models to the bit.';
  return rebuiltSection(document, promise, [
    ['Plays', `${formatCount(plays.all)}, from ${plays.firstUtc} to ${plays.lastUtc}`],
    ['Under way at the cut', `${formatCount(plays.straddling)}: neither learned nor judged`],
  ]);
}
