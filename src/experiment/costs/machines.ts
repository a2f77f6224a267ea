/** The machines of a scenario on one architecture: which servers there are, and what each replica
 * has. They are paid for whether or not anybody comes. Spec: E300, E301. */
import type { ArchitectureName } from '../../gateway/architecture.ts';
import type { ProductName } from '../../gateway/products/product.ts';
import { PRODUCTS } from '../../gateway/products/products.ts';
import {
  gatewaySettings,
  type ServerSettings,
  serviceSettings,
} from '../requests/wiring/server-settings.ts';
import type { Scenario } from '../scenario/schema.ts';

/** One kind of machine. */
export interface Machine {
  /** The server's name; its database's is `<server> database`. */
  readonly name: string;
  /** As the run begins; autoscalers change it. */
  readonly replicas: number;
  readonly coresPerReplica: number;
}

/** Servers in the order of reports, and the databases behind them that have limits: the cores of
 * others are not described. Cost O(servers), and up to 0.3 s the first time in a process. */
export function machinesOf(
  scenario: Scenario,
  architecture: ArchitectureName,
): { readonly servers: readonly Machine[]; readonly databases: readonly Machine[] } {
  const shape = shapeOf(scenario.product, architecture);
  const gateway = gatewaySettings(scenario, shape);
  const settings = [
    ...serviceSettings(scenario, shape),
    ...(gateway === undefined ? [] : [gateway.server]),
  ];
  return { servers: settings.map(serverOf), databases: settings.flatMap(databaseOf) };
}

function serverOf({ name, fleet }: ServerSettings): Machine {
  return { name, replicas: fleet.replicas, coresPerReplica: fleet.workersPerReplica };
}

function databaseOf({ name, database }: ServerSettings): readonly Machine[] {
  if (database === undefined) return [];
  return [{ name: `${name} database`, replicas: 1, coresPerReplica: database.workers }];
}

type Shape = Parameters<typeof serviceSettings>[1];
const SHAPES = new Map<string, Shape>();

/** Where plans run and which services they reach hangs on no option of an architecture. */
function shapeOf(product: ProductName, architecture: ArchitectureName): Shape {
  const key = `${product}/${architecture}`;
  const shape = SHAPES.get(key) ?? PRODUCTS[product].createArchitecture(architecture);
  SHAPES.set(key, shape);
  return shape;
}
