import { tape } from '../tape';
import { closed, edge, Traced } from '../traced';
import type { CallRule, RuledCall } from './callRule';
import { cofactorOf, inverseOf, type Rows } from './dense';
import { isList } from './leaves';
import { builtInRule } from './listRules';
import { recorded } from './writtenRule';

type Matrix = ArrayLike<ArrayLike<unknown>>;
type Vector = ArrayLike<unknown>;

/** Adds the edge of one term of a sum, if its operand is traced. */
function term(operand: unknown, partial: number): void {
  if (operand instanceof Traced) edge(operand.tapeIndex, partial);
}

/** One number of a result, whose edges `terms` adds. */
function element(call: RuledCall, value: unknown, terms: () => void): unknown {
  const before = tape.edges;
  terms();
  return recorded({ ...call, value }, before);
}

function isSquare(value: unknown): value is Matrix {
  return isMatrix(value) && Array.from(value).every((row) => row.length === value.length);
}

function isMatrix(value: unknown): value is Matrix {
  return isList(value) && value.length > 0 && Array.from(value).every((row) => isList(row) && isVector(row));
}

function isVector(value: unknown): value is Vector {
  return isList(value) && !Array.from(value).some(isList);
}

function rowsOf(matrix: unknown): Rows {
  return Array.from(matrix as ArrayLike<ArrayLike<number>>, (row) => Array.from(row));
}

/**
 * x = A⁻¹ b. Giles, "Collected matrix derivative results" (2008), section 2.3.1. With one node for each dr_j it takes 2n²
 * edges instead of n³:
 *
 *   dr = db − dA x     dx = A⁻¹ dr
 */
export function solveRule(functionName: string): CallRule {
  const covers: CallRule['covers'] = ([a, b]) =>
    isSquare(a) && isVector(b) && inverseOf(numbersIn(a)) !== null;
  return builtInRule(functionName, covers, (call) => {
    const [a, b] = call.args as [Matrix, Vector];
    const x = call.value as number[];
    const inverse = inverseOf(rowsOf(call.plain[0]))!;
    const residuals = x.map((_, j) => {
      const before = tape.edges;
      term(b[j], 1);
      for (let k = 0; k < x.length; k++) term(a[j]![k], -x[k]!);
      return tape.edges === before ? null : closed(0);
    });
    return x.map((value, i) =>
      element(call, value, () => {
        for (const [j, residual] of residuals.entries()) term(residual, inverse[i]![j]!);
      }),
    );
  });
}

/** X = A⁻¹. Giles, section 2.2.3, with one node for each element of dA X:   dX = −X (dA X) */
export function inverseRule(functionName: string): CallRule {
  return builtInRule(
    functionName,
    ([a]) => isSquare(a),
    (call) => {
      const [a] = call.args as [Matrix];
      const x = rowsOf(call.value);
      const products = x.map((_, k) =>
        x.map((_, j) => {
          const before = tape.edges;
          for (let l = 0; l < x.length; l++) term(a[k]![l], x[l]![j]!);
          return tape.edges === before ? null : closed(0);
        }),
      );
      return x.map((row, i) =>
        row.map((value, j) =>
          element(call, value, () => {
            for (let k = 0; k < x.length; k++) term(products[k]![j], -x[i]![k]!);
          }),
        ),
      );
    },
  );
}

/** d det A = Σ cofactor_ij dA_ij (Jacobi); the cofactors are those of det A · A⁻ᵀ unless A is singular. */
export function determinantRule(functionName: string): CallRule {
  return builtInRule(
    functionName,
    ([a]) => isSquare(a),
    (call) => {
      const [a] = call.args as [Matrix];
      const rows = rowsOf(call.plain[0]);
      const value = call.value as number;
      const inverse = value === 0 ? null : inverseOf(rows);
      return element(call, value, () => {
        for (let i = 0; i < rows.length; i++)
          for (let j = 0; j < rows.length; j++)
            if (a[i]![j] instanceof Traced)
              term(a[i]![j], inverse ? value * inverse[j]![i]! : cofactorOf(rows, i, j));
      });
    },
  );
}

/** The products of vectors and matrices: dot(x, y), dot(A, x), dot(x, A), dot(A, B). */
export function productRule(functionName: string): CallRule {
  const covers: CallRule['covers'] = ([a, b]) => [a, b].every((each) => isVector(each) || isMatrix(each));
  return builtInRule(functionName, covers, (call) => {
    const [a, b] = call.args;
    const [p, q] = call.plain;
    // Vectors are a row on the left and a column on the right.
    const row = (list: unknown, i: number) => (isMatrix(list) ? list[i]! : (list as Vector));
    const at = (list: unknown, k: number, j: number) => (isMatrix(list) ? list[k]![j] : (list as Vector)[k]);
    const sum = (value: unknown, i: number, j: number) =>
      element(call, value, () => {
        const left = row(a, i);
        for (let k = 0; k < left.length; k++) {
          term(left[k], at(q, k, j) as number);
          term(at(b, k, j), row(p, i)[k] as number);
        }
      });
    const { value } = call;
    if (!isList(value)) return sum(value, 0, 0);
    return Array.from(value, (each, i) => {
      if (isList(each)) return Array.from(each, (one, j) => sum(one, i, j));
      return isMatrix(a) ? sum(each, i, 0) : sum(each, 0, i);
    });
  });
}

function numbersIn(matrix: Matrix): Rows {
  return Array.from(matrix, (row) =>
    Array.from(row, (each) => (each instanceof Traced ? tape.values[each.tapeIndex]! : (each as number))),
  );
}
