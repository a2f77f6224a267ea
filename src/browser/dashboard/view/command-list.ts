/** What was told from this page, when, and what came of it. The run's own command log has those of
 * everybody. */
import type { CommandAnswer, LiveCommand } from '../../../domain/live/live-command.ts';
import type { LiveClock } from '../../../domain/live/live-frame.ts';
import { formatCount } from '../../../report/numbers.ts';
import { element, setAttributes, setText } from '../../dom/element.ts';
import { commandWords } from '../model/command-words.ts';
import { clockTimeText } from '../model/moment-text.ts';
import { panel } from './view.ts';

const COMMANDS_MAX = 200;

/** The list. */
export class CommandList {
  readonly root: HTMLElement;
  readonly #list = element('ol', { class: 'commands', reversed: true });
  readonly #answer = element('p', { class: 'note', role: 'status' });

  constructor() {
    this.root = panel('Commands', this.#answer, this.#list);
    setText(this.#answer, 'Nothing was told from this page yet.');
  }

  /** Adds one that is under way.
   * @returns what tells its answer. */
  add(command: LiveCommand, clock: LiveClock): (answer: CommandAnswer) => void {
    const words = commandWords(command, clock);
    const state = element('b', {}, '…');
    const at = `${clockTimeText(clock, clock.nowUs)} · #${formatCount(clock.event)} · `;
    const text = element('span', {}, `${at}${words}`);
    const item = element('li', {}, state, ' ', text);
    this.#list.prepend(item);
    while (this.#list.childElementCount > COMMANDS_MAX) this.#list.lastElementChild?.remove();
    setText(this.#answer, `Under way: ${words}`);
    return (answer) => {
      setText(state, answer.ok ? '✓' : '✕');
      setAttributes(item, { 'data-state': answer.ok ? 'done' : 'refused' });
      const note = answer.ok ? answer.note : answer.message;
      if (note !== undefined) text.append(element('small', {}, note));
      const outcome = `${answer.ok ? 'Done' : 'Refused'}: ${words}`;
      setText(this.#answer, note === undefined ? outcome : `${outcome}: ${note}`);
    };
  }
}
