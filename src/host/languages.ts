import type * as vscode from 'vscode';

/** The documents that may contain losses: files, and cells of notebooks. */
export const languages: vscode.DocumentSelector = [
  ...['typescript', 'typescriptreact', 'javascript', 'javascriptreact', 'python'].map((language) => ({
    language,
    scheme: 'file',
  })),
  { language: 'python', scheme: 'vscode-notebook-cell' },
];
