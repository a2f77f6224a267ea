/** Last stage: which events go on to the facts. Spec: W99. */
import type { Stage, StageFailure } from '../stage.ts';

/** Options of the stage. */
export interface RouteStageOptions {
  /** Events of bots: kept, or dropped and counted. Default `keep`. */
  readonly bots?: 'keep' | 'drop';
}

const BOT: StageFailure = { failed: 'dropped', reason: 'bot' };

/** Makes the stage. */
export function createRouteStage({ bots = 'keep' }: RouteStageOptions = {}): Stage {
  return {
    name: 'route',
    version: '1.0.0',
    part: 'enrich',
    references: { bots },
    apply: (draft) => (bots === 'drop' && draft.annotations?.bot?.isBot === true ? BOT : draft),
  };
}
