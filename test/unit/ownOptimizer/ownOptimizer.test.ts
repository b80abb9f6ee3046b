import { describe, expect, it } from 'vitest';
import { checkOptimizerStep } from '../../../src/core/analysis/optimizerCheck/checkOptimizerStep';
import { resolveConfig } from '../../../src/core/config/resolve';
import { ownOptimizer } from '../../../src/core/ownOptimizer/ownOptimizer';

const [b1, b2, eps] = [0.9, 0.999, 1e-8];
const reference = resolveConfig([{ optimizer: { name: 'adam', lr: 0.01 } }]).config.optimizer;

/** The formula for one array, with a state of its own. */
class Moments {
  t = 0;
  readonly m: number[] = [];
  readonly v: number[] = [];
  next(w: readonly number[], g: readonly number[], lr = 0.01): number[] {
    this.t++;
    return w.map((x, i) => {
      this.m[i] = b1 * (this.m[i] ?? 0) + (1 - b1) * g[i]!;
      this.v[i] = b2 * (this.v[i] ?? 0) + (1 - b2) * g[i]! ** 2;
      const mHat = this.m[i]! / (1 - b1 ** this.t);
      return x - (lr * mHat) / (Math.sqrt(this.v[i]! / (1 - b2 ** this.t)) + eps);
    });
  }
}

function assign(to: number[], from: readonly number[]): void {
  for (const [i, x] of from.entries()) to[i] = x;
}

class Returning {
  readonly #moments = new Moments();
  step(w: number[], g: number[]) {
    return this.#moments.next(w, g);
  }
}
class Chained {
  readonly moments: Moments;
  readonly lr: number;
  constructor(dim: number, lr: number) {
    this.moments = new Moments();
    this.lr = lr;
    if (dim !== 3) throw new RangeError('dim');
  }
  update(grads: number[], params: number[]) {
    assign(params, this.moments.next(params, grads, this.lr));
    return this;
  }
}
/** As in torch, it gets the parameters once. */
class Holding {
  readonly #moments = new Moments();
  readonly #params: number[];
  readonly #lr: number;
  constructor(params: number[], { lr }: { lr: number }) {
    this.#params = params;
    this.#lr = lr;
  }
  step(grads: number[]) {
    assign(this.#params, this.#moments.next(this.#params, grads, this.#lr));
  }
}

/** What is exported, made again for every run as a reload of the module would. */
const forms: Readonly<Record<string, () => unknown>> = {
  'a class': () => Returning,
  'a class whose method returns itself': () => Chained,
  'a class that gets the parameters and options': () => Holding,
  'an instance': () => new Returning(),
  'a factory of an instance': () => () => new Returning(),
  'a factory of a function': () => () => {
    const moments = new Moments();
    return (w: number[], g: number[]) => moments.next(w, g);
  },
  'a factory with options': () => {
    const create = ({ lr }: { lr: number }) => {
      const moments = new Moments();
      return { step: (w: number[], g: number[]) => moments.next(w, g, lr) };
    };
    return create;
  },
  'a closure': () => {
    const moments = new Moments();
    return (params: number[], grad: number[]) => assign(params, moments.next(params, grad));
  },
  'a function with the gradient first': () => {
    const moments = new Moments();
    return (grads: number[], weights: number[]) => moments.next(weights, grads);
  },
  'a function that gets lr': () => {
    const moments = new Moments();
    return (w: number[], g: number[], lr: number) => moments.next(w, g, lr);
  },
  'a function with names that tell nothing': () => (a: number[], b: number[], c: { moments?: Moments }) => {
    c.moments ??= new Moments();
    return c.moments.next(a, b);
  },
  'an update for each tensor that returns': () => {
    const all = new Map<string, Moments>();
    return {
      update(key: string, w: number[], g: number[]) {
        if (!all.has(key)) all.set(key, new Moments());
        return all.get(key)!.next(w, g);
      },
    };
  },
  'an update for each tensor in place': () => {
    const all: Record<string, Moments> = {};
    return (key: string, w: number[], g: number[]) => {
      all[key] ??= new Moments();
      assign(w, all[key].next(w, g));
    };
  },
};

const check = (exported: () => unknown) =>
  checkOptimizerStep({
    fresh: async () => ownOptimizer(exported(), reference)!.make,
    reference,
    control: { went: () => true },
  });

describe('an optimizer of the user', () => {
  it.each(Object.keys(forms))('is recognized in the form of %s', async (name) => {
    const { faults, departure, losses, invariances } = await check(forms[name]!);
    expect(faults).toEqual([]);
    expect(departure).toBeNull();
    for (const { deviation, tolerance } of losses) expect(deviation).toBeLessThanOrEqual(tolerance);
    expect(invariances!.checks.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
  });

  it('must be loaded again for every run if it is a single instance', () => {
    expect(ownOptimizer(new Returning(), reference)!.isSingle).toBe(true);
    expect(ownOptimizer(Returning, reference)!.isSingle).toBe(false);
    expect(ownOptimizer(() => new Returning(), reference)!.isSingle).toBe(false);
  });

  it.each([[3], [{}], [null], ['adam'], [{ run: () => {} }]])('is not %j', (value) => {
    expect(ownOptimizer(value, reference)).toBeNull();
  });

  it('keeps data of earlier runs if one instance makes all of them', async () => {
    const one = new Returning();
    const { faults } = await check(() => one);
    expect(faults.map(({ code }) => code)).toEqual(['memoryOutside']);
  });

  it('counts t for every tensor: the error is named', async () => {
    const { bugs } = await check(() => {
      const all: Record<string, { m: number[]; v: number[] }> = {};
      let t = 0;
      return {
        update(key: string, w: number[], g: number[]) {
          all[key] ??= { m: w.map(() => 0), v: w.map(() => 0) };
          const { m, v } = all[key];
          t++;
          for (const [i, x] of g.entries()) {
            m[i] = b1 * m[i]! + (1 - b1) * x;
            v[i] = b2 * v[i]! + (1 - b2) * x * x;
            w[i]! -= (0.01 * (m[i]! / (1 - b1 ** t))) / (Math.sqrt(v[i]! / (1 - b2 ** t)) + eps);
          }
        },
      };
    });
    expect(bugs.map(({ code }) => code)).toEqual(['t-per-tensor']);
  });
});
