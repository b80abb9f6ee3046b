import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue, type DiagnosisCode } from '../../../src/core/diagnosis/catalogue';

const folder = path.join(import.meta.dirname, '../../../docs/diagnoses');
const codes = Object.keys(catalogue) as DiagnosisCode[];
const headings = ['What it means', 'The condition', 'An example', 'What to do', 'When it is wrong'];

describe.each(codes)('the page of %s', (code) => {
  const page = () => readFileSync(path.join(folder, `${code}.md`), 'utf8');

  it('has its title, its severity and the usual headings', () => {
    expect(page().split('\n')[0]).toBe(`# ${code}`);
    expect(page().toLowerCase()).toContain(`**${catalogue[code].severity}`);
    expect([...page().matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual(headings);
  });

  it('refers to files that exist', () => {
    for (const [, target] of page().matchAll(/\]\(([^)#:]+)\)/g))
      expect(existsSync(path.join(folder, target!)), target).toBe(true);
    expect(page()).toContain(`](${code}.svg)`);
  });
});

it('there is no page without a diagnosis', () => {
  const pages = readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md');
  expect(pages.map((file) => file.replace('.md', '')).sort()).toEqual([...codes].sort());
});
