(* SPDX-License-Identifier: Apache-2.0 *)
(* reduced.md: a linear network never leaves the span of where it began. k outputs, any penalty: A, beta and f from (c, u,
   w, z) (reduced_A, reduced_beta, reduced_f), b^T beta and beta^T beta, the latter for the displacement too
   (reduced_b_beta, reduced_beta_beta, reduced_displacement); and that two runs with the same Gram matrix of (A0, beta0,
   b) have the same errors and inner products for ever, however many rows they have (same_gram). *)
Require Import Reals Lra Lia.
From Alignproof Require Import Sums Forms.
Open Scope R_scope.

Definition col (X : mat) c : vec := fun i => X i c.
Lemma dot_col_mulv p n (M : mat) (x z : vec) : dot p z (mulv n M x) = dot n x (mulvT p M z).
Proof. rewrite dot_sym. apply mulv_adj. Qed.
Lemma dot_lin3_r n a1 a2 (z x1 x2 x3 : vec) :
  dot n z (fun i => a1 * x1 i + a2 * x2 i + x3 i) = a1 * dot n z x1 + a2 * dot n z x2 + dot n z x3.
Proof. now rewrite !dot_add_r, !dot_scal_r. Qed.

(* p counts the rows; rp is the sqrt p of the width, which is kept when the rows are replaced by fewer *)
Section Reduced.
Variables n p k : nat.
Variable rp : R.
Variable K : mat.
Variable b : mat.
Variable eta : R.
Variable lam : nat -> R.
Variable A beta e : nat -> mat.           (* p x n, p x k, n x k; nothing about e is used in the representation *)
Hypothesis rp_ne : rp <> 0.
Hypothesis stepA : forall t r i, (r < p)%nat -> (i < n)%nat ->
  A (S t) r i = A t r i - eta / rp * sum k (fun o => b r o * mulv n K (col (e t) o) i).
Hypothesis stepb : forall t r c, (r < p)%nat -> (c < k)%nat ->
  beta (S t) r c = (1 - eta * lam t) * beta t r c - eta / rp * mulv n (A t) (col (e t) c) r.

Fixpoint cc t : R := match t with O => 1 | S j => (1 - eta * lam j) * cc j end.
Fixpoint uu t : mat := match t with O => fun _ _ => 0 | S j => fun i c => (1 - eta * lam j) * uu j i c + eta * e j i c end.
Fixpoint ss t : mat := match t with O => fun _ _ => 0 | S j => fun i c => ss j i c + eta * e j i c end.
Definition zz t : mat := fun i o => mulv n K (col (ss t) o) i.
Fixpoint ww t : mat := match t with
  | O => fun _ _ => 0
  | S j => fun o c => (1 - eta * lam j) * ww j o c + eta / (rp * rp) * dot n (col (zz j) o) (col (e j) c) end.

Lemma mulv_zero m (M : mat) i : mulv m M (fun _ => 0) i = 0.
Proof. unfold mulv. rewrite (sum_ext m _ (fun _ => 0)), sum_zero by (intros; ring). reflexivity. Qed.
Lemma zz_step t i o : zz (S t) i o = zz t i o + eta * mulv n K (col (e t) o) i.
Proof. unfold zz. rewrite <- mulv_scal, <- mulv_add. reflexivity. Qed.

(* A = A0 - b z^T / sqrt p *)
Theorem reduced_A t r i : (r < p)%nat -> (i < n)%nat -> A t r i = A 0%nat r i - mulv k b (zz t i) r / rp.
Proof. intros Hr Hi. induction t as [|t IH].
  - unfold mulv at 1. rewrite (sum_ext k _ (fun _ => 0)), sum_zero; [field; assumption|].
    intros o Ho. unfold zz, col. simpl. rewrite mulv_zero. ring.
  - rewrite (stepA t r i Hr Hi), IH.
    assert (X : mulv k b (zz (S t) i) r = mulv k b (zz t i) r + eta * sum k (fun o => b r o * mulv n K (col (e t) o) i)).
    { unfold mulv at 1 2. rewrite <- sum_scal, <- sum_add. apply sum_ext. intros o Ho. rewrite zz_step. ring. }
    rewrite X. field. assumption. Qed.

(* beta = beta0 c - A0 u / sqrt p + b w *)
Theorem reduced_beta t r c : (r < p)%nat -> (c < k)%nat ->
  beta t r c = cc t * beta 0%nat r c - mulv n (A 0%nat) (col (uu t) c) r / rp + mulv k b (col (ww t) c) r.
Proof. intros Hr Hc. induction t as [|t IH].
  - unfold col. simpl. rewrite !mulv_zero. field. assumption.
  - rewrite (stepb t r c Hr Hc), IH.
    assert (E : mulv n (A t) (col (e t) c) r = mulv n (A 0%nat) (col (e t) c) r
      - sum k (fun o => b r o * dot n (col (zz t) o) (col (e t) c)) / rp).
    { unfold mulv at 1 2. unfold Rdiv. rewrite <- sum_scal_r.
      rewrite (sum_ext k _ (fun o => sum n (fun i => b r o * zz t i o * e t i c * / rp))).
      2:{ intros o Ho. unfold dot. rewrite <- sum_scal, <- sum_scal_r. apply sum_ext. intros. unfold col. ring. }
      rewrite sum_swap, <- sum_sub. apply sum_ext. intros i Hi. rewrite (reduced_A t r i Hr Hi).
      rewrite (sum_ext k _ (fun o => b r o * zz t i o * (e t i c * / rp))) by (intros; ring).
      rewrite sum_scal_r. unfold mulv, col. unfold Rdiv. ring. }
    assert (U : mulv n (A 0%nat) (col (uu (S t)) c) r =
      (1 - eta * lam t) * mulv n (A 0%nat) (col (uu t) c) r + eta * mulv n (A 0%nat) (col (e t) c) r).
    { rewrite <- !mulv_scal, <- mulv_add. reflexivity. }
    assert (W : mulv k b (col (ww (S t)) c) r = (1 - eta * lam t) * mulv k b (col (ww t) c) r
      + eta / (rp * rp) * sum k (fun o => b r o * dot n (col (zz t) o) (col (e t) c))).
    { unfold mulv. rewrite <- !sum_scal, <- sum_add. apply sum_ext. intros. simpl. unfold col. simpl. ring. }
    rewrite E, U, W. simpl. field. assumption. Qed.

(* what the recursion needs of (A0, beta0, b) is their Gram matrix *)
Definition SS : mat := fun i j => dot p (col (A 0%nat) i) (col (A 0%nat) j) / (rp * rp).
Definition f0 : mat := fun i c => dot p (col (A 0%nat) i) (col (beta 0%nat) c) / rp.
Definition hh : mat := fun i o => dot p (col (A 0%nat) i) (col b o) / rp.
Definition bb : mat := fun o c => dot p (col b o) (col b c).
Definition bbeta0 : mat := fun o c => dot p (col b o) (col (beta 0%nat) c).
Definition beta00 : mat := fun c d => dot p (col (beta 0%nat) c) (col (beta 0%nat) d).

(* a point of the span: a beta0 - A0 u / sqrt p + b w, entry by entry; beta is one with a = c, the displacement with a = c
   - 1 *)
Definition point a (u w : mat) : mat := fun r c =>
  a * col (beta 0%nat) c r + - / rp * mulv n (A 0%nat) (col u c) r + mulv k b (col w c) r.
Lemma beta_point t r c : (r < p)%nat -> (c < k)%nat -> beta t r c = point (cc t) (uu t) (ww t) r c.
Proof. intros. rewrite reduced_beta by assumption. unfold point, col, Rdiv. ring. Qed.
Lemma displacement_point t r c : (r < p)%nat -> (c < k)%nat ->
  beta t r c - beta 0%nat r c = point (cc t - 1) (uu t) (ww t) r c.
Proof. intros. rewrite reduced_beta by assumption. unfold point, col, Rdiv. ring. Qed.

Lemma dot_point (x : vec) a u w c : dot p x (col (point a u w) c) =
  a * dot p x (col (beta 0%nat) c) - dot n (col u c) (mulvT p (A 0%nat) x) / rp + dot k (col w c) (mulvT p b x).
Proof. etransitivity; [apply (dot_lin3_r p a (- / rp) x)|]. rewrite !dot_col_mulv. unfold Rdiv. ring. Qed.
Lemma mulvT_dot (M : mat) x i : mulvT p M x i = dot p (col M i) x.
Proof. reflexivity. Qed.
Lemma A0_point i a u w c : dot p (col (A 0%nat) i) (col (point a u w) c) / rp =
  a * f0 i c - mulv n SS (col u c) i + mulv k hh (col w c) i.
Proof. rewrite dot_point. unfold mulv, dot at 2 3, f0, SS, hh.
  rewrite (sum_ext n (fun j => _ / (rp * rp) * _) (fun j => col u c j * mulvT p (A 0%nat) (col (A 0%nat) i) j
    * / (rp * rp))).
  2:{ intros j Hj. rewrite mulvT_dot, (dot_sym p (col (A 0%nat) j)). unfold Rdiv. ring. }
  rewrite (sum_ext k (fun j => _ / rp * _) (fun o => col w c o * mulvT p b (col (A 0%nat) i) o * / rp)).
  2:{ intros o Ho. rewrite mulvT_dot, (dot_sym p (col b o)). unfold Rdiv. ring. }
  rewrite !sum_scal_r. field. assumption. Qed.
Lemma b_point o a u w c : dot p (col b o) (col (point a u w) c) =
  a * bbeta0 o c - dot n (col hh o) (col u c) + mulv k bb (col w c) o.
Proof. rewrite dot_point. unfold mulv, dot, hh, bb, bbeta0. unfold Rdiv. rewrite <- sum_scal_r. f_equal; [f_equal|].
  - apply sum_ext. intros i Hi. rewrite mulvT_dot. unfold col. ring.
  - apply sum_ext. intros c' Hc. rewrite mulvT_dot, (dot_sym p (col b c')). ring. Qed.
Lemma beta0_point d a u w c : dot p (col (beta 0%nat) d) (col (point a u w) c) =
  a * beta00 d c - dot n (col f0 d) (col u c) + dot k (col bbeta0 d) (col w c).
Proof. rewrite dot_point. unfold dot at 2 3 4 5, f0, bbeta0, beta00. unfold Rdiv. rewrite <- sum_scal_r. f_equal; [f_equal|].
  - apply sum_ext. intros i Hi. rewrite mulvT_dot. unfold col. ring.
  - apply sum_ext. intros c' Hc. rewrite mulvT_dot. unfold col. ring. Qed.
(* the quadratic form of (a, u, w) *)
Definition gram_form a (u w : mat) d c :=
  a * (a * beta00 d c - dot n (col f0 d) (col u c) + dot k (col bbeta0 d) (col w c))
  - dot n (col u d) (fun i => a * f0 i c - mulv n SS (col u c) i + mulv k hh (col w c) i)
  + dot k (col w d) (fun o => a * bbeta0 o c - dot n (col hh o) (col u c) + mulv k bb (col w c) o).
Lemma point_point a u w d c : dot p (col (point a u w) d) (col (point a u w) c) = gram_form a u w d c.
Proof. rewrite dot_sym, dot_point. unfold gram_form. f_equal; [f_equal|].
  - now rewrite dot_sym, beta0_point.
  - unfold Rdiv, dot. rewrite <- sum_scal_r. apply sum_ext. intros i Hi. rewrite mulvT_dot, <- A0_point. unfold Rdiv. ring.
  - unfold dot. apply sum_ext. intros o Ho. now rewrite mulvT_dot, b_point. Qed.

(* b^T beta = c b^T beta0 - h^T u + b^T b w *)
Theorem reduced_b_beta t o c : (c < k)%nat ->
  dot p (col b o) (col (beta t) c) = cc t * bbeta0 o c - dot n (col hh o) (col (uu t) c) + mulv k bb (col (ww t) c) o.
Proof. intros Hc. rewrite <- b_point. apply dot_ext; [reflexivity|]. intros r Hr. now apply beta_point. Qed.
Theorem reduced_beta_beta t d c : (d < k)%nat -> (c < k)%nat ->
  dot p (col (beta t) d) (col (beta t) c) = gram_form (cc t) (uu t) (ww t) d c.
Proof. intros Hd Hc. rewrite <- point_point. apply dot_ext; intros r Hr; now apply beta_point. Qed.
Theorem reduced_displacement t d c : (d < k)%nat -> (c < k)%nat ->
  dot p (fun r => beta t r d - beta 0%nat r d) (fun r => beta t r c - beta 0%nat r c) = gram_form (cc t
    - 1) (uu t) (ww t) d c.
Proof. intros Hd Hc. rewrite <- point_point. apply dot_ext; intros r Hr; now apply displacement_point. Qed.

(* f = c f0 - S u + h w - z (b^T beta) / p *)
Theorem reduced_f t i c : (i < n)%nat -> (c < k)%nat -> dot p (col (A t) i) (col (beta t) c) / rp =
  cc t * f0 i c - mulv n SS (col (uu t) c) i + mulv k hh (col (ww t) c) i
  - sum k (fun o => zz t i o * dot p (col b o) (col (beta t) c)) / (rp * rp).
Proof. intros Hi Hc. rewrite <- A0_point.
  rewrite (dot_ext p (col (A 0%nat) i) (col (A 0%nat) i) (col (point (cc t) (uu t) (ww t)) c) (col (beta t) c)).
  2:{ reflexivity. } 2:{ intros r Hr. symmetry. now apply beta_point. }
  assert (E : dot p (col (A t) i) (col (beta t) c) = dot p (col (A 0%nat) i) (col (beta t) c)
    - sum k (fun o => zz t i o * dot p (col b o) (col (beta t) c)) / rp).
  { rewrite (dot_ext p (col (A t) i) (fun r => A 0%nat r i - mulv k b (zz t i) r / rp) (col (beta t) c) (col (beta t) c)).
    2:{ intros r Hr. now apply reduced_A. } 2:{ reflexivity. }
    rewrite dot_sym. rewrite (dot_ext p _ (col (beta t) c) _ (fun r => col (A 0%nat) i r - / rp * mulv k b (zz t i) r)).
    2:{ reflexivity. } 2:{ intros. unfold col, Rdiv. ring. }
    rewrite dot_sub_r, dot_scal_r, dot_col_mulv, (dot_sym p (col (beta t) c)). unfold dot at 3. unfold Rdiv.
      rewrite Rmult_comm. reflexivity. }
  rewrite E. field. assumption. Qed.
End Reduced.

(* A run of a linear network: the two steps of reduced.md, with the error of its own output. *)
Definition linear_error p rp (y : mat) (A beta : nat -> mat) t : mat :=
  fun i c => dot p (col (A t) i) (col (beta t) c) / rp - y i c.
Record linear_run n p k rp (K b y : mat) eta (lam : nat -> R) (A beta : nat -> mat) : Prop := {
  linear_A : forall t r i, (r < p)%nat -> (i < n)%nat ->
    A (S t) r i = A t r i - eta / rp * sum k (fun o => b r o * mulv n K (col (linear_error p rp y A beta t) o) i);
  linear_beta : forall t r c, (r < p)%nat -> (c < k)%nat ->
    beta (S t) r c = (1 - eta * lam t) * beta t r c - eta / rp * mulv n (A t) (col (linear_error p rp y A beta t) c) r }.
(* the Gram matrices of (A0, beta0, b) agree *)
Record gram_equal n k p p' (A A' beta beta' b b' : mat) : Prop := {
  gram_AA : forall i j, (i < n)%nat -> (j < n)%nat -> dot p (col A i) (col A j) = dot p' (col A' i) (col A' j);
  gram_Abeta : forall i c, (i < n)%nat -> (c < k)%nat -> dot p (col A i) (col beta c) = dot p' (col A' i) (col beta' c);
  gram_Ab : forall i o, (i < n)%nat -> (o < k)%nat -> dot p (col A i) (col b o) = dot p' (col A' i) (col b' o);
  gram_bb : forall o c, (o < k)%nat -> (c < k)%nat -> dot p (col b o) (col b c) = dot p' (col b' o) (col b' c);
  gram_bbeta : forall o c, (o < k)%nat -> (c < k)%nat -> dot p (col b o) (col beta c) = dot p' (col b' o) (col beta' c);
  gram_betabeta : forall c d, (c < k)%nat -> (d < k)%nat -> dot p (col beta c) (col beta d)
    = dot p' (col beta' c) (col beta' d) }.

Section SameGram.
Variables n k p p' : nat.
Variable rp : R.
Variables K y b b' : mat.
Variable eta : R.
Variable lam : nat -> R.
Variables A A' beta beta' : nat -> mat.
Hypothesis rp_ne : rp <> 0.
Hypothesis run : linear_run n p k rp K b y eta lam A beta.
Hypothesis run' : linear_run n p' k rp K b' y eta lam A' beta'.
Hypothesis same : gram_equal n k p p' (A 0%nat) (A' 0%nat) (beta 0%nat) (beta' 0%nat) b b'.
Let e := linear_error p rp y A beta.
Let e' := linear_error p' rp y A' beta'.
Definition agree a c (X X' : mat) := forall i j, (i < a)%nat -> (j < c)%nat -> X i j = X' i j.

Lemma coefficients_agree t : (forall s, (s < t)%nat -> agree n k (e s) (e' s)) ->
  agree n k (uu eta lam e t) (uu eta lam e' t) /\ agree n k (ss eta e t) (ss eta e' t) /\
  agree k k (ww n rp K eta lam e t) (ww n rp K eta lam e' t).
Proof. induction t as [|t IH]; intros E.
  - repeat split; intros i j Hi Hj; reflexivity.
  - destruct IH as (U & Z & W); [intros; apply E; lia|]. assert (Et := E t (Nat.lt_succ_diag_r t)).
    repeat split; intros i j Hi Hj; simpl; rewrite ?U, ?Z, ?W, ?Et by assumption; try reflexivity.
    f_equal. f_equal. apply dot_ext; intros l Hl; unfold col; [|now apply Et].
    apply sum_ext. intros q Hq. unfold col. now rewrite Z. Qed.

Lemma zz_agree t : agree n k (ss eta e t) (ss eta e' t) -> agree n k (zz n K eta e t) (zz n K eta e' t).
Proof. intros Z i o Hi Ho. unfold zz, mulv. apply sum_ext. intros q Hq. unfold col. now rewrite Z. Qed.

Lemma b_beta_agree t : (forall s, (s < t)%nat -> agree n k (e s) (e' s)) ->
  forall o c, (o < k)%nat -> (c < k)%nat -> dot p (col b o) (col (beta t) c) = dot p' (col b' o) (col (beta' t) c).
Proof. intros E o c Ho Hc. destruct (coefficients_agree t E) as (U & Z & W).
  rewrite (reduced_b_beta n p k rp K b eta lam A beta e rp_ne (linear_A _ _ _ _ _ _ _ _ _ _ _ run)
    (linear_beta _ _ _ _ _ _ _ _ _ _ _ run)) by assumption.
  rewrite (reduced_b_beta n p' k rp K b' eta lam A' beta' e' rp_ne (linear_A _ _ _ _ _ _ _ _ _ _ _ run')
    (linear_beta _ _ _ _ _ _ _ _ _ _ _ run')) by assumption.
  unfold bbeta0. rewrite (gram_bbeta _ _ _ _ _ _ _ _ _ _ same o c) by assumption. f_equal; [f_equal|].
  - apply dot_ext; intros i Hi; unfold col; [|now apply U]. unfold hh. now rewrite (gram_Ab _ _ _ _ _ _ _ _ _ _ same).
  - apply sum_ext. intros q Hq. unfold bb, col at 3 6. now rewrite (gram_bb _ _ _ _ _ _ _ _ _ _ same), W. Qed.

Lemma errors_agree_at t : (forall s, (s < t)%nat -> agree n k (e s) (e' s)) -> agree n k (e t) (e' t).
Proof. intros E i c Hi Hc. destruct (coefficients_agree t E) as (U & Z & W). unfold e, e', linear_error. f_equal.
  rewrite (reduced_f n p k rp K b eta lam A beta e rp_ne (linear_A _ _ _ _ _ _ _ _ _ _ _ run)
    (linear_beta _ _ _ _ _ _ _ _ _ _ _ run)) by assumption.
  rewrite (reduced_f n p' k rp K b' eta lam A' beta' e' rp_ne (linear_A _ _ _ _ _ _ _ _ _ _ _ run')
    (linear_beta _ _ _ _ _ _ _ _ _ _ _ run')) by assumption.
  f_equal; [f_equal; [f_equal|]|].
  - unfold f0. now rewrite (gram_Abeta _ _ _ _ _ _ _ _ _ _ same).
  - apply sum_ext. intros j Hj. unfold SS, col at 3 6. now rewrite (gram_AA _ _ _ _ _ _ _ _ _ _ same), U.
  - apply sum_ext. intros o Ho. unfold hh, col at 3 6. now rewrite (gram_Ab _ _ _ _ _ _ _ _ _ _ same), W.
  - f_equal. apply sum_ext. intros o Ho. now rewrite (zz_agree t Z), (b_beta_agree t E). Qed.

Theorem same_gram t : agree n k (e t) (e' t) /\
  (forall o c, (o < k)%nat -> (c < k)%nat -> dot p (col b o) (col (beta t) c) = dot p' (col b' o) (col (beta' t) c)) /\
  (forall d c, (d < k)%nat -> (c < k)%nat -> dot p (col (beta t) d) (col (beta t) c)
    = dot p' (col (beta' t) d) (col (beta' t) c)).
Proof. assert (E : forall t, agree n k (e t) (e' t)).
  { intros t0. induction t0 as [t0 IH] using lt_wf_ind. now apply errors_agree_at. }
  assert (Ee : forall s, (s < t)%nat -> agree n k (e s) (e' s)) by auto.
  split; [apply E|]. split; [now apply b_beta_agree|]. intros d c Hd Hc. destruct (coefficients_agree t Ee) as (U & Z & W).
  rewrite (reduced_beta_beta n p k rp K b eta lam A beta e rp_ne (linear_A _ _ _ _ _ _ _ _ _ _ _ run)
    (linear_beta _ _ _ _ _ _ _ _ _ _ _ run)) by assumption.
  rewrite (reduced_beta_beta n p' k rp K b' eta lam A' beta' e' rp_ne (linear_A _ _ _ _ _ _ _ _ _ _ _ run')
    (linear_beta _ _ _ _ _ _ _ _ _ _ _ run')) by assumption.
  unfold gram_form. f_equal; [f_equal|].
  - f_equal. unfold beta00. rewrite (gram_betabeta _ _ _ _ _ _ _ _ _ _ same) by assumption. f_equal; [f_equal|].
    + apply dot_ext; intros i Hi; unfold col; [|now apply U]. unfold f0. now rewrite (gram_Abeta _ _ _ _ _ _ _ _ _ _ same).
    + apply dot_ext; intros o Ho; unfold col; [|now apply W]. unfold bbeta0.
      now rewrite (gram_bbeta _ _ _ _ _ _ _ _ _ _ same).
  - apply dot_ext; intros i Hi; [unfold col; now apply U|]. f_equal; [f_equal|].
    + unfold f0. now rewrite (gram_Abeta _ _ _ _ _ _ _ _ _ _ same).
    + apply sum_ext. intros j Hj. unfold SS, col at 3 6. now rewrite (gram_AA _ _ _ _ _ _ _ _ _ _ same), U.
    + apply sum_ext. intros o Ho. unfold hh, col at 3 6. now rewrite (gram_Ab _ _ _ _ _ _ _ _ _ _ same), W.
  - apply dot_ext; intros o Ho; [unfold col; now apply W|]. f_equal; [f_equal|].
    + unfold bbeta0. now rewrite (gram_bbeta _ _ _ _ _ _ _ _ _ _ same).
    + apply dot_ext; intros i Hi; unfold col; [|now apply U]. unfold hh. now rewrite (gram_Ab _ _ _ _ _ _ _ _ _ _ same).
    + apply sum_ext. intros q Hq. unfold bb, col at 3 6. now rewrite (gram_bb _ _ _ _ _ _ _ _ _ _ same), W. Qed.
End SameGram.
