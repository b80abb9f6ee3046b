import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseExpression } from '@babel/parser';
import { describe, expect, test } from 'vitest';
import type { GradientCase, Place, Point } from '../../corpus/gradients/case';
import type { ProvenanceCase } from '../../corpus/provenance/case';
import { contextOf, loadPlainly } from '../../support/corpus/program';
import {
  gradientCases,
  gradientsFolder,
  provenanceCases,
  provenanceFolder,
} from '../../support/corpus/tables';

const gradients = await gradientCases();
const provenance = await provenanceCases();

describe('the gradient corpus', () => {
  test('is large enough, and has no case twice', () => {
    expect(gradients.length).toBeGreaterThanOrEqual(350);
    expect(new Set(gradients.map(({ file, loss }) => `${file}#${loss}`)).size).toBe(gradients.length);
    const names = gradients.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test.each(gradients)('$name: values', async (gradientCase) => {
    const value = await plainValue(gradientCase);
    for (const point of gradientCase.points) {
      expect(point.at).toHaveLength(gradientCase.dim);
      expectClose(await value(point, point.at), point.value, point.at);
    }
  });

  test.each(gradients)('$name: gradients', async (gradientCase) => {
    for (const point of gradientCase.points) {
      if (point.stale) continue;
      expect(point.gradient).toHaveLength(gradientCase.dim);
      if (point.rough || gradientCase.stateful) continue;
      const value = await plainValue(gradientCase);
      const tolerance = 1e-7 * Math.max(1, Math.abs(point.value), ...point.gradient.map(Math.abs));
      for (const i of point.at.keys()) {
        const error = await errorOfSlope(value, point, i, tolerance);
        expect(error, `∂/∂p${i} at [${point.at}]`).toBeLessThan(tolerance);
      }
    }
  });

  test.each(gradients.flatMap(placesOf))(
    '$name: the place $expression',
    ({ expression, occurrence, file }) => {
      expectPlace(path.join(gradientsFolder, file), expression, occurrence);
    },
  );
});

describe('the corpus of NaN and infinity', () => {
  test('is large enough', () => {
    expect(provenance.length).toBeGreaterThanOrEqual(20);
    expect(new Set(provenance.map(({ name }) => name)).size).toBe(provenance.length);
  });

  test.each(provenance)('$name', async (c) => {
    const call = await loadPlainly(provenanceFolder, c);
    const value = await call([...c.at], contextOf());
    expectClose(value, c.value, c.at);
    expect(Number.isFinite(value)).toBe(c.pass === 'backward');
    expect(Number.isFinite(c.made)).toBe(false);
    if (c.pass === 'forward') expect(resultOf(c)).toBe(c.made);
    expect((c.coordinates?.length ?? 0) > 0).toBe(c.pass === 'backward');
    expectPlace(path.join(provenanceFolder, c.in ?? c.file), c.expression, c.occurrence);
  });
});

type Value = (point: Point, at: readonly number[]) => number | Promise<number>;

async function plainValue(gradientCase: GradientCase): Promise<Value> {
  const call = await loadPlainly(gradientsFolder, gradientCase);
  return ({ context }, at) => call(at, contextOf(context));
}

/**
 * The error of fourth-order central differences, compared with the expected derivative, at the best of four
 * step sizes.
 */
async function errorOfSlope(value: Value, point: Point, i: number, tolerance: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (const step of [1e-3, 1e-2, 1e-4, 1e-5]) {
    const h = step * Math.max(1, Math.abs(point.at[i]!));
    const at = (k: number) => point.at.map((v, j) => (j === i ? v + k * h : v));
    const f = [-2, -1, 1, 2].map((k) => value(point, at(k)));
    const [a, b, c, d] = (await Promise.all(f)) as [number, number, number, number];
    const slope = (8 * (c - b) - (d - a)) / (12 * h);
    const error = Math.abs(slope - point.gradient[i]!);
    if (error < least) least = error;
    if (least < tolerance) break;
  }
  return least;
}

/** Equal up to rounding. NaN and infinities must be identical. */
function expectClose(value: number, expected: number, at: readonly number[]): void {
  if (Object.is(value, expected)) return;
  const error = Math.abs(value - expected);
  expect(error, `${value} in place of ${expected} at [${at}]`).toBeLessThanOrEqual(
    1e-12 * Math.abs(expected),
  );
}

/** The places that a case names, with their files. */
function placesOf({ name, file, refused, noted = [], points }: GradientCase) {
  const stale = points.flatMap((point) => (point.stale && point.stale !== 'result' ? [point.stale] : []));
  const places: Place[] = [
    ...(refused ? [refused] : []),
    ...stale,
    ...noted.map((expression) => ({ expression })),
  ];
  return places.map((place) => ({ name, file, ...place }));
}

/** The text exists in the file, and is unique or has an occurrence number. */
function expectPlace(file: string, expression: string, occurrence?: number): void {
  const found = readFileSync(file, 'utf8').split(expression).length - 1;
  if (occurrence === undefined) expect(found, expression).toBe(1);
  else expect(found, expression).toBeGreaterThanOrEqual(Math.max(2, occurrence));
}

/** The result of the expression for these operands, computed by the JavaScript engine. */
function resultOf({ expression, operands }: ProvenanceCase): unknown {
  const root = parseExpression(expression, { plugins: ['typescript'], errorRecovery: true });
  const call = (f: string) => new Function('...v', `return ${f}`)(...operands) as unknown;
  if (root.type === 'BinaryExpression') return call(`v[0] ${root.operator} v[1]`);
  if (root.type === 'AssignmentExpression')
    return root.operator === '='
      ? Math.fround(operands[0] as number)
      : call(`v[0] ${root.operator.slice(0, -1)} v[1]`);
  if (root.type !== 'CallExpression') throw new Error(`no rule for ${root.type}`);
  const callee = expression.slice(root.callee.start!, root.callee.end!);
  return call(callee.startsWith('Math.') ? `${callee}(...v)` : 'Number.parseFloat(v[0])');
}
