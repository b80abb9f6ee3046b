const rows: number[][] = [];
let state = 11;
const uniform = (): number => {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
};
for (let i = 0; i < 200; i++) {
  const [heat, humidity] = [10 + 15 * uniform(), 40 + 50 * uniform()];
  const wind = i % 40 === 7 ? -999 : 8 * uniform();
  rows.push([heat, humidity, wind, 0.4 * heat - 0.05 * humidity + 0.3 * Math.max(wind, 0) + 2 + 0.3 * (uniform() - 0.5)]);
}

/**
 * Finds: loss-spike at «lr=0.01»
 * Silent: stale-second-moment
 * May: plateau:noise-floor
 * Verdict: stalled
 * Because: five of 200 winds are -999, a sign for a missing value. The gradient of a batch with one of them is many times as large as that
 * of another, from the first epoch to the last. It does not grow, so v does not lag behind it.
 *
 * @loss
 * @start [0, 0, 0, 0]
 * @names heat humidity wind bias
 * @optimizer adam lr=0.01
 * @samples 200
 * @batch 20
 * @epochs 150
 */
export function missingWind(w: number[], { indices }: { indices: readonly number[] }): number {
  let sum = 0;
  for (const i of indices) {
    const [heat, humidity, wind, evaporation] = rows[i];
    sum += (w[0] * heat + w[1] * humidity + w[2] * wind + w[3] - evaporation) ** 2;
  }
  return sum / indices.length;
}
