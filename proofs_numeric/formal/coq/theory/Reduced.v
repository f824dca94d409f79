(* SPDX-License-Identifier: Apache-2.0 *)
(* reduced.md: a linear network never leaves the span of where it began (one output, any penalty, any e). *)
Require Import Reals Lra Lia.
From Alignproof Require Import Sums Forms.
Open Scope R_scope.
Section Reduced.
Variables n p : nat.
Variable K : mat.
Variables b : vec.
Variable eta : R.
Variable lam : nat -> R.
Variable A : nat -> mat.
Variables beta e : nat -> vec.           (* nothing about e is used in the representation *)
Hypothesis p_pos : (0 < p)%nat.
Let rp := sqrt (INR p).
Hypothesis stepA : forall t r i, (r < p)%nat -> (i < n)%nat ->
  A (S t) r i = A t r i - eta / rp * (b r * mulv n K (e t) i).
Hypothesis stepb : forall t r, (r < p)%nat ->
  beta (S t) r = (1 - eta * lam t) * beta t r - eta / rp * mulv n (A t) (e t) r.

Fixpoint cc t : R := match t with O => 1 | S k => (1 - eta * lam k) * cc k end.
Fixpoint uu t : vec := match t with O => fun _ => 0 | S k => fun i => (1 - eta * lam k) * uu k i + eta * e k i end.
Fixpoint ss t : vec := match t with O => fun _ => 0 | S k => fun i => ss k i + eta * e k i end.
Definition zz t : vec := mulv n K (ss t).
Fixpoint ww t : R := match t with O => 0 | S k => (1 - eta * lam k) * ww k + eta / INR p * dot n (zz k) (e k) end.

Lemma rp_ne : rp <> 0.   Proof. apply Rgt_not_eq. now apply sqrt_INR_pos. Qed.
Lemma rp_rp : rp * rp = INR p.  Proof. apply sqrt_sqrt, pos_INR. Qed.

Theorem reduced_A t r i : (r < p)%nat -> (i < n)%nat -> A t r i = A 0%nat r i - b r * zz t i / rp.
Proof. intros Hr Hi. assert (R0 := rp_ne). induction t as [|t IH].
  - unfold zz, mulv. simpl. rewrite (sum_ext n _ (fun _ => 0)), sum_zero by (intros; ring). field. assumption.
  - rewrite (stepA t r i Hr Hi), IH. unfold zz. simpl. rewrite mulv_add, mulv_scal. field. assumption. Qed.

Theorem reduced_beta t r : (r < p)%nat -> beta t r = cc t * beta 0%nat r - mulv n (A 0%nat) (uu t) r / rp + b r * ww t.
Proof. intros Hr. assert (R0 := rp_ne). assert (P := rp_rp). induction t as [|t IH].
  - unfold mulv. simpl. rewrite (sum_ext n _ (fun _ => 0)), sum_zero by (intros; ring). field. assumption.
  - rewrite (stepb t r Hr), IH.
    assert (E : mulv n (A t) (e t) r = mulv n (A 0%nat) (e t) r - b r / rp * dot n (zz t) (e t)).
    { unfold mulv, dot. rewrite (sum_ext n _ (fun i => A 0%nat r i * e t i - b r / rp * (zz t i * e t i))).
      - now rewrite sum_sub, sum_scal.
      - intros i Hi. rewrite (reduced_A t r i Hr Hi). unfold Rdiv. ring. }
    rewrite E. simpl. rewrite mulv_add, !mulv_scal, <- P. field. assumption. Qed.

(* f = c f0 - S u + h w - z (b^T beta) / p *)
Definition SS : mat := fun i j => sum p (fun r => A 0%nat r i * A 0%nat r j) / INR p.
Definition f0 : vec := fun i => mulvT p (A 0%nat) (beta 0%nat) i / rp.
Definition hh : vec := fun i => mulvT p (A 0%nat) b i / rp.
Theorem reduced_f t i : (i < n)%nat ->
  mulvT p (A t) (beta t) i / rp = cc t * f0 i - mulv n SS (uu t) i + hh i * ww t - zz t i * dot p b (beta t) / INR p.
Proof. intros Hi. assert (R0 := rp_ne). assert (P := rp_rp).
  assert (E1 : mulvT p (A t) (beta t) i = mulvT p (A 0%nat) (beta t) i - zz t i / rp * dot p b (beta t)).
  { unfold mulvT, dot. rewrite <- sum_scal, <- sum_sub. apply sum_ext. intros r Hr. rewrite (reduced_A t r i Hr Hi). unfold Rdiv. ring. }
  assert (E2 : mulvT p (A 0%nat) (beta t) i = cc t * mulvT p (A 0%nat) (beta 0%nat) i - sum p (fun r => A 0%nat r i * mulv n (A 0%nat) (uu t) r) / rp + mulvT p (A 0%nat) b i * ww t).
  { unfold mulvT. unfold Rdiv. rewrite <- sum_scal, <- !sum_scal_r, <- sum_sub, <- sum_add. apply sum_ext. intros r Hr.
    rewrite (reduced_beta t r Hr). unfold Rdiv. ring. }
  assert (E3 : mulv n SS (uu t) i = sum p (fun r => A 0%nat r i * mulv n (A 0%nat) (uu t) r) / INR p).
  { unfold mulv at 1, SS. rewrite (sum_ext n _ (fun j => sum p (fun r => A 0%nat r i * A 0%nat r j * uu t j) / INR p)).
    2:{ intros. unfold Rdiv. rewrite sum_scal_r. ring. }
    unfold Rdiv. rewrite sum_scal_r. f_equal. rewrite sum_swap. apply sum_ext. intros r Hr. unfold mulv. rewrite <- sum_scal. apply sum_ext. intros; ring. }
  rewrite E1, E2, E3. unfold f0, hh. rewrite <- P. field. assumption. Qed.
End Reduced.
