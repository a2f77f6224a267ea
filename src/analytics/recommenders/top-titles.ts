/** The best titles by score, in total order: ties go to the lower number. */

/** Fills `into` with the titles of the highest scores, best first.
 * @returns how many there are: fewer than `into` is long where the others are excluded.
 * Cost O(titles · log k) at worst, O(titles) as a rule: a heap of the k best so far. */
export function rankTitles(
  scores: Float64Array,
  options: { readonly into: Int32Array; readonly isExcluded?: (title: number) => boolean },
): number {
  const { into, isExcluded } = options;
  const heap = into;
  let size = 0;
  for (let title = 0; title < scores.length; title += 1) {
    if (size === heap.length) {
      // Later titles lose ties, so that only a higher score gets in.
      if (size === 0 || !((scores[title] as number) > (scores[heap[0] as number] as number)))
        continue;
      if (isExcluded?.(title) === true) continue;
      heap[0] = title;
      siftDown(scores, { heap, from: 0, size });
    } else if (isExcluded?.(title) !== true) {
      heap[size] = title;
      size += 1;
      siftUp(scores, heap, size - 1);
    }
  }
  // The worst is on top: taken off one after the other, the best end in front.
  for (let end = size - 1; end > 0; end -= 1) {
    const worst = heap[0] as number;
    heap[0] = heap[end] as number;
    heap[end] = worst;
    siftDown(scores, { heap, from: 0, size: end });
  }
  return size;
}

/** Whether a is worse than b: a lower score, or the same and a higher number. */
function isWorse(scores: Float64Array, a: number, b: number): boolean {
  const [scoreA, scoreB] = [scores[a] as number, scores[b] as number];
  return scoreA < scoreB || (scoreA === scoreB && a > b);
}

function siftUp(scores: Float64Array, heap: Int32Array, from: number): void {
  let at = from;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isWorse(scores, heap[at] as number, heap[parent] as number)) return;
    swap(heap, at, parent);
    at = parent;
  }
}

function siftDown(
  scores: Float64Array,
  { heap, from, size }: { readonly heap: Int32Array; readonly from: number; readonly size: number },
): void {
  let at = from;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) return;
    const right = child + 1;
    if (right < size && isWorse(scores, heap[right] as number, heap[child] as number))
      child = right;
    if (!isWorse(scores, heap[child] as number, heap[at] as number)) return;
    swap(heap, at, child);
    at = child;
  }
}

function swap(heap: Int32Array, a: number, b: number): void {
  const kept = heap[a] as number;
  heap[a] = heap[b] as number;
  heap[b] = kept;
}
