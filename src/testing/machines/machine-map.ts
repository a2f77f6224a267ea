/** What a machine has: states that can be stood in, transitions that can be taken, event types, and
 * delays. Names are XState's ids. */
import {
  type AnyStateMachine,
  type AnyStateNode,
  type AnyTransitionDefinition,
  matchesState,
} from 'xstate';

/** What a machine has. */
export interface MachineMap {
  /** By id, in document order; history states, which nobody stands in, left out. */
  readonly states: ReadonlyMap<string, AnyStateNode>;
  readonly transitions: ReadonlyMap<AnyTransitionDefinition, string>;
  /** Types that come from outside, sorted. */
  readonly events: readonly string[];
  /** Fixed delays of `after`, ms, ascending. */
  readonly delays: readonly number[];
}

/** Reads a machine. */
export function machineMap(machine: AnyStateMachine): MachineMap {
  const states = new Map<string, AnyStateNode>();
  const transitions = new Map<AnyTransitionDefinition, string>();
  const delays = new Set<number>();
  const walk = (node: AnyStateNode): void => {
    if (node.type !== 'history') states.set(node.id, node);
    const all = [...node.transitions.values(), node.always ?? []].flat();
    for (const one of all) if (doesSomething(one)) transitions.set(one, transitionName(one));
    for (const { delay } of node.after) if (typeof delay === 'number') delays.add(delay);
    Object.values(node.states).forEach(walk);
  };
  walk(machine.root);
  const events = machine.events.filter((type) => !/^xstate\.|\*$|^$/.test(type));
  return {
    states,
    transitions,
    events: [...new Set<string>(events)].sort(),
    delays: [...delays].sort((a, b) => a - b),
  };
}

/** Forbidden events have transitions that do nothing. */
function doesSomething({ target, actions }: AnyTransitionDefinition): boolean {
  return target !== undefined || actions.length > 0;
}

/** `player.idle on PLAY → player.playing`. */
function transitionName({ source, eventType, target }: AnyTransitionDefinition): string {
  const trigger = eventType === '' ? 'always' : `on ${eventType}`;
  const to = target === undefined ? '' : ` → ${target.map(({ id }) => id).join(', ')}`;
  return `${source.id} ${trigger}${to}`;
}

/** Ids of the states that are stood in. */
export function statesIn(map: MachineMap, value: unknown): readonly string[] {
  return [...map.states]
    .filter(
      ([, node]) => node.path.length === 0 || matchesState(valueOfPath(node.path), asValue(value)),
    )
    .map(([id]) => id);
}

type StateValue = Parameters<typeof matchesState>[0];

/** Whether a state value is in a state named by dots, like `playing.buffering`. */
export function isIn(value: unknown, state: string): boolean {
  return matchesState(valueOfPath(state.split('.')), asValue(value));
}

function valueOfPath(path: readonly string[]): StateValue {
  const [first = '', ...rest] = path;
  return rest.length === 0 ? first : { [first]: valueOfPath(rest) };
}

function asValue(value: unknown): StateValue {
  return value as StateValue;
}

/** A state value in one line: `playing.buffering`, `a.x & b.y`. */
export function stateText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  const regions = Object.entries(value).map(([name, inner]) => {
    const text = stateText(inner);
    return text === '' ? name : `${name}.${text}`;
  });
  return regions.join(' & ');
}
