/** A text to insert before the character at an offset. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
  /**
   * 0: closes a range, 1: single text, 2: opens a range. Insertions at the same offset are written in this
   * order.
   */
  readonly role: 0 | 1 | 2;
  /** The offset of the other end of the range. */
  readonly partner: number;
  /** The number of the insertion. If two wraps have the same range, the later one is outside. */
  readonly order: number;
}

/** Sorts insertions by offset. Inner ranges close before outer ones and open after them. */
export function inOrder(insertions: readonly Insertion[]): Insertion[] {
  return [...insertions].sort((a, b) => {
    if (a.at !== b.at) return a.at - b.at;
    if (a.role !== b.role) return a.role - b.role;
    if (a.role === 1) return a.order - b.order;
    if (a.partner !== b.partner) return b.partner - a.partner;
    return a.role === 0 ? a.order - b.order : b.order - a.order;
  });
}
