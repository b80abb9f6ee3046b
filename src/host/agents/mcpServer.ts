import * as vscode from 'vscode';

const id = 'adamscope.mcp';
const setting = 'adamscope.mcpServer';

/**
 * Offers `adamscope mcp` to VS Code, if it has a list of such servers and the setting asks for it. Its tools are those that are
 * registered already, so by default the models of VS Code would see each of them twice.
 */
export function registerMcpServer({ extensionUri, extension }: vscode.ExtensionContext): vscode.Disposable {
  if (typeof vscode.lm?.registerMcpServerDefinitionProvider !== 'function') return vscode.Disposable.from();
  const changed = new vscode.EventEmitter<void>();
  const command = vscode.Uri.joinPath(extensionUri, 'dist', 'cli.js').fsPath;
  const version = String((extension.packageJSON as { readonly version: unknown }).version);
  const server = (label: string, flags: readonly string[]) =>
    new vscode.McpStdioServerDefinition(
      label,
      process.execPath,
      [command, 'mcp', ...flags],
      { ELECTRON_RUN_AS_NODE: '1' },
      version,
    );
  const serverAt = ({ name, uri }: vscode.WorkspaceFolder) =>
    server(`Adamscope (${name})`, ['--root', uri.fsPath]);
  return vscode.Disposable.from(
    changed,
    vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
    vscode.workspace.onDidChangeWorkspaceFolders(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(setting)) changed.fire();
    }),
    vscode.lm.registerMcpServerDefinitionProvider(id, {
      onDidChangeMcpServerDefinitions: changed.event,
      // Called when a server is about to start: to ask for the interpreter earlier would activate the Python extension for nothing.
      resolveMcpServerDefinition: async ({ label, args }: vscode.McpStdioServerDefinition) => {
        const { interpreterFor } = await import('../python/pythonInterpreter');
        const root = args[args.indexOf('--root') + 1]!;
        const interpreter = await interpreterFor(vscode.Uri.file(root));
        return server(label, ['--root', root, ...(interpreter ? ['--python', interpreter.path] : [])]);
      },
      provideMcpServerDefinitions: () =>
        vscode.workspace.isTrusted && vscode.workspace.getConfiguration().get(setting, false)
          ? (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(serverAt)
          : [],
    }),
  );
}
