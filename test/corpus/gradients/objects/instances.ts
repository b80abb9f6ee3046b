class Vector {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}
  plus(other: Vector): Vector {
    return new Vector(this.x + other.x, this.y + other.y);
  }
  times(k: number): Vector {
    return new Vector(this.x * k, this.y * k);
  }
  get squared(): number {
    return this.x * this.x + this.y * this.y;
  }
  static diagonal(k: number): Vector {
    return new Vector(k, k);
  }
}

/** An immutable vector in a variable and as the start of a reduction. */
export function walk([x, y]: number[]): number {
  const steps = [new Vector(x!, 1), new Vector(2, y!), Vector.diagonal(x!)];
  let at = Vector.diagonal(0);
  for (const step of steps) at = at.plus(step.times(2));
  return steps.reduce((a, b) => a.plus(b), new Vector(0, 0)).squared + at.x;
}

class Table {
  rows: number[][] = [];
  reads = 0;
  constructor(n: number, fill: (i: number, j: number) => number) {
    for (let i = 0; i < n; i++) {
      this.rows.push([]);
      for (let j = 0; j < n; j++) this.rows[i]!.push(fill(i, j));
    }
  }
  get(i: number, j: number): number {
    this.reads++;
    return this.rows[i]![j]!;
  }
  set(i: number, j: number, value: number): this {
    this.rows[i]![j] = value;
    return this;
  }
}

/** A matrix class whose methods change it and return it. */
export function determinant([x, y]: number[]): number {
  const m = new Table(2, (i, j) => (i === j ? x! : y!)).set(0, 1, 3 * x!);
  return (m.get(0, 0) * m.get(1, 1) - m.get(0, 1) * m.get(1, 0)) * m.reads;
}

abstract class Term {
  scale = 2;
  constructor(protected readonly weight: number) {}
  abstract of(v: number): number;
  value(v: number): number {
    return this.scale * this.of(v);
  }
}
class Power extends Term {
  constructor(
    weight: number,
    private readonly power: number,
  ) {
    super(weight);
  }
  of(v: number): number {
    return this.weight * v ** this.power;
  }
  override value(v: number): number {
    return super.value(v) + 1;
  }
}

/** A class that extends an abstract one. */
export function inherited([x, y]: number[]): number {
  return new Power(x!, 3).value(y!) + new Power(2, 2).value(x!);
}

class Account {
  #sum = 0;
  readonly #rate: number;
  constructor(rate: number) {
    this.#rate = rate;
  }
  #grown(v: number): number {
    return v * this.#rate;
  }
  add(v: number): void {
    this.#sum += this.#grown(v);
  }
  get total(): number {
    return this.#sum;
  }
}

/** Private fields and methods. */
export function account([x, y]: number[]): number {
  const own = new Account(x!);
  for (let k = 1; k <= 3; k++) own.add(k * y!);
  return own.total ** 2;
}

/** Instances that the module made: their class is found by the name of the method. */
class Spring {
  constructor(
    readonly rest: number,
    readonly stiffness: number,
  ) {}
  energy(length: number): number {
    return 0.5 * this.stiffness * (length - this.rest) ** 2;
  }
}
const springs = [new Spring(1, 2), new Spring(0.5, 4)];
export function stretched([x, y]: number[]): number {
  return springs.reduce((sum, spring) => sum + spring.energy(x! * y!), 0);
}

/** Functions in an object literal of the module. */
const kernels = {
  square: (v: number) => v * v,
  cube(v: number): number {
    return v * this.square(v);
  },
};
export function kernel([x, y]: number[]): number {
  return kernels.cube(x!) + [x!, y!].map(kernels.square).reduce((a, b) => a + b, 0);
}
