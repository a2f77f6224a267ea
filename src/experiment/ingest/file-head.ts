/** The beginning of a file, by which its name in event ids and its format are told. */
import { readText } from '../inputs/input-file.ts';
import { JsonSplitter } from './formats/json-values.ts';

/** Enough for twenty lines of anything, little enough for a file that is a single line. */
const HEAD_LENGTH = 65_536;

/** The first 64 Ki UTF-16 units of a file's text, unzipped; of an archive that is cut short, what
 * there is: who reads it whole will say so.
 * @throws EngineError `INPUT_UNREADABLE` where nothing can be read. */
export async function readHead(path: string): Promise<string> {
  let head = '';
  try {
    for await (const text of readText(path)) {
      head += text;
      if (head.length >= HEAD_LENGTH) break;
    }
  } catch (error) {
    if (head === '') throw error;
  }
  return head.slice(0, HEAD_LENGTH);
}

/** The first lines of a head, without their ends; the last one may be cut where the head is. */
export function linesOfHead(head: string, count: number): readonly string[] {
  const lines = head.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.slice(0, count).map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

/** Whether every line of a file of JSON (or of columns) is a value of its own, as far as the first
 * one tells: else it is an array, or written over many lines. */
export async function isOneValueALine(path: string): Promise<boolean> {
  const head = (await readHead(path)).trimStart();
  const end = head.indexOf('\n');
  if (head.startsWith('[')) return false;
  if (!head.startsWith('{')) return true;
  if (end < 0) return false;
  const firstLine = head.slice(0, end);
  if (isJson(firstLine)) return true;
  // Broken, or the beginning of a body that goes on: then it ends somewhere, or looks unfinished.
  const [firstValue] = new JsonSplitter().push(head);
  return !(firstValue !== undefined && isJson(firstValue)) && !/[{[,]\s*$/.test(firstLine);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
