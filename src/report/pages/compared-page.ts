/** The page of a run or of a comparison: architectures or variants side by side. */
import type { CompareDocument, RunDocument, RunSubject } from '../../experiment/result.ts';
import type { Page, Section } from '../html/page-shell.ts';
import { formatHours, formatNumber, inWords, plural } from '../numbers.ts';
import { verdictSentence } from '../objective-values.ts';
import {
  recommendationSection,
  recommendationSentence,
} from '../sections/analytics/recommendations.ts';
import { callsSection } from '../sections/calls.ts';
import { agreementSection } from '../sections/clickstream/agreement.ts';
import { cohortsSection } from '../sections/clickstream/cohorts.ts';
import { funnelSection, qualitySection } from '../sections/clickstream/quality.ts';
import { comparisonSection } from '../sections/comparison.ts';
import { pageLoadSection, trafficSection, utilizationSection } from '../sections/over-time.ts';
import { ledgerSection, pipelineSection } from '../sections/pipeline.ts';
import {
  baselineSection,
  disclosureSection,
  selectionSection,
  stoppingSection,
} from '../sections/planning/campaign.ts';
import { costsSection, sloCostsSection } from '../sections/planning/costs.ts';
import { objectivesSection } from '../sections/planning/objectives.ts';
import { pipelineWorkersSection } from '../sections/planning/pipeline-workers.ts';
import { slowestSection } from '../sections/planning/slowest.ts';
import { stationsSection } from '../sections/planning/stations.ts';
import { worstWindowsHtml } from '../sections/planning/worst-windows.ts';
import { referencesSection } from '../sections/references.ts';
import { differencesSection, metricsSection } from '../sections/replications.ts';
import { reproduceSection } from '../sections/reproduce.ts';
import { loadSections, requestSections } from '../sections/requests/request-sections.ts';
import { serversSection } from '../sections/servers.ts';
import { viewingSection } from '../sections/viewing.ts';
import { type Judgement, judgeDifferences } from '../significance.ts';
import { hasViewers, isMany, loadInWords, subjectNoun } from '../subjects.ts';
import { compareVerdict, runVerdict } from '../verdict.ts';
import { footerOf } from './page-facts.ts';
import { threeSentences } from './three-sentences.ts';

/** The page. */
export function comparedPage(document: RunDocument | CompareDocument): Page {
  const judgement = judgeDifferences(document);
  const isRun = document.schema === 'backlot.run/1';
  const ofRows = isRun ? recommendationSentence(document) : undefined;
  const all = isRun ? runVerdict(document, judgement) : compareVerdict(document, judgement);
  return {
    title: `${document.scenario}: ${titleNames(document.architectures)}`,
    lead: document.question,
    facts: facts(document),
    ...threeSentences(
      ofRows === undefined ? all : [...all.slice(0, 1), ofRows, ...all.slice(1)],
      verdictSentence(document.verdicts),
      `It ran ${formatHours(document.virtualHours)} of virtual time from seed ${document.seed}.`,
    ),
    sections: isRun ? runSections(document, judgement) : compareSections(document, judgement),
    footer: footerOf(document),
  };
}

/** All names, as far as a title bears them. */
function titleNames(architectures: readonly RunSubject[]): string {
  return isMany(architectures)
    ? plural(architectures.length, subjectNoun(architectures))
    : inWords(architectures.map(({ name }) => name));
}

function present(section: Section | undefined): readonly Section[] {
  return section === undefined ? [] : [section];
}

/** Without viewers there is no clickstream to speak of. */
function runSections(document: RunDocument, judgement: Judgement): readonly Section[] {
  const isWatched = hasViewers(document.architectures);
  return [
    ...present(objectivesSection(document.verdicts, worstWindowsHtml(document))),
    comparisonSection(document, judgement),
    ...present(referencesSection(document)),
    ...loadSections(document),
    pageLoadSection(document),
    ...requestSections(document),
    ...present(slowestSection(document)),
    trafficSection(document),
    callsSection(document),
    serversSection(document),
    utilizationSection(document),
    ...present(stationsSection(document)),
    ...present(costsSection(document.architectures)),
    ...(isWatched ? [pipelineSection(document)] : []),
    ...present(pipelineWorkersSection(document)),
    ledgerSection(document),
    ...(isWatched ? [viewingSection(document), ...descriptiveSections(document)] : []),
    ...present(recommendationSection(document)),
    reproduceSection(document),
  ];
}

function descriptiveSections(document: RunDocument): readonly Section[] {
  return [funnelSection, qualitySection, cohortsSection, agreementSection].flatMap((section) =>
    present(section(document)),
  );
}

function compareSections(document: CompareDocument, judgement: Judgement): readonly Section[] {
  return [
    ...present(objectivesSection(document.verdicts)),
    ...present(selectionSection(document)),
    ...present(baselineSection(document)),
    metricsSection(document),
    differencesSection(document, judgement),
    ...present(sloCostsSection(document)),
    ...present(stoppingSection(document)),
    ...present(disclosureSection(document)),
    ledgerSection({ ledger: document.ledger, architectures: [] }),
    reproduceSection(document),
  ];
}

function facts(document: RunDocument | CompareDocument): Page['facts'] {
  const { architectures } = document;
  const isWatched = hasViewers(architectures);
  const load = loadInWords(architectures);
  const facts: Page['facts'] = [
    ['Virtual time', formatHours(document.virtualHours)],
    ...(isWatched ? viewerFacts(document) : []),
    ...(load === undefined ? [] : [['Load test', load] as const]),
    ...(load === undefined || isWatched ? [] : [['Viewers', 'none, so no clickstream'] as const]),
    ['Seed', String(document.seed)],
    ['Catalogue', document.catalogue],
    ...(isWatched ? [['Arrivals', document.arrivals] as const] : []),
    ['Digest', document.digest.slice(0, 16)],
  ];
  if (document.schema === 'backlot.run/1') return facts;
  return [['Replications', String(document.replications)], ...facts];
}

function viewerFacts(document: RunDocument | CompareDocument): Page['facts'] {
  const all =
    document.schema === 'backlot.run/1'
      ? document.architectures.map(({ viewers }) => viewers)
      : document.architectures.map(({ demand }) => demand.viewers);
  return [['Viewers', [...new Set(all.map(formatNumber))].join(' / ')]];
}
