/** An expression that standardises data. A column without deviation, such as that of an intercept, stays as it is. */
export interface StandardisedForm {
  /** The text of the data. */
  readonly list: string;
  /** false: the columns are only divided by their root mean square. */
  readonly isCentred: boolean;
  readonly isTypeScript: boolean;
  /** The declared type of the data with its colon; may be empty. */
  readonly type: string;
}

function ofColumn(isCentred: boolean): string {
  const mean = isCentred ? 'column.reduce((sum, x) => sum + x, 0) / column.length' : '0';
  return (
    `const mean = ${mean}; ` +
    'const scale = Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length); ' +
    'return column.map((x) => (scale > 0 ? (x - mean) / scale : x));'
  );
}

/** Of a list of numbers; `[...]` becomes `((column) => { … })([...])`. */
export function standardisedColumn({ list, isCentred, type }: StandardisedForm): string {
  return `((column${type}) => { ${ofColumn(isCentred)} })(${list})`;
}

function standardise({ isCentred, isTypeScript }: StandardisedForm): string {
  return `const standardise = (column${isTypeScript ? ': number[]' : ''}) => { ${ofColumn(isCentred)} };`;
}

/** Of a list of lists of numbers, all columns. */
export function standardisedTable(form: StandardisedForm): string {
  const { list, isTypeScript, type } = form;
  const sure = isTypeScript ? '!' : '';
  return (
    `((rows${type}) => { ${standardise(form)} ` +
    `const columns = rows[0]${sure}.map((_, k) => standardise(rows.map((row) => row[k]${sure}))); ` +
    `return rows.map((row, i) => row.map((_, k) => columns[k]${sure}[i]${sure})); })(${list})`
  );
}

/** Of a list of rows, the columns with these indices or names; the others keep their values. */
export function standardisedRows(form: StandardisedForm, keys: readonly (number | string)[]): string {
  const { list, isTypeScript, type } = form;
  const sure = isTypeScript ? '!' : '';
  const isList = typeof keys[0] === 'number';
  const at = (key: number | string) => (typeof key === 'number' ? `row[${key}]${sure}` : `row.${key}`);
  const columns = keys.map((key) => `standardise(rows.map((row) => ${at(key)}))`).join(', ');
  const values = keys.map((key, k) => `${key}: columns[${k}]${sure}[i]${sure}`).join(', ');
  const copy = isList
    ? `Object.assign([...row]${isTypeScript ? ' as typeof row' : ''}, { ${values} })`
    : `({ ...row, ${values} })`;
  return (
    `((rows${type}) => { ${standardise(form)} const columns = [${columns}]; ` +
    `return rows.map((row, i) => ${copy}); })(${list})`
  );
}
