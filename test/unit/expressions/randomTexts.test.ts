import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileCondition, compileExpression } from '../../../src/core/expressions/compile';
import { evaluate } from '../../../src/core/expressions/evaluate';
import { functionNames } from '../../../src/core/expressions/functions';
import { parse } from '../../../src/core/expressions/parse';
import type { Syntax } from '../../../src/core/expressions/syntax';
import { someNames, someStep } from '../../support/expressionSteps';
import { expressionText, withoutSpans } from '../../support/expressionText';

const span = { from: 0, to: 0 };
const arithmetic = ['+', '-', '*', '/', '%', '**'] as const;
const comparisons = ['<', '<=', '>', '>=', '==', '!='] as const;
const logic = ['&&', '||'] as const;

const positive = fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }).map(Math.abs);
const value = positive.map((value): Syntax => ({ kind: 'number', value, ...span }));
const word = fc.constantFrom('loss', 'update', 'x', 'limit', 'w', 'constructor', 'of', 'async');

/** Any tree that has a text. */
const { tree } = fc.letrec<{ tree: Syntax }>((tie) => {
  const path = fc.record({
    kind: fc.constant('path' as const),
    name: word,
    nameSpan: fc.constant(span),
    parts: fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('name' as const), name: fc.oneof(word, fc.string()), ...noSpan() }),
        fc.record({ kind: fc.constant('index' as const), index: tie('tree'), ...noSpan() }),
      ),
      { maxLength: 3 },
    ),
    ...noSpan(),
  });
  const unary = fc.record({
    kind: fc.constant('unary' as const),
    operator: fc.constantFrom('-' as const, '+' as const, '!' as const),
    of: tie('tree'),
    ...noSpan(),
  });
  const binary = fc.record({
    kind: fc.constant('binary' as const),
    operator: fc.constantFrom(...arithmetic, ...comparisons, ...logic),
    left: tie('tree'),
    right: tie('tree'),
    ...noSpan(),
  });
  const choice = fc.record({
    kind: fc.constant('choice' as const),
    test: tie('tree'),
    whenTrue: tie('tree'),
    whenFalse: tie('tree'),
    ...noSpan(),
  });
  const call = fc.record({
    kind: fc.constant('call' as const),
    name: fc.constantFrom<string>(...functionNames, 'f', 'toString'),
    nameSpan: fc.constant(span),
    arguments: fc.array(tie('tree'), { maxLength: 3 }),
    ...noSpan(),
  });
  return { tree: fc.oneof({ depthSize: 'small' }, value, path, unary, binary, choice, call) };
});

function noSpan() {
  return { from: fc.constant(0), to: fc.constant(0) };
}

it('the text of a tree is parsed as that tree', () => {
  fc.assert(
    fc.property(
      tree.filter((each) => expressionText(each).length <= 1000),
      (syntax) => {
        expect(withoutSpans(parse(expressionText(syntax)))).toEqual(withoutSpans(syntax));
      },
    ),
    { seed: 16, numRuns: 1000 },
  );
});

it('each part of a tree is the text at its place', () => {
  const check = (text: string, part: Syntax) => {
    expect(withoutSpans(parse(text.slice(part.from, part.to)))).toEqual(withoutSpans(part));
    for (const each of partsOf(part)) check(text, each);
  };
  fc.assert(
    fc.property(
      tree.map(expressionText).filter((text) => text.length <= 300),
      (text) => check(text, parse(text)),
    ),
    { seed: 16, numRuns: 300 },
  );
});

function partsOf(syntax: Syntax): readonly Syntax[] {
  switch (syntax.kind) {
    case 'number':
      return [];
    case 'path':
      return syntax.parts.flatMap((part) => (part.kind === 'index' ? [part.index] : []));
    case 'unary':
      return [syntax.of];
    case 'binary':
      return [syntax.left, syntax.right];
    case 'choice':
      return [syntax.test, syntax.whenTrue, syntax.whenFalse];
    case 'call':
      return syntax.arguments;
  }
}

/** Texts of parts of expressions, in any order, and any other characters. */
const piece = fc.oneof(
  fc.constantFrom(...'()[]{}.,;:?!+-*/%<>=&|^~"\'`\\$#@ \n\t'),
  fc.constantFrom(
    'and',
    'not',
    'if',
    'in',
    'new',
    '=>',
    '...',
    '//',
    '/*',
    '*/',
    '<!--',
    '${',
    '1',
    '0x',
    '1e',
    '1n',
  ),
  fc.constantFrom(
    'loss',
    'update',
    'grad',
    '.x',
    '.w',
    '[0]',
    '"0.weight"',
    '**',
    '&&',
    '==',
    ...functionNames,
  ),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
const anyText = fc.oneof(
  fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
  fc.string(),
);

/** Throws nothing, and has a problem inside its text, or a value of its type. */
function checkText(text: string): void {
  for (const compile of [compileExpression, compileCondition]) {
    const result = compile(text, someNames);
    if ('problem' in result) {
      const { from, to, message } = result.problem;
      expect(message).toMatch(/^\S.*[.]$/su);
      expect([0 <= from, from <= to, to <= text.length]).toEqual([true, true, true]);
      continue;
    }
    const { type } = result.expression;
    const found = evaluate(result.expression, someStep());
    expect(found instanceof Float64Array ? 'vector' : typeof found).toBe(
      type.endsWith('s') ? 'vector' : type,
    );
  }
}

it('any text is an expression, or has a problem with a place', () => {
  fc.assert(fc.property(anyText, checkText), { seed: 16, numRuns: 5000 });
});

it('any tree is an expression, or has a problem with a place', () => {
  fc.assert(
    fc.property(tree, (syntax) => checkText(expressionText(syntax))),
    { seed: 16, numRuns: 2000 },
  );
});

it.each([
  '(',
  '[',
  '{',
  '-',
  '- ',
  '!',
  '1?',
  '1**',
  'abs(',
  'a.',
  'a[',
  '`${',
  '"',
  '/',
  '/*',
  '<',
  '=>',
  'a=>',
  'async ',
  'new ',
])('a text of many %s has a problem with a place', (piece) => {
  for (const count of [1, 30, 99, 101, 250, 500, 5000]) checkText(piece.repeat(count));
  for (const count of [30, 250]) checkText(`${piece.repeat(count)}1`);
});

/** Expressions of values of a step, with the same value in JavaScript. */
const { number: ofValues } = fc.letrec<{ number: string; condition: string }>((tie) => ({
  number: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom('loss', 'best', 'lr', 'rms', '2', '0.5'),
    fc
      .tuple(tie('number'), fc.constantFrom('+', '-', '*', '/', '%'), tie('number'))
      .map((all) => `(${all.join(' ')})`),
    tie('number').map((of) => `(-${of})`),
    fc.tuple(tie('condition'), tie('number'), tie('number')).map(([test, a, b]) => `(${test} ? ${a} : ${b})`),
  ),
  condition: fc.oneof(
    { depthSize: 'medium' },
    fc
      .tuple(tie('number'), fc.constantFrom(...comparisons), tie('number'))
      .map((all) => `(${all.join(' ')})`),
    fc
      .tuple(tie('condition'), fc.constantFrom(...logic), tie('condition'))
      .map((all) => `(${all.join(' ')})`),
    tie('condition').map((of) => `!${of}`),
  ),
}));

it('expressions of values of a step have the value of JavaScript', () => {
  const step = someStep();
  const names = ['loss', 'best', 'lr', 'rms'] as const;
  fc.assert(
    fc.property(
      ofValues.filter((text) => text.length <= 1000),
      (text) => {
        const result = compileExpression(text, someNames);
        if ('problem' in result) throw new Error(result.problem.message);
        const inJavaScript = new Function(...names, `return ${text};`);
        expect(evaluate(result.expression, step)).toBe(
          inJavaScript(...names.map((name) => step.scalar(name))),
        );
      },
    ),
    { seed: 16, numRuns: 1000 },
  );
});
