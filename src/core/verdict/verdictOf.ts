import type { Direction } from '../ascent';
import type { DiagnosisCode } from '../diagnosis/catalogue';
import type { Finding } from '../diagnosis/finding';
import { isCut, lacksTerm } from '../diagnosis/lacksTerm';
import type { RunEnd } from '../ending/runEnd';
import type { RunOutcome } from '../runLoop';
import { kindOf } from './judgeEnd';
import type { Verdict } from './verdict';
import { verdictInWords } from './verdictWords';

/** A finding whose last step is after this share of the steps lasted until the end. */
const untilEnd = 0.95;

/**
 * The verdict on a run, from the evidence at its end and its findings.
 *
 * @param direction  -1: end, outcome and findings are those of the negated objective
 */
export function verdictOf(
  end: RunEnd,
  outcome: RunOutcome,
  findings: readonly Finding[],
  direction: Direction = 1,
): Verdict {
  const has = (code: DiagnosisCode) => findings.some((finding) => finding.code === code);
  const isLasting = (code: DiagnosisCode, kind?: string) =>
    findings.some(
      (finding) =>
        finding.code === code &&
        (kind === undefined || finding.evidence.class === kind) &&
        finding.steps[1] >= untilEnd * end.steps,
    );
  const saddle = isLasting('plateau', 'saddle');
  const heldByDecay = has('weight-decay-dominates');
  // Where a wrong gradient is small, the loss need not have a minimum.
  const isMismatched = findings.some(
    ({ code, severity }) => code === 'gradient-mismatch' && severity === 'error',
  );
  const found = {
    // A loss function that grows with the step is no divergence of the parameters.
    divergence: has('divergence') && !end.isAtMinimumOfStep,
    nonFinite: has('non-finite-loss') || has('non-finite-gradient'),
    unbounded: has('unbounded-loss'),
    saddle,
    oscillation: isLasting('oscillation'),
    heldByDecay,
    epsStall: isLasting('plateau', 'eps-stall'),
    saturation: has('saturation'),
    // A run that moves on at its rate is not held, however far away the minimum is.
    heldByScale: end.oddScale?.kind === 'short' && !end.tail?.isFalling,
    lacksTerm: lacksTerm(findings),
    stoppedWhileImproving: has('stopped-while-improving'),
  };
  // The search followed another gradient than the run, so it only confirms where the run has arrived.
  const judged = kindOf(isMismatched ? { ...end, polished: null, lowerElsewhere: null } : end, found);
  const isConfirmed = end.polished !== null && kindOf(end, found) === 'converged';
  // Where the derivative of a parameter is cut, a small gradient shows no minimum.
  const isBlind = judged === 'converged' && findings.some(isCut);
  const isUnproven = judged === 'converged' && (isBlind || (isMismatched && !isConfirmed));
  const unproven = isMismatched && end.tail?.isFalling ? 'still-improving' : 'stalled';
  return verdictInWords(isUnproven ? unproven : judged, {
    end,
    outcome,
    isAtSaddle: saddle,
    isHeldByDecay: heldByDecay,
    lacksTerm: isBlind || lacksTerm(findings),
    isMismatched,
    direction,
  });
}
