/** Names of actors, kept in two words each: of `viewer/17` the number of its prefix and the number
 * at its end. A name of another form is kept whole, aside. */

const NUMBERED = /^.*\/(0|[1-9]\d{0,8})$/;
/** In place of a prefix: the other word says which of the whole names it is. */
const WHOLE = -1;

/** Names of one system's actors. */
export class ActorNames {
  readonly #prefixes: string[] = [];
  readonly #prefixNumbers = new Map<string, number>();
  readonly #whole: string[] = [];
  readonly #freeWhole: number[] = [];

  /** Writes a name into two words. */
  write(words: Int32Array, at: number, name: string): void {
    if (NUMBERED.test(name)) {
      const slash = name.lastIndexOf('/') + 1;
      words[at] = this.#prefixNumber(name.slice(0, slash));
      words[at + 1] = Number(name.slice(slash));
      return;
    }
    const place = this.#freeWhole.pop() ?? this.#whole.length;
    this.#whole[place] = name;
    words[at] = WHOLE;
    words[at + 1] = place;
  }

  read(words: Int32Array, at: number): string {
    const prefix = words[at] as number;
    const number = words[at + 1] as number;
    return prefix === WHOLE
      ? (this.#whole[number] as string)
      : `${this.#prefixes[prefix]}${number}`;
  }

  /** Forgets what is kept aside of a name. */
  forget(words: Int32Array, at: number): void {
    if (words[at] === WHOLE) this.#freeWhole.push(words[at + 1] as number);
  }

  #prefixNumber(prefix: string): number {
    let number = this.#prefixNumbers.get(prefix);
    if (number === undefined) {
      number = this.#prefixes.push(prefix) - 1;
      this.#prefixNumbers.set(prefix, number);
    }
    return number;
  }
}
