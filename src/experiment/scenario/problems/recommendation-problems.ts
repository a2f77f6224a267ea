/** What a closed loop needs beside its own fields: names of its own, a history where models are
 * to be trained, pages to stand on, and SDKs that take a row's impressions at once. */
import { PRODUCTS } from '../../../gateway/products/products.ts';
import type { ScenarioProblem } from '../../../kernel/errors.ts';
import { needsHistory } from '../recommendations/policy-schema.ts';
import type { Scenario } from '../schema.ts';
import { shown } from './problem-words.ts';

/** Everything wrong with a scenario's recommendations. Spec: M110. */
export function recommendationProblems(scenario: Scenario): readonly ScenarioProblem[] {
  const { recommendations, clickstream, catalogue, product } = scenario;
  if (recommendations === undefined) return [];
  const { arms, slots, history } = recommendations;
  const problems: ScenarioProblem[] = [];
  const tell = (path: string, found: unknown, rule: string) =>
    problems.push({ path: `recommendations${path}`, found: shown(found), rule });
  const names = arms.map(({ name }) => name);
  arms.forEach(({ name, policy }, i) => {
    if (names.indexOf(name) < i) tell(`.arms.${i}.name`, name, 'a name of its own');
    if (history !== undefined || !needsHistory(policy)) return;
    const rule = `${policy.kind} is trained from what was watched before: give ${HISTORY}`;
    tell(`.arms.${i}.policy.kind`, policy.kind, rule);
  });
  const { eventBurst, maxEventBytes } = clickstream.sdk;
  if (slots >= eventBurst) {
    const rule = `below clickstream.sdk.eventBurst (${eventBurst}): all slots are told at once`;
    tell('.slots', slots, rule);
  }
  if (maxEventBytes < LEAST_EVENT_BYTES) {
    tell(
      '',
      maxEventBytes,
      `impressions need clickstream.sdk.maxEventBytes ≥ ${LEAST_EVENT_BYTES}`,
    );
  }
  if (slots > catalogue.titles) {
    tell('.slots', slots, `at most catalogue.titles (${catalogue.titles})`);
  }
  if (!PRODUCTS[product].hasPages) {
    tell('', product, `${product} has no home page: recommend nothing, or take another product`);
  }
  return problems;
}

const HISTORY = 'recommendations.history';
/** An impression with long ids and a propensity of 17 digits. */
const LEAST_EVENT_BYTES = 512;
