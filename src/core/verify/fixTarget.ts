import type { Finding } from '../diagnosis/finding';
import type { Verdict, VerdictKind } from '../verdict/verdict';
import { type Aim, aimOfCode, type Now, sizeOf } from './aims';
import { finalLossOf, type Trial } from './watcher';

/** What fixes are tried for: a finding, or the verdict on the run as a whole. */
export type FixTarget =
  | { readonly kind: 'finding'; readonly finding: Finding }
  | { readonly kind: 'verdict'; readonly verdict: Verdict };

/**
 * What the current configuration leads to, for the verdicts that get fixes of their own: "still decreases at", followed by
 * the final loss of the baseline run. Their fixes must lower the loss. A converged run needs none, an unbounded loss has no minimum,
 * and what diverged or broke is described by a finding, which has the fixes.
 */
const endings: { readonly [K in VerdictKind]: string | null } = {
  converged: null,
  'still-improving': 'still decreases at',
  stalled: 'stops at',
  unstable: 'ends at',
  diverged: null,
  broken: null,
  unbounded: null,
};

export function findingTarget(finding: Finding): FixTarget {
  return { kind: 'finding', finding };
}

/** The target of a verdict; null if fixes are not tried for this kind, or no configuration reaches what the loss asks for. */
export function verdictTarget(verdict: Verdict | null): FixTarget | null {
  if (verdict?.evidence.saturation === 'out-of-reach') return null;
  return verdict && endings[verdict.kind] !== null ? { kind: 'verdict', verdict } : null;
}

export function aimOf(target: FixTarget): Aim {
  return target.kind === 'finding' ? aimOfCode(target.finding.code).aim : 'lower';
}

/** What the current configuration leads to. */
export function nowOf(target: FixTarget, baseline: Trial): Now {
  if (target.kind === 'finding') return aimOfCode(target.finding.code).now(target.finding, baseline);
  // The verdict is about the training loss, and early stopping may end a run at a rise.
  const isPlain = baseline.config.validation !== null || baseline.outcome.stopped === 'earlyStopping';
  const words = !isPlain ? endings[target.verdict.kind]! : 'ends at';
  return {
    words: baseline.config.maximize ? words.replace('decreases', 'increases') : words,
    loss: finalLossOf(baseline),
  };
}

/** Whether the run failed: other warnings then count less. */
export function isError(target: FixTarget): boolean {
  return target.kind === 'finding' && target.finding.severity === 'error';
}

/**
 * What corresponds to the target in the baseline run: a finding with the same code and the nearest first step, or a
 * verdict that gets fixes. null if there is nothing.
 */
export function counterpart(baseline: Trial, target: FixTarget): FixTarget | null {
  if (target.kind === 'verdict') return verdictTarget(baseline.verdict);
  const { code, steps } = target.finding;
  const apart = (other: Finding) => Math.abs(other.steps[0] - steps[0]);
  const nearest = baseline.findings
    .filter((other) => other.code === code)
    .reduce<Finding | null>((near, each) => (near && apart(near) <= apart(each) ? near : each), null);
  return nearest && findingTarget(nearest);
}

/** Whether the target of the baseline run is gone, or has at most this share of its size. */
export function isRemoved(target: FixTarget, trial: Trial, share: number): boolean {
  if (target.kind === 'verdict') return trial.verdict.kind !== target.verdict.kind;
  const left = largest(trial, target.finding.code);
  return !left || sizeOf(left) <= share * sizeOf(target.finding);
}

/** The finding with a code. If there are several and the code has a size, the largest one. */
export function largest({ findings }: Trial, code: Finding['code']): Finding | undefined {
  const found = findings.filter((finding) => finding.code === code);
  return found.reduce<Finding | undefined>(
    (most, each) => (most && !(sizeOf(each) > sizeOf(most)) ? most : each),
    undefined,
  );
}
