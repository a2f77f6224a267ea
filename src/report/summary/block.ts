/** One block of a summary; the first line of a table is its head. */
export interface Block {
  readonly heading: string;
  readonly lines: readonly string[];
  readonly hasHead: boolean;
}
