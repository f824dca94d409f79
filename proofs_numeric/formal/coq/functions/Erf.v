(* SPDX-License-Identifier: Apache-2.0 *)
(* psi = erf, 2/sqrt(PI) times the integral of exp(-t^2) from 0: L1 = 2/sqrt(PI) and L2 = sqrt(8/(PI e)), both attained,
   rounded up at the eighth decimal (reports/docs/activations.md, erf). *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Network Calculus Exponential Pi Gauss.
Open Scope R_scope.

Definition erf_scale := 2 / sqrt PI.
Definition erf x := erf_scale * gauss 1 x.
Definition derf x := erf_scale * exp (- (x * x)).
Definition d2erf x := - (2 * x) * derf x.
Definition L1erf := 112837917 / 100000000.
Definition L2erf := 96788290 / 100000000.

Lemma derf_bell x : derf x = erf_scale * bell 1 x.
Proof. unfold derf, bell. now rewrite Rmult_1_l. Qed.
Lemma erf_0 : erf 0 = 0.                               Proof. unfold erf. rewrite gauss_0. ring. Qed.
Lemma erf_odd x : erf (- x) = - erf x.                 Proof. unfold erf. rewrite gauss_odd. ring. Qed.
Lemma erf_deriv x : derivable_pt_lim erf x (derf x).
Proof. rewrite derf_bell. apply (derivable_pt_lim_scal (gauss 1)), gauss_deriv. Qed.
(* the derivative and the value at 0 determine erf *)
Lemma erf_unique F : F 0 = 0 -> (forall x, derivable_pt_lim F x (2 / sqrt PI * exp (- (x * x)))) -> forall x, F x = erf x.
Proof. intros E H. apply (same_deriv F erf derf); [exact H|apply erf_deriv|now rewrite erf_0]. Qed.
Lemma derf_deriv x : derivable_pt_lim derf x (d2erf x).
Proof. apply (deriv_ext (fun z => erf_scale * bell 1 z)); [intros; now rewrite derf_bell|].
  apply (dpl_eq _ _ (erf_scale * (- (2 * 1 * x) * bell 1 x))); [unfold d2erf; rewrite derf_bell; ring|].
  apply (derivable_pt_lim_scal (bell 1)), bell_deriv. Qed.

Lemma sqrt_pi_pos : 0 < sqrt PI.   Proof. apply sqrt_lt_R0, PI_RGT_0. Qed.
Lemma erf_scale_pos : 0 < erf_scale.
Proof. assert (S := sqrt_pi_pos). unfold erf_scale. apply Rdiv_lt_0_compat; lra. Qed.
Lemma erf_scale_sq : erf_scale * erf_scale = 4 / PI.
Proof. assert (S := sqrt_pi_pos). assert (Q := sqrt_sqrt PI ltac:(left; apply PI_RGT_0)). unfold erf_scale.
  rewrite <- Q at 3. field. lra. Qed.
Lemma le_of_sq x y : 0 <= y -> x * x <= y * y -> x <= y.
Proof. intros. apply Rsqr_incr_0_var; assumption. Qed.
Lemma erf_scale_le : erf_scale <= L1erf.
Proof. apply le_of_sq; [unfold L1erf; lra|]. rewrite erf_scale_sq. assert (P := pi_bounds).
  apply Rmult_le_reg_r with PI; [lra|]. replace (4 / PI * PI) with 4 by (field; lra). unfold L1erf. lra. Qed.
Lemma derf_bound x : Rabs (derf x) <= L1erf.
Proof. rewrite derf_bell. assert (S := erf_scale_pos). assert (B := bell_pos 1 x). assert (B1 := bell_le_1 1 Rlt_0_1 x).
  assert (L := erf_scale_le).
  rewrite Rabs_right by nra. nra. Qed.
(* z exp(-z) is at most 1/e *)
Lemma id_exp_le z : z * exp (- z) <= exp (- 1).
Proof. assert (E := exp_ineq1_le (z - 1)). replace (exp (- 1)) with (exp (z - 1) * exp (- z)) by (rewrite <- exp_plus;
  f_equal; ring).
  apply Rmult_le_compat_r; [left; apply exp_pos|lra]. Qed.
Lemma d2erf_bound x : Rabs (d2erf x) <= L2erf.
Proof. apply le_of_sq; [unfold L2erf; lra|]. rewrite <- Rabs_mult. rewrite Rabs_right by (apply Rle_ge, Rle_0_sqr).
  replace (d2erf x * d2erf x) with (2 * (erf_scale * erf_scale) * (2 * (x * x) * exp (- (2 * (x * x))))).
  2:{ unfold d2erf, derf. replace (exp (- (2 * (x * x)))) with (exp (- (x * x)) * exp (- (x * x))) by (rewrite
      <- exp_plus; f_equal; ring). ring. }
  rewrite erf_scale_sq. assert (E := id_exp_le (2 * (x * x))). assert (P := pi_bounds). assert (I := inv_e_bounds).
  set (z := 2 * (x * x) * _) in *. apply Rmult_le_reg_r with PI; [lra|].
    replace (2 * (4 / PI) * z * PI) with (8 * z) by (field; lra).
  unfold L2erf. lra. Qed.
Lemma erf_ok : activation_ok (fun _ _ => erf) (fun _ _ => derf) L1erf L2erf.
Proof. apply (activation_of_deriv erf derf d2erf); try (unfold L1erf, L2erf; lra);
  [apply erf_deriv|apply derf_deriv|apply derf_bound|apply d2erf_bound]. Qed.
