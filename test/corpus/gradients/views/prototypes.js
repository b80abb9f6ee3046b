// Methods that a program adds to the prototypes of numbers.
Number.prototype.toRadians = function () {
  return (this * Math.PI) / 180;
};
Number.prototype.clamp = function (low, high) {
  return Math.min(Math.max(this, low), high);
};
Object.defineProperty(Number.prototype, 'squared', {
  configurable: true,
  get() {
    return this * this;
  },
});

export const latLoss = ([lat, y]) => Math.sin(lat.toRadians()) ** 2 + y.clamp(-1, 1) * lat;
export const chainLoss = ([x, y]) => (x * y).squared + (x + 1).toRadians().squared + (3).squared;
export const optionalLoss = ([x, y]) => x?.squared + y['toRadians']?.() + (x.missing?.() ?? 1);
