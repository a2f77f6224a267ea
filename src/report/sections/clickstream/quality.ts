/** How people got to a play and what it was like: the funnel in both orders, and quality of
 * experience by device. Documents of before have neither. Spec: S135. */
import type { ArchitectureResult, RunDocument } from '../../../experiment/result.ts';
import type { Section } from '../../html/page-shell.ts';
import { renderGroups, renderTable } from '../../html/table.ts';
import { formatCount, formatNumber, formatShare } from '../../numbers.ts';
import { subjectNoun } from '../../subjects.ts';

const STEP_WORDS: Readonly<Record<string, string>> = {
  home: 'saw the home page',
  title: 'then a title',
  play_clicked: 'then clicked “play”',
  playing: 'then played',
};

/** The section of the funnel; undefined where no document has one. */
export function funnelSection({ architectures }: RunDocument): Section | undefined {
  const shown = architectures.filter(({ viewing }) => (viewing.funnel ?? []).length > 0);
  if (shown.length === 0) return undefined;
  return {
    id: 'funnel',
    heading: 'Way to the first frame',
    body: `<p>Sessions that took each step after the one before it, in the order of the
corrected times and in the order in which the devices noted them. A gap between the two is what
wrong clocks do to a funnel. Waiting times are from the step before, by corrected time.</p>
${renderGroups(
  shown.map((one) => ({ name: one.name, html: funnelTable(one) })),
  subjectNoun(architectures),
)}`,
  };
}

/** The section of quality; undefined where no document has any. */
export function qualitySection({ architectures }: RunDocument): Section | undefined {
  const shown = architectures.filter(({ viewing }) => viewing.quality !== undefined);
  if (shown.length === 0) return undefined;
  const hasPlays = shown.some(({ viewing }) => (viewing.quality ?? []).length > 0);
  const tables = renderGroups(
    shown.map((one) => ({ name: one.name, html: qualityTable(one) })),
    subjectNoun(architectures),
  );
  return {
    id: 'quality',
    heading: 'Quality of experience by device',
    body: hasPlays
      ? `<p>What viewers met after the click on “play”. A dash stands where there was nothing
to measure: no attempt, or players that tell no bitrate.</p>
${tables}`
      : '<p>Nobody clicked on “play”, so there is no quality to tell of.</p>',
  };
}

function funnelTable({ name, viewing }: ArchitectureResult): string {
  const steps = viewing.funnel ?? [];
  const first = steps[0]?.byTime ?? 0;
  return renderTable({
    caption: `${name}: sessions by step`,
    columns: ['Step', 'By time', 'Of the first', 'By sequence', 'Gap', 'Wait p50 s', 'Wait p95 s'],
    rows: steps.map(({ name: step, byTime, bySequence, p50Seconds, p95Seconds }) => [
      STEP_WORDS[step] ?? step,
      formatCount(byTime),
      formatShare(first === 0 ? null : byTime / first),
      formatCount(bySequence),
      formatCount(bySequence - byTime),
      formatNumber(p50Seconds),
      formatNumber(p95Seconds),
    ]),
  });
}

function qualityTable({ name, viewing }: ArchitectureResult): string {
  return renderTable({
    caption: `${name}: quality of experience by device`,
    columns: [
      'Device',
      'Attempts',
      'Exits before start',
      'Start failures',
      'Start p50 s',
      'Start p95 s',
      'Startup score',
      'Plays',
      'Play failures',
      'Rebuffer ratio',
      'kbit/s',
    ],
    rows: (viewing.quality ?? []).map((row) => [
      row.device,
      formatCount(row.attempts),
      formatShare(row.exitShare),
      formatShare(row.failureShare),
      formatNumber(row.startP50Seconds),
      formatNumber(row.startP95Seconds),
      formatNumber(row.startupScore),
      formatCount(row.plays),
      formatShare(row.playFailureShare),
      formatShare(row.rebufferRatio),
      formatNumber(row.kbps),
    ]),
  });
}
