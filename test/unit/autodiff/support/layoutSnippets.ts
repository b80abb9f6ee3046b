// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs as texts

/** As `snippets`, each in a layout in which text that is moved, wrapped or joined could change its meaning. */
export const layoutSnippets: readonly (readonly [name: string, body: string])[] = [
  [
    'parentheses around the right side of a compound assignment',
    'let d: any = h, o: any = { x: h }, a: any = [h]; d *= (h + 2); d -= ((h)); d += ((h * 2)); d /= (-h); o.x *= (h + 2); o.x += (h, 2); a[0] *= (h + 2); a[0] -= ((h - 1) * 2); d **= (Math.min(h, 2)); d %= (h * 2 as any); return [d, o, a]',
  ],
  [
    'comments around parentheses of a right side',
    'let d: any = h; d *= /* a ( */ ( // b )\n h /* c */ + 2 // d\n ) /* e */; d += (/* a */ -h /* b */); return d',
  ],
  [
    'a target in parentheses that starts a statement',
    'let r: any = 0;\n({ a: 1 }.a) = (r = h * 2, r);\n(function () {} as any).x = h;\n(class {} as any)[h] = h;\nreturn r',
  ],
  [
    'a compound target in parentheses that starts a statement',
    'const o: any = { x: h, a: [h] };\n({ o }.o.x) += h * 2;\n({ o }.o.a[0]) *= (h + 1);\n(o.x)++;\n--(o.a[0]);\nreturn o',
  ],
  [
    'an optional method in parentheses',
    'const a: any = [h, 0]; return [(a?.some)((x: any) => x > h), (a?.filter)((x: any) => x)[0], (a?.["map"])((x: any) => x * 2)]',
  ],
  [
    'optional calls of a method in parentheses',
    'const a: any = [h, 0]; let u: any; return [(a.some)?.((x: any) => x), (a).some?.((x: any) => x), ((a).some)((x: any) => x), (u)?.some((x: any) => x), (u?.b).some?.call]',
  ],
  [
    'a delete of an element and a chain',
    'const o: any = { a: { b: h }, c: [h, h * 2] }; return [delete o.a?.b, delete o.c[0], delete (o.a), o]',
  ],
  [
    'casts around methods',
    'const a: any = [h, 0]; return [(a.some as any)((x: any) => x), ((a.filter) as any)((x: any) => x), a.some!((x: any) => x), a!.includes(h), (<any>a.indexOf)(h)]',
  ],
  [
    'keywords that touch operators',
    'const g = function* (): any { const t: any = yield-h; yield+t; yield!t; yield~h; yield[-h]; return-t }; const i = g(); const r: any = [i.next(), i.next(4), i.next(), i.next(), i.next(), i.next()]; if (h)r.push(h in[1,2,3,4], -h in{}); else-h; switch (-h) { case-3:r.push(typeof-h, void-h) } do-h\nwhile(!h) ++h; for (const x of[h*2])r.push(x, h instanceof(Object)); return[...r, await-h]',
  ],
  ['throw of an expression that touches', 'try { throw-h } catch (e) { return-(e as any)*2 }'],
  [
    'regular expressions and divisions',
    'let a: any = 12, g: any = 2; return [a /h/ g, a/ /3/.exec("3")! as any, (a)/h/g, [a][0]/h/g, typeof/x/g, -/2/g, a++/h/g, a--/ +/1/.exec("1")!, `${a}`/h/g, !/a/.test("b")]',
  ],
  [
    'no semicolons',
    'let a: any = h, b = h\na *= b\n++b\n--a\na++\n;[a, b] = [b, a]\nlet c: any = a\n++c\nconst f = () => { return a }\n++a\nlet o: any = { x: h }\no.x++\n++o.x\nb = a\n!b && a++\n~a || b++\ntypeof a\n++a\nvoid a\nreturn [a, b, c, f(), o]',
  ],
  [
    'no semicolons after do, blocks and labels',
    'let a: any = h, b: any = 0\ndo ++b\nwhile (b < h) ++a\nif (a) ++b\nelse ++a\n++a\nx: ++b\ny:\n++b\nfor (;b < 9;) ++b\n++a\n{ ++a }\n++b\nswitch (b) { case 10: ++a\n++b\n default: ++b\n++a }\nreturn [a, b]',
  ],
  [
    'line ends after yield, break and in updates',
    'const g = function* (): any { yield\n-h\nconst t = yield\n++h\nreturn t }; const r = [...g()]; l: for (;;) { break\nl }; return [r, h]',
  ],
  [
    'line ends within expressions',
    'let a: any = h\na\n=\nh\n*\n2\na\n*=\n(\nh\n+\n1\n)\nconst o: any = { x: h }\no\n.\nx\n+=\nh\n*\n2\nreturn [\na\n,\no\n[\n"x"\n]\n,\nMath\n.\nsin\n(\nh\n)\n+\n1\n]',
  ],
  [
    'comments between any two tokens',
    'let a: any = h; const o: any = { x: [h] }; a /*1*/ */*2*/= 2'.replace('*/*2*/=', '*=') +
      '; o /*1*/ . /*2*/ x /*3*/ [ /*4*/ 0 /*5*/ ] /*6*/ += /*7*/ h /*8*/ * /*9*/ 2 /*10*/; o // [\n.x // +=\n[ // ]\n0 // )\n] /* ++ */ ++; - /* - */ a; typeof /* ( */ a; return [ /* , */ a /* , */ , o /*.*/ ?. /*[*/ x /*(*/ . /*some*/ some /*(*/ ( /*,*/ (x: any) => x /*)*/ , /*)*/ ), Math /*.*/ . /*(*/ max /*(*/ ( /*,*/ a /*,*/ , /*,*/ h /*)*/ , /*)*/ ) * /*2*/ 3, ! /*!*/ a, a /*||*/ || /*&&*/ h]',
  ],
  [
    'comments that contain operators',
    'let a: any = h /* += */ + /* + */ 1 // * 2\n  * 2; a /* = */ -= // -\n 1; return a /* ?. */ ?? /* ?? */ 1',
  ],
  [
    'trailing commas',
    'const a: any = [h, 2,]; return [Math.max(h, 2,), Math.sin(h,) * 2 + 1, Math.hypot(h, 1,) + h, Math.max(...a,), a.includes(h,), a.some((x: any) => x,), Number(h,), [h * 2,,].length]',
  ],
  [
    'comma expressions',
    'let a: any = h, b: any = [h, h]; a += (b[0] = 2, a * 2); b[a = 1, 0] += (h, 3); b[(a, 1)] = (h, h * 2); const f = (x: any) => (x, x * 2); for (a = 0, b[0]++; a < 2; a++, b[1]--) a, h; return [(a, b), f((1, h)), `${(a, h * 2)}${h, 3}`, b[0, 1], a ? (b, h) : (h, b), -(a, h), typeof (a, h), !(a, 0), [...(a, b)]]',
  ],
  [
    'arrow bodies',
    'const f = (x: any) => x*x+1, g = (x: any) => ({ x: -x }), k = (x: any) => [x * 2][0], m = async (x: any) => -x, n = (x: any) => (x) => x * h, q = (x: any) => (-x), r = (x: any) => ({}).x ?? -x, s = async (x: any) => await -x; return [f(h), g(h), k(h), await m(h), n(1)(2), q(h), r(h), await s(h)]'.replace(
      '(x) => x * h',
      '(y: any) => y * h',
    ),
  ],
  [
    'templates',
    'const t = (s: any, ...v: any[]) => [...s, ...v]; return [`${h}${-h}`, `a${`b${h * 2}`}c`, t`${h * 2}x${-h}`, `${{ a: h }.a}`, `}${h}{`, `\\`${h}`, `${/* } */ h // }\n}`, t\n`${h}`, `${h}`.length * 2, t`a``b`.length].slice(0, 9)'.replace(
      ', t`a``b`.length',
      '',
    ),
  ],
  [
    'new',
    'class A { x: any; constructor(x?: any) { this.x = x } get() { return A } }; const o: any = { A, f: () => A }; return [new A(h * 2).x, new (o.f())(-h).x, new o.A, new (A)(h), new new A().get()(h + 1).x, new o["A"](h).x ** 2, new A()?.x, -new A(h).x, new Float64Array(3).length * h, (new A).x]',
  ],
  [
    'spread',
    'const a: any = [h, 2]; return [[...a.map((x: any) => -x), ...[h*2]], { ...{ h: -h }, ...(h && { z: h }) }, Math.max(...a, -h), ((...r: any[]) => r)(...a, ...[-h])]',
  ],
  [
    'labels',
    'let r: any = 0; a: for (const x of [1, h]) { b: for (const y of [2, h]) { if (x * y > 4) continue a; if (x > h) break a; r += (x * y) } } c: { r *= (h); break c } d: r++; return r',
  ],
  [
    'directives and strings as statements',
    '"use strict"; "x" + h; ("y"); const f = function () { "use strict"\n;(h as any)++; return this === undefined }; return [f(), h]',
  ],
  [
    'classes without semicolons',
    'class A { a = h * 2\n b = -h\n static c = h\n ++\n'.replace('\n ++\n', '\n') +
      ' ["d"] = h ** 2\n e\n static\n f = h\n get\n g() { return this.a * 2 }\n get\n = h\n set\n *i() { yield this.b }\n #p = h + 1\n p() { return this.#p++ }\n static { this.c += (h * 2) }\n }; const o = new A(); return [o, A.c, (A as any).f, o.g, [...o.i()], o.p(), o.p()]',
  ],
  [
    'private names and accessors',
    'class A { #x = h; get y() { return this.#x } set y(v) { this.#x *= (v + 1) } m() { this.#x += (2); (this.#x) -= (h * 2); ++this.#x; return [this.#x--, #x in this, (this.y) += (h)] } }; return new A().m()',
  ],
  [
    'super',
    'class A { x = h; get y() { return h } m() { return h } }; class B extends A { m() { super.y; return -super.m() * (super.m()) } n() { return [super["m"](), super.x] } get y() { return super.y * 2 } }; const b = new B(); return [b.m(), b.n(), b.y]',
  ],
  [
    'names that are keywords elsewhere',
    'let async: any = h, of: any = h, get: any = 1, set: any = 2, from: any = h, as: any = 2, type: any = 1; async *= (of); of -= (async); for (of of [1, h]) get += (of); async\n++of; return [async, of, get, set, from * as, as as any, type + 1, { async, get, set }, (async) * 2]',
  ],
  [
    'negative constants and powers',
    'return [(-2) ** 2 * h, -(2) * h + 1, (-h) ** 2, -(h ** 2), 2 ** -h * (-1), - - 2 * h, +-+h, (- 3) * h - -1, h - - - 2, h + + + 2, (-0) * h + 1]',
  ],
  [
    'a setter and a getter that update while a member is updated',
    'let n: any = 0; const o: any = { get g() { return n++ }, set g(v: any) { const old = n++; n += v * 2; log("set", v, old) } }; const p: any = { get q() { return o.g++ }, set q(v: any) { log("q", o.g--, v) } }; return [o.g++, p.q++, ++o.g, p.q--, o.g += o.g++, n]',
  ],
  [
    'a getter that runs while another object is assigned',
    'let n: any = 0; const q: any = { y: 0 }; const f = (x: any) => x; const o: any = { get g() { f(q).y += 1; f(q).y ||= 2; f(q).z ??= f(q).y++; return n }, set g(v: any) { f(q).y--; n = v } }; f(o).g ||= h; f(o).g &&= h * 2; f(o).g ??= 1; f(o).g += f(o).g; return [f(o).g++, f(o).g--, n, q]',
  ],
  [
    'methods and elements that are called and updated in place',
    'const a: any = [[h], [2]]; let i = 0; a[i++][0]++; a[i--][0] *= (h); a[(i)][i] -= (h - 1); a\n[0]\n[0]\n+= 2; return [a, i]',
  ],
  [
    'logical assignment in parentheses',
    'let a: any = 0, o: any = { x: 0, y: h }, e: any = [0, h]; a ||= (h * 2); (o.x) ||= (h); (o.y) &&= ((h - 1)); (e[0]) ??= (1); e[1] &&= (a, h); (a) &&= (h, 2); a ??= (1); return [a, o, e, (a ||= (1)) * 2]',
  ],
  [
    'conditions over several lines',
    'return [h\n?\n-h\n:\n+h, h // ?\n ? h // :\n * 2 : 1, !(h\n&&\n0), (h\n||\n1) && (\n-h\n)]',
  ],
  [
    'destructuring with defaults in many lines',
    'let a: any, b: any, o: any = { x: [h, -h] }\n;({\nx: [\na = -1 * h\n, b =\n(h * 2)\n]\n} = o)\n;[\no.x[0]\n,\n(o.y)\n] = [ a * 2, -b ]\nreturn [a, b, o]',
  ],
  [
    'escapes in names and strings',
    'let \\u0061b: any = h; const o: any = { "\\x61": h }; ab *= (\\u{61}b + 1); o.\\u0061 += (1); o["\\x61"] -= (h * 2); return [ab, o, M\\u0061th.sin(h) * 2 + 1]',
  ],
  [
    'types between tokens',
    'let a: any = h as number as any, b = <any>h; function f<T>(x: T, y?: (z: T) => void): T | undefined { return x }; (a as any) *= (b! as number + 1); (<any>a) += f<number>(h)! * 2; const o = { x: h } satisfies { x: number }; (o.x as any) -= (h as number)!; const g = <T,>(x: T): T => x; const [c, d]: [number, number] = [a!, b!]; return [a, b, o, g<number>(h)! ** 2, c as number * 2, -(d as any), (o!.x!)! + h, f(<number>(h * 2)), [a, b].some<any>((x: any): x is any => x < 0)]',
  ],
  [
    'a statement that starts with a wrapped operand after no semicolon',
    'let a: any = h, b: any = 2\nconst c = a\n-b * a + b\n'.replace('-b * a + b', '+b * a + b') +
      'let d: any = a\na * b + d\nd\na || (d = 1)\nh && a && (d = a * b + 1)\nreturn [a, b, c, d]',
  ],
];
