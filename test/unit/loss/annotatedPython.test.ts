import { describe, expect, test } from 'vitest';
import type { LossDeclaration } from '../../../src/loss/declaration';
import {
  discover,
  expectationsIn,
  lossAt,
  lossNamed,
  optimizerStepsIn,
} from '../../../src/loss/discovery/discover';
import { discoverInSlices } from '../../../src/loss/discovery/discoverInSlices';
import { derivativeProblems } from '../../../src/loss/discovery/javascript/derivatives';
import { reexportsIn } from '../../../src/loss/discovery/javascript/reexports';
import { lossInText } from '../../../src/loss/discovery/lossInText';
import { mayHoldLoss } from '../../../src/loss/discovery/mayHoldLoss';
import { isSameLoss } from '../../../src/loss/discovery/sameLoss';
import { LineMap } from '../../../src/loss/places/lineMap';
import { movedPlace } from '../../../src/loss/places/movedPlace';
import { planRun } from '../../../src/loss/plan';

const file = '/w/fit.py';

function annotated(text: string): string[] {
  const losses = discover(text, file, 'annotated');
  if (losses.length > 0) expect(mayHoldLoss(text, file, 'annotated')).toBe(true);
  return losses.map(({ exportName }) => exportName!);
}

function shown(text: string, location: LossDeclaration['location']): string {
  const { from, to } = new LineMap(file, text).range(location);
  return text.slice(from, to);
}

const none = { below: [], above: [] };

/** A module as people write them. */
const module = `#!/usr/bin/env python3
"""Fits a model.

# adamscope: loss
"""
from __future__ import annotations

import numpy as np
import torch
from jax import Array

Vector = np.ndarray
rosenbrock_start = np.array([-1.2, 1.])


# The classic.
# adamscope: loss start=[-1.2, 1] optimizer=adam lr=0.05
# See Rosenbrock (1960).
def rosenbrock(theta: Vector) -> float:
    x, y = theta
    return 100. * (y - x ** 2) ** 2 + (1. - x) ** 2


@torch.jit.script
def quartic(theta, lam: float = 0.1):
    r"""A bowl.

    adamscope: loss start=[3.]
    """
    if (n := theta[0]) > 1.:
        return n ** 4
    match theta:
        case [x, *_]:
            return x ** 4 + lam
    return f"{theta[0]!r:>{10}}"


class Ridge(torch.nn.Module):
    """Ridge regression."""

    def __init__(self, lam=1.):
        self.lam = lam

    # adamscope: loss steps=100
    def penalty(self, w: torch.Tensor, indices) -> torch.Tensor:
        return self.lam * (w ** 2).sum()

    @staticmethod
    def hinge_loss(w: Array) -> Array:
        return w.clip(0).sum()


ridge = Ridge(2.)


# adamscope: optimizer-step adam lr=0.01
class Adam:
    def __init__(self, lr):
        self.lr = lr

    def step(self, params, grad):
        return params


if __name__ == '__main__':
    # adamscope: loss
    def script(theta):
        return theta[0]
`;

describe('the annotation of a Python function', () => {
  test('in a module of functions, classes and comments', () => {
    expect(annotated(module)).toEqual(['rosenbrock', 'quartic', 'ridge.penalty']);
    expect(discover(module, file, 'named').map(({ name, foundBy }) => [name, foundBy])).toEqual([
      ['rosenbrock', 'annotation'],
      ['quartic', 'annotation'],
      ['ridge.penalty', 'annotation'],
      ['Ridge.hinge_loss', 'name'],
    ]);
    expect(discover(module, file, 'off')).toEqual([]);
  });

  test.each(['\r\n', '\r'])('in a module with the line ends %j', (end) => {
    const text = module.replaceAll('\n', end);
    const [before, now] = [module, text].map((each) =>
      discover(each, file, 'named').map(({ name, location, extent, annotation, dim, form }) =>
        JSON.stringify([name, location, extent, annotation, dim, form]),
      ),
    );
    expect(now).toEqual(before);
  });

  test.each<[what: string, text: string, losses: string[]]>([
    ['above the function', '# adamscope: loss\ndef f(w): ...', ['f']],
    ['among other comment lines', '# a\n# adamscope: loss\n# b\ndef f(w): ...', ['f']],
    ['above the decorators', '# adamscope: loss\n@a\n@b(1)\ndef f(w): ...', ['f']],
    ['below the decorators', '@a\n# adamscope: loss\ndef f(w): ...', ['f']],
    ['before an empty line', '# adamscope: loss\n\ndef f(w): ...', []],
    ['behind a statement', 'a = 1  # adamscope: loss\ndef f(w): ...', []],
    ['in a string above', 'a = """\n# adamscope: loss steps=10\n# """\ndef f(w): ...', []],
    ['of another function', '# adamscope: loss\ndef f(w): ...\ndef g(w): ...', ['f']],
    ['in the docstring', 'def f(w):\n    """adamscope: loss"""\n    return 1', ['f']],
    ["in the docstring with '", "def f(w): 'adamscope: loss'", ['f']],
    [
      'in the docstring after a comment',
      'def f(w):\n    # A comment.\n    """\n    adamscope: loss\n    """',
      ['f'],
    ],
    ['in a later string', 'def f(w):\n    a = 1\n    """adamscope: loss"""', []],
    ['in an f-string', 'def f(w):\n    f"""adamscope: loss"""', []],
    ['in the body', 'def f(w):\n    # adamscope: loss\n    return 1', []],
    ['of a private function', '# adamscope: loss\ndef _f(w): ...', ['_f']],
    ['of an async function', '# adamscope: loss\nasync def f(w): ...', []],
    ['of a generator', '# adamscope: loss\ndef f(w):\n    yield w', []],
    ['of a function in an if', 'if a:\n    # adamscope: loss\n    def f(w): ...', ['f']],
    ['of a nested function', 'def g():\n    # adamscope: loss\n    def f(w): ...', []],
    ['of a class', '# adamscope: loss\nclass A: pass', []],
    ['with other tags only', '# adamscope: steps=10\ndef f(w): ...', []],
    ['indented with tabs', 'try:\n\t# adamscope: loss\n\tdef f(w):\n\t\treturn 1\nexcept E: pass', ['f']],
  ])('%s', (_what, text, losses) => {
    expect(annotated(text)).toEqual(losses);
  });

  test('above the function is preferred to the docstring', () => {
    const text = '# adamscope: loss steps=1\ndef f(w):\n    """adamscope: loss steps=2"""';
    expect(lossNamed(text, file, 'f')!.annotation!.patch.steps).toBe(1);
  });

  test('begins the extent if it is above the function', () => {
    const [rosenbrock, quartic] = discover(module, file, 'annotated');
    expect(shown(module, rosenbrock!.extent)).toMatch(/^# The classic\.[\s\S]*\(1\. - x\) \*\* 2$/);
    expect(shown(module, rosenbrock!.statement)).toBe('def rosenbrock(theta: Vector) -> float:');
    expect(shown(module, quartic!.extent)).toMatch(/^@torch\.jit\.script[\s\S]*\{10\}\}"$/);
    expect(shown(module, quartic!.annotation!.location)).toMatch(/^r"""A bowl\.[\s\S]*"""$/);
  });

  test('has names and places of the coordinates', () => {
    const [{ parameterNames, parameter, dim, startExport, annotation }] = discover(
      module,
      file,
      'annotated',
    ) as [LossDeclaration];
    expect([parameterNames, dim, startExport]).toEqual([['x', 'y'], 2, 'rosenbrock_start']);
    expect([...parameter!.coordinates.values()].map((place) => shown(module, place))).toEqual(['x', 'y']);
    expect(annotation!.patch).toMatchObject({ start: [-1.2, 1], optimizer: { name: 'adam', lr: 0.05 } });
  });

  test('with a module and data: the function gets these instead of a vector', () => {
    const form = (tags: string, parameters: string) =>
      lossNamed(`# adamscope: loss ${tags}\ndef f(${parameters}): ...`, file, 'f')!.form;
    const vector = { kind: 'array', arity: null, names: null };
    expect(form('module=make', 'net, step')).toEqual({ vector, context: true, unfilled: null });
    expect(form('module=make data=batch', 'net: Net, batch')).toEqual({
      vector,
      context: false,
      unfilled: null,
    });
    expect(form('module=make', 'net, batch')).toEqual({ vector, context: false, unfilled: 'batch' });
    expect(form('params=initial', 'p: str')).toEqual({ vector, context: false, unfilled: null });
  });

  test('with a start whose names are parameters: they are numbers', () => {
    const text = '# adamscope: loss start={"x": 1, "y": 2}\ndef f(x, y): ...';
    const loss = lossNamed(text, file, 'f')!;
    expect(loss.annotation!.patch.start).toEqual({ x: 1, y: 2 });
    expect(loss.form.unfilled).toBeNull();
    expect(planRun(loss, none).source.form).toEqual({
      vector: { kind: 'numbers', names: ['x', 'y'] },
      context: false,
    });
  });
});

describe('optimizers, expectations and names', () => {
  test('an optimizer is a class or a function with its tag', () => {
    const steps = optimizerStepsIn(module, file);
    expect(steps.map(({ name, exportName }) => [name, exportName])).toEqual([['Adam', 'Adam']]);
    const [loss] = discover(module, file, 'annotated');
    expect(loss!.optimizers!.get('Adam')).toMatchObject({ reference: { name: 'adam', lr: 0.01 } });
    const step = '# adamscope: optimizer-step adam\ndef step(params, grad, state, t): ...';
    expect(optimizerStepsIn(step, file).map(({ name }) => name)).toEqual(['step']);
    expect(lossAt(module, file, module.indexOf('class Adam'))?.name).toBe('Adam');
    expect(lossAt(module, file, module.indexOf('return params'))?.name).toBe('Adam');
    expect(lossNamed(module, file, 'Ridge')).toBeNull();
  });

  test('an expectation is found for any function', () => {
    const text = '# adamscope: expect=loss<1e-8\ndef f(w): ...\n\n# expect nothing\ndef g(w): ...';
    expect(expectationsIn(text, file).map(({ name }) => name)).toEqual(['f']);
    expect(expectationsIn('def f(w): ...', file)).toEqual([]);
    const method = 'class A:\n  # adamscope: expect=loss<1\n  def f(self, w): ...\na = A()';
    expect(expectationsIn(method, file).map(({ name }) => name)).toEqual(['a.f']);
  });

  test('a method is found by its address and by the cursor', () => {
    const loss = lossAt(module, file, module.indexOf('self.lam * '))!;
    expect([loss.name, loss.exportName, loss.form.context]).toEqual([
      'ridge.penalty',
      'ridge.penalty',
      'indices',
    ]);
    expect(lossNamed(module, file, 'ridge.penalty')?.location).toEqual(loss.location);
    expect(lossInText(module, file, 'ridge.penalty')?.location).toEqual(loss.location);
    expect(lossNamed(module, file, 'Ridge.hinge_loss')?.exportName).toBe('Ridge.hinge_loss');
  });

  test('a function that is not at the top level cannot be loaded', () => {
    const script = lossInText(module, file, 'script')!;
    expect(planRun(script, none).problems.map(({ code, message }) => [code, message])).toContainEqual([
      'not-exported',
      'script is not at the top level of its module, so it cannot be loaded: move it there, or create an object of its class there',
    ]);
  });
});

describe('the texts of a Python loss', () => {
  const text = '# adamscope: loss steps=10 optimizer=adam\n@jit\ndef f(w):\n    return 1';

  test.each<[what: string, now: string, isSame: boolean]>([
    ['line ends', text.replaceAll('\n', '\r\n'), true],
    ['another comment line', `# Why.\n${text}`, true],
    ['another value', text.replace('10', '11'), false],
    ['another body', text.replace('return 1', 'return 2'), false],
    ['another decorator', text.replace('@jit', '@vmap'), false],
  ])('with %s', (_what, now, isSame) => {
    expect(isSameLoss(text, now, file, 'f')).toBe(isSame);
  });

  test('are compared without the docstring that is the annotation', () => {
    const documented = (doc: string) => `def f(w):\n    """${doc}"""\n    return 1`;
    const [a, b, c] = ['A. adamscope: loss', 'B. adamscope: loss', 'C'].map(documented);
    expect(isSameLoss(a!, b!, file, 'f')).toBe(discover(a!, file, 'annotated').length > 0);
    expect(isSameLoss(a!, c!, file, 'f')).toBe(false);
  });

  test('a place moves with the statement that encloses it', () => {
    const lines = new LineMap(file, module);
    const at = module.indexOf('self.lam * ');
    const place = lines.location(at, at + 8);
    const now = `import os\n${module}`;
    expect(movedPlace(place, module, now)).toEqual({
      ...place,
      line: place.line + 1,
      endLine: place.endLine + 1,
    });
    expect(movedPlace(place, module, module.replace('Ridge regression', 'Ridge'))).toBeNull();
  });
});

describe('an incomplete or unusual text', () => {
  test('never fails: every prefix of a module', () => {
    for (let end = 0; end <= module.length; end++) {
      const text = module.slice(0, end);
      const losses = discover(text, file, 'named');
      if (losses.length > 0) expect(mayHoldLoss(text, file, 'named'), text).toBe(true);
      for (const loss of losses)
        expect([...loss.forms.keys(), ...loss.optimizers!.keys()]).toContain(loss.exportName);
      lossAt(text, file, end);
      optimizerStepsIn(text, file);
    }
  }, 60_000);

  test('never fails: suffixes of a module, and the module without a character', () => {
    for (let at = 0; at < module.length; at += 7) {
      discover(module.slice(at), file, 'named');
      discover(module.slice(0, at) + module.slice(at + 1), file, 'named');
    }
  });

  test.each<[string, string]>([
    ['brackets in a type', `def loss(w: ${'list['.repeat(20_000)}): ...`],
    ['brackets in a start', `loss_start = ${'['.repeat(20_000)}1${']'.repeat(20_000)}\ndef loss(w): ...`],
    ['closed brackets in a type', `def loss(w: ${'list['.repeat(20_000)}float${']'.repeat(20_000)}): ...`],
    ['parentheses', `x = ${'('.repeat(20_000)}1\ndef loss(w): ...`],
    ['calls', `x = ${'A('.repeat(20_000)}\nclass A:\n  def loss(self, w: Tensor): ...`],
    ['chained calls', `class A:\n  def loss(self, w: Tensor): ...\nx = A()${'.to(1)'.repeat(20_000)}`],
    ['strings in types', `def loss(w: ${'"'.repeat(20_000)}): ...`],
    ['unions', `def loss(w: ${'a | '.repeat(20_000)}b): ...`],
  ])('never fails: many %s', (_what, text) => {
    expect(() => discover(text, file, 'named')).not.toThrow();
  });

  test('is searched in slices, with the same result', async () => {
    const long = Array.from({ length: 50 }, (_, i) => module.replaceAll('rosenbrock', `r${i}`)).join('\n');
    let rests = 0;
    const slices = { isOver: () => true, rest: async () => void rests++ };
    const found = await discoverInSlices(long, file, 'named', slices);
    const names = (losses: readonly LossDeclaration[]) =>
      losses.map(({ name, location }) => [name, location]);
    expect(names(found)).toEqual(names(discover(long, file, 'named')));
    expect(rests).toBeGreaterThan(10);
  });

  test('is not read as JavaScript', () => {
    const text = 'from x import y\n"""\n/** @derivative f */ export { a } from "b"\n"""';
    expect(reexportsIn(text, file)).toEqual([]);
    expect(derivativeProblems(text, file)).toEqual([]);
  });
});

describe('the quick test of a Python text', () => {
  test.each<[what: string, text: string, mode: 'named' | 'annotated', may: boolean]>([
    ['a call', 'loss(w)', 'named', false],
    ['an import', 'from a import loss\nloss = 1', 'named', false],
    ['a longer word', 'def loss_fn(w: Tensor): ...', 'named', false],
    ['a definition', 'def f_loss (w: Tensor): ...', 'named', true],
    ['a definition, in the mode annotated', 'def f_loss (w: Tensor): ...', 'annotated', false],
    ['an annotation', '# adamscope: loss\ndef f(w): ...', 'annotated', true],
    ['nothing', '', 'named', false],
  ])('%s', (_what, text, mode, may) => {
    expect(mayHoldLoss(text, file, mode)).toBe(may);
  });

  test('is fast for a long text without a loss', () => {
    const text = `${'x'.repeat(80)} = loss_of(error, cost)  # loss\n`.repeat(20_000);
    const before = performance.now();
    expect(mayHoldLoss(text, file, 'named')).toBe(false);
    expect(performance.now() - before).toBeLessThan(500);
  });
});
