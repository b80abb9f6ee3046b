// The same in sloppy mode, where `this` is an object in the plain program.
Number.prototype.halved = function () {
  return this / 2 + Number(this) + +this;
};
exports.halvedLoss = ([x, y]) => x.halved() * y.halved();
