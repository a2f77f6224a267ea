/** Whole runs whose metrics are compared three ways: everything that goes wrong on the way is
 * named, and naming it explains all of it. */
import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../src/analytics/agreement/agreement.ts';
import { runScenario } from '../../../src/experiment/run.ts';
import { defineScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import type { ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { fixed } from '../../../src/experiment/scenario/values.ts';
import { minutes, ms, seconds } from '../../../src/kernel/time.ts';

const BASE = {
  schema: 1,
  name: 'agreement',
  question: 'Do truth, batch and stream agree?',
  seed: 5,
  clock: { start: '2026-11-20T20:00:00-05:00', duration: minutes(20), drain: minutes(5) },
  audience: { viewers: 30 },
  catalogue: { titles: 40 },
} as const satisfies Partial<ScenarioInput>;

async function agreementOf(part: Partial<ScenarioInput>): Promise<Agreement> {
  const scenario = defineScenario({ ...BASE, ...part } as ScenarioInput);
  const options = { architectures: ['monolith'] as const, agreement: true };
  const { architectures } = await runScenario(scenario, options);
  const [{ agreement, ledger }] = architectures as [(typeof architectures)[number]];
  expect(ledger.events.residual).toBe(0);
  if (agreement === undefined) throw new Error('no agreement');
  const missing = agreement.causes.filter(({ kind }) => kind === 'missing');
  const lost = missing.reduce((sum, { events }) => sum + events, 0);
  expect(lost).toBe(agreement.events.captured - agreement.events.stored);
  return agreement;
}

describe('the agreement of a run', () => {
  it('S132 names bad rows and what was not through, and explains it all', async () => {
    const agreement = await agreementOf({
      clickstream: { batchLossProbability: 0.1, malformedShare: 0.05 },
    });
    expect(agreement).toMatchObject({ isExplained: true, skipped: null, unexplained: [] });
    const causes = agreement.causes.map(({ cause }) => cause);
    expect(causes).toContain('validate: bad row (eventTimeUs: invalid_type)');
    const totals = agreement.metrics.find(({ metric }) => metric === 'viewing_totals');
    expect(totals?.batchDiffers).toBeGreaterThan(0);
    expect(totals?.causes.length).toBeGreaterThan(0);
    const watched = totals?.examples.find(({ column }) => column === 'watch_s');
    expect(watched?.truth).toBeGreaterThan(Number(watched?.batch));
    expect(JSON.stringify(agreement)).not.toMatch(/NaN|Infinity/);
  });

  it('S133 names events whose time was wrong', async () => {
    const agreement = await agreementOf({
      faults: [
        {
          kind: 'client.clock-jump',
          at: minutes(10),
          for: minutes(8),
          probability: 0.8,
          intensity: seconds(3_600),
        },
      ],
    });
    const clock = agreement.causes.find(({ kind }) => kind === 'changed');
    expect(clock?.cause).toMatch(/^clock: /);
    expect(clock?.events).toBeGreaterThan(0);
    expect(agreement.isExplained).toBe(true);
  });

  it('S134 names what came late, from bots, twice, and what SDKs gave up', async () => {
    const wan = { roundTripTime: fixed(ms(28)), bandwidthBitsPerSec: 4e7 };
    const absence = {
      probability: 1,
      after: fixed(minutes(4)),
      duration: fixed(minutes(45)),
    };
    const agreement = await agreementOf({
      clock: { start: '2026-11-20T20:00:00-05:00', duration: minutes(80), drain: minutes(40) },
      audience: {
        viewers: 20,
        devices: {
          tv: { share: 50, wan },
          phone: { share: 50, wan, absence },
          web: { share: 0, wan },
          console: { share: 0, wan },
        },
      },
      clickstream: { sdk: { sampleRate: 0.8, killProbability: 0.05 } },
      faults: [{ kind: 'client.bot-flood', at: minutes(5), for: seconds(10) }],
    });
    expect(agreement).toMatchObject({ isExplained: true, unexplained: [] });
    const causes = agreement.causes.map(({ cause }) => cause);
    expect(causes).toContain('SDK: sdk_sampled_out');
    expect(causes).toContain('late: its session was closed');
    expect(causes).not.toContain('clock: the corrected time is not the true time');
    expect(agreement.events.inTime).toBeLessThan(agreement.events.stored);
  });
});
