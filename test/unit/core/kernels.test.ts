import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AdamScalars, adamLoop } from '../../../src/core/kernels/adamLoop';
import { createWasmKernel } from '../../../src/core/kernels/adamWasm';
import { createAdamKernel } from '../../../src/core/kernels/createAdamKernel';
import { webAssembly } from '../../../src/core/kernels/webAssembly';
import { type Random, seededRandom } from '../../../src/core/numerics/random';

const dims = [1, 2, 3, 7, 8, 17, 1000, 1001];
const extremes = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  -0,
  5e-324,
  -5e-324,
  1e-310,
  2 ** -1022,
  1e-162,
  -1e155,
  Number.MAX_VALUE,
  1,
];

interface Vectors {
  readonly params: Float64Array;
  readonly grad: Float64Array;
  readonly m: Float64Array;
  readonly v: Float64Array;
  readonly vMax: Float64Array | null;
}

function wasmKernel(dim: number, amsgrad: boolean) {
  const kernel = createWasmKernel(dim, amsgrad);
  if (!kernel) throw new Error('WebAssembly is missing here');
  return kernel;
}

function plainVectors(dim: number, amsgrad: boolean): Vectors {
  const vector = () => new Float64Array(dim);
  return { params: vector(), grad: vector(), m: vector(), v: vector(), vMax: amsgrad ? vector() : null };
}

function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)]!;
}

/** Each number is often the neutral one, and often a random one. */
function randomScalars(random: Random): AdamScalars {
  return {
    decay: pick(random, [1, 1 - 1e-2 * random()]),
    l2: pick(random, [0, random()]),
    beta1: pick(random, [0, 0.9, random()]),
    beta2: pick(random, [0, 0.999, random()]),
    stepSize: pick(random, [1e-3, random()]),
    eps: pick(random, [0, 1e-8, random()]),
    maxDivisor: pick(random, [1, random()]),
  };
}

/** Of both signs, with magnitudes from 1e-12 to 1e12. */
const ordinary = (random: Random) => (random() - 0.5) * 10 ** (24 * random() - 12);
const extreme = (random: Random) => pick(random, [...extremes, ordinary(random)]);

/** Bitwise equal, except for the payload of a NaN, which WebAssembly does not specify. */
function expectSame(actual: Vectors, expected: Vectors, replay: string): void {
  for (const name of ['params', 'grad', 'm', 'v', 'vMax'] as const) {
    const a = actual[name];
    const e = expected[name];
    expect(a?.length, replay).toBe(e?.length);
    const differs = e ? e.findIndex((value, i) => !Object.is(value, a![i])) : -1;
    if (differs >= 0) expect.fail(`${replay}: ${name}[${differs}] is ${a![differs]}, not ${e![differs]}`);
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe.each([false, true])('one Adam step in WebAssembly, amsgrad %s', (amsgrad) => {
  it.each(dims)('is bitwise equal to the loop over many steps, dim %i', (dim) => {
    for (let seed = 0; seed < 20; seed++) {
      const random = seededRandom(seed, dim);
      const kernel = wasmKernel(dim, amsgrad);
      const { m, v, vMax } = kernel;
      const first = kernel.vector();
      const second = kernel.vector();
      const [params, grad] = seed % 2 === 0 ? [first, second] : [second, first];
      const actual = { params, grad, m, v, vMax };
      const expected = plainVectors(dim, amsgrad);
      for (let i = 0; i < dim; i++) actual.params[i] = expected.params[i] = ordinary(random);
      for (let t = 1; t <= 30; t++) {
        const scalars = randomScalars(random);
        for (let i = 0; i < dim; i++) actual.grad[i] = expected.grad[i] = ordinary(random);
        kernel.step(actual.params, actual.grad, scalars);
        adamLoop(expected.params, expected.grad, expected.m, expected.v, expected.vMax, scalars);
        expectSame(actual, expected, `seed ${seed}, step ${t}`);
      }
    }
  });

  it('is bitwise equal for NaN, infinities, signed zeros, subnormal and huge numbers in every vector', () => {
    const dim = 2001;
    for (let seed = 0; seed < 200; seed++) {
      const random = seededRandom(seed);
      const kernel = wasmKernel(dim, amsgrad);
      const { m, v, vMax } = kernel;
      const actual = { params: kernel.vector(), grad: kernel.vector(), m, v, vMax };
      const expected = plainVectors(dim, amsgrad);
      for (const name of ['params', 'grad', 'm', 'v', 'vMax'] as const)
        for (let i = 0; i < dim && expected[name]; i++)
          actual[name]![i] = expected[name][i] = extreme(random);
      const scalars = randomScalars(random);
      for (let t = 1; t <= 2; t++) {
        kernel.step(actual.params, actual.grad, scalars);
        adamLoop(expected.params, expected.grad, expected.m, expected.v, expected.vMax, scalars);
        expectSame(actual, expected, `seed ${seed}, step ${t}`);
      }
    }
  });

  it.each<[string, (first: Float64Array) => Partial<Vectors>]>([
    ['params', () => ({ params: new Float64Array(7) })],
    ['params, in the memory of another kernel,', () => ({ params: wasmKernel(7, amsgrad).vector() })],
    ['grad', () => ({ grad: new Float64Array(7) })],
    // Its last pair would reach into grad.
    [
      'params, at another place of the memory,',
      ({ buffer, byteOffset }) => ({
        params: new Float64Array(buffer, byteOffset + 8, 7),
      }),
    ],
  ])('makes the same step when %s is outside the memory of the kernel', (_, foreign) => {
    const kernel = wasmKernel(7, amsgrad);
    const { m, v, vMax } = kernel;
    const params = kernel.vector();
    const actual: Vectors = { params, grad: kernel.vector(), m, v, vMax, ...foreign(params) };
    const expected = plainVectors(7, amsgrad);
    const random = seededRandom(7);
    for (let i = 0; i < 7; i++) {
      actual.params[i] = expected.params[i] = ordinary(random);
      actual.grad[i] = expected.grad[i] = ordinary(random);
    }
    const scalars = { ...randomScalars(random), decay: 0.5 };
    kernel.step(actual.params, actual.grad, scalars);
    adamLoop(expected.params, expected.grad, expected.m, expected.v, expected.vMax, scalars);
    expectSame(actual, expected, 'seed 7');
  });
});

describe('the vectors of a kernel', () => {
  it.each([
    [1, false],
    [2, true],
    [1001, true],
    [8192, false],
  ])('start at 0 and do not overlap, dim %i, amsgrad %s', (dim, amsgrad) => {
    const kernel = wasmKernel(dim, amsgrad);
    const vectors = [kernel.m, kernel.v, kernel.vMax, kernel.vector(), kernel.vector(), kernel.vector()];
    const present = vectors.filter((vector) => vector !== null);
    for (const vector of present) expect(vector).toEqual(new Float64Array(dim));
    present.forEach((vector, k) => {
      vector.fill(k);
    });
    present.forEach((vector, k) => {
      expect(vector).toEqual(new Float64Array(dim).fill(k));
    });
  });

  it('are in one memory', () => {
    const kernel = wasmKernel(100, false);
    const buffers = [kernel.vector(), kernel.vector(), kernel.vector()].map(({ buffer }) => buffer);
    expect(buffers.map((buffer) => buffer === kernel.m.buffer)).toEqual([true, true, true]);
  });
});

describe('createAdamKernel', () => {
  const inWasm = (dim: number) => {
    const kernel = createAdamKernel(dim, false);
    return kernel.vector().buffer === kernel.m.buffer;
  };

  it('uses WebAssembly from the dimension on at which it is faster', () => {
    expect([1, 2, 3, 1000, 100_000].map(inWasm)).toEqual([false, false, false, true, true]);
  });

  it('has vMax with AMSGrad only', () => {
    for (const dim of [2, 1000]) {
      expect(createAdamKernel(dim, false).vMax).toBeNull();
      expect(createAdamKernel(dim, true).vMax).toEqual(new Float64Array(dim));
    }
  });

  it('uses the loop without WebAssembly', () => {
    vi.stubGlobal('WebAssembly', undefined);
    expect(createWasmKernel(1000, false)).toBeNull();
    expect(inWasm(1000)).toBe(false);
  });

  it('uses the loop if the memory cannot be allocated', () => {
    class Memory {
      constructor() {
        throw new RangeError('could not allocate memory');
      }
    }
    const { Module, Instance } = webAssembly()!;
    vi.stubGlobal('WebAssembly', { Module, Instance, Memory });
    expect(inWasm(1000)).toBe(false);
  });

  it('does not allocate memory for 0 or for more than 4 GiB', () => {
    expect(createWasmKernel(0, false)).toBeNull();
    expect(createWasmKernel(2 ** 27, false)).toBeNull();
    expect(createWasmKernel(2 ** 40, false)).toBeNull();
  });
});
