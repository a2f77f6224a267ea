/** The watermark of several inputs: the least over those that are active and aligned. It never goes
 * back. Source: Flink's StatusWatermarkValve, by behaviour. Spec: W6. */
import type { Checkpointable, PlainValue } from '../../domain/plain-value.ts';
import { readSavedNumber, refuseSnapshot, savedNumber } from './saved-number.ts';

/** Before any row. */
export const MIN_WATERMARK_US = Number.NEGATIVE_INFINITY;
/** After the last row. */
export const MAX_WATERMARK_US = Number.POSITIVE_INFINITY;

/** Merges the watermarks of several inputs. */
export interface WatermarkMerge extends Checkpointable {
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

/** Makes a merge of `inputCount` inputs. Cost of an advance O(1) where others hold the watermark
 * back, else O(inputs). */
export function createWatermarkMerge(inputCount: number): WatermarkMerge {
  return new Valve(inputCount);
}

interface Input {
  watermarkUs: number;
  isIdle: boolean;
  isAligned: boolean;
}

class Valve implements WatermarkMerge {
  #inputs: Input[];
  #outputUs = MIN_WATERMARK_US;
  /** Whether the output is known to be the least of the inputs that count. */
  #isLeast = false;

  constructor(inputCount: number) {
    this.#inputs = Array.from({ length: inputCount }, () => ({
      watermarkUs: MIN_WATERMARK_US,
      isIdle: false,
      isAligned: true,
    }));
  }

  get watermarkUs(): number {
    return this.#outputUs;
  }

  get isAllIdle(): boolean {
    return this.#inputs.every((input) => input.isIdle);
  }

  isIdle(number: number): boolean {
    return this.#inputs[number]?.isIdle ?? false;
  }

  advance(number: number, watermarkUs: number): number | undefined {
    const input = this.#inputs[number];
    if (input === undefined || input.isIdle || !(watermarkUs > input.watermarkUs)) return undefined;
    const isHolding = !this.#isLeast || !input.isAligned || input.watermarkUs <= this.#outputUs;
    input.watermarkUs = watermarkUs;
    if (!isHolding) return undefined;
    if (!input.isAligned && watermarkUs >= this.#outputUs) input.isAligned = true;
    return this.#leastAligned();
  }

  setIdle(number: number): number | undefined {
    const input = this.#inputs[number];
    if (input === undefined || input.isIdle) return undefined;
    const wasAligned = input.isAligned;
    input.isIdle = true;
    input.isAligned = false;
    if (!this.isAllIdle) return this.#leastAligned();
    if (!wasAligned) return undefined;
    return this.#grow(Math.max(...this.#inputs.map((other) => other.watermarkUs)));
  }

  setActive(number: number): void {
    const input = this.#inputs[number];
    if (input === undefined || !input.isIdle) return;
    input.isIdle = false;
    input.isAligned = input.watermarkUs >= this.#outputUs;
    this.#isLeast = false;
  }

  snapshot(): PlainValue {
    return {
      watermarkUs: savedNumber(this.#outputUs),
      inputs: this.#inputs.map(({ watermarkUs, isIdle, isAligned }) => ({
        watermarkUs: savedNumber(watermarkUs),
        isIdle,
        isAligned,
      })),
    };
  }

  restore(plain: PlainValue): void {
    const saved = plain as { watermarkUs?: PlainValue; inputs?: readonly Input[] } | null;
    const { length } = this.#inputs;
    if (saved?.inputs?.length !== length) refuseSnapshot('watermarks', `not of ${length} inputs`);
    const outputUs = readSavedNumber(saved.watermarkUs, 'merged watermark');
    this.#inputs = saved.inputs.map(({ watermarkUs, isIdle, isAligned }) => ({
      watermarkUs: readSavedNumber(watermarkUs, 'watermark of an input'),
      isIdle: isIdle === true,
      isAligned: isAligned === true,
    }));
    this.#outputUs = outputUs;
    this.#isLeast = false;
  }

  #grow(toUs: number): number | undefined {
    if (!(toUs > this.#outputUs)) return undefined;
    this.#outputUs = toUs;
    return toUs;
  }

  #leastAligned(): number | undefined {
    let least = MAX_WATERMARK_US;
    let isAny = false;
    for (const input of this.#inputs) {
      if (input.isIdle || !input.isAligned) continue;
      isAny = true;
      if (input.watermarkUs < least) least = input.watermarkUs;
    }
    if (!isAny) return undefined;
    this.#isLeast = true;
    return this.#grow(least);
  }
}
