/** Exports of a real run, read by the programs that they are made for: Jaeger's translation of the
 * OpenTelemetry collector's own reader, Prometheus' parser, Python's XML and CSV. They are built
 * first, so that this is part of the long tests only. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, type TestContext } from 'vitest';
import { CSV } from '../../../src/export/formats/csv.ts';
import { JUNIT } from '../../../src/export/formats/junit.ts';
import { OPENMETRICS } from '../../../src/export/formats/openmetrics.ts';
import { OTLP } from '../../../src/export/formats/otlp.ts';
import { samplesOf } from '../../../src/export/metrics/samples-of.ts';
import { IS_LONG } from '../../long/part-of.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { realRun } from '../export-documents.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const MINUTES_MS = 60_000;
const folder = temporaryFolder();

/** Runs a program. @returns what it printed, or why it could not. */
function ran(
  command: string,
  args: readonly string[],
  cwd: string,
): { readonly stdout: string; readonly problem: string | undefined } {
  const options = { cwd, encoding: 'utf8', timeout: 5 * MINUTES_MS, maxBuffer: 1 << 28 } as const;
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  const problem = status === 0 ? undefined : `${command} ${args[0]}: ${error?.message ?? stderr}`;
  return { stdout: stdout ?? '', problem };
}

/** Skips with the reason where a tool or its modules are not to be had here. */
function needs(context: TestContext, problem: string | undefined): void {
  if (problem === undefined) return;
  const reason = problem.trim().split('\n').slice(-2).join(' ').slice(0, 300);
  console.info(`skipped: ${reason}`);
  context.skip(`skipped: ${reason}`);
}

function onlyLong(context: TestContext): void {
  if (!IS_LONG) needs(context, 'readers of other projects: BACKLOT_LONG=1 builds and asks them');
}

interface JaegerSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly service: string;
  readonly operation: string;
  readonly startUs: number;
  readonly durationUs: number;
  readonly tags: Readonly<Record<string, string>>;
}

describe('readers of other projects', () => {
  it(
    'X58: Jaeger reads the OTLP export: every span, parent, time and error',
    async (context) => {
      onlyLong(context);
      needs(context, ran('go', ['version'], HERE).problem);
      const place = folder.fresh();
      cpSync(join(HERE, 'jaeger'), place, { recursive: true });
      needs(context, ran('go', ['mod', 'download'], place).problem);
      expect(ran('go', ['build', '-o', 'reader', '.'], place).problem).toBeUndefined();
      const { document, sources } = await realRun();
      writeFileSync(join(place, 'run.otlp.json'), OTLP.render(document, sources));
      const { stdout, problem } = ran(join(place, 'reader'), ['run.otlp.json'], place);
      expect(problem).toBeUndefined();
      const spans = JSON.parse(stdout) as JaegerSpan[];
      const pages = document.architectures.flatMap(({ traces }) => traces?.pages ?? []);
      expect(spans.length).toBe(pages.reduce((sum, page) => sum + page.spans.length, 0));
      const roots = spans.filter(({ parentId }) => parentId === '');
      expect(roots.map(({ tags }) => tags['backlot.request']).sort()).toEqual(
        pages.map(({ request }) => request).sort(),
      );
      const startUs = Date.parse(document.startUtc) * 1_000;
      const found = spans.map((one) => `${one.startUs - startUs} ${one.durationUs}`).sort();
      const kept = pages.flatMap((page) => page.spans.map((s) => `${s.startUs} ${s.durationUs}`));
      expect(found).toEqual(kept.sort());
      const ids = new Set(spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`));
      expect(ids.size).toBe(spans.length);
      for (const { traceId, parentId } of spans) {
        if (parentId !== '') expect(ids).toContain(`${traceId} ${parentId}`);
      }
      const failed = pages.filter(({ outcome }) => outcome === 'failed' || outcome === 'timeout');
      expect(roots.filter(({ tags }) => tags['error'] === 'true').length).toBe(failed.length);
      expect(new Set(spans.map(({ tags }) => tags['span.kind']))).toEqual(
        new Set(['internal', 'client', 'server']),
      );
    },
    10 * MINUTES_MS,
  );

  it(
    'X59: Prometheus, XML and CSV readers of Python read theirs',
    async (context) => {
      onlyLong(context);
      const place = folder.fresh();
      needs(context, ran('python3', ['-m', 'venv', 'env'], place).problem);
      const python = join(place, 'env', 'bin', 'python');
      const install = ['-m', 'pip', 'install', '--quiet', 'prometheus_client==0.26.0'];
      needs(context, ran(python, install, place).problem);
      const { document, sources } = await realRun();
      mkdirSync(join(place, 'out'));
      const files = [OPENMETRICS, JUNIT, CSV].map((format) => {
        const path = join(place, 'out', `run.${format.extension}`);
        writeFileSync(path, format.render(document, sources));
        return path;
      });
      const { stdout, problem } = ran(python, [join(HERE, 'read.py'), ...files], place);
      expect(problem).toBeUndefined();
      const found = JSON.parse(stdout) as Record<string, unknown>;
      const samples = samplesOf(document);
      expect(found['rows']).toBe(samples.length);
      expect(Number(found['sum'])).toBeCloseTo(
        samples.reduce((sum, { value }) => sum + value, 0),
        3,
      );
      expect(found['histogram']).toEqual(document.architectures.map(({ requests }) => requests));
      expect(Number(found['samples'])).toBeGreaterThan(samples.length);
      expect(Number(found['cases'])).toBeGreaterThan(10);
      expect(found['failures']).toBe(
        document.verdicts.filter(({ verdict }) => verdict === 'fail').length,
      );
    },
    10 * MINUTES_MS,
  );
});
