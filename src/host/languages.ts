import type * as vscode from 'vscode';

/** The documents that may contain losses. */
export const languages: vscode.DocumentSelector = [
  { language: 'typescript' },
  { language: 'typescriptreact' },
  { language: 'javascript' },
  { language: 'javascriptreact' },
  { language: 'python' },
].map((filter) => ({ ...filter, scheme: 'file' }));
