(* SPDX-License-Identifier: Apache-2.0 *)
(* psi and psi' of every activation on balls, and upper bounds of its constants L1, L2. *)
Require Import ZArith List Bool.
From Alignproof Require Import Integers Certificate BallDef.
Import ListNotations.

Module ActDefF (I : INT) (Import B : BallDefT I).
(* Terms of the series: enough that its remainder is below a unit at w bits. *)
Definition terms (w : I.t) : nat := S (Z.to_nat (I.to_Z w / 8)).
(* (psi x, psi' x) *)
Definition activate (psi : activation) (w : I.t) (x : ball) : ball * ball :=
  match psi with
  | Identity => (x, one w)
  | Tanh => let u := tanhB (terms w) w x in (u, dtanhB w u)
  end.
(* at least |psi'|, and a Lipschitz constant of psi' *)
Definition L1B (psi : activation) (w : I.t) : ball := match psi with Identity | Tanh => one w end.
Definition L2B (psi : activation) (w : I.t) : ball :=
  match psi with
  | Identity => b0
  | Tanh => divk (I.of_Z 100000000) (ofInt w (I.of_Z 76980036))
  end.
(* psi has a kink, and Theorem A needs the margins of the signs *)
Definition frozen_signs (psi : activation) : bool := match psi with Identity | Tanh => false end.
End ActDefF.
Module Type ActDefT (I : INT) (B : BallDefT I).
Include ActDefF I B.
End ActDefT.
