/** A page of Markdown for people in a hurry: the verdict, what failed and why, the figures, how to
 * run it again. Made for `$GITHUB_STEP_SUMMARY`, and short enough for it. Spec: X33–X35. */
import { suitesOf } from '../cases/suites-of.ts';
import type { CaseSuite, TestCase } from '../cases/test-case.ts';
import { documentName } from '../document-name.ts';
import type { ExportFormat } from '../export-format.ts';
import { figuresTable } from '../text/markdown-figures.ts';
import { markdownCode, markdownTable, markdownText } from '../text/markdown-text.ts';

/** Cases that are told one by one; the rest is counted. GitHub takes 1 MiB a step. */
const TOLD_MAX = 50;

/** GitHub's Markdown. */
export const MARKDOWN: ExportFormat = {
  name: 'markdown',
  mediaType: 'text/markdown; charset=utf-8',
  extension: 'md',
  refusal: () => null,
  render(document) {
    const suites = suitesOf(document);
    const parts = [
      `## ${markdownText(documentName(document))}`,
      ...('question' in document ? [`> ${markdownText(document.question)}`] : []),
      sentence(suites),
      ...troubleTable(suites),
      ...figuresTable(document),
      ...reproduction(document),
    ];
    return `${parts.join('\n\n')}\n`;
  },
};

const SIGNS: Readonly<Record<TestCase['state'], string>> = {
  failed: '❌ failed',
  undecided: '❔ inconclusive',
  warned: '⚠️ warning',
  skipped: '➖ skipped',
  passed: '✅ passed',
};

/** `❌ **1 failed**, 2 inconclusive, 40 passed.` */
function sentence(suites: readonly CaseSuite[]): string {
  const cases = suites.flatMap((suite) => suite.cases);
  const parts = Object.entries(SIGNS).flatMap(([state, sign]) => {
    const count = cases.filter((one) => one.state === state).length;
    const words = sign.split(' ').slice(1).join(' ');
    return count === 0 ? [] : [`${count} ${words}`];
  });
  if (parts.length === 0) return 'Nothing was to be checked.';
  const worst = Object.keys(SIGNS).find((state) => cases.some((one) => one.state === state));
  const sign = SIGNS[worst as TestCase['state']].split(' ')[0];
  return `${sign} **${parts[0]}**${parts
    .slice(1)
    .map((part) => `, ${part}`)
    .join('')}.`;
}

/** Everything that is not passed, the gravest first. */
function troubleTable(suites: readonly CaseSuite[]): readonly string[] {
  const order = Object.keys(SIGNS);
  const told = suites
    .flatMap((suite) => suite.cases.map((one) => ({ ...one, suite: suite.name })))
    .filter(({ state }) => state !== 'passed')
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  if (told.length === 0) return [];
  const rows = told
    .slice(0, TOLD_MAX)
    .map(({ state, name, message, facts }) => [
      SIGNS[state],
      markdownText(name),
      markdownText([facts['value'], message].filter((one) => one != null).join(' — ')),
    ]);
  const more = told.length - rows.length;
  return [
    markdownTable(['verdict', 'what', 'why'], rows),
    ...(more === 0 ? [] : [`… and ${more} more; \`junit\` and \`json\` have them all.`]),
  ];
}

function reproduction(document: object): readonly string[] {
  const command = commandIn(document);
  if (command === undefined) return [];
  const digest = 'digest' in document ? ` · digest ${markdownCode(String(document.digest))}` : '';
  return [`Again: ${markdownCode(command)}${digest}`];
}

function commandIn(document: object): string | undefined {
  if ('replayCommand' in document) return String(document.replayCommand);
  return 'replay' in document ? String(document.replay) : undefined;
}
