(* SPDX-License-Identifier: Apache-2.0 *)
(* The checker of certificates from a checkpoint is sound (theorem_a.md, section 7): where check_checkpoint answers Proved,
   every run from a state near the stored one has the conclusions of Theorem A with the numbers of the certificate. *)
Require Import ZArith Reals Lra Lia Psatz List Bool.
From Alignproof Require Import Sums Forms Network TheoremA FrozenSigns Claims NearState Integers Certificate BallDef
  ActDef CheckDef Ball Act Meaning Exact State.
Import ListNotations.
Open Scope R_scope.
(* ---------- cosines ---------- *)
(* where a norm is 0 the quotient of Coq is 0 *)
Lemma cosv_range p x z : -1 <= cosv p x z <= 1.
Proof. unfold cosv. assert (T := dot_CS p x z). assert (X := nrm_pos p x). assert (Z := nrm_pos p z).
  destruct (Req_dec (nrm p x * nrm p z) 0) as [E|E].
  - rewrite E in T. unfold Rdiv. assert (D : dot p x z = 0) by (apply Rabs_le_inv in T; lra). rewrite D. lra.
  - assert (P : 0 < nrm p x * nrm p z) by (assert (0 <= nrm p x * nrm p z) by pos; lra). apply Rabs_le_inv in T.
    assert (Q : dot p x z / (nrm p x * nrm p z) * (nrm p x * nrm p z) = dot p x z) by (field; split; intros N;
      rewrite N in P; lra).
    split; apply Rmult_le_reg_r with (nrm p x * nrm p z); try assumption; rewrite Q; lra. Qed.

Lemma if_negb (b : bool) (x y z : outcome) : (if negb b then x else y) = z -> x <> z -> b = true /\ y = z.
Proof. destruct b; simpl; intros; [split; [reflexivity|assumption]|contradiction]. Qed.
(* the next condition of a check that answers Proved *)
Tactic Notation "next" ident(H) ident(N) := apply if_negb in H; [destruct H as [N H]|discriminate].

Definition Rops : ops R := {| o_add := Rplus; o_sub := Rminus; o_mul := Rmult; o_div := Rdiv; o_sqrt := sqrt;
  o_half := fun a => a / 2; o_two := 2 |}.

Module CheckF (I : INT) (Import BD : BallDefT I) (Import F : ActDefT I BD) (Import C : CheckDefT I BD F).
Include StateF I BD F C.
Import AP AP.P.
Local Notation zz := I.to_Z.

(* Formulas on balls contain the formulas on the real numbers inside. *)
Section Scalars.
Variable w : I.t.
Hypothesis w_pos : (0 <= zz w)%Z.
Definition inN (b : nums ball) (x : nums R) : Prop :=
  inB w (x_rp b) (x_rp x) /\ inB w (x_et b) (x_et x) /\ inB w (x_al b) (x_al x) /\ inB w (x_Mmin b) (x_Mmin x) /\
  inB w (x_Mmax b) (x_Mmax x) /\ inB w (x_Gmax b) (x_Gmax x) /\ inB w (x_Kn b) (x_Kn x) /\ inB w (x_L1 b) (x_L1 x) /\
  inB w (x_L2 b) (x_L2 x) /\ inB w (x_E b) (x_E x) /\ inB w (x_kmax b) (x_kmax x) /\ inB w (x_koK b) (x_koK x) /\
  inB w (x_nb b) (x_nb x) /\ inB w (x_Q b) (x_Q x) /\ inB w (x_b4 b) (x_b4 x) /\ inB w (x_Nb b) (x_Nb x) /\
  inB w (x_bbe b) (x_bbe x) /\ inB w (x_cmin b) (x_cmin x) /\ inB w (x_cmax b) (x_cmax x).
Lemma in_two : inB w (ofInt w c2) 2.
Proof. apply (in_ext w _ (IZR (zz c2))); [unfold c2; now rewrite I.of_ok|now apply in_ofInt]. Qed.
Lemma in_half a x : inB w a x -> inB w (divk c2 a) (x / 2).
Proof. intros. apply (in_ext w _ (x / IZR (zz c2))); [unfold c2; now rewrite I.of_ok|]. apply in_divk; auto. unfold c2.
  rewrite I.of_ok. lia. Qed.
Lemma nonneg_le a b x y : inB w a x -> inB w b y -> nonneg (sub a b) = true -> y <= x.
Proof. intros Ha Hb Hn. assert (0 <= x - y); [|lra]. apply (nonneg_ok w w_pos (sub a b)); [now apply in_sub|assumption]. Qed.
Lemma pos_lt a b x y : inB w a x -> inB w b y -> posb (sub a b) = true -> y < x.
Proof. intros Ha Hb Hn. assert (0 < x - y); [|lra]. apply (pos_ok w w_pos (sub a b)); [now apply in_sub|assumption]. Qed.
Theorem formulas b x : inN b x -> posb (x_rp b) = true -> posb (x_al b) = true -> nonneg (x_Gmax b) = true ->
  let o := ballops w in
  inB w (f_R o b) (f_R Rops x) /\ inB w (f_rho o b) (f_rho Rops x) /\ inB w (f_A10 o b) (f_A10 Rops x) /\
  inB w (f_A11 o b) (f_A11 Rops x) /\ inB w (f_Ad o b) (f_Ad Rops x) /\ inB w (f_c1 o b) (f_c1 Rops x) /\
  inB w (f_c2 o b) (f_c2 Rops x) /\ inB w (f_c3 o b) (f_c3 Rops x) /\ inB w (f_c4 o b) (f_c4 Rops x).
Proof. intros (H1 & H2 & H3 & H4 & H5 & H6 & H7 & H8 & H9 & H10 & H11 & H12 & H13 & H14 & H15 & H16 & H17 & H18 & H19) P1
  P2 P3 o.
  assert (Tw : inB w (o_two o) (o_two Rops)) by exact in_two.
  assert (Q0 : inB w (f_L1s o b) (f_L1s Rops x)) by (apply in_mul; assumption).
  assert (Q1 : inB w (f_s0 o b) (f_s0 Rops x)) by (apply in_div; assumption).
  assert (Q2 : inB w (f_kap o b) (f_kap Rops x)) by (apply in_div; try assumption; repeat (apply in_mul; try assumption)).
  assert (Q3 : inB w (f_R o b) (f_R Rops x)) by (apply in_div; assumption).
  assert (G0 : 0 <= x_Gmax x) by (eapply nonneg_ok; eassumption).
  assert (Q4 : inB w (f_Gs o b) (f_Gs Rops x)) by (apply in_sqrt; assumption).
  assert (Q5 : inB w (f_q o b) (f_q Rops x)) by (apply in_mul; assumption).
  assert (Q6 : inB w (f_rho o b) (f_rho Rops x)).
  { apply in_mul; try assumption. apply in_add; try assumption. apply in_mul; try assumption. now apply in_half. }
  assert (Q7 : inB w (f_dG o b) (f_dG Rops x)) by (apply in_add; repeat (apply in_mul; try assumption)).
  assert (Q8 : inB w (f_h2 o b) (f_h2 Rops x)) by (apply in_div; try assumption; repeat (apply in_mul; try assumption)).
  assert (Q9 : inB w (f_D o b) (f_D Rops x)).
  { apply in_add; try assumption. apply in_add; [apply in_div; try assumption|]; repeat (apply in_mul; try assumption). }
  assert (Q10 : inB w (f_Cv o b) (f_Cv Rops x)).
  { apply in_add; (apply in_mul; try assumption).
    - now apply in_add.
    - apply in_half. apply in_div; try assumption; repeat (apply in_mul; try assumption).
    - apply in_add; try assumption. now apply in_mul. }
  assert (Q11 : inB w (f_CE o b) (f_CE Rops x)) by (repeat (apply in_mul; try assumption)).
  assert (Q12 : inB w (f_near o b) (f_near Rops x)) by (apply in_mul; try assumption; now apply in_sub).
  assert (Q13 : inB w (f_far o b) (f_far Rops x)) by (apply in_mul; try assumption; now apply in_add).
  assert (Q14 : inB w (f_low o b) (f_low Rops x)) by (apply in_sub; try assumption; now apply in_mul).
  assert (Q15 : inB w (f_high o b) (f_high Rops x)) by (apply in_add; try assumption; now apply in_mul).
  split; [assumption|]. split; [assumption|]. split; [repeat (apply in_sub; try assumption)|].
  split; [repeat (apply in_sub; try assumption); apply in_mul; try assumption; now apply in_add|].
  split; [repeat (apply in_mul; try assumption)|].
  repeat split; apply in_sub; try assumption; apply in_mul; assumption. Qed.
End Scalars.

(* ---------- Theorem A at a state ---------- *)
(* a leg that starts at the state itself *)
Definition at_start (l : leg) : leg := {| l_checkpoint := 0; l_witness := l_witness l; l_statement := l_statement l |}.
Lemma leg_shift P l A beta : leg_holds P (at_start l) (fun t => A (t + l_checkpoint l)%nat) (fun t => beta (t
  + l_checkpoint l)%nat) ->
  leg_holds P l A beta.
Proof. intros [H1 H2 H3 H4 H5 H6 H7]. simpl in *. set (T := l_checkpoint l) in *.
  assert (E : forall t, (T <= t)%nat -> exists u, t = (u + T)%nat) by (intros t Ht; exists (t - T)%nat; lia).
  split; try assumption; fold T.
  - intros t Ht. destruct (E t Ht) as [u ->]. exact (H2 u (Nat.le_0_l u)).
  - intros t Ht. destruct (E t Ht) as [u ->]. assert (X := H3 u (Nat.le_0_l u)).
    replace (u + T - T)%nat with (u - 0)%nat by lia. exact X.
  - intros t Ht. destruct (E t Ht) as [u ->]. exact (H4 u (Nat.le_0_l u)).
  - intros t Ht. destruct (E t Ht) as [u ->]. exact (H5 u (Nat.le_0_l u)).
  - intros t Ht. destruct (E t Ht) as [u ->]. exact (H6 u (Nat.le_0_l u)).
  - intros D. destruct (H7 D) as [B N]. split; [assumption|]. intros t Ht. destruct (E t Ht) as [u ->].
    exact (N u (Nat.le_0_l u)). Qed.

(* The numbers of Theorem A, as balls and as real numbers, and what is known of the spectra and of the signs, give its
   conclusions. *)
Section Close.
Variable w : I.t.
Variable P : problem.
Hypothesis sh : shapes w P.
Variable A : nat -> mat.
Variable beta : nat -> vec.
Hypothesis steps : follows P no_penalty A beta.
Variable l : leg.
Let n := samples P.
Let p := width P.
Let d := data_of w P.
Let Wp := sh_w w P sh.
Let psi := psiof P.
Let dpsi := dpsiof P.
Let b := bof P.
Let y := yof P.
Let K := Kof P.
Let al := valD (s_alpha (l_statement l)).
Variable Qr : R.               (* at least the mean of |beta_r| b_r^2 *)
Hypothesis QF : sum p (fun r => Rabs (beta 0%nat r) * (b r * b r)) <= INR p * Qr.
Definition kmaxR := IZR (zz (fst (maxball (map (bsqrt w) (map (fun r => dotB w r r) (d_K d)))))) / sc w.
Definition rn : nums R :=
  {| x_rp := rp p; x_et := etaof P; x_al := al; x_Mmin := valD (w_M_min (l_witness l));
    x_Mmax := valD (w_M_max (l_witness l));
     x_Gmax := valD (w_G_max (l_witness l)); x_Kn := valD (w_K_norm (l_witness l)); x_L1 := L1R (p_psi P); x_L2 :=
       L2R (p_psi P);
     x_E := error P A beta 0; x_kmax := kmaxR; x_koK := koK n K; x_nb := nrm p b; x_Q := Qr; x_b4 := nrm p (b2 b) / INR p;
     x_Nb := nrm p (beta 0%nat); x_bbe := dot p b (beta 0%nat);
     x_cmin := valD (s_cos_min (l_statement l)); x_cmax := valD (s_cos_max (l_statement l)) |}.
(* the setting of Theorem A *)
Definition stg : setting := {| TheoremA.n := n; TheoremA.p := p; TheoremA.K := K; TheoremA.y := y; TheoremA.b := b;
  TheoremA.psi := psi; TheoremA.dpsi := dpsi; TheoremA.L1 := L1R (p_psi P); TheoremA.L2 := L2R (p_psi P); TheoremA.eta :=
    etaof P;
  TheoremA.Kn := valD (w_K_norm (l_witness l)); TheoremA.kmax := kmaxR; TheoremA.Gs := sqrt (valD (w_G_max (l_witness l)));
  TheoremA.Q := Qr; TheoremA.om := 1 / 2; TheoremA.A := A; TheoremA.beta := beta |}.
Lemma plain_beta : run_beta n p y psi (etaof P) A beta.
Proof. intros t r Hr. rewrite (follows_beta _ _ _ _ steps t r Hr). unfold no_penalty. fold p n y psi. ring. Qed.

Lemma kmax_bound : 0 <= kmaxR /\ forall i, (i < n)%nat -> nrm n (K i) <= kmaxR.
Proof. destruct (fold_max_ok w Wp (map (bsqrt w) (map (fun r => dotB w r r) (d_K d)))) as [km0 km1].
  destruct (in_k2 w P sh) as [Lk Vk].
  unfold kmaxR, maxball. cbn [fst]. split; [apply Rdiv_pos; [now apply IZR_le|now apply sc_pos]|].
  intros i Hi. assert (Hk := eq_ind_r (fun k => (i < k)%nat) Hi Lk). apply (km1 i); [rewrite map_length; exact Hk|].
  rewrite (nth_map _ _ i b0) by exact Hk. change (nrm n (K i)) with (kk n K i).
    rewrite <- (sqrt_square (kk n K i)) by apply nrm_pos.
  apply in_sqrt; [exact Wp|exact (Vk i Hk)|apply Rle_0_sqr]. Qed.

Variable x : nums ball.
Variable signs : bool.
Hypothesis Hin : inN w x rn.
Hypothesis Hrp : posb (x_rp x) = true.
Hypothesis alpha_pos : posb (x_al x) = true.
Hypothesis G0' : nonneg (x_Gmax x) = true.
Hypothesis eta_pos : 0 < etaof P.
Hypothesis K0 : 0 <= valD (w_K_norm (l_witness l)).
Hypothesis Kform : forall v, Rabs (quad n K v) <= valD (w_K_norm (l_witness l)) * dot n v v.
Hypothesis Mlo : forall v, valD (w_M_min (l_witness l)) * dot n v v <= quad n (M p K b psi dpsi A beta 0) v.
Hypothesis Mhi : forall v, quad n (M p K b psi dpsi A beta 0) v <= valD (w_M_max (l_witness l)) * dot n v v.
Hypothesis Ghi : forall v, quad n (G p psi A 0) v <= valD (w_G_max (l_witness l)) * dot n v v.
Hypothesis far : frozen_signs (p_psi P) = true -> signs = true -> forall r i, (r < p)%nat -> (i < n)%nat ->
  Rabs (b r) * (L1R (p_psi P) * nrm n (K i)) / rp p * f_R Rops rn < Rabs (A 0%nat r i).
Hypothesis checked : close_leg w x l signs = Proved.
Theorem close_sound : leg_holds P (at_start l) A beta.
Proof. assert (C := checked). unfold close_leg in C. cbv zeta in C.
  next C C10. next C C11. next C CS. next C CE. next C CB. next C CA. next C CC1. next C CC2. clear C.
  destruct (formulas w Wp x rn Hin Hrp alpha_pos G0') as (FR & Frho & F10 & F11 & FA & Fc1 & Fc2 & Fc3 & Fc4).
  assert (Hin0 := Hin).
  destruct Hin0 as (I1 & I2 & I3 & I4 & I5 & I6 & I7 & I8 & I9 & I10 & I11 & I12 & I13 & I14 & I15 & I16 & I17 & I18 & I19).
  assert (al0 : 0 < al) by exact (pos_ok w Wp _ _ I3 alpha_pos).
  assert (G0 : 0 <= valD (w_G_max (l_witness l))) by (eapply nonneg_ok; [exact Wp|exact I6|exact G0']).
  apply (nonneg_ok w Wp _ _ F10) in C10. apply (nonneg_ok w Wp _ _ F11) in C11.
  assert (SE : error P A beta 0 <= valD (s_error (l_statement l))) by (eapply (nonneg_le w Wp);
    [now apply in_ofD|exact I10|exact CE]).
  assert (SB : f_rho Rops rn <= valD (s_beta_displacement (l_statement l))) by (eapply (nonneg_le w Wp);
    [now apply in_ofD|exact Frho|exact CB]).
  assert (SA : f_Ad Rops rn <= valD (s_A_displacement (l_statement l))) by (eapply (nonneg_le w Wp);
    [now apply in_ofD|exact FA|exact CA]).
  destruct kmax_bound as [km0 km1]. assert (sp := sh_p w P sh). fold p in sp.
  assert (Gs0 : 0 <= sqrt (valD (w_G_max (l_witness l)))) by apply sqrt_pos.
  assert (GsF : forall v, quad n (G p psi A 0) v <= sqrt (valD (w_G_max (l_witness l)))
    * sqrt (valD (w_G_max (l_witness l))) * dot n v v).
  { intros v. rewrite sqrt_sqrt by assumption. apply Ghi. }
  set (E0 := err stg 0). set (Rr := E0 / al).
  assert (rp0 : rp p <> 0) by (apply Rgt_not_eq, rp_pos, sp). assert (ip0 : INR p <> 0) by (apply Rgt_not_eq, lt_0_INR, sp).
  assert (F1 : f_R Rops rn = Rr) by reflexivity.
  assert (F2 : f_kap Rops rn = kap p b (L1R (p_psi P)) (valD (w_K_norm (l_witness l)))).
  { unfold f_kap, f_s0, f_L1s, kap, s0. simpl. reflexivity. }
  assert (F3 : f_rho Rops rn = rhoR stg Rr).
  { unfold f_rho, rhoR, rho. rewrite F1, F2. simpl. unfold f_Gs. simpl. field. }
  assert (F4 : f_D Rops rn = drift stg Rr).
  { unfold f_D, drift, DD, dG, dH, q. fold (rhoR stg Rr). rewrite F3, F1. unfold f_dG, f_q. rewrite F1, F2.
    unfold f_h2, h2, f_Gs, f_L1s, f_s0, s0. simpl. field. repeat split; assumption. }
  assert (F5 : f_Cv Rops rn = rem stg Rr).
  { unfold f_Cv, rem, Cv, g1, q, Qbar. fold (rhoR stg Rr). rewrite F3. unfold f_q. rewrite F1, F2. unfold v2, f_L1s,
    f_Gs. simpl. field.
    repeat split; assumption. }
  assert (A10 : valD (w_M_min (l_witness l)) - drift stg Rr - TheoremA.eta stg * rem stg Rr * E0 >= al).
  { assert (T : 0 <= valD (w_M_min (l_witness l)) - drift stg Rr - etaof P * rem stg Rr * E0 - al) by (rewrite <- F4,
    <- F5; exact C10).
    change (TheoremA.eta stg) with (etaof P). lra. }
  assert (A11 : TheoremA.eta stg * (valD (w_M_max (l_witness l)) + drift stg Rr) <= 2 - TheoremA.eta stg * al
    - TheoremA.eta stg * TheoremA.eta stg * rem stg Rr * E0).
  { assert (T : 0 <= 2 - etaof P * al - etaof P * (etaof P * rem stg Rr * E0) - etaof P * (valD (w_M_max (l_witness l))
    + drift stg Rr))
      by (rewrite <- F4, <- F5; exact C11).
    change (TheoremA.eta stg) with (etaof P). lra. }
  (* Theorem A itself, or that of relu *)
  assert (Thm : 0 <= 1 - etaof P * al < 1 /\ forall t,
    err stg t <= (1 - etaof P * al) ^ t * E0 /\ err stg (S t) <= (1 - etaof P * al) * err stg t /\
    nrm p (fun r => beta t r - beta 0%nat r) <= rhoR stg Rr /\
    frob p n (fun r i => A t r i - A 0%nat r i) <= L1R (p_psi P) * sb stg * valD (w_K_norm (l_witness l)) * Rr).
  { destruct (frozen_signs (p_psi P)) eqn:Fz.
    - assert (R_ok : relu_ok stg).
      { assert (Ps : p_psi P = Relu) by (destruct (p_psi P); try discriminate Fz; reflexivity).
        split; unfold stg; simpl; try assumption; try (unfold psi, dpsi, psiof, dpsiof; rewrite Ps; reflexivity);
          try (rewrite Ps; reflexivity).
        - exact (sh_n w P sh).
        - exact (K_symm P).
        - exact (follows_A _ _ _ _ steps).
        - exact plain_beta.
        - lra. }
      assert (Mg : forall r i, (r < p)%nat -> (i < n)%nat ->
        Rabs (b r) * k_ri stg r i / pt stg * Rr < Rabs (A 0%nat r i) \/ Rabs (b r) * k_ri stg r i = 0).
      { intros r i Hr Hi. left. assert (T := far eq_refl CS r i Hr Hi). rewrite F1 in T.
        rewrite (relu_L1 stg R_ok : L1R (p_psi P) = 1), Rmult_1_l in T.
        eapply Rle_lt_trans; [|exact T]. assert (Kr := k_ri_le stg r i).
        assert (R0 : 0 <= Rr) by (apply Rdiv_pos; [apply En_pos|assumption]).
        apply Rmult_le_compat_r; [assumption|]. unfold Rdiv.
        apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat, rp_pos, sp|]. apply Rmult_le_compat_l;
          [apply Rabs_pos|apply Kr]. }
      split; [exact (relu_rate_range stg R_ok al _ _ al0 Mlo Mhi A10 A11)|]. intros t.
      destruct (theorem_A_relu stg R_ok al _ _ al0 Mlo Mhi A10 A11 Mg t) as (T1 & T2 & T3 & T4 & _).
        repeat split; assumption.
    - assert (Ok : setting_ok stg).
      { split; unfold stg; simpl; try assumption.
        - exact (sh_n w P sh).
        - exact (K_symm P).
        - exact (smooth_ok (p_psi P) Fz).
        - assert (T := act_L1 _ _ _ _ (smooth_ok (p_psi P) Fz) 0%nat 0%nat 0).
          assert (T2 := Rabs_pos (dpsiR (p_psi P) 0)). lra.
        - assert (T := act_L2 _ _ _ _ (smooth_ok (p_psi P) Fz) 0%nat 0%nat 1 0).
          assert (T2 := Rabs_pos (dpsiR (p_psi P) 1 - dpsiR (p_psi P) 0)).
          rewrite (Rabs_right (1 - 0)) in T by lra. lra.
        - exact (follows_A _ _ _ _ steps).
        - exact plain_beta.
        - lra. }
      split; [exact (rate_range stg Ok al _ _ al0 Mlo Mhi A10 A11)|]. intros t.
      destruct (theorem_A stg Ok al _ _ al0 Mlo Mhi A10 A11 t) as (T1 & T2 & T3 & _).
      assert (T4 := one_step_rate stg Ok al _ _ al0 Mlo Mhi A10 A11 t). repeat split; assumption. }
  destruct Thm as [rate Thm].
  (* the cosine *)
  assert (Cs : forall t, (valD (s_cos_min (l_statement l)) <= cosv p b (beta t) <= valD (s_cos_max (l_statement l))) /\
    (-1 < valD (s_cos_min (l_statement l)) \/ valD (s_cos_max (l_statement l)) < 1 -> 0 < nrm p b /\ 0 < nrm p (beta t))).
  { intros t. destruct (Thm t) as (_ & _ & T2 & _). rewrite <- F3 in T2.
    assert (r0 : 0 <= f_rho Rops rn) by (eapply Rle_trans; [apply nrm_pos|exact T2]).
    set (rr := f_rho Rops rn) in *. set (nb := nrm p b) in *. set (Nb := nrm p (beta 0%nat)) in *.
      set (bd := dot p b (beta 0%nat)) in *.
    assert (Def : posb (x_nb x) = true -> posb (sub (x_Nb x) (f_rho (ballops w) x)) = true -> 0 < nb /\ rr < Nb /\
      0 < nrm p (beta t)).
    { intros D1 D2. assert (E1 : 0 < nb) by exact (pos_ok w Wp _ _ I13 D1). assert (E2 : rr
      < Nb) by exact (pos_lt w Wp _ _ _ _ I16 Frho D2).
      repeat split; try assumption. assert (T := nrm_sub_low p (beta 0%nat) (beta t)). fold Nb in T. lra. }
    assert (Br := cosine_bracket p b (beta 0%nat) (beta t) rr). cbv zeta in Br. fold nb Nb bd in Br.
    assert (X : forall v N', 0 < nb -> 0 < N' -> 0 <= bd - rr * nb - v * (N' * nb) -> v <= (bd / nb - rr) / N').
    { intros v N' Hb HN Hv. apply Rmult_le_reg_r with (N' * nb); [now apply Rmult_lt_0_compat|].
      replace ((bd / nb - rr) / N' * (N' * nb)) with (bd - rr * nb) by (field; lra). lra. }
    assert (Y : forall v N', 0 < nb -> 0 < N' -> 0 <= v * (N' * nb) - (bd + rr * nb) -> (bd / nb + rr) / N' <= v).
    { intros v N' Hb HN Hv. apply Rmult_le_reg_r with (N' * nb); [now apply Rmult_lt_0_compat|].
      replace ((bd / nb + rr) / N' * (N' * nb)) with (bd + rr * nb) by (field; lra). lra. }
    assert (Rg := cosv_range p b (beta t)).
    unfold cos_min_ok in CC1. unfold cos_max_ok in CC2. cbv zeta in CC1, CC2. apply orb_prop in CC1. apply orb_prop in CC2.
    assert (L1' : valD (s_cos_min (l_statement l)) <= -1 \/ (valD (s_cos_min (l_statement l)) <= cosv p b (beta t) /\
      0 < nb /\ 0 < nrm p (beta t))).
    { destruct CC1 as [D|D]; [left; apply dle_ok in D; now rewrite valD_minus_one in D|right]. andb.
      destruct Def as (E1 & E2 & E3); try assumption. split; [|now split]. destruct (Br E1 (conj r0 E2) T2) as [B1 _].
      eapply Rle_trans; [|exact B1]. apply Rmin_glb; (apply X; [assumption|lra|]).
      - apply (nonneg_ok w Wp _ _ Fc1). assumption.
      - apply (nonneg_ok w Wp _ _ Fc2). assumption. }
    assert (L2' : 1 <= valD (s_cos_max (l_statement l)) \/ (cosv p b (beta t) <= valD (s_cos_max (l_statement l)) /\
      0 < nb /\ 0 < nrm p (beta t))).
    { destruct CC2 as [D|D]; [left; apply dle_ok in D; now rewrite valD_one in D|right]. andb.
      destruct Def as (E1 & E2 & E3); try assumption. split; [|now split]. destruct (Br E1 (conj r0 E2) T2) as [_ B2].
      eapply Rle_trans; [exact B2|]. apply Rmax_lub; (apply Y; [assumption|lra|]).
      - apply (nonneg_ok w Wp _ _ Fc3). assumption.
      - apply (nonneg_ok w Wp _ _ Fc4). assumption. }
    split; [destruct L1' as [|[? _]], L2' as [|[? _]]; lra|].
    intros [D|D]; [destruct L1' as [|[_ ?]]|destruct L2' as [|[_ ?]]]; try lra; assumption. }
  split; cbn [at_start l_checkpoint l_witness l_statement]; fold al.
  - exact rate.
  - intros t _. apply (Thm t).
  - intros t _. rewrite Nat.sub_0_r. eapply Rle_trans; [apply (Thm t)|]. apply Rmult_le_compat_l;
    [apply pow_le, rate|exact SE].
  - intros t _. eapply Rle_trans; [apply (Thm t)|]. rewrite <- F3. exact SB.
  - intros t _. eapply Rle_trans; [apply (Thm t)|]. eapply Rle_trans; [|exact SA]. right. reflexivity.
  - intros t _. apply (Cs t).
  - intros D. split; [exact (proj1 (proj2 (Cs 0%nat) D))|]. intros t _. exact (proj2 (proj2 (Cs t) D)). Qed.
End Close.

Section Leg.
Variable w : I.t.
Variable P : problem.
Hypothesis sh : shapes w P.
Variable A : nat -> mat.
Variable beta : nat -> vec.
Hypothesis steps : follows P no_penalty A beta.
Variable s : state.
Variable l : leg.
Let n := samples P.
Let p := width P.
Let d := data_of w P.
Let Wp := sh_w w P sh.
Let z := point_at w d s.
Hypothesis HS : inS w P A beta s 0.
Let psi := psiof P.
Let dpsi := dpsiof P.
Let b := bof P.
Let y := yof P.
Let K := Kof P.
Let al := valD (s_alpha (l_statement l)).
Let HZ : inZ w P A beta z 0 := in_point w P sh A beta s 0 HS.

Lemma in_G : inM w (mG w d z) (G p psi A 0) n.
Proof. assert (HZ0 := HZ). destruct HZ0 as ([LU VU] & _). apply in_outer; [exact LU|]. intros i j Hi Hj.
  destruct (VU i Hi) as [Li Vi], (VU j Hj) as [Lj Vj].
  apply (in_p w P sh _ (dot p (fun r => Psi psi A 0 r i) (fun r => Psi psi A 0 r j))). now apply in_dot. Qed.
Lemma in_cb : length (map2 (mul w) (st_beta s) (d_b d)) = p /\
  inV w (map2 (mul w) (st_beta s) (d_b d)) (fun r => beta 0%nat r * b r).
Proof. assert (HS0 := HS). destruct (in_b w P sh) as [Lb Vb], HS0 as (_ & Le & Ve). split; [now apply map2_length|].
  apply (in_map2 w (mul w) Rmult); try assumption; [intros; now apply in_mul|]. now rewrite Le. Qed.
Lemma in_S : inM w (mS w d (map2 (mul w) (st_beta s) (d_b d)) (z_D z))
  (fun i j => dot p (fun r => beta 0%nat r * b r * Network.D dpsi A 0 r i) (fun r => Network.D dpsi A 0 r j) / INR p) n.
Proof. destruct in_cb as [Lc Vc]. assert (HZ0 := HZ). destruct HZ0 as (_ & [LD VD] & _). unfold mS.
  split; [now rewrite map_length|]. intros i Hi.
  rewrite (nth_map _ (z_D z) i []) by (rewrite LD; exact Hi). cbv zeta. split; [now rewrite map_length|]. intros j Hj.
    rewrite map_length in Hj.
  rewrite (nth_map _ (z_D z) j []) by assumption. destruct (VD i Hi) as [Li Vi], (VD j ltac:(rewrite <- LD;
    exact Hj)) as [Lj Vj].
  apply (in_p w P sh). apply in_dot; try assumption; [now apply map2_length|].
  apply (in_map2 w (mul w) Rmult); try assumption; [intros; now apply in_mul|]. transitivity p; [exact Lc|symmetry;
    exact Li]. Qed.
Lemma in_M : inM w (mM w d s z) (M p K b psi dpsi A beta 0) n.
Proof. unfold mM. eapply inM_ext; [|apply (inM_map2 w add Rplus); [intros; now apply in_add|exact in_G|
    apply (inM_map2 w (mul w) Rmult); [intros; now apply in_mul|exact (in_K w P sh)|exact in_S]]].
  intros i j Hi Hj. unfold M, Network.H. f_equal. cbv beta. unfold dot, Rdiv. rewrite <- Rmult_assoc, <- sum_scal. f_equal.
  apply sum_ext. intros. unfold K. ring. Qed.
Lemma G_symm : symm n (G p psi A 0).
Proof. intros i j Hi Hj. unfold G. f_equal. apply sum_ext. intros; ring. Qed.
Lemma M_symm : symm n (M p K b psi dpsi A beta 0).
Proof. intros i j Hi Hj. unfold M, Network.H. rewrite (G_symm i j Hi Hj).
  assert (Ks : K i j = K j i) by exact (K_symm P i j Hi Hj). f_equal. f_equal.
  apply sum_ext. intros. rewrite Ks. ring. Qed.

Let Q0 := sum p (fun r => Rabs (beta 0%nat r) * (b r * b r)) / INR p.
Lemma numbers_in : inN w (numbers w d s z l) (rn w P A beta l Q0).
Proof. assert (HS0 := HS). assert (HZ0 := HZ). destruct (in_b w P sh) as [Lb Vb], HS0 as (_ & Le & Ve),
  (in_k2 w P sh) as [Lk Vk], HZ0 as (_ & _ & _ & HE).
  assert (Vb2 : inV w (map (fun a => mul w a a) (d_b d)) (b2 b)).
  { apply (in_map1 w _ (fun z => z * z)); [|assumption]. intros. now apply in_mul. }
  unfold inN, numbers, rn; cbn [x_rp x_et x_al x_Mmin x_Mmax x_Gmax x_Kn x_L1 x_L2 x_E x_kmax x_koK x_nb x_Q x_b4 x_Nb
    x_bbe x_cmin x_cmax].
  repeat match goal with |- _ /\ _ => split end; try (apply in_ofD; assumption).
  - apply in_rp; assumption.
  - exact (in_L1B (p_psi P) w Wp).
  - exact (in_L2B (p_psi P) w Wp).
  - exact HE.
  - unfold kmaxR, inB. assert (S := sc_pos w Wp). unfold maxball; cbn [fst snd]. unfold c0 at 3. rewrite I.of_ok.
    set (v := IZR (zz _)). replace (v / sc w * sc w - v) with 0 by (field; lra). rewrite Rabs_R0. lra.
  - now apply in_nrm with (P := P).
  - now apply in_nrm with (P := P).
  - apply (in_p w P sh). apply in_dot; try assumption; try (now rewrite map_length). apply (in_map1 w babs Rabs);
    [intros; now apply in_abs|assumption].
  - apply (in_p w P sh). apply in_nrm with (P := P); try assumption. now rewrite map_length.
  - now apply in_nrm with (P := P).
  - now apply in_dot. Qed.


Hypothesis eta_pos : 0 < etaof P.
Hypothesis alpha_pos : alpha_ok w l = true.
Hypothesis K_fits : K_ok w d l = true.
Hypothesis checked : check_leg w d s z l = Proved.
Theorem leg_sound_at_start : leg_holds P (at_start l) A beta.
Proof. assert (C := checked). unfold check_leg in C. cbv zeta in C. set (x := numbers w d s z l) in *.
  next C PM1. next C PM2. next C PG. apply andb_prop in PG. destruct PG as [G0' PG].
  assert (Hin := numbers_in). fold x in Hin.
  assert (Hin0 := Hin). destruct Hin0 as (I1 & I2 & I3 & I4 & I5 & I6 & _ & I8 & _).
  destruct (K_bound w P sh l K_fits) as [K0 Kform].
  refine (close_sound w P sh A beta steps l Q0 _ x _ Hin _ alpha_pos G0' eta_pos K0 Kform _ _ _ _ C).
  - right. unfold Q0, p, b. field. apply Rgt_not_eq, lt_0_INR, sh.
  - exact (sh_rp w P sh).
  - exact (bounded_below w P sh _ _ n _ _ in_M M_symm I4 PM1).
  - exact (bounded w P sh _ _ n _ _ in_M M_symm I5 PM2).
  - exact (bounded w P sh _ _ n _ _ in_G G_symm I6 PG).
  - intros Fz CS r i Hr Hi. change (d_psi d) with (p_psi P) in CS. rewrite Fz in CS. unfold signs_ok in CS. cbv zeta in CS.
    destruct (formulas w Wp x _ Hin (sh_rp w P sh) alpha_pos G0') as (FR & _).
    destruct (in_K w P sh) as [LK VK]. assert (HS0 := HS). destruct HS0 as ([LA VA] & _). destruct (in_b w P sh) as [Lb Vb].
    fold d in LK, VK, Lb, Vb.
    apply forallb_nth with (d := []) (i := i) in CS; [|rewrite (map2_length _ _ _ n); assumption].
    rewrite (nth_map2 _ (d_K d) (st_A s) i [] [] []) in CS; [|rewrite LK; exact Hi|now rewrite LK, LA].
    destruct (VK i Hi) as [LKi VKi]. destruct (VA i Hi) as [Li Vi].
    apply forallb_nth with (d := false) (i := r) in CS; [|rewrite (map2_length _ _ _ p); assumption].
    rewrite (nth_map2 _ _ (d_b d) r b0 b0) in CS; [|rewrite Li; exact Hr|now rewrite Li, Lb].
    refine (pos_lt w Wp _ _ _ _ _ _ CS).
    + apply in_abs; [assumption|]. apply Vi. rewrite Li. exact Hr.
    + apply in_mul; [assumption| |exact FR]. apply in_div; [assumption| |exact I1|exact (sh_rp w P sh)].
      apply in_mul; [assumption| |].
      * apply in_abs; [assumption|]. apply Vb. rewrite Lb. exact Hr.
      * apply in_mul; [assumption|exact I8|]. now apply in_nrm with (P := P). Qed.
End Leg.

(* Every run from a state within rad of the centre s. *)
Section Near.
Variable w : I.t.
Variable P : problem.
Hypothesis sh : shapes w P.
Variable A : nat -> mat.
Variable beta : nat -> vec.
Hypothesis steps : follows P no_penalty A beta.
Variable s : state.
Variable l : leg.
Variable r : ball.
Variable rad : R.
Variable Ac : mat.
Variable betac : vec.
Let n := samples P.
Let p := width P.
Let d := data_of w P.
Let Wp := sh_w w P sh.
Let z := point_at w d s.
Let psi := psiof P.
Let dpsi := dpsiof P.
Let b := bof P.
(* the centre at time 0, the state at time 1 *)
Let A_ (t : nat) : mat := match t with O => Ac | S _ => A 0%nat end.
Let beta_ (t : nat) : vec := match t with O => betac | S _ => beta 0%nat end.
Hypothesis HS : inS w P A_ beta_ s 0.
Hypothesis r_in : inB w r rad.
Hypothesis rad_pos : 0 <= rad.
Hypothesis near_A : A_distance P (A 0%nat) Ac <= rad.
Hypothesis near_b : beta_distance P (beta 0%nat) betac <= rad.
Hypothesis smooth : frozen_signs (p_psi P) = false.
Hypothesis eta_pos : 0 < etaof P.
Hypothesis alpha_pos : alpha_ok w l = true.
Hypothesis K_fits : K_ok w d l = true.
Hypothesis checked : check_near w d s z l r = Proved.
Theorem near_sound : leg_holds P (at_start l) A beta.
Proof. assert (C := checked). unfold check_near in C. cbv zeta in C. set (x := numbers w d s z l) in *.
  next C PM1. next C PM2. next C PG. apply andb_prop in PG. destruct PG as [PG0 PG]. apply andb_prop in PG0.
    destruct PG0 as [G0' PG0].
  assert (Hin := numbers_in w P sh A_ beta_ s l HS). fold d z x in Hin.
  destruct Hin as (I1 & I2 & I3 & I4 & I5 & I6 & I7 & I8 & I9 & I10 & I11 & I12 & I13 & I14 & I15 & I16 & I17 & I18 & I19).
  assert (sp := sh_p w P sh). assert (Hrp : posb (x_rp x) = true) by exact (sh_rp w P sh).
  destruct (K_bound w P sh l K_fits) as [K0 Kform].
  assert (ok := smooth_ok (p_psi P) smooth). change (activation_ok psi dpsi (L1R (p_psi P)) (L2R (p_psi P))) in ok.
  assert (l1 : 0 <= L1R (p_psi P)).
  { assert (T := act_L1 _ _ _ _ ok 0%nat 0%nat 0). assert (T2 := Rabs_pos (dpsi 0%nat 0%nat 0)). lra. }
  assert (l2 : 0 <= L2R (p_psi P)).
  { assert (T := act_L2 _ _ _ _ ok 0%nat 0%nat 1 0). assert (T2 := Rabs_pos (dpsi 0%nat 0%nat 1 - dpsi 0%nat 0%nat 0)).
    rewrite (Rabs_right (1 - 0)) in T by lra. lra. }
  assert (Gm0 : 0 <= valD (w_G_max (l_witness l))) by (eapply nonneg_ok; [exact Wp|exact I6|exact G0']).
  set (qb := div w (mul w (x_L1 x) r) (x_rp x)) in *. set (sgb := sub (bsqrt w (x_Gmax x)) qb) in *.
  assert (Iq : inB w qb (near_q p (L1R (p_psi P)) rad)) by (apply in_div; [exact Wp|now apply in_mul|exact I1|exact Hrp]).
  set (q := near_q p (L1R (p_psi P)) rad) in *. set (sg := sqrt (valD (w_G_max (l_witness l))) - q).
  assert (Isg : inB w sgb sg) by (apply in_sub; [now apply in_sqrt|exact Iq]).
  assert (sg0 : 0 <= sg) by (eapply nonneg_ok; [exact Wp|exact Isg|exact PG0]).
  assert (cG : forall v, quad n (G p psi A_ 0) v <= sg * sg * dot n v v).
  { assert (Gb : inB w (mul w sgb sgb) (sg * sg)) by now apply in_mul.
    exact (bounded w P sh _ _ n _ _ (in_G w P sh A_ beta_ s HS) (G_symm P A_) Gb PG). }
  destruct (in_cb w P sh A_ beta_ s HS) as [Lcb Vcb].
  assert (Icb := in_nrm w P sh _ _ _ Lcb Vcb).
  assert (Two := in_two w Wp).
  set (Gsh := add (mul w (mul w (ofInt w c2) sgb) qb) (mul w qb qb)) in *.
  assert (IG : inB w Gsh (G_shift p (L1R (p_psi P)) rad sg)) by (apply in_add; apply in_mul; try assumption;
    now apply in_mul).
  set (Hsh := divk _ _) in *.
  assert (IH : inB w Hsh (H_shift p b (L1R (p_psi P)) (L2R (p_psi P)) (valD (w_K_norm (l_witness l))) rad beta_)).
  { unfold Hsh, H_shift. apply (in_p w P sh). apply in_mul; [exact Wp| |exact r_in].
    apply in_add; (apply in_mul; [exact Wp| |assumption]); repeat (apply in_mul; try assumption). }
  set (Msh := add Gsh Hsh) in *.
  assert (IM : inB w Msh (M_shift p b (L1R (p_psi P)) (L2R (p_psi P)) (valD (w_K_norm (l_witness l))) rad sg beta_)) by
    now apply in_add.
  set (Mr := M_shift _ _ _ _ _ _ _ _) in *.
  set (esh := add (mul w sgb r) _) in *.
  assert (Ie : inB w esh (e_shift p (L1R (p_psi P)) rad sg beta_)).
  { apply in_add; [now apply in_mul|]. apply in_div; [exact Wp| |exact I1|exact Hrp]. apply in_mul;
    [exact Wp|now apply in_mul|now apply in_add]. }
  assert (cM := near_M n p (Kof P) b psi dpsi _ _ _ rad sg A_ beta_ sp (K_symm P) Kform K0 ok l1 l2 rad_pos near_A near_b
    sg0 cG).
  fold Mr in cM.
  assert (Mlo : forall v, valD (w_M_min (l_witness l)) * dot n v v <= quad n (M p (Kof P) b psi dpsi A beta 0) v).
  { intros v. assert (Il : inB w (add (x_Mmin x) Msh) (valD (w_M_min (l_witness l)) + Mr)) by now apply in_add.
    assert (T : (valD (w_M_min (l_witness l)) + Mr) * dot n v v <= quad n (M p (Kof P) b psi dpsi A_ beta_ 0) v)
      by exact (bounded_below w P sh _ _ n _ _ (in_M w P sh A_ beta_ s HS) (M_symm P A_ beta_) Il PM1 v).
    assert (T2 : Rabs (quad n (M p (Kof P) b psi dpsi A beta 0) v - quad n (M p (Kof P) b psi dpsi A_ beta_ 0) v)
      <= Mr * dot n v v) by exact (cM v).
    apply Rabs_le_inv in T2. lra. }
  assert (Mhi : forall v, quad n (M p (Kof P) b psi dpsi A beta 0) v <= valD (w_M_max (l_witness l)) * dot n v v).
  { intros v. assert (Iu : inB w (sub (x_Mmax x) Msh) (valD (w_M_max (l_witness l)) - Mr)) by now apply in_sub.
    assert (T : quad n (M p (Kof P) b psi dpsi A_ beta_ 0) v <= (valD (w_M_max (l_witness l)) - Mr) * dot n v v)
      by exact (bounded w P sh _ _ n _ _ (in_M w P sh A_ beta_ s HS) (M_symm P A_ beta_) Iu PM2 v).
    assert (T2 : Rabs (quad n (M p (Kof P) b psi dpsi A beta 0) v - quad n (M p (Kof P) b psi dpsi A_ beta_ 0) v)
      <= Mr * dot n v v) by exact (cM v).
    apply Rabs_le_inv in T2. lra. }
  assert (Ghi : forall v, quad n (G p psi A 0) v <= valD (w_G_max (l_witness l)) * dot n v v).
  { intros v. assert (T := near_G n p psi dpsi _ _ rad sg A_ sp ok l1 near_A sg0 cG v). fold q in T.
    replace (sg + q) with (sqrt (valD (w_G_max (l_witness l)))) in T by (unfold sg; ring).
      rewrite sqrt_sqrt in T by assumption. exact T. }
  assert (E1 := near_e n p (yof P) psi dpsi _ _ rad sg A_ beta_ sp ok l1 near_A near_b sg0 cG).
  assert (N1 : Rabs (nrm p (beta 0%nat) - nrm p betac) <= rad).
  { assert (U := nrm_add p betac (fun u => beta 0%nat u - betac u)). cbv beta in U.
    rewrite (nrm_ext p (fun i => betac i + (beta 0%nat i - betac i)) (beta 0%nat)) in U by (intros; ring).
    assert (L := nrm_sub_low p betac (beta 0%nat)). assert (nb' := near_b). unfold beta_distance in nb'. fold p in nb'.
      apply Rabs_le. lra. }
  assert (B1 : Rabs (dot p b (beta 0%nat) - dot p b betac) <= rad * nrm p b).
  { rewrite <- dot_sub_r. eapply Rle_trans; [apply dot_CS|]. rewrite Rmult_comm. apply Rmult_le_compat_r;
    [apply nrm_pos|exact near_b]. }
  set (Qr := sum p (fun u => Rabs (betac u) * (b u * b u)) / INR p + nrm p (b2 b) / INR p * rad).
  match type of C with close_leg _ ?v _ _ = _ =>
    refine (close_sound w P sh A beta steps l Qr _ v true _ Hrp alpha_pos G0' eta_pos K0 Kform Mlo Mhi Ghi _ C) end.
  - assert (T := near_Q p b rad beta_ near_b). assert (ip := lt_0_INR p sp).
    replace (INR (width P) * Qr) with (sum p (fun u => Rabs (beta_ 0%nat u) * (b u * b u)) + rad * nrm p (b2 b)); [exact T|].
    unfold Qr. change (INR (width P)) with (INR p). change (beta_ 0%nat) with betac. field. lra.
  - unfold inN, rn; cbn [x_rp x_et x_al x_Mmin x_Mmax x_Gmax x_Kn x_L1 x_L2 x_E x_kmax x_koK x_nb x_Q x_b4 x_Nb x_bbe
    x_cmin x_cmax].
    repeat match goal with |- _ /\ _ => split end; try assumption.
    + exact (widen_ok w Wp _ _ _ _ _ Ie I10 E1).
    + apply in_add; [exact I14|now apply in_mul].
    + exact (widen_ok w Wp _ _ _ _ _ r_in I16 N1).
    + refine (widen_ok w Wp _ _ _ _ _ _ I17 B1). now apply in_mul.
  - intros Fz. rewrite smooth in Fz. discriminate. Qed.
End Near.

(* ---------- a certificate from a checkpoint ---------- *)
Lemma near_ok w P (Wp : (0 <= zz w)%Z) stored x :
  (forall r, (r < length stored)%nat -> Rabs (x r - vecD stored r) <= valD (p_radius P)) ->
  inV w (map (fun a => widen (ofD w (p_radius P)) (ofD w a)) stored) x.
Proof. intros H r Hr. rewrite map_length in Hr. rewrite (nth_map _ stored r (0%Z, 0%Z)) by assumption.
  apply (widen_ok w Wp _ _ (valD (p_radius P)) (vecD stored r)); [now apply in_ofD|now apply in_ofD|now apply H]. Qed.
Theorem check_checkpoint_sound w c : check_checkpoint w c = Proved -> checkpoint_holds c.
Proof. intros C. unfold check_checkpoint in C. cbv zeta in C. set (P := k_problem c) in *.
  next C C1. next C C2. next C C3. next C C4. next C C5.
  apply andb_prop in C1. destruct C1 as [C1 HT]. apply andb_prop in C1. destruct C1 as [C1 HA]. apply andb_prop in C1.
    destruct C1 as [C1 HL].
  apply Nat.eqb_eq in HT, HL. assert (sh := shapes_ok_ok w P C1). assert (Wp := sh_w w P sh).
  split; [exact HT|]. intros A beta [SA SB Steps]. fold P in SA, SB, Steps.
  assert (El : at_start (k_leg c) = k_leg c) by (unfold at_start; rewrite <- HT; now destruct (k_leg c)). rewrite <- El.
  assert (eta_pos := dpos_ok _ C2 : 0 < etaof P). assert (rad0 : 0 <= valD (p_radius P)).
  { apply dle_ok in C4. unfold valD at 1 in C4. simpl in C4. lra. }
  assert (Cols : forall i, (i < samples P)%nat -> length (nth i (k_A c) []) = width P).
  { intros i Hi. apply Nat.eqb_eq, (forallb_nth (fun col => Nat.eqb (length col) (width P)));
    [exact HA|]. rewrite HL. exact Hi. }
  destruct (dpos (p_radius P) && negb (frozen_signs (p_psi P)))%bool eqn:Br.
  - apply andb_prop in Br. destruct Br as [_ Br]. apply negb_true_iff in Br.
    refine (near_sound w P sh A beta Steps _ (k_leg c) _ (valD (p_radius P)) (fun r i => vecD (nth i (k_A c) []) r)
      (vecD (p_beta P))
      _ (in_ofD w Wp _) rad0 SA SB Br eta_pos C3 C5 C).
    split; [|split].
    + split; [cbn [st_A]; now rewrite map_length|]. intros i Hi. cbn [st_A].
      rewrite (nth_map _ (k_A c) i []) by (rewrite HL; exact Hi).
      split; [rewrite map_length; now apply Cols|]. now apply in_vecD.
    + cbn [st_beta]. rewrite map_length. apply sh.
    + cbn [st_beta]. now apply in_vecD.
  - refine (leg_sound_at_start w P sh A beta Steps _ (k_leg c) _ eta_pos C3 C5 C).
    split; [|split].
    + split; [cbn [st_A]; now rewrite map_length|]. intros i Hi. cbn [st_A].
      rewrite (nth_map _ (k_A c) i []) by (rewrite HL; exact Hi).
    assert (Li := Cols i Hi).
    split; [now rewrite map_length|]. apply near_ok; [assumption|]. intros r Hr. rewrite Li in Hr.
    eapply Rle_trans; [|exact SA]. apply (frob_entry _ _ (fun r i => A 0%nat r i - vecD (nth i (k_A c) []) r)); assumption.
    + cbn [st_beta]. rewrite map_length. apply sh.
    + cbn [st_beta]. apply near_ok; [assumption|]. intros r Hr. rewrite (sh_beta w P sh) in Hr.
    eapply Rle_trans; [|exact SB]. exact (nrm_entry (width P) (fun r => beta 0%nat r - vecD (p_beta P) r) r Hr). Qed.
End CheckF.
