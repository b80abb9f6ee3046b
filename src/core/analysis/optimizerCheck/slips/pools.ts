/** One number for all coordinates, from the squares of their gradients. */
export interface Pool {
  /** "the mean of g²" */
  readonly of: string;
  readonly pool: (squares: Float64Array) => number;
}

const sum = (values: Float64Array) => values.reduce((total, x) => total + x, 0);

export const pools: readonly Pool[] = [
  { of: 'the mean of g²', pool: (squares) => sum(squares) / squares.length },
  { of: 'the squared norm of the gradient', pool: sum },
  { of: 'the largest g²', pool: (squares) => squares.reduce((a, b) => Math.max(a, b)) },
  { of: 'g² of the first coordinate', pool: (squares) => squares[0]! },
  { of: 'g² of the last coordinate', pool: (squares) => squares.at(-1)! },
];
