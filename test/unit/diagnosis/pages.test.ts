import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue, type DiagnosisCode, isRunCode } from '../../../src/core/diagnosis/catalogue';
import { readAnnotation } from '../../../src/loss/annotation/annotation';
import { LineMap } from '../../../src/loss/places/lineMap';

const root = path.join(import.meta.dirname, '../../..');
const folder = path.join(root, 'docs/diagnoses');
const codes = Object.keys(catalogue) as DiagnosisCode[];
const headings = [
  'What you see',
  'Why it happens',
  'Example',
  'What to do',
  'How it is detected',
  'Known false positives',
];
const severityWords = { error: '**error', warning: '**warning', info: '**info' };
const finders = {
  rule: 'the steps of a run',
  gradientChecks: 'checks of the gradient',
  optimizerCheck: 'a check of your own optimizer',
  recording: 'the recording of a training',
};

describe.each(codes)('the page of %s', (code) => {
  const page = () => readFileSync(path.join(folder, `${code}.md`), 'utf8');

  it('has its title, its severity and the usual headings', () => {
    expect(page().split('\n')[0]).toBe(`# ${code}`);
    expect(page().split('\n')[2]!.toLowerCase()).toContain(severityWords[catalogue[code].severity]);
    expect([...page().matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual(headings);
  });

  it('refers to files that exist', () => {
    for (const [, target] of page().matchAll(/\]\(([^)#:]+)\)/g))
      expect(existsSync(path.join(folder, target!)), target).toBe(true);
    if (isRunCode(code)) expect(page()).toContain(`](${code}.svg)`);
  });

  it('proposes only options that an annotation can set', () => {
    for (const [, tag] of page().matchAll(/`(@\w+ [^`]+)`/g)) {
      const comment = `/** ${tag} */`;
      const { problems } = readAnnotation(new LineMap('/page.ts', comment), 0, comment.length, 'javascript');
      expect(problems.map(({ message }) => message)).toEqual([]);
    }
  });
});

describe.each(codes.filter((code) => !isRunCode(code)))('the example of %s', (code) => {
  const page = readFileSync(path.join(folder, `${code}.md`), 'utf8');
  const example = page.slice(page.indexOf('## Example'), page.indexOf('## What to do'));
  const [, script] = /\]\((\S+\.py)\)/.exec(example)!;
  const lines = readFileSync(path.join(folder, script!), 'utf8').split('\n');

  it('is a part of a script with this label', () => {
    expect(lines[0]).toBe(`# observes: ${code}`);
    const [, block] = /```python\n([\s\S]*?)\n```/.exec(example)!;
    const plain = (line: string) => line.replace(/\s+# here$/, '').trim();
    const script = lines.map(plain).join('\n');
    expect(script).toContain(block!.split('\n').map(plain).join('\n'));
  });
});

it('every page and every chart belongs to a diagnosis', () => {
  const named = (extension: string) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(extension) && file !== 'README.md')
      .map((file) => file.replace(extension, ''))
      .sort();
  expect(named('.md')).toEqual([...codes].sort());
  expect(named('.svg')).toEqual(codes.filter(isRunCode).sort());
});

it('the index lists the diagnoses in the order of the catalogue', () => {
  const index = readFileSync(path.join(folder, 'README.md'), 'utf8');
  const rows = codes.map((code) => {
    const { severity, summary, foundBy } = catalogue[code];
    return `| [\`${code}\`](${code}.md) | ${severity} | ${summary} | ${finders[foundBy]} |`;
  });
  expect(index.split('\n').filter((line) => line.startsWith('| ['))).toEqual(rows);
});

it('the README links to every page once', () => {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  const linked = [...readme.matchAll(/\[`([\w-]+)`\]\(docs\/diagnoses\/([\w-]+)\.md\)/g)];
  for (const [, code, target] of linked) expect(target).toBe(code);
  expect(linked.map(([, code]) => code).sort()).toEqual([...codes].sort());
});

it('the diagnosis pages open as rendered Markdown, and no other file in a folder of that name does', () => {
  const { contributes } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const associations = contributes.configurationDefaults['workbench.editorAssociations'];
  expect(associations).toEqual({
    [`**/docs/diagnoses/{${codes.join(',')}}.md`]: 'vscode.markdown.preview.editor',
  });
});
