/** `backlot run` and `backlot compare`: documents, files, and one digest whatever the
 * process, the threads, the time zone, the language, the report and the trace. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, watch } from 'node:fs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { CompareDocument, RunDocument } from '../../../src/experiment/result.ts';
import { runMetric } from '../../../src/storage/metrics.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { backlot, LAUNCHER, type Outcome, TINY_SCENARIO } from '../command-line.ts';
import { inProcess } from '../in-process.ts';

const folder = temporaryFolder();
const cwd = folder.path('.');

beforeAll(() => {
  folder.write('tiny.ts', TINY_SCENARIO);
  const short = TINY_SCENARIO.replace('minutes(6)', 'minutes(2)');
  folder.write('short.ts', short.replace('viewers: 24', 'viewers: 8'));
});

function documentOf({ code, stdout, stderr }: Outcome): RunDocument {
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as RunDocument;
}

/** In this process, with another time zone. */
async function runIn(zone: string, args: readonly string[]): Promise<RunDocument> {
  vi.stubEnv('TZ', zone);
  try {
    expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(zone);
    return await runHere('short.ts', args);
  } finally {
    vi.unstubAllEnvs();
  }
}

async function runHere(scenario: string, args: readonly string[]): Promise<RunDocument> {
  const all = ['run', scenario, '--json', '--threads', '1', ...args];
  return documentOf(await inProcess(all, { cwd }));
}

describe('backlot run', () => {
  const two = ['--arch', 'direct,federated'];

  it('E1: has one digest in every process, time zone, language, with whatever files', async () => {
    const another = ['run', 'short.ts', '--json'];
    const documents = [
      await runHere('short.ts', two),
      documentOf(
        backlot([...another, ...two, '--no-report', '--trace', '--threads', '2'], {
          cwd,
          env: { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8' },
        }),
      ),
      await runIn('America/St_Johns', [...two, '--out', 'elsewhere']),
    ];
    const [first] = documents;
    expect(first?.digest).toMatch(/^[0-9a-f]{32}$/);
    for (const document of documents) {
      expect(document.digest).toBe(first?.digest);
      expect(document.architectures).toEqual(first?.architectures);
    }
    expect((await runHere('short.ts', [...two, '--seed', '6'])).digest).not.toBe(first?.digest);
  });

  it('E4: prints one document, whose ledgers close', async () => {
    const document = await runHere('tiny.ts', []);
    expect([document.schema, document.seed]).toEqual(['backlot.run/1', 5]);
    expect(document.architectures.map(({ name }) => name)).toEqual([
      'monolith',
      'direct',
      'aggregation',
      'federated',
    ]);
    for (const { requests, errors, pageLoadTimeMs } of document.architectures) {
      expect(requests).toBeGreaterThan(20);
      expect(errors).toBe(0);
      expect(pageLoadTimeMs.p50).toBeLessThanOrEqual(pageLoadTimeMs.p99);
    }
    for (const line of [document.ledger.requests, document.ledger.events]) {
      expect(line.residual).toBe(0);
      expect(line.in).toBe(line.out + line.inFlight + line.dropped);
    }
  });

  it('writes report, document and warehouses into one directory, and says where', async () => {
    const args = ['run', 'tiny.ts', '--arch', 'federated', '--threads', '1', '--trace'];
    const { code, stdout } = await inProcess(args, { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('Report: backlot-runs/tiny-5-federated/report.html');
    const directory = folder.path('backlot-runs/tiny-5-federated');
    expect(readdirSync(directory).sort()).toEqual([
      'digest-federated.json',
      'histograms-federated.json',
      'report.html',
      'run.json',
      'scenario.json',
      'trace-federated.ndjson',
      'warehouse-federated.sqlite',
    ]);
    const warehouse = openWarehouse({ path: `${directory}/warehouse-federated.sqlite` });
    const facts = Number(runMetric(warehouse, 'stored')[0]?.['facts']);
    warehouse.close();
    const document = JSON.parse(readFileSync(`${directory}/run.json`, 'utf8')) as RunDocument;
    expect(document.ledger.events.out).toBe(facts);
    const [line] = readFileSync(`${directory}/trace-federated.ndjson`, 'utf8').split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({ simTimeUs: expect.any(Number) });
  });

  it('takes a catalogue and arrivals from files', async () => {
    folder.write(
      'films.json',
      JSON.stringify(
        Array.from({ length: 30 }, (_, i) => ({
          title: `Film ${i}`,
          year: 2015,
          cast: [`Actor ${i % 7}`],
          genres: ['Drama'],
        })),
      ),
    );
    folder.write('counts.csv', 'period,count\n2026-01-01 00:00:00,5\n2026-01-01 00:05:00,9\n');
    const files = ['--catalogue', 'films.json', '--arrivals', 'counts.csv'];
    const document = await runHere('tiny.ts', ['--arch', 'monolith', ...files]);
    expect([document.catalogue, document.arrivals]).toEqual([
      'films.json (30 titles)',
      'counts.csv',
    ]);
    expect(document.architectures[0]?.viewing.topGenres[0]?.genre).toBe('Drama');
  });
});

describe('backlot compare', () => {
  it('E5: prints paired differences with intervals', async () => {
    const what = ['compare', 'short.ts', '--replications', '2', '--arch', 'direct,federated'];
    const { code, stdout } = await inProcess([...what, '--threads', '1', '--json'], { cwd });
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as CompareDocument;
    expect([document.schema, document.replications]).toEqual(['backlot.compare/1', 2]);
    const [difference] = document.differences;
    expect(difference).toMatchObject({ a: 'direct', b: 'federated', metric: 'page load p50' });
    expect(difference?.difference.low).toBeLessThan(difference?.difference.high ?? Number.NaN);
  });
});

describe('an interruption', () => {
  it('E7: leaves nothing behind and exits with 130', { timeout: 180_000 }, async () => {
    const child = spawn(process.execPath, [LAUNCHER, 'run', 'tiny.ts', '--out', 'interrupted'], {
      cwd,
    });
    const isPartial = (name: string) => name.startsWith('interrupted.partial');
    const code = await new Promise<number | null>((resolve) => {
      child.on('exit', resolve);
      const watcher = watch(cwd, () => {
        if (!readdirSync(cwd).some(isPartial)) return;
        watcher.close();
        child.kill('SIGINT');
      });
    });
    expect(code).toBe(130);
    expect(readdirSync(cwd).filter((name) => name.startsWith('interrupted'))).toEqual([]);
  });
});
