/** The virtual clock: where it stands, and for those who may, what moves it. The space bar pauses
 * and resumes. Its spoken text changes every ten seconds at most, and with the state. */
import type { LiveClock } from '../../../domain/live/live-frame.ts';
import { formatCount, formatNumber } from '../../../report/numbers.ts';
import { element, setAttributes, setText } from '../../dom/element.ts';
import { clockTimeText, durationText, momentText, parseSeek } from '../model/moment-text.ts';
import { button, type Moment, type SendCommand, type View } from './view.ts';

const SPEEDS = [1, 10, 60, 600, null] as const;
const STEPS = [-10_000, -100, -1, 1, 100, 10_000] as const;
const US_PER_SEC = 1_000_000;
const SPOKEN_EVERY_MS = 10_000;
const STATES = { running: '▶ running', paused: '‖ paused', finished: '■ finished' } as const;

/** Makes it. */
export function createClockBar(send: SendCommand): View {
  return new ClockBar(send);
}

class ClockBar implements View {
  readonly root: HTMLElement;
  readonly #send: SendCommand;
  readonly #time = element('span', { class: 'time' });
  readonly #state = element('span', { class: 'pill' });
  readonly #facts = element('span', { class: 'note' });
  readonly #spoken = element('p', { class: 'spoken', role: 'status', 'aria-live': 'polite' });
  readonly #slider = element('input', { type: 'range', min: 0, step: 1, 'aria-label': 'Moment' });
  readonly #pause: HTMLButtonElement;
  readonly #speeds: readonly HTMLButtonElement[];
  readonly #seek = element('input', {
    type: 'text',
    id: 'seek',
    size: 18,
    autocomplete: 'off',
    placeholder: '19:30 · 90s · #500',
    'aria-describedby': 'seek-problem',
  });
  readonly #problem = element('span', { id: 'seek-problem', class: 'problem', role: 'alert' });
  readonly #controls: HTMLFieldSetElement;
  #clock: LiveClock | undefined;
  #isDragging = false;
  #spokenAtMs = Number.NEGATIVE_INFINITY;

  constructor(send: SendCommand) {
    this.#send = send;
    this.#pause = button('Pause', undefined, () => this.#toggle());
    this.#pause.classList.add('main');
    this.#pause.setAttribute('aria-keyshortcuts', 'Space');
    this.#speeds = SPEEDS.map((factor) =>
      button(factor === null ? 'max' : `×${factor}`, speedLabel(factor), () =>
        send({ type: 'speed', factor }),
      ),
    );
    this.#controls = this.#makeControls();
    this.root = element(
      'section',
      { class: 'clock', 'aria-label': 'Virtual clock' },
      element('div', { class: 'row' }, this.#time, this.#state, this.#facts),
      this.#controls,
      this.#spoken,
    );
    this.#listen();
  }

  show({ hello, frame: { clock } }: Moment): void {
    this.#clock = clock;
    setText(this.#time, momentText(clock, clock.nowUs).replace(/\.(\d)\d+ /, '.$1 '));
    setText(this.#state, STATES[clock.state]);
    setAttributes(this.#state, { 'data-state': clock.state });
    setText(this.#facts, hello.hasClock ? factsOf(clock) : `since ${durationText(clock.nowUs)}`);
    this.#controls.hidden = !hello.hasClock;
    this.#controls.disabled = !hello.mayAct;
    setText(this.#pause, clock.state === 'running' ? 'Pause' : 'Resume');
    for (const [n, one] of this.#speeds.entries()) {
      setAttributes(one, { 'aria-pressed': String(clock.speed === SPEEDS[n]) });
    }
    this.#showSlider(clock);
    this.#speak(clock);
  }

  #showSlider(clock: LiveClock): void {
    this.#slider.hidden = clock.endUs === null;
    if (clock.endUs === null || this.#isDragging) return;
    setAttributes(this.#slider, {
      max: Math.ceil(clock.endUs / US_PER_SEC),
      'aria-valuetext': clockTimeText(clock, clock.nowUs),
    });
    this.#slider.value = String(Math.round(clock.nowUs / US_PER_SEC));
  }

  #speak(clock: LiveClock): void {
    const isNewState = this.#spoken.dataset['state'] !== clock.state;
    const nowMs = performance.now();
    if (!isNewState && nowMs - this.#spokenAtMs < SPOKEN_EVERY_MS) return;
    this.#spokenAtMs = nowMs;
    this.#spoken.dataset['state'] = clock.state;
    setText(this.#spoken, `${clockTimeText(clock, clock.nowUs)} UTC, ${clock.state}`);
  }

  #makeControls(): HTMLFieldSetElement {
    const steps = STEPS.map((events) =>
      button(stepText(events), stepLabel(events), () => this.#send({ type: 'step', events })),
    );
    const go = element('form', { class: 'group' });
    go.append(
      element('label', { for: 'seek' }, 'Go to'),
      this.#seek,
      element('button', { type: 'submit' }, 'Go'),
      this.#problem,
    );
    go.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#goTo(this.#seek.value);
    });
    return element(
      'fieldset',
      { class: 'controls' },
      element('legend', { class: 'spoken' }, 'Move the clock'),
      this.#slider,
      element('div', { class: 'group' }, this.#pause),
      element('div', { class: 'group', role: 'group', 'aria-label': 'Speed' }, ...this.#speeds),
      element('div', { class: 'group', role: 'group', 'aria-label': 'Step events' }, ...steps),
      go,
    );
  }

  #listen(): void {
    this.#slider.addEventListener('input', () => {
      this.#isDragging = true;
      const clock = this.#clock;
      if (clock === undefined) return;
      const atUs = Number(this.#slider.value) * US_PER_SEC;
      setAttributes(this.#slider, { 'aria-valuetext': clockTimeText(clock, atUs) });
    });
    this.#slider.addEventListener('change', () => {
      this.#isDragging = false;
      const atUs = Math.min(
        Number(this.#slider.value) * US_PER_SEC,
        this.#clock?.endUs ?? Number.POSITIVE_INFINITY,
      );
      void this.#send({ type: 'seek', atUs });
    });
    document.addEventListener('keydown', (event) => {
      const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.repeat;
      if (event.key !== ' ' || !isPlain || usesSpace(event.target)) return;
      if (this.#controls.disabled || this.#controls.hidden) return;
      event.preventDefault();
      this.#toggle();
    });
  }

  #toggle(): void {
    void this.#send({ type: this.#clock?.state === 'running' ? 'pause' : 'resume' });
  }

  #goTo(text: string): void {
    const target = this.#clock === undefined ? undefined : parseSeek(text, this.#clock);
    const isBad = target === undefined;
    setText(this.#problem, isBad ? 'a moment of the run: 19:30:05, 90s, 1h 30m or #event' : '');
    setAttributes(this.#seek, { 'aria-invalid': isBad ? 'true' : undefined });
    if (target !== undefined) void this.#send({ type: 'seek', ...target });
  }
}

function factsOf(clock: LiveClock): string {
  const { nowUs, endUs, event, reachedSpeed, speed } = clock;
  const end = endUs === null || endUs <= 0 ? '' : ` of ${durationText(endUs)}`;
  const events = event > 0 ? ` · event #${formatCount(event)}` : '';
  const asked = speed === null ? 'max' : `×${formatNumber(speed)}`;
  const reached = `×${formatNumber(reachedSpeed)} (asked: ${asked})`;
  return `${durationText(nowUs)}${end}${events} · ${reached}`;
}

function speedLabel(factor: number | null): string {
  return factor === null ? 'max: as fast as it goes' : `×${factor}: virtual seconds a second`;
}

function stepText(events: number): string {
  const size = Math.abs(events) >= 1_000 ? `${Math.abs(events) / 1_000}k` : Math.abs(events);
  return `${events < 0 ? '−' : '+'}${size}`;
}

function stepLabel(events: number): string {
  return `${stepText(events)} event${Math.abs(events) === 1 ? '' : 's'}`;
}

/** Where the space bar has a meaning of its own. */
function usesSpace(target: EventTarget | null): boolean {
  const own = 'input, select, textarea, button, summary, a, [contenteditable]';
  return target instanceof Element && target.closest(own) !== null;
}
