(* SPDX-License-Identifier: Apache-2.0 *)
(* gauss a x, the integral of exp(-a t^2) from 0 to x: erf is its multiple with a = 1, the normal distribution function
   its multiple with a = 1/2 (reports/docs/activations.md, erf and gelu). What the evaluator rests on is
     gauss a x = exp(-a x^2) x g_0,  g_k = 1 + u/(2k+3) g_{k+1},  u = 2 a x^2,  0 <= g_k <= g_0,
   the series in positive terms, and the bound of the tail of the integral. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Network Calculus.
Open Scope R_scope.

(* The integral from 0 of a function that is continuous everywhere. *)
Section Integral.
Variable f : R -> R.
Hypothesis f_cont : continuity f.
Lemma integrable x : Riemann_integrable f 0 x.
Proof. destruct (Rle_dec 0 x) as [H|H].
  - apply continuity_implies_RiemannInt; [exact H|]. intros; apply f_cont.
  - apply RiemannInt_P1, continuity_implies_RiemannInt; [lra|]. intros; apply f_cont. Qed.
Definition integral x := RiemannInt (integrable x).
Lemma integral_0 : integral 0 = 0.      Proof. apply RiemannInt_P9. Qed.
Lemma integral_deriv x : derivable_pt_lim integral x (f x).
Proof. set (N := Rabs x + 1). assert (Np := Rabs_pos x). assert (Nh : - N <= N) by (unfold N; lra).
  set (C := fun z (_ : - N <= z <= N) => f_cont z). set (P := primitive Nh (FTC_P1 Nh C)).
  assert (E : forall z, - N < z < N -> P z = integral z + P 0).
  { intros z Hz. unfold P, primitive. destruct (Rle_dec (- N) z) as [a1|]; [|lra]. destruct (Rle_dec z N) as [a2|]; [|lra].
    destruct (Rle_dec (- N) 0) as [b1|]; [|lra]. destruct (Rle_dec 0 N) as [b2|]; [|lra].
    rewrite Rplus_comm. symmetry. apply RiemannInt_P26. }
  assert (Hx : - N < x < N) by (unfold N; split; destruct (Rcase_abs x);
    [rewrite Rabs_left|rewrite Rabs_right|rewrite Rabs_left|rewrite Rabs_right]; lra).
  assert (D := RiemannInt_P27 Nh C Hx). fold P in D. intros eps He. destruct (D eps He) as [d Hd].
  assert (M : 0 < Rmin d (Rmin (N - x) (x + N))) by (repeat apply Rmin_pos; try lra; apply cond_pos).
  exists (mkposreal _ M). intros h Hn Hh. cbn in Hh.
  assert (B1 := Rmin_l d (Rmin (N - x) (x + N))). assert (B2 := Rmin_r d (Rmin (N - x) (x + N))).
  assert (B3 := Rmin_l (N - x) (x + N)). assert (B4 := Rmin_r (N - x) (x + N)).
  assert (Hh' : - Rmin d (Rmin (N - x) (x + N)) < h < Rmin d (Rmin (N - x) (x + N))) by (apply Rabs_def2 in Hh; lra).
  assert (T := Hd h Hn ltac:(lra)). rewrite (E (x + h)), (E x) in T by lra.
  now replace (integral (x + h) - integral x) with (integral (x + h) + P 0 - (integral x + P 0)) by ring. Qed.
End Integral.

(* Two functions with the same derivative and the same value at 0 are equal. *)
Lemma same_deriv F G f : (forall x, derivable_pt_lim F x (f x)) -> (forall x, derivable_pt_lim G x (f x)) -> F 0 = G 0 ->
  forall x, F x = G x.
Proof. intros HF HG E x.
  assert (L := lip_of_deriv (fun z => F z - G z) (fun z => f z - f z) 0 (Rle_refl 0)).
  assert (B := L ltac:(intros; now apply derivable_pt_lim_minus) ltac:(intros c; cbv beta;
    replace (f c - f c) with 0 by ring; rewrite Rabs_R0; lra) x 0).
  cbn in B. rewrite E, Rmult_0_l in B. apply Rabs_le_inv in B. lra. Qed.
Lemma deriv_ext F G x l : (forall z, F z = G z) -> derivable_pt_lim F x l -> derivable_pt_lim G x l.
Proof. intros E H eps He. destruct (H eps He) as [d Hd]. exists d. intros h H1 H2. rewrite <- !E. now apply Hd. Qed.

Lemma exp_mono x y : x <= y -> exp x <= exp y.
Proof. intros [H| ->]; [left; now apply exp_increasing|lra]. Qed.

Section Gauss.
Variable a : R.
Hypothesis a_pos : 0 < a.
Definition bell x := exp (- (a * (x * x))).
Lemma bell_pos x : 0 < bell x.            Proof. apply exp_pos. Qed.
Lemma bell_0 : bell 0 = 1.                Proof. unfold bell. rewrite !Rmult_0_r, Ropp_0. apply exp_0. Qed.
Lemma bell_even x : bell (- x) = bell x.  Proof. unfold bell. do 2 f_equal. ring. Qed.
Lemma bell_decr x z : 0 <= x <= z -> bell z <= bell x.
Proof. intros H. unfold bell. apply exp_mono. assert (x * x <= z * z) by nra. nra. Qed.
Lemma bell_le_1 x : bell x <= 1.
Proof. rewrite <- bell_0. unfold bell. apply exp_mono. assert (0 <= x * x) by apply Rle_0_sqr. nra. Qed.
Lemma bell_deriv x : derivable_pt_lim bell x (- (2 * a * x) * bell x).
Proof. apply (dpl_eq _ _ (bell x * - (a * (1 * x + x * 1)))); [ring|]. unfold bell.
  apply (derivable_pt_lim_comp (fun z => - (a * (z * z))) exp); [|apply derivable_pt_lim_exp].
  apply (derivable_pt_lim_opp (fun z => a * (z * z))), (derivable_pt_lim_scal (fun z => z * z)),
    (derivable_pt_lim_mult id id);
    apply derivable_pt_lim_id. Qed.
Lemma bell_cont : continuity bell.
Proof. intros x. apply derivable_continuous_pt. exists (- (2 * a * x) * bell x). apply bell_deriv. Qed.
Definition gauss := integral bell bell_cont.
Lemma gauss_0 : gauss 0 = 0.                               Proof. apply integral_0. Qed.
Lemma gauss_deriv x : derivable_pt_lim gauss x (bell x).   Proof. apply integral_deriv. Qed.
Lemma gauss_odd x : gauss (- x) = - gauss x.
Proof. replace (gauss (- x)) with (- - gauss (- x)) by ring. f_equal. revert x.
  apply (same_deriv (fun x => - gauss (- x)) gauss bell); [|apply gauss_deriv|rewrite Ropp_0, gauss_0; ring].
  intros x. apply (dpl_eq _ _ (- (bell (- x) * - 1))); [rewrite bell_even; ring|].
  apply (derivable_pt_lim_opp (fun z => gauss (- z))), (derivable_pt_lim_comp (fun z => - z) gauss); [|apply gauss_deriv].
  apply (derivable_pt_lim_opp id), derivable_pt_lim_id. Qed.
Lemma gauss_lip x : Rabs (gauss x) <= Rabs x.
Proof. assert (L := lip_of_deriv gauss bell 1 Rle_0_1 gauss_deriv).
  rewrite <- (Rminus_0_r (gauss x)), <- gauss_0 at 1. rewrite <- (Rminus_0_r x) at 2.
    rewrite <- (Rmult_1_l (Rabs (x - 0))). apply L.
  intros c. rewrite Rabs_right; [apply bell_le_1|]. left. apply bell_pos. Qed.

(* The tail: beyond c >= 1/(2a) the integral gains at most bell c. *)
Lemma gauss_tail c x : 1 <= 2 * a * c -> 0 <= c <= x -> gauss c <= gauss x <= gauss c + bell c.
Proof. intros Hc Hx. split.
  - apply (incr_le gauss bell); [lra|apply gauss_deriv|]. intros; left; apply bell_pos.
  - set (h := fun z => - bell z - gauss z). assert (M : h c <= h x).
    { apply (incr_le h (fun z => - (- (2 * a * z) * bell z) - bell z)); [lra| |].
      - intros z. apply (derivable_pt_lim_minus (fun z => - bell z) gauss); [|apply gauss_deriv].
        apply (derivable_pt_lim_opp bell), bell_deriv.
      - intros z Hz. assert (B := bell_pos z). assert (1 <= 2 * a * z) by nra. nra. }
    unfold h in M. assert (B := bell_pos x). lra. Qed.

(* F = gauss / bell satisfies F' = 1 + 2 a x F; t k are the terms of its series, r k the remainders. *)
Fixpoint t (k : nat) (x : R) : R := match k with O => x | S j => 2 * a * (x * x) / INR (2 * j + 3) * t j x end.
Fixpoint r (k : nat) (x : R) : R := match k with O => gauss x / bell x | S j => r j x - t j x end.
Lemma odd_pos k : 0 < INR (2 * k + 3).  Proof. apply lt_0_INR. lia. Qed.
Lemma odd_S k : INR (2 * S k + 3) = INR (2 * k + 3) + 2.
Proof. rewrite <- (plus_INR _ 2). f_equal. lia. Qed.
Lemma odd_0 : INR (2 * 0 + 3) = 3.  Proof. simpl. ring. Qed.
Lemma t_pos k x : 0 <= x -> 0 <= t k x.
Proof. intros Hx. induction k as [|k IH]; [exact Hx|]. cbn [t]. assert (P := odd_pos k). pos. Qed.
Lemma t_deriv_S k x : derivable_pt_lim (t (S k)) x (2 * a * x * t k x).
Proof. induction k as [|k IH].
  - apply (dpl_eq _ _ (2 * a / 3 * ((1 * x + x * 1) * x + x * x * 1))); [simpl; field|].
    apply (deriv_ext (fun z => 2 * a / 3 * (z * z * z))); [intros; cbn [t]; rewrite odd_0; field|].
    apply (derivable_pt_lim_scal (fun z => z * z * z)), (derivable_pt_lim_mult (fun z => z * z) id);
      [|apply derivable_pt_lim_id].
    apply (derivable_pt_lim_mult id id); apply derivable_pt_lim_id.
  - assert (P := odd_pos k). set (q := INR (2 * S k + 3)). assert (Q := odd_pos (S k)). fold q in Q.
    apply (dpl_eq _ _ (2 * a / q * ((1 * x + x * 1) * t (S k) x + x * x * (2 * a * x * t k x)))).
    { replace (x * x * (2 * a * x * t k x)) with (INR (2 * k + 3) * (x * t (S k) x)) by (cbn [t]; field; lra).
      replace (INR (2 * k + 3)) with (q - 2) by (unfold q; rewrite odd_S; ring). field. lra. }
    apply (deriv_ext (fun z => 2 * a / q * (z * z * t (S k) z)));
      [intros; change (t (S (S k)) z) with (2 * a * (z * z) / q * t (S k) z); field; lra|].
    apply (derivable_pt_lim_scal (fun z => z * z * t (S k) z)), (derivable_pt_lim_mult (fun z => z * z) (t (S k)));
      [|exact IH].
    apply (derivable_pt_lim_mult id id); apply derivable_pt_lim_id. Qed.
(* what the derivative of r k has beyond 2 a x (r k) *)
Definition source (k : nat) (x : R) : R := match k with O => 1 | S j => 2 * a * x * t j x end.
Lemma r_deriv k x : derivable_pt_lim (r k) x (2 * a * x * r k x + source k x).
Proof. induction k as [|k IH].
  - assert (P := bell_pos x). cbn [r source].
    apply (dpl_eq _ _ ((bell x * bell x - (- (2 * a * x) * bell x) * gauss x) / Rsqr (bell x))); [unfold Rsqr; field; lra|].
    apply (derivable_pt_lim_div gauss bell); [apply gauss_deriv|apply bell_deriv|lra].
  - cbn [r source]. destruct k as [|k].
    + apply (dpl_eq _ _ (2 * a * x * r 0 x + source 0 x - 1)); [cbn; ring|].
      apply (derivable_pt_lim_minus (r 0) id); [exact IH|apply derivable_pt_lim_id].
    + apply (dpl_eq _ _ (2 * a * x * r (S k) x + source (S k) x - 2 * a * x * t k x)); [cbn [source r]; ring|].
      apply (derivable_pt_lim_minus (r (S k)) (t (S k))); [exact IH|apply t_deriv_S]. Qed.
Lemma t_0 k : t k 0 = 0.
Proof. induction k as [|k IH]; [reflexivity|]. cbn [t]. rewrite IH. ring. Qed.
Lemma r_0 k : r k 0 = 0.
Proof. induction k as [|k IH]; cbn [r]; [rewrite gauss_0; unfold Rdiv; ring|]. rewrite IH, t_0. ring. Qed.
(* h(0) = 0 and h' >= 2 a x h make h positive: h times bell increases. *)
Lemma pos_of_ode h q x : (forall z, derivable_pt_lim h z (2 * a * z * h z + q z)) -> h 0 = 0 -> (forall z, 0 <= z ->
  0 <= q z) ->
  0 <= x -> 0 <= h x.
Proof. intros D E Q Hx. assert (B := bell_pos x).
  assert (M : bell 0 * h 0 <= bell x * h x).
  { apply (incr_le (fun z => bell z * h z) (fun z => - (2 * a * z) * bell z * h z + bell z * (2 * a * z * h z + q z)));
    [exact Hx| |].
    - intros z. apply (derivable_pt_lim_mult bell h); [apply bell_deriv|apply D].
    - intros z Hz. assert (0 <= bell z * q z) by (assert (X := bell_pos z); assert (Y := Q z ltac:(lra)); nra). lra. }
  rewrite E, Rmult_0_r in M. apply Rmult_le_reg_l with (bell x); lra. Qed.
Lemma r_pos k x : 0 <= x -> 0 <= r k x.
Proof. apply (pos_of_ode (r k) (source k)); [apply r_deriv|apply r_0|].
  intros z Hz. destruct k as [|k]; cbn; [lra|]. assert (T := t_pos k z Hz). pos. Qed.
(* the ratio of remainder and term decreases with k *)
Lemma r_ratio k x : 0 <= x -> r (S k) x <= 2 * a * (x * x) / INR (2 * k + 3) * r k x.
Proof. intros Hx. assert (P := odd_pos k). set (c := INR (2 * k + 3)) in *.
  set (h := fun z => 2 * a / c * (z * z * r k z) - r (S k) z).
  assert (H : 0 <= h x).
  { apply (pos_of_ode h (fun z => 4 * a / c * z * r (S k) z)); [| | |exact Hx].
    - intros z. unfold h.
      apply (dpl_eq _ _ (2 * a / c * ((1 * z + z * 1) * r k z + z * z * (2 * a * z * r k z + source k z))
        - (2 * a * z * r (S k) z + source (S k) z))).
      { assert (E : z * z * source k z = (c - 2) * (z * t k z)).
        { unfold c. destruct k as [|k]; [rewrite odd_0; cbn;
          ring|]. rewrite odd_S. cbn [source t]. assert (X := odd_pos k). field. lra. }
        replace (z * z * (2 * a * z * r k z + source k z)) with (z * z * (2 * a * z * r k z) + z * z * source k z) by ring.
        rewrite E. cbn [r source]. field. lra. }
      apply (derivable_pt_lim_minus (fun z => 2 * a / c * (z * z * r k z)) (r (S k))); [|apply r_deriv].
      apply (derivable_pt_lim_scal (fun z => z * z * r k z)), (derivable_pt_lim_mult (fun z => z * z) (r k));
        [|apply r_deriv].
      apply (derivable_pt_lim_mult id id); apply derivable_pt_lim_id.
    - unfold h. rewrite !r_0. ring.
    - intros z Hz. assert (R := r_pos (S k) z Hz). pos. }
  unfold h in H. replace (2 * a * (x * x) / c * r k x) with (2 * a / c * (x * x * r k x)) by (field; lra). lra. Qed.

(* g k = r k / t k; at x = 0, where every t k vanishes, 1 *)
Definition g (x : R) (k : nat) : R := if Req_EM_T x 0 then 1 else r k x / t k x.
Lemma t_gt k x : 0 < x -> 0 < t k x.
Proof. intros Hx. induction k as [|k IH]; [exact Hx|]. cbn [t]. assert (P := odd_pos k).
  apply Rmult_lt_0_compat; [|exact IH]. apply Rdiv_lt_0_compat; [|exact P]. assert (0 < x * x) by nra. nra. Qed.
Lemma g_step x k : 0 <= x -> g x k = 1 + 2 * a * (x * x) / INR (2 * k + 3) * g x (S k).
Proof. intros Hx. unfold g. assert (P := odd_pos k). destruct (Req_EM_T x 0) as [->|N]; [field; lra|].
  assert (T := t_gt k x ltac:(lra)). cbn [r t]. field. repeat split; lra. Qed.
Lemma g_range x k : 0 <= x -> 0 <= g x (S k) <= g x k.
Proof. intros Hx. unfold g. destruct (Req_EM_T x 0) as [->|N]; [lra|].
  assert (T := t_gt k x ltac:(lra)). assert (T1 := t_gt (S k) x ltac:(lra)). assert (R := r_pos (S k) x Hx).
    assert (Q := r_ratio k x Hx).
  split; [pos|]. apply Rmult_le_reg_r with (t (S k) x); [lra|].
  replace (r (S k) x / t (S k) x * t (S k) x) with (r (S k) x) by (field; lra). eapply Rle_trans; [exact Q|]. right. cbn [t].
  assert (P := odd_pos k). field. lra. Qed.
Lemma g_le_0 x k : 0 <= x -> 0 <= g x k <= g x 0.
Proof. intros Hx. split.
  - destruct k as [|k]; [destruct (g_range x 0 Hx); lra|]. apply g_range, Hx.
  - induction k as [|k IH]; [lra|]. destruct (g_range x k Hx). lra. Qed.
Lemma gauss_g x : 0 <= x -> gauss x = bell x * (x * g x 0).
Proof. intros Hx. unfold g. destruct (Req_EM_T x 0) as [->|N]; [rewrite gauss_0; ring|]. cbn [r t].
  assert (B := bell_pos x). field. lra. Qed.
End Gauss.
