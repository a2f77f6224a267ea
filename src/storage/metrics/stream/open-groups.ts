/** Events by what they belong to, in order, until event time has passed the last of them by a
 * gap. */

/** How groups are kept and closed. */
export interface OpenGroupsOptions<T> {
  readonly gapUs: number;
  readonly compare: (a: T, b: T) => number;
  readonly timeOf: (event: T) => number;
  /** Takes the events of a group that is closed, in order. */
  readonly close: (events: readonly T[]) => void;
}

/** Groups of events by key. State: open groups' events, closed groups' keys. */
export class OpenGroups<T extends { readonly id: string }> {
  readonly #options: OpenGroupsOptions<T>;
  readonly #open = new Map<string, { readonly events: T[]; lastUs: number }>();
  readonly #closed = new Set<string>();
  readonly #late: string[] = [];

  constructor(options: OpenGroupsOptions<T>) {
    this.#options = options;
  }

  /** Ids of events that came after their group was closed. */
  get late(): readonly string[] {
    return this.#late;
  }

  get openCount(): number {
    return this.#open.size;
  }

  add(key: string, event: T): void {
    if (this.#closed.has(key)) {
      this.#late.push(event.id);
      return;
    }
    const timeUs = this.#options.timeOf(event);
    const group = this.#open.get(key) ?? { events: [], lastUs: timeUs };
    this.#open.set(key, group);
    this.#insert(group.events, event);
    group.lastUs = Math.max(group.lastUs, timeUs);
  }

  /** Cost: one look at each open group. */
  advanceTo(watermarkUs: number): void {
    for (const [key, { events, lastUs }] of this.#open) {
      if (lastUs + this.#options.gapUs > watermarkUs) continue;
      this.#options.close(events);
      this.#closed.add(key);
      this.#open.delete(key);
    }
  }

  /** The events of each open group, in order. */
  *open(): Iterable<readonly T[]> {
    for (const { events } of this.#open.values()) yield events;
  }

  /** Most events come in order: the search begins at the end. */
  #insert(events: T[], added: T): void {
    let at = events.length;
    while (at > 0 && this.#options.compare(events[at - 1] as T, added) > 0) at -= 1;
    events.splice(at, 0, added);
  }
}
