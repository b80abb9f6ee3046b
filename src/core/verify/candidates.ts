import { changed } from '../analysis/recordedRun';
import { baseLr } from '../config/readOptions';
import type { RunConfig } from '../config/runConfig';
import type { Finding, Fix } from '../diagnosis/finding';
import {
  cosineFix,
  decayFromFix,
  type EditProposal,
  earlyStoppingFix,
  lrFix,
  sourceFix,
} from '../diagnosis/fixes';
import type { Severity } from '../diagnosis/severity';
import { roundToDigit } from '../diagnosis/words';
import type { EditKind, SourceEdit } from '../sourceEdit';
import type { Verdict, VerdictKind } from '../verdict/verdict';
import { agreesUntil } from './agreement';
import { aimOfCode } from './aims';
import { type FixTarget, findingTarget, verdictTarget } from './fixTarget';

/** At most this many candidates are tried for a run; with the baseline run, 13 runs. */
export const mostCandidates = 12;

/** A configuration or an edit to try. Several fixes may lead to the same one. */
export interface Candidate {
  readonly config: RunConfig;
  /** null: the program is not changed. */
  readonly edit: SourceEdit | null;
  /** The number of first steps that are identical to those of the baseline run. */
  readonly agreesUntil: number;
}

/** The fixes of a finding or of the verdict, each with its patched configuration. */
export interface Proposal {
  readonly target: FixTarget;
  readonly fixes: readonly ProposedFix[];
}

export interface ProposedFix {
  readonly fix: Fix;
  readonly candidate: Candidate;
  /** Whether the search has found it; otherwise a rule proposes it. */
  readonly isFound?: true;
}

const order: { readonly [S in Severity]: number } = { error: 0, warning: 1, info: 2 };

/** The candidates to try for a run. */
export interface TrialPlan {
  /** In the order of the trials. */
  readonly candidates: readonly Candidate[];
  /** One per finding, in the order of the findings. */
  readonly proposals: readonly Proposal[];
  /** Of the verdict; null if it gets no fixes of its own. */
  readonly ofVerdict: Proposal | null;
  /** The candidates that no finding proposes: they are tried only within the budget of the search. */
  readonly optional: ReadonlySet<Candidate>;
}

/**
 * The candidates for the findings of a run and its verdict: the fixes of the findings, a late decay of lr where it makes
 * sense, and then other learning rates for the verdict. Fixes that lead to the same configuration share a candidate. The most severe findings come first;
 * candidates beyond `mostCandidates` are omitted.
 *
 * @param editsAgainst  the edits of the source that may help against a cause
 */
export function planOf(
  config: RunConfig,
  findings: readonly Finding[],
  verdict: Verdict | null = null,
  editsAgainst: (kind: EditKind) => readonly EditProposal[] = () => [],
): TrialPlan {
  const editFixes = (kinds: readonly EditKind[]) => kinds.flatMap(editsAgainst).map(sourceFix);
  const known = new Map<string, Candidate>();
  const unchanged = JSON.stringify(config);
  const candidateOf = (fix: Fix): Candidate | null => {
    const { edit = null } = fix;
    const fixed = fix.patch ? changed(config, fix.patch) : config;
    // With fewer steps the comparison would not be fair; more steps would cost more than the user asked for.
    if (fixed === null || fixed.steps !== config.steps) return null;
    const key = JSON.stringify(edit ?? fixed);
    if (key === unchanged) return null;
    const same = known.get(key);
    if (same || known.size === mostCandidates) return same ?? null;
    const candidate = { config: fixed, edit, agreesUntil: edit ? 0 : agreesUntil(config, fixed) };
    known.set(key, candidate);
    return candidate;
  };
  const withCandidate = (fix: Fix) => {
    const candidate = candidateOf(fix);
    return candidate ? [{ fix, candidate }] : [];
  };
  const proposals: Proposal[] = [];
  const bySeverity = [...findings.entries()].sort(
    ([i, a], [j, b]) => order[a.severity] - order[b.severity] || i - j,
  );
  for (const [index, finding] of bySeverity) {
    // An operation that is known as the cause has edits of its own.
    const edits = finding.origin ? [] : editFixes(aimOfCode(finding.code).edits ?? []);
    const fixes = [...finding.fixes, ...lateDecay(config, finding), ...edits].flatMap(withCandidate);
    proposals[index] = { target: findingTarget(finding), fixes };
  }
  const target = verdictTarget(verdict);
  const ofVerdict = target && {
    target,
    fixes: [
      ...[...quickFixes(config, verdict!.kind), ...editFixes(['columns', 'kink'])].flatMap(withCandidate),
      ...proposals.flatMap(({ fixes }) => fixes),
    ].filter(({ candidate }, i, all) => all.findIndex((each) => each.candidate === candidate) === i),
  };
  const proposed = new Set(proposals.flatMap(({ fixes }) => fixes.map(({ candidate }) => candidate)));
  const candidates = [...known.values()];
  const optional = new Set(candidates.filter((candidate) => !proposed.has(candidate)));
  return { candidates, proposals, ofVerdict, optional };
}

/** The factors of the learning rate that are tried first for a verdict, after a longer patience. */
const quickFactors: { readonly [K in VerdictKind]?: readonly number[] } = {
  'still-improving': [3, 10],
  stalled: [3, 1 / 3],
  unstable: [1 / 3, 1 / 10],
};

function quickFixes(config: RunConfig, kind: VerdictKind): Fix[] {
  const lr = baseLr(config);
  const rates = lr > 0 ? (quickFactors[kind] ?? []).map((factor) => roundToDigit(factor * lr)) : [];
  return [
    ...(config.earlyStopping ? [earlyStoppingFix(Math.max(10 * config.earlyStopping.patience, 100))] : []),
    ...rates.map((rate) => lrFix(config, rate)),
    ...(config.schedule ? [] : [cosineFix(config)]),
  ];
}

/**
 * A learning rate that decays shortly before the finding begins (a tenth of those steps earlier): the run was
 * good until then. Only where a smaller learning rate is among the fixes, the run has no schedule and the
 * finding begins in the last two thirds of the run.
 */
function lateDecay(config: RunConfig, { steps: [from], fixes }: Finding): Fix[] {
  if (config.schedule !== null || from <= config.steps / 3) return [];
  const isSmallerLr = ({ patch }: Fix) =>
    patch?.optimizer?.name === undefined && (patch?.optimizer?.lr as number) < baseLr(config);
  return fixes.some(isSmallerLr) ? [decayFromFix(Math.floor(0.9 * from))] : [];
}
