import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { barePython } from '../../.ci/pythonEnvironments.mjs';
import { adamscope } from '../support/python/adamscope';
import { lastWords } from '../support/python/lastWords';
import { folderWith } from '../support/startRun';

const lossFile = `import ctypes, os, signal, sys

# adamscope: loss start=[1, 2]
def raises(t):
    y = t[0] + 1
    return y * undefined_name + t[1]

# adamscope: loss start=[1, 2]
def inner(t):
    return helper(t[0]) + t[1]

def helper(x):
    return "é" + x * {}["é"]

# adamscope: loss start=[1, 2]
def segfault(t):
    ctypes.string_at(0)
    return t[0]

# adamscope: loss start=[1, 2]
def exits(t):
    os._exit(3)

# adamscope: loss start=[1, 2]
def leaves(t):
    sys.exit(3)

# adamscope: loss start=[1, 2]
def aborts(t):
    os.abort()

# adamscope: loss start=[1, 2]
def killed(t):
    ctypes.CDLL(None).kill(os.getpid(), signal.SIGKILL)
    return t[0]

# adamscope: loss start=[1, 2]
def loops(t):
    while True:
        pass

# adamscope: loss start=[1, 2]
def waits(t):
    ctypes.CDLL(None).sleep(1000)
    return t[0]

# adamscope: loss start=[1, 2]
def nothing(t):
    t[0] * 2

# adamscope: loss start=[1, 2]
def text(t):
    return "one"

# adamscope: loss start=[1, 2]
def complexes(t):
    return complex(1, 2)

# adamscope: loss start=[1, 2]
def lists(t):
    return [t[0], t[1]]

# adamscope: loss start=[1, 2]
def hoards(t):
    global kept
    kept = []
    while True:
        kept.append(bytearray(b"x") * 10**7)
`;

let python: string;
beforeAll(async () => {
  python = await barePython();
}, 600_000);

describe('a Python loss that fails ends with one message at its line', () => {
  it.each([
    ['raises', "a.py:6:16: raises failed at step 1: NameError: name 'undefined_name' is not defined"],
    ['inner', "a.py:13:22: inner failed at step 1: KeyError: 'é'"],
    ['segfault', 'a.py:17:1: the Python process that runs segfault ended: Segmentation fault'],
    ['exits', 'a.py:22:5: the loss called os._exit; a loss must not end its process (at step 1)'],
    ['leaves', 'a.py:26:5: the loss called sys.exit; a loss must not end its process (at step 1)'],
    ['aborts', 'a.py:30:5: the loss called os.abort; a loss must not end its process (at step 1)'],
    [
      'killed',
      'a.py:33:5: the Python process of killed was ended by the system, likely because the machine ran out of memory',
    ],
    ['loops', 'a.py:38:5: loops did not return within 3 s and was stopped (--timeout)'],
    ['waits', 'a.py:43:5: waits did not return within 3 s and was stopped (--timeout)'],
    [
      'nothing',
      'a.py:48:5: nothing must return a number; it returned None (is a return missing?) (at step 1)',
    ],
    ['text', "a.py:52:5: text must return a number; it returned the string 'one' (at step 1)"],
    [
      'complexes',
      'a.py:56:5: complexes must return a number; it returned the complex number (1+2j) (at step 1)',
    ],
    ['lists', 'a.py:60:5: lists must return a number; it returned a list of 2 (at step 1)'],
    ['hoards', 'a.py:64:5: hoards used more than 300 MB and was stopped (--memory-limit)'],
  ])('%s', (name, message) => {
    expect(lastWords(python, { 'a.py': lossFile }, `a.py#${name}`)).toBe(message);
  });
});

describe('a module that cannot be imported', () => {
  const loss = '\n# adamscope: loss start=[1]\ndef loss(t):\n    return t[0] ** 2\n';

  it.each([
    [
      'raises',
      `value = 1 / 0${loss}`,
      'a.py:1:9: the module could not be loaded: ZeroDivisionError: division by zero',
    ],
    [
      'waits',
      `while True:\n    pass${loss}`,
      'a.py:4:5: loss did not return within 3 s and was stopped (--timeout)',
    ],
    [
      'ends',
      `import os\nos._exit(0)${loss}`,
      'a.py:2:1: the loss called os._exit; a loss must not end its process',
    ],
    [
      'guards its script',
      `import sys\nif __name__ == "__main__":\n    sys.exit("a script")${loss.replace('** 2', '+ None')}`,
      "a.py:6:12: loss failed at step 1: TypeError: unsupported operand type(s) for +: 'float' and 'NoneType'",
    ],
  ])('because it %s', (_, text, message) => {
    expect(lastWords(python, { 'a.py': text }, 'a.py#loss')).toBe(message);
  });

  it('because another one has a syntax error', () => {
    const files = { 'a.py': `import other${loss}`, 'other.py': 'x = [1, 2\ny = 3\n' };
    expect(lastWords(python, files, 'a.py#loss')).toMatch(/^other\.py:1:5: '\[' was never closed/);
  });
});

describe('a package that is missing', () => {
  const loss = '\n# adamscope: loss start=[1]\ndef loss(t):\n    return t[0] ** 2\n';
  const install = (name: string) =>
    `; to install it for this interpreter (--python), run "${python}" -m pip install ${name}, or select an interpreter that has it`;

  it.each([
    ['by its module', `import sklearn.svm${loss}`, "No module named 'sklearn'", 'scikit-learn'],
    ['of the same name', `from anything.at import all${loss}`, "No module named 'anything'", 'anything'],
    ['that is part of another', `import json.nothing${loss}`, "No module named 'json.nothing'", null],
  ])('has the command that installs it, or none: %s', (_, text, message, name) => {
    const words = lastWords(python, { 'a.py': text }, 'a.py#loss');
    expect(words).toContain(`a.py:1:1: the module could not be loaded: ModuleNotFoundError: ${message}`);
    if (name === null) expect(words).not.toContain('pip');
    else expect(words).toContain(install(name));
  });

  it('is that of the arrays that the annotation names', () => {
    const text = '# adamscope: loss start=[1] library=torch\ndef loss(t):\n    return t[0] ** 2\n';
    expect(lastWords(python, { 'a.py': text }, 'a.py#loss')).toBe(
      `a.py:2:5: the loss takes its parameters from torch, which cannot be imported: No module named 'torch'${install('torch')}`,
    );
  });
});

describe('an interpreter that cannot be used', () => {
  const files = { 'a.py': '# adamscope: loss start=[1]\ndef loss(t):\n    return t[0] ** 2\n' };
  const script = (text: string) => {
    const file = path.join(folderWith({ python: text }), 'python');
    chmodSync(file, 0o755);
    return file;
  };

  it('is too old', () => {
    // The program that the bridge passes decides by sys.version_info.
    const old = script(
      `#!/bin/sh\nexec ${python} -c 'import sys; sys.version_info = (3, 8, 1); sys.argv[:] = sys.argv[3:]; exec(sys.argv[1])' "$@"\n`,
    );
    expect(lastWords(old, files, 'a.py#loss')).toBe(
      `a.py:2:5: the Python interpreter ${old} (--python) is version 3.8.1; Adamscope needs 3.9 or newer: select another interpreter`,
    );
  });

  it('ends at once', () => {
    const broken = script('#!/bin/sh\nexit 4\n');
    expect(lastWords(broken, files, 'a.py#loss')).toBe(
      `a.py:2:5: the Python interpreter ${broken} (--python) ended when it was started (exit code 4); select another interpreter`,
    );
  });

  it('is not there', () => {
    expect(lastWords('/nowhere/python', files, 'a.py#loss')).toBe(
      'there is no Python interpreter /nowhere/python',
    );
  });

  it('is deleted during the run: the run ends as usual, and the next one says so', () => {
    const environment = path.join(folderWith({ 'note.txt': '' }), 'environment');
    execFileSync(python, ['-m', 'venv', '--without-pip', environment]);
    const own = path.join(environment, 'bin', 'python');
    const text = `import shutil, sys
# adamscope: loss start=[1]
def loss(t):
    shutil.rmtree(sys.prefix, ignore_errors=True)
    return t[0] ** 2
`;
    const { stdout } = adamscope(own, { 'a.py': text }, 'run', 'a.py#loss', '--json', '--steps=40');
    expect(JSON.parse(stdout)).toMatchObject({ steps: 40, stopped: 'steps', problems: [] });
    expect(lastWords(own, files, 'a.py#loss')).toBe(`there is no Python interpreter ${own}`);
  });

  it('is no program', () => {
    const text = script('hello');
    chmodSync(text, 0o644);
    expect(lastWords(text, files, 'a.py#loss')).toBe(
      `a.py:2:5: the Python interpreter ${text} (--python) cannot be started: install Python 3.9 or newer, or select another interpreter`,
    );
  });
});

describe('what a loss does besides', () => {
  it('prints much: the first lines are shown, and its line is named', () => {
    const text =
      '# adamscope: loss start=[1]\ndef loss(t):\n    for i in range(3000):\n        print("line", i)\n    return t[0] ** 2\n';
    const { stderr, status } = adamscope(
      python,
      { 'a.py': text },
      'run',
      'a.py#loss',
      '--no-verify',
      '--steps=3',
    );
    const lines = stderr.split('\n');
    expect(lines.filter((line) => line.startsWith('line '))).toHaveLength(1000);
    expect(stderr).toContain(
      'adamscope: warning: a.py:4:1: loss printed more than 1000 lines; further lines are not shown',
    );
    expect(status).toBe(0);
  });

  it('forks: only the parent answers', () => {
    const text = `import os
# adamscope: loss start=[3]
def loss(t):
    if os.fork():
        os.wait()
    return t[0] ** 2
`;
    const { stdout } = adamscope(python, { 'a.py': text }, 'grad', 'a.py#loss', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ value: 9, grad: [6], gradientMode: 'exact' });
  });

  it('writes to the standard output without print: the answers are not damaged', () => {
    const text = `import os
# adamscope: loss start=[3]
def loss(t):
    os.write(1, b"raw\\n")
    return t[0] ** 2
`;
    const { stdout, stderr } = adamscope(python, { 'a.py': text }, 'grad', 'a.py#loss', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ value: 9, grad: [6] });
    expect(stderr).toBe('');
  });
});
