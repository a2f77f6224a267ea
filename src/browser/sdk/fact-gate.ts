/** Between the page and the SDK: what of a fact may leave the page, and whether it may at all. Code
 * of the page that throws here harms nobody but its own events. Spec: B16, B17. */
import type { TrackedEventData } from '../../domain/tracked-event.ts';
import type { BacklotFact, BacklotOptions } from './options.ts';

/** Texts are cut to what the schema takes. */
const TEXT_MAX = 2_048;

/** What was kept from leaving, by reason. */
export interface GateCount {
  readonly droppedByPage: number;
  readonly brokenByPage: number;
}

/** Lets facts through, or not. */
export interface FactGate {
  /** @returns what may be captured; undefined where nothing may. */
  pass(fact: BacklotFact): BacklotFact | undefined;
  readonly count: GateCount;
}

/** Makes a gate. */
export function createFactGate(
  options: Pick<BacklotOptions, 'beforeSend' | 'properties'>,
): FactGate {
  const { beforeSend, properties: { allow, deny } = {} } = options;
  const allowed = allow && new Set<string>(allow);
  const denied = new Set<string>(deny);
  const mayLeave = (name: string) => !denied.has(name) && (allowed?.has(name) ?? true);
  const count = { droppedByPage: 0, brokenByPage: 0 };
  return {
    count,
    pass(fact) {
      try {
        const asked = beforeSend === undefined ? fact : beforeSend(fact);
        if (asked === null || asked === undefined) {
          count.droppedByPage += 1;
          return undefined;
        }
        return { type: asked.type, data: plainData(asked.data, mayLeave) };
      } catch {
        count.brokenByPage += 1;
        return undefined;
      }
    },
  };
}

/** Own fields with plain values, texts cut: whatever else a page hands in is no event's data. */
function plainData(data: object, mayLeave: (name: string) => boolean): TrackedEventData {
  const plain: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(data ?? {})) {
    if (name === '__proto__' || !mayLeave(name)) continue;
    if (typeof value === 'string') plain[name] = value.slice(0, TEXT_MAX);
    else if (typeof value === 'boolean' || Number.isFinite(value)) plain[name] = value;
  }
  return plain;
}
