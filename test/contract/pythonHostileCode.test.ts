import { beforeAll, describe, expect, it } from 'vitest';
import { barePython } from '../../.ci/pythonEnvironments.mjs';
import { adamscope } from '../support/python/adamscope';
import { lastWords } from '../support/python/lastWords';

let python: string;
beforeAll(async () => {
  python = await barePython();
}, 600_000);

const head = '# adamscope: loss start=[1, 2]\ndef f(t):\n';
const square = `${head}    return t[0] ** 2\n`;

describe('a loss that changes Python itself', () => {
  it.each([
    [
      'members of modules that the bridge uses',
      `import json, struct, os\njson.dumps = json.loads = struct.pack = os.write = None\n${head}    print("shown")\n    return t[0] ** 2\n`,
      'shown',
    ],
    ['sys.modules', `import sys\n${head}    sys.modules.clear()\n    return t[0] ** 2\n`, ''],
    ['the streams', `import sys\n${head}    sys.stdout = sys.stderr = None\n    return t[0] ** 2\n`, ''],
    [
      'builtins',
      `import builtins\n${head}    builtins.isinstance = None\n    return t[0] ** 2\n`,
      /^a\.py:3:5: the Python process that runs f ended: Adamscope's part of it failed.*; the loss may have replaced a member of builtins, sys or another module of Python$/,
    ],
    [
      'its file descriptors',
      `import os\n${head}    os.closerange(3, 300)\n    return t[0] ** 2\n`,
      "a.py:3:5: the Python process that runs f ended: the loss closed the descriptors of Adamscope's pipes (such as by os.closerange)",
    ],
    [
      'the handler of a signal',
      `import signal, time\ndef expired(*_):\n    raise ValueError("late")\nsignal.signal(signal.SIGALRM, expired)\ncalls = 0\n${head}    global calls\n    calls += 1\n    if calls == 2:\n        signal.setitimer(signal.ITIMER_REAL, 0.0005)\n    if calls == 3:\n        time.sleep(0.1)\n    return t[0] ** 2\n`,
      /^a\.py:3:.*ValueError: late/,
    ],
  ])('%s', (_, text, words) => {
    const said = lastWords(python, { 'a.py': text }, 'a.py#f');
    if (typeof words === 'string') expect(said).toBe(words);
    else expect(said).toMatch(words);
  });
});

describe('an exception that cannot be shown', () => {
  it.each([
    [
      'its __str__ raises',
      'class E(Exception):\n    def __str__(self):\n        raise SystemExit(4)\n',
      'E()',
      'a.py:6:5: f failed at step 1: E, whose __str__ raised SystemExit',
    ],
    [
      'its text is a string with methods of its own',
      'class S(str):\n    def __format__(self, _):\n        raise ValueError\nclass E(Exception):\n    def __str__(self):\n        return S("x")\n',
      'E()',
      'a.py:9:5: f failed at step 1: E: x',
    ],
  ])('%s', (_, before, raised, words) => {
    expect(lastWords(python, { 'a.py': `${before}${head}    raise ${raised}\n` }, 'a.py#f')).toBe(words);
  });

  it('is reported without a warning about the gradient', () => {
    const text = `${head}    return t.missing\n`;
    const { stderr } = adamscope(python, { 'a.py': text }, 'run', 'a.py#f', '--no-verify', '--steps=2');
    expect(stderr).toBe(
      "adamscope: a.py:3:12: f failed at step 1: AttributeError: 'list' object has no attribute 'missing'\n",
    );
  });

  it('has a long text that is no UTF-16', () => {
    const text = `${head}    raise ValueError("\\ud800" + "x" * 10**7)\n`;
    const words = lastWords(python, { 'a.py': text }, 'a.py#f');
    expect(words).toMatch(/^a\.py:3:5: f failed at step 1: ValueError: \ufffdx+…$/);
    expect(words.length).toBeLessThan(2100);
  });

  it('comes from breakpoint()', () => {
    expect(lastWords(python, { 'a.py': `${head}    breakpoint()\n` }, 'a.py#f')).toBe(
      'a.py:3:5: the loss called breakpoint(); no terminal is there for a debugger (at step 1)',
    );
  });
});

describe('a file', () => {
  it.each([
    [
      'whose bytes are no text',
      { 'a.py': `x = "\0"\n${square}` },
      'a.py',
      'a.py:1:1: the file contains a null character',
    ],
    [
      'of an unknown encoding',
      { 'a.py': `# -*- coding: nonsense -*-\n${square}` },
      'a.py',
      'a.py:1:1: unknown encoding: nonsense',
    ],
    ['with dots in its name', { 'my.loss.py': square }, 'my.loss.py', ''],
    [
      'with dots in its name, in a package',
      { 'p/__init__.py': '', 'p/b.py': '', 'p/my.loss.py': `from . import b\n${square}` },
      'p/my.loss.py',
      '',
    ],
    [
      'of a package',
      { 'p/__init__.py': `from . import b\n${square}`, 'p/b.py': 'from . import *\n' },
      'p/__init__.py',
      '',
    ],
    [
      'beside files with the names of modules that the bridge uses',
      {
        'a.py': square,
        ...Object.fromEntries(
          ['linecache', 'signal', 'traceback', 'inspect', 'copy'].map((name) => [`${name}.py`, '1 / 0\n']),
        ),
      },
      'a.py',
      '',
    ],
  ])('%s', (_, files, file, words) => {
    expect(lastWords(python, files as Record<string, string>, `${file}#f`)).toBe(words);
  });
});

describe('a start', () => {
  it.each([
    [
      'that is not finite',
      '[1.0, float("nan")]',
      'f_start must contain finite numbers only, and at least one',
    ],
    [
      'that floats cannot hold',
      '[1.0, 10**400]',
      'f_start must give numbers that floats can hold; the numbers of [1] are none (OverflowError: int too large to convert to float)',
    ],
    [
      'that is no number',
      '[1.0, "2"]',
      'f_start must give arrays, tensors or numbers, or dicts and lists of them; [1] is of type str',
    ],
  ])('%s', (_, start, words) => {
    const text = `f_start = ${start}\n# adamscope: loss\ndef f(t):\n    return t[0] ** 2\n`;
    expect(lastWords(python, { 'a.py': text }, 'a.py#f')).toBe(`a.py:3:5: ${words}`);
  });

  it('in a dict with a default', () => {
    const text =
      'from collections import defaultdict\nstart = defaultdict(lambda: 3.0, a=1.0)\n# adamscope: loss params=start\ndef f(t):\n    return (t["a"] + t["other"]) ** 2\n';
    const { stdout } = adamscope(python, { 'a.py': text }, 'grad', 'a.py#f', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ value: 16, grad: [8], gradientMode: 'exact' });
  });
});

it('reports a name that is no function any more', () => {
  expect(lastWords(python, { 'a.py': `${square}f = None\n` }, 'a.py#f')).toBe(
    'a.py:2:5: f is no function after the import of a: its type is NoneType (replaced by a decorator or a later assignment?)',
  );
});
