import type { GradientMethod } from '../core/objective';

/** The heading of `docs/glossary.md` that explains each method. */
export const gradientTerms: { readonly [M in GradientMethod]: string } = {
  exact: 'Exact gradient',
  provided: 'Provided gradient',
  'finite-difference': 'Finite-difference gradient',
};

const explanations: { readonly [M in GradientMethod]: string } = {
  exact: 'Computed by automatic differentiation of your source code, accurate to rounding.',
  provided: 'Computed by a function of yours, which is compared with differences of the loss.',
  'finite-difference':
    'Estimated from the loss at two points on either side, for each coordinate: two evaluations for each, and less accurate than an exact gradient.',
};

/** How an exact gradient is computed in Python, by the name of the way. */
const ways: Readonly<Record<string, string>> = {
  'reverse mode':
    'Accurate to rounding: the operations of the loss are recorded, and the chain rule is applied to them from the last one back to the first.',
  'torch autograd':
    'Accurate to rounding: torch records the operations of the loss and applies the chain rule to them from the last one back to the first.',
  'jax.value_and_grad':
    'Accurate to rounding: jax traces the operations of the loss, derives the program of its gradient, and compiles both where it can.',
  autograd:
    'Accurate to rounding: the package autograd takes the place of numpy, records the operations of the loss and applies the chain rule to them.',
  'complex step':
    'Accurate to rounding: the loss is evaluated once for each coordinate, with a tiny imaginary part added to it. The imaginary part of the result gives the derivative.',
};

/** In plain words, how a gradient is computed. @param by  what computes an exact one; null if Adamscope itself does */
export function explainGradient(method: GradientMethod, by: string | null): string {
  return (method === 'exact' && by !== null && ways[by]) || explanations[method];
}
