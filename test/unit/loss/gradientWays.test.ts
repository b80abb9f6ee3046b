import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { explainGradient } from '../../../src/loss/gradientWays';

const folder = path.resolve(import.meta.dirname, '../../../src/python/adamscope_bridge/gradients');
const ways = new Set(
  readdirSync(folder)
    .filter((name) => name.endsWith('.py'))
    .flatMap((name) => [...readFileSync(path.join(folder, name), 'utf8').matchAll(/^ {4}words = "(.*)"$/gm)])
    .map(([, words]) => words!),
);

it('finds the ways', () => {
  expect([...ways]).toEqual(expect.arrayContaining(['reverse mode', 'torch autograd', 'complex step']));
});

it.each([...ways])('%s is explained', (way) => {
  expect(explainGradient('exact', way)).not.toBe(explainGradient('exact', null));
});

it('another method is not explained by the way of an exact gradient', () => {
  expect(explainGradient('finite-difference', 'autograd')).toMatch(/two points/);
});
