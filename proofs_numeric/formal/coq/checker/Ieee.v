(* SPDX-License-Identifier: Apache-2.0 *)
(* Doubles of a certificate by their IEEE bits without the sign, as machine words: cheap to parse and to type. *)
Require Import ZArith List Uint63.
From Alignproof Require Import Certificate.
Inductive ieee := P (_ : int) | N (_ : int).
Definition dec (u : int) : double :=
  let z := Uint63.to_Z u in let e := Z.shiftr z 52 in let f := Z.land z 4503599627370495 in
  if Z.eqb e 0 then (f, -1074)%Z else (f + 4503599627370496, e - 1075)%Z.
Definition ieeeD (d : ieee) : double := match d with P u => dec u | N u => let (m, e) := dec u in (- m, e)%Z end.
