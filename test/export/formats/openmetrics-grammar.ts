/** A reader of OpenMetrics 1.0's text that knows nothing of its writer. */

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  gauge: [''],
  counter: ['_total', '_created'],
  histogram: ['_bucket', '_count', '_sum', '_created'],
};
const LABEL = /[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?/.source;
const NUMBERS = / (-?\d[\d.e+-]*)(?: (\d[\d.]*))?$/.source;
const SAMPLE = new RegExp(`^([a-zA-Z_:][\\w:]*)(\\{(?:${LABEL})*\\})?${NUMBERS}`);
const HEAD = /^# (TYPE|UNIT|HELP) (\S+) ?(.*)$/;

interface Reading {
  family: string;
  type: string;
  readonly families: Set<string>;
  readonly lastSeconds: Map<string, number>;
}

/** What breaks the grammar, line by line; empty where all is well. */
export function openMetricsProblems(text: string): readonly string[] {
  if (!text.endsWith('\n# EOF\n')) return ['it ends without # EOF'];
  const reading: Reading = {
    family: '',
    type: 'unknown',
    families: new Set(),
    lastSeconds: new Map(),
  };
  return text
    .split('\n')
    .slice(0, -2)
    .filter((line) => {
      const head = HEAD.exec(line);
      return head === null ? !isSample(line, reading) : !isHead(head, reading);
    });
}

/** Takes in a line about a family. */
function isHead([, keyword, name = '', rest = '']: RegExpExecArray, reading: Reading): boolean {
  if (keyword !== 'TYPE') {
    return name === reading.family && (keyword === 'HELP' || name.endsWith(`_${rest}`));
  }
  const isNew = !reading.families.has(name);
  reading.families.add(name);
  reading.family = name;
  reading.type = rest;
  return isNew && rest in SUFFIXES;
}

/** Takes in a value: of the family before it, and later than that of the same labels. */
function isSample(line: string, { family, type, lastSeconds }: Reading): boolean {
  const [, metric = '', labels = '', , seconds] = SAMPLE.exec(line) ?? [];
  const isOfFamily = (SUFFIXES[type] ?? []).some((suffix) => metric === `${family}${suffix}`);
  const key = `${metric}${labels}`;
  const before = lastSeconds.get(key);
  lastSeconds.set(key, Number(seconds ?? 0));
  return isOfFamily && (before === undefined || Number(seconds ?? Number.NaN) > before);
}
