import * as vscode from 'vscode';
import type { RunConfigPatch } from '../../core/config/runConfig';
import type { Fix } from '../../core/diagnosis/finding';
import type { LossDeclaration } from '../../loss/declaration';
import { offeredFix, StaleChoice } from '../../runs/offeredFix';
import type { Run } from '../../runs/run';
import type { Debugging } from '../debug/debugging';
import type { RunNode } from '../runs/runsView';
import type { SpikeReplays } from '../runs/spikeReplays';
import type { Actions, CommandParts } from './actions';
import type { Analyses } from './analyses';
import { followRecording } from './followRecording';
import { pickLiveRun } from './liveRuns';
import type { CommandName } from './names';
import type { RunCommands } from './runCommands';
import { openSamples, openTwins } from './samples';
import type { AxisTexts, Sweeps } from './sweeps';

/** What a command does. */
export type Command = (...args: never[]) => unknown;

export function commandsOf(
  parts: CommandParts,
  actions: Actions,
  analyses: Analyses,
  sweeps: Sweeps,
  stored: RunCommands,
  spikeReplays: SpikeReplays,
  debugging: Debugging,
): Readonly<Record<CommandName, Command>> {
  const { context, runs, reports, verifications, previews, panels } = parts;
  const withLive = async (command: Parameters<typeof pickLiveRun>[1], act: (id: string) => unknown) => {
    const run = await pickLiveRun(runs, command, panels().runs);
    if (run) await act(run.record.id);
  };
  /** The run or fix that a quick fix refers to may have changed since it was offered. */
  const withFix = async (
    choice: readonly [runId: string, revision: number, findingId: string, fixId: string],
    act: (run: Run, fix: Fix) => Promise<unknown>,
  ) => {
    try {
      const { run, fix } = offeredFix(runs, ...choice);
      await act(run, fix);
    } catch (error) {
      if (!(error instanceof StaleChoice)) throw error;
      void vscode.window.showWarningMessage(error.message);
    }
  };
  /** A link, for example in the result of a test, may outlive its run. */
  const show = (id: string | undefined) => {
    if (id === undefined || runs.find(id) || reports.find(id)) panels().show(id);
    else void vscode.window.showWarningMessage('This run or report is no longer in the history.');
  };
  return {
    'adamscope.run': (loss?: LossDeclaration, overrides?: RunConfigPatch) =>
      actions.run(asLoss(loss), overrides),
    'adamscope.debug': (loss?: LossDeclaration) => debugging.start(asLoss(loss)),
    'adamscope.configure': (loss?: LossDeclaration) => actions.configure(asLoss(loss)),
    'adamscope.pause': () => withLive('pause', (id) => runs.pause(id)),
    'adamscope.resume': () => withLive('resume', (id) => runs.resume(id)),
    'adamscope.step': () => withLive('step', (id) => runs.step(id)),
    'adamscope.stop': () => {
      reports.stop();
      if (runs.live.length === 0) verifications.stop();
      return withLive('stop', (id) => runs.stop(id));
    },
    'adamscope.compareOptimizers': (loss?: LossDeclaration) => analyses.analyse('optimizers', asLoss(loss)),
    'adamscope.compareDialects': (loss?: LossDeclaration) => analyses.analyse('dialects', asLoss(loss)),
    'adamscope.compareDataOrders': (loss?: LossDeclaration) => analyses.analyse('dataOrders', asLoss(loss)),
    'adamscope.lrRangeTest': (loss?: LossDeclaration) => analyses.analyse('lrRange', asLoss(loss)),
    'adamscope.checkInvariances': (loss?: LossDeclaration) => analyses.analyse('invariances', asLoss(loss)),
    'adamscope.checkBeforeRun': (loss?: LossDeclaration, overrides?: RunConfigPatch) =>
      analyses.analyse('checklist', asLoss(loss), overrides),
    'adamscope.sweep': (loss?: LossDeclaration, axes?: AxisTexts) => sweeps.sweep(asLoss(loss), axes),
    'adamscope.showDashboard': (id?: string) => show(typeof id === 'string' ? id : undefined),
    'adamscope.newDashboard': (id?: string) => panels().open(typeof id === 'string' ? id : undefined),
    'adamscope.stepBack': () => panels().moveCursor(-1),
    'adamscope.stepForward': () => panels().moveCursor(1),
    'adamscope.renameRun': (node?: RunNode) => stored.rename(node),
    'adamscope.pinRun': (node?: RunNode, all?: readonly RunNode[]) => stored.pin(true, node, all),
    'adamscope.unpinRun': (node?: RunNode, all?: readonly RunNode[]) => stored.pin(false, node, all),
    'adamscope.deleteRun': (node?: RunNode, all?: readonly RunNode[]) => stored.delete(node, all),
    'adamscope.exportRun': (node?: RunNode, all?: readonly RunNode[]) => stored.export(node, all),
    'adamscope.repeatRun': (node?: RunNode) => stored.repeat(node),
    'adamscope.compareRuns': (node?: RunNode | readonly string[], all?: readonly RunNode[]) =>
      stored.compare(node, all),
    'adamscope.followRecording': (uri?: vscode.Uri) => followRecording(uri),
    'adamscope.tryHere': (runId: string, findingId: string) => spikeReplays.tryFromEditor(runId, findingId),
    'adamscope.openSamples': () => openSamples(context),
    'adamscope.openTwins': () => openTwins(context),
    'adamscope.applyEdit': (uri?: vscode.Uri) => previews.apply(uri),
    'adamscope.applyFix': (...choice: [string, number, string, string]) =>
      withFix(choice, (run, fix) => actions.applyFix(run, fix)),
    'adamscope.runWithFix': (...choice: [string, number, string, string]) =>
      withFix(choice, (run, fix) => actions.runWithFix(run, fix)),
    'adamscope.compareWithFix': (...choice: [string, number, string, string]) =>
      withFix(choice, (run, fix) => stored.compareWithFix(run, fix, actions.runWithFix(run, fix))),
  };
}

/** Menus call a command with a resource. Only a declaration is a loss. */
function asLoss(value: LossDeclaration | undefined): LossDeclaration | undefined {
  return value && typeof value === 'object' && 'foundBy' in value ? value : undefined;
}
