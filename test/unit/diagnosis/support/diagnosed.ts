import { turned } from '../../../../src/core/ascent';
import { batchesOf } from '../../../../src/core/batches';
import { resolveConfig } from '../../../../src/core/config/resolve';
import type { RunConfig, RunConfigPatch } from '../../../../src/core/config/runConfig';
import { contextAt } from '../../../../src/core/context';
import type { DiagnosisCode } from '../../../../src/core/diagnosis/catalogue';
import { Diagnosis } from '../../../../src/core/diagnosis/diagnose';
import type { Finding } from '../../../../src/core/diagnosis/finding';
import { EndWatch } from '../../../../src/core/ending/endWatch';
import type { RunEnd } from '../../../../src/core/ending/runEnd';
import type { Measurements } from '../../../../src/core/measurements';
import type { Objective } from '../../../../src/core/objective';
import { together } from '../../../../src/core/observers';
import { type RunObserver, type RunOutcome, run } from '../../../../src/core/runLoop';
import type { StepView } from '../../../../src/core/update';
import type { Verdict } from '../../../../src/core/verdict/verdict';
import { verdictOf } from '../../../../src/core/verdict/verdictOf';
import { expectTrueToRecord, type RunFacts } from '../../../support/findingFacts';
import { expectWellWorded } from '../../../support/findingWords';
import type { Problem } from './problems';

export interface Diagnosed {
  readonly findings: readonly Finding[];
  readonly outcome: RunOutcome;
  readonly revision: number;
  readonly end: RunEnd;
  readonly verdict: Verdict;
  of(code: DiagnosisCode): Finding | undefined;
  /** `code` or, for a plateau, `plateau:class`. */
  readonly labels: readonly string[];
  /** Findings of severity warning or error. */
  readonly alarms: readonly Finding[];
}

export interface Watching {
  /** Another observer of the run. */
  readonly also?: RunObserver;
  readonly measurements?: Measurements;
  /** Whether the diagnosis may evaluate the loss beside the path. */
  readonly around?: boolean;
  /** Whether the loss takes its second argument. */
  readonly isContextual?: boolean;
  readonly validation?: Objective['value'];
}

/** Runs with these layers over the default configuration, observed by a diagnosis. */
export async function diagnosed(
  { objective, start }: Problem,
  layers: readonly RunConfigPatch[],
  { also = {}, measurements, around = false, isContextual = false, validation }: Watching = {},
): Promise<Diagnosed> {
  const { config, problems } = resolveConfig(layers);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  const batches = batchesOf(config.samples, config.batch, config.seed);
  const open = (t: number, part = batches.indicesOf(t)) => contextAt(config.seed, batches, t, part);
  const diagnosis = new Diagnosis({
    config,
    dim: objective.dim,
    stepsPerEpoch: batches.stepsPerEpoch,
    isContextual,
    ...(measurements ? { measurements } : {}),
    probing: around ? { objective, open, indicesOf: batches.indicesOf } : null,
  });
  const ending = new EndWatch({ config, batches, isContextual, objective: around ? objective : null });
  const record = new StepRecord();
  const outcome = await run({
    objective,
    start: Float64Array.from(config.start ?? start),
    config,
    validation: validation ?? null,
    control: { mayStep: () => true, lr: () => Number.NaN },
    observer: together([ending, diagnosis, record, also]),
  });
  const end = await ending.end(outcome, diagnosis.isLossReliable);
  diagnosis.finish(outcome, end);
  const { findings, revision } = diagnosis;
  for (const finding of findings) {
    expectWellWorded(finding);
    expectTrueToRecord(finding, record.facts(config));
  }
  return {
    findings,
    outcome,
    revision,
    end,
    verdict: verdictOf(end, outcome, findings),
    of: (code) => findings.find((finding) => finding.code === code),
    labels: findings.map(label),
    alarms: findings.filter(({ severity }) => severity !== 'info'),
  };
}

/** Keeps the losses and the parameters of a run. */
class StepRecord implements RunObserver {
  readonly #losses: number[] = [];
  readonly #points: Float64Array[] = [];

  onStep({ loss, before, params }: StepView): void {
    if (this.#points.length === 0) this.#points.push(before.slice());
    this.#losses.push(loss);
    this.#points.push(params.slice());
  }

  facts({ maximize, steps }: RunConfig): RunFacts {
    return {
      losses: this.#losses.map((each) => turned(each, maximize ? -1 : 1)),
      path: (i) => this.#points.map((point) => point[i]!),
      lastStep: Math.max(steps, this.#losses.length),
    };
  }
}

export function label({ code, evidence }: Finding): string {
  return code === 'plateau' ? `plateau:${evidence.class}` : code;
}
