import { createHash } from 'node:crypto';
import type { Cache } from '../../../disk/diskCache';
import type { JavascriptSource } from '../../../source';
import { ChosenPackages } from '../load/packages/chosenPackages';
import { packageIn } from '../load/packages/installedPackage';

/** Keeps the packages that an earlier run of a loss had to rewrite, so that the next one loads the program once. */
export interface ChoiceOfPackages {
  /** Empty if there is no earlier run of the same texts, or a package has another version now. */
  recall(): ChosenPackages;
  keep(chosen: ChosenPackages): void;
}

export const noChoice: ChoiceOfPackages = { recall: () => new ChosenPackages(), keep() {} };

/** @param texts  the texts of the user's modules, [absolute path, text]; another text may reach other packages */
export function choiceOfPackages(
  cache: Cache,
  { file, exportName }: Pick<JavascriptSource, 'file' | 'exportName'>,
  texts: readonly (readonly [string, string])[],
): ChoiceOfPackages {
  const hash = createHash('sha256').update(JSON.stringify(texts)).digest('base64');
  const key = JSON.stringify(['choice', file, exportName, hash]);
  return {
    recall() {
      const bytes = cache.read(key);
      if (!bytes) return new ChosenPackages();
      const kept = JSON.parse(Buffer.from(bytes).toString('utf8')) as [folder: string, version: string][];
      const chosen = new ChosenPackages();
      for (const [folder, version] of kept) {
        const installed = packageIn(folder);
        if (installed?.version !== version) return new ChosenPackages();
        chosen.add(installed);
      }
      return chosen;
    },
    keep({ packages }) {
      const kept = packages.map(({ folder, version }) => [folder, version]);
      cache.write(key, Buffer.from(JSON.stringify(kept)));
    },
  };
}
