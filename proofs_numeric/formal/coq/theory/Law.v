(* SPDX-License-Identifier: Apache-2.0 *)
(* alignment_law.md, law2: isometric data K = gamma I. The equation z' (lam + gamma + gamma z^2) = lam sqrt(gamma) |y|
   with z(0) = 0 has exactly one solution on tau >= 0, and it is the root of the cubic (law2); its cosine is z / sqrt(1 +
   z^2) (law_cosine). The law itself, for the vector sigma, has exactly one solution, which stays in the line of y
   (law2_vector). *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Calculus Exponential Tanh.
Open Scope R_scope.
(* f(t) -> 0 as t -> 0 from above *)
Definition starts_at_0 (f : R -> R) := forall eps, 0 < eps -> exists d, 0 < d /\ forall t, 0 < t < d -> Rabs (f t) < eps.
Lemma starts_const : starts_at_0 (fun _ => 0).
Proof. intros eps He. exists 1. split; [lra|]. intros. now rewrite Rabs_R0. Qed.
Lemma starts_add f g : starts_at_0 f -> starts_at_0 g -> starts_at_0 (fun t => f t + g t).
Proof. intros F G eps He. destruct (F (eps / 2)) as (a & a0 & A); [lra|]. destruct (G (eps / 2)) as (b & b0 & B); [lra|].
  exists (Rmin a b). split; [now apply Rmin_glb_lt|]. intros t T. assert (X := Rmin_l a b). assert (Y := Rmin_r a b).
  specialize (A t ltac:(lra)). specialize (B t ltac:(lra)). eapply Rle_lt_trans; [apply Rabs_triang|]. lra. Qed.
Lemma starts_mult f g M d : starts_at_0 f -> 0 < M -> 0 < d -> (forall t, 0 < t < d -> Rabs (g t) <= M) ->
  starts_at_0 (fun t => f t * g t).
Proof. intros F M0 d0 G eps He. destruct (F (eps / M)) as (a & a0 & A); [now apply Rdiv_lt_0_compat|].
  exists (Rmin a d). split; [now apply Rmin_glb_lt|]. intros t T. assert (X := Rmin_l a d). assert (Y := Rmin_r a d).
  specialize (A t ltac:(lra)). specialize (G t ltac:(lra)). rewrite Rabs_mult.
  apply (Rmult_lt_compat_r M) in A; [|assumption]. replace (eps / M * M) with eps in A by (field; lra).
  eapply Rle_lt_trans; [|exact A]. apply Rmult_le_compat_l; [apply Rabs_pos|assumption]. Qed.
Lemma starts_scal c f : starts_at_0 f -> starts_at_0 (fun t => f t * c).
Proof. intros F. apply (starts_mult f (fun _ => c) (Rabs c + 1) 1); [assumption| |lra|]; intros; assert (X := Rabs_pos c);
  lra. Qed.
Lemma starts_product f g : starts_at_0 f -> starts_at_0 g -> starts_at_0 (fun t => f t * g t).
Proof. intros F G. destruct (G 1) as (d & d0 & B); [lra|]. apply (starts_mult f g 1 d); try assumption; [lra|].
  intros t T. left. now apply B. Qed.
Lemma starts_sum n (F : nat -> R -> R) : (forall i, (i < n)%nat -> starts_at_0 (F i)) ->
  starts_at_0 (fun t => sum n (fun i => F i t)).
Proof. induction n as [|n IH]; intros H; [apply starts_const|]. apply (starts_add (fun t => sum n (fun i => F i t)) (F n)).
  - apply IH. intros. apply H. lia.
  - apply H. lia. Qed.
(* what is constant for t > 0 and starts at 0 is 0 *)
Lemma stays_0 k : starts_at_0 k -> (forall t, 0 < t -> derivable_pt_lim k t 0) -> forall t, 0 < t -> k t = 0.
Proof. intros Z D t Ht. assert (C : forall u, 0 < u < t -> k t = k u).
  { intros u [U1 U2]. destruct (MVT_cor2 k (fun _ => 0) u t U2) as (x & E & _); [intros x X; apply D; lra|]. lra. }
  destruct (Req_dec (k t) 0) as [E|N]; [exact E|exfalso]. apply Rabs_pos_lt in N.
  destruct (Z (Rabs (k t)) N) as (d & d0 & B). assert (X := Rmin_l (t / 2) (d / 2)). assert (Y := Rmin_r (t / 2) (d / 2)).
  assert (W : 0 < Rmin (t / 2) (d / 2)) by (apply Rmin_glb_lt; lra).
  specialize (B (Rmin (t / 2) (d / 2)) ltac:(lra)). rewrite <- (C (Rmin (t / 2) (d / 2))) in B by lra. lra. Qed.
Lemma derivable_sum n (F : nat -> R -> R) F' t : (forall i, (i < n)%nat -> derivable_pt_lim (F i) t (F' i)) ->
  derivable_pt_lim (fun t => sum n (fun i => F i t)) t (sum n F').
Proof. induction n as [|n IH]; intros H; [apply derivable_pt_lim_const|].
  apply (derivable_pt_lim_plus (fun t => sum n (fun i => F i t)) (F n)).
  - apply IH. intros. apply H. lia.
  - apply H. lia. Qed.

Section Law.
Variables gamma lam ynorm : R.
Hypothesis g_pos : 0 < gamma.
Hypothesis l_pos : 0 < lam.
Hypothesis y_pos : 0 < ynorm.
Definition cubic z := gamma * (z * z * z) / 3 + (lam + gamma) * z.

Lemma cubic_deriv z : derivable_pt_lim cubic z (gamma * (z * z) + (lam + gamma)).
Proof. unfold cubic.
  apply (dpl_eq _ z ((gamma / 3) * (((1 * z + z * 1) * z + (z * z) * 1)) + (lam + gamma) * 1)); [field|].
  assert (E : forall x, gamma * (x * x * x) / 3 + (lam + gamma) * x = (gamma / 3) * (x * x * x)
    + (lam + gamma) * x) by (intros; field).
  intros eps He. destruct (derivable_pt_lim_plus (fun x => gamma / 3 * (x * x * x)) (fun x => (lam + gamma) * x) z
    ((gamma / 3) * (((1 * z + z * 1) * z + (z * z) * 1))) ((lam + gamma) * 1)
    (derivable_pt_lim_scal (fun x => x * x * x) _ z _ (derivable_pt_lim_mult (fun x => x
      * x) id z _ _ (derivable_pt_lim_mult id id z _ _ (derivable_pt_lim_id z) (derivable_pt_lim_id z))
        (derivable_pt_lim_id z)))
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
  sol_starts : starts_at_0 z;
  sol_law : forall tau, 0 < tau -> exists z', derivable_pt_lim z tau z' /\ z' * (lam + gamma + gamma * (z tau * z tau))
    = c }.

(* every solution satisfies the closed form *)
Let m := lam + gamma.
Theorem law_closed_form z : law_solution z -> forall tau, 0 <= tau -> cubic (z tau) = c * tau.
Proof. intros Z tau [Ht|<-]; [|rewrite (sol_0 z Z); unfold cubic; field].
  assert (K : cubic (z tau) + tau * - c = 0); [|lra].
  apply (stays_0 (fun t => cubic (z t) + t * - c)); [| |exact Ht].
  - assert (Y := sol_starts z Z). apply (starts_add (fun t => cubic (z t)) (fun t => t * - c)).
    + intros eps He. destruct (starts_add (fun t => z t * z t * z t * (gamma / 3)) (fun t => z t * (lam
      + gamma))) with (eps := eps) as (d & d0 & D);
        [|now apply starts_scal|assumption|].
      * apply starts_scal, (starts_product (fun t => z t * z t)), Y. now apply (starts_product z).
      * exists d. split; [assumption|]. intros t T. specialize (D t T). unfold cubic.
        replace (gamma * (z t * z t * z t) / 3 + (lam + gamma) * z t) with (z t * z t * z t * (gamma / 3) + z t * (lam
          + gamma)) by field. exact D.
    + apply (starts_scal (- c) (fun t => t)). intros eps He. exists eps. split; [assumption|]. intros t T.
      rewrite Rabs_right; lra.
  - intros t T. destruct (sol_law z Z t T) as (z' & D & L).
    apply (dpl_eq _ t ((gamma * (z t * z t) + (lam + gamma)) * z' + (1 * - c + t * 0))); [lra|].
    apply (derivable_pt_lim_plus (fun t => cubic (z t)) (fun t => t * - c)).
    + apply (derivable_pt_lim_comp z cubic); [exact D|apply cubic_deriv].
    + apply (derivable_pt_lim_mult id (fun _ => - c)); [apply derivable_pt_lim_id|apply derivable_pt_lim_const]. Qed.

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
  set (q := gamma * (Rabs z + 1)). assert (Za := Rabs_pos z). assert (q0 : 0 < q) by (unfold q; apply Rmult_lt_0_compat;
    lra).
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
  { rewrite E, Rabs_mult, (Rabs_right (P k)) by lra. rewrite (Rmult_comm (Rabs k)). apply Rmult_le_compat_r;
    [apply Rabs_pos|assumption]. }
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
Proof. assert (0 < lam + gamma + gamma * (law_z tau * law_z tau)) by (assert (0
  <= gamma * (law_z tau * law_z tau)) by pos; lra).
  apply (dpl_eq law_z tau (/ (gamma * (law_z tau * law_z tau) + m) * (c * 1))); [unfold m; field; lra|].
  apply (derivable_pt_lim_comp (fun t => c * t) inverse_cubic).
  - apply (derivable_pt_lim_scal id), derivable_pt_lim_id.
  - apply inverse_deriv. Qed.
Lemma law_z_solution : law_solution law_z.
Proof. assert (Z0 : law_z 0 = 0).
  { apply (law_unique _ _ 0); [unfold law_z; rewrite Rmult_0_r; apply cubic_inverse|unfold cubic; field]. }
  split; [exact Z0| |].
  - intros eps He. assert (C : continuity_pt law_z 0) by (apply derivable_continuous_pt; eexists; apply law_z_deriv).
    destruct (C eps He) as (d & D0 & D). exists d. split; [exact D0|]. intros tau T.
    assert (X : R_dist (law_z tau) (law_z 0) < eps).
    { apply D. split; [split; [exact I|lra]|]. unfold dist, R_met, R_dist. rewrite Rminus_0_r, Rabs_right; lra. }
    unfold R_dist in X. rewrite Z0, Rminus_0_r in X. exact X.
  - intros tau _. eexists. split; [apply law_z_deriv|]. field. assert (0 <= gamma * (law_z tau * law_z tau)) by pos. lra.
    Qed.

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
  rewrite D. unfold e, zeta. replace (lam * (- s' * (y i / ynorm)) + gamma * (- s' * (y i / ynorm)) +
    - gamma * s * (y i / ynorm) * (gamma * s * s'))
    with (- (s' * (lam + gamma + gamma * gamma * (s * s))) * (y i / ynorm)) by ring.
  rewrite Hs. field. lra. Qed.

(* The law itself for K = gamma I, multiplied out: sigma' = e with (lam I + K + zeta zeta^T) e = -lam y, zeta = gamma
   sigma. *)
Record vector_solution (sigma : R -> vec) : Prop := {
  vec_0 : forall i, (i < n)%nat -> sigma 0 i = 0;
  vec_starts : forall i, (i < n)%nat -> starts_at_0 (fun tau => sigma tau i);
  vec_law : forall tau, 0 < tau -> exists e : vec, (forall i, (i < n)%nat ->
    derivable_pt_lim (fun t => sigma t i) tau (e i)) /\
    let zeta := fun i => gamma * sigma tau i in
    forall i, (i < n)%nat -> lam * e i + gamma * e i + zeta i * dot n zeta e = - lam * y i }.
Let yy : dot n y y = ynorm * ynorm.
Proof. now rewrite <- nrm_sq, y_nrm. Qed.

(* sigma stays in the line of y: what is orthogonal to y, times exp(gamma^2 |sigma|^2 / (2 (lam + gamma))), does not
   change *)
Lemma vector_on_the_line sigma : vector_solution sigma -> forall tau, 0 < tau -> forall i, (i < n)%nat ->
  ynorm * ynorm * sigma tau i = dot n y (sigma tau) * y i.
Proof. intros V tau T i Hi. set (g := gamma * gamma / (2 * (lam + gamma))).
  assert (g0 : 0 < g) by (unfold g; apply Rdiv_lt_0_compat; [now apply Rmult_lt_0_compat|lra]).
  set (x := fun t => ynorm * ynorm * sigma t i + dot n y (sigma t) * - y i). set (N := fun t => dot n (sigma t) (sigma t)).
  assert (SN : starts_at_0 N).
  { apply starts_sum. intros j Hj. apply (starts_product (fun t => sigma t j)); now apply vec_starts. }
  assert (E : x tau * exp (g * N tau) = 0).
  { apply (stays_0 (fun t => x t * exp (g * N t))); [| |exact T].
    - destruct (SN (/ g)) as (d & d0 & D); [now apply Rinv_0_lt_compat|].
      apply (starts_mult x _ (exp 1) d); [|apply exp_pos|assumption|].
      + apply (starts_add (fun t => ynorm * ynorm * sigma t i)); [|apply starts_scal].
        * intros eps He. destruct (starts_scal (ynorm * ynorm) _ (vec_starts sigma V i Hi) eps He) as (d' & D0 & D').
          exists d'. split; [assumption|]. intros t Ht. rewrite Rmult_comm. now apply D'.
        * apply starts_sum. intros j Hj. intros eps He.
          destruct (starts_scal (y j) _ (vec_starts sigma V j Hj) eps He) as (d' & D0 & D').
          exists d'. split; [assumption|]. intros t Ht. rewrite Rmult_comm. now apply D'.
      + intros t Ht. specialize (D t Ht). rewrite Rabs_right by (left; apply exp_pos).
        assert (B : g * N t <= 1).
        { apply (Rmult_lt_compat_l g) in D; [|assumption]. rewrite Rinv_r in D by lra. assert (X := Rle_abs (N t)).
          apply (Rmult_le_compat_l g) in X; lra. }
        destruct B as [B|B]; [left; now apply exp_increasing|rewrite B; lra].
    - intros t Ht. destruct (vec_law sigma V t Ht) as (e & De & L). cbv zeta in L. set (q := dot n (sigma t) e).
      assert (dz : dot n (fun j => gamma * sigma t j) e = gamma * q).
      { unfold q, dot. rewrite <- sum_scal. apply sum_ext. intros; ring. }
      assert (L' : forall j, (j < n)%nat -> (lam + gamma) * e j + gamma * gamma * sigma t j * q = - lam * y j).
      { intros j Hj. rewrite <- (L j Hj), dz. ring. }
      assert (ye : (lam + gamma) * dot n y e + gamma * gamma * q * dot n y (sigma t) = - lam * (ynorm * ynorm)).
      { rewrite <- yy. unfold dot. rewrite <- !sum_scal, <- sum_add. apply sum_ext. intros j Hj.
        replace (- lam * (y j * y j)) with (y j * (- lam * y j)) by ring. rewrite <- (L' j Hj). ring. }
      set (x' := ynorm * ynorm * e i + dot n y e * - y i).
      assert (Dx : derivable_pt_lim x t x').
      { unfold x, x'. apply (derivable_pt_lim_plus (fun t => ynorm * ynorm * sigma t i) (fun t => dot n y (sigma t) *
        - y i)).
        - apply (derivable_pt_lim_scal (fun t => sigma t i)). now apply De.
        - apply (dpl_eq _ t (dot n y e * - y i + dot n y (sigma t) * 0)); [ring|].
          apply (derivable_pt_lim_mult (fun t => dot n y (sigma t)) (fun _ => - y i)); [|apply derivable_pt_lim_const].
          apply (derivable_sum n (fun j t => y j * sigma t j)). intros j Hj.
            apply (derivable_pt_lim_scal (fun t => sigma t j)). now apply De. }
      assert (DN : derivable_pt_lim N t (2 * q)).
      { apply (dpl_eq _ t (sum n (fun j => e j * sigma t j + sigma t j * e j))).
        - unfold q, dot. rewrite <- sum_scal. apply sum_ext. intros; ring.
        - apply (derivable_sum n (fun j t => sigma t j * sigma t j)). intros j Hj.
          apply (derivable_pt_lim_mult (fun t => sigma t j) (fun t => sigma t j)); now apply De. }
      assert (Dg : derivable_pt_lim (fun t => exp (g * N t)) t (exp (g * N t) * (g * (2 * q)))).
      { apply (derivable_pt_lim_comp (fun t => g * N t) exp t (g * (2 * q)) (exp (g * N t))).
        - now apply (derivable_pt_lim_scal N).
        - apply derivable_pt_lim_exp. }
      apply (dpl_eq _ t (x' * exp (g * N t) + x t * (exp (g * N t) * (g * (2 * q)))));
        [|now apply (derivable_pt_lim_mult x (fun t => exp (g * N t)))].
      assert (Z : x' + x t * (g * (2 * q)) = 0).
      { apply Rmult_eq_reg_l with (lam + gamma); [|lra]. rewrite Rmult_0_r. unfold g, x', x.
        replace ((lam + gamma) * (ynorm * ynorm * e i + dot n y e * - y i + (ynorm * ynorm * sigma t i
          + dot n y (sigma t) * - y i) * (gamma * gamma / (2 * (lam + gamma)) * (2 * q))))
          with (ynorm * ynorm * ((lam + gamma) * e i + gamma * gamma * sigma t i * q) - y i * ((lam + gamma) * dot n y e
            + gamma * gamma * q * dot n y (sigma t)))
          by (field; lra).
        rewrite (L' i Hi), ye. ring. }
      replace (x' * exp (g * N t) + x t * (exp (g * N t) * (g * (2 * q)))) with ((x'
        + x t * (g * (2 * q))) * exp (g * N t)) by ring.
      rewrite Z. ring. }
  apply Rmult_integral in E. destruct E as [E|E]; [unfold x in E; lra|]. assert (X := exp_pos (g * N tau)). lra. Qed.

(* so that z = sqrt(gamma) s, sigma = -s y/|y|, solves the scalar law *)
Lemma scalar_of_vector sigma : vector_solution sigma ->
  law_solution (fun tau => sqrt gamma * (- dot n y (sigma tau) / ynorm)).
Proof. intros V. assert (SG := sqrt_sqrt gamma (Rlt_le _ _ g_pos)). split.
  - unfold dot. rewrite (sum_ext n _ (fun _ => 0)), sum_zero; [field; lra|]. intros i Hi. rewrite (vec_0 sigma V i Hi). ring.
  - intros eps He. destruct (starts_scal (- sqrt gamma / ynorm) (fun tau => dot n y (sigma tau))) with (eps
    := eps) as (d & d0 & D); [|assumption|].
    + apply starts_sum. intros j Hj eps' He'.
      destruct (starts_scal (y j) _ (vec_starts sigma V j Hj) eps' He') as (d' & D0 & D').
      exists d'. split; [assumption|]. intros t Ht. rewrite Rmult_comm. now apply D'.
    + exists d. split; [assumption|]. intros t T. specialize (D t T).
      replace (sqrt gamma * (- dot n y (sigma t) / ynorm)) with (dot n y (sigma t) * (- sqrt gamma / ynorm)) by (field;
        lra). exact D.
  - intros tau T. destruct (vec_law sigma V tau T) as (e & De & L). cbv zeta in L.
    assert (Line := vector_on_the_line sigma V tau T).
    set (s := - dot n y (sigma tau) / ynorm). set (s' := - dot n y e / ynorm).
    exists (sqrt gamma * s'). split.
    + apply (derivable_pt_lim_scal (fun t => - dot n y (sigma t) / ynorm)).
      apply (dpl_eq _ tau ((- dot n y e) * / ynorm + - dot n y (sigma tau) * 0)); [unfold s'; field; lra|].
      apply (derivable_pt_lim_mult (fun t => - dot n y (sigma t)) (fun _ => / ynorm)); [|apply derivable_pt_lim_const].
      apply (derivable_pt_lim_opp (fun t => dot n y (sigma t))).
      apply (derivable_sum n (fun j t => y j * sigma t j)). intros j Hj.
        apply (derivable_pt_lim_scal (fun t => sigma t j)). now apply De.
    + assert (sl : forall j, (j < n)%nat -> sigma tau j = - s * (y j / ynorm)).
      { intros j Hj. apply Rmult_eq_reg_l with (ynorm * ynorm); [|apply Rmult_integral_contrapositive; lra].
        rewrite (Line j Hj). unfold s. field. lra. }
      assert (dz : dot n (fun j => gamma * sigma tau j) e = gamma * (s * s')).
      { rewrite (dot_ext n _ (fun j => gamma * (- s * (y j / ynorm))) e e); [|intros j Hj; now rewrite sl|reflexivity].
        unfold dot at 1. rewrite (sum_ext n _ (fun j => gamma * s * (- / ynorm) * (y j * e j))) by (intros; field; lra).
        rewrite sum_scal. change (sum n (fun j => y j * e j)) with (dot n y e). unfold s'. field. lra. }
      assert (ye : (lam + gamma) * dot n y e + gamma * (gamma * (s * s')) * dot n y (sigma tau) = - lam * (ynorm * ynorm)).
      { rewrite <- yy. unfold dot. rewrite <- !sum_scal, <- sum_add. apply sum_ext. intros j Hj.
        replace (- lam * (y j * y j)) with (y j * (- lam * y j)) by ring. rewrite <- (L j Hj), dz. ring. }
      assert (d1 : dot n y e = - (s' * ynorm)) by (unfold s'; field; lra).
      assert (d2 : dot n y (sigma tau) = - (s * ynorm)) by (unfold s; field; lra).
      rewrite d1, d2 in ye. unfold c.
      assert (F : s' * (lam + gamma + gamma * gamma * (s * s)) = lam * ynorm).
      { apply Rmult_eq_reg_r with ynorm; [|lra]. lra. }
      replace (gamma * (sqrt gamma * s * (sqrt gamma * s))) with (gamma * gamma * (s * s)).
      2:{ replace (gamma * (sqrt gamma * s * (sqrt gamma * s))) with (gamma * (sqrt gamma * sqrt gamma)
          * (s * s)) by ring. rewrite SG. ring. }
      rewrite Rmult_assoc, F. ring. Qed.

(* law2 for the vector law: one solution, on the line of y, at the root of the cubic *)
Theorem law2_vector : exists z sigma, law_solution z /\ vector_solution sigma /\
  (forall tau i, 0 <= tau -> (i < n)%nat -> sigma tau i = - (z tau / sqrt gamma) * (y i / ynorm)) /\
  forall sigma1, vector_solution sigma1 -> forall tau i, 0 <= tau -> (i < n)%nat -> sigma1 tau i = sigma tau i.
Proof. assert (SG := sqrt_sqrt gamma (Rlt_le _ _ g_pos)). assert (Gp := sqrt_lt_R0 gamma g_pos).
  assert (Z := law_z_solution).
  exists law_z, (fun tau i => - (law_z tau / sqrt gamma) * (y i / ynorm)). split; [exact Z|].
    split; [|split; [reflexivity|]].
  - split.
    + intros i Hi. rewrite (sol_0 _ Z). field. lra.
    + intros i Hi eps He. destruct (starts_scal (- / sqrt gamma * (y i / ynorm)) law_z (sol_starts _ Z) eps He) as
      (d & d0 & D).
      exists d. split; [assumption|]. intros t T. specialize (D t T).
      replace (- (law_z t / sqrt gamma) * (y i / ynorm)) with (law_z t * (- / sqrt gamma * (y i / ynorm))) by (field;
        lra). exact D.
    + intros tau T. destruct (sol_law _ Z tau T) as (z' & D & L). set (s := law_z tau / sqrt gamma).
      set (s' := z' / sqrt gamma).
      exists (fun i => - s' * (y i / ynorm)). split.
      * intros i Hi. apply (dpl_eq _ tau ((- / sqrt gamma * (y i / ynorm)) * z')); [unfold s'; field; lra|].
        intros eps He. destruct (derivable_pt_lim_scal law_z (- / sqrt gamma * (y i / ynorm)) tau z' D eps He) as [d Hd].
        exists d. intros h h0 hd. specialize (Hd h h0 hd). unfold mult_real_fct in Hd.
        replace (- (law_z (tau + h) / sqrt gamma) * (y i / ynorm) - - (law_z tau / sqrt gamma) * (y i / ynorm)) with
          (- / sqrt gamma * (y i / ynorm) * law_z (tau + h) - - / sqrt gamma * (y i / ynorm) * law_z tau) by (field; lra).
            exact Hd.
      * intros zeta i Hi.
        assert (F : s' * (lam + gamma + gamma * gamma * (s * s)) = lam * ynorm).
        { apply Rmult_eq_reg_l with (sqrt gamma); [|lra]. unfold c in L.
          replace (sqrt gamma * (s' * (lam + gamma + gamma * gamma * (s * s)))) with (z' * (lam + gamma
            + gamma * (law_z tau * law_z tau))).
          - rewrite L. ring.
          - assert (zs : law_z tau = sqrt gamma * s) by (unfold s; field; lra).
            assert (zs' : z' = sqrt gamma * s') by (unfold s'; field; lra).
            rewrite zs, zs'. replace (gamma * (sqrt gamma * s * (sqrt gamma * s))) with (gamma * (sqrt gamma * sqrt gamma)
              * (s * s)) by ring.
            rewrite SG. ring. }
        assert (X := law_on_the_line s s' i F). cbv zeta in X.
        assert (Ez : zeta i = - gamma * s * (y i / ynorm)) by (unfold zeta, s; field; lra).
        assert (Ed : dot n zeta (fun j => - s' * (y j / ynorm)) = dot n (fun j => - gamma * s * (y j / ynorm)) (fun j =>
          - s' * (y j / ynorm))).
        { apply dot_ext; [|reflexivity]. intros j Hj. unfold zeta, s. field. lra. }
        rewrite Ez, Ed. exact X.
  - intros sigma1 V tau i [T|<-] Hi; [|rewrite (vec_0 _ V i Hi), (sol_0 _ Z); field; lra].
    assert (W : sqrt gamma * (- dot n y (sigma1 tau) / ynorm) = law_z tau).
    { apply (law_unique _ _ (c * tau)); [|apply (law_closed_form law_z Z); lra].
      apply (law_closed_form _ (scalar_of_vector sigma1 V)). lra. }
    rewrite <- W. apply Rmult_eq_reg_l with (ynorm * ynorm); [|apply Rmult_integral_contrapositive; lra].
    rewrite (vector_on_the_line sigma1 V tau T i Hi). field. lra. Qed.

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
