/** What happened when: page-load percentiles, traffic and utilisation over virtual time, with the
 * scenario's faults behind the lines. */
import type { ArchitectureResult, RunDocument, Series } from '../../experiment/result.ts';
import { createTimeAxis, faultLetter, type TimeAxis } from '../charts/time-axis.ts';
import { escapeHtml } from '../html/escape.ts';
import type { Section } from '../html/page-shell.ts';
import { askers, hasViewers, subjectNoun } from '../subjects.ts';
import { subjectPanels } from './subject-panels.ts';

/** Page-load percentiles. */
export function pageLoadSection(document: RunDocument): Section {
  const select = (one: ArchitectureResult): readonly Series[] => one.series.pageLoadTimeMs;
  const { architectures } = document;
  return {
    id: 'page-loads',
    heading: 'Page loads over time',
    body: `<p>Percentiles of the page-load time as the ${askers(architectures)} had it, time-outs
included with the time waited. The vertical axis is the same for all
${subjectNoun(architectures)}s.</p>
${faultList(document)}
${subjectPanels(document, { id: 'page-loads', unit: 'ms', mayBeLog: true, select })}`,
  };
}

/** Pages asked for, shown and failed, with the tries that it took under them: a retry storm is
 * where the tries rise while the pages fall. */
export function trafficSection(document: RunDocument): Section {
  // A load test speaks of seconds, an audience of minutes.
  const [per, scale] = hasViewers(document.architectures) ? ['minute', 1] : ['second', 1 / 60];
  const scaled = (name: string, values: readonly (number | null)[]): Series => ({
    name,
    values: values.map((value) => (value === null ? null : value * scale)),
  });
  const body = subjectPanels(document, {
    id: 'traffic',
    unit: `pages per ${per}`,
    mayBeLog: false,
    select: ({ series }) => [
      scaled('asked for', series.requestsPerMinute),
      scaled('shown', series.goodPerMinute),
      scaled('errors', series.errorsPerMinute),
    ],
    below: {
      unit: `tries per ${per}, all calls together`,
      select: ({ series }) => [scaled('tries', series.triesPerMinute)],
    },
  });
  return {
    id: 'traffic',
    heading: 'Traffic, goodput and tries',
    body: `<p>Pages by when they were asked for; those that failed or timed out; and those shown, by
when they were shown (the goodput). Under them, the tries of all calls between servers, retries and
hedges included: where they rise while the goodput falls, retries feed on themselves.</p>
${body}`,
  };
}

/** Utilisation by service. */
export function utilizationSection(document: RunDocument): Section {
  const select = ({ series }: ArchitectureResult): readonly Series[] =>
    series.utilization.map(({ name, values }) => ({
      name,
      values: values.map((value) => (value === null ? null : value * 100)),
    }));
  const choice = { id: 'utilisation', unit: '% of workers busy', mayBeLog: false, select };
  return {
    id: 'utilisation',
    heading: 'Utilisation by service',
    body: `<p>Share of busy workers. Waiting grows without bound as it nears 100 %; what runs at
70 % on average has little room for a fault.</p>
${subjectPanels(document, choice)}`,
  };
}

/** The faults behind the lines by letter, or that there are none. */
function faultList(document: RunDocument): string {
  if (document.faults.length === 0) return '<p class="note">The scenario has no faults.</p>';
  const axis = createTimeAxis(document);
  const items = document.faults.map(
    (fault, n) => `<li><b>${faultLetter(n)}</b> ${escapeHtml(describeFault(fault, axis))}</li>`,
  );
  return `<p class="note">Shaded, by letter:</p><ul class="faults">${items.join('')}</ul>`;
}

function describeFault(fault: RunDocument['faults'][number], axis: TimeAxis): string {
  const { kind, target, fromMinute, toMinute, variants } = fault;
  const stretch = `${axis.format(fromMinute)} to ${axis.format(toMinute)} ${axis.suffix}`;
  const where = variants === undefined ? '' : ` (in ${variants.join(', ')})`;
  return `${kind} on ${target}, ${stretch}${where}`;
}
