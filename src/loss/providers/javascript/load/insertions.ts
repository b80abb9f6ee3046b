/** A text that goes before the character at an offset. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
  /** 0: closes a stretch, 1: stands by itself, 2: opens a stretch. That is their order at one offset. */
  readonly role: 0 | 1 | 2;
  /** The other end of the stretch. */
  readonly partner: number;
  /** Of two over the same stretch, the later one is outside. */
  readonly turn: number;
}

/** Inner stretches close before outer ones, and open after them. */
export function inOrder(insertions: readonly Insertion[]): Insertion[] {
  return [...insertions].sort((a, b) => {
    if (a.at !== b.at) return a.at - b.at;
    if (a.role !== b.role) return a.role - b.role;
    if (a.role === 1) return a.turn - b.turn;
    if (a.partner !== b.partner) return b.partner - a.partner;
    return a.role === 0 ? a.turn - b.turn : b.turn - a.turn;
  });
}
