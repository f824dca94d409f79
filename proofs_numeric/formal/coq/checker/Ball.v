(* SPDX-License-Identifier: Apache-2.0 *)
(* What an enclosure promises. inB w (m, r) x says |x 2^w - m| <= r: the ball holds the real number x, and nothing is said
   of how small r is. Each lemma in_OPERATION says that the result of the operation on balls holds the exact result on any
   numbers that its arguments hold; so a sign that posb or nonneg reads off the ball is that of the number (pos_ok,
   nonneg_ok). inB2 is the same at the scale 2^(2 w), at which products are summed before they are shifted once; inV
   speaks of every entry of a list. *)
Require Import ZArith Reals Lra Lia Psatz List Bool.
From Alignproof Require Import Sums Integers Calculus Exponential Tanh Certificate BallDef.
Import ListNotations.
Open Scope R_scope.

Lemma IZR_pow2_pos w : (0 <= w)%Z -> 0 < IZR (2 ^ w).
Proof. intros. apply IZR_lt. now apply Z.pow_pos_nonneg. Qed.
Lemma zdiv_floor a b : (0 < b)%Z -> IZR (a / b) * IZR b <= IZR a < (IZR (a / b) + 1) * IZR b.
Proof. intros Hb. assert (E := Z.div_mod a b). assert (M := Z.mod_pos_bound a b Hb).
  split.
  - rewrite <- mult_IZR. apply IZR_le. lia.
  - replace (IZR (a / b) + 1) with (IZR (a / b + 1)) by (rewrite plus_IZR; reflexivity). rewrite <- mult_IZR.
    apply IZR_lt. lia. Qed.
Lemma shr_floor a w : (0 <= w)%Z -> IZR (Z.shiftr a w) * IZR (2 ^ w) <= IZR a < (IZR (Z.shiftr a w) + 1) * IZR (2 ^ w).
Proof. intros. rewrite Z.shiftr_div_pow2 by assumption. apply zdiv_floor. now apply Z.pow_pos_nonneg. Qed.
Lemma shl_mul a w : (0 <= w)%Z -> IZR (Z.shiftl a w) = IZR a * IZR (2 ^ w).
Proof. intros. rewrite Z.shiftl_mul_pow2, mult_IZR by assumption. reflexivity. Qed.
Lemma prod_err X Y m1 r1 m2 r2 : Rabs (X - m1) <= r1 -> Rabs (Y - m2) <= r2 ->
  Rabs (X * Y - m1 * m2) <= Rabs m1 * r2 + Rabs m2 * r1 + r1 * r2.
Proof. intros H1 H2. replace (X * Y - m1 * m2) with (m1 * (Y - m2) + m2 * (X - m1) + (X - m1) * (Y - m2)) by ring.
  assert (P1 := Rabs_pos (X - m1)). assert (P2 := Rabs_pos (Y - m2)). assert (Q1 := Rabs_pos m1). assert (Q2 := Rabs_pos m2).
  eapply Rle_trans; [apply Rabs_triang|]. apply Rplus_le_compat.
  - eapply Rle_trans; [apply Rabs_triang|]. rewrite !Rabs_mult. apply Rplus_le_compat; now apply Rmult_le_compat_l.
  - rewrite Rabs_mult. now apply Rmult_le_compat. Qed.

Definition valD (d : double) : R := IZR (fst d) * powerRZ 2 (snd d).

Module BallF (I : INT) (Import D : BallDefT I).
Local Notation "[ x ]" := (I.to_Z x).
Definition sc (w : I.t) := IZR (2 ^ [w]).
Definition inB w (a : ball) (x : R) := Rabs (x * sc w - IZR [fst a]) <= IZR [snd a].
(* raw products, at twice the scale *)
Definition inB2 w (a : ball) (x : R) := Rabs (x * sc w * sc w - IZR [fst a]) <= IZR [snd a].

Ltac specs := repeat first [rewrite I.of_ok | rewrite I.add_ok | rewrite I.sub_ok | rewrite I.mul_ok | rewrite I.div_ok
  | rewrite I.shl_ok | rewrite I.shr_ok | rewrite I.max_ok | rewrite I.opp_ok | rewrite I.abs_ok | rewrite I.sqrt_ok].
Ltac unf := unfold inB, inB2, norm, rawmul, fst, snd, c0, c1, c2; specs.

Section W.
Variable w : I.t.
Hypothesis w_pos : (0 <= [w])%Z.
Lemma sc_pos : 0 < sc w.   Proof. now apply IZR_pow2_pos. Qed.

Lemma in_rad a x : inB w a x -> 0 <= IZR [snd a].
Proof. intros Hx. eapply Rle_trans; [apply Rabs_pos|exact Hx]. Qed.
Lemma in_ext a x x' : x = x' -> inB w a x -> inB w a x'.    Proof. now intros ->. Qed.
Lemma in_b0 : inB w b0 0.
Proof. unfold b0. unf. rewrite Rmult_0_l, Rminus_0_r, Rabs_R0. lra. Qed.
Lemma in2_b0 : inB2 w b0 0.
Proof. unfold b0. unf. rewrite !Rmult_0_l, Rminus_0_r, Rabs_R0. lra. Qed.
Lemma in_add a b x y : inB w a x -> inB w b y -> inB w (add a b) (x + y).
Proof. destruct a, b. unfold add. unf. intros H1 H2. rewrite !plus_IZR.
  apply Rabs_le_inv in H1. apply Rabs_le_inv in H2. apply Rabs_le. lra. Qed.
Lemma in2_add a b x y : inB2 w a x -> inB2 w b y -> inB2 w (add a b) (x + y).
Proof. destruct a, b. unfold add. unf. intros H1 H2. rewrite !plus_IZR.
  apply Rabs_le_inv in H1. apply Rabs_le_inv in H2. apply Rabs_le. lra. Qed.
Lemma in_sub a b x y : inB w a x -> inB w b y -> inB w (sub a b) (x - y).
Proof. destruct a, b. unfold sub. unf. intros H1 H2. rewrite minus_IZR, plus_IZR.
  apply Rabs_le_inv in H1. apply Rabs_le_inv in H2. apply Rabs_le. lra. Qed.
Lemma in_opp a x : inB w a x -> inB w (opp a) (- x).
Proof. destruct a. unfold opp. unf. intros H1. rewrite opp_IZR. apply Rabs_le_inv in H1. apply Rabs_le. lra. Qed.
Lemma in_abs a x : inB w a x -> inB w (babs a) (Rabs x).
Proof. destruct a. unfold babs. unf. intros H1. rewrite abs_IZR. eapply Rle_trans; [|exact H1].
  rewrite <- (Rabs_right (sc w)) at 1 by (assert (T := sc_pos); lra). rewrite <- Rabs_mult. apply Rabs_triang_inv2. Qed.
Lemma in_rawmul a b x y : inB w a x -> inB w b y -> inB2 w (rawmul a b) (x * y).
Proof. destruct a as [m1 r1], b as [m2 r2]. unf. intros H1 H2.
  rewrite !plus_IZR, !mult_IZR, plus_IZR, !abs_IZR. replace (x * y * sc w * sc w) with ((x * sc w) * (y * sc w)) by ring.
  eapply Rle_trans; [apply (prod_err _ _ _ _ _ _ H1 H2)|]. lra. Qed.
Lemma in_norm a x : inB2 w a x -> inB w (norm w a) x.
Proof. destruct a as [m r]. unf. intros H1. rewrite plus_IZR.
  assert (F1 := shr_floor [m] [w] w_pos). assert (F2 := shr_floor [r] [w] w_pos). fold (sc w) in F1, F2.
  set (q := IZR (Z.shiftr [m] [w])) in *. set (e := IZR (Z.shiftr [r] [w])) in *. assert (S := sc_pos).
  apply Rabs_le_inv in H1. apply Rabs_le. split; apply Rmult_le_reg_r with (sc w); try assumption; lra. Qed.
Lemma in_mul a b x y : inB w a x -> inB w b y -> inB w (mul w a b) (x * y).
Proof. intros. now apply in_norm, in_rawmul. Qed.
Lemma in_divk k a x : (0 < [k])%Z -> inB w a x -> inB w (divk k a) (x / IZR [k]).
Proof. destruct a as [m r]. unfold divk. intros Hk. unf. intros H1. rewrite plus_IZR.
  assert (F1 := zdiv_floor [m] [k] Hk). assert (F2 := zdiv_floor [r] [k] Hk). assert (Kp : 0 < IZR [k]) by now apply IZR_lt.
  set (q := IZR ([m] / [k])) in *. set (e := IZR ([r] / [k])) in *.
  apply Rabs_le_inv in H1. apply Rabs_le.
  assert (E : (x / IZR [k] * sc w - q) * IZR [k] = x * sc w - q * IZR [k]) by (field; lra).
  split; apply Rmult_le_reg_r with (IZR [k]); try assumption; rewrite ?E; lra. Qed.
Lemma in_ofInt k : inB w (ofInt w k) (IZR [k]).
Proof. unfold ofInt. unf. rewrite shl_mul by assumption. fold (sc w). unfold Rminus. rewrite Rplus_opp_r, Rabs_R0. lra. Qed.
Lemma in_one : inB w (one w) 1.
Proof. apply (in_ext _ (IZR [c1])); [unfold c1; now rewrite I.of_ok|apply in_ofInt]. Qed.
Lemma pos_ok a x : inB w a x -> posb a = true -> 0 < x.
Proof. destruct a as [m r]. unfold posb, fst, snd. rewrite I.ltb_ok. unf. intros H1 H2. apply Z.ltb_lt, IZR_lt in H2.
  apply Rabs_le_inv in H1. assert (S := sc_pos). apply Rmult_lt_reg_r with (sc w); lra. Qed.
Lemma nonneg_ok a x : inB w a x -> nonneg a = true -> 0 <= x.
Proof. destruct a as [m r]. unfold nonneg, fst, snd. rewrite I.leb_ok. unf. intros H1 H2. apply Z.leb_le, IZR_le in H2.
  apply Rabs_le_inv in H1. assert (S := sc_pos). apply Rmult_le_reg_r with (sc w); lra. Qed.
Lemma in_div a b x y : inB w a x -> inB w b y -> posb b = true -> inB w (div w a b) (x / y).
Proof. destruct a as [m1 r1], b as [m2 r2]. intros H1 H2 Hp. assert (Yp := pos_ok _ _ H2 Hp).
  unfold posb, fst, snd in Hp. rewrite I.ltb_ok in Hp. apply Z.ltb_lt in Hp.
  assert (R2 : (0 <= [r2])%Z) by (apply le_IZR; apply (in_rad _ _ H2)).
  unfold div. revert H1 H2. unf. intros H1 H2. rewrite plus_IZR.
  assert (M2 : (0 < [m2])%Z) by lia. assert (Dp : (0 < ([m2] - [r2]) * [m2])%Z) by nia.
  assert (F1 := zdiv_floor (Z.shiftl [m1] [w]) [m2] M2).
  assert (F2 := zdiv_floor (Z.shiftl ([r1] * [m2] + Z.abs [m1] * [r2]) [w]) (([m2] - [r2]) * [m2]) Dp).
  rewrite !shl_mul in F1, F2 by assumption. fold (sc w) in F1, F2.
  set (q := IZR (Z.shiftl [m1] [w] / [m2])) in *. set (ee := IZR (_ / (([m2] - [r2]) * [m2]))) in *.
  rewrite !mult_IZR, minus_IZR, plus_IZR, !mult_IZR, abs_IZR in F2.
  set (M1 := IZR [m1]) in *. set (N2 := IZR [m2]) in *. set (P1 := IZR [r1]) in *. set (P2 := IZR [r2]) in *.
  set (X := x * sc w) in *. set (Y := y * sc w) in *. assert (S := sc_pos).
  assert (N2p : 0 < N2) by (unfold N2; now apply IZR_lt). assert (Dq : 0 < N2 - P2) by (unfold N2, P2;
    rewrite <- minus_IZR; apply IZR_lt; lia).
  assert (P2p : 0 <= P2) by (unfold P2; now apply IZR_le).
  assert (P1p : 0 <= P1) by (eapply Rle_trans; [apply Rabs_pos|exact H1]).
  assert (Yl : N2 - P2 <= Y) by (apply Rabs_le_inv in H2; lra).
  assert (Ypos : 0 < Y) by lra.
  assert (E1 : x / y = X / Y) by (unfold X, Y; field; lra).
  rewrite E1.
  assert (B : Rabs (X * N2 - M1 * Y) <= P1 * N2 + Rabs M1 * P2).
  { replace (X * N2 - M1 * Y) with ((X - M1) * N2 + - (M1 * (Y - N2))) by ring. eapply Rle_trans; [apply Rabs_triang|].
    rewrite Rabs_Ropp, !Rabs_mult, (Rabs_right N2) by lra. apply Rplus_le_compat; [apply Rmult_le_compat_r;
      lra|apply Rmult_le_compat_l; [apply Rabs_pos|assumption]]. }
  set (er := P1 * N2 + Rabs M1 * P2) in *.
  assert (er0 : 0 <= er) by (eapply Rle_trans; [apply Rabs_pos|exact B]).
  assert (C1 : Rabs (X / Y * sc w - M1 / N2 * sc w) <= ee + 1).
  { replace (X / Y * sc w - M1 / N2 * sc w) with ((X * N2 - M1 * Y) * (sc w / (Y * N2))) by (field; lra).
    rewrite Rabs_mult. assert (Gp : 0 < sc w / (Y * N2)) by (apply Rdiv_lt_0_compat;
      [assumption|now apply Rmult_lt_0_compat]). rewrite (Rabs_right (sc w / (Y * N2))) by lra.
    apply Rle_trans with (er * (sc w / ((N2 - P2) * N2))).
    - apply Rmult_le_compat; try lra; [apply Rabs_pos|]. unfold Rdiv. apply Rmult_le_compat_l; [lra|].
      apply Rinv_le_contravar; [now apply Rmult_lt_0_compat|apply Rmult_le_compat_r; lra].
    - apply Rmult_le_reg_r with ((N2 - P2) * N2); [now apply Rmult_lt_0_compat|].
      replace (er * (sc w / ((N2 - P2) * N2)) * ((N2 - P2) * N2)) with (er * sc w) by (field; lra). lra. }
  assert (C2 : Rabs (M1 / N2 * sc w - q) <= 1).
  { assert (E2 : (M1 / N2 * sc w - q) * N2 = M1 * sc w - q * N2) by (field; lra).
    apply Rabs_le; split; apply Rmult_le_reg_r with N2; try assumption; rewrite ?E2; lra. }
  apply Rabs_le_inv in C1. apply Rabs_le_inv in C2. apply Rabs_le. lra. Qed.
Lemma in_sqrt a x : inB w a x -> 0 <= x -> inB w (bsqrt w a) (sqrt x).
Proof. destruct a as [m r]. unfold bsqrt. unf. intros H1 Hx. rewrite !minus_IZR, plus_IZR.
  assert (S := sc_pos). apply Rabs_le_inv in H1.
  assert (Hi0 : (0 <= [m] + [r])%Z) by (apply le_IZR; rewrite plus_IZR; assert (0 <= x * sc w) by nra; lra).
  assert (L := Z.sqrt_spec (Z.shiftl (Z.max 0 ([m] - [r])) [w])).
  assert (U := Z.sqrt_spec (Z.shiftl ([m] + [r]) [w])).
  rewrite !Z.shiftl_mul_pow2 in * by assumption.
  assert (P2 := Z.pow_pos_nonneg 2 [w] ltac:(lia) w_pos).
  destruct L as [L _]; [apply Z.mul_nonneg_nonneg; lia|]. destruct U as [_ U]; [apply Z.mul_nonneg_nonneg; lia|].
  set (lo := Z.sqrt (Z.max 0 ([m] - [r]) * 2 ^ [w])) in *. set (hi := Z.sqrt (([m] + [r]) * 2 ^ [w])) in *.
  assert (lo0 : (0 <= lo)%Z) by apply Z.sqrt_nonneg. assert (hi0 : (0 <= hi)%Z) by apply Z.sqrt_nonneg.
  apply IZR_le in L. apply IZR_lt in U. apply IZR_le in lo0. apply IZR_le in hi0.
  unfold Z.succ in U. rewrite !mult_IZR in L, U. rewrite !plus_IZR in U. fold (sc w) in L, U.
  assert (Sq := sqrt_pos x). assert (Sx := sqrt_sqrt x Hx). set (sx := sqrt x) in *.
  assert (Mx : IZR (Z.max 0 ([m] - [r])) <= x * sc w).
  { destruct (Z.max_spec 0 ([m] - [r])) as [[_ ->]|[_ ->]]; [rewrite minus_IZR; lra|nra]. }
  assert (La : IZR lo <= sx * sc w).
  { apply Rsqr_incr_0_var; [unfold Rsqr|nra]. apply Rle_trans with (x * sc w * sc w); [|rewrite <- Sx; lra].
    eapply Rle_trans; [exact L|]. apply Rmult_le_compat_r; lra. }
  assert (Ua : sx * sc w <= IZR hi + 1).
  { apply Rsqr_incr_0_var; [unfold Rsqr|lra]. apply Rle_trans with (x * sc w * sc w); [rewrite <- Sx; lra|].
    apply Rle_trans with ((IZR [m] + IZR [r]) * sc w); [apply Rmult_le_compat_r; lra|]. lra. }
  change (IZR 1) with 1 in *. apply Rabs_le. lra. Qed.

(* sums of products of lists *)
Definition inV (l : list ball) (x : vec) := forall i, (i < length l)%nat -> inB w (nth i l b0) (x i).
Lemma inV_cons a l x : inV (a :: l) x -> inB w a (x 0%nat) /\ inV l (fun i => x (S i)).
Proof. intros V. split; [apply (V 0%nat); simpl; lia|]. intros i Hi. apply (V (S i)). simpl. lia. Qed.
Lemma sum_shift n f : sum (S n) f = f 0%nat + sum n (fun i => f (S i)).
Proof. induction n as [|n IH]; [simpl; ring|]. change (sum (S (S n)) f) with (sum (S n) f + f (S n)). rewrite IH. simpl.
  ring. Qed.
Lemma in_rawdot_to l : forall acc s l' x x', length l = length l' -> inB2 w acc s -> inV l x -> inV l' x' ->
  inB2 w (rawdot_to acc l l') (s + dot (length l) x x').
Proof. induction l as [|a l IH]; intros acc s [|a' l'] x x' E Hs V V'; try discriminate.
  - unfold dot. simpl. now rewrite Rplus_0_r.
  - apply inV_cons in V. apply inV_cons in V'. destruct V as [V1 V2], V' as [V1' V2']. injection E as E.
    unfold dot. simpl length. rewrite sum_shift, <- Rplus_assoc. simpl rawdot_to.
    apply (IH _ _ l' (fun i => x (S i)) (fun i => x' (S i)) E); try assumption.
      apply in2_add; [assumption|now apply in_rawmul]. Qed.
Lemma in_rawdot l l' x x' : length l = length l' -> inV l x -> inV l' x' -> inB2 w (rawdot l l') (dot (length l) x x').
Proof. intros. rewrite <- (Rplus_0_l (dot _ _ _)). apply in_rawdot_to; try assumption. apply in2_b0. Qed.
Lemma in_dot l l' x x' n : length l = n -> length l' = n -> inV l x -> inV l' x' -> inB w (dotB w l l') (dot n x x').
Proof. intros <- E V V'. apply in_norm, in_rawdot; auto. Qed.
Lemma in_map1 (f : ball -> ball) (F : R -> R) l x : (forall a z, inB w a z -> inB w (f a) (F z)) ->
  inV l x -> inV (map f l) (fun i => F (x i)).
Proof. intros Hf V i Hi. rewrite map_length in Hi. rewrite (nth_indep _ b0 (f b0)) by now rewrite map_length.
  rewrite map_nth. apply Hf, V, Hi. Qed.
Lemma map2_length {T U V} (f : T -> U -> V) l l' n : length l = n -> length l' = n -> length (map2 f l l') = n.
Proof. revert l' n. induction l as [|a l IH]; intros [|a' l'] n E1 E2; simpl in *; subst; try discriminate; try reflexivity.
  simpl. f_equal. apply IH; congruence. Qed.
Lemma in_map2 (f : ball -> ball -> ball) (F : R -> R -> R) l l' x x' : (forall a z a' z', inB w a z -> inB w a' z' ->
  inB w (f a a') (F z z')) ->
  length l = length l' -> inV l x -> inV l' x' -> inV (map2 f l l') (fun i => F (x i) (x' i)).
Proof. intros Hf. revert l' x x'. induction l as [|a l IH]; intros [|a' l'] x x' E V V' i Hi; simpl in Hi; try lia;
  try discriminate.
  apply inV_cons in V. apply inV_cons in V'. destruct V as [V1 V2], V' as [V1' V2'].
  destruct i as [|i]; simpl; [now apply Hf|]. apply (IH l' (fun i => x (S i)) (fun i => x' (S i))); auto; lia. Qed.

(* doubles *)
Lemma powerRZ_IZR k : (0 <= k)%Z -> powerRZ 2 k = IZR (2 ^ k).
Proof. intros Hk. rewrite <- (Z2Nat.id k Hk). rewrite <- pow_powerRZ, pow_IZR. f_equal. Qed.
Lemma in_ofD d : inB w (ofD w d) (valD d).
Proof. destruct d as [m e]. unfold ofD, valD, fst, snd. set (s := (e + [w])%Z).
  assert (E : IZR m * powerRZ 2 e * sc w = IZR m * powerRZ 2 s).
  { unfold sc. rewrite <- powerRZ_IZR by assumption. unfold s. rewrite powerRZ_add by lra. ring. }
  destruct (Z.leb_spec 0 s) as [Hs|Hs]; unf; rewrite E.
  - rewrite shl_mul, <- powerRZ_IZR by assumption. unfold Rminus. rewrite Rplus_opp_r, Rabs_R0. lra.
  - assert (F := shr_floor m (- s) ltac:(lia)). rewrite <- powerRZ_IZR in F by lia.
    assert (P : powerRZ 2 s * powerRZ 2 (- s) = 1) by (rewrite <- powerRZ_add, Z.add_opp_diag_r by lra; reflexivity).
    assert (P1 : 0 < powerRZ 2 s) by (apply powerRZ_lt; lra). assert (P2 : 0 < powerRZ 2 (- s)) by (apply powerRZ_lt; lra).
    set (q := IZR (Z.shiftr m (- s))) in *. apply Rabs_le.
    assert (E2 : (IZR m * powerRZ 2 s - q) * powerRZ 2 (- s) = IZR m - q * powerRZ 2 (- s)).
    { rewrite Rmult_minus_distr_r, Rmult_assoc, P. ring. }
    split; apply Rmult_le_reg_r with (powerRZ 2 (- s)); try assumption; rewrite E2; lra. Qed.
End W.

(* a change of scale from w + s to w *)
Lemma in_rescale w s W a x : (0 <= [w])%Z -> (0 <= [s])%Z -> [W] = ([w] + [s])%Z -> inB W a x -> inB w (norm s a) x.
Proof. intros Hw Hs E. destruct a as [m r]. unf. intros H1. rewrite plus_IZR.
  assert (Es : sc W = sc w * sc s) by (unfold sc; rewrite E, Z.pow_add_r, mult_IZR by assumption; reflexivity).
  rewrite Es in H1. assert (F1 := shr_floor [m] [s] Hs). assert (F2 := shr_floor [r] [s] Hs). fold (sc s) in F1, F2.
  set (q := IZR (Z.shiftr [m] [s])) in *. set (e := IZR (Z.shiftr [r] [s])) in *. assert (S := sc_pos s Hs).
  apply Rabs_le_inv in H1. apply Rabs_le. split; apply Rmult_le_reg_r with (sc s); try assumption; lra. Qed.

(* a ball around x is one around x/2 at twice the scale *)
Lemma in_halved w W a x : (0 <= [w])%Z -> [W] = ([w] + 1)%Z -> inB w a x -> inB W a (x / 2).
Proof. intros Hw E. unfold inB. assert (Es : sc W = 2 * sc w) by (unfold sc; now rewrite E, Z.pow_add_r, Z.mul_comm,
  mult_IZR by lia).
  rewrite Es. now replace (x / 2 * (2 * sc w)) with (x * sc w) by field. Qed.
End BallF.
