import { type VerdictKind, verdictKinds } from '../../../src/core/verdict/verdict';

/** A verdict of a labelled run, with the kind that its label states. */
export interface JudgedCase {
  readonly name: string;
  readonly expected: VerdictKind;
  readonly kind: VerdictKind;
  readonly certainty: number;
}

/** Runs with the same verdict and the same stated certainty. */
export interface CertaintyGroup {
  readonly title: string;
  readonly certainty: number;
  readonly total: number;
  readonly right: number;
}

/** The stated certainty against the observed share of right verdicts, for each kind and each certainty. */
export function certaintyTable(judged: readonly JudgedCase[]): string {
  const rows = certaintyGroups(judged).map(({ title, certainty, total, right }) =>
    [title.padEnd(18), certainty.toFixed(2), (right / total).toFixed(2), `${right} of ${total}`]
      .map((cell, i) => (i === 0 ? cell : cell.padStart(12)))
      .join(''),
  );
  const head = ['verdict'.padEnd(18), ...['stated', 'observed', 'right'].map((title) => title.padStart(12))];
  return [head.join(''), ...rows, `Brier score ${brierScore(judged).toFixed(3)}`].join('\n');
}

/** The mean square of the stated certainty minus 1 if the verdict is right, else minus 0. */
export function brierScore(judged: readonly JudgedCase[]): number {
  return judged.reduce((sum, each) => sum + (each.certainty - Number(isRight(each))) ** 2, 0) / judged.length;
}

export function isRight({ expected, kind }: JudgedCase): boolean {
  return expected === kind;
}

export function certaintyGroups(judged: readonly JudgedCase[]): CertaintyGroup[] {
  return verdictKinds.flatMap((kind) => {
    const ofKind = judged.filter((each) => each.kind === kind);
    const certainties = [...new Set(ofKind.map(({ certainty }) => certainty))].sort((a, b) => b - a);
    return certainties.map((certainty) => {
      const same = ofKind.filter((each) => each.certainty === certainty);
      return { title: kind, certainty, total: same.length, right: same.filter(isRight).length };
    });
  });
}
