// hostile: {"exit": 2, "says": "."}
(globalThis as any).Error = null;
Delete();
function Delete() {
  for (const name of ['TypeError', 'RangeError']) delete (globalThis as any)[name];
}

/** @start [1, 2] */
export function loss([x, y]: number[]): any { // HERE
  throw { why: 'no errors' };
}
