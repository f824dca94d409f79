(* SPDX-License-Identifier: Apache-2.0 *)
(* Integers behind the checker: Z (no axioms), BigZ (machine words), or Zarith after extraction. *)
Require Import ZArith Bool.
Open Scope Z_scope.
Module Type INT.
  Parameter t : Type.
  Parameter to_Z : t -> Z.
  Parameter of_Z : Z -> t.
  Parameter add sub mul div shl shr max : t -> t -> t.
  Parameter opp abs sqrt log2 : t -> t.
  Parameter ltb leb : t -> t -> bool.
  Axiom of_ok : forall z, to_Z (of_Z z) = z.
  Axiom add_ok : forall a b, to_Z (add a b) = to_Z a + to_Z b.
  Axiom sub_ok : forall a b, to_Z (sub a b) = to_Z a - to_Z b.
  Axiom mul_ok : forall a b, to_Z (mul a b) = to_Z a * to_Z b.
  Axiom div_ok : forall a b, to_Z (div a b) = to_Z a / to_Z b.
  Axiom shl_ok : forall a b, to_Z (shl a b) = Z.shiftl (to_Z a) (to_Z b).
  Axiom shr_ok : forall a b, to_Z (shr a b) = Z.shiftr (to_Z a) (to_Z b).
  Axiom max_ok : forall a b, to_Z (max a b) = Z.max (to_Z a) (to_Z b).
  Axiom opp_ok : forall a, to_Z (opp a) = - to_Z a.
  Axiom abs_ok : forall a, to_Z (abs a) = Z.abs (to_Z a).
  Axiom sqrt_ok : forall a, to_Z (sqrt a) = Z.sqrt (to_Z a).
  Axiom log2_ok : forall a, to_Z (log2 a) = Z.log2 (to_Z a).
  Axiom ltb_ok : forall a b, ltb a b = (to_Z a <? to_Z b).
  Axiom leb_ok : forall a b, leb a b = (to_Z a <=? to_Z b).
End INT.

Module ZInt <: INT.
  Definition t := Z.
  Definition to_Z (z : Z) := z.
  Definition of_Z (z : Z) := z.
  Definition add := Z.add. Definition sub := Z.sub. Definition mul := Z.mul. Definition div := Z.div.
  Definition shl := Z.shiftl. Definition shr := Z.shiftr. Definition max := Z.max.
  Definition opp := Z.opp. Definition abs := Z.abs. Definition sqrt := Z.sqrt. Definition log2 := Z.log2.
  Definition ltb := Z.ltb. Definition leb := Z.leb.
  Lemma of_ok z : to_Z (of_Z z) = z. Proof. reflexivity. Qed.
  Lemma add_ok a b : to_Z (add a b) = to_Z a + to_Z b. Proof. reflexivity. Qed.
  Lemma sub_ok a b : to_Z (sub a b) = to_Z a - to_Z b. Proof. reflexivity. Qed.
  Lemma mul_ok a b : to_Z (mul a b) = to_Z a * to_Z b. Proof. reflexivity. Qed.
  Lemma div_ok a b : to_Z (div a b) = to_Z a / to_Z b. Proof. reflexivity. Qed.
  Lemma shl_ok a b : to_Z (shl a b) = Z.shiftl (to_Z a) (to_Z b). Proof. reflexivity. Qed.
  Lemma shr_ok a b : to_Z (shr a b) = Z.shiftr (to_Z a) (to_Z b). Proof. reflexivity. Qed.
  Lemma max_ok a b : to_Z (max a b) = Z.max (to_Z a) (to_Z b). Proof. reflexivity. Qed.
  Lemma opp_ok a : to_Z (opp a) = - to_Z a. Proof. reflexivity. Qed.
  Lemma abs_ok a : to_Z (abs a) = Z.abs (to_Z a). Proof. reflexivity. Qed.
  Lemma sqrt_ok a : to_Z (sqrt a) = Z.sqrt (to_Z a). Proof. reflexivity. Qed.
  Lemma log2_ok a : to_Z (log2 a) = Z.log2 (to_Z a). Proof. reflexivity. Qed.
  Lemma ltb_ok a b : ltb a b = (to_Z a <? to_Z b). Proof. reflexivity. Qed.
  Lemma leb_ok a b : leb a b = (to_Z a <=? to_Z b). Proof. reflexivity. Qed.
End ZInt.
