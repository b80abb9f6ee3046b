;; The reverse sweep over the tape: the operations of `sweep` in tapeArrays.ts, in the same order, so that the results are
;; bit-identical. The engine compiles it without the tests of indices that take most of the time in JavaScript.
(module
  (import "tape" "memory" (memory 1))

  ;; All arguments except the first are offsets into the memory. The adjoints are 0 up to node $root, whose adjoint is 1.
  (func (export "reverse")
    (param $root i32) (param $ends i32) (param $parents i32) (param $partials i32) (param $adjoints i32)
    (local $node i32) (local $end i32) (local $begin i32) (local $edge i32) (local $adjoint f64) (local $parent i32)

    ;; $node and $end are offsets: of the node's adjoint, and of the end of the node before it.
    (local.set $node (i32.add (local.get $adjoints) (i32.shl (local.get $root) (i32.const 3))))
    (local.set $end (i32.add (local.get $ends) (i32.shl (local.get $root) (i32.const 2))))
    (local.set $edge (i32.load (local.get $end)))
    (loop $nodes
      (local.set $begin (i32.const 0))
      (if (i32.ne (local.get $end) (local.get $ends))
        (then
          (local.set $end (i32.sub (local.get $end) (i32.const 4)))
          (local.set $begin (i32.load (local.get $end)))))
      (local.set $adjoint (f64.load (local.get $node)))
      (if (f64.eq (local.get $adjoint) (f64.const 0))
        (then (local.set $edge (local.get $begin)))
        (else
          (block $done
            (loop $edges
              (br_if $done (i32.le_s (local.get $edge) (local.get $begin)))
              (local.set $edge (i32.sub (local.get $edge) (i32.const 1)))
              ;; adjoints[parent] += adjoint * partial
              (local.set $parent
                (i32.add
                  (local.get $adjoints)
                  (i32.shl
                    (i32.load (i32.add (local.get $parents) (i32.shl (local.get $edge) (i32.const 2))))
                    (i32.const 3))))
              (f64.store
                (local.get $parent)
                (f64.add
                  (f64.load (local.get $parent))
                  (f64.mul
                    (local.get $adjoint)
                    (f64.load (i32.add (local.get $partials) (i32.shl (local.get $edge) (i32.const 3)))))))
              (br $edges)))))
      (local.set $node (i32.sub (local.get $node) (i32.const 8)))
      (br_if $nodes (i32.ge_u (local.get $node) (local.get $adjoints))))))
