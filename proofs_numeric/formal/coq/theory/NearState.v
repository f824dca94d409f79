(* SPDX-License-Identifier: Apache-2.0 *)
(* A state near another one, for one output and feedback alignment: section 5 of theorem_b.md, which is also section 7
   there from a checkpoint. The state at time 0 is the centre, that at time 1 is within r of it: |A(1) - A(0)|_F <= r,
   |beta(1) - beta(0)| <= r. Bounds of |e|, M, G and Q at the centre give bounds at the other state. With sg = sqrt(G_max)
   - q the bound of G there is G_max. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms Network.
Open Scope R_scope.

Section Near.
Variables n p : nat.
Variable K : mat.
Variables y b : vec.
Variables psi dpsi : nat -> nat -> R -> R.
Variables L1 L2 Kn r sg : R.
Variable A : nat -> mat.
Variable beta : nat -> vec.
Hypothesis p_pos : (0 < p)%nat.
Hypothesis K_sym : symm n K.
Hypothesis K_form : forall x, Rabs (quad n K x) <= Kn * dot n x x.
Hypothesis Kn_pos : 0 <= Kn.
Hypothesis act : activation_ok psi dpsi L1 L2.
Hypothesis L1_pos : 0 <= L1.
Hypothesis L2_pos : 0 <= L2.
Let dA : mat := fun u i => A 1%nat u i - A 0%nat u i.
Let db : vec := fun u => beta 1%nat u - beta 0%nat u.
Hypothesis r_pos : 0 <= r.
Hypothesis near_A : frob p n dA <= r.
Hypothesis near_beta : nrm p db <= r.
Hypothesis sg_pos : 0 <= sg.
Hypothesis G_bound : forall x, quad n (G p psi A 0) x <= sg * sg * dot n x x.
Let rpp := rp_pos p p_pos.
Let ip := INRp p p_pos.

Definition near_q := L1 * r / rp p.
Lemma near_q_pos : 0 <= near_q.
Proof. unfold near_q. pos. Qed.

(* |Psi(0) x|, |Psi(0)^T v| and |(Psi(1) - Psi(0)) x| *)
Lemma centre_op x : nrm p (mulv n (Psi psi A 0) x) <= rp p * (sg * nrm n x).
Proof. assert (X := nrm_pos n x). apply nrm_le_sq; [pos|]. assert (T := G_bound x). unfold quad in T. rewrite bil_G in T.
  apply (Rmult_le_compat_r (INR p)) in T; [|lra]. unfold Rdiv in T. rewrite Rmult_assoc, Rinv_l, Rmult_1_r in T by lra.
  eapply Rle_trans; [exact T|]. right. rewrite <- nrm_sq, <- (rp_sq p). ring. Qed.
Lemma centre_adjoint v : nrm n (mulvT p (Psi psi A 0) v) <= rp p * sg * nrm p v.
Proof. assert (V := nrm_pos p v). assert (0 <= rp p * sg) by pos. apply nrm_dual; [pos|]. intros z. rewrite <- mulv_adj.
  eapply Rle_trans; [apply dot_CS'|]. replace (rp p * sg * nrm p v * nrm n z) with (rp p * (sg * nrm n z) * nrm p v) by ring.
  apply Rmult_le_compat_r; [assumption|apply centre_op]. Qed.
Let dP : mat := fun u i => Psi psi A 1 u i - Psi psi A 0 u i.
Lemma dP_frob : frob p n dP <= L1 * r.
Proof. apply Rle_trans with (L1 * frob p n dA); [|now apply Rmult_le_compat_l].
  apply frob_mono_c; [assumption|]. intros. apply (act_Lip _ _ _ _ act). Qed.
Lemma dP_op x : nrm p (mulv n dP x) <= rp p * (near_q * nrm n x).
Proof. assert (X := nrm_pos n x). eapply Rle_trans; [apply frob_mulv|]. unfold near_q.
  replace (rp p * (L1 * r / rp p * nrm n x)) with (L1 * r * nrm n x) by (field; lra). apply Rmult_le_compat_r;
    [assumption|apply dP_frob]. Qed.
Lemma near_split x u : mulv n (Psi psi A 1) x u = mulv n (Psi psi A 0) x u + mulv n dP x u.
Proof. unfold mulv, dP. rewrite <- sum_add. apply sum_ext. intros; ring. Qed.
Lemma near_op x : nrm p (mulv n (Psi psi A 1) x) <= rp p * ((sg + near_q) * nrm n x).
Proof. rewrite (nrm_ext p _ _ (fun u _ => near_split x u)). eapply Rle_trans; [apply nrm_add|].
  assert (T1 := centre_op x). assert (T2 := dP_op x). lra. Qed.

Lemma over_p (X c N : R) : X <= rp p * rp p * (c * N) -> X / INR p <= c * N.
Proof. intros H. rewrite (rp_sq p) in H. apply Rmult_le_reg_r with (INR p); [assumption|]. unfold Rdiv.
  rewrite Rmult_assoc, Rinv_l; lra. Qed.
Lemma quad_G t x : quad n (G p psi A t) x = nrm p (mulv n (Psi psi A t) x) * nrm p (mulv n (Psi psi A t) x) / INR p.
Proof. unfold quad. rewrite bil_G, nrm_sq. reflexivity. Qed.
Theorem near_G x : quad n (G p psi A 1) x <= (sg + near_q) * (sg + near_q) * dot n x x.
Proof. rewrite quad_G. apply over_p. assert (T := near_op x). assert (N := nrm_pos p (mulv n (Psi psi A 1) x)).
  assert (X := nrm_pos n x).
  eapply Rle_trans; [apply (Rmult_le_compat _ _ _ _ N N T T)|]. right. rewrite <- nrm_sq. ring. Qed.

Definition G_shift := 2 * sg * near_q + near_q * near_q.
Lemma squares_apart u v d : 0 <= u -> 0 <= v -> Rabs (u - v) <= d -> Rabs (u * u - v * v) <= d * (2 * v + d).
Proof. intros U V H. replace (u * u - v * v) with ((u - v) * (u + v)) by ring.
  rewrite Rabs_mult, (Rabs_right (u + v)) by lra.
  apply Rabs_le_inv in H as H'. apply Rmult_le_compat; [apply Rabs_pos|lra|assumption|lra]. Qed.
Lemma near_G_drift x : Rabs (quad n (G p psi A 1) x - quad n (G p psi A 0) x) <= G_shift * dot n x x.
Proof. rewrite !quad_G. assert (X := nrm_pos n x). assert (qp := near_q_pos).
  set (u := nrm p (mulv n (Psi psi A 1) x)). set (v := nrm p (mulv n (Psi psi A 0) x)).
  assert (U : 0 <= u) by apply nrm_pos. assert (V : 0 <= v) by apply nrm_pos.
  assert (D : Rabs (u - v) <= rp p * (near_q * nrm n x)).
  { assert (T := dP_op x). assert (T1 := nrm_add p (mulv n (Psi psi A 0) x) (mulv n dP x)). cbv beta in T1.
    rewrite <- (nrm_ext p _ _ (fun u _ => near_split x u)) in T1. fold u v in T1.
    assert (T2 := nrm_sub_low p (mulv n (Psi psi A 0) x) (mulv n (Psi psi A 1) x)). fold u v in T2.
    rewrite (nrm_ext p (fun i => _ - _) (mulv n dP x)) in T2 by (intros; rewrite near_split; ring). apply Rabs_le. lra. }
  assert (T := squares_apart u v _ U V D). assert (C := centre_op x). fold v in C.
  replace (u * u / INR p - v * v / INR p) with ((u * u - v * v) / INR p) by (unfold Rdiv; ring).
  unfold Rdiv at 1. rewrite Rabs_mult, (Rabs_right (/ INR p)) by (left; now apply Rinv_0_lt_compat).
  change (Rabs (u * u - v * v) * / INR p) with (Rabs (u * u - v * v) / INR p). apply over_p.
  eapply Rle_trans; [exact T|]. assert (0 <= rp p * (near_q * nrm n x)) by pos.
  apply Rle_trans with (rp p * (near_q * nrm n x) * (2 * (rp p * (sg * nrm n x)) + rp p * (near_q * nrm n x))).
  - apply Rmult_le_compat_l; lra.
  - right. unfold G_shift. rewrite <- nrm_sq. ring. Qed.

Let cb : vec := fun u => beta 0%nat u * b u.
Definition H_shift := (L1 * L1 * Kn * nrm p b + 2 * Kn * L1 * L2 * nrm p cb) * r / INR p.
Lemma rows_frob : nrm p (fun u => nrm n (dA u)) = frob p n dA.
Proof. unfold nrm at 1, dot at 1. unfold frob. f_equal. apply sum_ext. intros u _. rewrite nrm_sq. reflexivity. Qed.
Lemma near_D u x : (u < p)%nat -> nrm n (fun i => Dx dpsi A 1 u x i - Dx dpsi A 0 u x i) <= L2 * nrm n (dA u) * nrm n x.
Proof. intros Hu. assert (N := nrm_pos n (dA u)). apply nrm_mono_c; [pos|]. intros i Hi. unfold Dx.
  replace (D dpsi A 1 u i * x i - D dpsi A 0 u i * x i) with ((D dpsi A 1 u i - D dpsi A 0 u i) * x i) by ring.
  rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|]. eapply Rle_trans; [apply (act_L2 _ _ _ _ act)|].
  apply Rmult_le_compat_l; [assumption|]. exact (nrm_entry n (dA u) i Hi). Qed.
Lemma near_H_drift x : Rabs (quad n (H p K b dpsi A beta 1) x - quad n (H p K b dpsi A beta 0) x) <= H_shift * dot n x x.
Proof. unfold quad. rewrite !bil_H. set (N := nrm n x). assert (X : 0 <= N) by apply nrm_pos.
  set (k := fun t u => bil n K (Dx dpsi A t u x) (Dx dpsi A t u x)).
  replace (sum p (fun u => beta 1%nat u * b u * bil n K (Dx dpsi A 1 u x) (Dx dpsi A 1 u x)) / INR p
     - sum p (fun u => beta 0%nat u * b u * bil n K (Dx dpsi A 0 u x) (Dx dpsi A 0 u x)) / INR p)
   with ((sum p (fun u => db u * b u * k 1%nat u) + sum p (fun u => cb u * (k 1%nat u - k 0%nat u))) * / INR p).
  2:{ rewrite <- sum_add. unfold Rdiv. rewrite <- !sum_scal_r, <- sum_sub. apply sum_ext. intros. unfold db, cb, k. ring. }
  assert (Dn : forall t u, nrm n (Dx dpsi A t u x) <= L1 * N) by (intros; apply (D_nrm n psi dpsi L1 L2 A act L1_pos)).
  assert (T1 : Rabs (sum p (fun u => db u * b u * k 1%nat u)) <= r * nrm p b * (Kn * (L1 * N * (L1 * N)))).
  { assert (B := nrm_pos p b). assert (Q0 : 0 <= Kn * (L1 * N * (L1 * N))) by pos.
    eapply Rle_trans; [apply sum_abs|]. apply Rle_trans with (sum p (fun u => Rabs (db u) * Rabs (b u)
      * (Kn * (L1 * N * (L1 * N))))).
    - apply sum_le. intros u Hu. rewrite !Rabs_mult. assert (P1 := Rabs_pos (db u)). assert (P2 := Rabs_pos (b u)).
      apply Rmult_le_compat_l; [pos|]. eapply Rle_trans; [apply (bilK n K Kn K_sym K_form Kn_pos)|].
      apply Rmult_le_compat_l; [assumption|]. apply Rmult_le_compat; try apply nrm_pos; apply Dn.
    - rewrite sum_scal_r. apply Rmult_le_compat_r; [assumption|]. eapply Rle_trans; [apply sum_abs_CS|].
      now apply Rmult_le_compat_r. }
  assert (T2 : Rabs (sum p (fun u => cb u * (k 1%nat u - k 0%nat u))) <= nrm p cb * r * (2 * Kn * L1 * L2 * (N * N))).
  { assert (B := nrm_pos p cb). assert (Q0 : 0 <= 2 * Kn * L1 * L2 * (N * N)) by pos.
    eapply Rle_trans; [apply sum_abs|].
    apply Rle_trans with (sum p (fun u => Rabs (cb u) * Rabs (nrm n (dA u)) * (2 * Kn * L1 * L2 * (N * N)))).
    - apply sum_le. intros u Hu. rewrite Rabs_mult, Rmult_assoc. apply Rmult_le_compat_l; [apply Rabs_pos|].
      rewrite (Rabs_right (nrm n (dA u))) by (apply Rle_ge, nrm_pos).
      replace (k 1%nat u - k 0%nat u) with (bil n K (fun i => Dx dpsi A 1 u x i - Dx dpsi A 0 u x i) (Dx dpsi A 1 u x) +
        bil n K (Dx dpsi A 0 u x) (fun i => Dx dpsi A 1 u x i - Dx dpsi A 0 u x i)) by (unfold k; rewrite bil_sub_l,
          bil_sub_r; ring).
      set (dd := fun i => _ - _). assert (Dd : nrm n dd <= L2 * nrm n (dA u) * N) by exact (near_D u x Hu).
      assert (d0 := nrm_pos n dd). assert (a0 := nrm_pos n (dA u)).
      assert (B1 := bilK n K Kn K_sym K_form Kn_pos dd (Dx dpsi A 1 u x)).
        assert (B2 := bilK n K Kn K_sym K_form Kn_pos (Dx dpsi A 0 u x) dd).
      assert (C1 : nrm n dd * nrm n (Dx dpsi A 1 u x) <= L2 * nrm n (dA u) * N * (L1 * N)) by (apply Rmult_le_compat;
        try apply nrm_pos; [assumption|apply Dn]).
      assert (C2 : nrm n (Dx dpsi A 0 u x) * nrm n dd <= L1 * N * (L2 * nrm n (dA u) * N)) by (apply Rmult_le_compat;
        try apply nrm_pos; [apply Dn|assumption]).
      apply (Rmult_le_compat_l Kn) in C1; [|assumption]. apply (Rmult_le_compat_l Kn) in C2; [|assumption].
      eapply Rle_trans; [apply Rabs_triang|]. lra.
    - rewrite sum_scal_r. apply Rmult_le_compat_r; [assumption|].
      eapply Rle_trans; [apply (sum_abs_CS p cb (fun u => nrm n (dA u)))|]. rewrite rows_frob. now apply Rmult_le_compat_l. }
  rewrite Rabs_mult, (Rabs_right (/ INR p)) by (left; now apply Rinv_0_lt_compat).
  apply Rmult_le_reg_r with (INR p); [assumption|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  eapply Rle_trans; [apply Rabs_triang|]. eapply Rle_trans; [apply (Rplus_le_compat _ _ _ _ T1 T2)|].
  right. unfold H_shift. rewrite <- nrm_sq. fold N. field. lra. Qed.
Definition M_shift := G_shift + H_shift.
Theorem near_M x : Rabs (quad n (M p K b psi dpsi A beta 1) x - quad n (M p K b psi dpsi A beta 0) x) <= M_shift * dot n x x.
Proof. assert (E : forall t, quad n (M p K b psi dpsi A beta t) x = quad n (G p psi A t) x
  + quad n (H p K b dpsi A beta t) x).
  { intros t. unfold quad, bil. rewrite <- dot_add_r. apply dot_ext; [reflexivity|]. intros. apply mulv_M. }
  rewrite !E. assert (T1 := near_G_drift x). assert (T2 := near_H_drift x). apply Rabs_le_inv in T1. apply Rabs_le_inv in T2.
  unfold M_shift. apply Rabs_le. lra. Qed.

Definition e_shift := sg * r + L1 * r * (nrm p (beta 0%nat) + r) / rp p.
Theorem near_e : Rabs (En n p y psi A beta 1 - En n p y psi A beta 0) <= e_shift.
Proof. set (de := fun i => e p y psi A beta 1 i - e p y psi A beta 0 i).
  assert (B1 : nrm p (beta 1%nat) <= nrm p (beta 0%nat) + r).
  { assert (T := nrm_add p (beta 0%nat) db). cbv beta in T. rewrite (nrm_ext p (fun i => beta 0%nat i
    + db i) (beta 1%nat)) in T by (intros; unfold db; ring). lra. }
  assert (T : nrm n de <= e_shift).
  { rewrite (nrm_ext n de (fun i => / rp p * (mulvT p (Psi psi A 0) db i + mulvT p dP (beta 1%nat) i))).
    2:{ intros i Hi. unfold de, e, f. replace (mulvT p (Psi psi A 0) db i + mulvT p dP (beta 1%nat) i)
          with (mulvT p (Psi psi A 1) (beta 1%nat) i - mulvT p (Psi psi A 0) (beta 0%nat) i); [unfold Rdiv; ring|].
        unfold mulvT. rewrite <- sum_add, <- sum_sub. apply sum_ext. intros. unfold db, dP. ring. }
    rewrite nrm_scal, (Rabs_right (/ rp p)) by (left; now apply Rinv_0_lt_compat).
    apply Rmult_le_reg_l with (rp p); [assumption|]. rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l by lra.
    eapply Rle_trans; [apply nrm_add|].
    assert (T1 : nrm n (mulvT p (Psi psi A 0) db) <= rp p * sg * r).
    { eapply Rle_trans; [apply centre_adjoint|]. apply Rmult_le_compat_l; [pos|assumption]. }
    assert (T2 : nrm n (mulvT p dP (beta 1%nat)) <= L1 * r * (nrm p (beta 0%nat) + r)).
    { eapply Rle_trans; [apply frob_mulvT|]. apply Rmult_le_compat; [apply frob_pos|apply nrm_pos|apply dP_frob|
      assumption]. }
    unfold e_shift. replace (rp p * (sg * r + L1 * r * (nrm p (beta 0%nat) + r) / rp p)) with (rp p * sg * r
      + L1 * r * (nrm p (beta 0%nat) + r)) by (field; lra).
    lra. }
  assert (U := nrm_add n (e p y psi A beta 0) de). cbv beta in U.
  rewrite (nrm_ext n (fun i => e p y psi A beta 0 i + de i) (e p y psi A beta 1)) in U by (intros; unfold de; ring).
  assert (L := nrm_sub_low n (e p y psi A beta 0) (e p y psi A beta 1)). fold de in L. unfold En. apply Rabs_le. lra. Qed.

Theorem near_Q : sum p (fun u => Rabs (beta 1%nat u) * (b u * b u)) <= sum p (fun u => Rabs (beta 0%nat u) * (b u * b u))
  + r * nrm p (b2 b).
Proof. apply Rle_trans with (sum p (fun u => Rabs (beta 0%nat u) * (b u * b u))
  + sum p (fun u => Rabs (db u) * Rabs (b2 b u))).
  - rewrite <- sum_add. apply sum_le. intros u _. assert (B0 := Rle_0_sqr (b u)). unfold Rsqr in B0.
    unfold b2. rewrite (Rabs_right (b u * b u)) by lra. assert (T := Rabs_triang (beta 0%nat u) (db u)).
    replace (beta 0%nat u + db u) with (beta 1%nat u) in T by (unfold db; ring). rewrite <- Rmult_plus_distr_r.
      now apply Rmult_le_compat_r.
  - apply Rplus_le_compat_l. eapply Rle_trans; [apply sum_abs_CS|]. apply Rmult_le_compat_r; [apply nrm_pos|assumption]. Qed.
End Near.
