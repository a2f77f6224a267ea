/** What can be done about calls: retries and their budgets, breakers, time-outs, hedges. A policy
 * stands with the service, or for all calls; the rule changes it where it stands. Spec: M188. */
import { servicePolicies } from '../../requests/wiring/call-settings.ts';
import type { AdviceFinding } from '../advice-document.ts';
import type { ActionDraft } from './action-draft.ts';
import type { RuleContext } from './rule-context.ts';
import { seconds } from './station-rules.ts';

/** A half of Finagle's ratio: a tenth of the calls may be retries, and one a second in any case. */
const BUDGET = { kind: 'ratio-bucket', retryRatio: 0.1, minRetriesPerSec: 1 } as const;

/** Fewer retries, or bounds for them. */
export function amplifiedRule(context: RuleContext, finding: AdviceFinding): ActionDraft[] {
  const place = policyPlace(context, finding.subject);
  if (place === undefined) return [];
  const { maxAttempts } = place.policies.retry;
  const fewer = [1, maxAttempts - 1].filter((n, i, all) => n >= 1 && all.indexOf(n) === i);
  return [
    ...fewer
      .filter((attempts) => attempts < maxAttempts)
      .map((attempts) => ({
        title: `${place.who}: ${maxAttempts} → ${attempts} attempt${attempts === 1 ? '' : 's'}`,
        set: { [place.attempts]: attempts },
        because: 'retries load what is full already',
      })),
    ...(place.policies.budget === undefined
      ? [
          {
            title: `${place.who}: a retry budget of a tenth`,
            set: place.withPolicy('budget', BUDGET),
            because: 'a budget bounds what retries add',
          },
        ]
      : []),
    ...(place.policies.breaker === undefined
      ? [
          {
            title: `${place.who}: a circuit breaker`,
            set: place.withPolicy('breaker', { kind: 'hystrix' }),
            because: 'calls that would fail are not made',
          },
        ]
      : []),
  ];
}

/** More patience, or less. */
export function timedOutRule(context: RuleContext, finding: AdviceFinding): ActionDraft[] {
  const place = policyPlace(context, finding.subject);
  if (place === undefined) return [];
  const { timeoutUs } = place.policies;
  return [
    { timeout: Math.round(timeoutUs * 2), because: 'answers that come too late are waited for' },
    {
      timeout: Math.round(timeoutUs / 2),
      because: 'what is late is given up before it costs more',
    },
  ].map(({ timeout, because }) => ({
    title: `${place.who}: time-out ${seconds(timeoutUs)} → ${seconds(timeout)}`,
    set: { [place.timeout]: timeout },
    because,
  }));
}

/** A second try beside a slow one. Nobody calls services of a monolith. */
export function tailRule({ scenario, architecture }: RuleContext): ActionDraft[] {
  if (architecture === 'monolith') return [];
  const names = Object.keys(scenario.services);
  const own = names.filter((name) => scenario.services[name]?.calledWith !== undefined);
  const [first] = names.filter((name) => !own.includes(name));
  const hedge = { kind: 'quantile' } as const;
  const drafts = own.map((name) => ({
    who: name,
    set: { [`services.${name}.calledWith.hedge`]: hedge },
  }));
  const all =
    first === undefined
      ? []
      : [{ who: 'all calls', set: sharedPolicy({ scenario, service: first }, 'hedge', hedge) }];
  return [...drafts, ...all].map(({ who, set }) => ({
    title: `${who}: hedge the slowest`,
    set,
    because: 'a second try is rarely slow too',
  }));
}

/** More time for pages that end as failures. */
export function failingRule({ scenario }: RuleContext): ActionDraft[] {
  const { pageTimeout } = scenario.requests;
  return [
    {
      title: `pages: time-out ${seconds(pageTimeout)} → ${seconds(pageTimeout * 2)}`,
      set: { 'requests.pageTimeout': pageTimeout * 2 },
      because: 'pages that come late are shown after all',
    },
  ];
}

interface PolicyPlace {
  /** For titles. */
  readonly who: string;
  readonly policies: ReturnType<typeof servicePolicies>;
  /** Paths. */
  readonly attempts: string;
  readonly timeout: string;
  readonly withPolicy: (name: string, value: unknown) => Readonly<Record<string, unknown>>;
}

/** Where the policy of an edge like `router→movie` stands; undefined for edges to no service. */
function policyPlace({ scenario }: RuleContext, edge: string): PolicyPlace | undefined {
  const service = edge.split('→').at(-1) ?? '';
  const found = scenario.services[service];
  if (found === undefined) return undefined;
  const policies = servicePolicies(scenario, service);
  const { calls } = scenario.requests;
  if (found.calledWith === undefined && calls === undefined) {
    return {
      who: 'all calls',
      policies,
      attempts: 'requests.retry.maxAttempts',
      timeout: 'requests.callTimeout',
      withPolicy: (name, value) => sharedPolicy({ scenario, service }, name, value),
    };
  }
  const isOwn = found.calledWith !== undefined;
  const path = isOwn ? `services.${service}.calledWith` : 'requests.calls';
  return {
    who: isOwn ? `calls to ${service}` : 'all calls',
    policies,
    attempts: `${path}.retry.maxAttempts`,
    timeout: `${path}.timeoutUs`,
    withPolicy: (name, value) => ({ [`${path}.${name}`]: value }),
  };
}

/** The short words for retries know no other policy: the same in full, with one more. */
function sharedPolicy(
  { scenario, service }: { readonly scenario: RuleContext['scenario']; readonly service: string },
  name: string,
  value: unknown,
): Readonly<Record<string, unknown>> {
  if (scenario.requests.calls !== undefined) return { [`requests.calls.${name}`]: value };
  return { 'requests.calls': { ...servicePolicies(scenario, service), [name]: value } };
}
