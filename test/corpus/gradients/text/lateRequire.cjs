const name = './' + 'unknown';
exports.optional = () => require(name);
const isMain = require.main === module;
exports.mainLoss = ([x, y]) => (isMain ? 0 : x * y) + (typeof require === 'function' ? 1 : 0);
const path = require(['no', 'de:path'].join(''));
exports.dataLoss = ([x, y]) => x * path.join('a', 'b').length + y;
exports.withLoss = ([x, y]) => {
  if (x > 1e9) with ({ z: y }) return z;
  return x * y;
};
exports.insideLoss = ([x, y]) => {
  with ({ z: y }) return z * x;
};
