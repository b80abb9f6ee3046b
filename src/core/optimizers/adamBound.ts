import { type AdamFormOptions, adamForm } from './adamForm';
import { biasCorrection } from './biasCorrection';

type Betas = Pick<AdamFormOptions, 'beta1' | 'beta2'>;
type BetaAt = (t: number) => number;

/**
 * B(t), the supremum of abs(mHat)/sqrt(vHat) over all gradient sequences (dimensionless):
 *
 *   B(t) = (1−β1)/√(1−β2) · √((1−rᵗ)/(1−r)) · √(1−β2ᵗ)/(1−β1ᵗ),   r = β1²/β2
 *
 * At the defaults it is 1 at t = 1, 5.78 at t = 1000 and at most 7.27. A dialect without bias correction has
 * only the first two factors. AMSGrad reaches the bound if β1 ≤ β2: the worst gradients grow, so the largest
 * v is the last one.
 *
 * @param betaAt  β1 of every step, if a schedule cycles it
 */
export function adamBound(options: AdamFormOptions, betaAt: BetaAt | null = null): BetaAt {
  const { mDivisor, vDivisor, maxDivisor } = adamForm(options);
  const ratio = betaAt ? cycledRatio(betaAt, options.beta2) : largestRatio(options);
  return (t) => {
    const beta1 = betaAt ? betaAt(t) : options.beta1;
    return ratio(t) * (Math.sqrt(vDivisor(t) * maxDivisor(t)) / mDivisor(t, beta1));
  };
}

/**
 * The supremum of abs(m)/sqrt(v) by the Cauchy-Schwarz inequality: √(Σ w_i²/u_i), where w_i is the weight of
 * g_i in m and u_i the weight of g_i² in v. The sum is geometric; if r = 1, it has t equal terms. If β2 = 0,
 * v contains only the last gradient: the supremum is then 1 − β1 if β1 = 0 or t = 1, and infinite otherwise.
 */
function largestRatio({ beta1, beta2 }: Betas): BetaAt {
  if (beta2 === 0) return (t) => (beta1 === 0 || t === 1 ? 1 - beta1 : Number.POSITIVE_INFINITY);
  const r = beta1 ** 2 / beta2;
  const oneMinusPower = r < 1 ? biasCorrection(r) : (t: number) => 1 - r ** t;
  const geometric = (t: number) => (r === 1 ? t : oneMinusPower(t) / (1 - r));
  const isolated = (1 - beta1) / Math.sqrt(1 - beta2);
  return (t) => isolated * Math.sqrt(geometric(t));
}

/**
 * The supremum of `largestRatio` for a changing β1. Its sum has the recursion S_t = S_{t−1} β1_t²/β2 +
 * (1−β1_t)²/(1−β2).
 */
function cycledRatio(betaAt: BetaAt, beta2: number): BetaAt {
  const sums = [0];
  return (t) => {
    for (let i = sums.length; i <= t; i++) {
      const beta1 = betaAt(i);
      const before = sums[i - 1]!;
      const kept = before === 0 || beta1 === 0 ? 0 : (before * beta1 ** 2) / beta2;
      sums.push(kept + (1 - beta1) ** 2 / (1 - beta2));
    }
    return Math.sqrt(sums[t]!);
  };
}
