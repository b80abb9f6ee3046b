import { closedForm, type GradientCase } from './case';

const at: readonly (readonly number[])[] = [
  [0.6, -1.3],
  [1.5, 0.8],
];

/** Lists of lists, objects and instances that the loss makes, with several names for one of them. */
export const cases: readonly GradientCase[] = [
  {
    name: 'one list under two names, changed through both',
    file: 'objects/lists.ts',
    loss: 'twoNames',
    dim: 2,
    points: closedForm(
      (x, y) => {
        const sum = y! + x! * y!;
        return [x! * y! + sum ** 2, [y! + 2 * sum * y!, x! + 2 * sum * (1 + x!)]];
      },
      ...at,
    ),
  },
  {
    name: 'one row at two places of a matrix',
    file: 'objects/lists.ts',
    loss: 'sharedRow',
    dim: 2,
    points: closedForm((x, y) => [3 * y! * y! + x!, [1, 6 * y!]], ...at),
  },
  {
    name: 'rows that are exchanged',
    file: 'objects/lists.ts',
    loss: 'exchanged',
    dim: 2,
    points: closedForm((x, y) => [y! * x! + y!, [y!, x! + 1]], ...at),
  },
  {
    name: 'an element that is read before it is overwritten',
    file: 'objects/lists.ts',
    loss: 'readBefore',
    dim: 2,
    points: closedForm((x, y) => [2 * x! * y! + x!, [2 * y! + 1, 2 * x!]], ...at),
  },
  {
    name: 'rows of different lengths',
    file: 'objects/lists.ts',
    loss: 'triangle',
    dim: 2,
    // Summed in the order of the elements, because the value must have the same bits.
    points: closedForm(
      (x, y) => {
        let sum = 0;
        for (let i = 0; i < 4; i++) for (let j = 0; j <= i; j++) sum += (i === j ? x! : y!) ** 2;
        return [sum, [8 * x!, 12 * y!]];
      },
      ...at,
    ),
  },
  {
    name: 'data in the place of a list that depends on the parameters',
    file: 'objects/lists.ts',
    loss: 'dataOrOwn',
    dim: 2,
    points: closedForm((x, y) => [x! * x! + y! + (x! + 2), [2 * x! + 1, 1]], ...at),
  },
  {
    name: 'a list that is null at first',
    file: 'objects/lists.ts',
    loss: 'nullAtFirst',
    dim: 2,
    points: closedForm((x, y) => [2 * (x! * y! + 2 * y!), [2 * y!, 2 * x! + 4]], ...at),
  },
  {
    name: 'the parameters, held by an object',
    file: 'objects/lists.ts',
    loss: 'heldParameters',
    dim: 2,
    points: closedForm((x, y) => [x! * y! + 2, [y!, x!]], ...at),
  },
  {
    name: 'objects in a list, changed in a loop over pairs',
    file: 'objects/records.ts',
    loss: 'attract',
    dim: 2,
    points: closedForm(
      (x, y) => {
        const middle = 0.5 * (x! + y!);
        return [3 * middle + middle ** 2, [1.5 + middle, 1.5 + middle]];
      },
      ...at,
    ),
  },
  {
    name: 'a copy that changes apart from its original',
    file: 'objects/records.ts',
    loss: 'copies',
    dim: 2,
    points: closedForm((x, y) => [3 * x! * y! + 2 * y! * y!, [3 * y!, 3 * x! + 4 * y!]], ...at),
  },
  {
    name: 'a copy of data with a field of its own',
    file: 'objects/records.ts',
    loss: 'options',
    dim: 2,
    points: closedForm((x, y) => [x! * (2 + y!), [2 + y!, x!]], ...at),
  },
  {
    name: 'a state that every step replaces',
    file: 'objects/records.ts',
    loss: 'stepped',
    dim: 2,
    points: closedForm(
      (x, y) => [
        x! * (2 + y! + y! ** 2 + y! ** 3),
        [2 + y! + y! ** 2 + y! ** 3, x! * (1 + 2 * y! + 3 * y! ** 2)],
      ],
      ...at,
    ),
  },
  {
    name: 'pairs of an object and a number',
    file: 'objects/records.ts',
    loss: 'pairs',
    dim: 2,
    points: closedForm((x, y) => [(10 * x! + 3 * y!) * 2 * y!, [20 * y!, 20 * x! + 12 * y!]], ...at),
  },
  {
    name: 'a closure that keeps a variable after its maker returned',
    file: 'objects/records.ts',
    loss: 'closure',
    dim: 2,
    points: closedForm((x, y) => [(6 * x! * y!) ** 2, [72 * x! * y! ** 2, 72 * x! ** 2 * y!]], ...at),
  },
  {
    name: 'a copy of a copy of a copy of data',
    file: 'objects/records.ts',
    loss: 'deepCopies',
    dim: 2,
    points: closedForm((x, y) => [2 * x! * y!, [2 * y!, 2 * x!]], ...at),
  },
  {
    name: 'an immutable vector class',
    file: 'objects/instances.ts',
    loss: 'walk',
    dim: 2,
    points: closedForm(
      (x, y) => {
        const [u, v] = [2 * x! + 2, 1 + y! + x!];
        return [u * u + v * v + 2 * u, [4 * u + 2 * v + 4, 2 * v]];
      },
      ...at,
    ),
  },
  {
    name: 'a matrix class whose methods change it',
    file: 'objects/instances.ts',
    loss: 'determinant',
    dim: 2,
    points: closedForm((x, y) => [(x! * x! - 3 * x! * y!) * 4, [4 * (2 * x! - 3 * y!), -12 * x!]], ...at),
  },
  {
    name: 'a class that extends an abstract one',
    file: 'objects/instances.ts',
    loss: 'inherited',
    dim: 2,
    points: closedForm(
      (x, y) => [2 * x! * y! ** 3 + 4 * x! ** 2 + 2, [2 * y! ** 3 + 8 * x!, 6 * x! * y! ** 2]],
      ...at,
    ),
  },
  {
    name: 'private fields and methods',
    file: 'objects/instances.ts',
    loss: 'account',
    dim: 2,
    points: closedForm((x, y) => [(6 * x! * y!) ** 2, [72 * x! * y! ** 2, 72 * x! ** 2 * y!]], ...at),
  },
  {
    name: 'instances that the module made',
    file: 'objects/instances.ts',
    loss: 'stretched',
    dim: 2,
    points: closedForm(
      (x, y) => {
        const slope = 2 * (x! * y! - 1) + 4 * (x! * y! - 0.5);
        return [(x! * y! - 1) ** 2 + 2 * (x! * y! - 0.5) ** 2, [slope * y!, slope * x!]];
      },
      ...at,
    ),
  },
  {
    name: 'functions in an object literal of the module',
    file: 'objects/instances.ts',
    loss: 'kernel',
    dim: 2,
    points: closedForm((x, y) => [x! ** 3 + x! ** 2 + y! ** 2, [3 * x! ** 2 + 2 * x!, 2 * y!]], ...at),
  },
];
