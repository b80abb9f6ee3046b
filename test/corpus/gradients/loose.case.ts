import { closedForm, type GradientCase } from './case';

const file = 'loose/writes.cjs';

/** Losses in code that is not strict. The gradients are derived by hand. */
export const cases: readonly GradientCase[] = [
  {
    name: 'a write to a frozen list is ignored',
    file,
    loss: 'frozenElement',
    dim: 2,
    points: closedForm((x, y) => [2 * x! + 3 * y!, [2, 3]], [1.5, -2], [0.5, 3]),
  },
  {
    name: 'a write to the name of a function is ignored',
    file,
    loss: 'functionName',
    dim: 2,
    points: closedForm((x, y) => [2 * x! * x! * y! + 5, [4 * x! * y!, 2 * x! * x!]], [2, 3], [0.5, -1]),
  },
  {
    name: 'a write to an element of a text is ignored',
    file,
    loss: 'primitive',
    dim: 1,
    points: closedForm((x) => [x! * x! + 4, [2 * x!]], [3], [-0.5]),
  },
  {
    name: 'a write to a property with only a getter is ignored',
    file,
    loss: 'getterOnly',
    dim: 1,
    points: closedForm((x) => [2 * x! * x!, [4 * x!]], [3], [-0.5]),
  },
  {
    name: 'the value of an ignored write is the assigned value',
    file,
    loss: 'valueOfWrite',
    dim: 2,
    // c = 1 · (y + 0), e = 1 | 6
    points: closedForm(
      (x, y) => [x! * y! + 2 * (1 + x!) + 3 * y! + x! + 7 * y!, [y! + 3, x! + 10]],
      [2, 3],
      [0.5, -1],
    ),
  },
  {
    name: 'a sealed list ignores new elements',
    file,
    loss: 'sealedList',
    dim: 2,
    points: closedForm((x, y) => [2 * x! + 4 * y!, [2, 4]], [2, 3], [0.5, -1]),
  },
  {
    name: 'a pattern that assigns elements of a frozen list',
    file,
    loss: 'patternWrite',
    dim: 2,
    points: closedForm((x, y) => [3 * x! + 4 * y! + x! * y!, [3 + y!, 4 + x!]], [2, 3], [0.5, -1]),
  },
  {
    name: 'a write in a function with its own directive throws',
    file,
    loss: 'strictFunction',
    dim: 2,
    points: closedForm((x, y) => [2 * x! + 3 * y!, [2, 3]], [2, 3], [0.5, -1]),
  },
  {
    name: 'a write in a method of a class throws',
    file,
    loss: 'strictClass',
    dim: 2,
    points: closedForm((x, y) => [5 * x! + 2 * y! * y!, [5, 4 * y!]], [2, 3], [0.5, -1]),
  },
  {
    name: 'strict and loose functions in one module',
    file,
    loss: 'mixed',
    dim: 2,
    points: closedForm((x, y) => [x! * x! + y! + x!, [2 * x! + 1, 1]], [2, 3], [0.5, -1]),
  },
  {
    name: 'an error that a setter throws is not ignored',
    file,
    loss: 'throwingSetter',
    dim: 2,
    points: closedForm((x, y) => [4 * x! * y!, [4 * y!, 4 * x!]], [2, 3], [0.5, -1]),
  },
  {
    name: 'a write beyond the end of a typed array, and to its length',
    file,
    loss: 'typedArray',
    dim: 2,
    points: closedForm((x, y) => [x! * y! + 2 * x! + 2, [y! + 2, x!]], [2, 3], [0.5, -1]),
  },
  {
    name: 'a typed array that is made from a function',
    file,
    loss: 'lengthOfFunction',
    dim: 2,
    points: closedForm((x, y) => [x! * y! + 2 * x!, [y! + 2, x!]], [2, 3], [0.5, -1]),
  },
  {
    name: 'new with another name of Function',
    file: 'loose/makers.cjs',
    loss: 'withNew',
    dim: 2,
    points: closedForm((x, y) => [3 * x! + y!, [3, 1]], [2, 3], [0.5, -1]),
  },
  {
    name: 'Function as a value that is called',
    file: 'loose/makers.cjs',
    loss: 'withoutNew',
    dim: 2,
    points: closedForm((x, y) => [2 * x! * y!, [2 * y!, 2 * x!]], [2, 3], [0.5, -1]),
  },
  {
    name: 'Function in an object, and with plain arguments',
    file: 'loose/makers.cjs',
    loss: 'ofObject',
    dim: 2,
    points: closedForm((x, y) => [8 * x! - 5 * y!, [8, -5]], [2, 3], [0.5, -1]),
  },
];
