import type { AdjointCase } from './adjointLosses';

const plane = [
  [0.3, -1.2],
  [-0.7, 0.4],
  [1.9, 2.3],
];

/** Losses that make lists of lists, objects and instances of classes. */
export const objectCases: readonly AdjointCase[] = [
  {
    name: 'rows that are pushed, mapped and indexed',
    text: `export function loss(p) {
      const w = [];
      for (let i = 0; i < 3; i++) { const row = []; for (let j = 0; j < 2; j++) row.push(p[j] * (i + 1) + j); w.push(row); }
      let s = 0;
      for (let i = 0; i < 3; i++) for (let j = 0; j < 2; j++) s += w[i][j] * w[(i + 1) % 3][1 - j];
      return s + w.map((row) => row.reduce((a, b) => a + b * b, 0)).reduce((a, b) => a * b, 1);
    }`,
    points: plane,
  },
  {
    name: 'two names of one list',
    text: `export function loss([x, y]) { const a = [x, y]; const b = a; let c = b; c[0] = y * y; b[1] *= a[0]; if (x > 0) c = [x, x]; c[1] += 2 * x; return a[0] * 3 + a[1] * b[0] + c[1] ** 2; }`,
    points: plane,
  },
  {
    name: 'one row at two places of a list, changed after it was read',
    text: `export function loss([x, y]) { const row = [x, y]; const m = [row, row, [1, x]]; let s = m[0][0] * m[1][1]; m[0][0] = s * y; m[1][1] += m[2][1]; s += m[1][0] * m[0][1]; m[2] = row; m[2][0] *= x; return s + row[0] * m[1][0]; }`,
    points: plane,
  },
  {
    name: 'rows that are exchanged in a loop',
    text: `export function loss(p) { let a = [p[0], 1], b = [p[1], 2]; for (let i = 0; i < 5; i++) { const next = [a[0] * 0.5 + b[1], a[1] * b[0]]; a = b; b = next; if (i === 2) a[0] += b[1]; [a, b] = [b, a]; } return a[0] * b[1] + a[1]; }`,
    points: plane,
  },
  {
    name: 'objects that are changed in place',
    text: `export function loss(p) {
      const bodies = p.map((v, i) => ({ x: i, v: { x: v, y: v * i }, mass: i + 1 }));
      for (let step = 0; step < 4; step++) for (const a of bodies) {
        let f = 0;
        for (const b of bodies) { if (a === b) continue; const d = b.x - a.x; f += b.mass * d / (1 + d * d) + b.v.y; }
        a.v.x += f * 0.1; a.x += a.v.x * 0.1; a.v.y *= 1 - f * 0.01;
      }
      return bodies.reduce((s, { x, v: { y } }) => s + x * x + y, 0);
    }`,
    points: [...plane, [0.1, 0.5, -0.4]],
  },
  {
    name: 'an immutable class, reduced to its sum',
    text: `class V { constructor(x, y) { this.x = x; this.y = y; } add(o) { return new V(this.x + o.x, this.y + o.y); } scale(f) { return new V(this.x * f, this.y * f); } dot(o) { return this.x * o.x + this.y * o.y; } get length() { return Math.sqrt(this.dot(this)); } static of(x) { return new V(x, 1); } }
    const origin = new V(0.5, -0.25);
    export function loss(p) { const vs = p.map((x, i) => V.of(x).scale(i + 1)); let at = origin.add(vs[0]); for (const v of vs) at = at.add(v.scale(at.length)); return at.dot(vs.reduce((a, b) => a.add(b), new V(0, 0))) + at.length; }`,
    points: plane,
  },
  {
    name: 'a class that changes its fields, and returns itself',
    text: `class M { data = []; count = 0; constructor(n, f) { this.n = n; for (let i = 0; i < n; i++) { this.data[i] = []; for (let j = 0; j < n; j++) this.data[i].push(f(i, j)); } } get(i, j) { this.count++; return this.data[i][j]; } set(i, j, v) { this.data[i][j] = v; return this; } times(o) { const r = new M(this.n, () => 0); for (let i = 0; i < this.n; i++) for (let j = 0; j < this.n; j++) for (let k = 0; k < this.n; k++) r.set(i, j, r.get(i, j) + this.get(i, k) * o.get(k, j)); return r; } }
    export function loss(p) { const a = new M(2, (i, j) => p[(i + j) % 2] + i); const b = a.times(a).set(0, 1, p[0] ** 3); return b.times(a).get(1, 0) + b.get(0, 1) * a.count + b.data[0][0]; }`,
    points: plane,
  },
  {
    name: 'a choice between lists, and several returns of lists',
    text: `function pick(a, b, k) { if (k === 0) return a; for (const v of b) if (v > 1) return [v, k]; return b.map((v) => v * k); }
    export function loss([x, y]) { const u = x > 0 ? [x, y] : [y * y, 1]; let s = 0; for (let k = 0; k < 3; k++) { const [a, b] = pick(u, [y, x, 2 * x], k); s += a * b * (k + 1); } const t = x > 1 && u; return s + (t ? t[0] : 3 * y) + (u || [1])[1]; }`,
    points: plane,
  },
  {
    name: 'data in the place of lists that depend on the parameters',
    text: `const inputs = [[0.5, -1], [2, 0.3]];
    const layers = [{ n: 3 }, { n: 2 }];
    export function loss(p) { let s = 0; for (const input of inputs) { let h = input; layers.forEach(({ n }, l) => { h = Array.from({ length: n }, (_, k) => Math.tanh(h.reduce((a, v, i) => a + v * p[(i + k + l) % 2], 0.1 * k))); }); s += h.reduce((a, b) => a + b * b, 0); } return s; }`,
    points: plane,
  },
  {
    name: 'closures that keep lists and objects',
    text: `function linear(w, bias) { return (x) => w.map((row, i) => row.reduce((s, v, j) => s + v * x[j], bias[i])); }
    const reader = (p) => { let at = 0; const next = () => p[at++ % p.length]; return { vector: (n) => Array.from({ length: n }, next), count() { return at; } }; };
    export function loss(p) { const { vector, count } = reader(p); const f = linear([vector(2), vector(2)], vector(2)); const g = { apply(x) { return f(x).map(Math.tanh); }, scale: 2 }; let x = [1, p[0]]; for (let i = 0; i < 3; i++) x = g.apply(x); return x[0] * g.scale + x[1] * count(); }`,
    points: plane,
  },
  {
    name: 'lists of the parameters, and copies of them',
    text: `export function loss(p) { const parts = [p, p.slice(1), p.concat(p.map((v) => v * 2)), [...p, 1]]; let q = p; const own = { p }; for (const part of parts) { q = part; for (const v of q) own.sum = (own.sum ?? 0) + v * v * part.length; } return own.sum + own.p[0] * q.at(-2) + Math.max(...p) * Math.min(...parts[2]); }`,
    points: plane,
  },
  {
    name: 'filters, flat lists and searches',
    text: `export function loss(p) { const m = p.map((v, i) => [v, v * i, i]); const flat = m.flat().filter((v) => v !== 1); const all = m.flatMap(([a, b]) => [a * b, a]); let s = 0; for (const v of flat) s += v * v; const rows = m.filter((row) => row[0] > 0); rows.push([1, p[0]]); for (const row of rows) s *= row[0]; return s + all.reduce((a, b) => a - b) * (m.some((row) => row[2] > 0) ? 1 : 2); }`,
    points: plane,
  },
  {
    name: 'an optional list, which is only sometimes there',
    text: `export function loss(p) { let last = null; let s = 0; for (let i = 0; i < 4; i++) { if (last) s += last[0] * p[1]; if (last != null && last.length > 1) s += last[1]; const before = last; last = i === 1 ? [p[0]] : [p[i % 2] * i, s]; if (before === last) s += 100; } return s; }`,
    points: plane,
  },
  {
    name: 'objects with defaults, rests and spreads',
    text: `const base = { x: 2, y: -1, unused: 'text' };
    const f = ({ x, y = 3, list = [x, 1] }, ...others) => x * y + list[0] + others.reduce((a, b) => a + b, 0) * others.length;
    export function loss([x, y]) { const a = { ...base, x }; const b = { ...a, y: y * a.y }; a.x = y; b.y += a.x; return f(a) + f(b, x, y) + f({ x, y, list: [y, y] }) + b.x * a.y; }`,
    points: plane,
  },
  {
    name: 'sums over objects that every iteration makes',
    text: `const data = [[1, 2], [0.3, -1], [2, 0.5]];
    export function loss(p) { const w = p.map((v, i) => [v, v + i]); let s = 0; for (const x of data) { const h = w.map((row) => Math.tanh(row[0] * x[0] + row[1] * x[1])); const state = { h, scale: h[0] }; s += state.h[1] * state.scale + h[0]; } return s / data.length; }`,
    points: plane,
    loops: 5,
  },
  {
    name: 'a sum over objects that are changed afterwards',
    text: `export function loss(p) { const w = p.map((v) => [v, 1]); let s = 0; for (let i = 0; i < 2; i++) { for (const row of w) s += row[0] * row[1] ** 2; } w[0][1] = p[1]; for (const row of w) s += row[0] * row[1]; return s; }`,
    points: plane,
  },
  {
    name: 'functions in objects, and as arguments',
    text: `const square = (x) => x * x;
    class Layer { constructor(w, activation) { this.w = w; this.activation = activation; } forward(x) { return this.activation(this.w * x); } }
    const use = (f, x, n) => { let y = x; for (let i = 0; i < n; i++) y = f(y); return y; };
    export function loss([x, y]) { const a = new Layer(x, square), b = new Layer(y, Math.tanh); const ops = { inc: (v) => v + 1, twice(v) { return this.inc(v) * 2; } }; return b.forward(a.forward(2)) + use(ops.inc, x, 3) + ops.twice(y) + use((v) => v * y, 1, 2); }`,
    points: plane,
  },
  {
    name: 'a sparse list that grows by its index',
    text: `export function loss(p) { const a = []; for (let i = 0; i < 4; i++) a[i] = p[i % 2] * i; const b = new Array(2); b[0] = a; b[1] = [p[0]]; b[1][3] = p[1]; const grid = Array.from({ length: 2 }, () => new Array(3).fill(p[0])); grid[1][2] = a[3]; grid[0][0] *= grid[1][2]; let s = 0; for (const row of grid) for (const v of row) s += v * v; return s + b[0][2] * b[1][3]; }`,
    points: plane,
  },
  {
    name: 'literal tables that are changed',
    text: `export function loss(p) { const m = [[1, 0], [0, 2]]; const t = [[1, 2], [3, 4]]; let s = 0; for (let i = 0; i < 2; i++) { m[i][1 - i] += p[i]; const rows = [[i, 1]]; rows.push([p[0], 2]); for (const [a, b] of rows) s += a * b * t[i][1]; } let q = t; if (p[0] > 0) q = m; return s + m[0][1] * m[1][0] + q[1][1] * p[1]; }`,
    points: plane,
  },
  {
    name: 'a copy of a copy of data, of which only the last is read',
    text: `const base = { x: 2, y: -1 };
    export function loss([x, y]) { const a = { ...base, x }; const b = { ...a, z: y }; const c = { ...b, x: y }; return c.y * x + c.z * c.x; }`,
    points: plane,
  },
  {
    name: 'pairs of an object and a number',
    text: `export function loss([x, y]) { const a = { v: x }, b = { v: y }; let s = 0; let at = { v: 1 }; for (const [o, w] of [[a, 1], [b, x * y], [a, 3]]) { at = { v: at.v * 0.5 + o.v * w }; s += at.v * o.v; o.v += 0.1; } const pairs = [x, y].map((v, i) => [[v, 1], i, v * v]); pairs[0][0][0] *= y; return s + pairs.reduce((t, [row, i, sq]) => t + row[0] * (i + 1) * sq, 0); }`,
    points: plane,
  },
  {
    name: 'a closure that changes its variables in loops after its maker returned',
    text: `const counter = (k) => { let sum = 0, last = null; return { add(v) { sum += v * k; const d = last === null ? 1 : v - last; last = v; return sum * d; } }; };
    export function loss([x, y]) { const c = counter(x); let s = 0; for (let i = 0; i < 4; i++) s += c.add(y * i + s); return s; }`,
    points: plane,
  },
];

/** Syntax that the interpreter of dual numbers does not know. The expected gradients are formulas. */
export const classCases: readonly AdjointCase[] = [
  {
    name: 'classes that extend others',
    text: `class Shape { scale = 2; constructor(w) { this.w = w; } area() { return this.w * this.scale; } get double() { return 2 * this.area(); } static unit(k) { return new this.Made(k); } }
    class Square extends Shape { constructor(w, h) { super(w * 3); this.h = h; } area() { return super.area() * this.h; } }
    class Tall extends Square { extra = 1; area() { return super.area() + this.extra * this.h ** 2; } }
    export function loss([x, y]) { const t = new Tall(x, y); const s = new Square(y, 2); return t.double + s.area(); }`,
    points: plane,
    // 2 (6 x y + y^2) + 12 y
    gradients: plane.map(([x, y]) => [12 * y!, 12 * x! + 4 * y! + 12]),
  },
  {
    name: 'private fields and methods',
    text: `class Account { #sum = 0; #rate; constructor(rate) { this.#rate = rate; } #grow(v) { return v * this.#rate; } add(v) { this.#sum += this.#grow(v); return this; } get total() { return this.#sum; } }
    export function loss([x, y]) { const a = new Account(x); for (let i = 1; i < 4; i++) a.add(y * i); return a.total ** 2; }`,
    points: plane,
    // (6 x y)^2
    gradients: plane.map(([x, y]) => [72 * x! * y! ** 2, 72 * x! ** 2 * y!]),
  },
  {
    name: 'functions in objects of the module',
    text: `const ops = { square: (v) => v * v, cube(v) { return v * this.square(v); }, k: 3 };
    export const loss = ([x, y]) => ops.cube(x) * ops.k + ops.square(y) + [x, y].map(ops.square).reduce((a, b) => a + b);`,
    points: plane,
    gradients: plane.map(([x, y]) => [9 * x! ** 2 + 2 * x!, 4 * y!]),
  },
];
