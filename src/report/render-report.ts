/** The HTML report: a result document in, one self-contained page out. The same document gives the
 * same bytes; nothing is fetched and no script is needed. */
import type { ResultDocument } from '../experiment/reproduce/read-result.ts';
import { type Page, renderPage } from './html/page-shell.ts';
import { comparedPage } from './pages/compared-page.ts';
import { loadPage } from './pages/load-page.ts';
import { planPage } from './pages/plan-page.ts';
import { sweepPage } from './pages/sweep-page.ts';

/** The report of a result as an HTML document. Cost: some ten milliseconds a chart. */
export function renderReport(document: ResultDocument): string {
  return renderPage(pageOf(document));
}

function pageOf(document: ResultDocument): Page {
  switch (document.schema) {
    case 'backlot.plan/1':
      return planPage(document);
    case 'backlot.load/1':
      return loadPage(document);
    case 'backlot.sweep/1':
      return sweepPage(document);
    default:
      return comparedPage(document);
  }
}
