/** The terminal summary: a result document in, aligned text out. It says with words and signs what
 * colour only underlines. */
import type { ResultDocument } from '../experiment/reproduce/read-result.ts';
import { capacityText } from './summary/capacity-text.ts';
import { comparedText } from './summary/compared-text.ts';
import { adviceText } from './summary/planning/advice-lines.ts';
import { sweepText } from './summary/planning/sweep-lines.ts';
import type { SummaryOptions } from './summary/summary-options.ts';

/** The summary, ending with a line break. Names from outside are stripped of control characters. */
export function renderSummary(document: ResultDocument, options: SummaryOptions): string {
  switch (document.schema) {
    case 'backlot.plan/1':
    case 'backlot.load/1':
      return capacityText(document, options);
    case 'backlot.sweep/1':
      return sweepText(document, options);
    case 'backlot.advice/1':
      return adviceText(document, options);
    default:
      return comparedText(document, options);
  }
}
