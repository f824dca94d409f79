(* SPDX-License-Identifier: Apache-2.0 *)
(* The evaluators of SmoothDef.v enclose their functions: in_pi, in_gauss, in_erf, in_gelu, in_softplus. *)
Require Import ZArith Reals Lra Lia Psatz List Bool.
From Alignproof Require Import Sums Network Calculus Exponential Pi Gauss Erf Gelu Tanh Sigmoid Softplus Integers
  Certificate BallDef ElementaryDef SmoothDef Ball
  Elementary.
Open Scope R_scope.

Module SmoothF (I : INT) (Import D : BallDefT I) (Import E : ElementaryDefT I D) (Import S : SmoothDefT I D E).
Module L := ElementaryF I D E.
Import L.P.
Local Notation "[ x ]" := (I.to_Z x).

Lemma to_c0 : [c0] = 0%Z.    Proof. apply I.of_ok. Qed.
Lemma to_c1 : [c1] = 1%Z.    Proof. apply I.of_ok. Qed.
Lemma to_c2 : [c2] = 2%Z.    Proof. apply I.of_ok. Qed.
Lemma to_c3 : [c3] = 3%Z.    Proof. apply I.of_ok. Qed.
Lemma to_c16 : [c16] = 16%Z. Proof. apply I.of_ok. Qed.

Lemma in_top w a x : (0 <= [w])%Z -> inB w a x -> Rabs x * sc w <= IZR [top a].
Proof. intros Hw H. assert (S := sc_pos w Hw). unfold top. rewrite I.add_ok, I.abs_ok, plus_IZR, abs_IZR.
  rewrite <- (Rabs_right (sc w)) by lra. rewrite <- Rabs_mult. unfold inB in H.
  replace (x * sc w) with (IZR [fst a] + (x * sc w - IZR [fst a])) by ring. eapply Rle_trans; [apply Rabs_triang|]. lra. Qed.
Lemma in_widen w a e x z : inB w a x -> Rabs (z - x) * sc w <= IZR [e] -> (0 <= [w])%Z -> inB w (widen a e) z.
Proof. intros H He Hw. assert (S := sc_pos w Hw). unfold inB, widen, fst, snd in *. rewrite I.add_ok, plus_IZR.
  replace (z * sc w - IZR [let (x0, _) := a in x0]) with ((x * sc w - IZR [let (x0, _) := a in x0])
    + (z - x) * sc w) by ring.
  eapply Rle_trans; [apply Rabs_triang|]. rewrite (Rabs_mult (z - x)), (Rabs_right (sc w)) by lra. lra. Qed.
(* a ball around 0 *)
Lemma in_zero w e x : (0 <= [w])%Z -> Rabs x * sc w <= IZR [e] -> inB w (c0, e) x.
Proof. intros Hw H. assert (S := sc_pos w Hw). unfold inB, fst, snd. rewrite to_c0, Rminus_0_r, Rabs_mult,
  (Rabs_right (sc w)) by lra. exact H. Qed.

(* psi and psi' on a ball from their balls at the midpoint *)
Lemma in_spread psi dpsi L1 L2 w m r x P D : (0 <= [w])%Z -> activation_ok (fun _ _ => psi) (fun _ _ => dpsi) L1 L2 ->
  L2 <= 1 ->
  inB w (m, r) x -> inB w P (psi (IZR [m] / sc w)) -> inB w D (dpsi (IZR [m] / sc w)) ->
  inB w (fst (spread w r P D)) (psi x) /\ inB w (snd (spread w r P D)) (dpsi x).
Proof. intros Hw A HL Hx HP HD. assert (S := sc_pos w Hw). set (xm := IZR [m] / sc w) in *.
  assert (Ex : xm * sc w = IZR [m]) by (unfold xm; field; lra).
  assert (Hh : Rabs (x - xm) * sc w <= IZR [r]).
  { unfold inB, fst, snd in Hx. rewrite <- (Rabs_right (sc w)), <- Rabs_mult, Rmult_minus_distr_r, Ex by lra. exact Hx. }
  assert (T := act_Taylor _ _ _ _ A 0%nat 0%nat xm (x - xm)). replace (xm + (x - xm)) with x in T by ring.
  assert (T2 := act_L2 _ _ _ _ A 0%nat 0%nat x xm). assert (Td := in_top _ _ _ Hw HD).
  assert (H0 := Rabs_pos (x - xm)). assert (D0 := Rabs_pos (dpsi xm)).
  set (h := Rabs (x - xm)) in *. set (d := Rabs (dpsi xm)) in *.
  assert (Eh : (x - xm) * (x - xm) = h * h) by (unfold h; rewrite <- Rabs_mult, Rabs_right; [reflexivity|apply Rle_ge,
    Rle_0_sqr]).
  assert (HS : 0 <= h * h) by nra.
  unfold spread, fst, snd. split; [apply (in_widen w P _ (psi xm))|apply (in_widen w D _ (dpsi xm))]; try assumption.
  - rewrite I.add_ok, to_c1, plus_IZR, I.shr_ok, I.mul_ok, I.add_ok.
    assert (G := shr_floor (([top D] + [r]) * [r]) [w] Hw). fold (sc w) in G. rewrite mult_IZR, plus_IZR in G.
      set (fl := IZR (Z.shiftr _ _)) in *.
    assert (B : Rabs (psi x - psi xm) <= (d + h) * h).
    { replace (psi x - psi xm) with ((psi x - psi xm - dpsi xm * (x - xm)) + dpsi xm * (x - xm)) by ring.
      eapply Rle_trans; [apply Rabs_triang|]. rewrite (Rabs_mult (dpsi xm)). fold d h. rewrite Eh in T. nra. }
    apply Rmult_le_reg_r with (sc w); [assumption|].
    apply Rle_trans with ((d * sc w + h * sc w) * (h * sc w)).
    + replace ((d * sc w + h * sc w) * (h * sc w)) with ((d + h) * h * sc w * sc w) by ring.
      repeat apply Rmult_le_compat_r; lra.
    + apply Rle_trans with ((IZR [top D] + IZR [r]) * IZR [r]); [|lra]. apply Rmult_le_compat; nra.
  - apply Rle_trans with (h * sc w); [|assumption]. apply Rmult_le_compat_r; [lra|]. nra. Qed.

(* PI *)
Lemma in_divZ w a x k : (0 <= [w])%Z -> (0 < k)%Z -> inB w a x -> inB w (divk (I.of_Z k) a) (x / IZR k).
Proof. intros Hw Hk H. apply (in_ext w _ (x / IZR [I.of_Z k])); [now rewrite I.of_ok|]. apply in_divk; [rewrite I.of_ok;
  lia|assumption]. Qed.
Definition p_term j := 2 * ((-1) ^ j * (/ 3) ^ (2 * j + 1)).
Definition q_term j := (-1) ^ j * (/ 7) ^ (2 * j + 1).
Lemma terms_tg j : (p_term j + q_term j) / INR (2 * j + 1) = (-1) ^ j * PI_2_3_7_tg j.
Proof. unfold p_term, q_term, PI_2_3_7_tg, Ratan_seq. assert (N : INR (2 * j + 1) <> 0) by (apply not_0_INR; lia). field.
  exact N. Qed.
Lemma pow_two_more z j : z ^ (2 * S j + 1) = z * z * z ^ (2 * j + 1).
Proof. replace (2 * S j + 1)%nat with (2 + (2 * j + 1))%nat by lia. rewrite pow_add. simpl (z ^ 2). ring. Qed.
Lemma in_pi_loop w k : (0 <= [w])%Z -> forall j d p q s, [d] = Z.of_nat (2 * j + 1) ->
  inB w p (p_term j) -> inB w q (q_term j) -> inB w s (pi_sum j) -> (exists N, k + j = 2 * N + 1)%nat ->
  inB w (pi_loop k d p q s) (PI / 4).
Proof. intros Hw. induction k as [|k IH]; intros j d p q s Ed Hp Hq Hs [N EN]; cbn [pi_loop];
  assert (Ht : inB w (divk d (add p q)) ((-1) ^ j * PI_2_3_7_tg j)) by
    (rewrite <- terms_tg, INR_IZR_INZ, <- Ed; apply in_divk; [lia|]; now apply in_add).
  - apply (in_widen w s _ (pi_sum j)); try assumption. eapply Rle_trans; [|apply (in_top w _ _ Hw Ht)].
    apply Rmult_le_compat_r; [left; now apply sc_pos|]. rewrite Rabs_mult, pow_1_abs, Rmult_1_l. simpl in EN. rewrite EN.
    eapply Rle_trans; [apply pi_error|apply Rle_abs].
  - apply (IH (S j)).
    + rewrite I.add_ok, to_c2, Ed. lia.
    + apply (in_ext w _ (- (p_term j / 9))); [unfold p_term; rewrite pow_two_more; simpl ((-1) ^ S j); field|].
      now apply in_opp, in_divZ.
    + apply (in_ext w _ (- (q_term j / 49))); [unfold q_term; rewrite pow_two_more; simpl ((-1) ^ S j); field|].
      now apply in_opp, in_divZ.
    + cbn [pi_sum]. now apply in_add.
    + exists N. lia. Qed.
Lemma in_pi w : (0 <= [w])%Z -> inB w (piB w) PI.
Proof. intros Hw. unfold piB. apply (in_ext w _ (4 * (PI / 4))); [field|]. apply in_mul; [assumption| |].
  - apply (in_ext w _ (IZR [I.of_Z 4])); [now rewrite I.of_ok|]. now apply in_ofInt.
  - apply (in_pi_loop w _ Hw 0); [rewrite to_c1; reflexivity| | |apply in_b0|eexists; rewrite Nat.add_0_r; reflexivity].
    + apply (in_ext w _ (IZR [c2] / IZR 3)); [rewrite to_c2; unfold p_term; simpl; field|].
      apply in_divZ; [assumption|lia|now apply in_ofInt].
    + apply (in_ext w _ (1 / IZR 7)); [unfold q_term; simpl; field|]. apply in_divZ; [assumption|lia|now apply in_one]. Qed.

(* the series *)
Lemma in_series a x q sh S : 0 < a -> 0 <= x -> (0 <= [sh])%Z -> 2 * a * (x * x) * IZR (2 ^ [sh]) = IZR [q] ->
  forall fuel k d t s s' d', [d] = Z.of_nat (2 * k + 3) -> (0 <= [t])%Z ->
  IZR [s] + IZR [t] * g a x k <= g a x 0 * S <= IZR [s] + IZR [t] * g a x k + 2 * INR k * g a x 0 ->
  series fuel q sh d t s = Some (s', d') ->
  (3 <= [d'])%Z /\ IZR [s'] <= g a x 0 * S <= IZR [s'] + IZR [d'] * g a x 0.
Proof. intros Ha Hx Hsh Eq. set (u := 2 * a * (x * x)) in *. assert (P := IZR_pow2_pos _ Hsh).
  induction fuel as [|fuel IH]; intros k d t s s' d' Ed Ht Hk; cbn [series]; rewrite I.ltb_ok, to_c1;
    destruct (Z.ltb_spec [t] 1) as [T|T].
  1, 3: intros [= <- <-]; replace [t] with 0%Z in Hk by lia; split; [lia|]; destruct (g_le_0 a Ha x 0 Hx) as [G0 _];
    rewrite Ed, <- INR_IZR_INZ, plus_INR, mult_INR; simpl (INR 2); simpl (INR 3); nra.
  - discriminate.
  - intros H. apply (IH (Datatypes.S k)) in H; [exact H| | |].
    + rewrite I.add_ok, to_c2, Ed. lia.
    + rewrite I.div_ok, I.shr_ok, I.mul_ok, Ed. apply Z.div_pos; [|lia]. apply Z.shiftr_nonneg. apply Z.mul_nonneg_nonneg;
      [lia|].
      apply le_IZR. rewrite <- Eq. assert (0 <= x * x) by nra. assert (0 <= u) by (unfold u; nra). nra.
    + rewrite I.add_ok, plus_IZR, I.div_ok, I.shr_ok, I.mul_ok.
      assert (Dp : (0 < [d])%Z) by lia. assert (F1 := shr_floor ([t] * [q]) [sh] Hsh).
        assert (F2 := zdiv_floor (Z.shiftr ([t] * [q]) [sh]) [d] Dp).
      assert (D1 : 1 <= IZR [d]) by (apply IZR_le; lia).
      rewrite mult_IZR, <- Eq in F1. set (z := IZR (Z.shiftr _ _)) in *. set (t' := IZR (_ / [d])) in *.
      rewrite (g_step a Ha x k Hx) in Hk. fold u in Hk. rewrite INR_IZR_INZ, <- Ed in Hk.
      destruct (g_range a Ha x k Hx) as [G1 G2]. destruct (g_le_0 a Ha x (Datatypes.S k) Hx) as [_ G3].
      assert (Z1 : z <= IZR [t] * u <= z + 1) by (split; apply Rmult_le_reg_r with (IZR (2 ^ [sh])); lra).
      assert (R1 : t' <= IZR [t] * (u / IZR [d]) <= t' + 2).
      { split; apply Rmult_le_reg_r with (IZR [d]); try lra;
        replace (IZR [t] * (u / IZR [d]) * IZR [d]) with (IZR [t] * u) by (field; lra); nra. }
      set (gk := g a x (Datatypes.S k)) in *. set (v := IZR [t] * (u / IZR [d])) in *.
      replace (IZR [t] * (1 + u / IZR [d] * gk)) with (IZR [t] + v * gk) in Hk by (unfold v; ring).
      assert (t' * gk <= v * gk <= t' * gk + 2 * gk) by (split; nra). rewrite S_INR. lra. Qed.

Lemma scale_add w s W : (0 <= [w])%Z -> (0 <= [s])%Z -> [W] = ([w] + [s])%Z -> sc W = sc w * sc s.
Proof. intros Hw Hs E. unfold sc. now rewrite E, Z.pow_add_r, mult_IZR by assumption. Qed.
Lemma in_gauss_at j w x a : (0 <= [w])%Z -> (0 <= [j])%Z -> (0 <= [x])%Z -> 0 < a -> a * IZR (2 ^ [j]) = 1 ->
  inB (I.add w c16) (fst (gauss_at j w x)) (gauss a (IZR [x] / sc w)) /\
  inB (I.add w c16) (snd (gauss_at j w x)) (bell a (IZR [x] / sc w)).
Proof. intros Hw Hj Hx Ha Ea. unfold gauss_at. set (q := I.mul x x). set (sh := I.add (I.add w w) j).
  set (n := I.add (I.shr q sh) c1).
  set (e := I.shr (I.mul c3 n) c1). set (V := I.add w c16). set (W := I.add V e). set (one := I.shl c1 W).
    set (X := I.shl x c16).
  set (coarse := ((c0, X), (c0, I.shl c1 V))). assert (S := sc_pos w Hw). set (z := IZR [x] / sc w).
  assert (Ex : z * sc w = IZR [x]) by (unfold z; field; lra). assert (z0 : 0 <= z) by (apply IZR_le in Hx; unfold z; pos).
  assert (Esh : [sh] = ([w] + [w] + [j])%Z) by (unfold sh; now rewrite !I.add_ok). assert (Hsh : (0 <= [sh])%Z) by lia.
  assert (Psh : IZR (2 ^ [sh]) = sc w * sc w * IZR (2 ^ [j])) by (unfold sc; now rewrite Esh, !Z.pow_add_r,
    !mult_IZR by lia).
  assert (Eq : IZR [q] = z * sc w * (z * sc w)) by (unfold q; rewrite I.mul_ok, mult_IZR, Ex; reflexivity).
  assert (Au : a * (z * z) * IZR (2 ^ [sh]) = IZR [q]).
  { rewrite Psh, Eq. replace (a * (z * z) * (sc w * sc w * IZR (2 ^ [j]))) with (a * IZR (2 ^ [j]) * (z * sc w
    * (z * sc w))) by ring. rewrite Ea. ring. }
  assert (Hq : (0 <= [q])%Z) by (unfold q; rewrite I.mul_ok; nia).
  assert (He : (0 <= [e])%Z).
  { unfold e, n. rewrite I.shr_ok, I.mul_ok, I.add_ok, I.shr_ok, to_c3, to_c1. apply Z.shiftr_nonneg.
    assert (T := proj2 (Z.shiftr_nonneg [q] [sh]) Hq). lia. }
  assert (EV : [V] = ([w] + 16)%Z) by (unfold V; now rewrite I.add_ok, to_c16). assert (HV : (0 <= [V])%Z) by lia.
  assert (EW : [W] = ([V] + [e])%Z) by (unfold W; now rewrite I.add_ok). assert (HW : (0 <= [W])%Z) by lia.
  assert (SV := sc_pos V HV). assert (SW := sc_pos W HW).
  assert (Eo : IZR [one] = sc W) by (unfold one; rewrite I.shl_ok, shl_mul, to_c1 by assumption; fold (sc W); lra).
  assert (EX : IZR [X] = z * sc V).
  { unfold X. rewrite I.shl_ok, shl_mul, to_c16, <- Ex by (rewrite to_c16; lia). unfold sc. rewrite EV, Z.pow_add_r,
    mult_IZR by lia. ring. }
  assert (Co : inB V (fst coarse) (gauss a z) /\ inB V (snd coarse) (bell a z)).
  { unfold coarse, fst, snd. split; apply in_zero; try assumption.
    - rewrite EX. apply Rmult_le_compat_r; [lra|]. rewrite <- (Rabs_right z) at 2 by lra. now apply gauss_lip.
    - rewrite I.shl_ok, shl_mul, to_c1 by assumption. fold (sc V). apply Rmult_le_compat_r; [lra|].
      assert (B := bell_pos a z). rewrite Rabs_right by lra. now apply bell_le_1. }
  destruct (series _ (I.shl q c1) sh c3 one c0) as [[s d]|] eqn:Hser; [|exact Co].
  apply (in_series a z (I.shl q c1) sh (sc W) Ha z0 Hsh) with (k := 0%nat) in Hser.
  - destruct Hser as [D3 Hs]. rewrite I.leb_ok, I.shl_ok, to_c1. destruct (Z.leb_spec (Z.shiftl [d] 1) [one]) as [T|T];
    [|exact Co].
    apply IZR_le in T. rewrite shl_mul, Eo in T by lia. change (2 ^ 1)%Z with 2%Z in T. apply IZR_le in D3.
    destruct (g_le_0 a Ha z 0 z0) as [G0 _]. set (g0 := g a z 0) in *.
    set (E := expnB W _). set (G := (s, _)).
    assert (HE : inB W E (bell a z)).
    { unfold E, bell. apply L.in_expn; [assumption|assert (0 <= z * z) by nra; nra|].
      unfold inB, fst, snd. rewrite I.shr_ok, I.shl_ok, to_c1. assert (F := shr_floor (Z.shiftl [q] [W]) [sh] Hsh).
      rewrite shl_mul, <- Au in F by assumption. fold (sc W) in F. assert (P := IZR_pow2_pos _ Hsh).
        set (fl := IZR (Z.shiftr _ _)) in *.
      apply Rabs_le; split; apply Rmult_le_reg_r with (IZR (2 ^ [sh])); lra. }
    assert (HG : inB W G g0).
    { unfold G, inB, fst, snd. rewrite I.add_ok, I.shr_ok, I.mul_ok, I.shl_ok, to_c1, plus_IZR.
      assert (F := shr_floor (Z.shiftl [d] 1 * [s]) [W] HW). fold (sc W) in F. rewrite mult_IZR, shl_mul in F by lia.
      change (2 ^ 1)%Z with 2%Z in F. set (fl := IZR (Z.shiftr _ _)) in *.
      assert (g0 * sc W <= 2 * IZR [s]) by nra. assert (0 <= IZR [d] * g0) by nra.
      assert (K : IZR [d] * g0 <= fl + 1) by (apply Rmult_le_reg_r with (sc W); [assumption|nra]).
      apply Rabs_le. lra. }
    split; unfold fst, snd.
    + rewrite (gauss_g a z z0). fold g0. apply (in_ext V _ (z * (bell a z * g0))); [ring|]. apply in_mul; [assumption| |].
      * unfold inB, fst, snd. rewrite EX, to_c0. unfold Rminus. rewrite Rplus_opp_r, Rabs_R0. lra.
      * apply (in_rescale V e W); try assumption. now apply in_mul.
    + now apply (in_rescale V e W).
  - rewrite I.shl_ok, shl_mul, to_c1 by (rewrite to_c1; lia). change (2 ^ 1)%Z with 2%Z. rewrite <- Au. ring.
  - now rewrite to_c3.
  - apply le_IZR. rewrite Eo. lra.
  - rewrite Eo, to_c0. simpl (INR 0). destruct (g_le_0 a Ha z 0 z0). nra. Qed.
Lemma in_gauss j w m a : (0 <= [w])%Z -> (0 <= [j])%Z -> 1 / 2 <= a -> a * IZR (2 ^ [j]) = 1 ->
  inB (I.add w c16) (fst (gaussB j w m)) (gauss a (IZR [m] / sc w)) /\
  inB (I.add w c16) (snd (gaussB j w m)) (bell a (IZR [m] / sc w)).
Proof. intros Hw Hj Ha Ea. unfold gaussB. set (cap := I.shl _ w). set (M := I.abs m). set (V := I.add w c16).
  assert (S := sc_pos w Hw).
  assert (Ha0 : 0 < a) by lra. set (xm := IZR [m] / sc w).
  assert (HV : (0 <= [V])%Z) by (unfold V; rewrite I.add_ok, to_c16; lia). assert (SV := sc_pos V HV).
  assert (EM : IZR [M] / sc w = Rabs xm).
  { unfold M, xm, Rdiv. rewrite I.abs_ok, abs_IZR, Rabs_mult, (Rabs_right (/ sc w));
    [reflexivity|]. left. now apply Rinv_0_lt_compat. }
  set (BE := if I.ltb cap M then _ else _).
  assert (H : inB V (fst BE) (gauss a (Rabs xm)) /\ inB V (snd BE) (bell a (Rabs xm))).
  { unfold BE. rewrite I.ltb_ok. destruct (Z.ltb_spec [cap] [M]) as [T|T].
    - set (r := I.add (I.sqrt (I.shl w j)) c2). assert (Ecap : IZR [cap] = IZR [r] * sc w) by (unfold cap;
      now rewrite I.shl_ok, shl_mul by assumption).
      assert (R2 : 2 <= IZR [r]).
      { apply IZR_le. unfold r. rewrite I.add_ok, I.sqrt_ok, to_c2. assert (Q := Z.sqrt_nonneg [I.shl w j]). lia. }
      assert (Hcap : (0 <= [cap])%Z) by (apply le_IZR; rewrite Ecap; nra).
      destruct (in_gauss_at j w cap a Hw Hj Hcap Ha0 Ea) as [H1 H2]. destruct (gauss_at j w cap) as [B E].
        cbn [fst snd] in H1, H2.
      replace (IZR [cap] / sc w) with (IZR [r]) in H1, H2 by (rewrite Ecap; field; lra).
      assert (Le : IZR [r] <= Rabs xm).
      { apply IZR_lt in T. rewrite Ecap in T. apply Rmult_le_reg_r with (sc w); [assumption|]. rewrite <- EM.
        replace (IZR [M] / sc w * sc w) with (IZR [M]) by (field; lra). lra. }
      assert (Tl := gauss_tail a Ha0 (IZR [r]) (Rabs xm) ltac:(nra) ltac:(lra)).
      assert (Bd := bell_decr a Ha0 (IZR [r]) (Rabs xm) ltac:(lra)). assert (B0 := bell_pos a (Rabs xm)).
        assert (B1 := bell_pos a (IZR [r])).
      assert (Ht := in_top V _ _ HV H2). rewrite (Rabs_right (bell a (IZR [r]))) in Ht by lra. split; unfold fst, snd.
      + apply (in_widen V B _ _ _ H1); [|assumption]. rewrite Rabs_right by lra. eapply Rle_trans; [|exact Ht].
        apply Rmult_le_compat_r; lra.
      + apply in_zero; [assumption|]. rewrite Rabs_right by lra. eapply Rle_trans; [|exact Ht]. apply Rmult_le_compat_r; lra.
    - rewrite <- EM. apply in_gauss_at; try assumption. unfold M. rewrite I.abs_ok. lia. }
  destruct H as [H1 H2]. unfold fst at 1, snd at 1. rewrite I.ltb_ok, to_c0.
  assert (Em : xm * sc w = IZR [m]) by (unfold xm; field; lra).
  destruct (Z.ltb_spec [m] 0) as [T|T].
  - assert (X : xm < 0) by (apply IZR_lt in T; rewrite <- Em in T; nra). rewrite (Rabs_left xm X) in H1, H2.
    rewrite gauss_odd in H1. rewrite bell_even in H2. split; [|exact H2]. apply (in_ext V _ (- - gauss a xm)); [ring|].
      now apply in_opp.
  - assert (X : 0 <= xm) by (apply IZR_le in T; rewrite <- Em in T; nra). rewrite (Rabs_right xm) in H1, H2 by lra.
    now split. Qed.

(* erf *)
Lemma in_erf_scale v : (0 <= [v])%Z -> inB v (erf_scaleB v) erf_scale.
Proof. intros Hv. unfold erf_scaleB. assert (Hr := in_sqrt v Hv _ _ (in_pi v Hv) ltac:(left; apply PI_RGT_0)).
  set (root := bsqrt v (piB v)) in *. destruct (posb root) eqn:Hp.
  - apply in_div; try assumption. apply (in_ext v _ (IZR [c2])); [now rewrite to_c2|]. now apply in_ofInt.
  - apply in_zero; [assumption|]. assert (P := erf_scale_pos). assert (U := erf_scale_le). assert (S := sc_pos v Hv).
    rewrite Rabs_right by lra. rewrite I.shl_ok, shl_mul, to_c2 by assumption. fold (sc v). apply Rmult_le_compat_r;
      [lra|]. unfold L1erf in U. lra. Qed.
Theorem in_erf w a x : (0 <= [w])%Z -> inB w a x -> inB w (fst (erfB w a)) (erf x) /\ inB w (snd (erfB w a)) (derf x).
Proof. intros Hw Hx. destruct a as [m r]. unfold erfB. cbv zeta beta. change (fst (m, r)) with m. change (snd (m, r)) with r.
  assert (EV : [I.add w c16] = ([w] + [c16])%Z) by apply I.add_ok. assert (H16 : (0 <= [c16])%Z) by (rewrite to_c16; lia).
  set (v := I.add w c16) in *. assert (Hv : (0 <= [v])%Z) by lia.
  destruct (in_gauss c0 w m 1 Hw ltac:(rewrite to_c0; lia) ltac:(lra) ltac:(rewrite to_c0; simpl; lra)) as [H1 H2].
    fold v in H1, H2.
  destruct (gaussB c0 w m) as [B E]. cbn [fst snd] in H1, H2. assert (Hc := in_erf_scale v Hv).
  apply (in_spread erf derf L1erf L2erf w m); [assumption|apply erf_ok|unfold L2erf; lra|assumption| |];
    apply (in_rescale w c16 v); try assumption.
  - unfold erf. now apply in_mul.
  - rewrite derf_bell. now apply in_mul. Qed.

(* gelu *)
Lemma in_gelu_scale v : (0 <= [v])%Z -> inB v (gelu_scaleB v) (/ sqrt (2 * PI)).
Proof. intros Hv. unfold gelu_scaleB. assert (P := PI_RGT_0).
  assert (H2 : inB v (mul v (ofInt v c2) (piB v)) (2 * PI)).
  { apply in_mul; [assumption| |now apply in_pi]. apply (in_ext v _ (IZR [c2])); [now rewrite to_c2|]. now apply in_ofInt. }
  assert (Hr := in_sqrt v Hv _ _ H2 ltac:(lra)). set (root := bsqrt v _) in *. destruct (posb root) eqn:Hp.
  - apply (in_ext v _ (1 / sqrt (2 * PI))); [unfold Rdiv; ring|]. apply in_div; try assumption. now apply in_one.
  - apply in_zero; [assumption|]. assert (Q := gelu_scale_pos). assert (U := gelu_scale_le). assert (S := sc_pos v Hv).
    rewrite Rabs_right by lra. rewrite I.shl_ok, shl_mul, to_c1 by assumption. fold (sc v). apply Rmult_le_compat_r;
      [lra|]. unfold L2gelu in U. lra. Qed.
Theorem in_gelu w a x : (0 <= [w])%Z -> inB w a x -> inB w (fst (geluB w a)) (gelu x) /\ inB w (snd (geluB w a)) (dgelu x).
Proof. intros Hw Hx. destruct a as [m r]. unfold geluB. cbv zeta beta. change (fst (m, r)) with m.
  change (snd (m, r)) with r.
  assert (EV : [I.add w c16] = ([w] + [c16])%Z) by apply I.add_ok. assert (H16 : (0 <= [c16])%Z) by (rewrite to_c16; lia).
  set (v := I.add w c16) in *. assert (Hv : (0 <= [v])%Z) by lia.
  destruct (in_gauss c1 w m (1 / 2) Hw ltac:(rewrite to_c1; lia) ltac:(lra) ltac:(rewrite to_c1;
    change (2 ^ 1)%Z with 2%Z; lra)) as [H1 H2]. fold v in H1, H2.
  destruct (gaussB c1 w m) as [B E]. cbn [fst snd] in H1, H2. assert (Hc := in_gelu_scale v Hv).
    set (xm := IZR [m] / sc w) in *.
  assert (HX : inB v (I.shl m c16, c0) xm).
  { unfold inB, fst, snd. rewrite I.shl_ok, shl_mul, to_c0 by assumption. unfold xm. assert (S := sc_pos w Hw).
    rewrite (scale_add w c16 v Hw H16 EV). fold (sc c16).
      replace (IZR [m] / sc w * (sc w * sc c16) - IZR [m] * sc c16) with 0 by (field; lra).
    rewrite Rabs_R0. lra. }
  assert (HP : inB v (add (divk c2 (one v)) (mul v (gelu_scaleB v) B)) (Phi xm)).
  { rewrite Phi_gauss. apply in_add; [|now apply in_mul]. apply (in_ext v _ (1 / IZR [c2])); [now rewrite to_c2|].
    apply in_divk; [rewrite to_c2; lia|now apply in_one]. }
  apply (in_spread gelu dgelu L1gelu L2gelu w m); [assumption|apply gelu_ok|unfold L2gelu; lra|assumption| |]; fold xm;
    apply (in_rescale w c16 v); try assumption.
  - unfold gelu. now apply in_mul.
  - unfold dgelu. apply in_add; [assumption|]. apply in_mul; [assumption|assumption|]. rewrite phi_bell. now apply in_mul.
    Qed.

(* softplus *)
Lemma in_log_loop w v z : (0 <= [w])%Z -> inB w v (z * z) -> forall k h, inB w h (ak z k) ->
  inB w (log_loop w v k h) (ak z 0).
Proof. intros Hw Hv. induction k as [|k IH]; intros h Hh; cbn [log_loop]; [exact Hh|]. apply IH. rewrite ak_step.
  apply in_add; [|now apply in_mul].
  rewrite INR_IZR_INZ. apply in_divZ; [assumption|lia|now apply in_one]. Qed.
Lemma in_log1p w a E : (0 <= [w])%Z -> 0 <= E <= 1 -> inB w a E -> inB w (log1pB w a) (ln (1 + E)).
Proof. intros Hw HE Ha. destruct (log1p_ak E HE) as [Hz Hl]. assert (S := sc_pos w Hw). unfold log1pB. rewrite Hl.
  set (z := E / (2 + E)) in *.
  assert (Hd : inB w (add (ofInt w c2) a) (2 + E)).
  { apply in_add; [|assumption]. apply (in_ext w _ (IZR [c2])); [now rewrite to_c2|]. now apply in_ofInt. }
  destruct (posb _) eqn:Hp.
  - assert (HZ := in_div w Hw _ _ _ _ Ha Hd Hp). fold z in HZ. apply in_mul; [assumption| |].
    + replace (2 * z) with (z + z) by ring. now apply in_add.
    + apply (in_log_loop w _ z Hw); [now apply in_mul|]. assert (R := ak_range z (Z.to_nat ([w] / 3 + 1)) Hz).
      unfold inB, fst, snd. rewrite I.shl_ok, shl_mul, to_c1 by assumption. fold (sc w). apply Rabs_le. nra.
  - apply in_zero; [assumption|]. rewrite I.shl_ok, shl_mul, to_c2 by assumption. fold (sc w). apply Rmult_le_compat_r;
    [lra|].
    assert (R := ak_range z 0 Hz). rewrite Rabs_right; nra. Qed.
Theorem in_softplus w a x : (0 <= [w])%Z -> inB w a x -> inB w (fst (softplusB w a)) (softplus x) /\
  inB w (snd (softplusB w a)) (sigmoid x).
Proof. intros Hw Hx. destruct a as [m r]. unfold softplusB.
  assert (EV : [I.add w c16] = ([w] + [c16])%Z) by apply I.add_ok. assert (H16 : (0 <= [c16])%Z) by (rewrite to_c16; lia).
  set (v := I.add w c16) in *. assert (Hv : (0 <= [v])%Z) by lia. set (X := (I.shl (I.abs m) c16, c0)). set (E := expnB v X).
  set (s := if posb _ then _ else _). assert (S := sc_pos w Hw). assert (Sv := sc_pos v Hv).
  set (xm := IZR [m] / sc w). assert (Em : xm * sc w = IZR [m]) by (unfold xm; field; lra). assert (A0 := Rabs_pos xm).
  assert (HX : inB v X (Rabs xm)).
  { unfold inB, X, fst, snd. rewrite I.shl_ok, shl_mul, I.abs_ok, abs_IZR, to_c0, <- Em, Rabs_mult,
    (Rabs_right (sc w)) by (assumption || lra).
    rewrite (scale_add w c16 v Hw H16 EV). fold (sc c16).
      replace (Rabs xm * (sc w * sc c16) - Rabs xm * sc w * sc c16) with 0 by ring.
    rewrite Rabs_R0. lra. }
  assert (HE : inB v E (exp (- Rabs xm))) by (now apply L.in_expn).
  assert (RE : 0 <= exp (- Rabs xm) <= 1) by (now apply exp_neg_bound).
  assert (Hl := in_log1p v E _ Hv RE HE).
  assert (Hs : inB v s (sigmoid (Rabs xm))).
  { unfold sigmoid. assert (Hd : inB v (add (one v) E) (1 + exp (- Rabs xm))) by (apply in_add;
    [now apply in_one|assumption]).
    unfold s. destruct (posb _) eqn:Hp.
    - apply (in_ext v _ (1 / (1 + exp (- Rabs xm)))); [unfold Rdiv; ring|]. apply in_div; try assumption. now apply in_one.
    - apply in_zero; [assumption|]. rewrite I.shl_ok, shl_mul, to_c1 by assumption. fold (sc v). apply Rmult_le_compat_r;
      [lra|].
      rewrite Rabs_right by (left; apply Rinv_0_lt_compat; lra). rewrite <- Rinv_1. apply Rinv_le_contravar; lra. }
  rewrite I.ltb_ok, to_c0. destruct (Z.ltb_spec [m] 0) as [T|T].
  - assert (Xn : xm < 0) by (apply IZR_lt in T; rewrite <- Em in T; nra).
    apply (in_spread softplus sigmoid 1 (1 / 4) w m); [assumption|apply softplus_ok|lra|assumption| |]; fold xm;
      apply (in_rescale w c16 v); try assumption.
    + rewrite softplus_abs, Rmax_right, Rplus_0_l by lra. exact Hl.
    + apply (in_ext v _ (1 - sigmoid (Rabs xm))); [|apply in_sub; [now apply in_one|assumption]].
      rewrite (Rabs_left xm Xn), !sigmoid_tanh. replace (- xm / 2) with (- (xm / 2)) by field. rewrite tanh_odd. field.
  - assert (Xn : 0 <= xm) by (apply IZR_le in T; rewrite <- Em in T; nra). rewrite (Rabs_right xm) in Hs by lra.
    apply (in_spread softplus sigmoid 1 (1 / 4) w m); [assumption|apply softplus_ok|lra|assumption| |]; fold xm;
      apply (in_rescale w c16 v); try assumption.
    rewrite softplus_abs, Rmax_left by lra. apply in_add; [|exact Hl]. rewrite (Rabs_right xm) in HX by lra. exact HX. Qed.
End SmoothF.
