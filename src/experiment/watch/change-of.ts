/** What a command of the dashboard changes in the world, judged by the scenario's own check. */
import type { WorldCommand } from '../../domain/live/live-command.ts';
import type { Scenario } from '../scenario/schema.ts';
import { checkedFault } from '../turns/check-change.ts';
import type { WorldChange } from '../turns/world-change.ts';

/** The change. @throws EngineError `CLI_USAGE` for a fault that the scenario could not have. */
export function changeOf(command: WorldCommand, scenario: Scenario): WorldChange {
  if (command.type === 'heal') return { kind: 'heal' };
  if (command.type === 'breaker') {
    const { edge, status } = command;
    return { kind: 'breaker', edge, status };
  }
  const { kind, target, intensity, forUs } = command;
  const fault = {
    kind,
    at: 0,
    for: forUs,
    ...(target === undefined ? {} : { target }),
    ...(intensity === undefined ? {} : { intensity }),
  };
  return { kind: 'fault', fault: checkedFault(`fault ${kind}`, scenario, fault) };
}
