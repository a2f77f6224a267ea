/** Inputs of a campaign's scenarios, read and packed once for all points that share them. */
import { type InputFiles, readRunInputs } from '../run-inputs.ts';
import { type PackedInputs, packInputs } from '../run-worker.ts';
import type { Scenario } from '../scenario/schema.ts';
import { canonicalJson, contentHash } from './sample-key.ts';

/** Packed inputs by scenario. */
export interface InputStore {
  /** @throws EngineError `INPUT_UNREADABLE`. Cost: about 150 ms once, then nothing. */
  packed(scenario: Scenario): Promise<PackedInputs>;
}

/** Inputs that are kept: points that vary them come one after the other. */
const KEPT_INPUTS = 8;

/** An empty store. */
export function createInputStore(files: InputFiles): InputStore {
  const kept = new Map<string, PackedInputs>();
  return {
    async packed(scenario) {
      const of = whatInputsHangOn(scenario);
      const known = kept.get(of);
      if (known !== undefined) return known;
      const { catalogue, arrivals } = await readRunInputs(scenario, files);
      const inputs = { catalogue, arrivals };
      const packed = packInputs(contentHash(inputs), inputs);
      const [oldest] = kept.keys();
      if (oldest !== undefined && kept.size >= KEPT_INPUTS) kept.delete(oldest);
      kept.set(of, packed);
      return packed;
    },
  };
}

/** The fields that `readRunInputs` looks at. */
function whatInputsHangOn({ seed, catalogue, audience, clock }: Scenario): string {
  return canonicalJson([seed, catalogue, audience.arrivals, clock.start, clock.duration]);
}
