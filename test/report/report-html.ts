/** Reports as tests read them: the page without the text of its script, which is the same in
 * all. */
import type { ResultDocument } from '../../src/experiment/reproduce/read-result.ts';
import { renderReport } from '../../src/report/render-report.ts';

/** The report of a document, its script emptied. */
export function reportHtml(document: ResultDocument): string {
  return withoutScript(renderReport(document));
}

/** A page, its script emptied. */
export function withoutScript(html: string): string {
  return html.replace(/<script>[\s\S]*<\/script>/, '<script></script>');
}
