/** What a part of the dashboard is: made once, shown again with every frame that is drawn. */
import type { CommandAnswer, LiveCommand } from '../../../domain/live/live-command.ts';
import type { LiveFrame } from '../../../domain/live/live-frame.ts';
import type { DashboardHello } from '../../../domain/live/live-stream.ts';
import { element } from '../../dom/element.ts';
import type { FrameHistory } from '../model/frame-history.ts';

/** All that a part may show. */
export interface Moment {
  readonly hello: DashboardHello;
  readonly frame: LiveFrame;
  readonly history: FrameHistory;
}

/** A part of the page. */
export interface View {
  readonly root: HTMLElement;
  show(moment: Moment): void;
}

/** Gives a command; the answer has been shown by then. */
export type SendCommand = (command: LiveCommand) => Promise<CommandAnswer>;

/** Whether there is a clickstream: a load test without viewers has none. */
export function hasClickstream({ frame: { viewers, pages, pipeline } }: Moment): boolean {
  const events = (pipeline.captured ?? 0) + pipeline.accepted;
  return viewers !== null || pages === null || events > 0;
}

/** A part's frame with its heading. */
export function panel(heading: string, ...children: readonly (Node | string)[]): HTMLElement {
  const id = heading.toLowerCase().replaceAll(/[^a-z]+/g, '-');
  return element(
    'section',
    { class: 'panel', 'aria-labelledby': id },
    element('h2', { id }, heading),
    ...children,
  );
}

/** A button that does something. */
export function button(
  text: string,
  label: string | undefined,
  onPress: () => void,
): HTMLButtonElement {
  const made = element('button', { type: 'button', 'aria-label': label }, text);
  made.addEventListener('click', onPress);
  return made;
}
