(* SPDX-License-Identifier: Apache-2.0 *)
(* The sharpenings of theorem_a_variants.md, section 15, for one output and feedback alignment: (b) a maximum instead of a
   sum (A.50), theorem_A_max; (f) the remainder for free (A.51) with D'(0) of (A.52), theorem_A_free; (c) the bootstrap
   (A.53) in its closed form (A.54), theorem_A_bootstrap. Each replaces (A.36): m0 is any rate at the checkpoint, (A.29).

   theorem_A_bootstrap_relu is (c) for a ReLU run, with the margins of section 14 at S*.

   theorem_A_phi is (c) with any decreasing Phi in the place of the closed form; the error inside the bracket of (A.35) is
   bounded by Phi and not by |e(0)|, as in (b) and (c) together. The Riemann sums (A.55), (A.56) are not treated. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms Network Recursion TheoremA FrozenSigns.
Open Scope R_scope.

(* mu x = a - c x - d x^2 decreases and is the slope of -Phi, Phi x = E - a x + c x^2 / 2 + d x^3 / 3 *)
Lemma quadratic_slope E a c d x x' : 0 <= c -> 0 <= d -> 0 <= x <= x' ->
  let mu x := a - c * x - d * (x * x) in
  let Phi x := E - a * x + c * (x * x) / 2 + d * (x * x * x) / 3 in
  mu x' <= mu x /\ mu x' * (x' - x) <= Phi x - Phi x' <= mu x * (x' - x).
Proof.
  intros Hc Hd [H0 H1] mu Phi. unfold mu, Phi. set (h := x' - x). assert (h0 : 0 <= h) by (unfold h; lra).
  replace x' with (x + h) by (unfold h; ring). clearbody h. clear mu Phi H1 x'.
  assert (P1 : 0 <= c * h) by pos. assert (P2 : 0 <= c * (h * h)) by pos. assert (P3 : 0 <= d * (x * h)) by pos.
  assert (P4 : 0 <= d * (h * h)) by pos. assert (P5 : 0 <= d * (x * (h * h))) by pos.
    assert (P6 : 0 <= d * (h * h * h)) by pos.
  repeat split; lra. Qed.

Section Sharpening.
Variable s : setting.
Hypothesis H : setting_ok s.
Variable m0 : R.
Hypothesis A29 : rate_at_checkpoint s m0.
Let E := err s 0.
Let k := kap (p s) (b s) (L1 s) (Kn s).
Let b4 := nrm (p s) (b2 (b s)) / INR (p s).          (* sqrt(B4 / p) *)
Let v := v2 (n s) (p s) (K s) (L1 s) (L2 s).

(* D and Cv are polynomials with coefficients >= 0; D_slope is D'(0), (A.52) *)
Definition D_slope := 3 * k * Gs s + h2 (p s) (L1 s) (L2 s) (Kn s) (kmax s) * Q s.
Definition D_square := (1 + om s) * (k * k).
Lemma drift_poly x : drift s x = D_slope * x + D_square * (x * x).
Proof.
  assert (rp0 := rp_neq (p s) (ok_p s H)). unfold drift, DD, dG, dH, q, rho, D_slope, D_square. unfold k, kap. fold k. field.
  exact rp0. Qed.
Lemma rem_poly x : rem s x = (k * Gs s + v * Q s) + (k * k + v * b4 * Gs s) * x + v * b4 * om s * k * (x * x).
Proof. unfold rem, Cv, g1, q, Qbar, rho. fold k. fold b4. fold v. ring. Qed.

Let k0 : 0 <= k := kap_pos (p s) (b s) (L1 s) (Kn s) (ok_p s H) (ok_Kn s H).
Let b40 : 0 <= b4.
Proof. apply Rdiv_pos; [apply nrm_pos|apply INRp, H]. Qed.
Let v0 : 0 <= v.
Proof.
  assert (R0 := rp_pos (p s) (ok_p s H)). assert (o1 := ok_L1 s H). assert (o2 := ok_L2 s H). unfold v, v2, koK. pos. Qed.
Lemma D_slope_pos : 0 <= D_slope.
Proof.
  assert (R0 := rp_pos (p s) (ok_p s H)). assert (o1 := ok_L1 s H). assert (o2 := ok_L2 s H). assert (o3 := ok_Kn s H).
  assert (o4 := ok_Gs0 s H). assert (o5 := Q_pos s H). assert (o7 := ok_kmax0 s H). unfold D_slope, h2. pos. Qed.
Lemma D_square_pos : 0 <= D_square.
Proof. assert (o := ok_om s H). unfold D_square. pos. Qed.

Let E0 : forall t, 0 <= err s t.
Proof. intros. apply En_pos. Qed.

Section Rate.
Variable alpha : R.
Hypothesis alpha_pos : 0 < alpha.
Let R := E / alpha.
Let finish t : err s t <= (1 - eta s * alpha) ^ t * E /\ acc s t + err s t / alpha <= R /\ err s (S t)
  <= (1 - eta s * alpha) * err s t ->
  err s t <= (1 - eta s * alpha) ^ t * E /\ err s (S t) <= (1 - eta s * alpha) * err s t /\ acc s t <= R /\ displaced s R t.
Proof.
  intros (T1 & T2 & T3). assert (0 <= err s t / alpha) by (apply Rdiv_pos; [apply E0|assumption]).
  assert (AR : acc s t <= R) by lra. split; [exact T1|]. split; [exact T3|]. split; [exact AR|]. now apply displaced_by. Qed.

(* (b): (A.50) *)
Theorem theorem_A_max : m0 - Rmax (drift s R) (eta s * rem s R * E) >= alpha -> forall t,
  err s t <= (1 - eta s * alpha) ^ t * E /\ err s (S t) <= (1 - eta s * alpha) * err s t /\ acc s t <= R /\ displaced s R t.
Proof.
  intros A50 t. assert (M1 := Rmax_l (drift s R) (eta s * rem s R * E)).
    assert (M2 := Rmax_r (drift s R) (eta s * rem s R * E)).
  apply finish. apply (max_form (err s) (eta s) m0 alpha (drift s) (rem s)); try assumption; try apply H; try apply A29.
  - apply (error_step s H m0 A29).
  - apply (rem_pos s H).
  - apply (drift_pos s H).
  - apply (drift_mono s H).
  - apply (rem_mono s H).
  - (* D is convex with D(0) = 0: below its chord *)
    fold E. fold R. intros x [Hx Hx']. rewrite !drift_poly. assert (T := D_square_pos).
    assert (0 <= D_square * (x * (R * (R - x)))) by pos. lra.
  - fold E. fold R. lra.
  - fold E. fold R. lra. Qed.

(* (f): (A.51) *)
Theorem theorem_A_free : rem s R <= D_slope -> m0 - drift s R >= alpha -> forall t,
  err s t <= (1 - eta s * alpha) ^ t * E /\ err s (S t) <= (1 - eta s * alpha) * err s t /\ acc s t <= R /\ displaced s R t.
Proof.
  intros A52 A51 t.
  apply finish. apply (free_form (err s) (eta s) m0 alpha (drift s) (rem s)) with (d0 := D_slope); try assumption;
    try apply H; try apply A29.
  - apply (error_step s H m0 A29).
  - apply (drift_pos s H).
  - apply (drift_mono s H).
  - apply (rem_mono s H).
  - intros x h Hx Hh. rewrite !drift_poly. assert (T := D_square_pos). assert (0 <= D_square * (x * h)) by pos.
    assert (0 <= D_square * (h * h)) by pos. lra. Qed.
End Rate.

(* (c), for any mu and Phi *)
Theorem theorem_A_phi (mu Phi : R -> R) Sx : 0 < Sx -> 0 < mu Sx ->
  (forall x x', 0 <= x <= x' -> x' <= Sx -> mu x' <= mu x) ->
  (forall x, 0 <= x <= Sx -> mu x <= m0 - drift s x - eta s * rem s x * Phi x) ->
  (forall x x', 0 <= x <= x' -> x' <= Sx -> mu x' * (x' - x) <= Phi x - Phi x' <= mu x * (x' - x)) ->
  Phi 0 = E -> Phi Sx <= 0 -> forall t,
  err s t <= (1 - eta s * mu Sx) ^ t * E /\ err s t <= Phi (acc s t) /\ err s (S t) <= (1 - eta s * mu Sx) * err s t /\
  acc s t <= Sx /\ displaced s Sx t.
Proof.
  intros S0 Mp mono Hle HPhi P0 P1.
  assert (B : forall t, acc s t <= Sx /\ err s t <= Phi (acc s t) /\ err s t <= err s 0 /\ err s (S t)
    <= (1 - eta s * mu Sx) * err s t).
  { apply (bootstrap (err s) (eta s) m0 (drift s) (rem s)); try assumption; try apply H; try apply A29.
    - apply (error_step s H m0 A29).
    - apply (rem_pos s H).
    - apply (drift_pos s H). }
  (* eta mu <= 1 at S*, so the rate of the steps gives the envelope *)
  assert (r1 : 0 <= 1 - eta s * mu Sx).
  { assert (et := ok_eta s H). assert (T := rate_le_1 s m0 A29). assert (T1 := Hle 0 (conj (Rle_refl _) (Rlt_le _ _ S0))).
    assert (T2 := mono 0 Sx (conj (Rle_refl _) (Rlt_le _ _ S0)) (Rle_refl _)).
    assert (T3 := drift_pos s H 0 (Rle_refl _)). assert (T4 := rem_pos s H 0 (Rle_refl _)). rewrite P0 in T1.
      assert (T5 : 0 <= E) by apply E0.
    assert (0 <= eta s * rem s 0 * E) by pos. assert (eta s * mu Sx <= eta s * m0) by (apply Rmult_le_compat_l; lra). lra. }
  assert (env : forall t, err s t <= (1 - eta s * mu Sx) ^ t * E).
  { induction t as [|t IH]; [simpl; fold E; lra|]. destruct (B t) as (_ & _ & _ & T). eapply Rle_trans; [exact T|].
    simpl. rewrite Rmult_assoc. now apply Rmult_le_compat_l. }
  intros t. destruct (B t) as (T1 & T2 & _ & T3).
  split; [apply env|]. split; [exact T2|]. split; [exact T3|]. split; [exact T1|]. now apply displaced_by. Qed.

(* mu of (A.53), and the integrals of D and Cv from 0 to x of (A.54) *)
Definition mu x := m0 - drift s x - eta s * rem s x * E.
Definition int_D x := D_slope * (x * x) / 2 + D_square * (x * x * x) / 3.
Definition int_Cv x := k * (Gs s * x + k * (x * x) / 2) +
  v * (Q s * x + b4 * (Gs s * (x * x) / 2 + om s * k * (x * x * x) / 3)).
Lemma int_Cv_pos x : 0 <= x -> 0 <= int_Cv x.
Proof.
  intros Hx. assert (o4 := ok_Gs0 s H). assert (o5 := Q_pos s H). assert (o6 := ok_om s H). unfold int_Cv. pos. Qed.
Definition Phi x := E - (m0 * x - int_D x - eta s * E * int_Cv x).

(* (A.53) by (A.54) *)
Theorem theorem_A_bootstrap Sx : 0 < Sx -> 0 < mu Sx -> m0 * Sx - int_D Sx - eta s * E * int_Cv Sx >= E -> forall t,
  err s t <= (1 - eta s * mu Sx) ^ t * E /\ err s t <= Phi (acc s t) /\ err s (S t) <= (1 - eta s * mu Sx) * err s t /\
  acc s t <= Sx /\ displaced s Sx t.
Proof.
  intros S0 Mp A54. assert (et := ok_eta s H). assert (Ep : 0 <= E) by apply E0. assert (Gp := ok_Gs0 s H).
    assert (op := ok_om s H).
  assert (D1 := D_slope_pos). assert (D2 := D_square_pos).
  set (c := D_slope + eta s * E * (k * k + v * b4 * Gs s)). set (d := D_square + eta s * E * (v * b4 * om s * k)).
  set (a := m0 - eta s * E * (k * Gs s + v * Q s)).
  assert (c0 : 0 <= c) by (unfold c; pos). assert (d0 : 0 <= d) by (unfold d; pos).
  assert (Em : forall x, mu x = a - c * x - d * (x * x)).
  { intros x. unfold mu, a, c, d. rewrite drift_poly, rem_poly. ring. }
  assert (EP : forall x, Phi x = E - a * x + c * (x * x) / 2 + d * (x * x * x) / 3).
  { intros x. unfold Phi, int_D, int_Cv, a, c, d. field. }
  assert (sl : forall x x', 0 <= x <= x' -> mu x' <= mu x /\ mu x' * (x' - x) <= Phi x - Phi x' <= mu x * (x' - x)).
  { intros x x' Hx. rewrite !Em, !EP. now apply quadratic_slope. }
  assert (P0 : Phi 0 = E) by (rewrite EP; field).
  apply theorem_A_phi; try assumption.
  - intros x x' Hx _. now apply sl.
  - (* Phi decreases on [0, S*], so Phi <= Phi(0) = E *)
    intros x [Hx Hx']. destruct (sl 0 x (conj (Rle_refl _) Hx)) as (_ & T1 & _).
      destruct (sl x Sx (conj Hx Hx')) as (T2 & _).
    assert (0 <= mu x * (x - 0)) by (apply Rmult_le_pos; lra). assert (Cp := rem_pos s H x Hx).
    assert (eta s * rem s x * Phi x <= eta s * rem s x * E) by (apply Rmult_le_compat_l; [pos|lra]). unfold mu. lra.
  - intros x x' Hx _. now apply sl.
  - unfold Phi. lra. Qed.
End Sharpening.

(* ReLU with S* for R in the margins (A.48): theorem_A_bootstrap for the ReLU run, by its frozen network. *)
Theorem theorem_A_bootstrap_relu s (H : relu_ok s) m0 (A29 : rate_at_checkpoint s m0) Sx : 0 < Sx -> 0 < mu s m0 Sx ->
  m0 * Sx - int_D s Sx - eta s * err s 0 * int_Cv s Sx >= err s 0 ->
  (forall r i, (r < p s)%nat -> (i < n s)%nat ->
    Rabs (b s r) * k_ri s r i / pt s * Sx < Rabs (A s 0%nat r i) \/ Rabs (b s r) * k_ri s r i = 0) -> forall t,
  err s t <= (1 - eta s * mu s m0 Sx) ^ t * err s 0 /\ err s (S t) <= (1 - eta s * mu s m0 Sx) * err s t /\
  nrm (p s) (fun r => beta s t r - beta s 0%nat r) <= rhoR s Sx /\
  frob (p s) (n s) (fun r i => A s t r i - A s 0%nat r i) <= L1 s * sb s * Kn s * Sx /\
  (forall r i, (r < p s)%nat -> (i < n s)%nat ->
    Rabs (A s t r i - A s 0%nat r i) <= Rabs (b s r) * k_ri s r i / pt s * Sx) /\
  (forall r i, (r < p s)%nat -> (i < n s)%nat -> A s 0%nat r i <> 0 -> 0 < A s 0%nat r i * A s t r i).
Proof.
  intros S0 Mp A54 A48. set (F := frozen s). assert (HF : setting_ok F) by now apply frozen_ok.
  assert (FE : err F 0 = err s 0) by now apply frozen_err0.
  assert (F29 : rate_at_checkpoint F m0).
  { destruct A29 as [r0 r1 rn]. split; [exact r0|exact r1|]. intros x. eapply Rle_trans; [|apply (rn x)]. right.
    apply nrm_ext. intros i Hi. do 2 f_equal. apply sum_ext. intros j Hj. f_equal. now apply frozen_M. }
  assert (Fm : mu F m0 Sx = mu s m0 Sx) by (unfold mu; rewrite FE; reflexivity).
  assert (B := theorem_A_bootstrap F HF m0 F29 Sx S0). rewrite Fm, FE in B. specialize (B Mp A54).
  assert (acc_S : forall t, acc F t <= Sx) by (intros t; apply (B t)).
  intros t. destruct (B t) as (T1 & _ & T2 & _ & T3 & T4 & _).
  rewrite !(relu_err s H Sx acc_S A48), (relu_beta s H Sx acc_S A48), (relu_frob s H Sx acc_S A48). fold F. rewrite FE.
  repeat split; try assumption.
  - now apply (relu_entry s H Sx acc_S A48).
  - now apply (relu_sign s H Sx acc_S A48). Qed.
