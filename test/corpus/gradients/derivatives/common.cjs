const clamp = (x) => Number(String(Math.min(x, 5)));
/** @derivative clamp */
function dClamp(x) {
  return x < 5 ? 1 : 0;
}
exports.clamp = clamp;
exports.dClamp = dClamp;
exports.loss = ([x, y]) => exports.clamp(x) * clamp(y) + clamp(7 + x);
