/** Elements out of names, attributes and text nodes. Texts come from scenarios and events: they
 * are made printable, and never become markup. */
import { printable } from '../../report/html/escape.ts';

/** Attributes; false and undefined leave one out, true sets it empty. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An HTML element with its children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  made.append(...children.map((child) => (typeof child === 'string' ? textNode(child) : child)));
  return made;
}

/** An SVG element with its children. */
export function svgElement<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(made, attributes);
  made.append(...children.map((child) => (typeof child === 'string' ? textNode(child) : child)));
  return made;
}

/** Sets attributes, only those that change. */
export function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === undefined) target.removeAttribute(name);
    else {
      const text = value === true ? '' : String(value);
      if (target.getAttribute(name) !== text) target.setAttribute(name, text);
    }
  }
}

/** Sets the text, only where it changes: screen readers hear every change. */
export function setText(target: Element, text: string): void {
  const shown = printable(text);
  if (target.textContent !== shown) target.textContent = shown;
}

/** Blanks at the ends separate a text from its neighbours. */
function textNode(text: string): Text {
  const before = text.startsWith(' ') ? ' ' : '';
  const behind = text.length > 1 && text.endsWith(' ') ? ' ' : '';
  return document.createTextNode(`${before}${printable(text)}${behind}`);
}
