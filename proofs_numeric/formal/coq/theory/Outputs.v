(* SPDX-License-Identifier: Apache-2.0 *)
(* Networks with k outputs (section 10 of theorem_a_variants.md): one step (A.24), the operator M (A.25) and its bilinear
   form (A.26), the exact recursion of the error and its remainder, and the drifts of G and H. What is fed back, c, is any
   sequence of matrices here; it is b for feedback alignment and beta(t) for backpropagation. No hypothesis on decay. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms Network Frobenius.
Open Scope R_scope.

Section Outputs.
Variables n p k : nat.
Variable K : mat.
Variable y : mat.                              (* n x k *)
Variables psi dpsi : nat -> nat -> R -> R.     (* each entry may have its own activation *)
Variables L1 L2 eta Kn kmax : R.
Variable A : nat -> mat.                       (* p x n *)
Variables beta c : nat -> mat.                 (* p x k *)
Local Notation rp := (rp p).
Local Notation Psi := (Psi psi A).
Local Notation D := (D dpsi A).
Local Notation kk := (kk n K).

Definition f t : mat := fun i o => sum p (fun r => Psi t r i * beta t r o) / rp.
Definition e t : mat := fun i o => f t i o - y i o.
Definition En t := frob n k (e t).
Definition S_ t := eta * sum t En.
(* D_r x *)
Definition Dx t r (x : vec) : vec := fun j => D t r j * x j.

(* the run (A.24) *)
Definition run_A := forall t r i, (r < p)%nat -> (i < n)%nat ->
  A (S t) r i = A t r i - eta / rp * mulv n K (Dx t r (mulv k (e t) (c t r))) i.
Definition run_beta := forall t r o, (r < p)%nat -> (o < k)%nat ->
  beta (S t) r o = beta t r o - eta / rp * mulm n (Psi t) (e t) r o.

(* (A.25) *)
Definition M t (i o j l : nat) : R := (if Nat.eqb o l then G p psi A t i j else 0)
  + K i j / INR p * sum p (fun r => D t r i * D t r j * (beta t r o * c t r l)).
Definition Mx t : mat -> mat := apply4 n k (M t).

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
Hypothesis runA : run_A.
Hypothesis runb : run_beta.

Let rpp : 0 < rp := rp_pos p p_pos.
Let Ip : 0 < INR p := INRp p p_pos.
Let rps : rp * rp = INR p := rp_sq p.
Let er : 0 <= eta / rp := eta_rp p eta p_pos eta_pos.
Local Hint Resolve rpp Ip er : pos.
Lemma rp0 : rp <> 0.                   Proof. now apply Rgt_not_eq. Qed.
Lemma En_pos t : 0 <= En t.            Proof. apply frob_pos. Qed.
Local Hint Resolve En_pos : pos.
Lemma S_pos t : 0 <= S_ t.
Proof. unfold S_. assert (0 <= sum t En) by (apply sum_pos; intros; apply En_pos). pos. Qed.
Local Hint Resolve S_pos : pos.
Lemma S_step t : S_ (S t) = S_ t + eta * En t.
Proof. unfold S_. simpl. ring. Qed.
Lemma S_0 : S_ 0 = 0.                  Proof. unfold S_. simpl. ring. Qed.
Lemma S_mono t s : (t <= s)%nat -> S_ t <= S_ s.
Proof. induction 1 as [|s _ IH]; [lra|]. rewrite S_step. assert (0 <= eta * En s) by pos. lra. Qed.

Lemma Dx_nrm t r x : nrm n (Dx t r x) <= L1 * nrm n x.
Proof. now apply (D_nrm n psi dpsi L1 L2 A). Qed.
Lemma K_op x : nrm n (mulv n K x) <= Kn * nrm n x.
Proof. now apply K_norm. Qed.

(* Steps 1 and 2 of Lemma 1: pre-activations, by rows, in the Frobenius norm and entry by entry. *)
Definition dA t : mat := fun r i => A (S t) r i - A t r i.
Definition ec t : mat := fun r => mulv k (e t) (c t r).          (* row r is e c_r *)
Lemma dA_eq t r i : (r < p)%nat -> (i < n)%nat -> dA t r i = - (eta / rp) * mulv n K (Dx t r (ec t r)) i.
Proof. intros Hr Hi. unfold dA, ec. rewrite (runA t r i Hr Hi). ring. Qed.
Lemma ec_nrm t r : nrm n (ec t r) <= nrm k (c t r) * En t.
Proof. unfold ec. rewrite Rmult_comm. apply frob_mulv. Qed.
Lemma dA_row t r : (r < p)%nat -> nrm n (dA t r) <= eta / rp * (L1 * Kn) * nrm n (ec t r).
Proof. intros Hr. rewrite (nrm_ext n _ (fun i => - (eta / rp) * mulv n K (Dx t r (ec t r)) i)) by (intros; now apply dA_eq).
  rewrite nrm_scal, Rabs_Ropp, Rabs_right by lra.
  replace (eta / rp * (L1 * Kn) * nrm n (ec t r)) with (eta / rp * (Kn * (L1 * nrm n (ec t r)))) by ring.
  apply Rmult_le_compat_l; [assumption|]. eapply Rle_trans; [apply K_op|].
  apply Rmult_le_compat_l; [assumption|]. apply Dx_nrm. Qed.
Lemma dA_frob t : frob p n (dA t) <= eta / rp * (L1 * Kn) * frob p n (ec t).
Proof. rewrite <- (nrm_rows p n (ec t)). rewrite Rmult_comm. apply frob_rows; [pos|].
  intros r Hr. rewrite Rabs_right by (apply Rle_ge, nrm_pos). rewrite Rmult_comm. now apply dA_row. Qed.
Lemma dA_entry t r i : (r < p)%nat -> (i < n)%nat -> Rabs (dA t r i) <= eta / rp * (L1 * kk i) * nrm n (ec t r).
Proof. intros Hr Hi. rewrite (dA_eq t r i Hr Hi), Rabs_mult, Rabs_Ropp, Rabs_right by lra.
  replace (eta / rp * (L1 * kk i) * nrm n (ec t r)) with (eta / rp * (kk i * (L1 * nrm n (ec t r)))) by ring.
  apply Rmult_le_compat_l; [assumption|]. eapply Rle_trans; [apply (dot_CS n (K i))|].
  apply Rmult_le_compat_l; [apply nrm_pos|]. apply Dx_nrm. Qed.

(* eta sum_{s<t} |c_r(s)| |e(s)|: what has passed through unit r *)
Definition through t r := eta * sum t (fun s => nrm k (c s r) * En s).
Lemma through_pos t r : 0 <= through t r.
Proof. unfold through. apply Rmult_le_pos; [lra|]. apply sum_pos. intros. pos. Qed.
(* kr bounds the row of D_r K: L1 k_i always, k_ri where D_r does not move *)
Lemma A_entry_by t r i kr : (r < p)%nat -> (i < n)%nat -> 0 <= kr ->
  (forall u w, Rabs (mulv n K (Dx u r w) i) <= kr * nrm n w) -> Rabs (A t r i - A 0%nat r i) <= kr / rp * through t r.
Proof. intros Hr Hi Hk HK. induction t as [|t IH].
  - unfold through. simpl. rewrite Rmult_0_r, Rmult_0_r. replace (A 0%nat r i - A 0%nat r i) with 0 by ring.
    rewrite Rabs_R0. lra.
  - replace (A (S t) r i - A 0%nat r i) with ((A t r i - A 0%nat r i) + dA t r i) by (unfold dA; ring).
    eapply Rle_trans; [apply Rabs_triang|].
    assert (T : Rabs (dA t r i) <= eta / rp * (kr * (nrm k (c t r) * En t))).
    { rewrite (dA_eq t r i Hr Hi), Rabs_mult, Rabs_Ropp, Rabs_right by lra. apply Rmult_le_compat_l; [assumption|].
      eapply Rle_trans; [apply HK|]. apply Rmult_le_compat_l; [assumption|apply ec_nrm]. }
    replace (kr / rp * through (S t) r) with (kr / rp * through t r + eta / rp * (kr * (nrm k (c t r) * En t))).
    2:{ unfold through. simpl. field. apply rp0. }
    lra. Qed.
Lemma row_K r i u w : Rabs (mulv n K (Dx u r w) i) <= L1 * kk i * nrm n w.
Proof. unfold Network.kk. replace (L1 * nrm n (K i) * nrm n w) with (nrm n (K i) * (L1 * nrm n w)) by ring.
  eapply Rle_trans; [apply (dot_CS n (K i))|]. apply Rmult_le_compat_l; [apply nrm_pos|apply Dx_nrm]. Qed.
Lemma A_entry t r i : (r < p)%nat -> (i < n)%nat -> Rabs (A t r i - A 0%nat r i) <= L1 * kk i / rp * through t r.
Proof. intros Hr Hi. apply A_entry_by; try assumption; [unfold Network.kk; pos|apply row_K]. Qed.

(* Step 3: Psi. *)
Definition dPsi t : mat := fun r i => Psi (S t) r i - Psi t r i.
Lemma Psi_row s t r : nrm n (fun i => Psi s r i - Psi t r i) <= L1 * nrm n (fun i => A s r i - A t r i).
Proof. apply nrm_mono_c; [assumption|]. intros. apply act. Qed.
Lemma Psi_diff s t : frob p n (fun r i => Psi s r i - Psi t r i) <= L1 * frob p n (fun r i => A s r i - A t r i).
Proof. apply frob_mono_c; [assumption|]. intros. apply act. Qed.

(* Step 4: beta. *)
Definition dbeta t : mat := fun r o => beta (S t) r o - beta t r o.
Lemma dbeta_eq t r o : (r < p)%nat -> (o < k)%nat -> dbeta t r o = - (eta / rp) * mulm n (Psi t) (e t) r o.
Proof. intros Hr Ho. unfold dbeta. rewrite (runb t r o Hr Ho). ring. Qed.
Lemma dbeta_frob t : frob p k (dbeta t) = eta / rp * frob p k (mulm n (Psi t) (e t)).
Proof. rewrite (frob_ext p k _ _ (dbeta_eq t)), frob_scal, Rabs_Ropp, Rabs_right by lra. reflexivity. Qed.
Lemma dbeta_row t r : (r < p)%nat -> nrm k (dbeta t r) <= eta / rp * (nrm n (Psi t r) * En t).
Proof. intros Hr. rewrite (nrm_ext k _ (fun o => - (eta / rp) * mulm n (Psi t) (e t) r o)) by (intros; now apply dbeta_eq).
  rewrite nrm_scal, Rabs_Ropp, Rabs_right by lra. apply Rmult_le_compat_l; [assumption|].
  rewrite Rmult_comm. eapply Rle_trans; [|apply (frob_mulvT n k (e t) (Psi t r))]. right. apply nrm_ext. intros o _.
  unfold mulm, mulv, mulvT. apply sum_ext. intros; ring. Qed.

(* (A.26): the operator and its bilinear form *)
Lemma Mx_op t x i o : (o < k)%nat -> Mx t x i o =
  (mulmT p (Psi t) (mulm n (Psi t) x) i o
   + sum p (fun r => beta t r o * (D t r i * mulv n K (Dx t r (mulv k x (c t r))) i))) / INR p.
Proof. intros Ho. unfold Mx, apply4, M.
  rewrite (sum_ext n _ (fun j => G p psi A t i j * x j o
    + sum k (fun l => K i j / INR p * sum p (fun r => D t r i * D t r j * (beta t r o * c t r l)) * x j l))).
  2:{ intros j _. rewrite <- (mulv_idm k (x j) o Ho). unfold mulv, idm. rewrite <- sum_scal, <- sum_add.
    apply sum_ext. intros l _. destruct (Nat.eqb o l); ring. }
  rewrite sum_add. unfold Rdiv. rewrite Rmult_plus_distr_r. f_equal.
  - change (mulv n (G p psi A t) (fun j => x j o) i = mulvT p (Psi t) (fun r => mulv n (Psi t) (fun j => x j o) r) i
    / INR p).
    rewrite mulv_G. reflexivity.
  - rewrite <- sum_scal_r.
    rewrite (sum_ext p _ (fun r => sum n (fun j => sum k (fun l => K i j * / INR p * (D t r i * D t r j * (beta t r o
      * c t r l)) * x j l)))).
    2:{ intros r _. unfold Dx, mulv. rewrite <- !sum_scal, <- sum_scal_r. apply sum_ext. intros j _.
      rewrite <- !sum_scal, <- sum_scal_r. apply sum_ext. intros; ring. }
    rewrite (sum_swap p n). apply sum_ext. intros j _. rewrite (sum_swap p k). apply sum_ext. intros l _.
    rewrite <- sum_scal, <- sum_scal_r. reflexivity. Qed.

Definition form_H t (z x : mat) := sum p (fun r => bil n K (Dx t r (mulv k z (beta t r))) (Dx t r (mulv k x (c t r)))).
Lemma form_M t z x : fdot n k z (Mx t x) = (fdot p k (mulm n (Psi t) z) (mulm n (Psi t) x) + form_H t z x) / INR p.
Proof. rewrite (fdot_ext n k z z _ _ (fun _ _ _ _ => eq_refl) (fun i o _ Ho => Mx_op t x i o Ho)).
  rewrite <- fdot_mulm. unfold form_H.
  set (h := fun i o => sum p (fun r => beta t r o * (D t r i * mulv n K (Dx t r (mulv k x (c t r))) i))).
  replace (sum p _) with (fdot n k z h).
  2:{ unfold fdot, dot, h, bil. 
    rewrite (sum_ext n _ (fun i => sum p (fun r => mulv k z (beta t r) i * (D t r i
      * mulv n K (Dx t r (mulv k x (c t r))) i)))).
    2:{ intros i _. rewrite (sum_ext k _ (fun o => sum p (fun r => z i o * (beta t r o * (D t r i
        * mulv n K (Dx t r (mulv k x (c t r))) i))))).
      2:{ intros. now rewrite sum_scal. }
      rewrite sum_swap. apply sum_ext. intros r _. change (mulv k z (beta t r) i) with (sum k (fun o => z i o
        * beta t r o)). rewrite <- sum_scal_r. apply sum_ext. intros; ring. }
    rewrite sum_swap. apply sum_ext. intros r _. apply sum_ext. intros i _. unfold Dx at 2. ring. }
  unfold Rdiv. unfold fdot, dot. rewrite <- sum_add, <- sum_scal_r. apply sum_ext. intros i _.
  rewrite <- sum_add, <- sum_scal_r. apply sum_ext. intros o _. unfold h. ring. Qed.

(* Step 6: the exact recursion of the error. *)
Definition v t : mat := fun i o =>
  (mulmT p (dPsi t) (dbeta t) i o + sum p (fun r => beta t r o * (dPsi t r i - D t r i * dA t r i))) / rp.
Theorem error_recursion t i o : (i < n)%nat -> (o < k)%nat -> e (S t) i o = e t i o - eta * Mx t (e t) i o + v t i o.
Proof. intros Hi Ho. rewrite (Mx_op t (e t) i o Ho), <- rps. unfold e at 1, f, v, mulmT, mulvT. unfold e at 1, f.
  fold (f t). fold (e t). 
  set (s1 := sum p (fun r => Psi (S t) r i * beta (S t) r o)). set (s0' := sum p (fun r => Psi t r i * beta t r o)).
  assert (Es : s1 = s0' + - (eta / rp) * sum p (fun r => Psi t r i * mulm n (Psi t) (e t) r o)
     + - (eta / rp) * sum p (fun r => beta t r o * (D t r i * mulv n K (Dx t r (mulv k (e t) (c t r))) i))
     + (sum p (fun r => dPsi t r i * dbeta t r o) + sum p (fun r => beta t r o * (dPsi t r i - D t r i * dA t r i)))).
  { unfold s1, s0'. rewrite <- !sum_scal, <- !sum_add. apply sum_ext. intros r Hr.
    replace (- (eta / rp) * (Psi t r i * mulm n (Psi t) (e t) r o)) with (Psi t r i
      * dbeta t r o) by (rewrite dbeta_eq by assumption; ring).
    replace (- (eta / rp) * (beta t r o * (D t r i * mulv n K (Dx t r (mulv k (e t) (c t r))) i))) with (beta t r o
      * (D t r i * dA t r i))
      by (rewrite dA_eq by assumption; unfold ec; ring).
    unfold dbeta, dPsi. ring. }
  rewrite Es. field. apply rp0. Qed.

(* Step 7: the remainder, from bounds of Psi(t), c(t) and the moments of |beta_r(t)| at time t. *)
Definition Cvat g cs Qb := L1 * L1 * cs * Kn / rp * g + v2 n p K L1 L2 * Qb.
Lemma v_bound t g cs Qb : 0 <= g -> 0 <= cs -> 0 <= Qb ->
  frob p k (mulm n (Psi t) (e t)) <= rp * (g * En t) ->
  frob p n (ec t) <= rp * (cs * En t) ->
  sum p (fun r => nrm k (beta t r) * (nrm n (ec t r) * nrm n (ec t r))) <= INR p * Qb * (En t * En t) ->
  frob n k (v t) <= eta * eta * Cvat g cs Qb * (En t * En t).
Proof. intros g0 c0 Q0 Hg Hc HQ. assert (Ep := En_pos t).
  assert (Ir : 0 < / rp) by now apply Rinv_0_lt_compat.
  set (W := fun i o => sum p (fun r => beta t r o * (dPsi t r i - D t r i * dA t r i))).
  rewrite (frob_ext n k _ (fun i o => / rp * mulmT p (dPsi t) (dbeta t) i o + / rp * W i o)).
  2:{ intros. unfold v, W, Rdiv. ring. }
  eapply Rle_trans; [apply frob_add|]. rewrite !frob_scal, !(Rabs_right (/ rp)) by lra.
  assert (T1 : frob n k (mulmT p (dPsi t) (dbeta t)) <= (eta * (L1 * L1 * Kn * (cs * En t))) * (eta * (g * En t))).
  { eapply Rle_trans; [apply frob_mulmT|]. apply Rmult_le_compat; try apply frob_pos.
    - eapply Rle_trans; [apply Psi_diff|]. assert (T := dA_frob t).
      apply Rle_trans with (L1 * (eta / rp * (L1 * Kn) * (rp * (cs * En t)))).
      + apply Rmult_le_compat_l; [assumption|]. eapply Rle_trans; [exact T|]. apply Rmult_le_compat_l; [pos|assumption].
      + right. field. apply rp0.
    - rewrite dbeta_frob. apply Rle_trans with (eta / rp * (rp * (g * En t))); [now apply Rmult_le_compat_l|]. right.
      field. apply rp0. }
  assert (T2 : frob n k W <= koK n K * (L2 / 2 * (L1 * L1) * (eta * eta) * Qb * (En t * En t))).
  { unfold koK. apply frob_rows; [pos|]. intros i Hi. rewrite (Rabs_right (kk i * kk i)) by nra.
    unfold W. eapply Rle_trans; [apply (nrm_sum p k (beta t) (fun r => dPsi t r i - D t r i * dA t r i))|].
    apply Rle_trans with (sum p (fun r => nrm k (beta t r) * (nrm n (ec t r) * nrm n (ec t r)) * (L2 / 2 * (L1 * L1)
      * (eta * eta) * (kk i * kk i) / INR p))).
    - apply sum_le. intros r Hr. rewrite Rmult_assoc. apply Rmult_le_compat_l; [apply nrm_pos|].
      assert (Ta := act_Taylor _ _ _ _ act r i (A t r i) (dA t r i)).
      replace (A t r i + dA t r i) with (A (S t) r i) in Ta by (unfold dA; ring).
      change (psi r i (A (S t) r i) - psi r i (A t r i) - dpsi r i (A t r i) * dA t r i) with (dPsi t r i
        - D t r i * dA t r i) in Ta.
      eapply Rle_trans; [exact Ta|]. assert (Te := dA_entry t r i Hr Hi). assert (dp := Rabs_pos (dA t r i)).
      assert (Hsq : dA t r i * dA t r i <= (eta / rp * (L1 * kk i) * nrm n (ec t r)) * (eta / rp * (L1 * kk i)
        * nrm n (ec t r))).
      { replace (dA t r i * dA t r i) with (Rabs (dA t r i) * Rabs (dA t r i)) by (rewrite <- Rabs_mult; apply Rabs_right;
        nra).
        apply Rmult_le_compat; assumption. }
      apply (Rmult_le_compat_l (L2 / 2)) in Hsq; [|lra]. eapply Rle_trans; [exact Hsq|]. right. rewrite <- rps. field.
        apply rp0.
    - rewrite sum_scal_r. replace (kk i * kk i * (L2 / 2 * (L1 * L1) * (eta * eta) * Qb * (En t * En t))) with
        ((INR p * Qb * (En t * En t)) * (L2 / 2 * (L1 * L1) * (eta * eta) * (kk i * kk i) / INR p)) by (field; lra).
      apply Rmult_le_compat_r; [|assumption]. unfold Network.kk. pos. }
  apply (Rmult_le_compat_l (/ rp)) in T1; [|lra]. apply (Rmult_le_compat_l (/ rp)) in T2; [|lra].
  replace (eta * eta * Cvat g cs Qb * (En t * En t)) with
    (/ rp * (eta * (L1 * L1 * Kn * (cs * En t)) * (eta * (g * En t))) +
     / rp * (koK n K * (L2 / 2 * (L1 * L1) * (eta * eta) * Qb * (En t * En t)))).
  2:{ unfold Cvat, v2. field. apply rp0. }
  lra. Qed.

(* The drift of M: G by (A.19), H by the change of beta and c at D(t) and by the change of the D_r at the checkpoint. *)
Definition dH2 t (z x : mat) := sum p (fun r =>
  bil n K (Dx t r (mulv k z (beta t r))) (Dx t r (mulv k x (c t r))) - bil n K (Dx t r (mulv k z (beta 0%nat r)))
    (Dx t r (mulv k x (c 0%nat r)))).
Lemma bil_D t r u w : Rabs (bil n K (Dx t r u) (Dx t r w)) <= L1 * L1 * Kn * (nrm n u * nrm n w).
Proof. eapply Rle_trans; [apply (bilK n K Kn); assumption|].
  replace (L1 * L1 * Kn * (nrm n u * nrm n w)) with (Kn * ((L1 * nrm n u) * (L1 * nrm n w))) by ring.
  apply Rmult_le_compat_l; [assumption|]. apply Rmult_le_compat; try apply nrm_pos; apply Dx_nrm. Qed.
(* a sum over units of such forms, from Frobenius norms of the arguments *)
Lemma bil_D_sum t (u w : nat -> vec) : Rabs (sum p (fun r => bil n K (Dx t r (u r)) (Dx t r (w r))))
  <= L1 * L1 * Kn * (frob p n u * frob p n w).
Proof. eapply Rle_trans; [apply sum_abs|].
  apply Rle_trans with (sum p (fun r => L1 * L1 * Kn * (Rabs (nrm n (u r)) * Rabs (nrm n (w r))))).
  - apply sum_le. intros r _. rewrite (Rabs_right (nrm n (u r))), (Rabs_right (nrm n (w r))) by (apply Rle_ge, nrm_pos).
    apply bil_D.
  - rewrite sum_scal. apply Rmult_le_compat_l; [pos|]. rewrite <- !nrm_rows. apply sum_abs_CS. Qed.

(* The change of beta, and of c with it, at D(t): c is fixed for feedback alignment, and beta itself for backpropagation. *)
Section Change.
Variables rh sc : R.
Variable t : nat.
Hypothesis moved : frob p k (fun r o => beta t r o - beta 0%nat r o) <= rh.
Hypothesis c0_ok : forall x, frob p n (fun r => mulv k x (c 0%nat r)) <= rp * (sc * frob n k x).
Let d : mat := fun r o => beta t r o - beta 0%nat r o.
Let d_times x : frob p n (fun r => mulv k x (d r)) <= rh * frob n k x.
Proof. eapply Rle_trans; [apply frob_outer|]. apply Rmult_le_compat_r; [apply frob_pos|exact moved]. Qed.
Let form (B C : mat) (z x : mat) := sum p (fun r => bil n K (Dx t r (mulv k z (B r))) (Dx t r (mulv k x (C r)))).
Let form_le B C z x a b : frob p n (fun r => mulv k z (B r)) <= a -> frob p n (fun r => mulv k x (C r)) <= b ->
  Rabs (form B C z x) <= L1 * L1 * Kn * (a * b).
Proof. intros. eapply Rle_trans; [apply (bil_D_sum t (fun r => mulv k z (B r)) (fun r => mulv k x (C r)))|].
  apply Rmult_le_compat_l; [pos|]. apply Rmult_le_compat; try apply frob_pos; assumption. Qed.
Let Dx_sub r z i : Dx t r (mulv k z (d r)) i = Dx t r (mulv k z (beta t r)) i - Dx t r (mulv k z (beta 0%nat r)) i.
Proof. unfold Dx. rewrite <- Rmult_minus_distr_l, <- mulv_sub. reflexivity. Qed.
Let bil_d_l r z w : bil n K (Dx t r (mulv k z (d r))) w =
  bil n K (Dx t r (mulv k z (beta t r))) w - bil n K (Dx t r (mulv k z (beta 0%nat r))) w.
Proof. rewrite <- bil_sub_l. apply dot_ext; [|reflexivity]. intros i _. apply Dx_sub. Qed.
Let bil_d_r r w x : bil n K w (Dx t r (mulv k x (d r))) =
  bil n K w (Dx t r (mulv k x (beta t r))) - bil n K w (Dx t r (mulv k x (beta 0%nat r))).
Proof. rewrite <- bil_sub_r. apply dot_ext; [reflexivity|]. intros i _. apply sum_ext. intros j _. now rewrite Dx_sub. Qed.
Lemma change_fa z x : c t = c 0%nat ->
  Rabs (dH2 t z x) <= INR p * (L1 * L1 * Kn * sc * rh / rp) * (frob n k z * frob n k x).
Proof. intros fa. replace (dH2 t z x) with (form d (c 0%nat) z x).
  2:{ apply sum_ext. intros r _. rewrite fa. apply bil_d_l. }
  eapply Rle_trans; [apply form_le; [apply d_times|apply c0_ok]|]. right. rewrite <- rps. field. apply rp0. Qed.
Lemma change_bp z x : c t = beta t -> c 0%nat = beta 0%nat ->
  Rabs (dH2 t z x) <= INR p * (L1 * L1 * Kn * (2 * sc * rh / rp + rh * rh / INR p)) * (frob n k z * frob n k x).
Proof. intros bp bp0. assert (C0 := c0_ok). rewrite bp0 in C0.
  replace (dH2 t z x) with (form d (beta 0%nat) z x + (form (beta 0%nat) d z x + form d d z x)).
  2:{ unfold form, dH2. rewrite bp, bp0, <- !sum_add. apply sum_ext. intros r _. rewrite !bil_d_l, !bil_d_r. ring. }
  eapply Rle_trans; [apply Rabs_triang|]. eapply Rle_trans; [apply Rplus_le_compat_l, Rabs_triang|].
  apply Rle_trans with (L1 * L1 * Kn * (rh * frob n k z * (rp * (sc * frob n k x)))
    + (L1 * L1 * Kn * (rp * (sc * frob n k z) * (rh * frob n k x)) + L1 * L1 * Kn * (rh * frob n k z * (rh * frob n k x)))).
  - repeat apply Rplus_le_compat; apply form_le; try apply d_times; apply C0.
  - right. rewrite <- rps. field. apply rp0. Qed.
End Change.

(* |D_r(t) - D_r(0)| <= d gives this bound of the change of D_r K D_r *)
Lemma DKD_drift t r u w : (r < p)%nat ->
  Rabs (bil n K (Dx t r u) (Dx t r w) - bil n K (Dx 0%nat r u) (Dx 0%nat r w))
  <= h2 p L1 L2 Kn kmax * through t r * (nrm n u * nrm n w).
Proof. intros Hr. set (d := L2 * (L1 * kmax / rp * through t r)). assert (Tp := through_pos t r).
  assert (d0 : 0 <= d) by (unfold d; pos).
  assert (N : forall x, nrm n (fun i => Dx t r x i - Dx 0%nat r x i) <= d * nrm n x).
  { intros x. apply nrm_mono_c; [assumption|]. intros i Hi. unfold Dx.
    replace (D t r i * x i - D 0%nat r i * x i) with ((D t r i - D 0%nat r i) * x i) by ring. rewrite Rabs_mult.
    apply Rmult_le_compat_r; [apply Rabs_pos|]. eapply Rle_trans; [apply (act_L2 _ _ _ _ act)|]. unfold d.
    apply Rmult_le_compat_l; [assumption|]. eapply Rle_trans; [apply (A_entry t r i Hr Hi)|].
    apply Rmult_le_compat_r; [assumption|]. unfold Rdiv. apply Rmult_le_compat_r; [pos|].
    apply Rmult_le_compat_l; [assumption|]. now apply kmax_ok. }
  replace (bil n K (Dx t r u) (Dx t r w) - bil n K (Dx 0%nat r u) (Dx 0%nat r w)) with
    (bil n K (fun i => Dx t r u i - Dx 0%nat r u i) (Dx t r w) + bil n K (Dx 0%nat r u) (fun i => Dx t r w i
      - Dx 0%nat r w i))
    by (rewrite bil_sub_l, bil_sub_r; ring).
  eapply Rle_trans; [apply Rabs_triang|].
  assert (T1 := bilK n K Kn K_sym K_form Kn_pos (fun i => Dx t r u i - Dx 0%nat r u i) (Dx t r w)).
  assert (T2 := bilK n K Kn K_sym K_form Kn_pos (Dx 0%nat r u) (fun i => Dx t r w i - Dx 0%nat r w i)).
  assert (V1 : nrm n (fun i => Dx t r u i - Dx 0%nat r u i) * nrm n (Dx t r w) <= (d * nrm n u) * (L1 * nrm n w))
    by (apply Rmult_le_compat; try apply nrm_pos; [apply N|apply Dx_nrm]).
  assert (V2 : nrm n (Dx 0%nat r u) * nrm n (fun i => Dx t r w i - Dx 0%nat r w i) <= (L1 * nrm n u) * (d * nrm n w))
    by (apply Rmult_le_compat; try apply nrm_pos; [apply Dx_nrm|apply N]).
  apply (Rmult_le_compat_l Kn) in V1; [|assumption]. apply (Rmult_le_compat_l Kn) in V2; [|assumption].
  replace (h2 p L1 L2 Kn kmax * through t r * (nrm n u * nrm n w)) with
    (Kn * (d * nrm n u * (L1 * nrm n w)) + Kn * (L1 * nrm n u * (d * nrm n w))) by (unfold d, h2, Rdiv; ring).
  lra. Qed.

(* Gs^2 >= lambda_max(G), q >= |Psi(t) - Psi(0)|_F / sqrt p; J bounds the part of the change of beta and c, W that of the
   D_r. *)
Variables Gs q J W : R.
Variable t : nat.
Hypothesis Gs_pos : 0 <= Gs.
Hypothesis Gs_ok : forall x, nrm p (mulv n (Psi 0%nat) x) <= rp * (Gs * nrm n x).
Hypothesis q_ok : frob p n (fun r i => Psi t r i - Psi 0%nat r i) <= rp * q.
Hypothesis q_pos : 0 <= q.
Lemma Psi_op x : nrm p (mulv n (Psi t) x) <= rp * ((Gs + q) * nrm n x).
Proof. rewrite (nrm_ext p _ _ (fun r _ => Psi_split n psi A t x r)). eapply Rle_trans; [apply nrm_add|].
  assert (T1 := Gs_ok x). assert (T2 := frob_mulv p n (fun r i => Psi t r i - Psi 0%nat r i) x).
  assert (T3 : frob p n (fun r i => Psi t r i - Psi 0%nat r i) * nrm n x <= rp * q * nrm n x) by (apply Rmult_le_compat_r;
    [apply nrm_pos|assumption]).
  lra. Qed.
Lemma Psi_opm x : frob p k (mulm n (Psi t) x) <= rp * ((Gs + q) * frob n k x).
Proof. rewrite <- Rmult_assoc. apply frob_mulm; [pos|]. intros z. rewrite Rmult_assoc. apply Psi_op. Qed.
Lemma G_drift z x : Rabs (fdot p k (mulm n (Psi t) z) (mulm n (Psi t) x)
  - fdot p k (mulm n (Psi 0%nat) z) (mulm n (Psi 0%nat) x))
  <= INR p * (2 * Gs * q + q * q) * (frob n k z * frob n k x).
Proof. set (dP := fun r i => Psi t r i - Psi 0%nat r i).
  assert (E : forall x r o, mulm n (Psi t) x r o = mulm n (Psi 0%nat) x r o + mulm n dP x r o).
  { intros. apply (Psi_split n psi A t). }
  assert (G0 : forall x, frob p k (mulm n (Psi 0%nat) x) <= rp * Gs * frob n k x).
  { intros. apply frob_mulm; [pos|]. intros. rewrite Rmult_assoc. apply Gs_ok. }
  assert (D0 : forall x, frob p k (mulm n dP x) <= rp * q * frob n k x).
  { intros. apply frob_mulm; [pos|]. intros u. eapply Rle_trans; [apply frob_mulv|].
    apply Rmult_le_compat_r; [apply nrm_pos|exact q_ok]. }
  replace (fdot p k (mulm n (Psi t) z) (mulm n (Psi t) x) - fdot p k (mulm n (Psi 0%nat) z) (mulm n (Psi 0%nat) x)) with
    (fdot p k (mulm n (Psi 0%nat) z) (mulm n dP x) + fdot p k (mulm n dP z) (mulm n (Psi 0%nat) x)
      + fdot p k (mulm n dP z) (mulm n dP x)).
  2:{ unfold fdot, dot. rewrite <- sum_sub, <- !sum_add. apply sum_ext. intros r _. rewrite <- sum_sub, <- !sum_add.
    apply sum_ext. intros o _. rewrite !E. ring. }
  eapply Rle_trans; [apply Rabs_triang|]. eapply Rle_trans; [apply Rplus_le_compat_r, Rabs_triang|].
  assert (T1 := fdot_CS p k (mulm n (Psi 0%nat) z) (mulm n dP x)).
    assert (T2 := fdot_CS p k (mulm n dP z) (mulm n (Psi 0%nat) x)).
  assert (T3 := fdot_CS p k (mulm n dP z) (mulm n dP x)).
  assert (V : forall (X Y : mat) a b, frob p k X <= a -> frob p k Y <= b -> frob p k X * frob p k Y <= a * b)
    by (intros; apply Rmult_le_compat; try apply frob_pos; assumption).
  assert (V1 := V _ _ _ _ (G0 z) (D0 x)). assert (V2 := V _ _ _ _ (D0 z) (G0 x)). assert (V3 := V _ _ _ _ (D0 z) (D0 x)).
  rewrite <- rps. lra. Qed.

Hypothesis J_ok : forall z x, Rabs (dH2 t z x) <= INR p * J * (frob n k z * frob n k x).
Hypothesis W_ok : forall z x, sum p (fun r => through t r * (nrm n (mulv k z (beta 0%nat r)) * nrm n (mulv k x (c 0%nat r))))
  <= INR p * W * (frob n k z * frob n k x).
Definition driftat := (2 * Gs * q + q * q) + (J + h2 p L1 L2 Kn kmax * W).
Hypothesis drift0 : 0 <= driftat.

Lemma H_drift z x : Rabs (form_H t z x - form_H 0 z x) <= INR p * (J + h2 p L1 L2 Kn kmax * W) * (frob n k z * frob n k x).
Proof. set (B := fun s r => bil n K (Dx s r (mulv k z (beta 0%nat r))) (Dx s r (mulv k x (c 0%nat r)))).
  replace (form_H t z x - form_H 0 z x) with (dH2 t z x + sum p (fun r => B t r - B 0%nat r)).
  2:{ unfold form_H, dH2, B. rewrite <- sum_add, <- sum_sub. apply sum_ext. intros; ring. }
  eapply Rle_trans; [apply Rabs_triang|]. assert (T := J_ok z x).
  assert (T2 : Rabs (sum p (fun r => B t r - B 0%nat r)) <= h2 p L1 L2 Kn kmax * (INR p * W * (frob n k z * frob n k x))).
  { eapply Rle_trans; [apply sum_abs|].
    apply Rle_trans with (sum p (fun r => h2 p L1 L2 Kn kmax * (through t r * (nrm n (mulv k z (beta 0%nat r))
      * nrm n (mulv k x (c 0%nat r)))))).
    - apply sum_le. intros r Hr. rewrite <- Rmult_assoc. now apply DKD_drift.
    - rewrite sum_scal. apply Rmult_le_compat_l; [unfold h2; pos|apply W_ok]. }
  lra. Qed.
Lemma M_drift x : frob n k (fun i o => Mx t x i o - Mx 0 x i o) <= driftat * frob n k x.
Proof. apply frob_dual; [pos|]. intros z. rewrite fdot_sub_r, !form_M.
  assert (T1 := G_drift z x). assert (T2 := H_drift z x). apply Rabs_le_inv in T1. apply Rabs_le_inv in T2.
  apply Rmult_le_reg_r with (INR p); [assumption|]. unfold driftat.
  set (a := fdot p k _ _) in *. set (a' := fdot p k (mulm n (Psi 0%nat) z) _) in *.
  replace (((a + form_H t z x) / INR p - (a' + form_H 0 z x) / INR p) * INR p) with ((a - a') + (form_H t z x
    - form_H 0 z x)) by (field; lra).
  lra. Qed.

(* (A.35) at time t *)
Variables m0 Cv : R.
Hypothesis rate0 : forall x, frob n k (fun i o => x i o - eta * Mx 0 x i o) <= (1 - eta * m0) * frob n k x.
Hypothesis v_ok : frob n k (v t) <= eta * eta * Cv * (En t * En t).
Theorem one_step : En (S t) <= (1 - eta * (m0 - driftat - eta * Cv * En t)) * En t.
Proof. unfold En at 1.
  rewrite (frob_ext n k (e (S t)) (fun i o => (e t i o - eta * Mx 0 (e t) i o) +
     ((- eta) * (Mx t (e t) i o - Mx 0 (e t) i o) + v t i o))).
  2:{ intros i o Hi Ho. rewrite (error_recursion t i o Hi Ho). ring. }
  eapply Rle_trans; [apply frob_add|]. assert (T1 := rate0 (e t)).
  assert (T2 := frob_add n k (fun i o => (- eta) * (Mx t (e t) i o - Mx 0 (e t) i o)) (v t)). cbv beta in T2.
  rewrite (frob_scal n k (- eta) (fun i o => Mx t (e t) i o - Mx 0 (e t) i o)), Rabs_Ropp, (Rabs_right eta) in T2 by lra.
  assert (T3 := M_drift (e t)). fold (En t) in T1, T3. apply (Rmult_le_compat_l eta) in T3; [|lra]. lra. Qed.
End Outputs.

(* A checkpoint, its run and the numbers of section 10. The run is any A, beta with (A.24); c is what is fed back. *)
Record variant := {
  n : nat; p : nat; k : nat; K : mat; y : mat;
  psi : nat -> nat -> R -> R; dpsi : nat -> nat -> R -> R;
  L1 : R; L2 : R; eta : R; Kn : R; kmax : R; Gs : R; s0 : R; QV : R; QH : R; rootB4p : R; cmax : R;
  A : nat -> mat; beta : nat -> mat; c : nat -> mat }.

Definition pt s := sqrt (INR (p s)).
Definition err s t := En (n s) (p s) (k s) (y s) (psi s) (A s) (beta s) t.
Definition acc s t := S_ (n s) (p s) (k s) (y s) (psi s) (eta s) (A s) (beta s) t.
(* M(0), (A.25), as a map of n x k matrices *)
Definition Mat s : mat -> mat := Mx (n s) (p s) (k s) (K s) (psi s) (dpsi s) (A s) (beta s) (c s) 0.
(* |beta_r|, |c_r|, |psi_r| at the checkpoint *)
Definition beta_row s : vec := fun r => nrm (k s) (beta s 0%nat r).
Definition c_row s : vec := fun r => nrm (k s) (c s 0%nat r).
Definition psi_row s : vec := fun r => nrm (n s) (Psi (psi s) (A s) 0 r).

(* Spectra are bounds of forms; B2 = s0^2 is used as |c x^T|_F <= sqrt(p B2) |x|, QV and QH by (A.28);
   rootB4p is sqrt(B4 / p). Every number may be larger than what it bounds. *)
Record premises (s : variant) : Prop := {
  ok_p : (0 < p s)%nat; ok_eta : 0 < eta s;
  ok_Ksym : symm (n s) (K s);
  ok_Kform : forall x, Rabs (quad (n s) (K s) x) <= Kn s * dot (n s) x x;
  ok_Kn : 0 <= Kn s;
  ok_kmax : forall i, (i < n s)%nat -> nrm (n s) (K s i) <= kmax s; ok_kmax0 : 0 <= kmax s;
  ok_L1 : 0 <= L1 s; ok_L2 : 0 <= L2 s;
  ok_runA : run_A (n s) (p s) (k s) (K s) (y s) (psi s) (dpsi s) (eta s) (A s) (beta s) (c s);
  ok_runb : run_beta (n s) (p s) (k s) (y s) (psi s) (eta s) (A s) (beta s);
  ok_Gs0 : 0 <= Gs s;
  ok_Gs : forall x, quad (n s) (G (p s) (psi s) (A s) 0) x <= Gs s * Gs s * dot (n s) x x;
  ok_B4 : nrm (p s) (fun r => c_row s r * c_row s r) <= INR (p s) * rootB4p s;
  ok_cmax : forall r, (r < p s)%nat -> c_row s r <= cmax s; ok_cmax0 : 0 <= cmax s;
  ok_s0 : 0 <= s0 s; ok_QV0 : 0 <= QV s; ok_QH0 : 0 <= QH s;
  ok_B2 : forall x, frob (p s) (n s) (fun r => mulv (k s) x (c s 0%nat r)) <= pt s * (s0 s * frob (n s) (k s) x);
  ok_QV : forall x, let X r := nrm (n s) (mulv (k s) x (c s 0%nat r)) in
    sum (p s) (fun r => beta_row s r * (X r * X r)) <= INR (p s) * QV s * (frob (n s) (k s) x * frob (n s) (k s) x);
  ok_QH : forall z x, let Z r := nrm (n s) (mulv (k s) z (beta s 0%nat r)) in let X r :=
    nrm (n s) (mulv (k s) x (c s 0%nat r)) in
    sum (p s) (fun r => c_row s r * (Z r * X r)) <= INR (p s) * QH s * (frob (n s) (k s) z * frob (n s) (k s) x) }.
Record variant_ok (s : variant) : Prop := {
  ok_premises :> premises s;
  ok_act : activation_ok (psi s) (dpsi s) (L1 s) (L2 s) }.

(* The traces are always admissible: s0 = sqrt(mean |c_r|^2), QV = QH = mean |beta_r| |c_r|^2. *)
Definition trace_s0 s := frob (p s) (k s) (c s 0%nat) / pt s.
Definition trace_Q s := sum (p s) (fun r => beta_row s r * (c_row s r * c_row s r)) / INR (p s).
Section Traces.
Variable s : variant.
Hypothesis p_pos : (0 < p s)%nat.
Let rpp : 0 < pt s := rp_pos (p s) p_pos.
Let Ip : 0 < INR (p s) := INRp (p s) p_pos.
Lemma trace_s0_pos : 0 <= trace_s0 s.  Proof. unfold trace_s0. pos. Qed.
Lemma trace_Q_pos : 0 <= trace_Q s.    Proof. unfold trace_Q, beta_row, c_row. pos. Qed.
Lemma trace_B2 x : frob (p s) (n s) (fun r => mulv (k s) x (c s 0%nat r)) <= pt s * (trace_s0 s * frob (n s) (k s) x).
Proof. unfold trace_s0. replace (pt s * (frob (p s) (k s) (c s 0%nat) / pt s * frob (n s) (k s) x)) with
    (frob (p s) (k s) (c s 0%nat) * frob (n s) (k s) x) by (field; lra). apply frob_outer. Qed.
Lemma trace_QH z x : let Z r := nrm (n s) (mulv (k s) z (beta s 0%nat r)) in let X r :=
  nrm (n s) (mulv (k s) x (c s 0%nat r)) in
    sum (p s) (fun r => c_row s r * (Z r * X r)) <= INR (p s) * trace_Q s * (frob (n s) (k s) z * frob (n s) (k s) x).
Proof. intros Z X. unfold trace_Q. replace (INR (p s) * (sum (p s) (fun r => beta_row s r * (c_row s r * c_row s r))
  / INR (p s)))
    with (sum (p s) (fun r => beta_row s r * (c_row s r * c_row s r))) by (field; lra).
  rewrite <- sum_scal_r. apply sum_le. intros r _.
  apply Rle_trans with (c_row s r * ((frob (n s) (k s) z * beta_row s r) * (frob (n s) (k s) x * c_row s r)));
    [|right; ring].
  apply Rmult_le_compat_l; [apply nrm_pos|]. apply Rmult_le_compat; try apply nrm_pos; apply frob_mulv. Qed.
Lemma trace_QV x : let X r := nrm (n s) (mulv (k s) x (c s 0%nat r)) in
    sum (p s) (fun r => beta_row s r * (X r * X r)) <= INR (p s) * trace_Q s * (frob (n s) (k s) x * frob (n s) (k s) x).
Proof. intros X. unfold trace_Q. replace (INR (p s) * (sum (p s) (fun r => beta_row s r * (c_row s r * c_row s r))
  / INR (p s)))
    with (sum (p s) (fun r => beta_row s r * (c_row s r * c_row s r))) by (field; lra).
  rewrite <- sum_scal_r. apply sum_le. intros r _.
  apply Rle_trans with (beta_row s r * ((frob (n s) (k s) x * c_row s r) * (frob (n s) (k s) x * c_row s r)));
    [|right; ring].
  apply Rmult_le_compat_l; [apply nrm_pos|]. apply Rmult_le_compat; try apply nrm_pos; apply frob_mulv. Qed.
End Traces.

Lemma Gs_op s (H : premises s) x : nrm (p s) (mulv (n s) (Psi (psi s) (A s) 0) x) <= pt s * (Gs s * nrm (n s) x).
Proof. assert (Rp : 0 < pt s) by apply (rp_pos (p s) (ok_p s H)). assert (Ip := INRp (p s) (ok_p s H)).
  assert (X := nrm_pos (n s) x). assert (G0 := ok_Gs0 s H).
  apply nrm_le_sq; [pos|]. assert (T := ok_Gs s H x). unfold quad in T. rewrite bil_G in T.
  apply (Rmult_le_compat_r (INR (p s))) in T; [|lra]. unfold Rdiv in T. rewrite Rmult_assoc, Rinv_l, Rmult_1_r in T by lra.
  eapply Rle_trans; [exact T|]. right. rewrite <- nrm_sq, <- (rp_sq (p s)). change (rp (p s)) with (pt s). ring. Qed.
