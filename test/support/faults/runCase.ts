import { type Finding, messageOf } from '../../../src/core/diagnosis/finding';
import type { Severity } from '../../../src/core/diagnosis/severity';
import type { SourceLocation } from '../../../src/core/sourceLocation';
import { recordOffset, recordPlaces } from '../../../src/core/trace/layout';
import type { Verdict } from '../../../src/core/verdict/verdict';
import type { LossDeclaration } from '../../../src/loss/declaration';
import { placeOfFinding } from '../../../src/loss/places/placeOfFinding';
import { planRun } from '../../../src/loss/plan';
import { ActiveAnalysis } from '../../../src/runner/activeAnalysis';
import { RunJob } from '../../../src/runner/runJob';
import type { OpenedRun } from '../../../src/runs/stepSource';
import { expectTrueToRecord, type RunFacts } from '../findingFacts';
import { expectWellWorded } from '../findingWords';
import { jobs } from '../startRun';
import type { FaultCase } from './cases';

/** A finding as shown to a user. */
export interface Found {
  /** The code, for a plateau with its class, `plateau:saddle`. It may be a code that no label uses. */
  readonly code: string;
  readonly severity: Severity;
  readonly location: SourceLocation;
  readonly message: string;
}

/** What a run of a case showed. */
export interface CaseRun {
  readonly found: readonly Found[];
  /** null for the check of an optimizer, which has none. */
  readonly verdict: Verdict | null;
}

const limits = { evaluationTimeoutMs: 30_000, memoryLimitMb: 2048 };

/**
 * Runs a case in a real process with its annotation.
 *
 * @param python  the path of the interpreter of a Python case
 * @throws Error if the run could not start, or did not reach its end
 */
export async function runCase(
  { name, declaration, isStep }: FaultCase,
  python: string | null = null,
): Promise<CaseRun> {
  const { config, source, problems } = planRun(
    declaration,
    { below: [], above: [] },
    [],
    python === null ? null : { path: python, foundBy: 'the tests' },
  );
  if (problems.length > 0) throw new Error(`${name}: ${messagesOf(problems)}`);
  const request = { source, limits };
  if (isStep) {
    const job = { kind: 'optimizerStep', config } as const;
    const end = await new ActiveAnalysis(jobs, { ...request, job }, () => {}).ended;
    if (end.kind !== 'done')
      throw new Error(`${name}: ${end.kind === 'failed' ? messagesOf(end.problems) : end.kind}`);
    const found = (end.report.findings ?? []).map((finding) => foundOf(finding, declaration));
    return { found, verdict: null };
  }
  let findings: readonly Finding[] = [];
  const run = new RunJob(jobs, { ...request, config });
  const record = new CaseRecord(config.steps);
  run.open({
    onOpened: (opened) => record.onOpened(opened),
    onRecord: (data, offset) => record.onRecord(data, offset),
    onFindings: (found) => {
      findings = found;
    },
  });
  const end = await run.ended;
  if (end.problems.length > 0) throw new Error(`${name}: ${messagesOf(end.problems)}`);
  for (const finding of findings) expectTrueToRecord(finding, record);
  return {
    found: findings.map((finding) => foundOf(finding, declaration)),
    verdict: end.outcome?.verdict ?? null,
  };
}

/** The losses and the parameters that a run records. */
class CaseRecord implements RunFacts {
  readonly losses: number[] = [];
  readonly lastStep: number;
  #opened: OpenedRun | null = null;
  #points: number[][] = [];

  constructor(lastStep: number) {
    this.lastStep = lastStep;
  }

  onOpened(opened: OpenedRun): void {
    this.#opened = opened;
    this.#points = [opened.layout.coordinates.map((i) => opened.start[i]!)];
  }

  onRecord(data: Float64Array, offset: number): void {
    const { layout } = this.#opened!;
    const params = offset + recordOffset(layout, 'params');
    this.losses.push(data[offset + recordPlaces.loss]!);
    this.#points.push([...data.subarray(params, params + layout.coordinates.length)]);
  }

  path(i: number): readonly number[] | null {
    const k = this.#opened!.layout.coordinates.indexOf(i);
    return k < 0 ? null : this.#points.map((point) => point[k]!);
  }
}

function foundOf(finding: Finding, declaration: LossDeclaration): Found {
  expectWellWorded(finding);
  const { code, severity, evidence } = finding;
  return {
    code: code === 'plateau' ? `plateau:${evidence.class}` : code,
    severity,
    message: messageOf(finding),
    location: placeOfFinding(finding, declaration, []),
  };
}

function messagesOf(problems: readonly { readonly message: string }[]): string {
  return problems.map(({ message }) => message).join('; ');
}
