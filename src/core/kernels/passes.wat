;; Passes over vectors, two coordinates at a time. passes.ts contains the same operations in the same order for numbers, with
;; bit-identical results. Change both together.
;;
;; Every vector is an offset into the memory. $bytes is the size of the part that is processed, a multiple of 16 and not 0.
(module
  (import "passes" "memory" (memory 1))

  ;; Whether a value is NaN or infinite: x − x is not 0.
  (func (export "hasNonFinite") (param $x i32) (param $bytes i32) (result i32)
    (local $end i32) (local $sum v128) (local $value v128)
    (local.set $end (i32.add (local.get $x) (local.get $bytes)))
    (loop $pairs
      (local.set $value (v128.load (local.get $x)))
      (local.set $sum
        (v128.or (local.get $sum) (f64x2.sub (local.get $value) (local.get $value))))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (br_if $pairs (i32.lt_u (local.get $x) (local.get $end))))
    (v128.any_true (local.get $sum)))

  ;; The largest abs(x − y); NaN does not count.
  (func (export "largestChange") (param $x i32) (param $bytes i32) (param $y i32) (result f64)
    (local $end i32) (local $largest v128)
    (local.set $end (i32.add (local.get $x) (local.get $bytes)))
    (loop $pairs
      (local.set $largest
        (f64x2.pmax
          (local.get $largest)
          (f64x2.abs (f64x2.sub (v128.load (local.get $x)) (v128.load (local.get $y))))))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (local.set $y (i32.add (local.get $y) (i32.const 16)))
      (br_if $pairs (i32.lt_u (local.get $x) (local.get $end))))
    (f64.max (f64x2.extract_lane 0 (local.get $largest)) (f64x2.extract_lane 1 (local.get $largest))))

  ;; The least abs(x − y); infinite if all are NaN.
  (func (export "leastChange") (param $x i32) (param $bytes i32) (param $y i32) (result f64)
    (local $end i32) (local $least v128)
    (local.set $end (i32.add (local.get $x) (local.get $bytes)))
    (local.set $least (f64x2.splat (f64.const inf)))
    (loop $pairs
      (local.set $least
        (f64x2.pmin
          (local.get $least)
          (f64x2.abs (f64x2.sub (v128.load (local.get $x)) (v128.load (local.get $y))))))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (local.set $y (i32.add (local.get $y) (i32.const 16)))
      (br_if $pairs (i32.lt_u (local.get $x) (local.get $end))))
    (f64.min (f64x2.extract_lane 0 (local.get $least)) (f64x2.extract_lane 1 (local.get $least))))

  (func (export "largest") (param $x i32) (param $bytes i32) (result f64)
    (local $end i32) (local $found v128)
    (local.set $end (i32.add (local.get $x) (local.get $bytes)))
    (local.set $found (f64x2.splat (f64.const -inf)))
    (loop $pairs
      (local.set $found (f64x2.pmax (local.get $found) (v128.load (local.get $x))))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (br_if $pairs (i32.lt_u (local.get $x) (local.get $end))))
    (f64.max (f64x2.extract_lane 0 (local.get $found)) (f64x2.extract_lane 1 (local.get $found))))

  (func (export "least") (param $x i32) (param $bytes i32) (result f64)
    (local $end i32) (local $found v128)
    (local.set $end (i32.add (local.get $x) (local.get $bytes)))
    (local.set $found (f64x2.splat (f64.const inf)))
    (loop $pairs
      (local.set $found (f64x2.pmin (local.get $found) (v128.load (local.get $x))))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (br_if $pairs (i32.lt_u (local.get $x) (local.get $end))))
    (f64.min (f64x2.extract_lane 0 (local.get $found)) (f64x2.extract_lane 1 (local.get $found))))

  ;; sum −= g · (x − y)
  (func (export "addDescent") (param $sum i32) (param $bytes i32) (param $g i32) (param $x i32) (param $y i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $sum) (local.get $bytes)))
    (loop $pairs
      (v128.store
        (local.get $sum)
        (f64x2.sub
          (v128.load (local.get $sum))
          (f64x2.mul
            (v128.load (local.get $g))
            (f64x2.sub (v128.load (local.get $x)) (v128.load (local.get $y))))))
      (local.set $g (i32.add (local.get $g) (i32.const 16)))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (local.set $y (i32.add (local.get $y) (i32.const 16)))
      (local.set $sum (i32.add (local.get $sum) (i32.const 16)))
      (br_if $pairs (i32.lt_u (local.get $sum) (local.get $end)))))

  ;; With g = grad, d = params − before and e = before − previous:
  ;;   path += abs(d), work += abs(g) · abs(d), turns += 1 where d · e < 0
  ;; Returns the sum of what was added to work, and Σ ½(g + lastGrad) · e.
  (func (export "addMoves")
    (param $grad i32) (param $bytes i32) (param $lastGrad i32)
    (param $params i32) (param $before i32) (param $previous i32)
    (param $path i32) (param $work i32) (param $turns i32)
    (result f64 f64)
    (local $end i32) (local $g v128) (local $size v128) (local $theta v128)
    (local $d v128) (local $e v128) (local $moved v128) (local $worth v128)
    (local $sum v128) (local $slope v128) (local $one v128) (local $half v128) (local $zero v128)
    (local.set $end (i32.add (local.get $grad) (local.get $bytes)))
    (local.set $one (f64x2.splat (f64.const 1)))
    (local.set $half (f64x2.splat (f64.const 0.5)))
    (loop $pairs
      (local.set $g (v128.load (local.get $grad)))
      (local.set $theta (v128.load (local.get $before)))
      (local.set $size (f64x2.abs (local.get $g)))
      (local.set $d (f64x2.sub (v128.load (local.get $params)) (local.get $theta)))
      (local.set $e (f64x2.sub (local.get $theta) (v128.load (local.get $previous))))
      (local.set $moved (f64x2.abs (local.get $d)))
      (local.set $worth (f64x2.mul (local.get $size) (local.get $moved)))
      (local.set $sum (f64x2.add (local.get $sum) (local.get $worth)))
      (local.set $slope
        (f64x2.add
          (local.get $slope)
          (f64x2.mul
            (f64x2.mul (local.get $half) (f64x2.add (local.get $g) (v128.load (local.get $lastGrad))))
            (local.get $e))))
      (v128.store (local.get $path) (f64x2.add (v128.load (local.get $path)) (local.get $moved)))
      (v128.store (local.get $work) (f64x2.add (v128.load (local.get $work)) (local.get $worth)))
      (v128.store
        (local.get $turns)
        (f64x2.add
          (v128.load (local.get $turns))
          (v128.and
            (local.get $one)
            (f64x2.lt (f64x2.mul (local.get $d) (local.get $e)) (local.get $zero)))))
      (local.set $lastGrad (i32.add (local.get $lastGrad) (i32.const 16)))
      (local.set $params (i32.add (local.get $params) (i32.const 16)))
      (local.set $before (i32.add (local.get $before) (i32.const 16)))
      (local.set $previous (i32.add (local.get $previous) (i32.const 16)))
      (local.set $path (i32.add (local.get $path) (i32.const 16)))
      (local.set $work (i32.add (local.get $work) (i32.const 16)))
      (local.set $turns (i32.add (local.get $turns) (i32.const 16)))
      (local.set $grad (i32.add (local.get $grad) (i32.const 16)))
      (br_if $pairs (i32.lt_u (local.get $grad) (local.get $end))))
    (f64.add (f64x2.extract_lane 0 (local.get $sum)) (f64x2.extract_lane 1 (local.get $sum)))
    (f64.add (f64x2.extract_lane 0 (local.get $slope)) (f64x2.extract_lane 1 (local.get $slope))))

  ;; peak = max(peak, abs(x)); NaN does not count.
  (func (export "raise") (param $x i32) (param $bytes i32) (param $peak i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $x) (local.get $bytes)))
    (loop $pairs
      (v128.store
        (local.get $peak)
        (f64x2.pmax (v128.load (local.get $peak)) (f64x2.abs (v128.load (local.get $x)))))
      (local.set $peak (i32.add (local.get $peak) (i32.const 16)))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (br_if $pairs (i32.lt_u (local.get $x) (local.get $end)))))

  ;; low = min(low, x), high = max(high, x); NaN does not count.
  (func (export "widen") (param $x i32) (param $bytes i32) (param $low i32) (param $high i32)
    (local $end i32) (local $value v128)
    (local.set $end (i32.add (local.get $x) (local.get $bytes)))
    (loop $pairs
      (local.set $value (v128.load (local.get $x)))
      (v128.store (local.get $low) (f64x2.pmin (v128.load (local.get $low)) (local.get $value)))
      (v128.store (local.get $high) (f64x2.pmax (v128.load (local.get $high)) (local.get $value)))
      (local.set $low (i32.add (local.get $low) (i32.const 16)))
      (local.set $high (i32.add (local.get $high) (i32.const 16)))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (br_if $pairs (i32.lt_u (local.get $x) (local.get $end)))))

  ;; Σ (g + l2 x)² / max(scale · v, least)
  (func (export "sumOfRatios")
    (param $g i32) (param $bytes i32) (param $x i32) (param $v i32) (param $l2 f64) (param $scale f64) (param $least f64)
    (result f64)
    (local $end i32) (local $sum v128) (local $value v128)
    (local $penalty v128) (local $scales v128) (local $floor v128)
    (local.set $end (i32.add (local.get $g) (local.get $bytes)))
    (local.set $penalty (f64x2.splat (local.get $l2)))
    (local.set $scales (f64x2.splat (local.get $scale)))
    (local.set $floor (f64x2.splat (local.get $least)))
    (loop $pairs
      (local.set $value
        (f64x2.add
          (v128.load (local.get $g))
          (f64x2.mul (local.get $penalty) (v128.load (local.get $x)))))
      (local.set $sum
        (f64x2.add
          (local.get $sum)
          ;; 0 where g is 0: there 0/0 would be NaN.
          (v128.andnot
            (f64x2.div
              (f64x2.mul (local.get $value) (local.get $value))
              (f64x2.max (f64x2.mul (local.get $scales) (v128.load (local.get $v))) (local.get $floor)))
            (f64x2.eq (local.get $value) (f64x2.splat (f64.const 0))))))
      (local.set $x (i32.add (local.get $x) (i32.const 16)))
      (local.set $v (i32.add (local.get $v) (i32.const 16)))
      (local.set $g (i32.add (local.get $g) (i32.const 16)))
      (br_if $pairs (i32.lt_u (local.get $g) (local.get $end))))
    (f64.add (f64x2.extract_lane 0 (local.get $sum)) (f64x2.extract_lane 1 (local.get $sum))))

  ;; The offset of the first pair with a value x > above; $end if there is none.
  (func (export "findAbove") (param $x i32) (param $end i32) (param $above f64) (result i32)
    (local $limit v128)
    (local.set $limit (f64x2.splat (local.get $above)))
    (block $found
      (loop $pairs
        (br_if $found (v128.any_true (f64x2.gt (v128.load (local.get $x)) (local.get $limit))))
        (local.set $x (i32.add (local.get $x) (i32.const 16)))
        (br_if $pairs (i32.lt_u (local.get $x) (local.get $end)))))
    (local.get $x))

  ;; The same of x = 0.
  (func (export "findZero") (param $x i32) (param $end i32) (result i32)
    (local $zero v128)
    (block $found
      (loop $pairs
        (br_if $found (v128.any_true (f64x2.eq (v128.load (local.get $x)) (local.get $zero))))
        (local.set $x (i32.add (local.get $x) (i32.const 16)))
        (br_if $pairs (i32.lt_u (local.get $x) (local.get $end)))))
    (local.get $x))

  ;; The same of abs(x − y) > above.
  (func (export "findChangeAbove") (param $x i32) (param $end i32) (param $y i32) (param $above f64) (result i32)
    (local $limit v128)
    (local.set $limit (f64x2.splat (local.get $above)))
    (block $found
      (loop $pairs
        (br_if $found
          (v128.any_true
            (f64x2.gt
              (f64x2.abs (f64x2.sub (v128.load (local.get $x)) (v128.load (local.get $y))))
              (local.get $limit))))
        (local.set $y (i32.add (local.get $y) (i32.const 16)))
        (local.set $x (i32.add (local.get $x) (i32.const 16)))
        (br_if $pairs (i32.lt_u (local.get $x) (local.get $end)))))
    (local.get $x))

  ;; The same of x < below.
  (func (export "findBelow") (param $x i32) (param $end i32) (param $below f64) (result i32)
    (local $limit v128)
    (local.set $limit (f64x2.splat (local.get $below)))
    (block $found
      (loop $pairs
        (br_if $found (v128.any_true (f64x2.lt (v128.load (local.get $x)) (local.get $limit))))
        (local.set $x (i32.add (local.get $x) (i32.const 16)))
        (br_if $pairs (i32.lt_u (local.get $x) (local.get $end)))))
    (local.get $x))

  ;; The same of abs(x) < share · abs(y).
  (func (export "findDrop") (param $x i32) (param $end i32) (param $y i32) (param $share f64) (result i32)
    (local $shares v128)
    (local.set $shares (f64x2.splat (local.get $share)))
    (block $found
      (loop $pairs
        (br_if $found
          (v128.any_true
            (f64x2.lt
              (f64x2.abs (v128.load (local.get $x)))
              (f64x2.mul (local.get $shares) (f64x2.abs (v128.load (local.get $y)))))))
        (local.set $y (i32.add (local.get $y) (i32.const 16)))
        (local.set $x (i32.add (local.get $x) (i32.const 16)))
        (br_if $pairs (i32.lt_u (local.get $x) (local.get $end)))))
    (local.get $x))

  ;; The same of x² / y < below.
  (func (export "findRatioBelow") (param $x i32) (param $end i32) (param $y i32) (param $below f64) (result i32)
    (local $limit v128) (local $value v128)
    (local.set $limit (f64x2.splat (local.get $below)))
    (block $found
      (loop $pairs
        (local.set $value (v128.load (local.get $x)))
        (br_if $found
          (v128.any_true
            (f64x2.lt
              (f64x2.div (f64x2.mul (local.get $value) (local.get $value)) (v128.load (local.get $y)))
              (local.get $limit))))
        (local.set $y (i32.add (local.get $y) (i32.const 16)))
        (local.set $x (i32.add (local.get $x) (i32.const 16)))
        (br_if $pairs (i32.lt_u (local.get $x) (local.get $end)))))
    (local.get $x)))
