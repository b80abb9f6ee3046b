function* running(p: Iterable<number>): Generator<number, number, void> {
  let s = 0;
  for (const v of p) yield (s += v);
  return s;
}

/** Prefix sums from a generator, with its return value and with delegation. */
export function prefixLoss(p: number[]): number {
  let loss = 0;
  for (const s of running(p)) loss += s ** 2;
  const it = running(p);
  let step = it.next();
  while (!step.done) step = it.next();
  function* both() {
    const total = yield* running(p);
    yield total * 10;
  }
  const all = [...both()];
  return loss + step.value + all[all.length - 1];
}

/** Values sent into a generator. */
export function leakyLoss(p: number[]): number {
  function* filter(keep: number): Generator<number, never, number> {
    let state = 0;
    while (true) state = keep * state + (1 - keep) * (yield state);
  }
  const f = filter(p[0]);
  f.next();
  let last = 0;
  for (const v of p.slice(1)) last = f.next(v).value;
  f.return(undefined as never);
  return last;
}

class Grid {
  constructor(readonly from: number, readonly to: number, readonly n: number) {}
  *[Symbol.iterator]() {
    for (let i = 0; i <= this.n; i++) yield this.from + ((this.to - this.from) * i) / this.n;
  }
}

/** Trapezoidal rule on a grid whose ends are parameters: d/dx of ∫ t² dt. */
export function integralLoss([from, to]: number[]): number {
  const points = [...new Grid(from, to, 4)];
  const [first, ...others] = points;
  let area = 0;
  let before = first;
  for (const t of others) {
    area += ((t - before) * (t * t + before * before)) / 2;
    before = t;
  }
  return area;
}

/** An iterator without a generator, closed early. */
export function untilLoss([limit, growth]: number[]): number {
  let closed = 0;
  const powers = {
    [Symbol.iterator]() {
      let v = 1;
      return {
        next: () => ({ value: (v *= growth), done: false }),
        return: () => (closed++, { value: undefined, done: true }),
      };
    },
  };
  let s = 0;
  for (const v of powers) {
    if (v > limit) break;
    s += v;
  }
  const [one, two] = powers as Iterable<number>;
  return s + one * two + closed + limit;
}
