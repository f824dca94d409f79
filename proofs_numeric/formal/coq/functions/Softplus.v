(* SPDX-License-Identifier: Apache-2.0 *)
(* psi = softplus, log(1 + e^x), with psi' = sigmoid: L1 = 1, L2 = 1/4 (reports/docs/activations.md, softplus). What the
   evaluator rests on is log(1 + E) = 2 z a_0 for z = E/(2 + E), a_k = 1/(2k+1) + z^2 a_(k+1), 0 <= a_k <= 2. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Network Calculus Sigmoid Gauss.
Open Scope R_scope.

Definition softplus x := ln (1 + exp x).
Lemma sigmoid_exp x : sigmoid x = exp x / (1 + exp x).
Proof. unfold sigmoid. assert (P := exp_pos x). assert (Q := exp_pos (- x)).
  assert (E : exp x * exp (- x) = 1) by (rewrite <- exp_plus, Rplus_opp_r; apply exp_0).
  apply Rmult_eq_reg_r with ((1 + exp (- x)) * (1 + exp x)); [|nra]. field_simplify; [|lra|lra]. nra. Qed.
Lemma softplus_deriv x : derivable_pt_lim softplus x (sigmoid x).
Proof. assert (P := exp_pos x). apply (dpl_eq _ _ (/ (1 + exp x) * (0 + exp x))); [rewrite sigmoid_exp; field; lra|].
  apply (derivable_pt_lim_comp (fun z => 1 + exp z) ln); [|apply derivable_pt_lim_ln; lra].
  apply (derivable_pt_lim_plus (fun _ => 1) exp); [apply derivable_pt_lim_const|apply derivable_pt_lim_exp]. Qed.
Lemma softplus_ok : activation_ok (fun _ _ => softplus) (fun _ _ => sigmoid) 1 (1 / 4).
Proof. apply (activation_of_deriv softplus sigmoid dsigmoid); try lra; [apply softplus_deriv|apply sigmoid_deriv| |].
  - intros c. assert (T := sigmoid_bound c). rewrite Rabs_right; lra.
  - intros c. apply (act_L1 _ _ _ _ sigmoid_ok 0%nat 0%nat). Qed.
(* softplus(x) = max(x, 0) + log(1 + exp(-|x|)) *)
Lemma softplus_abs x : softplus x = Rmax x 0 + ln (1 + exp (- Rabs x)).
Proof. unfold softplus, Rmax. assert (P := exp_pos x). assert (Q := exp_pos (- x)). destruct (Rle_dec x 0) as [H|H].
  - rewrite Rabs_left1, Ropp_involutive by assumption. ring.
  - rewrite Rabs_right by lra. rewrite <- (ln_exp x) at 2. rewrite <- ln_mult by lra. f_equal.
    assert (E : exp x * exp (- x) = 1) by (rewrite <- exp_plus, Rplus_opp_r; apply exp_0). lra. Qed.

(* the series of half the logarithm of (1 + z)/(1 - z), and its remainders r k *)
Definition atanh z := (ln (1 + z) - ln (1 - z)) / 2.
Fixpoint ra (k : nat) (z : R) : R := match k with O => atanh z | S j => ra j z - z ^ (2 * j + 1) / INR (2 * j + 1) end.
Lemma atanh_deriv z : -1 < z < 1 -> derivable_pt_lim atanh z (/ (1 - z * z)).
Proof. intros H. apply (dpl_eq _ _ (/ 2 * (/ (1 + z) * (0 + 1) - / (1 - z) * (0 - 1)))); [field; repeat split; nra|].
  apply (deriv_ext (fun z => / 2 * (ln (1 + z) - ln (1 - z)))); [intros; unfold atanh; field|].
  apply (derivable_pt_lim_scal (fun z => ln (1 + z) - ln (1 - z))).
  apply (derivable_pt_lim_minus (fun z => ln (1 + z)) (fun z => ln (1 - z))).
  - apply (derivable_pt_lim_comp (fun z => 1 + z) ln); [|apply derivable_pt_lim_ln; lra].
    apply (derivable_pt_lim_plus (fun _ => 1) id); [apply derivable_pt_lim_const|apply derivable_pt_lim_id].
  - apply (derivable_pt_lim_comp (fun z => 1 - z) ln); [|apply derivable_pt_lim_ln; lra].
    apply (derivable_pt_lim_minus (fun _ => 1) id); [apply derivable_pt_lim_const|apply derivable_pt_lim_id]. Qed.
Lemma odd_gt k : 0 < INR (2 * k + 1).   Proof. apply lt_0_INR. lia. Qed.
Lemma odd_power_deriv k z : derivable_pt_lim (fun y => y ^ (2 * k + 1)) z (INR (2 * k + 1) * z ^ (2 * k)).
Proof. apply (dpl_eq _ _ (INR (2 * k + 1) * z ^ pred (2 * k + 1))); [do 2 f_equal; lia|apply derivable_pt_lim_pow]. Qed.
Lemma ra_deriv k z : -1 < z < 1 -> derivable_pt_lim (ra k) z (z ^ (2 * k) / (1 - z * z)).
Proof. intros H. assert (N : 1 - z * z <> 0) by nra. induction k as [|k IH].
  - apply (dpl_eq _ _ (/ (1 - z * z))); [simpl; field; assumption|now apply atanh_deriv].
  - assert (P := odd_gt k). apply (dpl_eq _ _ (z ^ (2 * k) / (1 - z * z) - / INR (2 * k + 1) * (INR (2 * k
    + 1) * z ^ (2 * k)))).
    + replace (2 * S k)%nat with (2 * k + 2)%nat by lia. rewrite pow_add. simpl (z ^ 2). field. split; [assumption|lra].
    + apply (deriv_ext (fun y => ra k y - / INR (2 * k + 1) * y ^ (2 * k + 1))); [intros; cbn [ra]; unfold Rdiv; ring|].
      apply (derivable_pt_lim_minus (ra k) (fun y => / INR (2 * k + 1) * y ^ (2 * k + 1))); [exact IH|].
      apply (derivable_pt_lim_scal (fun y => y ^ (2 * k + 1))), odd_power_deriv. Qed.
Lemma ra_0 k : ra k 0 = 0.
Proof. induction k as [|k IH]; cbn [ra]; [unfold atanh; replace (1 - 0) with (1 + 0) by ring; unfold Rdiv; ring|].
  rewrite IH, pow_i by lia. unfold Rdiv. ring. Qed.
Lemma incr_on h h' z : 0 <= z -> (forall c, 0 <= c <= z -> derivable_pt_lim h c (h' c)) -> (forall c, 0 <= c <= z ->
  0 <= h' c) -> h 0 <= h z.
Proof. intros Hz D P. destruct Hz as [Hz| <-]; [|lra]. destruct (MVT_cor2 h h' 0 z Hz D) as (c & E & C1).
  assert (Q := P c ltac:(lra)). assert (0 <= h' c * (z - 0)) by (apply Rmult_le_pos; lra). lra. Qed.
Lemma ra_range k z : 0 <= z <= 1 / 2 -> 0 <= ra k z <= 2 * z ^ (2 * k + 1).
Proof. intros Hz. assert (U : forall c, 0 <= c <= z -> 1 <= / (1 - c * c) <= 2).
  { intros c Hc. assert (1 / 2 <= 1 - c * c <= 1) by nra. split.
    - rewrite <- Rinv_1 at 1. apply Rinv_le_contravar; lra.
    - replace 2 with (/ (1 / 2)) by field. apply Rinv_le_contravar; lra. }
  split.
  - rewrite <- (ra_0 k). apply (incr_on (ra k) (fun c => c ^ (2 * k) / (1 - c * c))); [lra|intros; apply ra_deriv; lra|].
    intros c Hc. assert (X := U c Hc). assert (0 <= c ^ (2 * k)) by (apply pow_le; lra). unfold Rdiv. apply Rmult_le_pos;
      lra.
  - set (h := fun c => 2 * c ^ (2 * k + 1) - ra k c). assert (M : h 0 <= h z).
    { apply (incr_on h (fun c => 2 * (INR (2 * k + 1) * c ^ (2 * k)) - c ^ (2 * k) / (1 - c * c))); [lra| |].
      - intros c Hc. apply (derivable_pt_lim_minus (fun c => 2 * c ^ (2 * k + 1)) (ra k)); [|apply ra_deriv; lra].
        apply (derivable_pt_lim_scal (fun c => c ^ (2 * k + 1))), odd_power_deriv.
      - intros c Hc. assert (X := U c Hc). assert (Y : 0 <= c ^ (2 * k)) by (apply pow_le; lra).
        assert (O : 1 <= INR (2 * k + 1)) by (apply (le_INR 1); lia). unfold Rdiv. set (y := c ^ (2 * k)) in *.
          set (o := INR _) in *.
        assert (y * / (1 - c * c) <= y * 2) by (apply Rmult_le_compat_l; lra). nra. }
    unfold h in M. rewrite ra_0, pow_i in M by lia. lra. Qed.
Definition ak (z : R) (k : nat) : R := if Req_EM_T z 0 then / INR (2 * k + 1) else ra k z / z ^ (2 * k + 1).
Lemma ak_step z k : ak z k = 1 / INR (2 * k + 1) + z * z * ak z (S k).
Proof. assert (P := odd_gt k). unfold ak. destruct (Req_EM_T z 0) as [->|N]; [field; split;
  [apply Rgt_not_eq, (odd_gt (S k))|lra]|].
  cbn [ra]. replace (2 * S k + 1)%nat with (2 + (2 * k + 1))%nat by lia. rewrite (pow_add z 2 (2 * k + 1)). simpl (z ^ 2).
  assert (Q : z ^ (2 * k + 1) <> 0) by now apply pow_nonzero. set (y := z ^ (2 * k + 1)) in *.
    set (o := INR (2 * k + 1)) in *.
  field. repeat split; try assumption; lra. Qed.
Lemma ak_range z k : 0 <= z <= 1 / 2 -> 0 <= ak z k <= 2.
Proof. intros Hz. unfold ak. destruct (Req_EM_T z 0) as [->|N].
  - assert (O : 1 <= INR (2 * k + 1)) by (apply (le_INR 1); lia). split; [left; apply Rinv_0_lt_compat; lra|].
    apply Rle_trans with (/ 1); [apply Rinv_le_contravar; lra|lra].
  - assert (P : 0 < z ^ (2 * k + 1)) by (apply pow_lt; lra). destruct (ra_range k z Hz) as [R0 R1]. split; [pos|].
    apply Rmult_le_reg_r with (z ^ (2 * k + 1)); [assumption|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra. Qed.
Lemma log1p_ak E : 0 <= E <= 1 -> 0 <= E / (2 + E) <= 1 / 2 /\ ln (1 + E) = 2 * (E / (2 + E)) * ak (E / (2 + E)) 0.
Proof. intros HE. set (z := E / (2 + E)). assert (Ez : z * (2 + E) = E) by (unfold z; field; lra).
  assert (Hz : 0 <= z <= 1 / 2) by nra.
  split; [exact Hz|]. assert (A : ln (1 + E) = 2 * atanh z).
  { unfold atanh. replace (1 + E) with ((1 + z) * / (1 - z)).
    - rewrite ln_mult by (try apply Rinv_0_lt_compat; lra). rewrite ln_Rinv by lra. field.
    - apply Rmult_eq_reg_r with (1 - z); [|lra]. rewrite Rmult_assoc, Rinv_l by lra. lra. }
  rewrite A. unfold ak. destruct (Req_EM_T z 0) as [->|N].
  - unfold atanh. replace (1 - 0) with (1 + 0) by ring. unfold Rdiv. ring.
  - cbn [ra]. simpl (z ^ (2 * 0 + 1)). field. assumption. Qed.
