/** What may be told of an element. Read by the prototypes' own getters: inputs of a form can shadow
 * the form's properties by their names. What people type is never read here. Spec: B18–B20. */
import type { TrackedEventData } from '../../../domain/tracked-event.ts';

const TEXT_MAX = 64;
const NAME_MAX = 128;
/** Inside of these nothing is captured; inside of those no text. */
const IGNORED = '[data-backlot-ignore]';
const MASKED = '[data-backlot-mask]';
const TYPED = 'input,textarea,select,[contenteditable]';
const NAMED = '[data-backlot-target],[data-backlot-title]';
/** What looks as if something came of a click on it. */
export const CLICKABLE =
  'a[href],button,summary,[role=button],[role=link],[role=tab],[role=menuitem],[role=option],' +
  'input[type=button],input[type=submit],[data-backlot-target]';
/** Addresses, numbers of phones and cards: they stand in texts of buttons, too. */
const PERSONAL = /@|\d[\d\s.-]{5,}\d/;

const { getAttribute, closest, querySelector } = Element.prototype;
const localNameOf = getterOf<string>(Element.prototype, 'localName');
const textOf = getterOf<string | null>(Node.prototype, 'textContent');

/** The element that an event is about; undefined for none that may be captured. */
export function elementOf(event: Event): Element | undefined {
  const [first] = event.composedPath();
  const element = first instanceof Element ? first : undefined;
  return element === undefined || isWithin(element, IGNORED) ? undefined : element;
}

/** Whether an element or one around it fits a selector. */
export function isWithin(element: Element, selector: string): boolean {
  return nearest(element, selector) !== undefined;
}

/** Whether what it says must not be told. */
export function isMasked(element: Element): boolean {
  return isWithin(element, MASKED);
}

/** The element or the next one around it that fits. */
export function nearest(element: Element, selector: string): Element | undefined {
  return closest.call(element, selector) ?? undefined;
}

/** An attribute that is not empty, cut to a bearable length. */
export function attributeOf(element: Element, name: string): string | undefined {
  return getAttribute.call(element, name)?.trim().slice(0, NAME_MAX) || undefined;
}

/** Names an element: as the page says by `data-backlot-target`, or tag, id and, of what can be
 * pressed, its text. */
export function describeElement(element: Element): string {
  const target = nearest(element, `${CLICKABLE},${NAMED}`) ?? element;
  const own = attributeOf(target, 'data-backlot-target');
  if (own !== undefined) return own;
  const tag = localNameOf(target).slice(0, NAME_MAX);
  if (isMasked(target)) return tag;
  const id = attributeOf(target, 'id');
  const text = closest.call(target, CLICKABLE) === target ? shownText(target) : undefined;
  return `${tag}${id === undefined ? '' : `#${id}`}${text === undefined ? '' : ` "${text}"`}`;
}

function shownText(element: Element): string | undefined {
  if (isWithin(element, TYPED) || querySelector.call(element, `${TYPED},${MASKED}`) !== null) {
    return undefined;
  }
  const shown = attributeOf(element, 'aria-label') ?? textOf(element) ?? '';
  const text = shown.replace(/\s+/g, ' ').trim().slice(0, TEXT_MAX);
  return text === '' || PERSONAL.test(text) ? undefined : text;
}

/** Where a title is shown, by the attributes of the element or the next one around it. */
export function placeOf(element: Element): TrackedEventData {
  const place = nearest(element, '[data-backlot-title]');
  if (place === undefined) return {};
  const read = (name: string) => attributeOf(place, `data-backlot-${name}`);
  const slot = Number(read('slot') ?? 'none');
  const propensity = Number(read('propensity') ?? 'none');
  return present({
    titleId: read('title'),
    row: read('row'),
    slot: Number.isSafeInteger(slot) && slot >= 0 ? slot : undefined,
    policyId: read('policy'),
    propensity: propensity > 0 && propensity <= 1 ? propensity : undefined,
  });
}

/** Without the fields that are undefined. */
export function present(
  data: {
    readonly [K in keyof TrackedEventData]: TrackedEventData[K] | undefined;
  },
): TrackedEventData {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}

function getterOf<Value>(prototype: object, name: string): (of: Node) => Value {
  const get = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  return (of) => get?.call(of) as Value;
}
