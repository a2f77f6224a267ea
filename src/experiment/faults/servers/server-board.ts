/** The fault board as one server sees it. A plan names servers as scenarios do, whatever the
 * architecture: a service that has no server of its own is found in the monolith, gateways by the
 * names of their architectures. What is not there is hit by nothing. Spec: E410. */
import type { ApiArchitecture } from '../../../gateway/architecture.ts';
import type { ActiveFault, FaultBoard, Opportunity } from '../board/fault-board.ts';
import type { FaultKindName } from '../catalogue/fault-kinds.ts';

/** The board of one server. */
export interface ServerBoard {
  /** Active faults of a kind that hit it. */
  active(kind: FaultKindName): readonly ActiveFault[];
  /** As the board's `strike`. */
  strike(kind: FaultKindName, at: Omit<Opportunity, 'target'>): ActiveFault | undefined;
  struck(fault: ActiveFault): void;
  /** Whether a fault hits it. */
  isHit(fault: ActiveFault): boolean;
}

/** Names of servers in plans, where they are not the server's own. */
const PLAN_NAMES: Readonly<Record<string, string>> = {
  gateway: 'aggregation',
  router: 'federated',
};

/** Names that a plan may have for a server.
 * @param domains - All services of the scenario. */
export function planNamesOf(
  server: string,
  { services }: Pick<ApiArchitecture, 'services'>,
  domains: readonly string[],
): readonly string[] {
  if (server !== 'monolith') return [PLAN_NAMES[server] ?? server];
  return [server, ...domains.filter((domain) => !services.includes(domain))];
}

/** Makes the board of one server. @param names - In plans. */
export function createServerBoard(board: FaultBoard, names: readonly string[]): ServerBoard {
  const isHit = ({ target }: ActiveFault) => target === undefined || names.includes(target);
  return {
    isHit,
    struck: board.struck,
    active(kind) {
      const all = board.active(kind);
      return all.length === 0 ? all : all.filter(isHit);
    },
    strike(kind, at) {
      if (board.active(kind).length === 0) return undefined;
      for (const target of names) {
        const fault = board.strike(kind, { ...at, target });
        if (fault !== undefined) return fault;
      }
      return undefined;
    },
  };
}
