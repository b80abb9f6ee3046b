import { changed } from '../analysis/recordedRun';
import { baseLr } from '../config/readOptions';
import type { RunConfig } from '../config/runConfig';
import type { Finding, Fix } from '../diagnosis/finding';
import { decayFromFix } from '../diagnosis/fixes';
import type { Severity } from '../diagnosis/severity';
import { agreesUntil } from './agreement';

/** Of a run so many candidates are tried: with the unchanged twin, 13 runs. */
export const mostCandidates = 12;

/** A configuration to try, for every fix that leads to it. */
export interface Candidate {
  readonly config: RunConfig;
  /** Steps that it shares with the unchanged run. */
  readonly agreesUntil: number;
}

/** The fixes of one finding, each with the configuration that it makes. */
export interface Proposal {
  readonly finding: Finding;
  readonly fixes: readonly { readonly fix: Fix; readonly candidate: Candidate }[];
}

const order: { readonly [S in Severity]: number } = { error: 0, warning: 1, info: 2 };

/** What is to be tried for a run. */
export interface TrialPlan {
  /** In the order in which they are tried. */
  readonly candidates: readonly Candidate[];
  /** One a finding, in the order of the findings. */
  readonly proposals: readonly Proposal[];
}

/**
 * What is to be tried for the findings of a run: their own fixes, and a late decay where it makes sense. Fixes that lead to the
 * same configuration share a candidate. The most severe findings come first; what is beyond `mostCandidates` is left out.
 */
export function planOf(config: RunConfig, findings: readonly Finding[]): TrialPlan {
  const known = new Map<string, Candidate>();
  const unchanged = JSON.stringify(config);
  const candidateOf = (fix: Fix): Candidate | null => {
    const fixed = changed(config, fix.patch);
    // Fewer steps would not be compared with the same right, more would cost more than was asked for.
    if (fixed === null || fixed.steps !== config.steps) return null;
    const key = JSON.stringify(fixed);
    if (key === unchanged) return null;
    const same = known.get(key);
    if (same || known.size === mostCandidates) return same ?? null;
    const candidate = { config: fixed, agreesUntil: agreesUntil(config, fixed) };
    known.set(key, candidate);
    return candidate;
  };
  const proposals: Proposal[] = [];
  const bySeverity = [...findings.entries()].sort(
    ([i, a], [j, b]) => order[a.severity] - order[b.severity] || i - j,
  );
  for (const [index, finding] of bySeverity) {
    const fixes = [...finding.fixes, ...lateDecay(config, finding)].flatMap((fix) => {
      const candidate = candidateOf(fix);
      return candidate ? [{ fix, candidate }] : [];
    });
    proposals[index] = { finding, fixes };
  }
  return { candidates: [...known.values()], proposals };
}

/**
 * Where a smaller learning rate is worth a try and the trouble begins in the last two thirds of a run without a schedule, one
 * that gets smaller a little (a tenth of the way) before is, too: up to there the run was good.
 */
function lateDecay(config: RunConfig, { steps: [from], fixes }: Finding): Fix[] {
  if (config.schedule !== null || from <= config.steps / 3) return [];
  const isSmallerLr = ({ patch }: Fix) =>
    patch.optimizer?.name === undefined && (patch.optimizer?.lr as number) < baseLr(config);
  return fixes.some(isSmallerLr) ? [decayFromFix(Math.floor(0.9 * from))] : [];
}
