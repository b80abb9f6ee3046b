import type { Finding } from './finding';

/**
 * Whether the gradient lacks a term of the loss: then a configuration cannot help, and a local search proves nothing. A term that
 * changes in jumps was found, or the gradient of a parameter is 0 because an operation removes its derivative.
 */
export function lacksTerm(findings: readonly Finding[]): boolean {
  return findings.some(
    (finding) => (finding.code === 'piecewise-constant' && finding.severity !== 'info') || isCut(finding),
  );
}

/** Whether a parameter without a gradient affects the loss: the loss was seen to change with it, or the operation is known. */
export function isCut({ code, evidence, origin }: Pick<Finding, 'code' | 'evidence' | 'origin'>): boolean {
  return code === 'zero-gradient' && ('changeAbove' in evidence || origin?.kind === 'cut-derivative');
}
