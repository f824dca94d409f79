(* SPDX-License-Identifier: Apache-2.0 *)
(* alignment_law.md, law2: isometric data K = gamma I. The equation z' (lam + gamma + gamma z^2) = lam sqrt(gamma) |y| with
   z(0) = 0 has exactly one solution on tau >= 0, and it is the root of the cubic (law2); it is the law on the line of y
   (law_on_the_line), and its cosine is z / sqrt(1 + z^2) (law_cosine). *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Calculus Exponential Tanh.
Open Scope R_scope.
Section Law.
Variables gamma lam ynorm : R.
Hypothesis g_pos : 0 < gamma.
Hypothesis l_pos : 0 < lam.
Hypothesis y_pos : 0 < ynorm.
Definition cubic z := gamma * (z * z * z) / 3 + (lam + gamma) * z.

Lemma cubic_deriv z : derivable_pt_lim cubic z (gamma * (z * z) + (lam + gamma)).
Proof. unfold cubic.
  apply (dpl_eq _ z ((gamma / 3) * (((1 * z + z * 1) * z + (z * z) * 1)) + (lam + gamma) * 1)); [field|].
  assert (E : forall x, gamma * (x * x * x) / 3 + (lam + gamma) * x = (gamma / 3) * (x * x * x) + (lam + gamma) * x) by (intros; field).
  intros eps He. destruct (derivable_pt_lim_plus (fun x => gamma / 3 * (x * x * x)) (fun x => (lam + gamma) * x) z
    ((gamma / 3) * (((1 * z + z * 1) * z + (z * z) * 1))) ((lam + gamma) * 1)
    (derivable_pt_lim_scal (fun x => x * x * x) _ z _ (derivable_pt_lim_mult (fun x => x * x) id z _ _ (derivable_pt_lim_mult id id z _ _ (derivable_pt_lim_id z) (derivable_pt_lim_id z)) (derivable_pt_lim_id z)))
    (derivable_pt_lim_scal id _ z _ (derivable_pt_lim_id z)) eps He) as [d Hd].
  exists d. intros h H1 H2. rewrite !E. exact (Hd h H1 H2). Qed.

Lemma cubic_incr z z' : z < z' -> cubic z < cubic z'.
Proof. intros Hz. unfold cubic. assert (0 < (z' - z) * (gamma * (z' * z' + z' * z + z * z) / 3 + (lam + gamma))); [|nra].
  apply Rmult_lt_0_compat; [lra|]. assert (0 <= z' * z' + z' * z + z * z) by nra.
  assert (0 <= gamma * (z' * z' + z' * z + z * z)) by (apply Rmult_le_pos; lra). lra. Qed.

(* a solution: differentiable for tau > 0 and continuous at 0, where it starts *)
Let c := lam * sqrt gamma * ynorm.
Record law_solution (z : R -> R) : Prop := {
  sol_0 : z 0 = 0;
  sol_continuous : forall eps, 0 < eps -> exists d, 0 < d /\ forall tau, 0 <= tau < d -> Rabs (z tau) < eps;
  sol_law : forall tau, 0 < tau -> exists z', derivable_pt_lim z tau z' /\ z' * (lam + gamma + gamma * (z tau * z tau)) = c }.

(* every solution satisfies the closed form *)
Let m := lam + gamma.
Lemma cubic_small z : Rabs z <= 1 -> Rabs (cubic z) <= (gamma + m) * Rabs z.
Proof. intros Z. unfold cubic. fold m. replace (gamma * (z * z * z) / 3 + m * z) with ((gamma / 3 * (z * z) + m) * z) by field.
  rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|]. apply Rabs_le_inv in Z.
  assert (0 <= z * z <= 1) by nra. assert (0 < m) by (unfold m; lra).
  assert (0 <= gamma * (z * z) <= gamma * 1) by (split; [apply Rmult_le_pos|apply Rmult_le_compat_l]; lra).
  apply Rabs_le. lra. Qed.

Theorem law_closed_form z : law_solution z -> forall tau, 0 <= tau -> cubic (z tau) = c * tau.
Proof. intros Z tau [Ht|<-]; [|rewrite (sol_0 z Z); unfold cubic; field].
  set (k := fun t => cubic (z t) - c * t).
  assert (Hk : forall t, 0 < t -> derivable_pt_lim k t 0).
  { intros t T. destruct (sol_law z Z t T) as (z' & D & L).
    apply (dpl_eq k t ((gamma * (z t * z t) + (lam + gamma)) * z' - c * 1)); [lra|].
    apply (derivable_pt_lim_minus (fun t => cubic (z t)) (fun t => c * t)).
    - apply (derivable_pt_lim_comp z cubic); [exact D|apply cubic_deriv].
    - apply (derivable_pt_lim_scal id), derivable_pt_lim_id. }
  assert (C : forall t, 0 < t < tau -> k tau = k t).
  { intros t [T1 T2]. destruct (MVT_cor2 k (fun _ => 0) t tau T2) as (x & E & _); [intros x X; apply Hk; lra|]. lra. }
  assert (m0 : 0 < m) by (unfold m; lra).
  assert (S0 := sqrt_lt_R0 gamma g_pos). assert (c0 : 0 < c) by (unfold c; repeat apply Rmult_lt_0_compat; lra).
  assert (K : forall eps, 0 < eps -> Rabs (k tau) <= eps).
  { intros eps He. set (q := gamma + m).
    assert (q0 : 0 < q) by (unfold q; lra).
    destruct (sol_continuous z Z (Rmin 1 (eps / 2 / q))) as (d & D0 & D).
    { apply Rmin_glb_lt; [lra|]. apply Rdiv_lt_0_compat; lra. }
    set (t := Rmin (tau / 2) (Rmin (d / 2) (eps / 2 / c))).
    assert (t0 : 0 < t) by (unfold t; repeat apply Rmin_glb_lt; try lra; apply Rdiv_lt_0_compat; lra).
    assert (t1 : t <= tau / 2) by apply Rmin_l.
    assert (t2 : t <= d / 2) by (eapply Rle_trans; [apply Rmin_r|apply Rmin_l]).
    assert (t3 : t <= eps / 2 / c) by (eapply Rle_trans; [apply Rmin_r|apply Rmin_r]).
    rewrite (C t) by lra. specialize (D t ltac:(lra)).
    assert (z1 : Rabs (z t) <= 1) by (left; eapply Rlt_le_trans; [exact D|apply Rmin_l]).
    assert (z2 : Rabs (z t) <= eps / 2 / q) by (left; eapply Rlt_le_trans; [exact D|apply Rmin_r]).
    assert (X := cubic_small (z t) z1). fold q in X. unfold k.
    apply (Rmult_le_compat_l q) in z2; [|lra]. replace (q * (eps / 2 / q)) with (eps / 2) in z2 by (field; lra).
    apply (Rmult_le_compat_l c) in t3; [|lra]. replace (c * (eps / 2 / c)) with (eps / 2) in t3 by (field; lra).
    assert (0 < c * t) by now apply Rmult_lt_0_compat.
    assert (X2 : Rabs (cubic (z t)) <= eps / 2) by lra. apply Rabs_le_inv in X2. apply Rabs_le. lra. }
  assert (Z0 : Rabs (k tau) = 0).
  { assert (P := Rabs_pos (k tau)). destruct (Rle_lt_or_eq_dec _ _ P) as [Q|Q]; [|now symmetry].
    specialize (K (Rabs (k tau) / 2) ltac:(lra)). lra. }
  destruct (Req_dec (k tau) 0) as [E|N]; [unfold k in E; lra|now apply Rabs_no_R0 in N]. Qed.

(* the cubic has one root *)
Theorem law_unique z1 z2 v : cubic z1 = v -> cubic z2 = v -> z1 = z2.
Proof. intros H1 H2. destruct (Rtotal_order z1 z2) as [L|[E|L]]; [|exact E|]; apply cubic_incr in L; lra. Qed.
Lemma cubic_root v : { z | cubic z = v }.
Proof. assert (m0 : 0 < m) by (unfold m; lra). set (h := Rabs v / m).
  assert (h0 : 0 <= h) by (apply Rdiv_pos; [apply Rabs_pos|assumption]).
  assert (mh : m * h = Rabs v) by (unfold h; field; lra).
  assert (up : Rabs v <= cubic h).
  { unfold cubic. fold m. rewrite mh. assert (0 <= gamma * (h * h * h) / 3) by pos. lra. }
  assert (dn : cubic (- h) = - cubic h) by (unfold cubic; field).
  destruct (IVT_cor (fun z => cubic z - v) (- h) h) as (z & _ & E).
  - intros z. apply continuity_pt_minus; [|apply continuity_pt_const; now intros ? ?].
    apply derivable_continuous_pt. exists (gamma * (z * z) + (lam + gamma)). apply cubic_deriv.
  - lra.
  - rewrite dn. assert (V := Rle_abs v). assert (V' := Rle_abs (- v)). rewrite Rabs_Ropp in V'.
    replace ((- cubic h - v) * (cubic h - v)) with (- ((cubic h + v) * (cubic h - v))) by ring.
    assert (0 <= (cubic h + v) * (cubic h - v)) by (apply Rmult_le_pos; lra). lra.
  - exists z. lra. Qed.
Definition inverse_cubic v := proj1_sig (cubic_root v).
Lemma cubic_inverse v : cubic (inverse_cubic v) = v.
Proof. exact (proj2_sig (cubic_root v)). Qed.

(* the inverse is differentiable: cubic(z + k) - cubic(z) = k P with P >= lam + gamma *)
Lemma inverse_deriv v : derivable_pt_lim inverse_cubic v (/ (gamma * (inverse_cubic v * inverse_cubic v) + m)).
Proof. set (z := inverse_cubic v). assert (m0 : 0 < m) by (unfold m; lra).
  set (P := fun k => gamma * (z * z + z * k + k * k / 3) + m).
  assert (Pm : forall k, m <= P k).
  { intros k. unfold P. replace (z * z + z * k + k * k / 3) with ((z + k / 2) * (z + k / 2) + k * k / 12) by field.
    assert (0 <= gamma * ((z + k / 2) * (z + k / 2) + k * k / 12)) by pos. lra. }
  set (q := gamma * (Rabs z + 1)). assert (Za := Rabs_pos z). assert (q0 : 0 < q) by (unfold q; apply Rmult_lt_0_compat; lra).
  assert (m3 : 0 < m * m * m) by (repeat apply Rmult_lt_0_compat; assumption).
  intros eps He. assert (dp : 0 < Rmin m (eps * (m * m * m) / q)).
  { apply Rmin_glb_lt; [lra|]. apply Rdiv_lt_0_compat; [now apply Rmult_lt_0_compat|assumption]. }
  exists (mkposreal _ dp). intros h h0 hd. simpl in hd. set (k := inverse_cubic (v + h) - z).
  assert (E : h = k * P k).
  { assert (E1 := cubic_inverse (v + h)). assert (E2 := cubic_inverse v). fold z in E2.
    replace (inverse_cubic (v + h)) with (z + k) in E1 by (unfold k; ring). unfold P, cubic in *. fold m in E1, E2. lra. }
  assert (Pk := Pm k). assert (P0 := Pm 0). 
  assert (k0 : k <> 0) by (intros Z; apply h0; rewrite E, Z; ring).
  assert (kh : m * Rabs k <= Rabs h).
  { rewrite E, Rabs_mult, (Rabs_right (P k)) by lra. rewrite (Rmult_comm (Rabs k)). apply Rmult_le_compat_r; [apply Rabs_pos|assumption]. }
  assert (k1 : Rabs k <= 1).
  { apply Rmult_le_reg_l with m; [assumption|]. assert (X := Rmin_l m (eps * (m * m * m) / q)). lra. }
  change (Rabs (k / h - / (gamma * (z * z) + m)) < eps).
  replace (gamma * (z * z) + m) with (P 0) by (unfold P; field).
  replace (k / h - / P 0) with ((P 0 - P k) * (/ P k * / P 0)) by (rewrite E; field; repeat split; lra).
  assert (D : Rabs (P 0 - P k) <= q * Rabs k).
  { replace (P 0 - P k) with (- (gamma * (z + k / 3)) * k) by (unfold P; field).
    rewrite Rabs_mult, Rabs_Ropp, Rabs_mult, (Rabs_right gamma) by lra. apply Rmult_le_compat_r; [apply Rabs_pos|].
    unfold q. apply Rmult_le_compat_l; [lra|]. eapply Rle_trans; [apply Rabs_triang|]. apply Rplus_le_compat_l.
    unfold Rdiv. rewrite Rabs_mult, (Rabs_right (/ 3)) by lra. lra. }
  assert (I1 : 0 < / P k <= / m) by (split; [apply Rinv_0_lt_compat; lra|apply Rinv_le_contravar; lra]).
  assert (I2 : 0 < / P 0 <= / m) by (split; [apply Rinv_0_lt_compat; lra|apply Rinv_le_contravar; lra]).
  assert (I3 : 0 < / P k * / P 0 <= / m * / m) by (split; [apply Rmult_lt_0_compat; lra|apply Rmult_le_compat; lra]).
  rewrite Rabs_mult, (Rabs_right (/ P k * / P 0)) by lra.
  apply Rle_lt_trans with (q * (Rabs h / m) * (/ m * / m)).
  - apply Rmult_le_compat; [apply Rabs_pos|lra| |lra]. eapply Rle_trans; [exact D|]. apply Rmult_le_compat_l; [lra|].
    apply Rmult_le_reg_l with m; [assumption|]. replace (m * (Rabs h / m)) with (Rabs h) by (field; lra). exact kh.
  - assert (X : Rabs h < eps * (m * m * m) / q) by (eapply Rlt_le_trans; [exact hd|apply Rmin_r]).
    apply Rmult_lt_reg_r with (m * m * m / q); [now apply Rdiv_lt_0_compat|].
    replace (q * (Rabs h / m) * (/ m * / m) * (m * m * m / q)) with (Rabs h) by (field; lra).
    replace (eps * (m * m * m / q)) with (eps * (m * m * m) / q) by (field; lra). exact X. Qed.

(* the solution, defined and differentiable for every real tau *)
Definition law_z tau := inverse_cubic (c * tau).
Lemma law_z_deriv tau : derivable_pt_lim law_z tau (c / (lam + gamma + gamma * (law_z tau * law_z tau))).
Proof. assert (0 < lam + gamma + gamma * (law_z tau * law_z tau)) by (assert (0 <= gamma * (law_z tau * law_z tau)) by pos; lra).
  apply (dpl_eq law_z tau (/ (gamma * (law_z tau * law_z tau) + m) * (c * 1))); [unfold m; field; lra|].
  apply (derivable_pt_lim_comp (fun t => c * t) inverse_cubic).
  - apply (derivable_pt_lim_scal id), derivable_pt_lim_id.
  - apply inverse_deriv. Qed.
Lemma law_z_solution : law_solution law_z.
Proof. assert (Z0 : law_z 0 = 0).
  { apply (law_unique _ _ 0); [unfold law_z; rewrite Rmult_0_r; apply cubic_inverse|unfold cubic; field]. }
  split; [exact Z0| |].
  - intros eps He. assert (C : continuity_pt law_z 0) by (apply derivable_continuous_pt; eexists; apply law_z_deriv).
    destruct (C eps He) as (d & D0 & D). exists d. split; [exact D0|]. intros tau [[T|<-] Td]; [|rewrite Z0, Rabs_R0; exact He].
    assert (X : R_dist (law_z tau) (law_z 0) < eps).
    { apply D. split; [split; [exact I|lra]|]. unfold dist, R_met, R_dist. rewrite Rminus_0_r, Rabs_right by lra. exact Td. }
    unfold R_dist in X. rewrite Z0, Rminus_0_r in X. exact X.
  - intros tau _. eexists. split; [apply law_z_deriv|]. field. assert (0 <= gamma * (law_z tau * law_z tau)) by pos. lra. Qed.

(* law2: there is exactly one solution, and it has this closed form; it is differentiable at tau = 0 too *)
Theorem law2 : exists z, law_solution z /\ (forall z1, law_solution z1 -> forall tau, 0 <= tau -> z1 tau = z tau) /\
  (forall tau, 0 <= tau -> gamma * (z tau * z tau * z tau) / 3 + (lam + gamma) * z tau = lam * sqrt gamma * ynorm * tau) /\
  derivable_pt_lim z 0 (lam * sqrt gamma * ynorm / (lam + gamma)).
Proof. exists law_z. assert (Z := law_z_solution). split; [exact Z|]. split; [|split].
  - intros z1 Z1 tau T. apply (law_unique _ _ (c * tau)); now apply law_closed_form.
  - intros tau T. now apply (law_closed_form law_z).
  - assert (D := law_z_deriv 0). rewrite (sol_0 _ Z) in D. eapply dpl_eq; [|exact D]. fold c. f_equal. ring. Qed.

(* the vector law on the line of y: sigma = -s y/|y|, zeta = gamma sigma *)
Variable n : nat.
Variable y : vec.
Hypothesis y_nrm : nrm n y = ynorm.
Theorem law_on_the_line s s' i : s' * (lam + gamma + gamma * gamma * (s * s)) = lam * ynorm ->
  let e := fun i => - s' * (y i / ynorm) in let zeta := fun i => - gamma * s * (y i / ynorm) in
  lam * e i + gamma * e i + zeta i * dot n zeta e = - lam * y i.
Proof. intros Hs e zeta.
  assert (D : dot n zeta e = gamma * s * s').
  { unfold zeta, e. rewrite dot_scal_r. rewrite (dot_sym n _ (fun i => y i / ynorm)), dot_scal_r.
    assert (U : dot n (fun i => y i / ynorm) (fun i => y i / ynorm) = 1).
    { unfold dot. rewrite (sum_ext n _ (fun i => / (ynorm * ynorm) * (y i * y i))) by (intros; field; lra).
      rewrite sum_scal. change (sum n (fun i => y i * y i)) with (dot n y y). rewrite <- nrm_sq, y_nrm. field. lra. }
    rewrite U. ring. }
  rewrite D. unfold e, zeta. replace (lam * (- s' * (y i / ynorm)) + gamma * (- s' * (y i / ynorm)) + - gamma * s * (y i / ynorm) * (gamma * s * s'))
    with (- (s' * (lam + gamma + gamma * gamma * (s * s))) * (y i / ynorm)) by ring.
  rewrite Hs. field. lra. Qed.
(* the cosine q / sqrt(e^T K e + q^2) is z / sqrt(1 + z^2), z = sqrt gamma s *)
Theorem law_cosine s s' : 0 < s' -> let z := sqrt gamma * s in let q := gamma * s * s' in
  q / sqrt (gamma * (s' * s') + q * q) = z / sqrt (1 + z * z).
Proof. intros Hs z q. assert (G := eq_sym (sqrt_sqrt gamma (Rlt_le _ _ g_pos))). assert (Gp := sqrt_lt_R0 gamma g_pos).
  unfold q, z. clear q z. set (g := sqrt gamma) in *. clearbody g. rewrite G.
  assert (Ez : 0 < 1 + g * s * (g * s)) by nra.
  replace (g * g * (s' * s') + g * g * s * s' * (g * g * s * s')) with ((g * s') * (g * s') * (1 + g * s * (g * s))) by ring.
  assert (0 < g * s') by (apply Rmult_lt_0_compat; assumption).
  rewrite sqrt_mult by (try lra; nra). rewrite sqrt_square by lra.
  assert (0 < sqrt (1 + g * s * (g * s))) by (apply sqrt_lt_R0; lra). field. repeat split; lra. Qed.
End Law.
