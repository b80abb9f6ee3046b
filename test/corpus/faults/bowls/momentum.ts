// Bowls on which momentum decides how far the longest stable step goes, and how the parameters oscillate.

/**
 * Finds: ill-conditioned
 * Silent: oscillation
 * Verdict: still-improving
 * Because: the curvatures along x + y and x − y are 400,002 and 2. The longest stable step of momentum 0.9 is 3.8/400,002, ten times as
 *   long after it has built up, and removes 2 · 38/400,002 = 0.019 % of the distance along x − y: 2000 of them leave two thirds.
 *
 * @loss
 * @start x=2 y=2
 * @optimizer sgd lr=4e-6 momentum=0.9
 * @steps 2000
 */
export function steepPenalty(x: number, y: number): number {
  return x * x - 3 * y + y * y + 1e5 * (x + y - 1) ** 2;
}

const rotated = (x: number, y: number) => 50 * ((x + y) / Math.SQRT2) ** 2 + 0.005 * ((x - y) / Math.SQRT2) ** 2;

/**
 * Finds: nothing
 * Silent: ill-conditioned; oscillation
 * Verdict: still-improving
 * Because: the curvatures differ by 10,000. With momentum 0.9, the longest stable step removes 0.38 % along the flat axis, and 1000
 *   of them leave 2 %. Gradient descent would remove 0.02 % and leave 82 %.
 *
 * @loss
 * @start [3, -1]
 * @optimizer sgd lr=0.02 momentum=0.9
 * @steps 1000
 */
export function carriedAlongTheValley([x, y]: number[]): number {
  return rotated(x!, y!);
}

/**
 * Finds: ill-conditioned
 * Silent: oscillation; divergence
 * Verdict: still-improving
 * Because: the same bowl without momentum: even the longest stable step leaves 82 % of the distance along the flat axis.
 *
 * @loss
 * @start [3, -1]
 * @optimizer sgd lr=0.01
 * @steps 1000
 */
export function crawlsAlongTheValley([x, y]: number[]): number {
  return rotated(x!, y!);
}

const springs = (x: number, y: number) => 0.5 * x * x + 5 * y * y;

/**
 * Finds: oscillation at «momentum=0.99»
 * Silent: divergence; instability-at-start; loss-spike
 * Verdict: still-improving
 * Because: momentum 0.99 multiplies the amplitudes by √0.99 per step, and x and y pass the minimum with periods of 63 and 20 steps. In each 40
 *   steps the mean and the highest loss fall by a third: nothing grows, and how high the last loss is depends on the phase. With
 *   momentum 0.9 the same steps reach 3e-16.
 *
 * @loss
 * @start [10, 10]
 * @optimizer sgd lr=0.01 momentum=0.99
 * @steps 400
 */
export function tooMuchMomentum([x, y]: number[]): number {
  return springs(x!, y!);
}

/**
 * Finds: nothing
 * Silent: oscillation; divergence; plateau:flat-valley
 * Verdict: converged
 * Because: 3000 steps of the same run multiply the amplitudes by 3e-7, and end at 1e-10 of a start of 550: the oscillation was a way to
 *   the minimum.
 *
 * @loss
 * @start [10, 10]
 * @optimizer sgd lr=0.01 momentum=0.99
 * @steps 3000
 */
export function momentumHasDecayed([x, y]: number[]): number {
  return springs(x!, y!);
}

const heights = [1.2, -0.4, 0.9, -1.1, 0.7, -0.8, 1.4, -0.9, 0.3, -0.2, 1, -1.3, 0.6, -0.5, 0.8, -0.7, 1.1, -1, 0.2, -0.1];

/**
 * Finds: nothing
 * Silent: oscillation; edge-of-stability; divergence
 * Verdict: converged
 * Because: a local-level model whose likelihood is highest at a variance of 0, so logq falls for ever. The last loss is 6e-5 above the
 *   infimum, a hundred-thousandth of the decrease of 5.2: a short memory of squared gradients lets logr jump occasionally.
 *
 * @loss
 * @start logq=-1 logr=0.5
 * @optimizer adam lr=0.1 beta2=0.9
 * @steps 800
 */
export function localLevel({ logq, logr }: { logq: number; logr: number }): number {
  const [q, r] = [Math.exp(logq), Math.exp(logr)];
  let [mean, variance, sum] = [0, 10, 0];
  for (const height of heights) {
    const spread = variance + r;
    const innovation = height - mean;
    sum += 0.5 * (Math.log(2 * Math.PI * spread) + innovation ** 2 / spread);
    mean += (variance / spread) * innovation;
    variance = variance * (1 - variance / spread) + q;
  }
  return sum;
}
