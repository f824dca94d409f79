(* SPDX-License-Identifier: Apache-2.0 *)
(* Theorem A_ReLU (A.48), one output: the run equals that of the network with frozen signs. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms Network TheoremA.
Open Scope R_scope.
Definition relu u := Rmax u 0.
Definition drelu u := if Rlt_dec 0 u then 1 else 0.

Section Relu.
Variables n p : nat.
Variable K : mat.
Variables y b : vec.
Variable eta : R.
Variables A : nat -> mat.
Variable beta : nat -> vec.
Hypothesis runA : run_A n p K y b (fun _ _ => relu) (fun _ _ => drelu) eta A beta.
Hypothesis runb : run_beta n p y (fun _ _ => relu) eta A beta.
Let sg : mat := fun r i => drelu (A 0%nat r i).
Definition fpsi r i u := sg r i * u.
Definition fdpsi r i (_ : R) := sg r i.

Lemma sg_range r i : 0 <= sg r i <= 1.
Proof. unfold sg, drelu. destruct (Rlt_dec 0 (A 0%nat r i)); lra. Qed.
Lemma frozen_ok : activation_ok fpsi fdpsi 1 0.
Proof. split; intros; unfold fpsi, fdpsi; assert (S := sg_range r i).
  - apply Rabs_le. lra.
  - rewrite <- Rmult_minus_distr_l, Rabs_mult, (Rabs_right (sg r i)) by lra. apply Rmult_le_compat_r; [apply Rabs_pos|lra].
  - unfold Rminus. rewrite Rplus_opp_r, Rabs_R0. lra.
  - replace (sg r i * (u + h) - sg r i * u - sg r i * h) with 0 by ring. rewrite Rabs_R0. lra. Qed.

(* the frozen run *)
Fixpoint fr (t : nat) : mat * vec :=
  match t with
  | O => (A 0%nat, beta 0%nat)
  | S u => let (F, g) := fr u in
      let e := fun i => mulvT p (fun r i => fpsi r i (F r i)) g i / rp p - y i in
      (fun r i => F r i - eta / rp p * (b r * mulv n K (fun j => fdpsi r j (F r j) * e j) i),
       fun r => g r - eta / rp p * mulv n (fun r i => fpsi r i (F r i)) e r)
  end.
Definition F t := fst (fr t).
Definition g t := snd (fr t).
Lemma fr_A : run_A n p K y b fpsi fdpsi eta F g.
Proof. intros t r i _ _. unfold F, g. cbn [fr]. destruct (fr t) as [Ft gt] eqn:E. unfold Network.D, Network.e, Network.f, Network.Psi. cbn [fst snd]. rewrite E. reflexivity. Qed.
Lemma fr_b : run_beta n p y fpsi eta F g.
Proof. intros t r _. unfold F, g. cbn [fr]. destruct (fr t) as [Ft gt] eqn:E. unfold Network.e, Network.f, Network.Psi. cbn [fst snd]. rewrite E. reflexivity. Qed.

Variable s : setting.
Hypothesis s_def : TheoremA.n s = n /\ TheoremA.p s = p /\ TheoremA.K s = K /\ TheoremA.y s = y /\ TheoremA.b s = b /\ TheoremA.psi s = fpsi /\
  TheoremA.dpsi s = fdpsi /\ TheoremA.L1 s = 1 /\ TheoremA.eta s = eta /\ TheoremA.A s = F /\ TheoremA.beta s = g.
Variable R : R.
(* the bound (A.15) of the frozen run, from theorem_A *)
Hypothesis moved : forall t r i, (r < p)%nat -> (i < n)%nat ->
  Rabs (F t r i - F 0%nat r i) <= Rabs (b r) * 1 * nrm n (K i) / rp p * R.
(* (A.48) *)
Hypothesis margin : forall r i, (r < p)%nat -> (i < n)%nat -> Rabs (b r) * 1 * nrm n (K i) / rp p * R < Rabs (A 0%nat r i).

Lemma same_sign t r i : (r < p)%nat -> (i < n)%nat -> relu (F t r i) = fpsi r i (F t r i) /\ drelu (F t r i) = sg r i.
Proof. intros Hr Hi. assert (M1 := moved t r i Hr Hi). assert (M2 := margin r i Hr Hi). change (F 0%nat r i) with (A 0%nat r i) in M1.
  unfold relu, fpsi, sg, drelu. assert (M : Rabs (F t r i - A 0%nat r i) < Rabs (A 0%nat r i)) by lra.
  destruct (Rlt_dec 0 (A 0%nat r i)) as [P|P].
  - rewrite (Rabs_right (A 0%nat r i)) in M by lra. apply Rabs_def2 in M. assert (0 < F t r i) by lra.
    rewrite Rmax_left by lra. destruct (Rlt_dec 0 (F t r i)); lra.
  - rewrite (Rabs_left1 (A 0%nat r i)) in M by lra. apply Rabs_def2 in M. assert (F t r i < 0) by lra.
    rewrite Rmax_right by lra. destruct (Rlt_dec 0 (F t r i)); lra. Qed.

Theorem relu_is_frozen t : (forall r i, (r < p)%nat -> (i < n)%nat -> A t r i = F t r i) /\ (forall r, (r < p)%nat -> beta t r = g t r).
Proof. induction t as [|t [IA Ib]]; [split; reflexivity|].
  assert (EP : forall r i, (r < p)%nat -> (i < n)%nat -> Psi (fun _ _ => relu) A t r i = Psi fpsi F t r i).
  { intros r i Hr Hi. unfold Psi. rewrite IA by assumption. now apply same_sign. }
  assert (ED : forall r i, (r < p)%nat -> (i < n)%nat -> Network.D (fun _ _ => drelu) A t r i = Network.D fdpsi F t r i).
  { intros r i Hr Hi. unfold Network.D, fdpsi. rewrite IA by assumption. now apply same_sign. }
  assert (Ee : forall i, (i < n)%nat -> Network.e p y (fun _ _ => relu) A beta t i = Network.e p y fpsi F g t i).
  { intros i Hi. unfold Network.e, Network.f, mulvT. f_equal. f_equal. apply sum_ext. intros r Hr. now rewrite EP, Ib. }
  split.
  - intros r i Hr Hi. rewrite (runA t r i Hr Hi), (fr_A t r i Hr Hi), IA by assumption. f_equal. f_equal. f_equal.
    unfold mulv. apply sum_ext. intros j Hj. now rewrite ED, Ee.
  - intros r Hr. rewrite (runb t r Hr), (fr_b t r Hr), Ib by assumption. f_equal. f_equal.
    unfold mulv. apply sum_ext. intros j Hj. now rewrite EP, Ee. Qed.
End Relu.
