/** The page of `policies`: who fills rows best, and what experiments and estimators say of it. */
import type { PoliciesDocument } from '../../experiment/policies/policies-document.ts';
import { escapeHtml } from '../html/escape.ts';
import type { Page, Section } from '../html/page-shell.ts';
import { formatCount } from '../numbers.ts';
import { rankingSection } from '../sections/analytics/model-sections.ts';
import { aaSection, abSection } from '../sections/experiments/experiment-ab.ts';
import {
  interleavingSection,
  switchbackSection,
} from '../sections/experiments/experiment-designs.ts';
import { offPolicySection } from '../sections/experiments/off-policy-estimates.ts';
import { regretSection, sideBySideSection } from '../sections/policies/policy-sections.ts';
import { policySentences } from '../sections/policies/policy-words.ts';
import { rebuiltSection } from '../sections/reproduce.ts';

const SAME = 'The same scenario, seed and version give the same document to the bit.';

/** The page. */
export function policiesPage(document: PoliciesDocument): Page {
  const { scenario, question, panel, seed, digest, baseline, challenger } = document;
  return {
    title: `${scenario}: policies`,
    lead: question,
    facts: [
      ['Viewers', formatCount(panel.viewers)],
      ['Titles', formatCount(panel.titles)],
      ['History', `${panel.historyDays} days, ${formatCount(panel.historyPlays)} plays`],
      ['Under each policy', `${panel.days} days`],
      ['Baseline', baseline],
      ['Challenger', challenger],
      ['Seed', String(seed)],
      ['Digest', digest.slice(0, 16)],
    ],
    verdict: policySentences(document),
    notes: [
      'A panel has viewers and tastes, but no devices, requests and events, nor what those lose.',
    ],
    sections: [
      sideBySideSection(document),
      regretSection(document),
      modelSection(document),
      abSection(document.experiment),
      interleavingSection(document.interleaving, document.rowsByDesign),
      switchbackSection(document.switchback, 'share of rows taken from'),
      aaSection(document.falsePositives),
      offPolicySection(document.offPolicy),
      rebuiltSection(document, SAME),
    ],
    footer: `Made by backlot ${document.backlot}.`,
  };
}

function modelSection({ models, modelsMissing }: PoliciesDocument): Section {
  if (models !== null) return rankingSection(models);
  return {
    id: 'ranking',
    heading: 'How right the lists are',
    body: `<p class="note">${escapeHtml(modelsMissing ?? 'Nothing was trained.')}</p>`,
  };
}
