import type { Site, Sites } from '../sites';

/** The places of all instrumented operations in all modules of one program. */
export class SiteTable {
  readonly #sites: Site[] = [];

  get sites(): Sites {
    return this.#sites;
  }

  /** Adds a place and returns its number. */
  add(file: string, from: number, to: number): number {
    return this.#sites.push({ file, from, to }) - 1;
  }
}
