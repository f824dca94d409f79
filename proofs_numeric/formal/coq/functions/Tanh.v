(* SPDX-License-Identifier: Apache-2.0 *)
(* psi = tanh: L1 = 1, L2 = 4/(3 sqrt 3) < 0.76980036 (reports/docs/activations.md). *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Network Calculus.
Open Scope R_scope.

Definition dtanh x := 1 - tanh x * tanh x.
Lemma tanh_exp x : tanh x = (1 - exp (- (2 * x))) / (1 + exp (- (2 * x))).
Proof. unfold tanh, sinh, cosh. replace (- (2 * x)) with (- x + - x) by ring. rewrite exp_plus.
  assert (P := exp_pos x). assert (Q := exp_pos (- x)). assert (E : exp x * exp (- x) = 1) by (rewrite <- exp_plus,
    Rplus_opp_r; apply exp_0).
  set (a := exp x) in *. set (c := exp (- x)) in *.
  assert (0 < a + c) by lra. assert (0 < 1 + c * c) by nra.
  replace a with (/ c) by (apply Rmult_eq_reg_r with c; [rewrite Rinv_l; lra|lra]). field; repeat split; try lra; nra. Qed.
Lemma tanh_odd x : tanh (- x) = - tanh x.
Proof. unfold tanh, sinh, cosh. rewrite Ropp_involutive. assert (P := exp_pos x). assert (Q := exp_pos (- x)). field. lra.
  Qed.
Lemma tanh_bound x : -1 < tanh x < 1.
Proof. rewrite tanh_exp. assert (P := exp_pos (- (2 * x))). set (c := exp _) in *. split.
  - apply Rmult_lt_reg_r with (1 + c); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra.
  - apply Rmult_lt_reg_r with (1 + c); [lra|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra. Qed.
Lemma tanh_deriv x : derivable_pt_lim tanh x (dtanh x).
Proof. unfold dtanh, tanh.
  replace (1 - sinh x / cosh x * (sinh x / cosh x)) with ((cosh x * cosh x - sinh x * sinh x) / Rsqr (cosh x)).
  2:{ unfold Rsqr, cosh. assert (P := exp_pos x). assert (Q := exp_pos (- x)). field. lra. }
  apply (derivable_pt_lim_div sinh cosh); [apply derivable_pt_lim_sinh|apply derivable_pt_lim_cosh|].
  unfold cosh. assert (P := exp_pos x). assert (Q := exp_pos (- x)). lra. Qed.
Definition d2tanh x := 0 - (dtanh x * tanh x + tanh x * dtanh x).
Lemma dtanh_deriv x : derivable_pt_lim dtanh x (d2tanh x).
Proof. unfold dtanh at 1, d2tanh. apply (derivable_pt_lim_minus (fun _ => 1) (fun z => tanh z * tanh z));
  [apply derivable_pt_lim_const|].
  apply (derivable_pt_lim_mult tanh tanh); apply tanh_deriv. Qed.
Definition L2tanh := 76980036 / 100000000.
Lemma tanh_ok : activation_ok (fun _ _ => tanh) (fun _ _ => dtanh) 1 L2tanh.
Proof. apply (activation_of_deriv tanh dtanh d2tanh); try (unfold L2tanh; lra).
  - apply tanh_deriv.
  - apply dtanh_deriv.
  - intros c. assert (T := tanh_bound c). unfold dtanh. apply Rabs_le. nra.
  - intros c. assert (T := tanh_bound c). unfold d2tanh, dtanh. set (u := tanh c) in *. unfold L2tanh.
    assert (S : (0 - ((1 - u * u) * u + u * (1 - u * u))) * (0 - ((1 - u * u) * u + u * (1 - u * u))) <= 16 / 27).
    { assert (0 <= (u * u - 1 / 3) * (u * u - 1 / 3) * (4 / 3 - u * u)).
      { apply Rmult_le_pos; [apply Rle_0_sqr|nra]. }
      nra. }
    set (z := 0 - _) in *. apply Rabs_le. split; nra. Qed.

