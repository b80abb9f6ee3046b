import * as vscode from 'vscode';
import { isNotebook, textOfCells } from '../../loss/notebook/notebookText';
import { pythonOfCell } from '../../loss/notebook/pythonOfCell';

/** The notebooks in Python files that are open, shown or not. */
export function openNotebooks(): readonly vscode.NotebookDocument[] {
  return vscode.workspace.notebookDocuments.filter(({ uri }) => isNotebookUri(uri));
}

export function openNotebook(file: string): vscode.NotebookDocument | undefined {
  return openNotebooks().find(({ uri }) => uri.fsPath === file);
}

export function isNotebookUri(uri: vscode.Uri): boolean {
  return uri.scheme === 'file' && isNotebook(uri.fsPath);
}

/** The cell that a document is; undefined for a document that is no cell of a notebook file. */
export function cellOf(document: vscode.TextDocument): vscode.NotebookCell | undefined {
  if (document.uri.scheme !== 'vscode-notebook-cell') return undefined;
  return openNotebook(document.uri.fsPath)
    ?.getCells()
    .find((cell) => cell.document === document);
}

/** The number of a cell, as places have it. */
export function numberOf({ index }: vscode.NotebookCell): number {
  return index + 1;
}

/** The text of a cell's document, by the number of the cell. */
export function documentOfCell(file: string, number: number): vscode.TextDocument | undefined {
  const notebook = openNotebook(file);
  return notebook && number <= notebook.cellCount ? notebook.cellAt(number - 1).document : undefined;
}

interface Known {
  readonly state: string;
  readonly text: string;
}

const known = new WeakMap<vscode.NotebookDocument, Known>();

/** The code cells of a notebook in one text. */
export function textOfNotebook(notebook: vscode.NotebookDocument): string {
  const cells = notebook
    .getCells()
    .filter(
      ({ kind, document }) => kind === vscode.NotebookCellKind.Code && document.languageId === 'python',
    );
  const state = cells.map(({ index, document }) => `${index} ${document.uri} ${document.version}`).join('\n');
  const before = known.get(notebook);
  if (before?.state === state) return before.text;
  const text = textOfCells(
    cells.flatMap((cell) => {
      const python = pythonOfCell(cell.document.getText());
      return python === null ? [] : [{ number: numberOf(cell), text: python }];
    }),
  );
  known.set(notebook, { state, text });
  return text;
}
