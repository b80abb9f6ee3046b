import * as vscode from 'vscode';
import { isNotebook } from '../../loss/notebook/notebookText';
import { LineMap } from '../../loss/places/lineMap';
import { cellOf, isNotebookUri, numberOf, openNotebook, openNotebooks, textOfNotebook } from './notebooks';

/** A source file as the editor shows it: a document, or the code cells of a notebook. */
export interface OpenSource {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
  readonly document: vscode.TextDocument | vscode.NotebookDocument;
}

/** A document, or the source that contains it as a cell. */
export interface SourceOfDocument extends OpenSource {
  /** The number of the cell; undefined if the document is the whole source. */
  readonly cell: number | undefined;
}

/** The source of a document; undefined for one that is neither a source file nor a cell of a notebook file. */
export function sourceOf(document: vscode.TextDocument): SourceOfDocument | undefined {
  if (isPlain(document)) return { ...ofDocument(document), cell: undefined };
  const cell = cellOf(document);
  return cell && { ...ofNotebook(cell.notebook), cell: numberOf(cell) };
}

/** The offset of a position of a document in the text of its source. */
export function offsetIn(
  { file, text, cell }: SourceOfDocument,
  { line, character }: vscode.Position,
): number {
  const at = { file, line: line + 1, column: character + 1, endLine: line + 1, endColumn: character + 1 };
  return new LineMap(file, text).range(cell === undefined ? at : { ...at, cell }).from;
}

/** All sources that are open, shown or not. */
export function openSources(): OpenSource[] {
  const documents = vscode.workspace.textDocuments.filter(isPlain);
  return [...documents.map(ofDocument), ...openNotebooks().map(ofNotebook)];
}

/** A source that is open; undefined if it is not. */
export function openSourceAt(file: string): OpenSource | undefined {
  if (isNotebook(file)) {
    const notebook = openNotebook(file);
    return notebook && ofNotebook(notebook);
  }
  const document = vscode.workspace.textDocuments.find(
    ({ uri }) => uri.scheme === 'file' && uri.fsPath === file,
  );
  return document && ofDocument(document);
}

/** The text of a source; undefined if it is not open. */
export function openText(file: string): string | undefined {
  return openSourceAt(file)?.text;
}

/** Opens a file without showing it; undefined if it does not exist or is not a text. */
export async function openSource(file: string): Promise<OpenSource | undefined> {
  const uri = vscode.Uri.file(file);
  try {
    return isNotebookUri(uri)
      ? ofNotebook(await vscode.workspace.openNotebookDocument(uri))
      : ofDocument(await vscode.workspace.openTextDocument(uri));
  } catch {
    return undefined;
  }
}

/**
 * The text of a source in which places are marked. A notebook has none until it is open, because its cells have no documents
 * before; other files are opened.
 */
export async function shownText(file: string): Promise<string | undefined> {
  return isNotebook(file) ? openText(file) : (await openSource(file))?.text;
}

/** The texts of the sources that are not saved: [absolute path, text]. */
export function unsavedTexts(): (readonly [string, string])[] {
  return openSources()
    .filter(({ document }) => document.isDirty)
    .map(({ file, text }) => [file, text] as const);
}

/** Calls a function with the file of each source whose text changes, or that opens. */
export function onDidChangeSource(listener: (file: string) => void): vscode.Disposable {
  const ofText = (document: vscode.TextDocument) => {
    const source = sourceOf(document);
    if (source) listener(source.file);
  };
  const ofCells = ({ uri }: vscode.NotebookDocument) => isNotebookUri(uri) && listener(uri.fsPath);
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document }) => ofText(document)),
    // Changes on disk are noticed when the document opens.
    vscode.workspace.onDidOpenTextDocument(ofText),
    vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
      if (contentChanges.length > 0) ofCells(notebook);
    }),
    vscode.workspace.onDidOpenNotebookDocument(ofCells),
  );
}

/** Calls a function with the file of each source that is saved. */
export function onDidSaveSource(listener: (file: string) => void): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.onDidSaveTextDocument((document) => {
      const source = sourceOf(document);
      if (source) listener(source.file);
    }),
    vscode.workspace.onDidSaveNotebookDocument(({ uri }) => isNotebookUri(uri) && listener(uri.fsPath)),
  );
}

/** Calls a function with the file of each source that is closed. */
export function onDidCloseSource(listener: (file: string) => void): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.onDidCloseTextDocument((document) => isPlain(document) && listener(document.uri.fsPath)),
    vscode.workspace.onDidCloseNotebookDocument(({ uri }) => isNotebookUri(uri) && listener(uri.fsPath)),
  );
}

/** A notebook may also be open as the JSON of its file, which is no source. */
function isPlain({ uri }: vscode.TextDocument): boolean {
  return uri.scheme === 'file' && !isNotebook(uri.fsPath);
}

function ofDocument(document: vscode.TextDocument): OpenSource {
  return { file: document.uri.fsPath, text: document.getText(), document };
}

function ofNotebook(notebook: vscode.NotebookDocument): OpenSource {
  return { file: notebook.uri.fsPath, text: textOfNotebook(notebook), document: notebook };
}
