(* SPDX-License-Identifier: Apache-2.0 *)
(* Theorem A of theorem_a.md: one output, feedback alignment, matrix norms. If (A.3), (A.10) and (A.11) hold at the
   checkpoint, then (A.12) - (A.15) hold at every later step (theorem_A), every single step has the rate (one_step_rate;
   step 8 of the proof), and the error tends to 0 (error_limit). The cosine of b and beta(t) lies between the ends (A.23)
   (cosine_bracket).

   It is derived from Theorem A_k of theorem_a_variants.md, section 12, for k = 1 (theorem_A_rate): the rate m0 at the
   checkpoint is any number with (A.29), and the condition is (A.36). The spectra (A.3) are quadratic forms: M_min I <= M
   stands for M_min |x|^2 <= <x, M x> for all x. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms Network Recursion.
Open Scope R_scope.

(* A checkpoint, its run and the numbers of section 1. A t and beta t are the run, any A and beta with (A.1), counted from
   the checkpoint. Gs is a number with G <= Gs^2 I, so sqrt(G_max) of the page; om is explained in Network.v. *)
Record setting := {
  n : nat; p : nat; K : mat; y : vec; b : vec;
  psi : nat -> nat -> R -> R; dpsi : nat -> nat -> R -> R;
  L1 : R; L2 : R; eta : R; Kn : R; kmax : R; Gs : R; Q : R; om : R;
  A : nat -> mat; beta : nat -> vec }.

Record setting_ok (s : setting) : Prop := {
  ok_n : (0 < n s)%nat; ok_p : (0 < p s)%nat; ok_eta : 0 < eta s;
  ok_Ksym : symm (n s) (K s);
  ok_Kform : forall x, Rabs (quad (n s) (K s) x) <= Kn s * dot (n s) x x;
  ok_Kn : 0 <= Kn s;
  ok_kmax : forall i, (i < n s)%nat -> nrm (n s) (K s i) <= kmax s; ok_kmax0 : 0 <= kmax s;
  ok_act : activation_ok (psi s) (dpsi s) (L1 s) (L2 s); ok_L1 : 0 <= L1 s; ok_L2 : 0 <= L2 s;
  ok_runA : run_A (n s) (p s) (K s) (y s) (b s) (psi s) (dpsi s) (eta s) (A s) (beta s);
  ok_runb : run_beta (n s) (p s) (y s) (psi s) (eta s) (A s) (beta s);
  ok_Gs0 : 0 <= Gs s;
  ok_Gs : forall x, quad (n s) (G (p s) (psi s) (A s) 0) x <= Gs s * Gs s * dot (n s) x x;
  ok_om : 1 / 2 <= om s;
  ok_Q : sum (p s) (fun r => Rabs (beta s 0%nat r) * (b s r * b s r)) <= INR (p s) * Q s }.

Definition err s t := En (n s) (p s) (y s) (psi s) (A s) (beta s) t.                                     (* |e(t)| *)
Definition acc s t := S_ (n s) (p s) (y s) (psi s) (eta s) (A s) (beta s) t.                             (* S_t *)
Definition Mat s t := M (p s) (K s) (b s) (psi s) (dpsi s) (A s) (beta s) t.                             (* M(t) *)
Definition drift s := DD (p s) (b s) (L1 s) (L2 s) (Kn s) (kmax s) (Gs s) (om s) (Q s).                  (* D(S) = dG + dH *)
Definition rem s := Cv (n s) (p s) (K s) (b s) (L1 s) (L2 s) (Kn s) (Gs s) (om s) (Q s).                 (* Cv(S) *)
Definition rhoR s := rho (p s) (b s) (L1 s) (Kn s) (Gs s) (om s).                                        (* rho(S) *)
Definition pt s := sqrt (INR (p s)).
Definition sb s := nrm (p s) (b s) / pt s.                                                               (* sqrt(B2) *)

(* |I - eta M| <= 1 - eta m0 and 0 < eta m0 <= 1 at the checkpoint: (A.29) *)
Record rate_at_checkpoint (s : setting) (m0 : R) : Prop := {
  rate_pos : 0 < eta s * m0; rate_le_1 : eta s * m0 <= 1;
  rate_norm : forall x, nrm (n s) (fun i => x i - eta s * mulv (n s) (Mat s 0) x i) <= (1 - eta s * m0) * nrm (n s) x }.

(* (A.13) - (A.15) with S for R *)
Definition displaced (s : setting) (S : R) (t : nat) : Prop :=
  nrm (p s) (fun r => beta s t r - beta s 0%nat r) <= rhoR s S /\
  frob (p s) (n s) (fun r i => A s t r i - A s 0%nat r i) <= L1 s * sb s * Kn s * S /\
  forall r i, (r < p s)%nat -> (i < n s)%nat ->
    Rabs (A s t r i - A s 0%nat r i) <= Rabs (b s r) * L1 s * nrm (n s) (K s i) / pt s * S.

Section Setting.
Variable s : setting.
Hypothesis H : setting_ok s.

Lemma Gs_op x : nrm (p s) (mulv (n s) (Psi (psi s) (A s) 0) x) <= rp (p s) * (Gs s * nrm (n s) x).
Proof. assert (Rp := rp_pos (p s) (ok_p s H)). assert (Ip := INRp (p s) (ok_p s H)).
  assert (X := nrm_pos (n s) x). assert (G0 := ok_Gs0 s H).
  apply nrm_le_sq; [pos|]. assert (T := ok_Gs s H x). unfold quad in T.
  rewrite bil_G in T; try apply H.
  apply (Rmult_le_compat_r (INR (p s))) in T; [|lra]. unfold Rdiv in T. rewrite Rmult_assoc, Rinv_l, Rmult_1_r in T by lra.
  eapply Rle_trans; [exact T|]. right. rewrite <- nrm_sq, <- (rp_sq (p s)). ring. Qed.

Lemma Q_pos : 0 <= Q s.
Proof. assert (Ip := INRp (p s) (ok_p s H)). assert (T : 0 <= INR (p s) * Q s).
  { eapply Rle_trans; [|apply H]. pos. }
  apply Rmult_le_reg_l with (INR (p s)); lra. Qed.

Let o1 := ok_L1 s H. Let o2 := ok_L2 s H. Let o3 := ok_Kn s H. Let o4 := ok_Gs0 s H. Let o5 := Q_pos. Let o6 := ok_om s H.
Let o7 := ok_kmax0 s H. Let o8 := rp_pos (p s) (ok_p s H). Let o9 := kap_pos (p s) (b s) (L1 s) (Kn s) (ok_p s H) o3.
Let o10 := s0_pos (p s) (b s) (ok_p s H). Let o11 := INRp (p s) (ok_p s H).

Lemma rem_pos x : 0 <= x -> 0 <= rem s x.
Proof. intros. unfold rem, Cv, g1, q, Qbar, v2, rho, koK. pos. Qed.
Lemma drift_pos x : 0 <= x -> 0 <= drift s x.
Proof. intros. unfold drift, DD, dG, dH, h2, q, rho. pos. Qed.
Lemma rho_mono x x' : 0 <= x <= x' -> rhoR s x <= rhoR s x'.
Proof. intros [Hx Hx']. unfold rhoR, rho. apply Rmult_le_compat; [assumption|pos|assumption|].
  apply Rplus_le_compat_l. apply Rmult_le_compat_l; [pos|assumption]. Qed.
Lemma rem_mono x x' : 0 <= x <= x' -> rem s x <= rem s x'.
Proof. intros X. assert (R := rho_mono x x' X). destruct X as [Hx Hx']. unfold rem, Cv, g1, q, Qbar, koK.
  assert (Hv : 0 <= v2 (n s) (p s) (K s) (L1 s) (L2 s)) by (unfold v2, koK; pos).
  apply Rplus_le_compat; apply Rmult_le_compat_l; try pos; apply Rplus_le_compat_l; apply Rmult_le_compat_l; try pos;
    assumption. Qed.
Lemma drift_mono x x' : 0 <= x <= x' -> drift s x <= drift s x'.
Proof. intros X. assert (R := rho_mono x x' X). destruct X as [Hx Hx']. unfold drift, DD, dG, dH, h2, q.
  set (k := kap (p s) (b s) (L1 s) (Kn s)) in *.
  assert (qm : k * x <= k * x') by (apply Rmult_le_compat_l; assumption).
  repeat apply Rplus_le_compat.
  - apply Rmult_le_compat_l; [pos|assumption].
  - apply Rmult_le_compat; try assumption; pos.
  - unfold Rdiv. apply Rmult_le_compat_r; [pos|]. apply Rmult_le_compat_l; [pos|exact R].
  - apply Rmult_le_compat_l; [|assumption]. pos. Qed.

Lemma M_sym : symm (n s) (Mat s 0).
Proof. intros i j Hi Hj. unfold Mat, M, Network.G, Network.H. rewrite (ok_Ksym s H i j Hi Hj).
  f_equal; unfold Rdiv; f_equal; apply sum_ext; intros; ring. Qed.

(* Lemma 1: the displacements, and the recursion (A.35), with whatever bounds the accumulated error. *)
Lemma acc_pos t : 0 <= acc s t.
Proof. apply S_pos; apply H. Qed.
Lemma displaced_by S t : acc s t <= S -> displaced s S t.
Proof.
  intros HS. assert (Sp := acc_pos t). split; [|split].
  - apply Rle_trans with (rhoR s (acc s t)).
    + apply (beta_drift (n s) (p s) (K s) (y s) (b s) (psi s) (dpsi s) (L1 s) (L2 s) (eta s) (Kn s)); try apply H.
      apply Gs_op.
    + now apply rho_mono.
  - eapply Rle_trans; [apply (A_frob (n s) (p s) (K s) (y s) (b s) (psi s) (dpsi s) (L1 s) (L2 s) (eta s) (Kn s)); apply H|].
    apply Rmult_le_compat_l; [|exact HS]. pos.
  - intros r i Hr Hi.
    eapply Rle_trans; [apply (A_entry (n s) (p s) (K s) (y s) (b s) (psi s) (dpsi s) (L1 s) (L2 s) (eta s)); try apply H;
      assumption|].
    apply Rmult_le_compat_l; [|exact HS]. unfold kk. pos. Qed.

Variable m0 : R.
Hypothesis A29 : rate_at_checkpoint s m0.
Lemma error_step t : err s (S t) <= (1 - eta s * (m0 - drift s (acc s t) - eta s * rem s (acc s t) * err s t)) * err s t.
Proof.
  apply (one_step (n s) (p s) (K s) (y s) (b s) (psi s) (dpsi s) (L1 s) (L2 s) (eta s) (Kn s) (kmax s) (A s) (beta s));
    try apply H; try assumption; [apply Gs_op|apply A29]. Qed.

(* Theorem A_k for k = 1 *)
Variable alpha : R.
Hypothesis alpha_pos : 0 < alpha.
Let E := err s 0.
Let R := E / alpha.
Theorem theorem_A_rate : m0 - drift s R - eta s * rem s R * E >= alpha ->                                (* A.36 *)
  forall t, err s t <= (1 - eta s * alpha) ^ t * E /\ acc s t + err s t / alpha <= R /\
    err s (S t) <= (1 - eta s * alpha) * err s t /\ displaced s R t.
Proof.
  intros A36 t.
  destruct (sum_form (err s) (eta s) m0 alpha (drift s) (rem s)) with (t := t) as (T1 & T2 & T3);
    try assumption; try apply H; try apply A29; [intros; apply En_pos|exact error_step|exact rem_pos|exact drift_pos|
      exact drift_mono|exact rem_mono|].
  repeat split; try assumption; apply displaced_by; change (acc s t + err s t / alpha <= R) in T2;
    assert (0 <= err s t / alpha) by (apply Rdiv_pos; [apply En_pos|assumption]); lra. Qed.
End Setting.

(* For symmetric M, (A.29) is m0 <= M_min and eta (M_max + m0) <= 2; that eta m0 <= 1 follows from M_min <= M_max. *)
Lemma rate_of_spectrum s m0 Mmin Mmax : setting_ok s -> 0 < m0 ->
  (forall x, Mmin * dot (n s) x x <= quad (n s) (Mat s 0) x) -> (forall x, quad (n s) (Mat s 0) x <= Mmax * dot (n s) x x) ->
  m0 <= Mmin -> eta s * (Mmax + m0) <= 2 -> rate_at_checkpoint s m0.
Proof.
  intros H m0p lo hi L U. assert (et := ok_eta s H).
  assert (MM := form_bounds (n s) (Mat s 0) Mmin Mmax (ok_n s H) lo hi).
  assert (T : eta s * (m0 + m0) <= eta s * (Mmax + m0)) by (apply Rmult_le_compat_l; lra).
  split; [now apply Rmult_lt_0_compat|lra|].
  apply (step_norm (n s) (Mat s 0) (eta s) Mmin Mmax m0); try assumption; [now apply M_sym|lra|auto]. Qed.

Section TheoremA.
Variable s : setting.
Hypothesis H : setting_ok s.
Variables alpha Mmin Mmax : R.
Hypothesis alpha_pos : 0 < alpha.
Hypothesis Mmin_ok : forall x, Mmin * dot (n s) x x <= quad (n s) (Mat s 0) x.
Hypothesis Mmax_ok : forall x, quad (n s) (Mat s 0) x <= Mmax * dot (n s) x x.
Let E := err s 0.
Let R := E / alpha.
Hypothesis A10 : Mmin - drift s R - eta s * rem s R * E >= alpha.
Hypothesis A11 : eta s * (Mmax + drift s R) <= 2 - eta s * alpha - eta s * eta s * rem s R * E.

Lemma E_pos : 0 <= E.  Proof. apply En_pos. Qed.
Lemma R_pos : 0 <= R.  Proof. apply Rdiv_pos; [apply E_pos|assumption]. Qed.

(* (A.10) and (A.11) say that m0 = alpha + D(R) + eta Cv(R) E is a rate at the checkpoint; with it (A.36) is an equality. *)
Let m0 := alpha + drift s R + eta s * rem s R * E.
Let losses : 0 <= drift s R /\ 0 <= eta s * rem s R * E.
Proof.
  assert (Rp := R_pos). assert (Ep := E_pos). assert (D0 := drift_pos s H R Rp). assert (C0 := rem_pos s H R Rp).
  assert (et := ok_eta s H). split; [assumption|pos]. Qed.
Let A29 : rate_at_checkpoint s m0.
Proof.
  destruct losses as [D0 C0]. apply (rate_of_spectrum s m0 Mmin Mmax); try assumption; unfold m0; lra. Qed.
Let A36 : m0 - drift s R - eta s * rem s R * E >= alpha.
Proof. unfold m0. lra. Qed.

Lemma decay t : err s t <= (1 - eta s * alpha) ^ t * E /\ acc s t + err s t / alpha <= R /\
  err s (S t) <= (1 - eta s * alpha) * err s t.
Proof. destruct (theorem_A_rate s H m0 A29 alpha alpha_pos A36 t) as (T1 & T2 & T3 & _). now repeat split. Qed.
Lemma acc_le t : 0 <= acc s t <= R.
Proof.
  destruct (decay t) as (_ & T & _). assert (0 <= err s t / alpha) by (apply Rdiv_pos; [apply En_pos|assumption]).
  split; [now apply acc_pos|lra]. Qed.

(* (A.12) - (A.15) *)
Theorem theorem_A : forall t,
  err s t <= (1 - eta s * alpha) ^ t * E /\
  nrm (p s) (fun r => beta s t r - beta s 0%nat r) <= rhoR s R /\
  frob (p s) (n s) (fun r i => A s t r i - A s 0%nat r i) <= L1 s * sb s * Kn s * R /\
  forall r i, (r < p s)%nat -> (i < n s)%nat ->
    Rabs (A s t r i - A s 0%nat r i) <= Rabs (b s r) * L1 s * nrm (n s) (K s i) / pt s * R.
Proof. intros t. split; [apply decay|]. exact (displaced_by s H R t (proj2 (acc_le t))). Qed.

Theorem one_step_rate t : err s (S t) <= (1 - eta s * alpha) * err s t.
Proof. apply decay. Qed.

(* step 0 of the proof: 0 <= 1 - eta alpha < 1 *)
Lemma rate_range : 0 <= 1 - eta s * alpha < 1.
Proof.
  assert (et := ok_eta s H). assert (0 < eta s * alpha) by now apply Rmult_lt_0_compat. split; [|lra].
  destruct losses as [D0 C0]. assert (T := rate_le_1 s m0 A29).
  assert (eta s * alpha <= eta s * m0) by (apply Rmult_le_compat_l; unfold m0; lra). lra. Qed.
Theorem error_limit : Un_cv (err s) 0.
Proof.
  assert (T := rate_range). assert (Ep := E_pos).
  apply (geometric_limit (err s) (1 - eta s * alpha) E T Ep). intros t. split; [apply En_pos|apply decay]. Qed.
End TheoremA.

(* (A.23): the cosine of b and beta(t), with |beta(t) - beta(0)| <= rho < |beta(0)|; then beta(t) is not 0. *)
Definition cosv n (x z : vec) := dot n x z / (nrm n x * nrm n z).
(* the least and the largest quotient of two intervals, the second positive: the table of section 5 *)
Lemma quot_bracket sp N x z rho : 0 <= rho < N -> sp - rho <= x <= sp + rho -> N - rho <= z <= N + rho ->
  Rmin ((sp - rho) / (N - rho)) ((sp - rho) / (N + rho)) <= x / z <= Rmax ((sp + rho) / (N - rho)) ((sp + rho) / (N + rho)).
Proof. intros [R0 R1] [X1 X2] [Z1 Z2].
  assert (Zp : 0 < z) by lra. assert (I1 : / z <= / (N - rho)) by (apply Rinv_le_contravar; lra).
  assert (I2 : / (N + rho) <= / z) by (apply Rinv_le_contravar; lra).
  assert (Iz : 0 < / z) by now apply Rinv_0_lt_compat. unfold Rdiv. split.
  - apply Rle_trans with ((sp - rho) * / z); [|apply Rmult_le_compat_r; lra].
    destruct (Rle_dec 0 (sp - rho)).
    + eapply Rle_trans; [apply Rmin_r|]. now apply Rmult_le_compat_l.
    + eapply Rle_trans; [apply Rmin_l|]. apply Rmult_le_compat_neg_l; lra.
  - apply Rle_trans with ((sp + rho) * / z); [apply Rmult_le_compat_r; lra|].
    destruct (Rle_dec 0 (sp + rho)).
    + eapply Rle_trans; [|apply Rmax_l]. now apply Rmult_le_compat_l.
    + eapply Rle_trans; [|apply Rmax_r]. apply Rmult_le_compat_neg_l; lra. Qed.

Lemma norm_bracket p (beta0 betat : vec) rho : nrm p (fun r => betat r - beta0 r) <= rho ->
  nrm p beta0 - rho <= nrm p betat <= nrm p beta0 + rho.
Proof.
  intros U. split.
  - assert (T := nrm_sub_low p beta0 betat). lra.
  - assert (T := nrm_add p beta0 (fun r => betat r - beta0 r)). cbv beta in T.
    rewrite (nrm_ext p (fun i => beta0 i + (betat i - beta0 i)) betat) in T by (intros; ring). lra. Qed.
Theorem cosine_bracket p (b beta0 betat : vec) rho : 0 < nrm p b -> 0 <= rho < nrm p beta0 ->
  nrm p (fun r => betat r - beta0 r) <= rho ->
  let sp := dot p b beta0 / nrm p b in let N := nrm p beta0 in
  Rmin ((sp - rho) / (N - rho)) ((sp - rho) / (N + rho)) <= cosv p b betat
    <= Rmax ((sp + rho) / (N - rho)) ((sp + rho) / (N + rho)).
Proof.
  intros B [R0 R1] U sp N. destruct (norm_bracket p beta0 betat rho U) as [Zl Zu]. fold N in Zl, Zu.
  assert (X : Rabs (dot p b betat / nrm p b - sp) <= rho).
  { unfold sp. replace (dot p b betat / nrm p b - dot p b beta0 / nrm p b) with (dot p b (fun r => betat r
    - beta0 r) / nrm p b)
      by (rewrite dot_sub_r; field; lra).
    unfold Rdiv. rewrite Rabs_mult, (Rabs_right (/ nrm p b)) by (left; now apply Rinv_0_lt_compat).
    apply Rmult_le_reg_r with (nrm p b); [assumption|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    eapply Rle_trans; [apply dot_CS|]. rewrite Rmult_comm. now apply Rmult_le_compat_r; [lra|]. }
  apply Rabs_le_inv in X.
  replace (cosv p b betat) with (dot p b betat / nrm p b / nrm p betat).
  2:{ unfold cosv. field. unfold N in *. split; lra. }
  apply quot_bracket; unfold N in *; split; lra. Qed.
