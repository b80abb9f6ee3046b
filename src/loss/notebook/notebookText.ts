/** A code cell of a notebook. */
export interface Cell {
  /** All cells of the notebook count, the first one is 1. */
  readonly number: number;
  readonly text: string;
}

/** The first line of a cell in the text of its notebook. */
export interface CellStart {
  readonly cell: number;
  /** 1-based. */
  readonly line: number;
}

const ending = /\.ipynb$/i;
const marker = /^# %% cell (\d+)$/;
/** Blank lines keep the marker apart from a comment that begins the cell, or ends the one above. */
const linesOfMarker = 2;

export function isNotebook(file: string): boolean {
  return ending.test(file);
}

/**
 * The one text that stands for a notebook wherever a source text is read: its code cells in order, each after a line that has its
 * number. So the text alone says which line belongs to which cell, also in the file of an earlier run.
 * `adamscope_bridge/notebooks.py` reads it too.
 */
export function textOfCells(cells: readonly Cell[]): string {
  return cells.map(({ number, text }) => `# %% cell ${number}\n\n${ownLines(text)}\n\n`).join('');
}

/** The lines of a cell, none of which reads as a marker. */
function ownLines(text: string): string {
  return text
    .split(/\r\n?|\n/)
    .map((line) => (marker.test(line) ? `${line} ` : line))
    .join('\n');
}

/** Where the cells begin in the text of a notebook, in order. */
export function cellStarts(text: string): CellStart[] {
  return text.split('\n').flatMap((line, index) => {
    const [, number] = marker.exec(line) ?? [];
    return number === undefined ? [] : [{ cell: Number(number), line: index + 1 + linesOfMarker }];
  });
}

/** The cells up to one of them, which are the module of a loss in that cell. */
export function upToCell(text: string, cell: number): string {
  const below = cellStarts(text).find((start) => start.cell > cell);
  if (!below) return text;
  return text
    .split('\n')
    .slice(0, below.line - 1 - linesOfMarker)
    .concat('')
    .join('\n');
}
