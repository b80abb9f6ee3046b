import { describe, expect, test } from 'vitest';
import type { LossDeclaration } from '../../../src/loss/declaration';
import { discover, lossAt, lossNamed } from '../../../src/loss/discovery/discover';
import { lossInText } from '../../../src/loss/discovery/lossInText';
import { mayHoldLoss } from '../../../src/loss/discovery/mayHoldLoss';

const file = '/w/fit.py';

/** The losses of a text, abbreviated as `name by how`. */
function found(text: string): string[] {
  const losses = discover(text, file, 'named');
  if (losses.length > 0)
    expect(mayHoldLoss(text, file, 'named'), `the test that spares parsing: ${text}`).toBe(true);
  return losses.map(({ name, foundBy }) => `${name} by ${foundBy}`);
}

function only(text: string): LossDeclaration {
  const [loss, ...more] = discover(text, file, 'named');
  expect(more).toEqual([]);
  return loss!;
}

/** `text` with each `place` of a location in quotes. */
function at(text: string, { line, column, endLine, endColumn }: LossDeclaration['location']): string {
  const lines = text.split('\n').slice(line - 1, endLine);
  const last = lines.length - 1;
  lines[last] = lines[last]!.slice(0, endColumn - 1);
  lines[0] = lines[0]!.slice(column - 1);
  return lines.join('\n');
}

describe('a function of a Python module is found by its name', () => {
  test.each<[text: string, losses: string[]]>([
    ['def loss(x: np.ndarray) -> float: return x @ x', ['loss by name']],
    ['def train_loss(x: "np.ndarray"): ...', ['train_loss by name']],
    ['def totalLoss(w: torch.Tensor) -> torch.Tensor: ...', ['totalLoss by name']],
    ['def neg_log_nll(w: jax.Array) -> jax.Array: ...', ['neg_log_nll by name']],
    ['def free_energy(w: jnp.ndarray): ...', ['free_energy by name']],
    ['def objective(w: NDArray[np.float64]) -> np.floating: ...', ['objective by name']],
    ['def objective(w: npt.NDArray[np.int64]): ...', []],
    ['def loss(w: ArrayLike, lam: float = 0.1): ...', ['loss by name']],
    ['def loss(w: list[float]): ...', ['loss by name']],
    ['def loss(w: List[float]): ...', ['loss by name']],
    ['def loss(w: Sequence[float]): ...', ['loss by name']],
    ['def loss(w: tuple[float, ...]): ...', ['loss by name']],
    ['def loss(w: Tuple[float, float]): ...', ['loss by name']],
    ['def loss(w: list[int]): ...', []],
    ['def loss(w: list[str]): ...', []],
    ['def loss(w: Optional[np.ndarray]): ...', ['loss by name']],
    ['def loss(w: Union[np.ndarray, list[float]]): ...', ['loss by name']],
    ['def loss(w: np.ndarray | None): ...', ['loss by name']],
    ['def loss(w: "list[float] | None"): ...', ['loss by name']],
    ['def loss(w: Annotated[np.ndarray, "n"]): ...', ['loss by name']],
    ['def loss(w: Float[Array, "n"]) -> Float[Array, ""]: ...', ['loss by name']],
    ['def loss(w: Int[Array, "n"]): ...', []],
    ['def loss(w: torch.LongTensor): ...', []],
    ['Vector = np.ndarray\ndef loss(w: Vector): ...', ['loss by name']],
    ['type Vector = list[float]\ndef loss(w: Vector): ...', ['loss by name']],
    ['Vector: TypeAlias = "np.ndarray"\ndef loss(w: Vector): ...', ['loss by name']],
    ["Vector = NewType('Vector', np.ndarray)\ndef loss(w: Vector): ...", ['loss by name']],
    ['from jax import Array as A\ndef loss(w: A): ...', ['loss by name']],
    ['A = A\ndef loss(w: A): ...', []],
    ['def loss(w):\n    # type: (np.ndarray) -> float\n    return 1', ['loss by name']],
    ['def loss(w, a=1):  # type: (List[float], int) -> float\n    return 1', ['loss by name']],
    ['def loss(w):  # type: (str) -> float\n    return 1', []],
    ['def loss(w): ...', []],
    ['def loss(w): ...\nloss_start = [1, 2]', ['loss by name']],
    ['lossStart = [1, 2]\ndef loss(w): ...', ['loss by name']],
    ['LOSS_START = [1, 2]\ndef loss(w): ...', ['loss by name']],
    ['loss_START = [1, 2]\ndef loss(w): ...', ['loss by name']],
    ['from data import loss_start\ndef loss(w): ...', ['loss by name']],
    ['def f():\n    loss_start = [1]\ndef loss(w): ...', []],
    ['loss_start = [1, 2]\ndef loss(w, data): ...', []],
    ['loss_start = [1, 2]\ndef loss(w: str): ...', []],
    ['loss_start = 1\ndef loss(x: float): ...', ['loss by name']],
    ['def loss(x: float, y: float): ...', []],
    ['def mse_loss(pred: Tensor, target: Tensor): ...', []],
    ['def loss(w: Tensor, *, reduction: str): ...', []],
    ['def loss(w: Tensor, *args, **kwargs): ...', ['loss by name']],
    ['def loss(w: Tensor, indices, *, step, key=None): ...', ['loss by name']],
    ['def loss(w: Tensor, indices, /): ...', []],
    ['def loss(w: Tensor) -> None: ...', []],
    ['def loss(w: Tensor) -> str: ...', []],
    ['def loss(w: Tensor) -> bool: ...', []],
    ['def loss(w: Tensor) -> tuple[Tensor, Tensor]: ...', []],
    ['def loss(w: Tensor) -> dict[str, Tensor]: ...', []],
    ['def loss(w: Tensor) -> Loss: ...', ['loss by name']],
    ['def cost(w: np.ndarray) -> float: ...', ['cost by name']],
    ['def fit_error(w: np.ndarray) -> np.float64: ...', ['fit_error by name']],
    ['def cost(w: np.ndarray): ...', []],
    ['cost_start = [1]\ndef cost(w) -> float: ...', []],
    ['def _loss(w: np.ndarray): ...', []],
    ['def loss_fn(w: np.ndarray): ...', []],
    ['def glossary(w: np.ndarray): ...', []],
    ['def test_loss(w: np.ndarray): ...', []],
    ['async def loss(w: np.ndarray): ...', []],
    ['def loss(w: np.ndarray):\n    yield w', []],
    ['def loss(w: np.ndarray):\n    def g():\n        yield w\n    return 1', ['loss by name']],
    ['@jax.jit\ndef loss(w: jax.Array): ...', ['loss by name']],
    ['@partial(jax.jit, static_argnums=(1,))\n@other\ndef loss(w: jax.Array): ...', ['loss by name']],
    [
      '@overload\ndef loss(w: Tensor) -> Tensor: ...\n@overload\ndef loss(w: list) -> str: ...\ndef loss(w: Tensor): ...',
      ['loss by name'],
    ],
    ['@pytest.fixture\ndef loss(w: np.ndarray): ...', []],
    ['if a:\n    def loss(w: Tensor): ...\nelse:\n    def loss(w: Tensor): ...\n', ['loss by name']],
    [
      'if a:\n  pass\nelif b:\n  def loss(w: Tensor): ...\nelse:\n  def nll(w: Tensor): ...',
      ['loss by name', 'nll by name'],
    ],
    [
      'try:\n    import jax\n    def loss(w: jax.Array): ...\nexcept ImportError:\n    pass\nfinally:\n    def nll(w: Tensor): ...',
      ['loss by name', 'nll by name'],
    ],
    ['if __name__ == "__main__":\n    def loss(w: Tensor): ...', []],
    ["if '__main__' == __name__:\n    def loss(w: Tensor): ...", []],
    ['if __name__ != "__main__":\n    def loss(w: Tensor): ...', ['loss by name']],
    ['if TYPE_CHECKING:\n    def loss(w: Tensor): ...', []],
    ['def f():\n    def loss(w: Tensor): ...', []],
    ['def loss(w: str): ...\ndef loss(w: Tensor): ...', ['loss by name']],
    ['def \\\n  loss(w: Tensor): ...', ['loss by name']],
    ['def loss[T](w: Tensor) -> T: ...', ['loss by name']],
    ['x = 1; y = 2\ndef loss(w: Tensor): return 1', ['loss by name']],
    ['def größe_loss(größe: Tensor): ...', ['größe_loss by name']],
    ['\ufeffdef loss(w: Tensor): ...', ['loss by name']],
    ['import a\n\f\ndef loss(w: Tensor): ...', ['loss by name']],
    ['import a\n\fdef loss(w: Tensor): ...', ['loss by name']],
    [
      'def a():\n    return 1\n\fdef loss(w: Tensor): ...\n\fdef nll(w: Tensor): ...',
      ['loss by name', 'nll by name'],
    ],
    ['class A:\n    x = 1\n\f    def loss(self, w: Tensor): ...\na = A()', ['a.loss by name']],
    ['Scalar = np.ndarray\ndef loss(w: Scalar): ...', ['loss by name']],
    ['def loss(*w: np.ndarray): ...', []],
    ['if a:\n    def loss(w: str): ...\n    def loss(w: Tensor): ...', ['loss by name']],
    ['if a:\n    def loss(w: Tensor): ...\nelse:\n    def loss(w: str): ...', ['loss by name']],
    ['if a:\n    def loss(w: str): ...\ndef loss(w: Tensor): ...', ['loss by name']],
    [
      'def a():\r\n\treturn 1.\r\n\r\ndef loss(w: Tensor):\r\n\treturn f"{w[0]!r:>{3}}" + 1.\r\n',
      ['loss by name'],
    ],
    ['def a():\r  return 1\rdef loss(w: Tensor):\r  return 1\r', ['loss by name']],
    ['x = [1., 2.] if (n := 1.) else {1.}\ndef loss(w: Tensor): return 1. / x', ['loss by name']],
    [
      'match x:\n    case [a, *_]:\n        pass\n    case {"k": v, **r} if v > 1.: pass\ndef loss(w: Tensor): ...',
      ['loss by name'],
    ],
    ['s = """\ndef loss(w: Tensor): ...\n"""', []],
  ])('%j', (text, losses) => {
    expect(found(text)).toEqual(losses);
  });
});

describe('a method', () => {
  const model = (body: string, after = 'model = Model()') =>
    `class Model(Base):\n    """A model."""\n    b: int = 3\n\n    ${body.replaceAll('\n', '\n    ')}\n\n${after}\n`;

  test.each<[what: string, text: string, losses: string[]]>([
    ['of an object', model('def loss(self, w: Tensor): return 1'), ['model.loss by name']],
    ['of an object without a class here', 'model = Model()', []],
    ['without an object', model('def loss(self, w: Tensor): return 1', ''), []],
    [
      'of two objects',
      model('def loss(self, w: Tensor): return 1', 'a = Model(1)\nb: Model = Model(2)'),
      ['a.loss by name', 'b.loss by name'],
    ],
    [
      'of a moved object',
      model('def loss(self, w: Tensor): return 1', 'm = Model().to(device).double()'),
      ['m.loss by name'],
    ],
    [
      'of an object in a try',
      model('def loss(self, w: Tensor): return 1', 'try:\n    m = Model()\nexcept E: pass'),
      ['m.loss by name'],
    ],
    ['that is static', model('@staticmethod\ndef loss(w: Tensor): return 1', ''), ['Model.loss by name']],
    [
      'that is static, with an object',
      model('@staticmethod\ndef loss(w: Tensor): return 1'),
      ['Model.loss by name'],
    ],
    ['of a class', model('@classmethod\ndef loss(cls, w: Tensor): return 1', ''), ['Model.loss by name']],
    ['that is a property', model('@property\ndef loss(self): return 1'), []],
    ['that is abstract', model('@abstractmethod\ndef loss(self, w: Tensor): ...'), []],
    ['with a decorator', model('@jax.jit\ndef loss(self, w: Tensor): return 1'), ['model.loss by name']],
    [
      'that is inherited',
      model('def loss(self, w: Tensor): return 1', 'class B(Model): pass\nb = B()'),
      ['b.loss by name'],
    ],
    [
      'that is overridden',
      model(
        'def loss(self, w: Tensor): return 1',
        'class B(Model):\n  def loss(self, w: str): return 1\nb = B()',
      ),
      [],
    ],
    [
      'of a class in one of two branches',
      'try:\n  class A:\n    def loss(self, w: Tensor): ...\nexcept E:\n  class A: pass\na = A()',
      ['a.loss by name'],
    ],
    [
      'of a class that is defined again',
      'class A:\n  def loss(self, w: Tensor): ...\nclass A: pass\na = A()',
      [],
    ],
    [
      'of a class that inherits from itself',
      'class A(B):\n  def loss(self, w: Tensor): ...\nclass B(A): pass\na = A()',
      ['a.loss by name'],
    ],
  ])('%s', (_what, text, losses) => {
    expect(found(text)).toEqual(losses);
  });

  test('is called without its object, and has the start of its name', () => {
    const loss = only(model('def loss(self, w): return 1', 'loss_start = [1., 2.]\nmodel = Model()'));
    expect([loss.exportName, loss.form, loss.startExport, loss.dim]).toEqual([
      'model.loss',
      {
        vector: { kind: 'undeclared', parameters: [{ name: 'w', context: false }] },
        context: false,
        unfilled: null,
      },
      'loss_start',
      2,
    ]);
  });
});

describe('the call form', () => {
  const form = (parameters: string, body = 'return 1', before = '') =>
    lossNamed(`${before}\ndef f(${parameters}):\n    ${body}\n`, file, 'f')!.form;
  const array = { kind: 'array', arity: null, names: null };

  test.each<[parameters: string, vector: unknown]>([
    ['w: np.ndarray', array],
    ['w: Params', array],
    ['w: "Params"', array],
    ['w: list[list[float]]', array],
    ['w: tuple[float, float]', { ...array, arity: 2 }],
    ['x: float, y: float', { kind: 'numbers', names: ['x', 'y'] }],
    ['x: float, /, y: np.float64, *, z: float = 1', { kind: 'numbers', names: ['x', 'y'] }],
    ['x: float, y: float = 2.', { kind: 'numbers', names: ['x'] }],
    ['x: float, step: float', { kind: 'numbers', names: ['x'] }],
    ['*w', { kind: 'rest', arity: null, names: null }],
    ['*w: float', { kind: 'rest', arity: null, names: null }],
    ['w: dict[str, float]', { kind: 'object', names: [], optional: [], isOpen: true }],
    ['w: Mapping[str, torch.Tensor]', { kind: 'object', names: [], optional: [], isOpen: true }],
    ['w: dict', { kind: 'object', names: [], optional: [], isOpen: true }],
    ['w', { kind: 'undeclared', parameters: [{ name: 'w', context: false }] }],
    [
      'x, y, indices, step',
      {
        kind: 'undeclared',
        parameters: [
          { name: 'x', context: true },
          { name: 'y', context: true },
          { name: 'indices', context: true },
          { name: 'step', context: true },
        ],
      },
    ],
    ['', { kind: 'undeclared', parameters: [] }],
    ['w: str', { kind: 'none', reason: 'w is typed str, which is not an array of numbers' }],
    ['w: int', { kind: 'none', reason: 'w is typed int, which is not an array of numbers' }],
    ['x: float = 1', { kind: 'none', reason: 'x has a default; numbers without defaults are a vector' }],
    ['*, w: np.ndarray', { kind: 'none', reason: 'w cannot be given by its position' }],
  ])('of (%s)', (parameters, vector) => {
    expect(form(parameters).vector).toEqual(vector);
  });

  test.each<[parameters: string, context: unknown, unfilled: string | null]>([
    ['w: Tensor', false, null],
    ['w: Tensor, indices', 'indices', null],
    ['w: Tensor, *, indices=None', 'indices', null],
    ['w: Tensor, lam=0.1, indices=None', 'indices', null],
    ['w: Tensor, step', true, null],
    ['w: Tensor, indices, epoch: int', true, null],
    ['w: Tensor, key, seed, context', true, null],
    ['w: Tensor, data', false, 'data'],
    ['w: Tensor, *, data', false, 'data'],
    ['w: Tensor, data, indices', 'indices', 'data'],
    ['w: Tensor, step, /', false, 'step'],
    ['w: Tensor, step=0, /', false, null],
    ['w: Tensor, **kwargs', false, null],
    ['x: float, y: float, indices', 'indices', null],
    ['x: float, y', false, 'y'],
    ['*w, step', true, null],
    ['x, y', false, 'y'],
  ])('of (%s): the context', (parameters, context, unfilled) => {
    expect(form(parameters)).toMatchObject({ context, unfilled });
  });

  test('of parameters without types, with a start that names them: no parameter is unfilled', () => {
    const named = (start: string) => form('x, y, step', 'return 1', `f_start = ${start}`);
    expect(named("{'x': 1, 'y': 2.}").unfilled).toBeNull();
    expect(named("{'a': 1, 'b': 2.}").unfilled).toBe('y');
    expect(named('[1, 2]').unfilled).toBe('y');
  });

  test('of a TypedDict', () => {
    const typed = (definition: string) => form('p: P', 'return 1', definition).vector;
    expect(typed('class P(TypedDict):\n    a: float\n    b: NotRequired[float]\n')).toEqual({
      kind: 'object',
      names: ['a', 'b'],
      optional: ['b'],
      isOpen: false,
    });
    expect(typed('class Q(typing.TypedDict, total=False):\n  a: float\nclass P(Q):\n  b: float\n')).toEqual({
      kind: 'object',
      names: ['a', 'b'],
      optional: ['a'],
      isOpen: false,
    });
  });

  test.each<[body: string, names: unknown, arity: unknown]>([
    ['x, y = w', ['x', 'y'], 2],
    ['(x, y) = w', ['x', 'y'], 2],
    ['[x, y] = w', ['x', 'y'], 2],
    ['"""Doc."""\n    import math\n    x, y = w', ['x', 'y'], 2],
    ['w = np.asarray(w)\n    x, y = w', ['x', 'y'], 2],
    ['x, y = w.tolist()', ['x', 'y'], 2],
    ['x, y = w.unbind(0)', ['x', 'y'], 2],
    ['x, = w', ['x'], 1],
    ['x, *rest = w', null, null],
    ['(x, a), y = w', null, 2],
    ['x, y = w.T', null, null],
    ['x, y = v', null, null],
    ['w = g(w)\n    x, y = w', null, null],
    ['if w[0]: return 1\n    x, y = w', null, null],
    ['x = w', null, null],
  ])('with the unpacking %j', (body, names, arity) => {
    expect(form('w: Tensor', body).vector).toEqual({ kind: 'array', arity, names });
  });
});

describe('the places of the coordinates', () => {
  const places = (parameters: string, body: string) => {
    const text = `def f(${parameters}):\n    ${body}\n`;
    const { parameter } = lossNamed(text, file, 'f')!;
    return [
      parameter?.name,
      ...[...parameter!.coordinates].map(([index, place]) => `${index}: ${at(text, place)}`),
      ...(parameter!.rest ? [`${parameter!.rest.first}: ${at(text, parameter!.rest.location)}`] : []),
    ];
  };

  test.each<[parameters: string, body: string, places: unknown[]]>([
    ['w', 'x, y = w', ['w', '0: x', '1: y']],
    ['w', 'x, *r = w', ['w', '0: x', '1: *r']],
    ['w', 'return w[0] ** 2 + w[10]', ['w', '0: w[0]', '10: w[10]']],
    ['w', 'w[0] = 1\n    return w[0] + w[1]', ['w', '1: w[1]']],
    ['w', 'w[i] = 1\n    return w[0] + w[1]', ['w']],
    ['w', 'w.data = 1\n    return w[0]', ['w', '0: w[0]']],
    ['w', 'return w[-1] + w[0, 1] + w[:2] + w[i]', ['w']],
    ['w', 'w = g(w)\n    return w[0]', ['w']],
    ['w', 'w = np.asarray(w)\n    return w[0]', ['w', '0: w[0]']],
    ['w', 'for w in a: pass\n    return w[0]', ['w']],
    ['w', 'for i in w: pass\n    return w[0]', ['w', '0: w[0]']],
    ['w', 'g = lambda w: w[0]\n    return w[1]', ['w', '1: w[1]']],
    ['w', 'w += 1\n    return w[0]', ['w']],
    ['w: dict[str, float]', 'return w["a"]', ['w']],
    ['x: float, y: float', 'return x', [null, '0: x', '1: y']],
  ])('of (%s): %s', (parameters, body, expected) => {
    expect(places(parameters, body)).toEqual(expected);
  });

  test('of a TypedDict are those of its names', () => {
    const text =
      'class P(TypedDict):\n    a: float\n    b: float\ndef f(p: P):\n    return p["b"] + p[\'a\']\n';
    const { parameter } = lossNamed(text, file, 'f')!;
    expect([...parameter!.coordinates].map(([index, place]) => [index, at(text, place)])).toEqual([
      [1, 'p["b"]'],
      [0, "p['a']"],
    ]);
  });
});

test.each([
  ['w, data, indices', 'data'],
  ['x: float, y: float, scale', 'scale'],
  ['w: Tensor, indices, *, scale', 'scale'],
  ['w, indices', null],
])('the parameter of (%s) that gets no argument has its place', (parameters, expected) => {
  const text = `def f(${parameters}):\n    return w\n`;
  const { unfilled } = lossNamed(text, file, 'f')!.parameter!;
  expect(unfilled && at(text, unfilled)).toBe(expected);
});

describe('the start', () => {
  test.each<[value: string, dim: number | null, keys: string[] | null]>([
    ['[1, -2.5, 3.]', 3, null],
    ['(1_000, 2e-3)', 2, null],
    ['[[1, 2], [3, 4]]', 4, null],
    ['np.array([1., 2.])', 2, null],
    ['jnp.asarray([[1, 2], [3, 4]], dtype=float)', 4, null],
    ['torch.tensor([1, 2, 3], requires_grad=True)', 3, null],
    ['torch.nn.Parameter(torch.tensor([1, 2]))', 2, null],
    ['{"a": 1, \'b\': -2.}', 2, ['a', 'b']],
    ['{"a": [1, 2], "b": 0}', null, null],
    ['{**other, "b": 0}', null, null],
    ['np.zeros(3)', null, null],
    [`${'['.repeat(20)}1${']'.repeat(20)}`, 1, null],
    [`${'['.repeat(30)}1${']'.repeat(30)}`, null, null],
    ['[1, n]', null, null],
    ['[*a]', null, null],
    ['{1, 2}', null, null],
  ])('%s', (value, dim, keys) => {
    const loss = only(`loss_start = ${value}\ndef loss(w): return 1\n`);
    expect([loss.startExport, loss.dim, loss.startKeys]).toEqual(['loss_start', dim, keys]);
  });

  test('that is assigned twice is the last one', () => {
    expect(only('loss_start = [1]\nloss_start = [1, 2]\ndef loss(w): return 1').dim).toBe(2);
  });
});

describe('a function at the cursor', () => {
  const text = `import numpy as np

def outer(a):
    # inner
    def inner(w):
        return w[0]
    return inner


class Model:
    def fit(self, w):
        def step(v):
            return v
        return step(w)

@jit
def plain(w):
    return w

async def no(w):
    return w

if __name__ == '__main__':
    def script(w):
        return w

    class Local:
        def method(self, w):
            return w
`;
  const named = (piece: string) => {
    const loss = lossAt(text, file, text.indexOf(piece) + 1);
    return loss && [loss.name, loss.exportName, loss.foundBy];
  };

  test('has any name, and an address only at the top level', () => {
    expect(named('w[0]')).toEqual(['outer', 'outer', 'cursor']);
    expect(named('@jit')).toEqual(['plain', 'plain', 'cursor']);
    expect(named('fit(self')).toEqual(['Model.fit', null, 'cursor']);
    expect(named('script')).toEqual(['script', null, 'cursor']);
    expect(lossNamed(text, file, 'method')).toBeNull();
    const method = lossAt(text, file, text.indexOf('method'))!;
    expect([method.name, method.exportName, method.parameter?.name]).toEqual(['method', null, 'w']);
    expect(named('no(w)')).toBeNull();
    expect(named('import')).toBeNull();
    expect(lossInText(text, file, 'script')?.exportName).toBeNull();
  });

  test('has its other functions by their addresses', () => {
    const loss = lossNamed(text, file, 'plain')!;
    expect([...loss.forms.keys()]).toEqual(['outer', 'plain']);
  });

  test('has the extent of its decorators and its body', () => {
    const loss = lossNamed(text, file, 'plain')!;
    expect(at(text, loss.extent)).toBe('@jit\ndef plain(w):\n    return w');
    expect(at(text, loss.statement)).toBe('@jit');
    expect(at(text, loss.location)).toBe('plain');
  });
});
