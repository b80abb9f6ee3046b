export const line =
  (slope: number, offset: number) =>
  (x: number): number =>
    slope * x + offset;
