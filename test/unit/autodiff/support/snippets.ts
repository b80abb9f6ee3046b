// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs as texts

/**
 * Bodies of a function `(log, h)` that may use await. `log` records its arguments and returns the last one;
 * `h` is 3. The rewrite must not change what they return, throw and log.
 */
export const snippets: readonly (readonly [name: string, body: string])[] = [
  ['sums', 'return [h + 1, 1 + h + 2, h - h - 1, (h + 1) * 2, h / 2 / 3, h % 2, 7 % h]'],
  ['powers', 'return [h ** 2, 2 ** h ** 2, (-h) ** 2, (h ** 2) ** 3, -(h ** 2), 2 ** -h]'],
  ['the order of operands', 'return log("a", h) + log("b", 2) * log("c", 4) - log("d", 1)'],
  ['signs', 'return [-h, +h, - -h, -(-h), + +h, -h - -h, h- -h, +"4", -"4", ~h, ~~h, -h + 1]'],
  ['not', 'return [!h, !!h, !0, !(h > 1), !h === false, !(h && 0)]'],
  ['bits', 'return [h | 4, h & 1, h ^ 1, h << 2, -h >> 1, -h >>> 28, (h * 1.7) | 0]'],
  [
    'bigints',
    'const b = BigInt(h); return [b + 1n, b * 2n, -b, b ** 3n, b / 2n, b % 2n, ~b, b << 2n, b > 1, b == 3, 5n / 2n]',
  ],
  ['bigint and number', 'const b = BigInt(h); return b + h'],
  ['bigint plus sign', 'const b = BigInt(h); return +b'],
  [
    'comparisons',
    'return [h < 3, h <= 3, h > 3, h >= 3, h == 3, h != 3, h === 3, h !== 3, h == "3", h === "3", "a" < "b"]',
  ],
  [
    'null and undefined',
    'const n: any = null, u: any = undefined; return [n == u, n === u, h == null, h === undefined, u + 1, n + 1, n == 0, n >= 0]',
  ],
  [
    'strings',
    'const s: any = "x"; return [s + 1, 1 + s, s + null, s + h + h, h + h + s, "" + h, `${h}${s}`, s + {}, s + [1, 2]]',
  ],
  [
    'string concatenation in a loop',
    'let s = ""; for (let i = 0; i < 3; i++) s += i + ","; s += h; return s',
  ],
  [
    'objects that convert',
    'const o: any = { valueOf: () => log("v", 7), toString: () => "s" }; return [o + 1, o * 2, `${o}`, o > 3, "" + o, o == 7, -o]',
  ],
  ['a symbol', 'return (Symbol("x") as any) + 1'],
  ['a symbol in a template', 'return `${Symbol("x") as any}`'],
  ['assignment', 'let a = h; const r = a = a + 1; return [a, r]'],
  [
    'compound assignment of names',
    'let a: any = h; a += 1; a -= 2; a *= 3; a /= 2; a %= 2; a **= 2; a <<= 3; a >>= 1; a >>>= 0; a |= 8; a &= 15; a ^= 1; return a',
  ],
  [
    'compound assignment gives its value',
    'let a = h; const b = (a += 2) * 2; return [a, b, a -= 1, a *= a += 1]',
  ],
  ['compound assignment reads first', 'let a = h; a += (a = 10, 1); return a'],
  ['chained compound assignment', 'let a = h, b = 2, c = 1; a += b += c += 1; return [a, b, c]'],
  [
    'compound assignment of properties',
    'const o: any = { x: h, y: { z: 1 } }; o.x += 2; o.y.z -= h; o["x"] *= 2; o.y["z"] **= 2; return o',
  ],
  [
    'once: object of a property',
    'const o: any = { x: h }; const f = () => { log("f"); return o; }; f().x += log("r", 1); return o',
  ],
  [
    'once: object and key',
    'const a: any = [1, 2, 3]; let i = 0; const f = () => { log("f"); return a; }; f()[i++] += log("r", h); f()[i++] *= 2; return [a, i]',
  ],
  ['the element is read before the right side', 'const a: any = [1, 2]; a[0] += (a[0] = 10, h); return a'],
  [
    'the element is read before a call',
    'const a: any = [1, 2]; const f = () => { a[0] = 100; return h; }; a[0] += f(); a[1] -= f(); return a',
  ],
  [
    'an object that changes meanwhile',
    'let o: any = { x: 1 }; const p = o; o.x += (o = { x: 5 }, h); return [o, p]',
  ],
  ['a key that changes meanwhile', 'const a: any = [1, 2]; let i = 0; a[i] += (i = 1, h); return a'],
  [
    'elements of elements',
    'const a: any = [[1, 2], [3, 4]]; a[1][0] += a[0][1] * h; a[0][0]++; a[1][1] **= 2; return a',
  ],
  ['keys with commas', 'const a: any = [1, 2]; a[log("k"), 1] = h; a[0, 1] += 1; return a'],
  ['element bits', 'const a: any = [6, 2]; a[0] |= 1; a[1] <<= h; a[0] >>>= 1; return a'],
  ['element remainder', 'const a: any = [6.5, 2]; a[0] %= 4; a[1] **= h; return a'],
  [
    'stores',
    'const a: any = []; let i = 0; a[i++] = h; a[i++] = log("v", i); const r = a[i] = 5; return [a, r]',
  ],
  ['stores, order', 'const f = (x: any) => (log(x), x); f([])[f(0)] = f(1); return 0'],
  [
    'stores with types',
    'const a: any[] | undefined = [1]; a![0]! = h as number; (a as any)[1] = <any>h; (a[2] as any) = 2; (a[3]) = 1; (a[0]! as number) += 1; return a',
  ],
  ['stores into null', 'const a: any = null; a[0] = h'],
  [
    'stores of functions',
    'const a: any = {}; a["f"] = () => 1; a[h] = function () {}; return [a.f.name, a[3].name]',
  ],
  [
    'typed arrays',
    'const a = new Float64Array(3), b = new Int32Array(2); a[0] = h / 2; a[7] = 1; b[0] = 2.7; a[1] += 0.5; b[1]--; return [Array.from(a), Array.from(b)]',
  ],
  ['Float32', 'const a = new Float32Array(2); a[0] = 0.1; a[1] += 0.2; return Array.from(a)'],
  ['increments', 'let a = h; const r = [a++, ++a, a--, --a]; a++; --a; return [a, r]'],
  [
    'increments of strings and null',
    'let a: any = "5", b: any = null, c: any; return [a++, a, b++, b, c++, c, typeof a]',
  ],
  ['increments of bigints', 'let a: any = BigInt(h); return [a++, ++a, a--, --a]'],
  [
    'increments of members',
    'const o: any = { x: h, "y z": 1 }; const a: any = [1, 2]; let i = 0; return [o.x++, ++o.x, o["y z"]--, a[i++]++, ++a[i], i, o, a]',
  ],
  [
    'increments once',
    'const o: any = { x: h }; const f = () => (log("f"), o); return [f().x++, --f().x, f()["x"]++, o]',
  ],
  [
    'increments in a condition',
    'let n = h; let k = 0; while (n--) k++; do k++; while (--n > -4); return [n, k]',
  ],
  ['increments after &&', 'let n = h; n && n++; n || n--; n > 2 ? n++ : n--; void n++; return n'],
  ['increment statement after a line', 'let a = h\nlet b = a\n++a\nb\n++b\na++\nb--\nreturn [a, b]'],
  [
    'property of a parenthesis',
    'let o: any = { x: 1 }; (o).x += h; (o.x) -= 1; ((o.x))++; let y = 1; (y) += h; (y)++; return [o, y]',
  ],
  [
    'or statement after a line',
    'let a: any = 0, b\nconst c = a\na || log("x")\na ||= 4\nb = c\nb ||= log("y", 2)\n;a && log("z")\nreturn [a, b]',
  ],
  [
    'value or after a line',
    'const f = (x: any) => x\nlet q = f\nlet p: any = h\np++\np || 1, log(p)\nreturn q === f',
  ],
  [
    'directive then parenthesis',
    'const g = function () {\n"use strict"\nh || log(1)\nh++\nreturn this === undefined }; return g()',
  ],
  [
    'or and and give operands',
    'const o = {}; return [h || 1, 0 || h, h && "x", 0 && h, "" || h, null || undefined, NaN || 2, o || 1, h && o, [] && h]',
  ],
  [
    'short circuit',
    'return [log("a", 0) || log("b", h), log("c", 1) && log("d", 0) && log("e", 2), log("f", 1) || log("g", 2)]',
  ],
  [
    'mixed logic',
    'return [(h > 1 && h) || 5, h && (0 || h), (h ?? 1) || 2, (0 || h) ?? 3, h > 5 || h < 1 || "z"]',
  ],
  [
    'logic of calls',
    'const f = (x: any) => log("f", x); return [f(0) || f(1) || f(2), f(1) && f(2) && f(0) && f(4)]',
  ],
  ['nested logic', 'const f = (x: any) => x; return f(f(0) || (f(1) && (f(0) || f(7))) || f(9))'],
  [
    're-entrant logic',
    'const f = (n: number): any => n === 0 ? 0 : f(n - 1) || (f(n - 1) || n); return [f(3), f(4)]',
  ],
  [
    'truthiness',
    'const v: any[] = [0, -0, NaN, "", "0", null, undefined, [], {}, 1n, 0n, h]; return v.map((x) => { if (x) return 1; else return x ? 2 : !x })',
  ],
  [
    'assignment as a condition',
    'let m: any; const it = [3, 2, 0]; let out = []; while ((m = it.shift())) out.push(m); if ((m = h) && m > 2) out.push("y"); return out',
  ],
  [
    'commas in a condition',
    'let n = 0; if (log("a"), n = h) log("b"); while (log("w"), n--) ; for (n = 3, log("i"); log("t"), n; log("u"), n--) ; return n',
  ],
  [
    'conditional',
    'return [h ? 1 : 2, h > 5 ? h : -h, (h ? 0 : 1) ? 4 : 5, h ? h ? 1 : 2 : 3, !h ? 1 : h || 2]',
  ],
  [
    'logical assignment of names',
    'let a: any = 0, b: any = 1, c: any = null, d: any; const r = [a ||= h, b ||= log("no", 5), b &&= h, c ??= h, d &&= log("no"), a ??= 9]; return [a, b, c, d, r]',
  ],
  [
    'logical assignment names functions',
    'let a: any, b: any = 1; a ||= () => 1; b &&= function () {}; return [a.name, b.name]',
  ],
  [
    'logical assignment of members',
    'const o: any = { a: 0, b: 1, get c() { return log("get", 0) }, set c(v) { log("set", v) } }; const r = [o.a ||= h, o.b ||= log("no"), o.b &&= 7, o.c ||= log("r", 4), o.d ??= 5, o["e"] ||= 6, o["b"] &&= 0, o["f"] ??= h, o["b"] &&= log("no")]; return [r, o.a, o.b, o.d, o.e, o.f]',
  ],
  [
    'logical assignment once',
    'const o: any = {}; let i = 0; const f = () => (log("f"), o); f().x ||= log("r", h); f()[i++] ||= log("r", 2); f()[i++] ??= 1; f()["x"] &&= log("s", 0); f()["x"] ||= (f()[9] ||= 8); return [o, i]',
  ],
  [
    'logical assignment awaits',
    'const o: any = {}; const f = async (k: any, v: any) => (o[k] ||= await v, o.z ||= await v, o[k]); return [await Promise.all([f("a", 1), f("b", 2), f("c", 0)]), o]',
  ],
  [
    'switch',
    'const f = (x: any) => { switch (x) { case 1: return "one"; case h: return "h"; case log("c", 4): return "four"; case "s": log("s"); default: return "d"; case 9: return 9 } }; return [1, 3, 4, "s", 0, 9, NaN].map(f)',
  ],
  ['switch of commas', 'switch (log("a"), h) { case log("b"), 3: return "y" } return "n"'],
  ['switch of true', 'switch (true) { case h < 2: return 1; case h > 2: return 2 }'],
  [
    'switch falls through and breaks',
    'let s = ""; a: for (const x of [1, 2, 3]) switch (x) { case 1: s += "1"; continue a; case 2: s += "2"; break; default: s += x || "d"; break a } return s',
  ],
  [
    'statements in a case',
    'let r: any = 0; switch (h) { case 3:\nlet f = log\nr++\nr || f(2)\nr ||= 5\n} return r',
  ],
  [
    'typeof',
    'return [typeof h, typeof "s", typeof undefined, typeof noSuchName, typeof log, typeof null, typeof (h + 1), typeof typeof h, typeof-h, typeof(h)]',
  ],
  [
    'typeof in the dead zone',
    'try { typeof later } catch (e: any) { log(e.name) } let later = 1; return typeof later',
  ],
  ['templates', 'return [`a${h}b${h + 1}c`, `${`${h}`}`, `${h || "x"}`, `${log("a"), h}`, `x`, `\\${h}`]'],
  [
    'tagged templates',
    'const tag = (s: any, ...v: any[]) => [s.raw.join("|"), v]; return [tag`a${h}b${h * 2}`, String.raw`\\n${h}`]',
  ],
  [
    'keywords that touch',
    'const f = (x: any) => { if (x > 2) return-x; else return+x };const g = function* () { yield-h; yield!h; yield`${h}`; return(h)+1 }; return [f(h), f(1), ...g(), void-h, typeof-h, h in{3:1}]',
  ],
  ['throw that touches', 'throw-h'],
  ['case that touches', 'switch (-h) { case-h: return 1 }'],
  [
    'comments between',
    'return [h /* a */ + /* b */ 1, h // c\n + 2, /* d */ -h, h /* + */ * 2, h /* e */ ++ ? 1 : 2, ! /* f */ h, (/* g */ h /* h */) /* i */ || /* j */ 2]',
  ],
  [
    'comments in calls',
    'const a = [1, 2, 3]; return [a /* a */ . /* b */ some /* c */ ( /* d */ (x) => x > 2 /* e */ ), a.includes(/* none */), Math /* m */ . /* n */ sqrt /* o */ ( /* p */ h /* q */ ), a /* x */ [ /* y */ 0 /* z */ ] /* w */ = /* v */ h]',
  ],
  [
    'line ends',
    'const a =\n  h\n  +\n  1\n;const b = a\n  ||\n  2\nconst c =\n  a\n  === b\nreturn [a, b, c,\n  -\n  h]',
  ],
  [
    'arrow bodies',
    'const f = (x: number) => x + 1, g = (x: number) => ({ y: x * 2 }), i = (x: any) => x || 1, j = (x: any) => !x, k = (x: any) => (y: any) => x - y, l = (x: any) => [x ** 2], m = (x: any) => `${x}`, n = (x: any) => -x, o = (x: any) => x++; return [f(h), g(h), i(0), j(h), k(h)(1), l(h), m(h), n(h), o(h)]',
  ],
  [
    'default parameters',
    'const f = (a = h + 1, b = a * 2, { c = b || 1, d = c ? 1 : 2 } = {}, [e = a - b] = [] as any) => [a, b, c, d, e]; return [f(), f(1), f(1, 0)]',
  ],
  [
    'destructuring',
    'const { a, b = a * 2, ...r } = { a: h, c: 1, d: 2 } as any; const [x, , y = x + 1, ...z] = [1, 2, undefined, 4, 5]; return [a, b, r, x, y, z]',
  ],
  [
    'destructuring assignment',
    'let a: any, b: any; const o: any = {}; [a, b = a + 1] = [h]; ({ a, b: o.x = a * 2, [`k${a}`]: o["y"] = 5 } = { a: 7 } as any); [o.z, ...o.w] = [1, 2, 3]; return [a, b, o]',
  ],
  [
    'swap',
    'const a: any = [1, 2, 3]; [a[0], a[1]] = [a[1], a[0]]; let i = 0; [a[i++], a[i++]] = [a[2] * h, i]; return [a, i]',
  ],
  [
    'swap, order',
    'const t = (n: string, o: any) => (log(n), o); const a: any = []; [t("a", a)[t("k", 0)], t("b", a)[t("l", 1)]] = [t("x", 1), t("y", 2)]; return a',
  ],
  [
    'loops over targets',
    'const a: any = []; for (a[a.length] of [1, 2, h]) ; const o: any = {}; for (o.k in { p: 1 }) ; let i: any; for (i of [h]) ; for (const [p, q = p * 2] of [[1], [2, 3]]) a.push(p + q); return [a, o, i]',
  ],
  [
    'loop counters',
    'let s = 0; for (let i = 0, n = 5; i < n; i++) { if (i % 2 === 0) continue; s += i * h } for (let i = 10; i > 0; i -= 3) s += i; for (var j = 0; j < 2; ++j) s += j; return [s, j]',
  ],
  [
    'counters in closures',
    'const f: any[] = []; for (let i = 0; i < 3; i++) f.push(() => i++ + h); return [f.map((g) => g()), f.map((g) => g())]',
  ],
  [
    'a counter that turns',
    'let i: any = 0; i++; const a = i + 1; i = h; i++; let k = 0; k = k + i; return [a, i, k]',
  ],
  ['a name with two kinds', 'let x: any = 0; const f = () => { x = "s" }; x += 1; f(); x += 1; return x'],
  [
    'labels',
    'outer: for (let i = 0; i < 3; i++) { inner: for (;;) { if (i * h > 3) break outer; continue outer } } a: { if (h) break a; return 1 } return 2',
  ],
  ['sequences', 'let a = 0; const b = (a++, a += h, log(a), a * 2); return [a, b, (1, h + 1)]'],
  [
    'in, instanceof, delete, void',
    'const o: any = { a: 1, 3: 2 }; class A { #x = 1; static has(v: any) { return #x in v } } return ["a" in o, h in o, [] instanceof Array, new A() instanceof A, delete o.a, delete o[h], o, void h, A.has(new A()), A.has({})]',
  ],
  [
    'try and finally',
    'const f = () => { try { log(h * 2); throw new RangeError("r" + h) } catch ({ message }: any) { return message + 1 } finally { log(h - 1) } }; return f()',
  ],
  ['throws what it threw', 'throw new RangeError(`bad ${h + 1}`)'],
  [
    'closures',
    'const make = (k: number) => { let n = 0; return { up: () => (n += k), get: () => n } }; const c = make(h); c.up(); c.up(); return c.get()',
  ],
  ['recursion', 'const fib = (n: number): number => n < 2 ? n : fib(n - 1) + fib(n - 2); return fib(10 + h)'],
  [
    'generators',
    'function* g(n: number): any { let x = 0; while (n--) { const y = yield x || "z"; x += y ?? 1; if (yield* k(x)) return x * 2 } } function* k(x: number) { yield -x; return x > 5 && "end" } const i = g(4), out = []; let v: any = i.next(); while (!v.done) { out.push(v.value); v = i.next(h) } return [out, v]',
  ],
  [
    'yield among operands',
    'function* g(): any { const a = (yield 1) + (yield 2); const b = (yield a) || (yield "no"); const o: any = [0]; o[0] += yield b; o[yield 3] = yield 4; let x = 1; x += yield 5; x ||= yield; return [a, b, o, x, `${yield 6}`] } const i = g(); let v = i.next(); let n = 1; while (!v.done) { log(v.value); v = i.next(n++) } return v.value',
  ],
  [
    'async',
    'const f = async (x: number) => { await null; return x * 2 }; const a: any = [1]; a[0] += await f(h); let b = 1; b += await f(b); return [await f(1) + await f(2), a, b, (await f(0)) || (await f(1)) && (await f(2)), -(await f(1)), !(await f(0)), await Promise.all([1, 2].map(async (x) => x + (await f(x))))]',
  ],
  [
    'interleaved async logic',
    'const wait = async (x: any, n: number) => { for (let i = 0; i < n; i++) await null; return x }; const f = async (x: any, n: number) => (await wait(x, n)) || (await wait(n, 1)); return Promise.all([f(0, 3), f(5, 1), f(0, 2), f(7, 4)])',
  ],
  [
    'for await',
    'async function* g() { yield h; yield h * 2 } let s = 0; for await (const x of g()) s += x; return s',
  ],
  [
    'classes',
    `class V { static n = 1 + 1; #x; y = this.constructor.name + 1; [\`k\${h}\`] = h - 1; static { V.n += h; log(V.n) || log("s")\nlog(V.n)\n}
    constructor(x: any) { this.#x = x * 2 } get x() { return this.#x + 0.5 } set x(v) { this.#x = v - 1 } up() { this.#x += h; this.#x++; --this.#x; this.#x **= 2; this.#x ||= 4; return this.#x-- } static of(v: any) { return (log("of"), new V(v)).#x += 1 } static down(v: V) { return [(log("d"), v).#x--, (log("e"), v).#x ||= 3, ((log("g"), v).#x ??= 3), (log("f"), v).#x &&= 0] } #p() { return -this.#x } p() { return this.#p() + 1 } }
    const v: any = new V(h); v.x += 10; return [V.n, v.y, v.k3, v.x, v.up(), v.x, V.of(2), V.down(v), v.p()]`,
  ],
  [
    'accessors once',
    'let n = 0; const o: any = { get a() { log("get"); return n }, set a(v) { log("set", v); n = v } }; o.a += h; o.a++; ++o.a; o.a -= log("r", 1); return n',
  ],
  [
    'super',
    `class A { x = 1; get v() { return h } set v(w) { log("set", w) } m(a: any) { return a + 1 } filter(f: any) { return f(h) || 2 } }
    class B extends A { constructor() { super(); super.v += 2; super.v++; super["v"] -= 1; super[(log("k"), "v")] *= 2; super["v"] ||= 5 } m(a: any) { return super.m(a) * 2 } t() { return super.filter((y: any) => y - h) } static s = super.toString.length }
    const b = new B(); return [b.m(h), b.t()]`,
  ],
  [
    'an array of its own',
    'class L extends Array { total() { return this.reduce((a: any, b: any) => a + b, 0) } big() { return super.filter((x: any) => x - 1) } } const l: any = L.from([1, 2, 3]); return [l.total(), l.big().length, l.big() instanceof L, l.length]',
  ],
  [
    'new.target',
    'function F(this: any) { return new.target === undefined ? 1 : ({ a: new.target === F }) } return [(F as any)(), new (F as any)()]',
  ],
  [
    'optional chains',
    'const o: any = { a: { b: (x: number) => x * 2, c: [1, 2] } }, n: any = null; return [o?.a?.b(h), n?.a.b.c(log("no")), o.a?.["b"]?.(h + 1), n?.[log("no")], o.x?.(log("no")), (n?.a)?.b, o?.a.c[h - 2], delete o?.a.c, n ?? h, n?.x ?? (h || 1)]',
  ],
  [
    'methods that look at values',
    'const a: any = [3, 1, 2, 0]; return [a.some((x: any) => x), a.every((x: any) => x), a.filter(Boolean), a.find((x: any) => x > h), a.findIndex((x: any) => !x), a.findLast((x: any) => x), a.findLastIndex((x: any) => x === 3), a.includes(h), a.indexOf(h), a.lastIndexOf(9), [...a].sort(), a.toSorted ? 1 : 2, [...a].sort((x, y) => y - x), a.join(), a.join("-"), new Array(2).fill(h), a["some"]((x: any) => x > 2), a.map((x: any) => x).filter((x: any) => x).join("")]',
  ],
  [
    'methods of others',
    'const o: any = { filter: (f: any, g: any) => f + g, find() { return this === o }, join: null }; return [o.filter(1, h), o.find(), "abc".includes("b"), "abc".indexOf("c"), [..."abc"].join(h), o.fill?.(1), o.join?.(2)]',
  ],
  [
    'methods once',
    'const f = () => (log("f"), [1, 2, 3]); return [f().some((x) => log("p", x) > 1), f()["includes"](log("i", 2)), f().filter((x) => x - 1).filter((x) => x - 2)]',
  ],
  [
    'methods with this',
    'return [[1, 2].filter(function (this: any, x) { return x > this.k }, { k: 1 }), [1, 2, 3, 4].indexOf(1, 1), [1, 2].fill(0, 1), [1, 2].includes(1, 1)]',
  ],
  [
    'optional methods',
    'const a: any = [1, 2], n: any = undefined, o: any = { a, n }; return [a?.some((x: any) => x > 1), n?.some(log("no")), o.a?.filter((x: any) => x - 1).length, o.n?.filter(log("no")).length, o?.a.find((x: any) => x > 1), a.find?.((x: any) => x > 1), a.none?.(1), o.a?.map((x: any) => x * 2).some((x: any) => x > 3), o?.a?.filter((x: any) => x)?.join("+"), n?.a.b.join(log("no")).x.y, o.a?.["some"]((x: any) => x), o?.["a"].some((x: any) => x > 5), a?.filter((x: any) => x)[0]]',
  ],
  [
    'optional methods, tests and lines',
    'const a: any = [1, 2], n: any = null\nlet r: any = []\nconst p = r\na?.some(log)\nn?.some(log)\nif (a?.some((x: any) => x > 1)) r.push(1)\nif (n?.includes(1)) r.push(2)\nfor (const x of a?.filter((y: any) => y > 1) ?? []) r.push(x)\nreturn [r, p === r, !a?.includes(2), -(a?.indexOf(2) ?? 1), a?.find((x: any) => x) + 1]',
  ],
  [
    'optional methods one after the other',
    'const a: any = [1, 0, 2], n: any = null; return [a?.filter((x: any) => 0)?.join("-"), a?.filter((x: any) => x)?.find((x: any) => x > 1)?.toFixed(1), a.filter?.((x: any) => x)?.some((x: any) => x > 5), n?.filter(log("no"))?.join(log("no")), a?.map((x: any) => x)?.filter((x: any) => x)?.map((x: any) => x)?.join("+").length]',
  ],
  [
    'optional methods called by name',
    'const o: any = { f: (x: any) => [x, 0] }, g: any = (x: any) => [x], n: any = null; return [g?.(h).some((x: any) => x), n?.(h).some((x: any) => x), o.f(h)?.filter((x: any) => x)]',
  ],
  [
    'Math',
    'return [Math.sqrt(h), Math.max(h, 1), Math.max(), Math.max(1, h, 2), Math.max(...[1, h]), Math.hypot(3, 4), Math.atan2(h, 1), Math.PI * h, Math["exp"](h), Math.pow(h, 2), Math.abs(-2), Math.min(h), Math.floor(h / 2), Math.sqrt(h,), Math.sqrt(), (Math.sqrt as any)(h, 1), Math.sign(-h || 1)]',
  ],
  [
    'Math by other names',
    'const { exp, log: ln, max } = Math, m = Math, sq = Math.sqrt; return [exp(h), ln(h), max(1, h), m.sin(h), sq(h), [1, 4].map(Math.sqrt), [1, h].reduce((a, b) => Math.max(a, b)), exp?.(1), Math?.exp(1), Math.exp?.(1)]',
  ],
  [
    'globals',
    'return [Number("3") + h, Boolean(h), String(h), Array(2).length, Array.from([1, h], (x) => x * 2), Array.isArray([]), isNaN(h), isFinite(h), parseFloat("1.5") + h, parseInt("7", 10), Object.is(h, 3), Object.is(NaN, NaN), structuredClone({ a: h }), new Map([[h, 1]]).get(3), [...new Set([h, 3])], Number.isInteger(h), Number.EPSILON > 0, Number.isFinite(h / 0), new Number(3) + h, new String("a").length, ["1", "2"].map(Number), Array.of(h), Math.max.apply(null, [1, h])]',
  ],
  [
    'globals in shorthand',
    'const o = { Math, Number, h, isNaN }; return [o.Math.sqrt(4), o.Number("2"), o.h, o.isNaN(NaN)]',
  ],
  [
    'shadowed globals',
    'const f = (Math: any) => Math.sqrt(h); const Number = (x: any) => "n" + x; { const isNaN = () => "own"; log((isNaN as any)(h)) } return [f({ sqrt: (x: any) => x + "s" }), Number(h), isNaN(h), ((Object: any) => Object.is(1, 2))({ is: () => "is" })]',
  ],
  [
    'asking what a thing is',
    'const a: any = [1], o: any = { x: h, ...{ y: 1 }, ...a }; class P {} const tag = Object.prototype.toString; return [h instanceof Object, a instanceof Object, new P() instanceof P, h.constructor === Number, a.constructor === Array, new P().constructor === P, Object(h) === h, Object(a) === a, Object.keys(h), Object.keys(o), Object.entries(o), tag.call(h), ({}).toString.call(a), Object.prototype.hasOwnProperty.call(o, "x"), ArrayBuffer.isView(h), ArrayBuffer.isView(new Float64Array(1)), "x" in o, Reflect.ownKeys(o), { ...h }, ((r) => { for (const k in h) r.push(k); for (const k in o) r.push(k); return r })([] as any[])]',
  ],
  ['a key in a number', 'return "x" in h'],
  [
    'a class expression named like a global',
    'const C = class Map { static of() { return new Map() } }, f = function Number(x: any): any { return x ? Number(0) : "own" }; return [C.of() instanceof C, f(h)]',
  ],
  [
    'classes of globals',
    'const a: any = []; return [a instanceof Array, a.constructor === Array, new Map() instanceof Map, typeof Math, typeof Map, Array.prototype.slice.call([1, h], 1), class extends Map {}.name === ""]',
  ],
  [
    'lengths',
    'const a = [1, 2], s = "abc"; let n = 0; for (let i = 0; i < a.length * 2 - 1; i++) n += i; if (a.length) n++; a.length = 1; return [n, a.length + s.length, a.length === 1, -a.length, a.length--, a]',
  ],
  [
    'own lengths',
    'const rod: any = { length: h }; rod.length += 1; rod.length++; return [rod.length * 2, rod.length === 5, rod.length ? 1 : 2]',
  ],
  [
    'arguments',
    'function f(this: any) { return arguments.length + arguments[0] * 2 } return (f as any)(h, 1)',
  ],
  [
    'types everywhere',
    'type T = number; interface I { x: T } const a = (h as T) + 1, b = <T>h * 2, c = h! - 1, o: I = { x: h } satisfies I, d = a + b as number * c, f = <U,>(x: U, y?: T): U => x; return [a, b, c, d, o.x! ** 2, f<T>(h) + 1, (o as any)["x"]++, [h].some<any>((x) => x), -<T>h, !(h as any), <T>h + <T>h, (<any>h) || 1, h && h as any]',
  ],
  [
    'as, then a line with a parenthesis',
    'const x: any = 1\nconst y = x && h as number\n;(() => log(y))()\nconst z = x || h as number\n[1].forEach(log)\nreturn z',
  ],
  ['satisfies, then a template', 'const t: any = () => 1\nconst z = h + h satisfies number\n`x`\nreturn z'],
  ['enums inside', 'enum E { A = 1, B = A * 2, C } return [E.A + h, E.C * 2, E[2]]'],
  [
    'getters and setters of literals',
    'let k = 1; const o = { get x() { return k + h }, set x(v) { k = v * 2 }, ["a" + h]: h * 2, m(y = h - 1) { return y || 7 }, async *g() { yield h + 1 } }; o.x = 4; return [o.x, (o as any).a3, o.m(), o.m(0), (await o.g().next()).value]',
  ],
  [
    'spread',
    'const a = [1, h]; return [[...a, h + 1], { ...{ x: h * 2 }, y: -h }, Math.max(...a, h - 5), ((...r: any[]) => r.length + h)(...a, ...a)]',
  ],
  ['regular expressions', 'return [/a/.test("a") && h / 2 / 1, "a/b".split(/\\//).length + h, h /2/ 1]'],
  [
    'semicolons left out',
    'let a = h\nlet b = a * 2\nconst c = [a, b]\n  .map((x) => x + 1)\nlet i = 0\nwhile (i < 2) i++\ndo i++; while (i < 5)\nif (a) b++\nelse b--\nfor (;;) break\nreturn [a, b, c, i]',
  ],
  [
    'if without braces',
    'let a: any = 0\nif (h) a || (a = 1)\nelse a++\nif (!h) a++\nelse a ||= 4\nif (h) a++; else a--\nfor (let i = 0; i < 2; i++) a++\ndo a++\nwhile (a < 6)\nreturn a',
  ],
  ['long sums', `return ${Array.from({ length: 200 }, (_, i) => `h * ${i}`).join(' + ')}`],
  ['NaN and infinities', 'return [h / 0, -h / 0, 0 / (h - 3), (h - 3) / -1, NaN === NaN, Infinity - h]'],
  ['with undefined names', 'return noSuchName + h'],
  ['a constant that is assigned', 'const a = h; (a as any) += log("r", 1)'],
  ['a constant that is incremented', 'const a: any = h; a++'],
  ['the dead zone', 'x + h; let x = 1'],
  ['calling nothing', 'const o: any = {}; return o.nothing(log("a", h)) + 1'],
  ['methods of nothing', 'const o: any = {}; o.list.some(log)'],
];
