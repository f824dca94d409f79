(* SPDX-License-Identifier: Apache-2.0 *)
(* Lemma 1 of theorem_a_variants.md, one output, feedback alignment, for any run:
   drifts and remainder as functions of the accumulated error S_t. No hypothesis on decay. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms.
Open Scope R_scope.

Section Network.
Variables n p : nat.
Variable K : mat.
Variables y b : vec.
Variables psi dpsi : nat -> nat -> R -> R.     (* each entry may have its own activation *)
Variables L1 L2 eta Kn kmax : R.
Variable A : nat -> mat.
Variable beta : nat -> vec.

Definition rp := sqrt (INR p).
Definition Psi t : mat := fun r i => psi r i (A t r i).
Definition D t : mat := fun r i => dpsi r i (A t r i).
Definition f t : vec := fun i => mulvT p (Psi t) (beta t) i / rp.
Definition e t : vec := fun i => f t i - y i.
Definition En t := nrm n (e t).
Definition S_ t := eta * sum t En.
Definition kk : vec := fun i => nrm n (K i).
Definition G t : mat := fun i j => sum p (fun r => Psi t r i * Psi t r j) / INR p.
Definition H t : mat := fun i j => sum p (fun r => beta t r * b r * (D t r i * K i j * D t r j)) / INR p.
Definition M t : mat := fun i j => G t i j + H t i j.

(* the run (A.1) *)
Definition run_A := forall t r i, (r < p)%nat -> (i < n)%nat ->
  A (S t) r i = A t r i - eta / rp * (b r * mulv n K (fun j => D t r j * e t j) i).
Definition run_beta := forall t r, (r < p)%nat ->
  beta (S t) r = beta t r - eta / rp * mulv n (Psi t) (e t) r.

Record activation_ok : Prop := {
  act_L1 : forall r i u, Rabs (dpsi r i u) <= L1;
  act_Lip : forall r i u v, Rabs (psi r i u - psi r i v) <= L1 * Rabs (u - v);
  act_L2 : forall r i u v, Rabs (dpsi r i u - dpsi r i v) <= L2 * Rabs (u - v);
  act_Taylor : forall r i u h, Rabs (psi r i (u + h) - psi r i u - dpsi r i u * h) <= L2 / 2 * (h * h) }.

Hypothesis p_pos : (0 < p)%nat.
Hypothesis eta_pos : 0 < eta.
Hypothesis K_sym : symm n K.
Hypothesis K_form : forall x, Rabs (quad n K x) <= Kn * dot n x x.
Hypothesis Kn_pos : 0 <= Kn.
Hypothesis kmax_ok : forall i, (i < n)%nat -> kk i <= kmax.
Hypothesis kmax_pos : 0 <= kmax.
Hypothesis act : activation_ok.
Hypothesis L1_pos : 0 <= L1.
Hypothesis L2_pos : 0 <= L2.
Hypothesis runA : run_A.
Hypothesis runb : run_beta.

Lemma rp_pos : 0 < rp.                 Proof. now apply sqrt_INR_pos. Qed.
Lemma rp_sq : rp * rp = INR p.         Proof. apply sqrt_sqrt, pos_INR. Qed.
Lemma rp_neq : rp <> 0.                Proof. apply Rgt_not_eq, rp_pos. Qed.
Local Hint Resolve rp_pos : core pos.
Lemma En_pos t : 0 <= En t.            Proof. apply nrm_pos. Qed.
Local Hint Resolve En_pos : pos.
Lemma S_pos t : 0 <= S_ t.
Proof. unfold S_. assert (0 <= sum t En) by (apply sum_pos; intros; apply En_pos). nra. Qed.
Local Hint Resolve S_pos : pos.
Lemma S_step t : S_ (S t) = S_ t + eta * En t.
Proof. unfold S_. simpl. ring. Qed.
Lemma S_0 : S_ 0 = 0.                  Proof. unfold S_. simpl. ring. Qed.

Lemma K_norm x : nrm n (mulv n K x) <= Kn * nrm n x.
Proof. now apply sym_norm. Qed.
Lemma D_nrm t r (x : vec) : nrm n (fun j => D t r j * x j) <= L1 * nrm n x.
Proof. apply nrm_mono_c; [assumption|]. intros j Hj. rewrite Rabs_mult.
  apply Rmult_le_compat_r; [apply Rabs_pos|apply act_L1, act]. Qed.

Definition s0 := nrm p b / rp.
Definition kap := L1 * L1 * s0 * Kn / rp.
Lemma s0_pos : 0 <= s0.
Proof. unfold s0. apply Rmult_le_pos; [apply nrm_pos|]. left; apply Rinv_0_lt_compat; auto. Qed.
Local Hint Resolve s0_pos : pos.
Lemma nrm_b : nrm p b = rp * s0.
Proof. unfold s0. field. apply rp_neq. Qed.
Lemma kap_pos : 0 <= kap.
Proof. assert (X := s0_pos). unfold kap. pos. Qed.
Local Hint Resolve kap_pos : pos.
Lemma kap_rp : kap * rp = L1 * L1 * s0 * Kn.
Proof. unfold kap. field. apply rp_neq. Qed.

Definition dA t : mat := fun r i => A (S t) r i - A t r i.
Lemma dA_eq t r i : (r < p)%nat -> (i < n)%nat ->
  dA t r i = - (eta / rp) * (b r * mulv n K (fun j => D t r j * e t j) i).
Proof. intros Hr Hi. unfold dA. rewrite (runA t r i Hr Hi). ring. Qed.

Lemma eta_rp : 0 <= eta / rp.
Proof. apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; auto]. Qed.
Local Hint Resolve eta_rp : pos.

(* (A.17) row by row and in the Frobenius norm *)
Lemma dA_row t r : (r < p)%nat -> nrm n (dA t r) <= Rabs (b r) * (eta / rp * (Kn * (L1 * En t))).
Proof. intros Hr. assert (X := eta_rp).
  rewrite (nrm_ext n _ (fun i => (- (eta / rp) * b r) * mulv n K (fun j => D t r j * e t j) i)).
  2:{ intros i Hi. rewrite (dA_eq t r i Hr Hi). ring. }
  rewrite nrm_scal, Rabs_mult, Rabs_Ropp, (Rabs_right (eta / rp)) by lra.
  assert (T := K_norm (fun j => D t r j * e t j)). assert (T2 := D_nrm t r (e t)).
  assert (B := Rabs_pos (b r)).
  replace (Rabs (b r) * (eta / rp * (Kn * (L1 * En t)))) with (eta / rp * Rabs (b r) * (Kn * (L1 * En t))) by ring.
  apply Rmult_le_compat_l; [nra|]. eapply Rle_trans; [exact T|]. apply Rmult_le_compat_l; assumption. Qed.

Lemma dA_frob t : frob p n (dA t) <= eta * (L1 * s0 * Kn * En t).
Proof. assert (X := eta_rp). assert (E := En_pos t).
  eapply Rle_trans; [apply (frob_rows p n (dA t) b (eta / rp * (Kn * (L1 * En t))))|].
  - pos. 
  - intros r Hr. now apply dA_row.
  - rewrite nrm_b. right. field. apply rp_neq. Qed.

Lemma dA_entry t r i : (r < p)%nat -> (i < n)%nat ->
  Rabs (dA t r i) <= Rabs (b r) * L1 * kk i / rp * (eta * En t).
Proof. intros Hr Hi. assert (X := eta_rp).
  rewrite (dA_eq t r i Hr Hi), !Rabs_mult, Rabs_Ropp, (Rabs_right (eta / rp)) by lra.
  assert (T : Rabs (mulv n K (fun j => D t r j * e t j) i) <= kk i * (L1 * En t)).
  { unfold mulv. eapply Rle_trans; [apply (dot_CS n (K i))|]. apply Rmult_le_compat_l; [apply nrm_pos|apply D_nrm]. }
  replace (Rabs (b r) * L1 * kk i / rp * (eta * En t)) with (eta / rp * (Rabs (b r) * (kk i * (L1 * En t)))).
  2:{ field. apply rp_neq. }
  apply Rmult_le_compat_l; [assumption|]. apply Rmult_le_compat_l; [apply Rabs_pos|assumption]. Qed.

(* (A.14), (A.15) with S_t for R *)
Lemma A_frob t : frob p n (fun r i => A t r i - A 0%nat r i) <= L1 * s0 * Kn * S_ t.
Proof. induction t as [|t IH].
  - rewrite S_0, Rmult_0_r. apply frob_le_sq; [lra|]. unfold dot.
    rewrite (sum_ext p _ (fun _ => 0)), sum_zero; [lra|]. intros r Hr.
    rewrite (sum_ext n _ (fun _ => 0)), sum_zero; [reflexivity|]. intros; ring.
  - rewrite (frob_ext p n _ (fun r i => (A t r i - A 0%nat r i) + dA t r i)) by (intros; unfold dA; ring).
    eapply Rle_trans; [apply frob_add|]. rewrite S_step. assert (T := dA_frob t). lra. Qed.

Lemma A_entry t r i : (r < p)%nat -> (i < n)%nat ->
  Rabs (A t r i - A 0%nat r i) <= Rabs (b r) * L1 * kk i / rp * S_ t.
Proof. intros Hr Hi. induction t as [|t IH].
  - rewrite S_0, Rmult_0_r. replace (A 0%nat r i - A 0%nat r i) with 0 by ring. rewrite Rabs_R0. lra.
  - replace (A (S t) r i - A 0%nat r i) with ((A t r i - A 0%nat r i) + dA t r i) by (unfold dA; ring).
    eapply Rle_trans; [apply Rabs_triang|]. rewrite S_step. assert (T := dA_entry t r i Hr Hi). lra. Qed.

(* Psi *)
Lemma Psi_diff s t : frob p n (fun r i => Psi s r i - Psi t r i) <= L1 * frob p n (fun r i => A s r i - A t r i).
Proof. apply frob_mono_c; [assumption|]. intros. apply act_Lip, act. Qed.
Lemma Psi_drift t : frob p n (fun r i => Psi t r i - Psi 0%nat r i) <= rp * (kap * S_ t).
Proof. eapply Rle_trans; [apply Psi_diff|]. assert (T := A_frob t). assert (Kr := kap_rp).
  replace (rp * (kap * S_ t)) with (kap * rp * S_ t) by ring. rewrite Kr. nra. Qed.
Definition dPsi t : mat := fun r i => Psi (S t) r i - Psi t r i.
Lemma dPsi_frob t : frob p n (dPsi t) <= rp * (eta * (kap * En t)).
Proof. eapply Rle_trans; [apply Psi_diff|]. assert (T := dA_frob t). assert (Kr := kap_rp). unfold dA in T.
  replace (rp * (eta * (kap * En t))) with (kap * rp * (eta * En t)) by ring. rewrite Kr. nra. Qed.

Variable Gs : R.
Hypothesis Gs_pos : 0 <= Gs.
Hypothesis Gs_ok : forall x, nrm p (mulv n (Psi 0%nat) x) <= rp * (Gs * nrm n x).

Definition q s := kap * s.
Definition g1 s := Gs + q s.
Lemma q_pos t : 0 <= q (S_ t).
Proof. apply Rmult_le_pos; [apply kap_pos|apply S_pos]. Qed.
Local Hint Resolve q_pos : pos.
Lemma g1_pos t : 0 <= g1 (S_ t).
Proof. assert (X := q_pos t). unfold g1. lra. Qed.
Local Hint Resolve g1_pos : pos.

Lemma dPsi_op t x : nrm p (mulv n (fun r i => Psi t r i - Psi 0%nat r i) x) <= rp * (q (S_ t) * nrm n x).
Proof. eapply Rle_trans; [apply frob_mulv|]. assert (X := nrm_pos n x). assert (T := Psi_drift t).
  unfold q. replace (rp * (kap * S_ t * nrm n x)) with (rp * (kap * S_ t) * nrm n x) by ring.
  apply Rmult_le_compat_r; assumption. Qed.

Lemma Psi_split t x r : mulv n (Psi t) x r =
  mulv n (Psi 0%nat) x r + mulv n (fun r i => Psi t r i - Psi 0%nat r i) x r.
Proof. unfold mulv. rewrite <- sum_add. apply sum_ext. intros; ring. Qed.

Lemma Psi_op t x : nrm p (mulv n (Psi t) x) <= rp * (g1 (S_ t) * nrm n x).
Proof. rewrite (nrm_ext p _ _ (fun r _ => Psi_split t x r)).
  eapply Rle_trans; [apply nrm_add|]. assert (T1 := Gs_ok x). assert (T2 := dPsi_op t x).
  unfold g1. replace (rp * ((Gs + q (S_ t)) * nrm n x)) with (rp * (Gs * nrm n x) + rp * (q (S_ t) * nrm n x)) by ring.
  lra. Qed.

(* beta: (A.13); om = 1/2 is the sharper form, om = 1 that of theorem_a.md *)
Variable om : R.
Hypothesis om_ok : 1 / 2 <= om.
Definition rho s := s * (Gs + om * kap * s).
Definition dbeta t : vec := fun r => beta (S t) r - beta t r.
Lemma dbeta_eq t r : (r < p)%nat -> dbeta t r = - (eta / rp) * mulv n (Psi t) (e t) r.
Proof. intros Hr. unfold dbeta. rewrite (runb t r Hr). ring. Qed.
Lemma dbeta_nrm t : nrm p (dbeta t) <= eta * En t * g1 (S_ t).
Proof. assert (X := eta_rp). rewrite (nrm_ext p _ _ (dbeta_eq t)).
  rewrite nrm_scal, Rabs_Ropp, (Rabs_right (eta / rp)) by lra.
  assert (T := Psi_op t (e t)). change (nrm n (e t)) with (En t) in T.
  replace (eta * En t * g1 (S_ t)) with (eta / rp * (rp * (g1 (S_ t) * En t))) by (field; apply rp_neq).
  apply Rmult_le_compat_l; assumption. Qed.
Definition db0 t : vec := fun r => beta t r - beta 0%nat r.
Lemma beta_drift t : nrm p (db0 t) <= rho (S_ t).
Proof. induction t as [|t IH].
  - rewrite (nrm_ext p _ (fun _ => 0)) by (intros; unfold db0; ring). rewrite nrm_zero, S_0. unfold rho. lra.
  - rewrite (nrm_ext p _ (fun r => db0 t r + dbeta t r)) by (intros; unfold db0, dbeta; ring).
    eapply Rle_trans; [apply nrm_add|]. assert (T := dbeta_nrm t). rewrite S_step.
    set (s := S_ t) in *. set (h := eta * En t) in *. assert (Sp := S_pos t). fold s in Sp.
    assert (Hh : 0 <= h) by (unfold h; assert (X := En_pos t); nra).
    assert (Kp := kap_pos).
    apply Rle_trans with (rho s + h * g1 s); [lra|].
    unfold rho, g1, q.
    assert (0 <= kap * (h * s)) by (pos).
    assert (0 <= kap * (h * h)) by (pos).
    nra. Qed.
Lemma rho_pos t : 0 <= rho (S_ t).
Proof. assert (X := S_pos t). assert (Y := kap_pos). unfold rho. apply Rmult_le_pos; [assumption|].
  assert (0 <= om * kap * S_ t) by (pos). lra. Qed.
Local Hint Resolve rho_pos : pos.

(* bilinear forms of G and H *)
Lemma INRp : 0 < INR p.      Proof. now apply lt_0_INR. Qed.
Local Hint Resolve INRp : pos.

Lemma mulv_G t x i : mulv n (G t) x i = sum p (fun r => Psi t r i * mulv n (Psi t) x r) / INR p.
Proof. unfold mulv at 1, G. rewrite (sum_ext n _ (fun j => sum p (fun r => Psi t r i * Psi t r j * x j) / INR p)).
  2:{ intros. unfold Rdiv. rewrite sum_scal_r. ring. }
  unfold Rdiv. rewrite sum_scal_r. f_equal. rewrite sum_swap. apply sum_ext. intros r Hr.
  unfold mulv. rewrite <- sum_scal. apply sum_ext. intros; ring. Qed.
Lemma mulv_H t x i : mulv n (H t) x i =
  sum p (fun r => beta t r * b r * (D t r i * mulv n K (fun j => D t r j * x j) i)) / INR p.
Proof. unfold mulv at 1, H.
  rewrite (sum_ext n _ (fun j => sum p (fun r => beta t r * b r * (D t r i * K i j * D t r j) * x j) / INR p)).
  2:{ intros. unfold Rdiv. rewrite sum_scal_r. ring. }
  unfold Rdiv. rewrite sum_scal_r. f_equal. rewrite sum_swap. apply sum_ext. intros r Hr.
  unfold mulv. rewrite <- !sum_scal. apply sum_ext. intros; ring. Qed.
Lemma mulv_M t x i : mulv n (M t) x i = mulv n (G t) x i + mulv n (H t) x i.
Proof. unfold mulv, M. rewrite <- sum_add. apply sum_ext. intros; ring. Qed.

Lemma bil_G t z x : bil n (G t) z x = dot p (mulv n (Psi t) z) (mulv n (Psi t) x) / INR p.
Proof. unfold bil. rewrite (dot_ext n z z _ _ (fun _ _ => eq_refl) (fun i _ => mulv_G t x i)).
  unfold dot. rewrite (sum_ext n _ (fun i => sum p (fun r => z i * Psi t r i * mulv n (Psi t) x r) / INR p)).
  2:{ intros i Hi. unfold Rdiv. rewrite <- Rmult_assoc, <- sum_scal. f_equal. apply sum_ext. intros; ring. }
  unfold Rdiv. rewrite sum_scal_r. f_equal. rewrite sum_swap. apply sum_ext. intros r Hr.
  rewrite sum_scal_r. f_equal. apply sum_ext. intros; ring. Qed.
Definition Dx t r (x : vec) : vec := fun i => D t r i * x i.
Lemma bil_H t z x : bil n (H t) z x = sum p (fun r => beta t r * b r * bil n K (Dx t r z) (Dx t r x)) / INR p.
Proof. unfold bil. rewrite (dot_ext n z z _ _ (fun _ _ => eq_refl) (fun i _ => mulv_H t x i)).
  unfold dot at 1. rewrite (sum_ext n _ (fun i => sum p (fun r => beta t r * b r * (Dx t r z i * mulv n K (Dx t r x) i)) / INR p)).
  2:{ intros i Hi. unfold Rdiv. rewrite <- Rmult_assoc, <- sum_scal. f_equal. apply sum_ext. intros. unfold Dx. ring. }
  unfold Rdiv. rewrite sum_scal_r. f_equal. rewrite sum_swap. apply sum_ext. intros r Hr.
  rewrite sum_scal. reflexivity. Qed.

Definition dG s := 2 * Gs * q s + q s * q s.
(* (A.19) *)
Lemma G_drift t z x : Rabs (bil n (G t) z x - bil n (G 0%nat) z x) <= dG (S_ t) * (nrm n z * nrm n x).
Proof. rewrite !bil_G.
  set (dP := fun r i => Psi t r i - Psi 0%nat r i).
  replace (dot p (mulv n (Psi t) z) (mulv n (Psi t) x) / INR p - dot p (mulv n (Psi 0%nat) z) (mulv n (Psi 0%nat) x) / INR p)
    with ((dot p (mulv n dP z) (mulv n (Psi t) x) + dot p (mulv n (Psi 0%nat) z) (mulv n dP x)) / INR p).
  2:{ rewrite (dot_ext p (mulv n (Psi t) z) _ (mulv n (Psi t) x) _ (fun r _ => Psi_split t z r) (fun r _ => eq_refl)).
      fold dP. rewrite (dot_sym p (fun i => _ + _)), dot_add_r, !(dot_sym p (mulv n (Psi t) x)).
      rewrite (dot_ext p (mulv n (Psi 0%nat) z) _ (mulv n (Psi t) x) _ (fun r _ => eq_refl) (fun r _ => Psi_split t x r)).
      fold dP. rewrite dot_add_r. unfold Rdiv. ring. }
  assert (Ip := INRp). unfold Rdiv. rewrite Rabs_mult, (Rabs_right (/ INR p)) by (left; now apply Rinv_0_lt_compat).
  apply Rmult_le_reg_r with (INR p); [assumption|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  eapply Rle_trans; [apply Rabs_triang|].
  assert (U1 := dot_CS p (mulv n dP z) (mulv n (Psi t) x)).
  assert (U2 := dot_CS p (mulv n (Psi 0%nat) z) (mulv n dP x)).
  assert (Z := nrm_pos n z). assert (X := nrm_pos n x). assert (Rp := rp_pos).
  assert (qp := q_pos t). assert (gp := g1_pos t).
  assert (V1 : nrm p (mulv n dP z) * nrm p (mulv n (Psi t) x) <= (rp * (q (S_ t) * nrm n z)) * (rp * (g1 (S_ t) * nrm n x))).
  { apply Rmult_le_compat; try apply nrm_pos; [apply dPsi_op|apply Psi_op]. }
  assert (V2 : nrm p (mulv n (Psi 0%nat) z) * nrm p (mulv n dP x) <= (rp * (Gs * nrm n z)) * (rp * (q (S_ t) * nrm n x))).
  { apply Rmult_le_compat; try apply nrm_pos; [apply Gs_ok|apply dPsi_op]. }
  rewrite <- rp_sq. unfold dG. unfold g1 in V1. nra. Qed.

Variable Q : R.
Hypothesis Q_ok : sum p (fun r => Rabs (beta 0%nat r) * (b r * b r)) <= INR p * Q.
Definition h2 := 2 * L1 * L1 * L2 * kmax * Kn / rp.
Lemma h2_pos : 0 <= h2.  Proof. unfold h2. pos. Qed.
Local Hint Resolve h2_pos : pos.
Definition dH s := L1 * L1 * Kn * s0 * rho s / rp + h2 * Q * s.

Lemma bilK u v : Rabs (bil n K u v) <= Kn * (nrm n u * nrm n v).
Proof. unfold bil. eapply Rle_trans; [apply dot_CS|]. assert (T := K_norm v). assert (U := nrm_pos n u). nra. Qed.

Lemma bil_sub_l N u v w : bil n N (fun i => u i - v i) w = bil n N u w - bil n N v w.
Proof. unfold bil. rewrite !(dot_sym n _ (mulv n N w)). apply dot_sub_r. Qed.
Lemma bil_sub_r N u v w : bil n N w (fun i => u i - v i) = bil n N w u - bil n N w v.
Proof. unfold bil. rewrite <- dot_sub_r. apply dot_ext; [reflexivity|]. intros. apply mulv_sub. Qed.

Lemma dD_nrm t r x : (r < p)%nat ->
  nrm n (fun i => Dx t r x i - Dx 0%nat r x i) <= Rabs (b r) * (L2 * L1 * kmax / rp * S_ t) * nrm n x.
Proof. intros Hr. assert (Sp := S_pos t). assert (B := Rabs_pos (b r)). assert (Rp := rp_pos).
  assert (Ir : 0 <= / rp) by (left; now apply Rinv_0_lt_compat).
  apply nrm_mono_c.
  - pos.
  - intros i Hi. unfold Dx. replace (D t r i * x i - D 0%nat r i * x i) with ((D t r i - D 0%nat r i) * x i) by ring.
    rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|].
    eapply Rle_trans; [apply (act_L2 act)|].
    assert (T := A_entry t r i Hr Hi). assert (Hk := kmax_ok i Hi).
    apply Rle_trans with (L2 * (Rabs (b r) * L1 * kk i / rp * S_ t)); [apply Rmult_le_compat_l; assumption|].
    replace (L2 * (Rabs (b r) * L1 * kk i / rp * S_ t)) with ((Rabs (b r) * (L2 * L1 * / rp * S_ t)) * kk i) by (unfold Rdiv; ring).
    replace (Rabs (b r) * (L2 * L1 * kmax / rp * S_ t)) with ((Rabs (b r) * (L2 * L1 * / rp * S_ t)) * kmax) by (unfold Rdiv; ring).
    apply Rmult_le_compat_l; [|assumption]. pos. Qed.

Lemma DKD_drift t r z x : (r < p)%nat ->
  Rabs (bil n K (Dx t r z) (Dx t r x) - bil n K (Dx 0%nat r z) (Dx 0%nat r x))
  <= Rabs (b r) * (h2 * S_ t) * (nrm n z * nrm n x).
Proof. intros Hr.
  replace (bil n K (Dx t r z) (Dx t r x) - bil n K (Dx 0%nat r z) (Dx 0%nat r x)) with
    (bil n K (fun i => Dx t r z i - Dx 0%nat r z i) (Dx t r x) + bil n K (Dx 0%nat r z) (fun i => Dx t r x i - Dx 0%nat r x i))
    by (rewrite bil_sub_l, bil_sub_r; ring).
  eapply Rle_trans; [apply Rabs_triang|].
  assert (T1 := bilK (fun i => Dx t r z i - Dx 0%nat r z i) (Dx t r x)).
  assert (T2 := bilK (Dx 0%nat r z) (fun i => Dx t r x i - Dx 0%nat r x i)).
  assert (N1 := dD_nrm t r z Hr). assert (N2 := dD_nrm t r x Hr).
  assert (M1 := D_nrm t r x). assert (M2 := D_nrm 0%nat r z).
  set (c := Rabs (b r) * (L2 * L1 * kmax / rp * S_ t)) in *.
  assert (Z := nrm_pos n z). assert (X := nrm_pos n x).
  assert (V1 : nrm n (fun i => Dx t r z i - Dx 0%nat r z i) * nrm n (Dx t r x) <= (c * nrm n z) * (L1 * nrm n x))
    by (apply Rmult_le_compat; try apply nrm_pos; assumption).
  assert (V2 : nrm n (Dx 0%nat r z) * nrm n (fun i => Dx t r x i - Dx 0%nat r x i) <= (L1 * nrm n z) * (c * nrm n x))
    by (apply Rmult_le_compat; try apply nrm_pos; assumption).
  apply (Rmult_le_compat_l Kn) in V1; [|assumption]. apply (Rmult_le_compat_l Kn) in V2; [|assumption].
  replace (Rabs (b r) * (h2 * S_ t) * (nrm n z * nrm n x)) with
    (Kn * (c * nrm n z * (L1 * nrm n x)) + Kn * (L1 * nrm n z * (c * nrm n x))) by (unfold c, h2, Rdiv; ring).
  lra. Qed.

(* (A.20) *)
Lemma H_drift t z x : Rabs (bil n (H t) z x - bil n (H 0%nat) z x) <= dH (S_ t) * (nrm n z * nrm n x).
Proof. rewrite !bil_H. assert (Ip := INRp).
  replace (sum p (fun r => beta t r * b r * bil n K (Dx t r z) (Dx t r x)) / INR p
     - sum p (fun r => beta 0%nat r * b r * bil n K (Dx 0%nat r z) (Dx 0%nat r x)) / INR p)
   with ((sum p (fun r => db0 t r * b r * bil n K (Dx t r z) (Dx t r x)) +
     sum p (fun r => beta 0%nat r * b r * (bil n K (Dx t r z) (Dx t r x) - bil n K (Dx 0%nat r z) (Dx 0%nat r x)))) * / INR p).
  2:{ rewrite <- sum_add. unfold Rdiv. rewrite <- !sum_scal_r, <- sum_sub. apply sum_ext. intros. unfold db0. ring. }
  rewrite Rabs_mult, (Rabs_right (/ INR p)) by (left; now apply Rinv_0_lt_compat).
  apply Rmult_le_reg_r with (INR p); [assumption|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  eapply Rle_trans; [apply Rabs_triang|].
  assert (Z := nrm_pos n z). assert (X := nrm_pos n x). set (zx := nrm n z * nrm n x).
  assert (zx0 : 0 <= zx) by (unfold zx; nra).
  assert (T1 : Rabs (sum p (fun r => db0 t r * b r * bil n K (Dx t r z) (Dx t r x)))
     <= rho (S_ t) * (rp * s0) * (Kn * (L1 * L1) * zx)).
  { eapply Rle_trans; [apply sum_abs|].
    apply Rle_trans with (sum p (fun r => Rabs (db0 t r) * Rabs (b r) * (Kn * (L1 * L1) * zx))).
    - apply sum_le. intros r Hr. rewrite !Rabs_mult.
      apply Rmult_le_compat_l; [assert (Q1 := Rabs_pos (db0 t r)); assert (Q2 := Rabs_pos (b r)); nra|].
      eapply Rle_trans; [apply bilK|].
      assert (V : nrm n (Dx t r z) * nrm n (Dx t r x) <= (L1 * nrm n z) * (L1 * nrm n x))
        by (apply Rmult_le_compat; try apply nrm_pos; apply D_nrm).
      apply (Rmult_le_compat_l Kn) in V; [|assumption]. unfold zx. lra.
    - rewrite sum_scal_r. apply Rmult_le_compat_r; [pos|].
      eapply Rle_trans; [apply sum_abs_CS|]. rewrite nrm_b.
      apply Rmult_le_compat_r; [assert (s := s0_pos); assert (r := rp_pos); nra|apply beta_drift]. }
  assert (T2 : Rabs (sum p (fun r => beta 0%nat r * b r * (bil n K (Dx t r z) (Dx t r x) - bil n K (Dx 0%nat r z) (Dx 0%nat r x))))
     <= INR p * Q * (h2 * S_ t * zx)).
  { eapply Rle_trans; [apply sum_abs|].
    apply Rle_trans with (sum p (fun r => Rabs (beta 0%nat r) * (b r * b r) * (h2 * S_ t * zx))).
    - apply sum_le. intros r Hr. rewrite !Rabs_mult. assert (V := DKD_drift t r z x Hr).
      assert (Q1 := Rabs_pos (beta 0%nat r)). assert (Q2 := Rabs_pos (b r)).
      assert (BB : Rabs (b r) * Rabs (b r) = b r * b r) by (rewrite <- Rabs_mult; apply Rabs_right; nra).
      apply (Rmult_le_compat_l (Rabs (beta 0%nat r) * Rabs (b r))) in V; [|nra].
      eapply Rle_trans; [exact V|]. right. rewrite <- BB. unfold zx. ring.
    - rewrite sum_scal_r. apply Rmult_le_compat_r; [|exact Q_ok].
      pos. }
  replace (dH (S_ t) * zx * INR p) with (rho (S_ t) * (rp * s0) * (Kn * (L1 * L1) * zx) + INR p * Q * (h2 * S_ t * zx)).
  2:{ unfold dH. rewrite <- rp_sq. field. apply rp_neq. }
  lra. Qed.

Definition DD s := dG s + dH s.
Lemma M_drift t x : nrm n (fun i => mulv n (M t) x i - mulv n (M 0%nat) x i) <= DD (S_ t) * nrm n x.
Proof. assert (X := nrm_pos n x).
  assert (S0 := S_pos t).
  assert (Dp : 0 <= DD (S_ t)).
  { assert (qp := q_pos t). assert (rr := rho_pos t). assert (sp := s0_pos). assert (rpp := rp_pos).
    assert (Qp : 0 <= Q).
    { assert (0 <= INR p * Q).
      { eapply Rle_trans; [|exact Q_ok]. apply sum_pos. intros r Hr. apply Rmult_le_pos; [apply Rabs_pos|nra]. }
      assert (Ip := INRp). apply Rmult_le_reg_l with (INR p); [assumption|lra]. }
    assert (Ir : 0 <= / rp) by (left; now apply Rinv_0_lt_compat).
    unfold DD, dG, dH, h2, Rdiv. pos. }
  apply nrm_dual; [nra|]. intros z.
  rewrite dot_sub_r. change (dot n z (mulv n (M t) x)) with (bil n (M t) z x).
  change (dot n z (mulv n (M 0%nat) x)) with (bil n (M 0%nat) z x).
  assert (E : forall s, bil n (M s) z x = bil n (G s) z x + bil n (H s) z x).
  { intros s. unfold bil. rewrite <- dot_add_r. apply dot_ext; [reflexivity|]. intros. apply mulv_M. }
  rewrite !E. assert (T1 := G_drift t z x). assert (T2 := H_drift t z x).
  apply Rabs_le_inv in T1. apply Rabs_le_inv in T2. unfold DD. nra. Qed.

(* (A.21), (A.22): the exact error recursion *)
Definition v t : vec := fun i =>
  (mulvT p (dPsi t) (dbeta t) i + sum p (fun r => beta t r * (dPsi t r i - D t r i * dA t r i))) / rp.
Lemma error_recursion t i : (i < n)%nat ->
  e (S t) i = e t i - eta * mulv n (M t) (e t) i + v t i.
Proof. intros Hi. assert (rp0 : rp <> 0) by (apply rp_neq).
  rewrite mulv_M, mulv_G, mulv_H, <- rp_sq. unfold e at 1, f, v, mulvT. fold (f t).
  unfold e at 1, f, mulvT.
  set (s1 := sum p (fun r => Psi (S t) r i * beta (S t) r)).
  set (s0' := sum p (fun r => Psi t r i * beta t r)).
  assert (Es : s1 = s0' + sum p (fun r => Psi t r i * (- (eta / rp) * mulv n (Psi t) (e t) r))
     + sum p (fun r => beta t r * (D t r i * (- (eta / rp) * (b r * mulv n K (fun j => D t r j * e t j) i))))
     + (sum p (fun r => dPsi t r i * dbeta t r) + sum p (fun r => beta t r * (dPsi t r i - D t r i * dA t r i)))).
  { unfold s1, s0'. rewrite <- !sum_add. apply sum_ext. intros r Hr.
    rewrite <- (dbeta_eq t r Hr), <- (dA_eq t r i Hr Hi). unfold dbeta, dPsi. ring. }
  rewrite Es.
  rewrite (sum_ext p (fun r => Psi t r i * (- (eta / rp) * mulv n (Psi t) (e t) r))
     (fun r => (- (eta / rp)) * (Psi t r i * mulv n (Psi t) (e t) r))) by (intros; ring).
  rewrite (sum_ext p (fun r => beta t r * (D t r i * (- (eta / rp) * (b r * mulv n K (fun j => D t r j * e t j) i))))
     (fun r => (- (eta / rp)) * (beta t r * b r * (D t r i * mulv n K (fun j => D t r j * e t j) i)))) by (intros; ring).
  rewrite !sum_scal. field. assumption. Qed.

(* step 7: the remainder *)
Definition b2 : vec := fun r => b r * b r.
Definition koK := nrm n (fun i => kk i * kk i).
Definition Qbar s := Q + nrm p b2 / INR p * rho s.
Definition v2 := L1 * L1 * L2 * koK / (2 * rp).
Definition Cv s := kap * g1 s + v2 * Qbar s.

Lemma Qbar_ok t : sum p (fun r => Rabs (beta t r) * (b r * b r)) <= INR p * Qbar (S_ t).
Proof. assert (Ip := INRp).
  apply Rle_trans with (sum p (fun r => Rabs (beta 0%nat r) * (b r * b r)) + sum p (fun r => Rabs (db0 t r) * Rabs (b2 r))).
  - rewrite <- sum_add. apply sum_le. intros r Hr.
    assert (B : Rabs (b2 r) = b r * b r) by (unfold b2; apply Rabs_right; nra). rewrite B.
    assert (T : Rabs (beta t r) <= Rabs (beta 0%nat r) + Rabs (db0 t r)).
    { replace (beta t r) with (beta 0%nat r + db0 t r) by (unfold db0; ring). apply Rabs_triang. }
    assert (0 <= b r * b r) by nra. nra.
  - assert (T := sum_abs_CS p (db0 t) b2). assert (N := nrm_pos p b2). assert (R := beta_drift t).
    unfold Qbar. replace (INR p * (Q + nrm p b2 / INR p * rho (S_ t))) with (INR p * Q + rho (S_ t) * nrm p b2) by (field; lra).
    apply Rplus_le_compat; [exact Q_ok|]. eapply Rle_trans; [exact T|]. now apply Rmult_le_compat_r. Qed.

Lemma v_bound t : nrm n (v t) <= eta * eta * Cv (S_ t) * (En t * En t).
Proof. assert (Rp := rp_pos). assert (Ip := INRp). assert (Ep := En_pos t).
  set (w := fun i => sum p (fun r => beta t r * (dPsi t r i - D t r i * dA t r i))).
  rewrite (nrm_ext n _ (fun i => / rp * mulvT p (dPsi t) (dbeta t) i + / rp * w i)).
  2:{ intros. unfold v, w, Rdiv. ring. }
  eapply Rle_trans; [apply nrm_add|]. rewrite !nrm_scal.
  assert (Ir : 0 < / rp) by now apply Rinv_0_lt_compat. rewrite !(Rabs_right (/ rp)) by lra.
  assert (T1 : nrm n (mulvT p (dPsi t) (dbeta t)) <= rp * (eta * (kap * En t)) * (eta * En t * g1 (S_ t))).
  { eapply Rle_trans; [apply frob_mulvT|]. apply Rmult_le_compat; try apply nrm_pos; try apply frob_pos;
     [apply dPsi_frob|apply dbeta_nrm]. }
  assert (T2 : nrm n w <= (L2 / 2 * (L1 * L1) * (eta * En t * (eta * En t)) * Qbar (S_ t)) * koK).
  { assert (Qb : 0 <= Qbar (S_ t)).
    { assert (T := Qbar_ok t). assert (0 <= INR p * Qbar (S_ t)).
      { eapply Rle_trans; [|exact T]. apply sum_pos. intros. apply Rmult_le_pos; [apply Rabs_pos|nra]. }
      apply Rmult_le_reg_l with (INR p); [assumption|lra]. }
    apply nrm_mono_c.
    { assert (0 <= eta * En t) by nra. pos; lra. }
    intros i Hi. rewrite (Rabs_right (kk i * kk i)) by nra.
    unfold w. eapply Rle_trans; [apply sum_abs|].
    apply Rle_trans with (sum p (fun r => (Rabs (beta t r) * (b r * b r)) * (L2 / 2 * (L1 * L1 * (kk i * kk i) * (eta * En t * (eta * En t)) / INR p)))).
    - apply sum_le. intros r Hr. rewrite Rabs_mult, Rmult_assoc. apply Rmult_le_compat_l; [apply Rabs_pos|].
      assert (Ta := act_Taylor act r i (A t r i) (dA t r i)).
      replace (A t r i + dA t r i) with (A (S t) r i) in Ta by (unfold dA; ring).
      change (psi r i (A (S t) r i) - psi r i (A t r i) - dpsi r i (A t r i) * dA t r i) with (dPsi t r i - D t r i * dA t r i) in Ta.
      eapply Rle_trans; [exact Ta|].
      assert (Te := dA_entry t r i Hr Hi). assert (B := Rabs_pos (b r)). assert (dp := Rabs_pos (dA t r i)).
      set (c := Rabs (b r) * L1 * kk i / rp * (eta * En t)) in *.
      assert (Hsq : dA t r i * dA t r i <= c * c).
      { replace (dA t r i * dA t r i) with (Rabs (dA t r i) * Rabs (dA t r i)) by (rewrite <- Rabs_mult; apply Rabs_right; nra).
        apply Rmult_le_compat; assumption. }
      assert (Ec : c * c = b r * b r * (L1 * L1 * (kk i * kk i) * (eta * En t * (eta * En t)) / INR p)).
      { unfold c. rewrite <- rp_sq.
        assert (BB : Rabs (b r) * Rabs (b r) = b r * b r) by (rewrite <- Rabs_mult; apply Rabs_right; nra).
        rewrite <- BB. field. lra. }
      apply Rle_trans with (L2 / 2 * (c * c)); [apply Rmult_le_compat_l; lra|]. rewrite Ec. right. field. lra.
    - rewrite sum_scal_r. assert (Qt := Qbar_ok t). assert (k0 : 0 <= kk i * kk i) by nra.
      assert (e0 : 0 <= eta * En t * (eta * En t)) by nra.
      replace (L2 / 2 * (L1 * L1) * (eta * En t * (eta * En t)) * Qbar (S_ t) * (kk i * kk i)) with
        ((INR p * Qbar (S_ t)) * (L2 / 2 * (L1 * L1 * (kk i * kk i) * (eta * En t * (eta * En t)) / INR p))) by (field; lra).
      apply Rmult_le_compat_r; [|exact Qt].
      assert (0 < / INR p) by now apply Rinv_0_lt_compat.
      unfold Rdiv. pos. }
  apply (Rmult_le_compat_l (/ rp)) in T1; [|lra]. apply (Rmult_le_compat_l (/ rp)) in T2; [|lra].
  replace (eta * eta * Cv (S_ t) * (En t * En t)) with
    (/ rp * (rp * (eta * (kap * En t)) * (eta * En t * g1 (S_ t))) +
     / rp * (L2 / 2 * (L1 * L1) * (eta * En t * (eta * En t)) * Qbar (S_ t) * koK)).
  2:{ unfold Cv, v2. field. lra. }
  lra. Qed.

(* (A.35) *)
Variable m0 : R.
Hypothesis rate0 : forall x, nrm n (fun i => x i - eta * mulv n (M 0%nat) x i) <= (1 - eta * m0) * nrm n x.
Theorem one_step t : En (S t) <= (1 - eta * (m0 - DD (S_ t) - eta * Cv (S_ t) * En t)) * En t.
Proof. unfold En at 1.
  rewrite (nrm_ext n (e (S t)) (fun i => (e t i - eta * mulv n (M 0%nat) (e t) i) +
     ((- eta) * (mulv n (M t) (e t) i - mulv n (M 0%nat) (e t) i) + v t i))).
  2:{ intros i Hi. rewrite (error_recursion t i Hi). ring. }
  eapply Rle_trans; [apply nrm_add|]. assert (T1 := rate0 (e t)).
  assert (T2 := nrm_add n (fun i => (- eta) * (mulv n (M t) (e t) i - mulv n (M 0%nat) (e t) i)) (v t)). cbv beta in T2.
  rewrite (nrm_scal n (- eta) (fun i => mulv n (M t) (e t) i - mulv n (M 0%nat) (e t) i)) in T2.
  rewrite Rabs_Ropp, (Rabs_right eta) in T2 by lra.
  assert (T3 := M_drift t (e t)). assert (T4 := v_bound t). fold (En t) in T1, T3.
  apply (Rmult_le_compat_l eta) in T3; [|lra]. lra. Qed.
End Network.

(* From every state (A, beta) there is exactly one run: the step (A.1) is a function. *)
Section Existence.
Variables n p : nat.
Variable K : mat.
Variables y b : vec.
Variables psi dpsi : nat -> nat -> R -> R.
Variable eta : R.
Definition step (st : mat * vec) : mat * vec :=
  let (A, beta) := st in
  let e := fun i => mulvT p (fun r i => psi r i (A r i)) beta i / rp p - y i in
  (fun r i => A r i - eta / rp p * (b r * mulv n K (fun j => dpsi r j (A r j) * e j) i),
   fun r => beta r - eta / rp p * mulv n (fun r i => psi r i (A r i)) e r).
Fixpoint run_from (st : mat * vec) (t : nat) : mat * vec :=
  match t with O => st | S u => step (run_from st u) end.
Variable st : mat * vec.
Let A t := fst (run_from st t).
Let beta t := snd (run_from st t).
Lemma run_from_A : run_A n p K y b psi dpsi eta A beta.
Proof.
  intros t r i _ _. unfold A, beta, D, e, f, Psi. cbn [run_from]. destruct (run_from st t). reflexivity. Qed.
Lemma run_from_beta : run_beta n p y psi eta A beta.
Proof.
  intros t r _. unfold A, beta, e, f, Psi. cbn [run_from]. destruct (run_from st t). reflexivity. Qed.
End Existence.
