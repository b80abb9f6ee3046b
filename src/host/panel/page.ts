import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { pageText } from './pageText';

function folderOf(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

export function pageOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [folderOf(extensionUri)] };
}

/** The dashboard's page. */
export function pageHtml(extensionUri: vscode.Uri, webview: vscode.Webview): string {
  const folder = folderOf(extensionUri);
  const textOf = (name: string) => readFileSync(vscode.Uri.joinPath(folder, name).fsPath, 'utf8');
  return pageText({
    nonce: randomBytes(16).toString('base64'),
    source: webview.cspSource,
    folder: `${webview.asWebviewUri(folder)}/`,
    style: textOf('dashboard.css'),
    script: textOf('dashboard.js'),
  });
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
