(* SPDX-License-Identifier: Apache-2.0 *)
(* Theorem P of apriori.md, section 5, given its event, for one output and feedback alignment. good_start is a record of
   finitely many inequalities at t = 0: spectra, moments, |e(0)|, and (P.2), (P.3) as bounds of the linear maps of the drift
   lemma. closes is (P.5): the rate at S, the integral as an explicit polynomial, the step. Together they give for all t
   the rate 1 - eta gamma/4, eta sum |e| <= S and the displacements of beta, of A and of each of their rows (theorem_P;
   theorem_P_beta_row for a bounded psi), |cos(b, beta(t))| <= kappa / sqrt p (theorem_P_cosine), and the displacement of
   the rows of W, where A = W X^T and K = X X^T (theorem_P_weights).

   That good_start holds with probability at least 1 - delta is apriori.md, section 3; it is not treated here. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms Network Recursion TheoremA Drift.
Open Scope R_scope.

(* What a state at t = 0 leaves of the recursion of |e|: rate and top of the spectrum of M, the drift of its lower end, a
   polynomial in S, what the upper end moves beyond that, the remainder Cv, a polynomial in S, and a bound E of |e(0)|. *)
Record growth := { m0 : R; top : R; E : R; d1 : R; d2 : R; d3 : R; up2 : R; c0 : R; c1 : R; c2 : R }.
Record growth_ok (g : growth) : Prop := {
  E_ok : 0 <= E g; d1_ok : 0 <= d1 g; d2_ok : 0 <= d2 g; d3_ok : 0 <= d3 g; up2_ok : 0 <= up2 g;
  c0_ok : 0 <= c0 g; c1_ok : 0 <= c1 g; c2_ok : 0 <= c2 g }.

Definition D_lo g x := d1 g * x + d2 g * (x * x) + d3 g * (x * x * x).
Definition D_up g x := D_lo g x + up2 g * (x * x).
Definition Cvg g x := c0 g + c1 g * x + c2 g * (x * x).
Definition mu eta g x := m0 g - D_lo g x - eta * Cvg g x * E g.
(* the integral of mu from 0 to x *)
Definition int_mu eta g x := m0 g * x - (d1 g * (x * x) / 2 + d2 g * (x * x * x) / 3 + d3 g * (x * x * x * x) / 4)
  - eta * E g * (c0 g * x + c1 g * (x * x) / 2 + c2 g * (x * x * x) / 3).

(* (P.5) *)
Record closes (eta gamma_max : R) (g : growth) (Sx : R) : Prop := {
  P5_rate : mu eta g Sx >= gamma_max / 4;
  P5_budget : int_mu eta g Sx >= E g;
  P5_step : eta * (top g + D_up g Sx + gamma_max) <= 2 }.

(* the slope of a polynomial c x + d x^2 + g x^3 with coefficients >= 0 against that of its integral *)
Lemma cubic_slope c d g x x' : 0 <= c -> 0 <= d -> 0 <= g -> 0 <= x <= x' ->
  let f x := c * x + d * (x * x) + g * (x * x * x) in
  let F x := c * (x * x) / 2 + d * (x * x * x) / 3 + g * (x * x * x * x) / 4 in
  f x <= f x' /\ f x * (x' - x) <= F x' - F x <= f x' * (x' - x).
Proof.
  intros Hc Hd Hg [H0 H1] f F. unfold f, F. set (h := x' - x). assert (h0 : 0 <= h) by (unfold h; lra).
  replace x' with (x + h) by (unfold h; ring). clearbody h. clear f F H1 x'.
  assert (P1 : 0 <= c * h) by pos. assert (P2 : 0 <= c * (h * h)) by pos. assert (P3 : 0 <= d * (x * h)) by pos.
  assert (P4 : 0 <= d * (h * h)) by pos. assert (P5 : 0 <= d * (x * (h * h))) by pos.
  assert (P6 : 0 <= d * (h * h * h)) by pos. assert (Q1 : 0 <= g * (x * x * h)) by pos. assert (Q2 : 0 <= g * (x * h * h))
    by pos.
  assert (Q3 : 0 <= g * (h * h * h)) by pos. assert (Q4 : 0 <= g * (x * x * (h * h))) by pos.
  assert (Q5 : 0 <= g * (x * (h * h * h))) by pos. assert (Q6 : 0 <= g * (h * h * h * h)) by pos.
  repeat split; lra. Qed.

Section Growth.
Variable g : growth.
Hypothesis ok : growth_ok g.
Variable eta : R.
Hypothesis eta_pos : 0 < eta.
Let o1 := E_ok g ok. Let o2 := d1_ok g ok. Let o3 := d2_ok g ok. Let o4 := d3_ok g ok. Let o5 := up2_ok g ok.
Let o6 := c0_ok g ok. Let o7 := c1_ok g ok. Let o8 := c2_ok g ok.

Lemma D_lo_pos x : 0 <= x -> 0 <= D_lo g x.       Proof. intros. unfold D_lo. pos. Qed.
Lemma D_up_pos x : 0 <= x -> 0 <= D_up g x.       Proof. intros. unfold D_up, D_lo. pos. Qed.
Lemma Cvg_pos x : 0 <= x -> 0 <= Cvg g x.         Proof. intros. unfold Cvg. pos. Qed.
Lemma mu_slope x x' : 0 <= x <= x' ->
  mu eta g x' <= mu eta g x /\ mu eta g x' * (x' - x) <= int_mu eta g x' - int_mu eta g x <= mu eta g x * (x' - x).
Proof.
  intros X. assert (k1 : 0 <= d1 g + eta * E g * c1 g) by pos. assert (k2 : 0 <= d2 g + eta * E g * c2 g) by pos.
  destruct (cubic_slope (d1 g + eta * E g * c1 g) (d2 g + eta * E g * c2 g) (d3 g) x x' k1 k2 o4 X) as (T1 & T2 & T3).
  unfold mu, int_mu, D_lo, Cvg. repeat split; lra. Qed.
Lemma D_up_mono x x' : 0 <= x <= x' -> D_up g x <= D_up g x'.
Proof.
  intros X. assert (k : 0 <= d2 g + up2 g) by lra.
  destruct (cubic_slope (d1 g) (d2 g + up2 g) (d3 g) x x' o2 k o4 X) as (T1 & _). unfold D_up, D_lo. lra. Qed.

(* sharpening (c) for a recursion that holds while S_t <= S *)
Lemma growth_bootstrap (E_ : nat -> R) gamma_max Sx : closes eta gamma_max g Sx -> 0 < gamma_max -> 0 < Sx -> eta * m0 g
  <= 1 ->
  (forall t, 0 <= E_ t) -> E_ 0%nat <= E g ->
  (forall t, Sm E_ eta t <= Sx ->
    E_ (S t) <= (1 - eta * (m0 g - D_lo g (Sm E_ eta t) - eta * Cvg g (Sm E_ eta t) * E_ t)) * E_ t) ->
  forall t, Sm E_ eta t <= Sx /\ E_ (S t) <= (1 - eta * mu eta g Sx) * E_ t.
Proof.
  intros [C1 C2 C3] gp Sp em Ep E0 step t. set (Phi := fun x => E_ 0%nat - int_mu eta g x).
  assert (I0 : int_mu eta g 0 = 0) by (unfold int_mu; field).
  destruct (bootstrap_while E_ eta (m0 g) (D_lo g) (Cvg g) Ep eta_pos Cvg_pos D_lo_pos em (mu eta g) Phi Sx) with (t := t)
    as (T1 & _ & _ & T2).
  - exact step.
  - exact Sp.
  - lra.
  - intros x x' X _. now apply mu_slope.
  - intros x [X X']. destruct (mu_slope 0 x (conj (Rle_refl _) X)) as (_ & T & _).
    destruct (mu_slope x Sx (conj X X')) as (T2 & _).
    assert (0 <= mu eta g x * (x - 0)) by (apply Rmult_le_pos; lra). assert (Cp := Cvg_pos x X).
    assert (L : eta * Cvg g x * Phi x <= eta * Cvg g x * E g) by (apply Rmult_le_compat_l; [pos|unfold Phi; lra]).
    unfold mu. lra.
  - intros x x' X _. destruct (mu_slope x x' X) as (_ & T). unfold Phi. lra.
  - unfold Phi. lra.
  - unfold Phi. lra.
  - now split. Qed.
End Growth.

(* What the good event bounds at t = 0, beside Gs and Q of the setting: lambda_min(G), |H|, sqrt(B2), sqrt(B4), the mean of
   |beta| |b|^3, the constants of (P.2) and (P.3), and |e(0)|. *)
Record start := { gmin : R; h0 : R; s2 : R; s4 : R; Q3 : R; lin_b : R; lin_beta : R; e0 : R }.
Record good_start (s : setting) (ddpsi : nat -> nat -> R -> R) (g : start) : Prop := {
  good_G : forall x, gmin g * dot (n s) x x <= quad (n s) (G (p s) (psi s) (A s) 0) x;
  good_H : forall x, Rabs (quad (n s) (H (p s) (K s) (b s) (dpsi s) (A s) (beta s) 0) x) <= h0 g * dot (n s) x x;
  good_s2 : nrm (p s) (b s) <= pt s * s2 g;
  good_s4 : nrm (p s) (b2 (b s)) <= pt s * s4 g;
  good_Q3 : sum (p s) (fun r => Rabs (beta s 0%nat r) * (Rabs (b s r) * (b s r * b s r))) <= INR (p s) * Q3 g;
  good_E : err s 0 <= e0 g;
  good_lin_b : forall u x, Rabs (quad (n s) (LG (n s) (p s) (K s) (b s) (psi s) (dpsi s) (A s) u) x                (* P.2 *)
    + quad (n s) (LH (n s) (p s) (K s) (b s) (psi s) (dpsi s) (A s) u) x) <= lin_b g * nrm (n s) u * dot (n s) x x;
  good_lin_beta : forall u x, Rabs (quad (n s) (LD (n s) (p s) (K s) (b s) (dpsi s) ddpsi (A s) (beta s) u) x)    (* P.3 *)
    <= lin_beta g * nrm (n s) u * dot (n s) x x;
  good_lin_b0 : 0 <= lin_b g; good_lin_beta0 : 0 <= lin_beta g }.

(* D_lo, D_up and Cv of section 4, by (P.4) *)
Definition growth_of n p K L1 L2 L3 Kn kmax Gs Q (g : start) : growth :=
  let k := kap1 p L1 Kn (s2 g) in let v := v2 n p K L1 L2 in let b4 := s4 g / rp p in
  {| m0 := gmin g - h0 g; top := Gs * Gs + h0 g; E := e0 g;
     d1 := lin_b g + lin_beta g; d2 := w n K L1 L2 L3 Kn kmax Gs (s2 g) (s4 g) (Q3 g) / INR p;
     d3 := chi p L1 L2 Kn kmax (s2 g) (s4 g) / INR p; up2 := k * k;
     c0 := k * Gs + v * Q; c1 := k * k + v * (b4 * Gs); c2 := v * (b4 * (k / 2)) |}.
Definition growth_from s L3 := growth_of (n s) (p s) (K s) (L1 s) (L2 s) L3 (Kn s) (kmax s) (Gs s) (Q s).

(* the rows of a run *)
Section Rows.
Variable s : setting.
Hypothesis H : setting_ok s.
Let ip : 0 < pt s := rp_pos (p s) (ok_p s H).

Lemma acc_S t : acc s (S t) = acc s t + eta s * err s t.
Proof. unfold acc. now rewrite S_step. Qed.
Lemma A_row_drift t r : (r < p s)%nat ->
  nrm (n s) (fun i => A s t r i - A s 0%nat r i) <= Rabs (b s r) * (L1 s * Kn s / pt s * acc s t).
Proof.
  intros Hr. assert (a0 : acc s 0 = 0) by (unfold acc; apply S_0). induction t as [|t IH].
  - rewrite (nrm_ext _ _ (fun _ => 0)) by (intros; ring). rewrite nrm_zero, a0. lra.
  - rewrite (nrm_ext _ _ (fun i => A s t r i - A s 0%nat r i + dA (A s) t r i)) by (intros; unfold dA; ring).
    eapply Rle_trans; [apply nrm_add|]. rewrite acc_S.
    assert (T : nrm (n s) (dA (A s) t r) <= Rabs (b s r) * (eta s / pt s * (Kn s * (L1 s * err s t))))
      by (apply (dA_row (n s) (p s) (K s) (y s) (b s) (psi s) (dpsi s) (L1 s) (L2 s)); try apply H; assumption).
    eapply Rle_trans; [apply Rplus_le_compat; [exact IH|exact T]|]. right. field. lra. Qed.
(* a row of beta moves by what its row of Psi allows *)
Lemma beta_row_drift c t r : (r < p s)%nat -> (forall u, nrm (n s) (Psi (psi s) (A s) u r) <= c) ->
  Rabs (beta s t r - beta s 0%nat r) <= c * acc s t / pt s.
Proof.
  intros Hr Hc. assert (a0 : acc s 0 = 0) by (unfold acc; apply S_0). assert (et := ok_eta s H). induction t as [|t IH].
  - rewrite a0. replace (_ - _) with 0 by ring. rewrite Rabs_R0. lra.
  - rewrite (ok_runb s H t r Hr), acc_S. set (d := mulv (n s) (Psi (psi s) (A s) t) _ r).
    replace (beta s t r - eta s / rp (p s) * d - beta s 0%nat r) with (beta s t r - beta s 0%nat r + - (eta s / pt s * d))
      by (unfold pt, rp; ring).
    eapply Rle_trans; [apply Rabs_triang|].
    assert (e0 : 0 <= eta s / pt s) by (apply Rdiv_pos; lra).
    rewrite Rabs_Ropp, Rabs_mult, (Rabs_right (eta s / pt s)) by lra.
    assert (T : Rabs d <= c * err s t).
    { eapply Rle_trans; [apply (dot_CS (n s))|]. apply Rmult_le_compat_r; [apply nrm_pos|apply Hc]. }
    apply (Rmult_le_compat_l (eta s / pt s)) in T; [|assumption].
    replace (c * (acc s t + eta s * err s t) / pt s) with (c * acc s t / pt s + eta s / pt s * (c * err s t)) by (field; lra).
    lra. Qed.
End Rows.

Section TheoremP.
Variable s : setting.
Hypothesis H : setting_ok s.
Variable ddpsi : nat -> nat -> R -> R.
Variable L3 : R.
Hypothesis L3_pos : 0 <= L3.
Hypothesis curv : curvature_ok (dpsi s) ddpsi (L2 s) L3.
Variable g : start.
Hypothesis good : good_start s ddpsi g.
Let gr := growth_from s L3 g.
Let k := kap1 (p s) (L1 s) (Kn s) (s2 g).

Let p0 := ok_p s H. Let o1 := ok_L1 s H. Let o2 := ok_L2 s H. Let o3 := ok_Kn s H. Let o4 := ok_Gs0 s H. Let o5 := Q_pos s H.
Let o6 := ok_kmax0 s H. Let o7 := rp_pos (p s) (ok_p s H). Let o8 := INRp (p s) (ok_p s H). Let o9 := ok_eta s H.
Local Lemma s2_0 : 0 <= s2 g.
Proof.
  apply Rmult_le_reg_l with (pt s); [exact o7|]. rewrite Rmult_0_r.
  eapply Rle_trans; [apply nrm_pos|apply (good_s2 s ddpsi g good)]. Qed.
Local Lemma s4_0 : 0 <= s4 g.
Proof.
  apply Rmult_le_reg_l with (pt s); [exact o7|]. rewrite Rmult_0_r.
  eapply Rle_trans; [apply nrm_pos|apply (good_s4 s ddpsi g good)]. Qed.
Local Lemma Q3_0 : 0 <= Q3 g.
Proof.
  apply Rmult_le_reg_l with (INR (p s)); [exact o8|]. rewrite Rmult_0_r.
  eapply Rle_trans; [|apply (good_Q3 s ddpsi g good)]. pos. Qed.
Let q2 := s2_0. Let q4 := s4_0. Let q3 := Q3_0.
Local Lemma k_pos : 0 <= k.
Proof. unfold k, kap1. pos. Qed.
Let k_0 := k_pos.
Lemma growth_from_ok : growth_ok gr.
Proof.
  assert (l1 := good_lin_b0 s ddpsi g good). assert (l2 := good_lin_beta0 s ddpsi g good).
  assert (v0 : 0 <= v2 (n s) (p s) (K s) (L1 s) (L2 s)) by (unfold v2, koK; pos).
  assert (e1 : 0 <= e0 g) by (eapply Rle_trans; [apply (En_pos (n s) (p s))|apply (good_E s ddpsi g good)]).
  unfold gr, growth_from, growth_of. fold k. split; cbn; try assumption; [lra|unfold w, koK; pos|unfold chi; fold k;
    pos|pos..]. Qed.

(* the spectrum of M(t) *)
Lemma M_symm t : symm (n s) (Mat s t).
Proof.
  intros i j Hi Hj. unfold Mat, M, Network.G, Network.H. rewrite (ok_Ksym s H i j Hi Hj).
  f_equal; unfold Rdiv; f_equal; apply sum_ext; intros; ring. Qed.
Lemma quad_Mat t x : quad (n s) (Mat s t) x
  = quad (n s) (G (p s) (psi s) (A s) t) x + quad (n s) (Network.H (p s) (K s) (b s) (dpsi s) (A s) (beta s) t) x.
Proof. apply (quad_add (n s) (G (p s) (psi s) (A s) t)). Qed.
Lemma M_start x : m0 gr * dot (n s) x x <= quad (n s) (Mat s 0) x <= top gr * dot (n s) x x.
Proof.
  rewrite quad_Mat. assert (T := good_H s ddpsi g good x). assert (U := good_G s ddpsi g good x). assert (V := ok_Gs s H x).
  apply Rabs_le_inv in T. cbn. split; lra. Qed.
Lemma M_range t x : (m0 gr - D_lo gr (acc s t)) * dot (n s) x x <= quad (n s) (Mat s t) x
  <= (top gr + D_up gr (acc s t)) * dot (n s) x x.
Proof.
  destruct (drift_lemma (n s) (p s) (K s) (y s) (b s) (psi s) (dpsi s) ddpsi (L1 s) (L2 s) L3 (eta s) (Kn s) (kmax s) (A s)
    (beta s))
    with (Gs := Gs s) (s2 := s2 g) (s4 := s4 g) (Q3 := Q3 g) (t := t) (x := x) as (T1 & T2 & T3); try apply H; try apply good;
    try assumption; [now apply Gs_op|].
  change (S_ _ _ _ _ _ _ _ t) with (acc s t) in T1, T2, T3. change (M _ _ _ _ _ _ _ ?t) with (Mat s t) in T1.
  set (u := sigma _ _ _ _ _ _ t) in *. assert (B := good_lin_b s ddpsi g good u x).
    assert (C := good_lin_beta s ddpsi g good u x).
  destruct (M_start x) as [M1 M2]. assert (xx : 0 <= dot (n s) x x) by pos. assert (ap := acc_pos s H t).
  assert (l1 := good_lin_b0 s ddpsi g good). assert (l2 := good_lin_beta0 s ddpsi g good).
  assert (B' : lin_b g * nrm (n s) u * dot (n s) x x <= lin_b g * acc s t * dot (n s) x x)
    by (apply Rmult_le_compat_r; [assumption|]; now apply Rmult_le_compat_l).
  assert (C' : lin_beta g * nrm (n s) u * dot (n s) x x <= lin_beta g * acc s t * dot (n s) x x)
    by (apply Rmult_le_compat_r; [assumption|]; now apply Rmult_le_compat_l).
  unfold linear in T1. fold u in T1. apply Rabs_le_inv in T1. apply Rabs_le_inv in B. apply Rabs_le_inv in C.
  unfold D_up, D_lo. cbn [gr growth_from growth_of d1 d2 d3 up2 m0 top] in *. unfold Rdiv in *. split; lra. Qed.

(* the displacement of beta, and the remainder, with the bounds of the moments *)
Definition rho_P x := x * (Gs s + k * x / 2).
Let kap_k : kap (p s) (b s) (L1 s) (Kn s) <= k.
Proof. apply kap_le; try assumption. apply good. Qed.
Lemma rho_le x : 0 <= x -> rho (p s) (b s) (L1 s) (Kn s) (Gs s) (1 / 2) x <= rho_P x.
Proof.
  intros X. unfold rho, rho_P. apply Rmult_le_compat_l; [assumption|]. assert (T := kap_k). apply (Rmult_le_compat_r x)
    in T; lra. Qed.
Lemma rho_P_mono x x' : 0 <= x <= x' -> rho_P x <= rho_P x'.
Proof.
  intros [X X']. unfold rho_P. assert (T : k * x <= k * x') by (apply Rmult_le_compat_l; assumption).
  apply Rmult_le_compat; [assumption|pos|assumption|lra]. Qed.
Lemma rem_le t : nrm (n s) (v (p s) (psi s) (dpsi s) (A s) (beta s) t) <= eta s * eta s * Cvg gr (acc s t)
  * (err s t * err s t).
Proof.
  assert (ap := acc_pos s H t). assert (kp := kap_pos (p s) (b s) (L1 s) (Kn s) p0 o3).
  eapply Rle_trans; [apply (v_bound (n s) (p s) (K s) (y s) (b s) (psi s) (dpsi s) (L1 s) (L2 s) (eta s) (Kn s)) with
    (Gs := Gs s) (om := 1 / 2) (Q := Q s); try apply H; [now apply Gs_op|lra]|].
  apply Rmult_le_compat_r; [pos|]. apply Rmult_le_compat_l; [pos|]. change (S_ _ _ _ _ _ _ _ t) with (acc s t).
  set (x := acc s t) in *. assert (R := rho_le x ap). assert (kk := kap_k). set (ka := kap _ _ _ _) in *.
  assert (v0 : 0 <= v2 (n s) (p s) (K s) (L1 s) (L2 s)) by (unfold v2, koK; pos).
  assert (B : nrm (p s) (b2 (b s)) / INR (p s) <= s4 g / rp (p s)).
  { apply Rmult_le_reg_r with (INR (p s)); [exact o8|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    eapply Rle_trans; [apply (good_s4 s ddpsi g good)|]. right. unfold pt. fold (rp (p s)). rewrite <- rp_sq. field. lra. }
  unfold Cv, g1, q, Qbar. fold ka. cbn. fold k.
  apply Rle_trans with (k * (Gs s + k * x) + v2 (n s) (p s) (K s) (L1 s) (L2 s) * (Q s + s4 g / rp (p s) * rho_P x)).
  - apply Rplus_le_compat.
    + assert (T : ka * x <= k * x) by (apply Rmult_le_compat_r; assumption). apply Rmult_le_compat;
      [assumption|pos|assumption|lra].
    + apply Rmult_le_compat_l; [assumption|]. apply Rplus_le_compat_l. apply Rmult_le_compat; [pos| |exact B|exact R].
      unfold rho. fold ka. pos.
  - right. unfold rho_P, Cvg. cbn. fold k. field. lra. Qed.

Variables gamma_max Sx : R.
Hypothesis gamma_pos : 0 < gamma_max.
Hypothesis gap : gmin g <= gamma_max.
Hypothesis S_pos : 0 < Sx.
Hypothesis P5 : closes (eta s) gamma_max gr Sx.
Lemma h0_pos : 0 <= h0 g.
Proof.
  assert (T : - h0 g <= h0 g); [|lra].
  apply (form_bounds (n s) (Network.H (p s) (K s) (b s) (dpsi s) (A s) (beta s) 0)); [apply H| |]; intros x;
    assert (T := good_H s ddpsi g good x); apply Rabs_le_inv in T; lra. Qed.
Let m0_le : m0 gr <= gamma_max.
Proof. assert (T := h0_pos). cbn. lra. Qed.
Let m0_rate : eta s * m0 gr <= 1.
Proof.
  assert (T : m0 gr <= top gr) by (apply (form_bounds (n s) (Mat s 0)); [apply H| |]; intros x; apply M_start).
  assert (U := P5_step _ _ _ _ P5). assert (V := D_up_pos gr growth_from_ok Sx (Rlt_le _ _ S_pos)). assert (W := m0_le).
  assert (X : eta s * (m0 gr + m0 gr) <= eta s * (top gr + D_up gr Sx + gamma_max)) by (apply Rmult_le_compat_l; lra). lra.
    Qed.
(* (A.35) with D_lo for D, while S_t <= S *)
Lemma step_P t : acc s t <= Sx ->
  err s (S t) <= (1 - eta s * (m0 gr - D_lo gr (acc s t) - eta s * Cvg gr (acc s t) * err s t)) * err s t.
Proof.
  intros Ht. assert (ap := acc_pos s H t). assert (T := rem_le t). set (m := m0 gr - D_lo gr (acc s t)).
  assert (Dp := D_lo_pos gr growth_from_ok (acc s t) ap).
  assert (Um := D_up_mono gr growth_from_ok (acc s t) Sx (conj ap Ht)). assert (U := P5_step _ _ _ _ P5). assert (W := m0_le).
  assert (St : forall x, nrm (n s) (fun i => x i - eta s * mulv (n s) (Mat s t) x i) <= (1 - eta s * m) * nrm (n s) x).
  { apply (step_norm (n s) (Mat s t) (eta s) m (top gr + D_up gr (acc s t)) m); [apply M_symm|exact o9| |lra| |apply M_range].
    - assert (X : eta s * m <= eta s * m0 gr) by (apply Rmult_le_compat_l; unfold m; lra). assert (Y := m0_rate). lra.
    - apply Rle_trans with (eta s * (top gr + D_up gr Sx + gamma_max)); [|exact U]. apply Rmult_le_compat_l; unfold m; lra. }
  unfold err at 1, En. rewrite (nrm_ext (n s) (e (p s) (y s) (psi s) (A s) (beta s) (S t)) (fun i => (e (p s) (y s) (psi s)
    (A s) (beta s) t i
    - eta s * mulv (n s) (Mat s t) (e (p s) (y s) (psi s) (A s) (beta s) t) i) + v (p s) (psi s) (dpsi s) (A s) (beta s)
      t i)).
  2:{ intros i Hi. now apply (error_recursion (n s) (p s) (K s) (y s) (b s)); try apply H. }
  eapply Rle_trans; [apply nrm_add|]. specialize (St (e (p s) (y s) (psi s) (A s) (beta s) t)).
  change (nrm (n s) (e _ _ _ _ _ t)) with (err s t) in *. lra. Qed.

Lemma bounded : forall t, acc s t <= Sx /\ err s (S t) <= (1 - eta s * mu (eta s) gr Sx) * err s t.
Proof.
  apply (growth_bootstrap gr growth_from_ok (eta s) o9 (err s) gamma_max Sx P5 gamma_pos S_pos m0_rate).
  - intros t. apply (En_pos (n s) (p s)).
  - apply (good_E s ddpsi g good).
  - exact step_P. Qed.

(* Theorem P *)
Theorem theorem_P gamma : gamma <= gamma_max -> forall t,
  err s (S t) <= (1 - eta s * gamma / 4) * err s t /\
  acc s t <= Sx /\
  nrm (p s) (fun r => beta s t r - beta s 0%nat r) <= rho_P Sx /\
  frob (p s) (n s) (fun r i => A s t r i - A s 0%nat r i) <= L1 s * s2 g * Kn s * Sx /\
  (forall r, (r < p s)%nat -> nrm (n s) (fun i => A s t r i - A s 0%nat r i) <= Rabs (b s r) * L1 s * Kn s * Sx / pt s) /\
  (forall r, (r < p s)%nat -> Rabs (beta s t r - beta s 0%nat r)
    <= (nrm (n s) (Psi (psi s) (A s) 0 r) + Rabs (b s r) * L1 s * L1 s * Kn s * Sx / pt s) * Sx / pt s).
Proof.
  intros Hg t. destruct (bounded t) as [T1 T2]. assert (ap := acc_pos s H t). assert (ip : 0 < pt s) by exact o7.
  assert (row : forall u r, (r < p s)%nat -> nrm (n s) (fun i => A s u r i - A s 0%nat r i) <= Rabs (b s r)
    * L1 s * Kn s * Sx / pt s).
  { intros u r Hr. eapply Rle_trans; [now apply A_row_drift|]. destruct (bounded u) as [B _].
    apply (Rmult_le_compat_l (Rabs (b s r) * (L1 s * Kn s / pt s))) in B; [|pos].
    eapply Rle_trans; [|eapply Rle_trans; [exact B|]]; right; unfold Rdiv; ring. }
  split; [|split; [exact T1|split; [|split; [|split; [apply row|]]]]].
  - eapply Rle_trans; [exact T2|]. apply Rmult_le_compat_r; [apply (En_pos (n s) (p s))|].
    assert (R := P5_rate _ _ _ _ P5). assert (X : eta s * (gamma / 4) <= eta s * mu (eta s) gr Sx)
      by (apply Rmult_le_compat_l; lra).
    lra.
  - eapply Rle_trans; [apply (beta_drift (n s) (p s) (K s) (y s) (b s) (psi s) (dpsi s) (L1 s) (L2 s) (eta s) (Kn s))
    with (Gs := Gs s)
      (om := 1 / 2); try apply H; [now apply Gs_op|lra]|].
    change (S_ _ _ _ _ _ _ _ t) with (acc s t). eapply Rle_trans; [apply rho_le; assumption|]. now apply rho_P_mono.
  - eapply Rle_trans; [apply (A_frob (n s) (p s) (K s) (y s) (b s) (psi s) (dpsi s) (L1 s) (L2 s) (eta s) (Kn s)); apply H|].
    change (S_ _ _ _ _ _ _ _ t) with (acc s t). apply Rmult_le_compat; [|assumption| |assumption].
    + assert (T := s0_pos (p s) (b s) p0). pos.
    + apply Rmult_le_compat_r; [assumption|]. apply Rmult_le_compat_l; [assumption|]. unfold s0.
      apply Rmult_le_reg_r with (pt s); [assumption|]. unfold Rdiv. fold (pt s).
        rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
      rewrite Rmult_comm. apply (good_s2 s ddpsi g good).
  - intros r Hr. set (c := nrm (n s) (Psi (psi s) (A s) 0 r) + Rabs (b s r) * L1 s * L1 s * Kn s * Sx / pt s).
    assert (c0 : 0 <= c) by (unfold c; pos). eapply Rle_trans; [apply (beta_row_drift s H c t r Hr)|].
    + intros u. assert (R := row u r Hr).
      rewrite (nrm_ext _ _ (fun i => Psi (psi s) (A s) 0 r i + (Psi (psi s) (A s) u r i - Psi (psi s) (A s) 0 r i)))
        by (intros; ring).
      eapply Rle_trans; [apply nrm_add|]. apply Rplus_le_compat_l.
      eapply Rle_trans; [apply (nrm_mono_c (n s) _ (fun i => A s u r i - A s 0%nat r i) (L1 s) o1)|].
      * intros. apply (act_Lip _ _ _ _ (ok_act s H)).
      * apply (Rmult_le_compat_l (L1 s)) in R; [|assumption]. eapply Rle_trans; [exact R|]. right. unfold Rdiv. ring.
    + unfold Rdiv. apply Rmult_le_compat_r; [pos|]. now apply Rmult_le_compat_l. Qed.

Lemma sum_const m c : sum m (fun _ => c) = INR m * c.
Proof. induction m as [|m IH]; [simpl; ring|]. rewrite S_INR. simpl. rewrite IH. ring. Qed.
(* bounded psi: sqrt(n) L0 S / sqrt p *)
Theorem theorem_P_beta_row L0 t r : (r < p s)%nat -> 0 <= L0 -> (forall i u, Rabs (psi s r i u) <= L0) ->
  Rabs (beta s t r - beta s 0%nat r) <= sqrt (INR (n s)) * L0 * Sx / pt s.
Proof.
  intros Hr L0p HL. assert (ip : 0 < pt s) by exact o7. eapply Rle_trans; [apply (beta_row_drift s H (sqrt (INR (n s))
    * L0) t r Hr)|].
  - intros u. apply nrm_le_sq; [pos|].
    apply Rle_trans with (sum (n s) (fun _ => L0 * L0)).
    + apply sum_le. intros i _. assert (T := HL i (A s u r i)). apply (Rmult_le_compat _ _ _ _ (Rabs_pos _) (Rabs_pos _) T)
      in T.
      rewrite <- Rabs_mult, Rabs_right in T by apply Rle_ge, Rle_0_sqr. exact T.
    + right. rewrite sum_const. replace (sqrt (INR (n s)) * L0 * (sqrt (INR (n s)) * L0))
        with (sqrt (INR (n s)) * sqrt (INR (n s)) * (L0 * L0)) by ring. rewrite sqrt_sqrt by apply pos_INR. reflexivity.
  - destruct (bounded t) as [T1 _]. unfold Rdiv. apply Rmult_le_compat_r; [pos|]. apply Rmult_le_compat_l; [pos|exact T1].
    Qed.

(* T2: with the two inequalities of the event on b and beta(0) *)
Theorem theorem_P_cosine cb lb t : 0 < nrm (p s) (b s) ->
  Rabs (dot (p s) (b s) (beta s 0%nat)) <= cb * nrm (p s) (b s) ->
  pt s - 1 / (2 * pt s) - lb <= nrm (p s) (beta s 0%nat) ->
  let den := 1 - (lb + rho_P Sx) / pt s - 1 / (2 * INR (p s)) in
  0 < den -> Rabs (cosv (p s) (b s) (beta s t)) <= (cb + rho_P Sx) / den / pt s.
Proof.
  intros B C N den Hd. destruct (theorem_P gamma_max (Rle_refl _) t) as (_ & _ & T & _). set (rh := rho_P Sx) in *.
  assert (ip : 0 < pt s) by exact o7. assert (pp : pt s * pt s = INR (p s)) by apply rp_sq.
  destruct (norm_bracket (p s) (beta s 0%nat) (beta s t) rh T) as [Z _].
  assert (Z' : pt s * den <= nrm (p s) (beta s t)).
  { replace (pt s * den) with (pt s - 1 / (2 * pt s) - lb - rh); [lra|]. unfold den. rewrite <- pp. field. lra. }
  assert (Zp : 0 < pt s * den) by now apply Rmult_lt_0_compat. assert (Nt : 0 < nrm (p s) (beta s t)) by lra.
  assert (X : Rabs (dot (p s) (b s) (beta s t)) <= (cb + rh) * nrm (p s) (b s)).
  { replace (dot (p s) (b s) (beta s t)) with (dot (p s) (b s) (beta s 0%nat) + dot (p s) (b s)
    (fun r => beta s t r - beta s 0%nat r))
      by (rewrite dot_sub_r; ring).
    eapply Rle_trans; [apply Rabs_triang|]. assert (Y := dot_CS (p s) (b s) (fun r => beta s t r - beta s 0%nat r)).
    apply (Rmult_le_compat_l (nrm (p s) (b s))) in T; lra. }
  assert (cr : 0 <= cb + rh).
  { apply Rmult_le_reg_r with (nrm (p s) (b s)); [assumption|]. rewrite Rmult_0_l. eapply Rle_trans;
    [apply Rabs_pos|exact X]. }
  unfold cosv, Rdiv. rewrite Rabs_mult. assert (NN : 0 < nrm (p s) (b s) * nrm (p s) (beta s t))
    by now apply Rmult_lt_0_compat.
  rewrite (Rabs_right (/ _)) by (left; now apply Rinv_0_lt_compat).
  apply Rmult_le_reg_r with (nrm (p s) (b s) * nrm (p s) (beta s t)); [assumption|].
    rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  eapply Rle_trans; [exact X|].
  replace ((cb + rh) * / den * / pt s * (nrm (p s) (b s) * nrm (p s) (beta s t)))
    with ((cb + rh) * nrm (p s) (b s) * (nrm (p s) (beta s t) * / (pt s * den))) by (field; split; lra).
  rewrite <- (Rmult_1_r ((cb + rh) * nrm (p s) (b s))) at 1. apply Rmult_le_compat_l; [pos|].
  apply Rmult_le_reg_r with (pt s * den); [assumption|]. rewrite Rmult_assoc, Rinv_l by lra. lra. Qed.

(* The weights: A = W X^T with K = X X^T, for the step of W whose pre-activations are (A.1). *)
Section Weights.
Variable d : nat.
Variable X : mat.
Variable W : nat -> mat.
Hypothesis K_X : forall i j, K s i j = dot d (X i) (X j).
Hypothesis run_W : forall t r j, (r < p s)%nat -> (j < d)%nat -> W (S t) r j = W t r j
  - eta s / pt s * (b s r * mulvT (n s) X (fun i => D (dpsi s) (A s) t r i * e (p s) (y s) (psi s) (A s) (beta s) t i) j).
Lemma K_by_X u i : mulv (n s) (K s) u i = dot d (X i) (mulvT (n s) X u).
Proof.
  unfold mulv, mulvT, dot. rewrite (sum_ext (n s) _ (fun j => sum d (fun l => X i l * (X j l * u j)))).
  - rewrite sum_swap. apply sum_ext. intros l Hl. now rewrite <- sum_scal.
  - intros j Hj. rewrite K_X. unfold dot. rewrite <- sum_scal_r. apply sum_ext. intros; ring. Qed.
Lemma weights_give_A : (forall r i, (r < p s)%nat -> (i < n s)%nat -> A s 0%nat r i = dot d (W 0%nat r) (X i)) ->
  forall t r i, (r < p s)%nat -> (i < n s)%nat -> A s t r i = dot d (W t r) (X i).
Proof.
  intros W0 t r i Hr Hi. induction t as [|t IH]; [now apply W0|]. rewrite (ok_runA s H t r i Hr Hi), IH, K_by_X.
  rewrite (dot_sym d (W (S t) r)), (dot_sym d (W t r)), <- !dot_scal_r, <- dot_sub_r. apply dot_ext; [reflexivity|].
  intros j Hj. rewrite run_W by assumption. reflexivity. Qed.
Lemma XT_norm u : nrm d (mulvT (n s) X u) <= sqrt (Kn s) * nrm (n s) u.
Proof.
  apply nrm_le_sq; [pos|]. assert (T := ok_Kform s H u). apply Rabs_le_inv in T.
  replace (dot d (mulvT (n s) X u) (mulvT (n s) X u)) with (quad (n s) (K s) u).
  - replace (sqrt (Kn s) * nrm (n s) u * (sqrt (Kn s) * nrm (n s) u)) with (sqrt (Kn s) * sqrt (Kn s) * (nrm (n s)
    u * nrm (n s) u))
      by ring. rewrite sqrt_sqrt, nrm_sq by assumption. lra.
  - rewrite <- mulv_adj. unfold quad, bil. rewrite dot_sym. apply dot_ext; [|reflexivity]. intros i Hi. apply K_by_X. Qed.
Theorem theorem_P_weights t r : (r < p s)%nat ->
  nrm d (fun j => W t r j - W 0%nat r j) <= Rabs (b s r) * L1 s * sqrt (Kn s) * Sx / pt s.
Proof.
  intros Hr. assert (ip : 0 < pt s) by exact o7.
  assert (T : nrm d (fun j => W t r j - W 0%nat r j) <= Rabs (b s r) * L1 s * sqrt (Kn s) / pt s * acc s t).
  { assert (a0 : acc s 0 = 0) by (unfold acc; apply S_0). induction t as [|t IH].
    - rewrite (nrm_ext _ _ (fun _ => 0)) by (intros; ring). rewrite nrm_zero, a0. lra.
    - set (z := fun i => D (dpsi s) (A s) t r i * e (p s) (y s) (psi s) (A s) (beta s) t i).
      rewrite (nrm_ext d _ (fun j => W t r j - W 0%nat r j + - (eta s / pt s * b s r) * mulvT (n s) X z j)).
      2:{ intros j Hj. rewrite run_W by assumption. fold z. ring. }
      eapply Rle_trans; [apply nrm_add|]. rewrite nrm_scal, Rabs_Ropp, Rabs_mult, acc_S.
      assert (e1 : 0 <= eta s / pt s) by (apply Rdiv_pos; lra). rewrite (Rabs_right (eta s / pt s)) by lra.
      assert (Z : nrm (n s) z <= L1 s * err s t) by (apply (D_nrm (n s) (psi s) (dpsi s) (L1 s) (L2 s)); apply H).
      apply (Rmult_le_compat_l (sqrt (Kn s))) in Z; [|pos]. apply (Rle_trans _ _ _ (XT_norm z)) in Z.
      apply (Rmult_le_compat_l (eta s / pt s * Rabs (b s r))) in Z; [|pos].
      eapply Rle_trans; [apply Rplus_le_compat; [exact IH|exact Z]|]. right. field. lra. }
  eapply Rle_trans; [exact T|]. destruct (bounded t) as [B _].
  apply (Rmult_le_compat_l (Rabs (b s r) * L1 s * sqrt (Kn s) / pt s)) in B; [|pos].
  eapply Rle_trans; [exact B|]. right. unfold Rdiv. ring. Qed.
End Weights.
End TheoremP.

(* The premises of Theorem P can be met: one unit, one sample, psi the identity, and an error of 1/100. *)
Section Example.
Let one : mat := fun _ _ => 1.
Let id_ := fun (_ _ : nat) (x : R) => x.
Let did := fun (_ _ : nat) (_ : R) => 1.
Let st t := run_from 1 1 one (fun _ => 1 / 100) (fun _ => 1) id_ did (1 / 10) (one, fun _ => 0) t.
Definition small : setting := {| n := 1; p := 1; K := one; y := fun _ => 1 / 100; b := fun _ => 1; psi := id_; dpsi := did;
  L1 := 1; L2 := 0; eta := 1 / 10; Kn := 1; kmax := 1; Gs := 1; Q := 0; om := 1;
  A := fun t => fst (st t); beta := fun t => snd (st t) |}.
Definition small_start := {| gmin := 1; h0 := 0; s2 := 1; s4 := 1; Q3 := 0; lin_b := 3; lin_beta := 0; e0 := 1 / 100 |}.
Local Lemma nrm_1 x : nrm 1 x = Rabs (x 0%nat).
Proof. unfold nrm, dot. simpl. rewrite Rplus_0_l. apply sqrt_Rsqr_abs. Qed.
Local Lemma rp_1 : rp 1 = 1.            Proof. unfold rp. simpl. apply sqrt_1. Qed.
Lemma small_ok : setting_ok small.
Proof.
  split; cbn [n p K y b psi dpsi L1 L2 eta Kn kmax Gs Q om A beta small]; try lia; try lra.
  - intros i j _ _. reflexivity.
  - intros x. unfold quad, bil, dot, mulv, one. simpl. rewrite Rabs_right; [lra|]. assert (T := Rle_0_sqr (x 0%nat)).
    unfold Rsqr in T. lra.
  - intros i _. rewrite nrm_1. unfold one. rewrite Rabs_R1. lra.
  - unfold id_, did. split; intros.
    + rewrite Rabs_R1. lra.
    + lra.
    + rewrite Rminus_eq_0, Rabs_R0. lra.
    + replace (u + h - u - 1 * h) with 0 by ring. rewrite Rabs_R0. lra.
  - apply run_from_A.
  - apply run_from_beta.
  - intros x. unfold quad, bil, dot, mulv, G, Psi. simpl. unfold id_, one. lra.
  - simpl. rewrite Rabs_R0. lra. Qed.
Lemma small_good : good_start small (fun _ _ _ => 0) small_start.
Proof.
  split; cbn [n p K y b psi dpsi L1 L2 eta Kn kmax Gs Q om A beta small gmin h0 s2 s4 Q3 lin_b lin_beta e0 small_start];
    try lra.
  - intros x. unfold quad, bil, dot, mulv, G, Psi. simpl. unfold id_, one. lra.
  - intros x. unfold quad, bil, dot, mulv, H. simpl. unfold one, Rdiv. rewrite Rabs_right; lra.
  - rewrite nrm_1, Rabs_R1. unfold pt. cbn [p small]. fold (rp 1). rewrite rp_1. lra.
  - rewrite nrm_1. unfold b2. rewrite Rmult_1_l, Rabs_R1. unfold pt. cbn [p small]. fold (rp 1). rewrite rp_1. lra.
  - simpl. rewrite Rabs_R0. lra.
  - unfold err, En, e, f. cbn [n p y psi A beta small]. rewrite nrm_1, rp_1. unfold mulvT. simpl. rewrite Rabs_left; lra.
  - intros u x. rewrite !nrm_1. unfold quad, bil, dot, mulv, LG, LH, Br, KD, mulv, dot, Psi, D. rewrite rp_1. simpl.
    unfold one, id_, did.
    match goal with |- Rabs ?a <= _ => replace a with (- (3 * u 0%nat * (x 0%nat * x 0%nat))) by field end.
    rewrite Rabs_Ropp, (Rabs_mult (3 * u 0%nat)), (Rabs_mult 3), (Rabs_right 3) by lra.
    rewrite (Rabs_right (x 0%nat * x 0%nat)) by apply Rle_ge, Rle_0_sqr. lra.
  - intros u x. unfold quad, bil, dot, mulv, LD. simpl. match goal with |- Rabs ?a <= _ => replace a with 0 by ring end.
    rewrite Rabs_R0. lra. Qed.
Lemma small_closes : closes (1 / 10) 1 (growth_from small 0 small_start) (1 / 50).
Proof.
  unfold growth_from, growth_of. cbn [n p K y b psi dpsi L1 L2 eta Kn kmax Gs Q om A beta small gmin h0 s2 s4 Q3 lin_b
    lin_beta e0 small_start].
  split; unfold int_mu, mu, D_up, D_lo, Cvg; cbn [m0 top E d1 d2 d3 up2 c0 c1 c2]; unfold w, chi, kap1, v2; rewrite ?rp_1;
    simpl; lra. Qed.
Theorem theorem_P_premises : exists s ddpsi L3 g gamma_max Sx, setting_ok s /\ curvature_ok (dpsi s) ddpsi (L2 s) L3 /\
  good_start s ddpsi g /\ 0 < gamma_max /\ gmin g <= gamma_max /\ 0 < Sx /\ closes (eta s) gamma_max (growth_from s L3 g)
    Sx /\
  0 < err s 0.
Proof.
  exists small, (fun _ _ _ => 0), 0, small_start, 1, (1 / 50). split; [apply small_ok|]. split.
  - split; intros; cbn; unfold did; [rewrite Rabs_R0; lra|]. replace (1 - 1 - 0 * h) with 0 by ring. rewrite Rabs_R0. lra.
  - split; [apply small_good|]. split; [lra|]. split; [cbn; lra|]. split; [lra|]. split; [apply small_closes|].
    unfold err, En, e, f. cbn [n p y psi A beta small]. rewrite nrm_1, rp_1. unfold mulvT. simpl. rewrite Rabs_left; lra. Qed.
End Example.
