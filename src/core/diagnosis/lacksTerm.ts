import type { Finding } from './finding';

/** Whether the gradient lacks a term that changes in jumps: then a configuration cannot help, and a local search proves nothing. */
export function lacksTerm(findings: readonly Finding[]): boolean {
  return findings.some(({ code, severity }) => code === 'piecewise-constant' && severity !== 'info');
}

/**
 * Whether a parameter without a gradient affects the loss: the loss was seen to change with it, or the operation that removes its
 * derivative is known. The other parameters may still move, but the run cannot be at a minimum as far as can be told.
 */
export function isCut({ code, evidence, origin }: Pick<Finding, 'code' | 'evidence' | 'origin'>): boolean {
  return code === 'zero-gradient' && ('changeAbove' in evidence || origin?.kind === 'cut-derivative');
}
