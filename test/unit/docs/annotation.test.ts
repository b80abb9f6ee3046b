import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readAnnotation } from '../../../src/loss/annotation/annotation';
import { tagNames } from '../../../src/loss/annotation/annotationTags';
import { LineMap } from '../../../src/loss/places/lineMap';
import type { Language } from '../../../src/loss/source';

const page = readFileSync(path.join(import.meta.dirname, '../../../docs/annotation.md'), 'utf8');

function read(comment: string, language: Language) {
  return readAnnotation(new LineMap('/page', comment), 0, comment.length, language);
}

function meaning(comment: string, language: Language) {
  const { patch, words, problems, tags } = read(comment, language);
  expect(problems).toEqual([]);
  return { patch, words, tags: tags.map(({ name }) => name) };
}

const cells = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').slice(1, -1));
const both = cells.filter(([first]) => first!.includes('@'));
const pythonOnly = cells.filter(([first]) => !first!.includes('@'));
const codes = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);

test.each(both)('%s and %s have the same meaning', (jsdoc, python) => {
  const expected = meaning(`/** ${codes(jsdoc!)[0]} */`, 'javascript');
  for (const text of codes(python!)) expect(meaning(`# adamscope: ${text}`, 'python')).toEqual(expected);
});

test('the page shows every tag', () => {
  const shown = [
    ...both.flatMap(([jsdoc]) => meaning(`/** ${codes(jsdoc!)[0]} */`, 'javascript').tags),
    ...pythonOnly.flatMap(([python]) => meaning(`# adamscope: ${codes(python!)[0]}`, 'python').tags),
    'derivative',
  ];
  expect([...new Set(shown)].sort()).toEqual([...tagNames].sort());
});

test('the examples have the same meaning', () => {
  const [comment] = /\/\*\*[\s\S]*?\*\//.exec(page)!;
  const [lines] = /(?:^#.* .*\n)+(?=def)/m.exec(page)!;
  const [docstring] = /"""[\s\S]*?"""/.exec(page)!;
  const { patch } = read(comment, 'javascript');
  expect(read(lines.slice(lines.indexOf('# Rosen')), 'python').patch).toEqual(patch);
  expect(read(docstring, 'python').patch).toEqual(patch);
});
