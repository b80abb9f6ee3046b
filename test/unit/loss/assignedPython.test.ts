import { describe, expect, test } from 'vitest';
import { editAnnotation } from '../../../src/loss/annotation/annotationEdit';
import type { LossDeclaration } from '../../../src/loss/declaration';
import { discover, lossAt, lossNamed } from '../../../src/loss/discovery/discover';
import { mayHoldLoss } from '../../../src/loss/discovery/mayHoldLoss';

const file = '/w/fit.py';
const mark = '# adamscope: loss start=[1, 2]';

function found(text: string): string[] {
  const losses = discover(text, file, 'named');
  if (losses.length > 0) expect(mayHoldLoss(text, file, 'named')).toBe(true);
  return losses.map(
    ({ exportName, foundBy, location }) => `${exportName} by ${foundBy}, line ${location.line}`,
  );
}

function only(text: string): LossDeclaration {
  const [loss, ...more] = discover(text, file, 'named');
  expect(more).toEqual([]);
  return loss!;
}

const f = 'def f(w):\n    x, y = w\n    return x + y\n';

describe('a variable that holds a function', () => {
  test.each<[text: string, losses: string[]]>([
    [`${mark}\nloss = lambda x: x[0] ** 2\n`, ['loss by annotation, line 2']],
    [`${f}${mark}\nfast = jax.jit(f)\n`, ['fast by annotation, line 5']],
    [`${f}${mark}\nfast: Loss = f\n`, ['fast by annotation, line 5']],
    [`${mark}\nfast = make_loss(3)\n`, ['fast by annotation, line 2']],
    [`${mark}\nfast = other.loss\n`, ['fast by annotation, line 2']],
    [`if a:\n    ${mark}\n    fast = make_loss(3)\n`, ['fast by annotation, line 3']],
    [`${mark}\nfast = 3\n`, []],
    [`def g():\n    ${mark}\n    fast = make_loss(3)\n`, []],
    ['loss = lambda x: x[0]\n', []],
    ['loss = lambda x: x[0]\nloss_start = [1]\n', ['loss by name, line 1']],
    ['loss_start = [1]\nloss = (\n    lambda x: x[0]\n)\n', ['loss by name, line 2']],
    [`${f}train_loss = jax.jit(f)\ntrain_loss_start = [1, 2]\n`, ['train_loss by name, line 4']],
    ['def f(w: Tensor): ...\nloss = torch.compile(mode="default")(f)\n', ['loss by name, line 2']],
    ['def f(a, w: Tensor): ...\nloss = functools.partial(f, a)\n', ['loss by name, line 2']],
    ['def f(w: Tensor, a): ...\nloss = functools.partial(f, a=1)\n', ['loss by name, line 2']],
    ['def f(w: Tensor, a): ...\nloss = functools.partial(f)\n', []],
    ['def f(w: Tensor): ...\nloss = f\n', []],
    ['def f(w: Tensor): ...\nloss = f(w)\n', []],
    ['def f(w: Tensor): ...\nloss = vmap(f)\n', []],
    ['def f(w: Tensor): ...\nloss = partial(f, *more)\n', []],
    ['def loss(w: Tensor): ...\nloss = jax.jit(loss)\n', ['loss by name, line 1']],
    [`def loss(w: Tensor): ...\n${mark}\nloss = jax.jit(loss)\n`, ['loss by annotation, line 3']],
    ['class M:\n    def f(self, w: Tensor): ...\nm = M()\nloss = jax.jit(m.f)\n', ['loss by name, line 4']],
  ])('%j', (text, losses) => {
    expect(found(text)).toEqual(losses);
  });

  test('is called as the function that it wraps', () => {
    const loss = only(
      `def f(X, w, indices, lam):\n    x, y = w\n${mark}\nloss = partial(jax.jit(f), X, lam=2)\n`,
    );
    expect(loss.form).toEqual({
      vector: { kind: 'array', arity: 2, names: ['x', 'y'] },
      context: 'indices',
      unfilled: null,
    });
    expect(loss.parameterNames).toEqual(['x', 'y']);
    expect(loss.parameter?.location.line).toBe(1);
    expect(loss.extent).toMatchObject({ line: 3, endLine: 4 });
  });

  test('has the coordinates of its lambda', () => {
    const text = `${mark}\nloss = lambda w: w[0] + w[1] ** 2\n`;
    const places = [...only(text).parameter!.coordinates].map(([index, { column, endColumn }]) => [
      index,
      text.split('\n')[1]!.slice(column - 1, endColumn - 1),
    ]);
    expect(places).toEqual([
      [0, 'w[0]'],
      [1, 'w[1]'],
    ]);
  });

  test('is found at the cursor, and by its name', () => {
    const text = 'a = 1\nbowl = lambda w: w[0] ** 2\n';
    expect(lossAt(text, file, text.length - 3)?.exportName).toBe('bowl');
    expect(lossAt(text, file, 0)).toBeNull();
    expect(lossNamed(text, file, 'bowl')?.exportName).toBe('bowl');
    expect(lossNamed(text, file, 'a')).toBeNull();
  });

  test('gets a comment above its statement when its options are written', () => {
    const text = 'a = 1\nbowl = (\n    lambda w: w[0] ** 2\n)\n';
    const loss = lossNamed(text, file, 'bowl')!;
    const [edit, ...more] = editAnnotation(text, loss, { steps: 5 });
    expect(more).toEqual([]);
    expect([edit!.text, edit!.location.line, edit!.location.column]).toEqual([
      '# adamscope: loss steps=5\n',
      2,
      1,
    ]);
  });

  test('may be the gradient of a loss', () => {
    const { forms } = only(`${mark}\ndef f(w): ...\ngrad_f = lambda w: w\n`);
    expect([...forms.keys()]).toEqual(['f', 'grad_f']);
  });
});
