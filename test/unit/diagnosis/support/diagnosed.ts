import { batchesOf } from '../../../../src/core/batches';
import { resolveConfig } from '../../../../src/core/config/resolve';
import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import type { DiagnosisCode } from '../../../../src/core/diagnosis/catalogue';
import { Diagnosis } from '../../../../src/core/diagnosis/diagnose';
import type { Finding } from '../../../../src/core/diagnosis/finding';
import { type RunObserver, type RunOutcome, run } from '../../../../src/core/run';
import type { Problem } from './problems';

export interface Diagnosed {
  readonly findings: readonly Finding[];
  readonly outcome: RunOutcome;
  readonly version: number;
  of(code: DiagnosisCode): Finding | undefined;
  /** `code` or, for a plateau, `plateau:class`. */
  readonly labels: readonly string[];
  /** Of severity warning or error. */
  readonly alarms: readonly Finding[];
}

/** Runs the layers over the defaults with a diagnosis watching. */
export async function diagnosed(
  { objective, start }: Problem,
  layers: readonly RunConfigPatch[],
  also?: RunObserver,
): Promise<Diagnosed> {
  const { config, problems } = resolveConfig(layers);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  const { stepsPerEpoch } = batchesOf(config.samples, config.batch, config.seed);
  const diagnosis = new Diagnosis({ config, dim: objective.dim, stepsPerEpoch });
  const outcome = await run({
    objective,
    start: Float64Array.from(start),
    config,
    validation: null,
    control: { mayStep: () => true, lr: () => Number.NaN },
    observer: {
      onStep(step) {
        diagnosis.onStep(step);
        also?.onStep(step);
      },
    },
  });
  diagnosis.finish(outcome);
  const { findings, version } = diagnosis;
  return {
    findings,
    outcome,
    version,
    of: (code) => findings.find((finding) => finding.code === code),
    labels: findings.map(label),
    alarms: findings.filter(({ severity }) => severity !== 'info'),
  };
}

export function label({ code, evidence }: Finding): string {
  return code === 'plateau' ? `plateau:${evidence.class}` : code;
}
