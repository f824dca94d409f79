(* SPDX-License-Identifier: Apache-2.0 *)
(* The drift lemma (P.4) of apriori.md, section 4, for one output and feedback alignment. With sigma = eta sum_{s<t} e(s), of
   norm at most S = S_t, M(t) - M(0) is the sum of three matrices that are linear in sigma, L_G, L_1 and L_2, of one that is
   positive semidefinite and at most kap1^2 S^2, and of a rest of norm at most w S^2 / p + chi S^3 / p (drift_lemma, by
   quadratic forms). It holds of every run (A.1); nothing is supposed about decay. What is read off the state at t = 0 are
   bounds of moments of b and beta.

   Beyond Lemma 1 (Network.v) psi' is differentiable with a Lipschitz derivative; curvature_ok says what is used of it.

   | here | page | | here | page |
   |---|---|---|---|---|
   | s2, s4 | bounds of sqrt(B2), sqrt(B4) | | Q3 | bound of mean |beta| |b|^3 |
   | KD r u | K D_r u | | Br r u | B_r u = D_r K D_r u |
   | quad n (LG u) x | x^T L_G(u) x | | LH, LD | L_1, L_2 |
   | A1 t, A2 t | A1, A2 | | Psi2 t | Psi2 |
   | NN t | N = dPsi^T dPsi / p | | beta2 t, dD2 t | beta2, dD2 | *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms Network.
Open Scope R_scope.

(* psi' has the derivative psi'', of modulus at most L2, and stays within (L3/2) h^2 of its tangents: so it is where psi'' is
   L3-Lipschitz *)
Record curvature_ok (dpsi ddpsi : nat -> nat -> R -> R) (L2 L3 : R) : Prop := {
  curv_L2 : forall r i u, Rabs (ddpsi r i u) <= L2;
  curv_Taylor : forall r i u h, Rabs (dpsi r i (u + h) - dpsi r i u - ddpsi r i u * h) <= L3 / 2 * (h * h) }.

(* quadratic forms of sums of matrices *)
Lemma quad_entries n N x : quad n N x = sum n (fun i => sum n (fun j => x i * N i j * x j)).
Proof. apply sum_ext. intros i Hi. unfold mulv. rewrite <- sum_scal. apply sum_ext. intros; ring. Qed.
Lemma quad_add n N N' x : quad n (fun i j => N i j + N' i j) x = quad n N x + quad n N' x.
Proof. rewrite !quad_entries, <- sum_add. apply sum_ext. intros. rewrite <- sum_add. apply sum_ext. intros; ring. Qed.
Lemma quad_scal n c N x : quad n (fun i j => c * N i j) x = c * quad n N x.
Proof. rewrite !quad_entries, <- sum_scal. apply sum_ext. intros. rewrite <- sum_scal. apply sum_ext. intros; ring. Qed.
Lemma quad_sum n p (N : nat -> mat) x : quad n (fun i j => sum p (fun r => N r i j)) x = sum p (fun r => quad n (N r) x).
Proof.
  induction p as [|p IH]; simpl.
  - rewrite quad_entries, (sum_ext n _ (fun _ => 0)), sum_zero; [reflexivity|]. intros.
    rewrite (sum_ext n _ (fun _ => 0)), sum_zero; [reflexivity|]. intros; ring.
  - now rewrite quad_add, IH. Qed.
Lemma quad_outer n (u v x : vec) : quad n (fun i j => u i * v j) x = dot n u x * dot n v x.
Proof.
  rewrite quad_entries. unfold dot at 1. rewrite <- sum_scal_r. apply sum_ext. intros i Hi. unfold dot. rewrite <- sum_scal.
  apply sum_ext. intros; ring. Qed.
Lemma quad_sandwich n (K : mat) (u v x : vec) : quad n (fun i j => u i * K i j * v j) x
  = bil n K (fun i => u i * x i) (fun i => v i * x i).
Proof.
  rewrite quad_entries. unfold bil, dot, mulv. apply sum_ext. intros i Hi. rewrite <- sum_scal. apply sum_ext. intros;
    ring. Qed.
Lemma bil_scal_l n N c u v : bil n N (fun i => c * u i) v = c * bil n N u v.
Proof. unfold bil. rewrite !(dot_sym n _ (mulv n N v)). apply dot_scal_r. Qed.
Lemma bil_add_l n N u u' v : bil n N (fun i => u i + u' i) v = bil n N u v + bil n N u' v.
Proof. unfold bil. rewrite !(dot_sym n _ (mulv n N v)). apply dot_add_r. Qed.
Lemma bil_ext n N u u' v v' : (forall i, (i < n)%nat -> u i = u' i) -> (forall i, (i < n)%nat -> v i = v' i) ->
  bil n N u v = bil n N u' v'.
Proof. intros E F. apply dot_ext; [exact E|]. intros i Hi. now apply mulv_ext. Qed.
(* a step of the sum of S_s (S_{s+1} - S_s), which is at most S_t^2 / 2 *)
Lemma half_square s h : 0 <= h -> s * s / 2 + s * h <= (s + h) * (s + h) / 2.
Proof. intros Hh. assert (0 <= h * h) by apply Rle_0_sqr. lra. Qed.

Section Drift.
Variables n p : nat.
Variable K : mat.
Variables y b : vec.
Variables psi dpsi ddpsi : nat -> nat -> R -> R.
Variables L1 L2 L3 eta Kn kmax : R.
Variable A : nat -> mat.
Variable beta : nat -> vec.

Local Notation rp := (rp p).
Local Notation Psi := (Psi psi A).
Local Notation D := (D dpsi A).
Local Notation e := (e p y psi A beta).
Local Notation En := (En n p y psi A beta).
Local Notation S_ := (S_ n p y psi eta A beta).
Local Notation M := (M p K b psi dpsi A beta).
Local Notation G := (G p psi A).
Local Notation H := (H p K b dpsi A beta).
Local Notation kk := (kk n K).
Local Notation koK := (koK n K).

Hypothesis p_pos : (0 < p)%nat.
Hypothesis eta_pos : 0 < eta.
Hypothesis K_sym : symm n K.
Hypothesis K_form : forall x, Rabs (quad n K x) <= Kn * dot n x x.
Hypothesis Kn_pos : 0 <= Kn.
Hypothesis kmax_ok : forall i, (i < n)%nat -> kk i <= kmax.
Hypothesis kmax_pos : 0 <= kmax.
Hypothesis act : activation_ok psi dpsi L1 L2.
Hypothesis curv : curvature_ok dpsi ddpsi L2 L3.
Hypothesis L1_pos : 0 <= L1.
Hypothesis L2_pos : 0 <= L2.
Hypothesis L3_pos : 0 <= L3.
Hypothesis runA : run_A n p K y b psi dpsi eta A beta.
Hypothesis runb : run_beta n p y psi eta A beta.

(* the moments *)
Variables Gs s2 s4 Q3 : R.
Hypothesis Gs_ok : forall x, nrm p (mulv n (Psi 0%nat) x) <= rp * (Gs * nrm n x).
Hypothesis s2_ok : nrm p b <= rp * s2.
Hypothesis s4_ok : nrm p (b2 b) <= rp * s4.
Hypothesis Q3_ok : sum p (fun r => Rabs (beta 0%nat r) * (Rabs (b r) * (b r * b r))) <= INR p * Q3.

Let rp_pos := rp_pos p p_pos.
Let rp_sq := rp_sq p.
Let rp_neq := rp_neq p p_pos.
Let Ip := INRp p p_pos.
Local Hint Resolve rp_pos Ip : core pos.
Local Lemma irp : 0 <= / rp.
Proof. left. now apply Rinv_0_lt_compat. Qed.
Local Lemma iIp : 0 <= / INR p.
Proof. left. now apply Rinv_0_lt_compat. Qed.
Local Hint Resolve irp iIp : pos.
Local Lemma En0 t : 0 <= En t.       Proof. apply nrm_pos. Qed.
Local Lemma S0 t : 0 <= S_ t.        Proof. now apply S_pos. Qed.
Local Hint Resolve En0 S0 : pos.
Local Lemma h0 t : 0 <= eta * En t.  Proof. pos. Qed.
Let bilK := bilK n K Kn K_sym K_form Kn_pos.
Let K_norm := K_norm n K Kn K_sym K_form Kn_pos.

Definition kap1 := L1 * L1 * s2 * Kn / rp.
Local Lemma s2_pos : 0 <= s2.
Proof. apply Rmult_le_reg_l with rp; [assumption|]. rewrite Rmult_0_r. eapply Rle_trans; [apply nrm_pos|exact s2_ok]. Qed.
Local Lemma s4_pos : 0 <= s4.
Proof. apply Rmult_le_reg_l with rp; [assumption|]. rewrite Rmult_0_r. eapply Rle_trans; [apply nrm_pos|exact s4_ok]. Qed.
Local Hint Resolve s2_pos s4_pos : pos.
Local Lemma Q3_pos : 0 <= Q3.
Proof. apply Rmult_le_reg_l with (INR p); [assumption|]. rewrite Rmult_0_r. eapply Rle_trans; [|exact Q3_ok]. pos. Qed.
Lemma kap1_pos : 0 <= kap1.       Proof. unfold kap1. pos. Qed.
Local Hint Resolve kap1_pos : pos.
Lemma kap_le : kap p b L1 Kn <= kap1.
Proof.
  unfold kap, kap1, s0. unfold Rdiv. apply Rmult_le_compat_r; [pos|]. apply Rmult_le_compat_r; [assumption|].
  apply Rmult_le_compat_l; [pos|]. apply Rmult_le_reg_l with rp; [assumption|].
  replace (rp * (nrm p b * / rp)) with (nrm p b) by (field; exact rp_neq). exact s2_ok. Qed.

(* sigma, and the matrices that are linear in it *)
Definition sigma t : vec := fun i => eta * sum t (fun s => e s i).
Lemma sigma_nrm t : nrm n (sigma t) <= S_ t.
Proof. induction t as [|t IH].
  - rewrite (nrm_ext n _ (fun _ => 0)) by (intros; unfold sigma; simpl; ring). rewrite nrm_zero. apply S0.
  - rewrite (nrm_ext n _ (fun i => sigma t i + eta * e t i)) by (intros; unfold sigma; simpl; ring).
    eapply Rle_trans; [apply nrm_add|]. rewrite nrm_scal, (Rabs_right eta) by lra. rewrite S_step.
    change (nrm n (e t)) with (En t). lra. Qed.

Definition D2 : mat := fun r i => ddpsi r i (A 0%nat r i).
Definition KD r (u : vec) : vec := mulv n K (fun j => D 0%nat r j * u j).
Definition Br r (u : vec) : vec := fun i => D 0%nat r i * KD r u i.
Definition LG (u : vec) : mat := fun i j => - / (INR p * rp) *
  sum p (fun r => b r * (Psi 0%nat r i * Br r u j + Br r u i * Psi 0%nat r j)).
Definition LH (u : vec) : mat := fun i j => - / (INR p * rp) *
  sum p (fun r => b r * dot n (Psi 0%nat r) u * (D 0%nat r i * K i j * D 0%nat r j)).
Definition LD (u : vec) : mat := fun i j => - / (INR p * rp) *
  sum p (fun r => beta 0%nat r * (b r * b r) * (D2 r i * KD r u i * K i j * D 0%nat r j + D 0%nat r i * K i j * (D2 r j *
    KD r u j))).
Definition dPsi0 t : mat := fun r i => Psi t r i - Psi 0%nat r i.
Definition NN t : mat := gram p (dPsi0 t).

Lemma quad_LG u x : quad n (LG u) x =
  - / (INR p * rp) * sum p (fun r => b r * (2 * (mulv n (Psi 0%nat) x r * dot n (Br r u) x))).
Proof.
  unfold LG. rewrite quad_scal. f_equal.
  rewrite (quad_sum n p (fun r i j => b r * (Psi 0%nat r i * Br r u j + Br r u i * Psi 0%nat r j))). apply sum_ext.
    intros r Hr.
  rewrite quad_scal, quad_add, !quad_outer. change (mulv n (Psi 0%nat) x r) with (dot n (Psi 0%nat r) x). ring. Qed.
Lemma quad_LH u x : quad n (LH u) x =
  - / (INR p * rp) * sum p (fun r => b r * dot n (Psi 0%nat r) u * bil n K (Dmul (D 0%nat) r x) (Dmul (D 0%nat) r x)).
Proof.
  unfold LH. rewrite quad_scal. f_equal.
  rewrite (quad_sum n p (fun r i j => b r * dot n (Psi 0%nat r) u * (D 0%nat r i * K i j * D 0%nat r j))). apply sum_ext.
  intros r Hr. rewrite quad_scal. f_equal. apply (quad_sandwich n K (D 0%nat r) (D 0%nat r)). Qed.
(* the vector psi''(a_r) o (K D_r u) o x *)
Definition curl r u (x : vec) : vec := fun i => D2 r i * KD r u i * x i.
Lemma quad_LD u x : quad n (LD u) x =
  - / (INR p * rp) * sum p (fun r => beta 0%nat r * (b r * b r) * (2 * bil n K (curl r u x) (Dmul (D 0%nat) r x))).
Proof.
  unfold LD. rewrite quad_scal. f_equal.
  rewrite (quad_sum n p (fun r i j => beta 0%nat r * (b r * b r) *
    (D2 r i * KD r u i * K i j * D 0%nat r j + D 0%nat r i * K i j * (D2 r j * KD r u j)))). apply sum_ext.
  intros r Hr. rewrite quad_scal, quad_add. f_equal.
  rewrite (quad_sandwich n K (fun i => D2 r i * KD r u i) (D 0%nat r)), (quad_sandwich n K (D 0%nat r)
    (fun j => D2 r j * KD r u j)).
  rewrite (bil_sym n K K_sym (fun i => D 0%nat r i * x i)). unfold curl, Dmul. ring. Qed.
Lemma quad_NN t x : quad n (NN t) x = dot p (mulv n (dPsi0 t) x) (mulv n (dPsi0 t) x) / INR p.
Proof. apply (bil_gram n p). Qed.
Lemma NN_range t x : 0 <= quad n (NN t) x <= kap1 * kap1 * (S_ t * S_ t) * dot n x x.
Proof.
  rewrite quad_NN. split; [pos|]. rewrite <- !nrm_sq.
  assert (T : nrm p (mulv n (dPsi0 t) x) <= rp * (kap1 * S_ t) * nrm n x).
  { eapply Rle_trans; [apply frob_mulv|]. apply Rmult_le_compat_r; [apply nrm_pos|].
    eapply Rle_trans; [apply (Psi_drift n p K y b psi dpsi L1 L2 eta Kn A beta); assumption|]. apply Rmult_le_compat_l;
      [pos|].
    apply Rmult_le_compat_r; [apply S0|apply kap_le]. }
  apply (Rmult_le_compat _ _ _ _ (nrm_pos p _) (nrm_pos p _) T) in T.
  apply Rmult_le_reg_r with (INR p); [assumption|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  eapply Rle_trans; [exact T|]. right. rewrite <- rp_sq. ring. Qed.

(* the displacement of A is A1, linear in sigma, and A2, of second order *)
Definition A1 t : mat := fun r i => - (b r / rp) * KD r (sigma t) i.
Definition A2 t : mat := fun r i => A t r i - A 0%nat r i - A1 t r i.
Lemma KD_step t r i : KD r (sigma (S t)) i = KD r (sigma t) i + eta * KD r (e t) i.
Proof.
  unfold KD. rewrite <- mulv_scal, <- mulv_add. unfold mulv. apply sum_ext. intros j Hj. unfold sigma. simpl. ring. Qed.
Definition turn t r : vec := mulv n K (fun j => (D t r j - D 0%nat r j) * e t j).
Lemma A2_step t r i : (r < p)%nat -> (i < n)%nat -> A2 (S t) r i = A2 t r i - eta / rp * b r * turn t r i.
Proof.
  intros Hr Hi. unfold A2, A1. rewrite (runA t r i Hr Hi), KD_step.
  replace (turn t r i) with (mulv n K (fun j => D t r j * e t j) i - KD r (e t) i); [field; exact rp_neq|].
  unfold turn, KD. rewrite <- mulv_sub. unfold mulv. apply sum_ext. intros; ring. Qed.
Lemma A2_0 r i : A2 0 r i = 0.
Proof.
  unfold A2, A1. assert (Z : KD r (sigma 0) i = 0).
  { unfold KD, mulv. rewrite (sum_ext n _ (fun _ => 0)), sum_zero; [reflexivity|]. intros. unfold sigma. simpl. ring. }
  rewrite Z. ring. Qed.
Local Definition c2 r := b r * b r * (L1 * L2 * kmax / INR p).
Local Lemma c2_pos r : 0 <= c2 r.     Proof. unfold c2. pos. Qed.
Local Hint Resolve c2_pos : pos.
Lemma turn_arg t r : (r < p)%nat ->
  nrm n (fun j => (D t r j - D 0%nat r j) * e t j) <= Rabs (b r) * (L2 * L1 * kmax / rp * S_ t) * En t.
Proof.
  intros Hr. apply nrm_mono_c; [pos|]. intros j Hj. rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|].
  now apply (D_drift n p K y b psi dpsi L1 L2 eta kmax A beta). Qed.
(* eta / sqrt p |b_r| times that is c2 (S_{t+1} - S_t) S_t *)
Local Lemma turn_scale t r : eta / rp * Rabs (b r) * (Rabs (b r) * (L2 * L1 * kmax / rp * S_ t) * En t)
  = c2 r * (S_ t * (eta * En t)).
Proof.
  assert (B : Rabs (b r) * Rabs (b r) = b r * b r) by (rewrite <- Rabs_mult; apply Rabs_right, Rle_ge, Rle_0_sqr).
  unfold c2. rewrite <- B, <- rp_sq. field. exact rp_neq. Qed.
Local Lemma eta_rp : 0 <= eta / rp.    Proof. pos. Qed.
Lemma A2_row t r : (r < p)%nat -> nrm n (A2 t r) <= c2 r * Kn * (S_ t * S_ t / 2).
Proof.
  intros Hr. induction t as [|t IH].
  - rewrite (nrm_ext n _ (fun _ => 0)) by (intros; apply A2_0). rewrite nrm_zero. pos.
  - rewrite (nrm_ext n _ (fun i => A2 t r i + - (eta / rp * b r) * turn t r i)) by (intros; rewrite A2_step by assumption;
    ring).
    eapply Rle_trans; [apply nrm_add|]. rewrite nrm_scal, Rabs_Ropp, Rabs_mult, (Rabs_right (eta / rp))
      by apply Rle_ge, eta_rp.
    assert (T := K_norm (fun j => (D t r j - D 0%nat r j) * e t j)). fold (turn t r) in T. assert (U := turn_arg t r Hr).
    apply (Rmult_le_compat_l Kn) in U; [|assumption]. apply (Rle_trans _ _ _ T) in U.
    apply (Rmult_le_compat_l (eta / rp * Rabs (b r))) in U; [|pos].
    assert (E := turn_scale t r). assert (Q := half_square (S_ t) (eta * En t) (h0 t)). rewrite S_step.
    apply (Rmult_le_compat_l (c2 r * Kn)) in Q; [|pos].
    replace (eta / rp * Rabs (b r) * (Kn * (Rabs (b r) * (L2 * L1 * kmax / rp * S_ t) * En t)))
      with (Kn * (c2 r * (S_ t * (eta * En t)))) in U by (rewrite <- E; ring). lra. Qed.
Lemma A2_entry t r i : (r < p)%nat -> (i < n)%nat -> Rabs (A2 t r i) <= c2 r * kk i * (S_ t * S_ t / 2).
Proof.
  intros Hr Hi. assert (Ki : 0 <= kk i) by apply nrm_pos. induction t as [|t IH].
  - rewrite A2_0, Rabs_R0. pos.
  - rewrite A2_step by assumption. unfold Rminus. eapply Rle_trans; [apply Rabs_triang|].
    rewrite Rabs_Ropp, !Rabs_mult, (Rabs_right (eta / rp)) by apply Rle_ge, eta_rp.
    assert (T := dot_CS n (K i) (fun j => (D t r j - D 0%nat r j) * e t j)). change (dot n (K i) _) with (turn t r i) in T.
    assert (U := turn_arg t r Hr).
    apply (Rmult_le_compat_l (kk i)) in U; [|assumption]. apply (Rle_trans _ _ _ T) in U.
    apply (Rmult_le_compat_l (eta / rp * Rabs (b r))) in U; [|pos].
    assert (E := turn_scale t r). assert (Q := half_square (S_ t) (eta * En t) (h0 t)). rewrite S_step.
    apply (Rmult_le_compat_l (c2 r * kk i)) in Q; [|pos].
    replace (eta / rp * Rabs (b r) * (kk i * (Rabs (b r) * (L2 * L1 * kmax / rp * S_ t) * En t)))
      with (kk i * (c2 r * (S_ t * (eta * En t)))) in U by (rewrite <- E; ring). lra. Qed.

(* |da_ri|^2 by (A.15) *)
Local Lemma da_sq t r i : (r < p)%nat -> (i < n)%nat ->
  (A t r i - A 0%nat r i) * (A t r i - A 0%nat r i) <= b2 b r * (L1 * L1 / INR p * (S_ t * S_ t)) * (kk i * kk i).
Proof.
  intros Hr Hi. assert (T := A_entry n p K y b psi dpsi L1 L2 eta A beta p_pos eta_pos act L1_pos runA t r i Hr Hi).
  assert (P := Rabs_pos (A t r i - A 0%nat r i)). apply (Rmult_le_compat _ _ _ _ P P T) in T.
  rewrite <- Rabs_mult, Rabs_right in T by apply Rle_ge, Rle_0_sqr. eapply Rle_trans; [exact T|]. right.
  assert (B : Rabs (b r) * Rabs (b r) = b2 b r) by (rewrite <- Rabs_mult; apply Rabs_right, Rle_ge, Rle_0_sqr).
  rewrite <- B, <- rp_sq. field. exact rp_neq. Qed.
Local Lemma b2_abs r : Rabs (b2 b r) = b2 b r.
Proof. apply Rabs_right, Rle_ge, Rle_0_sqr. Qed.
Local Lemma b2_pos r : 0 <= b2 b r.
Proof. apply Rle_0_sqr. Qed.
Local Hint Resolve b2_pos : pos.

(* G: dPsi = D o A1 + Psi2 *)
Definition Psi2 t : mat := fun r i => dPsi0 t r i - D 0%nat r i * A1 t r i.
Lemma Psi2_frob t : frob p n (Psi2 t) <= rp * (L1 * L1 * L2 * s4 * (kmax * Kn + koK) / 2 * (S_ t * S_ t) / INR p).
Proof.
  set (tay := fun r i => psi r i (A t r i) - psi r i (A 0%nat r i) - dpsi r i (A 0%nat r i) * (A t r i - A 0%nat r i)).
  rewrite (frob_ext p n _ (fun r i => D 0%nat r i * A2 t r i + tay r i)).
  2:{ intros. unfold Psi2, dPsi0, A2, tay, Network.Psi, Network.D. ring. }
  eapply Rle_trans; [apply frob_add|].
  assert (T1 : frob p n (fun r i => D 0%nat r i * A2 t r i) <= L1 * (nrm p (b2 b) * (L1 * L2 * kmax / INR p * Kn * (S_ t
    * S_ t / 2)))).
  { eapply Rle_trans; [apply (frob_mono_c p n _ (A2 t) L1 L1_pos)|].
    - intros. rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|]. apply (act_L1 _ _ _ _ act).
    - apply Rmult_le_compat_l; [assumption|]. apply frob_rows; [pos|]. intros r Hr. rewrite b2_abs.
      eapply Rle_trans; [now apply A2_row|]. right. unfold c2, b2. ring. }
  assert (T2 : frob p n tay <= nrm p (b2 b) * (L2 / 2 * (L1 * L1 / INR p * (S_ t * S_ t)) * koK)).
  { apply frob_rows; [unfold koK; pos|]. intros r Hr. rewrite b2_abs, <- Rmult_assoc. apply nrm_mono_c; [pos|]. intros i Hi.
    rewrite (Rabs_right (kk i * kk i)) by apply Rle_ge, Rle_0_sqr.
    assert (Ta := act_Taylor _ _ _ _ act r i (A 0%nat r i) (A t r i - A 0%nat r i)).
    replace (A 0%nat r i + (A t r i - A 0%nat r i)) with (A t r i) in Ta by ring. fold (tay r i) in Ta.
    eapply Rle_trans; [exact Ta|]. assert (Q := da_sq t r i Hr Hi). apply (Rmult_le_compat_l (L2 / 2)) in Q; [|pos].
    eapply Rle_trans; [exact Q|]. right; ring. }
  assert (B : L1 * (L1 * L2 * kmax / INR p * Kn * (S_ t * S_ t / 2)) + L2 / 2 * (L1 * L1 / INR p * (S_ t * S_ t)) * koK
    = L1 * L1 * L2 * (kmax * Kn + koK) / 2 * (S_ t * S_ t) / INR p) by (field; lra).
  apply Rle_trans with (nrm p (b2 b) * (L1 * L1 * L2 * (kmax * Kn + koK) / 2 * (S_ t * S_ t) / INR p)).
  - rewrite <- B. lra.
  - apply Rle_trans with (rp * s4 * (L1 * L1 * L2 * (kmax * Kn + koK) / 2 * (S_ t * S_ t) / INR p)).
    + apply Rmult_le_compat_r; [unfold koK; pos|exact s4_ok].
    + right; field; lra. Qed.
Lemma mulv_dPsi0 t x r : mulv n (dPsi0 t) x r = - (b r / rp) * dot n (Br r (sigma t)) x + mulv n (Psi2 t) x r.
Proof.
  unfold mulv, dot. rewrite <- sum_scal, <- sum_add. apply sum_ext. intros i Hi. unfold Psi2, A1, Br. ring. Qed.
Lemma G_part t x : Rabs (quad n (G t) x - quad n (G 0%nat) x - quad n (LG (sigma t)) x - quad n (NN t) x)
  <= L1 * L1 * L2 * s4 * Gs * (kmax * Kn + koK) * (S_ t * S_ t) / INR p * dot n x x.
Proof.
  assert (E : quad n (G t) x - quad n (G 0%nat) x - quad n (LG (sigma t)) x - quad n (NN t) x
    = 2 * dot p (mulv n (Psi 0%nat) x) (mulv n (Psi2 t) x) / INR p).
  { rewrite quad_NN, quad_LG. unfold quad. rewrite !bil_G. unfold Rdiv. rewrite Rinv_mult by (apply Rgt_not_eq; assumption).
    rewrite (dot_ext p (mulv n (Psi t) x) (fun r => mulv n (Psi 0%nat) x r + mulv n (dPsi0 t) x r) (mulv n (Psi t) x)
      (fun r => mulv n (Psi 0%nat) x r + mulv n (dPsi0 t) x r))
      by (intros; apply (Psi_split n psi A t x)).
    unfold dot at 1 2 4 5. rewrite <- !sum_scal, <- !sum_scal_r, <- !sum_sub. apply sum_ext. intros r Hr.
    rewrite (mulv_dPsi0 t x r). field. split; [lra|exact rp_neq]. }
  rewrite E. unfold Rdiv. rewrite !Rabs_mult, (Rabs_right 2), (Rabs_right (/ INR p)) by (try apply Rle_ge; pos).
  assert (T := dot_CS p (mulv n (Psi 0%nat) x) (mulv n (Psi2 t) x)).
  assert (U : nrm p (mulv n (Psi2 t) x) <= rp * (L1 * L1 * L2 * s4 * (kmax * Kn + koK) / 2 * (S_ t * S_ t) / INR p)
    * nrm n x).
  { eapply Rle_trans; [apply frob_mulv|]. apply Rmult_le_compat_r; [apply nrm_pos|apply Psi2_frob]. }
  apply (Rmult_le_compat _ _ _ _ (nrm_pos p _) (nrm_pos p _) (Gs_ok x)) in U. apply (Rle_trans _ _ _ T) in U.
  apply (Rmult_le_compat_l 2) in U; [|lra]. apply (Rmult_le_compat_r (/ INR p)) in U; [|pos].
  eapply Rle_trans; [exact U|]. right. rewrite <- nrm_sq, <- rp_sq. field. exact rp_neq. Qed.

(* H, beta: dbeta = - Psi sigma / sqrt p + beta2 *)
Definition beta2 t : vec := fun r => beta t r - beta 0%nat r + dot n (Psi 0%nat r) (sigma t) / rp.
Lemma beta2_nrm t : nrm p (beta2 t) <= kap1 * (S_ t * S_ t / 2).
Proof. induction t as [|t IH].
  - rewrite (nrm_ext p _ (fun _ => 0)).
    + rewrite nrm_zero. pos.
    + intros r Hr. unfold beta2, dot. rewrite (sum_ext n _ (fun _ => 0)), sum_zero; [unfold Rdiv; ring|].
      intros. unfold sigma. simpl. ring.
  - rewrite (nrm_ext p _ (fun r => beta2 t r + - (eta / rp) * mulv n (dPsi0 t) (e t) r)).
    + eapply Rle_trans; [apply nrm_add|]. rewrite nrm_scal, Rabs_Ropp, (Rabs_right (eta / rp)) by apply Rle_ge, eta_rp.
      assert (T : nrm p (mulv n (dPsi0 t) (e t)) <= rp * (kap1 * S_ t) * En t).
      { eapply Rle_trans; [apply frob_mulv|]. apply Rmult_le_compat_r; [apply nrm_pos|].
        eapply Rle_trans; [apply (Psi_drift n p K y b psi dpsi L1 L2 eta Kn A beta); assumption|]. apply Rmult_le_compat_l;
          [pos|]. apply Rmult_le_compat_r; [apply S0|apply kap_le]. }
      apply (Rmult_le_compat_l (eta / rp)) in T; [|apply eta_rp].
      replace (eta / rp * (rp * (kap1 * S_ t) * En t)) with (kap1 * (S_ t * (eta * En t))) in T by (field; exact rp_neq).
      assert (Q := half_square (S_ t) (eta * En t) (h0 t)). apply (Rmult_le_compat_l kap1) in Q; [|pos]. rewrite S_step. lra.
    + intros r Hr. unfold beta2. rewrite (runb t r Hr).
      replace (dot n (Psi 0%nat r) (sigma (S t))) with (dot n (Psi 0%nat r) (sigma t) + eta * dot n (Psi 0%nat r) (e t)).
      2:{ rewrite <- dot_scal_r, <- dot_add_r. apply dot_ext; [reflexivity|]. intros. unfold sigma. simpl. ring. }
      rewrite (Psi_split n psi A t (e t) r). change (mulv n (Psi 0%nat) (e t) r) with (dot n (Psi 0%nat r) (e t)).
      change (mulv n (fun r i => Psi t r i - Psi 0%nat r i) (e t) r) with (mulv n (dPsi0 t) (e t) r). field. exact rp_neq.
        Qed.

(* H, D: dD = psi'' o A1 + dD2 *)
Definition dD2 t : mat := fun r i => D t r i - D 0%nat r i - D2 r i * A1 t r i.
Lemma dD2_entry t r i : (r < p)%nat -> (i < n)%nat ->
  Rabs (dD2 t r i) <= b2 b r * (kmax * kmax * (L1 * L2 * L2 + L1 * L1 * L3) / INR p * (S_ t * S_ t / 2)).
Proof.
  intros Hr Hi. assert (Ki : 0 <= kk i) by apply nrm_pos. assert (Km := kmax_ok i Hi).
  set (tay := dpsi r i (A t r i) - dpsi r i (A 0%nat r i) - ddpsi r i (A 0%nat r i) * (A t r i - A 0%nat r i)).
  replace (dD2 t r i) with (tay + D2 r i * A2 t r i) by (unfold dD2, A2, tay, D2, Network.D; ring).
  eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_mult.
  assert (Ta := curv_Taylor _ _ _ _ curv r i (A 0%nat r i) (A t r i - A 0%nat r i)).
  replace (A 0%nat r i + (A t r i - A 0%nat r i)) with (A t r i) in Ta by ring. fold tay in Ta.
  assert (Q := da_sq t r i Hr Hi). apply (Rmult_le_compat_l (L3 / 2)) in Q; [|pos]. apply (Rle_trans _ _ _ Ta) in Q.
  assert (T : Rabs (D2 r i) * Rabs (A2 t r i) <= L2 * (c2 r * kk i * (S_ t * S_ t / 2)))
    by (apply Rmult_le_compat; try apply Rabs_pos; [apply (curv_L2 _ _ _ _ curv)|now apply A2_entry]).
  assert (K2 : kk i * kk i <= kmax * kmax) by (apply Rmult_le_compat; assumption).
  assert (K3 : kmax * kk i <= kmax * kmax) by (apply Rmult_le_compat_l; assumption).
  apply (Rmult_le_compat_l (b2 b r * (L1 * L2 * L2) / INR p * (S_ t * S_ t / 2))) in K3; [|pos].
  apply (Rmult_le_compat_l (b2 b r * (L1 * L1 * L3) / INR p * (S_ t * S_ t / 2))) in K2; [|pos].
  replace (b2 b r * (kmax * kmax * (L1 * L2 * L2 + L1 * L1 * L3) / INR p * (S_ t * S_ t / 2))) with
    (b2 b r * (L1 * L2 * L2) / INR p * (S_ t * S_ t / 2) * (kmax * kmax) + b2 b r * (L1 * L1 * L3) / INR p * (S_ t
      * S_ t / 2) * (kmax * kmax)) by (field; lra).
  replace (L2 * (c2 r * kk i * (S_ t * S_ t / 2))) with (b2 b r * (L1 * L2 * L2) / INR p * (S_ t * S_ t / 2) * (kmax * kk i))
    in T by (unfold c2, b2; field; lra).
  replace (L3 / 2 * (b2 b r * (L1 * L1 / INR p * (S_ t * S_ t)) * (kk i * kk i))) with
    (b2 b r * (L1 * L1 * L3) / INR p * (S_ t * S_ t / 2) * (kk i * kk i)) in Q by (field; lra).
  lra. Qed.

Local Notation qD E r x := (bil n K (Dmul E r x) (Dmul E r x)).
(* what D K D has moved by, beyond the part linear in sigma *)
Lemma DKD_part t r x : (r < p)%nat ->
  Rabs (qD (D t) r x - qD (D 0%nat) r x + b r / rp * (2 * bil n K (curl r (sigma t) x) (Dmul (D 0%nat) r x)))
    <= b2 b r * (L1 * L1 * Kn * (kmax * kmax) * (2 * (L2 * L2) + L1 * L3) / INR p * (S_ t * S_ t)) * dot n x x.
Proof.
  intros Hr. set (d := fun i => D t r i - D 0%nat r i). set (u := fun i => d i * x i). set (v := fun i => dD2 t r i * x i).
  set (z := Dmul (D 0%nat) r x).
  assert (E1 : qD (D t) r x = bil n K z z + 2 * bil n K u z + bil n K u u).
  { rewrite (bil_ext n K _ (fun i => z i + u i) _ (fun i => z i + u i)) by (intros; unfold Dmul, z, u, d, Dmul; ring).
    rewrite bil_add_l, !(bil_sym n K K_sym _ (fun i => z i + u i)), !bil_add_l, (bil_sym n K K_sym z u). ring. }
  assert (E2 : bil n K u z = bil n K v z + - (b r / rp) * bil n K (curl r (sigma t) x) z).
  { rewrite <- bil_scal_l, <- bil_add_l. apply bil_ext; [|reflexivity]. intros. unfold u, v, d, dD2, A1, curl. ring. }
  rewrite E1, E2. replace (_ + _) with (2 * bil n K v z + bil n K u u) by (unfold z; ring).
  assert (X := nrm_pos n x).
  assert (Z : nrm n z <= L1 * nrm n x) by (apply (Dmul_nrm n L1 L1_pos); intros; apply (act_L1 _ _ _ _ act)).
  assert (V : nrm n v <= b2 b r * (kmax * kmax * (L1 * L2 * L2 + L1 * L1 * L3) / INR p * (S_ t * S_ t / 2)) * nrm n x).
  { apply nrm_mono_c; [pos|]. intros i Hi. unfold v. rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|].
    now apply dD2_entry. }
  assert (U : nrm n u <= Rabs (b r) * (L2 * L1 * kmax / rp * S_ t) * nrm n x).
  { apply nrm_mono_c; [pos|]. intros i Hi. unfold u, d. rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|].
    now apply (D_drift n p K y b psi dpsi L1 L2 eta kmax A beta). }
  eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_mult, (Rabs_right 2) by lra.
  assert (T1 := bilK v z). assert (T2 := bilK u u).
  apply (Rmult_le_compat _ _ _ _ (nrm_pos n _) (nrm_pos n _) V) in Z. apply (Rmult_le_compat_l Kn) in Z; [|assumption].
  apply (Rmult_le_compat _ _ _ _ (nrm_pos n _) (nrm_pos n _) U) in U. apply (Rmult_le_compat_l Kn) in U; [|assumption].
  apply (Rle_trans _ _ _ T1) in Z. apply (Rle_trans _ _ _ T2) in U.
  assert (B : Rabs (b r) * Rabs (b r) = b2 b r) by (rewrite <- Rabs_mult; apply b2_abs).
  apply Rle_trans with (2 * (Kn * (b2 b r * (kmax * kmax * (L1 * L2 * L2 + L1 * L1 * L3) / INR p * (S_ t * S_ t / 2))
    * nrm n x
      * (L1 * nrm n x))) + Kn * (Rabs (b r) * (L2 * L1 * kmax / rp * S_ t) * nrm n x * (Rabs (b r) * (L2 * L1 * kmax / rp
        * S_ t) * nrm n x))); [lra|].
  right. rewrite <- nrm_sq, <- B, <- rp_sq. field. exact rp_neq. Qed.

(* three sums over r are left: of beta2, of what D K D has moved by, and of both changes *)
Lemma H_part t x : Rabs (quad n (H t) x - quad n (H 0%nat) x - quad n (LH (sigma t)) x - quad n (LD (sigma t)) x)
  <= (kap1 * kap1 / 2 * (S_ t * S_ t) + L1 * L1 * Kn * (kmax * kmax) * (2 * (L2 * L2) + L1 * L3) * Q3 * (S_ t * S_ t) / INR p
      + 2 * (L1 * L1) * L2 * Kn * kmax * s4 * (S_ t * (Gs + kap1 * S_ t / 2)) * S_ t / INR p) * dot n x x.
Proof.
  set (db := fun r => beta t r - beta 0%nat r).
  set (w1 := fun r => beta2 t r * b r * qD (D 0%nat) r x).
  set (w2 := fun r => beta 0%nat r * b r * (qD (D t) r x - qD (D 0%nat) r x + b r / rp * (2 * bil n K (curl r (sigma t) x)
    (Dmul (D 0%nat) r x)))).
  set (w3 := fun r => db r * b r * (qD (D t) r x - qD (D 0%nat) r x)).
  assert (X := nrm_pos n x). assert (XX : nrm n x * nrm n x = dot n x x) by apply nrm_sq.
  assert (E : quad n (H t) x - quad n (H 0%nat) x - quad n (LH (sigma t)) x - quad n (LD (sigma t)) x
    = (sum p w1 + sum p w2 + sum p w3) / INR p).
  { rewrite quad_LH, quad_LD. unfold quad.
    change (H t) with (hmat p K b (beta t) (D t)). change (H 0%nat) with (hmat p K b (beta 0%nat) (D 0%nat)).
    rewrite !(bil_hmat n p K b). unfold Rdiv. rewrite Rinv_mult by (apply Rgt_not_eq;
      assumption).
    rewrite <- !sum_add, <- !sum_scal, <- !sum_scal_r, <- !sum_sub. apply sum_ext. intros r Hr.
    unfold w1, w2, w3, db, beta2. field. split; [lra|exact rp_neq]. }
  rewrite E. apply (Rabs_div_le p p_pos).
  assert (W1 : Rabs (sum p w1) <= kap1 * kap1 / 2 * (S_ t * S_ t) * dot n x x * INR p).
  { eapply Rle_trans; [apply sum_abs|].
    apply Rle_trans with (sum p (fun r => Rabs (beta2 t r) * Rabs (b r) * (Kn * (L1 * L1) * dot n x x))).
    - apply sum_le. intros r Hr. unfold w1. rewrite !Rabs_mult. apply Rmult_le_compat_l; [pos|].
      eapply Rle_trans; [apply bilK|]. rewrite <- XX.
      assert (Z : nrm n (Dmul (D 0%nat) r x) <= L1 * nrm n x) by (apply (Dmul_nrm n L1 L1_pos); intros;
        apply (act_L1 _ _ _ _ act)).
      apply (Rmult_le_compat _ _ _ _ (nrm_pos n _) (nrm_pos n _) Z) in Z. apply (Rmult_le_compat_l Kn) in Z; [|assumption].
      eapply Rle_trans; [exact Z|]. right; ring.
    - rewrite sum_scal_r. apply Rle_trans with (kap1 * (S_ t * S_ t / 2) * (rp * s2) * (Kn * (L1 * L1) * dot n x x)).
      + apply Rmult_le_compat_r; [pos|]. eapply Rle_trans; [apply sum_abs_CS|].
        apply Rmult_le_compat; try apply nrm_pos; [apply beta2_nrm|exact s2_ok].
      + right. rewrite <- rp_sq. unfold kap1. field. exact rp_neq. }
  assert (W2 : Rabs (sum p w2) <= L1 * L1 * Kn * (kmax * kmax) * (2 * (L2 * L2) + L1 * L3) * Q3 * (S_ t * S_ t) / INR p
    * dot n x x * INR p).
  { set (c := L1 * L1 * Kn * (kmax * kmax) * (2 * (L2 * L2) + L1 * L3) / INR p * (S_ t * S_ t)).
    assert (c0 : 0 <= c * dot n x x) by (unfold c; pos).
    eapply Rle_trans; [apply sum_abs|].
    apply Rle_trans with (sum p (fun r => Rabs (beta 0%nat r) * (Rabs (b r) * (b r * b r)) * (c * dot n x x))).
    - apply sum_le. intros r Hr. unfold w2. rewrite !Rabs_mult, !Rmult_assoc. apply Rmult_le_compat_l; [pos|].
      apply Rmult_le_compat_l; [pos|]. eapply Rle_trans; [now apply DKD_part|]. right. unfold c, b2. ring.
    - rewrite sum_scal_r. apply Rle_trans with (INR p * Q3 * (c * dot n x x)); [now apply Rmult_le_compat_r|].
      right. unfold c. field. lra. }
  assert (W3 : Rabs (sum p w3) <= 2 * (L1 * L1) * L2 * Kn * kmax * s4 * (S_ t * (Gs + kap1 * S_ t / 2)) * S_ t / INR p
    * dot n x x * INR p).
  { set (c := h2 p L1 L2 Kn kmax * S_ t * dot n x x).
    assert (c0 : 0 <= c) by (unfold c, h2; pos).
    eapply Rle_trans; [apply sum_abs|].
    apply Rle_trans with (sum p (fun r => Rabs (db r) * Rabs (b2 b r) * c)).
    - apply sum_le. intros r Hr. unfold w3. rewrite !Rabs_mult, b2_abs, !Rmult_assoc. apply Rmult_le_compat_l; [pos|].
      assert (B : Rabs (b r) * Rabs (b r) = b2 b r) by (rewrite <- Rabs_mult; apply b2_abs). rewrite <- B, Rmult_assoc.
      apply Rmult_le_compat_l; [pos|].
      eapply Rle_trans; [now apply (DKD_drift n p K y b psi dpsi L1 L2 eta Kn kmax A beta)|]. rewrite XX. right. unfold c.
        ring.
    - rewrite sum_scal_r. assert (R := beta_drift n p K y b psi dpsi L1 L2 eta Kn A beta p_pos eta_pos K_sym K_form Kn_pos act
        L1_pos runA runb Gs Gs_ok (1 / 2) (Rle_refl _) t). fold db in R.
      assert (R2 : rho p b L1 Kn Gs (1 / 2) (S_ t) <= S_ t * (Gs + kap1 * S_ t / 2)).
      { unfold rho. apply Rmult_le_compat_l; [apply S0|]. assert (T := kap_le). apply (Rmult_le_compat_r (S_ t)) in T;
        [|apply S0].
        lra. }
      apply Rle_trans with (S_ t * (Gs + kap1 * S_ t / 2) * (rp * s4) * c).
      + apply Rmult_le_compat_r; [assumption|]. eapply Rle_trans; [apply sum_abs_CS|].
        apply Rmult_le_compat; try apply nrm_pos; [|exact s4_ok]. eapply Rle_trans; [exact R|exact R2].
      + right. unfold c, h2. field. split; [lra|exact rp_neq]. }
  eapply Rle_trans; [apply Rabs_triang|]. eapply Rle_trans; [apply Rplus_le_compat_r, Rabs_triang|]. lra. Qed.

(* (P.4) *)
Definition w := L1 * L1 * L2 * s4 * Gs * (kmax * Kn + koK) + L1 * L1 * (L1 * L1) * (s2 * s2) * (Kn * Kn) / 2
  + L1 * L1 * Kn * (kmax * kmax) * (2 * (L2 * L2) + L1 * L3) * Q3 + 2 * (L1 * L1) * L2 * Kn * kmax * s4 * Gs.
Definition chi := L1 * L1 * L2 * Kn * kmax * s4 * kap1.
Definition linear t x := quad n (LG (sigma t)) x + quad n (LH (sigma t)) x + quad n (LD (sigma t)) x.
Theorem drift_lemma t x : let S := S_ t in
  Rabs (quad n (M t) x - quad n (M 0%nat) x - linear t x - quad n (NN t) x)
    <= (w * (S * S) / INR p + chi * (S * S * S) / INR p) * dot n x x /\
  0 <= quad n (NN t) x <= kap1 * kap1 * (S * S) * dot n x x /\ nrm n (sigma t) <= S.
Proof.
  intros S. split; [|split; [apply NN_range|apply sigma_nrm]].
  assert (T1 := G_part t x). assert (T2 := H_part t x). unfold linear, M. rewrite !quad_add.
  match type of T1 with Rabs ?u <= ?v => match type of T2 with Rabs ?u' <= ?v' =>
    replace (_ - _) with (u + u') by ring; apply Rle_trans with (v + v') end end.
  - eapply Rle_trans; [apply Rabs_triang|]. now apply Rplus_le_compat.
  - right. unfold S, w, chi, kap1. rewrite <- rp_sq. field. exact rp_neq. Qed.
End Drift.
