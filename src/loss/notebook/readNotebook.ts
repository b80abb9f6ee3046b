import { NotASourceFile } from '../notASourceFile';
import { type Cell, textOfCells } from './notebookText';
import { pythonOfCell } from './pythonOfCell';

/** A notebook whose kernel does not run Python. */
export class ForeignNotebook extends NotASourceFile {}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The text of a notebook in its file, without its outputs.
 *
 * @throws NotASourceFile if it is no notebook of format 4 in Python
 */
export function readNotebook(content: string): string {
  const { nbformat, metadata, cells, worksheets } = fieldsOf(parsed(content));
  const isOlder = typeof nbformat === 'number' && nbformat < 4;
  if (isOlder || worksheets !== undefined)
    throw new NotASourceFile(
      'is a notebook of an old format: save it again in Jupyter, as format 4 or newer',
    );
  if (!Array.isArray(cells) || typeof nbformat !== 'number')
    throw new NotASourceFile('is not a Jupyter notebook: it has no cells and format number');
  const language = languageOf(fieldsOf(metadata));
  if (!/^i?python/i.test(language))
    throw new ForeignNotebook(`is a notebook in ${language}, and losses are found in notebooks in Python`);
  return textOfCells(cells.flatMap((cell, index) => codeIn(fieldsOf(cell), index + 1)));
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content.replace(/^\ufeff/, ''));
  } catch {
    throw new NotASourceFile('is not a Jupyter notebook: it is not JSON');
  }
}

/** The language of the kernel; Python if the notebook names none. */
function languageOf({ kernelspec, language_info }: Fields): string {
  const named = [fieldsOf(kernelspec).language, fieldsOf(language_info).name];
  return named.find((name): name is string => typeof name === 'string' && name !== '') ?? 'python';
}

function codeIn({ cell_type, source, metadata }: Fields, number: number): Cell[] {
  // VS Code writes the language of a cell that has another one than the kernel.
  const { languageId } = fieldsOf(fieldsOf(metadata).vscode);
  if (cell_type !== 'code' || (languageId !== undefined && languageId !== 'python')) return [];
  const text = pythonOfCell(Array.isArray(source) ? source.join('') : String(source ?? ''));
  return text === null ? [] : [{ number, text }];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
