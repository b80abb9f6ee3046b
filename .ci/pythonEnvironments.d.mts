export const fullPackages: Readonly<Record<string, string>>;
export const fullVariables: Readonly<Record<string, string>>;
export function fullPython(): Promise<string>;
export function barePython(): Promise<string>;
export function otherPython(
  packages?: Readonly<Record<string, string>>,
): Promise<{ python: string; version: string }>;
