const heights = [0, 1, 4, 9, 16, 25];
const whole = new Int32Array(2);
const roundTo = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;

export const decimals = ([x, y]: number[]) => roundTo(x!, 8) ** 2 + y!;

export const fraction = ([x]: number[]) => (x! - Math.floor(x!)) ** 2;

export function interpolated([x]: number[]): number {
  const left = Math.floor(x!);
  return heights[left]! + (x! - left) * (heights[left + 1]! - heights[left]!);
}

export const fixedPoint = ([x, y]: number[]) => (((x! * 256) | 0) / 256) * y!;

export const truncated = ([x]: number[]) => Math.trunc(x!) + 2 * x!;

export const twice = ([x, y]: number[]) => ~~x! * y!;

export function stored([x, y]: number[]): number {
  whole[0] = 100 * x!;
  return (whole[0]! / 100) * y! + y! * y!;
}

export const raised = ([x, y]: number[]) => Math.ceil(x!) * y! ** 2;

export const absolute = ([x]: number[]) => Math.sign(x!) * x! ** 3;

export const remainder = ([x, y]: number[]) => (x! % 1) * y!;
