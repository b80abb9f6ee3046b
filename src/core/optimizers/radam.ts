import { adamFamily, momentOptions } from './adamFamily';
import { biasCorrection } from './biasCorrection';
import { coupled } from './weightDecay';

/**
 * RAdam: Adam that does not divide by sqrt(v) until v has averaged enough gradients.
 *
 *   g = grad + weightDecay · params
 *   m = beta1 m + (1 − beta1) g        mHat = m / (1 − beta1^t)
 *   v = beta2 v + (1 − beta2) g²
 *   params −= lr rect mHat sqrt(1 − beta2^t) / (sqrt(v) + eps)        if rho_t > 5
 *   params −= lr mHat                                                 otherwise
 *
 * While rho_t ≤ 5 (t = 1 … 5 at the defaults), steps are proportional to mHat. See `rectification` for rho_t
 * and rect.
 *
 * Source: Liu et al., arXiv:1908.03265, Algorithm 2.
 * Variant: torch.optim.RAdam. The threshold of the paper is 4, and optax uses rho_t ≥ 5. torch adds eps
 * before the bias correction of sqrt(v), optax and the authors' code add it after the correction; the paper
 * has no eps.
 * Units: m and eps have the unit of grad, v its square. weightDecay has the unit of grad/params. lr has the
 * unit of params in rectified steps, but of params/grad in the others, whose length therefore depends on the
 * scale of the loss.
 */
export const radam = adamFamily({
  title: 'RAdam',
  doc: 'Liu et al. 2020. Adam with a built-in warmup. Its first steps (5 at the defaults) are not divided by sqrt(v): they are proportional to the gradient.',
  effectiveLrFormula: 'lr·rect·sqrt(1 − beta2ᵗ) / (sqrt(v) + eps)',
  options: momentOptions,
  divisor: 'v',
  weightDecay: ({ weightDecay }) => coupled(weightDecay),
  step(options) {
    const rectified = rectification(options.beta2);
    const correction2 = biasCorrection(options.beta2);
    return (params, grad, m, v, { t, lr, beta1, beta2, eps, weightDecay }) => {
      const rect = rectified(t);
      const correction1 = 1 - beta1 ** t;
      const rootCorrection2 = Math.sqrt(correction2(t));
      for (let i = 0; i < m.length; i++) {
        const g = grad[i]! + weightDecay * params[i]!;
        const mi = beta1 * m[i]! + (1 - beta1) * g;
        const vi = beta2 * v[i]! + (1 - beta2) * g * g;
        m[i] = mi;
        v[i] = vi;
        const step = (mi / correction1) * lr;
        params[i]! -= rect === null ? step : step * (rootCorrection2 / (Math.sqrt(vi) + eps)) * rect;
      }
    };
  },
  derived: ({ beta2, eps }) => {
    const rect = rectification(beta2);
    const correction2 = biasCorrection(beta2);
    return {
      vHat: (at) => at.v / correction2(at.t),
      preconditioner: (at) =>
        rect(at.t) === null ? 1 : (Math.sqrt(at.v) + eps) / Math.sqrt(correction2(at.t)),
      epsPart: (at) => (rect(at.t) === null ? 0 : eps / Math.sqrt(correction2(at.t))),
      stepSize: (at) => at.lr * (rect(at.t) ?? 1),
      uncorrectedUpdate: (at) => {
        const part = rect(at.t);
        return Math.abs(at.lr * at.m * (part === null ? 1 : part / (Math.sqrt(at.v) + eps)));
      },
    };
  },
});

/**
 * The rectification factor of a step, in (0, 1), which compensates for the variance of 1/sqrt(v). null while
 * rho_t, the effective number of gradients in v, is 5 or less, because this variance cannot be computed then.
 * Both are dimensionless.
 *
 *   rho_∞ = 2/(1 − beta2) − 1          rho_t = rho_∞ − 2t beta2^t/(1 − beta2^t)
 *   rect = √((rho_t − 4)(rho_t − 2) rho_∞ / ((rho_∞ − 4)(rho_∞ − 2) rho_t))
 */
export function rectification(beta2: number): (t: number) => number | null {
  const rhoInfinity = 2 / (1 - beta2) - 1;
  return (t) => {
    const rho = rhoInfinity - (2 * t * beta2 ** t) / (1 - beta2 ** t);
    return rho > 5
      ? Math.sqrt(((rho - 4) * (rho - 2) * rhoInfinity) / ((rhoInfinity - 4) * (rhoInfinity - 2) * rho))
      : null;
  };
}
