(* SPDX-License-Identifier: Apache-2.0 *)
(* Lemma 1 of theorem_a_variants.md, section 11, for one output and feedback alignment: (A.31) - (A.35). It contains the
   steps 2 to 7 of the proof of Theorem A (theorem_a.md, section 3). It holds of any run (A.1): displacements, drifts of G
   and H and the remainder are bounded by functions of the accumulated error S_t; nothing is supposed about decay.

   om = 1/2 gives rho of (A.31), the sharper form; om = 1 gives rho = S g1, the value R sqrt(gbar) of theorem_a.md. Every
   om >= 1/2 is sound. Each entry (r, i) may have an activation of its own: section 14 needs this.

   | here | page | | here | page |
   |---|---|---|---|---|
   | rp | sqrt p | | En t, S_ t | |e(t)|, S_t |
   | kk i, kmax, koK | k_i, kmax, |k o k| | | s0 | sqrt(B2) = |b| / sqrt p |
   | Kn, Gs | K_norm, sqrt(G_max) | | nrm p b2 / INR p | sqrt(B4 / p) |
   | D t | psi'(A(t)) | | DD | D = dG + dH |

   First the matrices G and H at two states, then a run, then that there is one. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms.
Open Scope R_scope.

Definition rp (p : nat) := sqrt (INR p).
Lemma rp_pos p : (0 < p)%nat -> 0 < rp p.         Proof. apply sqrt_INR_pos. Qed.
Lemma rp_sq p : rp p * rp p = INR p.              Proof. apply sqrt_sqrt, pos_INR. Qed.
Lemma rp_neq p : (0 < p)%nat -> rp p <> 0.        Proof. intros. now apply Rgt_not_eq, rp_pos. Qed.
Lemma INRp p : (0 < p)%nat -> 0 < INR p.          Proof. apply lt_0_INR. Qed.

(* K symmetric with |<x, K x>| <= K_norm |x|^2 *)
Section Gram.
Variable n : nat.
Variable K : mat.
Variable Kn : R.
Hypothesis K_sym : symm n K.
Hypothesis K_form : forall x, Rabs (quad n K x) <= Kn * dot n x x.
Hypothesis Kn_pos : 0 <= Kn.
Lemma K_norm x : nrm n (mulv n K x) <= Kn * nrm n x.
Proof. now apply sym_norm. Qed.
Lemma bilK u v : Rabs (bil n K u v) <= Kn * (nrm n u * nrm n v).
Proof. unfold bil. eapply Rle_trans; [apply dot_CS|]. assert (T := K_norm v). assert (U := nrm_pos n u). nra. Qed.
End Gram.
Lemma bil_sub_l n N u v w : bil n N (fun i => u i - v i) w = bil n N u w - bil n N v w.
Proof. unfold bil. rewrite !(dot_sym n _ (mulv n N w)). apply dot_sub_r. Qed.
Lemma bil_sub_r n N u v w : bil n N w (fun i => u i - v i) = bil n N w u - bil n N w v.
Proof. unfold bil. rewrite <- dot_sub_r. apply dot_ext; [reflexivity|]. intros. apply mulv_sub. Qed.

(* G = P^T P / p and H = (1/p) sum_r w_r b_r D_r K D_r (A.2), as functions of P = psi(A), w = beta and D = psi'(A); how far
   two of each can be apart. *)
Section TwoStates.
Variables n p : nat.
Hypothesis p_pos : (0 < p)%nat.

Definition gram (P : mat) : mat := fun i j => sum p (fun r => P r i * P r j) / INR p.
Lemma mulv_gram P x i : mulv n (gram P) x i = sum p (fun r => P r i * mulv n P x r) / INR p.
Proof.
  unfold mulv at 1, gram. rewrite (sum_ext n _ (fun j => sum p (fun r => P r i * P r j * x j) / INR p)).
  2:{ intros. unfold Rdiv. rewrite sum_scal_r. ring. }
  unfold Rdiv. rewrite sum_scal_r. f_equal. rewrite sum_swap. apply sum_ext. intros r Hr.
  unfold mulv. rewrite <- sum_scal. apply sum_ext. intros; ring. Qed.
Lemma bil_gram P z x : bil n (gram P) z x = dot p (mulv n P z) (mulv n P x) / INR p.
Proof.
  unfold bil. rewrite (dot_ext n z z _ _ (fun _ _ => eq_refl) (fun i _ => mulv_gram P x i)).
  unfold dot. rewrite (sum_ext n _ (fun i => sum p (fun r => z i * P r i * mulv n P x r) / INR p)).
  2:{ intros i Hi. unfold Rdiv. rewrite <- Rmult_assoc, <- sum_scal. f_equal. apply sum_ext. intros; ring. }
  unfold Rdiv. rewrite sum_scal_r. f_equal. rewrite sum_swap. apply sum_ext. intros r Hr.
  rewrite sum_scal_r. f_equal. apply sum_ext. intros; ring. Qed.

Variable K : mat.
Variable b : vec.
Definition hmat (w : vec) (D : mat) : mat := fun i j => sum p (fun r => w r * b r * (D r i * K i j * D r j)) / INR p.
Definition Dmul (D : mat) r (x : vec) : vec := fun i => D r i * x i.
Lemma mulv_hmat w D x i : mulv n (hmat w D) x i = sum p (fun r => w r * b r * (D r i * mulv n K (Dmul D r x) i)) / INR p.
Proof.
  unfold mulv at 1, hmat.
  rewrite (sum_ext n _ (fun j => sum p (fun r => w r * b r * (D r i * K i j * D r j) * x j) / INR p)).
  2:{ intros. unfold Rdiv. rewrite sum_scal_r. ring. }
  unfold Rdiv. rewrite sum_scal_r. f_equal. rewrite sum_swap. apply sum_ext. intros r Hr.
  unfold mulv, Dmul. rewrite <- !sum_scal. apply sum_ext. intros; ring. Qed.
(* (A.26) *)
Lemma bil_hmat w D z x : bil n (hmat w D) z x = sum p (fun r => w r * b r * bil n K (Dmul D r z) (Dmul D r x)) / INR p.
Proof.
  unfold bil. rewrite (dot_ext n z z _ _ (fun _ _ => eq_refl) (fun i _ => mulv_hmat w D x i)).
  unfold dot at 1. rewrite (sum_ext n _ (fun i => sum p (fun r => w r * b r * (Dmul D r z i * mulv n K (Dmul D r x) i))
    / INR p)).
  2:{ intros i Hi. unfold Rdiv. rewrite <- Rmult_assoc, <- sum_scal. f_equal. apply sum_ext. intros. unfold Dmul. ring. }
  unfold Rdiv. rewrite sum_scal_r. f_equal. rewrite sum_swap. apply sum_ext. intros r Hr.
  rewrite sum_scal. reflexivity. Qed.

Lemma mulv_split (P P' : mat) x r : mulv n P' x r = mulv n P x r + mulv n (fun r i => P' r i - P r i) x r.
Proof. unfold mulv. rewrite <- sum_add. apply sum_ext. intros; ring. Qed.
Lemma Rabs_div_le u v : Rabs u <= v * INR p -> Rabs (u / INR p) <= v.
Proof.
  intros T. assert (Ip := INRp p p_pos). unfold Rdiv. rewrite Rabs_mult, (Rabs_right (/ INR p)) by (left;
    now apply Rinv_0_lt_compat).
  apply Rmult_le_reg_r with (INR p); [assumption|]. rewrite Rmult_assoc, Rinv_l; lra. Qed.

(* |P| <= g sqrt p and |P' - P| <= q sqrt p: the step (A.19) *)
Lemma gram_diff P P' g q z x : 0 <= g -> 0 <= q ->
  (forall u, nrm p (mulv n P u) <= rp p * (g * nrm n u)) ->
  (forall u, nrm p (mulv n (fun r i => P' r i - P r i) u) <= rp p * (q * nrm n u)) ->
  Rabs (bil n (gram P') z x - bil n (gram P) z x) <= (2 * g * q + q * q) * (nrm n z * nrm n x).
Proof.
  intros g0 q0 HP Hd. rewrite !bil_gram. set (dP := fun r i => P' r i - P r i) in *.
  replace (dot p (mulv n P' z) (mulv n P' x) / INR p - dot p (mulv n P z) (mulv n P x) / INR p)
    with ((dot p (mulv n dP z) (mulv n P x) + dot p (mulv n P z) (mulv n dP x) + dot p (mulv n dP z) (mulv n dP x)) / INR p).
  2:{ rewrite (dot_ext p (mulv n P' z) _ (mulv n P' x) _ (fun r _ => mulv_split P P' z r) (fun r _ => mulv_split P P' x r)).
      fold dP. rewrite dot_add_r, !(dot_sym p (fun i => _ + _)), !dot_add_r.
      rewrite (dot_sym p (mulv n P x) (mulv n P z)), (dot_sym p (mulv n P x) (mulv n dP z)),
        (dot_sym p (mulv n dP x) (mulv n P z)), (dot_sym p (mulv n dP x) (mulv n dP z)). unfold Rdiv. ring. }
  apply Rabs_div_le. rewrite <- rp_sq. assert (Rp := rp_pos p p_pos).
  assert (Z := nrm_pos n z). assert (X := nrm_pos n x).
  assert (V : forall (B C : mat) u v, (forall x, nrm p (mulv n B x) <= rp p * (u * nrm n x)) ->
    (forall x, nrm p (mulv n C x) <= rp p * (v * nrm n x)) ->
    Rabs (dot p (mulv n B z) (mulv n C x)) <= (rp p * (u * nrm n z)) * (rp p * (v * nrm n x))).
  { intros B C u v HB HC. eapply Rle_trans; [apply dot_CS|]. apply Rmult_le_compat; try apply nrm_pos; [apply HB|apply HC]. }
  assert (V1 := V dP P q g Hd HP). assert (V2 := V P dP g q HP Hd). assert (V3 := V dP dP q q Hd Hd).
  eapply Rle_trans; [apply Rabs_triang|]. eapply Rle_trans; [apply Rplus_le_compat_r, Rabs_triang|].
  eapply Rle_trans; [apply Rplus_le_compat; [apply Rplus_le_compat; [exact V1|exact V2]|exact V3]|]. right; ring. Qed.

Variables L1 Kn : R.
Hypothesis L1_pos : 0 <= L1.
Hypothesis Kn_pos : 0 <= Kn.
Hypothesis K_sym : symm n K.
Hypothesis K_form : forall x, Rabs (quad n K x) <= Kn * dot n x x.
Let bilK := bilK n K Kn K_sym K_form Kn_pos.

Variables D D' : mat.
Variable c : vec.
Hypothesis D_L1 : forall r i, Rabs (D r i) <= L1.
Hypothesis D'_L1 : forall r i, Rabs (D' r i) <= L1.
Hypothesis c_pos : forall r, (r < p)%nat -> 0 <= c r.
Hypothesis D_diff : forall r i, (r < p)%nat -> (i < n)%nat -> Rabs (D' r i - D r i) <= c r.

Lemma Dmul_nrm (D0 : mat) r x : (forall r i, Rabs (D0 r i) <= L1) -> nrm n (Dmul D0 r x) <= L1 * nrm n x.
Proof.
  intros HD. apply nrm_mono_c; [assumption|]. intros j Hj. unfold Dmul. rewrite Rabs_mult.
  apply Rmult_le_compat_r; [apply Rabs_pos|apply HD]. Qed.
(* D'_r K D'_r - D_r K D_r = (D'_r - D_r) K D'_r + D_r K (D'_r - D_r) *)
Lemma DKD_diff r z x : (r < p)%nat ->
  Rabs (bil n K (Dmul D' r z) (Dmul D' r x) - bil n K (Dmul D r z) (Dmul D r x)) <= 2 * L1 * Kn * c r * (nrm n z * nrm n x).
Proof.
  intros Hr.
  replace (bil n K (Dmul D' r z) (Dmul D' r x) - bil n K (Dmul D r z) (Dmul D r x)) with
    (bil n K (fun i => Dmul D' r z i - Dmul D r z i) (Dmul D' r x) + bil n K (Dmul D r z) (fun i => Dmul D' r x i
      - Dmul D r x i))
    by (rewrite bil_sub_l, bil_sub_r; ring).
  assert (N : forall u, nrm n (fun i => Dmul D' r u i - Dmul D r u i) <= c r * nrm n u).
  { intros u. apply nrm_mono_c; [now apply c_pos|]. intros i Hi. unfold Dmul.
    replace (D' r i * u i - D r i * u i) with ((D' r i - D r i) * u i) by ring.
    rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|now apply D_diff]. }
  eapply Rle_trans; [apply Rabs_triang|].
  eapply Rle_trans; [apply Rplus_le_compat; apply bilK|].
  assert (V1 : nrm n (fun i => Dmul D' r z i - Dmul D r z i) * nrm n (Dmul D' r x) <= (c r * nrm n z) * (L1 * nrm n x))
    by (apply Rmult_le_compat; try apply nrm_pos; [apply N|now apply Dmul_nrm]).
  assert (V2 : nrm n (Dmul D r z) * nrm n (fun i => Dmul D' r x i - Dmul D r x i) <= (L1 * nrm n z) * (c r * nrm n x))
    by (apply Rmult_le_compat; try apply nrm_pos; [now apply Dmul_nrm|apply N]).
  apply (Rmult_le_compat_l Kn) in V1; [|assumption]. apply (Rmult_le_compat_l Kn) in V2; [|assumption]. lra. Qed.

(* beta from w to w', |w' - w| <= d, then D to D': the steps (A.20) and (A.60) *)
Lemma hmat_diff w w' d z x : nrm p (fun r => w' r - w r) <= d ->
  Rabs (bil n (hmat w' D') z x - bil n (hmat w D) z x)
  <= (L1 * L1 * Kn * nrm p b * d + 2 * L1 * Kn * sum p (fun r => Rabs (w r * b r) * c r)) / INR p * (nrm n z * nrm n x).
Proof.
  intros Hd. rewrite !bil_hmat. set (zx := nrm n z * nrm n x).
  assert (zx0 : 0 <= zx) by (unfold zx; pos).
  replace (sum p (fun r => w' r * b r * bil n K (Dmul D' r z) (Dmul D' r x)) / INR p
     - sum p (fun r => w r * b r * bil n K (Dmul D r z) (Dmul D r x)) / INR p)
   with ((sum p (fun r => (w' r - w r) * b r * bil n K (Dmul D' r z) (Dmul D' r x)) +
     sum p (fun r => w r * b r * (bil n K (Dmul D' r z) (Dmul D' r x) - bil n K (Dmul D r z) (Dmul D r x)))) / INR p).
  2:{ rewrite <- sum_add. unfold Rdiv. rewrite <- !sum_scal_r, <- sum_sub. apply sum_ext. intros. ring. }
  apply Rabs_div_le. eapply Rle_trans; [apply Rabs_triang|].
  assert (T1 : Rabs (sum p (fun r => (w' r - w r) * b r * bil n K (Dmul D' r z) (Dmul D' r x)))
    <= d * nrm p b * (Kn * (L1 * L1) * zx)).
  { eapply Rle_trans; [apply sum_abs|].
    apply Rle_trans with (sum p (fun r => Rabs (w' r - w r) * Rabs (b r) * (Kn * (L1 * L1) * zx))).
    - apply sum_le. intros r Hr. rewrite !Rabs_mult. apply Rmult_le_compat_l; [pos|].
      eapply Rle_trans; [apply bilK|].
      assert (V : nrm n (Dmul D' r z) * nrm n (Dmul D' r x) <= (L1 * nrm n z) * (L1 * nrm n x))
        by (apply Rmult_le_compat; try apply nrm_pos; now apply Dmul_nrm).
      apply (Rmult_le_compat_l Kn) in V; [|assumption]. unfold zx. lra.
    - rewrite sum_scal_r. apply Rmult_le_compat_r; [pos|].
      eapply Rle_trans; [apply (sum_abs_CS p (fun r => w' r - w r) b)|]. apply Rmult_le_compat_r; [apply nrm_pos|exact Hd]. }
  assert (T2 : Rabs (sum p (fun r => w r * b r * (bil n K (Dmul D' r z) (Dmul D' r x) - bil n K (Dmul D r z) (Dmul D r x))))
     <= sum p (fun r => Rabs (w r * b r) * c r) * (2 * L1 * Kn * zx)).
  { eapply Rle_trans; [apply sum_abs|]. rewrite <- sum_scal_r. apply sum_le. intros r Hr. rewrite Rabs_mult, Rmult_assoc.
    apply Rmult_le_compat_l; [apply Rabs_pos|]. eapply Rle_trans; [now apply DKD_diff|]. unfold zx. right; ring. }
  eapply Rle_trans; [apply Rplus_le_compat; [exact T1|exact T2]|]. right. field. apply Rgt_not_eq, INRp, p_pos. Qed.
End TwoStates.

Section Network.
Variables n p : nat.
Variable K : mat.
Variables y b : vec.
Variables psi dpsi : nat -> nat -> R -> R.     (* each entry may have its own activation *)
Variables L1 L2 eta Kn kmax : R.
Variable A : nat -> mat.
Variable beta : nat -> vec.

Local Notation rp := (rp p).
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

Let rp_pos := rp_pos p p_pos.
Let rp_sq := rp_sq p.
Let rp_neq := rp_neq p p_pos.
Let INRp := INRp p p_pos.
Local Hint Resolve rp_pos INRp : core pos.
Lemma En_pos t : 0 <= En t.            Proof. apply nrm_pos. Qed.
Local Hint Resolve En_pos : pos.
Lemma S_pos t : 0 <= S_ t.
Proof. unfold S_. assert (0 <= sum t En) by (apply sum_pos; intros; apply En_pos). nra. Qed.
Local Hint Resolve S_pos : pos.
Lemma S_step t : S_ (S t) = S_ t + eta * En t.
Proof. unfold S_. simpl. ring. Qed.
Lemma S_0 : S_ 0 = 0.                  Proof. unfold S_. simpl. ring. Qed.

Let K_norm := K_norm n K Kn K_sym K_form Kn_pos.
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

(* the two parts of M t *)
Lemma mulv_G t x i : mulv n (G t) x i = sum p (fun r => Psi t r i * mulv n (Psi t) x r) / INR p.
Proof. exact (mulv_gram n p (Psi t) x i). Qed.
Lemma mulv_H t x i : mulv n (H t) x i = sum p (fun r => beta t r * b r * (D t r i * mulv n K (fun j => D t r j * x j) i))
  / INR p.
Proof. exact (mulv_hmat n p K b (beta t) (D t) x i). Qed.
Definition Dx t r (x : vec) : vec := fun i => D t r i * x i.
Lemma bil_H t z x : bil n (H t) z x = sum p (fun r => beta t r * b r * bil n K (Dx t r z) (Dx t r x)) / INR p.
Proof. exact (bil_hmat n p K b (beta t) (D t) z x). Qed.
Lemma mulv_M t x i : mulv n (M t) x i = mulv n (G t) x i + mulv n (H t) x i.
Proof. unfold mulv, M. rewrite <- sum_add. apply sum_ext. intros; ring. Qed.
Lemma bil_G t z x : bil n (G t) z x = dot p (mulv n (Psi t) z) (mulv n (Psi t) x) / INR p.
Proof. exact (bil_gram n p (Psi t) z x). Qed.

Definition dG s := 2 * Gs * q s + q s * q s.
(* (A.19) *)
Lemma G_drift t z x : Rabs (bil n (G t) z x - bil n (G 0%nat) z x) <= dG (S_ t) * (nrm n z * nrm n x).
Proof. apply (gram_diff n p p_pos (Psi 0%nat) (Psi t) Gs (q (S_ t))); auto with pos. intros. apply dPsi_op. Qed.

Variable Q : R.
Hypothesis Q_ok : sum p (fun r => Rabs (beta 0%nat r) * (b r * b r)) <= INR p * Q.
Definition h2 := 2 * L1 * L1 * L2 * kmax * Kn / rp.
Lemma h2_pos : 0 <= h2.  Proof. unfold h2. pos. Qed.
Local Hint Resolve h2_pos : pos.
Definition dH s := L1 * L1 * Kn * s0 * rho s / rp + h2 * Q * s.

(* by (A.15), |psi'(a_ri(t)) - psi'(a_ri(0))| <= L2 |b_r| L1 kmax S_t / sqrt p *)
Lemma D_drift t r i : (r < p)%nat -> (i < n)%nat -> Rabs (D t r i - D 0%nat r i)
  <= Rabs (b r) * (L2 * L1 * kmax / rp * S_ t).
Proof.
  intros Hr Hi. eapply Rle_trans; [apply (act_L2 act)|].
  apply Rle_trans with (L2 * (Rabs (b r) * L1 * kmax / rp * S_ t)); [|right; unfold Rdiv; ring].
  apply Rmult_le_compat_l; [assumption|]. eapply Rle_trans; [now apply A_entry|].
  apply Rmult_le_compat_r; [apply S_pos|]. unfold Rdiv. apply Rmult_le_compat_r; [left; now apply Rinv_0_lt_compat|].
  apply Rmult_le_compat_l; [pos|now apply kmax_ok]. Qed.
Lemma DKD_drift t r z x : (r < p)%nat ->
  Rabs (bil n K (Dx t r z) (Dx t r x) - bil n K (Dx 0%nat r z) (Dx 0%nat r x))
    <= Rabs (b r) * (h2 * S_ t) * (nrm n z * nrm n x).
Proof.
  intros Hr. replace (Rabs (b r) * (h2 * S_ t)) with (2 * L1 * Kn * (Rabs (b r) * (L2 * L1 * kmax / rp * S_ t)))
    by (unfold h2, Rdiv; ring).
  apply (DKD_diff n p K L1 Kn) with (D := D 0%nat) (D' := D t) (c := fun r => Rabs (b r) * (L2 * L1 * kmax / rp * S_ t));
    try assumption; intros; try (apply act_L1, act); [pos|now apply D_drift]. Qed.

(* (A.20) *)
Lemma H_drift t z x : Rabs (bil n (H t) z x - bil n (H 0%nat) z x) <= dH (S_ t) * (nrm n z * nrm n x).
Proof.
  set (c := fun r => Rabs (b r) * (L2 * L1 * kmax / rp * S_ t)).
  assert (Hc : forall r i, (r < p)%nat -> (i < n)%nat -> Rabs (D t r i - D 0%nat r i) <= c r) by (intros; now apply D_drift).
  eapply Rle_trans; [apply (hmat_diff n p p_pos K b L1 Kn L1_pos Kn_pos K_sym K_form (D 0%nat) (D t) c) with (d
    := rho (S_ t))|].
  - intros. apply act_L1, act.
  - intros. apply act_L1, act.
  - intros r _. unfold c. pos.
  - exact Hc.
  - apply beta_drift.
  - apply Rmult_le_compat_r; [pos|].
    assert (B : sum p (fun r => Rabs (beta 0%nat r * b r) * c r) <= INR p * Q * (L2 * L1 * kmax / rp * S_ t)).
    { apply Rle_trans with (sum p (fun r => Rabs (beta 0%nat r) * (b r * b r) * (L2 * L1 * kmax / rp * S_ t))).
      - apply sum_le. intros r Hr. unfold c. rewrite Rabs_mult.
        replace (b r * b r) with (Rabs (b r) * Rabs (b r)) by (rewrite <- Rabs_mult; apply Rabs_right; nra). right; ring.
      - rewrite sum_scal_r. apply Rmult_le_compat_r; [|exact Q_ok]. pos. }
    apply (Rmult_le_compat_l (2 * L1 * Kn)) in B; [|pos].
    apply Rmult_le_reg_r with (INR p); [exact INRp|]. unfold Rdiv at 1. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    rewrite nrm_b. eapply Rle_trans; [apply Rplus_le_compat_l, B|]. right. unfold dH, h2. rewrite <- rp_sq. field.
      exact rp_neq. Qed.

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
    unfold Qbar. replace (INR p * (Q + nrm p b2 / INR p * rho (S_ t))) with (INR p * Q + rho (S_ t) * nrm p b2) by (field;
      lra).
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
    apply Rle_trans with (sum p (fun r => (Rabs (beta t r) * (b r * b r)) * (L2 / 2 * (L1 * L1 * (kk i * kk i)
      * (eta * En t * (eta * En t)) / INR p)))).
    - apply sum_le. intros r Hr. rewrite Rabs_mult, Rmult_assoc. apply Rmult_le_compat_l; [apply Rabs_pos|].
      assert (Ta := act_Taylor act r i (A t r i) (dA t r i)).
      replace (A t r i + dA t r i) with (A (S t) r i) in Ta by (unfold dA; ring).
      change (psi r i (A (S t) r i) - psi r i (A t r i) - dpsi r i (A t r i) * dA t r i) with (dPsi t r i
        - D t r i * dA t r i) in Ta.
      eapply Rle_trans; [exact Ta|].
      assert (Te := dA_entry t r i Hr Hi). assert (B := Rabs_pos (b r)). assert (dp := Rabs_pos (dA t r i)).
      set (c := Rabs (b r) * L1 * kk i / rp * (eta * En t)) in *.
      assert (Hsq : dA t r i * dA t r i <= c * c).
      { replace (dA t r i * dA t r i) with (Rabs (dA t r i) * Rabs (dA t r i)) by (rewrite <- Rabs_mult; apply Rabs_right;
        nra).
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
