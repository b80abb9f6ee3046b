import { resolveConfig } from '../../../../src/core/config/resolve';
import type { RunConfig, RunConfigPatch } from '../../../../src/core/config/runConfig';
import type { Finding, Fix } from '../../../../src/core/diagnosis/finding';
import type { VerificationSetting } from '../../../../src/core/verify/verificationSetting';
import { verifyFixes } from '../../../../src/core/verify/verifyFixes';
import { diagnosed } from '../../diagnosis/support/diagnosed';
import type { Problem } from '../../diagnosis/support/problems';

export interface Verified {
  readonly config: RunConfig;
  readonly findings: readonly Finding[];
  /** One list per finding. */
  readonly fixes: readonly (readonly Fix[])[];
  readonly isComplete: boolean;
}

/** The findings of a run, with their verified fixes. */
export async function verified(
  problem: Problem,
  layers: readonly RunConfigPatch[],
  also: Partial<VerificationSetting> = {},
): Promise<Verified> {
  const { config } = resolveConfig(layers);
  const { findings } = await diagnosed(problem, layers);
  return { config, findings, ...(await verifyFixes(settingOf(problem, also), config, findings)) };
}

export function settingOf(problem: Problem, also: Partial<VerificationSetting> = {}): VerificationSetting {
  return {
    start: Float64Array.from(problem.start),
    validation: null,
    isContextual: false,
    nameOf: (index) => `theta[${index}]`,
    looksAround: false,
    objective: async () => problem.objective,
    beside: (plain) => plain,
    checked: async (plain) => plain,
    edited: async () => null,
    editsAgainst: () => [],
    progress: { went: () => true },
    known: () => {},
    search: null,
    ...also,
  };
}
