/** The greeting of a watched run: who stands on the way of a page and of an event in each
 * architecture, and which faults can be begun there. Spec: L2, L23. */
import type {
  LiveFaultKind,
  LiveHello,
  LiveLink,
  LiveNode,
  LiveSubject,
} from '../../domain/live/live-hello.ts';
import { ARCHITECTURE_NAMES } from '../../gateway/architecture.ts';
import { PRODUCTS } from '../../gateway/products/products.ts';
import type { FaultTargets, Intensity } from '../faults/catalogue/fault-kind.ts';
import {
  FAULT_KIND_NAMES,
  FAULT_KINDS,
  type FaultKindName,
} from '../faults/catalogue/fault-kinds.ts';
import { gatewaySettings } from '../requests/wiring/server-settings.ts';
import { targetsOf } from '../scenario/problems/fault-problems.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Variant } from '../scenario/variants.ts';

const CLIENTS = 'clients';
const PIPELINE: readonly LiveNode[] = [
  { name: 'collector', kind: 'collector' },
  { name: 'log', kind: 'log' },
  { name: 'warehouse', kind: 'warehouse' },
];

/** The greeting. @param variants - In the order in which they run. */
export function helloOf(scenario: Scenario, variants: readonly Variant[]): LiveHello {
  return {
    schema: 'backlot.hello/1',
    title: scenario.name,
    question: scenario.question,
    subjects: variants.map(subjectOf),
    faultKinds: FAULT_KIND_NAMES.map((kind) => faultKind(kind, targetsIn(scenario, variants))),
    hasClock: true,
  };
}

function subjectOf({ name, architecture, scenario }: Variant): LiveSubject {
  const { product, architectures } = scenario;
  const made = PRODUCTS[product].createArchitecture(architecture, architectures);
  const { services, executedAt } = made;
  const gateway = gatewaySettings(scenario, made)?.server.name;
  const entry = gateway ?? (executedAt === 'server' ? services[0] : undefined);
  const callers = executedAt === 'device' ? CLIENTS : gateway;
  const links: LiveLink[] = [];
  const link = (from: string, to: string) => links.push({ name: `${from}→${to}`, from, to });
  if (entry !== undefined) link(CLIENTS, entry);
  if (callers !== undefined) for (const service of services) link(callers, service);
  const stores = services.filter((service) => hasDatabase(scenario, service));
  for (const service of stores) link(service, storeOf(service));
  link(CLIENTS, 'collector');
  link('collector', 'log');
  link('log', 'warehouse');
  return {
    name,
    nodes: [
      { name: CLIENTS, kind: 'clients' },
      ...(gateway === undefined ? [] : [{ name: gateway, kind: 'entry' } as const]),
      ...services.map(
        (service): LiveNode => ({
          name: service,
          kind: service === entry ? 'entry' : 'service',
        }),
      ),
      ...stores.map((service): LiveNode => ({ name: storeOf(service), kind: 'store' })),
      ...PIPELINE,
    ],
    links,
  };
}

function hasDatabase({ services, architectures }: Scenario, name: string): boolean {
  if (name !== 'monolith') return services[name]?.database !== undefined;
  const [first] = Object.values(services);
  return (architectures.monolith ?? first)?.database !== undefined;
}

function storeOf(service: string): string {
  return `${service} database`;
}

/** Whom faults can be aimed at here: gateways go by the architectures that are run. */
function targetsIn(
  { services }: Scenario,
  variants: readonly Variant[],
): (targets: FaultTargets) => readonly string[] {
  const absent = ARCHITECTURE_NAMES.filter(
    (name) => !variants.some(({ architecture }) => architecture === name),
  );
  return (targets) =>
    targetsOf(targets, Object.keys(services)).filter(
      (name) => !(absent as readonly string[]).includes(name),
    );
}

function faultKind(
  kind: FaultKindName,
  targetsOfKind: (targets: FaultTargets) => readonly string[],
): LiveFaultKind {
  const { effect, targets, intensity } = FAULT_KINDS[kind];
  const known = targetsOfKind(targets);
  return {
    kind,
    text: effect,
    // Where there is one target, everybody is it.
    targets: known.length > 1 ? known : [],
    intensity: intensity === undefined ? null : intensityOf(intensity),
  };
}

function intensityOf({ default: usual, min, max, unit }: Intensity): LiveFaultKind['intensity'] {
  return { default: usual, min, max, unit };
}
