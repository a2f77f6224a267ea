/** The columns that windows add to what their keys and aggregates give. */
import type { TriggerSpec, WindowSpec } from '../../windows/window-spec.ts';
import type { Columns } from './expressions.ts';

/** Bounds of the window, µs; NULL for the global window. */
export const WINDOW_COLUMNS = { window_start: 'timestamp', window_end: 'timestamp' } as const;
/** What tells panes of one window apart: `EARLY`, `ON_TIME` or `LATE`; how many came before; and
 * whether this one takes an earlier one back. */
export const PANE_COLUMNS = {
  pane_timing: 'string',
  pane_index: 'integer',
  is_retraction: 'boolean',
} as const;
/** The place among the first of a window, from 1. */
export const RANK_COLUMN = { rank: 'integer' } as const;

/** Whether a key and window can have more than one pane. */
export function hasRepeatedPanes(window: WindowSpec): boolean {
  const { trigger = {}, allowedLatenessUs = 0, closeRule, assign } = window;
  if (trigger.early !== undefined) return true;
  // By stream time a window fires when it closes, and nothing comes after.
  if (closeRule === 'stream-time' || assign.kind === 'global') return false;
  return allowedLatenessUs > 0 && !isFiredOnceOnly(trigger);
}

/** With neither an on-time pane nor late ones, what a window has comes at its end. */
function isFiredOnceOnly({ onTime, late }: TriggerSpec): boolean {
  return onTime === false && late?.kind === 'never';
}

/** The columns that a window step adds besides keys and aggregates. */
export function addedColumns(window: WindowSpec, hasTop: boolean): Columns {
  return {
    ...WINDOW_COLUMNS,
    ...(hasRepeatedPanes(window) ? PANE_COLUMNS : {}),
    ...(hasTop ? RANK_COLUMN : {}),
  };
}
