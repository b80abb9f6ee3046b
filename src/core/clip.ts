import type { ClipConfig } from './config/runConfig';

/**
 * Clips the gradient in place, as torch.nn.utils.clip_grad_norm_ and clip_grad_value_ do.
 *
 *   norm:   g *= min(1, maxNorm / (‖g‖ + 1e-6))
 *   value:  g_i = min(max(g_i, −limit), limit)
 *
 * @param gradNorm  ‖g‖ before clipping
 * @returns the clip factor; 1: nothing was clipped. By norm: the factor above. By value: the largest abs(g_i)
 *   after clipping divided by the largest abs(g_i) before.
 */
export function clipGradient(grad: Float64Array, gradNorm: number, clip: ClipConfig): number {
  if ('norm' in clip) {
    const factor = clip.norm / (gradNorm + 1e-6);
    if (!(factor < 1)) return 1;
    for (let i = 0; i < grad.length; i++) grad[i] = grad[i]! * factor;
    return factor;
  }
  let largest = 0;
  for (let i = 0; i < grad.length; i++) {
    const g = grad[i]!;
    largest = Math.max(largest, Math.abs(g));
    grad[i] = Math.min(Math.max(g, -clip.value), clip.value);
  }
  return largest > clip.value ? clip.value / largest : 1;
}
