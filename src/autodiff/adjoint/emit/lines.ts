/** Text that grows line by line, indented by its blocks. */
export class Lines {
  readonly #lines: string[] = [];
  #depth: number;

  constructor(depth = 0) {
    this.#depth = depth;
  }

  add(...lines: readonly string[]): void {
    for (const line of lines) this.#lines.push('  '.repeat(this.#depth) + line);
  }

  block(head: string, write: () => void, tail = '}'): void {
    this.add(head);
    this.#depth++;
    write();
    this.#depth--;
    this.add(tail);
  }

  toString(): string {
    return this.#lines.join('\n');
  }
}
