import type { OptimizerConfig } from '../../../config/runConfig';
import { type MakeStep, referenceStep } from '../stepper';
import type { Slip, SlipCode } from './slip';

type Change = (grad: Float64Array) => Float64Array;

const norm = (grad: Float64Array) => Math.hypot(...grad);
const clips = [0.1, 0.5, 1, 5, 10];

/** A gradient that is changed before the step, although the reference uses it as it is. */
export function gradientSlips(reference: OptimizerConfig): Slip[] {
  const step = referenceStep(reference);
  const changing =
    (change: Change): MakeStep =>
    (dim) => {
      const plain = step(dim);
      return (params, grad, t) => plain(params, change(grad), t);
    };
  const slip = (code: SlipCode, says: string, change: Change): Slip => ({
    code,
    says: `${says}: the reference does not change it`,
    kind: 'option',
    make: changing(change),
  });
  return [
    ...clips.flatMap((limit) => [
      slip('gradient-clipped', `every entry of the gradient is clipped to [−${limit}, ${limit}]`, (grad) =>
        grad.map((g) => Math.min(limit, Math.max(-limit, g))),
      ),
      slip('gradient-clipped', `the norm of the gradient is clipped to ${limit}`, (grad) => {
        const factor = Math.min(1, limit / norm(grad));
        return norm(grad) === 0 ? grad : grad.map((g) => g * factor);
      }),
      // torch.nn.utils.clip_grad_norm_ adds 1e-6 to the norm.
      slip('gradient-clipped', `the norm of the gradient is clipped to ${limit}`, (grad) => {
        const factor = Math.min(1, limit / (norm(grad) + 1e-6));
        return grad.map((g) => g * factor);
      }),
    ]),
    slip('gradient-normalized', 'the gradient is divided by its norm', (grad) => {
      const length = norm(grad);
      return grad.map((g) => g / length);
    }),
    slip('gradient-normalized', 'the gradient is divided by its norm', (grad) => {
      const length = norm(grad) || 1;
      return grad.map((g) => g / length);
    }),
    slip('gradient-scaled', 'the gradient is divided by the number of parameters', (grad) =>
      grad.map((g) => g / grad.length),
    ),
    slip('gradient-scaled', 'the gradient is multiplied by 2', (grad) => grad.map((g) => 2 * g)),
    slip('gradient-scaled', 'the gradient is divided by 2', (grad) => grad.map((g) => g / 2)),
  ];
}
