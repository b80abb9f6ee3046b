import { describe, expect, it } from 'vitest';
import { markdownText } from '../../../src/host/editor/markdownText';
import { notificationText } from '../../../src/host/notificationText';

const hostile = [
  '[click](command:workbench.action.quit)',
  '![a](https://127.0.0.1/a.png)',
  '<img src=x onerror=alert(1)>',
  '| a | b |\n|---|---|',
  'https://127.0.0.1 www.a.b a@b.c',
  '$(trash) **bold** _em_ `code` ~~s~~',
  '# heading\r\n1. item\n- item\u2028> quote',
  '&lt;b&gt;',
];

describe('user text in Markdown', () => {
  it.each(hostile)('has all markup escaped, and is a single line: %j', (text) => {
    const shown = markdownText(text);
    expect(shown.replace(/\\[!-/:-@[-`{-~]/g, '')).not.toMatch(/[!-/:-@[-`{-~\r\n\u2028]/);
    expect(shown.replace(/\\(.)/g, '$1')).toBe(text.replace(/\s+/g, ' '));
  });
});

describe('user text in a notification', () => {
  it('contains no link', () => {
    expect(notificationText('no [a](command:b) here')).toBe('no [a] (command:b) here');
    expect(notificationText('start is [1](2)')).not.toMatch(/\[[^\]]*\]\(/);
  });
});
