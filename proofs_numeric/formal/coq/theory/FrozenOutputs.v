(* SPDX-License-Identifier: Apache-2.0 *)
(* Theorem A_ReLU (section 14 of theorem_a_variants.md) with k outputs, for feedback alignment (A.48) and for
   backpropagation (A.49): the run equals that of the network with frozen signs, for which L1 = 1 and L2 = 0. The second
   alternative is |c_r| k_ri = 0, which |b_r| k_i = 0 implies, since k_ri <= k_i. The sharper B2 of that section is not
   used. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms Network FrozenSigns Recursion Frobenius Outputs OutputsFA Backpropagation.
Open Scope R_scope.

Section Frozen.
Variable s : variant.
Hypothesis H : premises s.
Hypothesis psi_relu : psi s = (fun _ _ => relu).
Hypothesis dpsi_relu : dpsi s = (fun _ _ => drelu).
Hypothesis L1_1 : L1 s = 1.
Hypothesis L2_0 : L2 s = 0.
(* what is fed back, from beta: b for feedback alignment, beta itself for backpropagation *)
Variable feed : mat -> mat.
Hypothesis feed_ext : forall B B', (forall r o, (r < p s)%nat -> (o < k s)%nat -> B r o = B' r o) ->
  forall r o, (r < p s)%nat -> (o < k s)%nat -> feed B r o = feed B' r o.
Hypothesis fed : forall t, c s t = feed (beta s t).
Local Notation n := (n s). Local Notation p := (p s). Local Notation k := (k s).
Local Notation rp := (Network.rp p).

Definition sg : mat := fun r i => drelu (A s 0%nat r i).
Definition fpsi r i u := sg r i * u.
Definition fdpsi r i (_ : R) := sg r i.
Lemma unit_range u : 0 <= drelu u <= 1.
Proof. unfold drelu. destruct (Rlt_dec 0 u); lra. Qed.
Lemma relu_is u : relu u = drelu u * u.
Proof. unfold relu, drelu. destruct (Rlt_dec 0 u); [rewrite Rmax_left|rewrite Rmax_right]; lra. Qed.
Lemma frozen_act : activation_ok fpsi fdpsi 1 0.
Proof. split; intros; unfold fpsi, fdpsi, sg; assert (T := unit_range (A s 0%nat r i)).
  - apply Rabs_le. lra.
  - rewrite <- Rmult_minus_distr_l, Rabs_mult, (Rabs_right (drelu _)) by lra.
    apply Rmult_le_compat_r; [apply Rabs_pos|lra].
  - unfold Rminus. rewrite Rplus_opp_r, Rabs_R0. lra.
  - replace (drelu (A s 0%nat r i) * (u + h) - drelu (A s 0%nat r i) * u - drelu (A s 0%nat r i) * h) with 0 by ring.
    rewrite Rabs_R0. lra. Qed.

Fixpoint fr (t : nat) : mat * mat :=
  match t with
  | O => (A s 0%nat, beta s 0%nat)
  | S u => let (F, g) := fr u in
      let e := fun i o => sum p (fun r => fpsi r i (F r i) * g r o) / rp - y s i o in
      (fun r i => F r i - eta s / rp * mulv n (K s) (fun j => fdpsi r j (F r j) * mulv k e (feed g r) j) i,
       fun r o => g r o - eta s / rp * mulm n (fun r i => fpsi r i (F r i)) e r o)
  end.
Definition F t := fst (fr t).
Definition g t := snd (fr t).
Definition frozen : variant := {| Outputs.n := n; Outputs.p := p; Outputs.k := k; Outputs.K := K s; Outputs.y := y s;
  Outputs.psi := fpsi; Outputs.dpsi := fdpsi; Outputs.L1 := L1 s; Outputs.L2 := L2 s; Outputs.eta := eta s; Outputs.Kn :=
    Kn s;
  Outputs.kmax := kmax s; Outputs.Gs := Gs s; Outputs.s0 := s0 s; Outputs.QV := QV s; Outputs.QH := QH s;
  Outputs.rootB4p := rootB4p s; Outputs.cmax := cmax s; Outputs.A := F; Outputs.beta := g; Outputs.c :=
    fun t => feed (g t) |}.

Lemma Psi_start r i : Psi fpsi F 0 r i = Psi (psi s) (A s) 0 r i.
Proof. rewrite psi_relu. unfold Psi, fpsi, sg. symmetry. apply relu_is. Qed.
Lemma G_start i j : G p fpsi F 0 i j = G p (psi s) (A s) 0 i j.
Proof. unfold G. f_equal. apply sum_ext. intros r _. now rewrite !Psi_start. Qed.
Lemma frozen_ok : variant_ok frozen.
Proof. assert (C : c s 0%nat = feed (g 0)) by apply fed. split; [|simpl; rewrite L1_1, L2_0; apply frozen_act].
  destruct H. split; simpl; try assumption.
  - intros t r i _ _. unfold F, g. cbn [fr]. destruct (fr t) as [Ft gt] eqn:Et. unfold Dx, Network.D, Outputs.e,
    Outputs.f, Network.Psi. cbn [fst snd]. rewrite Et. reflexivity.
  - intros t r o _ _. unfold F, g. cbn [fr]. destruct (fr t) as [Ft gt] eqn:Et. unfold Outputs.e, Outputs.f, Network.Psi.
    cbn [fst snd]. rewrite Et. reflexivity.
  - intros x. eapply Rle_trans; [|apply ok_Gs]. right. unfold quad, bil. apply dot_ext; [reflexivity|]. intros i _.
    apply sum_ext. intros j _. now rewrite G_start.
  - unfold c_row in *. simpl. now rewrite <- C.
  - unfold c_row in *. simpl. now rewrite <- C.
  - now rewrite <- C.
  - now rewrite <- C.
  - unfold c_row in *. simpl. now rewrite <- C. Qed.
Lemma err_start : err frozen 0 = err s 0.
Proof. apply frob_ext. intros i o _ _. unfold e, f. f_equal. f_equal. apply sum_ext. intros r _. simpl.
  change (Psi fpsi F 0 r i * beta s 0%nat r o = Psi (psi s) (A s) 0 r i * beta s 0%nat r o). now rewrite Psi_start. Qed.
Lemma Mat_start x i o : Mat frozen x i o = Mat s x i o.
Proof. unfold Mat, Mx, apply4. apply sum_ext. intros j _. apply sum_ext. intros l _. f_equal. unfold M. simpl.
  rewrite G_start. f_equal.
  f_equal. apply sum_ext. intros r _. rewrite (fed 0). change (g 0) with (beta s 0%nat). unfold Network.D.
    rewrite dpsi_relu. reflexivity. Qed.
Lemma psi_row_start r : psi_row frozen r = psi_row s r.
Proof. apply nrm_ext. intros i _. apply Psi_start. Qed.
Lemma rate_start eta' m : (forall x, frob n k (fun i o => x i o - eta' * Mat s x i o) <= m * frob n k x) ->
  forall x, frob n k (fun i o => x i o - eta' * Mat frozen x i o) <= m * frob n k x.
Proof. intros R x. rewrite (frob_ext n k _ (fun i o => x i o - eta' * Mat s x i o)); [apply R|]. intros.
  now rewrite Mat_start. Qed.

(* k_ri = sqrt(sum_j s_rj K_ij^2) <= k_i *)
Definition k_ri r i := nrm n (fun j => sg r j * K s i j).
Lemma k_ri_le r i : k_ri r i <= nrm n (K s i).
Proof. apply nrm_mono. intros j _. rewrite Rabs_mult. assert (T := unit_range (A s 0%nat r j)). unfold sg.
  rewrite (Rabs_right (drelu _)) by lra. assert (P := Rabs_pos (K s i j)). nra. Qed.
Lemma k_ri_row r i u w : Rabs (mulv n (K s) (Dx fdpsi F u r w) i) <= k_ri r i * nrm n w.
Proof. eapply Rle_trans; [|apply (dot_CS n)]. right. f_equal. apply sum_ext. intros j _. unfold Dx, Network.D, fdpsi.
  ring. Qed.

(* the ReLU run is the frozen run *)
Hypothesis near : forall t r i, (r < p)%nat -> (i < n)%nat ->
  Rabs (F t r i - A s 0%nat r i) < Rabs (A s 0%nat r i) \/ F t r i = A s 0%nat r i.
Lemma same_sign t r i : (r < p)%nat -> (i < n)%nat -> drelu (F t r i) = sg r i /\ (A s 0%nat r i <> 0 ->
  0 < A s 0%nat r i * F t r i).
Proof. intros Hr Hi. unfold sg. destruct (near t r i Hr Hi) as [M| ->]; [|split; [reflexivity|intros; nra]].
  unfold drelu. destruct (Rlt_dec 0 (A s 0%nat r i)) as [P|P].
  - rewrite (Rabs_right (A s 0%nat r i)) in M by lra. apply Rabs_def2 in M. assert (0 < F t r i) by lra.
    destruct (Rlt_dec 0 (F t r i)); [|lra]. split; [reflexivity|]. intros _. now apply Rmult_lt_0_compat.
  - rewrite (Rabs_left1 (A s 0%nat r i)) in M by lra. apply Rabs_def2 in M.
    assert (U : 0 < - F t r i) by lra. assert (V : 0 < - A s 0%nat r i) by lra.
    destruct (Rlt_dec 0 (F t r i)); [lra|]. split; [reflexivity|]. intros _.
    replace (A s 0%nat r i * F t r i) with (- A s 0%nat r i * - F t r i) by ring. now apply Rmult_lt_0_compat. Qed.
Theorem relu_is_frozen t : (forall r i, (r < p)%nat -> (i < n)%nat -> A s t r i = F t r i)
  /\ (forall r o, (r < p)%nat -> (o < k)%nat -> beta s t r o = g t r o).
Proof. induction t as [|t [IA Ib]]; [split; reflexivity|].
  assert (EP : forall r i, (r < p)%nat -> (i < n)%nat -> Psi (psi s) (A s) t r i = Psi fpsi F t r i).
  { intros r i Hr Hi. rewrite psi_relu. unfold Psi, fpsi. rewrite IA, relu_is by assumption.
    destruct (same_sign t r i Hr Hi) as [-> _]. reflexivity. }
  assert (Ee : forall i o, (i < n)%nat -> (o < k)%nat -> e p (y s) (psi s) (A s) (beta s) t i o = e p (y s) fpsi F g t i o).
  { intros i o Hi Ho. unfold e, f. f_equal. f_equal. apply sum_ext. intros r Hr. now rewrite EP, Ib. }
  split.
  - intros r i Hr Hi. rewrite (ok_runA s H t r i Hr Hi). change (F (S t)) with (A frozen (S t)).
    rewrite (ok_runA frozen frozen_ok t r i Hr Hi), IA by assumption. simpl.
    f_equal. f_equal. apply sum_ext. intros j Hj. f_equal. unfold Dx. f_equal.
    + unfold Network.D. rewrite dpsi_relu, IA by assumption. apply same_sign; assumption.
    + apply sum_ext. intros o Ho. rewrite Ee by assumption. f_equal. rewrite fed. now apply feed_ext.
  - intros r o Hr Ho. rewrite (ok_runb s H t r o Hr Ho). change (g (S t)) with (beta frozen (S t)).
    rewrite (ok_runb frozen frozen_ok t r o Hr Ho), Ib by assumption. simpl.
    f_equal. f_equal. unfold mulm, mulv. apply sum_ext. intros i Hi. now rewrite EP, Ee. Qed.
Lemma err_frozen t : err s t = err frozen t.
Proof. destruct (relu_is_frozen t) as [IA Ib]. apply frob_ext. intros i o Hi Ho. unfold e, f. simpl. f_equal. f_equal.
  apply sum_ext. intros r Hr. f_equal; [|now apply Ib]. rewrite psi_relu. unfold Psi, fpsi.
    rewrite IA, relu_is by assumption.
  destruct (same_sign t r i Hr Hi) as [-> _]. reflexivity. Qed.
End Frozen.

(* What both theorems conclude of the entries: they stay within w, and a sign never changes. *)
Definition signs_kept s := forall t r i, (r < p s)%nat -> (i < n s)%nat -> A s 0%nat r i <> 0 ->
  0 < A s 0%nat r i * A s t r i.

Section Theorems.
Variable s : variant.
Hypothesis H : premises s.
Hypothesis psi_relu : psi s = (fun _ _ => relu).
Hypothesis dpsi_relu : dpsi s = (fun _ _ => drelu).
Hypothesis L1_1 : L1 s = 1.
Hypothesis L2_0 : L2 s = 0.
Variable m0 : R.
Hypothesis rate0 : forall x, frob (n s) (k s) (fun i o => x i o - eta s * Mat s x i o)
  <= (1 - eta s * m0) * frob (n s) (k s) x.
Hypothesis m0_ok : eta s * m0 <= 1.
Variables alpha Eb : R.
Hypothesis alpha_pos : 0 < alpha.
Hypothesis E_ok : err s 0 <= Eb.
Let R := Eb / alpha.

Theorem theorem_A_k_relu om : (forall t, c s t = c s 0%nat) -> 1 / 2 <= om ->
  m0 - OutputsFA.D s om R - eta s * OutputsFA.Cv s om R * Eb >= alpha ->
  (forall r i, (r < p s)%nat -> (i < n s)%nat ->
     c_row s r * k_ri s r i / pt s * R < Rabs (A s 0%nat r i) \/ c_row s r * k_ri s r i = 0) ->              (* (A.48) *)
  0 <= 1 - eta s * alpha < 1 /\
  (forall t, err s t <= (1 - eta s * alpha) ^ t * Eb /\
    err s (S t) <= (1 - eta s * alpha) * err s t /\
    frob (p s) (k s) (fun r o => beta s t r o - beta s 0%nat r o) <= OutputsFA.rho s om R /\
    frob (p s) (n s) (fun r i => A s t r i - A s 0%nat r i) <= L1 s * s0 s * Kn s * R /\
    forall r i, (r < p s)%nat -> (i < n s)%nat -> Rabs (A s t r i - A s 0%nat r i) <= c_row s r * k_ri s r i / pt s * R) /\
  signs_kept s.
Proof. intros fa om_ok A36 margin. set (feed := fun _ : mat => c s 0%nat).
  assert (fed : forall t, c s t = feed (beta s t)) by (intros; apply fa).
  assert (fe : forall B B' : mat, (forall r o, (r < p s)%nat -> (o < k s)%nat -> B r o = B' r o) ->
    forall r o, (r < p s)%nat -> (o < k s)%nat -> feed B r o = feed B' r o) by reflexivity.
  set (z := frozen s feed). assert (ok := frozen_ok s H psi_relu L1_1 L2_0 feed fed : variant_ok z).
  assert (E0 := err_start s psi_relu feed : err z 0 = err s 0).
  assert (r0 := rate_start s psi_relu dpsi_relu feed fed (eta s) _ rate0).
  assert (faz : forall t, c z t = c z 0%nat) by reflexivity.
  assert (Eok : err z 0 <= Eb) by lra.
  assert (T := theorem_A_k z ok faz om om_ok m0 r0 m0_ok alpha Eb alpha_pos Eok A36).
  assert (En : forall t r i, (r < p s)%nat -> (i < n s)%nat -> Rabs (A z t r i - A s 0%nat r i)
    <= c_row s r * k_ri s r i / pt s * R).
  { intros t r i Hr Hi. apply (OutputsFA.entry_within z ok faz om om_ok m0 r0 m0_ok alpha Eb alpha_pos Eok A36 t r i
    (k_ri s r i) Hr Hi).
    - apply nrm_pos.
    - intros. apply (k_ri_row s feed r i u w). }
  assert (near : forall t r i, (r < p s)%nat -> (i < n s)%nat ->
    Rabs (A z t r i - A s 0%nat r i) < Rabs (A s 0%nat r i) \/ A z t r i = A s 0%nat r i).
  { intros t r i Hr Hi. assert (B := En t r i Hr Hi). destruct (margin r i Hr Hi) as [M|M]; [left; lra|right].
    rewrite M in B. unfold Rdiv in B. rewrite !Rmult_0_l in B. assert (P := Rabs_pos (A z t r i - A s 0%nat r i)).
    assert (Z : Rabs (A z t r i - A s 0%nat r i) = 0) by lra. destruct (Req_dec (A z t r i - A s 0%nat r i) 0); [lra|].
      now apply Rabs_no_R0 in Z. }
  assert (Same := relu_is_frozen s H psi_relu dpsi_relu L1_1 L2_0 feed fe fed near).
  assert (SE := err_frozen s H psi_relu dpsi_relu L1_1 L2_0 feed fe fed near). fold z in SE.
  split; [exact (OutputsFA.rate_range z ok om om_ok m0 m0_ok alpha Eb alpha_pos Eok A36)|split].
  - intros t. destruct (T t) as (T1 & T2 & T3 & T4 & _). destruct (Same t) as [SA Sb].
    rewrite !SE. split; [exact T1|split; [exact T2|split; [|split]]].
    + rewrite (frob_ext _ _ _ (fun r o => beta z t r o - beta z 0%nat r o)); [exact T3|]. intros r o Hr Ho.
      rewrite Sb by assumption. reflexivity.
    + rewrite (frob_ext _ _ _ (fun r i => A z t r i - A z 0%nat r i)); [exact T4|]. intros r i Hr Hi.
      rewrite SA by assumption. reflexivity.
    + intros r i Hr Hi. rewrite SA by assumption. now apply En.
  - intros t r i Hr Hi. destruct (Same t) as [SA _]. rewrite SA by assumption. now apply (same_sign s feed near). Qed.

Theorem theorem_A_bp_relu : (forall t, c s t = beta s t) ->
  L1 s * L1 s * Kn s * (R * R) < INR (p s) ->
  m0 - Backpropagation.D s R (Backpropagation.rho s R) - eta s * Backpropagation.Cv s R (Backpropagation.rho s R)
    * Eb >= alpha ->
  (forall r i, (r < p s)%nat -> (i < n s)%nat -> let w := beta_row s r + rho_row s R r in
     w * k_ri s r i / pt s * R < Rabs (A s 0%nat r i) \/ w * k_ri s r i = 0) ->                               (* (A.49) *)
  0 <= 1 - eta s * alpha < 1 /\
  (forall t, err s t <= (1 - eta s * alpha) ^ t * Eb /\
    err s (S t) <= (1 - eta s * alpha) * err s t /\
    frob (p s) (k s) (fun r o => beta s t r o - beta s 0%nat r o) <= Backpropagation.rho s R /\
    frob (p s) (n s) (fun r i => A s t r i - A s 0%nat r i) <= L1 s * Kn s * sbar s (Backpropagation.rho s R) * R /\
    forall r i, (r < p s)%nat -> (i < n s)%nat ->
      Rabs (A s t r i - A s 0%nat r i) <= (beta_row s r + rho_row s R r) * k_ri s r i / pt s * R) /\
  signs_kept s.
Proof. intros bp share A36 margin. set (feed := fun B : mat => B).
  assert (fed : forall t, c s t = feed (beta s t)) by (intros; apply bp).
  assert (fe : forall B B' : mat, (forall r o, (r < p s)%nat -> (o < k s)%nat -> B r o = B' r o) ->
    forall r o, (r < p s)%nat -> (o < k s)%nat -> feed B r o = feed B' r o) by (intros; auto).
  set (z := frozen s feed). assert (ok := frozen_ok s H psi_relu L1_1 L2_0 feed fed : variant_ok z).
  assert (E0 := err_start s psi_relu feed : err z 0 = err s 0).
  assert (r0 := rate_start s psi_relu dpsi_relu feed fed (eta s) _ rate0).
  assert (bpz : forall t, c z t = beta z t) by reflexivity.
  assert (Eok : err z 0 <= Eb) by lra.
  assert (T := theorem_A_bp z ok bpz m0 r0 m0_ok alpha Eb alpha_pos Eok share A36).
  assert (row : forall r, rho_row z R r = rho_row s R r).
  { intros r. unfold rho_row. change (psi_row z r) with (psi_row (frozen s feed) r). rewrite (psi_row_start s psi_relu
    feed). reflexivity. }
  assert (En : forall t r i, (r < p s)%nat -> (i < n s)%nat ->
    Rabs (A z t r i - A s 0%nat r i) <= (beta_row s r + rho_row s R r) * k_ri s r i / pt s * R).
  { intros t r i Hr Hi. rewrite <- row.
    apply (Backpropagation.entry_within z ok bpz m0 r0 m0_ok alpha Eb alpha_pos Eok share A36 t r i (k_ri s r i) Hr Hi).
    - apply nrm_pos.
    - intros. apply (k_ri_row s feed r i u w). }
  assert (near : forall t r i, (r < p s)%nat -> (i < n s)%nat ->
    Rabs (A z t r i - A s 0%nat r i) < Rabs (A s 0%nat r i) \/ A z t r i = A s 0%nat r i).
  { intros t r i Hr Hi. assert (B := En t r i Hr Hi). destruct (margin r i Hr Hi) as [M|M]; [left; lra|right].
    rewrite M in B. unfold Rdiv in B. rewrite !Rmult_0_l in B. assert (P := Rabs_pos (A z t r i - A s 0%nat r i)).
    assert (Z : Rabs (A z t r i - A s 0%nat r i) = 0) by lra. destruct (Req_dec (A z t r i - A s 0%nat r i) 0); [lra|].
      now apply Rabs_no_R0 in Z. }
  assert (Same := relu_is_frozen s H psi_relu dpsi_relu L1_1 L2_0 feed fe fed near).
  assert (SE := err_frozen s H psi_relu dpsi_relu L1_1 L2_0 feed fe fed near). fold z in SE.
  split; [exact (Backpropagation.rate_range z ok m0 m0_ok alpha Eb alpha_pos Eok share A36)|split].
  - intros t. destruct (T t) as (T1 & T2 & T3 & T4 & _). destruct (Same t) as [SA Sb].
    rewrite !SE. split; [exact T1|split; [exact T2|split; [|split]]].
    + rewrite (frob_ext _ _ _ (fun r o => beta z t r o - beta z 0%nat r o)); [exact T3|]. intros r o Hr Ho.
      rewrite Sb by assumption. reflexivity.
    + rewrite (frob_ext _ _ _ (fun r i => A z t r i - A z 0%nat r i)); [exact T4|]. intros r i Hr Hi.
      rewrite SA by assumption. reflexivity.
    + intros r i Hr Hi. rewrite SA by assumption. now apply En.
  - intros t r i Hr Hi. destruct (Same t) as [SA _]. rewrite SA by assumption. now apply (same_sign s feed near). Qed.
End Theorems.
