/** Packages the extension into `file`; returns the paths inside it. */
export function packageExtension(file: string): Promise<string[]>;
