const vscode = require('vscode');

exports.activate = ({ subscriptions }) => {
  const button = vscode.window.createStatusBarItem();
  button.text = 'Open empty page';
  button.command = 'emptyPage.open';
  button.show();
  const open = () => {
    const beside = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel('emptyPage', 'Empty', beside, { enableScripts: true });
    panel.webview.html =
      '<!DOCTYPE html><html lang="en"><body><p id="root">One line of text.</p></body></html>';
  };
  subscriptions.push(button, vscode.commands.registerCommand('emptyPage.open', open));
};
