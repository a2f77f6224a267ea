/** JSON text of anything, but never more than so much of it: what is kept of a rejected event,
 * which may be huge, endlessly nested, or hold itself. */

/** Text of `JSON.stringify` as far as `unitsMax` UTF-16 units and `depthMax` levels go; deeper
 * values are written as `"…"`. Never throws; cost O(unitsMax). */
export function boundedJson(
  value: unknown,
  { unitsMax, depthMax }: { readonly unitsMax: number; readonly depthMax: number },
): string {
  const text = { value: '' };
  write(value, text, { unitsMax, depthMax });
  return text.value.slice(0, unitsMax);
}

interface Text {
  value: string;
}

interface Room {
  readonly unitsMax: number;
  readonly depthMax: number;
}

function write(value: unknown, text: Text, room: Room): void {
  if (text.value.length > room.unitsMax) return;
  if (typeof value === 'string') {
    text.value += JSON.stringify(value.slice(0, room.unitsMax));
  } else if (typeof value === 'bigint') {
    text.value += `${value}`;
  } else if (typeof value !== 'object' || value === null) {
    text.value += JSON.stringify(value) ?? 'null';
  } else if (room.depthMax === 0) {
    text.value += '"…"';
  } else {
    writeObject(value, text, { ...room, depthMax: room.depthMax - 1 });
  }
}

function writeObject(value: object, text: Text, room: Room): void {
  const isArray = Array.isArray(value);
  let separator = '';
  text.value += isArray ? '[' : '{';
  if (isArray) {
    for (const one of value as readonly unknown[]) {
      if (text.value.length > room.unitsMax) return;
      text.value += separator;
      separator = ',';
      write(one, text, room);
    }
  } else {
    for (const key of Object.keys(value)) {
      if (text.value.length > room.unitsMax) return;
      const one = (value as Readonly<Record<string, unknown>>)[key];
      if (one === undefined || typeof one === 'function' || typeof one === 'symbol') continue;
      text.value += `${separator}${JSON.stringify(key.slice(0, room.unitsMax))}:`;
      separator = ',';
      write(one, text, room);
    }
  }
  text.value += isArray ? ']' : '}';
}
