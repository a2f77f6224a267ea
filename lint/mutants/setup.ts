/** A mutant is killed by the first counterexample: how small it could be is nobody's question. */
import { fc } from '@fast-check/vitest';

fc.configureGlobal({ endOnFailure: true });
