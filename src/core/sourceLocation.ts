/**
 * A source range, 1-based, end exclusive. `file` is an absolute path inside the product, and a relative path
 * in output.
 */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}
