(* SPDX-License-Identifier: Apache-2.0 *)
(* alignment_law.md, law2: isometric data K = gamma I. *)
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

(* every solution of the law satisfies the closed form, at every tau >= 0 *)
Theorem law_closed_form (z z' : R -> R) : z 0 = 0 ->
  (forall tau, derivable_pt_lim z tau (z' tau)) ->
  (forall tau, 0 <= tau -> z' tau * (lam + gamma + gamma * (z tau * z tau)) = lam * sqrt gamma * ynorm) ->
  forall tau, 0 <= tau -> cubic (z tau) = lam * sqrt gamma * ynorm * tau.
Proof. intros z0 Hd Hl tau Ht. set (c := lam * sqrt gamma * ynorm) in *.
  set (k := fun t => cubic (z t) - c * t). set (k' := fun t => (gamma * (z t * z t) + (lam + gamma)) * z' t - c * 1).
  assert (Hk : forall t, derivable_pt_lim k t (k' t)).
  { intros t. unfold k, k'. apply (derivable_pt_lim_minus (fun t => cubic (z t)) (fun t => c * t)).
    - apply (derivable_pt_lim_comp z cubic); [apply Hd|apply cubic_deriv].
    - apply (derivable_pt_lim_scal id). apply derivable_pt_lim_id. }
  assert (K0 : k 0 = 0) by (unfold k, cubic; rewrite z0; field).
  assert (Z : forall t, 0 <= t <= tau -> k' t = 0) by (intros t [T1 _]; unfold k'; specialize (Hl t T1); lra).
  assert (U : k 0 <= k tau) by (apply (incr_le k k'); [assumption|apply Hk|intros t T; rewrite Z by assumption; lra]).
  assert (L : - k 0 <= - k tau).
  { apply (incr_le (fun t => - k t) (fun t => - k' t)); [assumption|intros t; apply (derivable_pt_lim_opp k); apply Hk|intros t T; rewrite Z by assumption; lra]. }
  rewrite K0 in *. unfold k in *. lra. Qed.

(* and the cubic has one root, so z is what the closed form says *)
Theorem law_unique z1 z2 v : cubic z1 = v -> cubic z2 = v -> z1 = z2.
Proof. intros H1 H2. destruct (Rtotal_order z1 z2) as [L|[E|L]]; [|exact E|]; apply cubic_incr in L; lra. Qed.

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
