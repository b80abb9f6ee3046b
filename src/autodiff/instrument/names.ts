/** Helper declarations that a module may need in addition to the runtime. */
const helpers = {
  /** A temporary variable that is read before any code of the user runs. */
  temporary: (name: string) => `var ${name};`,
  /** A temporary variable for the object of a member. */
  object: (name: string) => `var ${name};`,
  /** The receiver of a call, which is read twice. */
  receiver: (name: string) => `var ${name};`,
  /** A computed member that a pattern assigns: `[a[i], a[j]] = …`. */
  place: (name: string, runtime: string) => placeHelper(name, runtime),
  /** The same in code that is not strict. */
  loosePlace: (name: string, runtime: string) => placeHelper(name, `${runtime}.loose`),
} satisfies Readonly<Record<string, (name: string, runtime: string) => string>>;

function placeHelper(name: string, members: string): string {
  return `function ${name}(object, key) { return { set value(value) { ${members}.set(object, key, value); } }; }`;
}

export type Helper = keyof typeof helpers;

/** Generated names that do not occur in the module. */
export class GeneratedNames {
  readonly #stem: string;
  readonly #used = new Set<Helper>();
  #usesRuntime = false;
  #expressions = 0;

  constructor(text: string) {
    let stem = '$ad';
    while (text.includes(stem)) stem += '_';
    this.#stem = stem;
  }

  runtime(): string {
    this.#usesRuntime = true;
    return this.#stem;
  }

  helper(name: Helper): string {
    this.#used.add(name);
    return this.#nameOf(name);
  }

  /** A name for the function of another expression. */
  expression(): string {
    return this.#nameOf(`e${this.#expressions++}`);
  }

  get usesRuntime(): boolean {
    return this.#usesRuntime;
  }

  /** Declarations of the helpers in use; all of them are hoisted. */
  declarations(): string {
    const texts = [...this.#used].map((each) => helpers[each](this.#nameOf(each), this.runtime()));
    const expressions = Array.from({ length: this.#expressions }, (_, index) => this.#nameOf(`e${index}`));
    if (expressions.length > 0) texts.push(`var ${expressions.join(', ')};`);
    return texts.join(' ');
  }

  #nameOf(name: string): string {
    return `${this.#stem}_${name}`;
  }
}
