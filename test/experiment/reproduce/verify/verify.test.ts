/** `verify`: fresh processes against the recording; and what it says of recordings that were made
 * up. Each rerun is a process start. */
import { beforeAll, describe, expect, it } from 'vitest';
import { openBundle } from '../../../../src/experiment/reproduce/bundle.ts';
import { firstDivergence } from '../../../../src/experiment/reproduce/digest-parts.ts';
import { checkBalances } from '../../../../src/experiment/reproduce/verify/balances.ts';
import {
  replicationsToCheck,
  verifyBundle,
} from '../../../../src/experiment/reproduce/verify/verify.ts';
import type { CompareDocument, RunDocument } from '../../../../src/experiment/result.ts';
import { temporaryFolder } from '../../../temporary-folder.ts';
import { recordComparison, recordRun, shortScenario, writeDocument } from '../recorded.ts';

const folder = temporaryFolder();
const directory = folder.fresh();
let document: RunDocument;

beforeAll(async () => {
  document = await recordRun(directory, shortScenario(), ['monolith']);
});

/** What is verified when the document in the directory says something else. */
async function verifyAs(changed: RunDocument) {
  writeDocument(directory, changed);
  try {
    return await verifyBundle(await openBundle(directory), { threads: 1 });
  } finally {
    writeDocument(directory, document);
  }
}

describe('verifyBundle', () => {
  it('E355: tells figures that differ, other versions, ledgers that do not close', async () => {
    const [result] = document.architectures;
    if (result === undefined) throw new Error('no result');
    const requests = { ...result.ledger.requests, out: result.ledger.requests.out + 1 };
    const found = await verifyAs({
      ...document,
      backlot: '0.0.1',
      proof: { ...(document.proof ?? { scenarioSha256: '', inputs: [] }), nodeMajor: 20 },
      architectures: [{ ...result, ledger: { ...result.ledger, requests } }],
    });
    expect(found.verdict).toBe('unbalanced');
    expect(found.balances).toEqual([
      expect.objectContaining({ where: 'recorded', what: 'requests ledger', holds: false }),
    ]);
    expect(found.differences.map(({ path }) => path)).toEqual([
      'architectures.0.ledger.requests.out',
    ]);
    const { digest } = result;
    expect(found.digests).toEqual([
      { name: 'monolith', replication: 0, recorded: digest, found: [digest], isEqual: true },
    ]);
    expect(found.divergence).toBeNull();
    expect(found.notes).toEqual([
      expect.stringContaining('recorded by backlot 0.0.1'),
      expect.stringContaining('recorded on Node 20'),
    ]);
  });

  it('E357: holds every value of every replication of a comparison to the recording', async () => {
    const other = folder.fresh();
    const compared = await recordComparison(other, shortScenario(), 3);
    writeDocument(other, withOneValueChanged(compared));
    const found = await verifyBundle(await openBundle(other), { threads: 1 });
    expect(found).toMatchObject({ verdict: 'diverged', combined: { isEqual: true } });
    expect(found.replications).toEqual({ checked: [0, 1, 2], recorded: 3 });
    expect(found.digests.map(({ recorded }) => recorded)).toEqual(
      compared.architectures[0]?.digests,
    );
    expect(found.differences).toEqual([
      expect.objectContaining({ path: 'architectures.0.metrics.page load p95.values.1', a: 1 }),
    ]);
  });
});

function withOneValueChanged(document: CompareDocument): CompareDocument {
  const [first, ...rest] = document.architectures;
  const metric = first?.metrics['page load p95'];
  if (first === undefined || metric === undefined) throw new Error('no metric');
  const values = metric.values.map((value, i) => (i === 1 ? 1 : value));
  const metrics = { ...first.metrics, 'page load p95': { ...metric, values } };
  return { ...document, architectures: [{ ...first, metrics }, ...rest] };
}

describe('its parts', () => {
  it('E357: takes all of few replications, and of many the first, the last and one between', () => {
    const first = (count: number) => Array.from({ length: count }, (_, i) => i);
    expect(replicationsToCheck(first(3), false)).toEqual([0, 1, 2]);
    expect(replicationsToCheck(first(4), false)).toEqual([0, 2, 3]);
    expect(replicationsToCheck(first(11), false)).toEqual([0, 5, 10]);
    expect(replicationsToCheck([1, 3, 5, 7, 9], false)).toEqual([1, 5, 9]);
    expect(replicationsToCheck(first(5), true)).toEqual(first(5));
  });

  it('E356: holds laws and ledgers to their terms, not to what the document says of them', () => {
    const line = { in: 5, out: 3, inFlight: 0, dropped: 2, droppedByReason: { lost: 2 } };
    const closed = { ...line, residual: 0 };
    const ledger = { requests: closed, events: { ...closed, droppedByReason: { lost: 1 } } };
    const law = { left: 1, right: 1, holds: true };
    const station = { station: 'movie', littlesLaw: law } as const;
    const checks = checkBalances(
      'found',
      [
        {
          name: 'direct',
          ledger,
          stations: [
            { ...STATION, ...station, utilizationLaw: { left: 1, right: 2, holds: false } },
          ],
        },
      ],
      undefined,
    );
    expect(checks.map(({ what, holds }) => [what, holds])).toEqual([
      ['requests ledger', true],
      ['events ledger', false],
      ["Little's law at movie", true],
      ['utilization law at movie', false],
      ['flow at movie', true],
    ]);
  });

  it('E352: names the first slice and the first actor that differ, shorter lists included', () => {
    const a = { slices: [[0, 'x'] as const], actors: [['a', '1'] as const, ['b', '2'] as const] };
    const b = { slices: [[0, 'x'] as const, [60, 'y'] as const], actors: [['a', '1'] as const] };
    expect(firstDivergence(a, a)).toBeUndefined();
    expect(firstDivergence(a, b)).toEqual({ sliceUs: 60, actor: 'b' });
    expect(firstDivergence(a, { ...a, actors: null })).toBeUndefined();
  });
});

const STATION = {
  model: 'G/G/c',
  serverCount: 1,
  arrivalRatePerSec: 1,
  utilization: 0.5,
  meanInSystem: 1,
  meanWaitMs: 0,
  meanSojournMs: 1,
  theory: null,
  flow: { left: 10, right: 10, holds: true },
  measured: { fromUs: 0, toUs: 60e6 },
  note: null,
};
