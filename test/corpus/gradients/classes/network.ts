abstract class Layer {
  protected abstract activate(z: number): number;
  static made = 0;
  static {
    Layer.made = 0;
  }
  constructor(protected readonly w: number[]) {}
  forward(x: number): number {
    return this.activate(this.w[0] * x + this.w[1]);
  }
}

class Tanh extends Layer {
  protected activate(z: number): number {
    return Math.tanh(z);
  }
}

class Scaled extends Tanh {
  scale = this.w[0] * 2;
  override forward(x: number): number {
    return this.scale * super.forward(x);
  }
}

/** Inheritance, fields that compute, super, instanceof, new.target. */
export function networkLoss(p: number[]): number {
  const layers: Layer[] = [new Tanh(p.slice(0, 2)), new Scaled(p.slice(2))];
  let x = 1;
  for (const layer of layers) x = layer instanceof Scaled ? layer.forward(x) + 1 : layer.forward(x);
  return x ** 2;
}

/** Accessors with a setter that clamps, private methods, static private. */
class Knob {
  #value = 0;
  static #turns = 0;
  get value() {
    return this.#value;
  }
  set value(v: number) {
    Knob.#turns++;
    this.#value = this.#clamp(v);
  }
  #clamp(v: number) {
    return Math.min(Math.max(v, -1), 1);
  }
  in(o: object) {
    return #value in o;
  }
}

export function knobLoss([x, y]: number[]): number {
  const knob = new Knob();
  knob.value = x;
  knob.value += y / 2;
  knob.value *= 0.5;
  return knob.value ** 2 + (knob.in(knob) ? x : 0);
}

class Meter {
  constructor(readonly value: number) {}
  valueOf() {
    return this.value;
  }
  get [Symbol.toStringTag]() {
    return 'Meter';
  }
}

/** Objects that are converted to numbers. */
export function meterLoss([x, y]: number[]): number {
  const a = new Meter(x) as unknown as number;
  const b = new Meter(y) as unknown as number;
  return a * b + +a + (a > b ? 1 : 2);
}

/** The parameters, accessed through a proxy and through accessors. */
export function proxyLoss(p: number[]): number {
  const reads: PropertyKey[] = [];
  const seen = new Proxy(p, {
    get(target, key, self) {
      reads.push(key);
      const v = Reflect.get(target, key, self);
      return typeof key === 'string' && /^\d+$/.test(key) ? v * 2 : v;
    },
  });
  const o = Object.defineProperty({ k: 3 } as { k: number; last: number }, 'last', {
    get() {
      return seen[p.length - 1] * this.k;
    },
  });
  return seen[0] * seen[1] + o.last + reads.length;
}

/** A builder whose methods return the builder. */
export function builderLoss([x, y]: number[]): number {
  class Builder {
    terms: number[] = [];
    add(t: number) {
      this.terms.push(t);
      return this;
    }
    scale(k: number) {
      this.terms = this.terms.map((t) => t * k);
      return this;
    }
    get total() {
      return this.terms.reduce((a, b) => a + b, 0);
    }
  }
  return new Builder().add(x).scale(y).add(x * x).scale(2).add(y).total;
}
