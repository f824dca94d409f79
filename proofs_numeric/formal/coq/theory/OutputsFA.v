(* SPDX-License-Identifier: Apache-2.0 *)
(* Feedback alignment with k outputs: Lemma 1 (A.34) with S_t and no hypothesis on decay, and Theorem A_k (A.36). *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms Network Recursion Frobenius Outputs.
Open Scope R_scope.

Section FA.
Variable s : variant.
Hypothesis H : variant_ok s.
Hypothesis fa : forall t, c s t = c s 0%nat.
Variable om : R.             (* 1/2 is (A.31), 1 is S g1 *)
Hypothesis om_ok : 1 / 2 <= om.
Local Notation n := (n s). Local Notation p := (p s). Local Notation k := (k s). Local Notation rp := (pt s).
Local Notation K := (K s). Local Notation y := (y s). Local Notation psi := (psi s). Local Notation dpsi := (dpsi s).
Local Notation L1 := (L1 s). Local Notation L2 := (L2 s). Local Notation eta := (eta s). Local Notation Kn := (Kn s).
Local Notation kmax := (kmax s). Local Notation Gs := (Gs s). Local Notation s0 := (s0 s). Local Notation QV := (QV s).
Local Notation QH := (QH s). Local Notation A := (A s). Local Notation beta := (beta s). Local Notation c := (c s).
Local Notation E := (err s). Local Notation S_ := (acc s).

(* (A.31) - (A.33) *)
Definition kap := L1 * L1 * s0 * Kn / rp.
Definition q S := kap * S.
Definition g1 S := Gs + q S.
Definition rho S := S * (Gs + om * q S).
Definition dG S := 2 * Gs * q S + q S * q S.
Definition dH S := L1 * L1 * Kn * s0 * rho S / rp + h2 p L1 L2 Kn kmax * (QH * S).
Definition D S := dG S + dH S.
Definition Qbar S := QV + rootB4p s * rho S.
Definition Cv S := kap * g1 S + v2 n p K L1 L2 * Qbar S.

Let o1 := ok_L1 s H. Let o2 := ok_L2 s H. Let o3 := ok_Kn s H. Let o4 := ok_Gs0 s H. Let o5 := ok_QV0 s H.
  Let o6 := ok_QH0 s H.
Let o7 := ok_kmax0 s H. Let o8 : 0 < rp := rp_pos p (ok_p s H). Let o9 := ok_s0 s H. Let o10 := ok_eta s H.
Let Ip : 0 < INR p := INRp p (ok_p s H).
Let rps : rp * rp = INR p := rp_sq p.
Let rp1 : rp <> 0 := rp0 p (ok_p s H).
Lemma kap_pos : 0 <= kap.               Proof. unfold kap. pos. Qed.
Let o11 := kap_pos.
Lemma acc_pos t : 0 <= S_ t.            Proof. apply S_pos, ok_eta, H. Qed.
Lemma err_pos t : 0 <= E t.             Proof. apply En_pos. Qed.
Local Hint Resolve acc_pos err_pos : pos.
Lemma acc_step t : S_ (S t) = S_ t + eta * E t.  Proof. apply S_step. Qed.
Lemma acc_0 : S_ 0 = 0.                 Proof. apply S_0. Qed.
Lemma rho_pos S : 0 <= S -> 0 <= rho S. Proof. intros. unfold rho, q. pos. Qed.
Lemma v2_pos : 0 <= v2 n p K L1 L2.     Proof. unfold v2, koK. change (Network.rp p) with rp. pos. Qed.
Lemma h2_pos : 0 <= h2 p L1 L2 Kn kmax. Proof. unfold h2. change (Network.rp p) with rp. pos. Qed.
Lemma rootB4p_pos : 0 <= rootB4p s.
Proof. apply Rmult_le_reg_l with (INR p); [assumption|]. rewrite Rmult_0_r. eapply Rle_trans; [|apply (ok_B4 s H)].
  apply nrm_pos. Qed.
Let o12 := v2_pos. Let o13 := h2_pos. Let o14 := rootB4p_pos.
Lemma D_pos S : 0 <= S -> 0 <= D S.
Proof. intros. unfold D, dG, dH, q. assert (R := rho_pos S ltac:(assumption)). pos. Qed.
Lemma Cv_pos S : 0 <= S -> 0 <= Cv S.
Proof. intros. unfold Cv, g1, q, Qbar. assert (R := rho_pos S ltac:(assumption)). pos. Qed.
Lemma q_mono S S' : 0 <= S <= S' -> q S <= q S'.
Proof. intros. unfold q. apply Rmult_le_compat_l; [assumption|lra]. Qed.
Lemma rho_mono S S' : 0 <= S <= S' -> rho S <= rho S'.
Proof. intros X. assert (Q := q_mono S S' X). unfold rho. apply Rmult_le_compat; [lra|unfold q; pos|lra|].
  apply Rplus_le_compat_l. apply Rmult_le_compat_l; lra. Qed.
Lemma D_mono S S' : 0 <= S <= S' -> D S <= D S'.
Proof. intros X. assert (Q := q_mono S S' X). assert (R := rho_mono S S' X). assert (q0 : 0 <= q S) by (unfold q; pos).
  unfold D, dG, dH. repeat apply Rplus_le_compat.
  - apply Rmult_le_compat_l; [pos|assumption].
  - apply Rmult_le_compat; assumption.
  - unfold Rdiv. apply Rmult_le_compat_r; [pos|]. apply Rmult_le_compat_l; [pos|assumption].
  - apply Rmult_le_compat_l; [assumption|]. apply Rmult_le_compat_l; lra. Qed.
Lemma Cv_mono S S' : 0 <= S <= S' -> Cv S <= Cv S'.
Proof. intros X. assert (Q := q_mono S S' X). assert (R := rho_mono S S' X). unfold Cv, g1, Qbar.
  apply Rplus_le_compat; apply Rmult_le_compat_l; try assumption; apply Rplus_le_compat_l; [assumption|].
  apply Rmult_le_compat_l; assumption. Qed.

(* Lemma 1, (A.34) *)
Lemma through_acc t r : through n p k y psi eta A beta c t r = c_row s r * S_ t.
Proof. unfold through, c_row, acc, Outputs.S_. rewrite (sum_ext t _ (fun u => nrm k (c 0%nat r) * En n p k y psi A beta u)).
  2:{ intros u _. now rewrite fa. } rewrite sum_scal. ring. Qed.
Lemma ec_frob t : frob p n (ec p k y psi A beta c t) <= rp * (s0 * E t).
Proof. unfold ec. rewrite fa. apply (ok_B2 s H). Qed.
Lemma dA_fa t : frob p n (dA A t) <= eta * (L1 * s0 * Kn * E t).
Proof. eapply Rle_trans; [apply (dA_frob n p k K y psi dpsi L1 L2 eta Kn A beta c); apply H|].
  apply Rle_trans with (eta / rp * (L1 * Kn) * (rp * (s0 * E t))); [|right; field; exact rp1].
  apply Rmult_le_compat_l; [change (Network.rp p) with rp; pos|apply ec_frob]. Qed.
Theorem A_moved t : frob p n (fun r i => A t r i - A 0%nat r i) <= L1 * s0 * Kn * S_ t.
Proof. induction t as [|t IH].
  - rewrite acc_0, Rmult_0_r. right. apply frob_zero. intros; ring.
  - rewrite (frob_ext p n _ (fun r i => (A t r i - A 0%nat r i) + dA A t r i)) by (intros; unfold dA; ring).
    eapply Rle_trans; [apply frob_add|]. rewrite acc_step. assert (T := dA_fa t). lra. Qed.
Lemma A_entry_moved_by t r i kr : (r < p)%nat -> (i < n)%nat -> 0 <= kr ->
  (forall u w, Rabs (mulv n K (Dx dpsi A u r w) i) <= kr * nrm n w) -> Rabs (A t r i - A 0%nat r i)
    <= c_row s r * kr / rp * S_ t.
Proof. intros. eapply Rle_trans; [apply (A_entry_by n p k K y psi dpsi eta A beta c) with (kr := kr); try apply H;
  assumption|].
  rewrite through_acc. right. change (Network.rp p) with rp. field. exact rp1. Qed.
Theorem A_entry_moved t r i : (r < p)%nat -> (i < n)%nat ->
  Rabs (A t r i - A 0%nat r i) <= c_row s r * (L1 * nrm n (K i)) / rp * S_ t.
Proof. intros Hr Hi. apply A_entry_moved_by; try assumption; [pos|].
  intros. apply (row_K n K psi dpsi L1 L2 A (ok_act s H) o1 r i u w). Qed.
Lemma Psi_moved t : frob p n (fun r i => Psi psi A t r i - Psi psi A 0 r i) <= rp * q (S_ t).
Proof. eapply Rle_trans; [apply (Psi_diff n p psi dpsi L1 L2 A (ok_act s H) o1 t 0)|].
  apply Rle_trans with (L1 * (L1 * s0 * Kn * S_ t)); [apply Rmult_le_compat_l; [assumption|apply A_moved]|].
  right. unfold q, kap. field. exact rp1. Qed.
Lemma q_acc_pos t : 0 <= q (S_ t).      Proof. unfold q. pos. Qed.
Local Hint Resolve q_acc_pos : pos.
Theorem Psi_bounded t x : nrm p (mulv n (Psi psi A t) x) <= rp * (g1 (S_ t) * nrm n x).
Proof. apply (Psi_op n p psi A Gs (q (S_ t)) t (Gs_op s H) (Psi_moved t)). Qed.
Lemma Psi_bounded_mat t x : frob p k (mulm n (Psi psi A t) x) <= rp * (g1 (S_ t) * frob n k x).
Proof. apply (Psi_opm n p k psi A (ok_p s H) Gs (q (S_ t)) t o4 (Gs_op s H) (Psi_moved t) (q_acc_pos t)). Qed.
Lemma dbeta_fa t : frob p k (dbeta beta t) <= eta * E t * g1 (S_ t).
Proof. rewrite (dbeta_frob n p k y psi eta A beta); try apply H.
  apply Rle_trans with (eta / rp * (rp * (g1 (S_ t) * E t))); [|right; field; exact rp1].
  apply Rmult_le_compat_l; [change (Network.rp p) with rp; pos|apply Psi_bounded_mat]. Qed.
Theorem beta_moved t : frob p k (fun r o => beta t r o - beta 0%nat r o) <= rho (S_ t).
Proof. induction t as [|t IH].
  - rewrite acc_0. unfold rho. rewrite Rmult_0_l. right. apply frob_zero. intros; ring.
  - rewrite (frob_ext p k _ (fun r o => (beta t r o - beta 0%nat r o) + dbeta beta t r o)) by (intros; unfold dbeta; ring).
    eapply Rle_trans; [apply frob_add|]. assert (T := dbeta_fa t). rewrite acc_step.
    assert (Sp := acc_pos t). set (S := S_ t) in *. assert (hp : 0 <= eta * E t) by pos. set (h := eta * E t) in *.
    apply Rle_trans with (rho S + h * g1 S); [lra|]. unfold rho, g1, q.
    assert (0 <= (2 * om - 1) * (kap * (h * S))) by pos. assert (0 <= om * (kap * (h * h))) by pos. lra. Qed.

Lemma J_fa t z x : Rabs (dH2 n p k K dpsi A beta c t z x) <= INR p * (L1 * L1 * Kn * s0 * rho (S_ t) / rp) * (frob n k z
  * frob n k x).
Proof. apply (change_fa n p k K psi dpsi L1 L2 Kn A beta c); try apply H; [apply beta_moved|apply fa]. Qed.
Lemma W_fa t z x : sum p (fun r => through n p k y psi eta A beta c t r * (nrm n (mulv k z (beta 0%nat r))
  * nrm n (mulv k x (c 0%nat r))))
  <= INR p * (QH * S_ t) * (frob n k z * frob n k x).
Proof. rewrite (sum_ext p _ (fun r => c_row s r * (nrm n (mulv k z (beta 0%nat r)) * nrm n (mulv k x (c 0%nat r))) * S_ t)).
  2:{ intros r _. rewrite through_acc. ring. }
  rewrite sum_scal_r. apply Rle_trans with (INR p * QH * (frob n k z * frob n k x) * S_ t); [|right; ring].
  apply Rmult_le_compat_r; [apply acc_pos|apply (ok_QH s H)]. Qed.
Lemma Qbar_fa t : sum p (fun r => nrm k (beta t r) * (nrm n (ec p k y psi A beta c t r) * nrm n (ec p k y psi A beta c t r)))
  <= INR p * Qbar (S_ t) * (E t * E t).
Proof. set (d := fun r o => beta t r o - beta 0%nat r o). set (X := fun r => nrm n (ec p k y psi A beta c t r)).
  apply Rle_trans with (sum p (fun r => beta_row s r * (X r * X r))
    + sum p (fun r => Rabs (nrm k (d r)) * Rabs (c_row s r * c_row s r)) * (E t * E t)).
  - rewrite <- sum_scal_r, <- sum_add. apply sum_le. intros r _. unfold beta_row.
    assert (T : nrm k (beta t r) <= nrm k (beta 0%nat r) + nrm k (d r)).
    { rewrite (nrm_ext k (beta t r) (fun o => beta 0%nat r o + d r o)) by (intros; unfold d; ring). apply nrm_add. }
    assert (N := nrm_pos k (d r)). assert (C := nrm_pos k (c 0%nat r)). fold (c_row s r) in C. assert (Ep := err_pos t).
    assert (Xp : 0 <= X r) by apply nrm_pos.
    assert (Xb : X r <= c_row s r * E t).
    { assert (T3 := ec_nrm n p k y psi A beta c t r). rewrite fa in T3. exact T3. }
    rewrite (Rabs_right (nrm k (d r))) by lra. rewrite (Rabs_right (c_row s r * c_row s r)) by (apply Rle_ge; pos).
    assert (XX : X r * X r <= c_row s r * E t * (c_row s r * E t)) by (apply Rmult_le_compat; assumption).
    apply Rle_trans with ((nrm k (beta 0%nat r) + nrm k (d r)) * (X r * X r)); [apply Rmult_le_compat_r; [pos|exact T]|].
    apply (Rmult_le_compat_l (nrm k (d r))) in XX; [|exact N]. fold (X r). lra.
  - assert (T1 := ok_QV s H (e p y psi A beta t)). cbv zeta in T1.
    assert (T2 := sum_abs_CS p (fun r => nrm k (d r)) (fun r => c_row s r * c_row s r)). rewrite (nrm_rows p k d) in T2.
    assert (T3 := beta_moved t). fold d in T3.
    assert (T4 : sum p (fun r => Rabs (nrm k (d r)) * Rabs (c_row s r * c_row s r)) <= INR p * (rootB4p s * rho (S_ t))).
    { eapply Rle_trans; [exact T2|]. replace (INR p * (rootB4p s * rho (S_ t))) with (rho (S_ t)
      * (INR p * rootB4p s)) by ring.
      apply Rmult_le_compat; [apply frob_pos|apply nrm_pos|exact T3|apply (ok_B4 s H)]. }
    apply (Rmult_le_compat_r (E t * E t)) in T4; [|pos].
    assert (T5 : sum p (fun r => beta_row s r * (X r * X r)) <= INR p * QV * (E t * E t)).
    { eapply Rle_trans; [|exact T1]. right. apply sum_ext. intros r _. unfold X, ec. now rewrite fa. }
    unfold Qbar. lra. Qed.
Theorem remainder t : frob n k (v p psi dpsi A beta t) <= eta * eta * Cv (S_ t) * (E t * E t).
Proof. assert (Sp := acc_pos t). assert (R := rho_pos (S_ t) Sp).
  eapply Rle_trans; [apply (v_bound n p k K y psi dpsi L1 L2 eta Kn A beta c) with (g := g1 (S_ t)) (cs := s0)
    (Qb := Qbar (S_ t)); try apply H|].
  - unfold g1, q. pos.
  - unfold Qbar. pos.
  - apply Psi_bounded_mat.
  - apply ec_frob.
  - apply Qbar_fa.
  - right. unfold Cv, kap, Cvat. change (Network.rp p) with rp. change (En n p k y psi A beta t) with (E t). field.
    exact rp1. Qed.

(* (A.29) and (A.35) *)
Variable m0 : R.
Hypothesis rate0 : forall x, frob n k (fun i o => x i o - eta * Mat s x i o) <= (1 - eta * m0) * frob n k x.
Theorem one_step_fa t : E (S t) <= (1 - eta * (m0 - D (S_ t) - eta * Cv (S_ t) * E t)) * E t.
Proof. assert (Sp := acc_pos t). assert (Dp := D_pos (S_ t) Sp).
  apply (one_step n p k K y psi dpsi L1 L2 eta Kn kmax A beta c) with (Gs := Gs) (q := q (S_ t))
    (J := L1 * L1 * Kn * s0 * rho (S_ t) / rp) (W := QH * S_ t); try apply H; try assumption.
  - apply (Gs_op s H).
  - apply Psi_moved.
  - apply q_acc_pos.
  - apply J_fa.
  - apply W_fa.
  - apply remainder. Qed.

(* Theorem A_k; Eb is any bound of E *)
Hypothesis m0_ok : eta * m0 <= 1.
Variables alpha Eb : R.
Hypothesis alpha_pos : 0 < alpha.
Hypothesis E_ok : E 0%nat <= Eb.
Let R := Eb / alpha.
Hypothesis A36 : m0 - D R - eta * Cv R * Eb >= alpha.
Lemma start_le_R : E 0%nat / alpha <= R.
Proof. unfold R, Rdiv. apply Rmult_le_compat_r; [left; now apply Rinv_0_lt_compat|assumption]. Qed.
Lemma rate_range : 0 <= 1 - eta * alpha < 1.
Proof. assert (Rp : 0 <= R) by (eapply Rle_trans; [|apply start_le_R]; apply Rdiv_pos; [apply err_pos|assumption]).
  assert (Dp := D_pos R Rp). assert (Cp := Cv_pos R Rp). assert (E0 := err_pos 0).
  assert (CE : 0 <= eta * Cv R * Eb) by (assert (0 <= Eb) by lra; pos).
  assert (eta * alpha <= eta * m0) by (apply Rmult_le_compat_l; lra).
    assert (0 < eta * alpha) by now apply Rmult_lt_0_compat. lra. Qed.
Lemma decay_fa t : E t <= (1 - eta * alpha) ^ t * E 0%nat /\ S_ t + E t / alpha <= E 0%nat / alpha /\ E (S t)
  <= (1 - eta * alpha) * E t.
Proof. assert (Rp : 0 <= R) by (eapply Rle_trans; [|apply start_le_R]; apply Rdiv_pos; [apply err_pos|assumption]).
  assert (Dp := D_pos R Rp). assert (Cp := Cv_pos R Rp). assert (E0 := err_pos 0).
  assert (CE : 0 <= eta * Cv R * Eb) by (assert (0 <= Eb) by lra; pos).
  apply (by_rate E eta alpha); try assumption; [apply err_pos|assert (T := rate_range); lra|].
  - intros u Hu Hu2. change (Sm E eta u) with (S_ u) in Hu. assert (Sp := acc_pos u). assert (Eu := err_pos u).
    assert (Su : S_ u <= R) by (assert (0 <= E u / alpha) by (apply Rdiv_pos; assumption); assert (T := start_le_R); lra).
    eapply Rle_trans; [apply one_step_fa|]. apply Rmult_le_compat_r; [assumption|].
    assert (D1 := D_mono _ _ (conj Sp Su)). assert (C1 := Cv_mono _ _ (conj Sp Su)). assert (C0 := Cv_pos _ Sp).
    assert (X : eta * Cv (S_ u) * E u <= eta * Cv R * Eb).
    { apply Rmult_le_compat; try assumption; [pos| |lra]. apply Rmult_le_compat_l; lra. }
    assert (eta * alpha <= eta * (m0 - D (S_ u) - eta * Cv (S_ u) * E u)) by (apply Rmult_le_compat_l; lra). lra. Qed.
Lemma acc_range t : 0 <= S_ t <= R.
Proof. destruct (decay_fa t) as (_ & T & _). assert (0 <= E t / alpha) by (apply Rdiv_pos; [apply err_pos|assumption]).
  assert (T2 := start_le_R). split; [apply acc_pos|lra]. Qed.
Theorem theorem_A_k : forall t,
  E t <= (1 - eta * alpha) ^ t * Eb /\
  E (S t) <= (1 - eta * alpha) * E t /\
  frob p k (fun r o => beta t r o - beta 0%nat r o) <= rho R /\
  frob p n (fun r i => A t r i - A 0%nat r i) <= L1 * s0 * Kn * R /\
  forall r i, (r < p)%nat -> (i < n)%nat -> Rabs (A t r i - A 0%nat r i) <= c_row s r * (L1 * nrm n (K i)) / rp * R.
Proof. intros t. assert (T := acc_range t). destruct (decay_fa t) as (T1 & _ & T2).
  assert (Q := rate_range).
  split; [eapply Rle_trans; [exact T1|]; apply Rmult_le_compat_l; [now apply pow_le|exact E_ok]|split; [exact T2|split;
    [|split]]].
  - eapply Rle_trans; [apply beta_moved|]. now apply rho_mono.
  - eapply Rle_trans; [apply A_moved|]. apply Rmult_le_compat_l; [pos|apply T].
  - intros r i Hr Hi. eapply Rle_trans; [now apply A_entry_moved|].
    apply Rmult_le_compat_l; [unfold c_row; pos|apply T]. Qed.
(* the entries with k_ri for L1 k_i (section 14) *)
Lemma entry_within t r i kr : (r < p)%nat -> (i < n)%nat -> 0 <= kr ->
  (forall u w, Rabs (mulv n K (Dx dpsi A u r w) i) <= kr * nrm n w) -> Rabs (A t r i - A 0%nat r i)
    <= c_row s r * kr / rp * R.
Proof. intros. eapply Rle_trans; [now apply A_entry_moved_by with (kr := kr)|]. apply Rmult_le_compat_l; [unfold c_row;
  pos|apply acc_range]. Qed.
End FA.
