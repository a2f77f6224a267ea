/** The diagram of a trial: viewer, device, gateway, services, collector, log, pipeline, warehouse,
 * and what went between them up to the moment that broke the invariant. */

import { FIRST_GUEST } from '../../domain/audience.ts';
import type { ArchitectureName } from '../../gateway/architecture.ts';
import { US_PER_SECOND } from '../../kernel/time.ts';
import type { Violation } from '../invariants/invariant.ts';
import type { Trial } from '../trial/trial.ts';
import { type DiagramLine, sequenceDiagram } from './sequence-diagram.ts';
import { type TracedMessage, traceTrial } from './trace-trial.ts';

const LIFELINES = [
  'viewer',
  'device',
  'gateway',
  'service',
  'collector',
  'log',
  'pipeline',
  'warehouse',
] as const;
type Lifeline = (typeof LIFELINES)[number];

/** Longer stories are cut: what came just before the end matters most. */
const LINES_MAX = 48;

/** Runs a trial again and draws it. @param broken - Where it went wrong, if it did. */
export async function trialDiagram(trial: Trial, broken?: Violation): Promise<string> {
  const { messages } = await traceTrial(trial);
  const untilUs = broken?.atUs ?? Number.POSITIVE_INFINITY;
  const lines = messages
    .filter(({ atUs }) => atUs <= untilUs)
    .flatMap((message) => linesOf(message, trial.architecture));
  if (broken !== undefined) {
    lines.push({ kind: 'mark', at: seconds(broken.atUs), text: `✕ ${broken.invariant}` });
  }
  return sequenceDiagram(usedNames(lines), renumbered(lines), LINES_MAX);
}

/** A server that is no service. */
const GATEWAYS: Readonly<Record<ArchitectureName, string | undefined>> = {
  monolith: 'monolith',
  direct: undefined,
  aggregation: 'gateway',
  federated: 'router',
};

interface Told extends TracedMessage {
  /** What the actor is, and which one. */
  readonly role: string;
  readonly name: string;
  readonly gateway: string | undefined;
}

type Hop = readonly [from: Lifeline, to: Lifeline, text: string];

function linesOf(message: TracedMessage, architecture: ArchitectureName): readonly DiagramLine[] {
  const at = seconds(message.atUs);
  const [role = '', name = ''] = message.actor.split('/');
  if (role === 'fault') return [{ kind: 'mark', at, text: `✕ ${message.event}` }];
  const told = { ...message, role, name, gateway: GATEWAYS[architecture] };
  return (HOPS[role]?.(told) ?? []).map(([from, to, text]) => {
    const [start, end] = [LIFELINES.indexOf(from), LIFELINES.indexOf(to)];
    return { kind: 'message', at, from: start, to: end, text };
  });
}

/** What an actor's messages tell, by its role. */
const HOPS: Readonly<Record<string, (told: Told) => readonly Hop[]>> = {
  viewer: ({ name, event, remark }) =>
    event === 'page.shown' ? [['device', 'viewer', `${who(name)}: ${remark ?? event}`]] : [],
  device({ name, event, gateway }) {
    if (event === 'call.answered') {
      return [[gateway === undefined ? 'service' : 'gateway', 'device', 'answer']];
    }
    const isOwn = event === 'timer' || event === 'page.answered';
    return isOwn ? [] : [['viewer', 'device', `${who(name)}: ${event}`]];
  },
  server({ name, event, gateway }) {
    const front = gateway === undefined ? 'device' : 'gateway';
    const isGateway = name === gateway || name.startsWith(`${gateway}@`);
    if (event === 'call.answered') return [['service', front, 'answer']];
    if (event !== 'call.arrived') {
      const place = isGateway ? 'gateway' : 'service';
      return [[place, place, `${name}: ${event}`]];
    }
    return [isGateway ? ['device', 'gateway', 'call'] : [front, 'service', name]];
  },
  collector: ({ actor, event }) => [
    ['device', 'collector', `batch ${batchOf(actor, event)}`],
    ['collector', 'log', 'events'],
  ],
  sdk: ({ event }) =>
    event === 'batch.acknowledged' ? [['collector', 'device', 'acknowledged']] : [],
  warehouse: ({ event }) => [
    ['log', 'pipeline', 'poll'],
    ['pipeline', 'warehouse', event],
  ],
};

/** Viewers by number; guests from 1. */
function who(name: string): string {
  const viewer = Number(name);
  return viewer >= FIRST_GUEST ? `guest ${viewer - FIRST_GUEST + 1}` : `viewer ${name}`;
}

/** The collector's records name viewer and batch. */
function batchOf(actor: string, event: string): string {
  const text = actor.includes('/') ? actor : event;
  const [viewer = '', batch = ''] = text.split('/').slice(-2);
  return `${batch} of ${who(viewer)}`;
}

/** Names of the lifelines that have something to do. */
function used(lines: readonly DiagramLine[]): readonly number[] {
  const found = new Set<number>();
  for (const line of lines) {
    if (line.kind === 'message') found.add(line.from).add(line.to);
  }
  return found.size === 0 ? [0] : [...found].sort((a, b) => a - b);
}

function usedNames(lines: readonly DiagramLine[]): readonly string[] {
  return used(lines).map((at) => LIFELINES[at] ?? '');
}

function renumbered(lines: readonly DiagramLine[]): readonly DiagramLine[] {
  const order = used(lines);
  return lines.map((line) => {
    if (line.kind === 'mark') return line;
    return { ...line, from: order.indexOf(line.from), to: order.indexOf(line.to) };
  });
}

function seconds(us: number): string {
  return `${(us / US_PER_SECOND).toFixed(3)} s`;
}
