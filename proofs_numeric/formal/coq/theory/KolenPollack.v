(* SPDX-License-Identifier: Apache-2.0 *)
(* KP of rules.md: by Kolen and Pollack's rule b - beta shrinks by exactly 1 - eta lambda(t) at every step, whatever the
   activation, the data, the number of outputs and the penalty are, and whatever the error does (kp_contraction); what
   follows for the angle (kp_cosine, kp_aligns); and the two cases in which the angle stays (kp_no_penalty, kp_no_error).
   *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums.
Open Scope R_scope.

(* 1 - cos(u, v) = (|u - v|^2 - (|u| - |v|)^2) / (2 |u| |v|), for any scalar product *)
Section Cosine.
Variable I : Type.
Variable P : I -> Prop.
Variable s : (I -> R) -> R.
Hypothesis F : posfun I P s.
Definition cosS (u v : I -> R) := dotS I s u v / (nrmS I s u * nrmS I s v).

Lemma nrmS_sub_sq u v : nrmS I s (fun i => u i - v i) * nrmS I s (fun i => u i - v i) =
  nrmS I s u * nrmS I s u - 2 * dotS I s u v + nrmS I s v * nrmS I s v.
Proof. rewrite !(nrmS_sq I P s F). assert (T := dotS_quad I P s F u v (-1)).
  replace (dotS I s (fun i => u i - v i) (fun i => u i - v i)) with (dotS I s (fun i => u i + -1 * v i) (fun i => u i
    + -1 * v i)).
  - rewrite T. ring.
  - unfold dotS. apply (s_ext I P s F). intros; ring. Qed.

Lemma one_minus_cos u v : 0 < nrmS I s u -> 0 < nrmS I s v ->
  1 - cosS u v = (nrmS I s (fun i => u i - v i) * nrmS I s (fun i => u i - v i) - (nrmS I s u - nrmS I s v) * (nrmS I s u
    - nrmS I s v))
    / (2 * nrmS I s u * nrmS I s v).
Proof. intros. rewrite nrmS_sub_sq. unfold cosS. field. lra. Qed.

Lemma one_minus_cos_le u v : 0 < nrmS I s u -> 0 < nrmS I s v ->
  0 <= 1 - cosS u v <= nrmS I s (fun i => u i - v i) * nrmS I s (fun i => u i - v i) / (2 * nrmS I s u * nrmS I s v).
Proof. intros U V. assert (0 < nrmS I s u * nrmS I s v) by now apply Rmult_lt_0_compat. split.
  - assert (C := CS' I P s F u v). apply Rmult_le_reg_r with (nrmS I s u * nrmS I s v); [assumption|].
    unfold cosS. replace ((1 - dotS I s u v / (nrmS I s u * nrmS I s v)) * (nrmS I s u * nrmS I s v))
      with (nrmS I s u * nrmS I s v - dotS I s u v) by (field; lra). lra.
  - rewrite one_minus_cos by assumption. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; lra|].
    assert (T := Rle_0_sqr (nrmS I s u - nrmS I s v)). unfold Rsqr in T. lra. Qed.
End Cosine.

Section KolenPollack.
Variables n p k : nat.                     (* samples, width, outputs *)
Variable eta : R.
Variable lam : nat -> R.
Variable psi : R -> R.
Variables A : nat -> mat.                  (* p x n; how it moves does not matter *)
Variables beta b : nat -> mat.             (* p x k *)
Variable e : nat -> mat.                   (* n x k; nothing about it is used *)

(* kept and update of one step; b takes both as beta does *)
Definition kept t := 1 - eta * lam t.
Definition update t : mat := fun r c => - (eta / sqrt (INR p)) * sum n (fun i => psi (A t r i) * e t i c).
Hypothesis step_beta : forall t r c, (r < p)%nat -> (c < k)%nat -> beta (S t) r c = kept t * beta t r c + update t r c.
Hypothesis step_b : forall t r c, (r < p)%nat -> (c < k)%nat -> b (S t) r c = kept t * b t r c + update t r c.

Fixpoint kept_product t : R := match t with O => 1 | S j => kept_product j * kept j end.

Theorem kp_one_step t r c : (r < p)%nat -> (c < k)%nat -> b (S t) r c - beta (S t) r c = kept t * (b t r c - beta t r c).
Proof. intros Hr Hc. rewrite (step_beta t r c Hr Hc), (step_b t r c Hr Hc). ring. Qed.

Theorem kp_contraction t r c : (r < p)%nat -> (c < k)%nat ->
  b t r c - beta t r c = kept_product t * (b 0%nat r c - beta 0%nat r c).
Proof. intros Hr Hc. induction t as [|t IH]; [simpl; ring|]. rewrite kp_one_step, IH by assumption. simpl. ring. Qed.

(* an instance has lambda >= 0 and eta lambda(t) < 1 *)
Hypothesis kept_range : forall t, 0 < kept t <= 1.
Lemma kept_product_range t : 0 < kept_product t <= 1.
Proof. induction t as [|t IH]; simpl; [lra|]. assert (T := kept_range t).
  split; [apply Rmult_lt_0_compat; lra|]. replace 1 with (1 * 1) by ring. apply Rmult_le_compat; lra. Qed.

Let distance t := frob p k (fun r c => b t r c - beta t r c).
Theorem kp_distance t : distance t = kept_product t * distance 0%nat.
Proof. unfold distance. assert (T := kept_product_range t).
  rewrite (frob_ext p k _ _ (fun r c => kp_contraction t r c)), !frob_def.
  etransitivity; [apply (nrmS_scal _ _ _ (pos_mat p k) (kept_product t) (unc (fun r c => b 0%nat r c - beta 0%nat r c)))|].
  now rewrite Rabs_right by lra. Qed.

(* the cosine of b and beta, by the scalar product of Frobenius; with one output it is that of two vectors *)
Definition cosine t := sum p (fun r => sum k (fun c => b t r c * beta t r c)) / (frob p k (b t) * frob p k (beta t)).
Theorem kp_cosine t : 0 < frob p k (b t) -> 0 < frob p k (beta t) ->
  0 <= 1 - cosine t <= kept_product t * kept_product t * (distance 0%nat * distance 0%nat) / (2 * frob p k (b t)
    * frob p k (beta t)).
Proof. intros U V. assert (T := one_minus_cos_le _ _ _ (pos_mat p k) (unc (b t)) (unc (beta t)) U V).
  change (nrmS (nat * nat) (sum2 p k) (fun i => unc (b t) i - unc (beta t) i)) with (distance t) in T.
  rewrite kp_distance in T. replace (kept_product t * distance 0%nat * (kept_product t * distance 0%nat)) with
    (kept_product t * kept_product t * (distance 0%nat * distance 0%nat)) in T by ring. exact T. Qed.

(* with lambda(t) >= lambda_0 for ever *)
Lemma kept_product_le lam0 : 0 <= eta -> (forall t, lam0 <= lam t) -> forall t, kept_product t <= (1 - eta * lam0) ^ t.
Proof. intros E L t. induction t as [|t IH]; [simpl; lra|]. assert (T := kept_product_range t). assert (U := kept_range t).
  simpl. rewrite Rmult_comm. assert (eta * lam0 <= eta * lam t) by now apply Rmult_le_compat_l.
  unfold kept in *. apply Rmult_le_compat; lra. Qed.

(* it is enough that |beta(t)| stays above some m > 0: the distance goes to 0 and the cosine to 1 *)
Lemma kp_distance_limit lam0 : 0 < eta -> 0 < lam0 -> (forall t, lam0 <= lam t) -> Un_cv distance 0.
Proof. intros E L0 L eps He. assert (X : 0 <= distance 0%nat) by apply frob_pos.
  assert (0 < eta * lam0) by now apply Rmult_lt_0_compat.
  assert (U := kept_range 0%nat). assert (eta * lam0 <= eta * lam 0%nat) by (apply Rmult_le_compat_l; [lra|apply L]).
    unfold kept in U.
  destruct (pow_lt_1_zero (1 - eta * lam0)) with (y := eps / (distance 0%nat + 1)) as [N HN].
  - rewrite Rabs_right; lra.
  - apply Rdiv_lt_0_compat; lra.
  - exists N. intros t Ht. specialize (HN t Ht). unfold R_dist. rewrite Rminus_0_r, kp_distance.
    assert (T := kept_product_le lam0 ltac:(lra) L t). assert (V := kept_product_range t).
    rewrite Rabs_right by (apply Rle_ge, Rmult_le_pos; lra).
    assert (Q0 : 0 <= (1 - eta * lam0) ^ t) by (apply pow_le; lra). rewrite Rabs_right in HN by lra.
    apply (Rmult_lt_compat_r (distance 0%nat + 1)) in HN; [|lra].
    replace (eps / (distance 0%nat + 1) * (distance 0%nat + 1)) with eps in HN by (field; lra).
    assert (kept_product t * distance 0%nat <= (1 - eta * lam0) ^ t * distance 0%nat) by (now apply Rmult_le_compat_r).
      lra. Qed.

Theorem kp_aligns lam0 m : 0 < eta -> 0 < lam0 -> (forall t, lam0 <= lam t) -> 0 < m -> (forall t, m <= frob p k (beta t)) ->
  Un_cv cosine 1.
Proof. intros E L0 L Hm B. assert (Z := kp_distance_limit lam0 E L0 L). intros eps He.
  (* once the distance is below m/2, |b| > m/2 and 1 - cos <= distance^2 / m^2; below m min(1, eps)/2 this is < eps *)
  destruct (Z (m / 2 * Rmin 1 eps)) as [N HN].
  { apply Rmult_lt_0_compat; [lra|]. apply Rmin_glb_lt; lra. }
  exists N. intros t Ht. specialize (HN t Ht). unfold R_dist in *. rewrite Rminus_0_r in HN.
  assert (X : 0 <= distance t) by apply frob_pos. rewrite Rabs_right in HN by lra.
  assert (M1 := Rmin_l 1 eps). assert (M2 := Rmin_r 1 eps). assert (M3 : 0 < Rmin 1 eps) by (apply Rmin_glb_lt; lra).
  set (mu := Rmin 1 eps) in *. assert (D1 : m / 2 * mu <= m / 2) by (rewrite <- (Rmult_1_r (m / 2)) at 2;
    apply Rmult_le_compat_l; lra).
  assert (Bt := B t).
  assert (bt : m / 2 < frob p k (b t)).
  { assert (T := nrmS_sub_low _ _ _ (pos_mat p k) (unc (beta t)) (unc (b t))).
    change (frob p k (beta t) - distance t <= frob p k (b t)) in T. lra. }
  assert (T := one_minus_cos_le _ _ _ (pos_mat p k) (unc (b t)) (unc (beta t))). 
  change (0 < frob p k (b t) -> 0 < frob p k (beta t) ->
    0 <= 1 - cosine t <= distance t * distance t / (2 * frob p k (b t) * frob p k (beta t))) in T.
  destruct (T ltac:(lra) ltac:(lra)) as [T1 T2].
  rewrite Rabs_left1 by lra. apply Rle_lt_trans with (distance t * distance t / (m * m));
    [|apply Rle_lt_trans with (mu * mu / 4)].
  - replace (- (cosine t - 1)) with (1 - cosine t) by ring. eapply Rle_trans; [exact T2|].
    apply Rmult_le_compat_l; [apply Rle_0_sqr|]. apply Rinv_le_contravar; [now apply Rmult_lt_0_compat|].
    apply Rmult_le_compat; lra.
  - apply Rmult_le_reg_r with (m * m); [now apply Rmult_lt_0_compat|].
    replace (distance t * distance t / (m * m) * (m * m)) with (distance t * distance t) by (field; lra).
    replace (mu * mu / 4 * (m * m)) with ((m / 2 * mu) * (m / 2 * mu)) by field. apply Rmult_le_compat; lra.
  - assert (mu * mu <= 1 * eps) by (apply Rmult_le_compat; lra). lra. Qed.

(* without a penalty, and after it has been cut, b - beta stays what it is *)
Theorem kp_no_penalty t0 : (forall t, (t0 <= t)%nat -> lam t = 0) ->
  forall t r c, (t0 <= t)%nat -> (r < p)%nat -> (c < k)%nat -> b t r c - beta t r c = b t0 r c - beta t0 r c.
Proof. intros L t r c Ht Hr Hc. induction Ht as [|t Ht IH]; [reflexivity|].
  rewrite kp_one_step, IH by assumption. unfold kept. rewrite (L t Ht). ring. Qed.

(* with e = 0 both weights decay and keep their angle for ever *)
Theorem kp_no_error : (forall t i c, (i < n)%nat -> (c < k)%nat -> e t i c = 0) -> forall t, cosine t = cosine 0%nat.
Proof. intros Z t.
  assert (U0 : forall t r c, (c < k)%nat -> update t r c = 0).
  { intros t' r c Hc. unfold update. rewrite (sum_ext n _ (fun _ => 0)), sum_zero; [ring|].
    intros i Hi. rewrite Z by assumption. ring. }
  assert (W : forall t r c, (r < p)%nat -> (c < k)%nat -> beta t r c = kept_product t * beta 0%nat r c /\ b t r c
    = kept_product t * b 0%nat r c).
  { induction t0 as [|t' IH]; intros r c Hr Hc; [simpl; split; ring|]. destruct (IH r c Hr Hc) as [I1 I2].
    rewrite step_beta, step_b, U0, I1, I2 by assumption. simpl. split; ring. }
  assert (X := kept_product_range t). unfold cosine.
  assert (F : forall M M' : mat, (forall r c, (r < p)%nat -> (c < k)%nat -> M r c = kept_product t * M' r c) -> frob p k M
    = kept_product t * frob p k M').
  { intros M M' H. rewrite (frob_ext p k _ _ H), !frob_def.
    etransitivity; [apply (nrmS_scal _ _ _ (pos_mat p k) (kept_product t) (unc M'))|]. now rewrite Rabs_right by lra. }
  rewrite (F (b t) (b 0%nat)), (F (beta t) (beta 0%nat)) by (intros; now apply W).
  rewrite (sum_ext p _ (fun r => kept_product t * kept_product t * sum k (fun c => b 0%nat r c * beta 0%nat r c))).
  2:{ intros r Hr. rewrite <- sum_scal. apply sum_ext. intros c Hc. destruct (W t r c Hr Hc) as [-> ->]. ring. }
  rewrite sum_scal. set (q := kept_product t) in *. set (x := frob p k (b 0%nat)). set (z := frob p k (beta 0%nat)).
  destruct (Req_dec x 0) as [->|]; [unfold Rdiv; rewrite !Rmult_0_r, !Rmult_0_l, Rinv_0; ring|].
  destruct (Req_dec z 0) as [->|]; [unfold Rdiv; rewrite !Rmult_0_r, Rinv_0; ring|]. field. repeat split; lra. Qed.
End KolenPollack.
