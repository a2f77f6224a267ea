/** What a run's result leaves for advice. */
import { describe, expect, it } from 'vitest';
import { operationsOf } from '../../../src/experiment/campaign/operations-sample.ts';
import type { ArchitectureResult } from '../../../src/experiment/result.ts';
import { runDocument } from '../../report/fixture-documents.ts';

function result(): ArchitectureResult {
  const [first] = runDocument().architectures;
  if (first === undefined) throw new Error('no architecture');
  return {
    ...first,
    servers: [
      {
        name: 'talent',
        offered: 10,
        answered: 9,
        failures: { shed: 1 },
        inFlight: 0,
        meanWaitMs: 3,
        meanServiceMs: 4,
        workSeconds: 5,
        cacheHitShare: null,
        replicas: { min: 1, max: 3, mean: 2 },
      },
    ],
    objectives: [
      {
        objective: 'x',
        value: 1,
        samples: 1,
        pooled: { kind: 'none' },
        worst: { fromUs: 60e6, toUs: 180e6, value: 2 },
      },
      { objective: 'y', value: 1, samples: 1, pooled: { kind: 'none' }, worst: null },
    ],
    series: {
      ...first.series,
      minutes: [0.5, 1.5, 2.5],
      utilization: [{ name: 'talent', values: [0.1, 0.9, 0.5] }],
      replicas: [{ name: 'talent', values: [1, 3, 2] }],
      workerUtilization: [{ name: 'pipeline workers', values: [0, 0.2, 0.6] }],
    },
  };
}

describe('operations of a run', () => {
  it('M181: have the fullest bucket of every server, when it was, and the replicas then', () => {
    const { servers } = operationsOf(result());
    expect(servers).toEqual([
      expect.objectContaining({
        name: 'talent',
        peakUtilization: 0.9,
        peakAtUs: 90e6,
        peakReplicas: 3,
        failures: { shed: 1 },
      }),
    ]);
  });

  it('M181: say how busy stations were while an objective was worst', () => {
    const { worst } = operationsOf(result());
    expect(worst).toEqual([
      {
        objective: 'x',
        fromUs: 60e6,
        toUs: 180e6,
        utilization: [
          { station: 'talent', utilization: 0.7 },
          { station: 'pipeline', utilization: 0.4 },
        ],
      },
    ]);
  });
});
