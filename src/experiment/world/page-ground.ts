/** What worlds over the same catalogue have in common: the plans of their architecture, and the
 * traces of pages, which are pure. Kept as long as the catalogue is, so that a second world of a
 * process works nothing out that the first one did. Spec: G16. */
import type { Catalogue } from '../../domain/catalogue.ts';
import type { ApiArchitecture, ArchitectureName } from '../../gateway/architecture.ts';
import { createPageTraces, type PageTraces } from '../../gateway/page-trace.ts';
import type { ProductName } from '../../gateway/products/product.ts';
import { PRODUCTS } from '../../gateway/products/products.ts';
import type { ServiceBackends } from '../../gateway/service-backends.ts';
import type { Scenario } from '../scenario/schema.ts';

/** Plans and pages. */
export interface PageGround {
  readonly architecture: ApiArchitecture;
  readonly traces: PageTraces;
}

/** Ways to fan out and to order, times architectures: more than one campaign has. */
const KEPT = 16;

interface Kept {
  readonly backends: Map<ProductName, ServiceBackends>;
  readonly grounds: Map<string, PageGround>;
}

const kept = new WeakMap<Catalogue, Kept>();

/** The ground of a scenario on an architecture. */
export function pageGround(
  scenario: Pick<Scenario, 'product' | 'architectures'>,
  name: ArchitectureName,
  catalogue: Catalogue,
): PageGround {
  const known = kept.get(catalogue) ?? { backends: new Map(), grounds: new Map() };
  kept.set(catalogue, known);
  const key = keyOf(scenario, name);
  const found = known.grounds.get(key) ?? layGround(scenario, name, { catalogue, known });
  known.grounds.delete(key);
  known.grounds.set(key, found);
  const [oldest = key] = known.grounds.keys();
  if (known.grounds.size > KEPT) known.grounds.delete(oldest);
  return found;
}

/** Names all that plans and traces depend on besides the catalogue. */
function keyOf(
  { product, architectures }: Pick<Scenario, 'product' | 'architectures'>,
  name: ArchitectureName,
): string {
  const { direct, aggregation, schedule } = architectures;
  const choices: Readonly<Record<ArchitectureName, readonly string[]>> = {
    monolith: [],
    direct: [direct.fanOut],
    aggregation: [aggregation.fanOut, aggregation.order],
    federated: [schedule],
  };
  return [product, name, ...choices[name]].join('/');
}

function layGround(
  { product: productName, architectures }: Pick<Scenario, 'product' | 'architectures'>,
  name: ArchitectureName,
  { catalogue, known }: { readonly catalogue: Catalogue; readonly known: Kept },
): PageGround {
  const product = PRODUCTS[productName];
  const backends = known.backends.get(productName) ?? product.createBackends(catalogue);
  known.backends.set(productName, backends);
  const architecture = product.createArchitecture(name, architectures);
  const { publicSchema, types } = product.supergraph();
  const traces = createPageTraces({
    publicSchema,
    types,
    backends,
    // A hand-written plan has the order that its author gave it.
    schedule: architecture.executedAt === 'router' ? architectures.schedule : 'plan',
  });
  return { architecture, traces };
}
