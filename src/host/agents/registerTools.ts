import * as vscode from 'vscode';
import { OnFirstUse } from '../onFirstUse';
import type { OpenedWindow } from '../openWindow';
import { languageModelTools, nameInVsCode } from './toolNames';
import type { WindowTools } from './windowTools';

/** Registers the tools for language models, if this VS Code has them. Their code is loaded when the first one is asked for. */
export function registerTools(
  opening: OnFirstUse<OpenedWindow>,
  extensionUri: vscode.Uri,
): vscode.Disposable {
  // Products that are built from VS Code may lack them.
  if (typeof vscode.lm?.registerTool !== 'function') return vscode.Disposable.from();
  const tools = new OnFirstUse<WindowTools>(async () => {
    const [{ WindowTools }, window] = await Promise.all([import('./windowTools'), opening.get()]);
    return new WindowTools(window, extensionUri);
  });
  return vscode.Disposable.from(
    ...languageModelTools.map((name) =>
      vscode.lm.registerTool<object>(nameInVsCode(name), {
        prepareInvocation: async ({ input }) => (await tools.get()).prepare(name, input),
        invoke: async ({ input }, token) => (await tools.get()).invoke(name, input, token),
      }),
    ),
    { dispose: () => void (tools.isAskedFor && tools.get().then((made) => made.dispose())) },
  );
}
