const weights = [0.5, -1, 2, 0.25];

/** The sum starts at a parameter and nothing is added. */
export const untouchedLoss = ([x]) => {
  let s = x;
  for (const w of []) s += w;
  return s * s;
};

export const twoSumsLoss = ([x, y]) => {
  let up = x, down = y;
  for (let i = 0; i < 4; i++) {
    up += weights[i] * x * y;
    down -= (x - weights[i]) ** 2;
  }
  return up * down;
};

/** The loop ends early, by the value of another variable. */
export const earlyLoss = ([x, y]) => {
  let s = 0, i = 0;
  while (true) {
    if (i === 1) {
      i++;
      continue;
    }
    if (i > 3) break;
    s += weights[i++] * (x + y * y);
  }
  return s;
};

/** A label of an outer loop is left in the middle of the sum. */
export const labelLoss = ([x, y]) => {
  let s = 0;
  outer: for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      if (j > i) continue outer;
      s += x ** i * y ** j;
    }
  }
  return s;
};

/** The sum is read in its own loop. */
export const readingLoss = ([x, y]) => {
  let s = x;
  for (let i = 0; i < 3; i++) s += y * s;
  return s;
};

/** The condition of the loop reads the sum. */
export const untilLoss = ([x]) => {
  let s = 0;
  while (s < 3) s += x * x;
  return s;
};

/** An error ends the loop; the sum so far is used. */
export const brokenOffLoss = ([x, y]) => {
  const rows = [{ w: { k: 2 } }, { w: { k: 3 } }, {}];
  let s = 0;
  try {
    for (const { w } of rows) s += w.k * x * y;
  } catch {
    s += x;
  }
  return s;
};

/** Errors inside of the loop leave the sum as it was. */
export const skippedRowsLoss = ([x, y]) => {
  const rows = [{ w: { k: 2 } }, {}, { w: { k: 3 } }];
  let s = 0;
  for (const row of rows) {
    try {
      s += row.w.k * x;
    } catch {
      s -= y * y;
    }
  }
  return s;
};

const half = (n, x) => {
  let s = x;
  for (let i = 0; i < n; i++) s += half(i, x * 0.5) * weights[i];
  return s;
};
/** A sum of sums of the same function. */
export const recursiveLoss = ([x]) => half(3, x) ** 2;

/** The function returns from the middle of the loop. */
export const returningLoss = ([x, y]) => {
  const find = () => {
    let s = 0;
    for (let i = 0; i < 9; i++) {
      s += y;
      if (i === 2) return x * i;
    }
    return s;
  };
  return find() * y;
};

/** Rows of a triangle; the inner sum begins anew. */
export const triangleLoss = (p) => {
  let total = 0;
  for (let i = 0; i < p.length; i++) {
    let row = 1;
    for (let j = 0; j <= i; j++) row += p[i] * p[j];
    total += row * row;
  }
  return total;
};

/** More operands than one operation takes. */
export const wideLoss = (p) => {
  let s = 0;
  for (let i = 0; i < 2; i++)
    s += p[0] * p[1] + p[2] * p[3] + p[4] * p[5] + p[6] * p[7] + p[8] * p[9] + p[0] * p[2] + p[4] * p[6] + p[8] * p[1] + p[3] * p[5];
  return s;
};

/** A text, a sum of nothing, and a sum of parameters in one loop. */
export const mixedLoss = ([x, y]) => {
  let text = '', nothing, s = 0;
  for (const each of [x, y]) {
    text += 'a';
    nothing += 1;
    s += each * each;
  }
  return s * text.length + (nothing !== nothing ? x : 0);
};

/** Parentheses, a comment and a comma around the operands. */
export const layoutLoss = ([x, y]) => {
  let s = 0;
  for (let i = 0; i < 2; i++) {
    s += (x /* a */ + y);
    s -= ((x)) *
      (y, (y));
    s += +(y)
  }
  return s
};

/** A value that becomes zero times infinity in no derivative. */
export const clippedLoss = ([x]) => {
  let s = 0;
  for (const limit of [0, 1, 2]) s += Math.sqrt(Math.max(x - limit, 0));
  return s;
};
