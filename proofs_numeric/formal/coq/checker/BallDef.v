(* SPDX-License-Identifier: Apache-2.0 *)
(* Fixed-point balls on integers, and what is computed with them; no real number, so that it extracts cleanly. *)
Require Import ZArith List Bool.
From Alignproof Require Import Integers Certificate.
Import ListNotations.

Module BallDefF (I : INT).
Local Notation "[ x ]" := (I.to_Z x).
Definition ball := (I.t * I.t)%type.

Definition c0 := I.of_Z 0. Definition c1 := I.of_Z 1. Definition c2 := I.of_Z 2.
Definition b0 : ball := (c0, c0).
Definition add (a b : ball) : ball := (I.add (fst a) (fst b), I.add (snd a) (snd b)).
Definition sub (a b : ball) : ball := (I.sub (fst a) (fst b), I.add (snd a) (snd b)).
Definition opp (a : ball) : ball := (I.opp (fst a), snd a).
Definition rawmul (a b : ball) : ball :=
  let (m1, r1) := a in let (m2, r2) := b in
  (I.mul m1 m2, I.add (I.mul (I.abs m1) r2) (I.mul (I.add (I.abs m2) r2) r1)).
Definition norm w (a : ball) : ball := (I.shr (fst a) w, I.add (I.shr (snd a) w) c2).
Definition mul w a b := norm w (rawmul a b).
Definition divk k (a : ball) : ball := (I.div (fst a) k, I.add (I.div (snd a) k) c2).
Definition ofInt w (k : I.t) : ball := (I.shl k w, c0).
Definition one w := ofInt w c1.
Definition babs (a : ball) : ball := (I.abs (fst a), snd a).
Definition posb (a : ball) : bool := I.ltb (snd a) (fst a).
Definition nonneg (a : ball) : bool := I.leb (snd a) (fst a).
Definition div w (a b : ball) : ball :=
  let (m1, r1) := a in let (m2, r2) := b in
  (I.div (I.shl m1 w) m2,
   I.add (I.div (I.shl (I.add (I.mul r1 m2) (I.mul (I.abs m1) r2)) w) (I.mul (I.sub m2 r2) m2)) c2).
Definition bsqrt w (a : ball) : ball :=
  let (m, r) := a in
  let lo := I.sqrt (I.shl (I.max c0 (I.sub m r)) w) in
  let hi := I.add (I.sqrt (I.shl (I.add m r) w)) c1 in
  (lo, I.sub hi lo).

(* acc + the sum of the products, at twice the scale, so that one shift is enough; a loop, for rows of any length *)
Fixpoint rawdot_to (acc : ball) (l l' : list ball) : ball :=
  match l, l' with a :: t, a' :: t' => rawdot_to (add acc (rawmul a a')) t t' | _, _ => acc end.
Definition rawdot := rawdot_to b0.
Definition dotB w l l' := norm w (rawdot l l').
Fixpoint map2 {T U V} (f : T -> U -> V) (l : list T) (l' : list U) : list V :=
  match l, l' with a :: t, a' :: t' => f a a' :: map2 f t t' | _, _ => [] end.
Definition ofD (w : I.t) (d : double) : ball :=
  let s := (snd d + [w])%Z in
  if (0 <=? s)%Z then (I.shl (I.of_Z (fst d)) (I.of_Z s), c0)
  else (I.shr (I.of_Z (fst d)) (I.of_Z (- s)), c1).
End BallDefF.
Module Type BallDefT (I : INT).
Include BallDefF I.
End BallDefT.
