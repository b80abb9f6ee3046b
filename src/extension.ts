import * as vscode from 'vscode';
import { registerMcpServer } from './host/agents/mcpServer';
import { registerTools } from './host/agents/registerTools';
import { commandNames } from './host/commands/names';
import { debugType } from './host/debug/debugType';
import { LossCodeLenses } from './host/editor/codeLens';
import { OnFirstUse } from './host/onFirstUse';
import type { OpenedWindow } from './host/openWindow';
import type { RunFileDocument } from './host/panel/runFileEditor';
import { runFileEditorType, viewType } from './host/panel/viewTypes';
import { RunsView } from './host/runs/runsView';

let window: OnFirstUse<OpenedWindow> | undefined;

/**
 * Registers what VS Code may ask for at once. Everything else is in files of its own (`host/openWindow.ts`), which are loaded
 * when they are first needed, at the latest when VS Code has seen the end of the activation.
 */
export function activate(context: vscode.ExtensionContext): void {
  const opening = new OnFirstUse(async () => {
    const { openWindow } = await import('./host/openWindow');
    return openWindow(context);
  });
  window = opening;
  context.subscriptions.push(
    ...commandNames.map((name) =>
      vscode.commands.registerCommand(name, async (...args: unknown[]) =>
        (await opening.get()).commands[name](...(args as never[])),
      ),
    ),
    ...debuggers(opening),
    new LossCodeLenses(opening),
    new RunsView(opening),
    registerTools(opening, context.extensionUri),
    registerMcpServer(context),
    vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel, state) => (await opening.get()).panels.restore(panel, state),
    }),
    vscode.window.registerCustomEditorProvider(
      runFileEditorType,
      {
        openCustomDocument: async (uri) => (await opening.get()).runFileEditor.openCustomDocument(uri),
        resolveCustomEditor: async (document, panel) =>
          (await opening.get()).runFileEditor.resolveCustomEditor(document, panel),
      } satisfies vscode.CustomReadonlyEditorProvider<RunFileDocument>,
      { supportsMultipleEditorsPerDocument: true },
    ),
  );
  setImmediate(() => void opening.get());
}

/** VS Code asks for configurations and sessions at any time. */
function debuggers(opening: OnFirstUse<OpenedWindow>): vscode.Disposable[] {
  const debugging = async () => (await opening.get()).debugging;
  const provider: vscode.DebugConfigurationProvider = {
    resolveDebugConfiguration: async (folder, configuration) =>
      (await debugging()).resolveDebugConfiguration(folder, configuration),
    provideDebugConfigurations: async () => (await debugging()).provideDebugConfigurations(),
  };
  return [
    vscode.debug.registerDebugConfigurationProvider(debugType, provider),
    vscode.debug.registerDebugConfigurationProvider(
      debugType,
      provider,
      vscode.DebugConfigurationProviderTriggerKind.Dynamic,
    ),
    vscode.debug.registerDebugAdapterDescriptorFactory(debugType, {
      createDebugAdapterDescriptor: async (session) =>
        (await debugging()).createDebugAdapterDescriptor(session),
    }),
  ];
}

/** Ends all running jobs, and waits until their results are on disk. */
export async function deactivate(): Promise<void> {
  if (window?.isAskedFor) await (await window.get()).runs.dispose();
}
