(* SPDX-License-Identifier: Apache-2.0 *)
(* The evaluators of the activations enclose psi and psi'. *)
Require Import ZArith Reals Lra Lia Psatz List Bool.
From Alignproof Require Import Sums Network Calculus Exponential Tanh Integers Certificate BallDef ActDef Ball.
Open Scope R_scope.

(* what the names mean *)
Definition psiR (a : activation) : R -> R := match a with Identity => fun x => x | Certificate.Tanh => tanh end.
Definition dpsiR (a : activation) : R -> R := match a with Identity => fun _ => 1 | Certificate.Tanh => dtanh end.
Definition L1R (a : activation) : R := match a with Identity | Certificate.Tanh => 1 end.
Definition L2R (a : activation) : R := match a with Identity => 0 | Certificate.Tanh => L2tanh end.

Module ActF (I : INT) (Import D : BallDefT I) (Import A : ActDefT I D).
Module P := BallF I D.
Import P.
Lemma smooth_ok a : frozen_signs a = false -> activation_ok (fun _ _ => psiR a) (fun _ _ => dpsiR a) (L1R a) (L2R a).
Proof. intros _. destruct a; [|apply tanh_ok].
  split; intros; unfold psiR, dpsiR, L1R, L2R.
  - rewrite Rabs_R1. lra.
  - lra.
  - unfold Rminus. rewrite Rplus_opp_r, Rabs_R0. lra.
  - replace (u + h - u - 1 * h) with 0 by ring. rewrite Rabs_R0. lra. Qed.
Lemma in_activate a w u x : (0 <= I.to_Z w)%Z -> inB w u x -> inB w (fst (activate a w u)) (psiR a x) /\ inB w (snd (activate a w u)) (dpsiR a x).
Proof. intros Hw Hu. destruct a; cbn [activate fst snd psiR dpsiR].
  - split; [assumption|]. now apply in_one.
  - assert (T := in_tanh (terms w) w u x Hw Hu). split; [exact T|]. now apply in_dtanh. Qed.
Lemma in_L1B a w : (0 <= I.to_Z w)%Z -> inB w (L1B a w) (L1R a).
Proof. intros Hw. destruct a; now apply in_one. Qed.
Lemma in_L2B a w : (0 <= I.to_Z w)%Z -> inB w (L2B a w) (L2R a).
Proof. intros Hw. destruct a; cbn [L2B L2R]; [apply in_b0|].
  apply (in_ext w _ (IZR (I.to_Z (I.of_Z 76980036)) / IZR (I.to_Z (I.of_Z 100000000)))); [rewrite !I.of_ok; reflexivity|].
  apply in_divk; try assumption; [rewrite I.of_ok; lia|now apply in_ofInt]. Qed.
End ActF.
