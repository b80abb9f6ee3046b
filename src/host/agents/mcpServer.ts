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
  const serverAt = ({ name, uri }: vscode.WorkspaceFolder) =>
    new vscode.McpStdioServerDefinition(
      `Adamscope (${name})`,
      process.execPath,
      [command, 'mcp', '--root', uri.fsPath],
      { ELECTRON_RUN_AS_NODE: '1' },
      version,
    );
  return vscode.Disposable.from(
    changed,
    vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
    vscode.workspace.onDidChangeWorkspaceFolders(() => changed.fire()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(setting)) changed.fire();
    }),
    vscode.lm.registerMcpServerDefinitionProvider(id, {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions: () =>
        vscode.workspace.isTrusted && vscode.workspace.getConfiguration().get(setting, false)
          ? (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(serverAt)
          : [],
    }),
  );
}
