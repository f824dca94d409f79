(* SPDX-License-Identifier: Apache-2.0 *)
(* Sums and comparisons of the stored numbers themselves, without balls: they are exact. *)
Require Import ZArith Reals Lra Lia.
From Alignproof Require Import Certificate BallDef CheckDef Ball.
Open Scope R_scope.

Lemma two_power k : (0 <= k)%Z -> powerRZ 2 k = IZR (2 ^ k).
Proof. intros Hk. rewrite <- (Z2Nat.id k Hk). rewrite <- pow_powerRZ, pow_IZR. f_equal. Qed.
Lemma two_power_pos k : 0 < powerRZ 2 k.
Proof. apply powerRZ_lt. lra. Qed.
Lemma shifted m e e' : (e' <= e)%Z -> IZR (Z.shiftl m (e - e')) * powerRZ 2 e' = valD (m, e).
Proof. intros H. unfold valD, fst, snd. rewrite shl_mul by lia. rewrite <- two_power by lia.
  rewrite Rmult_assoc, <- powerRZ_add by lra.
  do 2 f_equal. lia. Qed.
Lemma dsum_ok a b : valD (dsum a b) = valD a + valD b.
Proof. destruct a as [m e], b as [m' e']. unfold dsum. cbv zeta. unfold fst, snd. unfold valD at 1, fst, snd.
  rewrite plus_IZR, Rmult_plus_distr_r, !shifted by lia. reflexivity. Qed.
Lemma dneg_ok a : valD (dneg a) = - valD a.
Proof. unfold valD, dneg, fst, snd. rewrite opp_IZR. ring. Qed.
Lemma dpos_ok a : dpos a = true -> 0 < valD a.
Proof. unfold dpos, valD. intros H. apply Z.ltb_lt, IZR_lt in H. apply Rmult_lt_0_compat;
  [assumption|apply two_power_pos]. Qed.
Lemma dle_ok a b : dle a b = true -> valD a <= valD b.
Proof. unfold dle. intros H. apply Z.leb_le, IZR_le in H. assert (T : 0 <= valD (dsum b (dneg a))).
  { unfold valD. apply Rmult_le_pos; [assumption|left; apply two_power_pos]. }
  rewrite dsum_ok, dneg_ok in T. lra. Qed.
Lemma dlt_ok a b : dlt a b = true -> valD a < valD b.
Proof. intros H. apply (dpos_ok (dsum b (dneg a))) in H. rewrite dsum_ok, dneg_ok in H. lra. Qed.
Lemma valD_one : valD plus_one = 1.   Proof. unfold valD, plus_one, fst, snd. simpl. ring. Qed.
Lemma valD_minus_one : valD minus_one = -1.   Proof. unfold valD, minus_one, fst, snd. simpl. ring. Qed.
