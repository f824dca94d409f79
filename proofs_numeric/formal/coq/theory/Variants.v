(* SPDX-License-Identifier: Apache-2.0 *)
(* Theorem A_ball (section 16 of theorem_a_variants.md) with the traces for B2, QV, QH and om = 1, for feedback alignment and
   backpropagation, for smooth activations and for ReLU: if the conditions of section 18 hold of a centre and radii a, d,
   the conclusions hold of every run that starts within them. With a = d = 0 this is Theorem A_k at the centre itself. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms Network FrozenSigns Recursion TheoremA Frobenius Outputs OutputsFA
  Backpropagation FrozenOutputs Neighbourhood.
Open Scope R_scope.

(* The centre: state (A0, beta0), feedback b; psi may differ from entry to entry. *)
Record centre := {
  z_bp : bool; z_n : nat; z_p : nat; z_k : nat; z_K : mat; z_y : mat; z_b : mat; z_A : mat; z_beta : mat;
  z_psi : nat -> nat -> R -> R; z_dpsi : nat -> nat -> R -> R;
  z_L1 : R; z_L2 : R; z_eta : R; z_a : R; z_d : R;
  (* bounds: K <= K_norm I, G_max, max k_i, max |c_r|, and M_min, which is the m0 of every state within the radii *)
  z_Kn : R; z_Gmax : R; z_kmax : R; z_cmax : R; z_m0 : R; z_alpha : R }.

Section Ball.
Variable z : centre.
Local Notation bp := (z_bp z). Local Notation n := (z_n z). Local Notation p := (z_p z). Local Notation k := (z_k z).
Local Notation rp := (Network.rp p). Local Notation K := (z_K z). Local Notation L1 := (z_L1 z). Local Notation L2 :=
  (z_L2 z).
Local Notation Kn := (z_Kn z). Local Notation eta := (z_eta z). Local Notation a := (z_a z). Local Notation d := (z_d z).

(* at the centre *)
Definition c_0 := if bp then z_beta z else z_b z.
Definition Psi_0 : mat := fun r i => z_psi z r i (z_A z r i).
Definition D_0 : mat := fun r i => z_dpsi z r i (z_A z r i).
Definition e_0 : mat := fun i o => sum p (fun r => Psi_0 r i * z_beta z r o) / rp - z_y z i o.
Definition G_0 : mat := fun i j => sum p (fun r => Psi_0 r i * Psi_0 r j) / INR p.
Definition M_0 (i o j l : nat) : R := (if Nat.eqb o l then G_0 i j else 0)
  + K i j / INR p * sum p (fun r => D_0 r i * D_0 r j * (z_beta z r o * c_0 r l)).
Definition s0_0 := frob p k c_0 / rp.
Definition crow : vec := fun r => nrm k (c_0 r).
Definition brow : vec := fun r => nrm k (z_beta z r).
Definition fourth := nrm p (fun r => crow r * crow r).
Definition Q_0 := sum p (fun r => brow r * (crow r * crow r)) / INR p.
Definition N_0 := nrm p (fun r => brow r * crow r) / rp.
Definition Gs_0 := sqrt (z_Gmax z).
(* (A.57) - (A.62) *)
Definition q_0 := L1 * a / rp.
Definition g_G := 2 * Gs_0 * q_0 + q_0 * q_0.
Definition J_0 := if bp then L1 * L1 * Kn * (2 * s0_0 * d / rp + d * d / INR p) else L1 * L1 * Kn * s0_0 * d / rp.
Definition g_H := J_0 + 2 * L1 * L2 * Kn * N_0 * a / rp.
(* (A.58), (A.63), (A.64) *)
Definition E_ball := frob n k e_0 + ((Gs_0 + q_0) * d + q_0 * frob p k (z_beta z)).
Definition s0_ball := if bp then s0_0 + d / rp else s0_0.
Definition rootB4p_ball := (if bp then (sqrt fourth + d) * (sqrt fourth + d) else fourth) / INR p.
Definition Q_ball := if bp then Q_0 + 3 * (fourth / INR p) * d + (3 * z_cmax z + d) * (d * d) / INR p else Q_0
  + fourth / INR p * d.
Definition cmax_ball := if bp then z_cmax z + d else z_cmax z.
Definition R_ball := E_ball / z_alpha z.

(* a run within the radii: the variant with the numbers of the ball *)
Variables A beta : nat -> mat.
Definition c_run : nat -> mat := if bp then beta else fun _ => z_b z.
Definition in_ball : variant := {| Outputs.n := n; Outputs.p := p; Outputs.k := k; Outputs.K := K; Outputs.y := z_y z;
  Outputs.psi := z_psi z; Outputs.dpsi := z_dpsi z; Outputs.L1 := L1; Outputs.L2 := L2; Outputs.eta := eta; Outputs.Kn := Kn;
  Outputs.kmax := z_kmax z; Outputs.Gs := Gs_0; Outputs.s0 := s0_ball; Outputs.QV := Q_ball; Outputs.QH := Q_ball;
  Outputs.rootB4p := rootB4p_ball; Outputs.cmax := cmax_ball; Outputs.A := A; Outputs.beta := beta; Outputs.c := c_run |}.

(* The conditions on numbers and definite matrices. *)
Record centre_ok : Prop := {
  z_p_pos : (0 < p)%nat; z_eta_pos : 0 < eta; z_alpha_pos : 0 < z_alpha z;
  z_L1_pos : 0 <= L1; z_L2_pos : 0 <= L2; z_Kn_pos : 0 <= Kn; z_Gmax_pos : 0 <= z_Gmax z;
  z_Ksym : symm n K; z_Kpos : forall x, 0 <= quad n K x;
  z_Knorm : forall x, quad n K x <= Kn * dot n x x;
  z_kmax_ok : forall i, (i < n)%nat -> nrm n (K i) <= z_kmax z; z_kmax_pos : 0 <= z_kmax z;
  z_cmax_ok : forall r, (r < p)%nat -> crow r <= z_cmax z; z_cmax_pos : 0 <= z_cmax z;
  z_G : forall x, quad n G_0 x <= (z_Gmax z - g_G) * dot n x x;
  z_step : eta * (z_m0 z + (g_G + g_H)) <= 1;
  z_M : forall x, 0 <= quad (n * k) (rate_matrix (n * k) eta (z_m0 z + (g_G + g_H)) (flat4 k M_0)) x }.
Hypothesis ok : centre_ok.
Hypothesis runA : run_A n p k K (z_y z) (z_psi z) (z_dpsi z) eta A beta c_run.
Hypothesis runb : run_beta n p k (z_y z) (z_psi z) eta A beta.
Hypothesis A_near : frob p n (fun r i => A 0%nat r i - z_A z r i) <= a.
Hypothesis beta_near : frob p k (fun r o => beta 0%nat r o - z_beta z r o) <= d.
(* What the comparison with the centre uses of the activation: a smooth one that agrees with psi at both states. *)
Variables phi dphi : nat -> nat -> R -> R.
Hypothesis act : activation_ok phi dphi L1 L2.
Hypothesis agree0 : forall r i, (r < p)%nat -> (i < n)%nat ->
  phi r i (z_A z r i) = z_psi z r i (z_A z r i) /\ dphi r i (z_A z r i) = z_dpsi z r i (z_A z r i).
Hypothesis agree1 : forall r i, (r < p)%nat -> (i < n)%nat ->
  phi r i (A 0%nat r i) = z_psi z r i (A 0%nat r i) /\ dphi r i (A 0%nat r i) = z_dpsi z r i (A 0%nat r i).

Let p_pos := z_p_pos ok.
Let rpp : 0 < rp := rp_pos p p_pos.
Let Ip : 0 < INR p := INRp p p_pos.
Let rp1 : rp <> 0 := rp0 p p_pos.
Let A2 (t : nat) : mat := match t with O => z_A z | S _ => A 0%nat end.
Let beta2 (t : nat) : mat := match t with O => z_beta z | S _ => beta 0%nat end.
Let c2 (t : nat) : mat := match t with O => c_0 | S _ => c_run 0%nat end.
Let Kform x : Rabs (quad n K x) <= Kn * dot n x x.
Proof. rewrite Rabs_right by (apply Rle_ge, (z_Kpos ok)). apply (z_Knorm ok). Qed.
Let Gss : Gs_0 * Gs_0 = z_Gmax z.
Proof. apply sqrt_sqrt, (z_Gmax_pos ok). Qed.
Let Gs0 : 0 <= Gs_0.                    Proof. apply sqrt_pos. Qed.
Let d0 : 0 <= d.                        Proof. eapply Rle_trans; [apply frob_pos|exact beta_near]. Qed.
Let a0 : 0 <= a.                        Proof. eapply Rle_trans; [apply frob_pos|exact A_near]. Qed.
Let o1 := z_L1_pos ok. Let o2 := z_L2_pos ok. Let o3 := z_Kn_pos ok. Let o4 := z_cmax_pos ok.
Let s00 : 0 <= s0_0.                    Proof. unfold s0_0. pos. Qed.
Let f0 : 0 <= fourth.                   Proof. apply nrm_pos. Qed.
Let Q00 : 0 <= Q_0.                     Proof. unfold Q_0, brow, crow. pos. Qed.
Let N00 : 0 <= N_0.                     Proof. unfold N_0. pos. Qed.

Let Psi0 r i : (r < p)%nat -> (i < n)%nat -> Psi phi A2 0 r i = Psi_0 r i.
Proof. intros. now apply agree0. Qed.
Let Psi1 r i : (r < p)%nat -> (i < n)%nat -> Psi phi A2 1 r i = Psi (z_psi z) A 0 r i.
Proof. intros. now apply agree1. Qed.
Let G0 i j : (i < n)%nat -> (j < n)%nat -> G p phi A2 0 i j = G_0 i j.
Proof. intros. unfold G, G_0. f_equal. apply sum_ext. intros r Hr. now rewrite !Psi0. Qed.
Let G1 i j : (i < n)%nat -> (j < n)%nat -> G p phi A2 1 i j = G p (z_psi z) A 0 i j.
Proof. intros. unfold G. f_equal. apply sum_ext. intros r Hr. now rewrite !Psi1. Qed.
Let quad_ext N N' x : (forall i j, (i < n)%nat -> (j < n)%nat -> N i j = N' i j) -> quad n N x = quad n N' x.
Proof. intros E. apply dot_ext; [reflexivity|]. intros i Hi. apply sum_ext. intros j Hj. now rewrite E. Qed.
Let M0 i o j l : (i < n)%nat -> (j < n)%nat -> M p K phi dphi A2 beta2 c2 0 i o j l = M_0 i o j l.
Proof. intros Hi Hj. unfold M, M_0. rewrite G0 by assumption. f_equal. f_equal. apply sum_ext. intros r Hr.
  unfold Network.D, D_0.
  destruct (agree0 r i Hr Hi) as [_ E1]. destruct (agree0 r j Hr Hj) as [_ E2]. simpl. rewrite E1, E2. reflexivity. Qed.
Let M1 i o j l : (i < n)%nat -> (j < n)%nat -> M p K phi dphi A2 beta2 c2 1 i o j l
  = M p K (z_psi z) (z_dpsi z) A beta c_run 0 i o j l.
Proof. intros Hi Hj. unfold M. rewrite G1 by assumption. f_equal. f_equal. apply sum_ext. intros r Hr. unfold Network.D.
  destruct (agree1 r i Hr Hi) as [_ E1]. destruct (agree1 r j Hr Hj) as [_ E2]. simpl. rewrite E1, E2. reflexivity. Qed.
Let G_centre x : quad n (G p phi A2 0) x <= (Gs_0 * Gs_0 - gG p L1 a Gs_0) * dot n x x.
Proof. rewrite Gss, (quad_ext _ G_0 x G0). apply (z_G ok). Qed.

Let J_ok Z X : Rabs (dH2 n p k K dphi A2 beta2 c2 1 Z X) <= INR p * J_0 * (frob n k Z * frob n k X).
Proof. assert (C0 : forall x, frob p n (fun r => mulv k x (c2 0%nat r)) <= rp * (s0_0 * frob n k x)).
  { intros x. change (c2 0%nat) with c_0. unfold s0_0. replace (rp * (frob p k c_0 / rp * frob n k x)) with (frob p k c_0
    * frob n k x) by (field; exact rp1).
    apply frob_outer. }
  unfold J_0. destruct bp eqn:E.
  - apply (change_bp n p k K phi dphi L1 L2 Kn A2 beta2 c2 p_pos (z_Ksym ok) Kform o3 act o1 d s0_0 1 beta_near C0).
    + unfold c2, beta2, c_run. now rewrite E.
    + unfold c2, beta2, c_0. now rewrite E.
  - apply (change_fa n p k K phi dphi L1 L2 Kn A2 beta2 c2 p_pos (z_Ksym ok) Kform o3 act o1 d s0_0 1 beta_near C0).
    unfold c2, c_run, c_0. now rewrite E. Qed.
Let J0 : 0 <= J_0.                      Proof. unfold J_0. destruct bp; pos. Qed.
Let N_ok : nrm p (fun r => nrm k (beta2 0%nat r) * nrm k (c2 0%nat r)) <= rp * N_0.
Proof. right. unfold N_0, brow, crow. change (c2 0%nat) with c_0. change (beta2 0%nat) with (z_beta z). field. exact rp1.
  Qed.
Lemma ball_rate x : frob n k (fun i o => x i o - eta * Mat in_ball x i o) <= (1 - eta * z_m0 z) * frob n k x.
Proof. assert (T : forall x, frob n k (fun i o => x i o - eta * Mx n p k K phi dphi A2 beta2 c2 0 x i o)
  <= (1 - eta * (z_m0 z + (g_G + g_H))) * frob n k x).
  { intros w. eapply Rle_trans; [|apply (definite_rate n k M_0 eta (z_m0 z + (g_G + g_H)) (z_eta_pos ok) (z_step ok)
    (z_M ok) w)].
    right. apply frob_ext. intros i o Hi Ho. f_equal. f_equal. unfold Mx, apply4. apply sum_ext. intros j Hj.
      apply sum_ext. intros l Hl. now rewrite M0. }
  eapply Rle_trans; [|apply (rate_near n p k K phi dphi L1 L2 eta Kn A2 beta2 c2 a p_pos (z_eta_pos ok)
    (z_Ksym ok) Kform o3 act o1 o2
    A_near Gs_0 Gs0 G_centre J_0 N_0 J_ok N_ok J0 N00 (z_m0 z) T x)].
  right. apply frob_ext. intros i o Hi Ho. f_equal. f_equal. unfold Mat, Mx, apply4. apply sum_ext. intros j Hj.
    apply sum_ext. intros l Hl.
  now rewrite M1. Qed.
Lemma ball_error : err in_ball 0 <= E_ball.
Proof. assert (T := error_near n p k (z_y z) phi dphi L1 L2 A2 beta2 a d p_pos act o1 A_near beta_near Gs_0 Gs0 G_centre).
  unfold E_ball. replace (err in_ball 0) with (frob n k (e p (z_y z) phi A2 beta2 1)).
  - eapply Rle_trans; [exact T|]. apply Rplus_le_compat_r. right. apply frob_ext. intros i o Hi Ho. unfold e, f, e_0.
    f_equal. f_equal.
    apply sum_ext. intros r Hr. now rewrite Psi0.
  - apply frob_ext. intros i o Hi Ho. unfold e, f. simpl. f_equal. f_equal. apply sum_ext. intros r Hr. now rewrite Psi1.
    Qed.

Let row_ok r : (r < p)%nat -> c_row in_ball r <= crow r + (if bp then d else 0).
Proof. intros Hr. unfold c_row, crow, in_ball, c_run, c_0. simpl. destruct bp; [|lra]. now apply (row_within p k). Qed.
Let Q_ok : trace_Q in_ball <= Q_ball.
Proof. unfold trace_Q, Q_ball, beta_row, c_row. simpl. apply Rmult_le_reg_r with (INR p); [assumption|].
  unfold Rdiv at 1. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. unfold c_run, Q_0, fourth, brow, crow, c_0.
  assert (C := z_cmax_ok ok). unfold crow, c_0 in C. destruct bp.
  - eapply Rle_trans; [apply (third_near p k (z_beta z) (beta 0%nat) d beta_near (z_cmax z) o4 C)|]. right. field. lra.
  - eapply Rle_trans; [apply (moment_fa p k (z_beta z) (beta 0%nat) d beta_near (fun r => nrm k (z_b z r)
    * nrm k (z_b z r))); intros; pos|].
    right. field. lra. Qed.
Lemma ball_premises : premises in_ball.
Proof. assert (TB := trace_B2 in_ball p_pos). assert (TV := trace_QV in_ball p_pos). assert (TH := trace_QH in_ball p_pos).
  assert (Qp : 0 <= Q_ball) by (eapply Rle_trans; [apply (trace_Q_pos in_ball p_pos)|exact Q_ok]).
  assert (Qs : forall w, 0 <= w -> INR p * trace_Q in_ball * w <= INR p * Q_ball * w).
  { intros. apply Rmult_le_compat_r; [assumption|]. apply Rmult_le_compat_l; [lra|exact Q_ok]. }
  split; try (exact runA || exact runb || exact Kform || exact Gs0 || exact Qp || apply ok).
  - intros x. simpl. rewrite Gss, <- (quad_ext _ _ x G1), <- Gss.
    apply (G_near n p phi dphi L1 L2 A2 a p_pos act o1 A_near Gs_0 Gs0 G_centre x).
  - simpl. unfold rootB4p_ball, c_row, fourth, crow, c_0. simpl. unfold c_run. destruct bp.
    + eapply Rle_trans; [apply (fourth_near p k (z_beta z) (beta 0%nat) d beta_near)|]. right. field. lra.
    + right. field. lra.
  - intros r Hr. eapply Rle_trans; [now apply row_ok|]. assert (T := z_cmax_ok ok r Hr). simpl. unfold cmax_ball.
    destruct bp; lra.
  - simpl. unfold cmax_ball. destruct bp; lra.
  - simpl. unfold s0_ball. destruct bp; pos.
  - intros x. eapply Rle_trans; [apply TB|]. apply Rmult_le_compat_l; [unfold pt; apply sqrt_pos|].
    apply Rmult_le_compat_r; [apply frob_pos|].
    unfold trace_s0, in_ball, s0_ball, s0_0, c_run, c_0, pt. simpl. change (sqrt (INR p)) with rp. destruct bp; [|lra].
    assert (T := frob_near p k (z_beta z) (beta 0%nat) d beta_near). unfold Rdiv. rewrite <- Rmult_plus_distr_r.
      apply Rmult_le_compat_r; [|exact T].
    left. now apply Rinv_0_lt_compat.
  - intros x. eapply Rle_trans; [apply TV|]. apply Qs. pos.
  - intros u x. eapply Rle_trans; [apply TH|]. apply Qs. pos. Qed.
End Ball.

(* D, Cv and rho at R, by the rule *)
Definition D_ball z A beta := let s := in_ball z A beta in let R := R_ball z in
  if z_bp z then Backpropagation.D s R (Backpropagation.rho s R) else OutputsFA.D s 1 R.
Definition Cv_ball z A beta := let s := in_ball z A beta in let R := R_ball z in
  if z_bp z then Backpropagation.Cv s R (Backpropagation.rho s R) else OutputsFA.Cv s 1 R.
Definition rho_ball z A beta := let s := in_ball z A beta in let R := R_ball z in
  if z_bp z then Backpropagation.rho s R else OutputsFA.rho s 1 R.
Definition A_ball z A beta := let s := in_ball z A beta in let R := R_ball z in
  if z_bp z then z_L1 z * z_Kn z * sbar s (Backpropagation.rho s R) * R else z_L1 z * s0_ball z * z_Kn z * R.
(* (A.36), with the condition of (A.40) *)
Definition closes z A beta := (z_bp z = true -> z_L1 z * z_L1 z * z_Kn z * (R_ball z * R_ball z) < INR (z_p z)) /\
  z_m0 z - D_ball z A beta - z_eta z * Cv_ball z A beta * E_ball z >= z_alpha z.
Definition is_run z A beta := run_A (z_n z) (z_p z) (z_k z) (z_K z) (z_y z) (z_psi z) (z_dpsi z)
  (z_eta z) A beta (c_run z beta) /\
  run_beta (z_n z) (z_p z) (z_k z) (z_y z) (z_psi z) (z_eta z) A beta /\
  frob (z_p z) (z_n z) (fun r i => A 0%nat r i - z_A z r i) <= z_a z /\
  frob (z_p z) (z_k z) (fun r o => beta 0%nat r o - z_beta z r o) <= z_d z.
Definition conclusions z A beta := forall t, let s := in_ball z A beta in
  err s t <= (1 - z_eta z * z_alpha z) ^ t * E_ball z /\
  err s (S t) <= (1 - z_eta z * z_alpha z) * err s t /\
  frob (z_p z) (z_k z) (fun r o => beta t r o - beta 0%nat r o) <= rho_ball z A beta /\
  frob (z_p z) (z_n z) (fun r i => A t r i - A 0%nat r i) <= A_ball z A beta.

Section Theorems.
Variable z : centre.
Hypothesis ok : centre_ok z.
Variables A beta : nat -> mat.
Hypothesis run : is_run z A beta.
Local Notation s := (in_ball z A beta).
Let a0 : 0 <= z_a z.                    Proof. destruct run as (_ & _ & T & _). eapply Rle_trans;
  [apply frob_pos|exact T]. Qed.
Let d0 : 0 <= z_d z.                    Proof. destruct run as (_ & _ & _ & T). eapply Rle_trans;
  [apply frob_pos|exact T]. Qed.
Let rpp : 0 < Network.rp (z_p z) := rp_pos _ (z_p_pos z ok).
Let o1 := z_L1_pos z ok. Let o2 := z_L2_pos z ok. Let o3 := z_Kn_pos z ok. Let Ip := INRp _ (z_p_pos z ok).
Lemma shifts_pos : 0 <= g_G z + g_H z.
Proof. assert (Gs0 : 0 <= Gs_0 z) by apply sqrt_pos. assert (q0 : 0 <= q_0 z) by (unfold q_0; pos).
  assert (s00 : 0 <= s0_0 z) by (unfold s0_0; pos). assert (N0 : 0 <= N_0 z) by (unfold N_0; pos).
  assert (J0 : 0 <= J_0 z) by (unfold J_0; destruct (z_bp z); pos). unfold g_G, g_H. pos. Qed.
Lemma m0_step : z_eta z * z_m0 z <= 1.
Proof. assert (T := z_step z ok). assert (e := z_eta_pos z ok). assert (G := shifts_pos).
  assert (0 <= z_eta z * (g_G z + g_H z)) by pos. lra. Qed.

(* smooth activations *)
Section Smooth.
Hypothesis act : activation_ok (z_psi z) (z_dpsi z) (z_L1 z) (z_L2 z).
Hypothesis closed : closes z A beta.
Theorem theorem_A_ball : 0 <= 1 - z_eta z * z_alpha z < 1 /\ conclusions z A beta.
Proof. destruct run as (rA & rb & nA & nb). destruct closed as [share A36].
  assert (same : forall r i, (r < z_p z)%nat -> (i < z_n z)%nat -> z_psi z r i (z_A z r i) = z_psi z r i (z_A z r i) /\
    z_dpsi z r i (z_A z r i) = z_dpsi z r i (z_A z r i)) by (split; reflexivity).
  assert (same1 : forall r i, (r < z_p z)%nat -> (i < z_n z)%nat -> z_psi z r i (A 0%nat r i) = z_psi z r i (A 0%nat r i) /\
    z_dpsi z r i (A 0%nat r i) = z_dpsi z r i (A 0%nat r i)) by (split; reflexivity).
  assert (P := ball_premises z A beta ok rA rb nA nb _ _ act same same1).
  assert (R0 := ball_rate z A beta ok nA nb _ _ act same same1).
  assert (E0 := ball_error z A beta ok nA nb _ _ act same same1).
  assert (V : variant_ok s) by (split; [exact P|exact act]).
  unfold conclusions, rho_ball, A_ball, D_ball, Cv_ball in *. cbv zeta in *. destruct (z_bp z) eqn:Eb.
  - assert (bp : forall t, c s t = Outputs.beta s t) by (intros; simpl; unfold c_run; now rewrite Eb).
    split; [exact (Backpropagation.rate_range s V (z_m0 z) m0_step (z_alpha z) (E_ball z)
      (z_alpha_pos z ok) E0 (share eq_refl) A36)|intros t].
    destruct (theorem_A_bp s V bp (z_m0 z) R0 m0_step (z_alpha z) (E_ball z) (z_alpha_pos z ok) E0 (share eq_refl) A36 t)
      as (T1 & T2 & T3 & T4 & _).
    split; [exact T1|split; [exact T2|split; [exact T3|exact T4]]].
  - assert (fa : forall t, c s t = c s 0%nat) by (intros; simpl; unfold c_run; now rewrite Eb).
    split; [exact (OutputsFA.rate_range s V 1 ltac:(lra) (z_m0 z) m0_step (z_alpha z) (E_ball z)
      (z_alpha_pos z ok) E0 A36)|intros t].
    destruct (theorem_A_k s V fa 1 ltac:(lra) (z_m0 z) R0 m0_step (z_alpha z) (E_ball z)
      (z_alpha_pos z ok) E0 A36 t) as (T1 & T2 & T3 & T4 & _).
    split; [exact T1|split; [exact T2|split; [exact T3|exact T4]]]. Qed.
End Smooth.

(* ReLU: (A.48), (A.49) with the primed quantities (A.66), as the checker evaluates them *)
Definition share_0 := z_L1 z * z_L1 z * z_Kn z * R_ball z / Network.rp (z_p z).          (* x at R *)
Definition pull r := if z_bp z then (brow z r + z_d z) + R_ball z / Network.rp (z_p z) *
    ((nrm (z_n z) (Psi_0 z r) + z_L1 z * z_a z) + share_0 * (brow z r + z_d z)) / (1
      - share_0 * R_ball z / Network.rp (z_p z))
  else crow z r.
Section Kink.
Hypothesis psi_relu : z_psi z = (fun _ _ => relu).
Hypothesis dpsi_relu : z_dpsi z = (fun _ _ => drelu).
Hypothesis L1_1 : z_L1 z = 1.
Hypothesis L2_0 : z_L2 z = 0.
Hypothesis closed : closes z A beta.
Hypothesis margin : forall r i, (r < z_p z)%nat -> (i < z_n z)%nat ->
  pull r * (nrm (z_n z) (z_K z i) / Network.rp (z_p z) * R_ball z) < Rabs (z_A z r i) - z_a z.
Let phi r i u := drelu (z_A z r i) * u.
Let dphi r i (_ : R) := drelu (z_A z r i).
Let act : activation_ok phi dphi (z_L1 z) (z_L2 z).
Proof. rewrite L1_1, L2_0. split; intros; unfold phi, dphi; assert (T := unit_range (z_A z r i)).
  - apply Rabs_le. lra.
  - rewrite <- Rmult_minus_distr_l, Rabs_mult, (Rabs_right (drelu _)) by lra. apply Rmult_le_compat_r; [apply Rabs_pos|lra].
  - unfold Rminus. rewrite Rplus_opp_r, Rabs_R0. lra.
  - replace (drelu (z_A z r i) * (u + h) - drelu (z_A z r i) * u - drelu (z_A z r i) * h) with 0 by ring. rewrite Rabs_R0.
    lra. Qed.
Let same r i : (r < z_p z)%nat -> (i < z_n z)%nat ->
  phi r i (z_A z r i) = z_psi z r i (z_A z r i) /\ dphi r i (z_A z r i) = z_dpsi z r i (z_A z r i).
Proof. intros _ _. rewrite psi_relu, dpsi_relu. split; [symmetry; apply relu_is|reflexivity]. Qed.
Let E_nonneg : 0 <= E_ball z.
Proof. assert (G := sqrt_pos (z_Gmax z)). fold (Gs_0 z) in G. assert (q0 : 0 <= q_0 z) by (unfold q_0; pos).
  unfold E_ball. pos. Qed.
Let below_1 : z_bp z = true -> share_0 * R_ball z / Network.rp (z_p z) < 1.
Proof. intros Eb. destruct closed as [share _]. assert (rp1 := rp0 _ (z_p_pos z ok)).
  apply Rmult_lt_reg_r with (INR (z_p z)); [assumption|].
  replace (share_0 * R_ball z / Network.rp (z_p z) * INR (z_p z)) with (z_L1 z * z_L1 z * z_Kn z * (R_ball z * R_ball z)).
  - rewrite Rmult_1_l. now apply share.
  - unfold share_0. rewrite <- (rp_sq (z_p z)). field. exact rp1. Qed.
Let R0 : 0 <= R_ball z.                 Proof. apply Rdiv_pos; [exact E_nonneg|apply ok]. Qed.
Let x0 : 0 <= share_0.                  Proof. unfold share_0. pos. Qed.
Let pull_pos r : 0 <= pull r.
Proof. unfold pull. destruct (z_bp z) eqn:Eb; [|apply nrm_pos]. assert (X := below_1 eq_refl).
  assert (B : 0 <= brow z r) by apply nrm_pos.
  apply Rplus_le_le_0_compat; [pos|]. apply Rdiv_pos; [pos|lra]. Qed.
Let moved r i : (r < z_p z)%nat -> (i < z_n z)%nat -> Rabs (A 0%nat r i - z_A z r i) <= z_a z.
Proof. intros Hr Hi. destruct run as (_ & _ & T & _). eapply Rle_trans; [|exact T].
  apply (frob_entry (z_p z) (z_n z) (fun r i => A 0%nat r i - z_A z r i) r i Hr Hi). Qed.
Let room r i : (r < z_p z)%nat -> (i < z_n z)%nat -> 0 <= pull r * (nrm (z_n z) (z_K z i) / Network.rp (z_p z) * R_ball z).
Proof. intros. apply Rmult_le_pos; [apply pull_pos|]. pos. Qed.
Let sign r i : (r < z_p z)%nat -> (i < z_n z)%nat -> drelu (A 0%nat r i) = drelu (z_A z r i).
Proof. intros Hr Hi. assert (T := moved r i Hr Hi). assert (T2 := margin r i Hr Hi). assert (T3 := room r i Hr Hi).
  apply Rabs_le_inv in T. unfold drelu. destruct (Rlt_dec 0 (z_A z r i)) as [P|P].
  - rewrite Rabs_right in T2 by lra. destruct (Rlt_dec 0 (A 0%nat r i)); lra.
  - rewrite Rabs_left1 in T2 by lra. destruct (Rlt_dec 0 (A 0%nat r i)); lra. Qed.
Let same1 r i : (r < z_p z)%nat -> (i < z_n z)%nat ->
  phi r i (A 0%nat r i) = z_psi z r i (A 0%nat r i) /\ dphi r i (A 0%nat r i) = z_dpsi z r i (A 0%nat r i).
Proof. intros Hr Hi. rewrite psi_relu, dpsi_relu. unfold phi, dphi. rewrite <- (sign r i Hr Hi).
  split; [symmetry; apply relu_is|reflexivity]. Qed.
Let away r i : (r < z_p z)%nat -> (i < z_n z)%nat -> Rabs (z_A z r i) - z_a z <= Rabs (A 0%nat r i).
Proof. intros Hr Hi. assert (T := moved r i Hr Hi). assert (T2 := Rabs_triang_inv (z_A z r i) (z_A z r i - A 0%nat r i)).
  replace (z_A z r i - (z_A z r i - A 0%nat r i)) with (A 0%nat r i) in T2 by ring. rewrite <- Rabs_Ropp in T.
  replace (- (A 0%nat r i - z_A z r i)) with (z_A z r i - A 0%nat r i) in T by ring. lra. Qed.
Let beta_le r : (r < z_p z)%nat -> beta_row s r <= brow z r + z_d z.
Proof. intros Hr. destruct run as (_ & _ & _ & T). apply (row_within (z_p z) (z_k z) (z_beta z) (beta 0%nat)
  (z_d z) T r Hr). Qed.
Let psi_le r : (r < z_p z)%nat -> psi_row s r <= nrm (z_n z) (Psi_0 z r) + z_L1 z * z_a z.
Proof. intros Hr. destruct run as (_ & _ & T & _). unfold psi_row. simpl.
  rewrite (nrm_ext (z_n z) _ (fun i => Psi_0 z r i + (phi r i (A 0%nat r i) - phi r i (z_A z r i)))).
  2:{ intros i Hi. destruct (same r i Hr Hi) as [E1 _]. destruct (same1 r i Hr Hi) as [E2 _]. unfold Psi_0,
      Psi. rewrite E1, E2. ring. }
  eapply Rle_trans; [apply nrm_add|]. apply Rplus_le_compat_l.
  apply Rle_trans with (z_L1 z * nrm (z_n z) (fun i => A 0%nat r i - z_A z r i)).
  - apply nrm_mono_c; [assumption|]. intros i _. apply act.
  - apply Rmult_le_compat_l; [assumption|]. eapply Rle_trans; [|exact T].
    apply (frob_row (z_p z) (z_n z) (fun r i => A 0%nat r i - z_A z r i) r Hr). Qed.
Theorem theorem_A_ball_relu : (0 <= 1 - z_eta z * z_alpha z < 1 /\ conclusions z A beta) /\ signs_kept s.
Proof. destruct run as (rA & rb & nA & nb). destruct closed as [share A36].
  assert (P := ball_premises z A beta ok rA rb nA nb _ _ act same same1).
  assert (Rt := ball_rate z A beta ok nA nb _ _ act same same1).
  assert (E0 := ball_error z A beta ok nA nb _ _ act same same1).
  assert (W : forall r i w, (r < z_p z)%nat -> (i < z_n z)%nat -> w <= pull r ->
    w * k_ri s r i / pt s * R_ball z < Rabs (A 0%nat r i)).
  { intros r i w Hr Hi Hw. assert (M := margin r i Hr Hi). assert (Aw := away r i Hr Hi). assert (kp : 0
    <= k_ri s r i) by apply nrm_pos.
    assert (kl := k_ri_le s r i). simpl in kl. change (pt s) with (Network.rp (z_p z)).
    apply Rle_lt_trans with (pull r * (nrm (z_n z) (z_K z i) / Network.rp (z_p z) * R_ball z)); [|lra].
    apply Rle_trans with (pull r * (k_ri s r i / Network.rp (z_p z) * R_ball z)).
    - apply Rle_trans with (w * (k_ri s r i / Network.rp (z_p z) * R_ball z)); [right; unfold Rdiv; ring|].
      apply Rmult_le_compat_r; [pos|assumption].
    - apply Rmult_le_compat_l; [apply pull_pos|]. apply Rmult_le_compat_r; [assumption|]. unfold Rdiv.
      apply Rmult_le_compat_r; [pos|assumption]. }
  unfold conclusions, rho_ball, A_ball, D_ball, Cv_ball in *. cbv zeta in *. destruct (z_bp z) eqn:Eb.
  - assert (bp : forall t, c s t = Outputs.beta s t) by (intros; simpl; unfold c_run; now rewrite Eb).
    assert (m : forall r i, (r < z_p z)%nat -> (i < z_n z)%nat -> let w := beta_row s r + rho_row s (R_ball z) r in
      w * k_ri s r i / pt s * R_ball z < Rabs (A 0%nat r i) \/ w * k_ri s r i = 0).
    { intros r i Hr Hi w. left. apply W; try assumption. unfold w, pull. rewrite Eb.
      assert (B := beta_le r Hr). assert (Q := psi_le r Hr). assert (X := below_1 eq_refl).
      apply Rplus_le_compat; [exact B|]. unfold rho_row. change (xs s (R_ball z)) with share_0.
        change (pt s) with (Network.rp (z_p z)).
      unfold Rdiv. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; unfold Rdiv in X; lra|].
      apply Rmult_le_compat_l; [pos|]. apply Rplus_le_compat; [exact Q|]. apply Rmult_le_compat_l; assumption. }
    destruct (theorem_A_bp_relu s P psi_relu dpsi_relu L1_1 L2_0 (z_m0 z) Rt m0_step (z_alpha z) (E_ball z)
      (z_alpha_pos z ok) E0
      bp (share eq_refl) A36 m) as (Rg & C & Sg). split; [split; [exact Rg|]|exact Sg].
    intros t. destruct (C t) as (T1 & T2 & T3 & T4 & _). split; [exact T1|split; [exact T2|split; [exact T3|exact T4]]].
  - assert (fa : forall t, c s t = c s 0%nat) by (intros; simpl; unfold c_run; now rewrite Eb).
    assert (m : forall r i, (r < z_p z)%nat -> (i < z_n z)%nat ->
      c_row s r * k_ri s r i / pt s * R_ball z < Rabs (A 0%nat r i) \/ c_row s r * k_ri s r i = 0).
    { intros r i Hr Hi. left. apply W; try assumption. unfold pull. rewrite Eb. unfold c_row, crow,
      c_0. simpl. unfold c_run. rewrite Eb. lra. }
    destruct (theorem_A_k_relu s P psi_relu dpsi_relu L1_1 L2_0 (z_m0 z) Rt m0_step (z_alpha z) (E_ball z)
      (z_alpha_pos z ok) E0
      1 fa ltac:(lra) A36 m) as (Rg & C & Sg). split; [split; [exact Rg|]|exact Sg].
    intros t. destruct (C t) as (T1 & T2 & T3 & T4 & _). split; [exact T1|split; [exact T2|split; [exact T3|exact T4]]]. Qed.
End Kink.
End Theorems.

(* section 17 over the ball: rho + d for rho *)
Theorem ball_cosine p k (b beta0 beta_0 betat : mat) rho d : 0 < frob p k b -> rho + d < frob p k beta0 ->
  frob p k (fun r o => beta_0 r o - beta0 r o) <= d -> frob p k (fun r o => betat r o - beta_0 r o) <= rho ->
  let w := rho + d in let sp := fdot p k b beta0 / frob p k b in let N := frob p k beta0 in
  Rmin ((sp - w) / (N - w)) ((sp - w) / (N + w)) <= frob_cos p k b betat <= Rmax ((sp + w) / (N - w)) ((sp + w) / (N + w)).
Proof. intros B W D T w sp N. assert (D0 := Rle_trans _ _ _ (frob_pos _ _ _) D).
  assert (T0 := Rle_trans _ _ _ (frob_pos _ _ _) T).
  apply frob_cosine_bracket; [assumption|unfold w; lra|].
  rewrite (frob_ext p k _ (fun r o => (betat r o - beta_0 r o) + (beta_0 r o - beta0 r o))) by (intros; ring).
  eapply Rle_trans; [apply frob_add|]. unfold w. lra. Qed.
