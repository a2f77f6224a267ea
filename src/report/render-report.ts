/** The HTML report: a result document in, one self-contained page out. The same document gives the
 * same bytes; nothing is fetched and no script is needed. */
import type { CompareDocument, RunDocument, RunSubject } from '../experiment/result.ts';
import { type Page, renderPage, type Section } from './html/page-shell.ts';
import { formatHours, formatNumber, inWords, plural } from './numbers.ts';
import { callsSection } from './sections/calls.ts';
import { comparisonSection } from './sections/comparison.ts';
import { pageLoadSection, trafficSection, utilizationSection } from './sections/over-time.ts';
import { ledgerSection, pipelineSection } from './sections/pipeline.ts';
import { referencesSection } from './sections/references.ts';
import { differencesSection, metricsSection } from './sections/replications.ts';
import { reproduceSection } from './sections/reproduce.ts';
import { serversSection } from './sections/servers.ts';
import { viewingSection } from './sections/viewing.ts';
import { type Judgement, judgeDifferences } from './significance.ts';
import { hasViewers, isMany, loadInWords, subjectNoun } from './subjects.ts';
import { compareVerdict, runVerdict } from './verdict.ts';

/** The report of a run or comparison as an HTML document. Cost: some ten milliseconds a chart. */
export function renderReport(document: RunDocument | CompareDocument): string {
  const judgement = judgeDifferences(document);
  const isRun = document.schema === 'backlot.run/1';
  return renderPage({
    title: `${document.scenario}: ${titleNames(document.architectures)}`,
    lead: document.question,
    facts: facts(document),
    verdict: isRun ? runVerdict(document, judgement) : compareVerdict(document, judgement),
    sections: isRun ? runSections(document, judgement) : compareSections(document, judgement),
    footer:
      `Made by backlot ${document.backlot}. Simulated data: no person's behaviour is in it ` +
      `beyond what the catalogue and arrivals named above hold.`,
  });
}

/** All names, as far as a title bears them. */
function titleNames(architectures: readonly RunSubject[]): string {
  return isMany(architectures)
    ? plural(architectures.length, subjectNoun(architectures))
    : inWords(architectures.map(({ name }) => name));
}

/** Without viewers there is no clickstream to speak of. */
function runSections(document: RunDocument, judgement: Judgement): readonly Section[] {
  const isWatched = hasViewers(document.architectures);
  const references = referencesSection(document);
  return [
    comparisonSection(document, judgement),
    ...(references === undefined ? [] : [references]),
    pageLoadSection(document),
    trafficSection(document),
    callsSection(document),
    serversSection(document),
    utilizationSection(document),
    ...(isWatched ? [pipelineSection(document)] : []),
    ledgerSection(document),
    ...(isWatched ? [viewingSection(document)] : []),
    reproduceSection(document),
  ];
}

function compareSections(document: CompareDocument, judgement: Judgement): readonly Section[] {
  return [
    metricsSection(document),
    differencesSection(document, judgement),
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
