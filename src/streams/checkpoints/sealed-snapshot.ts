/** A whole state as one text that says what it is and whether it is whole: schema, definition and
 * a hash over the state. Spec: W113. */
import type { PlainValue } from '../../domain/plain-value.ts';
import { canonicalJson, textHash } from './canonical-json.ts';
import { savedFields, snapshotRefused } from './snapshot-refused.ts';

/** What a sealed state must be of to be opened. */
export interface SnapshotSeal {
  /** Name and version of the state's layout, like `backlot.job/1`. */
  readonly schema: string;
  /** What gives the state its meaning. */
  readonly definition: PlainValue;
}

/** Seals a state. Equal states give equal texts. */
export function sealSnapshot({ schema, definition }: SnapshotSeal, state: PlainValue): string {
  const inner = canonicalJson(state);
  const head = canonicalJson({
    schema,
    definition: textHash(canonicalJson(definition)),
    hash: textHash(inner),
  });
  return `${head}\n${inner}\n`;
}

/** Opens what {@link sealSnapshot} wrote.
 * @throws EngineError `SNAPSHOT_REFUSED` for another schema or definition, or damage. */
export function openSnapshot({ schema, definition }: SnapshotSeal, text: string): PlainValue {
  const [first = '', inner = '', ...rest] = text.split('\n');
  const head = savedFields(parsed(first), 'snapshot');
  const found = head.text('schema');
  if (found !== schema) throw snapshotRefused(`schema ${found} is not ${schema}`);
  if (head.text('definition') !== textHash(canonicalJson(definition))) {
    throw snapshotRefused('the state is of another definition');
  }
  if (rest.length !== 1 || rest[0] !== '' || head.text('hash') !== textHash(inner)) {
    throw snapshotRefused('the state is not what was saved');
  }
  return parsed(inner);
}

function parsed(text: string): PlainValue {
  try {
    return JSON.parse(text) as PlainValue;
  } catch {
    throw snapshotRefused('what was saved is no JSON');
  }
}
