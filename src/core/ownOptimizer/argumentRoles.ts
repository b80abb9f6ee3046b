/** The meaning of a parameter of the user's function. */
export type Role = 'params' | 'grad' | 'state' | 't' | 'lr' | 'key' | 'dim';

const names: { readonly [R in Role]: RegExp } = {
  params: /^(params?|parameters?|thetas?|θ|weights?|w|ws|x|xs|p|ps|vars?|values?|point)$/i,
  grad: /^(g|gs|grads?|gradients?|gradient|dw|dx|dp|dtheta|dparams)$/i,
  state: /^(state|s|st|memory|mem|cache|buffers?)$/i,
  t: /^(t|steps?|stepcount|iter|iteration|k|count|timestep)$/i,
  lr: /^(lr|alpha|eta|η|α|rate|learningrate|stepsize)$/i,
  key: /^(key|name|id|paramname|paramid|tensor|layer)$/i,
  dim: /^(dim|dims|n|size|length|count|nparams|numparams)$/i,
};

/** The role of each name; null if the name tells none. The first fitting role of `names` counts. */
export function rolesOf(all: readonly (string | null)[]): (Role | null)[] {
  return all.map((name) => {
    if (name === null) return null;
    const plain = name.replace(/[_$#]/g, '');
    return (Object.keys(names) as Role[]).find((role) => names[role].test(plain)) ?? null;
  });
}

/** A parameter of the user's function. */
export interface Argument {
  /** null for a pattern. */
  readonly name: string | null;
  readonly hasDefault: boolean;
}

/** The parameters of a function, or of the constructor of a class, from its text, without a rest parameter. */
export function argumentsOf(of: object): Argument[] {
  const text = Function.prototype.toString.call(of);
  const list = /^class\b/.test(text) ? afterConstructor(text) : text;
  if (list === null) return [];
  const single = /^(?:async\s+)?([\w$\u0080-\uffff]+)\s*=>/.exec(list);
  if (single) return [{ name: single[1]!, hasDefault: false }];
  const open = list.indexOf('(');
  if (open < 0) return [];
  return parametersOf(list, open + 1)
    .filter((parameter) => !parameter.startsWith('...'))
    .map((parameter) => ({
      name: /^[{[]/.test(parameter) ? null : (/^[\w$\u0080-\uffff]+/.exec(parameter)?.[0] ?? null),
      hasDefault: hasDefault(parameter),
    }));
}

function afterConstructor(text: string): string | null {
  const at = /\bconstructor\s*\(/.exec(text);
  return at && text.slice(at.index);
}

/** The texts of the parameters, without comments. */
function parametersOf(text: string, from: number): string[] {
  const parts: string[] = [];
  let [depth, part, at] = [0, '', from];
  for (; at < text.length; at++) {
    const rest = text.slice(at, at + 2);
    if (rest === '/*') {
      at = Math.max(text.indexOf('*/', at) + 1, at + 1);
      continue;
    }
    if (rest === '//') {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
      continue;
    }
    const char = text[at]!;
    if (depth === 0 && char === ')') break;
    if (depth === 0 && char === ',') {
      parts.push(part.trim());
      part = '';
      continue;
    }
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    part += char;
  }
  if (part.trim()) parts.push(part.trim());
  return parts;
}

/** Whether the parameter itself has a default value, not only a part of its pattern. */
function hasDefault(parameter: string): boolean {
  let depth = 0;
  for (const char of parameter) {
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    else if (char === '=' && depth === 0) return true;
  }
  return false;
}
