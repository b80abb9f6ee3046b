// Functions that are made from text, by `Function` under another name.

/** With `new`, as the validators of zod are made. */
exports.withNew = function ([x, y]) {
  const Make = Function;
  const scale = new Make('return 3;');
  return scale() * x + y;
};

/** Without `new`, and as an argument. */
exports.withoutNew = function ([x, y]) {
  const made = [Function].map((make) => make('return 2;'));
  return made[0]() * x * y;
};

/** With a receiver, and with parameters that get plain numbers. */
exports.ofObject = function ([x, y]) {
  const makers = { compile: Function };
  const power = new makers.compile('a', 'b', 'return a ** b;');
  return power(2, 3) * x - y * Reflect.construct(Function, ['return 5;'])();
};
