(* SPDX-License-Identifier: Apache-2.0 *)
(* Theorem A_ReLU of theorem_a_variants.md, section 14, for one output and feedback alignment, with the margins (A.48); they
   contain the margins (B.14) of theorem_b.md. If the conditions (A.10), (A.11) hold with L1 = 1, L2 = 0 and every
   pre-activation is further from 0 than it can move, then the conclusions of Theorem A hold of the ReLU run itself.

   The proof is that of the page: the network with frozen signs, psi_ri(u) = s_ri u with s_ri = psi'(a_ri(0)), is a setting
   with L1 = 1, L2 = 0; by the margins its run never changes a sign; so the ReLU run is that run.

   The convention is psi'(0) = 0. With it relu u = relu'(u) u for every u, also for u = 0, so that the frozen activation
   is linear for the pairs of the second alternative too. That alternative is |b_r| k_ri = 0 here, which is weaker than
   |b_r| k_i = 0 of (A.48), since k_ri <= k_i. The sharper B2 of the page is not used. *)
Require Import Reals Lra Lia.
From Alignproof Require Import Sums Forms Network TheoremA.
Open Scope R_scope.

Definition relu u := Rmax u 0.
Definition drelu u := if Rlt_dec 0 u then 1 else 0.

Lemma drelu_range u : 0 <= drelu u <= 1.
Proof. unfold drelu. destruct (Rlt_dec 0 u); lra. Qed.
Lemma relu_drelu u : relu u = drelu u * u.
Proof. unfold relu, drelu. destruct (Rlt_dec 0 u); [rewrite Rmax_left|rewrite Rmax_right]; lra. Qed.
(* closer to a than a is to 0: on the same side *)
Lemma same_side a u : Rabs (u - a) < Rabs a -> drelu u = drelu a /\ 0 < a * u.
Proof.
  intros M. unfold drelu. destruct (Rlt_dec 0 a) as [P|P].
  - rewrite (Rabs_right a) in M by lra. apply Rabs_def2 in M. assert (U : 0 < u) by lra.
    destruct (Rlt_dec 0 u); [|lra]. split; [reflexivity|now apply Rmult_lt_0_compat].
  - rewrite (Rabs_left1 a) in M by lra. apply Rabs_def2 in M. assert (U : 0 < - u) by lra.
    assert (V : 0 < - a) by lra. destruct (Rlt_dec 0 u); [lra|]. split; [reflexivity|].
    replace (a * u) with (- a * - u) by ring. now apply Rmult_lt_0_compat. Qed.

(* A ReLU setting: setting_ok, with ReLU in the place of a smooth activation. *)
Record relu_ok (s : setting) : Prop := {
  relu_psi : psi s = (fun _ _ => relu); relu_dpsi : dpsi s = (fun _ _ => drelu); relu_L1 : L1 s = 1; relu_L2 : L2 s = 0;
  relu_n : (0 < n s)%nat; relu_p : (0 < p s)%nat; relu_eta : 0 < eta s;
  relu_Ksym : symm (n s) (K s);
  relu_Kform : forall x, Rabs (quad (n s) (K s) x) <= Kn s * dot (n s) x x;
  relu_Kn : 0 <= Kn s;
  relu_kmax : forall i, (i < n s)%nat -> nrm (n s) (K s i) <= kmax s; relu_kmax0 : 0 <= kmax s;
  relu_runA : run_A (n s) (p s) (K s) (y s) (b s) (psi s) (dpsi s) (eta s) (A s) (beta s);
  relu_runb : run_beta (n s) (p s) (y s) (psi s) (eta s) (A s) (beta s);
  relu_Gs0 : 0 <= Gs s;
  relu_Gs : forall x, quad (n s) (G (p s) (psi s) (A s) 0) x <= Gs s * Gs s * dot (n s) x x;
  relu_om : 1 / 2 <= om s;
  relu_Q : sum (p s) (fun r => Rabs (beta s 0%nat r) * (b s r * b s r)) <= INR (p s) * Q s }.

Section Relu.
Variable s : setting.
Hypothesis H : relu_ok s.

(* s_ri and k_ri = sqrt(sum_j s_rj K_ij^2) <= k_i *)
Definition sg : mat := fun r i => drelu (A s 0%nat r i).
Definition k_ri r i := nrm (n s) (fun j => sg r j * K s i j).
Lemma k_ri_le r i : 0 <= k_ri r i <= nrm (n s) (K s i).
Proof.
  split; [apply nrm_pos|]. apply nrm_mono. intros j _. rewrite Rabs_mult. assert (T := drelu_range (A s 0%nat r j)).
  unfold sg. rewrite (Rabs_right (drelu _)) by lra. rewrite <- (Rmult_1_l (Rabs (K s i j))) at 2.
  apply Rmult_le_compat_r; [apply Rabs_pos|apply T]. Qed.

(* the frozen network and its run from the same state *)
Definition frozen_psi r i u := sg r i * u.
Definition frozen_dpsi r i (_ : R) := sg r i.
Definition frozen_run := run_from (n s) (p s) (K s) (y s) (b s) frozen_psi frozen_dpsi (eta s) (A s 0%nat, beta s 0%nat).
Definition frozen : setting := {| n := n s; p := p s; K := K s; y := y s; b := b s; psi := frozen_psi; dpsi := frozen_dpsi;
  L1 := L1 s; L2 := L2 s; eta := eta s; Kn := Kn s; kmax := kmax s; Gs := Gs s; Q := Q s; om := om s;
  A := fun t => fst (frozen_run t); beta := fun t => snd (frozen_run t) |}.

Lemma frozen_activation : activation_ok frozen_psi frozen_dpsi 1 0.
Proof.
  split; intros; unfold frozen_psi, frozen_dpsi, sg; assert (T := drelu_range (A s 0%nat r i)).
  - apply Rabs_le. lra.
  - rewrite <- Rmult_minus_distr_l, Rabs_mult, (Rabs_right (drelu _)) by lra. apply Rmult_le_compat_r; [apply Rabs_pos|lra].
  - unfold Rminus. rewrite Rplus_opp_r, Rabs_R0. lra.
  - match goal with |- Rabs ?u <= _ => replace u with 0 by ring end. rewrite Rabs_R0. lra. Qed.

(* At t = 0 the two networks have the same Psi and D, hence the same G and M. *)
Lemma frozen_Psi0 r i : Psi (psi frozen) (A frozen) 0 r i = Psi (psi s) (A s) 0 r i.
Proof. unfold Psi. rewrite (relu_psi s H). symmetry. apply relu_drelu. Qed.
Lemma frozen_G i j : G (p s) (psi frozen) (A frozen) 0 i j = G (p s) (psi s) (A s) 0 i j.
Proof. unfold G. f_equal. apply sum_ext. intros r _. now rewrite !frozen_Psi0. Qed.
Lemma frozen_M i j : Mat frozen 0 i j = Mat s 0 i j.
Proof.
  unfold Mat, M. change (p frozen) with (p s). rewrite frozen_G. f_equal. unfold Network.H, D. rewrite (relu_dpsi s H).
  reflexivity. Qed.

Lemma frozen_ok : setting_ok frozen.
Proof.
  split; simpl; try apply H.
  - rewrite (relu_L1 s H), (relu_L2 s H). apply frozen_activation.
  - rewrite (relu_L1 s H). lra.
  - rewrite (relu_L2 s H). lra.
  - apply run_from_A.
  - apply run_from_beta.
  - intros x. rewrite (quad_ext (n s) _ (G (p s) (psi s) (A s) 0)) by (intros; apply frozen_G). apply (relu_Gs s H). Qed.

Lemma frozen_err0 : err frozen 0 = err s 0.
Proof. apply nrm_ext. intros i _. unfold e, f, mulvT. do 2 f_equal. apply sum_ext. intros r _. now rewrite frozen_Psi0. Qed.

(* An entry of the frozen run moves by at most |b_r| k_ri / sqrt p times the accumulated error. *)
Lemma frozen_entry t r i : (r < p s)%nat -> (i < n s)%nat ->
  Rabs (A frozen t r i - A s 0%nat r i) <= Rabs (b s r) * k_ri r i / pt s * acc frozen t.
Proof.
  intros Hr Hi. assert (X := eta_rp (p s) (eta s) (relu_p s H) (relu_eta s H)).
  assert (rp0 : pt s <> 0) by (apply (rp_neq (p s)), H). induction t as [|t IH].
  - unfold acc, S_. simpl. rewrite Rminus_diag_eq, Rabs_R0 by reflexivity. lra.
  - assert (Hd := ok_runA _ frozen_ok t r i Hr Hi). simpl in Hd.
    match type of Hd with _ = _ - _ * (_ * ?m) => set (mv := m) in * end.
    assert (Tm : Rabs mv <= k_ri r i * err frozen t).
    { unfold mv, mulv. rewrite (sum_ext _ _ (fun j => (sg r j * K s i j) * e (p s) (y s) frozen_psi (A frozen)
      (beta frozen) t j))
        by (intros; unfold D, frozen_dpsi; simpl; ring).
      apply (dot_CS (n s)). }
    replace (A frozen (S t) r i - A s 0%nat r i) with ((A frozen t r i - A s 0%nat r i) +
      - (eta s / rp (p s) * (b s r * mv)))
      by (simpl in *; rewrite Hd; ring).
    eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp, !Rabs_mult, (Rabs_right (eta s / rp (p s))) by lra.
    assert (HS : acc frozen (S t) = acc frozen t + eta s * err frozen t) by (unfold acc; apply S_step).
    rewrite HS, Rmult_plus_distr_l. apply Rplus_le_compat; [exact IH|].
    replace (Rabs (b s r) * k_ri r i / pt s * (eta s * err frozen t)) with (eta s / rp (p s) * (Rabs (b s r) * (k_ri r i
      * err frozen t)))
      by (unfold rp; fold (pt s); field; exact rp0).
    apply Rmult_le_compat_l; [assumption|]. apply Rmult_le_compat_l; [apply Rabs_pos|exact Tm]. Qed.

(* Let R bound the accumulated error of the frozen run, and let the margins (A.48) hold with R. *)
Variable R : R.
Hypothesis acc_R : forall t, acc frozen t <= R.
Hypothesis margins : forall r i, (r < p s)%nat -> (i < n s)%nat ->
  Rabs (b s r) * k_ri r i / pt s * R < Rabs (A s 0%nat r i) \/ Rabs (b s r) * k_ri r i = 0.

Lemma frozen_sign t r i : (r < p s)%nat -> (i < n s)%nat ->
  drelu (A frozen t r i) = sg r i /\ (A s 0%nat r i <> 0 -> 0 < A s 0%nat r i * A frozen t r i).
Proof.
  intros Hr Hi. assert (T := frozen_entry t r i Hr Hi).
  destruct (margins r i Hr Hi) as [M|Z].
  - destruct (same_side (A s 0%nat r i) (A frozen t r i)); [|split; auto].
    eapply Rle_lt_trans; [exact T|]. eapply Rle_lt_trans; [|exact M]. apply Rmult_le_compat_l; [|apply acc_R].
    apply Rdiv_pos; [apply Rmult_le_pos; [apply Rabs_pos|apply k_ri_le]|apply (rp_pos (p s)), H].
  - unfold Rdiv in T. rewrite Z, !Rmult_0_l in T. assert (E : A frozen t r i = A s 0%nat r i).
    { apply Rabs_le_inv in T. lra. }
    rewrite E. split; [reflexivity|]. intros N. assert (T2 := Rsqr_pos_lt _ N). exact T2. Qed.

Theorem relu_is_frozen t : (forall r i, (r < p s)%nat -> (i < n s)%nat -> A s t r i = A frozen t r i) /\
  (forall r, (r < p s)%nat -> beta s t r = beta frozen t r).
Proof.
  induction t as [|t [IA Ib]]; [split; reflexivity|].
  assert (EP : forall r i, (r < p s)%nat -> (i < n s)%nat -> Psi (psi s) (A s) t r i = Psi frozen_psi (A frozen) t r i).
  { intros r i Hr Hi. unfold Psi. rewrite (relu_psi s H), IA, relu_drelu by assumption. unfold frozen_psi.
    f_equal. now apply frozen_sign. }
  assert (ED : forall r i, (r < p s)%nat -> (i < n s)%nat -> D (dpsi s) (A s) t r i = D frozen_dpsi (A frozen) t r i).
  { intros r i Hr Hi. unfold D. rewrite (relu_dpsi s H), IA by assumption. unfold frozen_dpsi. now apply frozen_sign. }
  assert (Ee : forall i, (i < n s)%nat ->
    e (p s) (y s) (psi s) (A s) (beta s) t i = e (p s) (y s) frozen_psi (A frozen) (beta frozen) t i).
  { intros i Hi. unfold e, f, mulvT. do 2 f_equal. apply sum_ext. intros r Hr. now rewrite EP, Ib. }
  split.
  - intros r i Hr Hi. rewrite (relu_runA s H t r i Hr Hi), (ok_runA _ frozen_ok t r i Hr Hi), IA by assumption.
    do 3 f_equal. unfold mulv. apply sum_ext. intros j Hj. simpl. now rewrite ED, Ee.
  - intros r Hr. rewrite (relu_runb s H t r Hr), (ok_runb _ frozen_ok t r Hr), Ib by assumption.
    do 2 f_equal. unfold mulv. apply sum_ext. intros j Hj. simpl. now rewrite EP, Ee. Qed.

Lemma relu_err t : err s t = err frozen t.
Proof.
  apply nrm_ext. intros i Hi. unfold e, f, mulvT. do 2 f_equal. apply sum_ext. intros r Hr.
  destruct (relu_is_frozen t) as [EA Eb]. unfold Psi. rewrite Eb by assumption. f_equal.
    rewrite (relu_psi s H), EA, relu_drelu by assumption.
  simpl. unfold frozen_psi. f_equal. now apply frozen_sign. Qed.
Lemma relu_beta t : nrm (p s) (fun r => beta s t r - beta s 0%nat r) = nrm (p s) (fun r => beta frozen t r
  - beta frozen 0%nat r).
Proof. apply nrm_ext. intros r Hr. destruct (relu_is_frozen t) as [_ Eb]. now rewrite Eb. Qed.
Lemma relu_frob t : frob (p s) (n s) (fun r i => A s t r i - A s 0%nat r i) =
  frob (p s) (n s) (fun r i => A frozen t r i - A frozen 0%nat r i).
Proof. apply frob_ext. intros r i Hr Hi. destruct (relu_is_frozen t) as [EA _]. now rewrite EA. Qed.
Lemma relu_entry t r i : (r < p s)%nat -> (i < n s)%nat ->
  Rabs (A s t r i - A s 0%nat r i) <= Rabs (b s r) * k_ri r i / pt s * R.
Proof.
  intros Hr Hi. destruct (relu_is_frozen t) as [EA _]. rewrite EA by assumption.
  eapply Rle_trans; [now apply frozen_entry|]. apply Rmult_le_compat_l; [|apply acc_R].
  apply Rdiv_pos; [apply Rmult_le_pos; [apply Rabs_pos|apply k_ri_le]|apply (rp_pos (p s)), H]. Qed.
Lemma relu_sign t r i : (r < p s)%nat -> (i < n s)%nat -> drelu (A s t r i) = drelu (A s 0%nat r i) /\
  (A s 0%nat r i <> 0 -> 0 < A s 0%nat r i * A s t r i).
Proof. intros Hr Hi. destruct (relu_is_frozen t) as [EA _]. rewrite EA by assumption. now apply frozen_sign. Qed.
End Relu.

(* (A.12) - (A.15), the rate of every step, and the signs. E, M and the spectra are those of the ReLU network. *)
Section TheoremRelu.
Variable s : setting.
Hypothesis H : relu_ok s.
Variables alpha Mmin Mmax : R.
Hypothesis alpha_pos : 0 < alpha.
Hypothesis Mmin_ok : forall x, Mmin * dot (n s) x x <= quad (n s) (Mat s 0) x.
Hypothesis Mmax_ok : forall x, quad (n s) (Mat s 0) x <= Mmax * dot (n s) x x.
Let E := err s 0.
Let R := E / alpha.
Hypothesis A10 : Mmin - drift s R - eta s * rem s R * E >= alpha.
Hypothesis A11 : eta s * (Mmax + drift s R) <= 2 - eta s * alpha - eta s * eta s * rem s R * E.
Hypothesis A48 : forall r i, (r < p s)%nat -> (i < n s)%nat ->
  Rabs (b s r) * k_ri s r i / pt s * R < Rabs (A s 0%nat r i) \/ Rabs (b s r) * k_ri s r i = 0.

Let F := frozen s.
Let HF : setting_ok F := frozen_ok s H.
Let Fmin : forall x, Mmin * dot (n F) x x <= quad (n F) (Mat F 0) x.
Proof. intros x. rewrite (quad_ext (n F) _ (Mat s 0)) by (intros; now apply frozen_M). apply Mmin_ok. Qed.
Let Fmax : forall x, quad (n F) (Mat F 0) x <= Mmax * dot (n F) x x.
Proof. intros x. rewrite (quad_ext (n F) _ (Mat s 0)) by (intros; now apply frozen_M). apply Mmax_ok. Qed.
Let FE : err F 0 = E := frozen_err0 s H.
Let F10 : Mmin - drift F (err F 0 / alpha) - eta F * rem F (err F 0 / alpha) * err F 0 >= alpha.
Proof. rewrite FE. exact A10. Qed.
Let F11 : eta F * (Mmax + drift F (err F 0 / alpha)) <= 2 - eta F * alpha - eta F * eta F * rem F (err F 0 / alpha)
  * err F 0.
Proof. rewrite FE. exact A11. Qed.
Let acc_R : forall t, acc F t <= R.
Proof.
  intros t. unfold R. rewrite <- FE. apply (acc_le F HF alpha Mmin Mmax alpha_pos Fmin Fmax F10 F11). Qed.

Theorem theorem_A_relu : forall t,
  err s t <= (1 - eta s * alpha) ^ t * E /\
  err s (S t) <= (1 - eta s * alpha) * err s t /\
  nrm (p s) (fun r => beta s t r - beta s 0%nat r) <= rhoR s R /\
  frob (p s) (n s) (fun r i => A s t r i - A s 0%nat r i) <= L1 s * sb s * Kn s * R /\
  (forall r i, (r < p s)%nat -> (i < n s)%nat ->
    Rabs (A s t r i - A s 0%nat r i) <= Rabs (b s r) * k_ri s r i / pt s * R) /\
  (forall r i, (r < p s)%nat -> (i < n s)%nat -> A s 0%nat r i <> 0 -> 0 < A s 0%nat r i * A s t r i).
Proof.
  intros t. destruct (theorem_A F HF alpha Mmin Mmax alpha_pos Fmin Fmax F10 F11 t) as (T1 & T2 & T3 & _).
  assert (T4 := one_step_rate F HF alpha Mmin Mmax alpha_pos Fmin Fmax F10 F11 t).
  rewrite !(relu_err s H R acc_R A48), (relu_beta s H R acc_R A48), (relu_frob s H R acc_R A48). fold F.
  rewrite FE in T1, T2, T3. fold R in T2, T3. repeat split; try assumption.
  - now apply (relu_entry s H R acc_R A48).
  - now apply (relu_sign s H R acc_R A48). Qed.

Theorem relu_rate_range : 0 <= 1 - eta s * alpha < 1.
Proof. exact (rate_range F HF alpha Mmin Mmax alpha_pos Fmin Fmax F10 F11). Qed.
Theorem relu_error_limit : Un_cv (err s) 0.
Proof.
  assert (L := error_limit F HF alpha Mmin Mmax alpha_pos Fmin Fmax F10 F11). intros eps He. destruct (L eps He) as [N HN].
  exists N. intros t Ht. rewrite (relu_err s H R acc_R A48). now apply HN. Qed.
End TheoremRelu.
