import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { contentPolicy } from './contentPolicy';

function folderOf(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

export function pageOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [folderOf(extensionUri)] };
}

/** The dashboard's page. */
export function pageHtml(extensionUri: vscode.Uri, webview: vscode.Webview): string {
  const file = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(folderOf(extensionUri), name));
  const nonce = randomBytes(16).toString('base64');
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${contentPolicy(nonce, webview.cspSource)}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="${file('dashboard.css')}">
  <title>Adamscope</title>
</head>
<body>
  <div id="root"></div>
  <script nonce="${nonce}" src="${file('dashboard.js')}"></script>
</body>
</html>`;
}

/** A page without scripts that shows one sentence. */
export function errorHtml(sentence: string): string {
  const text = sentence.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
  <title>Adamscope</title>
</head>
<body style="padding: 2em; font-size: 1.1em"><p role="alert">${text}</p></body>
</html>`;
}
