/** Apps that are killed while a batch is under way: as often as the scenario says, and by a fault.
 * What their store held goes on. Spec: A47, E460. */
import type { Chance } from '../../../kernel/chance.ts';
import type { FaultBoard } from '../board/fault-board.ts';

/** Makes the question whether an app is killed at a try of a batch.
 * @returns asked with the viewer and the number of the try among the viewer's. */
export function createKills(options: {
  readonly board: FaultBoard;
  readonly chance: Chance;
  readonly killProbability: number;
}): (viewer: number, key: number) => boolean {
  const { board, killProbability } = options;
  const draws = options.chance.draws('sdk.kill');
  return (viewer, key) =>
    (killProbability > 0 && draws.uniform(viewer, key) < killProbability) ||
    board.strike('client.killed', { target: 'clients', entity: viewer, index: key }) !== undefined;
}
