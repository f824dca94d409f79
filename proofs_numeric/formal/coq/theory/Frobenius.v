(* SPDX-License-Identifier: Apache-2.0 *)
(* Matrices as vectors: the scalar product of Frobenius, duality, operator norms column by column and row by row, the
   index i k + c; from the definiteness statement (A.30) to the rate (A.29); the cosine (A.23) in Frobenius norms. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums Forms TheoremA.
Open Scope R_scope.

(* <Z, X>_F *)
Definition fdot n k (Z X : mat) := sum n (fun i => dot k (Z i) (X i)).
(* A X for A with n columns and X of n rows; A^T B for A, B with p rows *)
Definition mulm n (A X : mat) : mat := fun r o => mulv n A (fun i => X i o) r.
Definition mulmT p (A B : mat) : mat := fun i o => mulvT p A (fun r => B r o) i.

Lemma fdot_def n k Z X : fdot n k Z X = dotS _ (sum2 n k) (unc Z) (unc X).  Proof. reflexivity. Qed.
Lemma fdot_CS n k Z X : Rabs (fdot n k Z X) <= frob n k Z * frob n k X.
Proof. apply (CS _ _ _ (pos_mat n k) (unc Z) (unc X)). Qed.
Lemma frob_fdot n k X : frob n k X * frob n k X = fdot n k X X.
Proof. apply frob_sq. Qed.
Lemma fdot_ext n k Z Z' X X' : (forall i c, (i < n)%nat -> (c < k)%nat -> Z i c = Z' i c) ->
  (forall i c, (i < n)%nat -> (c < k)%nat -> X i c = X' i c) -> fdot n k Z X = fdot n k Z' X'.
Proof. intros E F. apply sum_ext. intros i Hi. apply dot_ext; intros c Hc; auto. Qed.
Lemma fdot_sub_r n k Z X Y : fdot n k Z (fun i c => X i c - Y i c) = fdot n k Z X - fdot n k Z Y.
Proof. unfold fdot. rewrite <- sum_sub. apply sum_ext. intros i _. apply dot_sub_r. Qed.
Lemma frob_sub p n X Y : frob p n (fun r i => X r i - Y r i) <= frob p n X + frob p n Y.
Proof. apply (nrmS_sub _ _ _ (pos_mat p n) (unc X) (unc Y)). Qed.
Lemma frob_scal p n c X : frob p n (fun r i => c * X r i) = Rabs c * frob p n X.
Proof. apply (nrmS_scal _ _ _ (pos_mat p n) c (unc X)). Qed.
Lemma frob_mono p n X Y : (forall r i, (r < p)%nat -> (i < n)%nat -> Rabs (X r i) <= Rabs (Y r i)) -> frob p n X
  <= frob p n Y.
Proof. intros E. rewrite <- (Rmult_1_l (frob p n Y)). apply frob_mono_c; [lra|]. intros. rewrite Rmult_1_l. auto. Qed.
Lemma frob_zero p n X : (forall r i, (r < p)%nat -> (i < n)%nat -> X r i = 0) -> frob p n X = 0.
Proof. intros E. assert (N := frob_pos p n X). apply Rle_antisym; [|assumption].
  rewrite (frob_ext p n X (fun _ _ => 0 * 0)) by (intros; rewrite E; auto; ring).
  rewrite (frob_scal p n 0 (fun _ _ => 0)), Rabs_R0. lra. Qed.
Lemma frob_dual n k X c : 0 <= c -> (forall Z, fdot n k Z X <= c * frob n k Z) -> frob n k X <= c.
Proof. intros Hc E. assert (N := frob_pos n k X). specialize (E X). rewrite <- frob_fdot in E.
  destruct (Req_dec (frob n k X) 0) as [->|Nz]; [lra|]. nra. Qed.

(* |X|_F is the norm of the vector of its row norms *)
Lemma nrm_rows p k X : nrm p (fun r => nrm k (X r)) = frob p k X.
Proof. unfold nrm at 1, frob, dot at 1. f_equal. apply sum_ext. intros r _. apply nrm_sq. Qed.
Lemma nrm_cols n k X : nrm k (fun c => nrm n (fun i => X i c)) = frob n k X.
Proof. rewrite (nrm_rows k n (fun c i => X i c)). apply (frob_transpose n k X). Qed.

(* |A x| <= g |x| for vectors gives the same for matrices *)
Lemma frob_mulm p n k A X g : 0 <= g -> (forall x, nrm p (mulv n A x) <= g * nrm n x) -> frob p k (mulm n A X)
  <= g * frob n k X.
Proof. intros Hg E. rewrite <- frob_transpose, <- (nrm_cols n k X), Rmult_comm. apply frob_rows; [assumption|].
  intros c _. rewrite Rabs_right by (apply Rle_ge, nrm_pos). rewrite Rmult_comm. apply E. Qed.
Lemma frob_mulmT p n k A B : frob n k (mulmT p A B) <= frob p n A * frob p k B.
Proof. apply (frob_mulm n p k (fun i r => A r i) B (frob p n A)); [apply frob_pos|]. intros w. apply frob_mulvT. Qed.
(* |X C^T|_F <= |X|_F |C|_F, row r of the transpose being X c_r *)
Lemma frob_outer p n k X (C : mat) : frob p n (fun r => mulv k X (C r)) <= frob p k C * frob n k X.
Proof. rewrite <- (nrm_rows p k C). apply frob_rows; [apply frob_pos|]. intros r _.
  rewrite Rabs_right by (apply Rle_ge, nrm_pos). rewrite Rmult_comm. apply frob_mulv. Qed.
Lemma fdot_mulm p n k A B X : fdot n k X (mulmT p A B) = fdot p k (mulm n A X) B.
Proof. unfold fdot, dot. rewrite (sum_swap n k), (sum_swap p k). apply sum_ext. intros c _.
  symmetry. apply (mulv_adj p n A (fun i => X i c) (fun r => B r c)). Qed.
(* |sum_r u_r b_r| <= sum_r |u_r| |b_r| *)
Lemma nrm_sum p k (B : mat) (u : vec) : nrm k (fun c => sum p (fun r => B r c * u r))
  <= sum p (fun r => nrm k (B r) * Rabs (u r)).
Proof. induction p as [|p IH]; simpl; [rewrite nrm_zero; lra|].
  eapply Rle_trans; [apply nrm_add|]. apply Rplus_le_compat; [exact IH|].
  rewrite (nrm_ext k _ (fun c => u p * B p c)) by (intros; ring). rewrite nrm_scal. right. ring. Qed.
Lemma sum_term_le p f c : (forall r, (r < p)%nat -> 0 <= f r) -> sum p f <= c -> forall r, (r < p)%nat -> f r <= c.
Proof. intros H S r Hr. eapply Rle_trans; [apply (sum_term p f r H Hr)|exact S]. Qed.

(* sums of fourth powers against the norm: |(u_r^2)| <= |u|^2 *)
Lemma sum_fourth p (u : vec) : sum p (fun r => u r * u r * (u r * u r))
  <= sum p (fun r => u r * u r) * sum p (fun r => u r * u r).
Proof. induction p as [|p IH]; simpl; [lra|].
  assert (0 <= sum p (fun i => u i * u i)) by (apply sum_pos; intros; nra). assert (0 <= u p * u p) by nra.
  set (s := sum p (fun i => u i * u i)) in *. set (w := u p * u p) in *. assert (0 <= s * w) by (apply Rmult_le_pos;
    assumption). lra. Qed.
Lemma nrm_square p (u : vec) : nrm p (fun r => u r * u r) <= nrm p u * nrm p u.
Proof. rewrite (nrm_sq p u). apply nrm_le_sq; [apply (dotS_pos _ _ _ (pos_vec p))|]. apply sum_fourth. Qed.

(* the index r k + c *)
Lemma sum_plus a b f : sum (a + b) f = sum a f + sum b (fun i => f (a + i)%nat).
Proof. induction b as [|b IH]; [rewrite Nat.add_0_r; simpl; ring|]. rewrite Nat.add_succ_r. simpl. rewrite IH. ring. Qed.
Lemma sum_flat p k f : sum (p * k) f = sum p (fun r => sum k (fun c => f (r * k + c)%nat)).
Proof. induction p as [|p IH]; [reflexivity|]. simpl. rewrite Nat.add_comm, sum_plus, IH. reflexivity. Qed.
Definition flat k (X : mat) : vec := fun a => X (a / k)%nat (a mod k)%nat.
Definition unflat k (x : vec) : mat := fun i c => x (i * k + c)%nat.
Lemma flat_at k X i c : (c < k)%nat -> flat k X (i * k + c)%nat = X i c.
Proof. intros Hc. unfold flat. rewrite Nat.div_add_l by lia. rewrite (Nat.div_small c k Hc), Nat.add_0_r.
  rewrite Nat.add_comm, Nat.mod_add by lia. now rewrite Nat.mod_small. Qed.
Lemma dot_flat p k X Y : dot (p * k) (flat k X) (flat k Y) = fdot p k X Y.
Proof. unfold dot. rewrite sum_flat. apply sum_ext. intros r Hr. apply sum_ext. intros c Hc. now rewrite !flat_at. Qed.
Lemma nrm_flat p k X : nrm (p * k) (flat k X) = frob p k X.
Proof. unfold nrm. rewrite dot_flat. reflexivity. Qed.

(* (A.30) gives (A.29), for any linear or other map T: (1 - eta m0)^2 |x|^2 - |x - eta T x|^2 is eta times the form. *)
Section Rate.
Variables n k : nat.
Variable T : mat -> mat.
Variables eta m0 : R.
Hypothesis eta_pos : 0 < eta.
Hypothesis m0_ok : eta * m0 <= 1.
Hypothesis form : forall X, (2 * m0 - eta * (m0 * m0)) * fdot n k X X <= 2 * fdot n k X (T X) - eta * fdot n k (T X) (T X).
Lemma rate_of_form X : frob n k (fun i c => X i c - eta * T X i c) <= (1 - eta * m0) * frob n k X.
Proof. assert (N := frob_pos n k X).
  assert (Hs : 0 <= (1 - eta * m0) * frob n k X) by (apply Rmult_le_pos; lra).
  apply (nrmS_le_sq _ (sum2 n k) (unc (fun i c => X i c - eta * T X i c)) _ Hs).
  change (fun ri : nat * nat => X (fst ri) (snd ri)) with (unc X).
  assert (Q := dotS_quad _ _ _ (pos_mat n k) (unc X) (unc (T X)) (- eta)). rewrite <- !fdot_def in Q.
  replace (dotS _ (sum2 n k) (unc (fun i c => X i c - eta * T X i c)) (unc (fun i c => X i c - eta * T X i c)))
    with (fdot n k X X + 2 * - eta * fdot n k X (T X) + - eta * - eta * fdot n k (T X) (T X)).
  2:{ rewrite <- Q. unfold dotS. apply (s_ext _ _ _ (pos_mat n k)). intros [i c] _. unfold unc. simpl. ring. }
  replace ((1 - eta * m0) * frob n k X * ((1 - eta * m0) * frob n k X))
    with ((1 - eta * m0) * (1 - eta * m0) * (frob n k X * frob n k X)) by ring.
  rewrite frob_fdot. assert (F := form X). apply (Rmult_le_compat_l eta) in F; [|lra]. lra. Qed.
End Rate.

(* The same with the matrix of T: index i k + c, the form of M + M^T - eta M^T M - (2 m0 - eta m0^2) I is at least 0. *)
Definition rate_matrix N eta m0 (M : mat) : mat := fun a a' =>
  M a a' + M a' a - eta * sum N (fun l => M l a * M l a') - (2 * m0 - eta * (m0 * m0)) * idm a a'.
Lemma quad_rate N eta m0 M x : quad N (rate_matrix N eta m0 M) x =
  2 * dot N x (mulv N M x) - eta * dot N (mulv N M x) (mulv N M x) - (2 * m0 - eta * (m0 * m0)) * dot N x x.
Proof. unfold quad, bil.
  set (c := 2 * m0 - eta * (m0 * m0)).
  assert (E : forall a, (a < N)%nat -> mulv N (rate_matrix N eta m0 M) x a =
    (mulv N M x a + mulvT N M x a) - (eta * mulvT N M (mulv N M x) a + c * x a)).
  { intros a Ha. replace (c * x a) with (c * mulv N idm x a) by now rewrite mulv_idm.
    unfold mulv at 1, rate_matrix. fold c.
    rewrite (sum_ext N _ (fun a' => (M a a' * x a' + M a' a * x a') -
      (eta * sum N (fun l => M l a * M l a' * x a') + c * (idm a a' * x a')))).
    2:{ intros a' _. rewrite sum_scal_r. ring. }
    rewrite sum_sub, !sum_add, !sum_scal. f_equal. f_equal. f_equal. rewrite sum_swap. unfold mulvT, mulv.
    apply sum_ext. intros l _. rewrite <- sum_scal. apply sum_ext. intros; ring. }
  rewrite (dot_ext N x x _ _ (fun _ _ => eq_refl) E), dot_sub_r, !dot_add_r, !dot_scal_r.
  rewrite <- (mulv_adj N N M x x), <- (mulv_adj N N M x (mulv N M x)), (dot_sym N (mulv N M x) x). ring. Qed.

(* T given by a matrix: T X i c = sum over j, l of M_(i,c),(j,l) X j l *)
Definition apply4 n k (M : nat -> nat -> nat -> nat -> R) (X : mat) : mat :=
  fun i c => sum n (fun j => sum k (fun l => M i c j l * X j l)).
Definition flat4 k (M : nat -> nat -> nat -> nat -> R) : mat :=
  fun a a' => M (a / k)%nat (a mod k)%nat (a' / k)%nat (a' mod k)%nat.
Lemma mulv_flat4 n k M X i c : (c < k)%nat -> mulv (n * k) (flat4 k M) (flat k X) (i * k + c)%nat = apply4 n k M X i c.
Proof. intros Hc. unfold mulv. rewrite sum_flat. apply sum_ext. intros j _. apply sum_ext. intros l Hl.
  rewrite (flat_at k X j l Hl). f_equal. exact (eq_trans (flat_at k (fun i c => M i c _ _) i c Hc)
    (flat_at k (fun j l => M i c j l) j l Hl)). Qed.
Theorem definite_rate n k M eta m0 : 0 < eta -> eta * m0 <= 1 ->
  (forall x, 0 <= quad (n * k) (rate_matrix (n * k) eta m0 (flat4 k M)) x) ->                       (* (A.30) *)
  forall X, frob n k (fun i c => X i c - eta * apply4 n k M X i c) <= (1 - eta * m0) * frob n k X.   (* (A.29) *)
Proof. intros He Hm Hq. apply rate_of_form; [assumption|assumption|]. intros X.
  assert (Q := Hq (flat k X)). rewrite quad_rate in Q.
  assert (E : forall x, dot (n * k) x (mulv (n * k) (flat4 k M) (flat k X)) = dot (n * k) x (flat k (apply4 n k M X))).
  { intros x. unfold dot. rewrite !sum_flat. apply sum_ext. intros i _. apply sum_ext. intros c Hc.
    rewrite mulv_flat4, flat_at by assumption. reflexivity. }
  rewrite !E, (dot_sym _ (mulv _ _ _)), E, !dot_flat in Q. lra. Qed.

(* (A.23) in Frobenius norms (section 17): the weight angle. *)
Definition frob_cos p k (B X : mat) := fdot p k B X / (frob p k B * frob p k X).
Theorem frob_cosine_bracket p k (b beta0 betat : mat) rho : 0 < frob p k b -> 0 <= rho < frob p k beta0 ->
  frob p k (fun r c => betat r c - beta0 r c) <= rho ->
  let sp := fdot p k b beta0 / frob p k b in let N := frob p k beta0 in
  Rmin ((sp - rho) / (N - rho)) ((sp - rho) / (N + rho)) <= frob_cos p k b betat
    <= Rmax ((sp + rho) / (N - rho)) ((sp + rho) / (N + rho)).
Proof. intros B R0 U. unfold frob_cos. rewrite <- !nrm_flat, <- !dot_flat in *.
  apply (cosine_bracket (p * k) (flat k b) (flat k beta0) (flat k betat) rho B R0). exact U. Qed.
