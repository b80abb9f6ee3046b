;; One Adam step, two coordinates at a time: the loop of adamLoop.ts with f64x2 values instead of numbers. The
;; operations are the same, in the same order and without fused operations, so the results are bit-identical.
;;
;; Every vector is an offset into the memory and is padded to a whole number of pairs, so no single coordinate
;; remains. The bottleneck is the divider of the processor: one square root and one division per pair. Pairs
;; do not depend on one another, so the processor overlaps several of them even though the loop is not
;; unrolled.
(module
  (import "adam" "memory" (memory 1))

  ;; $scalars: decay, l2, beta1, 1 - beta1, beta2, 1 - beta2, stepSize, eps, maxDivisor
  ;; $bytes: the size of one vector, a multiple of 16 and not 0
  ;; $vMax: 0 without AMSGrad
  (func (export "step")
    (param $scalars i32) (param $bytes i32)
    (param $params i32) (param $grad i32) (param $m i32) (param $v i32) (param $vMax i32)
    (local $decay v128) (local $l2 v128)
    (local $beta1 v128) (local $rest1 v128)
    (local $beta2 v128) (local $rest2 v128)
    (local $stepSize v128) (local $eps v128)
    (local $maxDivisor v128) (local $divided i32)
    (local $end i32)
    (local $theta v128) (local $g v128) (local $mi v128) (local $vi v128)

    (local.set $decay (v128.load64_splat offset=0 (local.get $scalars)))
    (local.set $l2 (v128.load64_splat offset=8 (local.get $scalars)))
    (local.set $beta1 (v128.load64_splat offset=16 (local.get $scalars)))
    (local.set $rest1 (v128.load64_splat offset=24 (local.get $scalars)))
    (local.set $beta2 (v128.load64_splat offset=32 (local.get $scalars)))
    (local.set $rest2 (v128.load64_splat offset=40 (local.get $scalars)))
    (local.set $stepSize (v128.load64_splat offset=48 (local.get $scalars)))
    (local.set $eps (v128.load64_splat offset=56 (local.get $scalars)))
    (local.set $maxDivisor (v128.load64_splat offset=64 (local.get $scalars)))
    ;; A division by 1 changes nothing and is skipped.
    (local.set $divided (f64.ne (f64.load offset=64 (local.get $scalars)) (f64.const 1)))
    (local.set $end (i32.add (local.get $params) (local.get $bytes)))

    (loop $pairs
      ;; theta = params * decay; g = grad + l2 * theta
      (local.set $theta (f64x2.mul (v128.load (local.get $params)) (local.get $decay)))
      (local.set $g
        (f64x2.add (v128.load (local.get $grad)) (f64x2.mul (local.get $l2) (local.get $theta))))

      ;; m = beta1 * m + (1 - beta1) * g
      (local.set $mi
        (f64x2.add
          (f64x2.mul (local.get $beta1) (v128.load (local.get $m)))
          (f64x2.mul (local.get $rest1) (local.get $g))))
      (v128.store (local.get $m) (local.get $mi))

      ;; v = beta2 * v + ((1 - beta2) * g) * g
      (local.set $vi
        (f64x2.add
          (f64x2.mul (local.get $beta2) (v128.load (local.get $v)))
          (f64x2.mul (f64x2.mul (local.get $rest2) (local.get $g)) (local.get $g))))
      (v128.store (local.get $v) (local.get $vi))

      ;; v = vMax = max(vMax, v / maxDivisor)
      (if (local.get $vMax)
        (then
          (if (local.get $divided)
            (then (local.set $vi (f64x2.div (local.get $vi) (local.get $maxDivisor)))))
          (local.set $vi (f64x2.max (v128.load (local.get $vMax)) (local.get $vi)))
          (v128.store (local.get $vMax) (local.get $vi))
          (local.set $vMax (i32.add (local.get $vMax) (i32.const 16)))))

      ;; params = theta - (stepSize * m) / (sqrt(v) + eps)
      (v128.store (local.get $params)
        (f64x2.sub
          (local.get $theta)
          (f64x2.div
            (f64x2.mul (local.get $stepSize) (local.get $mi))
            (f64x2.add (f64x2.sqrt (local.get $vi)) (local.get $eps)))))

      (local.set $grad (i32.add (local.get $grad) (i32.const 16)))
      (local.set $m (i32.add (local.get $m) (i32.const 16)))
      (local.set $v (i32.add (local.get $v) (i32.const 16)))
      (local.set $params (i32.add (local.get $params) (i32.const 16)))
      (br_if $pairs (i32.lt_u (local.get $params) (local.get $end))))))
