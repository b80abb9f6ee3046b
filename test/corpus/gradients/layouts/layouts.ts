// Code in layouts that formatters do not write.
export function scaledLoss([x, y]: number[]) { let d = x; d *= (x + y); const o = { d }; o.d *= (d - y); const a = [o.d]
  a[0] -= ((x * y))
  ++a[0]
  return (a[0]) }

export const commentedLoss = ([x, y]: number[]) => // x *
  x /* + */ * /* - */ y // ; )
  + /* ) */ ( /* ( */ x // **
  ** /* 3 */ 2 /* ) */ ) /* */ / /* / */ 2

export function bareLoss(p: number[]) {
  let s = 0, k = 0
  do s += p[k] * (p[k])
  while (++k < p.length)
  ++s
  ;[s, k] = [s * 2, 0]
  const f = function () { return s }
  ++s
  !k && (s -= (k, p[0]))
  return f
  ()
}

export const typedLoss = (p: number[]): number => {
  const [x, y] = p as [number, number], o = { x } satisfies { x: number };
  (<number>o.x) += (y as number)!; (o.x as number) *= <number>(x + y!);
  (p[0] as number)++; (<any>p)[1] -= (x as number * 2)!;
  return o.x! + (p[0]! as number) * <number>p[1]
}

export const chainedLoss = ([x, y]: number[]) => {
  const list: number[] | undefined = [x, 0, y], none = undefined as number[] | undefined;
  return ((list?.filter)((v) => v)).length * x + (list.filter?.((v) => v - x)?.some((v) => v === y) ? y : 0)
    + (none?.some?.((v) => v) ?? list?.find?.((v) => v > 0)! * x) + ((list)?.["every"]((v) => v) ? 5 : 0)
}

class Counter { #n: number; constructor(n: number) { this.#n = n } get n() { return this.#n } set n(v) { this.#n = v; this.log.n++ } log: any = { n: 0 } 
  take() { return this.n++ + (this.n--) } }
export const countedLoss = ([x, y]: number[]) => { const c = new Counter(x), made = () => c; return made().take() * y + (made().n *= (y)) + made().log.n-- + made().log.n }

export const keywordLoss = ([x, y]: number[]) => { const g = function* () { yield-x; yield*[y]; return+x }, o: any = { valueOf() { return-y } }
  switch (-x) { case-x:var a=+x*-y; break; default:throw-x }
  return[...g()].reduce((s, v) => s-v, 0)+typeof-x.length*0||a-o*-x }
