exports.near = near;
function near(x, y) {
  with_: {
    if (x === 0 && y === 0) break with_;
    return Math.sqrt(x * x + y * y);
  }
  return 0;
}
