(* SPDX-License-Identifier: Apache-2.0 *)
(* What extraction puts in the place of Coq's functions, on edge cases: Coq computes this table by its own definitions, the
   extracted program with what stands for them. replacements compares both. *)
Require Import ZArith List.
From Alignproof Require Import Extract.
Import ListNotations.
Open Scope Z_scope.

Definition big := 2 ^ 200 + 2 ^ 64 + 1.
Definition numbers : list Z :=
  [0; 1; -1; 2; -2; 3; -3; 7; -7; 8; -8; 255; -256; 4611686018427387903; 4611686018427387904; -4611686018427387904;
   -4611686018427387905; 9223372036854775807; -9223372036854775808; 18446744073709551616; big; -big; big * big; 1 - big * big].
Definition shifts : list Z := [0; 1; -1; 2; -2; 62; 63; 64; -62; -63; -64; 65; 200; -200; 401; -401; 1000; -1000].
Definition of_bool (b : bool) : Z := if b then 1 else 0.
Definition of_comparison (c : comparison) : Z := match c with Eq => 0 | Lt => -1 | Gt => 1 end.
Definition of_pair (f : Z * Z) : list Z := [fst f; snd f].
Definition counts : list nat := [0; 1; 2; 3; 7; 64; 100; 1000]%nat.
Definition pairs {T} (l : list T) : list (T * T) := list_prod l l.

Definition unary (x : Z) : list Z :=
  [Z.opp x; Z.abs x; Z.log2 x; Z.sqrt x; Z.succ x; Z.pred x; Z.sgn x; Z.of_nat (Z.to_nat (Z.min x 1000)); Z.of_N (Z.to_N x);
   Z.of_N (Z.abs_N x); Z.double x; Z.div2 x; of_bool (Z.even x); of_bool (Z.odd x)].
Definition binary (xy : Z * Z) : list Z :=
  let (x, y) := xy in
  [x + y; x - y; x * y; x / y; x mod y; Z.max x y; Z.min x y; of_comparison (x ?= y); of_bool (x <? y); of_bool (x <=? y);
   of_bool (x =? y); of_bool (x >? y); of_bool (x >=? y)] ++ of_pair (Z.div_eucl x y).
Definition shifted (x : Z) : list Z := flat_map (fun y => [Z.shiftl x y; Z.shiftr x y]) shifts.
Definition counted (mk : nat * nat) : list Z :=
  let (m, k) := mk in
  map Z.of_nat [(m + k)%nat; (m - k)%nat; (Nat.min m 100 * Nat.min k 100)%nat; (m / k)%nat; (m mod k)%nat; S m; pred m;
    Nat.max m k; Nat.min m k]
  ++ map of_bool [Nat.eqb m k; Nat.leb m k; Nat.ltb m k]
  ++ [Z.of_nat (length (repeat tt m)); nth m [10; 11; 12] 13].
Definition positives : list positive := [1; 2; 3; 4; 255; 256; 4611686018427387904; 18446744073709551617]%positive.
Definition positive_pairs (pq : positive * positive) : list Z :=
  let (p, q) := pq in
  map Z.pos [(p + q)%positive; (p * q)%positive; (p - q)%positive; Pos.succ p; Pos.pred p; Pos.max p q; Pos.min p q; xO p; xI p]
  ++ [of_comparison (Pos.compare p q); Z.of_nat (Pos.to_nat (Pos.min p 1000)); Z.pos p; Z.neg p].

(* Of each row a number that shows any change; long numbers take Coq long to print. *)
Definition digest (row : list Z) : Z := fold_left (fun h x => (h * 31 + x) mod 2305843009213693951) row (Z.of_nat (length row)).
Definition table : list Z :=
  map (fun x => digest (unary x)) numbers ++ map (fun xy => digest (binary xy)) (pairs numbers)
  ++ map (fun x => digest (shifted x)) numbers ++ map (fun mk => digest (counted mk)) (pairs counts)
  ++ map (fun pq => digest (positive_pairs pq)) (pairs positives).

Set Printing Width 100000.
Set Printing Depth 100000.
Extraction "table.ml" table.
Eval vm_compute in table.
