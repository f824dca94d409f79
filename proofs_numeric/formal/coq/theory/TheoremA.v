(* SPDX-License-Identifier: Apache-2.0 *)
(* Theorem A of theorem_a.md: one output, feedback alignment, matrix norms, the step condition (A.11). *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms Network Recursion.
Open Scope R_scope.

(* A checkpoint, its run and the numbers of section 1. The run is any A, beta with (A.1). *)
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

Definition err s t := En (n s) (p s) (y s) (psi s) (A s) (beta s) t.
Definition acc s t := S_ (n s) (p s) (y s) (psi s) (eta s) (A s) (beta s) t.
Definition Mat s t := M (p s) (K s) (b s) (psi s) (dpsi s) (A s) (beta s) t.
Definition drift s := DD (p s) (b s) (L1 s) (L2 s) (Kn s) (kmax s) (Gs s) (om s) (Q s).
Definition rem s := Cv (n s) (p s) (K s) (b s) (L1 s) (L2 s) (Kn s) (Gs s) (om s) (Q s).
Definition rhoR s := rho (p s) (b s) (L1 s) (Kn s) (Gs s) (om s).
Definition pt s := sqrt (INR (p s)).
Definition sb s := nrm (p s) (b s) / pt s.   (* sqrt B2 *)

Section Thm.
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
  apply Rplus_le_compat; apply Rmult_le_compat_l; try pos; apply Rplus_le_compat_l; apply Rmult_le_compat_l; try pos; assumption. Qed.
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

Lemma decay t : err s t <= (1 - eta s * alpha) ^ t * E /\ acc s t + err s t / alpha <= R /\ err s (S t) <= (1 - eta s * alpha) * err s t.
Proof. set (m0 := alpha + drift s R + eta s * rem s R * E).
  assert (Rp := R_pos). assert (Ep := E_pos). assert (Dp := drift_pos R Rp). assert (Cp := rem_pos R Rp).
  assert (et := ok_eta s H). assert (CE : 0 <= eta s * rem s R * E) by pos.
  assert (MM : Mmin <= Mmax).
  { assert (T1 := Mmin_ok (fun i => if Nat.eqb i 0 then 1 else 0)). assert (T2 := Mmax_ok (fun i => if Nat.eqb i 0 then 1 else 0)).
    assert (N1 : dot (n s) (fun i => if Nat.eqb i 0 then 1 else 0) (fun i => if Nat.eqb i 0 then 1 else 0) = 1).
    { assert (Hn := ok_n s H). destruct (n s) as [|k]; [lia|]. clear. unfold dot. induction k as [|k IH]; [simpl; ring|].
      change (sum (S (S k)) ?f) with (sum (S k) f + f (S k)). rewrite IH. simpl. ring. }
    rewrite N1 in T1, T2. lra. }
  assert (L : m0 <= Mmin) by (unfold m0; lra).
  assert (U : eta s * (Mmax + m0) <= 2) by (unfold m0; lra).
  assert (m1 : eta s * m0 <= 1).
  { assert (eta s * m0 <= eta s * Mmax) by (apply Rmult_le_compat_l; lra). lra. }
  assert (rate0 := step_norm (n s) (Mat s 0) (eta s) Mmin Mmax m0 M_sym et m1 L U (fun x => conj (Mmin_ok x) (Mmax_ok x))).
  apply (sum_form (err s) (eta s) m0 alpha (drift s) (rem s)); try assumption.
  - intros. apply En_pos.
  - intros t'. apply (one_step (n s) (p s) (K s) (y s) (b s) (psi s) (dpsi s) (L1 s) (L2 s) (eta s) (Kn s) (kmax s)
       (A s) (beta s)); try apply H; try assumption. apply Gs_op.
  - apply rem_pos.
  - apply drift_pos.
  - apply drift_mono.
  - apply rem_mono.
  - fold E. fold R. unfold m0. lra. Qed.

Lemma acc_le t : 0 <= acc s t <= R.
Proof. destruct (decay t) as (_ & T & _). assert (0 <= err s t / alpha) by (apply Rdiv_pos; [apply En_pos|assumption]).
  split; [apply S_pos; apply H|lra]. Qed.

(* (A.12) - (A.15), and the rate of every single step (claim T1) *)
Theorem theorem_A : forall t,
  err s t <= (1 - eta s * alpha) ^ t * E /\
  nrm (p s) (fun r => beta s t r - beta s 0%nat r) <= rhoR s R /\
  frob (p s) (n s) (fun r i => A s t r i - A s 0%nat r i) <= L1 s * sb s * Kn s * R /\
  forall r i, (r < p s)%nat -> (i < n s)%nat ->
    Rabs (A s t r i - A s 0%nat r i) <= Rabs (b s r) * L1 s * nrm (n s) (K s i) / pt s * R.
Proof. intros t. assert (T := acc_le t). split; [|split; [|split]].
  - apply decay.
  - apply Rle_trans with (rhoR s (acc s t)).
    + apply (beta_drift (n s) (p s) (K s) (y s) (b s) (psi s) (dpsi s) (L1 s) (L2 s) (eta s) (Kn s)); try apply H. apply Gs_op.
    + now apply rho_mono.
  - eapply Rle_trans; [apply (A_frob (n s) (p s) (K s) (y s) (b s) (psi s) (dpsi s) (L1 s) (L2 s) (eta s) (Kn s)); apply H|].
    apply Rmult_le_compat_l; [|apply T]. pos.
  - intros r i Hr Hi.
    eapply Rle_trans; [apply (A_entry (n s) (p s) (K s) (y s) (b s) (psi s) (dpsi s) (L1 s) (L2 s) (eta s)); try apply H; assumption|].
    apply Rmult_le_compat_l; [|apply T]. unfold kk. pos. Qed.

Theorem one_step_rate t : err s (S t) <= (1 - eta s * alpha) * err s t.
Proof. apply decay. Qed.

(* the rate is below 1, so the error tends to 0 *)
Lemma Mmin_le_Mmax : Mmin <= Mmax.
Proof. assert (T1 := Mmin_ok (fun i => if Nat.eqb i 0 then 1 else 0)). assert (T2 := Mmax_ok (fun i => if Nat.eqb i 0 then 1 else 0)).
  assert (N1 : dot (n s) (fun i => if Nat.eqb i 0 then 1 else 0) (fun i => if Nat.eqb i 0 then 1 else 0) = 1).
  { assert (Hn := ok_n s H). destruct (n s) as [|k]; [lia|]. clear. unfold dot. induction k as [|k IH]; [simpl; ring|].
    change (sum (S (S k)) ?f) with (sum (S k) f + f (S k)). rewrite IH. simpl. ring. }
  rewrite N1 in T1, T2. lra. Qed.
Lemma rate_range : 0 <= 1 - eta s * alpha < 1.
Proof. assert (et := ok_eta s H). assert (0 < eta s * alpha) by (apply Rmult_lt_0_compat; assumption).
  assert (Rp := R_pos). assert (Ep := E_pos). assert (Dp := drift_pos R Rp). assert (Cp := rem_pos R Rp).
  assert (CE : 0 <= eta s * rem s R * E) by pos. assert (MM := Mmin_le_Mmax).
  split; [|lra].
  assert (eta s * alpha <= eta s * Mmax) by (apply Rmult_le_compat_l; lra).
  assert (0 <= eta s * drift s R) by pos. assert (0 <= eta s * eta s * rem s R * E) by pos. lra. Qed.
Theorem error_limit : Un_cv (err s) 0.
Proof. assert (T := rate_range).
  intros eps He. destruct (pow_lt_1_zero (1 - eta s * alpha)) with (y := eps / (E + 1)) as [N HN].
  - rewrite Rabs_right; lra.
  - assert (Ep := E_pos). apply Rdiv_lt_0_compat; lra.
  - exists N. intros t Ht. unfold R_dist. rewrite Rminus_0_r.
    assert (P := En_pos (n s) (p s) (y s) (psi s) (A s) (beta s) t). fold (err s t) in P. rewrite Rabs_right by lra.
    specialize (HN t Ht). rewrite Rabs_right in HN by (apply Rle_ge, pow_le; lra).
    destruct (decay t) as [D _]. assert (Ep := E_pos).
    apply (Rmult_lt_compat_r (E + 1)) in HN; [|lra]. unfold Rdiv in HN. rewrite Rmult_assoc, Rinv_l, Rmult_1_r in HN by lra.
    assert (0 <= (1 - eta s * alpha) ^ t) by (apply pow_le; lra). nra. Qed.
End Thm.

(* (A.23): the cosine of b and beta(t), |beta(t) - beta(0)| <= rho < |beta(0)| *)
Definition cosv n (x z : vec) := dot n x z / (nrm n x * nrm n z).
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

Theorem cosine_bracket p (b beta0 betat : vec) rho : 0 < nrm p b -> 0 <= rho < nrm p beta0 ->
  nrm p (fun r => betat r - beta0 r) <= rho ->
  let sp := dot p b beta0 / nrm p b in let N := nrm p beta0 in
  Rmin ((sp - rho) / (N - rho)) ((sp - rho) / (N + rho)) <= cosv p b betat
    <= Rmax ((sp + rho) / (N - rho)) ((sp + rho) / (N + rho)).
Proof. intros B [R0 R1] U sp N.
  assert (Zl : N - rho <= nrm p betat).
  { assert (T := nrm_sub_low p beta0 betat). unfold N. lra. }
  assert (Zu : nrm p betat <= N + rho).
  { assert (T := nrm_add p beta0 (fun r => betat r - beta0 r)). cbv beta in T.
    rewrite (nrm_ext p (fun i => beta0 i + (betat i - beta0 i)) betat) in T by (intros; ring). unfold N. lra. }
  assert (X : Rabs (dot p b betat / nrm p b - sp) <= rho).
  { unfold sp. replace (dot p b betat / nrm p b - dot p b beta0 / nrm p b) with (dot p b (fun r => betat r - beta0 r) / nrm p b)
      by (rewrite dot_sub_r; field; lra).
    unfold Rdiv. rewrite Rabs_mult, (Rabs_right (/ nrm p b)) by (left; now apply Rinv_0_lt_compat).
    apply Rmult_le_reg_r with (nrm p b); [assumption|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    eapply Rle_trans; [apply dot_CS|]. rewrite Rmult_comm. now apply Rmult_le_compat_r; [lra|]. }
  apply Rabs_le_inv in X.
  replace (cosv p b betat) with (dot p b betat / nrm p b / nrm p betat).
  2:{ unfold cosv. field. unfold N in *. split; lra. }
  apply quot_bracket; unfold N in *; split; lra. Qed.
