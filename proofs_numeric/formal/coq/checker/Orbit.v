(* SPDX-License-Identifier: Apache-2.0 *)
(* The checker of certificates from the initialisation is sound (theorem_b.md, section 6): the orbit in balls contains every
   run from data near the stored ones; what is looked at along it holds of the run; Theorem A does the rest. *)
Require Import ZArith Reals Lra Lia Psatz List Bool.
From Alignproof Require Import Sums Forms Network TheoremA Claims Integers Certificate BallDef ActDef CheckDef OrbitDef
  Ball Act Meaning Exact State Check.
Import ListNotations.
Open Scope R_scope.

Lemma follows_after P lambda A beta T : follows P lambda A beta -> (forall t, (T <= t)%nat -> lambda t = 0) ->
  follows P no_penalty (fun t => A (t + T)%nat) (fun t => beta (t + T)%nat).
Proof. intros [SA SB] H. split.
  - intros t r i Hr Hi. exact (SA (t + T)%nat r i Hr Hi).
  - intros t r Hr. assert (E := SB (t + T)%nat r Hr). rewrite H in E by lia. exact E. Qed.
Lemma vecD_beyond l i : (length l <= i)%nat -> vecD l i = 0.
Proof. intros H. unfold vecD. rewrite nth_overflow by assumption. unfold valD. simpl. ring. Qed.
Lemma vecD_repeat k i : vecD (repeat (0, 0)%Z k) i = 0.
Proof. unfold vecD. revert i. induction k as [|k IH]; intros [|i]; simpl; try apply IH; unfold valD; simpl; ring. Qed.

Module OrbitF (I : INT) (Import BD : BallDefT I) (Import F : ActDefT I BD) (Import C : CheckDefT I BD F)
  (Import O : OrbitDefT I BD F C).
Module CP := CheckF I BD F C.
Import CP CP.AP CP.AP.P.
Local Notation zz := I.to_Z.

Section Orbit.
Variable w : I.t.
Variable P : problem.
Hypothesis sh : shapes w P.
Let n := samples P.
Let p := width P.
Let d := data_of w P.
Let Wp := sh_w w P sh.
Let psi := psiof P.
Let dpsi := dpsiof P.
Let Km := Kof P.
Let b := bof P.
Let y := yof P.

Section Run.
Variable A : nat -> mat.
Variable beta : nat -> vec.
Notation inS := (inS w P A beta).
Notation inZ := (inZ w P A beta).

Lemma in_comb cs : forall ls zero (x : vec) (L : nat -> vec), length cs = length ls -> inV w cs x ->
  (forall j, (j < length ls)%nat -> length (nth j ls []) = p /\ inV w (nth j ls []) (L j)) ->
  length zero = p -> inV w zero (fun _ => 0) ->
  length (comb w cs ls zero) = p /\ inV w (comb w cs ls zero) (fun r => sum (length ls) (fun j => x j * L j r)).
Proof. induction cs as [|a cs IH]; intros [|l ls] zero x L E V H Z0 Z1; try discriminate; [now split|].
  apply inV_cons in V. destruct V as [V1 V2]. injection E as E.
  destruct (IH ls zero (fun j => x (S j)) (fun j => L (S j)) E V2) as [I1 I2]; try assumption.
  { intros j Hj. apply (H (S j)). simpl. lia. }
  destruct (H 0%nat ltac:(simpl; lia)) as [L1 L2]. simpl in L1, L2. cbn [comb]. unfold axpy.
  split; [now apply map2_length|].
  apply (inV_ext w _ (fun r => x 0%nat * L 0%nat r + sum (length ls) (fun j => x (S j) * L (S j) r))).
  - intros r _. simpl length. now rewrite sum_shift.
  - apply (in_map2 w _ (fun u v => x 0%nat * u + v)); [|lia|assumption|assumption].
    intros u z u' z' Hu Hu'. apply in_add; [now apply in_mul|assumption]. Qed.

Lemma in_keep lambda l x : length l = p -> inV w l x -> length (keep w d lambda l) = p /\
  inV w (keep w d lambda l) (fun r => (1 - etaof P * valD lambda) * x r).
Proof. intros L V. unfold keep. destruct (Z.eqb (fst lambda) 0) eqn:E.
  - split; [assumption|]. apply Z.eqb_eq in E. apply (inV_ext w _ x); [|assumption]. intros i _. unfold valD. rewrite E.
    ring.
  - cbv zeta. split; [now rewrite map_length|]. apply (in_map1 w _ (fun z => (1 - etaof P * valD lambda) * z));
    [|assumption].
    intros a z Ha. apply in_mul; [assumption| |assumption]. apply in_sub; [now apply in_one|].
      apply in_mul; [assumption| |now apply in_ofD].
    now apply (in_eta w P sh). Qed.

(* (B.1) *)
Lemma in_step lambda s z t : inS s t -> inZ z t ->
  (forall r i, (r < p)%nat -> (i < n)%nat ->
    A (S t) r i = A t r i - etaof P / rp p * (b r * mulv n Km (fun j => Network.D dpsi A t r j * e p y psi A beta t j) i)) ->
  (forall r, (r < p)%nat -> beta (S t) r = (1 - etaof P * valD lambda) * beta t r - etaof P / rp p * mulv n (Psi psi A t)
    (e p y psi A beta t) r) ->
  inS (step w d lambda s z) (S t).
Proof. intros ([LA VA] & Lbe & Vbe) ([LU VU] & [LD VD] & [Le Ve] & _) stepA stepB.
  destruct (in_b w P sh) as [Lb Vb]. destruct (in_K w P sh) as [LK VK]. assert (Hh := in_h w P sh).
  fold d p n b in Lb, Vb, LK, VK, Hh. fold n in LA, VA, LU, VU, LD, VD, Le. fold p in VA, VU, VD, Lbe.
  unfold step. cbv zeta. set (zero := map (fun _ => b0) (d_b d)). set (hb := map (mul w (d_h d)) (d_b d)).
  assert (Z0 : length zero = p) by (unfold zero; now rewrite map_length).
  assert (Z1 : inV w zero (fun _ => 0)).
  { intros i Hi. unfold zero in *. rewrite map_length in Hi. rewrite (nth_map _ (d_b d) i b0) by assumption. apply in_b0. }
  assert (Lhb : length hb = p) by (unfold hb; now rewrite map_length).
  assert (Vhb : inV w hb (fun r => etaof P / rp p * b r)) by (apply (in_map1 w (mul w (d_h d)) (fun z => etaof P / rp p
    * z)); [intros; now apply in_mul|assumption]).
  split; [|split]; cbn [st_A st_beta].
  - split; [apply map2_length; assumption|]. intros i Hi. rewrite (nth_map2 _ (d_K d) (st_A s) i [] [] []) by lia.
    destruct (VK i Hi) as [LKi VKi]. destruct (VA i Hi) as [Li Vi]. fold n in LKi.
    destruct (in_comb (map2 (mul w) (nth i (d_K d) []) (z_e z)) (z_D z) zero (fun j => Km i j * e p y psi A beta t j)
      (fun j r => Network.D dpsi A t r j)) as [C1 C2];
      try assumption; [rewrite (map2_length _ _ _ n); lia| |intros j Hj; apply VD; lia|].
    { apply (in_map2 w (mul w) Rmult); [intros; now apply in_mul|lia|assumption|assumption]. }
    rewrite LD in C2. set (cc := comb _ _ _ _) in *.
    assert (L2 : length (map2 (mul w) hb cc) = p) by now apply map2_length.
    split; [now apply map2_length|].
    apply (inV_ext w _ (fun r => A t r i - etaof P / rp p * b r * sum n (fun j => Km i j * e p y psi A beta t j
      * Network.D dpsi A t r j))).
    + intros r Hr. rewrite (map2_length sub _ _ p) in Hr by assumption. rewrite (stepA r i Hr Hi). rewrite Rmult_assoc.
      do 3 f_equal.
      unfold mulv. apply sum_ext. intros; ring.
    + apply (in_map2 w sub Rminus _ _ (fun r => A t r i)); [intros; now apply in_sub|lia|assumption|].
      apply (in_map2 w (mul w) Rmult); [intros; now apply in_mul|lia|assumption|assumption].
  - destruct (in_keep lambda (st_beta s) (beta t) Lbe Vbe) as [K1 K2].
    destruct (in_comb (z_e z) (z_U z) zero (e p y psi A beta t) (fun j r => Psi psi A t r j)) as [C1 C2]; try assumption;
      [lia|intros j Hj; apply VU; lia|].
    apply map2_length; [assumption|now rewrite map_length].
  - destruct (in_keep lambda (st_beta s) (beta t) Lbe Vbe) as [K1 K2].
    destruct (in_comb (z_e z) (z_U z) zero (e p y psi A beta t) (fun j r => Psi psi A t r j)) as [C1 C2]; try assumption;
      [lia|intros j Hj; apply VU; lia|].
    rewrite LU in C2. set (cc := comb _ _ _ _) in *.
    apply (inV_ext w _ (fun r => (1 - etaof P * valD lambda) * beta t r
      - etaof P / rp p * sum n (fun j => e p y psi A beta t j * Psi psi A t r j))).
    + intros r Hr. rewrite (map2_length sub _ _ p) in Hr; [|assumption|now rewrite map_length].
      rewrite (stepB r Hr). do 2 f_equal. unfold mulv. apply sum_ext. intros; ring.
    + apply (in_map2 w sub Rminus); [intros; now apply in_sub|rewrite map_length; lia|assumption|].
      apply (in_map1 w (mul w (d_h d)) (fun z => etaof P / rp p * z)); [intros; now apply in_mul|assumption]. Qed.

(* The error of the step before, if there is one. *)
Definition in_before (before : option ball) (t : nat) : Prop :=
  match before with None => t = 0%nat | Some E => exists u, t = S u /\ inB w E (error P A beta u) end.
Section Walk.
Variable look : nat -> option ball -> state -> point -> outcome.
Variable last : state -> point -> outcome.
Variable lambda : nat -> R.
Hypothesis steps : follows P lambda A beta.
(* what was looked at, was looked at on enclosures *)
Theorem walk_sound lambdas : forall t before s, inS s t -> in_before before t ->
  (forall j, (j < length lambdas)%nat -> lambda (t + j)%nat = vecD lambdas j) ->
  walk w d look last lambdas t before s = Proved ->
  (forall j, (j <= length lambdas)%nat -> exists before' s', inS s' (t + j) /\ in_before before' (t + j) /\
    look (t + j)%nat before' s' (point_at w d s') = Proved) /\
  exists s', inS s' (t + length lambdas) /\ last s' (point_at w d s') = Proved.
Proof. induction lambdas as [|l rest IH]; intros t before s HS HB Hl H; cbn [walk] in H; cbv zeta in H;
    destruct (look t before s (point_at w d s)) eqn:Lk; try discriminate.
  - simpl length. rewrite Nat.add_0_r. split; [|exists s; now split]. intros j Hj. exists before, s.
    replace (t + j)%nat with t by (simpl in Hj; lia). split; [assumption|split; assumption].
  - assert (HZ := in_point w P sh A beta s t HS). fold d in HZ.
    assert (HS1 : inS (step w d l s (point_at w d s)) (S t)).
    { apply in_step; try assumption.
      - intros r i Hr Hi. exact (follows_A _ _ _ _ steps t r i Hr Hi).
      - intros r Hr. assert (E := Hl 0%nat ltac:(simpl; lia)). rewrite Nat.add_0_r in E.
        change (vecD (l :: rest) 0%nat) with (valD l) in E.
        rewrite <- E. exact (follows_beta _ _ _ _ steps t r Hr). }
    destruct (IH (S t) (Some (z_E (point_at w d s))) (step w d l s (point_at w d s)) HS1) as [I1 I2].
    + exists t. split; [reflexivity|]. apply HZ.
    + intros j Hj. replace (S t + j)%nat with (t + S j)%nat by lia. apply (Hl (S j)). simpl. lia.
    + exact H.
    + simpl length. replace (t + S (length rest))%nat with (S t + length rest)%nat by lia. split; [|exact I2].
      intros [|j] Hj; [exists before, s; rewrite Nat.add_0_r; split; [assumption|split; assumption]|].
      replace (t + S j)%nat with (S t + j)%nat by lia. apply I1. lia. Qed.
End Walk.

(* the quantities that are looked at *)
Lemma in_nbeta s t : inS s t -> inB w (nrmB w (st_beta s)) (nrm p (beta t)).
Proof. intros (_ & L & V). now apply (in_nrm w P sh). Qed.
Lemma in_bbeta s t : inS s t -> inB w (dotB w (d_b d) (st_beta s)) (dot p b (beta t)).
Proof. intros (_ & L & V). destruct (in_b w P sh) as [Lb Vb]. now apply in_dot. Qed.
Lemma in_beta_moved start s t : inS start 0 -> inS s t ->
  inB w (beta_moved w start s) (beta_distance P (beta t) (beta 0%nat)).
Proof. intros (_ & L0 & V0) (_ & L & V). apply (in_nrm w P sh); [now apply map2_length|].
  apply (in_map2 w sub Rminus); [intros; now apply in_sub|lia|assumption|assumption]. Qed.
Lemma in_squares_of L X : forall k, length L = k -> (forall i, (i < k)%nat -> length (nth i L []) = p /\
  inV w (nth i L []) (fun r => X r i)) ->
  inB2 w (fold_right (fun c acc => add (rawdot c c) acc) b0 L) (sum k (fun i => sum p (fun r => X r i * X r i))).
Proof. revert X. induction L as [|c L IH]; intros X k <- V.
  - simpl. apply in2_b0.
  - simpl length. rewrite sum_shift. cbn [fold_right]. destruct (V 0%nat ltac:(simpl; lia)) as [L0 V0]. simpl in L0, V0.
    apply in2_add.
    + rewrite <- L0. now apply (in_rawdot w c c (fun r => X r 0%nat) (fun r => X r 0%nat)).
    + apply (IH (fun r i => X r (S i)) (length L) eq_refl). intros i Hi. apply (V (S i)). simpl. lia. Qed.
Lemma in_A_moved start s t : inS start 0 -> inS s t -> inB w (A_moved w start s) (A_distance P (A t) (A 0%nat)).
Proof. intros ([L0 V0] & _) ([L V] & _). unfold A_moved, A_distance, frob. apply in_sqrt; [exact Wp| |pos].
  apply in_norm; [exact Wp|].
  rewrite sum_swap. apply in_squares_of; [now apply map2_length|]. intros i Hi. rewrite (nth_map2 _ _ _ i [] [] []) by lia.
  destruct (V0 i Hi) as [L0i V0i], (V i Hi) as [Li Vi]. fold p in L0i, Li. split; [now apply map2_length|].
  apply (in_map2 w sub Rminus); [intros; now apply in_sub|lia|assumption|assumption]. Qed.
End Run.

(* ---------- what was looked at holds ---------- *)
Section Looks.
Variable A : nat -> mat.
Variable beta : nat -> vec.
Notation inS := (inS w P A beta).
Variable start : state.
Hypothesis H0 : inS start 0.
Lemma T2_slack_ok kappa s t : inS s t -> posb (d_nb d) = true -> posb (nrmB w (st_beta s)) = true ->
  nonneg (T2_slack w d kappa s) = true ->
  0 < nrm p (beta t) /\ Rabs (cosv p b (beta t)) <= valD kappa / sqrt (INR p).
Proof. intros HS Hb Hn Hs. assert (Nb := pos_ok w Wp _ _ (in_nb w P sh) Hb). fold p b in Nb.
  assert (Nbe := pos_ok w Wp _ _ (in_nbeta A beta s t HS) Hn). split; [assumption|].
  assert (Q : 0 <= valD kappa * (nrm p b * nrm p (beta t)) - rp p * Rabs (dot p b (beta t))).
  { refine (nonneg_ok w Wp _ _ _ Hs). apply in_sub; apply in_mul; try assumption.
    - now apply in_ofD.
    - apply in_mul; [assumption|exact (in_nb w P sh)|exact (in_nbeta A beta s t HS)].
    - exact (in_rp w P sh).
    - apply in_abs; [assumption|exact (in_bbeta A beta s t HS)]. }
  assert (Rp : 0 < rp p) by (apply rp_pos, sh). unfold cosv. change (sqrt (INR p)) with (rp p).
  assert (NN : 0 < nrm p b * nrm p (beta t)) by now apply Rmult_lt_0_compat.
  unfold Rdiv at 1. rewrite Rabs_mult, (Rabs_right (/ _)) by (left; now apply Rinv_0_lt_compat).
  apply Rmult_le_reg_r with (nrm p b * nrm p (beta t) * rp p); [now apply Rmult_lt_0_compat|].
  replace (Rabs (dot p b (beta t)) * / (nrm p b * nrm p (beta t)) * (nrm p b * nrm p (beta t) * rp p)) with (rp p
    * Rabs (dot p b (beta t)))
    by (field; split; lra).
  replace (valD kappa / rp p * (nrm p b * nrm p (beta t) * rp p)) with (valD kappa * (nrm p b
    * nrm p (beta t))) by (field; lra). lra. Qed.

Lemma look_run_ok r t before s : inS s t -> in_before A beta before t -> look_run w d r start t before s (point_at w d s)
  = Proved ->
  (valD (fst (nth t (r_errors r) ((0, 0), (0, 0))%Z)) <= error P A beta t <= valD (snd (nth t (r_errors r) ((0, 0),
    (0, 0))%Z))) /\
  beta_distance P (beta t) (beta 0%nat) <= valD (r_beta_displacement r) /\
  A_distance P (A t) (A 0%nat) <= valD (r_A_displacement r) /\
  (forall g u, r_T1 r = Some g -> t = S u -> error P A beta t <= (1 - etaof P * (valD g / 4)) * error P A beta u) /\
  (forall k, r_T2 r = Some k -> posb (d_nb d) = true -> 0 < nrm p (beta t) /\ Rabs (cosv p b (beta t))
    <= valD k / sqrt (INR p)).
Proof. intros HS HB L. unfold look_run in L. cbv zeta in L. next L L1. next L L2. next L L3. next L L4. next L L5.
  destruct (in_point w P sh A beta s t HS) as (_ & _ & _ & HE). fold d in HE.
  split; [split|split; [|split; [|split]]].
  - eapply (nonneg_le w Wp); [exact HE|now apply in_ofD|exact L2].
  - eapply (nonneg_le w Wp); [now apply in_ofD|exact HE|exact L1].
  - eapply (nonneg_le w Wp); [now apply in_ofD|exact (in_beta_moved A beta start s t H0 HS)|exact L3].
  - eapply (nonneg_le w Wp); [now apply in_ofD|exact (in_A_moved A beta start s t H0 HS)|exact L4].
  - intros g u Hg Ht. rewrite Hg in L5. destruct before as [E|]; [|simpl in HB; lia]. destruct HB as (v & Hv & HEv).
    assert (Ev : v = u) by lia. subst v.
    eapply (nonneg_le w Wp); [|exact HE|exact L5]. apply in_mul; [assumption| |exact HEv]. apply in_sub; [now apply in_one|].
    apply (in_ext w _ (etaof P * valD g / IZR (zz (I.of_Z 4)))); [rewrite I.of_ok; field|].
    apply in_divk; [rewrite I.of_ok; lia|]. apply in_mul; [assumption|exact (in_eta w P sh)|now apply in_ofD].
  - intros k Hk Hb. rewrite Hk in L. next L L6. next L L7. now apply (T2_slack_ok k s t). Qed.
Lemma later_ok r l s t : inS s t -> later w r l start s = Proved ->
  beta_distance P (beta t) (beta 0%nat) + valD (s_beta_displacement (l_statement l)) <= valD (r_beta_displacement r) /\
  A_distance P (A t) (A 0%nat) + valD (s_A_displacement (l_statement l)) <= valD (r_A_displacement r).
Proof. intros HS L. unfold later in L. cbv zeta in L. next L L1. next L L2. split.
  - eapply (nonneg_le w Wp); [now apply in_ofD| |exact L1]. apply in_add; [exact (in_beta_moved A beta start s t H0 HS)|
    now apply in_ofD].
  - eapply (nonneg_le w Wp); [now apply in_ofD| |exact L2]. apply in_add; [exact (in_A_moved A beta start s t H0 HS)|
    now apply in_ofD]. Qed.
Lemma look_twin_ok l t before s z : inS s t -> posb (d_nb d) = true -> look_twin w d l t before s z = Proved ->
  0 < nrm p (beta t) /\ cosv p b (beta t) <= valD (s_cos_max (l_statement l)).
Proof. intros HS Hb L. unfold look_twin in L. cbv zeta in L. next L L1. next L L2.
  assert (Nb := pos_ok w Wp _ _ (in_nb w P sh) Hb). fold p b in Nb.
  assert (Nbe := pos_ok w Wp _ _ (in_nbeta A beta s t HS) L1). split; [assumption|].
  assert (Q : dot p b (beta t) <= valD (s_cos_max (l_statement l)) * (nrm p b * nrm p (beta t))).
  { eapply (nonneg_le w Wp); [|exact (in_bbeta A beta s t HS)|exact L2].
    apply in_mul; [assumption|now apply in_ofD|]. apply in_mul;
      [assumption|exact (in_nb w P sh)|exact (in_nbeta A beta s t HS)]. }
  assert (NN : 0 < nrm p b * nrm p (beta t)) by now apply Rmult_lt_0_compat.
  unfold cosv. apply Rmult_le_reg_r with (nrm p b * nrm p (beta t)); [assumption|].
  unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. exact Q. Qed.

(* Theorem A at the end of the walk *)
Lemma leg_at_end lambda l s T : follows P lambda A beta -> (forall t, (T <= t)%nat -> lambda t = 0) ->
  T = l_checkpoint l -> inS s T ->
  0 < etaof P -> alpha_ok w l = true -> K_ok w d l = true -> check_leg w d s (point_at w d s) l = Proved ->
    leg_holds P l A beta.
Proof. intros St Hl -> HS He Ha HK Hc. apply leg_shift.
  exact (leg_sound_at_start w P sh _ _ (follows_after P lambda A beta _ St Hl) s l HS He Ha HK Hc). Qed.
End Looks.
End Orbit.

Lemma beta_triangle P x y z : beta_distance P x z <= beta_distance P x y + beta_distance P y z.
Proof. unfold beta_distance. rewrite (nrm_ext (width P) (fun r => x r - z r) (fun r => (x r - y r)
  + (y r - z r))) by (intros; ring). apply nrm_add. Qed.
Lemma A_triangle P X Y Z : A_distance P X Z <= A_distance P X Y + A_distance P Y Z.
Proof. unfold A_distance. rewrite (frob_ext _ _ (fun r i => X r i - Z r i) (fun r i => (X r i - Y r i)
  + (Y r i - Z r i))) by (intros; ring). apply frob_add. Qed.

(* the start of the walk encloses every start near the data *)
Definition start_of w P (W0 : list (list double)) : state :=
  let rad := ofD w (p_radius P) in
  {| st_A := map (fun x => let r_i := mul w rad (nrmB w x) in map (fun wr => widen r_i (dotB w wr x))
    (map (map (ofD w)) W0)) (map (map (ofD w)) (p_X P));
     st_beta := map (widen rad) (map (ofD w) (p_beta P)) |}.
Lemma in_start w P (sh : shapes w P) W0 lambda A beta : length W0 = width P ->
  (forall r, (r < width P)%nat -> length (nth r W0 []) = inputs P) ->
  run_from_data P W0 lambda A beta -> inS w P A beta (start_of w P W0) 0.
Proof. intros HL HR [[W [WR WA]] Rb _]. assert (Wp := sh_w w P sh). assert (LX := sh_X w P sh). unfold start_of. cbv zeta.
  split; [|split]; cbn [st_A st_beta].
  - split; [now rewrite !map_length|]. intros i Hi.
    rewrite (nth_map _ (map (map (ofD w)) (p_X P)) i []) by (rewrite map_length; lia).
    rewrite (nth_map _ (p_X P) i []) by lia. cbv zeta. split; [now rewrite !map_length|]. intros r Hr.
      rewrite !map_length, HL in Hr.
    rewrite (nth_map _ (map (map (ofD w)) W0) r []) by (rewrite map_length; lia). rewrite (nth_map _ W0 r []) by lia.
    assert (Lx := sh_rows w P sh i Hi). assert (Lw := HR r Hr).
    apply (widen_ok w Wp _ _ (valD (p_radius P) * nrm (inputs P) (Xrow P i)) (dot (inputs P) (vecD (nth r W0 []))
      (Xrow P i))).
    + apply in_mul; [assumption|now apply in_ofD|]. apply (in_nrm w P sh); [now rewrite map_length|]. now apply in_vecD.
    + apply in_dot; try assumption; try (now rewrite map_length); now apply in_vecD.
    + rewrite (WA r i Hr Hi).
      replace (dot (inputs P) (W r) (Xrow P i) - dot (inputs P) (vecD (nth r W0 [])) (Xrow P i))
        with (dot (inputs P) (fun k => W r k - vecD (nth r W0 []) k) (Xrow P i)).
      2:{ unfold dot. rewrite <- sum_sub. apply sum_ext. intros; ring. }
      eapply Rle_trans; [apply dot_CS|]. apply Rmult_le_compat_r; [apply nrm_pos|]. eapply Rle_trans; [|exact WR].
      exact (frob_row (width P) (inputs P) (fun r k => W r k - vecD (nth r W0 []) k) r Hr).
  - rewrite !map_length. apply sh.
  - rewrite map_map. apply near_ok; [assumption|]. intros r Hr. rewrite (sh_beta w P sh) in Hr.
    eapply Rle_trans; [|exact Rb]. exact (nrm_entry (width P) (fun r => beta 0%nat r - vecD (p_beta P) r) r Hr). Qed.

(* numbers of the certificate alone *)
Lemma numbers_ok_ok w P (sh : shapes w P) l r : numbers_ok w (data_of w P) l r = Proved ->
  (forall g, r_T1 r = Some g -> valD g / 4 <= valD (s_alpha (l_statement l))) /\
  (r_T2 r <> None \/ r_T3 r <> None -> posb (d_nb (data_of w P)) = true) /\
  (forall k, r_T2 r = Some k -> valD k / sqrt (INR (width P)) < 1 /\
    Rabs (valD (s_cos_min (l_statement l))) <= valD k / sqrt (INR (width P)) /\
    Rabs (valD (s_cos_max (l_statement l))) <= valD k / sqrt (INR (width P))) /\
  (forall m twin, r_T3 r = Some (m, twin) -> 0 < valD m /\
    valD (s_cos_max (l_statement twin)) + valD m < valD (s_cos_min (l_statement l))).
Proof. intros N. assert (Wp := sh_w w P sh). assert (Rp : 0 < rp (width P)) by (apply rp_pos, sh).
  unfold numbers_ok in N. cbv zeta in N. next N N1. next N N2. next N N3. next N N4. split; [|split; [|split]].
  - intros g Hg. rewrite Hg in N1. apply dle_ok in N1.
    assert (E : valD (fst (s_alpha (l_statement l)), (snd (s_alpha (l_statement l)) + 2)%Z)
      = 4 * valD (s_alpha (l_statement l))).
    { unfold valD, fst, snd. destruct (s_alpha (l_statement l)) as [m e]. rewrite powerRZ_add by lra.
      replace (powerRZ 2 2) with 4 by (simpl; ring). ring. }
    rewrite E in N1. lra.
  - intros H. destruct (r_T2 r), (r_T3 r); try exact N2. destruct H; contradiction.
  - intros k Hk. rewrite Hk in N3, N4. apply andb_prop in N4. destruct N4 as [N4 N5].
    change (sqrt (INR (width P))) with (rp (width P)). split; [|split].
    + assert (T := pos_lt w Wp _ _ _ _ (in_rp w P sh) (in_ofD w Wp k) N3). apply Rmult_lt_reg_r with (rp (width P));
      [assumption|].
      unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra.
    + assert (T : rp (width P) * Rabs (valD (s_cos_min (l_statement l))) <= valD k).
      { eapply (nonneg_le w Wp); [now apply in_ofD| |exact N4]. apply in_mul;
        [assumption|exact (in_rp w P sh)|apply in_abs; [assumption|now apply in_ofD]]. }
      apply Rmult_le_reg_r with (rp (width P)); [assumption|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra.
    + assert (T : rp (width P) * Rabs (valD (s_cos_max (l_statement l))) <= valD k).
      { eapply (nonneg_le w Wp); [now apply in_ofD| |exact N5]. apply in_mul;
        [assumption|exact (in_rp w P sh)|apply in_abs; [assumption|now apply in_ofD]]. }
      apply Rmult_le_reg_r with (rp (width P)); [assumption|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra.
  - intros m twin Hm. rewrite Hm in N. next N N5. next N N6. split; [now apply dpos_ok|]. apply dlt_ok in N6.
    now rewrite dsum_ok in N6. Qed.

Lemma forallb_rows (W0 : list (list double)) k p : forallb (fun row => Nat.eqb (length row) k) W0 = true -> length W0 = p ->
  forall r, (r < p)%nat -> length (nth r W0 []) = k.
Proof. intros H L r Hr. apply Nat.eqb_eq. apply (forallb_nth (fun row => Nat.eqb (length row) k)); [assumption|lia]. Qed.

Theorem check_run_sound w c : check_run w c = Proved -> initial_holds c.
Proof. intros C. unfold check_run in C. cbv zeta in C. set (P := i_problem c) in *. set (l := i_leg c) in *.
  set (r := i_run c) in *.
  next C C1. next C C2. next C C3. next C C4.
  destruct (numbers_ok w (data_of w P) l r) eqn:C5; [|discriminate].
  next C C6. destruct (walk w (data_of w P) _ _ _ _ _ _) eqn:C7; [|discriminate].
  apply andb_prop in C1. destruct C1 as [C1 HE]. apply andb_prop in C1. destruct C1 as [C1 HT]. apply andb_prop in C1.
    destruct C1 as [C1 HW].
  apply andb_prop in C1. destruct C1 as [C1 HL]. apply Nat.eqb_eq in HL, HT. clear HE.
  assert (sh := shapes_ok_ok w P C1). assert (Wp := sh_w w P sh). assert (eta_pos := dpos_ok _ C2).
    fold (etaof P) in eta_pos.
  assert (HR := forallb_rows _ _ _ HW HL). change (length (p_b P)) with (width P) in HL, HR.
  set (start := start_of w P (i_W c)). change (walk w (data_of w P) (look_run w (data_of w P) r start)
    (fun s z => match check_leg w (data_of w P) s z l with Proved => later w r l start s | Open c0 u => Open c0 u end)
      (i_lambda c) 0 None start = Proved) in C7.
  destruct (numbers_ok_ok w P sh l r C5) as (N1 & N2 & N3 & N4).
  assert (Beyond : forall t, (l_checkpoint l <= t)%nat -> penalty c t = 0) by (intros t Ht; apply vecD_beyond; lia).
  split; [exact Beyond|]. intros A beta Run. assert (H0 := in_start w P sh _ _ _ _ HL HR Run). fold start in H0.
  assert (Steps := data_steps _ _ _ _ _ Run).
  destruct (walk_sound w P sh A beta _ _ (penalty c) Steps (i_lambda c) 0 None start H0 eq_refl (fun j _
    => eq_refl) C7) as [Looks (sT & HST & Last)].
  rewrite HT in Looks, HST. simpl in Looks, HST.
  destruct (check_leg w (data_of w P) sT (point_at w (data_of w P) sT) l) eqn:Leg; [|discriminate].
  assert (LH : leg_holds P l A beta) by exact (leg_at_end w P sh A beta (penalty c) l sT _ Steps Beyond eq_refl HST
    eta_pos C3 C6 Leg).
  destruct (later_ok w P sh A beta start H0 r l sT _ HST Last) as [LB LA].
  assert (LK : forall t, (t <= l_checkpoint l)%nat -> exists before s, inS w P A beta s t /\ in_before w P A beta before t /\
    look_run w (data_of w P) r start t before s (point_at w (data_of w P) s) = Proved).
  { intros t Ht. destruct (Looks t Ht) as (bf & s & X1 & X2 & X3). now exists bf, s. }
  split; fold P l r.
  - exact LH.
  - intros t Ht. destruct (LK t Ht) as (bf & s & X1 & X2 & X3). apply (look_run_ok w P sh A beta start H0 r t bf s X1 X2 X3).
  - intros t. destruct (Nat.le_gt_cases t (l_checkpoint l)) as [Ht|Ht].
    + destruct (LK t Ht) as (bf & s & X1 & X2 & X3). apply (look_run_ok w P sh A beta start H0 r t bf s X1 X2 X3).
    + eapply Rle_trans; [apply (beta_triangle P (beta t) (beta (l_checkpoint l)))|].
      assert (T := leg_beta _ _ _ _ LH t ltac:(lia)). lra.
  - intros t. destruct (Nat.le_gt_cases t (l_checkpoint l)) as [Ht|Ht].
    + destruct (LK t Ht) as (bf & s & X1 & X2 & X3). apply (look_run_ok w P sh A beta start H0 r t bf s X1 X2 X3).
    + eapply Rle_trans; [apply (A_triangle P (A t) (A (l_checkpoint l)))|]. assert (T := leg_A _ _ _ _ LH t ltac:(lia)). lra.
  - intros g Hg t. destruct (Nat.le_gt_cases (S t) (l_checkpoint l)) as [Ht|Ht].
    + destruct (LK (S t) Ht) as (bf & s & X1 & X2 & X3).
      destruct (look_run_ok w P sh A beta start H0 r (S t) bf s X1 X2 X3) as (_ & _ & _ & T & _). exact (T g t Hg eq_refl).
    + eapply Rle_trans; [apply (leg_rate _ _ _ _ LH t); lia|]. apply Rmult_le_compat_r; [apply En_pos|].
      assert (etaof P * (valD g / 4) <= etaof P * valD (s_alpha (l_statement l))) by (apply Rmult_le_compat_l;
        [lra|exact (N1 g Hg)]). lra.
  - intros k Hk. assert (Hb : posb (d_nb (data_of w P)) = true) by (apply N2; left; rewrite Hk; discriminate).
    destruct (N3 k Hk) as (K1 & K2 & K3). split; [exact (pos_ok w Wp _ _ (in_nb w P sh) Hb)|]. split; [assumption|].
    intros t. destruct (Nat.le_gt_cases t (l_checkpoint l)) as [Ht|Ht].
    + destruct (LK t Ht) as (bf & s & X1 & X2 & X3).
      destruct (look_run_ok w P sh A beta start H0 r t bf s X1 X2 X3) as (_ & _ & _ & _ & T). exact (T k Hk Hb).
    + apply Rabs_le_inv in K2. apply Rabs_le_inv in K3. destruct (leg_defined _ _ _ _ LH) as [_ D]; [left; lra|].
      split; [apply D; lia|]. assert (T := leg_cosine _ _ _ _ LH t ltac:(lia)).
        change (cosine P (beta t)) with (cosv (width P) (bof P) (beta t)) in T.
      apply Rabs_le. lra.
  - intros m twin Hm. fold r in Hm. destruct (N4 m twin Hm) as [M1 M2]. split; [assumption|]. intros A' beta' Run'.
    assert (Hb : posb (d_nb (data_of w P)) = true) by (apply N2; right; rewrite Hm; discriminate).
    rewrite Hm in C. fold start in C. destruct (check_twin w (data_of w P) twin _) eqn:Tw; [|discriminate].
    change (check_twin w (data_of w P) twin start = Proved) in Tw.
    unfold check_twin in Tw. next Tw T1. next Tw T2. assert (H0' := in_start w P sh _ _ _ _ HL HR Run'). fold start in H0'.
    assert (Steps' := data_steps _ _ _ _ _ Run').
    destruct (walk_sound w P sh A' beta' _ _ no_penalty Steps' (repeat (0, 0)%Z (l_checkpoint twin)) 0 None start H0' eq_refl
      (fun j _ => eq_sym (vecD_repeat _ j)) Tw) as [Looks' (sT' & HST' & Leg')].
    rewrite repeat_length in Looks', HST'. simpl in Looks', HST'.
    assert (LH' : leg_holds P twin A' beta').
    { exact (leg_at_end w P sh A' beta' no_penalty twin sT' _ Steps' (fun _ _ => eq_refl) eq_refl HST' eta_pos T1 T2 Leg'). }
    assert (c_max1 : valD (s_cos_max (l_statement twin)) < 1).
    { assert (T := leg_cosine _ _ _ _ LH (l_checkpoint l) (Nat.le_refl _)). assert (T' := cosv_range (width P) (bof P)
      (beta (l_checkpoint l))).
      change (cosine P) with (cosv (width P) (bof P)) in T. lra. }
    destruct (leg_defined _ _ _ _ LH' (or_intror c_max1)) as [_ D'].
    assert (TW : forall u, 0 < nrm (width P) (beta' u) /\ cosv (width P) (bof P) (beta' u)
      <= valD (s_cos_max (l_statement twin))).
    { intros u. destruct (Nat.le_gt_cases u (l_checkpoint twin)) as [Hu|Hu].
      - destruct (Looks' u Hu) as (bf & s & X1 & X2 & X3). exact (look_twin_ok w P sh A' beta' twin u bf s _ X1 Hb X3).
      - split; [apply D'; lia|]. apply (leg_cosine _ _ _ _ LH' u). lia. }
    assert (c_min1 : -1 < valD (s_cos_min (l_statement l))).
    { destruct (TW 0%nat) as [_ T]. assert (T' := cosv_range (width P) (bof P) (beta' 0%nat)). lra. }
    destruct (leg_defined _ _ _ _ LH (or_introl c_min1)) as [B0 D].
    split; [exact LH'|]. split; [exact B0|]. split; [exact M2|]. split; [|exact TW].
    intros t Ht. split; [now apply D|]. apply (leg_cosine _ _ _ _ LH t Ht). Qed.
End OrbitF.
