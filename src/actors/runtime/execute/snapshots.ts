/** Snapshots of actors: the plain one of the actor system, and XState's own for inspectors and for
 * machines that ask a reference. */
import type { AnyMachineSnapshot } from 'xstate';
import type { ActorSnapshot } from '../actor-system.ts';

import type { Configuration, MachineTables } from '../compile/configuration.ts';
import type { Children } from '../operations/operation.ts';
import type { ActorStatus } from '../storage/actor-store.ts';
import type { ActorHandle } from './actor-handle.ts';

/** What a snapshot is made of. */
export interface SnapshotParts {
  readonly machine: MachineTables | undefined;
  readonly configuration: Configuration | undefined;
  readonly context: unknown;
  readonly status: ActorStatus;
  readonly output: unknown;
  readonly error: unknown;
  readonly children: Children;
}

/** The context, for others to keep: one that is changed in place is copied. */
function contextOf({ machine, context }: SnapshotParts): unknown {
  return machine?.isPrivate === true ? { ...(context as object) } : context;
}

/** XState's snapshot. */
export function xstateSnapshot(parts: SnapshotParts): unknown {
  const context = contextOf(parts);
  const { machine, configuration, status, output, error, children } = parts;
  if (machine === undefined || configuration === undefined) {
    return { status, output, error, context };
  }
  const snapshot: AnyMachineSnapshot = machine.machine.resolveState({
    value: configuration.value as never,
    context: context as never,
    output: output as never,
    error,
    historyValue: historyOf(configuration),
  });
  return Object.assign(snapshot, { status, children });
}

/** The plain snapshot. @param childOf - the plain snapshot of a child. */
export function plainSnapshot(
  parts: SnapshotParts,
  childOf: (child: ActorHandle) => ActorSnapshot,
): ActorSnapshot {
  const context = contextOf(parts);
  const { configuration, status, output, error } = parts;
  const children: Record<string, ActorSnapshot> = {};
  for (const [id, child] of Object.entries(parts.children)) {
    if (child !== undefined) children[id] = childOf(child as ActorHandle);
  }
  const value = configuration?.value;
  return { status, value, context, output, error, tags: configuration?.tags ?? [], children };
}

function historyOf(configuration: Configuration): never {
  const entries = [...configuration.history].map(([node, states]) => [
    node.id,
    states.map(({ definition }) => definition),
  ]);
  return Object.fromEntries(entries) as never;
}
