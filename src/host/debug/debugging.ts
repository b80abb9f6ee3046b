import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { RunConfigPatch } from '../../core/config/runConfig';
import { CannotDebug, type DebuggedRun, type DebugHost } from '../../debug/debugHost';
import type { LaunchArguments } from '../../debug/launchArguments';
import { placesOf } from '../../debug/lossPlaces';
import type { LossDeclaration } from '../../loss/declaration';
import type { Run } from '../../runs/run';
import type { RunStore } from '../../runs/runStore';
import { lossAtCursorOrPicked } from '../commands/pickLoss';
import type { LossIndex } from '../lossIndex';
import type { Panels } from '../panel/panels';
import type { RunFileEditor } from '../panel/runFileEditor';
import type { Launcher } from '../runs/launcher';
import { debugType } from './debugType';

interface DebuggingParts {
  readonly index: LossIndex;
  readonly runs: RunStore;
  readonly launcher: Launcher;
  readonly panels: () => Panels;
  readonly runFiles: () => RunFileEditor;
}

/** What the dashboard reports. */
interface CursorMove {
  readonly runId: string;
  readonly step: number;
}

/** Debug sessions on losses and stored runs of this window: the runs are those of the history, and are shown in the dashboard. */
export class Debugging implements vscode.DebugConfigurationProvider, vscode.DebugAdapterDescriptorFactory {
  readonly #parts: DebuggingParts;
  readonly #moved = new vscode.EventEmitter<CursorMove>();
  /** The runs of the sessions, by their ids. */
  readonly #debugged = new Map<string, Run>();

  constructor(parts: DebuggingParts) {
    this.#parts = parts;
  }

  dispose(): void {
    this.#moved.dispose();
  }

  /** *Debug Adam on loss*: the given one, else the one at the cursor, else one that the user picks. */
  async start(given?: LossDeclaration): Promise<boolean> {
    const loss = given ?? (await lossAtCursorOrPicked(this.#parts.index, 'Debug Adam on loss'));
    if (!loss) return false;
    return vscode.debug.startDebugging(folderOf(loss.file), configurationOf(loss));
  }

  /** Debugs the loss of a run again. */
  async startOn({ record }: Run, configuration: RunConfigPatch = record.overrides): Promise<void> {
    const { file, lossName } = record.source;
    const loss = await this.#parts.index.find(file, lossName);
    if (loss)
      await vscode.debug.startDebugging(folderOf(file), { ...configurationOf(loss), config: configuration });
    else
      void vscode.window.showErrorMessage(
        `${lossName} is not in ${vscode.workspace.asRelativePath(file)} any more: it cannot be debugged.`,
      );
  }

  /** Looks at the steps of a stored run or a recording. */
  async startOnFile(file: string): Promise<void> {
    await vscode.debug.startDebugging(folderOf(file), runConfiguration(file));
  }

  cursorMoved(runId: string, step: number): void {
    this.#moved.fire({ runId, step });
  }

  // Configurations.

  /** Without a launch configuration: the loss at the cursor. */
  async resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    if (configuration.type || configuration.request || configuration.name) return configuration;
    const loss = await lossAtCursorOrPicked(this.#parts.index, 'Debug Adam on loss');
    return loss && configurationOf(loss);
  }

  /** The losses of the file in the editor. */
  async provideDebugConfigurations(): Promise<vscode.DebugConfiguration[]> {
    const document = vscode.window.activeTextEditor?.document;
    const losses = document ? await this.#parts.index.lossesIn(document) : [];
    return losses.map(configurationOf);
  }

  async createDebugAdapterDescriptor(session: vscode.DebugSession): Promise<vscode.DebugAdapterDescriptor> {
    const { AdamscopeDebugSession } = await import('../../debug/debugSession');
    const remembered = (run: Run) => this.#debugged.set(session.id, run);
    const host: DebugHost = {
      launch: async (launch) => {
        const debugged = await this.#launch(launch, session);
        remembered(debugged.run);
        return debugged;
      },
      fork: (...given) => {
        const run = this.#fork(...given);
        remembered(run);
        return run;
      },
      show: ({ record }, step) => {
        this.#parts.panels().goTo(record.id, step);
        this.#parts.runFiles().goTo(record.id, step);
      },
      onDidMoveCursor: this.#moved.event,
      release: async ({ run, order }) => {
        if (order !== null && run.isLive) await this.#parts.runs.stop(run.record.id);
      },
    };
    return new vscode.DebugAdapterInlineImplementation(new AdamscopeDebugSession(host));
  }

  /**
   * Debugs a loss with `@expect` up to the step at which the expectation is violated: the last one that it allows. Waits for the end of
   * the session.
   *
   * @returns the run if it went to its end; undefined if the user ended it
   */
  async debugExpectation(loss: LossDeclaration, token: vscode.CancellationToken): Promise<Run | undefined> {
    const within = loss.annotation?.patch.expect?.steps;
    const name = `Debug the expectation of ${loss.name}`;
    const until = within ? { until: `step >= ${within}` } : {};
    let ends!: (session: vscode.DebugSession) => void;
    const ended = new Promise<vscode.DebugSession>((resolve) => {
      ends = resolve;
    });
    const subscription = vscode.debug.onDidTerminateDebugSession((session) => {
      if (session.type === debugType && session.name === name) ends(session);
    });
    const configuration = { ...configurationOf(loss), name, stopOnEntry: false, ...until };
    try {
      if (!(await vscode.debug.startDebugging(folderOf(loss.file), configuration))) return undefined;
      token.onCancellationRequested(() => void vscode.debug.stopDebugging());
      return await this.#endedRun(await ended);
    } finally {
      subscription.dispose();
    }
  }

  async #endedRun(session: vscode.DebugSession): Promise<Run | undefined> {
    const run = this.#debugged.get(session.id);
    this.#debugged.delete(session.id);
    await run?.finished;
    return run && run.record.stopped !== 'user' ? run : undefined;
  }

  // What a session asks for.

  #launch(launch: LaunchArguments, session: vscode.DebugSession): Promise<DebuggedRun> {
    return launch.run === undefined ? this.#runOf(launch) : this.#storedRun(launch.run, session);
  }

  #fork(
    { store }: DebuggedRun,
    order: Parameters<DebugHost['fork']>[1],
    fork: Parameters<DebugHost['fork']>[2],
  ): Run {
    const run = store.start(order, { fork, name: `fork at step ${fork.at}` });
    this.#parts.panels().show(run.record.id);
    return run;
  }

  /** The run of a file, in the editor of that file: the session ends when it is closed. */
  async #storedRun(file: string, session: vscode.DebugSession): Promise<DebuggedRun> {
    if (!existsSync(file)) throw new CannotDebug(`${file} cannot be read: there is no such file.`);
    const { content, onDidClose } = await this.#parts.runFiles().show(file);
    if (typeof content === 'string') throw new CannotDebug(`${file} cannot be read: ${content}.`);
    onDidClose(() => void vscode.debug.stopDebugging(session));
    return { ...content, order: null, places: null, shownFile: file };
  }

  async #runOf(launch: LaunchArguments): Promise<DebuggedRun> {
    const { runs, launcher, panels } = this.#parts;
    const declaration = await this.#declarationOf(launch);
    const order = await launcher.prepare(declaration, launch.config);
    if (!order) throw new CannotDebug(`${declaration.name} was not started.`);
    panels().openFirst();
    const debugged = { ...order, stops: { all: [], codes: [] } };
    const run = runs.start(debugged);
    panels().show(run.record.id);
    return { store: runs, run, order: debugged, places: placesOf(declaration) };
  }

  async #declarationOf({ program, loss }: LaunchArguments): Promise<LossDeclaration> {
    const { index } = this.#parts;
    const file = path.resolve(program!);
    const shown = vscode.workspace.asRelativePath(file);
    if (loss !== undefined) {
      const found = await index.find(file, loss);
      if (!found) throw new CannotDebug(`${shown} contains no loss ${loss}.`);
      return found;
    }
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file)).then(
      (opened) => opened,
      () => undefined,
    );
    if (!document) throw new CannotDebug(`${shown} cannot be read.`);
    const losses = await index.lossesIn(document);
    const [first] = losses;
    if (!first) throw new CannotDebug(`${shown} contains no loss.`);
    if (losses.length > 1)
      throw new CannotDebug(
        `${shown} contains several losses (${losses.map(({ name }) => name).join(', ')}): name one of them as "loss".`,
      );
    return first;
  }
}

function configurationOf({ file, name }: LossDeclaration): vscode.DebugConfiguration {
  return { type: debugType, request: 'launch', name: `Debug ${name}`, program: file, loss: name };
}

function runConfiguration(file: string): vscode.DebugConfiguration {
  return { type: debugType, request: 'launch', name: path.basename(file), run: file };
}

function folderOf(file: string): vscode.WorkspaceFolder | undefined {
  return vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
}
