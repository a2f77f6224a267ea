/** What happens to the bench's actors: events drawn beforehand, so that each implementation gets
 * the same. Nearly every event takes a transition: it is drawn among those that the state
 * answers. */
import { createChance } from '../../src/kernel/chance.ts';
import { createSimulation } from '../../src/kernel/simulation.ts';
import type { ViewerEventType } from './viewer-machine.ts';
import { SwitchViewers } from './viewer-switch.ts';

/** Events in order: who gets which. */
export interface Walk<EventType extends string> {
  readonly actors: Int32Array;
  readonly events: readonly { readonly type: EventType }[];
}

const ANSWERED: Readonly<Record<string, readonly ViewerEventType[]>> = {
  idle: ['arrive'],
  home: ['search', 'open', 'open', 'leave'],
  search: ['open', 'open', 'back'],
  title: ['play', 'play', 'back', 'leave', 'fail'],
  buffering: ['loaded', 'loaded', 'loaded', 'fail'],
  playing: ['tick', 'tick', 'tick', 'tick', 'pause', 'seek', 'end', 'stop'],
  paused: ['resume', 'resume', 'stop'],
  annoyed: ['back'],
  rating: ['rate'],
  offline: ['loaded'],
};

/** Draws a walk over `actors` viewers. */
export function drawViewerWalk(actors: number, events: number): Walk<ViewerEventType> {
  const draws = createChance({ seed: 1, replication: 0 }).draws('bench.walk');
  const viewers = new SwitchViewers(createSimulation());
  for (let i = 0; i < actors; i += 1) viewers.spawn();
  const messages = new Map<ViewerEventType, { readonly type: ViewerEventType }>();
  const chosen = new Int32Array(events);
  const sent: { readonly type: ViewerEventType }[] = [];
  for (let i = 0; i < events; i += 1) {
    const actor = Math.floor(draws.uniform(0, i) * actors);
    const answered = ANSWERED[viewers.stateOf(actor)[0]] ?? [];
    const type = answered[Math.floor(draws.uniform(1, i) * answered.length)] ?? 'arrive';
    let message = messages.get(type);
    if (message === undefined) {
      message = { type };
      messages.set(type, message);
    }
    chosen[i] = actor;
    sent.push(message);
    viewers.deliver(actor, type);
  }
  return { actors: chosen, events: sent };
}
