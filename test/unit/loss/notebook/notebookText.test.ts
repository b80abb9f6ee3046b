import { describe, expect, it } from 'vitest';
import { discover } from '../../../../src/loss/discovery/discover';
import { cellStarts, isNotebook, textOfCells, upToCell } from '../../../../src/loss/notebook/notebookText';
import { LineMap } from '../../../../src/loss/places/lineMap';

const file = '/w/nb.ipynb';
const cells = [
  { number: 2, text: 'import math\r\nx = 1' },
  { number: 3, text: '' },
  { number: 7, text: '# adamscope: loss start=[1]\ndef loss(w):\n    return w[0] ** 2\n' },
];
const text = textOfCells(cells);

describe('the text of a notebook', () => {
  it('has the lines of each cell', () => {
    const lines = text.split('\n');
    expect(cellStarts(text).map(({ cell, line }) => [cell, lines[line - 1]])).toEqual([
      [2, 'import math'],
      [3, ''],
      [7, '# adamscope: loss start=[1]'],
    ]);
  });

  it('ends above a cell', () => {
    expect(upToCell(text, 3)).toBe(textOfCells(cells.slice(0, 2)));
    expect(upToCell(text, 7)).toBe(text);
  });

  it('takes no line of the user for the start of a cell', () => {
    const tricky = textOfCells([{ number: 1, text: '# %% cell 5\n\nx = 1' }]);
    expect(cellStarts(tricky).map(({ cell }) => cell)).toEqual([1]);
  });

  it('is one of a file by its name', () => {
    expect(['a.ipynb', 'A.IPYNB', 'a.py', 'ipynb'].map(isNotebook)).toEqual([true, true, false, false]);
  });
});

describe('places in a notebook', () => {
  const lines = new LineMap(file, text);

  it('are counted in the cell', () => {
    const from = text.indexOf('loss(w)');
    const place = lines.location(from, from + 4);
    expect(place).toEqual({ file, cell: 7, line: 2, column: 5, endLine: 2, endColumn: 9 });
    expect(lines.range(place)).toEqual({ from, to: from + 4 });
  });

  it('may be in an empty cell, and at the end of one', () => {
    const from = lines.range({ file, cell: 3, line: 1, column: 1, endLine: 1, endColumn: 1 }).from;
    expect(lines.location(from, from)).toMatchObject({ cell: 3, line: 1, column: 1 });
    const end = text.indexOf('x = 1') + 5;
    expect(lines.location(end, end)).toMatchObject({ cell: 2, line: 2, column: 6 });
  });

  it('are at the end of the text if their cell is gone', () => {
    expect(lines.range({ file, cell: 9, line: 1, column: 1, endLine: 1, endColumn: 2 })).toEqual({
      from: text.length,
      to: text.length,
    });
  });

  it('have no cell in another file', () => {
    expect(new LineMap('/w/nb.py', text).location(0, 1)).not.toHaveProperty('cell');
  });

  it('are those of losses, their comments and their options', () => {
    const [loss, ...more] = discover(text, file, 'named');
    expect(more).toEqual([]);
    expect(loss).toMatchObject({
      language: 'python',
      name: 'loss',
      location: { cell: 7, line: 2 },
      extent: { cell: 7, line: 1, endLine: 3 },
      annotation: { location: { cell: 7, line: 1 } },
    });
    expect(loss!.annotation!.places.get('start')).toMatchObject({ cell: 7, line: 1 });
  });

  it('keep a comment apart from the cell above and below', () => {
    const [loss] = discover(
      textOfCells([
        { number: 1, text: '# adamscope: steps=3' },
        { number: 2, text: '# adamscope: loss start=[1]\ndef loss(w):\n    return w[0]' },
      ]),
      file,
      'named',
    );
    expect(loss!.annotation!.location).toMatchObject({ cell: 2, line: 1, endLine: 1 });
    expect(loss!.annotation!.patch).toEqual({ start: [1] });
  });

  it('are those of the last definition, if a name is defined in several cells', () => {
    const twice = textOfCells([
      { number: 1, text: '# adamscope: loss start=[1]\ndef loss(w):\n    return w[0]' },
      { number: 4, text: '# adamscope: loss start=[2]\ndef loss(w):\n    return w[0]' },
    ]);
    expect(discover(twice, file, 'named').map(({ location }) => location.cell)).toEqual([4]);
  });

  it('are found above a cell that is no Python', () => {
    const broken = `${text}${textOfCells([{ number: 8, text: 'def (:\n  """' }])}`;
    expect(discover(broken, file, 'named').map(({ name }) => name)).toEqual(['loss']);
  });
});
