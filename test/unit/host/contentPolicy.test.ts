import { expect, test } from 'vitest';
import { contentPolicy } from '../../../src/host/panel/contentPolicy';

test('the page may load only what the policy names', () => {
  const directives = contentPolicy('abc', 'https://extension').split('; ');
  expect(directives).toContain("default-src 'none'");
  // The next two do not fall back to default-src.
  expect(directives).toContain("base-uri 'none'");
  expect(directives).toContain("form-action 'none'");
  expect(directives).toContain("script-src 'nonce-abc'");
});
