import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** The expected result of a hostile loss. It is the first line of the file: `// hostile: { … }`. */
export interface Expected {
  /** Exit code of `adamscope run`, or the signal that ends it. */
  readonly exit: number | string;
  /** Code of the only problem; absent if there is none, or if the input is invalid rather than the loss. */
  readonly code?: string;
  /** Pattern of the only message. The expected line of the message is marked `// HERE`. */
  readonly says?: string;
  /** false: the message has no place in a file. */
  readonly located?: boolean;
  /** Milliseconds, for `--timeout`; the default is 10 s. */
  readonly timeout?: number;
  /** MB, for `--memory-limit`. */
  readonly memory?: number;
  /** Further arguments. */
  readonly args?: readonly string[];
  /** The name of the function, if it is not `loss`. */
  readonly loss?: string;
  /** Members that the printed object must have. */
  readonly json?: Readonly<Record<string, unknown>>;
  /** The signal to send when the loss has printed `started`. */
  readonly signal?: NodeJS.Signals;
  /** Additional milliseconds until the end, beyond those of every case, and the reason. */
  readonly grace?: readonly [milliseconds: number, reason: string];
  /** The file that standard output goes to. */
  readonly stdout?: string;
  /** The maximum number of characters on stderr. */
  readonly longest?: number;
  /** Files that remain after the end and must be gone after the next run, where this cannot be avoided. */
  readonly leaves?: string;
  /** The argument in place of FILE#NAME. */
  readonly target?: string;
}

export interface HostileCase {
  /** The path of the case relative to the corpus. */
  readonly name: string;
  readonly expected: Expected;
  /** The file of the loss. */
  readonly file: string;
  /** All files, by name; null creates a pipe. */
  readonly files: () => Readonly<Record<string, string | Uint8Array | null>>;
  /** The expected place of the message, 1-based; null if no line is marked. */
  readonly marked: { readonly file: string; readonly line: number } | null;
}

/** A case whose files are too large or too unusual to be committed: the default export of a `*.case.mjs`. */
interface MadeCase {
  readonly expected: Expected;
  readonly file: string;
  readonly files: HostileCase['files'];
}

const corpus = path.join(import.meta.dirname, '../../corpus/hostile');
const label = /^\/\/ hostile: (\{.*\})$/m;

/** All cases of the corpus, sorted by name. */
export async function hostileCases(): Promise<HostileCase[]> {
  const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => /\.(?:[cm]?[jt]s)$/.test(file))
    .sort();
  return Promise.all(files.map((file) => (file.endsWith('.case.mjs') ? made(file) : written(file))));
}

function written(name: string): HostileCase {
  const text = readFileSync(path.join(corpus, name), 'utf8');
  const found = label.exec(text);
  if (!found) throw new Error(`${name} does not begin with // hostile: { … }`);
  const file = path.basename(name);
  return {
    name: name.replace(/\.[^.]*$/, ''),
    expected: JSON.parse(found[1]!) as Expected,
    file,
    files: () => ({ [file]: text }),
    marked: marked({ [file]: text }),
  };
}

async function made(name: string): Promise<HostileCase> {
  const { default: theCase } = (await import(pathToFileURL(path.join(corpus, name)).href)) as {
    default: MadeCase;
  };
  return { ...theCase, name: name.replace(/\.case\.mjs$/, ''), marked: marked(theCase.files()) };
}

function marked(files: ReturnType<HostileCase['files']>): HostileCase['marked'] {
  for (const [file, text] of Object.entries(files)) {
    const at = typeof text === 'string' ? text.indexOf('// HERE') : -1;
    if (at >= 0) return { file, line: (text as string).slice(0, at).split(/\r\n?|\n/).length };
  }
  return null;
}
