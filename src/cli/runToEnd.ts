import type { RunConfigPatch } from '../core/config/runConfig';
import type { DiagnosisLevel } from '../core/diagnosis/diagnose';
import type { Finding } from '../core/diagnosis/finding';
import type { DifferenceAccuracy } from '../core/gradient/differenceAccuracy';
import { keyframeBudget } from '../core/keyframePlan';
import type { Verdict } from '../core/verdict/verdict';
import type { SearchBudget, SearchReport } from '../core/verify/search/searchBudget';
import type { LossDeclaration } from '../loss/declaration';
import type { LossEnvironment } from '../loss/environment';
import type { Plan } from '../loss/plan';
import type { LossProblem } from '../loss/problem';
import type { JobLimits } from '../protocol/jobProcess';
import type { OutcomeMessage } from '../protocol/worker';
import { RunJob } from '../runner/runJob';
import type { RunRecord } from '../runs/runRecord';
import type { OpenedRun, RunEnd } from '../runs/stepSource';
import { BadInput } from './badInput';
import { display } from './findLosses';
import { interruption, whileInterruptible } from './interruption';
import { jobs } from './jobs';
import type { OutFile } from './outFile';
import { placedFinding, printedFix } from './placedFinding';
import { placedProblems } from './placedProblems';
import { sentences } from './prepare';
import type { StepsFile } from './stepsFile';
import { type VerifiedResults, verified } from './verify';
import { warn } from './warn';

/** The loss to run and the options of the run. */
export interface RunToEnd {
  readonly declaration: LossDeclaration;
  readonly plan: Plan;
  /** The configuration layers that override the annotation. */
  readonly above: readonly RunConfigPatch[];
  readonly limits: JobLimits;
  readonly diagnosis?: DiagnosisLevel;
  /** Whether fixes are tried before they are reported. */
  readonly verify: boolean;
  /** The limits of the search for fixes; null for no search. */
  readonly budget: SearchBudget | null;
  readonly stepsFile?: StepsFile;
  readonly outFile?: OutFile;
  /** Whether the caller prints a warning itself; absent: it prints none. */
  readonly prints?: (problem: LossProblem) => boolean;
}

export interface EndedRun {
  /** null if the run did not begin. */
  readonly report: RunReport | null;
  readonly end: RunEnd;
}

export type RunReport = ReturnType<typeof reportOf>;

/**
 * Runs a loss from start to end, or until Ctrl-C. Prints the console output of the loss, and warnings, to
 * stderr.
 *
 * Errors of the loss are returned in `end.problems`.
 *
 * @throws BadInput if the steps cannot be written
 */
export async function runToEnd(request: RunToEnd): Promise<EndedRun> {
  const { plan, limits, diagnosis, stepsFile, outFile, verify } = request;
  const kept = outFile?.listener;
  for (const problem of plan.problems) if (problem.severity === 'warning') warn(sentences([problem]));
  const startedAt = performance.now();
  let loaded: OpenedRun | undefined;
  let found: readonly Finding[] = [];
  let accuracy: DifferenceAccuracy | null = null;
  let environment: LossEnvironment | null = null;
  const warnings: LossProblem[] = [];
  const run = new RunJob(jobs, {
    source: plan.source,
    config: plan.config,
    limits,
    ...(diagnosis ? { diagnosis } : {}),
    ...(outFile ? { keyframeBudget } : {}),
    ...(stepsFile ? { recordBudget: Number.POSITIVE_INFINITY } : {}),
  });
  run.open({
    onOpened: (what) => {
      loaded = what;
      kept?.onOpened(what);
    },
    onGradientMode: (gradientMode) => {
      loaded = { ...loaded!, gradientMode };
      kept?.onGradientMode(gradientMode);
    },
    onDifferenceAccuracy: (measured) => {
      accuracy = measured;
      kept?.onDifferenceAccuracy(measured);
    },
    onEnvironment: (of) => {
      environment = of;
      kept?.onEnvironment(of);
    },
    onLrChange: (t, lr) => kept?.onLrChange(t, lr),
    onRecord(data, offset) {
      outFile?.append(data, offset);
      stepsFile?.write(loaded!.layout, data, offset);
      if (stepsFile?.failure ?? outFile?.failure) run.close();
    },
    onSample: (sample) => kept?.onSample(sample),
    onKeyframe: (keyframe) => kept?.onKeyframe(keyframe),
    onFindings: (findings) => {
      found = findings;
      kept?.onFindings(findings);
    },
    onConsole: (lines) => console.error(lines.join('\n')),
    onWarning: (problem) => {
      warnings.push(problem);
      kept?.onWarning(problem);
      if (!request.prints?.(problem)) warn(sentences([problem]));
    },
  });
  const end = await whileInterruptible(run.ended, () => run.close());
  stepsFile?.close();
  if (stepsFile?.failure) throw new BadInput(stepsFile.failure);
  const elapsedMs = performance.now() - startedAt;
  const { outcome } = end;
  const results =
    verify && loaded && outcome && canBeVerified(end)
      ? await verified(found, outcome.verdict, { ...request, texts: loaded.texts })
      : null;
  await outFile?.end(end, interruption.aborted, results ? verifiedParts(end, results) : {});
  if (outFile?.failure) throw new BadInput(outFile.failure);
  const report =
    loaded && outcome
      ? reportOf(
          request,
          { loaded, outcome, accuracy, environment, findings: found, ...results, elapsedMs },
          [...warnings, ...end.problems],
        )
      : null;
  return { report, end };
}

/** What the verification of fixes changes in the record of a run. */
function verifiedParts({ outcome }: RunEnd, { findings, verdict }: VerifiedResults): Partial<RunRecord> {
  return { findings, verification: 'done', outcome: outcome && { ...outcome, verdict } };
}

/**
 * Whether the fixes of a run can be verified: the user did not stop it, and its only problems are errors that
 * the loss threw. A run that exceeded a limit is excluded, because the baseline run would exceed it again.
 */
function canBeVerified({ outcome, problems }: RunEnd): boolean {
  return outcome?.stopped !== 'user' && problems.every(({ code }) => code === 'loss-threw');
}

interface Ran {
  readonly loaded: OpenedRun;
  readonly outcome: OutcomeMessage;
  readonly accuracy: DifferenceAccuracy | null;
  readonly environment: LossEnvironment | null;
  readonly findings: readonly Finding[];
  readonly verdict?: Verdict;
  readonly refusal?: string | null;
  readonly search?: SearchReport | null;
  readonly elapsedMs: number;
}

/** The report that `run --json` prints. */
function reportOf(
  { declaration, plan: { source, config }, above }: RunToEnd,
  {
    loaded,
    outcome,
    accuracy,
    environment,
    findings,
    verdict = outcome.verdict,
    refusal = null,
    search = null,
    elapsedMs,
  }: Ran,
  problems: readonly LossProblem[],
) {
  return {
    loss: { file: display(source.file), name: source.lossName, dim: loaded.start.length },
    config: { ...config, names: config.names ?? loaded.names ?? null, start: loaded.start },
    gradientMode: loaded.gradientMode,
    ...(accuracy ? { differenceAccuracy: accuracy } : {}),
    ...(environment ? { environment } : {}),
    steps: outcome.steps,
    stopped: outcome.stopped,
    final: outcome.final,
    best: outcome.best,
    verdict: { ...verdict, fixes: verdict.fixes.map(printedFix), refusal },
    findings: findings.map((finding) => placedFinding(finding, declaration, above)),
    search,
    problems: placedProblems(problems),
    elapsedMs,
  };
}
