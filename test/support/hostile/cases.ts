import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** What has to come of a hostile loss. It is the first line of the file: `// hostile: { … }`. */
export interface Expected {
  /** Exit code of `adamscope run`, or the signal that ends it. */
  readonly exit: number | string;
  /** Code of the one problem; absent where there is none, or where it is bad input rather than a bad loss. */
  readonly code?: string;
  /** Pattern that the one message has. It stands at the line that is marked `// HERE`. */
  readonly says?: string;
  /** false: the message is about no place in a file. */
  readonly located?: boolean;
  /** Milliseconds, for `--timeout`; the default is 10 s. */
  readonly timeout?: number;
  /** MB, for `--memory-limit`. */
  readonly memory?: number;
  /** Further arguments. */
  readonly args?: readonly string[];
  /** The function, where it is not `loss`. */
  readonly loss?: string;
  /** What the object that is printed has to hold, among others. */
  readonly json?: Readonly<Record<string, unknown>>;
  /** Sent when the loss has printed `started`. */
  readonly signal?: NodeJS.Signals;
  /** Milliseconds that the end may take beyond what every case has, and why it takes them. */
  readonly grace?: readonly [milliseconds: number, reason: string];
  /** The file that standard output goes to. */
  readonly stdout?: string;
  /** Characters that all of stderr may have. */
  readonly longest?: number;
  /** What is left when it ends and gone after the next run, where that cannot be otherwise. */
  readonly leaves?: string;
  /** What is given in place of FILE#NAME. */
  readonly target?: string;
}

export interface HostileCase {
  /** Its path below the corpus. */
  readonly name: string;
  readonly expected: Expected;
  /** The file of the loss. */
  readonly file: string;
  /** All files, by name; null makes a pipe. */
  readonly files: () => Readonly<Record<string, string | Uint8Array | null>>;
  /** Where the message has to stand, 1-based; null where no line is marked. */
  readonly marked: { readonly file: string; readonly line: number } | null;
}

/** A case whose files are too large or too odd to be committed: the default export of a `*.case.mjs`. */
interface MadeCase {
  readonly expected: Expected;
  readonly file: string;
  readonly files: HostileCase['files'];
}

const corpus = path.join(import.meta.dirname, '../../corpus/hostile');
const label = /^\/\/ hostile: (\{.*\})$/m;

/** Every case of the corpus, in order of name. */
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
