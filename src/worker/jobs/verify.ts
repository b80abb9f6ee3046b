import type { GradientMode, RunConfig } from '../../core/config/runConfig';
import { coordinateNames } from '../../core/coordinateNames';
import { withGradientChecks } from '../../core/diagnosis/probes/gradientChecks';
import type { Objective } from '../../core/objective';
import type { VerificationSetting } from '../../core/verify/verifyFixes';
import { verifyFixes } from '../../core/verify/verifyFixes';
import type { LossSource } from '../../loss/source';
import type { LossAtWork } from '../lossAtWork';
import { JobFailure } from '../problems';
import { startOf, validationOf } from '../userLoss';
import { progressTo } from './analyse';
import type { JobOf, Setting } from './job';

type Gradients = Pick<LossAtWork, 'objective' | 'rewritten'>;

/** Tries the fixes of findings, and tells of each one as it is known. */
export async function verify(
  setting: Setting,
  { config, diagnosis, findings }: JobOf<'verify'>,
): Promise<void> {
  const { source, module, user, control, post } = setting;
  const start = startOf(module, source, config);
  const nameOf = coordinateNames(config.names, source.parameterName, start.length);
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
      isContextual: user.loss.length > 1,
      nameOf,
      looksAround: diagnosis === 'full',
      objective: async (tried) => (await gradientsOf(tried.gradientMode))?.objective(start.length) ?? null,
      async checked(objective, tried, report) {
        const exact = secondOpinion(await gradientsOf(tried.gradientMode), source, tried, start.length);
        return withGradientChecks({ objective, config: tried, nameOf, exact, report });
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
function secondOpinion(
  gradients: Gradients | null,
  { gradientExport }: LossSource,
  { gradientMode }: RunConfig,
  dim: number,
): Objective | null {
  const isGiven = gradientExport !== null && gradientMode !== 'exact';
  return isGiven ? (gradients?.rewritten?.objective(dim) ?? null) : null;
}

function nothingFor(expected: new (...args: never[]) => Error) {
  return (error: unknown): null => {
    if (error instanceof expected) return null;
    throw error;
  };
}
