/** What became of every impression, by its event's id: followed from the device on, so that what
 * the warehouse lacks has a name. Beside the pipeline, like all truth. Spec: M116. */
import type { ViewerId } from '../../domain/ids.ts';
import type { TrackedEvent } from '../../domain/tracked-event.ts';
import type { GivenUp } from '../tracking/clickstream.ts';

/** An impression that a device captured. */
export interface ImpressionTruth {
  readonly viewer: ViewerId;
  readonly propensity: number;
  /** Why the SDK gave it up; undefined where it did not. */
  givenUp: string | undefined;
}

/** Reasons for which an SDK drops an event when it is captured. */
const AT_CAPTURE: readonly string[] = [
  'sdk_no_consent',
  'sdk_sampled_out',
  'sdk_event_too_large',
  'sdk_rate_limited',
];

/** Follows them. */
export class ImpressionLog {
  readonly #impressions = new Map<string, ImpressionTruth>();
  /** Ids of events that were captured and are in no batch, oldest first. */
  readonly #waiting = new Map<ViewerId, string[]>();
  /** Ids by viewer and batch. */
  readonly #batches = new Map<string, readonly string[]>();
  readonly #dropsOldest: boolean;

  constructor(dropPolicy: 'newest' | 'oldest') {
    this.#dropsOldest = dropPolicy === 'oldest';
  }

  get all(): ReadonlyMap<string, ImpressionTruth> {
    return this.#impressions;
  }

  captured(viewer: ViewerId, { id, type, data }: TrackedEvent): void {
    const waiting = this.#waiting.get(viewer);
    if (waiting === undefined) this.#waiting.set(viewer, [id]);
    else waiting.push(id);
    if (type !== 'ui.impression') return;
    const { propensity = 1 } = data;
    this.#impressions.set(id, { viewer, propensity, givenUp: undefined });
  }

  /** A try of a batch; later ones tell nothing new. */
  sent(viewer: ViewerId, batch: number, events: readonly TrackedEvent[]): void {
    const key = `${viewer}/${batch}`;
    if (this.#batches.has(key)) return;
    const ids = events.map(({ id }) => id);
    this.#batches.set(
      key,
      ids.filter((id) => this.#impressions.has(id)),
    );
    const gone = new Set(ids);
    const waiting = this.#waiting.get(viewer) ?? [];
    this.#waiting.set(
      viewer,
      waiting.filter((id) => !gone.has(id)),
    );
  }

  dropped({ viewer, batch, reason, count }: GivenUp): void {
    if (batch !== undefined) {
      for (const id of this.#batches.get(`${viewer}/${batch}`) ?? []) this.#giveUp(id, reason);
      return;
    }
    const waiting = this.#waiting.get(viewer) ?? [];
    const isNewest =
      AT_CAPTURE.includes(reason) || (reason === 'sdk_queue_full' && !this.#dropsOldest);
    const gone = waiting.splice(isNewest ? waiting.length - count : 0, count);
    for (const id of gone) this.#giveUp(id, reason);
  }

  #giveUp(id: string, reason: string): void {
    const impression = this.#impressions.get(id);
    if (impression !== undefined) impression.givenUp = reason;
  }
}
