import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { packageRules } from '../../../src/autodiff/callRules/packageRules';

const page = readFileSync(path.join(import.meta.dirname, '../../../docs/derivative-rules.md'), 'utf8');
const [, stdlib = '', numeric = ''] = page.split(/^\*\*`[@\w]+`\*\*/m);

/** An object with every name, of which the rules take those that they know. */
const everything = new Proxy({}, { get: () => () => 0 });
const names = (packageName: string) =>
  packageRules(packageName)!(everything).map(([, { functionName }]) =>
    functionName.replace(/^numeric\./, ''),
  );
/** Variants of one function for vectors (V), matrices (M) and numbers (S). */
const variant = /[VSM][VSM]?(?:small|big)?$/;

it.each([
  ['@stdlib/math-base-special', stdlib],
  ['numeric', numeric],
])('the page lists every function of %s with a rule', (packageName, text) => {
  const [listed] = text.split(/\n\n|Functions that/);
  const found = [...listed!.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
  expect([...new Set(found)].sort()).toEqual(
    [...new Set(names(packageName).map((name) => name.replace(variant, '')))].sort(),
  );
});
