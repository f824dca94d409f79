(* SPDX-License-Identifier: Apache-2.0 *)
(* What the proofs of theorem_a.md and theorem_a_variants.md use of sums and norms without saying so: finite sums,
   Cauchy-Schwarz, the triangle inequality, |A x| <= |A|_F |x|, the 1-norm against the 2-norm, and duality: a bound of
   <z, x> for all z is a bound of |x|.

   Vectors are functions nat -> R, matrices nat -> nat -> R; the sizes are arguments, and nothing is said of entries
   beyond them. Vectors and matrices share one proof of each fact: both norms come from a positive functional, a sum or a
   double sum. The tactic pos closes 0 <= u for products, sums and quotients without unfolding definitions. *)
Require Import Reals Lra Lia Psatz.
Open Scope R_scope.

Fixpoint sum (n : nat) (f : nat -> R) : R :=
  match n with O => 0 | S k => sum k f + f k end.

Lemma sum_ext n f g : (forall i, (i < n)%nat -> f i = g i) -> sum n f = sum n g.
Proof. induction n as [|n IH]; simpl; intros H; [easy|]. rewrite IH, H; auto with arith. Qed.

Lemma sum_le n f g : (forall i, (i < n)%nat -> f i <= g i) -> sum n f <= sum n g.
Proof. induction n as [|n IH]; simpl; intros H; [lra|].
  apply Rplus_le_compat; auto with arith. Qed.

Lemma sum_add n f g : sum n (fun i => f i + g i) = sum n f + sum n g.
Proof. induction n as [|n IH]; simpl; [ring|rewrite IH; ring]. Qed.

Lemma sum_scal n c f : sum n (fun i => c * f i) = c * sum n f.
Proof. induction n as [|n IH]; simpl; [ring|rewrite IH; ring]. Qed.

Lemma sum_scal_r n c f : sum n (fun i => f i * c) = sum n f * c.
Proof. induction n as [|n IH]; simpl; [ring|rewrite IH; ring]. Qed.

Lemma sum_sub n f g : sum n (fun i => f i - g i) = sum n f - sum n g.
Proof. induction n as [|n IH]; simpl; [ring|rewrite IH; ring]. Qed.

Lemma sum_zero n : sum n (fun _ => 0) = 0.
Proof. induction n as [|n IH]; simpl; [ring|rewrite IH; ring]. Qed.

Lemma sum_pos n f : (forall i, (i < n)%nat -> 0 <= f i) -> 0 <= sum n f.
Proof. intros H. rewrite <- (sum_zero n). now apply sum_le. Qed.

Lemma sum_swap n m (f : nat -> nat -> R) :
  sum n (fun i => sum m (fun j => f i j)) = sum m (fun j => sum n (fun i => f i j)).
Proof. induction n as [|n IH]; simpl; [now rewrite sum_zero|].
  now rewrite IH, sum_add. Qed.

Lemma sum_abs n f : Rabs (sum n f) <= sum n (fun i => Rabs (f i)).
Proof. induction n as [|n IH]; simpl; [rewrite Rabs_R0; lra|].
  eapply Rle_trans; [apply Rabs_triang|]. lra. Qed.

Lemma sum_term n f i : (forall j, (j < n)%nat -> 0 <= f j) -> (i < n)%nat -> f i <= sum n f.
Proof. induction n as [|n IH]; intros H Hi; [lia|]. simpl.
  destruct (Nat.eq_dec i n) as [->|].
  - assert (0 <= sum n f) by (apply sum_pos; auto with arith). lra.
  - assert (f i <= sum n f) by (apply IH; auto with arith; lia).
    assert (0 <= f n) by auto with arith. lra. Qed.

Lemma Rabs_le_inv x c : Rabs x <= c -> - c <= x <= c.
Proof. intros E. unfold Rabs in E. destruct (Rcase_abs x); lra. Qed.

(* A positive linear functional on functions I -> R: sum n on nat, a double sum on nat * nat. *)
Section Pos.
Variable I : Type.
Variable P : I -> Prop.
Variable s : (I -> R) -> R.
Record posfun : Prop := {
  s_add : forall f g, s (fun i => f i + g i) = s f + s g;
  s_scal : forall c f, s (fun i => c * f i) = c * s f;
  s_le : forall f g, (forall i, P i -> f i <= g i) -> s f <= s g }.
Hypothesis H : posfun.

Definition dotS (x y : I -> R) := s (fun i => x i * y i).
Definition nrmS (x : I -> R) := sqrt (dotS x x).

Lemma s_ext f g : (forall i, P i -> f i = g i) -> s f = s g.
Proof. intros E. apply Rle_antisym; apply (s_le H); intros i Hi; rewrite (E i Hi); lra. Qed.

Lemma s_zero : s (fun _ => 0) = 0.
Proof. rewrite (s_ext _ (fun i => 0 * 0)) by (intros; ring). rewrite (s_scal H). ring. Qed.

Lemma s_pos f : (forall i, P i -> 0 <= f i) -> 0 <= s f.
Proof. intros E. rewrite <- s_zero. now apply (s_le H). Qed.

Lemma dotS_pos x : 0 <= dotS x x.
Proof. apply s_pos. intros. nra. Qed.

Lemma nrmS_pos x : 0 <= nrmS x.
Proof. apply sqrt_pos. Qed.

Lemma nrmS_sq x : nrmS x * nrmS x = dotS x x.
Proof. apply sqrt_sqrt, dotS_pos. Qed.

Lemma dotS_quad x y t : dotS (fun i => x i + t * y i) (fun i => x i + t * y i)
  = dotS x x + 2 * t * dotS x y + t * t * dotS y y.
Proof. unfold dotS.
  rewrite (s_ext _ (fun i => (x i * x i + (2 * t) * (x i * y i)) + (t * t) * (y i * y i)))
    by (intros; ring).
  now rewrite !(s_add H), !(s_scal H). Qed.

(* Cauchy-Schwarz *)
Lemma CS_sq x y : dotS x y * dotS x y <= dotS x x * dotS y y.
Proof. assert (Hx := dotS_pos x). assert (Hy := dotS_pos y).
  destruct (Req_dec (dotS y y) 0) as [E|E].
  - destruct (Req_dec (dotS x y) 0) as [F|F]; [rewrite F, E; lra|exfalso].
    assert (Q := dotS_pos (fun i => x i + (- (dotS x x + 1) / (2 * dotS x y)) * y i)).
    rewrite dotS_quad, E in Q.
    replace (dotS x x + 2 * (- (dotS x x + 1) / (2 * dotS x y)) * dotS x y + _) with (-1) in Q
      by (field; auto). lra.
  - assert (Q := dotS_pos (fun i => x i + (- dotS x y / dotS y y) * y i)).
    rewrite dotS_quad in Q.
    replace (dotS x x + _ + _) with (dotS x x - dotS x y * dotS x y / dotS y y) in Q by (field; auto).
    assert (dotS x y * dotS x y / dotS y y * dotS y y <= dotS x x * dotS y y)
      by (apply Rmult_le_compat_r; lra).
    replace (dotS x y * dotS x y / dotS y y * dotS y y) with (dotS x y * dotS x y) in * by (field; auto).
    lra. Qed.

Lemma CS x y : Rabs (dotS x y) <= nrmS x * nrmS y.
Proof. unfold nrmS. rewrite <- sqrt_mult by apply dotS_pos. rewrite <- sqrt_Rsqr_abs.
  apply sqrt_le_1_alt. apply CS_sq. Qed.

Lemma CS' x y : dotS x y <= nrmS x * nrmS y.
Proof. eapply Rle_trans; [apply Rle_abs|apply CS]. Qed.

Lemma nrmS_le_sq x c : 0 <= c -> dotS x x <= c * c -> nrmS x <= c.
Proof. intros Hc E. unfold nrmS. rewrite <- (sqrt_square c Hc). now apply sqrt_le_1_alt. Qed.

Lemma nrmS_add x y : nrmS (fun i => x i + y i) <= nrmS x + nrmS y.
Proof. assert (Hx := nrmS_pos x). assert (Hy := nrmS_pos y).
  apply nrmS_le_sq; [lra|].
  replace (dotS (fun i => x i + y i) (fun i => x i + y i)) with
    (dotS x x + 2 * 1 * dotS x y + 1 * 1 * dotS y y).
  2:{ rewrite <- dotS_quad. unfold dotS. apply s_ext. intros; ring. }
  assert (C := CS' x y). rewrite <- (nrmS_sq x), <- (nrmS_sq y). nra. Qed.

Lemma nrmS_scal c x : nrmS (fun i => c * x i) = Rabs c * nrmS x.
Proof. unfold nrmS.
  replace (dotS (fun i => c * x i) (fun i => c * x i)) with ((c * c) * dotS x x).
  2:{ unfold dotS. rewrite <- (s_scal H). apply s_ext. intros; ring. }
  rewrite sqrt_mult by (try apply dotS_pos; nra).
  f_equal. rewrite <- sqrt_Rsqr_abs. reflexivity. Qed.

Lemma nrmS_mono x y : (forall i, P i -> Rabs (x i) <= Rabs (y i)) -> nrmS x <= nrmS y.
Proof. intros E. unfold nrmS. apply sqrt_le_1_alt. apply (s_le H). intros i Hi.
  assert (A := Rsqr_le_abs_1 _ _ (E i Hi)). exact A. Qed.

Lemma nrmS_mono_c x y c : 0 <= c -> (forall i, P i -> Rabs (x i) <= c * Rabs (y i)) ->
  nrmS x <= c * nrmS y.
Proof. intros Hc E. rewrite <- (Rabs_right c) by lra. rewrite <- nrmS_scal.
  apply nrmS_mono. intros i Hi. rewrite Rabs_mult, (Rabs_right c) by lra. auto. Qed.

Lemma nrmS_ext x y : (forall i, P i -> x i = y i) -> nrmS x = nrmS y.
Proof. intros E. unfold nrmS, dotS. f_equal. apply s_ext. intros i Hi. now rewrite (E i Hi). Qed.

Lemma nrmS_opp x : nrmS (fun i => - x i) = nrmS x.
Proof. rewrite (nrmS_ext _ (fun i => (-1) * x i)) by (intros; ring).
  rewrite nrmS_scal, (Rabs_left (-1)) by lra. ring. Qed.

Lemma nrmS_sub x y : nrmS (fun i => x i - y i) <= nrmS x + nrmS y.
Proof. rewrite (nrmS_ext _ (fun i => x i + - y i)) by (intros; ring).
  eapply Rle_trans; [apply nrmS_add|]. rewrite (nrmS_opp y). lra. Qed.

Lemma nrmS_sub_low x y : nrmS x - nrmS (fun i => y i - x i) <= nrmS y.
Proof. assert (T := nrmS_add y (fun i => x i - y i)). cbv beta in T.
  rewrite (nrmS_ext (fun i => y i + (x i - y i)) x) in T by (intros; ring).
  rewrite (nrmS_ext (fun i => x i - y i) (fun i => - (y i - x i))) in T by (intros; ring).
  rewrite (nrmS_opp (fun i => y i - x i)) in T. lra. Qed.

(* duality: a norm bound from a bound of all scalar products *)
Lemma nrmS_dual x c : 0 <= c -> (forall z, dotS z x <= c * nrmS z) -> nrmS x <= c.
Proof. intros Hc E. assert (N := nrmS_pos x). specialize (E x). rewrite <- nrmS_sq in E.
  destruct (Req_dec (nrmS x) 0) as [->|Nz]; [lra|]. nra. Qed.
End Pos.

(* the two instances *)
Definition ltn (n i : nat) := (i < n)%nat.
Lemma pos_vec n : posfun nat (ltn n) (sum n).
Proof. split; [apply sum_add|apply sum_scal|apply sum_le]. Qed.

Definition sum2 (p n : nat) (f : nat * nat -> R) := sum p (fun r => sum n (fun i => f (r, i))).
Definition ltn2 (p n : nat) (ri : nat * nat) := (fst ri < p)%nat /\ (snd ri < n)%nat.
Lemma pos_mat p n : posfun (nat * nat) (ltn2 p n) (sum2 p n).
Proof. unfold sum2. split.
  - intros f g. rewrite <- sum_add. apply sum_ext. intros. now rewrite sum_add.
  - intros c f. rewrite <- sum_scal. apply sum_ext. intros. now rewrite sum_scal.
  - intros f g E. apply sum_le. intros r Hr. apply sum_le. intros i Hi. apply E. split; assumption. Qed.

Definition vec := nat -> R.
Definition mat := nat -> nat -> R.
Definition dot n (x y : vec) := sum n (fun i => x i * y i).
Definition nrm n (x : vec) := sqrt (dot n x x).
Definition frob p n (A : mat) := sqrt (sum p (fun r => sum n (fun i => A r i * A r i))).
Definition unc (A : mat) := fun ri : nat * nat => A (fst ri) (snd ri).

Lemma nrm_def n x : nrm n x = nrmS nat (sum n) x.          Proof. reflexivity. Qed.
Lemma frob_def p n A : frob p n A = nrmS (nat * nat) (sum2 p n) (unc A). Proof. reflexivity. Qed.

Section Vec.
Variable n : nat.
Notation H := (pos_vec n).
Lemma nrm_pos x : 0 <= nrm n x.   Proof. apply sqrt_pos. Qed.
Lemma nrm_sq x : nrm n x * nrm n x = dot n x x.  Proof. apply (nrmS_sq _ _ _ H). Qed.
Lemma dot_CS x y : Rabs (dot n x y) <= nrm n x * nrm n y.  Proof. apply (CS _ _ _ H). Qed.
Lemma dot_CS' x y : dot n x y <= nrm n x * nrm n y.  Proof. apply (CS' _ _ _ H). Qed.
Lemma nrm_add x y : nrm n (fun i => x i + y i) <= nrm n x + nrm n y.  Proof. apply (nrmS_add _ _ _ H). Qed.
Lemma nrm_sub x y : nrm n (fun i => x i - y i) <= nrm n x + nrm n y.  Proof. apply (nrmS_sub _ _ _ H). Qed.
Lemma nrm_scal c x : nrm n (fun i => c * x i) = Rabs c * nrm n x.  Proof. apply (nrmS_scal _ _ _ H). Qed.
Lemma nrm_opp x : nrm n (fun i => - x i) = nrm n x.  Proof. apply (nrmS_opp _ _ _ H). Qed.
Lemma nrm_ext x y : (forall i, (i < n)%nat -> x i = y i) -> nrm n x = nrm n y.
Proof. intros E. apply (nrmS_ext _ _ _ H x y E). Qed.
Lemma nrm_mono x y : (forall i, (i < n)%nat -> Rabs (x i) <= Rabs (y i)) -> nrm n x <= nrm n y.
Proof. intros E. apply (nrmS_mono _ _ _ H x y E). Qed.
Lemma nrm_mono_c x y c : 0 <= c -> (forall i, (i < n)%nat -> Rabs (x i) <= c * Rabs (y i)) ->
  nrm n x <= c * nrm n y.
Proof. intros Hc E. apply (nrmS_mono_c _ _ _ H x y c Hc E). Qed.
Lemma nrm_le_sq x c : 0 <= c -> dot n x x <= c * c -> nrm n x <= c.  Proof. apply (nrmS_le_sq nat (sum n)). Qed.
Lemma nrm_dual x c : 0 <= c -> (forall z, dot n z x <= c * nrm n z) -> nrm n x <= c.
Proof. apply (nrmS_dual _ _ _ H). Qed.
Lemma nrm_sub_low x y : nrm n x - nrm n (fun i => y i - x i) <= nrm n y. Proof. apply (nrmS_sub_low _ _ _ H). Qed.
Lemma dot_ext x x' y y' : (forall i, (i < n)%nat -> x i = x' i) -> (forall i, (i < n)%nat -> y i = y' i) ->
  dot n x y = dot n x' y'.
Proof. intros E F. apply sum_ext. intros i Hi. now rewrite E, F. Qed.
Lemma dot_sym x y : dot n x y = dot n y x.  Proof. apply sum_ext. intros. ring. Qed.
Lemma dot_add_r x y z : dot n x (fun i => y i + z i) = dot n x y + dot n x z.
Proof. unfold dot. rewrite <- sum_add. apply sum_ext. intros. ring. Qed.
Lemma dot_sub_r x y z : dot n x (fun i => y i - z i) = dot n x y - dot n x z.
Proof. unfold dot. rewrite <- sum_sub. apply sum_ext. intros. ring. Qed.
Lemma dot_scal_r c x y : dot n x (fun i => c * y i) = c * dot n x y.
Proof. unfold dot. rewrite <- sum_scal. apply sum_ext. intros. ring. Qed.
Lemma nrm_entry x i : (i < n)%nat -> Rabs (x i) <= nrm n x.
Proof. intros Hi. rewrite <- sqrt_Rsqr_abs. apply sqrt_le_1_alt. unfold dot, Rsqr.
  apply (sum_term n (fun i => x i * x i)); [intros; nra|assumption]. Qed.
Lemma nrm_zero : nrm n (fun _ => 0) = 0.
Proof. unfold nrm, dot. rewrite (sum_ext n _ (fun _ => 0)) by (intros; ring). rewrite sum_zero. apply sqrt_0. Qed.
(* 1-norm against 2-norm: sum |x_i| |y_i| <= |x| |y| *)
Lemma sum_abs_CS x y : sum n (fun i => Rabs (x i) * Rabs (y i)) <= nrm n x * nrm n y.
Proof. eapply Rle_trans; [apply (dot_CS' (fun i => Rabs (x i)) (fun i => Rabs (y i)))|].
  apply Rmult_le_compat; try apply nrm_pos; apply nrm_mono; intros; rewrite Rabs_Rabsolu; lra. Qed.
End Vec.

Section Mat.
Variables p n : nat.
Notation H := (pos_mat p n).
Lemma frob_pos A : 0 <= frob p n A.  Proof. apply sqrt_pos. Qed.
Lemma frob_add A B : frob p n (fun r i => A r i + B r i) <= frob p n A + frob p n B.
Proof. apply (nrmS_add _ _ _ H (unc A) (unc B)). Qed.
Lemma frob_ext A B : (forall r i, (r < p)%nat -> (i < n)%nat -> A r i = B r i) -> frob p n A = frob p n B.
Proof. intros E. apply (nrmS_ext _ _ _ H (unc A) (unc B)). intros [r i] [Hr Hi]. now apply E. Qed.
Lemma frob_mono_c A B c : 0 <= c -> (forall r i, (r < p)%nat -> (i < n)%nat -> Rabs (A r i) <= c * Rabs (B r i)) ->
  frob p n A <= c * frob p n B.
Proof. intros Hc E. apply (nrmS_mono_c _ _ _ H (unc A) (unc B) c Hc). intros [r i] [Hr Hi]. now apply E. Qed.
Lemma frob_sq A : frob p n A * frob p n A = sum p (fun r => dot n (A r) (A r)).
Proof. apply (nrmS_sq _ _ _ H (unc A)). Qed.
Lemma frob_le_sq A c : 0 <= c -> sum p (fun r => dot n (A r) (A r)) <= c * c -> frob p n A <= c.
Proof. intros Hc E. apply (nrmS_le_sq _ (sum2 p n) (unc A) c Hc E). Qed.
(* rows: if |A_r| <= w_r c then |A|_F <= |w| c *)
Lemma frob_rows A (w : vec) c : 0 <= c -> (forall r, (r < p)%nat -> nrm n (A r) <= Rabs (w r) * c) ->
  frob p n A <= nrm p w * c.
Proof. intros Hc E. assert (Hw := nrm_pos p w). apply frob_le_sq; [nra|].
  apply Rle_trans with (sum p (fun r => (w r * w r) * (c * c))).
  - apply sum_le. intros r Hr. rewrite <- nrm_sq. assert (N := nrm_pos n (A r)). specialize (E r Hr).
    assert (Rabs (w r) * Rabs (w r) = w r * w r) by (rewrite <- Rabs_mult; apply Rabs_right; nra).
    nra.
  - rewrite sum_scal_r. change (sum p (fun i => w i * w i)) with (dot p w w). rewrite <- nrm_sq. nra. Qed.
(* |A x| <= |A|_F |x| and |A^T w| <= |A|_F |w| *)
Definition mulv (A : mat) (x : vec) : vec := fun r => sum n (fun i => A r i * x i).
Definition mulvT (A : mat) (w : vec) : vec := fun i => sum p (fun r => A r i * w r).
Lemma frob_mulv A x : nrm p (mulv A x) <= frob p n A * nrm n x.
Proof. assert (Hx := nrm_pos n x). assert (HA := frob_pos A).
  apply nrm_le_sq; [nra|].
  apply Rle_trans with (sum p (fun r => dot n (A r) (A r) * (nrm n x * nrm n x))).
  - apply sum_le. intros r Hr. rewrite (nrm_sq n x). apply (CS_sq _ _ _ (pos_vec n) (A r) x).
  - rewrite sum_scal_r, <- frob_sq. nra. Qed.
End Mat.
Lemma frob_row p n A r : (r < p)%nat -> nrm n (A r) <= frob p n A.
Proof. intros Hr. apply sqrt_le_1_alt.
  apply (sum_term p (fun r => dot n (A r) (A r))); [intros; apply (dotS_pos _ _ _ (pos_vec n))|assumption]. Qed.
Lemma frob_entry p n A r i : (r < p)%nat -> (i < n)%nat -> Rabs (A r i) <= frob p n A.
Proof. intros Hr Hi. apply Rle_trans with (nrm n (A r)); [now apply nrm_entry|now apply frob_row]. Qed.
Lemma frob_transpose p n A : frob n p (fun i r => A r i) = frob p n A.
Proof. unfold frob. f_equal. apply sum_swap. Qed.
Lemma frob_mulvT p n A w : nrm n (mulvT p A w) <= frob p n A * nrm p w.
Proof. rewrite <- frob_transpose. apply (frob_mulv n p (fun i r => A r i) w). Qed.
Lemma mulv_adj p n A x w : dot p (mulv n A x) w = dot n x (mulvT p A w).
Proof. unfold dot, mulv, mulvT.
  rewrite (sum_ext p _ (fun r => sum n (fun i => A r i * x i * w r))).
  2:{ intros. now rewrite sum_scal_r. }
  rewrite sum_swap. apply sum_ext. intros i Hi. rewrite <- sum_scal. apply sum_ext. intros. ring. Qed.
Lemma sqrt_INR_pos p : (0 < p)%nat -> 0 < sqrt (INR p).
Proof. intros. apply sqrt_lt_R0. now apply lt_0_INR. Qed.
(* 0 <= products, sums, quotients; syntactic, so that definitions are not unfolded *)
Create HintDb pos.
Lemma Rdiv_pos a b : 0 <= a -> 0 < b -> 0 <= a / b.
Proof. intros. unfold Rdiv. apply Rmult_le_pos; [assumption|left; now apply Rinv_0_lt_compat]. Qed.
Ltac pos1 := match goal with
 | |- 0 <= ?a * ?a => apply (Rle_0_sqr a)
 | |- 0 <= ?a * ?b => apply (Rmult_le_pos a b)
 | |- 0 <= ?a + ?b => apply (Rplus_le_le_0_compat a b)
 | |- 0 <= ?a / ?b => apply (Rdiv_pos a b)
 | |- 0 <= / ?a => left; apply (Rinv_0_lt_compat a)
 | |- 0 <= Rabs ?a => apply (Rabs_pos a)
 | |- 0 <= nrm ?n ?x => apply (nrm_pos n x)
 | |- 0 <= frob ?p ?n ?x => apply (frob_pos p n x)
 | |- 0 <= sqrt ?x => apply (sqrt_pos x)
 | |- 0 <= dot ?n ?x ?x => apply (dotS_pos _ _ _ (pos_vec n) x)
 | |- 0 <= sum ?n ?f => apply (sum_pos n f); intros
 end.
Ltac pos := first [assumption | solve [auto with pos] | lra | pos1; pos].
