/** What can be otherwise from a moment on: faults end, a fault begins, a breaker opens or closes.
 * Spec: E393–E395. */

import { EngineError } from '../../../kernel/errors.ts';
import type { FaultKindName } from '../../faults/catalogue/fault-kinds.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { checkedFault } from '../../turns/check-change.ts';
import type { WorldChange } from '../../turns/world-change.ts';

/** One change. */
export type ForkChange = WorldChange;

const BREAKER = /^breaker:(.+)=(open|closed)$/;
const FAULT =
  /^fault:([a-z-]+\.[a-z-]+)(?:@([^*+]+))?(?:\*([\d.]+))?(?:\+(\d+(?:\.\d+)?)(ms|s|m))$/;
const UNIT_US = { ms: 1_000, s: 1_000_000, m: 60_000_000 } as const;
const FORMS = 'heal, breaker:<edge>=open, or fault:<kind>[@target][*intensity]+<duration>';

/** Reads a change: `heal`, `breaker:federated→movie=open` (`->` does for the arrow), or
 * `fault:process.slow@movie*8+30s`. @throws EngineError `CLI_USAGE`. */
export function parseForkChange(text: string, scenario: Scenario): ForkChange {
  if (text === 'heal') return { kind: 'heal' };
  const [, edge, status] = BREAKER.exec(text) ?? [];
  if (edge !== undefined) {
    const name = edge.replace('->', '→');
    return { kind: 'breaker', edge: name, status: status as 'open' | 'closed' };
  }
  const [, kind, target, intensity, value, unit] = FAULT.exec(text) ?? [];
  if (kind === undefined) throw refused(text, `give ${FORMS}`);
  const forUs = Math.round(Number(value) * UNIT_US[unit as keyof typeof UNIT_US]);
  const fault = {
    kind: kind as FaultKindName,
    at: 0,
    for: forUs,
    ...(target === undefined ? {} : { target }),
    ...(intensity === undefined ? {} : { intensity: Number(intensity) }),
  };
  return { kind: 'fault', fault: checkedFault(`--fork ${text}`, scenario, fault) };
}

function refused(text: string, rule: string): EngineError {
  return new EngineError('CLI_USAGE', `--fork ${text}: ${rule}`, { argument: text });
}
