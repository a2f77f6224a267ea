/** The keys that a machine's contexts have, learned from the first. While all contexts have them,
 * in that order, an assign can write one object literal, which is ten times faster than merging;
 * the first context with other keys opens the shape for good. */

/** Names that every object answers to: no context of such keys is told from its prototype. */
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Keys of one machine's contexts. */
export class ContextShape {
  /** Whether contexts differ in their keys: nothing is known then. */
  isOpen = false;
  /** Keys in order; undefined before the first context. */
  keys: readonly string[] | undefined;

  /** Looks at a context that is new in the world. */
  learn(context: unknown): void {
    if (this.isOpen) return;
    if (this.keys === undefined) {
      this.keys = Object.keys(context as object);
      if (!isPlain(context) || this.keys.some((key) => INHERITED.has(key))) this.isOpen = true;
      return;
    }
    let place = 0;
    for (const key in context as object) {
      if (key !== this.keys[place]) {
        this.isOpen = true;
        return;
      }
      place += 1;
    }
    if (place !== this.keys.length || !isPlain(context)) this.isOpen = true;
  }

  /** `Object.assign({}, context, patch)`, watching the keys. */
  merge(context: unknown, patch: unknown): unknown {
    const merged = Object.assign({}, context, patch);
    this.learn(merged);
    return merged;
  }
}

function isPlain(value: unknown): boolean {
  return (
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.getOwnPropertySymbols(value).length === 0
  );
}

/** Merges the patches of one assigner, once it has seen which keys they bring. */
export class PatchMerger {
  /** Merges; replaced by generated code after the first patch. */
  merge: (shape: ContextShape, context: unknown, patch: unknown) => unknown;
  /** Writes the patch into the context. @returns false where it cannot: nothing is written then. */
  write: (shape: ContextShape, context: unknown, patch: unknown) => boolean = () => false;

  constructor() {
    this.merge = (shape, context, patch) => {
      const merged = shape.merge(context, patch);
      const keys = Object.keys(patch as object);
      const isKnown = keys.every((key) => shape.keys?.includes(key) === true);
      if (!shape.isOpen && isKnown && isPlain(patch)) this.#learn(shape, keys);
      return merged;
    };
  }

  #learn(shape: ContextShape, keys: readonly string[]): void {
    const found = keys.map((key) => ` || !(${JSON.stringify(key)} in p)`).join('');
    const fields = (shape.keys ?? []).map((key) => {
      const name = JSON.stringify(key);
      return `${name}: ${keys.includes(key) ? 'p' : 'c'}[${name}]`;
    });
    const writes = keys.map((key) => `c[${JSON.stringify(key)}] = p[${JSON.stringify(key)}];`);
    const text = `'use strict';
function fits(p) {
  let n = 0;
  for (const key in p) n += 1;
  return !(n !== ${keys.length}${found});
}
return [
  function merge(shape, c, p) {
    return shape.isOpen || !fits(p) ? shape.merge(c, p) : { ${fields.join(', ')} };
  },
  function write(shape, c, p) {
    if (shape.isOpen || !fits(p)) return false;
    ${writes.join(' ')}
    return true;
  },
];`;
    [this.merge, this.write] = new Function(text)();
  }
}
