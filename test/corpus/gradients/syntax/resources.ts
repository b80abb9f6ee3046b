class Scope {
  static open = 0;
  readonly #weight: number;
  constructor(weight: number) {
    this.#weight = weight;
    Scope.open++;
  }
  weighted(x: number): number {
    return this.#weight * x;
  }
  [Symbol.dispose](): void {
    Scope.open--;
  }
}

export function usingLoss([x, y]: number[]): number {
  using scope = new Scope(3);
  const sum = scope.weighted(x! * y!);
  return sum * sum;
}

export function loopLoss(p: number[]): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    using scope = new Scope(i + 1);
    if (p[i]! < 0) continue;
    sum += scope.weighted(p[i]!) ** 2;
  }
  return sum + Scope.open;
}

export async function awaitLoss([x]: number[]): Promise<number> {
  await using scope = {
    weight: 2,
    async [Symbol.asyncDispose]() {},
  };
  return scope.weight * x! ** 3;
}

enum Weight {
  Small = 1,
  Large = Small << 3,
}
const enum Power {
  Two = 2,
}

export function enumLoss([x, y]: number[]): number {
  return Weight.Small * x! ** Power.Two + Weight.Large * y! ** Power.Two;
}
