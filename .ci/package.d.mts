/** Packages the extension into `file`; returns the paths inside it. */
export function packageExtension(file: string): Promise<string[]>;
export function contentProblems(files: readonly string[]): string[];
export function licenceProblems(
  text: string,
  packages: readonly { readonly name: string; readonly version: string }[],
): string[];
