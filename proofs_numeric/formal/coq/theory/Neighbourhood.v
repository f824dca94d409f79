(* SPDX-License-Identifier: Apache-2.0 *)
(* Neighbourhoods for k outputs, feedback alignment and backpropagation (section 16 of theorem_a_variants.md): how far the
   quantities of another checkpoint, with |A' - A|_F <= a and |beta' - beta|_F <= d, are from those of the centre, (A.57) -
   (A.64), with the traces for B2, QV, QH. Time 0 is the centre and time 1 the other checkpoint; no run is meant. What the
   checker of these certificates rests on follows in Variants.v; one output with the sharpenings is in NeighbourhoodOne.v. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms Network Frobenius Outputs.
Open Scope R_scope.

Section Near.
Variables n p k : nat.
Variable K : mat.
Variable y : mat.
Variables psi dpsi : nat -> nat -> R -> R.
Variables L1 L2 eta Kn : R.
Variables A beta c : nat -> mat.
Variables a d : R.
Local Notation rp := (rp p).
Local Notation Psi := (Psi psi A).
Local Notation Dx := (Dx dpsi A).
Hypothesis p_pos : (0 < p)%nat.
Hypothesis eta_pos : 0 < eta.
Hypothesis K_sym : symm n K.
Hypothesis K_form : forall x, Rabs (quad n K x) <= Kn * dot n x x.
Hypothesis Kn_pos : 0 <= Kn.
Hypothesis act : activation_ok psi dpsi L1 L2.
Hypothesis L1_pos : 0 <= L1.
Hypothesis L2_pos : 0 <= L2.
Hypothesis A_near : frob p n (fun r i => A 1%nat r i - A 0%nat r i) <= a.
Hypothesis beta_near : frob p k (fun r o => beta 1%nat r o - beta 0%nat r o) <= d.
Let rpp : 0 < rp := rp_pos p p_pos.
Let Ip : 0 < INR p := INRp p p_pos.
Let rps : rp * rp = INR p := rp_sq p.
Let rp1 : rp <> 0 := rp0 p p_pos.
Lemma a_pos : 0 <= a.                   Proof. eapply Rle_trans; [apply frob_pos|exact A_near]. Qed.
Lemma d_pos : 0 <= d.                   Proof. eapply Rle_trans; [apply frob_pos|exact beta_near]. Qed.
Let a0 := a_pos. Let d0 := d_pos.

(* (A.57) *)
Definition q0 := L1 * a / rp.
Lemma q0_pos : 0 <= q0.                 Proof. unfold q0. pos. Qed.
Let q00 := q0_pos.
Lemma Psi_near : frob p n (fun r i => Psi 1 r i - Psi 0 r i) <= rp * q0.
Proof. eapply Rle_trans; [apply (Psi_diff n p psi dpsi L1 L2 A act L1_pos 1 0)|].
  apply Rle_trans with (L1 * a); [now apply Rmult_le_compat_l|]. right. unfold q0. field. exact rp1. Qed.

Variable Gs : R.
Hypothesis Gs_pos : 0 <= Gs.
(* (A.59) *)
Definition gG := 2 * Gs * q0 + q0 * q0.
Lemma gG_pos : 0 <= gG.                 Proof. unfold gG. pos. Qed.
Let gG0 := gG_pos.
(* G_max - gG bounds G at the centre, so that G_max = Gs^2 bounds it at the other checkpoint *)
Hypothesis G_centre : forall x, quad n (G p psi A 0) x <= (Gs * Gs - gG) * dot n x x.
Lemma Psi_centre x : nrm p (mulv n (Psi 0) x) * nrm p (mulv n (Psi 0) x) <= INR p * ((Gs * Gs - gG) * dot n x x).
Proof. assert (T := G_centre x). unfold quad in T. rewrite bil_G in T.
  apply (Rmult_le_compat_l (INR p)) in T; [|lra]. rewrite nrm_sq. eapply Rle_trans; [|exact T]. right. field. lra. Qed.
Lemma Gs_centre x : nrm p (mulv n (Psi 0) x) <= rp * (Gs * nrm n x).
Proof. assert (X := nrm_pos n x). assert (T := Psi_centre x). rewrite <- (nrm_sq n x), <- rps in T. apply nrm_le_sq; [pos|].
  rewrite nrm_sq in T. eapply Rle_trans; [exact T|]. assert (0 <= gG * (nrm n x * nrm n x)) by pos.
  replace (rp * (Gs * nrm n x) * (rp * (Gs * nrm n x))) with (rp * rp * (Gs * Gs * (nrm n x * nrm n x))) by ring.
  apply Rmult_le_compat_l; [pos|]. lra. Qed.
Lemma G_near x : quad n (G p psi A 1) x <= Gs * Gs * dot n x x.
Proof. unfold quad. rewrite bil_G, <- !nrm_sq. set (u := nrm p (mulv n (Psi 0) x)). set (X := nrm n x).
  assert (X0 : 0 <= X) by apply nrm_pos. assert (u0 : 0 <= u) by apply nrm_pos.
  assert (T1 : u * u <= INR p * ((Gs * Gs - gG) * (X * X))) by (unfold X; rewrite nrm_sq; apply Psi_centre).
  assert (T2 : u <= rp * (Gs * X)) by apply Gs_centre.
  assert (T3 : nrm p (mulv n (Psi 1) x) <= u + rp * q0 * X).
  { rewrite (nrm_ext p _ _ (fun r _ => Psi_split n psi A 1 x r)). eapply Rle_trans;
    [apply nrm_add|]. apply Rplus_le_compat_l.
    eapply Rle_trans; [apply frob_mulv|]. apply Rmult_le_compat_r; [exact X0|apply Psi_near]. }
  assert (N := nrm_pos p (mulv n (Psi 1) x)). apply Rmult_le_reg_r with (INR p); [assumption|].
  replace (nrm p (mulv n (Psi 1) x) * nrm p (mulv n (Psi 1) x) / INR p * INR p) with (nrm p (mulv n (Psi 1) x)
    * nrm p (mulv n (Psi 1) x)) by (field; lra).
  apply Rle_trans with ((u + rp * q0 * X) * (u + rp * q0 * X)); [apply Rmult_le_compat; assumption|].
  assert (T4 : 2 * (rp * q0 * X) * u <= 2 * (rp * q0 * X) * (rp * (Gs * X))) by (apply Rmult_le_compat_l; [pos|assumption]).
  assert (E : Gs * Gs * (X * X) * INR p = INR p * ((Gs * Gs - gG) * (X * X)) + 2 * (rp * q0 * X) * (rp * (Gs * X))
    + rp * q0 * X * (rp * q0 * X)).
  { unfold gG. rewrite <- rps. ring. }
  rewrite E. lra. Qed.

(* (A.58) *)
Lemma error_near : frob n k (e p y psi A beta 1) <= frob n k (e p y psi A beta 0) + ((Gs + q0) * d
  + q0 * frob p k (beta 0%nat)).
Proof. set (db := fun r o => beta 1%nat r o - beta 0%nat r o). set (dP := fun r i => Psi 1 r i - Psi 0 r i).
  rewrite (frob_ext n k _ (fun i o => e p y psi A beta 0 i o + (/ rp * mulmT p (Psi 1) db i o
    + / rp * mulmT p dP (beta 0%nat) i o))).
  2:{ intros i o _ _. unfold e, f.
    replace (sum p (fun r => Psi 1 r i * beta 1%nat r o)) with
      (sum p (fun r => Psi 0 r i * beta 0%nat r o) + (mulmT p (Psi 1) db i o + mulmT p dP (beta 0%nat) i o));
        [unfold Rdiv; ring|].
    unfold mulmT, mulvT. rewrite <- !sum_add. apply sum_ext. intros r _. unfold db, dP. ring. }
  eapply Rle_trans; [apply frob_add|]. apply Rplus_le_compat_l. eapply Rle_trans; [apply frob_add|].
  assert (Ir : 0 < / rp) by now apply Rinv_0_lt_compat. rewrite !frob_scal, Rabs_right by lra. apply Rplus_le_compat.
  - assert (T : frob n k (mulmT p (Psi 1) db) <= rp * (Gs + q0) * frob p k db).
    { apply (frob_mulm n p k (fun i r => Psi 1 r i) db); [pos|]. intros w.
      apply nrm_dual; [pos; apply nrm_pos|]. intros z. change (dot n z (mulvT p (Psi 1) w)
        <= rp * (Gs + q0) * nrm p w * nrm n z).
      rewrite <- mulv_adj. eapply Rle_trans; [apply dot_CS'|].
      assert (P := Psi_op n p psi A Gs q0 1 Gs_centre Psi_near z). apply (Rmult_le_compat_r (nrm p w)) in P;
        [|apply nrm_pos]. lra. }
    apply Rle_trans with (/ rp * (rp * (Gs + q0) * d)); [|right; field; exact rp1].
    apply Rmult_le_compat_l; [lra|]. eapply Rle_trans; [exact T|]. apply Rmult_le_compat_l; [pos|exact beta_near].
  - apply Rle_trans with (/ rp * (rp * q0 * frob p k (beta 0%nat))); [|right; field; exact rp1].
    apply Rmult_le_compat_l; [lra|]. eapply Rle_trans; [apply frob_mulmT|]. apply Rmult_le_compat_r;
      [apply frob_pos|apply Psi_near]. Qed.

(* (A.60), (A.61): J is the part of beta and c, N = sqrt(mean |beta_r|^2 |c_r|^2) at the centre *)
Variables J N : R.
Hypothesis J_ok : forall z x, Rabs (dH2 n p k K dpsi A beta c 1 z x) <= INR p * J * (frob n k z * frob n k x).
Hypothesis N_ok : nrm p (fun r => nrm k (beta 0%nat r) * nrm k (c 0%nat r)) <= rp * N.
Hypothesis J_pos : 0 <= J.
Hypothesis N_pos : 0 <= N.
Definition gH := J + 2 * L1 * L2 * Kn * N * a / rp.
Lemma gH_pos : 0 <= gH.                 Proof. unfold gH. pos. Qed.
Lemma DKD_near r u w : (r < p)%nat -> Rabs (bil n K (Dx 1 r u) (Dx 1 r w) - bil n K (Dx 0 r u) (Dx 0 r w))
  <= 2 * L1 * L2 * Kn * nrm n (fun i => A 1%nat r i - A 0%nat r i) * (nrm n u * nrm n w).
Proof. intros Hr. set (da := nrm n (fun i => A 1%nat r i - A 0%nat r i)). assert (da0 : 0 <= da) by apply nrm_pos.
  assert (B : forall x, nrm n (fun i => Dx 1 r x i - Dx 0 r x i) <= L2 * da * nrm n x).
  { intros x. apply nrm_mono_c; [pos|]. intros i Hi. unfold Outputs.Dx, D.
    replace (dpsi r i (A 1%nat r i) * x i - dpsi r i (A 0%nat r i) * x i) with ((dpsi r i (A 1%nat r i)
      - dpsi r i (A 0%nat r i)) * x i) by ring.
    rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|]. eapply Rle_trans; [apply (act_L2 _ _ _ _ act)|].
    apply Rmult_le_compat_l; [assumption|]. apply (nrm_entry n (fun i => A 1%nat r i - A 0%nat r i) i Hi). }
  assert (L : forall t x, nrm n (Dx t r x) <= L1 * nrm n x) by (intros; now apply (Dx_nrm n psi dpsi L1 L2 A)).
  replace (bil n K (Dx 1 r u) (Dx 1 r w) - bil n K (Dx 0 r u) (Dx 0 r w)) with
    (bil n K (fun i => Dx 1 r u i - Dx 0 r u i) (Dx 1 r w) + bil n K (Dx 0 r u) (fun i => Dx 1 r w i - Dx 0 r w i))
    by (rewrite bil_sub_l, bil_sub_r; ring).
  eapply Rle_trans; [apply Rabs_triang|].
  assert (T1 := bilK n K Kn K_sym K_form Kn_pos (fun i => Dx 1 r u i - Dx 0 r u i) (Dx 1 r w)).
  assert (T2 := bilK n K Kn K_sym K_form Kn_pos (Dx 0 r u) (fun i => Dx 1 r w i - Dx 0 r w i)).
  assert (V1 : nrm n (fun i => Dx 1 r u i - Dx 0 r u i) * nrm n (Dx 1 r w) <= (L2 * da * nrm n u) * (L1 * nrm n w))
    by (apply Rmult_le_compat; try apply nrm_pos; [apply B|apply L]).
  assert (V2 : nrm n (Dx 0 r u) * nrm n (fun i => Dx 1 r w i - Dx 0 r w i) <= (L1 * nrm n u) * (L2 * da * nrm n w))
    by (apply Rmult_le_compat; try apply nrm_pos; [apply L|apply B]).
  apply (Rmult_le_compat_l Kn) in V1; [|assumption]. apply (Rmult_le_compat_l Kn) in V2; [|assumption]. lra. Qed.
Lemma H_near z x : Rabs (form_H n p k K dpsi A beta c 1 z x - form_H n p k K dpsi A beta c 0 z x)
  <= INR p * gH * (frob n k z * frob n k x).
Proof. set (B := fun s r => bil n K (Dx s r (mulv k z (beta 0%nat r))) (Dx s r (mulv k x (c 0%nat r)))).
  replace (form_H n p k K dpsi A beta c 1 z x - form_H n p k K dpsi A beta c 0 z x)
    with (dH2 n p k K dpsi A beta c 1 z x + sum p (fun r => B 1%nat r - B 0%nat r)).
  2:{ unfold form_H, dH2, B. rewrite <- sum_add, <- sum_sub. apply sum_ext. intros; ring. }
  eapply Rle_trans; [apply Rabs_triang|]. assert (T := J_ok z x). set (zx := frob n k z * frob n k x) in *.
  assert (zx0 : 0 <= zx) by (unfold zx; pos).
  set (da := fun r => nrm n (fun i => A 1%nat r i - A 0%nat r i)).
    set (bc := fun r => nrm k (beta 0%nat r) * nrm k (c 0%nat r)).
  assert (bc0 : forall r, 0 <= bc r) by (intros; unfold bc; pos).
  assert (T2 : Rabs (sum p (fun r => B 1%nat r - B 0%nat r)) <= 2 * L1 * L2 * Kn * zx * (a * (rp * N))).
  { eapply Rle_trans; [apply sum_abs|].
    apply Rle_trans with (sum p (fun r => 2 * L1 * L2 * Kn * zx * (Rabs (da r) * Rabs (bc r)))).
    - apply sum_le. intros r Hr. eapply Rle_trans; [now apply DKD_near|]. fold (da r).
      rewrite (Rabs_right (da r)), (Rabs_right (bc r)) by (apply Rle_ge; (apply nrm_pos || apply bc0)).
      apply Rle_trans with (2 * L1 * L2 * Kn * da r * ((frob n k z * nrm k (beta 0%nat r)) * (frob n k x
        * nrm k (c 0%nat r)))).
      + apply Rmult_le_compat_l; [assert (0 <= da r) by apply nrm_pos; pos|]. apply Rmult_le_compat; try apply nrm_pos;
        apply frob_mulv.
      + right. unfold zx, bc. ring.
    - rewrite sum_scal. apply Rmult_le_compat_l; [pos|]. eapply Rle_trans; [apply sum_abs_CS|].
      apply Rmult_le_compat; try apply nrm_pos; [|exact N_ok]. unfold da.
        rewrite (nrm_rows p n (fun r i => A 1%nat r i - A 0%nat r i)). exact A_near. }
  replace (INR p * gH * zx) with (INR p * J * zx + 2 * L1 * L2 * Kn * zx * (a * (rp * N))); [lra|].
  unfold gH. rewrite <- rps. field. exact rp1. Qed.
Lemma M_near x : frob n k (fun i o => Mx n p k K psi dpsi A beta c 1 x i o - Mx n p k K psi dpsi A beta c 0 x i o)
  <= (gG + gH) * frob n k x.
Proof. assert (h0 := gH_pos). apply frob_dual; [pos|]. intros z. rewrite fdot_sub_r, !form_M.
  assert (T1 := G_drift n p k psi A p_pos Gs q0 1 Gs_pos Gs_centre Psi_near q00 z x). fold gG in T1.
    assert (T2 := H_near z x).
  apply Rabs_le_inv in T1. apply Rabs_le_inv in T2. apply Rmult_le_reg_r with (INR p); [assumption|].
  set (u := fdot p k _ _) in *. set (u' := fdot p k (mulm n (Psi 0) z) _) in *.
  set (h := form_H n p k K dpsi A beta c 1 z x) in *. set (h' := form_H n p k K dpsi A beta c 0 z x) in *.
  replace (((u + h) / INR p - (u' + h') / INR p) * INR p) with ((u - u') + (h - h')) by (field; lra). lra. Qed.
(* (A.62) *)
Variable m0 : R.
Hypothesis rate0 : forall x, frob n k (fun i o => x i o - eta * Mx n p k K psi dpsi A beta c 0 x i o)
  <= (1 - eta * (m0 + (gG + gH))) * frob n k x.
Theorem rate_near x : frob n k (fun i o => x i o - eta * Mx n p k K psi dpsi A beta c 1 x i o)
  <= (1 - eta * m0) * frob n k x.
Proof. set (M1 := Mx n p k K psi dpsi A beta c 1 x). set (M0 := Mx n p k K psi dpsi A beta c 0 x).
  rewrite (frob_ext n k _ (fun i o => (x i o - eta * M0 i o) + (- eta) * (M1 i o - M0 i o))) by (intros; ring).
  eapply Rle_trans; [apply frob_add|]. rewrite (frob_scal n k (- eta) (fun i o => M1 i o - M0 i o)), Rabs_Ropp,
    Rabs_right by lra.
  assert (T := rate0 x). fold M0 in T. assert (T2 := M_near x). fold M1 M0 in T2. apply (Rmult_le_compat_l eta) in T2;
    [|lra]. lra. Qed.
End Near.

(* (A.63), (A.64): sums over units. u_r and d_r are the norms of the rows of beta and of beta' - beta. *)
Section Moments.
Variables p k : nat.
Variables B B' : mat.
Variable d : R.
Hypothesis near : frob p k (fun r o => B' r o - B r o) <= d.
Let u : vec := fun r => nrm k (B r).
Let u' : vec := fun r => nrm k (B' r).
Let w : vec := fun r => nrm k (fun o => B' r o - B r o).
Let d0 : 0 <= d.                        Proof. eapply Rle_trans; [apply frob_pos|exact near]. Qed.
Let u0 r : 0 <= u r.                    Proof. apply nrm_pos. Qed.
Let w0 r : 0 <= w r.                    Proof. apply nrm_pos. Qed.
Let w_d : nrm p w <= d.                 Proof. unfold w. rewrite (nrm_rows p k (fun r o => B' r o - B r o)). exact near. Qed.
Let w_le r : (r < p)%nat -> w r <= d.
Proof. intros Hr. eapply Rle_trans; [apply (frob_row p k (fun r o => B' r o - B r o) r Hr)|exact near]. Qed.
Lemma row_near r : u' r <= u r + w r.
Proof. unfold u', u, w. rewrite (nrm_ext k (B' r) (fun o => B r o + (B' r o - B r o))) by (intros; ring). apply nrm_add. Qed.
Lemma row_within r : (r < p)%nat -> u' r <= u r + d.
Proof. intros Hr. assert (T := row_near r). assert (T2 := w_le r Hr). lra. Qed.
Lemma frob_near : frob p k B' <= frob p k B + d.
Proof. rewrite (frob_ext p k B' (fun r o => B r o + (B' r o - B r o))) by (intros; ring). eapply Rle_trans;
  [apply frob_add|]. lra. Qed.
Lemma frob_near_low : frob p k B - d <= frob p k B'.
Proof. assert (T := nrmS_sub_low _ _ _ (pos_mat p k) (unc B) (unc B')).
  change (nrmS _ (sum2 p k) (unc B)) with (frob p k B) in T. change (nrmS _ (sum2 p k) (unc B')) with (frob p k B') in T.
  change (nrmS _ (sum2 p k) (fun i => unc B' i - unc B i)) with (frob p k (fun r o => B' r o - B r o)) in T. lra. Qed.
(* sum_r v_r w_r <= |v| d *)
Let against (v : vec) : sum p (fun r => w r * v r) <= nrm p v * d.
Proof. eapply Rle_trans; [apply (dot_CS' p w v)|]. rewrite Rmult_comm. apply Rmult_le_compat_l; [apply nrm_pos|exact w_d].
  Qed.
(* (A.63): c fixed *)
Lemma moment_fa (v : vec) : (forall r, 0 <= v r) -> sum p (fun r => u' r * v r) <= sum p (fun r => u r * v r) + nrm p v * d.
Proof. intros v0. eapply Rle_trans; [|apply Rplus_le_compat_l, (against v)]. rewrite <- sum_add. apply sum_le. intros r _.
  rewrite <- Rmult_plus_distr_r. apply Rmult_le_compat_r; [apply v0|apply row_near]. Qed.
(* (A.64) *)
Lemma fourth_near : nrm p (fun r => u' r * u' r) <= (sqrt (nrm p (fun r => u r * u r))
  + d) * (sqrt (nrm p (fun r => u r * u r)) + d).
Proof. set (m := nrm p (fun r => u r * u r)). assert (m0 : 0 <= m) by apply nrm_pos. assert (sm := sqrt_sqrt m m0).
  assert (s0 := sqrt_pos m).
  assert (W2 : nrm p (fun r => w r * w r) <= d * d).
  { eapply Rle_trans; [apply nrm_square|]. apply Rmult_le_compat; try apply nrm_pos; exact w_d. }
  assert (UW : nrm p (fun r => u r * w r) <= sqrt m * d).
  { apply nrm_le_sq; [pos|]. replace (sqrt m * d * (sqrt m * d)) with (sqrt m * sqrt m * (d * d)) by ring. rewrite sm.
    apply Rle_trans with (dot p (fun r => u r * u r) (fun r => w r * w r)).
    - right. apply sum_ext. intros; ring.
    - eapply Rle_trans; [apply dot_CS'|]. apply Rmult_le_compat; try apply nrm_pos; [apply Rle_refl|exact W2]. }
  apply Rle_trans with (nrm p (fun r => u r * u r + (2 * (u r * w r) + w r * w r))).
  - apply nrm_mono. intros r _. assert (T := row_near r). assert (U := u0 r). assert (V := w0 r).
    assert (U' : 0 <= u' r) by apply nrm_pos.
    rewrite !Rabs_right by (apply Rle_ge; pos). apply Rle_trans with ((u r + w r) * (u r + w r)); [|right; ring].
    apply Rmult_le_compat; assumption.
  - eapply Rle_trans; [apply nrm_add|]. assert (T := nrm_add p (fun r => 2 * (u r * w r)) (fun r => w r * w r)).
    cbv beta in T.
    rewrite (nrm_scal p 2 (fun r => u r * w r)), Rabs_right in T by lra. fold m.
    replace ((sqrt m + d) * (sqrt m + d)) with (sqrt m * sqrt m + (2 * (sqrt m * d) + d * d)) by ring. rewrite sm. lra. Qed.
Lemma third_near cmax : 0 <= cmax -> (forall r, (r < p)%nat -> u r <= cmax) -> sum p (fun r => u' r * (u' r * u' r)) <=
  sum p (fun r => u r * (u r * u r)) + 3 * (nrm p (fun r => u r * u r) * d) + (3 * cmax + d) * (d * d).
Proof. intros c0 Hc. assert (T1 := against (fun r => u r * u r)). assert (T2 : sum p (fun r => w r * w r) <= d * d).
  { change (sum p (fun r => w r * w r)) with (dot p w w). rewrite <- nrm_sq. apply Rmult_le_compat; try apply nrm_pos;
    exact w_d. }
  apply Rle_trans with (sum p (fun r => u r * (u r * u r) + (3 * (w r * (u r * u r)) + (3 * cmax + d) * (w r * w r)))).
  - apply sum_le. intros r Hr. assert (T := row_near r). assert (U := u0 r). assert (V := w0 r).
    assert (U' : 0 <= u' r) by apply nrm_pos.
    assert (Tc := Hc r Hr). assert (Td := w_le r Hr).
    apply Rle_trans with ((u r + w r) * ((u r + w r) * (u r + w r))).
    { apply Rmult_le_compat; try assumption; [pos|]. apply Rmult_le_compat; assumption. }
    assert (3 * u r * (w r * w r) <= 3 * cmax * (w r * w r)) by (apply Rmult_le_compat_r; [pos|lra]).
    assert (w r * (w r * w r) <= d * (w r * w r)) by (apply Rmult_le_compat_r; [pos|lra]). lra.
  - rewrite !sum_add, !sum_scal. assert (c1 : 0 <= 3 * cmax + d) by lra. apply (Rmult_le_compat_l _ _ _ c1) in T2. lra. Qed.
End Moments.
