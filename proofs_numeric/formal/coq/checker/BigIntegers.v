(* SPDX-License-Identifier: Apache-2.0 *)
(* BigZ: 63-bit machine words; brings the primitive-integer axioms of the kernel. *)
Require Import ZArith Bool.
From Alignproof Require Import Integers.
From Bignums Require Import BigZ.
Module BInt <: INT.
  Definition t := BigZ.t.
  Definition to_Z := BigZ.to_Z.
  Definition of_Z := BigZ.of_Z.
  Definition add := BigZ.add. Definition sub := BigZ.sub. Definition mul := BigZ.mul. Definition div := BigZ.div.
  Definition shl := BigZ.shiftl. Definition shr := BigZ.shiftr. Definition max := BigZ.max.
  Definition opp := BigZ.opp. Definition abs := BigZ.abs. Definition sqrt := BigZ.sqrt. Definition log2 := BigZ.log2.
  Definition ltb := BigZ.ltb. Definition leb := BigZ.leb.
  Definition of_ok := BigZ.spec_of_Z. Definition add_ok := BigZ.spec_add. Definition sub_ok := BigZ.spec_sub.
  Definition mul_ok := BigZ.spec_mul. Definition div_ok := BigZ.spec_div. Definition shl_ok := BigZ.spec_shiftl.
  Definition shr_ok := BigZ.spec_shiftr. Definition max_ok := BigZ.spec_max. Definition opp_ok := BigZ.spec_opp.
  Definition abs_ok := BigZ.spec_abs. Definition sqrt_ok := BigZ.spec_sqrt.
  Definition log2_ok := BigZ.spec_log2.
  Definition ltb_ok := BigZ.spec_ltb. Definition leb_ok := BigZ.spec_leb.
End BInt.
