import type { AnalysisProgress, LossAnalysis } from '../../core/analysis/analysis';
import { Cancelled } from '../../core/analysis/analysis';
import { checkBeforeRun } from '../../core/analysis/checklist/checkBeforeRun';
import { checklistReport } from '../../core/analysis/checklist/checklistReport';
import { compareDataOrders, dataOrdersReport } from '../../core/analysis/compare/dataOrders';
import { compareDialects, dialectsReport } from '../../core/analysis/compare/dialects';
import { compareOptimizers, optimizersReport } from '../../core/analysis/compare/optimizers';
import { checkInvariances } from '../../core/analysis/invariances/checkInvariances';
import { invarianceReport } from '../../core/analysis/invariances/invarianceReport';
import { lrRangeReport, noLrReport } from '../../core/analysis/lrRange/lrRangeReport';
import { lrRangeTest } from '../../core/analysis/lrRange/lrRangeTest';
import type { RunSetting } from '../../core/analysis/recordedRun';
import { ofNegatedReport, type Report } from '../../core/analysis/report';
import type { RunConfig } from '../../core/config/runConfig';
import { coordinateNames } from '../../core/coordinates/coordinateNames';
import { optimizerNames } from '../../core/optimizers/registry';
import { OwnRuns } from '../../core/ownOptimizer/ownRuns';
import type { SourceBase } from '../../loss/source';
import type { ControlWorker } from '../../protocol/control';
import type { JobEnvironment, JobOf, Post } from './job';
import { namedConfig } from './namedConfig';
import { optimizerReport } from './optimizerReport';

const progressMs = 50;

type Analyse<K extends LossAnalysis['kind']> = (
  setting: RunSetting,
  config: RunConfig,
  analysis: Extract<LossAnalysis, { kind: K }>,
  parameterName: SourceBase['parameterName'],
) => Promise<Report>;

const analyses: { readonly [K in LossAnalysis['kind']]: Analyse<K> } = {
  optimizers: async (setting, config, { names }) =>
    optimizersReport(await compareOptimizers(setting, config, names ?? optimizerNames)),
  dialects: async (setting, config, _analysis, parameterName) =>
    dialectsReport(
      config,
      await compareDialects(setting, config),
      coordinateNames(config.names, parameterName, setting.start.length),
    ),
  dataOrders: async (setting, config, { seeds }) =>
    dataOrdersReport(await compareDataOrders(setting, config, seeds)),
  lrRange: async ({ progress: control, own = null, ...rest }, config, { seeds }) =>
    own && !own.takesLrOfSteps
      ? noLrReport(own.name)
      : lrRangeReport(await lrRangeTest({ ...rest, own, config, seeds, control })),
  invariances: async ({ progress: control, ...rest }, config) =>
    invarianceReport(await checkInvariances({ ...rest, config, control })),
  checklist: async (setting, config) => checklistReport(await checkBeforeRun(setting, config)),
};

/** Runs an analysis, which evaluates or runs the loss several times, and posts its report. */
export async function analyse(
  { source, loader, control, post }: JobEnvironment,
  { config: given, analysis }: JobOf<'analysis'>,
): Promise<void> {
  const loss = await loader.load(given);
  const start = loss.start();
  const config = namedConfig(given, loss);
  const runs: RunSetting = {
    objective: loss.objective(start.length),
    start,
    validation: loss.validation(),
    progress: progressTo(post, control),
    own: await OwnRuns.of(config.optimizer, start, (reference) => loader.loadOptimizer(reference)),
  };
  await report(post, async () => {
    const result = await analyses[analysis.kind](runs, config, analysis as never, source.parameterName);
    return config.maximize ? ofNegatedReport(result) : result;
  });
}

/** Compares an optimizer step that the user wrote with the reference optimizer of its tag. */
export async function checkStep(
  { loader, control, post }: JobEnvironment,
  { config }: JobOf<'optimizerStep'>,
): Promise<void> {
  await report(post, () => optimizerReport(loader, config.optimizer, progressTo(post, control)));
}

async function report(post: Post, make: () => Promise<Report>): Promise<void> {
  try {
    post({ type: 'analysis', report: await make() });
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    post({ type: 'analysis', report: null });
  }
}

export function progressTo(post: Post, control: ControlWorker): AnalysisProgress {
  let reportedAt = 0;
  return {
    went(done, total) {
      const now = performance.now();
      if (now - reportedAt >= progressMs) {
        reportedAt = now;
        post({ type: 'progress', done, total });
      }
      return control.mayStep();
    },
  };
}
