import type { GradientMode, RunConfig } from '../../core/config/runConfig';
import { coordinateNames } from '../../core/coordinateNames';
import { withGradientChecks } from '../../core/diagnosis/probes/gradientChecks';
import type { Objective } from '../../core/objective';
import type { VerificationSetting } from '../../core/verify/verificationSetting';
import { verifyFixes } from '../../core/verify/verifyFixes';
import { LossFailure } from '../../loss/providers/lossFailure';
import type { LoadedLoss } from '../../loss/providers/lossProvider';
import { type BesideLoss, besideLoss } from '../besideLoss';
import { progressTo } from './analyse';
import type { JobEnvironment, JobOf } from './job';

/** Tries the fixes of findings, and posts the results so far after each fix. */
export async function verify(
  { source, loader, besideLoader, silence, control, post }: JobEnvironment,
  { config, diagnosis, findings, verdict, budget }: JobOf<'verify'>,
): Promise<void> {
  const loss = await loader.load(config);
  const start = loss.start();
  const nameOf = coordinateNames(config.names, source.parameterName, start.length);
  const loaded = new Map<GradientMode, Promise<LoadedLoss | null>>([
    [config.gradientMode, Promise.resolve(loss)],
  ]);
  // A fix may set another gradient mode, for which the loss is loaded again.
  const lossWith = (gradientMode: GradientMode) => {
    const known =
      loaded.get(gradientMode) ?? loader.load({ ...config, gradientMode }).catch(nothingFor(LossFailure));
    loaded.set(gradientMode, known);
    return known;
  };
  const besides = new Map<GradientMode, BesideLoss>();
  const beside = (own: Objective, { gradientMode }: RunConfig) => {
    const known =
      besides.get(gradientMode) ??
      besideLoss({ own, load: () => besideLoader.load({ ...config, gradientMode }), silence });
    besides.set(gradientMode, known);
    return known;
  };
  const result = await verifyFixes(
    {
      start,
      validation: loss.validation(),
      isContextual: loss.isContextual,
      nameOf,
      looksAround: diagnosis === 'full',
      objective: async (tried) => (await lossWith(tried.gradientMode))?.objective(start.length) ?? null,
      beside: (own, tried) => beside(own, tried).objective,
      // The loss is the same with every gradient mode.
      saturationAt: (params, open) => beside(loss.objective(start.length), config).saturationAt(params, open),
      async checked(objective, tried, report) {
        const exact = (await lossWith(tried.gradientMode))?.secondOpinion(start.length) ?? null;
        return withGradientChecks({
          objective,
          beside: beside(objective, tried).objective,
          config: tried,
          nameOf,
          exact,
          report,
        });
      },
      progress: progressTo(post, control),
      known: (fixes, ofVerdict) => post({ type: 'tried', fixes, ofVerdict }),
      search: budget && { budget, secondsNow: () => performance.now() / 1000 },
    } satisfies VerificationSetting,
    config,
    findings,
    verdict,
  );
  post({ type: 'verified', ...result });
}

function nothingFor(expected: new (...args: never[]) => Error) {
  return (error: unknown): null => {
    if (error instanceof expected) return null;
    throw error;
  };
}
