/** A uniform number in [0, 1), 32 random bits. */
export type Random = () => number;

/**
 * A seeded generator: sfc32 (Chris Doty-Humphrey's Small Fast Counter, PractRand). MurmurHash3's finalizer
 * computes its initial state from the words, so that neighbouring (seed, stream) pairs give unrelated
 * numbers.
 *
 * @param words  integers; the same words give the same numbers
 */
export function seededRandom(...words: readonly number[]): Random {
  let h = 0x9e3779b9 ^ words.length;
  for (const word of words) h = mix(h ^ mix(word >>> 0) ^ mix(Math.floor(word / 2 ** 32) + 0x85ebca6b));
  let a = mix(h + 1);
  let b = mix(h + 2);
  let c = mix(h + 3);
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

function mix(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}

/** A permutation of 0 … n−1 in place (Fisher-Yates). */
export function shuffle(indices: number[], random: Random): void {
  for (let i = indices.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const held = indices[i]!;
    indices[i] = indices[j]!;
    indices[j] = held;
  }
}
