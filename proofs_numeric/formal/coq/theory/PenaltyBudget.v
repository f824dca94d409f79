(* SPDX-License-Identifier: Apache-2.0 *)
(* Theorem T1' of penalty_budget.md: the decay of T1 under a penalty lambda(t) on beta whose sum is within a budget.
   (P.1) is the run, (P.8) what the penalty leaves of the motion of beta, (P.9) the exact recursion, (P.10) its matrix,
   and theorem_T1_penalty says (P.5) to (P.7) for every t. What moves A does not know of the penalty, so that the lemmas of
   Network.v on A, Psi and G serve here as they stand; those that use beta are proved once more for this run. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms Network.
Open Scope R_scope.

Lemma shrink k x z : 0 <= k <= 1 -> 0 <= x -> x <= z -> k * x <= z.
Proof. intros. nra. Qed.
Lemma unit_mult k c : 0 <= k <= 1 -> 0 <= c <= 1 -> 0 <= k * c <= 1.
Proof. intros. nra. Qed.
Lemma convex_between x g h lo hi : 0 <= x <= 1 -> lo <= g <= hi -> lo <= g + h <= hi -> lo <= g + x * h <= hi.
Proof. intros. replace (g + x * h) with ((1 - x) * g + x * (g + h)) by ring. nra. Qed.
Lemma Rabs_sqr x : Rabs x * Rabs x = x * x.
Proof. rewrite <- Rabs_mult. apply Rabs_right, Rle_ge, Rle_0_sqr. Qed.

Section Penalty.
Variables n p : nat.
Variable K : mat.
Variables y b : vec.
Variables psi dpsi : nat -> nat -> R -> R.
Variables L1 L2 eta Kn kmax Gs Q om : R.
Variables m Mx lam_sup alpha Sx Lambda : R.
Variable lam : nat -> R.
Variable A : nat -> mat.
Variable beta : nat -> vec.

Local Notation Psi := (Network.Psi psi A).
Local Notation D := (Network.D dpsi A).
Local Notation Dx := (Network.Dx dpsi A).
Local Notation e := (Network.e p y psi A beta).
Local Notation En := (Network.En n p y psi A beta).
Local Notation S_ := (Network.S_ n p y psi eta A beta).
Local Notation G := (Network.G p psi A).
Local Notation H := (Network.H p K b dpsi A beta).
Local Notation dA := (Network.dA A).
Local Notation dPsi := (Network.dPsi psi A).
Local Notation rp := (Network.rp p).
Local Notation s0 := (Network.s0 p b).
Local Notation kap := (Network.kap p b L1 Kn).
Local Notation kk := (Network.kk n K).
Local Notation koK := (Network.koK n K).
Local Notation g1 := (Network.g1 p b L1 Kn Gs).
Local Notation rho := (Network.rho p b L1 Kn Gs om).
Local Notation dG := (Network.dG p b L1 Kn Gs).
Local Notation h2 := (Network.h2 p L1 L2 Kn kmax).
Local Notation dH := (Network.dH p b L1 L2 Kn kmax Gs om Q).
Local Notation DD := (Network.DD p b L1 L2 Kn kmax Gs om Q).
Local Notation Qbar := (Network.Qbar p b L1 Kn Gs om Q).
Local Notation Cv := (Network.Cv n p K b L1 L2 Kn Gs om Q).

(* (P.1): beta with the penalty; A as without *)
Definition kept t := 1 - eta * lam t.
Definition update t : vec := fun r => - (eta / rp) * mulv n (Psi t) (e t) r.
Definition run_beta_penalty := forall t r, (r < p)%nat -> beta (S t) r = kept t * beta t r + update t r.

Hypothesis n_pos : (0 < n)%nat.
Hypothesis p_pos : (0 < p)%nat.
Hypothesis eta_pos : 0 < eta.
Hypothesis K_sym : symm n K.
Hypothesis K_form : forall x, Rabs (quad n K x) <= Kn * dot n x x.
Hypothesis Kn_pos : 0 <= Kn.
Hypothesis kmax_ok : forall i, (i < n)%nat -> kk i <= kmax.
Hypothesis kmax_pos : 0 <= kmax.
Hypothesis act : activation_ok psi dpsi L1 L2.
Hypothesis L1_pos : 0 <= L1.
Hypothesis L2_pos : 0 <= L2.
Hypothesis runA : run_A n p K y b psi dpsi eta A beta.
Hypothesis runb : run_beta_penalty.
Hypothesis Gs_pos : 0 <= Gs.
Hypothesis Gs_ok : forall x, nrm p (mulv n (Psi 0%nat) x) <= rp * (Gs * nrm n x).
Hypothesis om_ok : 1 / 2 <= om.     (* om = 1 is the page, where rho(S) = S sqrt(gbar(S)) *)
Hypothesis Q_ok : sum p (fun r => Rabs (beta 0%nat r) * (b r * b r)) <= INR p * Q.

Let rp_pos : 0 < rp.                 Proof. now apply Network.rp_pos. Qed.
Let rp_sq : rp * rp = INR p.         Proof. apply Network.rp_sq. Qed.
Let p_INR : 0 < INR p.               Proof. now apply lt_0_INR. Qed.
Let En_pos t : 0 <= En t.            Proof. apply nrm_pos. Qed.
Let S_pos t : 0 <= S_ t.             Proof. now apply Network.S_pos. Qed.
Let S_step t : S_ (S t) = S_ t + eta * En t.   Proof. apply Network.S_step. Qed.
Let kap_pos : 0 <= kap.              Proof. now apply Network.kap_pos. Qed.
Let s0_pos : 0 <= s0.                Proof. now apply Network.s0_pos. Qed.
Local Hint Resolve rp_pos p_INR En_pos S_pos kap_pos s0_pos : pos.
Let h2_pos : 0 <= h2.                Proof. unfold Network.h2. pos. Qed.
Let Q_pos : 0 <= Q.
Proof. assert (T : 0 <= INR p * Q) by (eapply Rle_trans; [|exact Q_ok]; pos). apply Rmult_le_reg_l with (INR p); lra. Qed.
Local Hint Resolve h2_pos Q_pos : pos.

(* m and Mx bound the spectra of G(0) and of G(0) + H(0) *)
Hypothesis m_G : forall x, m * dot n x x <= quad n (G 0%nat) x.
Hypothesis m_M : forall x, m * dot n x x <= quad n (G 0%nat) x + quad n (H 0%nat) x.
Hypothesis M_G : forall x, quad n (G 0%nat) x <= Mx * dot n x x.
Hypothesis M_M : forall x, quad n (G 0%nat) x + quad n (H 0%nat) x <= Mx * dot n x x.
Lemma m_le_Mx : m <= Mx.
Proof. set (x := fun i => if Nat.eqb i 0 then 1 else 0).
  assert (X : 0 < dot n x x).
  { apply Rlt_le_trans with (x 0%nat * x 0%nat); [unfold x; simpl; lra|].
    apply (sum_term n (fun i => x i * x i)); [intros; nra|assumption]. }
  assert (T1 := m_G x). assert (T2 := M_G x). apply Rmult_le_reg_r with (dot n x x); [assumption|lra]. Qed.

(* (P.2) *)
Definition h_ := Rmax (En 0%nat) (nrm n y).
Definition mu s := m - DD s - eta * Cv s * h_.
Let h_pos : 0 <= h_.
Proof. unfold h_. eapply Rle_trans; [|apply Rmax_l]. apply En_pos. Qed.
Local Hint Resolve h_pos : pos.
Lemma rho_pos s : 0 <= s -> 0 <= rho s.
Proof. intros. unfold Network.rho. pos. Qed.
Lemma rho_mono s s' : 0 <= s <= s' -> rho s <= rho s'.
Proof. intros [X X']. unfold Network.rho. apply Rmult_le_compat; [assumption|pos|assumption|].
  apply Rplus_le_compat_l, Rmult_le_compat_l; [pos|assumption]. Qed.
Lemma DD_pos s : 0 <= s -> 0 <= DD s.
Proof. intros X. assert (T := rho_pos s X). unfold Network.DD, Network.dG, Network.dH, Network.q. pos. Qed.
Lemma Cv_pos s : 0 <= s -> 0 <= Cv s.
Proof. intros X. assert (T := rho_pos s X). unfold Network.Cv, Network.g1, Network.q, Network.Qbar, v2, Network.koK. pos.
  Qed.
Lemma DD_mono s s' : 0 <= s <= s' -> DD s <= DD s'.
Proof. intros X. assert (T := rho_mono s s' X). destruct X as [X X'].
  assert (qm : kap * s <= kap * s') by (apply Rmult_le_compat_l; assumption). assert (0 <= kap * s) by pos.
  unfold Network.DD, Network.dG, Network.dH, Network.q. repeat apply Rplus_le_compat.
  - apply Rmult_le_compat_l; [pos|assumption].
  - apply Rmult_le_compat; assumption.
  - unfold Rdiv. apply Rmult_le_compat_r; [pos|]. apply Rmult_le_compat_l; [pos|assumption].
  - apply Rmult_le_compat_l; [pos|assumption]. Qed.
Lemma Cv_mono s s' : 0 <= s <= s' -> Cv s <= Cv s'.
Proof. intros X. assert (T := rho_mono s s' X). destruct X as [X X'].
  unfold Network.Cv, Network.g1, Network.q, Network.Qbar. apply Rplus_le_compat.
  - apply Rmult_le_compat_l, Rplus_le_compat_l, Rmult_le_compat_l; assumption.
  - apply Rmult_le_compat_l; [unfold v2, Network.koK; pos|]. apply Rplus_le_compat_l, Rmult_le_compat_l; [pos|assumption].
    Qed.
Lemma mu_decreases s s' : 0 <= s <= s' -> mu s' <= mu s.
Proof. intros X. assert (T1 := DD_mono s s' X). assert (T2 := Cv_mono s s' X). unfold mu.
  assert (eta * Cv s * h_ <= eta * Cv s' * h_) by (apply Rmult_le_compat_r; [pos|]; apply Rmult_le_compat_l; lra). lra. Qed.
Lemma mu_continuous s : continuity_pt mu s.
Proof. unfold mu, Network.DD, Network.dG, Network.dH, Network.Cv, Network.g1, Network.Qbar, Network.q, Network.rho. reg. Qed.
Lemma mu_integrable a b' : a <= b' -> Riemann_integrable mu a b'.
Proof. intros X. apply continuity_implies_RiemannInt; [assumption|]. intros; apply mu_continuous. Qed.

(* the premises of Theorem T1' but (P.4) *)
Hypothesis alpha_pos : 0 < alpha.
Hypothesis Sx_pos : 0 < Sx.
Hypothesis mu_Sx : alpha <= mu Sx.
Hypothesis lam_pos : forall t, 0 <= lam t.
Hypothesis lam_le : forall t, lam t <= lam_sup.
Hypothesis P3 : eta * (Mx + m + 2 * lam_sup) <= 2.

(* step 0 *)
Lemma mu_le_m s : 0 <= s -> mu s <= m.
Proof. intros X. assert (T1 := DD_pos s X). assert (T2 := Cv_pos s X). unfold mu. assert (0 <= eta * Cv s * h_) by pos.
  lra. Qed.
Lemma m_positive : 0 < m.
Proof. assert (T := mu_le_m Sx ltac:(lra)). lra. Qed.
Lemma P3_at t : eta * (Mx + m + 2 * lam t) <= 2.
Proof. assert (X := lam_le t). eapply Rle_trans; [|exact P3]. apply Rmult_le_compat_l; lra. Qed.
Lemma factor_pos t s : 0 <= s -> 0 <= 1 - eta * mu s - eta * lam t.
Proof. intros X. assert (T := mu_le_m s X). assert (U := P3_at t). assert (V := m_le_Mx).
  assert (eta * mu s <= eta * m) by (apply Rmult_le_compat_l; lra).
    assert (eta * m <= eta * Mx) by (apply Rmult_le_compat_l; lra). lra. Qed.
Lemma kept_range t : 0 <= kept t <= 1.
Proof. assert (T := P3_at t). assert (U := m_le_Mx). assert (V := m_positive).
  assert (0 <= eta * lam t) by (assert (X := lam_pos t); pos).
  assert (0 <= eta * (Mx + m)) by pos. unfold kept. lra. Qed.

(* c_t = prod_{s<t} (1 - eta lambda(s)) *)
Fixpoint kept_product t : R := match t with O => 1 | S k => kept k * kept_product k end.
Lemma kept_product_range t : 0 <= kept_product t <= 1.
Proof. induction t as [|t IH]; simpl; [lra|]. assert (T := kept_range t). now apply unit_mult. Qed.

(* (P.8) *)
Definition u t : vec := fun r => beta t r - kept_product t * beta 0%nat r.
Lemma update_nrm t : nrm p (update t) <= eta * En t * g1 (S_ t).
Proof. assert (X : 0 <= eta / rp) by pos. unfold update. rewrite nrm_scal, Rabs_Ropp, (Rabs_right (eta / rp)) by lra.
  assert (T : nrm p (mulv n (Psi t) (e t)) <= rp * (g1 (S_ t) * nrm n (e t))) by (eapply Psi_op; eassumption).
  change (nrm n (e t)) with (En t) in T.
  replace (eta * En t * g1 (S_ t)) with (eta / rp * (rp * (g1 (S_ t) * En t))) by (field; lra).
  now apply Rmult_le_compat_l. Qed.
Lemma rho_step s h : 0 <= s -> 0 <= h -> rho s + h * g1 s <= rho (s + h).
Proof. intros. unfold Network.rho, Network.g1, Network.q.
  assert (0 <= kap * (h * s)) by pos. assert (0 <= kap * (h * h)) by pos. nra. Qed.
Lemma u_step t r : (r < p)%nat -> u (S t) r = kept t * u t r + update t r.
Proof. intros Hr. unfold u. rewrite (runb t r Hr). simpl. ring. Qed.
Lemma u_drift t : nrm p (u t) <= rho (S_ t).
Proof. induction t as [|t IH].
  - rewrite (nrm_ext p _ (fun _ => 0)) by (intros; unfold u; simpl; ring). rewrite nrm_zero, S_0. unfold Network.rho. lra.
  - rewrite (nrm_ext p _ _ (u_step t)). eapply Rle_trans; [apply nrm_add|]. rewrite nrm_scal.
    assert (T := update_nrm t). assert (k := kept_range t). rewrite (Rabs_right (kept t)) by lra.
    assert (U := nrm_pos p (u t)). assert (X := rho_step (S_ t) (eta * En t) ltac:(pos) ltac:(pos)).
    rewrite S_step. assert (V := shrink (kept t) _ _ k U IH). lra. Qed.

(* (P.9): the exact recursion *)
Definition N t : mat := fun i j => G t i j + kept t * H t i j.
Definition w t : vec := fun i => sum p (fun r => beta t r * (dPsi t r i - D t r i * dA t r i)) / rp.
Definition v t : vec := fun i => kept t * w t i + mulvT p (dPsi t) (update t) i / rp.
Lemma mulv_N t x i : mulv n (N t) x i = mulv n (G t) x i + kept t * mulv n (H t) x i.
Proof. unfold mulv, N. rewrite <- sum_scal, <- sum_add. apply sum_ext. intros; ring. Qed.
Lemma penalty_recursion t i : (i < n)%nat ->
  e (S t) i = kept t * e t i - eta * mulv n (N t) (e t) i - eta * lam t * y i + v t i.
Proof. intros Hi. assert (rp0 : rp <> 0) by lra.
  set (Pu := sum p (fun r => Psi t r i * mulv n (Psi t) (e t) r)).
  set (bD := sum p (fun r => beta t r * b r * (D t r i * mulv n K (fun j => D t r j * e t j) i))).
  set (wi := sum p (fun r => beta t r * (dPsi t r i - D t r i * dA t r i))).
  set (di := mulvT p (dPsi t) (update t) i).
  assert (Es : mulvT p (Psi (S t)) (beta (S t)) i
    = kept t * mulvT p (Psi t) (beta t) i - eta / rp * Pu - kept t * (eta / rp) * bD + kept t * wi + di).
  { unfold Pu, bD, wi, di, mulvT. rewrite <- !sum_scal, <- !sum_sub, <- !sum_add.
    apply sum_ext. intros r Hr. rewrite (runb t r Hr).
    assert (Ea : dA t r i = - (eta / rp) * (b r * mulv n K (fun j => D t r j * e t j) i)) by (eapply dA_eq; eassumption).
    rewrite Ea. unfold update, Network.dPsi. ring. }
  rewrite mulv_N, mulv_G, mulv_H. fold Pu bD. unfold Network.e at 1, Network.f. rewrite Es.
  unfold v, w. fold wi di. rewrite <- rp_sq. unfold Network.e, Network.f, kept. field. assumption. Qed.

(* the second line of step 2: |v| <= eta^2 Cv(S_t) |e|^2 *)
Lemma beta_moment t : sum p (fun r => Rabs (beta t r) * (b r * b r)) <= INR p * Qbar (S_ t).
Proof. set (b2 := fun r => b r * b r).
  apply Rle_trans with (sum p (fun r => Rabs (beta 0%nat r) * (b r * b r)) + sum p (fun r => Rabs (u t r) * Rabs (b2 r))).
  - rewrite <- sum_add. apply sum_le. intros r Hr.
    assert (B : Rabs (b2 r) = b r * b r) by (unfold b2; apply Rabs_right, Rle_ge, Rle_0_sqr). rewrite B.
    assert (T : Rabs (beta t r) <= Rabs (beta 0%nat r) + Rabs (u t r)).
    { replace (beta t r) with (kept_product t * beta 0%nat r + u t r) by (unfold u; ring).
      eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_mult. assert (c := kept_product_range t).
      rewrite (Rabs_right (kept_product t)) by lra. assert (V := shrink _ _ _ c (Rabs_pos (beta 0%nat r)) (Rle_refl _)).
        lra. }
    rewrite <- Rmult_plus_distr_r. apply Rmult_le_compat_r; [apply Rle_0_sqr|assumption].
  - assert (T := sum_abs_CS p (u t) b2). assert (X := nrm_pos p b2). assert (U := u_drift t).
    unfold Network.Qbar. change (Network.b2 b) with b2.
    replace (INR p * (Q + nrm p b2 / INR p * rho (S_ t))) with (INR p * Q + rho (S_ t) * nrm p b2) by (field; lra).
    apply Rplus_le_compat; [exact Q_ok|]. eapply Rle_trans; [exact T|]. now apply Rmult_le_compat_r. Qed.

Let Qbar_pos t : 0 <= Qbar (S_ t).
Proof. assert (T := rho_pos _ (S_pos t)). unfold Network.Qbar. pos. Qed.

Lemma w_bound t : nrm n (w t) <= L1 * L1 * L2 * koK / (2 * rp) * Qbar (S_ t) * (eta * En t * (eta * En t)).
Proof. assert (Qb := Qbar_pos t). set (h := eta * En t). assert (h0 : 0 <= h) by (unfold h; pos).
  apply Rle_trans with (L1 * L1 * L2 / (2 * rp) * Qbar (S_ t) * (h * h) * koK).
  2:{ right. field. lra. }
  apply nrm_mono_c; [pos|]. intros i Hi. rewrite (Rabs_right (kk i * kk i)) by apply Rle_ge, Rle_0_sqr.
  unfold w, Rdiv at 1. rewrite Rabs_mult, (Rabs_right (/ rp)) by (left; now apply Rinv_0_lt_compat).
  apply Rmult_le_reg_r with rp; [assumption|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  eapply Rle_trans; [apply sum_abs|].
  apply Rle_trans with (sum p (fun r => (Rabs (beta t r) * (b r * b r)) * (L2 / 2 * (L1 * L1 * (kk i * kk i) * (h * h)
    / INR p)))).
  - apply sum_le. intros r Hr. rewrite Rabs_mult, Rmult_assoc. apply Rmult_le_compat_l; [apply Rabs_pos|].
    assert (Ta := act_Taylor _ _ _ _ act r i (A t r i) (dA t r i)).
    replace (A t r i + dA t r i) with (A (S t) r i) in Ta by (unfold Network.dA; ring).
    change (Rabs (dPsi t r i - D t r i * dA t r i) <= L2 / 2 * (dA t r i * dA t r i)) in Ta.
    eapply Rle_trans; [exact Ta|].
    assert (Te : Rabs (dA t r i) <= Rabs (b r) * L1 * kk i / rp * h) by (eapply dA_entry; eassumption).
    set (c := Rabs (b r) * L1 * kk i / rp * h) in *. assert (X := Rabs_pos (dA t r i)).
    assert (Hsq : dA t r i * dA t r i <= c * c).
    { replace (dA t r i * dA t r i) with (Rabs (dA t r i) * Rabs (dA t r i)) by apply Rabs_sqr.
      now apply Rmult_le_compat. }
    assert (Ec : c * c = b r * b r * (L1 * L1 * (kk i * kk i) * (h * h) / INR p)).
    { unfold c. rewrite <- rp_sq, <- (Rabs_sqr (b r)). field. lra. }
    apply Rle_trans with (L2 / 2 * (c * c)); [apply Rmult_le_compat_l; lra|]. rewrite Ec. right. field. lra.
  - rewrite sum_scal_r.
    replace (L1 * L1 * L2 / (2 * rp) * Qbar (S_ t) * (h * h) * (kk i * kk i) * rp) with
      ((INR p * Qbar (S_ t)) * (L2 / 2 * (L1 * L1 * (kk i * kk i) * (h * h) / INR p))) by (rewrite <- rp_sq; field; lra).
    apply Rmult_le_compat_r; [pos|apply beta_moment]. Qed.

Lemma v_bound t : nrm n (v t) <= eta * eta * Cv (S_ t) * (En t * En t).
Proof. assert (Ir : 0 < / rp) by now apply Rinv_0_lt_compat. assert (k := kept_range t).
  rewrite (nrm_ext n _ (fun i => kept t * w t i + / rp * mulvT p (dPsi t) (update t) i)).
  2:{ intros. unfold v, Rdiv. ring. }
  eapply Rle_trans; [apply nrm_add|]. rewrite !nrm_scal, (Rabs_right (/ rp)), (Rabs_right (kept t)) by lra.
  assert (T1 : nrm n (mulvT p (dPsi t) (update t)) <= rp * (eta * (kap * En t)) * (eta * En t * g1 (S_ t))).
  { eapply Rle_trans; [apply frob_mulvT|]. apply Rmult_le_compat; try apply nrm_pos; try apply frob_pos;
      [eapply dPsi_frob; eassumption|apply update_nrm]. }
  apply (Rmult_le_compat_l (/ rp)) in T1; [|lra].
  assert (T2 := w_bound t). assert (X := nrm_pos n (w t)).
  assert (T3 := shrink _ _ _ k X (Rle_refl _)).
  replace (eta * eta * Cv (S_ t) * (En t * En t)) with
    (L1 * L1 * L2 * koK / (2 * rp) * Qbar (S_ t) * (eta * En t * (eta * En t)) +
     / rp * (rp * (eta * (kap * En t)) * (eta * En t * g1 (S_ t)))).
  2:{ unfold Network.Cv, v2. field. lra. }
  lra. Qed.

(* step 3: N(t) against G(0) + x H(0), x = (1 - eta lambda(t)) c_t *)
(* of one unit, step 5 of theorem_a.md *)
Lemma D_moved t r x : (r < p)%nat ->
  nrm n (fun i => Dx t r x i - Dx 0%nat r x i) <= Rabs (b r) * (L2 * L1 * kmax / rp * S_ t) * nrm n x.
Proof. intros Hr. assert (Sp := S_pos t). assert (B := Rabs_pos (b r)). assert (Rp := rp_pos).
  assert (Ir : 0 <= / rp) by (left; now apply Rinv_0_lt_compat).
  apply nrm_mono_c.
  - pos.
  - intros i Hi. unfold Network.Dx. change (Rabs (D t r i * x i - D 0%nat r i * x i)
    <= Rabs (b r) * (L2 * L1 * kmax / rp * S_ t) * Rabs (x i)).
    replace (D t r i * x i - D 0%nat r i * x i) with ((D t r i - D 0%nat r i) * x i) by ring.
    rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|].
    eapply Rle_trans; [apply (act_L2 _ _ _ _ act)|].
    assert (T : Rabs (A t r i - A 0%nat r i) <= Rabs (b r) * L1 * kk i / rp * S_ t) by (eapply A_entry; eassumption).
      assert (Hk := kmax_ok i Hi).
    apply Rle_trans with (L2 * (Rabs (b r) * L1 * kk i / rp * S_ t)); [apply Rmult_le_compat_l; assumption|].
    replace (L2 * (Rabs (b r) * L1 * kk i / rp * S_ t)) with ((Rabs (b r) * (L2 * L1 * / rp * S_ t))
      * kk i) by (unfold Rdiv; ring).
    replace (Rabs (b r) * (L2 * L1 * kmax / rp * S_ t)) with ((Rabs (b r) * (L2 * L1 * / rp * S_ t))
      * kmax) by (unfold Rdiv; ring).
    apply Rmult_le_compat_l; [|assumption]. pos. Qed.

Lemma DKD_moved t r z x : (r < p)%nat ->
  Rabs (bil n K (Dx t r z) (Dx t r x) - bil n K (Dx 0%nat r z) (Dx 0%nat r x))
  <= Rabs (b r) * (h2 * S_ t) * (nrm n z * nrm n x).
Proof. intros Hr.
  replace (bil n K (Dx t r z) (Dx t r x) - bil n K (Dx 0%nat r z) (Dx 0%nat r x)) with
    (bil n K (fun i => Dx t r z i - Dx 0%nat r z i) (Dx t r x) + bil n K (Dx 0%nat r z) (fun i => Dx t r x i
      - Dx 0%nat r x i))
    by (rewrite bil_sub_l, bil_sub_r; ring).
  eapply Rle_trans; [apply Rabs_triang|].
  assert (T1 : Rabs (bil n K (fun i => Dx t r z i - Dx 0%nat r z i) (Dx t r x)) <= Kn * (nrm n (fun i => Dx t r z i
    - Dx 0%nat r z i) * nrm n (Dx t r x)))
    by (eapply bilK; eassumption).
  assert (T2 : Rabs (bil n K (Dx 0%nat r z) (fun i => Dx t r x i - Dx 0%nat r x i))
    <= Kn * (nrm n (Dx 0%nat r z) * nrm n (fun i => Dx t r x i - Dx 0%nat r x i)))
    by (eapply bilK; eassumption).
  assert (N1 := D_moved t r z Hr). assert (N2 := D_moved t r x Hr).
  assert (M1 : nrm n (Dx t r x) <= L1 * nrm n x) by (eapply D_nrm; eassumption).
  assert (M2 : nrm n (Dx 0%nat r z) <= L1 * nrm n z) by (eapply D_nrm; eassumption).
  set (c := Rabs (b r) * (L2 * L1 * kmax / rp * S_ t)) in *.
  assert (Z := nrm_pos n z). assert (X := nrm_pos n x).
  assert (V1 : nrm n (fun i => Dx t r z i - Dx 0%nat r z i) * nrm n (Dx t r x) <= (c * nrm n z) * (L1 * nrm n x))
    by (apply Rmult_le_compat; try apply nrm_pos; assumption).
  assert (V2 : nrm n (Dx 0%nat r z) * nrm n (fun i => Dx t r x i - Dx 0%nat r x i) <= (L1 * nrm n z) * (c * nrm n x))
    by (apply Rmult_le_compat; try apply nrm_pos; assumption).
  apply (Rmult_le_compat_l Kn) in V1; [|assumption]. apply (Rmult_le_compat_l Kn) in V2; [|assumption].
  replace (Rabs (b r) * (h2 * S_ t) * (nrm n z * nrm n x)) with
    (Kn * (c * nrm n z * (L1 * nrm n x)) + Kn * (L1 * nrm n z * (c * nrm n x))) by (unfold c, Network.h2, Rdiv; ring).
  lra. Qed.

Definition x_ t := kept t * kept_product t.
Lemma H_penalty_drift t z x :
  Rabs (kept t * bil n (H t) z x - x_ t * bil n (H 0%nat) z x) <= dH (S_ t) * (nrm n z * nrm n x).
Proof. rewrite !bil_H. assert (kt := kept_range t). assert (ct := kept_product_range t).
  assert (xt : 0 <= x_ t <= 1) by (now apply unit_mult).
  set (B := fun s r => bil n K (Dx s r z) (Dx s r x)).
  change (Rabs (kept t * (sum p (fun r => beta t r * b r * B t r) / INR p)
    - x_ t * (sum p (fun r => beta 0%nat r * b r * B 0%nat r) / INR p))
    <= dH (S_ t) * (nrm n z * nrm n x)).
  replace (kept t * (sum p (fun r => beta t r * b r * B t r) / INR p)
    - x_ t * (sum p (fun r => beta 0%nat r * b r * B 0%nat r) / INR p))
   with ((kept t * sum p (fun r => u t r * b r * B t r) + x_ t * sum p (fun r => beta 0%nat r * b r * (B t r
     - B 0%nat r))) * / INR p).
  2:{ unfold Rdiv. rewrite <- !Rmult_assoc, <- Rmult_minus_distr_r, <- !sum_scal, <- sum_sub, <- sum_add. f_equal.
      apply sum_ext. intros. unfold u, x_. ring. }
  rewrite Rabs_mult, (Rabs_right (/ INR p)) by (left; now apply Rinv_0_lt_compat).
  apply Rmult_le_reg_r with (INR p); [assumption|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  eapply Rle_trans; [apply Rabs_triang|]. rewrite !Rabs_mult, (Rabs_right (kept t)), (Rabs_right (x_ t)) by lra.
  set (zx := nrm n z * nrm n x). assert (zx0 : 0 <= zx) by (unfold zx; pos).
  assert (T1 : Rabs (sum p (fun r => u t r * b r * B t r)) <= rho (S_ t) * (rp * s0) * (Kn * (L1 * L1) * zx)).
  { eapply Rle_trans; [apply sum_abs|].
    apply Rle_trans with (sum p (fun r => Rabs (u t r) * Rabs (b r) * (Kn * (L1 * L1) * zx))).
    - apply sum_le. intros r Hr. rewrite !Rabs_mult. apply Rmult_le_compat_l; [pos|].
      unfold B. eapply Rle_trans; [eapply bilK; eassumption|].
      assert (V : nrm n (Dx t r z) * nrm n (Dx t r x) <= (L1 * nrm n z) * (L1 * nrm n x))
        by (apply Rmult_le_compat; try apply nrm_pos; eapply D_nrm; eassumption).
      apply (Rmult_le_compat_l Kn) in V; [|assumption]. unfold zx. lra.
    - rewrite sum_scal_r. apply Rmult_le_compat_r; [pos|].
      eapply Rle_trans; [apply sum_abs_CS|]. rewrite (nrm_b p b) by assumption.
      apply Rmult_le_compat_r; [pos|apply u_drift]. }
  assert (T2 : Rabs (sum p (fun r => beta 0%nat r * b r * (B t r - B 0%nat r))) <= INR p * Q * (h2 * S_ t * zx)).
  { eapply Rle_trans; [apply sum_abs|].
    apply Rle_trans with (sum p (fun r => Rabs (beta 0%nat r) * (b r * b r) * (h2 * S_ t * zx))).
    - apply sum_le. intros r Hr. rewrite !Rabs_mult.
      assert (V : Rabs (B t r - B 0%nat r) <= Rabs (b r) * (h2 * S_ t) * zx) by (now apply DKD_moved).
      apply (Rmult_le_compat_l (Rabs (beta 0%nat r) * Rabs (b r))) in V; [|pos].
      eapply Rle_trans; [exact V|]. right. rewrite <- (Rabs_sqr (b r)). ring.
    - rewrite sum_scal_r. apply Rmult_le_compat_r; [pos|exact Q_ok]. }
  replace (dH (S_ t) * zx * INR p) with (rho (S_ t) * (rp * s0) * (Kn * (L1 * L1) * zx) + INR p * Q * (h2 * S_ t * zx)).
  2:{ unfold Network.dH. rewrite <- rp_sq. field. lra. }
  assert (P1 := Rabs_pos (sum p (fun r => u t r * b r * B t r))).
  assert (P2 := Rabs_pos (sum p (fun r => beta 0%nat r * b r * (B t r - B 0%nat r)))).
  apply Rplus_le_compat; now apply shrink. Qed.

(* (P.10) *)
Lemma N_range t x : (m - DD (S_ t)) * dot n x x <= quad n (N t) x <= (Mx + DD (S_ t)) * dot n x x.
Proof. assert (ct := kept_product_range t). assert (kt := kept_range t).
  assert (xt : 0 <= x_ t <= 1) by (now apply unit_mult).
  assert (E : quad n (N t) x = quad n (G t) x + kept t * quad n (H t) x).
  { unfold quad, bil. rewrite <- dot_scal_r, <- dot_add_r. apply dot_ext; [reflexivity|]. intros. apply mulv_N. }
  assert (T1 : Rabs (bil n (G t) x x - bil n (G 0%nat) x x) <= dG (S_ t) * (nrm n x * nrm n x)) by (eapply G_drift;
    eassumption).
  assert (T2 := H_penalty_drift t x x). rewrite nrm_sq in T1, T2.
  apply Rabs_le_inv in T1. apply Rabs_le_inv in T2. rewrite E. unfold Network.DD.
  change (bil n (G t) x x) with (quad n (G t) x) in T1. change (bil n (G 0%nat) x x) with (quad n (G 0%nat) x) in T1.
  change (bil n (H t) x x) with (quad n (H t) x) in T2. change (bil n (H 0%nat) x x) with (quad n (H 0%nat) x) in T2.
  assert (a1 := m_G x). assert (a2 := m_M x). assert (a3 := M_G x). assert (a4 := M_M x).
  set (Z := dot n x x) in *. set (g0 := quad n (G 0%nat) x) in *. set (h0 := quad n (H 0%nat) x) in *.
  assert (B := convex_between (x_ t) g0 h0 (m * Z) (Mx * Z) xt (conj a1 a3) (conj a2 a4)).
  split; lra. Qed.

Lemma N_sym t : symm n (N t).
Proof. intros i j Hi Hj. unfold N, Network.G, Network.H. rewrite (K_sym i j Hi Hj).
  f_equal; [|f_equal]; unfold Rdiv; f_equal; apply sum_ext; intros; ring. Qed.

(* step 4: the first line of (P.5) at a time at which |e(t)| <= max(E, |y|) *)
Lemma penalty_step t : En t <= h_ ->
  En (S t) <= (1 - eta * mu (S_ t) - eta * lam t) * En t + eta * lam t * nrm n y.
Proof. intros Et. assert (l0 := lam_pos t). assert (U := P3_at t). assert (Sp := S_pos t).
  assert (Dp := DD_pos _ Sp). assert (Cp := Cv_pos _ Sp).
  set (N' := fun i j => lam t * idm i j + N t i j).
  assert (EN : forall x i, (i < n)%nat -> mulv n N' x i = lam t * x i + mulv n (N t) x i).
  { intros x i Hi. rewrite <- (mulv_idm n x i Hi). unfold mulv, N'. rewrite <- sum_scal,
    <- sum_add. apply sum_ext. intros; ring. }
  assert (sN : symm n N').
  { intros i j Hi Hj. unfold N', idm. now rewrite (N_sym t i j Hi Hj), Nat.eqb_sym. }
  assert (T1 : nrm n (fun i => e t i - eta * mulv n N' (e t) i) <= (1 - eta * (m - DD (S_ t) + lam t)) * nrm n (e t)).
  { apply step_norm with (lo := m - DD (S_ t) + lam t) (hi := Mx + DD (S_ t) + lam t); try assumption; try lra.
    - assert (eta * m <= eta * Mx) by (apply Rmult_le_compat_l; [lra|apply m_le_Mx]).
      assert (0 <= eta * DD (S_ t)) by pos. lra.
    - intros x. assert (EQ : quad n N' x = lam t * dot n x x + quad n (N t) x).
      { unfold quad, bil. rewrite <- dot_scal_r, <- dot_add_r. apply dot_ext; [reflexivity|]. intros. now apply EN. }
      rewrite EQ. assert (T := N_range t x). lra. }
  change (nrm n (e t)) with (En t) in T1.
  unfold Network.En at 1.
  rewrite (nrm_ext n (e (S t)) (fun i => (e t i - eta * mulv n N' (e t) i) + (- (eta * lam t) * y i + v t i))).
  2:{ intros i Hi. rewrite (penalty_recursion t i Hi), EN by assumption. unfold kept. ring. }
  eapply Rle_trans; [apply nrm_add|]. assert (T2 := nrm_add n (fun i => - (eta * lam t) * y i) (v t)). cbv beta in T2.
  rewrite nrm_scal, Rabs_Ropp, (Rabs_right (eta * lam t)) in T2 by (apply Rle_ge; pos).
  assert (T3 := v_bound t). assert (E0 := En_pos t).
  assert (T4 : eta * eta * Cv (S_ t) * (En t * En t) <= eta * eta * Cv (S_ t) * (h_ * En t)).
  { apply Rmult_le_compat_l; [pos|]. now apply Rmult_le_compat_r. }
  unfold mu. lra. Qed.

(* the integral of mu from 0 to s, and its bounds by a decreasing function *)
Definition mu_integral s := match Rle_dec 0 s with left h => RiemannInt (mu_integrable 0 s h) | right _ => 0 end.
Lemma mu_integral_eq s (pr : Riemann_integrable mu 0 s) : 0 <= s -> mu_integral s = RiemannInt pr.
Proof. intros X. unfold mu_integral. destruct (Rle_dec 0 s); [apply RiemannInt_P5|contradiction]. Qed.
Lemma mu_integral_0 : mu_integral 0 = 0.
Proof. rewrite (mu_integral_eq 0 (mu_integrable 0 0 (Rle_refl 0)) (Rle_refl 0)). apply RiemannInt_P9. Qed.
Lemma mu_integral_between a c : 0 <= a <= c ->
  mu c * (c - a) <= mu_integral c - mu_integral a <= mu a * (c - a).
Proof. intros [Ha Hc]. set (ac := mu_integrable a c Hc). set (oa := mu_integrable 0 a Ha).
  assert (H0c : 0 <= c) by lra. set (oc := mu_integrable 0 c H0c).
  rewrite (mu_integral_eq c oc H0c), (mu_integral_eq a oa Ha).
  assert (Ch := RiemannInt_P26 oa ac oc).
  assert (L := RiemannInt_P19 (RiemannInt_P14 a c (mu c)) ac Hc).
    assert (U := RiemannInt_P19 ac (RiemannInt_P14 a c (mu a)) Hc).
  rewrite RiemannInt_P15 in L, U. unfold fct_cte in L, U.
  lapply L; [clear L; intros L|intros x Hx; apply mu_decreases; lra].
  lapply U; [clear U; intros U|intros x Hx; apply mu_decreases; lra]. lra. Qed.

(* (P.11): the budget c sqrt p is (P.4) *)
Lemma budget_is_P4 (pr : Riemann_integrable mu 0 Sx) : 0 < nrm n y ->
  let c := (RiemannInt pr - En 0%nat) / (nrm n y * rp) in Lambda <= c * rp -> En 0%nat + Lambda * nrm n y <= RiemannInt pr.
Proof. intros Y c B. apply (Rmult_le_compat_r (nrm n y)) in B; [|lra].
  replace (c * rp * nrm n y) with (RiemannInt pr - En 0%nat) in B by (unfold c; field; lra). lra. Qed.

(* Lambda bounds eta sum_{s<t} lambda(s) for every t; the least such number is the Lambda of the page *)
Hypothesis Lambda_ok : forall t, eta * sum t lam <= Lambda.
(* the integral of (P.4); there is one by mu_integrable, and which proof of it is taken does not matter *)
Variable mu_on_Sx : Riemann_integrable mu 0 Sx.
Hypothesis P4 : En 0%nat + Lambda * nrm n y <= RiemannInt mu_on_Sx.

(* step 5 *)
Lemma budget_kept t : S_ t <= Sx /\ En t <= h_ /\ En t <= En 0%nat + eta * sum t lam * nrm n y - mu_integral (S_ t).
Proof. assert (Y := nrm_pos n y). induction t as [|t (I1 & I2 & I3)].
  - rewrite S_0, mu_integral_0. simpl. split; [lra|split; [apply Rmax_l|lra]].
  - assert (Sp := S_pos t). assert (E0 := En_pos t). assert (Fp := factor_pos t (S_ t) Sp). assert (T := penalty_step t I2).
    assert (k := kept_range t). unfold kept in k. assert (l0 := lam_pos t).
    assert (mm : alpha <= mu (S_ t)) by (eapply Rle_trans; [exact mu_Sx|apply mu_decreases; lra]).
    assert (em : 0 <= eta * mu (S_ t)) by pos.
    assert (N1 : S_ (S t) <= Sx).
    { assert (B := mu_integral_between (S_ t) Sx ltac:(lra)).
      assert (LL : eta * sum t lam * nrm n y <= Lambda * nrm n y) by (apply Rmult_le_compat_r; [assumption|apply Lambda_ok]).
      assert (Ie := mu_integral_eq Sx mu_on_Sx ltac:(lra)).
      assert (V : En t <= mu (S_ t) * (Sx - S_ t)) by lra. apply (Rmult_le_compat_l eta) in V; [|lra].
      assert (0 <= eta * lam t) by pos. rewrite S_step.
      assert ((eta * mu (S_ t)) * (Sx - S_ t) <= 1 * (Sx - S_ t)) by (apply Rmult_le_compat_r; lra). lra. }
    split; [assumption|split].
    + assert (Yh : nrm n y <= h_) by apply Rmax_r.
      assert ((1 - eta * mu (S_ t) - eta * lam t) * En t <= (1 - eta * lam t) * h_).
      { apply Rle_trans with ((1 - eta * mu (S_ t) - eta * lam t) * h_); [now apply Rmult_le_compat_l|].
        apply Rmult_le_compat_r; [apply h_pos|lra]. }
      assert (eta * lam t * nrm n y <= eta * lam t * h_) by (apply Rmult_le_compat_l; [pos|assumption]). lra.
    + assert (B := mu_integral_between (S_ t) (S_ (S t)) ltac:(rewrite S_step; split;
      [pos|assert (0 <= eta * En t) by pos; lra])).
      assert (Es := S_step t). replace (S_ (S t) - S_ t) with (eta * En t) in B by lra.
      change (sum (S t) lam) with (sum t lam + lam t). assert (0 <= eta * lam t * En t) by pos. lra. Qed.

(* (P.5), (P.6), (P.7) *)
Theorem theorem_T1_penalty t :
  En (S t) <= (1 - eta * mu (S_ t) - eta * lam t) * En t + eta * lam t * nrm n y /\
  En (S t) <= (1 - eta * alpha - eta * lam t) * En t + eta * lam t * nrm n y /\
  0 <= 1 - eta * alpha - eta * lam t /\
  S_ t <= Sx /\ En t <= Rmax (En 0%nat) (nrm n y) /\
  nrm p (fun r => beta t r - kept_product t * beta 0%nat r) <= rho Sx /\
  frob p n (fun r i => A t r i - A 0%nat r i) <= L1 * s0 * Kn * Sx /\
  forall r i, (r < p)%nat -> (i < n)%nat -> Rabs (A t r i - A 0%nat r i) <= Rabs (b r) * L1 * kk i / rp * Sx.
Proof. destruct (budget_kept t) as (I1 & I2 & _). assert (T := penalty_step t I2). assert (Sp := S_pos t).
  assert (E0 := En_pos t).
  assert (mm : alpha <= mu (S_ t)) by (eapply Rle_trans; [exact mu_Sx|apply mu_decreases; lra]).
  assert (em : eta * alpha <= eta * mu (S_ t)) by (apply Rmult_le_compat_l; lra).
  split; [exact T|]. split; [|split; [|split; [exact I1|split; [exact I2|split; [|split]]]]].
  - eapply Rle_trans; [exact T|]. apply Rplus_le_compat_r, Rmult_le_compat_r; lra.
  - assert (F := factor_pos t (S_ t) Sp). lra.
  - eapply Rle_trans; [apply (u_drift t)|]. apply rho_mono. lra.
  - apply Rle_trans with (L1 * s0 * Kn * S_ t); [eapply A_frob; eassumption|]. apply Rmult_le_compat_l; [pos|assumption].
  - intros r i Hr Hi. apply Rle_trans with (Rabs (b r) * L1 * kk i / rp * S_ t); [eapply A_entry; eassumption|].
    apply Rmult_le_compat_l; [unfold Network.kk; pos|assumption]. Qed.

(* "decay returns once lambda(t) = 0" *)
Corollary T1_penalty_after_cut t : lam t = 0 -> En (S t) <= (1 - eta * alpha) * En t.
Proof. intros l0. destruct (theorem_T1_penalty t) as (_ & T & _). rewrite l0 in T. lra. Qed.
End Penalty.
