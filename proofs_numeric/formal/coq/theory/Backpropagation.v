(* SPDX-License-Identifier: Apache-2.0 *)
(* Backpropagation with k outputs (section 13 of theorem_a_variants.md): c = beta(t) changes along the run. The bounds
   (A.42) - (A.46) hold as long as S_t <= S, for any rho_beta with S (Gs + x (s0 + rho_beta / sqrt p)) <= rho_beta;
   (A.40) is the least. Then Theorem A_k for backpropagation. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms Network Recursion Frobenius Outputs.
Open Scope R_scope.

Section BP.
Variable s : variant.
Hypothesis H : variant_ok s.
Hypothesis bp : forall t, c s t = beta s t.
Local Notation n := (n s). Local Notation p := (p s). Local Notation k := (k s). Local Notation rp := (pt s).
Local Notation K := (K s). Local Notation y := (y s). Local Notation psi := (psi s). Local Notation dpsi := (dpsi s).
Local Notation L1 := (L1 s). Local Notation L2 := (L2 s). Local Notation eta := (eta s). Local Notation Kn := (Kn s).
Local Notation kmax := (kmax s). Local Notation cmax := (cmax s). Local Notation Gs := (Gs s). Local Notation s0 :=
  (s0 s). Local Notation QV := (QV s).
Local Notation A := (A s). Local Notation beta := (beta s). Local Notation c := (c s).
Local Notation E := (err s). Local Notation S_ := (acc s).
Local Notation psi_row := (psi_row s). Local Notation beta_row := (beta_row s).

(* x, sbar, q, g1 and (A.42) - (A.44) with rho = rh *)
Definition xs S := L1 * L1 * Kn * S / rp.
Definition sbar rh := s0 + rh / rp.
Definition q S rh := xs S * sbar rh.
Definition g1 S rh := Gs + q S rh.
Definition dG S rh := 2 * Gs * q S rh + q S rh * q S rh.
Definition dH S rh := L1 * L1 * Kn * (2 * s0 * rh / rp + rh * rh / INR p) + h2 p L1 L2 Kn kmax * (S * (QV + rootB4p s * rh)).
Definition D S rh := dG S rh + dH S rh.
Definition Qbar rh := QV + 3 * rootB4p s * rh + (3 * cmax + rh) * (rh * rh) / INR p.
Definition Cv S rh := L1 * L1 * sbar rh * Kn / rp * g1 S rh + v2 n p K L1 L2 * Qbar rh.
(* (A.40), (A.45) *)
Definition rho S := S * (Gs + xs S * s0) / (1 - xs S * S / rp).
Definition rho_row S r := S / rp * (psi_row r + xs S * beta_row r) / (1 - xs S * S / rp).

Let o1 := ok_L1 s H. Let o2 := ok_L2 s H. Let o3 := ok_Kn s H. Let o4 := ok_Gs0 s H. Let o5 := ok_QV0 s H.
Let o7 := ok_kmax0 s H. Let o8 : 0 < rp := rp_pos p (ok_p s H). Let o9 := ok_s0 s H. Let o10 := ok_eta s H.
Let Ip : 0 < INR p := INRp p (ok_p s H).
Let rps : rp * rp = INR p := rp_sq p.
Let rp1 : rp <> 0 := rp0 p (ok_p s H).
Lemma acc_pos t : 0 <= S_ t.            Proof. apply S_pos, ok_eta, H. Qed.
Lemma err_pos t : 0 <= E t.             Proof. apply En_pos. Qed.
Local Hint Resolve acc_pos err_pos : pos.
Lemma acc_step t : S_ (S t) = S_ t + eta * E t.  Proof. apply S_step. Qed.
Lemma acc_0 : S_ 0 = 0.                 Proof. apply S_0. Qed.
Lemma acc_mono t u : (t <= u)%nat -> S_ t <= S_ u.  Proof. apply S_mono, ok_eta, H. Qed.
Lemma v2_pos : 0 <= v2 n p K L1 L2.     Proof. unfold v2, koK. change (Network.rp p) with rp. pos. Qed.
Lemma h2_pos : 0 <= h2 p L1 L2 Kn kmax. Proof. unfold h2. change (Network.rp p) with rp. pos. Qed.
Lemma rootB4p_pos : 0 <= rootB4p s.
Proof. apply Rmult_le_reg_l with (INR p); [assumption|]. rewrite Rmult_0_r. eapply Rle_trans; [|apply (ok_B4 s H)].
  apply nrm_pos. Qed.
Lemma row_pos r : 0 <= beta_row r.      Proof. apply nrm_pos. Qed.
Lemma psi_row_pos r : 0 <= psi_row r.   Proof. apply nrm_pos. Qed.
Local Hint Resolve row_pos psi_row_pos : pos.
Let o12 := v2_pos. Let o13 := h2_pos. Let o14 := rootB4p_pos.
Lemma c_is_beta r : c_row s r = beta_row r.  Proof. unfold c_row. now rewrite bp. Qed.
Lemma cmax_ok r : (r < p)%nat -> beta_row r <= cmax.  Proof. rewrite <- c_is_beta. apply (ok_cmax s H). Qed.
Let o17 := ok_cmax0 s H.

Lemma xs_pos S : 0 <= S -> 0 <= xs S.   Proof. intros. unfold xs. pos. Qed.

(* (A.40) satisfies the inequality that rho_beta has to satisfy, and so does (A.45) for every row. *)
Lemma share_neq S : xs S * S / rp < 1 -> rp - xs S * S <> 0.
Proof. intros X Z. apply (Rmult_eq_compat_r (/ rp)) in Z.
  replace ((rp - xs S * S) * / rp) with (1 - xs S * S / rp) in Z by (field; exact rp1). lra. Qed.
Lemma rho_pos S : 0 <= S -> xs S * S / rp < 1 -> 0 <= rho S.
Proof. intros Sp X. assert (x0 := xs_pos S Sp). unfold rho. apply Rdiv_pos; [pos|lra]. Qed.
Lemma rho_closes S : xs S * S / rp < 1 -> S * (Gs + xs S * sbar (rho S)) <= rho S.
Proof. intros X. unfold sbar, rho. right. field. auto using share_neq. Qed.
Lemma rho_row_pos S r : 0 <= S -> xs S * S / rp < 1 -> 0 <= rho_row S r.
Proof. intros Sp X. assert (x0 := xs_pos S Sp). unfold rho_row. apply Rdiv_pos; [pos|lra]. Qed.
Lemma rho_row_closes S r : xs S * S / rp < 1 -> S / rp * (psi_row r + xs S * (beta_row r + rho_row S r)) <= rho_row S r.
Proof. intros X. unfold rho_row. right. field. auto using share_neq. Qed.

(* Lemma 1 for backpropagation, while S_t <= S *)
Section Level.
Variables S rh : R.
Hypothesis S_nonneg : 0 <= S.
Hypothesis rh_pos : 0 <= rh.
Hypothesis closes : S * (Gs + xs S * sbar rh) <= rh.
Let x0 : 0 <= xs S := xs_pos S S_nonneg.
Lemma sbar_pos : 0 <= sbar rh.          Proof. unfold sbar. pos. Qed.
Lemma q_pos : 0 <= q S rh.              Proof. assert (T := sbar_pos). unfold q. pos. Qed.
Let o15 := sbar_pos. Let o16 := q_pos.

Lemma beta_times t z : frob p k (fun r o => beta t r o - beta 0%nat r o) <= rh ->
  frob p n (fun r => mulv k z (beta t r)) <= rp * (sbar rh * frob n k z).
Proof. intros B. set (d := fun r o => beta t r o - beta 0%nat r o) in *.
  rewrite (frob_ext p n _ (fun r i => mulv k z (beta 0%nat r) i + mulv k z (d r) i)).
  2:{ intros r i _ _. rewrite <- mulv_add. apply sum_ext. intros. unfold d. ring. }
  eapply Rle_trans; [apply frob_add|]. assert (T := ok_B2 s H z). rewrite bp in T. assert (T2 := frob_outer p n k z d).
  apply (Rmult_le_compat_r (frob n k z)) in B; [|apply frob_pos].
  replace (rp * (sbar rh * frob n k z)) with (rp * (s0 * frob n k z) + rh * frob n k z) by (unfold sbar; field; exact rp1).
  apply Rplus_le_compat; [exact T|exact (Rle_trans _ _ _ T2 B)]. Qed.

Lemma moved t : S_ t <= S ->
  frob p k (fun r o => beta t r o - beta 0%nat r o) <= S_ t * (Gs + xs S * sbar rh) /\
  frob p n (fun r i => A t r i - A 0%nat r i) <= L1 * Kn * sbar rh * S_ t.
Proof. induction t as [|t IH]; intros HS.
  - rewrite acc_0, Rmult_0_l, Rmult_0_r. split; right; apply frob_zero; intros; ring.
  - assert (St : S_ t <= S) by (assert (T := acc_mono t (Datatypes.S t) (Nat.le_succ_diag_r t)); lra).
    destruct (IH St) as [I1 I2]. assert (ht : 0 <= eta * E t) by pos. assert (Sp := acc_pos t).
    assert (B : frob p k (fun r o => beta t r o - beta 0%nat r o) <= rh).
    { eapply Rle_trans; [exact I1|]. eapply Rle_trans; [|exact closes]. apply Rmult_le_compat_r; [pos|assumption]. }
    rewrite acc_step. split.
    + rewrite (frob_ext p k _ (fun r o => (beta t r o - beta 0%nat r o) + dbeta beta t r o)) by (intros; unfold dbeta; ring).
      eapply Rle_trans; [apply frob_add|].
      assert (T : frob p k (dbeta beta t) <= eta * E t * (Gs + xs S * sbar rh)).
      { rewrite (dbeta_frob n p k y psi eta A beta); try apply H.
        assert (P := Psi_opm n p k psi A (ok_p s H) Gs (q S rh) t o4 (Gs_op s H)).
        apply Rle_trans with (eta / rp * (rp * ((Gs + q S rh) * E t))); [|right; unfold q; field; exact rp1].
        apply Rmult_le_compat_l; [change (Network.rp p) with rp; pos|]. apply P; [|assumption].
        eapply Rle_trans; [apply (Psi_diff n p psi dpsi L1 L2 A (ok_act s H) o1 t 0)|].
        apply Rle_trans with (L1 * (L1 * Kn * sbar rh * S)).
        - apply Rmult_le_compat_l; [assumption|]. eapply Rle_trans; [exact I2|]. apply Rmult_le_compat_l; [pos|assumption].
        - right. unfold q, xs. change (Network.rp p) with rp. field. exact rp1. }
      lra.
    + rewrite (frob_ext p n _ (fun r i => (A t r i - A 0%nat r i) + dA A t r i)) by (intros; unfold dA; ring).
      eapply Rle_trans; [apply frob_add|].
      assert (T : frob p n (dA A t) <= eta * (L1 * Kn * sbar rh * E t)).
      { eapply Rle_trans; [apply (dA_frob n p k K y psi dpsi L1 L2 eta Kn A beta c); apply H|].
        apply Rle_trans with (eta / rp * (L1 * Kn) * (rp * (sbar rh * E t))); [|right; field; exact rp1].
        apply Rmult_le_compat_l; [change (Network.rp p) with rp; pos|].
        unfold ec. rewrite bp. apply (beta_times t _ B). }
      lra. Qed.

Variable t : nat.
Hypothesis within : S_ t <= S.
Theorem beta_moved : frob p k (fun r o => beta t r o - beta 0%nat r o) <= rh.
Proof. destruct (moved t within) as [I1 _]. eapply Rle_trans; [exact I1|]. eapply Rle_trans; [|exact closes].
  apply Rmult_le_compat_r; [pos|assumption]. Qed.
Theorem A_moved : frob p n (fun r i => A t r i - A 0%nat r i) <= L1 * Kn * sbar rh * S.
Proof. destruct (moved t within) as [_ I2]. eapply Rle_trans; [exact I2|]. apply Rmult_le_compat_l; [pos|assumption]. Qed.
Lemma Psi_moved : frob p n (fun r i => Psi psi A t r i - Psi psi A 0 r i) <= rp * q S rh.
Proof. eapply Rle_trans; [apply (Psi_diff n p psi dpsi L1 L2 A (ok_act s H) o1 t 0)|].
  apply Rle_trans with (L1 * (L1 * Kn * sbar rh * S)); [apply Rmult_le_compat_l; [assumption|apply A_moved]|].
  right. unfold q, xs. field. exact rp1. Qed.
Theorem Psi_bounded x : nrm p (mulv n (Psi psi A t) x) <= rp * (g1 S rh * nrm n x).
Proof. apply (Psi_op n p psi A Gs (q S rh) t (Gs_op s H) Psi_moved). Qed.
Lemma Psi_bounded_mat x : frob p k (mulm n (Psi psi A t) x) <= rp * (g1 S rh * frob n k x).
Proof. apply (Psi_opm n p k psi A (ok_p s H) Gs (q S rh) t o4 (Gs_op s H) Psi_moved o16). Qed.

Lemma J_bp z x : Rabs (dH2 n p k K dpsi A beta c t z x)
  <= INR p * (L1 * L1 * Kn * (2 * s0 * rh / rp + rh * rh / INR p)) * (frob n k z * frob n k x).
Proof. apply (change_bp n p k K psi dpsi L1 L2 Kn A beta c); try apply H; [apply beta_moved|apply bp|apply bp]. Qed.

(* U = V: the bound of QV is one of QH *)
Lemma QV_bil z x : let Z r := nrm n (mulv k z (beta 0%nat r)) in let X r := nrm n (mulv k x (beta 0%nat r)) in
  sum p (fun r => beta_row r * (Z r * X r)) <= INR p * QV * (frob n k z * frob n k x).
Proof. intros Z X. assert (T := ok_QV s H). cbv zeta in T. rewrite bp in T.
  assert (P : 0 <= INR p * QV) by pos. assert (SQ := sqrt_pos (INR p * QV)). assert (SS := sqrt_sqrt _ P).
  assert (R : forall w, nrm p (fun r => sqrt (beta_row r) * nrm n (mulv k w (beta 0%nat r)))
    <= sqrt (INR p * QV) * frob n k w).
  { intros w. assert (F := frob_pos n k w). apply nrm_le_sq; [pos|].
    replace (sqrt (INR p * QV) * frob n k w * (sqrt (INR p * QV) * frob n k w)) with (sqrt (INR p * QV) * sqrt (INR p
      * QV) * (frob n k w * frob n k w)) by ring.
    rewrite SS.
    eapply Rle_trans; [|apply T]. right. apply sum_ext. intros r _.
    rewrite <- (sqrt_sqrt (beta_row r)) at 3 by apply row_pos. ring. }
  apply Rle_trans with (dot p (fun r => sqrt (beta_row r) * Z r) (fun r => sqrt (beta_row r) * X r)).
  - right. apply sum_ext. intros r _. rewrite <- (sqrt_sqrt (beta_row r)) at 1 by apply row_pos. ring.
  - eapply Rle_trans; [apply dot_CS'|]. rewrite <- SS.
    replace (sqrt (INR p * QV) * sqrt (INR p * QV) * (frob n k z * frob n k x)) with
      ((sqrt (INR p * QV) * frob n k z) * (sqrt (INR p * QV) * frob n k x)) by ring.
    apply Rmult_le_compat; try apply nrm_pos; apply R. Qed.
(* mean |d_r| |beta_r|^2 <= sqrt(B4 / p) |d| *)
Lemma mean_d (d : mat) : frob p k d <= rh -> sum p (fun r => nrm k (d r) * (beta_row r * beta_row r))
  <= INR p * (rootB4p s * rh).
Proof. intros B. assert (T := sum_abs_CS p (fun r => nrm k (d r)) (fun r => c_row s r * c_row s r)).
  rewrite (nrm_rows p k d) in T.
  replace (INR p * (rootB4p s * rh)) with (rh * (INR p * rootB4p s)) by ring.
  apply Rle_trans with (frob p k d * nrm p (fun r => c_row s r * c_row s r));
    [|apply Rmult_le_compat; [apply frob_pos|apply nrm_pos|exact B|apply (ok_B4 s H)]].
  eapply Rle_trans; [|exact T].
  apply sum_le. intros r _. rewrite !c_is_beta. rewrite (Rabs_right (nrm k (d r))) by (apply Rle_ge, nrm_pos).
  rewrite Rabs_right by (apply Rle_ge; pos). lra. Qed.
End Level.

Lemma W_bp S rh t z x : 0 <= S -> 0 <= rh -> S * (Gs + xs S * sbar rh) <= rh -> S_ t <= S ->
  sum p (fun r => through n p k y psi eta A beta c t r * (nrm n (mulv k z (beta 0%nat r)) * nrm n (mulv k x (c 0%nat r))))
  <= INR p * (S * (QV + rootB4p s * rh)) * (frob n k z * frob n k x).
Proof. intros Sp rhp closes within. rewrite bp.
  set (Z := fun r => nrm n (mulv k z (beta 0%nat r))). set (X := fun r => nrm n (mulv k x (beta 0%nat r))).
  set (B := INR p * (QV + rootB4p s * rh) * (frob n k z * frob n k x)).
  assert (B0 : 0 <= B) by (unfold B; pos).
  assert (T : forall u, (u < t)%nat -> sum p (fun r => nrm k (beta u r) * (Z r * X r)) <= B).
  { intros u Hu. assert (Su : S_ u <= S) by (assert (M := acc_mono u t ltac:(lia)); lra).
    assert (Bm := beta_moved S rh Sp rhp closes u Su). set (d := fun r o => beta u r o - beta 0%nat r o) in *.
    apply Rle_trans with (sum p (fun r => beta_row r * (Z r * X r))
      + sum p (fun r => nrm k (d r) * (beta_row r * beta_row r)) * (frob n k z * frob n k x)).
    - rewrite <- sum_scal_r, <- sum_add. apply sum_le. intros r _.
      assert (N : nrm k (beta u r) <= beta_row r + nrm k (d r)).
      { rewrite (nrm_ext k (beta u r) (fun o => beta 0%nat r o + d r o)) by (intros; unfold d; ring). apply nrm_add. }
      assert (Zp : 0 <= Z r) by apply nrm_pos. assert (Xp : 0 <= X r) by apply nrm_pos. assert (dp := nrm_pos k (d r)).
      assert (ZX : Z r * X r <= (frob n k z * beta_row r) * (frob n k x * beta_row r)) by (apply Rmult_le_compat;
        try assumption; apply frob_mulv).
      apply (Rmult_le_compat_l (nrm k (d r))) in ZX; [|assumption].
      apply (Rmult_le_compat_r (Z r * X r)) in N; [|pos]. lra.
    - assert (T1 := QV_bil z x). assert (T2 := mean_d rh d Bm). apply (Rmult_le_compat_r (frob n k z * frob n k x)) in T2;
      [|pos].
      cbv zeta in T1. fold Z X in T1. unfold B. lra. }
  apply Rle_trans with (S_ t * B).
  - unfold acc, Outputs.S_. rewrite (Rmult_assoc eta), <- sum_scal_r.
    rewrite (sum_ext p _ (fun r => eta * sum t (fun u => En n p k y psi A beta u * (nrm k (beta u r) * (Z r * X r))))).
    2:{ intros r _. unfold through. rewrite Rmult_assoc,
        <- sum_scal_r. f_equal. apply sum_ext. intros u _. rewrite bp. fold (Z r) (X r). ring. }
    rewrite sum_scal. apply Rmult_le_compat_l; [lra|]. rewrite sum_swap. apply sum_le. intros u Hu.
    rewrite sum_scal. apply Rmult_le_compat_l; [apply En_pos|now apply T].
  - replace (INR p * (S * (QV + rootB4p s * rh)) * (frob n k z * frob n k x)) with (S * B) by (unfold B; ring).
    now apply Rmult_le_compat_r. Qed.

Section Step.
Variables S rh : R.
Hypothesis S_nonneg : 0 <= S.
Hypothesis rh_pos : 0 <= rh.
Hypothesis closes : S * (Gs + xs S * sbar rh) <= rh.
Variable t : nat.
Hypothesis within : S_ t <= S.
Let x0 : 0 <= xs S := xs_pos S S_nonneg. Let o15 := sbar_pos rh rh_pos. Let o16 := q_pos S rh S_nonneg rh_pos.
Lemma D_pos : 0 <= D S rh.              Proof. unfold D, dG, dH. pos. Qed.
Lemma Qbar_pos : 0 <= Qbar rh.          Proof. unfold Qbar. pos. Qed.
Lemma Cv_pos : 0 <= Cv S rh.            Proof. assert (T := Qbar_pos). unfold Cv, g1. pos. Qed.

Lemma ec_bp : frob p n (ec p k y psi A beta c t) <= rp * (sbar rh * E t).
Proof. unfold ec. rewrite bp. apply (beta_times rh t). now apply (beta_moved S rh). Qed.
Lemma Qbar_bp : sum p (fun r => nrm k (beta t r) * (nrm n (ec p k y psi A beta c t r) * nrm n (ec p k y psi A beta c t r)))
  <= INR p * Qbar rh * (E t * E t).
Proof. assert (B := beta_moved S rh S_nonneg rh_pos closes t within). set (d := fun r o => beta t r o - beta 0%nat r o) in *.
  set (X := fun r => nrm n (mulv k (e p y psi A beta t) (beta 0%nat r))). assert (Ep := err_pos t).
  set (EE := E t * E t). assert (EEp : 0 <= EE) by (unfold EE; pos).
  apply Rle_trans with (sum p (fun r => beta_row r * (X r * X r) +
     (3 * (nrm k (d r) * (beta_row r * beta_row r)) + (3 * cmax + rh) * (nrm k (d r) * nrm k (d r))) * EE)).
  - apply sum_le. intros r Hr. set (a := beta_row r). set (g := nrm k (d r)).
    assert (a0 : 0 <= a) by apply nrm_pos. assert (g0 : 0 <= g) by apply nrm_pos. assert (X0 : 0 <= X r) by apply nrm_pos.
    assert (Xa : X r <= E t * a) by apply frob_mulv.
    assert (N : nrm k (beta t r) <= a + g).
    { rewrite (nrm_ext k (beta t r) (fun o => beta 0%nat r o + d r o)) by (intros; unfold d; ring). apply nrm_add. }
    assert (Y : nrm n (ec p k y psi A beta c t r) <= X r + E t * g).
    { unfold ec. rewrite bp. rewrite (nrm_ext n _ (fun i => mulv k (e p y psi A beta t) (beta 0%nat r) i
      + mulv k (e p y psi A beta t) (d r) i)).
      2:{ intros i _. rewrite <- mulv_add. apply sum_ext. intros. unfold d. ring. }
      eapply Rle_trans; [apply nrm_add|]. apply Rplus_le_compat_l. apply frob_mulv. }
    assert (ac : a <= cmax) by now apply cmax_ok.
    assert (gr : g <= rh) by (eapply Rle_trans; [apply (frob_row p k d r Hr)|exact B]).
    assert (Yp := nrm_pos n (ec p k y psi A beta c t r)). set (Yr := nrm n (ec p k y psi A beta c t r)) in *.
    assert (YY : Yr * Yr <= (X r + E t * g) * (X r + E t * g)) by (apply Rmult_le_compat; assumption).
    apply Rle_trans with ((a + g) * ((X r + E t * g) * (X r + E t * g))).
    { apply Rmult_le_compat; try assumption; [apply nrm_pos|pos]. }
    assert (XX : X r * X r <= (E t * a) * (E t * a)) by (apply Rmult_le_compat; assumption).
    assert (U1 : g * (X r * X r) <= g * ((E t * a) * (E t * a))) by (apply Rmult_le_compat_l; assumption).
    assert (U2 : 2 * (a + g) * (E t * g) * X r <= 2 * (a + g) * (E t * g) * (E t * a)) by (apply Rmult_le_compat_l;
      [pos|assumption]).
    assert (U3 : 3 * a * (g * g) * EE <= 3 * cmax * (g * g) * EE) by (apply Rmult_le_compat_r; [assumption|];
      apply Rmult_le_compat_r; [pos|lra]).
    assert (U4 : g * (g * g) * EE <= rh * (g * g) * EE) by (apply Rmult_le_compat_r; [assumption|];
      apply Rmult_le_compat_r; [pos|lra]).
    unfold EE in *. lra.
  - rewrite sum_add, sum_scal_r, sum_add, !sum_scal.
    assert (T1 := ok_QV s H (e p y psi A beta t)). cbv zeta in T1. rewrite bp in T1. fold (X 0%nat) in T1.
      change (frob n k (e p y psi A beta t)) with (E t) in T1.
    fold EE in T1. assert (T2 := mean_d rh d B).
    assert (T3 : sum p (fun r => nrm k (d r) * nrm k (d r)) <= rh * rh).
    { change (sum p (fun r => nrm k (d r) * nrm k (d r))) with (dot p (fun r => nrm k (d r)) (fun r => nrm k (d r))).
      rewrite <- nrm_sq, nrm_rows. apply Rmult_le_compat; try assumption; apply frob_pos. }
    assert (cr : 0 <= 3 * cmax + rh) by lra. apply (Rmult_le_compat_l _ _ _ cr) in T3.
    replace (INR p * Qbar rh * EE) with (INR p * QV * EE + (3 * (INR p * (rootB4p s * rh)) + (3 * cmax + rh) * (rh * rh))
      * EE) by (unfold Qbar; field; lra).
    apply Rplus_le_compat; [exact T1|]. apply Rmult_le_compat_r; [assumption|]. lra. Qed.
Theorem remainder : frob n k (v p psi dpsi A beta t) <= eta * eta * Cv S rh * (E t * E t).
Proof. assert (Qp := Qbar_pos).
  eapply Rle_trans; [apply (v_bound n p k K y psi dpsi L1 L2 eta Kn A beta c) with (g := g1 S rh) (cs := sbar rh)
    (Qb := Qbar rh); try apply H; try assumption|].
  - unfold g1. pos.
  - now apply (Psi_bounded_mat S rh).
  - apply ec_bp.
  - apply Qbar_bp.
  - right. reflexivity. Qed.

Variable m0 : R.
Hypothesis rate0 : forall x, frob n k (fun i o => x i o - eta * Mat s x i o) <= (1 - eta * m0) * frob n k x.
(* (A.35) *)
Theorem one_step_bp : E (Datatypes.S t) <= (1 - eta * (m0 - D S rh - eta * Cv S rh * E t)) * E t.
Proof. assert (Dp := D_pos).
  apply (one_step n p k K y psi dpsi L1 L2 eta Kn kmax A beta c) with (Gs := Gs) (q := q S rh)
    (J := L1 * L1 * Kn * (2 * s0 * rh / rp + rh * rh / INR p)) (W := S * (QV + rootB4p s * rh)); try apply H; try assumption.
  - apply (Gs_op s H).
  - now apply (Psi_moved S rh).
  - intros. now apply (J_bp S rh).
  - intros. now apply (W_bp S rh).
  - apply remainder. Qed.

(* Row by row, (A.45), (A.46): rr is any number with S / sqrt p (|psi_r| + x (|beta_r| + rr)) <= rr. *)
Section Row.
Variable r : nat.
Hypothesis Hr : (r < p)%nat.
Variable rr : R.
Hypothesis rr_pos : 0 <= rr.
Hypothesis row_closes : S / rp * (psi_row r + xs S * (beta_row r + rr)) <= rr.
Lemma row_moved u : S_ u <= S ->
  nrm k (fun o => beta u r o - beta 0%nat r o) <= S_ u / rp * (psi_row r + xs S * (beta_row r + rr)) /\
  nrm n (fun i => A u r i - A 0%nat r i) <= S_ u / rp * (L1 * Kn * (beta_row r + rr)).
Proof. assert (Bp := row_pos r). assert (Pp := psi_row_pos r). induction u as [|u IH]; intros HS.
  - rewrite acc_0. unfold Rdiv. rewrite !Rmult_0_l. split; right.
    + rewrite (nrm_ext k _ (fun _ => 0)) by (intros; ring). apply nrm_zero.
    + rewrite (nrm_ext n _ (fun _ => 0)) by (intros; ring). apply nrm_zero.
  - assert (Su : S_ u <= S) by (assert (M := acc_mono u (Datatypes.S u) (Nat.le_succ_diag_r u)); lra).
    destruct (IH Su) as [I1 I2]. assert (ht : 0 <= eta * E u) by pos. assert (Sp := acc_pos u).
    assert (Sr : S_ u / rp <= S / rp) by (unfold Rdiv; apply Rmult_le_compat_r; [pos|assumption]).
    assert (B : nrm k (fun o => beta u r o - beta 0%nat r o) <= rr).
    { eapply Rle_trans; [exact I1|]. eapply Rle_trans; [|exact row_closes]. apply Rmult_le_compat_r; [pos|assumption]. }
    rewrite acc_step. split.
    + rewrite (nrm_ext k _ (fun o => (beta u r o - beta 0%nat r o) + dbeta beta u r o)) by (intros; unfold dbeta; ring).
      eapply Rle_trans; [apply nrm_add|].
      assert (Pu : nrm n (Psi psi A u r) <= psi_row r + xs S * (beta_row r + rr)).
      { rewrite (nrm_ext n _ (fun i => Psi psi A 0 r i + (Psi psi A u r i - Psi psi A 0 r i))) by (intros; ring).
        eapply Rle_trans; [apply nrm_add|]. apply Rplus_le_compat_l.
        eapply Rle_trans; [apply (Psi_row n psi dpsi L1 L2 A (ok_act s H) o1 u 0 r)|].
        apply Rle_trans with (L1 * (S / rp * (L1 * Kn * (beta_row r + rr)))).
        - apply Rmult_le_compat_l; [assumption|]. eapply Rle_trans; [exact I2|]. apply Rmult_le_compat_r; [pos|assumption].
        - right. unfold xs. field. exact rp1. }
      assert (T := dbeta_row n p k y psi eta A beta (ok_p s H) o10 (ok_runb s H) u r Hr).
      assert (Er : 0 <= eta / rp * E u) by pos. apply (Rmult_le_compat_l _ _ _ Er) in Pu.
      replace ((S_ u + eta * E u) / rp * (psi_row r + xs S * (beta_row r + rr))) with
        (S_ u / rp * (psi_row r + xs S * (beta_row r + rr)) + eta / rp * E u * (psi_row r + xs S * (beta_row r
          + rr))) by (field; exact rp1).
      apply Rplus_le_compat; [exact I1|]. eapply Rle_trans; [exact T|]. eapply Rle_trans; [|exact Pu]. right.
      change (Network.rp p) with rp. change (En n p k y psi A beta u) with (E u). ring.
    + rewrite (nrm_ext n _ (fun i => (A u r i - A 0%nat r i) + dA A u r i)) by (intros; unfold dA; ring).
      eapply Rle_trans; [apply nrm_add|].
      assert (T := dA_row n p k K y psi dpsi L1 L2 eta Kn A beta c (ok_p s H) o10 (ok_Ksym s H)
        (ok_Kform s H) o3 (ok_act s H) o1 (ok_runA s H) u r Hr).
      assert (C : nrm n (ec p k y psi A beta c u r) <= (beta_row r + rr) * E u).
      { eapply Rle_trans; [apply ec_nrm|]. rewrite bp. apply Rmult_le_compat_r; [apply En_pos|].
        rewrite (nrm_ext k (beta u r) (fun o => beta 0%nat r o + (beta u r o - beta 0%nat r o))) by (intros; ring).
        eapply Rle_trans; [apply nrm_add|]. unfold Outputs.beta_row. lra. }
      assert (Er : 0 <= eta / rp * (L1 * Kn)) by pos. apply (Rmult_le_compat_l _ _ _ Er) in C.
      replace ((S_ u + eta * E u) / rp * (L1 * Kn * (beta_row r + rr))) with
        (S_ u / rp * (L1 * Kn * (beta_row r + rr)) + eta / rp * (L1 * Kn) * ((beta_row r + rr) * E u)) by (field; exact rp1).
      apply Rplus_le_compat; [exact I2|]. eapply Rle_trans; [exact T|exact C]. Qed.
Theorem beta_row_moved : nrm k (fun o => beta t r o - beta 0%nat r o) <= rr.
Proof. destruct (row_moved t within) as [I1 _]. assert (Bp := row_pos r). assert (Pp := psi_row_pos r).
  eapply Rle_trans; [exact I1|]. eapply Rle_trans; [|exact row_closes]. apply Rmult_le_compat_r; [pos|].
  unfold Rdiv. apply Rmult_le_compat_r; [pos|assumption]. Qed.
Lemma through_bp : through n p k y psi eta A beta c t r <= (beta_row r + rr) * S.
Proof. assert (Bp := row_pos r). apply Rle_trans with ((beta_row r + rr) * S_ t); [|apply Rmult_le_compat_l;
  [pos|assumption]].
  unfold through, acc, Outputs.S_. replace ((beta_row r + rr) * (eta * sum t (En n p k y psi A beta))) with
    (eta * ((beta_row r + rr) * sum t (En n p k y psi A beta))) by ring.
  apply Rmult_le_compat_l; [lra|]. rewrite <- sum_scal. apply sum_le. intros u Hu. apply Rmult_le_compat_r;
    [apply En_pos|]. rewrite bp.
  assert (Su : S_ u <= S) by (assert (M := acc_mono u t ltac:(lia)); lra).
  destruct (row_moved u Su) as [I1 _]. assert (Pp := psi_row_pos r).
  rewrite (nrm_ext k (beta u r) (fun o => beta 0%nat r o + (beta u r o - beta 0%nat r o))) by (intros; ring).
  eapply Rle_trans; [apply nrm_add|]. apply Rplus_le_compat_l. eapply Rle_trans; [exact I1|]. eapply Rle_trans;
    [|exact row_closes].
  apply Rmult_le_compat_r; [pos|]. unfold Rdiv. apply Rmult_le_compat_r; [pos|assumption]. Qed.
Theorem A_entry_moved i kr : (i < n)%nat -> 0 <= kr -> (forall u w, Rabs (mulv n K (Dx dpsi A u r w) i) <= kr * nrm n w) ->
  Rabs (A t r i - A 0%nat r i) <= (beta_row r + rr) * kr / rp * S.
Proof. intros Hi Hk HK. eapply Rle_trans; [apply (A_entry_by n p k K y psi dpsi eta A beta c) with (kr := kr);
  try apply H; assumption|].
  apply Rle_trans with (kr / rp * ((beta_row r + rr) * S)).
  - apply Rmult_le_compat_l; [pos|apply through_bp].
  - right. field. exact rp1. Qed.
End Row.
End Step.

(* Theorem A_k for backpropagation, with rho of (A.40); Eb is any bound of E *)
Variable m0 : R.
Hypothesis rate0 : forall x, frob n k (fun i o => x i o - eta * Mat s x i o) <= (1 - eta * m0) * frob n k x.
Hypothesis m0_ok : eta * m0 <= 1.
Variables alpha Eb : R.
Hypothesis alpha_pos : 0 < alpha.
Hypothesis E_ok : E 0%nat <= Eb.
Let R := Eb / alpha.
Hypothesis share : L1 * L1 * Kn * (R * R) < INR p.
Hypothesis A36 : m0 - D R (rho R) - eta * Cv R (rho R) * Eb >= alpha.
Lemma R_pos : 0 <= R.                   Proof. apply Rdiv_pos; [assert (T := err_pos 0); lra|assumption]. Qed.
Lemma start_le_R : E 0%nat / alpha <= R.
Proof. unfold R, Rdiv. apply Rmult_le_compat_r; [left; now apply Rinv_0_lt_compat|assumption]. Qed.
Lemma share_ok : xs R * R / rp < 1.
Proof. apply Rmult_lt_reg_r with (INR p); [assumption|]. replace (xs R * R / rp * INR p) with (L1 * L1 * Kn * (R * R)).
  2:{ unfold xs. rewrite <- rps. field. exact rp1. } lra. Qed.
Lemma rate_range : 0 <= 1 - eta * alpha < 1.
Proof. assert (Rp := R_pos). assert (X := share_ok). assert (r0 := rho_pos R Rp X).
  assert (Dp := D_pos R (rho R) Rp r0). assert (Cp := Cv_pos R (rho R) Rp r0). assert (E0 := err_pos 0).
  assert (CE : 0 <= eta * Cv R (rho R) * Eb) by (assert (0 <= Eb) by lra; pos).
  assert (eta * alpha <= eta * m0) by (apply Rmult_le_compat_l; lra).
    assert (0 < eta * alpha) by now apply Rmult_lt_0_compat. lra. Qed.
Lemma decay_bp t : E t <= (1 - eta * alpha) ^ t * E 0%nat /\ S_ t + E t / alpha <= E 0%nat / alpha /\ E (S t)
  <= (1 - eta * alpha) * E t.
Proof. assert (Rp := R_pos). assert (X := share_ok). assert (r0 := rho_pos R Rp X).
  assert (Dp := D_pos R (rho R) Rp r0). assert (Cp := Cv_pos R (rho R) Rp r0). assert (E0 := err_pos 0).
  assert (CE : 0 <= eta * Cv R (rho R) * Eb) by (assert (0 <= Eb) by lra; pos).
  apply (by_rate E eta alpha); try assumption; [apply err_pos|assert (T := rate_range); lra|].
  - intros u Hu Hu2. change (Sm E eta u) with (S_ u) in Hu. assert (T := start_le_R).
    assert (Su : S_ u <= R) by (assert (0 <= E u / alpha) by (apply Rdiv_pos; [apply err_pos|assumption]); lra).
    eapply Rle_trans; [apply (one_step_bp R (rho R) Rp r0 (rho_closes R X) u Su m0 rate0)|].
    apply Rmult_le_compat_r; [apply err_pos|].
    assert (eta * Cv R (rho R) * E u <= eta * Cv R (rho R) * Eb) by (apply Rmult_le_compat_l; [pos|lra]).
    assert (eta * alpha <= eta * (m0 - D R (rho R) - eta * Cv R (rho R) * E u)) by (apply Rmult_le_compat_l; lra). lra. Qed.
Lemma acc_within t : S_ t <= R.
Proof. destruct (decay_bp t) as (_ & T & _). assert (T2 := start_le_R). assert (0 <= E t / alpha) by (apply Rdiv_pos;
  [apply err_pos|assumption]). lra. Qed.
(* the entries, with kr = L1 k_i or k_ri (section 14) *)
Lemma entry_within t r i kr : (r < p)%nat -> (i < n)%nat -> 0 <= kr -> (forall u w, Rabs (mulv n K (Dx dpsi A u r w) i)
  <= kr * nrm n w) ->
  Rabs (A t r i - A 0%nat r i) <= (beta_row r + rho_row R r) * kr / rp * R.
Proof. intros Hr Hi Hk HK. assert (W := acc_within t). assert (Rp := R_pos). assert (X := share_ok).
  apply (A_entry_moved R Rp t W r Hr (rho_row R r) (rho_row_pos R r Rp X) (rho_row_closes R r X) i kr Hi Hk HK). Qed.
Theorem theorem_A_bp : forall t,
  E t <= (1 - eta * alpha) ^ t * Eb /\
  E (S t) <= (1 - eta * alpha) * E t /\
  frob p k (fun r o => beta t r o - beta 0%nat r o) <= rho R /\
  frob p n (fun r i => A t r i - A 0%nat r i) <= L1 * Kn * sbar (rho R) * R /\
  forall r, (r < p)%nat -> nrm k (fun o => beta t r o - beta 0%nat r o) <= rho_row R r /\
    forall i, (i < n)%nat -> Rabs (A t r i - A 0%nat r i) <= (beta_row r + rho_row R r) * (L1 * nrm n (K i)) / rp * R.
Proof. intros t. destruct (decay_bp t) as (T1 & _ & T2). assert (W := acc_within t).
  assert (Rp := R_pos). assert (X := share_ok). assert (r0 := rho_pos R Rp X). assert (Cl := rho_closes R X).
  assert (Q := rate_range).
  split; [eapply Rle_trans; [exact T1|]; apply Rmult_le_compat_l; [now apply pow_le|exact E_ok]|split; [exact T2|split;
    [|split]]].
  - now apply (beta_moved R (rho R)).
  - now apply (A_moved R (rho R)).
  - intros r Hr. split.
    + apply (beta_row_moved R Rp t W r Hr (rho_row R r) (rho_row_pos R r Rp X) (rho_row_closes R r X)).
    + intros i Hi. apply entry_within; try assumption; [pos|]. intros.
      apply (row_K n K psi dpsi L1 L2 A (ok_act s H) o1 r i u w). Qed.
End BP.
