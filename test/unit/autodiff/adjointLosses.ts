/** A loss in plain JavaScript, and the points at which its gradient is tested. */
export interface AdjointCase {
  readonly name: string;
  readonly text: string;
  readonly points: readonly (readonly number[])[];
  readonly context?: {
    readonly step?: number;
    readonly indices?: readonly number[];
    readonly randoms?: readonly number[];
  };
  /**
   * The number of `for` loops in the text of the reverse sweep. A loop that only adds to a sum is reversed in
   * the same loop.
   */
  readonly loops?: number;
  /** The expected gradients, where a formula or a convention determines them. */
  readonly gradients?: readonly (readonly number[])[];
}

const plane = [
  [0.3, -1.2],
  [-0.7, 0.4],
  [1.9, 2.3],
];
const inf = Number.POSITIVE_INFINITY;

export const adjointCases: readonly AdjointCase[] = [
  {
    name: 'straight line',
    text: 'export const loss = ([x, y]) => 100 * (y - x ** 2) ** 2 + (1 - x) ** 2;',
    points: [
      [-1.2, 1],
      [1, 1],
    ],
    gradients: [
      [-215.6, -88],
      [0, 0],
    ],
  },
  {
    name: 'indexed parameters',
    text: 'export function loss(p) { return p[0] * p[1] + p[0] / p[1]; }',
    points: plane,
  },
  {
    name: 'all operators',
    text: 'export function loss([x, y]) { return -x + x * y - x / y + (x % 0.7) + (5 % y) + x ** 3 + 2 ** y + Math.abs(x) ** y; }',
    points: [
      [0.3, 1.2],
      [2.9, 0.6],
    ],
  },
  {
    name: 'one function of Math after the other',
    text: `export function loss([x, y]) {
      const u = 0.3 + 0.2 * Math.sin(x) * Math.cos(y);
      return Math.exp(u) + Math.log(u) + Math.sqrt(u) + Math.tan(u) + Math.atan(u) + Math.tanh(u) + Math.sinh(u)
        + Math.log1p(u) + Math.pow(u, y) + Math.atan2(x, y) + Math.hypot(x, y) + Math.hypot(x, y, u) + Math.sign(x) * u;
    }`,
    points: plane,
  },
  {
    name: 'reassigned scalars',
    text: `export function loss([x, y]) { let s = x; s *= y; s += Math.sin(s); let t = s; t -= x; s = t * t; return s + t; }`,
    points: plane,
  },
  {
    name: 'a parameter reassigned',
    text: 'export function loss([x, y]) { x = x * y; y += x; return x * y; }',
    points: plane,
  },
  {
    name: 'a swap',
    text: 'export function loss([x, y]) { let a = x, b = y * y; [a, b] = [b, a]; a *= 3; return a - b; }',
    points: plane,
  },
  {
    name: 'if and else',
    text: 'export function loss([x, y]) { let s; if (x > y) { s = x * x; } else if (x < -0.5) { s = y ** 3; } else { s = x * y; } return s; }',
    points: [...plane, [2, 1]],
  },
  {
    name: 'ternaries',
    text: 'export const loss = ([x, y]) => (x > 0 ? (y > 0 ? x * y : x / y) : -x * y ** 2);',
    points: plane,
  },
  {
    name: 'early return',
    text: `export function loss([x, y]) {
      if (x > 1) return x ** 3;
      const z = x * y;
      if (z < 0) { const w = z * z; return w + x; }
      return Math.exp(z);
    }`,
    points: [...plane, [0.5, 0.5]],
  },
  {
    name: 'counted loop over parameters',
    text: 'export function loss(p) { let s = 0; for (let i = 0; i + 1 < p.length; i++) s += 100 * (p[i + 1] - p[i] ** 2) ** 2 + (1 - p[i]) ** 2; return s; }',
    points: [
      [-1.2, 1, 0.4],
      [0.1, 0.2, 0.3],
    ],
  },
  {
    name: 'nested loops, with steps and downwards',
    text: `export function loss(p) {
      let s = 0;
      for (let i = p.length - 1; i >= 0; i--) {
        let row = 1;
        for (let j = 0; j < 9; j += 3) row *= p[i] + j * 0.1 * s;
        s += Math.sin(row);
        for (let k = i; k > -2; k -= 2) s += 0.01 * k * row * p[0];
      }
      return s;
    }`,
    points: [
      [0.3, -0.4, 0.9],
      [1, 2, -0.5],
    ],
  },
  {
    name: 'a product of all parameters',
    text: 'export function loss(p) { let s = 1; for (const x of p) s *= x; return s; }',
    points: [
      [2, 3, 4],
      [0, 3, 4],
      [0, 0, 4],
    ],
    gradients: [
      [12, 8, 6],
      [12, 0, 0],
      [0, 0, 0],
    ],
  },
  {
    name: 'while until converged',
    text: `export function loss([x, y]) {
      let r = 1 + x * x, n = 0;
      while (Math.abs(r * r - (1 + x * x)) > 1e-6 && n < 50) { r = 0.5 * (r + (1 + x * x) / r); n++; }
      return r * y + n;
    }`,
    points: plane,
  },
  {
    name: 'do and while',
    text: 'export function loss([x, y]) { let s = x, k = 0; do { s = s * y + 0.1; k += 1; } while (s < 3 && k < 6); return s * s; }',
    points: plane,
  },
  {
    name: 'break and continue',
    text: `export function loss(p) {
      let s = 0;
      for (let i = 0; i < 10; i++) {
        if (i % 3 === 1) continue;
        s += p[0] * i + p[1] ** 2;
        if (s > 12) break;
        s *= 1.1;
      }
      return s;
    }`,
    points: [
      [1, 2],
      [0.01, 0.1],
      [7, 0],
    ],
  },
  {
    name: 'labels',
    text: `export function loss([x, y]) {
      let s = 0;
      outer: for (let i = 0; i < 4; i++) {
        for (let j = 0; j < 4; j++) {
          if (j > i) continue outer;
          s += x * (i + 1) * Math.cos(y * j);
          if (s > 5) break outer;
        }
        s *= 0.9;
      }
      return s * s;
    }`,
    points: plane,
  },
  {
    name: 'return out of loops',
    text: `export function loss([x, y]) {
      let s = 1;
      for (let i = 0; i < 5; i++) for (let j = 0; j < 3; j++) {
        s += x * y * (i + j);
        if (s > 8) return s * x;
        if (s < -8) { s = s * s; return s; }
      }
      return s + x;
    }`,
    points: plane,
  },
  {
    name: 'a search helper that returns out of its loop, called in a loop',
    text: `const knots = [-1, 0, 0.5, 2];
    function hat(x) { for (let k = 0; k + 1 < knots.length; k++) if (x < knots[k + 1]) return (x - knots[k]) ** 2 * (k + 1); return 3 * x; }
    export function loss(p) { let s = 0; for (let i = 0; i < p.length; i++) s += hat(p[i] * 1.5) * p[0]; return s; }`,
    points: [
      [0.1, -0.3, 1.9],
      [-1.5, 0.4, 0.8],
    ],
  },
  {
    name: 'switch',
    text: `export function loss(p) {
      let s = 0;
      for (let i = 0; i < 5; i++) {
        switch (i % 4) { case 0: s += p[0]; break; case 1: case 2: { s *= p[1]; break; } default: s -= p[0] * s; }
      }
      return s;
    }`,
    points: plane,
  },
  {
    name: 'work buffer',
    text: `const weights = [[0.2, -0.5], [1.1, 0.3], [-0.7, 0.9]];
    export function loss(p) {
      const h = new Float64Array(3);
      for (let j = 0; j < 3; j++) { for (let i = 0; i < 2; i++) h[j] += weights[j][i] * p[i]; h[j] = Math.tanh(h[j]); }
      let s = 0;
      for (let j = 0; j < h.length; j++) s += h[j] * h[(j + 1) % 3];
      return s;
    }`,
    points: plane,
  },
  {
    name: 'a buffer that is overwritten',
    text: `export function loss([x, y]) {
      const a = [x, y, 1];
      for (let t = 0; t < 5; t++) { const old = a[t % 3]; a[t % 3] = a[(t + 1) % 3] * old; a[(t + 2) % 3] = 0.3 * t; a[0] += x; }
      return a[0] * a[1] + a[2];
    }`,
    points: plane,
  },
  {
    name: 'arrays that loops make',
    text: `const data = [[1, 2], [0.5, -1], [2, 0.1]];
    export function loss(p) {
      let s = 0;
      for (const row of data) {
        const h = new Array(2).fill(p[0]);
        for (let j = 0; j < 2; j++) h[j] *= row[j] * p[1] + h[1 - j];
        const g = [h[0] * h[1], 3];
        g[1] -= h[0];
        s += g[0] * g[1];
      }
      return s;
    }`,
    points: plane,
  },
  {
    name: 'single precision',
    text: 'export function loss(p) { const a = new Float32Array(2); a[0] = p[0] * 1.1; a[1] = a[0] * p[1]; a[1] += p[0]; return a[0] * a[1]; }',
    points: [[0.5, 0.25]],
  },
  {
    name: 'push',
    text: `export function loss(p) {
      const terms = [];
      for (let i = 0; i < p.length; i++) { if (p[i] > 0) terms.push(p[i] ** 2); terms.push(p[i] * i); }
      let s = 0;
      for (const t of terms) s += t * terms[0];
      return s + terms.length;
    }`,
    points: [
      [0.3, -1.2, 2],
      [-1, -2, 0.5],
    ],
  },
  {
    name: 'calls',
    text: `function square(x) { return x * x; }
    const cube = (x) => x * square(x);
    function sum(list, from) { let s = 0; for (let i = from; i < list.length; i++) s += list[i]; return s; }
    export function loss(p) { return cube(p[0]) - square(p[1] + square(p[0])) + sum(p, 0) * sum([p[0], 2, p[1]], 1); }`,
    points: plane,
  },
  {
    name: 'a helper that writes into an array',
    text: `function softmax(z, into) { let m = -Infinity; for (const v of z) m = Math.max(m, v); let s = 0;
      for (let i = 0; i < z.length; i++) { into[i] = Math.exp(z[i] - m); s += into[i]; }
      for (let i = 0; i < z.length; i++) into[i] /= s; }
    export function loss(p) { const out = new Float64Array(p.length); softmax(p, out); softmax(out, out); return -Math.log(out[0]) * out[1]; }`,
    points: [
      [0.3, -1.2, 2],
      [1, 1.5, 0.5],
    ],
  },
  {
    name: 'reduce over data',
    text: 'const data = [{ x: 1, y: 2 }, { x: 2, y: 2.5 }, { x: 3, y: 5 }];\nexport const loss = ([a, b]) => data.reduce((s, { x, y }) => s + (a * x + b - y) ** 2, 0) / data.length;',
    points: plane,
  },
  {
    name: 'map, forEach, some, every, filter',
    text: `const data = [1, 2, 3, 4];
    export function loss(p) {
      let s = 0;
      data.forEach((d, i) => { s += d * p[i % 2]; });
      const squares = p.map((x) => x * x);
      const positive = p.filter((x) => x > 0);
      if (p.some((x) => x > 1)) s *= 2;
      if (data.every((d) => d * p[0] > 0)) s += 3 * p[1];
      return s + squares.reduce((a, b) => a + b) * positive.reduce((a, b) => a + b, 1);
    }`,
    points: plane,
  },
  {
    name: 'functions as arguments and closures',
    text: `const mean = (of, list) => list.reduce((s, d) => s + of(d), 0) / list.length;
    export function loss([x, y]) { const reach = x * x + 1; let calls = 0; const huber = (r) => { calls++; return Math.abs(r) < reach ? r * r : reach * Math.abs(r); };
      return mean((d) => huber(y - d), [0, 1, 5]) + calls * x; }`,
    points: plane,
  },
  {
    name: 'lists made by spread and Array.from',
    text: `export function loss(p) { const chain = [0, ...p, 1]; const squares = Array.from({ length: 3 }, (_, i) => p[0] * i);
      let e = 0; for (let i = 1; i < chain.length; i++) e += (chain[i] - chain[i - 1]) ** 2; return e + squares[2] * squares[1]; }`,
    points: plane,
  },
  {
    name: 'batches',
    text: `const data = [1, 4, 9, 16];
    export function loss([a, b], { indices, step }) { let s = 0; for (const i of indices) s += (a * data[i] + b * step) ** 2; return s / indices.length; }`,
    points: plane,
    context: { step: 3, indices: [0, 2, 3] },
  },
  {
    name: 'random numbers that are kept',
    text: 'export function loss([x, y], context) { let s = 0; for (let i = 0; i < 3; i++) { const u = context.random(); if (u < 0.8) s += (x * u) ** 2 * y; } return s; }',
    points: plane,
    context: { randoms: [0.3, 0.9, 0.5] },
  },
  {
    name: 'random numbers where 0 meets infinity',
    text: 'export function loss([x, y], context) { return context.random() * Math.sqrt(Math.abs(x - x)) * 0 + context.random() * y * x; }',
    points: plane,
    context: { randoms: [0.3, 0.9] },
  },
  {
    name: 'destructured objects',
    text: `function split(v) { return { whole: v * v, part: [v / 2, 3 * v] }; }
    export function loss([x, y]) { const { whole, part: [half, triple = 7] } = split(x); const o = { a: y, b: whole }; return o.a * o.b + half * triple; }`,
    points: plane,
  },
  {
    name: 'defaults and logic',
    text: `function scaled(v, by = 2, of = v) { return v * by + of; }
    export function loss([x, y, z = 5]) { const a = x || 4; const b = (x > 0 && y) || x * 2; const c = z ?? 3; return scaled(a) * scaled(b, 3) + scaled(y, undefined, 1) * c; }`,
    points: [...plane, [0, 2]],
  },
  {
    name: 'ties of max and min',
    text: 'export const loss = ([x, y]) => 3 * Math.max(x, y) + Math.min(x, y, 1);',
    points: [
      [0, 0],
      [1, 1],
      [2, -1],
    ],
    gradients: [
      [2, 2],
      [1.5 + 1 / 3, 1.5 + 1 / 3],
      [3, 1],
    ],
  },
  {
    name: 'kinks',
    text: 'export const loss = ([x, y]) => Math.abs(x) + Math.sign(y) + Math.hypot(x, y) + Math.floor(x) + Math.round(y);',
    points: [
      [0, 0],
      [3, 4],
    ],
    gradients: [
      [0, 0],
      [1.6, 0.8],
    ],
  },
  {
    name: 'a root that is not selected',
    text: 'export const loss = ([x]) => Math.sqrt(Math.max(x, 0));',
    points: [[-1], [4]],
    gradients: [[0], [0.25]],
  },
  {
    name: 'the root at 0',
    text: 'export const loss = ([x]) => Math.sqrt(x);',
    points: [[0]],
    gradients: [[inf]],
  },
  {
    name: 'overflow that is not selected',
    text: 'export const loss = ([x, y]) => Math.min(x * Math.exp(1000 * x), 5) + y;',
    points: [[2, 1]],
    gradients: [[0, 1]],
  },
  {
    name: 'powers at 0',
    text: 'export const loss = ([x, y]) => x ** 0 + 0 ** y + x ** 2 + x ** 1;',
    points: [[0, 1]],
    gradients: [[1, 0]],
  },
  {
    name: 'an exponent that is not a parameter',
    text: 'const powers = [0, 1, 2, 3];\nexport const loss = ([x]) => powers.reduce((s, n) => s + (-1.5 * x) ** n, 0);',
    points: [[1], [0]],
    gradients: [[-1.5 + 4.5 - 10.125], [-1.5]],
  },
  {
    name: 'constant',
    text: 'export const loss = () => 3;',
    points: [[1, 2]],
    gradients: [[0, 0]],
  },
  {
    name: 'var, and text beside the numbers',
    text: `const mode = 'b';
    export function loss(p) { var s = 0; for (var i = 0; i < p.length; i++) { var d = p[i] - 1; s += mode === 'a' ? d : d * d; } for (var i = 0; i < 2; i++) s *= p[i]; return s; }`,
    points: plane,
  },
  {
    name: 'a pair potential',
    text: `export function loss(p) { let e = 0; const n = p.length / 2;
      for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) {
        const dx = p[2 * i] - p[2 * j], dy = p[2 * i + 1] - p[2 * j + 1];
        const r2 = dx * dx + dy * dy; if (r2 > 9) continue; const s = 1 / (r2 * r2 * r2); e += 4 * (s * s - s);
      } return e; }`,
    points: [[0, 0.1, 1, 0.2, 0.4, 1.1, 3.5, 0]],
  },
  {
    name: 'sums with factors, in a row and nested',
    text: `const data = [1, -2, 0.5];
    export function loss(p) {
      const scale = Math.exp(p[0]);
      let s = 2 * p[1];
      for (const d of data) {
        const shift = d * p[1];
        let row = 0;
        for (let j = 0; j < 3; j++) { row += Math.sin(scale * j + shift); if (row > 100) row -= p[0]; }
        if (p[0] > 0) s += shift * shift;
        s -= 3 * (row / 7) * d;
      }
      let penalty = 0;
      for (const x of p) penalty += x * x * scale;
      return 0.7 * (s * 2 - 1) / data.length + -penalty * 0.1 + scale;
    }`,
    points: plane,
    loops: 3,
  },
  {
    name: 'two sums of one loop, one of them not linear in the end',
    text: `export function loss(p) { let a = 0, b = 0; for (let i = 0; i < p.length; i++) { a += p[i] * i; b += Math.sin(p[i]); } return a * 2 + b * b; }`,
    points: plane,
    loops: 2,
  },
  {
    name: 'two sums of one loop, both linear in the end',
    text: `export function loss(p) { let a = p[0], b = 0; for (let i = 0; i < p.length; i++) { a += p[i] ** 2 * i; b += p[i] ** 3; } return a * 2 - (b - a) * 5; }`,
    points: plane,
    loops: 1,
  },
  {
    name: 'a sum with conditional terms, an early exit, and several loops',
    text: `export function loss(p) {
      let s = 0;
      for (let i = 0; i < 6; i++) {
        if (i % 2 === 0) continue;
        const t = p[i % 2] * i;
        s += t * t;
        const old = s;
        s += 7 * t;
        s = old + t * p[0];
        if (t > 4) break;
      }
      return 3 - s / 4;
    }`,
    points: plane,
    loops: 1,
  },
  {
    name: 'a sum that a later loop multiplies',
    text: `export function loss(p) { let s = 0; for (const x of p) s += x * x; for (const x of p) s *= x; return s + p[0]; }`,
    points: plane,
    loops: 4,
  },
  {
    name: 'a sum that is reset, and one that a branch changes',
    text: `export function loss(p) { let s = 0; for (const x of p) s += x * x; if (p[0] > 0) s = s * s; let t = 5; for (const x of p) t += x ** 3; t = s - t; let w = 1; for (const x of p) w += Math.exp(x); w = p[1]; return t * 2 + w * p[0]; }`,
    points: plane,
    loops: 4,
  },
  {
    name: 'work arrays of every iteration, elements of which are summed',
    text: `const rows = [[1, 2], [0.3, -1]];
    export function loss(p) {
      let s = 0;
      for (const row of rows) {
        const h = new Float64Array(2);
        for (let j = 0; j < 2; j++) h[j] = Math.tanh(row[j] * p[j]);
        for (let j = 0; j < 2; j++) s += h[j] * h[1 - j] * p[1];
      }
      return s / rows.length;
    }`,
    points: plane,
  },
  {
    name: 'slices and rests',
    text: `function norm([first, ...others]) { let s = first * first; for (const x of others) s += x * x * first; return s; }
    export function loss(p) { const [, ...tail] = p; let s = norm(p.slice(1)) * tail[0]; for (let k = -2; k < 3; k++) for (const x of p.slice(k, 2)) s += x * Math.sin(k * x); return s + p.slice(-1)[0] ** 2 + p.slice().length; }`,
    points: [
      [0.3, -1.2, 0.7],
      [1, 2, 3],
    ],
  },
  {
    name: 'destructured functions of Math',
    text: 'const { exp, log } = Math;\nconst root = Math.sqrt;\nexport const loss = ([x, y]) => log(1 + exp(x)) * root(1 + y * y);',
    points: plane,
  },
  {
    name: 'counters that branches change',
    text: `export function loss(p) { const a = new Float64Array(8); let k = 0; let s = 0;
      for (let i = 0; i < 6; i++) { if (p[i % 2] * i > 0.5) { a[k++] = p[i % 2] * i; } else s += p[i % 2]; }
      while (k-- > 0) s += a[k] * a[0] * k; return s; }`,
    points: plane,
  },
  {
    name: 'a literal table, and optional members',
    text: `const options = { scale: 2 };
    export function loss([x, y]) { const pairs = [[0, 1], [1, 0]]; const p = [x, y]; let s = 0;
      for (const [i, j] of pairs) s += p[i] * p[j] ** 2 * (options?.scale ?? 1) * (options.missing?.deep ?? 3); return s; }`,
    points: plane,
  },
];

/** Losses that are refused, with the marked place. */
export const refusedLosses: readonly (readonly [reason: RegExp, text: string])[] = [
  [
    /calls itself/,
    'function f(n, x) { return n ? «f(n - 1, x)» * x : 1; }\nexport const loss = ([x]) => f(3, x);',
  ],
  [
    /generator/,
    'function* g(x) { yield x; }\nexport const loss = ([x]) => { let s = 0; for (const v of «g(x)») s += v; return s; };',
  ],
  [/asynchronous/, 'const f = async (x) => x;\nexport const loss = ([x]) => «f(x)»;'],
  [/as a whole/, 'export function loss([x]) { const a = [x]; return x * «a»; }'],
  [/list and an object/, 'export function loss([x]) { let a = [x]; «a» = { x }; return x; }'],
  [/different types/, 'export function loss([x]) { let a = [x]; «a» = new Float64Array(2); return a[0]; }'],
  [
    /different classes/,
    'class A {}\nclass B {}\nexport function loss([x]) { let a = new A(); «a» = new B(); return x; }',
  ],
  [/extends/, 'class B extends Array {}\nexport function loss([x]) { const b = «new B()»; return x; }'],
  [
    /outlive/,
    'const rows = [[1, 2]];\nexport function loss([x]) { let row = [x]; if (x > 0) row = rows[0]; «row[0] = x»; return x; }',
  ],
  [
    /changes its parameters/,
    'export function loss(p) { let q = [1]; if (p[0] > 0) q = p; «q[0] = 2»; return p[0]; }',
  ],
  [
    /unlimited/,
    'const node = { next: null, v: 1 };\nexport function loss([x]) { let n = { v: x, next: null }; for (let i = 0; i < 3; i++) n = { v: x, next: n }; if (x > 9) «n» = node; return n.next.v; }',
  ],
  [/try/, 'export function loss([x]) { «try { x *= 2; } catch { x = 0; }» return x; }'],
  [/this/, 'export function loss([x]) { return «this».k * x; }'],
  [/outlives/, 'let count = 0;\nexport function loss([x]) { «count»++; return x; }'],
  [/that the loss makes/, 'const memo = {};\nexport function loss([x]) { «memo.x» = x; return x; }'],
  [/changes its parameters/, 'export function loss(p) { «p[0]» = 2; return p[1]; }'],
  [/Math.random/, 'export const loss = ([x]) => x * «Math.random()»;'],
  [/reaches outside/, 'export const loss = ([x]) => x * «Date».now();'],
  [/reaches outside/, 'export function loss([x]) { «console».log(x); return x; }'],
  [/index depends/, 'const t = [1, 2, 3];\nexport function loss([x]) { const a = [x, 1]; return «a[x]»; }'],
  [/loses its derivative/, 'export function loss([x]) { return «x | 0»; }'],
  [/loses its derivative/, ['export function loss([x]) { return Number(«`$', '{x}`»); }'].join('')],
  [
    /loses the derivative/,
    'export function loss([x]) { const a = new Int32Array(2); a[0] = «x * 2»; return a[0]; }',
  ],
  [/spread among arguments/, 'export const loss = (p) => Math.hypot(«...p»);'],
  [
    /not a function of the modules/,
    'const next = (() => () => 1)();\nexport const loss = ([x]) => x * «next»();',
  ],
  [/method toFixed/, 'export const loss = ([x]) => «x.toFixed(2)» * 1;'],
  [/getter|plain properties/, 'export const loss = ([x]) => ({ «get v() { return x; }» }).v;'],
  [/something else/, 'const «Math = { exp: (x) => x }»;\nexport const loss = ([x]) => Math.exp(x);'],
  [/for … in/, 'export function loss(p) { let s = 0; «for (const k in p) s += p[k];» return s; }'],
];
