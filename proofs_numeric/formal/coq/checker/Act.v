(* SPDX-License-Identifier: Apache-2.0 *)
(* The evaluators of the activations (ActDef.v) are sound: `activate` encloses psi and psi' at every point of its ball,
   `L1B` and `L2B` enclose constants L1 and L2 with which psi has the properties that Theorem A asks for
   (reports/docs/activations.md). *)
Require Import ZArith Reals Lra Lia Psatz List Bool.
From Alignproof Require Import Sums Network FrozenSigns Calculus Exponential Tanh Sigmoid Erf Gelu Softplus Integers
  Certificate BallDef ElementaryDef
  SmoothDef ActDef Ball Elementary Smooth.
Open Scope R_scope.

(* What the names mean. relu has L1 = 1 and L2 = 0 in the network with frozen signs (A.48). *)
Definition psiR (a : activation) : R -> R :=
  match a with Identity => fun x => x | Certificate.Tanh => tanh | Certificate.Sigmoid => sigmoid | Relu => relu
  | Certificate.Erf => erf | Certificate.Gelu => gelu | Certificate.Softplus => softplus end.
Definition dpsiR (a : activation) : R -> R :=
  match a with Identity => fun _ => 1 | Certificate.Tanh => dtanh | Certificate.Sigmoid => dsigmoid | Relu => drelu
  | Certificate.Erf => derf | Certificate.Gelu => dgelu | Certificate.Softplus => sigmoid end.
Definition L1R (a : activation) : R :=
  match a with Identity | Certificate.Tanh | Relu | Certificate.Softplus => 1 | Certificate.Sigmoid => 1
    / 4 | Certificate.Erf => L1erf
  | Certificate.Gelu => L1gelu end.
Definition L2R (a : activation) : R :=
  match a with Identity | Relu => 0 | Certificate.Tanh => L2tanh | Certificate.Sigmoid => L2sigmoid
  | Certificate.Erf => L2erf | Certificate.Gelu => L2gelu | Certificate.Softplus => 1 / 4 end.

Lemma identity_ok : activation_ok (fun _ _ x => x) (fun _ _ _ => 1) 1 0.
Proof. split; intros.
  - rewrite Rabs_R1. lra.
  - lra.
  - unfold Rminus. rewrite Rplus_opp_r, Rabs_R0. lra.
  - replace (u + h - u - 1 * h) with 0 by ring. rewrite Rabs_R0. lra. Qed.

Module ActF (I : INT) (Import D : BallDefT I) (Import A : ActDefT I D).
Module EP := ElementaryF I D A.E.
Module P := EP.P.
Module SP := SmoothF I D A.E A.S.
Import EP P.
Lemma smooth_ok a : frozen_signs a = false -> activation_ok (fun _ _ => psiR a) (fun _ _ => dpsiR a) (L1R a) (L2R a).
Proof. destruct a; intros H; [apply identity_ok|apply tanh_ok|apply sigmoid_ok|discriminate|apply erf_ok|apply gelu_ok|
  apply softplus_ok]. Qed.

Section W.
Variable w : I.t.
Hypothesis w_pos : (0 <= I.to_Z w)%Z.

Lemma in_dtanh u x : inB w u (tanh x) -> inB w (dtanhB w u) (dtanh x).
Proof. intros. unfold dtanhB, dtanh. apply in_sub; [now apply in_one|now apply in_mul]. Qed.
Lemma in_sigmoid a x : inB w a x -> inB w (sigmoidB w a) (sigmoid x).
Proof. intros H. unfold sigmoidB. set (v := I.add w c1).
  assert (Ev : I.to_Z v = (I.to_Z w + 1)%Z) by (unfold v, c1; rewrite I.add_ok, I.of_ok; reflexivity).
  assert (Hv : (0 <= I.to_Z v)%Z) by lia. set (V := I.add w c2).
  assert (EV : I.to_Z V = (I.to_Z w + I.to_Z c2)%Z) by (unfold V; now rewrite I.add_ok).
  assert (E2 : I.to_Z c2 = 2%Z) by (unfold c2; now rewrite I.of_ok).
  apply (in_rescale w c2 V); [assumption|lia|assumption|]. rewrite sigmoid_tanh.
  apply (in_halved v V); [assumption|lia|]. apply in_add; [now apply in_one|]. apply in_tanh; [assumption|].
    now apply (in_halved w). Qed.
Lemma in_dsigmoid s x : inB w s (sigmoid x) -> inB w (dsigmoidB w s) (dsigmoid x).
Proof. intros. unfold dsigmoidB, dsigmoid. apply in_mul; try assumption. apply in_sub; [now apply in_one|assumption]. Qed.

Lemma in_upto e x : 0 <= x * sc w <= IZR (I.to_Z e) -> inB w (upto e) x.
Proof. intros H. unfold upto, inB, fst, snd. rewrite I.sub_ok, I.shr_ok. unfold c1. rewrite I.of_ok, minus_IZR.
  assert (F := shr_floor (I.to_Z e) 1 ltac:(lia)). change (2 ^ 1)%Z with 2%Z in F. apply Rabs_le. lra. Qed.
Lemma in_relu a x : inB w a x -> inB w (fst (reluB w a)) (relu x) /\ inB w (snd (reluB w a)) (drelu x).
Proof. intros H. assert (S := sc_pos w w_pos). unfold reluB, relu, drelu. destruct (posb a) eqn:Hp.
  - assert (X := pos_ok w w_pos _ _ H Hp). rewrite Rmax_left by lra. destruct (Rlt_dec 0 x); [|lra].
    split; [assumption|now apply in_one].
  - rewrite I.leb_ok, I.add_ok. unfold c0 at 1 2. rewrite I.of_ok.
    assert (Hx : x * sc w <= IZR (I.to_Z (fst a) + I.to_Z (snd a))).
    { unfold inB in H. apply Rabs_le_inv in H. rewrite plus_IZR. lra. }
    destruct (Z.leb_spec (I.to_Z (fst a) + I.to_Z (snd a)) 0) as [T|T].
    + apply IZR_le in T. assert (X : x <= 0) by (apply Rmult_le_reg_r with (sc w); lra). rewrite Rmax_right by lra.
      destruct (Rlt_dec 0 x); [lra|]. split; apply in_b0.
    + apply IZR_lt in T. split; apply in_upto.
      * rewrite I.add_ok. unfold Rmax. destruct (Rle_dec x 0); nra.
      * rewrite I.shl_ok, shl_mul by assumption. fold (sc w). unfold c1. rewrite I.of_ok. destruct (Rlt_dec 0 x); lra. Qed.
End W.

Theorem in_activate a w u x : (0 <= I.to_Z w)%Z -> inB w u x ->
  inB w (fst (activate a w u)) (psiR a x) /\ inB w (snd (activate a w u)) (dpsiR a x).
Proof. intros Hw Hu. destruct a; cbn [activate fst snd psiR dpsiR].
  - split; [assumption|]. now apply in_one.
  - assert (T := in_tanh w Hw u x Hu). split; [exact T|]. now apply in_dtanh.
  - assert (T := in_sigmoid w Hw u x Hu). split; [exact T|]. now apply in_dsigmoid.
  - now apply in_relu.
  - exact (SP.in_erf w u x Hw Hu).
  - exact (SP.in_gelu w u x Hw Hu).
  - exact (SP.in_softplus w u x Hw Hu). Qed.
Lemma in_quotient w k j : (0 <= I.to_Z w)%Z -> (0 < j)%Z -> inB w (divk (I.of_Z j) (ofInt w (I.of_Z k))) (IZR k / IZR j).
Proof. intros Hw Hj. apply (in_ext w _ (IZR (I.to_Z (I.of_Z k)) / IZR (I.to_Z (I.of_Z j)))); [now rewrite !I.of_ok|].
  apply in_divk; [rewrite I.of_ok; lia|now apply in_ofInt]. Qed.
Lemma in_L1B a w : (0 <= I.to_Z w)%Z -> inB w (L1B a w) (L1R a).
Proof. intros Hw. destruct a; try (now apply in_one); [now apply (in_quotient w 1 4)|now apply in_quotient..]. Qed.
Lemma in_L2B a w : (0 <= I.to_Z w)%Z -> inB w (L2B a w) (L2R a).
Proof. intros Hw. destruct a; try apply in_b0; now apply in_quotient. Qed.
End ActF.
