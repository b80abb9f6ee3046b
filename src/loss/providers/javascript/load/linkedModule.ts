import type { ModuleMap } from './edits';

/** A published module. */
export interface LinkedModule {
  /** The absolute path of the source file. */
  readonly file: string;
  /** The text of the source file. */
  readonly text: string;
  /** null if all lines and columns equal those of the source. */
  readonly map: ModuleMap | null;
}
