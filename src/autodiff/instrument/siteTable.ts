import type { Site, Sites } from '../sites';

/** The places of all rewritten operations of one program, whatever number of modules it has. */
export class SiteTable {
  readonly #sites: Site[] = [];

  get sites(): Sites {
    return this.#sites;
  }

  /** The number of a place. */
  add(file: string, from: number, to: number): number {
    return this.#sites.push({ file, from, to }) - 1;
  }
}
