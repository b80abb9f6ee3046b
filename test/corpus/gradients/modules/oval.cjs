'use strict';
const { points } = require('./measured.json');
const { near } = require('./norms');

/** An ellipse through the first of the measured points; helpers from a script without `export`. */
module.exports = function ovalLoss(p) {
  var [a, b] = p;
  return near(a * points[0].y, b * points[1].x);
};
