/** Values of contexts, events and outcomes as plain data that survives JSON. What JSON lacks is
 * tagged with `$`: references to actors, `undefined`, numbers that are not finite, big integers,
 * errors. Spec: A20. */

/** A reference as plain data: to an actor that is there, or to one whose storage was given back. */
export type ReferenceState =
  | { readonly $: 'actor'; readonly number: number }
  | { readonly $: 'gone'; readonly number: number; readonly id: string; readonly last: unknown };

/** Who turns references into plain data and back. */
export interface ReferenceCodec {
  /** Undefined for a value that is no reference. */
  referenceState(value: object): ReferenceState | undefined;
  referenceOf(state: ReferenceState): unknown;
}

/** A value that is not plain data. */
export class NotPlainError extends Error {
  readonly path: string;

  constructor(path: string, found: string) {
    super(`${path} is ${found}`);
    this.name = 'NotPlainError';
    this.path = path;
  }
}

type Tagged =
  | ReferenceState
  | { readonly $: 'undefined' }
  | { readonly $: 'number' | 'bigint'; readonly text: string }
  | { readonly $: 'error'; readonly name: string; readonly message: string }
  | { readonly $: 'object'; readonly entries: readonly (readonly [string, unknown])[] };

/** The value as plain data. @param path - names it in errors.
 * @throws NotPlainError for functions, symbols, class instances and cycles. */
export function toPlain(value: unknown, path: string, codec: ReferenceCodec): unknown {
  return new PlainWriter(codec).write(value, path);
}

/** The value that plain data stands for. */
export function fromPlain(value: unknown, codec: ReferenceCodec): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => fromPlain(each, codec));
  if ('$' in value) return untagged(value as Tagged, codec);
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, fromPlain(each, codec)]),
  );
}

class PlainWriter {
  readonly #codec: ReferenceCodec;
  /** Objects that are being written: one of them again is a cycle. */
  readonly #open = new Set<object>();

  constructor(codec: ReferenceCodec) {
    this.#codec = codec;
  }

  write(value: unknown, path: string): unknown {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        if (Number.isFinite(value) && !Object.is(value, -0)) return value;
        return { $: 'number', text: Object.is(value, -0) ? '-0' : String(value) };
      case 'undefined':
        return { $: 'undefined' };
      case 'bigint':
        return { $: 'bigint', text: String(value) };
      case 'object':
        return value === null ? null : this.#object(value, path);
      default:
        throw new NotPlainError(path, `a ${typeof value}`);
    }
  }

  #object(value: object, path: string): unknown {
    const reference = this.#codec.referenceState(value);
    if (reference !== undefined) return reference;
    if (value instanceof Error) return { $: 'error', name: value.name, message: value.message };
    if (this.#open.has(value)) throw new NotPlainError(path, 'part of a cycle');
    this.#open.add(value);
    const written = Array.isArray(value)
      ? Array.from(value, (each, i) => this.write(each, `${path}[${i}]`))
      : this.#record(value, path);
    this.#open.delete(value);
    return written;
  }

  #record(value: object, path: string): unknown {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      throw new NotPlainError(path, `an instance of ${value.constructor.name}`);
    }
    const entries = Object.entries(value).map(
      ([key, each]) => [key, this.write(each, `${path}.${key}`)] as const,
    );
    return '$' in value ? { $: 'object', entries } : Object.fromEntries(entries);
  }
}

function untagged(tagged: Tagged, codec: ReferenceCodec): unknown {
  switch (tagged.$) {
    case 'actor':
    case 'gone':
      return codec.referenceOf(tagged);
    case 'undefined':
      return undefined;
    case 'number':
      return Number(tagged.text);
    case 'bigint':
      return BigInt(tagged.text);
    case 'error':
      return Object.assign(new Error(tagged.message), { name: tagged.name });
    default:
      return Object.fromEntries(tagged.entries.map(([key, each]) => [key, fromPlain(each, codec)]));
  }
}
