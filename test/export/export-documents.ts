/** A document of every kind for the exports, each as it comes out of JSON, and a real run with
 * retries, hedges, time-outs and failures. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckDocument } from '../../src/experiment/check/check-document.ts';
import { checkScenario } from '../../src/experiment/check/check-scenario.ts';
import type {
  BackfillDocument,
  IngestDocument,
  LedgerLine,
  RunDocument,
} from '../../src/experiment/result.ts';
import { readRunHistograms } from '../../src/experiment/results/run-histograms.ts';
import { runScenario } from '../../src/experiment/run.ts';
import type { ScenarioInput } from '../../src/experiment/scenario/schema.ts';
import { fixed } from '../../src/experiment/scenario/values.ts';
import type { ExportableDocument, ExportSources } from '../../src/export/export-format.ts';
import { ms, seconds } from '../../src/kernel/time.ts';
import type { FaultsDocument } from '../../src/testing/swarm/campaign/faults-document.ts';
import { usualAdvice } from '../experiment/advise/known-world.ts';
import { smallScenario } from '../experiment/small-world.ts';
import { compareDocument, runDocument } from '../report/fixture-documents.ts';
import {
  loadDocument,
  MISSED,
  planDocument,
  sweepDocument,
} from '../report/planning/planning-documents.ts';

/** Nothing lies beside a document. */
export const NO_SOURCES: ExportSources = { histograms: () => undefined };

/** Names that would be markup, code, a formula or a control sequence somewhere. */
export const HOSTILE_NAMES = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '=HYPERLINK("http://evil.example","x")',
  "@SUM(1+1)*cmd|' /C calc'!A0",
  '-2+3',
  'a,b\r\nc"d',
  ']]><!--',
  '\u0000\u0007\u001b[31mred\u001b[0m',
  '\ud800 lone',
  '| a | b |\n# heading\n[x](javascript:alert(1)) `code` www.evil.example',
  'back\\slash {le="+Inf"} 1\n# EOF',
  '\u202egnirts',
] as const;

const LEDGER: LedgerLine = {
  in: 10,
  out: 7,
  inFlight: 0,
  dropped: 3,
  droppedByReason: { duplicate: 2, bad_row: 1 },
  residual: 0,
};

/** A campaign in which one invariant broke. */
export function faultsDocument(name = 'exactly-once'): FaultsDocument {
  const violation = {
    message: `${name}: two facts of one event`,
    invariant: name,
    atUs: 7,
    event: 3,
  };
  const scenario = smallScenario() as unknown as FaultsDocument['failures'][number]['smallest'];
  return {
    schema: 'backlot.faults/1',
    version: '0.1.0',
    scenario: 'small',
    seed: 7,
    commit: null,
    runs: 20,
    runsAsked: 20,
    stoppedBy: 'runs',
    events: { total: 900, median: 40, max: 80 },
    kinds: [
      {
        kind: 'process.crash',
        family: 'process',
        trials: 9,
        struckTrials: 8,
        occurrences: 11,
        strikes: 11,
      },
    ],
    invariants: [
      { name, modality: 'always', claim: 'Once.', exercised: 31, verdict: 'broken' },
      {
        name: 'never-asked',
        modality: 'always',
        claim: 'It is.',
        exercised: 0,
        verdict: 'vacuous',
      },
      { name: 'a-mark', modality: 'sometimes', claim: 'It can.', exercised: 0, verdict: 'missed' },
      { name: 'held', modality: 'always', claim: 'It is.', exercised: 9, verdict: 'held' },
    ],
    failures: [
      {
        invariant: name,
        trials: 2,
        first: { ...violation, seed: 9 },
        smallest: {
          trial: {
            schema: 'backlot.trial/1',
            scenario: scenario as never,
            architecture: 'direct',
            healedAt: 9,
          },
          violation,
          size: { commands: 2, faults: 1 },
          token: 't-abc',
          tries: 40,
          isMinimal: true,
        },
      },
    ],
    corpus: [{ file: 'exactly-once-1.json', invariant: name, verdict: 'holds', violation: null }],
    digest: 'abcd',
    replay: 'npx backlot faults small.ts --seed 7',
  };
}

/** A file that was taken in. */
export function ingestDocument(source = 'access.log'): IngestDocument {
  return {
    schema: 'backlot.ingest/1',
    backlot: '0.1.0',
    source,
    format: 'common',
    digest: 'abcd',
    read: 10,
    stored: 7,
    badRows: 1,
    badRowReasons: { 'no time': 1 },
    statuses: { 200: 6, 404: 1 },
    bytes: 1_234,
    hosts: 3,
    duplicates: 2,
    lateEvents: 0,
    panes: 4,
    ledger: { events: LEDGER },
  };
}

/** A lake that was read again. */
export function backfillDocument(): BackfillDocument {
  return {
    schema: 'backlot.backfill/1',
    backlot: '0.1.0',
    lakeVersion: 3,
    digest: 'abcd',
    sources: ['clickstream'],
    fromUs: null,
    toUs: null,
    read: 10,
    stored: 7,
    badRows: 1,
    duplicates: 2,
    lateEvents: 0,
    panes: 4,
    plays: 2,
    impressions: 1,
    isUnchanged: false,
    ledger: { events: LEDGER },
  };
}

/** A run with a verdict of each kind. */
export function judgedDocument(): RunDocument {
  const verdict = (one: Partial<typeof MISSED>) => ({ ...MISSED, ...one });
  return {
    ...runDocument(),
    verdicts: [
      MISSED,
      verdict({ objective: 'p50(page.load) < 1s', verdict: 'pass', margin: 0.2 }),
      verdict({ objective: 'p95(page.load) < 1s', verdict: 'inconclusive' }),
      verdict({ objective: 'p90(page.load) < 1s', verdict: 'skipped', reason: 'no data' }),
      verdict({ objective: 'p75(page.load) < 1s', severity: 'warn' }),
    ],
  };
}

/** What `check` says of a small scenario, findings and all. */
export async function checkDocument(): Promise<CheckDocument> {
  const document = await checkScenario(smallScenario(), { file: 'small.ts' });
  const finding = {
    severity: 'error' as const,
    code: 'L-STABLE',
    subject: 'direct',
    path: 'services.movie',
    found: 'ρ = 1.2',
    rule: 'below 1; add replicas',
  };
  return { ...document, findings: [finding, ...document.findings] };
}

let every: Promise<ReadonlyMap<string, ExportableDocument>> | undefined;

/** One of every kind, as JSON brings them, by schema; made once a process. */
export function everyDocument(): Promise<ReadonlyMap<string, ExportableDocument>> {
  every ??= makeEveryDocument();
  return every;
}

async function makeEveryDocument(): Promise<ReadonlyMap<string, ExportableDocument>> {
  const documents = [
    judgedDocument(),
    compareDocument(),
    planDocument(),
    loadDocument(),
    sweepDocument(),
    await usualAdvice(),
    await checkDocument(),
    faultsDocument(),
    ingestDocument(),
    backfillDocument(),
  ];
  return new Map(documents.map((one) => [one.schema, throughJson<ExportableDocument>(one)]));
}

/** What is left of a document in a file: NaN is null. */
export function throughJson<T>(document: T): T {
  return JSON.parse(JSON.stringify(document)) as T;
}

const SERVICE = { replicas: 2, workersPerReplica: 4, baseTime: fixed(ms(6)), timePerEntity: 100 };
const RETRIES = {
  timeoutUs: ms(120),
  retry: {
    maxAttempts: 3,
    backoff: { kind: 'full-jitter', baseUs: ms(20), capUs: ms(20) },
    retryOn: ['timeout', 'unavailable', 'overloaded'],
  },
};
const HEDGES = { hedge: { kind: 'fixed', delayUs: ms(15), capRatio: 1 } };

/** A run and what lay beside it. */
export interface RealRun {
  readonly document: RunDocument;
  readonly sources: ExportSources;
}

let made: Promise<RealRun> | undefined;

/** A run of two variants with retries, hedges, time-outs and dead pages; made once a process. Some
 * 19 s of virtual time. */
export function realRun(): Promise<RealRun> {
  made ??= performRealRun();
  return made;
}

async function performRealRun(): Promise<RealRun> {
  const directory = mkdtempSync(join(tmpdir(), 'backlot-test-'));
  try {
    const scenario = smallScenario(REAL as Partial<ScenarioInput>);
    const document = await runScenario(scenario, { threads: 1, directory });
    const histograms = new Map(
      document.architectures.map(({ name }) => [name, readRunHistograms(directory, name)]),
    );
    return {
      document: throughJson(document),
      sources: { histograms: (name) => histograms.get(name) },
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const REAL: unknown = {
  name: 'real',
  clock: { start: '2026-11-20T20:00:00Z', duration: seconds(15), drain: seconds(4) },
  audience: { viewers: 0 },
  traffic: {
    kind: 'open',
    rate: [{ at: 0, perSecond: 20 }],
    pages: { home: 1, title: 2 },
    via: 'datacentre',
  },
  services: {
    movie: { ...SERVICE, calledWith: HEDGES },
    production: SERVICE,
    talent: { ...SERVICE, calledWith: RETRIES },
  },
  faults: [
    { kind: 'service.slow', target: 'talent', at: seconds(4), for: seconds(4), factor: 60 },
    { kind: 'service.outage', target: 'movie', at: seconds(10), for: seconds(2) },
  ],
  objectives: ['p95(page.load) < 1ms', 'count(page.requests) > 1'],
  variants: [
    { name: 'gateway', architecture: 'federated' },
    { name: 'devices', architecture: 'direct' },
  ],
};
