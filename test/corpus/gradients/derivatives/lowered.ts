export namespace Units {
  export const two = 2;
}

const cubed = (x: number) => Number(String(x ** 3));
/** @derivative cubed */
export const dCubed = (x: number) => 3 * x * x;

export const besideNamespace = ([x, y]: number[]) => cubed(x!) * Units.two + y!;
