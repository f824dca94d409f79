(* SPDX-License-Identifier: Apache-2.0 *)
(* (P.5) of apriori.md is monotone in the width, section 5, "Larger widths". What the good event bounds at t = 0 are here the
   closed expressions of section 3, functions of p with the shares of delta fixed; if (P.5) holds at p, then with the same S
   at every p' >= p (closes_wider, of growths; P5_wider, of the expressions). With theorem_P one evaluation therefore proves
   T1 and T2 of all larger widths on which the good event holds (theorem_P_wider; theorem_P_wider_cosine, as kappa falls too).

   l x stands for the factor of line x: sqrt(2 log(1/d)), for H sqrt(2 log(2n/d)). That the lines hold with probability at
   least 1 - delta is section 3 of the page; it is not treated here. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms Network TheoremA Drift Apriori.
Open Scope R_scope.

(* of two growths the second is the better one *)
Record better (g g' : growth) : Prop := {
  b_m0 : m0 g <= m0 g'; b_top : top g' <= top g; b_E : E g' <= E g; b_d1 : d1 g' <= d1 g; b_d2 : d2 g' <= d2 g;
  b_d3 : d3 g' <= d3 g; b_up2 : up2 g' <= up2 g; b_c0 : c0 g' <= c0 g; b_c1 : c1 g' <= c1 g; b_c2 : c2 g' <= c2 g }.

(* a <= b for sums, products, quotients, minima and roots, from the same of their parts; syntactic, as pos *)
Lemma Rmin_le a b c d : a <= c -> b <= d -> Rmin a b <= Rmin c d.
Proof. intros. apply Rmin_glb; eapply Rle_trans; [apply Rmin_l|assumption|apply Rmin_r|assumption]. Qed.
Lemma Rmin_pos a b : 0 <= a -> 0 <= b -> 0 <= Rmin a b.
Proof. intros. now apply Rmin_glb. Qed.
Lemma Rdiv_le a b c d : 0 <= a -> 0 <= / b -> a <= c -> / b <= / d -> a / b <= c / d.
Proof. intros. now apply Rmult_le_compat. Qed.
Local Hint Resolve Rmin_pos : pos.
Ltac mono1 := match goal with
 | |- ?a * ?b <= ?c * ?d => apply (Rmult_le_compat a c b d)
 | |- ?a + ?b <= ?c + ?d => apply (Rplus_le_compat a c b d)
 | |- ?a / ?b <= ?c / ?d => apply (Rdiv_le a b c d)
 | |- Rmin ?a ?b <= Rmin ?c ?d => apply (Rmin_le a b c d)
 | |- sqrt ?a <= sqrt ?b => apply (sqrt_le_1_alt a b)
 end.
Ltac mono := first [assumption | apply Rle_refl | solve [auto with pos] | lazymatch goal with |- 0 <= _ => pos end | mono1;
  mono].

Lemma closes_wider eta gamma_max g g' Sx : growth_ok g' -> 0 < eta -> 0 <= Sx -> better g g' ->
  closes eta gamma_max g Sx -> closes eta gamma_max g' Sx.
Proof.
  intros [] et Sp [] [C1 C2 C3].
  assert (B1 : D_lo g' Sx <= D_lo g Sx) by (unfold D_lo; mono).
  assert (B2 : D_up g' Sx <= D_up g Sx) by (unfold D_up, D_lo; mono).
  assert (B3 : eta * Cvg g' Sx * E g' <= eta * Cvg g Sx * E g) by (unfold Cvg; mono).
  assert (B4 : d1 g' * (Sx * Sx) / 2 + d2 g' * (Sx * Sx * Sx) / 3 + d3 g' * (Sx * Sx * Sx * Sx) / 4
    <= d1 g * (Sx * Sx) / 2 + d2 g * (Sx * Sx * Sx) / 3 + d3 g * (Sx * Sx * Sx * Sx) / 4) by mono.
  assert (B5 : eta * E g' * (c0 g' * Sx + c1 g' * (Sx * Sx) / 2 + c2 g' * (Sx * Sx * Sx) / 3)
    <= eta * E g * (c0 g * Sx + c1 g * (Sx * Sx) / 2 + c2 g * (Sx * Sx * Sx) / 3)) by mono.
  assert (B6 : m0 g * Sx <= m0 g' * Sx) by (apply Rmult_le_compat_r; assumption).
  split.
  - unfold mu in *. lra.
  - unfold int_mu in *. lra.
  - eapply Rle_trans; [|exact C3]. apply Rmult_le_compat_l; lra. Qed.

Section Width.
Variable n : nat.
Variable K : mat.
Variables L1 L2 L3 kap kmax : R.
Hypothesis L1_pos : 0 <= L1.
Hypothesis L2_pos : 0 <= L2.
Hypothesis L3_pos : 0 <= L3.
Hypothesis kap_pos : 0 <= kap.
Hypothesis kmax_pos : 0 <= kmax.

(* the drift and the remainder fall with the width and with what they are made of *)
Lemma growth_wider p p' Gs Gs' Q Q' g g' : (0 < p)%nat -> (p <= p')%nat -> 0 <= Gs' <= Gs -> 0 <= Q' <= Q -> gmin g
  <= gmin g' ->
  0 <= h0 g' <= h0 g -> 0 <= s2 g' <= s2 g -> 0 <= s4 g' <= s4 g -> 0 <= Q3 g' <= Q3 g -> 0 <= lin_b g' <= lin_b g ->
  0 <= lin_beta g' <= lin_beta g -> 0 <= e0 g' <= e0 g ->
  let at_ q Gs Q g := growth_of n q K L1 L2 L3 kap kmax Gs Q g in
  growth_ok (at_ p' Gs' Q' g') /\ better (at_ p Gs Q g) (at_ p' Gs' Q' g').
Proof.
  intros p0 pp [G0 G1] [Q0 Q1] m [h0 h1] [s20 s21] [s40 s41] [q0 q1] [l0 l1] [k0 k1] [e0 e1].
  assert (P := INRp p p0). assert (P' := INRp p' ltac:(lia)). assert (R := rp_pos p p0). assert (R' := rp_pos p' ltac:(lia)).
  assert (PP : INR p <= INR p') by now apply le_INR.
  assert (RR : rp p <= rp p') by (apply sqrt_le_1_alt; assumption).
  assert (I1 : / INR p' <= / INR p) by now apply Rinv_le_contravar.
  assert (I2 : / rp p' <= / rp p) by now apply Rinv_le_contravar.
  assert (I3 : / (2 * rp p') <= / (2 * rp p)) by (apply Rinv_le_contravar; lra).
  assert (T0 : 0 < 2 * rp p') by lra.
  assert (kk : 0 <= koK n K) by apply nrm_pos.
  set (k := kap1 p L1 kap (s2 g)). set (k' := kap1 p' L1 kap (s2 g')).
  assert (kp : 0 <= k') by (unfold k', kap1; pos). assert (kl : k' <= k) by (unfold k', k, kap1; mono).
  set (v := v2 n p K L1 L2). set (v' := v2 n p' K L1 L2).
  assert (vp : 0 <= v') by (unfold v', v2; pos). assert (vl : v' <= v) by (unfold v', v, v2; mono).
  set (W := w n K L1 L2 L3 kap kmax Gs (s2 g) (s4 g) (Q3 g)). set (W' := w n K L1 L2 L3 kap kmax Gs' (s2 g') (s4 g') (Q3 g')).
  assert (wp : 0 <= W') by (unfold W', w; pos). assert (wl : W' <= W) by (unfold W', W, w; mono).
  set (X := chi p L1 L2 kap kmax (s2 g) (s4 g)). set (X' := chi p' L1 L2 kap kmax (s2 g') (s4 g')).
  assert (xp : 0 <= X') by (unfold X', chi; fold k'; pos). assert (xl : X' <= X) by (unfold X', X, chi; fold k k'; mono).
  cbv zeta. unfold growth_of. fold k k' v v' W W' X X'. split; split; cbn; try pos; mono. Qed.

(* The expressions of section 3. Bounded: |psi| <= L0; the other case is psi(x) = x. *)
Inductive line := tr | b2_ | b4_ | b3_ | b6_ | Q_ | Q3_ | H_ | E_ | Lb | Lbeta | G_ | Gmax_.
Variable bounded : bool.
Variables L0 KF gamma Gam tau0 yn eps eps_up logG logGmax : R.
Variable l : line -> R.
Hypothesis l_pos : forall x, 0 <= l x.
Hypothesis L0_pos : 0 <= L0.
Hypothesis KF_pos : 0 <= KF.
Hypothesis gamma_pos : 0 < gamma.
Hypothesis Gam_pos : 0 < Gam.
Hypothesis eps_up_pos : 0 <= eps_up.
Hypothesis logG_pos : 0 <= logG.
Hypothesis logGmax_pos : 0 <= logGmax.

Definition down a p := Rpower (INR p) (- a).                                               (* p^-a *)
Definition cube x := x * x * x.
Definition lam := sqrt (2 * ln (INR n * INR n + INR n)).
Definition st p := let free := sqrt tau0 + L1 * sqrt (kap / INR p) * l tr in
  if bounded then Rmin (sqrt (INR n) * L0) free else free.
Definition Gs_at p := Rmin (st p) (if bounded then sqrt ((1 + eps_up) * Gam)
  else sqrt kap * (1 + sqrt (INR n / INR p) + l Gmax_ / rp p)).
Definition gmin_at p := if bounded then (1 - eps) * gamma
  else gamma * ((1 - sqrt (INR n / INR p) - l G_ / rp p) * (1 - sqrt (INR n / INR p) - l G_ / rp p)).
Definition s2_at p := 1 + l b2_ / rp p.
Definition s4_at p := (Rpower 3 (1 / 4) + l b4_ * down (1 / 4) p) * (Rpower 3 (1 / 4) + l b4_ * down (1 / 4) p).
Definition m3_at p := cube (Rpower (2 * sqrt (2 / PI)) (1 / 3) + l b3_ * down (1 / 3) p).
Definition s6_at p := cube (Rpower 15 (1 / 6) + l b6_ * down (1 / 6) p).
Definition Q_at p := sqrt (2 / PI) * (s2_at p * s2_at p) + s4_at p * l Q_ / rp p.
Definition Q3_at p := sqrt (2 / PI) * m3_at p + s6_at p * l Q3_ / rp p.
Definition h0_at p := L1 * L1 * kap * s2_at p * l H_ / rp p.
Definition E_at p := sqrt (yn * yn + st p * st p) + Gs_at p * l E_.
Definition lin_b_at p := 3 * (L1 * L1) / INR p * (Rmin KF (kap * lam) * st p + kap * Gs_at p * l Lb).        (* P.2 *)
Definition lin_beta_at p := 2 * (L1 * L1) * L2 * s4_at p / INR p
  * (Rmin (koK n K) (kmax * kap * lam) + kmax * kap * l Lbeta).  (* P.3 *)
Definition start_at p := {| gmin := gmin_at p; h0 := h0_at p; s2 := s2_at p; s4 := s4_at p; Q3 := Q3_at p;
  lin_b := lin_b_at p; lin_beta := lin_beta_at p; e0 := E_at p |}.
Definition growth_at p := growth_of n p K L1 L2 L3 kap kmax (Gs_at p) (Q_at p) (start_at p).
(* (P.1) and its twin for the largest eigenvalue: what they ask of eps and eps' *)
Definition h_low x := x + (1 - x) * ln (1 - x).
Definition h_up x := (1 + x) * ln (1 + x) - x.
Definition P1 p := if bounded
  then INR n * (L0 * L0) * logG / (INR p * gamma) <= h_low eps /\ INR n * (L0 * L0) * logGmax / (INR p * Gam) <= h_up eps_up
  else sqrt (INR n) + l G_ <= rp p.

Section TwoWidths.
Variables p p' : nat.
Hypothesis p_pos : (0 < p)%nat.
Hypothesis pp : (p <= p')%nat.
Let P := INRp p p_pos.
Local Lemma P' : 0 < INR p'.                      Proof. apply INRp. lia. Qed.
Let P'0 := P'.
Local Lemma R' : 0 < rp p'.                       Proof. apply rp_pos. lia. Qed.
Let R'0 := R'.
Let R := rp_pos p p_pos.
Local Lemma PP : INR p <= INR p'.                 Proof. now apply le_INR. Qed.
Local Lemma I1 : / INR p' <= / INR p.             Proof. apply Rinv_le_contravar; [exact P|exact PP]. Qed.
Local Lemma RR : rp p <= rp p'.                   Proof. apply sqrt_le_1_alt, PP. Qed.
Local Lemma I2 : / rp p' <= / rp p.               Proof. apply Rinv_le_contravar; [exact R|exact RR]. Qed.
Local Lemma down_le a : 0 <= a -> 0 <= down a p' <= down a p.
Proof.
  intros A. split; [left; apply exp_pos|]. unfold down. rewrite !Rpower_Ropp. apply Rinv_le_contravar; [apply exp_pos|].
  apply Rle_Rpower_l; [assumption|]. split; [exact P|exact PP]. Qed.
Local Hint Resolve I1 I2 : pos.
Local Hint Extern 1 (0 <= l _) => apply l_pos : pos.
Local Hint Extern 1 (0 <= Rpower _ _) => left; apply exp_pos : pos.
Local Hint Extern 1 (0 <= INR _) => apply pos_INR : pos.
Local Hint Extern 1 (0 <= koK _ _) => apply nrm_pos : pos.
Local Hint Extern 1 (0 <= Rmin _ _) => apply Rmin_pos; pos : pos.

Lemma st_wider : 0 <= st p' <= st p.
Proof. unfold st. destruct bounded; split; try pos; mono. Qed.
Local Lemma root_wider : sqrt (INR n / INR p') <= sqrt (INR n / INR p).
Proof. mono. Qed.
Lemma Gs_wider : 0 <= Gs_at p' <= Gs_at p.
Proof. destruct st_wider. assert (T := root_wider). unfold Gs_at. destruct bounded; split; try pos; mono. Qed.
Lemma s2_wider : 0 <= s2_at p' <= s2_at p.
Proof. unfold s2_at. split; [pos|mono]. Qed.
Lemma s4_wider : 0 <= s4_at p' <= s4_at p.
Proof. destruct (down_le (1 / 4)); [lra|]. unfold s4_at. split; [pos|mono]. Qed.
Lemma m3_wider : 0 <= m3_at p' <= m3_at p.
Proof. destruct (down_le (1 / 3)); [lra|]. unfold m3_at, cube. split; [pos|mono]. Qed.
Lemma s6_wider : 0 <= s6_at p' <= s6_at p.
Proof. destruct (down_le (1 / 6)); [lra|]. unfold s6_at, cube. split; [pos|mono]. Qed.
Lemma Q_wider : 0 <= Q_at p' <= Q_at p.
Proof. destruct s2_wider, s4_wider. unfold Q_at. split; [pos|mono]. Qed.
Lemma Q3_wider : 0 <= Q3_at p' <= Q3_at p.
Proof. destruct m3_wider, s6_wider. unfold Q3_at. split; [pos|mono]. Qed.
Lemma h0_wider : 0 <= h0_at p' <= h0_at p.
Proof. destruct s2_wider. unfold h0_at. split; [pos|mono]. Qed.
Lemma E_wider : 0 <= E_at p' <= E_at p.
Proof. destruct st_wider, Gs_wider. unfold E_at. split; [pos|mono]. Qed.
Lemma lin_b_wider : 0 <= lin_b_at p' <= lin_b_at p.
Proof. destruct st_wider, Gs_wider. unfold lin_b_at, lam. split; [pos|mono]. Qed.
Lemma lin_beta_wider : 0 <= lin_beta_at p' <= lin_beta_at p.
Proof. destruct s4_wider. unfold lin_beta_at, lam. split; [pos|mono]. Qed.

(* P1 p is what the least eigenvalue of G(0) asks for *)
Local Lemma root_n q : (0 < q)%nat -> 1 - sqrt (INR n / INR q) - l G_ / rp q = (rp q - (sqrt (INR n) + l G_)) * / rp q.
Proof.
  intros Hq. assert (T := rp_pos q Hq). rewrite sqrt_div_alt by now apply INRp. fold (rp q). field. lra. Qed.
Lemma gmin_wider : P1 p -> gmin_at p <= gmin_at p'.
Proof.
  unfold P1, gmin_at. destruct bounded; [lra|]. intros T. apply Rmult_le_compat_l; [lra|].
  assert (U : 0 <= 1 - sqrt (INR n / INR p) - l G_ / rp p).
  { rewrite root_n by assumption. apply Rmult_le_pos; [lra|left; now apply Rinv_0_lt_compat]. }
  assert (V := root_wider). assert (W : l G_ / rp p' <= l G_ / rp p) by mono. apply Rmult_le_compat; lra. Qed.
Lemma P1_wider : P1 p -> P1 p'.
Proof.
  unfold P1. destruct bounded.
  - assert (B : forall c, 0 < c -> / (INR p' * c) <= / (INR p * c)).
    { intros c Hc. apply Rinv_le_contravar; [now apply Rmult_lt_0_compat|]. apply Rmult_le_compat_r; [lra|exact PP]. }
    assert (B1 := B gamma gamma_pos). assert (B2 := B Gam Gam_pos).
    assert (C1 : 0 < INR p' * gamma) by now apply Rmult_lt_0_compat. assert (C2 : 0 < INR p' * Gam)
      by now apply Rmult_lt_0_compat.
    intros [T1 T2]. split; (eapply Rle_trans; [|eassumption]); mono.
  - assert (T := RR). lra. Qed.

Theorem P5_wider eta gamma_max Sx : 0 < eta -> 0 <= Sx -> P1 p -> closes eta gamma_max (growth_at p) Sx ->
  P1 p' /\ closes eta gamma_max (growth_at p') Sx.
Proof.
  intros et Sp T C. split; [now apply P1_wider|].
  destruct (growth_wider p p' (Gs_at p) (Gs_at p') (Q_at p) (Q_at p') (start_at p) (start_at p') p_pos pp Gs_wider Q_wider
    (gmin_wider T) h0_wider s2_wider s4_wider Q3_wider lin_b_wider lin_beta_wider E_wider) as [ok b].
  now apply (closes_wider eta gamma_max (growth_at p)). Qed.

(* rho and kappa of Theorem P *)
Definition rho_at q Sx := Sx * (Gs_at q + kap1 q L1 kap (s2_at q) * Sx / 2).
Definition den_at lb q Sx := 1 - (lb + rho_at q Sx) / rp q - 1 / (2 * INR q).
Lemma rho_wider Sx : 0 <= Sx -> 0 <= rho_at p' Sx <= rho_at p Sx.
Proof. intros. destruct Gs_wider, s2_wider. unfold rho_at, kap1. split; [pos|mono]. Qed.
Theorem kappa_wider cb lb Sx : 0 <= cb -> 0 <= lb -> 0 <= Sx -> 0 < den_at lb p Sx ->
  0 < den_at lb p' Sx /\ (cb + rho_at p' Sx) / den_at lb p' Sx <= (cb + rho_at p Sx) / den_at lb p Sx.
Proof.
  intros c0 l0 Sp Hd. destruct (rho_wider Sx Sp) as [r0 r1].
  assert (I3 : / (2 * INR p') <= / (2 * INR p)) by (apply Rinv_le_contravar; [|assert (T := PP)]; lra).
  assert (T0 : 0 < 2 * INR p') by lra.
  assert (D1 : (lb + rho_at p' Sx) / rp p' <= (lb + rho_at p Sx) / rp p) by mono.
  assert (D2 : 1 / (2 * INR p') <= 1 / (2 * INR p)) by mono.
  assert (D : den_at lb p Sx <= den_at lb p' Sx) by (unfold den_at; lra). split; [lra|].
  assert (Ip : 0 < den_at lb p' Sx) by lra. assert (I : / den_at lb p' Sx <= / den_at lb p Sx) by now apply Rinv_le_contravar.
  mono. Qed.
End TwoWidths.

(* One evaluation of (P.5), at p, is enough for every run of a larger width on which the good event holds: it has the premises
   of Theorem P, so all its conclusions, those for the weights too. *)
Section Wider.
Variable p : nat.
Variables gamma_max Sx : R.
Variable s : setting.
Variable ddpsi : nat -> nat -> R -> R.
Let ps := TheoremA.p s.
Hypothesis p_pos : (0 < p)%nat.
Hypothesis pp : (p <= ps)%nat.
Hypothesis eps_pos : 0 <= eps.
Hypothesis gamma_le : gamma <= gamma_max.
Hypothesis S_pos : 0 < Sx.
Hypothesis P1_p : P1 p.
Hypothesis P5_p : closes (eta s) gamma_max (growth_at p) Sx.
Hypothesis H : setting_ok s.
Hypothesis same : TheoremA.n s = n /\ TheoremA.K s = K /\ TheoremA.L1 s = L1 /\ TheoremA.L2 s = L2 /\ Kn s = kap
  /\ TheoremA.kmax s = kmax /\ Gs s = Gs_at ps /\ Q s = Q_at ps.
Let start := start_at ps.
Hypothesis curv : curvature_ok (dpsi s) ddpsi (TheoremA.L2 s) L3.
Hypothesis good : good_start s ddpsi start.
Let S0 := Rlt_le _ _ S_pos.

Lemma gmin_gap : gmin start <= gamma_max.
Proof.
  destruct (P5_wider p ps p_pos pp (eta s) gamma_max Sx (ok_eta s H) S0 P1_p P5_p) as [T _].
  apply Rle_trans with gamma; [|assumption]. cbn. revert T. unfold P1, gmin_at. destruct bounded; intros T.
  - assert (0 <= eps * gamma) by (apply Rmult_le_pos; lra). lra.
  - assert (Rp := rp_pos ps (ok_p s H)). assert (U := root_n ps (ok_p s H)). assert (l0 := l_pos G_).
    assert (s0 := sqrt_pos (INR n / INR ps)). assert (V : 0 <= l G_ / rp ps) by (apply Rdiv_pos; assumption).
    set (u := 1 - _ - _) in *.
    assert (u0 : 0 <= u) by (rewrite U; apply Rmult_le_pos; [lra|left; now apply Rinv_0_lt_compat]).
    assert (u1 : u <= 1) by (unfold u; lra). rewrite <- (Rmult_1_r gamma) at 2. apply Rmult_le_compat_l; [lra|].
    rewrite <- (Rmult_1_r 1). now apply Rmult_le_compat. Qed.
Lemma closes_at_s : closes (eta s) gamma_max (growth_from s L3 start) Sx.
Proof.
  destruct (P5_wider p ps p_pos pp (eta s) gamma_max Sx (ok_eta s H) S0 P1_p P5_p) as [_ C]. unfold growth_from, start.
  destruct same as (-> & -> & -> & -> & -> & -> & -> & ->). exact C. Qed.
Local Lemma rho_s : rho_P s start Sx <= rho_at p Sx.
Proof.
  destruct (rho_wider p ps p_pos pp Sx S0) as [_ r]. eapply Rle_trans; [|exact r]. right. unfold rho_P, rho_at.
  destruct same as (_ & _ & -> & _ & -> & _ & -> & _). reflexivity. Qed.
Theorem theorem_P_wider t : err s (S t) <= (1 - eta s * gamma / 4) * err s t /\ acc s t <= Sx /\
  nrm ps (fun r => beta s t r - beta s 0%nat r) <= rho_at p Sx.
Proof.
  destruct (theorem_P s H ddpsi L3 L3_pos curv start good gamma_max Sx ltac:(lra) gmin_gap S_pos closes_at_s gamma gamma_le t)
    as (A1 & A2 & A3 & _).
  split; [exact A1|]. split; [exact A2|]. eapply Rle_trans; [exact A3|exact rho_s]. Qed.
(* T2: kappa of the width p, over the root of the larger one *)
Theorem theorem_P_wider_cosine cb lb t : 0 <= lb -> 0 < nrm ps (b s) ->
  Rabs (dot ps (b s) (beta s 0%nat)) <= cb * nrm ps (b s) ->
  pt s - 1 / (2 * pt s) - lb <= nrm ps (beta s 0%nat) -> 0 < den_at lb p Sx ->
  Rabs (cosv ps (b s) (beta s t)) <= (cb + rho_at p Sx) / den_at lb p Sx / pt s.
Proof.
  intros l0 B C N Hd. assert (c0 : 0 <= cb).
  { apply Rmult_le_reg_r with (nrm ps (b s)); [assumption|]. rewrite Rmult_0_l. eapply Rle_trans; [apply Rabs_pos|exact C]. }
  destruct (kappa_wider p ps p_pos pp cb lb Sx c0 l0 S0 Hd) as [Hd' T].
  assert (E : rho_P s start Sx = rho_at ps Sx).
  { unfold rho_P, rho_at. destruct same as (_ & _ & -> & _ & -> & _ & -> & _). reflexivity. }
  assert (U := theorem_P_cosine s H ddpsi L3 L3_pos curv start good gamma_max Sx ltac:(lra)
    gmin_gap S_pos closes_at_s cb lb t B C N).
  rewrite E in U. eapply Rle_trans; [exact (U Hd')|]. unfold Rdiv at 1 3. apply Rmult_le_compat_r; [|exact T].
  left. apply Rinv_0_lt_compat. apply (rp_pos ps (ok_p s H)). Qed.
End Wider.
End Width.
