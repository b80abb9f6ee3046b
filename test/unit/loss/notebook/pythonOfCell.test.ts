import { describe, expect, it } from 'vitest';
import { pythonOfCell } from '../../../../src/loss/notebook/pythonOfCell';

const cell = (...lines: string[]) => pythonOfCell(lines.join('\n'))?.split('\n');

describe('the Python of a cell', () => {
  it.each([
    '%matplotlib inline',
    '!pip install numpy',
    'np.sum?',
    'loss??',
    '?loss',
    'files = !ls *.csv',
    'a, b = %sql select',
  ])('has pass instead of %s', (line) => {
    expect(cell('import math', line, 'x = 1')).toEqual(['import math', `pass  # ${line}`, 'x = 1']);
  });

  it('keeps the indentation of a line that is left out', () => {
    expect(cell('if colab:', '    !pip install numpy')).toEqual([
      'if colab:',
      '    pass  # !pip install numpy',
    ]);
  });

  it('leaves out the lines that continue a command', () => {
    expect(cell('!pip install \\', '  numpy \\', '  torch', 'x = 1')).toEqual([
      'pass  # !pip install \\',
      '',
      '',
      'x = 1',
    ]);
  });

  it.each([
    ['an operator in brackets', ['x = (a', '%b)']],
    ['an operator after a backslash', ['x = a \\', '%b']],
    ['the text of a string', ['x = """', '%matplotlib', '!ls', 'name?', '"""']],
    ['a string that contains quotes and backslashes', ['x = r"""a\\"""b', '%c', '"""']],
    ['a comment that ends with a question mark', ['# why?', 'x = 1  # or 2?']],
    ['a comparison and an operator', ['y != x', 'y %= 3', 'z = x % 3']],
    ['a string that ends with a question mark', ["x = 'why?'"]],
    ['a string with a bracket, and then a magic', ["x = '('", 'y = "[" # (', 'z = 1']],
  ])('keeps %s', (_, lines) => {
    expect(cell(...lines)).toEqual(lines);
  });

  it('finds a magic after a string with a bracket', () => {
    expect(cell("x = '('", '%time y')).toEqual(["x = '('", 'pass  # %time y']);
  });

  it.each(['%%time', '%%timeit -n 3', '%%capture out'])('runs the body of %s', (magic) => {
    expect(cell('', magic, 'x = 1')).toEqual(['', `pass  # ${magic}`, 'x = 1']);
  });

  it.each(['%%bash', '%%writefile a.py', '%%timeline', '  %%html'])('is none in a cell of %s', (magic) => {
    expect(cell(magic, 'x = 1')).toBeUndefined();
  });

  it('has the same lines whatever ends them', () => {
    expect(pythonOfCell('%time x\r\ny = 1\r')).toBe('pass  # %time x\ny = 1\n');
    expect(pythonOfCell('')).toBe('');
  });
});
