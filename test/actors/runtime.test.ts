/** The contract of actor systems, on XState's own interpreter. */
import { createXStateActorSystem } from '../../src/actors/runtime/xstate-actor-system.ts';
import { actorSystemContract } from './runtime.contract.ts';

actorSystemContract("XState's interpreter", createXStateActorSystem);
