import { dirname, join } from 'node:path';
import {
  createFilesMatcher,
  createPathsMatcher,
  getTsconfig,
  parseTsconfig,
  type TsConfigResult,
} from 'get-tsconfig';
import type { SourceProblem } from '../../../problem';

/** The options of a project's tsconfig.json or jsconfig.json that affect the running program. */
export interface ProjectConfig {
  /** The absolute paths to which `paths` and `baseUrl` map a specifier, in order of preference. */
  mapped(specifier: string): string[];
  /** `customConditions`: additional conditions for the exports of packages. */
  readonly conditions: readonly string[];
  readonly uninitializedFields: 'define' | 'drop';
  /** The version of decorators, in Babel's terms: `experimentalDecorators` selects the older one. */
  readonly decorators: 'legacy' | '2023-11';
}

/** For files that belong to no project. */
export const noConfig: ProjectConfig = {
  mapped: () => [],
  conditions: [],
  uninitializedFields: 'define',
  decorators: '2023-11',
};

/**
 * Finds the project of each file: the nearest config above it, or the one to which that config refers for the
 * file.
 */
export class ProjectConfigs {
  readonly #byFolder = new Map<string, ProjectConfig>();
  readonly #cache = new Map<string, never>();
  readonly problems: SourceProblem[] = [];
  /** The configuration files that were used. */
  readonly files = new Set<string>();

  of(file: string): ProjectConfig {
    const folder = dirname(file);
    const known = this.#byFolder.get(folder);
    if (known) return known;
    const config = this.#read(file);
    this.#byFolder.set(folder, config);
    return config;
  }

  #read(file: string): ProjectConfig {
    try {
      const nearest =
        getTsconfig(file, 'tsconfig.json', this.#cache) ?? getTsconfig(file, 'jsconfig.json', this.#cache);
      if (!nearest) return noConfig;
      const own = this.#referred(nearest, file) ?? nearest;
      this.files.add(own.path);
      return projectConfig(own);
    } catch (error) {
      const config = join(dirname(file), 'tsconfig.json');
      const message = `the project's tsconfig cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      const location = { file: config, line: 1, column: 1, endLine: 1, endColumn: 1 };
      this.problems.push({ code: 'tsconfig', severity: 'warning', message, location });
      return noConfig;
    }
  }

  /**
   * The referenced project that includes the file; null if there is none, or the config itself includes the
   * file.
   */
  #referred(config: TsConfigResult, file: string): TsConfigResult | null {
    if (!config.config.references?.length || createFilesMatcher(config)(file)) return null;
    for (const { path } of config.config.references) {
      const target = join(dirname(config.path), path);
      const configPath = /\.json$/i.test(target) ? target : join(target, 'tsconfig.json');
      const referred = {
        path: configPath,
        config: parseTsconfig(configPath, this.#cache as Map<string, string>),
      };
      if (createFilesMatcher(referred)(file)) return referred;
    }
    return null;
  }
}

function projectConfig(result: TsConfigResult): ProjectConfig {
  const matcher = createPathsMatcher(result);
  const { customConditions, target, useDefineForClassFields, experimentalDecorators } =
    result.config.compilerOptions ?? {};
  const isOld = target !== undefined && /^es(?:3|5|6|20(?:1\d|2[01]))$/i.test(target);
  return {
    mapped: (specifier) => matcher?.(specifier) ?? [],
    conditions: customConditions ?? [],
    uninitializedFields: (useDefineForClassFields ?? !isOld) ? 'define' : 'drop',
    decorators: experimentalDecorators ? 'legacy' : '2023-11',
  };
}
