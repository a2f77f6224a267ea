/** Scenarios for `check`, and their documents. */
import type { CheckDocument } from '../../../src/experiment/check/check-document.ts';
import { checkScenario } from '../../../src/experiment/check/check-scenario.ts';
import { defineScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import type { Scenario, ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { lognormal } from '../../../src/experiment/scenario/values.ts';
import type { ArchitectureName } from '../../../src/gateway/architecture.ts';
import { minutes, ms, seconds, us } from '../../../src/kernel/time.ts';

/** A steady load test of four pages on services that are about half busy. */
export function loadTest(overrides: Partial<ScenarioInput> = {}): Scenario {
  const service = (median: number) => ({
    replicas: 2,
    workersPerReplica: 2,
    baseTime: lognormal(ms(median), 0.5),
    timePerEntity: us(300),
  });
  return defineScenario({
    schema: 1,
    name: 'steady',
    question: 'Does theory know it beforehand?',
    seed: 11,
    clock: { start: '2026-11-20T20:00:00Z', duration: minutes(1), drain: seconds(5) },
    audience: {},
    catalogue: { titles: 60 },
    traffic: {
      kind: 'open',
      rate: [{ at: 0, perSecond: 20 }],
      pages: { home: 3, title: 3, search: 1, play: 2 },
    },
    services: { movie: service(25), production: service(28), talent: service(30) },
    ...overrides,
  });
}

/** Its document. */
export function checked(
  scenario: Scenario,
  options: {
    readonly architectures?: readonly ArchitectureName[];
    readonly replications?: number;
  } = {},
): Promise<CheckDocument> {
  return checkScenario(scenario, { file: 'steady.ts', ...options });
}

/** Codes found, each once. */
export function codesOf({ findings }: CheckDocument): readonly string[] {
  return [...new Set(findings.map(({ code }) => code))];
}
