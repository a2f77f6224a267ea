/** Where objectives were nearest to being missed, or were: the worst window of each behind the page
 * loads of its time. Spec: R73. */
import type { ObjectiveVerdict } from '../../../experiment/objectives/objective.ts';
import type { ArchitectureResult, RunDocument } from '../../../experiment/result.ts';
import { lineChart, sharedScale } from '../../charts/line-chart.ts';
import { type Panel, renderPanels } from '../../charts/panel.ts';
import { bandsOf, createTimeAxis } from '../../charts/time-axis.ts';

const US_PER_MINUTE = 60e6;
const PANELS_MAX = 6;
/** A window that is nearly the whole run marks no place. */
const WIDEST_SHARE = 0.8;
const RANKS = { fail: 0, inconclusive: 1, pass: 2, skipped: 3 } as const;

/** Panels, the missed first; empty where no verdict has a window. */
export function worstWindowsHtml(document: RunDocument): string {
  const panels = [...document.verdicts]
    .sort((a, b) => RANKS[a.verdict] - RANKS[b.verdict])
    .flatMap((verdict) => {
      const subject = document.architectures.find(({ name }) => name === verdict.subject);
      return subject === undefined ? [] : windowPanel(document, subject, verdict);
    })
    .slice(0, PANELS_MAX);
  if (panels.length === 0) return '';
  return `<h3 class="apart">Worst windows</h3>
<p>Shaded: the window that is farthest on the wrong side of its objective, or nearest to it.</p>
${renderPanels(panels.map((panel, n) => renamed(panel, n)))}`;
}

function windowPanel(
  document: RunDocument,
  { name, series }: ArchitectureResult,
  { worst, objective }: ObjectiveVerdict,
): readonly ReturnType<typeof lineChart>[] {
  if (worst === null) return [];
  const [fromMinute, toMinute] = [worst.fromUs / US_PER_MINUTE, worst.toUs / US_PER_MINUTE];
  const axis = createTimeAxis(document);
  if (toMinute - fromMinute > WIDEST_SHARE * axis.endMinute) return [];
  const isOfErrors = /error|fail/.test(objective);
  const shown = isOfErrors
    ? [{ name: 'errors', values: series.errorsPerMinute }]
    : series.pageLoadTimeMs;
  const stretch = `${axis.format(fromMinute)} to ${axis.format(toMinute)}`;
  return [
    lineChart({
      id: 'worst',
      heading: `${name}: ${objective}`,
      subheading: `worst from ${stretch} ${axis.suffix}`,
      unit: isOfErrors ? 'errors per minute' : 'page load, ms',
      axis,
      minutes: series.minutes,
      series: shown.map((one, look) => ({ ...one, look })),
      faults: bandsOf([{ kind: 'worst window of', target: objective, fromMinute, toMinute }]),
      scale: sharedScale(shown, true),
    }),
  ];
}

function renamed(panel: ReturnType<typeof lineChart>, n: number): Panel {
  const { chart } = panel;
  return { ...panel, chart: { ...chart, spec: { ...chart.spec, id: `worst-${n}` } } };
}
