/** Which operator runs which windows. */
import { EngineError } from '../../kernel/errors.ts';
import { CumulatingWindows } from './cumulating-windows.ts';
import { GlobalWindows } from './global-windows.ts';
import { HoppingWindows } from './hopping-windows.ts';
import { SessionWindows } from './session-windows.ts';
import { StreamTimeWindows } from './stream-time-windows.ts';
import { TumblingWindows } from './tumbling-windows.ts';
import type { WindowOperator, WindowOperatorOptions } from './window-operator.ts';
import { resolveWindowSettings, type WindowSettings } from './window-settings.ts';

/** Makes an operator.
 * @throws EngineError `STREAMS_BAD_WINDOW` where the specification contradicts itself.
 * Spec: W12–W24. */
export function createWindowOperator<Row, Acc, Result>(
  options: WindowOperatorOptions<Row, Acc, Result>,
): WindowOperator<Row> {
  const settings = resolveWindowSettings(options.spec);
  const windows = createByKind(settings, options);
  return settings.isStreamTime ? new StreamTimeWindows(windows) : windows;
}

function createByKind<Row, Acc, Result>(
  settings: WindowSettings,
  options: WindowOperatorOptions<Row, Acc, Result>,
): WindowOperator<Row> {
  const { assign } = settings;
  switch (assign.kind) {
    case 'tumbling':
      return new TumblingWindows(settings, options, assign);
    case 'hopping':
      return new HoppingWindows(settings, options, assign);
    case 'cumulate':
      return new CumulatingWindows(settings, options, assign);
    case 'global':
      return new GlobalWindows(settings, options);
    case 'session': {
      if (typeof assign.gapUs === 'number' || options.gapUsOf !== undefined) {
        return new SessionWindows(settings, options, assign);
      }
      const message = 'the gap of a session is an expression, and no gapUsOf is given; give one';
      const details = { field: 'gapUsOf', found: 'undefined' };
      throw new EngineError('STREAMS_BAD_WINDOW', message, details);
    }
  }
}
