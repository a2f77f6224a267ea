/** What subjects of one check have in common, made once: inputs and viewers' demand where traffic
 * is the same, pages and their traces where plans and catalogue are. */
import type { ApiArchitecture } from '../../gateway/architecture.ts';
import { createPageTraces, type PageTraces } from '../../gateway/page-trace.ts';
import { PRODUCTS } from '../../gateway/products/products.ts';
import type { ServiceBackends } from '../../gateway/service-backends.ts';
import { type InputFiles, type RunInputs, readRunInputs } from '../run-inputs.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Variant } from '../scenario/variants.ts';
import { type ViewerDemand, viewerDemand } from './demand/viewer-demand.ts';

/** What a subject stands on. */
export interface Ground {
  readonly inputs: RunInputs;
  readonly viewers: ViewerDemand;
  readonly architecture: ApiArchitecture;
  readonly traces: PageTraces;
}

/** The grounds of one check. */
export class Grounds {
  readonly #files: InputFiles;
  readonly #traffic = new Map<string, Pick<Ground, 'inputs' | 'viewers'>>();
  readonly #backends = new Map<string, ServiceBackends>();
  readonly #plans = new Map<string, Pick<Ground, 'architecture' | 'traces'>>();

  constructor(files: InputFiles) {
    this.#files = files;
  }

  /** @throws EngineError `INPUT_UNREADABLE`. */
  async of(variant: Variant): Promise<Ground> {
    const { scenario } = variant;
    const key = trafficKey(scenario);
    let traffic = this.#traffic.get(key);
    if (traffic === undefined) {
      const inputs = await readRunInputs(scenario, this.#files);
      traffic = { inputs, viewers: viewerDemand(scenario, inputs) };
      this.#traffic.set(key, traffic);
    }
    return { ...traffic, ...this.#planned(variant, traffic.inputs) };
  }

  #planned({ architecture: name, scenario }: Variant, inputs: RunInputs) {
    const { direct, aggregation, schedule } = scenario.architectures;
    const plan = [name, direct.fanOut, aggregation.fanOut, aggregation.order, schedule];
    const key = `${plan.join(' ')} ${dataKey(scenario)}`;
    let planned = this.#plans.get(key);
    if (planned === undefined) {
      const product = PRODUCTS[scenario.product];
      const architecture = product.createArchitecture(name, scenario.architectures);
      const { publicSchema, types } = product.supergraph();
      const traces = createPageTraces({
        publicSchema,
        types,
        backends: this.#backendsOf(scenario, inputs),
        schedule: architecture.executedAt === 'router' ? schedule : 'plan',
      });
      planned = { architecture, traces };
      this.#plans.set(key, planned);
    }
    return planned;
  }

  #backendsOf(scenario: Scenario, { catalogue }: RunInputs): ServiceBackends {
    const key = dataKey(scenario);
    let backends = this.#backends.get(key);
    if (backends === undefined) {
      backends = PRODUCTS[scenario.product].createBackends(catalogue);
      this.#backends.set(key, backends);
    }
    return backends;
  }
}

/** What the data are made of. */
function dataKey({ product, seed, catalogue }: Scenario): string {
  return `${product} ${catalogue.seed ?? seed} ${catalogue.titles}`;
}

/** What viewers' demand hangs on. */
function trafficKey({ seed, catalogue, clock, audience, clickstream }: Scenario): string {
  return JSON.stringify([seed, catalogue, clock, audience, clickstream.heartbeat]);
}
