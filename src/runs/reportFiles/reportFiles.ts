import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { replaceNumbers } from '../format/jsonNumbers';
import type { ReportEntry } from '../reportEntry';
import { entrySchema } from './reportSchema';
import { restoreNumber } from './restoreNumber';

/** Storage for reports that outlive the window. */
export interface ReportFiles {
  /** All stored reports, oldest first. Never rejects: files that cannot be read are left out. */
  read(): Promise<ReportEntry[]>;
  /** Never rejects: a report that cannot be written lasts until the window closes. */
  write(entry: ReportEntry): Promise<void>;
}

const reportsAtMost = 50;
const ending = '.json';

/** The reports of a workspace in a folder, each in a file `<id>.json`. Only the newest 50 are kept. */
export class DiskReportFiles implements ReportFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(): Promise<ReportEntry[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const read = await Promise.all(
      names.filter((name) => name.endsWith(ending)).map((name) => this.#readOne(name)),
    );
    const entries = read.filter((entry) => entry !== null).sort((a, b) => a.startedAt - b.startedAt);
    const kept = entries.slice(-reportsAtMost);
    for (const { id } of entries.slice(0, -reportsAtMost))
      await rm(this.#fileOf(id), { force: true }).catch(() => {});
    return kept;
  }

  async write(entry: ReportEntry): Promise<void> {
    // The texts of the loss may be large, and nothing reads them: a row runs the loss of the workspace.
    const { order } = entry;
    const stored = { version: 1, ...entry, order: { ...order, source: { ...order.source, texts: [] } } };
    const file = this.#fileOf(entry.id);
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(`${file}.new`, JSON.stringify(stored, replaceNumbers));
      await rename(`${file}.new`, file);
    } catch {
      await rm(`${file}.new`, { force: true }).catch(() => {});
    }
  }

  async #readOne(name: string): Promise<ReportEntry | null> {
    try {
      const content: unknown = JSON.parse(
        await readFile(path.join(this.#folder, name), 'utf8'),
        restoreNumber,
      );
      const { success, output } = v.safeParse(entrySchema, content);
      if (!success || `${output.id}${ending}` !== name) return null;
      const { version: _, ...entry } = output;
      // The window that made it has closed.
      const status = entry.status === 'running' ? 'stopped' : entry.status;
      return { ...entry, status } as unknown as ReportEntry;
    } catch {
      return null;
    }
  }

  #fileOf(id: string): string {
    return path.join(this.#folder, `${id}${ending}`);
  }
}
