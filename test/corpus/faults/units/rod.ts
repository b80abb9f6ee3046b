/** The heat in a rod, by explicit steps that are stable only for a small diffusivity. */
const measured = [0.8, 0.66, 0.56, 0.49, 0.43, 0.385];

/**
 * Finds: divergence at «lr=0.001»
 * Silent: plateau:flat-valley; plateau:converged; instability-at-start
 * Verdict: diverged
 * Because: the first step is 100 times the diffusivity, and the explicit scheme is unstable above 5e-5: the loss leaps from 0.757 to
 * 2e81 and more. It meets its starting value for two steps at step 47, on the way through 0, and then grows to 5e114.
 *
 * @loss
 * @start alpha=1e-5 source=2e4
 * @optimizer adam lr=0.001
 * @steps 1000
 */
export function crossesItsStart({ alpha, source }: { alpha: number; source: number }): number {
  let heat = Array.from({ length: 10 }, (_, i) => Math.sin((Math.PI * (i + 1)) / 11));
  let error = 0;
  for (const value of measured) {
    for (let n = 0; n < 5; n++)
      heat = heat.map(
        (each, i) => each + alpha * 1e4 * ((heat[i - 1] ?? 0) - 2 * each + (heat[i + 1] ?? 0)) + 1e-7 * source,
      );
    error += (heat[4]! - value) ** 2;
  }
  return error;
}
