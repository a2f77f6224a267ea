/** Bytes that grow where they are written; what was never written reads as zeros. */

const FIRST_CAPACITY_BYTES = 256;

/** A run of bytes. */
export class ByteExtent {
  #bytes = new Uint8Array(0);
  #sizeBytes = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** @returns bytes read; fewer at the end. */
  read(target: Uint8Array, position: number): number {
    const end = Math.min(this.#sizeBytes, position + target.length);
    if (end <= position) return 0;
    target.set(this.#bytes.subarray(position, end));
    return end - position;
  }

  write(bytes: Uint8Array, position: number): void {
    const end = position + bytes.length;
    this.#reserve(end);
    this.#bytes.set(bytes, position);
    this.#sizeBytes = Math.max(this.#sizeBytes, end);
  }

  /** Cuts, or makes longer by zeros. */
  truncate(sizeBytes: number): void {
    this.#reserve(sizeBytes);
    if (sizeBytes < this.#sizeBytes) this.#bytes.fill(0, sizeBytes, this.#sizeBytes);
    this.#sizeBytes = sizeBytes;
  }

  copy(): ByteExtent {
    const copy = new ByteExtent();
    copy.write(this.#bytes.subarray(0, this.#sizeBytes), 0);
    return copy;
  }

  #reserve(capacity: number): void {
    if (capacity <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(capacity, this.#bytes.length * 2, FIRST_CAPACITY_BYTES));
    larger.set(this.#bytes.subarray(0, this.#sizeBytes));
    this.#bytes = larger;
  }
}
