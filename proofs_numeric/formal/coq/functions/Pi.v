(* SPDX-License-Identifier: Apache-2.0 *)
(* PI by its series in 1/3 and 1/7, PI/4 = 2 atan(1/3) + atan(1/7), of the standard library; and rational bounds of
   PI and of 1/e for the constants of erf and gelu (reports/docs/activations.md). *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Network Calculus Exponential.
Open Scope R_scope.

(* the sum of the first k terms, and the term of index k without its sign *)
Fixpoint pi_sum (k : nat) : R := match k with O => 0 | S j => pi_sum j + (-1) ^ j * PI_2_3_7_tg j end.
Lemma pi_sum_eq k : sum_f_R0 (tg_alt PI_2_3_7_tg) k = pi_sum (S k).
Proof. induction k as [|k IH]; [simpl; unfold tg_alt; simpl; ring|].
  change (pi_sum (S (S k))) with (pi_sum (S k) + (-1) ^ S k * PI_2_3_7_tg (S k)).
  now rewrite <- IH. Qed.
Lemma pi_error N : Rabs (PI / 4 - pi_sum (2 * N + 1)) <= PI_2_3_7_tg (2 * N + 1).
Proof. destruct (PI_2_3_7_ineq N) as [L U]. rewrite pi_sum_eq in U. change (sum_f_R0 (tg_alt PI_2_3_7_tg) (S (2 * N)))
    with (sum_f_R0 (tg_alt PI_2_3_7_tg) (2 * N) + (-1) ^ S (2 * N) * PI_2_3_7_tg (S (2 * N))) in L.
  rewrite pi_sum_eq in L. replace (2 * N + 1)%nat with (S (2 * N)) by lia. rewrite pow_1_odd in L. apply Rabs_le. lra. Qed.

Lemma pi_bounds : 3.14159265 < PI < 3.14159266.
Proof. assert (E := PI_2_3_7_ineq 4). cbn [sum_f_R0 Nat.mul Nat.add] in E.
  unfold tg_alt, PI_2_3_7_tg, Ratan_seq in E. rewrite !INR_IZR_INZ in E. cbn in E. lra. Qed.
(* 1/e, from the Taylor polynomials of exp(-t) at t = 1 *)
Lemma inv_e_bounds : 0.36787944 < exp (- 1) < 0.367879442.
Proof. change (- 1) with (- (1)). rewrite <- gk_0. assert (G := gk_range 1 14 Rle_0_1).
  do 14 rewrite gk_step'. rewrite !INR_IZR_INZ. cbn in *. split; lra. Qed.
