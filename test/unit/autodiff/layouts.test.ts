import type { Node } from '@babel/types';
import { expect, test } from 'vitest';
import { bare, walk } from '../../../src/autodiff/syntax/nodes';
import type { MorePasses } from '../../../src/loss/providers/javascript/load/morePasses';
import type { Pass } from '../../../src/loss/providers/javascript/load/pass';
import { judge } from '../../support/programs/judge';
import { batches, judgeAll } from '../../support/programs/shards';

/** To replay one batch, put its seed, style and language here alone. */
const seeds = Array.from({ length: 6 }, (_, i) => 50_000 + i);

test('random programs in many layouts are not changed by the rewrite', { timeout: 120_000 }, async () => {
  const verdict = await judgeAll(batches(seeds, 20, 3));
  expect(verdict.differences.slice(0, 3)).toEqual([]);
  expect(verdict.programs).toBe(360);
  // What is compared: most programs have a gradient, and many of the smooth ones an oracle of their own.
  expect(verdict.gradients).toBeGreaterThan(0.8 * verdict.programs);
  expect(verdict.duals).toBeGreaterThan(40);
  expect(verdict.adjoints).toBeGreaterThan(0);
});

/** Puts back a fault: the parentheses around the right side of `d *= (x + y)` enclosed the operands of a call. */
const parenthesesOfTheRightSide: Pass = ({ module, edits }) => {
  walk(module.program, (node: Node) => {
    if (node.type === 'AssignmentExpression' && /^[-+*/%]=$/.test(node.operator)) {
      const inner = bare(node.right);
      if (inner !== node.right && inner.type === 'BinaryExpression')
        edits.wrap(inner.start!, inner.end!, '(', ')');
    }
    return true;
  });
};

test('a fault in the treatment of parentheses is found', { timeout: 60_000 }, async () => {
  const fault = (passes: MorePasses): MorePasses => ({
    ...passes,
    passes: (node, graph, program) => [...passes.passes(node, graph, program), parenthesesOfTheRightSide],
  });
  const { differences } = await judge({
    seed: 1,
    style: 'smooth',
    language: 'module',
    programs: 60,
    layouts: 2,
    fault,
  });
  expect(differences.join('\n')).toMatch(/^rewritten, program \d+ of seed 1/m);
});
