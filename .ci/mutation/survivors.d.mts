export interface Mutant {
  readonly file: string;
  /** The code that was replaced, on one line. */
  readonly code: string;
  readonly mutant: string;
}
/** A mutant of a run with its place. */
export interface Survivor extends Mutant {
  /** 1-based. */
  readonly line: number;
}
interface Place {
  readonly line: number;
  readonly column: number;
}
/** The used part of the mutation testing report schema. Places are 1-based, and their ends exclusive. */
export interface Report {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: string;
        readonly mutants: readonly {
          readonly status: string;
          readonly location: { readonly start: Place; readonly end: Place };
          readonly replacement?: string;
        }[];
      }
    >
  >;
}

export interface Results {
  readonly survivors: readonly Survivor[];
  /** Mutants that timed out, which count as detected. */
  readonly slow: readonly Survivor[];
  readonly noticed: number;
}

export function resultsOf(report: Report): Results;
export function itemOf(mutant: Mutant): string;
export function listedIn(markdown: string): Mutant[];
export function compare(
  results: Pick<Results, 'survivors' | 'slow'>,
  listed: readonly Mutant[],
): { unlisted: Survivor[]; stale: Mutant[] };
