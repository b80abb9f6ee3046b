import type { GradientMode, RunConfig } from '../../core/config/runConfig';
import { withGradientChecks } from '../../core/diagnosis/checks/gradientChecks';
import type { VerificationSetting } from '../../core/verify/verifyFixes';
import { verifyFixes } from '../../core/verify/verifyFixes';
import type { LossAtWork } from '../lossAtWork';
import { JobFailure } from '../problems';
import { startOf, validationOf } from '../userLoss';
import { progressTo } from './analyse';
import type { JobOf, Setting } from './job';

type Gradients = Pick<LossAtWork, 'objective' | 'rewritten'>;

/** Tries the fixes of findings, and tells of each one as it is known. */
export async function verify(setting: Setting, { config, findings }: JobOf<'verify'>): Promise<void> {
  const { source, module, control, post } = setting;
  const start = startOf(module, source, config);
  const loaded = new Map<GradientMode, Promise<Gradients | null>>([
    [config.gradientMode, Promise.resolve(setting)],
  ]);
  const gradientsOf = (mode: GradientMode) => {
    const known = loaded.get(mode) ?? setting.withGradientMode(mode).catch(nothingFor(JobFailure));
    loaded.set(mode, known);
    return known;
  };
  const result = await verifyFixes(
    {
      start,
      validation: validationOf(setting, config),
      async objective(tried, report) {
        const gradients = await gradientsOf(tried.gradientMode);
        if (!gradients) return null;
        const objective = gradients.objective(start.length);
        if (!report) return objective;
        const exact = secondOpinion(gradients, setting, tried, start.length);
        return withGradientChecks({ objective, config: tried, exact, report });
      },
      progress: progressTo(post, control),
      known: (fixes) => post({ type: 'tried', fixes }),
    } satisfies VerificationSetting,
    config,
    findings,
  );
  post({ type: 'verified', ...result });
}

/** What a gradient that the user gives is held against. */
function secondOpinion({ rewritten }: Gradients, { source }: Setting, config: RunConfig, dim: number) {
  const isGiven = source.gradientExport !== null && config.gradientMode !== 'exact';
  return isGiven && rewritten ? rewritten.objective(dim) : null;
}

function nothingFor(expected: new (...args: never[]) => Error) {
  return (error: unknown): null => {
    if (error instanceof expected) return null;
    throw error;
  };
}
