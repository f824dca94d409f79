(* SPDX-License-Identifier: Apache-2.0 *)
(* The spectral facts of theorem_a.md, (A.3) and step 8 of section 3, and (A.29) of theorem_a_variants.md, by quadratic
   forms: no eigenvalue is needed. sym_norm: |<x, N x>| <= c |x|^2 for all x and N symmetric give |N x| <= c |x|.
   step_norm: lo I <= N <= hi I, m <= lo and eta (hi + m) <= 2 give |I - eta N| <= 1 - eta m. *)
Require Import Reals Lra Lia Psatz.
From Alignproof Require Import Sums.
Open Scope R_scope.

Definition bil n (N : mat) (z x : vec) := dot n z (mulv n N x).
Definition quad n (N : mat) (x : vec) := bil n N x x.
Definition symm n (N : mat) := forall i j, (i < n)%nat -> (j < n)%nat -> N i j = N j i.

Lemma quad_ext n (N N' : mat) x : (forall i j, (i < n)%nat -> (j < n)%nat -> N i j = N' i j) -> quad n N x = quad n N' x.
Proof. intros E. apply sum_ext. intros i Hi. f_equal. apply sum_ext. intros j Hj. now rewrite E. Qed.

Section Sym.
Variable n : nat.
Variable N : mat.

Lemma mulv_ext (N' : mat) x x' i : (i < n)%nat -> (forall j, (j < n)%nat -> N i j = N' i j) ->
  (forall j, (j < n)%nat -> x j = x' j) -> mulv n N x i = mulv n N' x' i.
Proof. intros Hi E F. apply sum_ext. intros j Hj. now rewrite E, F. Qed.
Lemma mulv_add x y i : mulv n N (fun j => x j + y j) i = mulv n N x i + mulv n N y i.
Proof. unfold mulv. rewrite <- sum_add. apply sum_ext. intros; ring. Qed.
Lemma mulv_sub x y i : mulv n N (fun j => x j - y j) i = mulv n N x i - mulv n N y i.
Proof. unfold mulv. rewrite <- sum_sub. apply sum_ext. intros; ring. Qed.
Lemma mulv_scal c x i : mulv n N (fun j => c * x j) i = c * mulv n N x i.
Proof. unfold mulv. rewrite <- sum_scal. apply sum_ext. intros; ring. Qed.

Hypothesis sy : symm n N.

Lemma bil_sym z x : bil n N z x = bil n N x z.
Proof. unfold bil, dot, mulv.
  rewrite (sum_ext n _ (fun i => sum n (fun j => z i * N i j * x j))).
  2:{ intros. rewrite <- sum_scal. apply sum_ext. intros; ring. }
  rewrite sum_swap. apply sum_ext. intros j Hj. rewrite <- sum_scal. apply sum_ext. intros i Hi.
  rewrite (sy i j Hi Hj). ring. Qed.

Lemma quad_line z x s : quad n N (fun i => z i + s * x i) = quad n N z + 2 * s * bil n N z x + s * s * quad n N x.
Proof. unfold quad, bil.
  rewrite (dot_ext n _ (fun i => z i + s * x i) _ (fun i => mulv n N z i + s * mulv n N x i)).
  2:{ reflexivity. }
  2:{ intros i Hi. rewrite mulv_add, mulv_scal. reflexivity. }
  rewrite dot_add_r, dot_scal_r, (dot_sym n _ (mulv n N z)), (dot_sym n _ (mulv n N x)).
  rewrite !dot_add_r, !dot_scal_r.
  assert (B : dot n (mulv n N z) x = bil n N z x) by (rewrite bil_sym; apply dot_sym).
  rewrite B. rewrite (dot_sym n (mulv n N z) z), (dot_sym n (mulv n N x) z), (dot_sym n (mulv n N x) x).
  unfold bil. ring. Qed.

(* By polarization: 4 s <w, N x> = <w + s x, N (w + s x)> - <w - s x, N (w - s x)>, here with w = N x and s = c. *)
Lemma sym_norm c : 0 <= c -> (forall x, Rabs (quad n N x) <= c * dot n x x) ->
  forall x, nrm n (mulv n N x) <= c * nrm n x.
Proof. intros Hc Q x. set (w := mulv n N x).
  assert (X := nrm_pos n x).
  apply nrm_le_sq; [nra|].
  assert (T : forall s, 4 * s * dot n w w <= c * (2 * dot n w w + 2 * s * s * dot n x x)).
  { intros s. assert (P1 := Q (fun i => w i + s * x i)). assert (P2 := Q (fun i => w i + (- s) * x i)).
    rewrite quad_line in P1, P2.
    rewrite (dotS_quad _ _ _ (pos_vec n) w x s : dot n _ _ = _) in P1.
    rewrite (dotS_quad _ _ _ (pos_vec n) w x (- s) : dot n _ _ = _) in P2.
    change (dotS nat (sum n)) with (dot n) in P1, P2.
    change (bil n N w x) with (dot n w w) in P1, P2.
    apply Rabs_le_inv in P1. apply Rabs_le_inv in P2. lra. }
  replace (c * nrm n x * (c * nrm n x)) with (c * c * dot n x x) by (rewrite <- nrm_sq; ring).
  assert (W : 0 <= dot n w w) by (apply (dotS_pos _ _ _ (pos_vec n))).
  assert (X2 : 0 <= dot n x x) by (apply (dotS_pos _ _ _ (pos_vec n))).
  destruct (Rle_lt_or_eq_dec 0 c Hc) as [Hp|<-].
  - assert (T' := T c). assert (c * dot n w w <= c * (c * c * dot n x x)) by nra.
    eapply Rmult_le_reg_l; eassumption.
  - assert (T' := T 1). lra. Qed.

End Sym.

Definition idm : mat := fun i j => if Nat.eqb i j then 1 else 0.
Lemma mulv_idm n x i : (i < n)%nat -> mulv n idm x i = x i.
Proof. unfold mulv, idm. induction n as [|n IH]; intros Hi; [lia|]. simpl.
  destruct (Nat.eq_dec i n) as [->|Ne].
  - rewrite Nat.eqb_refl, (sum_ext n _ (fun _ => 0)), sum_zero; [ring|].
    intros j Hj. destruct (Nat.eqb_spec n j); [lia|ring].
  - rewrite IH by lia. destruct (Nat.eqb_spec i n); [lia|ring]. Qed.

(* lo I <= N <= hi I needs lo <= hi, since there is a vector x with |x| = 1 *)
Lemma form_bounds n N lo hi : (0 < n)%nat -> (forall x, lo * dot n x x <= quad n N x) ->
  (forall x, quad n N x <= hi * dot n x x) -> lo <= hi.
Proof.
  intros Hn T1 T2. set (u := fun i => if Nat.eqb i 0 then 1 else 0). assert (N1 : dot n u u = 1).
  { destruct n as [|k]; [lia|]. unfold u. clear. unfold dot. induction k as [|k IH]; [simpl; ring|].
    change (sum (S (S k)) ?f) with (sum (S k) f + f (S k)). rewrite IH. simpl. ring. }
  specialize (T1 u). specialize (T2 u). rewrite N1 in T1, T2. lra. Qed.

(* |I - eta N| <= 1 - eta m: (A.29) for a symmetric matrix, from its spectrum *)
Lemma step_norm n N eta lo hi m : symm n N -> 0 < eta -> eta * m <= 1 -> m <= lo -> eta * (hi + m) <= 2 ->
  (forall x, lo * dot n x x <= quad n N x <= hi * dot n x x) ->
  forall x, nrm n (fun i => x i - eta * mulv n N x i) <= (1 - eta * m) * nrm n x.
Proof. intros sy He Hm Hlo Hhi Q x.
  set (I := fun i j => idm i j - eta * N i j).
  assert (sI : symm n I).
  { intros i j Hi Hj. unfold I, idm. rewrite (sy i j Hi Hj), Nat.eqb_sym. reflexivity. }
  assert (E : forall z i, (i < n)%nat -> mulv n I z i = z i - eta * mulv n N z i).
  { intros z i Hi. rewrite <- (mulv_idm n z i Hi). unfold mulv, I.
    rewrite <- sum_scal, <- sum_sub. apply sum_ext. intros; ring. }
  rewrite (nrm_ext n _ (mulv n I x)) by (intros; now rewrite E).
  apply sym_norm; [assumption|lra|]. intros z.
  assert (Ez : quad n I z = dot n z z - eta * quad n N z).
  { unfold quad, bil. rewrite (dot_ext n z z _ (fun i => z i - eta * mulv n N z i)) by (auto; intros; now apply E).
    now rewrite dot_sub_r, dot_scal_r. }
  rewrite Ez. destruct (Q z) as [Q1 Q2]. assert (Z : 0 <= dot n z z) by (apply (dotS_pos _ _ _ (pos_vec n))).
  set (Z2 := dot n z z) in *. set (q := quad n N z) in *.
  assert (U1 : eta * q <= eta * (hi * Z2)) by (apply Rmult_le_compat_l; lra).
  assert (U2 : eta * (lo * Z2) <= eta * q) by (apply Rmult_le_compat_l; lra).
  assert (U3 : eta * (m * Z2) <= eta * (lo * Z2)) by (apply Rmult_le_compat_l; [lra|]; apply Rmult_le_compat_r; lra).
  assert (U4 : eta * (hi + m) * Z2 <= 2 * Z2) by (apply Rmult_le_compat_r; lra).
  apply Rabs_le. split; nra. Qed.
