/** The board as the parts of the clickstream see it: when the run is over and what is left is read,
 * faults are over too, so that all that was accepted can be accounted for. Spec: E472. */
import { hashText } from '../../kernel/hash.ts';
import type { ActiveFault, FaultBoard, Opportunity } from './board/fault-board.ts';
import type { FaultKindName } from './catalogue/fault-kinds.ts';

/** Who looks for faults. */
export interface FaultSight extends Pick<FaultBoard, 'active' | 'strike' | 'struck' | 'listen'> {
  /** From now on there are none. */
  end(): void;
}

const NONE: readonly ActiveFault[] = [];

/** Looks at a board until the run is over. */
export function createFaultSight(board: FaultBoard): FaultSight {
  let isOver = false;
  return {
    active: (kind: FaultKindName, target?: string) => (isOver ? NONE : board.active(kind, target)),
    strike: (kind: FaultKindName, at: Opportunity) => (isOver ? undefined : board.strike(kind, at)),
    struck: (fault) => board.struck(fault),
    listen: (kind, listener) => board.listen(kind, listener),
    end() {
      isOver = true;
    },
  };
}

const IDENTITY_SEED = 0x6661_756c;

/** A number for what an opportunity is called: 0 … 2³²−1. */
export function identityOf(name: string): number {
  return hashText(name, IDENTITY_SEED) >>> 0;
}
