(* SPDX-License-Identifier: Apache-2.0 *)
(* What a certificate that is written as a Coq file stands on: the checker by its routes, at the first of some precisions
   at which it answers Proved. Any precision proves the theorem. *)
Require Import ZArith List.
From Alignproof Require Export Instances.
From Alignproof Require Import Certificate.
Import ListNotations.

Fixpoint accepted_at (check : Z -> outcome) (precisions : list Z) : bool :=
  match precisions with
  | [] => false
  | w :: rest => match check w with Proved => true | Open _ _ => accepted_at check rest end
  end.
Lemma accepted_at_one check precisions : accepted_at check precisions = true -> exists w, check w = Proved.
Proof. induction precisions as [|w rest IH]; simpl; [discriminate|]. destruct (check w) eqn:E; [now exists w|exact IH]. Qed.
