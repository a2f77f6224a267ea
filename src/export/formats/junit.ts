/** Objectives, ledgers and laws as JUnit's XML, which every CI shows. JUnit knows no verdict
 * between passed and failed: what is undecided, or only warned of, is skipped, with the reason.
 * Spec: X30–X32. */
import { suitesOf } from '../cases/suites-of.ts';
import type { CaseSuite, TestCase } from '../cases/test-case.ts';
import { documentName } from '../document-name.ts';
import type { ExportFormat } from '../export-format.ts';
import { xmlAttributes, xmlText } from '../text/xml-text.ts';

/** Jenkins' dialect: `testsuites` / `testsuite` / `testcase`. No time: virtual seconds are none
 * that the tests took. */
export const JUNIT: ExportFormat = {
  name: 'junit',
  mediaType: 'application/xml',
  extension: 'junit.xml',
  refusal: () => null,
  render(document) {
    const suites = suitesOf(document);
    const all = suites.flatMap(({ cases }) => cases);
    const head = xmlAttributes({ name: documentName(document), ...countsOf(all) });
    return [
      '<?xml version="1.0" encoding="UTF-8"?>\n',
      `<testsuites${head}>\n`,
      ...suites.map((suite) => suiteText(suite, documentName(document))),
      '</testsuites>\n',
    ].join('');
  },
};

function suiteText({ name, cases }: CaseSuite, document: string): string {
  const className = `${document}.${name}`;
  const head = xmlAttributes({ name, ...countsOf(cases) });
  const body = cases.map((one) => caseText(one, className)).join('');
  return `  <testsuite${head}>\n${body}  </testsuite>\n`;
}

function caseText({ name, state, message, facts }: TestCase, className: string): string {
  const head = xmlAttributes({ classname: className, name, time: '0' });
  const lines = Object.entries(facts).map(([fact, value]) => `${fact}: ${value}`);
  const details = lines.length === 0 ? '' : `${xmlLines(lines)}\n`;
  const outcome = outcomeText(state, message);
  if (outcome === '' && details === '') return `    <testcase${head}/>\n`;
  const out = details === '' ? '' : `      <system-out>${details}      </system-out>\n`;
  return `    <testcase${head}>\n${outcome}${out}    </testcase>\n`;
}

/** A fact a line: their own line breaks are kept as such. */
function xmlLines(lines: readonly string[]): string {
  return lines.map((line) => `\n        ${xmlText(line)}`).join('');
}

function outcomeText(state: TestCase['state'], message: string | null): string {
  if (state === 'passed') return '';
  const why = message ?? state;
  if (state === 'failed') {
    return `      <failure${xmlAttributes({ type: 'failed', message: why })}/>\n`;
  }
  const words = { undecided: 'inconclusive', warned: 'warning', skipped: 'skipped' }[state];
  return `      <skipped${xmlAttributes({ message: `${words}: ${why}` })}/>\n`;
}

function countsOf(cases: readonly TestCase[]): Readonly<Record<string, number>> {
  const failures = cases.filter(({ state }) => state === 'failed').length;
  const passed = cases.filter(({ state }) => state === 'passed').length;
  return { tests: cases.length, failures, errors: 0, skipped: cases.length - failures - passed };
}
