/** Quotients like (exp(x) − 1)/x: near x = 0 the numerator is the difference of two numbers near 1, whose rounding error of 1e-16 is divided by x. */
const ages = [2, 5, 9, 14, 18, 20, 23, 27, 31, 36];

/** Minus the mean log likelihood of ages at death under the hazard exp(level + growth·age). */
function gompertz(level: number, growth: number, integral: (growth: number, age: number) => number): number {
  const each = (age: number) => Math.exp(level) * integral(growth, age) - level - growth * age;
  return ages.reduce((sum, age) => sum + each(age), 0) / ages.length;
}

const cancelling = (growth: number, age: number): number => (Math.exp(growth * age) - 1) / growth;
const exact = (growth: number, age: number): number => Math.expm1(growth * age) / growth;

/**
 * Finds: precision-loss at «growth» in «{ level, growth }: {»
 * Silent: instability-at-start; gradient-mismatch; plateau:converged; divergence
 * Verdict: still-improving
 * Because: at growth = 1e-11 the derivative for growth has a rounding error of 1e-16/1e-22 times e^level·age: it is −7620, and others at
 * points beside it, instead of −7.2. The first steps of Adam follow it, and the loss rises from 3.9 to 26. The loss then falls to
 * 5e-6 above its minimum of 3.68575, a fifty-thousandth of the decrease, and still falls.
 *
 * @loss
 * @start {"level": -3, "growth": 1e-11}
 * @optimizer adam lr=0.05
 * @steps 1000
 */
export function mortalityFromNoGrowth({ level, growth }: { level: number; growth: number }): number {
  return gompertz(level, growth, cancelling);
}

/**
 * Finds: precision-loss at «growth» in «{ level, growth }: {»
 * Silent: gradient-mismatch; plateau:converged
 * Verdict: still-improving
 * Because: at growth = 1e-12 the first gradient is −7.6e4 instead of −7.2. Steps of 3e-4 lead on to 3.90 of 3.69 in 1000 steps, with a gradient of
 * 6: less than a ten-thousandth of the first one, but no less than the gradients of all other steps.
 *
 * @loss
 * @start {"level": -3, "growth": 1e-12}
 * @optimizer adam lr=0.0003
 * @steps 1000
 */
export function mortalityInShortSteps({ level, growth }: { level: number; growth: number }): number {
  return gompertz(level, growth, cancelling);
}

/**
 * Finds: precision-loss at «power» in «{ power, center }: {»
 * Silent: gradient-mismatch; instability-at-start; ill-conditioned
 * Because: a Box-Cox transform with power 1e-9: the rounding error of y^power − 1 is 1e-16, that of the derivative 1e-16/1e-18 times
 * the residual, about 100, where the derivative itself is about 1.
 *
 * @loss
 * @start {"power": 1e-9, "center": 0.5}
 * @optimizer sgd lr=0.001
 * @steps 400
 */
export function boxCoxNearLog({ power, center }: { power: number; center: number }): number {
  const sizes = [1.2, 2.5, 3.1, 4.8, 7.7, 9.1];
  const residuals = sizes.map((y) => (y ** power - 1) / power - center);
  return residuals.reduce((sum, r) => sum + r * r, 0) / sizes.length + (power - 0.3) ** 2;
}

/**
 * Finds: nothing
 * Silent: precision-loss; gradient-mismatch; plateau:lr-too-small
 * May: plateau:converged; ill-conditioned
 * Verdict: converged
 * Because: the same likelihood with expm1, which has all digits at 1e-5: the derivative there is right to 1e-11/1e-5, a millionth.
 *
 * @loss
 * @start {"level": -3, "growth": 1e-5}
 * @optimizer adam lr=0.02
 * @steps 1500
 */
export function mortalityExact({ level, growth }: { level: number; growth: number }): number {
  return gompertz(level, growth, exact);
}

/**
 * Finds: nothing
 * Silent: precision-loss; gradient-mismatch
 * May: plateau:converged; ill-conditioned
 * Verdict: converged
 * Because: at growth = 0.02 the quotient has 14 digits, and the run never comes near 0.
 *
 * @loss
 * @start {"level": -4, "growth": 0.02}
 * @optimizer adam lr=0.02
 * @steps 1500
 */
export function mortalityAway({ level, growth }: { level: number; growth: number }): number {
  return gompertz(level, growth, cancelling);
}
