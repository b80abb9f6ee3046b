export function installPython(packages: Readonly<Record<string, string>>, base?: string): Promise<string>;
