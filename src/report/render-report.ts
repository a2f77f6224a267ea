/** The HTML report: a result document in, one self-contained page out. The same document gives the
 * same bytes; nothing is fetched, and what its script adds is not needed to read it. */

import type { FaultsReport } from '../experiment/faults/faults-report.ts';
import type { LearnDocument } from '../experiment/learn/learn-document.ts';
import type { PoliciesDocument } from '../experiment/policies/policies-document.ts';
import type { ResultDocument } from '../experiment/reproduce/read-result.ts';
import { type Page, renderPage } from './html/page-shell.ts';
import { advicePage } from './pages/advice-page.ts';
import { comparedPage } from './pages/compared-page.ts';
import { faultsPage } from './pages/faults/faults-page.ts';
import { learnPage } from './pages/learn-page.ts';
import { loadPage } from './pages/load-page.ts';
import { reportScript } from './pages/page-script.ts';
import { planPage } from './pages/plan-page.ts';
import { policiesPage } from './pages/policies-page.ts';
import { sweepPage } from './pages/sweep-page.ts';

/** The report of a result as an HTML document. Cost: some ten milliseconds a chart.
 * @throws EngineError `INPUT_UNREADABLE` where the bundle of its script was not built. */
export function renderReport(document: ResultDocument): string {
  return renderPage(pageOf(document), reportScript());
}

/** The report of a campaign of faults.
 * @throws EngineError `INPUT_UNREADABLE` where the bundle of its script was not built. */
export function renderFaultsReport(document: FaultsReport): string {
  return renderPage(faultsPage(document), reportScript());
}

/** The report of models that were trained from a warehouse.
 * @throws EngineError `INPUT_UNREADABLE` where the bundle of its script was not built. */
export function renderLearnReport(document: LearnDocument): string {
  return renderPage(learnPage(document), reportScript());
}

/** The report of a study of policies.
 * @throws EngineError `INPUT_UNREADABLE` where the bundle of its script was not built. */
export function renderPoliciesReport(document: PoliciesDocument): string {
  return renderPage(policiesPage(document), reportScript());
}

function pageOf(document: ResultDocument): Page {
  switch (document.schema) {
    case 'backlot.plan/1':
      return planPage(document);
    case 'backlot.load/1':
      return loadPage(document);
    case 'backlot.sweep/1':
      return sweepPage(document);
    case 'backlot.advice/1':
      return advicePage(document);
    default:
      return comparedPage(document);
  }
}
