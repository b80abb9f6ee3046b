import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { glossaryTerms, headingAnchor } from '../../../src/core/trace/glossaryTerms';
import { gradientTerms } from '../../../src/loss/gradientWays';

const docs = path.resolve(import.meta.dirname, '../../../docs');
const glossary = readFileSync(path.join(docs, 'glossary.md'), 'utf8');
const pages = [
  'glossary.md',
  'verdicts.md',
  ...readdirSync(path.join(docs, 'diagnoses'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `diagnoses/${name}`),
];

function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!);
}

/** Each entry of the glossary: its heading and the text below it. */
const entries = glossary
  .split(/^## /m)
  .slice(1)
  .map((entry) => {
    const [heading, ...text] = entry.split('\n') as [string, ...string[]];
    return { heading, text: text.join('\n') };
  });

it('every quantity of the dashboard has an entry in the glossary', () => {
  expect(headingsOf(glossary)).toEqual(expect.arrayContaining(Object.values(glossaryTerms)));
});

it('every way of the gradient has an entry in the glossary', () => {
  expect(headingsOf(glossary)).toEqual(expect.arrayContaining(Object.values(gradientTerms)));
});

it('the entries are unique and in alphabetical order', () => {
  const keys = entries.map(({ heading }) => heading.toLowerCase());
  expect(keys).toEqual([...new Set(keys)].sort());
});

it.each(entries)('the heading $heading has an anchor of ASCII letters, digits and hyphens', ({ heading }) => {
  expect(headingAnchor(heading)).toMatch(/^[a-z0-9-]+$/);
});

it.each(entries)('the entry of $heading consists of sentences', ({ text }) => {
  const prose = text.replace(/^ {4}.*$/gm, '').trim();
  expect(prose).toMatch(/\.$/);
});

describe.each(pages)('%s', (page) => {
  const text = readFileSync(path.join(docs, page), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, target]) => target!);

  it('links to files and headings that exist', () => {
    for (const link of links) {
      const [file, anchor] = link.split('#') as [string, string | undefined];
      const target = file === '' ? path.join(docs, page) : path.join(docs, path.dirname(page), file);
      expect(existsSync(target), link).toBe(true);
      if (anchor === undefined) continue;
      expect(headingsOf(readFileSync(target, 'utf8')).map(headingAnchor), link).toContain(anchor);
    }
  });
});
