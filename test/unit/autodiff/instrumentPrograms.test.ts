import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { link } from '../../../src/loss/providers/javascript/load/link';
import { load, Workspace } from '../loss/workspace';
import { bothWays, linkInstrumented, loadInstrumented } from './support/instrumented';

const root = path.join(import.meta.dirname, '../../..');
const textOf = (file: string) => readFileSync(path.join(root, file), 'utf8');
const samples = readdirSync(path.join(root, 'media/samples'))
  .filter((file) => /\.[cm]?[jt]s$/.test(file))
  .map((file) => `media/samples/${file}`);

/** Programs by other authors, treated as user code. The first file exports `result`, as text. */
const programs: [name: string, files: () => Record<string, string>][] = [
  [
    'd3-contour and d3-array',
    () => ({
      'a.ts': `import { contours, contourDensity } from './d3-contour.mjs';
        import * as array from 'd3-array';
        const n = 24, grid = new Float64Array(n * n);
        for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) grid[i * n + j] = Math.sin(i / 4) * Math.cos(j / 5) + (i % 3) / 7;
        const points = Array.from(grid.slice(0, 200), (x, i) => [x * 50 + 50, i / 2] as [number, number]);
        export const result = JSON.stringify([
          contours().size([n, n]).thresholds(8)(grid as never), contourDensity().size([100, 100]).bandwidth(9)(points),
          array.bin()(grid as never), array.quantile(grid, 0.3), array.deviation(grid), array.fsum(grid), array.ticks(0.1, 9.7, 7),
          array.blur(Array.from(grid).slice(0, 9), 2), array.rollup(points, (v: unknown[]) => v.length, (d: number[]) => Math.round(d[0] / 10)),
          array.least(points, ([x]: number[]) => x), array.cumsum(grid).slice(-3), array.shuffler(() => 0.4)([1, 2, 3, 4]), array.bisect([1, 2, 3], 2),
        ], (_, value) => value instanceof Map ? [...value] : value);`,
      'd3-contour.mjs': textOf('node_modules/d3-contour/dist/d3-contour.mjs'),
      'd3-array.mjs': textOf('node_modules/d3-array/dist/d3-array.mjs'),
      'tsconfig.json': '{ "compilerOptions": { "paths": { "d3-array": ["./d3-array.mjs"] } } }',
    }),
  ],
  [
    'a parser by tables',
    () => ({
      'a.ts': `import { parser } from './javascript.js';
        const texts: string[] = ${JSON.stringify(samples.map(textOf))};
        export const result = texts.map((text) => { let out = ''; parser.configure({ dialect: 'ts' }).parse(text).iterate({ enter: (node: any) => { out += node.name + node.from } }); return out }).join()`,
      'javascript.js': textOf('node_modules/@lezer/javascript/dist/index.js'),
      'lr.js': textOf('node_modules/@lezer/lr/dist/index.js'),
      'common.js': textOf('node_modules/@lezer/common/dist/index.js'),
      'highlight.js': textOf('node_modules/@lezer/highlight/dist/index.js'),
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@lezer/*": ["./*.js"] } } }',
    }),
  ],
  [
    'a parser by hand, in CommonJS',
    () => ({
      'a.cjs': `const { parse } = require('./parser.js');
        const texts = ${JSON.stringify([...samples, 'src/autodiff/syntax/scopes.ts', 'test/unit/autodiff/support/snippets.ts'].map(textOf))};
        exports.result = JSON.stringify(texts.map((text) => parse(text, { sourceType: 'unambiguous', plugins: ['typescript'], errorRecovery: true, ranges: true }).program));`,
      'parser.js': textOf('node_modules/@babel/parser/lib/index.js'),
    }),
  ],
];

describe('programs by other authors behave as before', () => {
  test.each(programs)(
    '%s',
    async (_, files) => {
      const { plain, rewritten, linked, sites } = await bothWays(files());
      expect(linked.problems).toEqual([]);
      expect(sites.length).toBeGreaterThan(100);
      expect(String(plain.result).length).toBeGreaterThan(1000);
      expect(rewritten.result === plain.result).toBe(true);
    },
    60_000,
  );
});

/** Our own sources, and the results that must not change. */
const ours: [entry: string, run: (exports: Record<string, unknown>) => unknown][] = [
  [
    'src/loss/places/lineMap.ts',
    ({ LineMap }) =>
      samples.map((file) => {
        const text = textOf(file);
        const map = new (LineMap as typeof import('../../../src/loss/places/lineMap').LineMap)(file, text);
        return [...text].map((_, offset) => [
          map.position(offset),
          map.lineStart(offset),
          map.offset(offset, 3),
        ]);
      }),
  ],
  [
    'src/core/schedules/oneCycle.ts',
    (exports) => {
      const { oneCycle } = exports as typeof import('../../../src/core/schedules/oneCycle');
      const schedule = oneCycle.create({
        maxLr: 0.1,
        totalSteps: 40,
        pctStart: 0.3,
        annealStrategy: 'cos',
        divFactor: 25,
        finalDivFactor: 1e4,
        cycleMomentum: true,
        baseMomentum: 0.85,
        maxMomentum: 0.95,
      });
      return Array.from({ length: 40 }, (_, index) => [schedule.lr(index, 1), schedule.beta!(index)]);
    },
  ],
  [
    'src/core/curvature.ts',
    async ({ spectrumEnds }) => {
      const n = 12;
      let state = 1;
      const random = () => {
        state = (state * 16807) % 2147483647;
        return state / 2147483647;
      };
      const product = async (v: Float64Array) =>
        v.map((x, i) => (i + 1) * x + (v[i - 1] ?? 0) + (v[i + 1] ?? 0));
      return (spectrumEnds as (...args: unknown[]) => unknown)(product, n, random);
    },
  ],
  [
    'src/loss/providers/javascript/load/parseModule.ts',
    ({ parseModule }) =>
      samples.map((file) => {
        const parsed = (parseModule as (...args: string[]) => { module: { program: unknown } })(
          textOf(file),
          file,
        );
        return JSON.stringify(parsed.module.program);
      }),
  ],
];

describe('our own sources behave as before', () => {
  test.each(ours)(
    '%s',
    async (entry, run) => {
      const workspace = new Workspace({});
      const file = path.join(root, entry);
      const plain = await load(await link(file, workspace, path.join(workspace.root, '.plain')));
      const instrumented = await linkInstrumented(file, workspace, workspace.root);
      expect(instrumented.sites.length).toBeGreaterThan(3);
      const rewritten = await loadInstrumented(instrumented);
      const expected = await run(plain);
      expect(await run(rewritten)).toEqual(expected);
    },
    60_000,
  );
});
