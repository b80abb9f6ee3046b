import * as vscode from 'vscode';
import type { RunConfigPatch } from '../../core/config/runConfig';
import type { LossDeclaration } from '../../loss/declaration';
import type { Actions, CommandParts } from './actions';
import type { Analyses } from './analyses';
import { openSamples } from './samples';

export function registerCommands(
  parts: CommandParts,
  actions: Actions,
  analyses: Analyses,
): vscode.Disposable {
  const { context, runs, reports, verifications, dashboard } = parts;
  const withLive = (act: (id: string) => unknown) => {
    const run = runs.live.at(-1);
    return run && act(run.record.id);
  };
  const commands: Readonly<Record<string, (...args: never[]) => unknown>> = {
    'adamscope.run': (loss?: LossDeclaration, overrides?: RunConfigPatch) =>
      actions.run(asLoss(loss), overrides),
    'adamscope.configure': (loss?: LossDeclaration) => actions.configure(asLoss(loss)),
    'adamscope.pause': () => withLive((id) => runs.pause(id)),
    'adamscope.resume': () => withLive((id) => runs.resume(id)),
    'adamscope.step': () => withLive((id) => runs.step(id)),
    'adamscope.stop': () => {
      reports.stop();
      if (runs.live.length === 0) verifications.stop();
      return withLive((id) => runs.stop(id));
    },
    'adamscope.compareOptimizers': (loss?: LossDeclaration) => analyses.analyse('optimizers', asLoss(loss)),
    'adamscope.compareDialects': (loss?: LossDeclaration) => analyses.analyse('dialects', asLoss(loss)),
    'adamscope.compareDataOrders': (loss?: LossDeclaration) => analyses.analyse('dataOrders', asLoss(loss)),
    'adamscope.lrRangeTest': (loss?: LossDeclaration) => analyses.analyse('lrRange', asLoss(loss)),
    'adamscope.checkInvariances': (loss?: LossDeclaration) => analyses.analyse('invariances', asLoss(loss)),
    'adamscope.showDashboard': (id?: string) => dashboard().show(typeof id === 'string' ? id : undefined),
    'adamscope.openSamples': () => openSamples(context),
    'adamscope.applyFix': (id: string, finding: number, fix: number) =>
      actions.applyFix(runs.find(id), finding, fix),
    'adamscope.runWithFix': (id: string, finding: number, fix: number) =>
      actions.runWithFix(runs.find(id), finding, fix),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, act]) => vscode.commands.registerCommand(name, act)),
  );
}

/** Menus call commands with a resource: only a declaration is a loss. */
function asLoss(value: LossDeclaration | undefined): LossDeclaration | undefined {
  return value && typeof value === 'object' && 'foundBy' in value ? value : undefined;
}
