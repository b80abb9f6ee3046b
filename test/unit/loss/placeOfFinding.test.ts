import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunConfigPatch } from '../../../src/core/config/runConfig';
import type { Subject } from '../../../src/core/diagnosis/finding';
import { option } from '../../../src/core/diagnosis/subjects';
import { discover, lossAt } from '../../../src/loss/discovery/discover';
import { LineMap } from '../../../src/loss/places/lineMap';
import { placeOfFinding } from '../../../src/loss/places/placeOfFinding';

const file = '/w/fit.ts';

/** Expects the finding at the text between « and », with that line and column. */
function expectPlace(marked: string, subject: Subject | null, above: readonly RunConfigPatch[] = []): void {
  const from = marked.indexOf('«');
  const to = marked.indexOf('»') - 1;
  const text = marked.replace('«', '').replace('»', '');
  const declaration = discover(text, file, 'named')[0] ?? lossAt(text, file, text.length);
  const place = placeOfFinding({ subject, location: null }, declaration!, above);
  const lines = new LineMap(file, text);
  const { from: start, to: end } = lines.range(place);
  expect(text.slice(start, end)).toBe(text.slice(from, to));
  expect(place).toEqual(lines.location(from, to));
}

/** A loss with these tags, in different forms of a comment. */
const forms: Readonly<Record<string, (tags: string) => string>> = {
  lines: (tags) =>
    `/**\n * A bowl.\n * @loss\n * ${tags}\n */\nexport const f = ([x, y]: number[]) => x + y;\n`,
  'one line': (tags) => `/** @loss ${tags} */ export const f = ([x, y]: number[]) => x + y;\n`,
  CRLF: (tags) =>
    `const a = 1;\r\n/**\r\n * @loss\r\n * ${tags}\r\n */\r\nexport const f = ([x, y]) => x + y;\r\n`,
  CR: (tags) => `const a = 1;\r/**\r * @loss\r * ${tags}\r */\rexport const f = ([x, y]) => x + y;\r`,
  tabs: (tags) => `\t/**\n\t *\t@loss\n\t *\t${tags}\n\t */\n\texport const f = ([x, y]) => x + y;\n`,
  unicode: (tags) =>
    `/** Über 𝒳 😀 @loss\n * é @loss\n * @loss\n * ${tags} */\nexport const f = ([x]) => x;\n`,
  'after code': (tags) =>
    `const ω = '😀'; /** @loss ${tags} */ export function f([x]: number[]) { return x }`,
};

describe.each(Object.entries(forms))('an option in a comment of the form %s', (_, form) => {
  it.each<[tags: string, path: string[]]>([
    ['@optimizer sgd «lr=0.03»', ['optimizer', 'lr']],
    ['@optimizer sgd «lr=0.03», momentum=0.9', ['optimizer', 'lr']],
    ['@optimizer sgd lr=0.03 «momentum=0.9»', ['optimizer', 'momentum']],
    ['@optimizer sgd «lr = 0.03» momentum=0.9', ['optimizer', 'lr']],
    ['@optimizer sgd lr:0.03 «momentum: 0.9»', ['optimizer', 'momentum']],
    ['@optimizer adam lr=1 «amsgrad»', ['optimizer', 'amsgrad']],
    ['@optimizer «lr=0.03»', ['optimizer', 'lr']],
    ['@optimizer «sgd» momentum=0.9', ['optimizer', 'lr']],
    ['@optimizer «sgd lr=0.03»', ['optimizer']],
    ['@optimizer «sgd» lr=0.03', ['optimizer', 'name']],
    ['@schedule oneCycle «maxLr=2»', ['schedule', 'maxLr']],
    ['@schedule «oneCycle»', ['schedule', 'maxLr']],
    ['@optimizer sgd «lr=3» @schedule oneCycle', ['schedule', 'maxLr']],
    ['@optimizer sgd lr=3 @schedule «cosine» etaMin=1', ['schedule', 'tMax']],
    ['@schedule multiStep «milestones=[1, 2]» gamma=0.5', ['schedule', 'milestones']],
    ['@clip «norm=1»', ['clip', 'norm']],
    ['@clip «value=1»', ['clip', 'norm']],
    ['@switch sgd «lr=0.01» at=500', ['switch', 'to', 'lr']],
    ['@switch sgd lr=0.01 «at=500»', ['switch', 'at']],
    ['@switch «sgd» at=500', ['switch', 'to', 'lr']],
    ['@earlyStopping «patience=3»', ['earlyStopping', 'patience']],
    ['@earlyStopping «patience=3»', ['earlyStopping', 'minDelta']],
    ['@precision «float16»', ['precision']],
    ['@lossScale «1024»', ['lossScale']],
    ['@lossScale «dynamic»', ['lossScale']],
    ['@samples 100 @batch «8»', ['batch']],
    ['@steps «2_000»', ['steps']],
    ['@samples 9 @epochs «20»', ['steps']],
    ['@start «[-1.2, 1]»', ['start']],
    ['@gradient «slope» @steps 3', ['gradient']],
    ['@seed «7»', ['seed']],
    ['@tolerance «1e-8»', ['tolerance']],
    ['@expect «loss<1e-8 within 5000»', ['expect']],
    ['@validation «held»', ['validation']],
  ])('%s', (tags, path) => expectPlace(form(tags), option(...path)));
});

describe('an option', () => {
  it('that continues in the next line is found there', () => {
    expectPlace(
      '/** @loss\n * @optimizer adam lr=0.1\n *   beta1=0.5 «beta2=0.9»\n */\nexport const f = ([x]) => x;',
      option('optimizer', 'beta2'),
    );
    expectPlace(
      '/** @loss\n * @schedule multiStep «milestones=[1,\n *   2]»\n */\nexport const f = ([x]) => x;',
      option('schedule', 'milestones'),
    );
  });

  it('is found in the first of two tags with the same name, which has priority', () => {
    expectPlace(
      '/** @loss\n * @optimizer sgd «lr=1»\n * @optimizer sgd lr=2\n */\nexport const f = ([x]) => x;',
      option('optimizer', 'lr'),
    );
    expectPlace(
      '/** @loss @optimizer sgd «lr=1» lr=2 */ export const f = ([x]) => x;',
      option('optimizer', 'lr'),
    );
  });

  it.each<[text: string, path: string[]]>([
    ['export function «loss»([x]: number[]): number { return x }', ['optimizer', 'lr']],
    ['/** @loss */ export const «f» = ([x]) => x', ['optimizer', 'lr']],
    ['/** @loss @steps 3 */ export const «f» = ([x]) => x', ['optimizer', 'lr']],
    ['/** @loss @optimizer lr=3 */ export const «f» = ([x]) => x', ['optimizer', 'eps']],
    ['/** @loss @optimizer sgd lr=3 */ export const «f» = ([x]) => x', ['precision']],
    ['/** @loss @optimizer sgd lr=3 */ export const «f» = ([x]) => x', ['schedule', 'gamma']],
  ])('that the annotation does not set has its place at the name: %s', (text, path) =>
    expectPlace(text, option(...path)),
  );

  const steep = (marked: string) => `/** @loss @optimizer ${marked} = ([x]) => x`;
  it.each<[above: RunConfigPatch[], path: string[], marked: string]>([
    [[{ optimizer: { lr: 1 } }], ['optimizer', 'lr'], 'sgd lr=3 */ export const «f»'],
    [[{ optimizer: { lr: null } }], ['optimizer', 'lr'], 'sgd lr=3 */ export const «f»'],
    [[{ optimizer: { momentum: 0.9 } }], ['optimizer', 'lr'], 'sgd «lr=3» */ export const f'],
    [[{}, { steps: 3 }], ['optimizer', 'lr'], 'sgd «lr=3» */ export const f'],
    [[{ optimizer: { name: 'sgd' } }], ['optimizer', 'lr'], 'sgd «lr=3» */ export const f'],
    // With another optimizer, the run does not use the lr of the annotation.
    [[{ optimizer: { name: 'adam' } }], ['optimizer', 'lr'], 'sgd lr=3 */ export const «f»'],
    [[{ optimizer: { name: 'adam' } }], ['optimizer', 'lr'], '«lr=3» */ export const f'],
    [[{ optimizer: { name: 'sgd' } }], ['optimizer', 'lr'], 'lr=3 */ export const «f»'],
    [[{ optimizer: null }], ['optimizer', 'lr'], 'sgd lr=3 */ export const «f»'],
    [[{ steps: 3 }], ['steps'], 'sgd lr=3 @steps 5 */ export const «f»'],
    [[{ epochs: 3 }], ['steps'], 'sgd lr=3 @steps 5 */ export const «f»'],
    [[{ schedule: null }], ['schedule', 'gamma'], 'sgd @schedule step gamma=2 */ export const «f»'],
    [[{ optimizer: { lr: 1 } }], ['schedule', 'maxLr'], 'sgd lr=3 @schedule «oneCycle» */ export const f'],
    [[{ schedule: { name: 'cosine' } }], ['schedule', 'tMax'], 'sgd @schedule step */ export const «f»'],
    [[{ switch: { to: 'adam' } }], ['switch', 'to', 'lr'], 'sgd @switch sgd lr=3 */ export const «f»'],
    [[{ switch: { at: 5 } }], ['switch', 'to', 'lr'], 'sgd @switch sgd «lr=3» */ export const f'],
  ])('with the overrides %j, %s: %s', (above, path, marked) =>
    expectPlace(steep(marked), option(...path), above),
  );
});

describe('a coordinate', () => {
  it.each<[text: string, index: number]>([
    ['export function loss([x, «y»]: number[]): number { return x }', 1],
    ['export function loss([x, «y» = 2, z]: number[] = [1, 2, 3]) { return x }', 1],
    ['export const loss = async ([«x», y]: readonly number[]) => x', 0],
    ['export const loss = ([x, /* the slope, */ «y»]) => x', 1],
    ['export const loss = ([\r\n\tx,\r\n\t«y»,\r\n]: Float64Array) => x', 1],
    ["export const a = '😀', loss = ([x, «größe»]: number[]) => x", 1],
    ['export const loss = ([[a, b], «c»]) => a', 1],
    ['export const loss = ([«[a, b]», c]) => a', 0],
    ['export const loss = ([x, «...rest»]) => x', 5],
    ['export const loss = («[x, , z]») => x', 1],
    ['export const loss = («[x, y]») => x', 7],
    ['export const loss = (({ 0: x, 1: «y» }: number[]) => x) satisfies Loss', 1],
    ['export function loss(this: void, [x, «y»]: number[]) { return x }', 1],
    ['export class A { m([y, x]) {} } export default function loss([x, «y»]: number[]) { return x }', 1],
    ['module.exports = { loss([x, «y»]) { return x } }', 1],
    ['export function loss(p: number[]): number;\nexport function loss([x, «y»]: number[]) { return x }', 1],
    ['export function loss(p: number[]) { return p[0]! + «p[3]»! * p[3]! }', 3],
    ['export const loss = (p: number[]) => p[0] + «p[ 1 ]»', 1],
    ['export const loss = (p: number[]) => p[0] + «p?.[1]»', 1],
    ['export const loss = (p: number[]) => { const [x, «y» = 1] = p; return p[1] }', 1],
    [
      'export const loss = (p: number[]) => { const [x, ...«»q] = p; return x }'.replace('...«»q', '«...q»'),
      2,
    ],
    ['export const loss = (p: number[]) => { «p[1]» *= 2; return p[1] }', 1],
    ['export const loss = (p: number[]) => [1].map((q) => q * «p[0]»)[0]', 0],
    // If the coordinate cannot be identified with certainty, the place is the parameter.
    ['export const loss = («p»: number[]) => p.reduce((a, b) => a + b)', 1],
    ['export const loss = («p»: number[]) => { const [x, y] = p.map(Math.exp); return x }', 1],
    ['export const loss = («p»: number[]) => { p[1] = 2; return p[1] }', 1],
    ['export const loss = («p»: number[]) => { p[k] = 2; return p[1] }', 1],
    ['export const loss = («p»: number[]) => { p = other; return p[1] }', 1],
    ['export const loss = («p»: number[]) => f((p) => p[1])', 1],
    ['export const loss = («p»: number[]) => { for (const p of rows) s += p[1]; return s }', 1],
    ['export const loss = («p»: number[]) => other.p[1] + q[1]', 1],
    ['export function loss(...p: number[]) { return «p[1]» }', 1],
    ['const other = (p) => p[1]; export const loss = («p»: number[]) => p[i]', 1],
  ])('%#: %s', (text, index) => {
    expectPlace(
      text.includes('@loss') ? text : text.replace(/export |module/, (word) => `/** @loss */ ${word}`),
      {
        kind: 'parameter',
        index,
      },
    );
  });

  it('has its place in @names if it is not destructured', () => {
    const names = (marked: string) =>
      `/** @loss\n * @names ${marked}\n */\nexport const f = (p: number[]) => p.length;`;
    expectPlace(names('a «rate»'), { kind: 'parameter', index: 1 });
    expectPlace(names('"first rate", «"the \\u0040 rate"» c'), { kind: 'parameter', index: 1 });
    expectPlace(names('[a, «b»]'), { kind: 'parameter', index: 1 });
    expectPlace(names('a «w[0..63]» b'), { kind: 'parameter', index: 64 });
    expectPlace(names('a w[0..63] «b»'), { kind: 'parameter', index: 65 });
    expectPlace('/** @loss @names a b */ export const f = («p»: number[]) => p.length;', {
      kind: 'parameter',
      index: 2,
    });
    expectPlace(
      '/** @loss @names a b */ export const f = («p»: number[]) => p.length;',
      { kind: 'parameter', index: 1 },
      [{ names: ['c', 'd'] }],
    );
    expectPlace('/** @loss @names a b «c» */ export const f = ([x, ...rest]) => x;', {
      kind: 'parameter',
      index: 2,
    });
  });

  it('of a function that an expression returns has its place at the name of the loss', () => {
    expectPlace('/** @loss */ export const «f» = memoize(([x, y]) => x);', {
      kind: 'parameter',
      index: 5,
    });
  });
});

it('a finding about the whole loss has its place at the name, and a traced one at its expression', () => {
  expectPlace('/** @loss @optimizer sgd lr=3 */ export function «f»([x]) { return x }', null);
  expectPlace('/** @loss */ «export default ([x]: number[]) => x;»', null);
  const text = '/** @loss @optimizer sgd lr=3 */ export function f([x]) { return Math.log(x) }';
  const location = new LineMap(file, text).location(60, 71);
  const [declaration] = discover(text, file, 'named');
  expect(placeOfFinding({ subject: option('optimizer', 'lr'), location }, declaration!, [])).toBe(location);
});

it('finds a place within the text, however incomplete the text is', () => {
  const pieces = [
    '[',
    ']',
    'x',
    'p[1]',
    ',',
    '...',
    '=',
    '(',
    ')',
    '{',
    '}',
    ':',
    '/** @names a b */',
    '\n',
    'p',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 20 }), fc.nat(3), (parts, index) => {
      const text = `/** @loss @optimizer sgd lr=1 */ export const f = (${parts.join(' ')}`;
      const lines = new LineMap(file, text);
      for (const declaration of discover(text, file, 'named')) {
        const place = placeOfFinding(
          { subject: { kind: 'parameter', index }, location: null },
          declaration,
          [],
        );
        const { from, to } = lines.range(place);
        expect(lines.location(from, to)).toEqual(place);
        expect(to).toBeGreaterThan(from);
      }
    }),
    { seed: 7, numRuns: 300 },
  );
});
