type Method = (this: any, ...args: any[]) => any;

/** Doubles the result of a method. */
function doubled(method: Method, _: ClassMethodDecoratorContext): Method {
  return function (...args) {
    return 2 * method.apply(this, args);
  };
}

/** Counts the calls; the value passes unchanged. */
const counted =
  (counts: Map<string, number>) =>
  (method: Method, { name }: ClassMethodDecoratorContext): Method =>
    function (...args) {
      counts.set(String(name), (counts.get(String(name)) ?? 0) + 1);
      return method.apply(this, args);
    };

function positive(_: undefined, __: ClassFieldDecoratorContext) {
  return (value: number) => Math.abs(value);
}

function squared(target: ClassAccessorDecoratorTarget<any, number>, _: ClassAccessorDecoratorContext) {
  return {
    get(this: any) {
      return target.get.call(this) ** 2;
    },
    set(this: any, value: number) {
      target.set.call(this, value);
    },
  };
}

const registry = new Map<string, new (...args: any[]) => any>();
function registered<T extends new (...args: any[]) => any>(target: T, { name }: ClassDecoratorContext): T {
  registry.set(String(name), target);
  return target;
}

const counts = new Map<string, number>();

@registered
class Spring {
  @positive stiffness = -3;
  @squared accessor length = 1;
  accessor rest = 0.5;

  @doubled
  @counted(counts)
  energy(x: number): number {
    return 0.5 * this.stiffness * (x - this.rest) ** 2;
  }

  @doubled static half(x: number): number {
    return x / 4;
  }

}

export function methodLoss([x]: number[]): number {
  return new Spring().energy(x!);
}

export function accessorLoss([x, y]: number[]): number {
  const spring = new Spring();
  spring.rest = y!;
  spring.length = x!;
  return spring.length + spring.energy(1);
}

export function staticLoss([x]: number[]): number {
  return Spring.half(x!) ** 2;
}

export function registeredLoss([x, y]: number[]): number {
  const Made = registry.get('Spring')!;
  return new Made().energy(x! * y!);
}
