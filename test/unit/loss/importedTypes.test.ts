import { describe, expect, test } from 'vitest';
import { discover, lossNamed } from '../../../src/loss/discovery/discover';
import { ImportedTypes } from '../../../src/loss/discovery/javascript/importedTypes';
import { typesOnDisk } from '../../../src/loss/disk/importedText';
import { Workspace } from './workspace';

const types = `
export type Vector = readonly number[];
export interface Point { x: number; y: number }
type Hidden = Point;
export { Hidden as Shown };
export type Weights = import('./deep').Deep;
export * from './cycle';
`;
const files = {
  'types.ts': types,
  'deep.d.ts':
    "import type { Vector } from './types';\nexport type Deep = Vector;\nexport type Scale = string;",
  'cycle.ts':
    "export * from './types';\nexport type { Deep as Far } from './deep';\nexport type Self = Self;",
  'folder/index.ts': 'export type Pair = [a: number, b: number];',
  'old.js': '/** @typedef {{ w: number, b: number }} Model */\nexport {};',
};

type Row = readonly [parameters: string, imports: string, form: string, file?: string];

describe('the form of a loss whose parameter has the type of another file', () => {
  test.each<Row>([
    ['p: Vector', "import type { Vector } from './types';", 'array'],
    ['p: V', "import { type Vector as V } from './types.js';", 'array'],
    ['p: Point', "import type { Point } from './types';", 'object x y'],
    ['p: Readonly<Point>', "import { Point } from './types';", 'object x y'],
    ['p: Shape.Point', "import type * as Shape from './types';", 'object x y'],
    ["p: import('./types').Point", '', 'object x y'],
    ['p: Weights', "import type { Weights } from './types';", 'array'],
    ['p: Far', "import type { Far } from './types';", 'array'],
    ['p: Pair', "import type { Pair } from './folder';", 'array a b'],
    ['p: Missing', "import type { Missing } from './types';", 'undeclared'],
    ['p: Self', "import type { Self } from './cycle';", 'undeclared'],
    ['p: Vec', "import type { Vec } from 'package';", 'undeclared'],
    ['p: Own', "import type { Point } from './types'; type Own = Point & { z: number };", 'object x y z'],
    ['p: number[], scale: Scale', "import type { Scale } from './deep';", 'array'],
    ['p: number[], ctx: Context', "import type { Context } from './types';", 'array + context'],
    ['p', "/** @param {import('./types').Point} p */", 'object x y', 'loss.js'],
    ['p', "import './old.js'; /** @param {import('./old').Model} p */", 'object w b', 'loss.js'],
  ])('%s  %s', (parameters, imports, form, file = 'loss.ts') => {
    const workspace = new Workspace(files);
    const text = `${imports}\nexport function f(${parameters}) { return 1; }`;
    const declaration = lossNamed(text, workspace.path(file), 'f', typesOnDisk());
    const { vector, context } = declaration!.form;
    const names = 'names' in vector && vector.names ? ` ${vector.names.join(' ')}` : '';
    expect(`${vector.kind}${names}${context === true ? ' + context' : ''}`).toBe(form);
  });
});

describe('types of other files', () => {
  test('let a loss be found by its name', () => {
    const workspace = new Workspace(files);
    const text = "import type { Vector } from './types';\nexport const loss = (p: Vector): number => p[0]!;";
    expect(discover(text, workspace.path('a.ts'), 'named', typesOnDisk())).toHaveLength(1);
  });

  test('are read only for functions that may be losses, and each file once', () => {
    const asked: string[] = [];
    const imported = new ImportedTypes((specifier) => {
      asked.push(specifier);
      return { file: specifier, text: 'export type A = number[]; export type B = A;' };
    });
    const text = `import type { A, B } from './types'; import type { C } from './other';
      export function other(c: C, a: A) {} export const loss = (a: A, b: B) => 0;`;
    discover(text, '/w/a.ts', 'named', imported);
    expect(asked).toEqual(['./types', './types']);
  });

  test('are followed through a limited number of files', () => {
    let reads = 0;
    const imported = new ImportedTypes((_, from) => {
      reads++;
      const next = `${from}x`;
      return { file: next, text: `export type { A } from './${next}';` };
    });
    lossNamed("import type { A } from './a'; export const f = (a: A) => 0;", '/w/a.ts', 'f', imported);
    expect(reads).toBeLessThan(12);
  });
});
