import { wide } from '../gradient/allowance';

/** The coordinates of a run that a symmetry of the loss, or factors that are 0, may have kept from moving freely. */
export interface Symmetric {
  /** Those that have never moved and have no gradient. */
  readonly unmoved: readonly number[];
  /** Those that moved, each equal to another one from the start to the end. */
  readonly equal: readonly number[];
}

/** Coordinates that are equal but for the order of summation differ by a smaller share of the largest one. */
const rounding = 1e-9;

/**
 * @param start   theta_0, shape [dim]
 * @param params  theta_T, shape [dim]
 * @param grad    the gradient at theta_T, shape [dim]
 * @param scale   the size of the parameters
 */
export function symmetricCoordinates(
  start: Float64Array,
  params: Float64Array,
  grad: Float64Array,
  scale: number,
): Symmetric {
  const unmoved: number[] = [];
  const byStart = new Map<number, number[]>();
  // Of very many coordinates, some are equal by chance, and comparing them takes time.
  const isFew = params.length <= wide;
  for (let i = 0; i < params.length; i++) {
    if (params[i] === start[i]) {
      if (grad[i] === 0) unmoved.push(i);
    } else if (isFew) {
      const alike = byStart.get(start[i]!);
      if (alike) alike.push(i);
      else byStart.set(start[i]!, [i]);
    }
  }
  const equal: number[] = [];
  for (const alike of byStart.values()) {
    alike.sort((a, b) => params[a]! - params[b]!);
    const isNext = (k: number) => Math.abs(params[alike[k + 1]!]! - params[alike[k]!]!) <= rounding * scale;
    for (let k = 0; k < alike.length; k++)
      if ((k > 0 && isNext(k - 1)) || (k + 1 < alike.length && isNext(k))) equal.push(alike[k]!);
  }
  return { unmoved, equal: equal.sort((a, b) => a - b) };
}
