(* SPDX-License-Identifier: Apache-2.0 *)
(* exp and tanh on balls (ElementaryDef.v) enclose exp and tanh: in_expn, in_tanh. The bounds of Taylor's remainders are
   those of Exponential.v. *)
Require Import ZArith Reals Lra Lia Psatz List Bool.
From Alignproof Require Import Sums Calculus Exponential Tanh Integers Certificate BallDef ElementaryDef Ball.
Open Scope R_scope.

Lemma exp_neg_bound t : 0 <= t -> 0 <= exp (- t) <= 1.
Proof. intros Ht. rewrite <- gk_0. now apply gk_range. Qed.
Lemma exp_neg_lip x y : 0 <= x -> 0 <= y -> Rabs (exp (- x) - exp (- y)) <= Rabs (x - y).
Proof.
  assert (W : forall a b, 0 <= a -> a <= b -> exp (- a) - exp (- b) <= b - a /\ exp (- b) <= exp (- a)).
  { intros a b Ha Hab. split.
    - assert (T : exp (- a) + a <= exp (- b) + b).
      { apply (incr_le (fun s => exp (- s) + s) (fun s => - exp (- s) + 1)); [assumption| |].
        - intros c. apply (derivable_pt_lim_plus (fun s => exp (- s)) id); [apply exp_opp_deriv|apply derivable_pt_lim_id].
        - intros c Hc. assert (B := exp_neg_bound c ltac:(lra)). lra. }
      lra.
    - destruct Hab as [Hab| ->]; [left; apply exp_increasing; lra|lra]. }
  intros Hx Hy. destruct (Rle_dec x y) as [H|H].
  - destruct (W x y Hx H). rewrite (Rabs_left1 (x - y)), (Rabs_right (exp (- x) - _)) by lra. lra.
  - destruct (W y x Hy ltac:(lra)). rewrite (Rabs_right (x - y)), (Rabs_left1 (exp (- x) - _)) by lra. lra. Qed.
Lemma exp_pow x k : exp x ^ k = exp (INR k * x).
Proof. induction k as [|k IH]; [simpl; now rewrite Rmult_0_l, exp_0|]. rewrite S_INR. simpl. rewrite IH, <- exp_plus.
  f_equal. ring. Qed.

Module ElementaryF (I : INT) (Import D : BallDefT I) (Import E : ElementaryDefT I D).
Module P := BallF I D.
Import P.
Local Notation "[ x ]" := (I.to_Z x).

(* Horner's scheme: each step shrinks the error by t <= 1/2 and adds a unit. *)
Lemma in_taylor W T v t : (0 <= [W])%Z -> (0 <= [v])%Z -> t * IZR (2 ^ [v]) = IZR [T] -> 0 <= t <= 1 / 2 ->
  forall j J F h a, [J] = Z.of_nat j -> (0 < [F])%Z -> 0 <= a -> Rabs (IZR [F] * gk t j * sc W - IZR [h]) <= a + 2 ->
  let (F', h') := taylor W T v j J F h in (0 < [F'])%Z /\ Rabs (IZR [F'] * gk t 0 * sc W - IZR [h']) <= t ^ j * a + 2.
Proof. intros HW Hv ET Ht. induction j as [|i IH]; intros J F h a EJ HF Ha Hh; cbn [taylor].
  - split; [assumption|]. simpl. lra.
  - set (F' := I.mul F J). set (h' := I.sub (I.shl F' W) _).
    assert (EF : IZR [F'] = IZR [F] * INR (S i)) by (unfold F'; rewrite I.mul_ok, EJ, mult_IZR, <- INR_IZR_INZ; reflexivity).
    assert (Q : t ^ S i * a = t ^ i * (t * a)) by (simpl; ring). rewrite Q.
    apply IH.
    + rewrite I.sub_ok. unfold c1. rewrite I.of_ok. lia.
    + unfold F'. rewrite I.mul_ok. nia.
    + now apply Rmult_le_pos.
    + unfold h'. rewrite I.sub_ok, I.shl_ok, I.shr_ok, I.mul_ok, minus_IZR, shl_mul by assumption. fold (sc W). rewrite EF.
      assert (G := shr_floor ([T] * [h]) [v] Hv). rewrite mult_IZR, <- ET in G. set (fl := IZR (Z.shiftr _ _)) in *.
      assert (Pv : 0 < IZR (2 ^ [v])) by now apply IZR_pow2_pos.
      assert (G1 : fl <= t * IZR [h] < fl + 1).
      { split; [apply Rmult_le_reg_r with (IZR (2 ^ [v]))|apply Rmult_lt_reg_r with (IZR (2 ^ [v]))]; try assumption; lra. }
      rewrite (gk_step' t i). assert (Np : INR (S i) <> 0) by now apply not_0_INR.
      replace (IZR [F] * INR (S i) * (1 - t / INR (S i) * gk t (S i)) * sc W) with
        (IZR [F] * INR (S i) * sc W - t * (IZR [F] * gk t (S i) * sc W)) by (field; assumption).
      set (y := IZR [F] * gk t (S i) * sc W) in *. set (H := IZR [h]) in *. apply Rabs_le_inv in Hh.
      assert (t * (y - H) <= t * (a + 2)) by (apply Rmult_le_compat_l; lra).
      assert (t * (- (a + 2)) <= t * (y - H)) by (apply Rmult_le_compat_l; lra).
      apply Rabs_le. lra. Qed.

(* Squarings in [0, 1] *)
Lemma in_squarings W half : (0 <= [W])%Z -> 2 * IZR [half] <= sc W ->
  forall k E e x, 0 <= x <= 1 -> 0 <= IZR [E] <= sc W -> inB W (E, e) x ->
  0 <= IZR [fst (squarings W half k E e)] <= sc W /\ inB W (squarings W half k E e) (x ^ (2 ^ k)).
Proof. intros HW Hhalf. assert (S := sc_pos W HW). induction k as [|k IH]; intros E e x Hx HE Hin; cbn [squarings].
  - rewrite Nat.pow_0_r, pow_1. now split.
  - replace (x ^ (2 ^ Datatypes.S k)) with ((x * x) ^ (2 ^ k)) by (rewrite Nat.pow_succ_r', pow_mult; f_equal; ring).
    assert (G := shr_floor ([E] * [E]) [W] HW). fold (sc W) in G. rewrite mult_IZR in G.
    assert (G0 : 0 <= IZR (Z.shiftr ([E] * [E]) [W])).
    { apply IZR_le, Z.shiftr_nonneg, Z.square_nonneg. }
    unfold inB, fst, snd in Hin. set (u := IZR [E]) in *. set (s := sc W) in *. set (y := x * s) in *.
    assert (Hy : 0 <= y <= s) by (unfold y; nra). set (r := IZR [e]) in *.
    assert (r0 : 0 <= r) by (eapply Rle_trans; [apply Rabs_pos|exact Hin]).
    (* the error before rounding *)
    assert (Err : forall b, y + u <= b * s -> Rabs (y * y - u * u) <= r * b * s).
    { intros b Hb. replace (y * y - u * u) with ((y - u) * (y + u)) by ring. rewrite Rabs_mult, (Rabs_right (y + u)),
      Rmult_assoc by lra.
      apply Rmult_le_compat; try assumption; [apply Rabs_pos|lra]. }
    apply IH.
    + split; [nra|]. rewrite <- (Rmult_1_r 1). apply Rmult_le_compat; lra.
    + rewrite I.shr_ok, I.mul_ok. split; [exact G0|]. apply Rmult_le_reg_r with s; [assumption|]. nra.
    + assert (Out : forall b q, y + u <= b * s -> r * b + 1 <= q -> Rabs (x * x * s - IZR (Z.shiftr ([E] * [E]) [W])) <= q).
      { intros b q Hb Hq. assert (Eb := Err b Hb). apply Rabs_le_inv in Eb. set (z := IZR (Z.shiftr _ _)) in *.
        assert (Ex : x * x * s * s = y * y) by (unfold y; ring).
        apply Rabs_le; split; apply Rmult_le_reg_r with s; try assumption; nra. }
      unfold inB, fst, snd. rewrite I.shr_ok, I.mul_ok, I.leb_ok, I.add_ok.
      destruct (Z.leb_spec ([E] + [e]) [half]) as [L|L].
      * apply IZR_le in L. rewrite plus_IZR in L. fold u r in L. apply Rabs_le_inv in Hin.
        apply (Out 1); [lra|]. unfold c1. rewrite I.add_ok, I.of_ok, plus_IZR. fold r. lra.
      * apply (Out 2); [lra|]. unfold c1. rewrite !I.add_ok, I.of_ok, !plus_IZR. fold r. lra. Qed.

Lemma guard_pos w : (0 <= [w])%Z -> (0 <= [halvings w])%Z /\ (0 <= [guard w])%Z /\ (1 <= [halvings w])%Z.
Proof. intros Hw. unfold guard, halvings, c4, c6. specs. assert (T := proj2 (Z.shiftr_nonneg [w] 4) Hw). lia. Qed.
(* powers of two *)
Lemma left_out t W q N : (0 <= W)%Z -> (0 <= q)%Z -> 0 <= t -> t * IZR (2 ^ q) <= 1 ->
  t ^ N * IZR (2 ^ W) <= IZR (2 ^ Z.max 0 (W - q * Z.of_nat N)).
Proof. intros HW Hq Ht Hb. assert (P := IZR_pow2_pos q Hq).
  assert (B : t ^ N * IZR (2 ^ (q * Z.of_nat N)) <= 1).
  { rewrite Z.pow_mul_r by lia. rewrite <- pow_IZR, <- Rpow_mult_distr, <- (pow1 N). apply pow_incr. split; [|assumption].
    apply Rmult_le_pos; lra. }
  assert (B0 : 0 <= t ^ N) by now apply pow_le. set (z := (q * Z.of_nat N)%Z) in *. assert (z0 : (0 <= z)%Z) by (unfold z;
    lia).
  destruct (Z.max_spec 0 (W - z)) as [[C ->]|[C ->]].
  - replace W with (z + (W - z))%Z at 1 by ring. rewrite Z.pow_add_r, mult_IZR by lia. rewrite <- Rmult_assoc.
    rewrite <- (Rmult_1_l (IZR (2 ^ (W - z)))) at 2. apply Rmult_le_compat_r; [|assumption]. left. apply IZR_pow2_pos. lia.
  - apply Rle_trans with (t ^ N * IZR (2 ^ z)); [|assumption]. apply Rmult_le_compat_l; [assumption|]. apply IZR_le.
    apply Z.pow_le_mono_r; lia. Qed.

Theorem in_expI w m W : (0 <= [w])%Z -> (0 <= [m])%Z -> [W] = ([w] + [guard w])%Z ->
  0 <= IZR [fst (expI w m)] <= sc W /\ inB W (expI w m) (exp (- (IZR [m] / sc w))).
Proof. intros Hw Hm EW. unfold expI. set (q := halvings w). set (V := I.add w (guard w)).
  assert (EV : [V] = [W]) by (unfold V; rewrite I.add_ok; lia).
  destruct (guard_pos w Hw) as (Hq & Hg & Hq1). fold q in Hq, Hq1.
  assert (SV : sc V = sc W) by (unfold sc; now rewrite EV).
  assert (InV : forall b x, inB V b x -> inB W b x) by (unfold inB; now rewrite SV).
  assert (HV : (0 <= [V])%Z) by lia. rewrite <- SV. assert (Sw := sc_pos w Hw). assert (Sv := sc_pos V HV).
  set (N := S _). set (k := Z.to_nat _). set (J := I.of_Z (Z.of_nat N)). set (v := I.add w _).
  assert (Ev : [v] = ([w] + Z.of_nat k)%Z) by (unfold v; now rewrite I.add_ok, I.of_ok).
  set (xm := IZR [m] / sc w). assert (xm0 : 0 <= xm) by (unfold xm; apply IZR_le in Hm; pos).
  assert (P2k : 0 < 2 ^ k) by (apply pow_lt; lra).
  set (t := xm / 2 ^ k).
  assert (Pv : IZR (2 ^ [v]) = sc w * 2 ^ k) by (rewrite Ev, Z.pow_add_r, mult_IZR by lia; unfold sc;
    now rewrite <- (pow_IZR 2 k)).
  assert (ET : t * IZR (2 ^ [v]) = IZR [m]) by (rewrite Pv; unfold t, xm; field; lra).
  assert (t0 : 0 <= t) by (unfold t; pos).
  assert (Tq : t * IZR (2 ^ [q]) <= 1).
  { apply Rmult_le_reg_r with (IZR (2 ^ [v])); [apply IZR_pow2_pos; lia|]. rewrite Rmult_assoc,
    (Rmult_comm (IZR (2 ^ [q]))), <- Rmult_assoc, ET.
    rewrite Rmult_1_l, <- mult_IZR. apply IZR_le. destruct (Z.eq_dec [m] 0) as [->|Nz]; [rewrite Z.mul_0_l;
      apply Z.pow_nonneg; lia|].
    destruct (Z.log2_spec [m] ltac:(lia)) as [_ U]. assert (L0 := Z.log2_nonneg [m]).
    apply Z.le_trans with (2 ^ (Z.succ (Z.log2 [m]) + [q]))%Z.
    - rewrite Z.pow_add_r by lia. apply Z.mul_le_mono_nonneg_r; [apply Z.pow_nonneg; lia|lia].
    - apply Z.pow_le_mono_r; [lia|]. rewrite Ev. unfold k. rewrite I.log2_ok. lia. }
  assert (t1 : t <= 1 / 2).
  { assert (H2 : 2 <= IZR (2 ^ [q])) by (apply IZR_le; change 2%Z with (2 ^ 1)%Z at 1; apply Z.pow_le_mono_r; lia). nra. }
  assert (EJ : [J] = Z.of_nat N) by (unfold J; now rewrite I.of_ok).
  assert (HT := in_taylor V m v t HV ltac:(lia) ET (conj t0 t1) N J c1 c0 (sc V) EJ).
  destruct (taylor V m v N J c1 c0) as [F h].
  destruct HT as [HF Hh]; [unfold c1; rewrite I.of_ok; lia|lra| |].
  { unfold c0, c1. rewrite !I.of_ok. assert (G := gk_range t N t0). apply Rabs_le. nra. }
  set (left := I.add (I.shl c1 _) c2). set (one := I.shl c1 V). set (E := I.div h F).
  assert (Eo : IZR [one] = sc V).
  { unfold one, c1. rewrite I.shl_ok, I.of_ok, shl_mul by assumption. fold (sc V). lra. }
  assert (Hl : t ^ N * sc V + 2 <= IZR [left]).
  { unfold left, c0, c1, c2. rewrite I.add_ok, I.shl_ok, I.max_ok, I.sub_ok, I.mul_ok, !I.of_ok, EJ, plus_IZR,
    shl_mul by lia.
    assert (L := left_out t [V] [q] N HV Hq t0 Tq). fold (sc V) in L. lra. }
  (* the quotient by N! *)
  assert (HE : Rabs (exp (- t) * sc V - IZR [E]) <= IZR [I.add (I.div left F) c2]).
  { unfold E, c2. rewrite I.add_ok, !I.div_ok, I.of_ok, plus_IZR. rewrite gk_0 in Hh.
    assert (G1 := zdiv_floor [h] [F] HF). assert (G2 := zdiv_floor [left] [F] HF).
      assert (Fp : 0 < IZR [F]) by now apply IZR_lt.
    set (f := IZR [F]) in *. set (z1 := IZR ([h] / [F])) in *. set (z2 := IZR ([left] / [F])) in *.
    assert (Hh' : Rabs (f * exp (- t) * sc V - IZR [h]) <= IZR [left]) by lra. apply Rabs_le_inv in Hh'.
    apply Rabs_le; split; apply Rmult_le_reg_r with f; try assumption; lra. }
  assert (B := exp_neg_bound t t0). set (Ec := if I.leb E one then I.max c0 E else one).
  assert (Ec_ok : 0 <= IZR [Ec] <= sc V /\ Rabs (exp (- t) * sc V - IZR [Ec]) <= IZR [I.add (I.div left F) c2]).
  { set (r := IZR [I.add _ c2]) in *. apply Rabs_le_inv in HE. unfold Ec. rewrite I.leb_ok.
    destruct (Z.leb_spec [E] [one]) as [L|L].
    - apply IZR_le in L. rewrite Eo in L. unfold c0. rewrite I.max_ok, I.of_ok.
      destruct (Z.max_spec 0 [E]) as [[C ->]|[C ->]].
      + apply IZR_lt in C. split; [lra|]. apply Rabs_le. lra.
      + apply IZR_le in C. split; [lra|]. apply Rabs_le. nra.
    - apply IZR_lt in L. rewrite Eo in *. split; [lra|]. apply Rabs_le. nra. }
  destruct Ec_ok as [R1 R2].
  destruct (in_squarings V (I.shr one c1) HV) with (k := k) (E := Ec) (e := I.add (I.div left F) c2)
    (x := exp (- t)) as [S1 S2];
    try assumption.
  - unfold c1. rewrite I.shr_ok, I.of_ok. assert (G := shr_floor [one] 1 ltac:(lia)). change (2 ^ 1)%Z with 2%Z in G. lra.
  - split; [exact S1|]. apply InV. apply (in_ext V _ (exp (- t) ^ (2 ^ k))); [|exact S2].
    rewrite exp_pow. f_equal. rewrite pow_INR. change (INR 2) with 2. unfold t. field. lra. Qed.

Section W.
Variable w : I.t.
Hypothesis w_pos : (0 <= [w])%Z.

Theorem in_expn a x : 0 <= x -> inB w a x -> inB w (expnB w a) (exp (- x)).
Proof. destruct a as [m0 r]. intros Hx Ha. unfold expnB. cbn [fst snd]. set (m := I.max c0 m0). set (W := I.add w (guard w)).
  assert (Hm : (0 <= [m])%Z) by (unfold m, c0; rewrite I.max_ok, I.of_ok; lia). assert (S := sc_pos w w_pos).
  destruct (guard_pos w w_pos) as (_ & Hg & _). assert (EW : [W] = ([w] + [guard w])%Z) by (unfold W; now rewrite I.add_ok).
  destruct (in_expI w m W w_pos Hm EW) as [_ H]. apply (in_rescale w (guard w) W) in H; try assumption.
  destruct (norm (guard w) (expI w m)) as [E e]. unfold inB, fst, snd in *. rewrite I.add_ok, plus_IZR.
  assert (X0 : 0 <= IZR [m] / sc w) by (apply IZR_le in Hm; pos).
  assert (L := exp_neg_lip x _ Hx X0). set (xm := IZR [m] / sc w) in *.
  assert (Ex : xm * sc w = IZR [m]) by (unfold xm; field; lra).
  assert (D : Rabs (x * sc w - xm * sc w) <= IZR [r]).
  { rewrite Ex. unfold m, c0. rewrite I.max_ok, I.of_ok. apply Rabs_le_inv in Ha.
    assert (0 <= x * sc w) by (apply Rmult_le_pos; lra).
    apply Rabs_le. destruct (Z.max_spec 0 [m0]) as [[C ->]|[C ->]]; [lra|]. apply IZR_le in C. lra. }
  rewrite <- Rmult_minus_distr_r, Rabs_mult, (Rabs_right (sc w)) in D by lra.
  assert (D2 : Rabs (exp (- x) * sc w - exp (- xm) * sc w) <= IZR [r]).
  { rewrite <- Rmult_minus_distr_r, Rabs_mult, (Rabs_right (sc w)) by lra.
    eapply Rle_trans; [|exact D]. apply Rmult_le_compat_r; lra. }
  apply Rabs_le_inv in D2. apply Rabs_le_inv in H. apply Rabs_le. lra. Qed.

Lemma tanh_lip x y : Rabs (tanh x - tanh y) <= Rabs (x - y).
Proof. assert (T := Network.act_Lip _ _ _ _ tanh_ok 0%nat 0%nat x y). lra. Qed.
(* E -> (1 - E)/(1 + E) doubles errors at most. *)
Lemma quotient_lip x y : 0 <= x -> 0 <= y -> Rabs ((1 - x) / (1 + x) - (1 - y) / (1 + y)) <= 2 * Rabs (x - y).
Proof. intros Hx Hy. replace ((1 - x) / (1 + x) - (1 - y) / (1 + y)) with (2 * (y - x) * / ((1 + x) * (1 + y))) by (field;
  lra).
  assert (P : 1 <= (1 + x) * (1 + y)) by nra. rewrite !Rabs_mult, (Rabs_right 2), (Rabs_minus_sym y) by lra.
  rewrite <- (Rmult_1_r (2 * Rabs (x - y))) at 2. apply Rmult_le_compat_l; [assert (T := Rabs_pos (x - y)); lra|].
  rewrite Rabs_right by (left; apply Rinv_0_lt_compat; lra). rewrite <- Rinv_1. apply Rinv_le_contravar; lra. Qed.
Theorem in_tanh a x : inB w a x -> inB w (tanhB w a) (tanh x).
Proof. destruct a as [m r]. intros Hx. unfold tanhB. set (M := I.shl (I.abs m) c1). set (W := I.add w (guard w)).
  assert (S := sc_pos w w_pos). destruct (guard_pos w w_pos) as (_ & Hg & _).
  assert (EM : [M] = (2 * Z.abs [m])%Z).
  { unfold M, c1. rewrite I.shl_ok, I.abs_ok, I.of_ok, Z.shiftl_mul_pow2 by lia. ring. }
  assert (EW : [W] = ([w] + [guard w])%Z) by (unfold W; now rewrite I.add_ok).
  destruct (in_expI w M W w_pos ltac:(lia) EW) as [HE Hin]. destruct (expI w M) as [E e]. cbn [fst snd] in *.
  set (xm := IZR [m] / sc w). assert (Ex : xm * sc w = IZR [m]) by (unfold xm; field; lra).
  assert (EMr : IZR [M] / sc w = 2 * Rabs xm).
  { rewrite EM, mult_IZR, abs_IZR, <- Ex, Rabs_mult, (Rabs_right (sc w)) by lra. field. lra. }
  rewrite EMr in Hin. set (one := I.shl c1 W). set (n := I.shl (I.sub one E) w). set (d := I.add one E).
  assert (HW : (0 <= [W])%Z) by lia. assert (SW := sc_pos W HW).
  assert (Eo : IZR [one] = sc W) by (unfold one, c1; rewrite I.shl_ok, I.of_ok, shl_mul by assumption; fold (sc W); lra).
  assert (En : IZR [n] = (sc W - IZR [E]) * sc w) by (unfold n; rewrite I.shl_ok, shl_mul, I.sub_ok, minus_IZR,
    Eo by assumption; reflexivity).
  assert (Ed : IZR [d] = sc W + IZR [E]) by (unfold d; rewrite I.add_ok, plus_IZR, Eo; reflexivity).
  assert (dp : (0 < [d])%Z) by (apply lt_IZR; lra).
  assert (ESW : sc W = sc w * sc (guard w)) by (unfold sc; rewrite EW, Z.pow_add_r, mult_IZR by assumption; reflexivity).
  (* the value at E, then the error of E, then that of x *)
  set (y := IZR [E] / sc W). assert (y0 : 0 <= y) by (unfold y; apply Rle_mult_inv_pos; lra).
  set (z := exp (- (2 * Rabs xm))) in *. assert (z0 : 0 <= z) by (unfold z; left; apply exp_pos).
  assert (Qu : Rabs ((1 - y) / (1 + y) * sc w - IZR [I.div n d]) <= 1).
  { rewrite I.div_ok. assert (G := zdiv_floor [n] [d] dp). rewrite En, Ed in G. set (fl := IZR ([n] / [d])) in *.
    assert (Eq : (1 - y) / (1 + y) * sc w * (sc W + IZR [E]) = (sc W - IZR [E]) * sc w) by (unfold y; field; lra).
    apply Rabs_le; split; apply Rmult_le_reg_r with (sc W + IZR [E]); lra. }
  assert (Er : Rabs ((1 - z) / (1 + z) * sc w - (1 - y) / (1 + y) * sc w) <= IZR [I.shr (I.add e e) (guard w)] + 1).
  { rewrite <- Rmult_minus_distr_r, Rabs_mult, (Rabs_right (sc w)) by lra.
    assert (G := shr_floor ([e] + [e]) [guard w] Hg). rewrite I.shr_ok, I.add_ok. set (fl := IZR (Z.shiftr _ _)) in *.
    fold (sc (guard w)) in G. rewrite plus_IZR in G. assert (Sg := sc_pos (guard w) Hg).
    apply Rmult_le_reg_r with (sc (guard w)); [assumption|].
    apply Rle_trans with (2 * Rabs (z - y) * sc W).
    - rewrite ESW, <- Rmult_assoc. apply Rmult_le_compat_r; [lra|]. apply Rmult_le_compat_r; [lra|]. now apply quotient_lip.
    - assert (Ez : Rabs (z - y) * sc W <= IZR [e]).
      { rewrite <- (Rabs_right (sc W)), <- Rabs_mult by lra. unfold y. replace ((z - IZR [E] / sc W) * sc W) with (z
        * sc W - IZR [E]) by (field; lra).
        exact Hin. }
      lra. }
  assert (Tm : (1 - z) / (1 + z) = tanh (Rabs xm)) by (symmetry; apply tanh_exp). rewrite Tm in Er.
  set (u := I.div n d) in *. set (g := IZR [I.shr (I.add e e) (guard w)]) in *.
  assert (Hu : Rabs (tanh (Rabs xm) * sc w - IZR [u]) <= g + 2).
  { apply Rabs_le_inv in Qu. apply Rabs_le_inv in Er. apply Rabs_le. lra. }
  assert (Hv : Rabs (tanh xm * sc w - IZR [if I.ltb m c0 then I.opp u else u]) <= g + 2).
  { rewrite I.ltb_ok. unfold c0. rewrite I.of_ok. destruct (Z.ltb_spec [m] 0) as [Hm|Hm].
    - assert (Xn : xm < 0) by (apply IZR_lt in Hm; rewrite <- Ex in Hm; nra). rewrite (Rabs_left xm Xn), tanh_odd in Hu.
      rewrite I.opp_ok, opp_IZR. apply Rabs_le_inv in Hu. apply Rabs_le. lra.
    - assert (Xn : 0 <= xm) by (apply IZR_le in Hm; rewrite <- Ex in Hm; nra). now rewrite (Rabs_right xm) in Hu by lra. }
  unfold inB, fst, snd in *. set (v := if I.ltb m c0 then _ else _) in *. rewrite !I.add_ok, !plus_IZR. fold g.
  unfold c2. rewrite I.of_ok. assert (TL := tanh_lip x xm).
  assert (D1 : Rabs (tanh x * sc w - tanh xm * sc w) <= IZR [r]).
  { rewrite <- Rmult_minus_distr_r, Rabs_mult, (Rabs_right (sc w)) by lra.
    apply Rle_trans with (Rabs (x - xm) * sc w); [apply Rmult_le_compat_r; lra|].
    rewrite <- (Rabs_right (sc w)) at 1 by lra. rewrite <- Rabs_mult, Rmult_minus_distr_r, Ex. exact Hx. }
  apply Rabs_le_inv in D1. apply Rabs_le_inv in Hv. apply Rabs_le. lra. Qed.
End W.
End ElementaryF.
