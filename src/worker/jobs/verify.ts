import type { GradientMode, RunConfig } from '../../core/config/runConfig';
import { coordinateNames, type NameOf } from '../../core/coordinates/coordinateNames';
import { withGradientChecks } from '../../core/diagnosis/probes/gradientChecks';
import type { Objective } from '../../core/objective';
import type { TriedProgram, VerificationSetting } from '../../core/verify/verificationSetting';
import { verifyFixes } from '../../core/verify/verifyFixes';
import { LossFailure } from '../../loss/providers/lossFailure';
import type { LoadedLoss } from '../../loss/providers/lossProvider';
import { type BesideLoss, besideLoss } from '../besideLoss';
import { progressTo } from './analyse';
import type { JobEnvironment, JobOf } from './job';
import { namedConfig } from './namedConfig';

/** Tries the fixes of findings, and posts the results so far after each fix. */
export async function verify(
  environment: JobEnvironment,
  { config: given, diagnosis, findings, verdict, budget }: JobOf<'verify'>,
): Promise<void> {
  const { source, loader, edited, control, post } = environment;
  const loss = await loader.load(given);
  const start = loss.start();
  const config = namedConfig(given, loss);
  const nameOf = coordinateNames(config.names, source.parameterName, start.length);
  const common = { config, dim: start.length, nameOf };
  // The same edit is tried for several findings, and evaluated after its run.
  const programs = new Map<string, Promise<TriedProgram | null>>();
  const result = await verifyFixes(
    {
      ...programOf(loss, environment, common),
      start,
      isContextual: loss.isContextual,
      nameOf,
      looksAround: diagnosis === 'full',
      edited(edit) {
        const key = JSON.stringify(edit);
        const load = async () => {
          const loaders = edited(edit);
          const loss = await loaders?.loader.load(config).catch(nothingFor(LossFailure));
          return loaders && loss ? programOf(loss, { ...environment, ...loaders }, common) : null;
        };
        const known = programs.get(key) ?? load();
        programs.set(key, known);
        return known;
      },
      editsAgainst: (kind) => loss.editsAgainst(kind),
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

interface CommonParts {
  readonly config: RunConfig;
  readonly dim: number;
  readonly nameOf: NameOf;
}

/** @param loss  the loss, as `loader` loads it with `config` */
function programOf(
  loss: LoadedLoss,
  { loader, besideLoader, silence }: Pick<JobEnvironment, 'loader' | 'besideLoader' | 'silence'>,
  { config, dim, nameOf }: CommonParts,
): TriedProgram {
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
  return {
    validation: loss.validation(),
    objective: async (tried) => (await lossWith(tried.gradientMode))?.objective(dim) ?? null,
    beside: (own, tried) => beside(own, tried).objective,
    // The loss is the same with every gradient mode.
    saturationAt: (params, open) => beside(loss.objective(dim), config).saturationAt(params, open),
    async checked(objective, tried, report) {
      const exact = (await lossWith(tried.gradientMode))?.secondOpinion(dim) ?? null;
      const around = beside(objective, tried).objective;
      // The loss is the same with every gradient mode.
      const { roundingAt } = loss;
      return withGradientChecks({
        objective,
        beside: around,
        config: tried,
        nameOf,
        exact,
        roundingAt,
        report,
      });
    },
  };
}

function nothingFor(expected: new (...args: never[]) => Error) {
  return (error: unknown): null => {
    if (error instanceof expected) return null;
    throw error;
  };
}
