import type { AnalysisProgress, LossAnalysis } from '../../core/analysis/analysis';
import { Cancelled } from '../../core/analysis/analysis';
import { compareDataOrders, dataOrdersReport } from '../../core/analysis/compare/dataOrders';
import { compareDialects, dialectsReport } from '../../core/analysis/compare/dialects';
import { compareOptimizers, optimizersReport } from '../../core/analysis/compare/optimizers';
import { checkInvariances } from '../../core/analysis/invariances/checkInvariances';
import { invarianceReport } from '../../core/analysis/invariances/invarianceReport';
import { lrRangeReport } from '../../core/analysis/lrRange/lrRangeReport';
import { lrRangeTest } from '../../core/analysis/lrRange/lrRangeTest';
import { checkOptimizerStep } from '../../core/analysis/optimizerCheck/checkOptimizerStep';
import { optimizerCheckReport } from '../../core/analysis/optimizerCheck/optimizerCheckReport';
import type { UserStep } from '../../core/analysis/optimizerCheck/userStep';
import type { RunSetting } from '../../core/analysis/recordedRun';
import type { Report } from '../../core/analysis/report';
import type { RunConfig } from '../../core/config/runConfig';
import { coordinateNames } from '../../core/coordinateNames';
import { optimizerNames } from '../../core/optimizers/registry';
import type { ControlWorker } from '../../protocol/control';
import type { LossSource } from '../../protocol/worker';
import { exportedFunction } from '../loadedLoss';
import { startOf, validationOf } from '../userLoss';
import type { JobOf, Post, Setting } from './job';

const progressMs = 50;

type Analyse<K extends LossAnalysis['kind']> = (
  setting: RunSetting,
  config: RunConfig,
  analysis: Extract<LossAnalysis, { kind: K }>,
  parameterName: LossSource['parameterName'],
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
  lrRange: async ({ progress: control, ...rest }, config, { seeds }) =>
    lrRangeReport(await lrRangeTest({ ...rest, config, seeds, control })),
  invariances: async ({ progress: control, ...rest }, config) =>
    invarianceReport(await checkInvariances({ ...rest, config, control })),
};

/** Runs a loss several times and reports what that shows. */
export async function analyse(setting: Setting, { config, analysis }: JobOf<'analysis'>): Promise<void> {
  const { source, module, control, post } = setting;
  const start = startOf(module, source, config);
  const runs: RunSetting = {
    objective: setting.objective(start.length),
    start,
    validation: validationOf(setting, config),
    progress: progressTo(post, control),
  };
  await report(post, () => analyses[analysis.kind](runs, config, analysis as never, source.parameterName));
}

/** Holds an optimizer of the user's own against the one that its tag names. */
export async function checkStep(setting: Setting, { config }: JobOf<'optimizerStep'>): Promise<void> {
  const { source, module, control, post } = setting;
  const own = exportedFunction(module, source.exportName, source) as unknown as UserStep;
  const step: UserStep = (...args) => {
    control.enterUserCode();
    try {
      return own(...args);
    } finally {
      control.leaveUserCode();
    }
  };
  await report(post, async () =>
    optimizerCheckReport(
      await checkOptimizerStep({
        step,
        reference: config.optimizer,
        vectors: source.wantsFloat64Array ? 'float64' : 'plain',
        control: progressTo(post, control),
      }),
    ),
  );
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
  let toldAt = 0;
  return {
    went(done, total) {
      const now = performance.now();
      if (now - toldAt >= progressMs) {
        toldAt = now;
        post({ type: 'progress', done, total });
      }
      return control.mayStep();
    },
  };
}
