/** What can be otherwise from a moment on: faults end, a fault begins, a breaker opens or closes.
 * Spec: E393–E395. */

import { EngineError, nearestName } from '../../../kernel/errors.ts';
import type { World } from '../../assemble.ts';
import type { FaultKindName } from '../../faults/catalogue/fault-kinds.ts';
import { type CataloguedFault, isCatalogued } from '../../faults/plan/fault-schema.ts';
import { defineScenario } from '../../scenario/define-scenario.ts';
import type { Scenario } from '../../scenario/schema.ts';

/** One change. */
export type ForkChange =
  /** All faults of the catalogue end, and none follows. */
  | { readonly kind: 'heal' }
  /** A fault begins; its `at` counts from the moment. */
  | { readonly kind: 'fault'; readonly fault: CataloguedFault }
  /** An edge's breaker is held open or closed from here on. */
  | { readonly kind: 'breaker'; readonly edge: string; readonly status: 'open' | 'closed' };

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
  return { kind: 'fault', fault: checkedFault(text, { ...scenario, faults: [fault] }) };
}

/** Lets the scenario's own check judge the fault. */
function checkedFault(text: string, draft: Parameters<typeof defineScenario>[0]): CataloguedFault {
  try {
    const [fault] = defineScenario(draft).faults;
    if (fault !== undefined && isCatalogued(fault)) return fault;
  } catch (cause) {
    if (cause instanceof EngineError) throw refused(text, cause.message);
    throw cause;
  }
  throw refused(text, 'only faults of the catalogue (docs/FAULTS.md) can be begun in a fork');
}

/** Makes the changes in a world that stands at the moment.
 * @throws EngineError `CLI_USAGE` for an edge without a breaker. */
export function applyChanges(world: World, changes: readonly ForkChange[]): void {
  for (const change of changes) {
    if (change.kind === 'heal') world.board.heal();
    else if (change.kind === 'fault') world.board.inject(change.fault);
    else guardOf(world, change.edge).holdBreaker(change.status);
  }
}

function guardOf({ wired }: World, edge: string) {
  const guard = wired.guards.get(edge);
  if (guard !== undefined) return guard;
  const known = [...wired.guards.keys()];
  const nearest = nearestName(edge, known);
  const hint = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
  const there = known.length === 0 ? 'no edge has one: see requests.calls' : known.join(', ');
  throw refused(`breaker:${edge}`, `no breaker there${hint}; breakers: ${there}`);
}

function refused(text: string, rule: string): EngineError {
  return new EngineError('CLI_USAGE', `--fork ${text}: ${rule}`, { argument: text });
}
