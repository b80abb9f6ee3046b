import { expect, test } from 'vitest';
import { pageText } from '../../../src/host/panel/pageText';

const parts = {
  nonce: 'abc',
  source: 'https://files',
  folder: 'https://files/webview/',
  style: '',
  script: '',
};

test('the page needs no request for its script and style', () => {
  const text = pageText({ ...parts, style: 'p { color: red }', script: 'start();' });
  expect(text).toContain('<style>p { color: red }</style>');
  expect(text).toContain('<script nonce="abc" data-folder="https://files/webview/">start();</script>');
  expect(text).not.toMatch(/<link|<script[^>]* src=/);
});

test('a script that contains tags or patterns of replacements stays one script', () => {
  const script = `a("</script><b>", "$&", "$1")`;
  const text = pageText({ ...parts, script });
  expect(text.match(/<\/script>/g)).toHaveLength(1);
  expect(text).toContain(`a("<\\/script><b>", "$&", "$1")`);
});
