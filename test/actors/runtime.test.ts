/** The contract of actor systems, on XState's own interpreter and on compiled machines. */
import { createCompiledActorSystem } from '../../src/actors/runtime/compiled-actor-system.ts';
import { createXStateActorSystem } from '../../src/actors/runtime/xstate-actor-system.ts';
import { actorSystemContract } from './runtime.contract.ts';

actorSystemContract("XState's interpreter", createXStateActorSystem);
actorSystemContract('The compiled runtime', createCompiledActorSystem);
