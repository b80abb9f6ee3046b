export function installPython(packages: Readonly<Record<string, string>>): Promise<string>;
