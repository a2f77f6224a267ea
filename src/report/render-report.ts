/** The HTML report: a result document in, one self-contained page out. The same document gives the
 * same bytes; nothing is fetched and no script is needed. */
import type { CompareDocument, RunDocument } from '../experiment/result.ts';
import { type Page, renderPage, type Section } from './html/page-shell.ts';
import { formatNumber, inWords, plural } from './numbers.ts';
import { comparisonSection } from './sections/comparison.ts';
import { pageLoadSection, trafficSection, utilizationSection } from './sections/over-time.ts';
import { ledgerSection, pipelineSection } from './sections/pipeline.ts';
import { differencesSection, metricsSection } from './sections/replications.ts';
import { reproduceSection } from './sections/reproduce.ts';
import { viewingSection } from './sections/viewing.ts';
import { type Judgement, judgeDifferences } from './significance.ts';
import { compareVerdict, runVerdict } from './verdict.ts';

/** The report of a run or comparison as an HTML document. Cost: some ten milliseconds a chart. */
export function renderReport(document: RunDocument | CompareDocument): string {
  const judgement = judgeDifferences(document);
  const isRun = document.schema === 'backlot.run/1';
  return renderPage({
    title: `${document.scenario}: ${inWords(document.architectures.map(({ name }) => name))}`,
    lead: document.question,
    facts: facts(document),
    verdict: isRun ? runVerdict(document, judgement) : compareVerdict(document, judgement),
    sections: isRun ? runSections(document, judgement) : compareSections(document, judgement),
    footer:
      `Made by backlot ${document.backlot}. Simulated data: no person's behaviour is in it ` +
      `beyond what the catalogue and arrivals named above hold.`,
  });
}

function runSections(document: RunDocument, judgement: Judgement): readonly Section[] {
  return [
    comparisonSection(document, judgement),
    pageLoadSection(document),
    trafficSection(document),
    utilizationSection(document),
    pipelineSection(document),
    ledgerSection(document),
    viewingSection(document),
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
  const size: Page['facts'][number] =
    document.schema === 'backlot.run/1'
      ? ['Viewers', viewerCounts(document)]
      : ['Replications', String(document.replications)];
  return [
    ['Virtual time', plural(document.virtualHours, 'hour')],
    size,
    ['Seed', String(document.seed)],
    ['Catalogue', document.catalogue],
    ['Arrivals', document.arrivals],
    ['Digest', document.digest.slice(0, 16)],
  ];
}

function viewerCounts({ architectures }: RunDocument): string {
  const counts = [...new Set(architectures.map(({ viewers }) => formatNumber(viewers)))];
  return counts.join(' / ');
}
