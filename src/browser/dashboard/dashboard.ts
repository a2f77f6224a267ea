/** The page: frames come in, are kept, and the newest is drawn once per picture of the screen. */
import type { CommandAnswer, LiveCommand } from '../../domain/live/live-command.ts';
import type { LiveFrame } from '../../domain/live/live-frame.ts';
import type { DashboardHello, FrameMessage, LiveEnding } from '../../domain/live/live-stream.ts';
import { plural } from '../../report/numbers.ts';
import { element, setAttributes, setText } from '../dom/element.ts';
import { createPolicyTable } from './audience/policy-table.ts';
import { createViewingTable } from './audience/viewing-table.ts';
import type { ConnectionListener, ConnectionState } from './connection.ts';
import { FrameHistory } from './model/frame-history.ts';
import { createClockBar } from './view/clock-bar.ts';
import { CommandList } from './view/command-list.ts';
import { createFaultView } from './view/fault-view.ts';
import { createFigures, createObjectives } from './view/figures.ts';
import { createGraphView } from './view/graph-view.ts';
import { createLinePanels } from './view/line-specs.ts';
import { createPipelineView } from './view/pipeline-view.ts';
import { createBreakerStrips, createCallTable, createServerTable } from './view/request-tables.ts';
import { createTitleRace } from './view/title-race.ts';
import type { View } from './view/view.ts';

/** Carries a command to the server. */
export type CarryCommand = (command: LiveCommand) => Promise<CommandAnswer>;

/** The whole page. */
export class DashboardPage implements ConnectionListener {
  readonly #carry: CarryCommand;
  readonly #title = element('h1', {}, 'backlot');
  readonly #question = element('p', { class: 'lead' });
  readonly #subject = element('span', { class: 'pill' });
  readonly #connection = element('span', { class: 'pill', role: 'status' });
  readonly #rights = element('span', { class: 'pill' });
  readonly #missed = element('p', { class: 'notice', role: 'status', hidden: true });
  readonly #ending = element('section', { class: 'verdict', hidden: true, 'aria-label': 'End' });
  readonly #main = element('main');
  readonly #commands = new CommandList();
  readonly #history = new FrameHistory();
  #hello: DashboardHello | undefined;
  #frame: LiveFrame | undefined;
  #views: readonly View[] = [];
  #isDue = false;

  constructor(carry: CarryCommand) {
    this.#carry = carry;
    const pills = element('p', { class: 'pills' }, this.#subject, this.#rights, this.#connection);
    const header = element('header', {}, this.#title, this.#question, pills);
    header.append(this.#missed, this.#ending);
    document.body.prepend(header, this.#main);
  }

  onHello(hello: DashboardHello): void {
    const isSame = JSON.stringify(hello) === JSON.stringify(this.#hello);
    this.#hello = hello;
    if (isSame) return;
    document.title = `${hello.title} · backlot`;
    setText(this.#title, hello.title);
    setText(this.#question, hello.question);
    this.#commands.root.hidden = !hello.mayAct;
    setText(this.#rights, hello.mayAct ? 'may act' : 'read-only');
    this.#build(hello);
    this.#draw();
  }

  onFrame({ missed, frame }: FrameMessage): void {
    this.#history.add(frame);
    this.#frame = frame;
    this.#missed.hidden = missed === 0;
    if (missed > 0) setText(this.#missed, `This page was too slow for ${plural(missed, 'frame')}.`);
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  onEnd({ text, command }: LiveEnding): void {
    this.#ending.hidden = false;
    this.#ending.replaceChildren(element('p', {}, element('b', {}, text)));
    if (command === null) return;
    this.#ending.append(
      element('p', {}, 'To see or run it again:'),
      element('pre', { tabindex: 0 }, element('code', {}, command)),
    );
  }

  onState(state: ConnectionState, words: string): void {
    setText(this.#connection, words);
    setAttributes(this.#connection, { 'data-state': state });
    setAttributes(document.body, { 'data-connection': state });
  }

  #build(hello: DashboardHello): void {
    const send = (command: LiveCommand) => this.#send(command);
    const clock = createClockBar(send);
    const figures = [createObjectives(), createFigures()];
    const graph = createGraphView();
    const lines = [...createLinePanels(), createBreakerStrips()];
    const faults = createFaultView(hello, send);
    const race = createTitleRace();
    const tables = [createServerTable(), createCallTable()];
    const pipeline = createPipelineView();
    const audience = [createViewingTable(), createPolicyTable()];
    const last = [race, ...tables, pipeline, ...audience];
    this.#views = [clock, ...figures, graph, ...lines, faults, ...last];
    const rootsOf = (views: readonly View[]) => views.map(({ root }) => root);
    this.#main.replaceChildren(
      clock.root,
      ...rootsOf(figures),
      graph.root,
      element('div', { class: 'columns' }, faults.root, this.#commands.root),
      element('div', { class: 'panels' }, ...rootsOf(lines)),
      element('div', { class: 'columns' }, ...rootsOf(tables)),
      element('div', { class: 'columns' }, pipeline.root, race.root),
      element('div', { class: 'columns' }, ...rootsOf(audience)),
    );
  }

  #draw(): void {
    const hello = this.#hello;
    const frame = this.#frame;
    if (hello === undefined || frame === undefined || document.hidden) return;
    setText(this.#subject, subjectWords(frame.subject, hello));
    for (const view of this.#views) view.show({ hello, frame, history: this.#history });
    setAttributes(document.body, { 'data-sequence': frame.sequence });
  }

  async #send(command: LiveCommand): Promise<CommandAnswer> {
    const clock = this.#frame?.clock;
    const tell = clock === undefined ? undefined : this.#commands.add(command, clock);
    const answer = await this.#carry(command);
    tell?.(answer);
    return answer;
  }
}

/** Which of several, for they run one after the other. */
function subjectWords(subject: string, { subjects }: DashboardHello): string {
  const place = subjects.findIndex(({ name }) => name === subject);
  if (place < 0 || subjects.length < 2) return subject;
  return `${subject} (${place + 1} of ${subjects.length})`;
}
