import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import { CoordinateLayout } from '../../../src/core/coordinates/coordinateLayout';
import { compileCondition, compileExpression } from '../../../src/core/expressions/compile';
import { functionNames } from '../../../src/core/expressions/functions';
import { compileLogText } from '../../../src/core/expressions/logText';
import { aliases, stepNamesOf } from '../../../src/core/expressions/stepNames';
import { glossaryTerms, headingAnchor } from '../../../src/core/trace/glossaryTerms';
import { layoutOf } from '../../../src/core/trace/layout';
import { Quantities } from '../../../src/core/trace/quantities';

const docs = path.join(import.meta.dirname, '../../../docs');
const page = readFileSync(path.join(docs, 'expressions.md'), 'utf8');

const coordinates = new CoordinateLayout(['x', 'y', 'w[0..4][0..2]', '0.weight[0..1]'], null, 19);
const { config } = resolveConfig([{}]);
const layout = layoutOf(config, coordinates.dim, Number.POSITIVE_INFINITY, true);
const names = stepNamesOf(new Quantities(layout, config), layout.coordinates, coordinates, 'running');

/** The codes in the first cells of the tables of a section. */
function firstCells(heading: string): string[] {
  const section = page.split(/^## /m).find((each) => each.startsWith(heading))!;
  return [...section.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([^`]+)`/g)].map(([, code]) => code!),
  );
}

test.each(firstCells('# Expressions'))('the example %s compiles', (text) => {
  expect(compileExpression(text, names)).toHaveProperty('expression');
  if (text.includes('>') || /^a(ny|ll)/.test(text))
    expect(compileCondition(text, names)).toHaveProperty('expression');
});

test('the other examples of the page compile, but for a condition with several results', () => {
  const [, logText] = /braces: `([^`]+)`/.exec(page)!;
  expect(compileLogText(logText!, names)).toHaveProperty('log');
  const [, selections] = /(selects one number:.*?)A quantity alone/s.exec(page)!;
  const examples = [...selections!.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
  expect(examples.length).toBeGreaterThan(5);
  const found = examples.map((text) => compileExpression(text, names));
  expect(found.filter((each) => 'problem' in each)).toEqual([]);
  expect(compileCondition('loss > 10 && any(isnan(grad))', names)).toHaveProperty('expression');
  const [, right, wrong] = /`(any\([^`]+\))` instead of `([^`]+)`/.exec(page)!;
  expect(compileCondition(right!, names)).toHaveProperty('expression');
  expect(compileCondition(wrong!, names)).toMatchObject({
    problem: { message: expect.stringContaining(right!) },
  });
});

test('the page has every name and every function', () => {
  const quantities = [...firstCells('Values of a step'), ...firstCells('Quantities of the coordinates')];
  expect(quantities.sort()).toEqual(
    [...Object.keys(glossaryTerms), ...Object.keys(aliases), 'step', 'bound'].sort(),
  );
  expect(firstCells('Functions').sort()).toEqual([...functionNames].sort());
});

test('the page links to headings of the glossary that exist', () => {
  const glossary = readFileSync(path.join(docs, 'glossary.md'), 'utf8');
  const anchors = [...glossary.matchAll(/^## (.*)$/gm)].map(([, heading]) => headingAnchor(heading!));
  const links = [...page.matchAll(/\]\(([^)#]+)#([^)]+)\)/g)].map(([, file, anchor]) => ({ file, anchor }));
  expect(links.length).toBeGreaterThan(20);
  for (const { file, anchor } of links) {
    expect(existsSync(path.join(docs, file!))).toBe(true);
    expect(anchors).toContain(anchor);
  }
});
