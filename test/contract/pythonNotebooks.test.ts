import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { barePython, fullPython } from '../../.ci/pythonEnvironments.mjs';
import { notebook } from '../support/notebook';
import { adamscope } from '../support/python/adamscope';
import { folderWith } from '../support/startRun';

const fit = notebook([
  ['markdown', '# A fit'],
  'from __future__ import annotations\nimport math\nfrom fit import one\nfrom helpers import half\n%matplotlib inline',
  'if __name__ == "__main__":\n    raise SystemExit\nfiles = !ls\nscale = int(open("scale.txt").read()) * one\nscale\ndef later(x: NotYetDefined): pass',
  `# adamscope: loss start=[3, 4] optimizer=sgd lr=0.1 steps=50
# adamscope: expect=loss<1e-6
def loss(x: float, y: float) -> float:
    return x * x + scale * y * y`,
  `# adamscope: loss start=[-1] steps=20
def raises(w):
    return w[0] + math.sqrt(w[0])

# adamscope: loss start=[1]
def missing(w):
    return w[0] * len(files)

# adamscope: loss start=[-1] steps=20
def inModule(w):
    return half(w[0])

# adamscope: loss start=[1] gradient=slope
def below(w):
    return w[0] ** 2`,
  'def slope(w):\n    return 2 * w[0]\nraise SystemExit',
  'def broken(:',
]);
const helpers = 'def half(x):\n    if x < 0:\n        raise ValueError("negative")\n    return x / 2\n';

const numpyCells = notebook([
  'import numpy as np\nfrom numpy import log',
  'data = np.array([1.0, float("nan")])',
  `# adamscope: loss start=[1] steps=20
def dirty(w: np.ndarray):
    return np.sum(w * data)

# adamscope: loss start=[-1] steps=20
def logarithm(w: np.ndarray):
    return np.sum(np.log(w))

# adamscope: loss start=[1.05] steps=20
def rounds(w: np.ndarray):
    return np.sum((np.floor(w * 3.2) - 5) ** 2)`,
]);

/** The notebook in a project, whose folder is not that of the notebook. */
const files = {
  'pyproject.toml': '',
  'notes/fit.ipynb': fit,
  'notes/helpers.py': helpers,
  'notes/fit.py': 'one = 1\n',
  'notes/scale.txt': '2',
  'notes/.ipynb_checkpoints/fit-checkpoint.ipynb': fit,
};

let python: string;

function run(...args: string[]) {
  const { stdout, stderr, status } = adamscope(python, files, ...args);
  return { stdout, stderr, status };
}

/** `adamscope list`, which needs no interpreter. */
function list(cwd: string, ...args: string[]) {
  const cli = path.join(import.meta.dirname, '../../dist/cli.js');
  return spawnSync(process.execPath, [cli, 'list', ...args], { cwd, encoding: 'utf8' });
}

describe('a loss in a notebook', () => {
  beforeAll(async () => {
    python = await barePython();
  }, 600_000);

  it('is listed with its cell', () => {
    const cwd = folderWith(files);
    expect(list(cwd, 'notes/fit.ipynb').stdout).toContain('notes/fit.ipynb:cell 4:3  loss  sgd lr 0.1');
    const listed = JSON.parse(list(cwd, '.', '--json').stdout) as { file: string; cell?: number }[];
    expect(listed.map(({ file, cell }) => [file, cell])).toEqual(
      [4, 5, 5, 5, 5].map((cell) => ['notes/fit.ipynb', cell]),
    );
  });

  it('is evaluated after the cells above it, and without those below it', () => {
    const { stdout, stderr } = run('grad', 'notes/fit.ipynb#loss', '--json');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ value: 41, grad: [6, 16], gradientMode: 'exact' });
  });

  it('is run, and checked', () => {
    const ran = run('run', 'notes/fit.ipynb#loss', '--json');
    expect(JSON.parse(ran.stdout)).toMatchObject({ verdict: { kind: 'converged' } });
    const { stdout, status } = run('check', 'notes');
    expect(stdout).toMatch(/^ok {4}loss \(notes\/fit\.ipynb:cell 4:3\): expected loss < \S+:/);
    expect(status).toBe(0);
  });

  it('that raises is reported at the line of its cell', () => {
    const { stdout, stderr } = run('run', 'notes/fit.ipynb#raises', '--json');
    expect(stderr).toContain('notes/fit.ipynb:cell 5:3:19: raises failed at step 1: ValueError');
    expect(JSON.parse(stdout).problems[0].location).toEqual({
      file: 'notes/fit.ipynb',
      cell: 5,
      line: 3,
      column: 19,
      endLine: 3,
      endColumn: 34,
    });
  });

  it('that raises in a module is reported there', () => {
    expect(run('run', 'notes/fit.ipynb#inModule').stderr).toContain('notes/helpers.py:3:9: inModule failed');
  });

  it('that needs what a magic assigns says so', () => {
    expect(run('grad', 'notes/fit.ipynb#missing').stderr).toContain(
      "cell 5:7:23: missing failed: NameError: name 'files' is not defined; cell 3 assigns it by",
    );
  });

  it('that needs a function of a cell below it says so', () => {
    expect(run('grad', 'notes/fit.ipynb#below').stderr).toContain(
      'fit.ipynb has no slope after its import; cells below that of the loss do not run',
    );
  });

  it.each([
    [
      'a syntax error in a cell above',
      ['x = 1\ny = (2', 'def loss(w: list): return w[0]'],
      'nb.ipynb:cell 1:2:5: ',
    ],
    [
      'await in a cell',
      ['import a\n', 'await a.b()', 'def loss(w: list): return w[0]'],
      'nb.ipynb:cell 1:1:',
    ],
    [
      'await in a cell',
      ['x = 1', '\nawait x.y()', 'def loss(w: list): return w[0]'],
      'nb.ipynb:cell 2:2:1: await outside a function works only in Jupyter',
    ],
    [
      'an exception in a cell above',
      ['x = 1\n1 / 0', 'def loss(w: list): return w[0]'],
      'nb.ipynb:cell 1:2:1: ',
    ],
    ['no such loss', ['x = 1'], 'nb.ipynb has no function loss'],
  ])('reports %s', (_, cells, message) => {
    const { stderr, status } = adamscope(
      python,
      { 'nb.ipynb': notebook(cells) },
      'grad',
      'nb.ipynb#loss',
      '--at',
      '1',
    );
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });

  it('is refused in a file that is no notebook in Python', () => {
    const bad = {
      'a.ipynb': 'def loss(w): {',
      'b.ipynb': notebook([], { nbformat: 3 }),
      'c.ipynb': notebook(['def loss(w: list): return w[0]'], {
        metadata: { kernelspec: { language: 'R' } },
      }),
    };
    const of = (...args: string[]) => adamscope(python, bad, ...args);
    expect(of('grad', 'a.ipynb#loss').stderr).toBe(
      'adamscope: a.ipynb is not a Jupyter notebook: it is not JSON\n',
    );
    const cwd = folderWith(bad);
    expect(list(cwd, 'b.ipynb').stderr).toContain('b.ipynb is a notebook of an old format');
    expect(of('grad', 'c.ipynb#loss').stderr).toContain('c.ipynb is a notebook in R');
    const { stdout, stderr } = list(cwd, '.');
    expect(stdout).toBe('no losses found\n');
    expect(stderr).toContain('a.ipynb');
    expect(stderr).not.toContain('c.ipynb');
  });
});

describe('a loss of numpy in a notebook', () => {
  beforeAll(async () => {
    python = await fullPython();
  }, 900_000);

  function findings(loss: string) {
    const { stdout } = adamscope(
      python,
      { 'nb.ipynb': numpyCells },
      'run',
      `nb.ipynb#${loss}`,
      '--json',
      '--fix-budget',
      '0',
    );
    return JSON.parse(stdout).findings as { code: string; origin?: object; location: object }[];
  }

  it('has the places of data that are not finite, in their cells', () => {
    expect(findings('dirty')[0]).toMatchObject({
      code: 'non-finite-loss',
      origin: {
        kind: 'non-finite-datum',
        datum: 'data[1]',
        location: { file: 'nb.ipynb', cell: 3, line: 3, column: 19 },
        variable: { file: 'nb.ipynb', cell: 2, line: 1, column: 1 },
      },
    });
  });

  it('has the place of the expression that is not finite', () => {
    expect(findings('logarithm')[0]).toMatchObject({
      code: 'non-finite-loss',
      location: { file: 'nb.ipynb', cell: 3, line: 7, column: 19, endLine: 7, endColumn: 28 },
      origin: { expression: 'np.log(w)', inputs: [-1] },
    });
  });

  it('has the place of the expression that rounds', () => {
    const origin = findings('rounds').find(({ origin }) => origin)?.origin;
    expect(origin).toMatchObject({
      kind: 'cut-derivative',
      location: { cell: 3, line: 11 },
      expression: 'np.floor(w * 3.2)',
    });
  });
});
