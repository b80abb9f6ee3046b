import { describe, expect, it } from 'vitest';
import { NotASourceFile } from '../../../../src/loss/notASourceFile';
import { textOfCells } from '../../../../src/loss/notebook/notebookText';
import { ForeignNotebook, readNotebook } from '../../../../src/loss/notebook/readNotebook';
import { notebook } from '../../../support/notebook';

const kernel = (language: string) => ({ metadata: { kernelspec: { language } } });
const code = (source: unknown, metadata: object = {}) => ({ cell_type: 'code', metadata, source });

function whyNot(content: string): unknown {
  try {
    return readNotebook(content);
  } catch (error) {
    return error;
  }
}

describe('a notebook in its file', () => {
  it('is the text of its code cells, counted among all cells', () => {
    expect(readNotebook(notebook([['markdown', '# Fit'], 'x = 1\ny = 2\n', 'z = 3']))).toBe(
      textOfCells([
        { number: 2, text: 'x = 1\ny = 2\n' },
        { number: 3, text: 'z = 3' },
      ]),
    );
  });

  it('may have a text as one string, and a byte order mark', () => {
    expect(readNotebook(`\ufeff${notebook([], { cells: [code('x = 1\r\ny = 2')] })}`)).toBe(
      textOfCells([{ number: 1, text: 'x = 1\ny = 2' }]),
    );
  });

  it('leaves out cells of another language', () => {
    const cells = [
      code('SELECT 1', { vscode: { languageId: 'sql' } }),
      code('%%bash\nls'),
      code('x = 1', { vscode: { languageId: 'python' } }),
    ];
    expect(readNotebook(notebook([], { cells }))).toBe(textOfCells([{ number: 3, text: 'x = 1' }]));
  });

  it('has no text without code cells', () => {
    expect(readNotebook(notebook([['markdown', 'text']]))).toBe('');
    expect(readNotebook(notebook([]))).toBe('');
  });

  it.each([
    ['', /^is not a Jupyter notebook: it is not JSON$/],
    ['{"cells": [', /it is not JSON$/],
    ['null', /it has no cells/],
    ['[1]', /it has no cells/],
    ['{"cells": []}', /it has no cells and format number$/],
    [notebook([], { nbformat: 3, cells: undefined, worksheets: [] }), /old format/],
    [notebook([], { cells: {} }), /it has no cells/],
  ])('that is %j is refused', (content, message) => {
    const error = whyNot(content);
    expect(error).toBeInstanceOf(NotASourceFile);
    expect((error as Error).message).toMatch(message);
  });

  it('is refused in another language than Python', () => {
    expect(whyNot(notebook(['x <- 1'], kernel('R')))).toBeInstanceOf(ForeignNotebook);
    expect(whyNot(notebook([], { metadata: { language_info: { name: 'julia' } } }))).toBeInstanceOf(
      ForeignNotebook,
    );
    expect(readNotebook(notebook(['x = 1'], { metadata: {} }))).toContain('x = 1');
  });

  it('survives cells of any form', () => {
    const cells = [null, 1, {}, { cell_type: 'code' }, { cell_type: 'code', source: [1] }];
    expect(readNotebook(notebook([], { cells }))).toBe(
      textOfCells([
        { number: 4, text: '' },
        { number: 5, text: '1' },
      ]),
    );
  });

  it('of 50 MB of outputs is read in a second', () => {
    const outputs = [{ output_type: 'display_data', data: { 'image/png': 'A'.repeat(50 * 2 ** 20) } }];
    const content = notebook([], { cells: [{ ...code('x = 1'), outputs }] });
    const start = performance.now();
    expect(readNotebook(content)).toContain('x = 1');
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
