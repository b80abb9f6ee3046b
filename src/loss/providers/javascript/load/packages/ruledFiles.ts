import { packageRules } from '../../../../../autodiff/callRules/packageRules';
import type { ModuleGraph } from '../moduleGraph';
import { installedPackageOf } from './installedPackage';

/** The files that modules import from packages with built-in derivative rules. */
export function ruledFiles({ nodes }: ModuleGraph): string[] {
  const found = new Set<string>();
  for (const node of nodes.values()) {
    if (node.kind !== 'code') continue;
    for (const resolution of node.resolutions.values()) {
      if (resolution.kind !== 'package' && resolution.kind !== 'user') continue;
      const installed = installedPackageOf(resolution.file);
      if (installed && packageRules(installed.name)) found.add(resolution.file);
    }
  }
  return [...found];
}
