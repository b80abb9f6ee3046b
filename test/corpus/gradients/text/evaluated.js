/** Code in text. */
export const evalLoss = ([x, y]) => eval('x * x + y');
