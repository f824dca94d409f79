(* SPDX-License-Identifier: Apache-2.0 *)
(* The constants L3 of apriori.md, section 1: psi'' is L3-Lipschitz. They are 0 for the identity, 2 for tanh, 1/8 for sigmoid;
   4/sqrt(PI) for erf and 1/(6 sqrt 3) for softplus, whose psi'' is the derivative of sigmoid, both rounded up; 0.779 for gelu,
   where |psi'''| is at most 0.7788. The constants L2 are those of the proofs of activation_ok. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Network Drift Calculus Exponential Pi Gauss Tanh Sigmoid Erf Gelu Softplus.
Open Scope R_scope.

Lemma curvature_of_deriv g' g'' g''' L2 L3 : 0 <= L3 -> (forall c, derivable_pt_lim g' c (g'' c)) ->
  (forall c, derivable_pt_lim g'' c (g''' c)) -> (forall c, Rabs (g'' c) <= L2) -> (forall c, Rabs (g''' c) <= L3) ->
  curvature_ok (fun _ _ => g') (fun _ _ => g'') L2 L3.
Proof.
  intros H3 D2 D3 B2 B3. split; intros; [apply B2|]. apply (taylor_of_deriv g' g'' L3 H3 D2).
  exact (lip_of_deriv g'' g''' L3 H3 D3 B3). Qed.
(* |psi''| <= L2 where psi' is L2-Lipschitz *)
Lemma deriv_of_lip g g' L : 0 <= L -> (forall u v, Rabs (g u - g v) <= L * Rabs (u - v)) -> forall x,
  derivable_pt_lim g x (g' x) -> Rabs (g' x) <= L.
Proof.
  intros L0 Lip x D. destruct (Rle_dec (Rabs (g' x)) L) as [T|T]; [assumption|exfalso].
  destruct (D (Rabs (g' x) - L) ltac:(lra)) as [d Hd]. set (h := d / 2). assert (dp := cond_pos d).
  assert (h0 : 0 < h) by (unfold h; lra). specialize (Hd h ltac:(lra) ltac:(rewrite Rabs_right; unfold h; lra)).
  assert (Q : Rabs ((g (x + h) - g x) / h) <= L).
  { unfold Rdiv. rewrite Rabs_mult, (Rabs_right (/ h)) by (left; now apply Rinv_0_lt_compat).
    apply Rmult_le_reg_r with h; [assumption|]. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
    eapply Rle_trans; [apply Lip|]. replace (x + h - x) with h by ring. rewrite (Rabs_right h); lra. }
  set (q := (g (x + h) - g x) / h) in *. assert (T2 := Rabs_triang_inv (g' x) q). rewrite Rabs_minus_sym in Hd. lra. Qed.

Lemma identity_curved : curvature_ok (fun _ _ _ => 1) (fun _ _ _ => 0) 0 0.
Proof. split; intros; rewrite Rabs_right; lra. Qed.

(* with u = tanh, psi''' = (1 - u^2) (6 u^2 - 2) *)
Definition d3tanh x := 0 - ((d2tanh x * tanh x + dtanh x * dtanh x) + (dtanh x * dtanh x + tanh x * d2tanh x)).
Lemma d2tanh_deriv x : derivable_pt_lim d2tanh x (d3tanh x).
Proof.
  apply (derivable_pt_lim_minus (fun _ => 0) (fun z => dtanh z * tanh z + tanh z * dtanh z)); [apply derivable_pt_lim_const|].
  apply (derivable_pt_lim_plus (fun z => dtanh z * tanh z) (fun z => tanh z * dtanh z)).
  - apply (derivable_pt_lim_mult dtanh tanh); [apply dtanh_deriv|apply tanh_deriv].
  - apply (derivable_pt_lim_mult tanh dtanh); [apply tanh_deriv|apply dtanh_deriv]. Qed.
Lemma tanh_curved : curvature_ok (fun _ _ => dtanh) (fun _ _ => d2tanh) L2tanh 2.
Proof.
  apply (curvature_of_deriv dtanh d2tanh d3tanh); [lra|apply dtanh_deriv|apply d2tanh_deriv| |].
  - intros c. apply (deriv_of_lip dtanh d2tanh); [unfold L2tanh; lra| |apply dtanh_deriv].
    intros u v. apply (act_L2 _ _ _ _ tanh_ok 0%nat 0%nat).
  - intros c. assert (T := tanh_bound c). unfold d3tanh, d2tanh, dtanh. set (u := tanh c) in *.
    replace (0 - _) with ((1 - u * u) * (6 * (u * u) - 2)) by ring. set (z := u * u).
    assert (0 <= z <= 1) by (unfold z; nra). clearbody z. apply Rabs_le. nra. Qed.

(* with u = 2 sigmoid - 1, psi''' = - (1 - u^2) (1 - 3 u^2) / 8 *)
Definition d3sigmoid x := (d2sigmoid x * (1 - sigmoid x) + dsigmoid x * (0 - dsigmoid x))
  + (dsigmoid x * (0 - dsigmoid x) + sigmoid x * (0 - d2sigmoid x)).
Lemma d2sigmoid_deriv x : derivable_pt_lim d2sigmoid x (d3sigmoid x).
Proof.
  apply (derivable_pt_lim_plus (fun z => dsigmoid z * (1 - sigmoid z)) (fun z => sigmoid z * (0 - dsigmoid z))).
  - apply (derivable_pt_lim_mult dsigmoid (fun z => 1 - sigmoid z)); [apply dsigmoid_deriv|].
    apply (derivable_pt_lim_minus (fun _ => 1) sigmoid); [apply derivable_pt_lim_const|apply sigmoid_deriv].
  - apply (derivable_pt_lim_mult sigmoid (fun z => 0 - dsigmoid z)); [apply sigmoid_deriv|].
    apply (derivable_pt_lim_minus (fun _ => 0) dsigmoid); [apply derivable_pt_lim_const|apply dsigmoid_deriv]. Qed.
Lemma d2sigmoid_bound x : Rabs (d2sigmoid x) <= L2sigmoid.
Proof.
  apply (deriv_of_lip dsigmoid d2sigmoid); [unfold L2sigmoid; lra| |apply dsigmoid_deriv].
  intros u v. apply (act_L2 _ _ _ _ sigmoid_ok 0%nat 0%nat). Qed.
Lemma sigmoid_curved : curvature_ok (fun _ _ => dsigmoid) (fun _ _ => d2sigmoid) L2sigmoid (1 / 8).
Proof.
  apply (curvature_of_deriv dsigmoid d2sigmoid d3sigmoid); [lra|apply dsigmoid_deriv|apply d2sigmoid_deriv|apply
    d2sigmoid_bound|].
  intros c. assert (T := sigmoid_bound c). unfold d3sigmoid, d2sigmoid, dsigmoid. set (s := sigmoid c) in *.
    set (u := 2 * s - 1).
  replace (_ + _) with (- ((1 - u * u) * (1 - 3 * (u * u)) / 8)) by (unfold u; field). set (z := u * u).
  assert (U : -1 < u < 1) by (unfold u; lra). assert (0 <= z <= 1) by (unfold z; nra). clearbody z. apply Rabs_le. nra. Qed.
Lemma softplus_curved : curvature_ok (fun _ _ => sigmoid) (fun _ _ => dsigmoid) (1 / 4) L2sigmoid.
Proof.
  apply (curvature_of_deriv sigmoid dsigmoid d2sigmoid); [unfold L2sigmoid; lra|apply sigmoid_deriv|apply dsigmoid_deriv| |
    apply d2sigmoid_bound].
  intros c. apply (act_L1 _ _ _ _ sigmoid_ok 0%nat 0%nat). Qed.

(* psi''' = (4 x^2 - 2) psi', and z exp(-z) <= 1/e *)
Definition L3erf := 2 * L1erf.
Definition d3erf x := (4 * (x * x) - 2) * derf x.
Lemma d2erf_deriv x : derivable_pt_lim d2erf x (d3erf x).
Proof.
  apply (dpl_eq _ _ (- 2 * 1 * derf x + - 2 * x * d2erf x)); [unfold d3erf, d2erf; ring|].
  apply (deriv_ext (fun z => - 2 * z * derf z)); [intros; unfold d2erf; ring|].
  apply (derivable_pt_lim_mult (fun z => - 2 * z) derf); [|apply derf_deriv].
  apply (derivable_pt_lim_scal id), derivable_pt_lim_id. Qed.
Lemma erf_curved : curvature_ok (fun _ _ => derf) (fun _ _ => d2erf) L2erf L3erf.
Proof.
  apply (curvature_of_deriv derf d2erf d3erf); [unfold L3erf, L1erf; lra|apply derf_deriv|apply d2erf_deriv|apply
    d2erf_bound|].
  intros c. assert (E := id_exp_le (c * c)). assert (I := inv_e_bounds). assert (C := erf_scale_le).
    assert (C0 := erf_scale_pos).
  assert (X : 0 <= c * c) by apply Rle_0_sqr. assert (B := bell_le_1 1 Rlt_0_1 c). assert (B0 := bell_pos 1 c).
  unfold d3erf. rewrite derf_bell. replace (exp (- (c * c))) with (bell 1 c) in E by (unfold bell; f_equal; ring).
  set (z := bell 1 c) in *. assert (Z : 0 <= c * c * z) by pos.
  replace ((4 * (c * c) - 2) * (erf_scale * z)) with (erf_scale * (4 * (c * c * z) - 2 * z)) by ring.
  rewrite Rabs_mult, (Rabs_right erf_scale) by lra. unfold L3erf. replace (2 * L1erf) with (L1erf * 2) by ring.
  apply Rmult_le_compat; [lra|apply Rabs_pos|assumption|]. apply Rabs_le. lra. Qed.

(* psi''' = (x^3 - 4 x) phi; with z = x^2 its square is z (4 - z)^2 exp(-z) / (2 PI), which is largest near z = 0.6277 *)
Definition L3gelu := 779 / 1000.
Definition d3gelu x := (x * x * x - 4 * x) * phi x.
Lemma d2gelu_deriv x : derivable_pt_lim d2gelu x (d3gelu x).
Proof.
  apply (dpl_eq _ _ ((0 - (1 * x + x * 1)) * phi x + (2 - x * x) * (- x * phi x))); [unfold d3gelu; ring|].
  apply (derivable_pt_lim_mult (fun z => 2 - z * z) phi); [|apply phi_deriv].
  apply (derivable_pt_lim_minus (fun _ => 2) (fun z => z * z)); [apply derivable_pt_lim_const|].
  apply (derivable_pt_lim_mult id id); apply derivable_pt_lim_id. Qed.
Lemma exp_at_peak : exp (- (6277 / 10000)) <= 0.53382.
Proof.
  rewrite <- gk_0. assert (G := gk_range (6277 / 10000) 10 ltac:(lra)). do 10 rewrite gk_step'. rewrite !INR_IZR_INZ.
  cbn in *. lra. Qed.
Lemma peak z : 0 <= z -> z * ((4 - z) * (4 - z)) * exp (- z) <= 7.142 * 0.53382.
Proof.
  intros Hz. set (u := z - 6277 / 10000). assert (P := exp_at_peak). assert (P0 := exp_pos (- (6277 / 10000))).
  assert (Q : z * ((4 - z) * (4 - z)) <= 7.142 * ((1 + u / 4) * (1 + u / 4) * ((1 + u / 4) * (1 + u / 4)))).
  { replace z with (u + 6277 / 10000) by (unfold u; lra). clearbody u. clear.
    assert (A1 : 0 <= (u - 35432 / 3571) * (u - 35432 / 3571) * (u * u)) by pos. assert (A2 : 0 <= (u + 0.000265)
      * (u + 0.000265)) by pos.
    assert (A3 : 0 <= u * u) by pos. lra. }
  assert (V : (1 + u / 4) * (1 + u / 4) * ((1 + u / 4) * (1 + u / 4)) <= exp u).
  { replace (exp u) with (exp (u / 4) * exp (u / 4) * (exp (u / 4) * exp (u / 4))) by (rewrite <- !exp_plus; f_equal; field).
    assert (T := exp_ineq1_le (u / 4)). assert (T0 : 0 <= 1 + u / 4) by (unfold u; lra).
    assert (T2 := Rmult_le_compat _ _ _ _ T0 T0 T T).
    apply Rmult_le_compat; [pos|pos|assumption|assumption]. }
  assert (E : exp u * exp (- z) = exp (- (6277 / 10000))) by (rewrite <- exp_plus; f_equal; unfold u; ring).
  assert (Ez := exp_pos (- z)). apply Rle_trans with (7.142 * (exp u * exp (- z))); [|rewrite E; lra].
  replace (7.142 * (exp u * exp (- z))) with (7.142 * exp u * exp (- z)) by ring. apply Rmult_le_compat_r; lra. Qed.
Lemma gelu_curved : curvature_ok (fun _ _ => dgelu) (fun _ _ => d2gelu) L2gelu L3gelu.
Proof.
  apply (curvature_of_deriv dgelu d2gelu d3gelu); [unfold L3gelu; lra|apply dgelu_deriv|apply d2gelu_deriv|apply
    d2gelu_bound|].
  intros c. assert (P := pi_bounds). assert (K := peak (c * c) (Rle_0_sqr c)).
  apply le_of_sq; [unfold L3gelu; lra|]. rewrite <- Rabs_mult, Rabs_right by apply Rle_ge, Rle_0_sqr.
  assert (F : phi c * phi c * (2 * PI) = exp (- (c * c))).
  { unfold phi. assert (S := sqrt_sqrt (2 * PI) ltac:(lra)). assert (N : sqrt (2 * PI) <> 0) by (intros N; rewrite N in S;
    lra).
    replace (exp (- (c * c))) with (exp (- (c * c / 2)) * exp (- (c * c / 2))) by (rewrite <- exp_plus; f_equal; field).
    rewrite <- S at 3. field. exact N. }
  apply Rmult_le_reg_r with (2 * PI); [lra|].
  replace (d3gelu c * d3gelu c * (2 * PI)) with (c * c * ((4 - c * c) * (4 - c * c)) * (phi c * phi c * (2 * PI)))
    by (unfold d3gelu; ring).
  rewrite F. eapply Rle_trans; [exact K|]. unfold L3gelu. lra. Qed.
