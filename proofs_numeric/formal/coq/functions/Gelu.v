(* SPDX-License-Identifier: Apache-2.0 *)
(* psi = gelu, x Phi(x) with the normal distribution function Phi(x) = (1 + erf(x / sqrt 2)) / 2: L1 = psi'(sqrt 2) and
   L2 = 2/sqrt(2 PI), both attained, rounded up at the eighth decimal (reports/docs/activations.md, gelu). *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Network Calculus Exponential Pi Gauss Erf.
Open Scope R_scope.

Definition Phi x := (1 + erf (x / sqrt 2)) / 2.
Definition phi x := / sqrt (2 * PI) * exp (- (x * x / 2)).
Definition gelu x := x * Phi x.
Definition dgelu x := Phi x + x * phi x.
Definition d2gelu x := (2 - x * x) * phi x.
Definition L1gelu := 112890415 / 100000000.
Definition L2gelu := 79788457 / 100000000.

Lemma sqrt2_pos : 0 < sqrt 2.              Proof. apply sqrt_lt_R0. lra. Qed.
Lemma sqrt2_sq : sqrt 2 * sqrt 2 = 2.      Proof. apply sqrt_sqrt. lra. Qed.
Lemma gelu_scale_eq : / sqrt (2 * PI) = erf_scale / (2 * sqrt 2).
Proof. assert (P := PI_RGT_0). rewrite sqrt_mult by lra. unfold erf_scale. assert (S := sqrt_pi_pos).
  assert (T := sqrt2_pos). field. lra. Qed.
Lemma gelu_scale_pos : 0 < / sqrt (2 * PI).
Proof. apply Rinv_0_lt_compat, sqrt_lt_R0. assert (P := PI_RGT_0). lra. Qed.
Lemma phi_bell x : phi x = / sqrt (2 * PI) * bell (1 / 2) x.
Proof. unfold phi, bell. do 3 f_equal. field. Qed.
Lemma phi_pos x : 0 < phi x.
Proof. unfold phi. apply Rmult_lt_0_compat; [apply gelu_scale_pos|apply exp_pos]. Qed.
Lemma Phi_deriv x : derivable_pt_lim Phi x (phi x).
Proof. assert (T := sqrt2_pos).
  apply (dpl_eq _ _ (/ 2 * (0 + derf (x / sqrt 2) * / sqrt 2))).
  - unfold phi, derf. rewrite gelu_scale_eq. replace (x / sqrt 2 * (x / sqrt 2)) with (x * x / 2); [field; lra|].
    rewrite <- sqrt2_sq at 1. field. lra.
  - apply (deriv_ext (fun z => / 2 * (1 + erf (/ sqrt 2 * z)))); [intros z; unfold Phi, Rdiv; rewrite (Rmult_comm z); ring|].
    apply (derivable_pt_lim_scal (fun z => 1 + erf (/ sqrt 2 * z))).
    apply (derivable_pt_lim_plus (fun _ => 1) (fun z => erf (/ sqrt 2 * z))); [apply derivable_pt_lim_const|].
    apply (derivable_pt_lim_comp (fun z => / sqrt 2 * z) erf).
    + apply (dpl_eq _ _ (/ sqrt 2 * 1)); [ring|]. apply (derivable_pt_lim_scal id), derivable_pt_lim_id.
    + unfold Rdiv. rewrite (Rmult_comm x). apply erf_deriv. Qed.
Lemma Phi_gauss x : Phi x = 1 / 2 + / sqrt (2 * PI) * gauss (1 / 2) x.
Proof. revert x. apply (same_deriv _ _ phi); [apply Phi_deriv| |].
  - intros x. apply (dpl_eq _ _ (0 + / sqrt (2 * PI) * bell (1 / 2) x)); [rewrite phi_bell; ring|].
    apply (derivable_pt_lim_plus (fun _ => 1 / 2) (fun z => / sqrt (2 * PI) * gauss (1 / 2) z));
      [apply derivable_pt_lim_const|].
    apply (derivable_pt_lim_scal (gauss (1 / 2))), gauss_deriv.
  - unfold Phi. replace (0 / sqrt 2) with 0 by (unfold Rdiv; ring). rewrite erf_0, gauss_0. field.
    assert (P := gelu_scale_pos).
    intros E. rewrite E, Rinv_0 in P. lra. Qed.
Lemma phi_deriv x : derivable_pt_lim phi x (- x * phi x).
Proof. apply (deriv_ext (fun z => / sqrt (2 * PI) * bell (1 / 2) z)); [intros; now rewrite phi_bell|].
  apply (dpl_eq _ _ (/ sqrt (2 * PI) * (- (2 * (1 / 2) * x) * bell (1 / 2) x))); [rewrite phi_bell; field|].
  - assert (P := gelu_scale_pos). intros E. rewrite E, Rinv_0 in P. lra.
  - apply (derivable_pt_lim_scal (bell (1 / 2))), bell_deriv. Qed.
Lemma gelu_deriv x : derivable_pt_lim gelu x (dgelu x).
Proof. apply (dpl_eq _ _ (1 * Phi x + x * phi x)); [unfold dgelu; ring|].
  apply (derivable_pt_lim_mult id Phi); [apply derivable_pt_lim_id|apply Phi_deriv]. Qed.
Lemma dgelu_deriv x : derivable_pt_lim dgelu x (d2gelu x).
Proof. apply (dpl_eq _ _ (phi x + (1 * phi x + x * (- x * phi x)))); [unfold d2gelu; ring|].
  apply (derivable_pt_lim_plus Phi (fun z => z * phi z)); [apply Phi_deriv|].
  apply (derivable_pt_lim_mult id phi); [apply derivable_pt_lim_id|apply phi_deriv]. Qed.
Lemma gelu_scale_le : 2 * / sqrt (2 * PI) <= L2gelu.
Proof. assert (P := pi_bounds). assert (S := gelu_scale_pos). apply le_of_sq; [unfold L2gelu; lra|].
  replace (2 * / sqrt (2 * PI) * (2 * / sqrt (2 * PI))) with (4 / (2 * PI)).
  - apply Rmult_le_reg_r with PI; [lra|]. replace (4 / (2 * PI) * PI) with 2 by (field; lra). unfold L2gelu. lra.
  - rewrite <- (sqrt_sqrt (2 * PI)) at 1 by lra. field. assert (0 < sqrt (2 * PI)) by (apply sqrt_lt_R0; lra). lra. Qed.
Lemma d2gelu_bound x : Rabs (d2gelu x) <= L2gelu.
Proof. assert (S := gelu_scale_pos). assert (L := gelu_scale_le). assert (E := id_exp_le (x * x / 2)).
  assert (I := inv_e_bounds).
  assert (B := bell_le_1 (1 / 2) ltac:(lra) x). assert (B0 := bell_pos (1 / 2) x). unfold d2gelu. rewrite phi_bell.
  replace (exp (- (x * x / 2))) with (bell (1 / 2) x) in E by (unfold bell; f_equal; field).
  set (s := / sqrt (2 * PI)) in *. set (z := bell (1 / 2) x) in *.
    assert (Q : 0 <= x * x * z) by (assert (0 <= x * x) by nra; nra).
  replace ((2 - x * x) * (s * z)) with (s * (2 * z - x * x * z)) by ring. apply Rabs_le. split; nra. Qed.
(* psi'(-x) = 1 - psi'(x), and psi' increases up to sqrt 2 and decreases from there. *)
Lemma dgelu_opp x : dgelu (- x) = 1 - dgelu x.
Proof. unfold dgelu. rewrite !Phi_gauss, !phi_bell, gauss_odd, bell_even. field. assert (P := gelu_scale_pos).
  intros E. rewrite E, Rinv_0 in P. lra. Qed.
Lemma g_at_sqrt2 : g (1 / 2) (sqrt 2) 0 <= 2.03007847.
Proof. assert (Ha : 0 < 1 / 2) by lra. assert (T := sqrt2_pos).
  assert (St : forall k, g (1 / 2) (sqrt 2) k = 1 + 2 / INR (2 * k + 3) * g (1 / 2) (sqrt 2) (S k)).
  { intros k. rewrite (g_step (1 / 2) Ha (sqrt 2) k) at 1 by lra. do 3 f_equal. rewrite sqrt2_sq. field. }
  assert (R := proj2 (g_range (1 / 2) Ha (sqrt 2) 14 ltac:(lra))).
    assert (R0 := proj1 (g_range (1 / 2) Ha (sqrt 2) 14 ltac:(lra))).
  assert (E := St 14%nat). do 14 rewrite St. rewrite !INR_IZR_INZ in *. cbn in *. lra. Qed.
Lemma dgelu_at_sqrt2 : dgelu (sqrt 2) <= L1gelu.
Proof. assert (T := sqrt2_pos). assert (Ha : 0 < 1 / 2) by lra. unfold dgelu.
  rewrite Phi_gauss, phi_bell, (gauss_g (1 / 2)) by lra.
  replace (bell (1 / 2) (sqrt 2)) with (exp (- 1)) by (unfold bell; f_equal; rewrite sqrt2_sq; field).
  assert (G := g_at_sqrt2). destruct (g_le_0 (1 / 2) Ha (sqrt 2) 0 ltac:(lra)) as [G0 _]. set (g0 := g _ _ _) in *.
  assert (E := inv_e_bounds). assert (C := erf_scale_le). assert (C0 := erf_scale_pos). rewrite gelu_scale_eq.
  replace (1 / 2 + erf_scale / (2 * sqrt 2) * (exp (- 1) * (sqrt 2 * g0)) + sqrt 2 * (erf_scale / (2 * sqrt 2) * exp (- 1)))
    with (1 / 2 + erf_scale / 2 * (exp (- 1) * (g0 + 1))) by (field; lra).
  assert (B : exp (- 1) * (g0 + 1) <= 0.367879442 * 3.03007847) by (apply Rmult_le_compat; lra).
  assert (0 <= exp (- 1) * (g0 + 1)) by nra.
  assert (erf_scale / 2 * (exp (- 1) * (g0 + 1)) <= L1erf / 2 * (0.367879442 * 3.03007847)) by (apply Rmult_le_compat; lra).
  unfold L1erf, L1gelu in *. lra. Qed.
Lemma dgelu_range x : 0 <= x -> 1 / 2 <= dgelu x <= L1gelu.
Proof. intros Hx. assert (T := sqrt2_pos). assert (Q := sqrt2_sq). assert (U := dgelu_at_sqrt2). split.
  - assert (M : Phi 0 <= Phi x) by (apply (incr_le Phi phi); [assumption|apply Phi_deriv|intros; left; apply phi_pos]).
    unfold Phi in M at 1. replace (0 / sqrt 2) with 0 in M by (unfold Rdiv; ring). rewrite erf_0 in M.
    assert (P := phi_pos x). assert (0 <= x * phi x) by nra. unfold dgelu. lra.
  - destruct (Rle_dec x (sqrt 2)) as [H|H].
    + apply Rle_trans with (dgelu (sqrt 2)); [|assumption]. apply (incr_le dgelu d2gelu); [assumption|apply dgelu_deriv|].
      intros c Hc. unfold d2gelu. assert (P := phi_pos c). assert (c * c <= 2) by nra. apply Rmult_le_pos; lra.
    + apply Rle_trans with (dgelu (sqrt 2)); [|assumption]. apply Ropp_le_cancel.
      apply (incr_le (fun z => - dgelu z) (fun z => - d2gelu z)); [lra| |].
      * intros c. apply (derivable_pt_lim_opp dgelu), dgelu_deriv.
      * intros c Hc. unfold d2gelu. assert (P := phi_pos c). assert (2 <= c * c) by nra. nra. Qed.
Lemma dgelu_bound x : Rabs (dgelu x) <= L1gelu.
Proof. apply Rabs_le. destruct (Rle_dec 0 x) as [H|H]; [assert (B := dgelu_range x H)|
  assert (B := dgelu_range (- x) ltac:(lra)); rewrite dgelu_opp in B];
  unfold L1gelu in *; lra. Qed.
Lemma gelu_ok : activation_ok (fun _ _ => gelu) (fun _ _ => dgelu) L1gelu L2gelu.
Proof. apply (activation_of_deriv gelu dgelu d2gelu); try (unfold L1gelu, L2gelu; lra);
  [apply gelu_deriv|apply dgelu_deriv|apply dgelu_bound|apply d2gelu_bound]. Qed.
