/** Faults: which are active, and for those who may: injecting one, healing all, holding a
 * breaker. */
import type { LiveFault } from '../../../domain/live/live-frame.ts';
import type { LiveFaultKind } from '../../../domain/live/live-hello.ts';
import type { DashboardHello } from '../../../domain/live/live-stream.ts';
import { element, setAttributes, setText } from '../../dom/element.ts';
import { durationText, parseDuration } from '../model/moment-text.ts';
import { button, type Moment, panel, type SendCommand, type View } from './view.ts';

/** Makes it. */
export function createFaultView(hello: DashboardHello, send: SendCommand): View {
  const active = element('ul', { class: 'faults' });
  const breakers = new BreakerForm(send);
  const fields = element('fieldset', { class: 'controls' });
  fields.disabled = !hello.mayAct;
  fields.hidden = hello.faultKinds.length === 0;
  fields.append(
    element('legend', {}, 'Inject a fault'),
    new FaultForm(hello.faultKinds, send).root,
    element(
      'div',
      { class: 'group' },
      button('Heal all', 'Heal all: end all faults; none of the plan follows', () => {
        void send({ type: 'heal' });
      }),
    ),
    breakers.root,
  );
  const root = panel('Faults', active, fields);
  let shown = '';
  return {
    root,
    show({ frame, hello: { faultKinds } }: Moment): void {
      root.hidden = faultKinds.length === 0 && frame.faults.length === 0;
      const texts = frame.faults.map((fault) => faultText(fault, frame.clock.nowUs));
      const edges = frame.edges.filter(({ breaker }) => breaker !== null);
      breakers.show(edges.map(({ name }) => name));
      if (JSON.stringify(texts) === shown) return;
      shown = JSON.stringify(texts);
      const items = texts.map(([kind, words]) => element('li', {}, element('b', {}, kind), words));
      if (items.length === 0) items.push(element('li', {}, 'none active'));
      active.replaceChildren(...items);
    },
  };
}

function faultText({ kind, target, endsAtUs }: LiveFault, nowUs: number): [string, string] {
  const left = durationText(Math.max(0, endsAtUs - nowUs));
  return [kind, `${target === null ? '' : ` on ${target}`}, ${left} left`];
}

class FaultForm {
  readonly root = element('form', { class: 'fault-form' });
  readonly #kinds: readonly LiveFaultKind[];
  readonly #send: SendCommand;
  readonly #search = input({ type: 'search', id: 'fault-search', placeholder: 'slow, zone, …' });
  readonly #kind = element('select', { id: 'fault-kind' });
  readonly #about = element('p', { class: 'note', id: 'fault-about' });
  readonly #target = element('select', { id: 'fault-target' });
  readonly #intensity = input({ type: 'number', id: 'fault-intensity', step: 'any' });
  readonly #duration = input({ type: 'text', id: 'fault-duration', value: '60s', size: 8 });
  readonly #problem = element('p', { class: 'problem', role: 'alert' });
  readonly #unit = element('span', { class: 'note' });

  constructor(kinds: readonly LiveFaultKind[], send: SendCommand) {
    this.#kinds = kinds;
    this.#send = send;
    this.root.append(
      labelled('Search', this.#search),
      labelled('Kind', this.#kind),
      this.#about,
      labelled('Target', this.#target),
      labelled('Intensity', this.#intensity, this.#unit),
      labelled('For', this.#duration),
      element('button', { type: 'submit', class: 'main' }, 'Inject'),
      this.#problem,
    );
    this.#search.addEventListener('input', () => this.#showKinds());
    this.#kind.addEventListener('change', () => this.#showKind());
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#inject();
    });
    this.#showKinds();
  }

  #showKinds(): void {
    const words = this.#search.value.toLowerCase().split(/\s+/);
    const found = this.#kinds.filter(({ kind, text }) => {
      const all = `${kind} ${text}`.toLowerCase();
      return words.every((word) => all.includes(word));
    });
    const chosen = this.#kind.value;
    this.#kind.replaceChildren(...found.map(({ kind }) => option(kind, kind)));
    if (found.some(({ kind }) => kind === chosen)) this.#kind.value = chosen;
    this.#showKind();
  }

  #showKind(): void {
    const kind = this.#chosen();
    setText(this.#about, kind?.text ?? 'no kind has these words');
    const targets = kind?.targets ?? [];
    this.#target.replaceChildren(...targets.map((target) => option(target, target)));
    hideLabel(this.#target, targets.length === 0);
    const intensity = kind?.intensity ?? null;
    hideLabel(this.#intensity, intensity === null);
    if (intensity === null) return;
    setAttributes(this.#intensity, { min: intensity.min, max: intensity.max });
    this.#intensity.value = String(intensity.default);
    setText(this.#unit, `${intensity.unit} ${intensity.min}–${intensity.max}`);
  }

  #inject(): void {
    const kind = this.#chosen();
    const forUs = parseDuration(this.#duration.value);
    const isDuration = forUs !== undefined && forUs > 0;
    setAttributes(this.#duration, { 'aria-invalid': isDuration ? undefined : 'true' });
    const problem = isDuration ? '' : 'For: a stretch of virtual time like 90s or 5m';
    setText(this.#problem, kind === undefined ? 'Kind: choose one' : problem);
    if (kind === undefined || !isDuration) return;
    void this.#send({
      type: 'fault',
      kind: kind.kind,
      ...(kind.targets.length === 0 ? {} : { target: this.#target.value }),
      ...(kind.intensity === null ? {} : { intensity: Number(this.#intensity.value) }),
      forUs,
    });
  }

  #chosen(): LiveFaultKind | undefined {
    return this.#kinds.find(({ kind }) => kind === this.#kind.value);
  }
}

class BreakerForm {
  readonly root = element('form', { class: 'fault-form' });
  readonly #edge = element('select', { id: 'breaker-edge' });
  #shown = '';

  constructor(send: SendCommand) {
    const hold = (status: 'open' | 'closed') =>
      button(`Hold ${status}`, undefined, () => {
        void send({ type: 'breaker', edge: this.#edge.value, status });
      });
    this.root.append(labelled('Breaker', this.#edge), hold('open'), hold('closed'));
    this.root.addEventListener('submit', (event) => event.preventDefault());
  }

  show(edges: readonly string[]): void {
    this.root.hidden = edges.length === 0;
    const names = JSON.stringify(edges);
    if (names === this.#shown) return;
    this.#shown = names;
    const chosen = this.#edge.value;
    this.#edge.replaceChildren(...edges.map((edge) => option(edge, edge)));
    if (edges.includes(chosen)) this.#edge.value = chosen;
  }
}

/** The value keeps what the name is; only its text is made printable. */
function option(value: string, text: string): HTMLOptionElement {
  return element('option', { value }, text);
}

function input(attributes: Record<string, string | number>): HTMLInputElement {
  return element('input', { autocomplete: 'off', ...attributes });
}

function labelled(text: string, field: HTMLElement, ...more: readonly Node[]): HTMLElement {
  return element(
    'span',
    { class: 'field' },
    element('label', { for: field.id }, text),
    field,
    ...more,
  );
}

function hideLabel(field: HTMLElement, isHidden: boolean): void {
  if (field.parentElement !== null) field.parentElement.hidden = isHidden;
}
