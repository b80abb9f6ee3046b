/** A cell of a notebook: code, or with the word `markdown` before its text. */
export type NotebookCell = string | readonly ['markdown', string];

/** The content of a notebook file. @param more  replaces top-level fields */
export function notebook(cells: readonly NotebookCell[], more: object = {}): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } },
    cells: cells.map((cell, index) =>
      typeof cell === 'string'
        ? {
            cell_type: 'code',
            id: `c${index}`,
            metadata: {},
            execution_count: null,
            outputs: [],
            source: cell.split(/(?<=\n)/),
          }
        : { cell_type: cell[0], id: `c${index}`, metadata: {}, source: cell[1] },
    ),
    ...more,
  });
}
