exports.htmlLoss = function ([x, y]) {
  var s = x <!-- + 1000
    * y
--> + 1000
  s += (y <!-- )
    + 1 )
  return s
}
