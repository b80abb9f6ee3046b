import { uniformFrom } from './random.js';

/**
 * Sparse gradients: the rating of a text is the sum of the weights of its words, for 600 short texts. Of the twelve words,
 * the most frequent one is in every other text, the rarest in one of a hundred.
 *
 * Look at the effective learning rate of each coordinate: it stays large for rare words, because v decays between their
 * gradients. Compare with sgd, for which the weights of rare words hardly move.
 */
const uniform = uniformFrom(4);
const frequency = Array.from({ length: 12 }, (_, word) => 0.5 / (1 + word) ** 1.6);
const texts = Array.from({ length: 600 }, () => {
  const words = frequency.flatMap((f, word) => (uniform() < f ? [word] : []));
  const rating = words.reduce((sum, word) => sum + (word % 2 ? 1 : -1), 0) + 0.2 * (uniform() - 0.5);
  return { words, rating };
});

/**
 * @loss
 * @start [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
 * @names the of and with never hardly rather seldom anon whilom erst eftsoons
 * @optimizer adam lr=0.03
 * @samples 600
 * @batch 20
 * @epochs 15
 */
export function rareWords(weight: number[], { indices }: { indices: readonly number[] }): number {
  let sum = 0;
  for (const i of indices) {
    const { words, rating } = texts[i];
    sum += (words.reduce((total, word) => total + weight[word], 0) - rating) ** 2;
  }
  return sum / indices.length;
}
