import { cellOf, elements, hasShadow, isShadowed, rootOf, type Shape } from '../shapes';
import { fieldText, keyText, type Names } from './expressions';

/**
 * Functions that take data into the place of an object of a shape: `check` throws if the data are not as the shape
 * says, and `like` makes an object of zeros for adjoints or tangents.
 */
const isPrivate = (key: string) => key.startsWith('#');

export class Adoption {
  readonly #names: Names;
  readonly #functions = new Map<string, string>();
  readonly #known = new Map<Shape, number>();
  readonly #classNames: ReadonlyMap<object, string>;

  constructor(names: Names, classNames: ReadonlyMap<object, string>) {
    this.#names = names;
    this.#classNames = classNames;
  }

  get text(): string[] {
    return [...this.#functions.values()];
  }

  check(shape: Shape, data: string): string {
    return `${this.#function('check', rootOf(shape), (root, name) => this.#checkText(root, name))}(${data})`;
  }

  like(shape: Shape, data: string): string {
    return `${this.#function('like', rootOf(shape), (root, name) => this.#likeText(root, name))}(${data})`;
  }

  #function(kind: string, root: Shape, write: (root: Shape, name: string) => string): string {
    const number = this.#known.get(root) ?? this.#known.size;
    this.#known.set(root, number);
    const name = `${this.#names.prefix}${kind}${number}`;
    if (!this.#functions.has(name)) {
      this.#functions.set(name, '');
      this.#functions.set(name, write(root, name));
    }
    return name;
  }

  #checkText(root: Shape, name: string): string {
    const { prefix } = this.#names;
    const lines: string[] = [];
    const isNumber = (value: string) =>
      `if (typeof ${value} !== 'number') throw ${prefix}stop('a value that was a number is not a number here');`;
    if (root.form === 'list') {
      lines.push(`  ${prefix}array(data);`);
      if (root.typed) lines.push(`  ${prefix}instance(data, ${root.typed});`);
      const cell = cellOf(root, elements);
      if (cell.content !== null && cell.content !== 'scalar')
        lines.push(`  for (let i = 0; i < data.length; i++) ${this.check(cell.content, 'data[i]')};`);
      else if (isShadowed(cell)) lines.push(`  for (let i = 0; i < data.length; i++) ${isNumber('data[i]')}`);
    } else {
      const { classPlace, methods } = root;
      const className = classPlace ? this.#classNames.get(classPlace.node) : 'Object';
      lines.push(
        className === undefined || methods.size > 0 || [...root.cells.keys()].some(isPrivate)
          ? `  throw ${prefix}stop('data have functions of their own');`
          : `  ${prefix}instance(data, ${className});`,
      );
      for (const [key, cell] of root.cells) {
        if (isPrivate(key)) continue;
        const value = fieldText('data', key);
        if (cell.content !== null && cell.content !== 'scalar')
          lines.push(`  ${this.check(cell.content, value)};`);
        else if (isShadowed(cell)) lines.push(`  ${isNumber(value)}`);
      }
    }
    return `function ${name}(data) {\n  if (!data) return data;\n${lines.join('\n')}\n  return data;\n}`;
  }

  #likeText(root: Shape, name: string): string {
    const { prefix } = this.#names;
    const zeros = () => {
      if (root.form !== 'list') {
        const fields = [...root.cells].flatMap(([key, cell]) => {
          if (!isShadowed(cell)) return [];
          const value = fieldText('data', key);
          const { content } = cell;
          return [
            `${keyText(key)}: ${content === null || content === 'scalar' ? '-0' : this.like(content, value)}`,
          ];
        });
        return `  return { ${fields.join(', ')} };`;
      }
      const { content } = cellOf(root, elements);
      if (content === null || content === 'scalar') return `  return ${prefix}zeros(data.length);`;
      return [
        '  const made = [];',
        `  for (let i = 0; i < data.length; i++) made.push(${this.like(content, 'data[i]')});`,
        '  return made;',
      ].join('\n');
    };
    return `function ${name}(data) {\n  if (!data) return undefined;\n${hasShadow(root) ? zeros() : ''}\n}`;
  }
}
