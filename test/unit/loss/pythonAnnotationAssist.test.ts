import { describe, expect, test } from 'vitest';
import type { SourceLocation } from '../../../src/core/sourceLocation';
import { completions, hover } from '../../../src/loss/annotation/annotationAssist';
import { LineMap } from '../../../src/loss/places/lineMap';

const file = '/w/a.py';
const f = '\ndef f(x: float, y: float):\n    return x\n';

function under(text: string, location: SourceLocation): string {
  const { from, to } = new LineMap(file, text).range(location);
  return text.slice(from, to);
}

/** The completions at the bar. */
function complete(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  return completions(text, file, offset).map((item) => ({ ...item, replaces: under(text, item.location) }));
}
const labels = (marked: string) => complete(marked).map(({ label }) => label);

describe('completion', () => {
  test('offers tags that are not present yet, in snake_case', () => {
    const items = complete(`# adamscope: loss steps=3 |${f}`);
    const names = items.map(({ label }) => label);
    expect(names).toEqual(expect.arrayContaining(['start', 'gradient_mode', 'params', 'dtype']));
    for (const absent of ['loss', 'steps', 'derivative']) expect(names).not.toContain(absent);
    const insert = (label: string) => items.find((item) => item.label === label)?.insertText;
    expect(['start', 'gradient_mode', 'clip', 'maximize'].map(insert)).toEqual([
      'start=',
      'gradient_mode=',
      'clip ',
      'maximize ',
    ]);
  });

  test.each([
    [`# adamscope: |${f}`, ''],
    [`# adamscope: lo|${f}`, 'lo'],
    [`# adamscope: gradient-m|o${f}`, 'gradient-mo'],
    [`# adamscope: loss\n#    st|${f}`, 'st'],
    [`# adamscope: loss\n# adamscope: st|${f}`, 'st'],
    [`# adamscope: start=[1, 2] ep|${f}`, 'ep'],
    ['def f(x):\n    """A bowl.\n\n    adamscope: loss\n        st|\n    """\n', 'st'],
    ["def f(x):\n    r'adamscope: st|'\n", 'st'],
  ])('offers tags at %j', (marked, replaces) => {
    expect(complete(marked).find(({ label }) => label === 'start' || label === 'epochs')).toMatchObject({
      kind: 'tag',
      replaces,
    });
  });

  test.each([
    [`# adam|scope: loss${f}`],
    [`# prose |\n# adamscope: loss${f}`],
    [`# adamscope: loss\n# prose |${f}`],
    ['def f(x):\n    """|\n    adamscope: loss\n    """\n'],
    ['def f(x):\n    """adamscope: loss"""|\n'],
    ['def f(x):\n    """adamscope: loss"""\n    return x |\n'],
    [`# adamscope: loss steps=|${f}`],
    [`# adamscope: loss start=[1, |]${f}`],
    ['x = "#"  # |\n'],
  ])('offers nothing at %j', (marked) => {
    expect(complete(marked)).toEqual([]);
  });

  test('offers the tags of another comment', () => {
    const other = '# adamscope: steps=3\n\n# adamscope: seed=1\ndef g(x):\n    return x\n\n';
    expect(labels(`${other}# A loss.\n# adamscope: loss |\n# adamscope: epochs=3${f}`)).toEqual(
      expect.arrayContaining(['steps', 'seed']),
    );
    expect(labels(`${other}# A loss.\n# adamscope: loss |\n# adamscope: epochs=3${f}`)).not.toContain(
      'epochs',
    );
    expect(labels(`x = 1  # adamscope: loss |\n# adamscope: epochs=3${f}`)).toContain('epochs');
  });

  test('separates a bare tag from a list of names', () => {
    const items = complete(`# adamscope: names=x y |${f}`);
    expect(items.find(({ label }) => label === 'clip')?.insertText).toBe('clip: ');
  });

  test('offers the values of a tag', () => {
    expect(labels(`# adamscope: optimizer=|${f}`)).toContain('adam');
    expect(complete(`# adamscope: optimizer=ad|${f}`)[0]).toMatchObject({ kind: 'name', replaces: 'ad' });
    expect(labels(`# adamscope: dtype=|${f}`)).toEqual(['float64', 'float32']);
    expect(labels(`# adamscope: optimizer=adam amsgrad=|${f}`)).toEqual(['true', 'false']);
  });

  test('offers options that are not present yet, before the tags', () => {
    const items = complete(`# adamscope: optimizer=adam weight_decay=0.1 l|${f}`);
    const kinds = items.map(({ kind }) => kind);
    expect(kinds.lastIndexOf('option')).toBeLessThan(kinds.indexOf('tag'));
    const options = items.filter(({ kind }) => kind === 'option').map(({ label }) => label);
    expect(options).toContain('lr');
    expect(options).not.toContain('weight_decay');
    expect(complete(`# adamscope: schedule=cosine |${f}`)[0]).toMatchObject({
      label: 't_max',
      insertText: 't_max=',
      doc: expect.stringContaining('`t_max`'),
    });
  });

  test('offers the start and the names of the function', () => {
    expect(labels(`# adamscope: start=|${f}`)).toEqual(['[0, 0]']);
    expect(labels(`# adamscope: names=|${f}`)).toEqual(['x y']);
    const docstring =
      'def f(x: float, y: float):\n    """adamscope: names=|"""\n\ndef g(a: float):\n    return a\n';
    expect(labels(docstring)).toEqual(['x y']);
  });
});

describe('hover', () => {
  const at = (marked: string) => {
    const offset = marked.indexOf('|');
    const text = marked.replace('|', '');
    const found = hover(text, file, offset);
    return found && { doc: found.doc, word: under(text, found.location) };
  };

  test('explains tags and options in the notation of Python', () => {
    expect(at(`# adamscope: gro|up=b lr=1${f}`)).toMatchObject({
      word: 'group=',
      doc: expect.stringMatching(/those of `optimizer=`[\s\S]*`group=b lr=0\.1 weight_decay=0`/),
    });
    expect(at(`# adamscope: cl|ip norm=1${f}`)).toMatchObject({
      doc: expect.stringContaining('`clip norm=1`'),
    });
    expect(at(`# adamscope: optimizer=adam weight-de|cay=1${f}`)).toMatchObject({
      word: 'weight-decay',
      doc: expect.stringContaining('`weight_decay`'),
    });
    expect(at(`# adamscope: gradient=g|rad${f}`)).toBeNull();
    expect(at(`# adamscope: grad|ient=grad${f}`)?.doc).toContain('`gradient=loss_gradient`');
  });

  test('explains the coordinates that a name stands for', () => {
    expect(at(`# adamscope: names=x w[0.|.3]${f}`)).toMatchObject({ word: 'w[0..3]' });
  });

  test('explains nothing outside the annotation', () => {
    expect(at(`# st|eps\n# adamscope: loss${f}`)).toBeNull();
    expect(at(`# adamscope: loss${f}# st|eps`)).toBeNull();
  });
});
