import { directionOf, turnedOutcome } from '../ascent';
import type { Fix, FixOutcome } from '../diagnosis/finding';
import { areAlike } from './areAlike';
import type { Candidate, Proposal, ProposedFix } from './candidates';
import type { EditTrial } from './editTrial';
import { aimOf, counterpart } from './fixTarget';
import { asMeasured, type Comparison, ranked, refusalOf } from './judge';
import { sizeOfChange } from './search/configDifference';
import {
  boundlessSentence,
  endedOtherwise,
  fixWords,
  limitOf,
  notSeenAgain,
  outcomeSentence,
  refusalSentence,
} from './titles';
import type { Judged } from './verification';
import type { Trial } from './watcher';

/** At most this many fixes are offered for a finding. */
const mostOffered = 3;

/** A trial; of an edit, with what its comparison must know. */
export type Tried = { readonly trial: Trial } & Partial<EditTrial> & Pick<Comparison, 'isIsolated'>;

/** A fix with which the loss of the user's own program decreases without a lower bound; null if there is none. */
export function boundlessFix(
  fixes: readonly ProposedFix[],
  tried: ReadonlyMap<Candidate, Tried>,
): Fix | null {
  const isBoundless = ({ candidate }: ProposedFix) =>
    candidate.edit === null && tried.get(candidate)?.trial.verdict.kind === 'unbounded';
  return fixes.find(isBoundless)?.fix ?? null;
}

/**
 * The fixes of a proposal that help, best first. If none helps, the reason.
 *
 * @param boundless  see `boundlessFix`: of a loss without a bound, a lower value is no better, so only fixes of errors can help
 */
export function judgeProposal(
  { target: reported, fixes }: Proposal,
  baseline: Trial,
  tried: ReadonlyMap<Candidate, Tried>,
  startLoss: number,
  boundless: Fix | null,
): Judged {
  const target = counterpart(baseline, reported);
  if (!target) {
    const why = reported.kind === 'verdict' ? endedOtherwise : notSeenAgain;
    return { fixes: [], refusal: fixes.length > 0 ? why : null };
  }
  if (boundless && aimOf(target) !== 'survive')
    return { fixes: [], refusal: boundlessSentence(boundless, baseline.config.maximize) };
  const compared = fixes.flatMap(({ fix, candidate, isFound = false }) => {
    const known = tried.get(candidate);
    return known ? [{ fix, isFound, comparison: { target, baseline, startLoss, ...known } }] : [];
  });
  const refusals = compared.map(({ comparison }) => refusalOf(comparison));
  const helping = compared.filter((_, i) => refusals[i] === null);
  const refused = refusals.filter((refusal) => refusal !== null);
  return {
    fixes: ranked(helping, {
      count: mostOffered,
      sizeOfChange: ({ fix }) => sizeOfChange(fix, baseline.config),
      areAlike: (one, other) => areAlike(one.fix, other.fix),
      // The remedy for the cause of a finding: its advice names it.
      isWanted: ({ isFound }) => reported.kind === 'finding' && !isFound,
    }).map(({ fix, comparison }) => verifiedFix(fix, comparison)),
    refusal:
      helping.length > 0 || refused.length === 0 ? null : refusalSentence(refused, baseline.config.maximize),
  };
}

function verifiedFix(fix: Fix, comparison: Comparison): Fix {
  const verified = { before: fixOutcome(comparison.baseline), after: fixOutcome(asMeasured(comparison)) };
  const limit = limitOf(fix, comparison);
  const words = { ...fixWords(fix.title, comparison), ...(limit !== undefined && { limit }) };
  const title = `${fix.title}: ${outcomeSentence(words)}`;
  return { ...fix, title, verified, words };
}

function fixOutcome({ outcome, config }: Trial): FixOutcome {
  const { final, best, steps, stopped } = turnedOutcome(outcome, directionOf(config));
  return { loss: final.loss, bestLoss: best.loss, steps, stopped };
}
