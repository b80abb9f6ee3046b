// A CommonJS module without 'use strict': a write that fails is ignored.

/** A write to an element of a frozen list. */
exports.frozenElement = function ([x, y]) {
  const list = Object.freeze([2, 3]);
  for (let i = 0; i < 2; i++) list[i] = x * i;
  return list[0] * x + list[1] * y;
};

/** A write to a read-only property of a function, as `extend` of jStat does. */
exports.functionName = function ([x, y]) {
  function model() {
    return x * y;
  }
  const options = { name: 'other', scale: 2 * x };
  for (const key in options) model[key] = options[key];
  return model() * model.scale + model.name.length;
};

/** A write to an element of a primitive value. */
exports.primitive = function ([x]) {
  const text = 'abc';
  const key = 'tag';
  text[key] = x;
  text[0] = x;
  return x * x + text.length + (text[key] === undefined ? 1 : 0);
};

/** A property that has only a getter. */
exports.getterOnly = function ([x]) {
  const point = {
    get norm() {
      return x * x;
    },
  };
  const key = 'norm';
  point[key] = 5;
  point[key] += x;
  point[key]++;
  point[key] ||= x;
  return point[key] + point.norm;
};

/** The value of the expression is the assigned one, although the write is ignored. */
exports.valueOfWrite = function ([x, y]) {
  const list = Object.freeze([1]);
  const key = 0;
  const a = (list[key] = x * y);
  const b = (list[key] += x);
  const c = (list[key] *= y + f(0));
  const d = list[key]++;
  const e = (list[key] |= 6);
  return a + b * 2 + c * 3 + d * x + e * y;
};

function f(x) {
  return x * 0;
}

/** An element that cannot be added. */
exports.sealedList = function ([x, y]) {
  const list = Object.seal([x, y]);
  for (let i = 0; i < 4; i++) list[i] = list[i % 2] * 2;
  list[7] -= x;
  return list[0] + list[1] * list.length;
};

/** An array pattern that assigns elements. */
exports.patternWrite = function ([x, y]) {
  const list = Object.freeze([3, 4]);
  let rest = 0;
  [list[0], list[1], rest] = [x, y, x * y];
  return list[0] * x + list[1] * y + rest;
};

/** A function with its own directive is strict. */
exports.strictFunction = function (p) {
  'use strict';
  const [x, y] = p;
  const list = Object.freeze([2]);
  let failed = 0;
  const write = (i) => {
    list[i] = x;
  };
  try {
    write(0);
  } catch (error) {
    if (error instanceof TypeError) failed = 3;
  }
  return list[0] * x + failed * y;
};

/** The code of a class is strict. */
exports.strictClass = function ([x, y]) {
  class Memory {
    constructor() {
      this.cells = Object.freeze([5]);
    }
    write(i, value) {
      this.cells[i] = value;
    }
  }
  const memory = new Memory();
  let failed = 0;
  try {
    memory.write(0, x);
  } catch (error) {
    failed = 2;
  }
  return memory.cells[0] * x + failed * y * y;
};

/** The loose function of a module stays loose beside strict ones. */
exports.mixed = function ([x, y]) {
  const list = Object.freeze([1, 1]);
  const strict = function (i) {
    'use strict';
    list[i] += y;
    return 100;
  };
  let result = 0;
  list[1] = x;
  try {
    result += strict(1);
  } catch {
    result += x * x;
  }
  list[0] -= y;
  return result + list[0] * y + list[1] * x;
};

/** A setter of the user that throws is not ignored. */
exports.throwingSetter = function ([x, y]) {
  const checked = {
    set limit(value) {
      if (value > 0) throw new TypeError('positive');
    },
  };
  let failed = 0;
  for (const key of ['limit']) {
    try {
      checked[key] = x * x + 1;
    } catch {
      failed = 4;
    }
  }
  return failed * x * y;
};

/** A write through a typed array beyond its end, and to its length. */
exports.typedArray = function ([x, y]) {
  const values = new Float64Array(2);
  for (let i = 0; i < 4; i++) values[i] = x * (i + 1);
  const key = 'length';
  values[key] = 7;
  return values[0] * y + values[1] + values.length;
};

/** A typed array with the length of a function, which is an object with a length. */
exports.lengthOfFunction = function ([x, y]) {
  const values = new Float64Array((a, b) => a + b);
  for (let i = 0; i < values.length; i++) values[i] = Number.isNaN(values[i]) ? x * (i + 1) : 0;
  return values[0] * y + values[1];
};
