(* SPDX-License-Identifier: Apache-2.0 *)
(* From the recursion (A.35) of theorem_a_variants.md to all t, for numbers E_ t in the place of |e(t)|: the condition (A.36)
   of Theorem A_k (sum_form), and of section 15 the sharpenings (b) (A.50) max_form, (f) (A.51) free_form and (c) (A.53)
   bootstrap. As on the page only (A.35) is used, and that D and Cv increase, and what each sharpening says of D.

   The invariant of the first three is S_t + |e(t)| / alpha <= R, an equality at t = 0: it gives S_t <= R without a
   geometric series. bootstrap has no integral: Phi is any function whose slope lies between those of mu. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums.
Open Scope R_scope.

(* a geometric envelope tends to 0 *)
Lemma geometric_limit (u : nat -> R) q E : 0 <= q < 1 -> 0 <= E -> (forall t, 0 <= u t <= q ^ t * E) -> Un_cv u 0.
Proof.
  intros Q HE U eps He. destruct (pow_lt_1_zero q) with (y := eps / (E + 1)) as [N HN].
  - rewrite Rabs_right; lra.
  - apply Rdiv_lt_0_compat; lra.
  - exists N. intros t Ht. unfold R_dist. rewrite Rminus_0_r. destruct (U t) as [U0 U1]. rewrite Rabs_right by lra.
    specialize (HN t Ht). rewrite Rabs_right in HN by (apply Rle_ge, pow_le; lra).
    apply (Rmult_lt_compat_r (E + 1)) in HN; [|lra]. unfold Rdiv in HN. rewrite Rmult_assoc, Rinv_l, Rmult_1_r in HN by lra.
    assert (0 <= q ^ t) by (apply pow_le; lra). nra. Qed.

Section Abs.
Variable E_ : nat -> R.
Variables eta m0 alpha : R.
Variables D Cv : R -> R.
Definition Sm t := eta * sum t E_.
Hypothesis E_pos : forall t, 0 <= E_ t.
Hypothesis eta_pos : 0 < eta.
Hypothesis step : forall t, E_ (S t) <= (1 - eta * (m0 - D (Sm t) - eta * Cv (Sm t) * E_ t)) * E_ t.
Hypothesis Cv_pos : forall s, 0 <= s -> 0 <= Cv s.
Hypothesis D_pos : forall s, 0 <= s -> 0 <= D s.
Hypothesis D_mono : forall s s', 0 <= s <= s' -> D s <= D s'.
Hypothesis Cv_mono : forall s s', 0 <= s <= s' -> Cv s <= Cv s'.

Lemma Sm_pos t : 0 <= Sm t.
Proof. unfold Sm. apply Rmult_le_pos; [lra|]. now apply sum_pos. Qed.
Lemma Sm_S t : Sm (S t) = Sm t + eta * E_ t.
Proof. unfold Sm. simpl. ring. Qed.

Hypothesis alpha_pos : 0 < alpha.
Hypothesis m0_ok : eta * m0 <= 1.
Let R0 := E_ 0%nat / alpha.

(* the common induction: a rate alpha at every time at which S_t + |e_t|/alpha <= R *)
Lemma by_rate : eta * alpha <= 1 ->
  (forall t, Sm t + E_ t / alpha <= R0 -> E_ t <= E_ 0%nat -> E_ (S t) <= (1 - eta * alpha) * E_ t) ->
  forall t, E_ t <= (1 - eta * alpha) ^ t * E_ 0%nat /\ Sm t + E_ t / alpha <= R0 /\ E_ (S t) <= (1 - eta * alpha) * E_ t.
Proof. intros Ha Hs. assert (I : forall t, E_ t <= (1 - eta * alpha) ^ t * E_ 0%nat /\ E_ t <= E_ 0%nat /\
  Sm t + E_ t / alpha <= R0).
  { induction t as [|t (I1 & I2 & I3)].
    - unfold Sm, R0. simpl. split; [|split]; lra.
    - assert (T := Hs t I3 I2). assert (P := E_pos t). split; [|split].
      + simpl. apply Rle_trans with ((1 - eta * alpha) * E_ t); [assumption|].
        rewrite Rmult_assoc. apply Rmult_le_compat_l; lra.
      + assert (0 <= eta * alpha * E_ t) by pos. lra.
      + rewrite Sm_S. apply (Rmult_le_compat_r (/ alpha)) in T; [|left; now apply Rinv_0_lt_compat].
        replace ((1 - eta * alpha) * E_ t * / alpha) with (E_ t / alpha - eta * E_ t) in T by (field; lra).
        unfold Rdiv in *. lra. }
  intros t. destruct (I t) as (A1 & A2 & A3). repeat split; try assumption. now apply Hs. Qed.

Lemma Sm_le t : Sm t + E_ t / alpha <= R0 -> Sm t <= R0.
Proof. intros H. assert (0 <= E_ t / alpha) by (apply Rdiv_pos; auto). lra. Qed.

(* Theorem A_k, (A.36) *)
Theorem sum_form : m0 - D R0 - eta * Cv R0 * E_ 0%nat >= alpha ->
  forall t, E_ t <= (1 - eta * alpha) ^ t * E_ 0%nat /\ Sm t + E_ t / alpha <= R0 /\ E_ (S t) <= (1 - eta * alpha) * E_ t.
Proof. intros Hc. assert (R0p : 0 <= R0) by (apply Rdiv_pos; auto).
  assert (D0 := D_pos R0 R0p). assert (C0 := Cv_pos R0 R0p). assert (E0 := E_pos 0%nat).
  assert (CE : 0 <= eta * Cv R0 * E_ 0%nat) by pos.
  apply by_rate.
  - assert (eta * alpha <= eta * m0) by (apply Rmult_le_compat_l; lra). lra.
  - intros t H1 H2. eapply Rle_trans; [apply step|]. apply Rmult_le_compat_r; [apply E_pos|].
    assert (Hs := Sm_le t H1). assert (Sp := Sm_pos t).
    assert (D1 := D_mono (Sm t) R0 (conj Sp Hs)). assert (C1 := Cv_mono (Sm t) R0 (conj Sp Hs)).
    assert (Et := E_pos t). assert (Ct := Cv_pos _ Sp).
    assert (X : eta * Cv (Sm t) * E_ t <= eta * Cv R0 * E_ 0%nat).
    { apply Rmult_le_compat; try assumption; [pos|]. apply Rmult_le_compat_l; lra. }
    assert (eta * alpha <= eta * (m0 - D (Sm t) - eta * Cv (Sm t) * E_ t)) by (apply Rmult_le_compat_l; lra).
    lra. Qed.

(* (b), (A.50): a maximum instead of a sum; D below its chord *)
Theorem max_form : (forall s, 0 <= s <= R0 -> D s * R0 <= D R0 * s) ->
  m0 - D R0 >= alpha -> m0 - eta * Cv R0 * E_ 0%nat >= alpha ->
  forall t, E_ t <= (1 - eta * alpha) ^ t * E_ 0%nat /\ Sm t + E_ t / alpha <= R0 /\ E_ (S t) <= (1 - eta * alpha) * E_ t.
Proof. intros chord H1 H2. assert (R0p : 0 <= R0) by (apply Rdiv_pos; auto).
  assert (D0 := D_pos R0 R0p).
  apply by_rate.
  - assert (eta * alpha <= eta * m0) by (apply Rmult_le_compat_l; lra). lra.
  - intros t Ht Ht2. eapply Rle_trans; [apply step|]. apply Rmult_le_compat_r; [apply E_pos|].
    assert (Hs := Sm_le t Ht). assert (Sp := Sm_pos t). assert (Et := E_pos t). assert (Ct := Cv_pos _ Sp).
    assert (C1 := Cv_mono (Sm t) R0 (conj Sp Hs)). assert (C0 := Cv_pos R0 R0p).
    set (s := Sm t) in *.
    assert (Ee : E_ t <= alpha * (R0 - s)).
    { apply Rmult_le_reg_r with (/ alpha); [now apply Rinv_0_lt_compat|].
      replace (alpha * (R0 - s) * / alpha) with (R0 - s) by (field; lra). unfold Rdiv in Ht. lra. }
    destruct (Req_dec R0 0) as [Z|NZ].
    + assert (s0 : s = 0) by lra. assert (E0 : E_ t = 0) by nra.
      assert (Ds : D s <= D R0) by (apply D_mono; lra). rewrite E0.
      assert (eta * alpha <= eta * (m0 - D s)) by (apply Rmult_le_compat_l; lra). lra.
    + assert (Ch := chord s (conj Sp Hs)).
      assert (X : eta * Cv s * E_ t <= eta * Cv R0 * (alpha * (R0 - s))).
      { apply Rmult_le_compat; try assumption; [pos|]. apply Rmult_le_compat_l; lra. }
      assert (EE : E_ 0%nat = alpha * R0) by (unfold R0; field; lra).
      rewrite EE in H2.
      assert (Y : alpha * R0 <= (m0 - D s - eta * Cv s * E_ t) * R0).
      { assert (Y1 : (eta * Cv s * E_ t) * R0 <= (eta * Cv R0 * (alpha * (R0 - s))) * R0) by (apply Rmult_le_compat_r;
        assumption).
        assert (Y2 : alpha * s <= (m0 - D R0) * s) by (apply Rmult_le_compat_r; lra).
        assert (Y3 : alpha * (R0 - s) <= (m0 - eta * Cv R0 * (alpha * R0)) * (R0 - s)) by (apply Rmult_le_compat_r; lra).
        nra. }
      apply Rmult_le_reg_r in Y; [|lra].
      assert (eta * alpha <= eta * (m0 - D s - eta * Cv s * E_ t)) by (apply Rmult_le_compat_l; lra). lra. Qed.

(* (f), (A.51): the remainder for free *)
Theorem free_form d0 : (forall s h, 0 <= s -> 0 <= h -> D s + d0 * h <= D (s + h)) -> Cv R0 <= d0 ->
  m0 - D R0 >= alpha ->
  forall t, E_ t <= (1 - eta * alpha) ^ t * E_ 0%nat /\ Sm t + E_ t / alpha <= R0 /\ E_ (S t) <= (1 - eta * alpha) * E_ t.
Proof. intros Hd Hc H1. assert (R0p : 0 <= R0) by (apply Rdiv_pos; auto). assert (D0 := D_pos R0 R0p).
  assert (Ha : eta * alpha <= 1) by (assert (eta * alpha <= eta * m0) by (apply Rmult_le_compat_l; lra); lra).
  apply by_rate; [assumption|].
  intros t Ht Ht2. eapply Rle_trans; [apply step|]. apply Rmult_le_compat_r; [apply E_pos|].
  assert (Hs := Sm_le t Ht). assert (Sp := Sm_pos t). assert (Et := E_pos t).
  assert (C1 := Cv_mono (Sm t) R0 (conj Sp Hs)). set (s := Sm t) in *.
  assert (hE : eta * E_ t <= E_ t / alpha).
  { unfold Rdiv. rewrite (Rmult_comm (E_ t)). apply Rmult_le_compat_r; [assumption|].
    apply Rmult_le_reg_r with alpha; [assumption|]. rewrite Rinv_l; lra. }
  assert (Hdd := Hd s (eta * E_ t) Sp ltac:(pos)).
  assert (Dm := D_mono (s + eta * E_ t) R0 ltac:(split; [pos|lra])).
  assert (Cv s * (eta * E_ t) <= d0 * (eta * E_ t)) by (apply Rmult_le_compat_r; [pos|lra]).
  assert (eta * alpha <= eta * (m0 - D s - eta * Cv s * E_ t)) by (apply Rmult_le_compat_l; lra). lra. Qed.

(* (c), (A.53), without integrals: Phi decreases with slope -mu, mu decreasing, Phi 0 = |e_0|, Phi S* <= 0. The error in the
   bracket of (A.35) is bounded by Phi, as in (A.56); Phi <= |e_0| gives (A.53). (A.35) is needed only while S_t <= S*. *)
Theorem bootstrap_while (mu Phi : R -> R) Sx :
  (forall t, Sm t <= Sx -> E_ (S t) <= (1 - eta * (m0 - D (Sm t) - eta * Cv (Sm t) * E_ t)) * E_ t) ->
  0 < Sx -> 0 < mu Sx ->
  (forall s s', 0 <= s <= s' -> s' <= Sx -> mu s' <= mu s) ->
  (forall s, 0 <= s <= Sx -> mu s <= m0 - D s - eta * Cv s * Phi s) ->
  (forall s s', 0 <= s <= s' -> s' <= Sx -> mu s' * (s' - s) <= Phi s - Phi s' <= mu s * (s' - s)) ->
  Phi 0 = E_ 0%nat -> Phi Sx <= 0 ->
  forall t, Sm t <= Sx /\ E_ t <= Phi (Sm t) /\ E_ t <= E_ 0%nat /\ E_ (S t) <= (1 - eta * mu Sx) * E_ t.
Proof. intros Hstep HS Hmu mono Hle HPhi P0 P1.
  assert (St : forall t, Sm t <= Sx -> E_ t <= Phi (Sm t) -> E_ (S t) <= (1 - eta * mu (Sm t)) * E_ t).
  { intros t Ht Ht2. eapply Rle_trans; [now apply Hstep|]. apply Rmult_le_compat_r; [apply E_pos|].
    assert (Sp := Sm_pos t). assert (X := Hle (Sm t) (conj Sp Ht)). assert (Ct := Cv_pos _ Sp).
    assert (eta * Cv (Sm t) * E_ t <= eta * Cv (Sm t) * Phi (Sm t)) by (apply Rmult_le_compat_l; [pos|assumption]).
    assert (eta * mu (Sm t) <= eta * (m0 - D (Sm t) - eta * Cv (Sm t) * E_ t)) by (apply Rmult_le_compat_l; lra). lra. }
  assert (I : forall t, Sm t <= Sx /\ E_ t <= Phi (Sm t) /\ E_ t <= E_ 0%nat).
  { induction t as [|t (I1 & I2 & I3)].
    - unfold Sm. simpl. rewrite Rmult_0_r, P0. repeat split; lra.
    - assert (Sp := Sm_pos t). assert (T := St t I1 I2). assert (Et := E_pos t).
      assert (mt : mu Sx <= mu (Sm t)) by (apply mono; lra).
      assert (Hm0 : eta * mu (Sm t) <= 1).
      { assert (X := Hle (Sm t) (conj Sp I1)). assert (Dp := D_pos _ Sp). assert (Ct := Cv_pos _ Sp).
        assert (P0' : 0 <= Phi (Sm t)) by lra. assert (0 <= eta * Cv (Sm t) * Phi (Sm t)) by pos.
        assert (eta * mu (Sm t) <= eta * m0) by (apply Rmult_le_compat_l; lra). lra. }
      assert (Q := HPhi (Sm t) Sx (conj Sp I1) (Rle_refl _)).
      assert (N1 : Sm (S t) <= Sx).
      { rewrite Sm_S. assert (E_ t <= mu (Sm t) * (Sx - Sm t)) by lra.
        assert (eta * E_ t <= eta * (mu (Sm t) * (Sx - Sm t))) by (apply Rmult_le_compat_l; lra).
        assert ((eta * mu (Sm t)) * (Sx - Sm t) <= 1 * (Sx - Sm t)) by (apply Rmult_le_compat_r; lra). lra. }
      split; [assumption|]. assert (Sp' : 0 <= eta * E_ t) by pos.
      assert (Q2 := HPhi (Sm t) (Sm (S t)) ltac:(rewrite Sm_S; lra) N1). split.
      + rewrite Sm_S in *. lra.
      + assert (0 <= eta * mu (Sm t) * E_ t) by pos. lra. }
  intros t. destruct (I t) as (I1 & I2 & I3). repeat split; try assumption.
  eapply Rle_trans; [apply (St t I1 I2)|]. apply Rmult_le_compat_r; [apply E_pos|].
  assert (mu Sx <= mu (Sm t)) by (apply mono; [split; [apply Sm_pos|assumption]|lra]).
  assert (eta * mu Sx <= eta * mu (Sm t)) by (apply Rmult_le_compat_l; lra). lra. Qed.
Theorem bootstrap (mu Phi : R -> R) Sx : 0 < Sx -> 0 < mu Sx ->
  (forall s s', 0 <= s <= s' -> s' <= Sx -> mu s' <= mu s) ->
  (forall s, 0 <= s <= Sx -> mu s <= m0 - D s - eta * Cv s * Phi s) ->
  (forall s s', 0 <= s <= s' -> s' <= Sx -> mu s' * (s' - s) <= Phi s - Phi s' <= mu s * (s' - s)) ->
  Phi 0 = E_ 0%nat -> Phi Sx <= 0 ->
  forall t, Sm t <= Sx /\ E_ t <= Phi (Sm t) /\ E_ t <= E_ 0%nat /\ E_ (S t) <= (1 - eta * mu Sx) * E_ t.
Proof. apply bootstrap_while. intros. apply step. Qed.
End Abs.
