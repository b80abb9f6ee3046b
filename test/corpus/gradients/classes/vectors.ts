export class Vector {
  static readonly zero = new Vector(0, 0, 0);
  static count = 0;
  #cache: number | undefined;

  constructor(
    readonly x: number,
    readonly y: number,
    readonly z: number,
  ) {
    Vector.count++;
  }

  static from([x = 0, y = 0, z = 0]: Iterable<number>): Vector {
    return new this(x, y, z);
  }

  plus(o: Vector): Vector {
    return new Vector(this.x + o.x, this.y + o.y, this.z + o.z);
  }

  times(k: number): Vector {
    return new Vector(this.x * k, this.y * k, this.z * k);
  }

  minus(o: Vector): Vector {
    return this.plus(o.times(-1));
  }

  cross(o: Vector): Vector {
    const { x, y, z } = this;
    return new Vector(y * o.z - z * o.y, z * o.x - x * o.z, x * o.y - y * o.x);
  }

  dot({ x, y, z }: Vector): number {
    return this.x * x + this.y * y + this.z * z;
  }

  /** Computed once per vector. */
  get length(): number {
    return (this.#cache ??= Math.sqrt(this.dot(this)));
  }

  get unit(): Vector {
    return this.times(1 / this.length);
  }

  toString(): string {
    return `(${this.x.toFixed(2)}, ${this.y.toFixed(2)}, ${this.z.toFixed(2)})`;
  }
}
