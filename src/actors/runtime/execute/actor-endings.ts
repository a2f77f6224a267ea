/** How actors end, and what others learn of a step: parents of outcomes and snapshots, inspectors
 * of everything. Follows XState's `Actor.update` and `_stopProcedure`. Spec: A17. */
import type { EventObject } from 'xstate';
import { type ActorRecord, type ActorStore, type Family, Flag } from '../storage/actor-store.ts';
import type { ActorTimers } from '../storage/actor-timers.ts';
import type { SystemIds } from '../storage/system-ids.ts';
import type { Inspection } from './inspection.ts';
import type { RuntimePorts } from './runtime-ports.ts';

/** What endings need of the runtime. */
export interface EndingHost {
  readonly store: ActorStore;
  readonly timers: ActorTimers;
  readonly systemIds: SystemIds;
  readonly inspection: Inspection | undefined;
  /** Puts an event into an actor's mailbox. */
  receive(place: number, event: EventObject): void;
  readonly ports: Pick<RuntimePorts, 'snapshotAt'>;
  /** A root actor that ran has ended. */
  onEnd(place: number): void;
}

/** Endings in one runtime. */
export class ActorEndings {
  readonly #host: EndingHost;

  constructor(host: EndingHost) {
    this.#host = host;
  }

  /** What a step or its effects come to, besides context and configuration. */
  setOutcome(place: number, status: 'done' | 'error' | 'stopped', result: unknown): void {
    const { store } = this.#host;
    store.setStatus(place, status);
    if (status === 'stopped') return;
    const record = store.record(place);
    if (status === 'error') record.error = result;
    else record.output = result;
  }

  /** What follows a step: end, report, tell the parent. @param told - the snapshot of before the
   * effects, for inspectors. */
  concludeUpdate(place: number, event: EventObject, told: unknown): void {
    const { store } = this.#host;
    if (store.isOver(place) || store.has(place, Flag.child)) this.#tellOthers(place);
    this.#host.inspection?.snapshot(place, event, told);
  }

  /** Ends an actor that failed, and tells its parent. */
  fail(place: number): void {
    this.end(place);
    const { family, error } = this.#host.store.records.get(place) as ActorRecord;
    if (family === undefined) return;
    const { id } = family;
    const event = { type: `xstate.error.actor.${id}`, error, actorId: id };
    this.#tellParent(place, family, event);
  }

  /** Ends an actor: no timers, no mailbox, no system id. */
  end(place: number): void {
    const { store, timers, systemIds } = this.#host;
    if (!store.has(place, Flag.running)) return;
    timers.cancelAll(place);
    const record = store.records.get(place);
    if (record !== undefined) record.mailbox.length = 0;
    store.clear(place, Flag.running);
    store.set(place, Flag.ended);
    const family = record?.family;
    if (family === undefined) this.#host.onEnd(place);
    else systemIds.delete(family.root, family.systemId);
  }

  #tellOthers(place: number): void {
    const { store } = this.#host;
    const { family, output } = store.records.get(place) ?? {};
    const status = store.statusOf(place);
    if (status === 'active' && family?.syncSnapshot === true) {
      const snapshot = this.#host.ports.snapshotAt(place);
      const event = { type: `xstate.snapshot.${family.id}`, snapshot };
      this.#tellParent(place, family, event);
    }
    if (status === 'done') {
      this.end(place);
      if (family === undefined) return;
      const { id } = family;
      const done = { type: `xstate.done.actor.${id}`, output, actorId: id };
      this.#tellParent(place, family, done);
    }
    if (status === 'error') this.fail(place);
  }

  #tellParent(place: number, family: Family, event: EventObject): void {
    const parent = this.#host.store.placeOf(family.parent);
    if (parent === undefined) return;
    this.#host.inspection?.event(place, parent, event);
    this.#host.receive(parent, event);
  }
}
