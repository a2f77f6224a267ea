/** Every bench suite, at a tiny scale: the code stays alive, does the work it states, and answers
 * in the agreed form. Rates mean nothing here. */
import { describe, expect, it } from 'vitest';
import type { BenchResult } from '../bench/bench-suite.ts';
import { SUITES } from '../bench/suites.ts';

/** Each suite is run once. */
const measured = new Map<string, Promise<readonly BenchResult[]>>();

function resultsOf(name: string): Promise<readonly BenchResult[]> {
  const known = measured.get(name);
  if (known !== undefined) return known;
  const suite = SUITES[name];
  if (suite === undefined) throw new Error(`there is no suite ${name}`);
  const results = suite({ scale: 0.005 });
  measured.set(name, results);
  return results;
}

describe('bench suites', () => {
  for (const name of Object.keys(SUITES)) {
    it(`${name} does its work and gives finite figures`, async () => {
      const results = await resultsOf(name);
      expect(results.length).toBeGreaterThan(0);
      for (const result of results) {
        // A share is a difference of two rates: at this scale it can be negative. Lost is nothing.
        if (result.unit === 'lost') expect(result.value).toBe(0);
        else if (result.unit !== 'share') expect(result.value, result.name).toBeGreaterThan(0);
        expect(Number.isFinite(result.value)).toBe(true);
        expect(result.unit, result.name).not.toBe('');
      }
    });
  }

  it('names the figures that the goals are stated in', async () => {
    const names = async (name: string) => (await resultsOf(name)).map((result) => result.name);
    expect(await names('kernel')).toContain('hold_1k_events_per_s');
    expect(await names('gateway')).toContain('federated_page_cpu_us');
    expect(await names('gateway')).toContain('request_path_pages_per_s');
    expect(await names('collector')).toEqual(
      expect.arrayContaining(['ack_p99_ms', 'acked_lost', 'requests_per_s', 'events_per_s']),
    );
    expect(await names('pipeline')).toContain('sdk_to_warehouse_events_per_s');
  });
});
