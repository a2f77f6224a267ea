/** The names of page loads. */

/** The name of a page load: the viewer's number and which of its pages it is. Spec: E362. */
export function requestName(viewer: number, pageSequence: number): string {
  return `r-${viewer}-${pageSequence}`;
}
