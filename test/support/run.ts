import { resolveConfig } from '../../src/core/config/resolve';
import type { RunConfigPatch } from '../../src/core/config/runConfig';
import type { Objective } from '../../src/core/objective';
import { type RunObserver, type RunOutcome, run } from '../../src/core/runLoop';

const free = { mayStep: () => true, lr: () => Number.NaN };

/** Runs `patch` over the defaults, like the annotation of a user. */
export async function runPatch(
  objective: Objective,
  start: readonly number[],
  patch: RunConfigPatch,
  observer: RunObserver = { onStep() {} },
  validation: Objective['value'] | null = null,
): Promise<RunOutcome> {
  const { config, problems } = resolveConfig([patch]);
  if (problems.length > 0) throw new Error(problems.map((problem) => problem.message).join('\n'));
  return run({ objective, start: Float64Array.from(start), config, validation, control: free, observer });
}
