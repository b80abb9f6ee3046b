import { formatScalar, type Notation } from '../notation';

export const jsdocNotation: Notation = {
  key: (key) => key,
  // An unescaped slash could close the comment, and an unescaped @ would start a tag.
  quoted: (name) => JSON.stringify(name).replace(/\//g, '\\/').replace(/@/g, '\\u0040'),
  isPlain: (name) => /^[^\s,"'[\]@*/\\]+(?:\[[\d.]+\][^\s,"'[\]@*/\\]*)*$/.test(name),
  named: (numbers) => {
    const entries = Object.entries(numbers);
    return entries.every(([name]) => /^[A-Za-z_]\w*$/.test(name))
      ? entries.map(([name, value]) => `${name}=${formatScalar(value)}`).join(' ')
      : `{${entries.map(([name, value]) => `${jsdocNotation.quoted(name)}: ${formatScalar(value)}`).join(', ')}}`;
  },
  set: '',
};
