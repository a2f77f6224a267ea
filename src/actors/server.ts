/** Whoever answers calls: a microservice, the monolith, a gateway, a router. The machine is its
 * life (up, down), and hands what arrives while it is up to its port, where replicas, waiting
 * lines and what it does with a call are. Spec: A11, A12. */
import { setup } from 'xstate';

/** What a server does, behind a port. `server` is the number that the machine was given. */
export interface ServerPort {
  /** A call has arrived. */
  admit(server: number, attempt: unknown): void;
  /** A call has arrived, and nobody is there. */
  refuse(server: number, attempt: unknown): void;
  /** The answer to a call that this server made has arrived. */
  takeIn(attempt: unknown): void;
  /** Replicas crash: all, or those of a zone. */
  crash(server: number, zone: number | undefined): void;
  recover(server: number, zone: number | undefined): void;
  /** One replica crashes, or may come back. */
  crashReplica(server: number, replica: number): void;
  recoverReplica(server: number, replica: number): void;
}

/** Input of a server's machine. */
export interface ServerInput {
  readonly server: number;
}

/** What a server understands. */
export type ServerMessage =
  | { readonly type: 'call.arrived'; readonly attempt: unknown }
  | { readonly type: 'call.answered'; readonly attempt: unknown }
  | { readonly type: 'outage.started' }
  | { readonly type: 'outage.ended' }
  | { readonly type: 'zone.lost'; readonly zone: number }
  | { readonly type: 'zone.restored'; readonly zone: number }
  | { readonly type: 'replica.crashed'; readonly replica: number }
  | { readonly type: 'replica.restored'; readonly replica: number };

/** Makes the machine that all servers of a run share. */
export function createServerMachine(port: ServerPort) {
  return setup({
    types: {
      context: {} as ServerInput,
      events: {} as ServerMessage,
      input: {} as ServerInput,
    },
    actions: {
      admit: ({ context, event }) => {
        if (event.type === 'call.arrived') port.admit(context.server, event.attempt);
      },
      refuse: ({ context, event }) => {
        if (event.type === 'call.arrived') port.refuse(context.server, event.attempt);
      },
      takeIn: ({ event }) => {
        if (event.type === 'call.answered') port.takeIn(event.attempt);
      },
      crash: ({ context }) => port.crash(context.server, undefined),
      recover: ({ context }) => port.recover(context.server, undefined),
      crashZone: ({ context, event }) => {
        if (event.type === 'zone.lost') port.crash(context.server, event.zone);
      },
      recoverZone: ({ context, event }) => {
        if (event.type === 'zone.restored') port.recover(context.server, event.zone);
      },
      crashReplica: ({ context, event }) => {
        if (event.type === 'replica.crashed') port.crashReplica(context.server, event.replica);
      },
      recoverReplica: ({ context, event }) => {
        if (event.type === 'replica.restored') port.recoverReplica(context.server, event.replica);
      },
    },
  }).createMachine({
    id: 'server',
    context: ({ input }) => ({ server: input.server }),
    initial: 'up',
    on: {
      'call.answered': { actions: 'takeIn' },
      'zone.lost': { actions: 'crashZone' },
      'zone.restored': { actions: 'recoverZone' },
      'replica.crashed': { actions: 'crashReplica' },
      'replica.restored': { actions: 'recoverReplica' },
    },
    states: {
      up: {
        on: {
          'call.arrived': { actions: 'admit' },
          'outage.started': { target: 'down', actions: 'crash' },
        },
      },
      down: {
        on: {
          'call.arrived': { actions: 'refuse' },
          'outage.ended': { target: 'up', actions: 'recover' },
        },
      },
    },
  });
}
