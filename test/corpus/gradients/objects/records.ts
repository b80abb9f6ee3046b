interface Body {
  x: number;
  v: { x: number };
}

/** Objects in a list, changed in place in a loop over pairs. */
export function attract([x, y]: number[]): number {
  const bodies: Body[] = [x!, y!].map((at) => ({ x: at, v: { x: 0 } }));
  for (const a of bodies)
    for (const b of bodies) {
      if (a === b) continue;
      a.v.x += b.x - a.x;
    }
  for (const body of bodies) body.x += 0.5 * body.v.x;
  return bodies[0]!.x * 3 + bodies[1]!.x ** 2;
}

/** A spread copies; the copy and the original change apart. */
export function copies([x, y]: number[]): number {
  const a = { u: x!, w: y! };
  const b = { ...a, w: 2 * y! };
  a.u = y!;
  b.u *= 3;
  return a.u * b.u + a.w * b.w;
}

/** A copy of data, of which one field is replaced. */
const defaults = { rate: 0.5, power: 2, title: 'text' };
export function options([x, y]: number[]): number {
  const settings = { ...defaults, rate: x! };
  settings.power += y!;
  return settings.rate * settings.power;
}

/** A state that every step replaces. */
export function stepped([x, y]: number[]): number {
  let state = { at: x!, trace: [x!] };
  for (let k = 0; k < 3; k++) state = { at: state.at * y!, trace: [...state.trace, state.at] };
  return state.at + state.trace.reduce((a, b) => a + b, 0);
}

/** Pairs of an object and a number. */
export function pairs([x, y]: number[]): number {
  const a = { v: x! };
  const b = { v: y! };
  let total = 0;
  for (const [each, weight] of [
    [a, 2],
    [b, 3],
    [a, 4],
  ] as [{ v: number }, number][]) {
    total += weight * each.v;
    each.v *= 2;
  }
  return total * b.v;
}

/** A closure that keeps a variable, called in a loop after its maker returned. */
function accumulator(rate: number) {
  let sum = 0;
  return { add: (v: number) => (sum += rate * v), total: () => sum };
}
export function closure([x, y]: number[]): number {
  const own = accumulator(x!);
  for (let k = 1; k <= 3; k++) own.add(k * y!);
  return own.total() ** 2;
}

/** A copy whose fields were not written in the literal that it copies. */
export function deepCopies([x, y]: number[]): number {
  const first = { ...defaults, rate: x! };
  const second = { ...first, title: 'other' };
  const third = { ...second, rate: y! };
  return third.power * x! * third.rate;
}
