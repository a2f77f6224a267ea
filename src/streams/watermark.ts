/** Watermarks by Flink's convention: W(t) says that no more events with time ≤ t are expected.
 * Each partition has a bounded-out-of-orderness watermark; the stream's is the least over the
 * partitions that are active and aligned. It never goes back. Spec: W5, W6. */

/** Before any event, and what idle partitions do not hold back. */
export const MIN_WATERMARK_US = Number.NEGATIVE_INFINITY;
/** After the last event. */
export const MAX_WATERMARK_US = Number.POSITIVE_INFINITY;

/** One source's watermark: the greatest event time less the bound, less one. */
export interface BoundedWatermark {
  observe(eventTimeUs: number): void;
  readonly watermarkUs: number;
}

/** Makes a bounded-out-of-orderness watermark. */
export function createBoundedWatermark(boundUs: number): BoundedWatermark {
  let maxTimeUs = MIN_WATERMARK_US;
  return {
    observe(eventTimeUs) {
      if (eventTimeUs > maxTimeUs) maxTimeUs = eventTimeUs;
    },
    get watermarkUs() {
      return maxTimeUs - boundUs - 1;
    },
  };
}

/** Merges the watermarks of several inputs. */
export interface WatermarkMerge {
  /** An input's watermark. @returns the merged one if it grew, else undefined. */
  advance(input: number, watermarkUs: number): number | undefined;
  /** An input falls silent. @returns as `advance`. */
  setIdle(input: number): number | undefined;
  /** An idle input speaks again: it counts once its watermark has caught up. */
  setActive(input: number): void;
  isIdle(input: number): boolean;
  readonly isAllIdle: boolean;
  readonly watermarkUs: number;
}

interface Input {
  watermarkUs: number;
  isIdle: boolean;
  isAligned: boolean;
}

/** Makes a merge of `inputCount` inputs. Source: Flink's StatusWatermarkValve, by behaviour. */
export function createWatermarkMerge(inputCount: number): WatermarkMerge {
  const inputs: readonly Input[] = Array.from({ length: inputCount }, () => ({
    watermarkUs: MIN_WATERMARK_US,
    isIdle: false,
    isAligned: true,
  }));
  let outputUs = MIN_WATERMARK_US;
  const grow = (toUs: number): number | undefined => {
    if (!(toUs > outputUs)) return undefined;
    outputUs = toUs;
    return outputUs;
  };
  const leastAligned = (): number | undefined => {
    let least = MAX_WATERMARK_US;
    let isAny = false;
    for (const input of inputs) {
      if (input.isIdle || !input.isAligned) continue;
      isAny = true;
      least = Math.min(least, input.watermarkUs);
    }
    return isAny ? grow(least) : undefined;
  };
  return {
    get watermarkUs() {
      return outputUs;
    },
    get isAllIdle() {
      return inputs.every((input) => input.isIdle);
    },
    isIdle: (number) => inputs[number]?.isIdle ?? false,
    advance(number, watermarkUs) {
      const input = inputs[number];
      if (input === undefined || input.isIdle || watermarkUs <= input.watermarkUs) return undefined;
      input.watermarkUs = watermarkUs;
      if (!input.isAligned && watermarkUs >= outputUs) input.isAligned = true;
      return leastAligned();
    },
    setIdle(number) {
      const input = inputs[number];
      if (input === undefined || input.isIdle) return undefined;
      const wasAligned = input.isAligned;
      input.isIdle = true;
      input.isAligned = false;
      if (!inputs.every((other) => other.isIdle)) return leastAligned();
      return wasAligned ? grow(Math.max(...inputs.map((other) => other.watermarkUs))) : undefined;
    },
    setActive(number) {
      const input = inputs[number];
      if (input === undefined || !input.isIdle) return;
      input.isIdle = false;
      input.isAligned = input.watermarkUs >= outputUs;
    },
  };
}
