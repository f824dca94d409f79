(* SPDX-License-Identifier: Apache-2.0 *)
(* Neighbourhoods for one output and feedback alignment: Theorem A_ball of theorem_a_variants.md, section 16, for a smooth
   activation, (A.57) - (A.60), (A.62), (A.63). If the condition (A.36) holds with the primed quantities, then for every
   checkpoint (A', beta') with |A' - A|_F <= a and |beta' - beta| <= d the conclusions of Theorem A hold of its run,
   relative to (A', beta') with R' = E' / alpha, and relative to the centre (A, beta) with a and d added.

   The same with (A.50), (A.51) and (A.54) in the place of (A.36): theorem_A_ball_max, _free, _bootstrap.

   c is a setting at the centre, and (primed c a d) the same with Gs' and QV'; its drift and rem are D' and Cv'. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms Network Recursion TheoremA Sharpening.
Open Scope R_scope.

(* |P^T w| <= g sqrt p |w| if |P x| <= g sqrt p |x| *)
Lemma transpose_norm p n (P : mat) g w : 0 <= g -> (forall x, nrm p (mulv n P x) <= rp p * (g * nrm n x)) ->
  nrm n (mulvT p P w) <= rp p * g * nrm p w.
Proof.
  intros g0 HP. assert (R0 : 0 <= rp p) by apply sqrt_pos. assert (W := nrm_pos p w). apply nrm_dual; [pos|]. intros z.
  rewrite <- mulv_adj. eapply Rle_trans; [apply dot_CS'|].
  replace (rp p * g * nrm p w * nrm n z) with (rp p * (g * nrm n z) * nrm p w) by ring. now apply Rmult_le_compat_r. Qed.
Lemma frob_is_nrm p n (B : mat) : nrm p (fun r => nrm n (B r)) = frob p n B.
Proof. unfold nrm at 1, frob, dot. f_equal. apply sum_ext. intros r _. apply nrm_sq. Qed.

Section Ball.
Variable c : setting.
Hypothesis H : setting_ok c.
Variable m0 : R.
Hypothesis A29 : rate_at_checkpoint c m0.
Variables a d : R.

Definition b4 := nrm (p c) (b2 (b c)) / INR (p c).                                         (* sqrt(B4 / p) *)
Definition N_ := nrm (p c) (fun r => beta c 0%nat r * b c r) / rp (p c).                   (* N of (A.27) *)
Definition q0 := L1 c * a / rp (p c).
Definition gG := 2 * Gs c * q0 + q0 * q0.                                                 (* A.59 *)
Definition gH := L1 c * L1 c * Kn c * sb c * d / rp (p c) + 2 * L1 c * L2 c * Kn c * N_ * a / rp (p c).   (* A.60 *)
Definition m0' := m0 - gG - gH.                                                           (* A.62 *)
Definition E' := err c 0 + (Gs c + q0) * d + q0 * nrm (p c) (beta c 0%nat).               (* A.58 *)
(* (A.57), (A.63): the run (A', beta') with Gs' and QV' *)
Definition at_run (A' : nat -> mat) (beta' : nat -> vec) : setting :=
  {| n := n c; p := p c; K := K c; y := y c; b := b c; psi := psi c; dpsi := dpsi c; L1 := L1 c; L2 := L2 c; eta := eta c;
     Kn := Kn c; kmax := kmax c; Gs := Gs c + q0; Q := Q c + b4 * d; om := om c; A := A'; beta := beta' |}.
Definition primed := at_run (A c) (beta c).

Section Checkpoint.
Variable A' : nat -> mat.
Variable beta' : nat -> vec.
Hypothesis runA : run_A (n c) (p c) (K c) (y c) (b c) (psi c) (dpsi c) (eta c) A' beta'.
Hypothesis runb : run_beta (n c) (p c) (y c) (psi c) (eta c) A' beta'.
Hypothesis in_a : frob (p c) (n c) (fun r i => A' 0%nat r i - A c 0%nat r i) <= a.
Hypothesis in_d : nrm (p c) (fun r => beta' 0%nat r - beta c 0%nat r) <= d.
Notation s := (at_run A' beta').

Let Rp : 0 < rp (p c) := rp_pos (p c) (ok_p c H).
Let Ip : 0 < INR (p c) := INRp (p c) (ok_p c H).
Let a0 : 0 <= a.
Proof. eapply Rle_trans; [apply frob_pos|exact in_a]. Qed.
Let d0 : 0 <= d.
Proof. eapply Rle_trans; [apply nrm_pos|exact in_d]. Qed.
Lemma q0_pos : 0 <= q0.
Proof. assert (T := ok_L1 c H). unfold q0. pos. Qed.
Let Gp := ok_Gs0 c H.

Notation P := (Psi (psi c) (A c) 0).
Notation P' := (Psi (psi c) A' 0).
Notation dP := (fun r i => P' r i - P r i).
(* (A.57) *)
Lemma ball_Psi : frob (p c) (n c) dP <= rp (p c) * q0.
Proof.
  apply Rle_trans with (L1 c * frob (p c) (n c) (fun r i => A' 0%nat r i - A c 0%nat r i)).
  - apply frob_mono_c; [apply H|]. intros. apply act_Lip with (dpsi := dpsi c) (L2 := L2 c), H.
  - apply Rle_trans with (L1 c * a); [apply Rmult_le_compat_l; [apply H|exact in_a]|]. right. unfold q0. field. lra. Qed.
Lemma ball_dPsi x : nrm (p c) (mulv (n c) dP x) <= rp (p c) * (q0 * nrm (n c) x).
Proof.
  eapply Rle_trans; [apply frob_mulv|]. rewrite <- Rmult_assoc. apply Rmult_le_compat_r; [apply nrm_pos|apply ball_Psi]. Qed.
Lemma ball_Psi_op x : nrm (p c) (mulv (n c) P' x) <= rp (p c) * ((Gs c + q0) * nrm (n c) x).
Proof.
  rewrite (nrm_ext _ _ _ (fun r _ => mulv_split (n c) P P' x r)). eapply Rle_trans; [apply nrm_add|].
  assert (T1 := Gs_op c H x). assert (T2 := ball_dPsi x). lra. Qed.

Lemma ball_ok : setting_ok s.
Proof.
  assert (q00 := q0_pos). split; simpl; try apply H; try assumption.
  - lra.
  - intros x. unfold quad. rewrite bil_G. rewrite <- (nrm_sq (p c)), <- (nrm_sq (n c)). assert (T := ball_Psi_op x).
    assert (X := nrm_pos (n c) x). assert (Y := nrm_pos (p c) (mulv (n c) P' x)).
    apply Rmult_le_reg_r with (INR (p c)); [assumption|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    rewrite <- rp_sq. eapply Rle_trans; [apply Rmult_le_compat; [exact Y|exact Y|exact T|exact T]|]. right; ring.
  - apply Rle_trans with (sum (p c) (fun r => Rabs (beta c 0%nat r) * (b c r * b c r)) +
      sum (p c) (fun r => Rabs (beta' 0%nat r - beta c 0%nat r) * Rabs (b2 (b c) r))).
    + rewrite <- sum_add. apply sum_le. intros r _. assert (B : 0 <= b c r * b c r) by pos.
      unfold b2. rewrite (Rabs_right (b c r * b c r)), <- Rmult_plus_distr_r by lra. apply Rmult_le_compat_r; [assumption|].
      replace (beta' 0%nat r) with (beta c 0%nat r + (beta' 0%nat r - beta c 0%nat r)) at 1 by ring. apply Rabs_triang.
    + rewrite Rmult_plus_distr_l. apply Rplus_le_compat; [apply H|].
      eapply Rle_trans; [apply (sum_abs_CS (p c) (fun r => beta' 0%nat r - beta c 0%nat r))|].
      replace (INR (p c) * (b4 * d)) with (d * nrm (p c) (b2 (b c))) by (unfold b4; field; lra).
      apply Rmult_le_compat_r; [apply nrm_pos|exact in_d]. Qed.

(* (A.58) *)
Lemma ball_error : err s 0 <= E'.
Proof.
  set (w := fun r => beta' 0%nat r - beta c 0%nat r).
  assert (Ed : err s 0 <= err c 0 + nrm (n c) (fun i => / rp (p c) * (mulvT (p c) P' w i
    + mulvT (p c) dP (beta c 0%nat) i))).
  { unfold err, En. simpl. eapply Rle_trans; [|apply nrm_add]. right. apply nrm_ext. intros i _. unfold e, f.
    assert (X : mulvT (p c) P' (beta' 0%nat) i = mulvT (p c) P (beta c 0%nat) i + (mulvT (p c) P' w i
      + mulvT (p c) dP (beta c 0%nat) i)).
    { unfold mulvT, w. rewrite <- !sum_add. apply sum_ext. intros; ring. }
    rewrite X. field. lra. }
  eapply Rle_trans; [exact Ed|]. unfold E'. rewrite Rplus_assoc. apply Rplus_le_compat_l.
  assert (Ir : 0 < / rp (p c)) by now apply Rinv_0_lt_compat. rewrite nrm_scal, Rabs_right by lra.
  apply Rmult_le_reg_l with (rp (p c)); [assumption|]. rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l by lra.
  eapply Rle_trans; [apply nrm_add|]. rewrite Rmult_plus_distr_l. assert (q00 := q0_pos). apply Rplus_le_compat.
  - eapply Rle_trans; [apply (transpose_norm (p c) (n c) P' (Gs c + q0)); [lra|apply ball_Psi_op]|].
    rewrite <- Rmult_assoc. apply Rmult_le_compat_l; [pos|exact in_d].
  - eapply Rle_trans; [apply frob_mulvT|]. rewrite <- Rmult_assoc. apply Rmult_le_compat_r;
    [apply nrm_pos|apply ball_Psi]. Qed.

(* (A.59), (A.60) *)
Lemma ball_G z x : Rabs (bil (n c) (gram (p c) P') z x - bil (n c) (gram (p c) P) z x) <= gG * (nrm (n c) z * nrm (n c) x).
Proof. apply gram_diff; try apply H; [apply q0_pos|apply (Gs_op c H)|apply ball_dPsi]. Qed.
Lemma ball_H z x : let Hm := hmat (p c) (K c) (b c) in
  Rabs (bil (n c) (Hm (beta' 0%nat) (D (dpsi c) A' 0)) z x - bil (n c) (Hm (beta c 0%nat) (D (dpsi c) (A c) 0)) z x)
  <= gH * (nrm (n c) z * nrm (n c) x).
Proof.
  intros Hm. set (dA := fun r i => A' 0%nat r i - A c 0%nat r i).
  assert (l1 := ok_L1 c H). assert (l2 := ok_L2 c H). assert (kn := ok_Kn c H).
  eapply Rle_trans; [apply (hmat_diff (n c) (p c) (ok_p c H) (K c) (b c) (L1 c) (Kn c)) with (d := d) (c := fun r => L2 c
    * nrm (n c) (dA r))|];
    try assumption.
  - apply H.
  - apply H.
  - intros. apply act_L1 with (psi := psi c) (L2 := L2 c), H.
  - intros. apply act_L1 with (psi := psi c) (L2 := L2 c), H.
  - intros. pos.
  - intros r i Hr Hi. eapply Rle_trans; [apply act_L2 with (psi := psi c) (L1 := L1 c) (L2 := L2 c), H|].
    apply Rmult_le_compat_l; [assumption|]. apply (nrm_entry (n c) (dA r) i Hi).
  - apply Rmult_le_compat_r; [pos|].
    (* by Cauchy-Schwarz, sum |beta_r b_r| |dA_r| <= N sqrt p |dA|_F *)
    assert (T : sum (p c) (fun r => Rabs (beta c 0%nat r * b c r) * (L2 c * nrm (n c) (dA r)))
      <= L2 c * (rp (p c) * N_ * a)).
    { rewrite (sum_ext _ _ (fun r => L2 c * (Rabs (beta c 0%nat r * b c r) * Rabs (nrm (n c) (dA r))))).
      2:{ intros. rewrite (Rabs_right (nrm _ _)) by (apply Rle_ge, nrm_pos). ring. }
      rewrite sum_scal. apply Rmult_le_compat_l; [assumption|].
      eapply Rle_trans; [apply (sum_abs_CS (p c) (fun r => beta c 0%nat r * b c r))|]. rewrite frob_is_nrm.
      replace (rp (p c) * N_) with (nrm (p c) (fun r => beta c 0%nat r * b c r)) by (unfold N_; field; lra).
      apply Rmult_le_compat_l; [apply nrm_pos|exact in_a]. }
    apply (Rmult_le_compat_l (2 * L1 c * Kn c)) in T; [|pos].
    apply Rmult_le_reg_r with (INR (p c)); [assumption|]. unfold Rdiv at 1. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    eapply Rle_trans; [apply Rplus_le_compat_l, T|]. right. unfold gH, sb, pt. change (sqrt (INR (p c))) with (rp (p c)).
    rewrite <- rp_sq. field. lra. Qed.

(* (A.62) *)
Lemma gG_pos : 0 <= gG.
Proof. assert (T := q0_pos). unfold gG. pos. Qed.
Lemma gH_pos : 0 <= gH.
Proof.
  assert (l1 := ok_L1 c H). assert (l2 := ok_L2 c H). assert (kn := ok_Kn c H). unfold gH, sb, N_.
  change (pt c) with (rp (p c)). pos. Qed.
Lemma ball_rate : 0 < m0' -> rate_at_checkpoint s m0'.
Proof.
  intros mp. assert (et := ok_eta c H). assert (g1 := gG_pos). assert (g2 := gH_pos). destruct A29 as [_ r1 rn].
  split; simpl.
  - now apply Rmult_lt_0_compat.
  - assert (eta c * m0' <= eta c * m0) by (apply Rmult_le_compat_l; unfold m0'; lra). lra.
  - intros x. assert (X := nrm_pos (n c) x).
    assert (dM : nrm (n c) (fun i => mulv (n c) (Mat s 0) x i - mulv (n c) (Mat c 0) x i) <= (gG + gH) * nrm (n c) x).
    { apply nrm_dual; [pos|]. intros z. rewrite dot_sub_r.
      assert (EM : forall t : setting, dot (n c) z (mulv (n c) (Mat t 0) x)
        = bil (n c) (gram (p t) (Psi (psi t) (A t) 0)) z x
         + bil (n c) (hmat (p t) (K t) (b t) (beta t 0%nat) (D (dpsi t) (A t) 0)) z x).
      { intros t. unfold bil. rewrite <- dot_add_r. apply dot_ext; [reflexivity|]. intros. apply mulv_M. }
      rewrite (EM s), (EM c). simpl. assert (T1 := ball_G z x). assert (T2 := ball_H z x). cbv zeta in T2.
      apply Rabs_le_inv in T1. apply Rabs_le_inv in T2. lra. }
    rewrite (nrm_ext (n c) _ (fun i => (x i - eta c * mulv (n c) (Mat c 0) x i) +
      (- eta c) * (mulv (n c) (Mat s 0) x i - mulv (n c) (Mat c 0) x i))) by (intros; ring).
    eapply Rle_trans; [apply nrm_add|]. rewrite (nrm_scal (n c) (- eta c) (fun i => _ - _)), Rabs_Ropp,
      (Rabs_right (eta c)) by lra.
    apply (Rmult_le_compat_l (eta c)) in dM; [|lra]. assert (T := rn x). unfold m0'. lra. Qed.

(* relative to the centre *)
Lemma from_centre S t : displaced s S t ->
  nrm (p c) (fun r => beta' t r - beta c 0%nat r) <= rhoR primed S + d /\
  frob (p c) (n c) (fun r i => A' t r i - A c 0%nat r i) <= L1 c * sb c * Kn c * S + a.
Proof.
  intros (T1 & T2 & _). simpl in T1, T2. split.
  - rewrite (nrm_ext (p c) _ (fun r => (beta' t r - beta' 0%nat r) + (beta' 0%nat r - beta c 0%nat r))) by (intros; ring).
    eapply Rle_trans; [apply nrm_add|]. now apply Rplus_le_compat.
  - rewrite (frob_ext (p c) (n c) _ (fun r i => (A' t r i - A' 0%nat r i) + (A' 0%nat r i - A c 0%nat r i))) by (intros;
    ring).
    eapply Rle_trans; [apply frob_add|]. now apply Rplus_le_compat. Qed.
End Checkpoint.

(* A checkpoint of the ball, and the conclusions of Theorem A for its run: E <= E', rate alpha, displacements with S. *)
Definition in_ball (A' : nat -> mat) (beta' : nat -> vec) : Prop :=
  run_A (n c) (p c) (K c) (y c) (b c) (psi c) (dpsi c) (eta c) A' beta' /\
  run_beta (n c) (p c) (y c) (psi c) (eta c) A' beta' /\
  frob (p c) (n c) (fun r i => A' 0%nat r i - A c 0%nat r i) <= a /\
  nrm (p c) (fun r => beta' 0%nat r - beta c 0%nat r) <= d.
Definition ball_conclusions alpha S (A' : nat -> mat) (beta' : nat -> vec) (t : nat) : Prop :=
  let s := at_run A' beta' in
  err s t <= (1 - eta c * alpha) ^ t * err s 0 /\ err s 0 <= E' /\
  err s (Datatypes.S t) <= (1 - eta c * alpha) * err s t /\ displaced s S t /\
  nrm (p c) (fun r => beta' t r - beta c 0%nat r) <= rhoR primed S + d /\
  frob (p c) (n c) (fun r i => A' t r i - A c 0%nat r i) <= L1 c * sb c * Kn c * S + a.

Section Conditions.
Variable alpha : R.
Hypothesis alpha_pos : 0 < alpha.
Let R' := E' / alpha.

(* The quantities of a checkpoint are at most the primed ones. *)
Let smaller A' beta' : in_ball A' beta' -> let s := at_run A' beta' in let R := err s 0 / alpha in
  setting_ok s /\ err s 0 <= E' /\ 0 <= R <= R' /\ drift s R <= drift primed R' /\ 0 <= drift s R /\ rem s R
    <= rem primed R' /\
  0 <= eta s * rem s R * err s 0 <= eta c * rem primed R' * E'.
Proof.
  intros (h1 & h2 & h3 & h4) s R. assert (Ok := ball_ok A' beta' h1 h2 h3 h4). assert (EE := ball_error A' beta' h3 h4).
  assert (E0 : 0 <= err s 0) by apply En_pos. assert (et := ok_eta c H).
  assert (RR : 0 <= R <= R').
  { split; [now apply Rdiv_pos|]. apply Rmult_le_compat_r; [left; now apply Rinv_0_lt_compat|exact EE]. }
  assert (rm : rem s R <= rem primed R') by exact (rem_mono s Ok R R' RR).
  assert (r0 : 0 <= rem s R) by (apply (rem_pos s Ok); lra).
  split; [exact Ok|]. split; [exact EE|]. split; [exact RR|]. split; [exact (drift_mono s Ok R R' RR)|].
  split; [apply (drift_pos s Ok); lra|]. split; [exact rm|].
  change (eta s) with (eta c). split; [pos|].
  apply Rmult_le_compat; [pos|assumption| |exact EE]. apply Rmult_le_compat_l; [lra|exact rm]. Qed.
Let conclude A' beta' t : in_ball A' beta' -> let s := at_run A' beta' in
  err s t <= (1 - eta c * alpha) ^ t * err s 0 /\ err s (S t) <= (1 - eta c * alpha) * err s t /\ acc s t <= R' ->
  ball_conclusions alpha R' A' beta' t.
Proof.
  intros B s (T1 & T2 & T3). destruct (smaller A' beta' B) as (Ok & EE & _). destruct B as (h1 & h2 & h3 & h4).
  assert (Dt : displaced s R' t) by now apply displaced_by. destruct (from_centre A' beta' h3 h4 R' t Dt) as [C1 C2].
  unfold ball_conclusions. fold s. now repeat (split; [assumption|]). Qed.

Theorem theorem_A_ball : 0 < m0' -> m0' - drift primed R' - eta c * rem primed R' * E' >= alpha ->         (* A.36 *)
  forall A' beta', in_ball A' beta' -> forall t, ball_conclusions alpha R' A' beta' t.
Proof.
  intros mp A36 A' beta' B t. destruct (smaller A' beta' B) as (Ok & EE & RR & Dm & _ & _ & Cm).
    set (s := at_run A' beta') in *.
  assert (B' := B). destruct B' as (h1 & h2 & h3 & h4). assert (A29' := ball_rate A' beta' h3 h4 mp).
  assert (A36' : m0' - drift s (err s 0 / alpha) - eta s * rem s (err s 0 / alpha) * err s 0 >= alpha) by lra.
  destruct (theorem_A_rate s Ok m0' A29' alpha alpha_pos A36' t) as (T1 & T2 & T3 & _).
  apply conclude; [exact B|]. repeat split; try assumption.
  assert (0 <= err s t / alpha) by (apply Rdiv_pos; [apply En_pos|assumption]). fold s. lra. Qed.

Theorem theorem_A_ball_max : 0 < m0' -> m0' - Rmax (drift primed R') (eta c * rem primed R' * E') >= alpha ->  (* A.50 *)
  forall A' beta', in_ball A' beta' -> forall t, ball_conclusions alpha R' A' beta' t.
Proof.
  intros mp A50 A' beta' B t. destruct (smaller A' beta' B) as (Ok & EE & RR & Dm & _ & _ & Cm).
    set (s := at_run A' beta') in *.
  assert (B' := B). destruct B' as (h1 & h2 & h3 & h4). assert (A29' := ball_rate A' beta' h3 h4 mp).
  assert (A50' : m0' - Rmax (drift s (err s 0 / alpha)) (eta s * rem s (err s 0 / alpha) * err s 0) >= alpha).
  { assert (T1 := Rmax_l (drift primed R') (eta c * rem primed R' * E')).
    assert (T2 := Rmax_r (drift primed R') (eta c * rem primed R' * E')).
    assert (Rmax (drift s (err s 0 / alpha)) (eta s * rem s (err s 0 / alpha) * err s 0) <=
      Rmax (drift primed R') (eta c * rem primed R' * E')) by (apply Rmax_lub; lra). lra. }
  destruct (theorem_A_max s Ok m0' A29' alpha alpha_pos A50' t) as (T1 & T2 & T3 & _).
  apply conclude; [exact B|]. fold s. repeat split; try assumption. lra. Qed.

Theorem theorem_A_ball_free : 0 < m0' -> rem primed R' <= D_slope primed -> m0' - drift primed R' >= alpha ->  (* A.51 *)
  forall A' beta', in_ball A' beta' -> forall t, ball_conclusions alpha R' A' beta' t.
Proof.
  intros mp A52 A51 A' beta' B t. destruct (smaller A' beta' B) as (Ok & EE & RR & Dm & _ & Cm & _).
    set (s := at_run A' beta') in *.
  assert (B' := B). destruct B' as (h1 & h2 & h3 & h4). assert (A29' := ball_rate A' beta' h3 h4 mp).
  assert (A52' : rem s (err s 0 / alpha) <= D_slope s) by (change (D_slope s) with (D_slope primed); lra).
  assert (A51' : m0' - drift s (err s 0 / alpha) >= alpha) by lra.
  destruct (theorem_A_free s Ok m0' A29' alpha alpha_pos A52' A51' t) as (T1 & T2 & T3 & _).
  apply conclude; [exact B|]. fold s. repeat split; try assumption. lra. Qed.
End Conditions.

(* (A.54); the rate is mu' at S* *)
Definition mu' x := m0' - drift primed x - eta c * rem primed x * E'.
Theorem theorem_A_ball_bootstrap Sx : 0 < m0' -> 0 < Sx -> 0 < mu' Sx ->
  m0' * Sx - int_D primed Sx - eta c * E' * int_Cv primed Sx >= E' ->
  forall A' beta', in_ball A' beta' -> forall t, ball_conclusions (mu' Sx) Sx A' beta' t.
Proof.
  intros mp S0 Mp A54 A' beta' (h1 & h2 & h3 & h4). assert (Ok := ball_ok A' beta' h1 h2 h3 h4).
  assert (EE := ball_error A' beta' h3 h4). set (s := at_run A' beta') in *.
  assert (A29' := ball_rate A' beta' h3 h4 mp). fold s in A29'. assert (et := ok_eta c H).
    assert (e0 : 0 <= err s 0) by apply En_pos.
  assert (muM : mu' Sx <= mu s m0' Sx).
  { unfold mu, mu'. change (drift s Sx) with (drift primed Sx). change (rem s Sx) with (rem primed Sx). change (eta s)
    with (eta c).
    assert (r0 : 0 <= rem primed Sx) by (apply (rem_pos s Ok); lra).
    assert (eta c * rem primed Sx * err s 0 <= eta c * rem primed Sx * E') by (apply Rmult_le_compat_l; [pos|exact EE]).
      lra. }
  assert (A54' : m0' * Sx - int_D s Sx - eta s * err s 0 * int_Cv s Sx >= err s 0).
  { change (int_D s Sx) with (int_D primed Sx). change (int_Cv s Sx) with (int_Cv primed Sx). change (eta s) with (eta c).
    assert (i0 : 0 <= int_Cv primed Sx) by (apply (int_Cv_pos s Ok); lra).
    assert (eta c * err s 0 * int_Cv primed Sx <= eta c * E' * int_Cv primed Sx)
      by (apply Rmult_le_compat_r; [exact i0|]; apply Rmult_le_compat_l; lra). lra. }
  assert (B := theorem_A_bootstrap s Ok m0' A29' Sx S0 ltac:(lra) A54').
  assert (T : eta c * mu' Sx <= eta c * mu s m0' Sx) by (apply Rmult_le_compat_l; lra).
  assert (step : forall t, err s (S t) <= (1 - eta c * mu' Sx) * err s t).
  { intros t. destruct (B t) as (_ & _ & B3 & _). change (eta s) with (eta c) in B3. eapply Rle_trans; [exact B3|].
    apply Rmult_le_compat_r; [apply En_pos|lra]. }
  assert (r1 : 0 <= 1 - eta c * mu' Sx).
  { assert (U := rate_le_1 s m0' A29'). change (eta s) with (eta c) in U. assert (D0 := drift_pos s Ok Sx ltac:(lra)).
    assert (r0 := rem_pos s Ok Sx ltac:(lra)). assert (X : mu s m0' Sx <= m0').
    { unfold mu. assert (0 <= eta s * rem s Sx * err s 0) by (change (eta s) with (eta c); pos). lra. }
    assert (eta c * mu s m0' Sx <= eta c * m0') by (apply Rmult_le_compat_l; lra). lra. }
  intros t. destruct (B t) as (_ & _ & _ & _ & Dt). destruct (from_centre A' beta' h3 h4 Sx t Dt) as [C1 C2].
  assert (env : err s t <= (1 - eta c * mu' Sx) ^ t * err s 0).
  { clear Dt C1 C2. induction t as [|t IH]; [simpl; lra|]. eapply Rle_trans; [apply step|]. simpl. rewrite Rmult_assoc.
    now apply Rmult_le_compat_l. }
  unfold ball_conclusions. fold s. assert (st := step t). now repeat (split; [assumption|]). Qed.
End Ball.
