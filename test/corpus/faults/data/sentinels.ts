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

const areas = [35, 48, 52, 60, 44, 71, 9999, 83, 57, 39, 66, 90, 9999, 75, 42, 50];
const rooms = [1, 2, 2, 3, 1, 3, 2, 4, 2, 1, 3, 4, 3, 3, 2, 2];
const rents = [520, 640, 690, 780, 600, 900, 660, 1050, 720, 560, 850, 1120, 830, 930, 590, 670];

/**
 * Finds: loss-spike at «lr=0.1»
 * Silent: stale-second-moment; ill-conditioned
 * May: plateau:noise-floor; noise-limited
 * Verdict: unstable
 * Because: the area of two of 16 flats is 9999, a sign for a missing value, and lr = 0.1 is far too long for the coefficient of the area. A
 * batch with one of them has a loss of up to 2e5, before and after the steps with the longest gradients. The curvatures of all samples
 * allow 2,000 steps to converge; those of one batch of four differ 14 times as much.
 *
 * @loss
 * @start b=0 perArea=0 perRoom=0
 * @optimizer adam lr=0.1
 * @samples 16
 * @batch 4
 * @epochs 500
 * @seed 3
 */
export function missingArea(
  { b, perArea, perRoom }: { b: number; perArea: number; perRoom: number },
  { indices }: { indices: readonly number[] },
): number {
  const errors = indices.map((i) => b + perArea * areas[i] + perRoom * rooms[i] - rents[i] / 100);
  return errors.reduce((sum, error) => sum + error ** 2, 0) / indices.length;
}
