(* SPDX-License-Identifier: Apache-2.0 *)
(* What the checker computes at a state contains the exact quantities of theorem_a.md, section 1: matrices of balls, K and its
   bound, Psi, psi' and e; and definiteness by elimination (section 6). *)
Require Import ZArith Reals Lra Lia Psatz List Bool.
From Alignproof Require Import Sums Forms Network Integers Certificate BallDef ActDef CheckDef Ball Act Meaning.
Import ListNotations.
Open Scope R_scope.

Module StateF (I : INT) (Import BD : BallDefT I) (Import F : ActDefT I BD) (Import C : CheckDefT I BD F).
Module AP := ActF I BD F.
Import AP AP.P.
Local Notation zz := I.to_Z.

(* ---------- matrices, and definiteness by elimination ---------- *)
Section Sound.
Variable w : I.t.
Hypothesis w_pos : (0 <= (zz w))%Z.

Definition inM (M : mball) (X : mat) k := length M = k /\ forall i, (i < k)%nat -> length (nth i M []) = k /\
  inV w (nth i M []) (X i).

Lemma mapi_length {T U} (f : nat -> T -> U) i l : length (mapi f i l) = length l.
Proof. revert i. induction l; intros; simpl; auto. Qed.
Lemma mapi_nth {T U} (f : nat -> T -> U) l dT dU : forall i k, (k < length l)%nat -> nth k (mapi f i l) dU
  = f (i + k)%nat (nth k l dT).
Proof. induction l as [|a l IH]; intros i k Hk; simpl in Hk; [lia|]. destruct k as [|k]; simpl; [now rewrite Nat.add_0_r|].
  rewrite IH by lia. f_equal; lia. Qed.
Lemma in_diag f g F G' M X k : (forall a x, inB w a x -> inB w (f a) (F x)) -> (forall a x, inB w a x ->
  inB w (g a) (G' x)) ->
  inM M X k -> inM (diag f g M) (fun i j => if Nat.eqb i j then F (X i j) else G' (X i j)) k.
Proof. intros Hf Hg [L V]. split; [unfold diag; now rewrite mapi_length|]. intros i Hi. unfold diag.
  rewrite (mapi_nth _ M [] []) by lia. simpl. destruct (V i Hi) as [L1 V1]. split; [now rewrite mapi_length|].
  intros j Hj. rewrite mapi_length in Hj. rewrite (mapi_nth _ _ b0 b0) by assumption. simpl.
  destruct (Nat.eqb i j); [apply Hf|apply Hg]; now apply V1. Qed.

Lemma nth_map {T U} (f : T -> U) l i dT dU : (i < length l)%nat -> nth i (map f l) dU = f (nth i l dT).
Proof. intros Hi. rewrite (nth_indep _ dU (f dT)) by now rewrite map_length. apply map_nth. Qed.
Lemma nth_map2 {T U V} (f : T -> U -> V) l l' i dT dU dV : (i < length l)%nat -> length l = length l' ->
  nth i (map2 f l l') dV = f (nth i l dT) (nth i l' dU).
Proof. revert l' i. induction l as [|a l IH]; intros [|a' l'] i Hi E; simpl in *; try lia. destruct i; auto.
  apply IH; lia. Qed.

Lemma quad_schur k (X : mat) x : symm (S k) X -> X 0%nat 0%nat <> 0 ->
  quad (S k) X x = X 0%nat 0%nat * Rsqr (x 0%nat + dot k (fun j => X 0%nat (S j)) (fun j => x (S j)) / X 0%nat 0%nat)
   + quad k (fun i j => X (S i) (S j) - X (S i) 0%nat / X 0%nat 0%nat * X 0%nat (S j)) (fun i => x (S i)).
Proof. intros Sy Nz. set (d := X 0%nat 0%nat) in *. set (a := dot k (fun j => X 0%nat (S j)) (fun j => x (S j))).
  unfold quad, bil, dot, mulv. rewrite sum_shift, sum_shift. fold d.
  change (sum k (fun i => X 0%nat (S i) * x (S i))) with a.
  rewrite (sum_ext k (fun i => x (S i) * sum (S k) (fun i0 => X (S i) i0 * x i0))
    (fun i => x 0%nat * (X 0%nat (S i) * x (S i)) + x (S i) * sum k (fun j => X (S i) (S j) * x (S j)))).
  2:{ intros i Hi. rewrite sum_shift, (Sy (S i) 0%nat) by lia. ring. }
  rewrite sum_add, sum_scal. change (sum k (fun i => X 0%nat (S i) * x (S i))) with a.
  rewrite (sum_ext k (fun i => x (S i) * sum k (fun i0 => (X (S i) (S i0) - X (S i) 0%nat / d * X 0%nat (S i0)) * x (S i0)))
    (fun i => x (S i) * sum k (fun j => X (S i) (S j) * x (S j)) - (a / d) * (X 0%nat (S i) * x (S i)))).
  2:{ intros i Hi. rewrite (sum_ext k (fun i0 => (X (S i) (S i0) - X (S i) 0%nat / d * X 0%nat (S i0)) * x (S i0))
        (fun j => X (S i) (S j) * x (S j) - (X (S i) 0%nat / d) * (X 0%nat (S j) * x (S j)))) by (intros; ring).
      rewrite sum_sub, sum_scal. change (sum k (fun j => X 0%nat (S j) * x (S j))) with a.
      rewrite (Sy (S i) 0%nat) by lia. unfold Rdiv. ring. }
  rewrite sum_sub, sum_scal. change (sum k (fun i => X 0%nat (S i) * x (S i))) with a. unfold Rsqr. field. assumption. Qed.

Theorem pd_ok k : forall M X, inM M X k -> symm k X -> pd w k M = true -> forall x, 0 <= quad k X x.
Proof. induction k as [|k IH]; intros M X [L V] Sy Hp x.
  - unfold quad, bil, dot. simpl. lra.
  - destruct M as [|row rest]; [discriminate|]. destruct row as [|d v]; [discriminate|].
    cbn [pd] in Hp. apply andb_prop in Hp. destruct Hp as [Hd Hp].
    destruct (V 0%nat ltac:(lia)) as [L0 V0]. simpl nth in L0, V0. apply inV_cons in V0. destruct V0 as [V0d V0v].
    assert (dp := pos_ok w w_pos _ _ V0d Hd). injection L as L. simpl in L0. injection L0 as L0.
    rewrite quad_schur by (try assumption; lra).
    assert (Q : 0 <= quad k (fun i j => X (S i) (S j) - X (S i) 0%nat / X 0%nat 0%nat * X 0%nat (S j)) (fun i => x (S i))).
    { refine (IH _ _ _ _ Hp _).
      - split; [now rewrite map_length|]. intros i Hi. rewrite (nth_map _ rest i [] []) by lia.
        destruct (V (S i) ltac:(lia)) as [Li Vi]. simpl nth in Li, Vi. destruct (nth i rest []) as [|c0' row'];
          [discriminate|].
        simpl in Li. injection Li as Li. apply inV_cons in Vi. destruct Vi as [Vc Vr].
        split; [apply map2_length; lia|].
        apply (in_map2 w _ (fun a b => a - X (S i) 0%nat / X 0%nat 0%nat * b) row' v (fun j => X (S i) (S j))
          (fun j => X 0%nat (S j))); auto; [|lia].
        intros a z a' z' Ha Ha'. apply in_sub; [assumption|]. apply in_mul; try assumption. now apply in_div.
      - intros i j Hi Hj. cbv beta. rewrite (Sy (S i) (S j)), (Sy (S i) 0%nat), (Sy (S j) 0%nat) by lia. unfold Rdiv. ring. }
    assert (0 <= X 0%nat 0%nat * Rsqr (x 0%nat + dot k (fun j => X 0%nat (S j)) (fun j => x (S j)) / X 0%nat 0%nat))
      by (apply Rmult_le_pos; [lra|apply Rle_0_sqr]). lra. Qed.

Lemma in_vecD l : inV w (map (ofD w) l) (vecD l).
Proof. intros i Hi. rewrite map_length in Hi. rewrite (nth_map _ l i (0%Z, 0%Z)) by assumption. apply in_ofD, w_pos. Qed.
Lemma in_outer l f F k : length l = k -> (forall i j, (i < k)%nat -> (j < k)%nat ->
  inB w (f (nth i l []) (nth j l [])) (F i j)) ->
  inM (outer l f) F k.
Proof. intros L H. unfold outer. split; [now rewrite map_length|]. intros i Hi. rewrite (nth_map _ l i []) by lia.
  split; [now rewrite map_length|]. intros j Hj. rewrite map_length in Hj. rewrite (nth_map _ l j []) by assumption.
    apply H; lia. Qed.

Lemma quad_diag k X c s : forall x, quad k (fun i j => if Nat.eqb i j then s * X i j + c else s * X i j) x
  = s * quad k X x + c * dot k x x.
Proof. intros x. unfold quad, bil. rewrite <- !dot_scal_r, <- dot_add_r. apply dot_ext; [reflexivity|]. intros i Hi.
  rewrite <- (mulv_idm k x i Hi). unfold mulv. rewrite <- !sum_scal, <- sum_add. apply sum_ext. intros j Hj.
  unfold idm. destruct (Nat.eqb i j); ring. Qed.

Lemma fold_max_ok l : (0 <= (zz (fold_right (fun a m => I.max m (I.add (fst a) (snd a))) c0 l)))%Z /\
  forall i x, (i < length l)%nat -> inB w (nth i l b0) x ->
  x <= IZR (zz (fold_right (fun a m => I.max m (I.add (fst a) (snd a))) c0 l)) / sc w.
Proof. induction l as [|a l [IH0 IH]]; simpl; [split; [unfold c0; rewrite I.of_ok; lia|intros; lia]|].
  rewrite I.max_ok, I.add_ok. split; [lia|]. assert (S := sc_pos w w_pos).
  intros i x Hi Hx. assert (Inv : 0 < / sc w) by now apply Rinv_0_lt_compat. destruct i as [|i].
  - apply Rle_trans with (IZR ((zz (fst a)) + (zz (snd a))) / sc w).
    + unfold inB in Hx. apply Rabs_le_inv in Hx. rewrite plus_IZR. apply Rmult_le_reg_r with (sc w); [assumption|].
      unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra.
    + apply Rmult_le_compat_r; [lra|]. apply IZR_le. lia.
  - eapply Rle_trans; [apply (IH i x); [lia|exact Hx]|]. apply Rmult_le_compat_r; [lra|]. apply IZR_le. lia. Qed.
End Sound.


Lemma widen_ok w (w_pos : (0 <= zz w)%Z) r a R x u : inB w r R -> inB w a x -> Rabs (u - x) <= R -> inB w (widen r a) u.
Proof. unfold inB, widen, fst, snd. intros Hr Ha Hu. rewrite !I.add_ok, I.abs_ok, !plus_IZR, abs_IZR.
  assert (S := sc_pos w w_pos).
  assert (T : Rabs ((u - x) * sc w) <= R * sc w) by (rewrite Rabs_mult, (Rabs_right (sc w)) by lra;
    apply Rmult_le_compat_r; lra).
  assert (V := Rle_abs (IZR (zz (fst r)))). destruct r as [rm rr], a as [am ar]; simpl in *.
  apply Rabs_le_inv in Hr. apply Rabs_le_inv in Ha. apply Rabs_le_inv in T. apply Rabs_le. lra. Qed.

(* ---------- shapes ---------- *)
Ltac andb := repeat match goal with Hx : (_ && _)%bool = true |- _ => apply andb_prop in Hx; destruct Hx end.
Ltac bools := andb; repeat match goal with Hx : Nat.eqb _ _ = true |- _ => apply Nat.eqb_eq in Hx
  | Hx : Nat.ltb _ _ = true |- _ => apply Nat.ltb_lt in Hx | Hx : (_ <=? _)%Z = true |- _ => apply Z.leb_le in Hx end.
Lemma forallb_nth {T} f (l : list T) d i : forallb f l = true -> (i < length l)%nat -> f (nth i l d) = true.
Proof. intros H Hi. rewrite forallb_forall in H. apply H, nth_In, Hi. Qed.
Record shapes (w : I.t) (P : problem) : Prop := {
  sh_w : (0 <= zz w)%Z; sh_n : (0 < samples P)%nat; sh_p : (0 < width P)%nat; sh_X : length (p_X P) = samples P;
  sh_beta : length (p_beta P) = width P; sh_rows : forall i, (i < samples P)%nat -> length (nth i (p_X P) []) = inputs P;
  sh_rp : posb (d_rp (data_of w P)) = true }.
Lemma shapes_ok_ok w P : shapes_ok w P = true -> shapes w P.
Proof. intros H. unfold shapes_ok in H. cbv zeta in H. bools. split; try assumption.
  intros i Hi. apply Nat.eqb_eq. apply (forallb_nth (fun row => Nat.eqb (length row) (inputs P))); [assumption|].
  match goal with E : length (p_X P) = _ |- _ => rewrite E end. exact Hi. Qed.

Section Lists.
Variable w : I.t.
Lemma inV_ext l x x' : (forall i, (i < length l)%nat -> x i = x' i) -> inV w l x -> inV w l x'.
Proof. intros E V i Hi. rewrite <- E by assumption. now apply V. Qed.
Lemma inM_ext M X X' k : (forall i j, (i < k)%nat -> (j < k)%nat -> X i j = X' i j) -> inM w M X k -> inM w M X' k.
Proof. intros E [L V]. split; [assumption|]. intros i Hi. destruct (V i Hi) as [Li Vi]. split; [assumption|].
  apply (inV_ext _ (X i)); [|assumption]. intros j Hj. apply E; lia. Qed.
Lemma inM_map2 f F M M' X X' k : (forall a z a' z', inB w a z -> inB w a' z' -> inB w (f a a') (F z z')) ->
  inM w M X k -> inM w M' X' k -> inM w (map2 (map2 f) M M') (fun i j => F (X i j) (X' i j)) k.
Proof. intros Hf [L V] [L' V']. split; [now apply map2_length|]. intros i Hi.
  rewrite (nth_map2 _ M M' i [] [] []) by lia. destruct (V i Hi) as [Li Vi]. destruct (V' i Hi) as [Li' Vi'].
  split; [now apply map2_length|]. apply (in_map2 w f F); auto. lia. Qed.
End Lists.

(* ---------- a state and what is computed there ---------- *)
Section Data.
Variable w : I.t.
Variable P : problem.
Hypothesis sh : shapes w P.
Let n := samples P.
Let p := width P.
Let d := data_of w P.
Let Wp := sh_w w P sh.
Lemma inM_quad (f g : ball -> ball) M X k cst sg : inM w M X k -> symm k X ->
  (forall a x, inB w a x -> inB w (f a) (sg * x + cst)) -> (forall a x, inB w a x -> inB w (g a) (sg * x)) ->
  pd w k (diag f g M) = true -> forall x, 0 <= sg * quad k X x + cst * dot k x x.
Proof. intros HM Sy Hf Hg Hp x. rewrite <- (quad_diag k X cst sg x).
  apply (pd_ok w Wp k (diag f g M)); try assumption.
  - apply (in_diag w f g (fun z => sg * z + cst) (fun z => sg * z)); assumption.
  - intros i j Hi Hj. rewrite (Sy i j Hi Hj), Nat.eqb_sym. reflexivity. Qed.
(* a definite upper bound *)
Lemma bounded M X k a c : inM w M X k -> symm k X -> inB w a c -> pd w k (diag (sub a) opp M) = true ->
  forall x, quad k X x <= c * dot k x x.
Proof. intros HM Sy Ha Hp x. assert (T : 0 <= -1 * quad k X x + c * dot k x x); [|lra].
  apply (inM_quad (sub a) opp M X k c (-1)); try assumption; intros a' u Hu.
  - apply (in_ext w _ (c - u)); [ring|]. now apply in_sub.
  - apply (in_ext w _ (- u)); [ring|]. now apply in_opp. Qed.
Lemma bounded_below M X k a c : inM w M X k -> symm k X -> inB w a c -> pd w k (diag (fun u => sub u a) (fun u => u) M)
  = true ->
  forall x, c * dot k x x <= quad k X x.
Proof. intros HM Sy Ha Hp x. assert (T : 0 <= 1 * quad k X x + - c * dot k x x); [|lra].
  apply (inM_quad (fun u => sub u a) (fun u => u) M X k (- c) 1); try assumption; intros a' u Hu.
  - apply (in_ext w _ (u - c)); [ring|]. now apply in_sub.
  - now apply (in_ext w _ u); [ring|]. Qed.
Lemma in_nrm l x k : length l = k -> inV w l x -> inB w (nrmB w l) (nrm k x).
Proof. intros L V. apply in_sqrt; [exact Wp| |pos]. now apply in_dot. Qed.

(* the data *)
Lemma pz_ok : zz (d_p d) = Z.of_nat p.  Proof. apply I.of_ok. Qed.
Lemma in_p a x : inB w a x -> inB w (divk (d_p d) a) (x / INR p).
Proof. intros Ha. rewrite INR_IZR_INZ, <- pz_ok. apply in_divk; try assumption. rewrite pz_ok. assert (T := sh_p w P sh).
  unfold p. lia. Qed.
Lemma in_rp : inB w (d_rp d) (rp p).
Proof. apply in_sqrt; [exact Wp| |apply pos_INR]. rewrite INR_IZR_INZ, <- pz_ok. now apply in_ofInt. Qed.
Lemma in_b : length (d_b d) = p /\ inV w (d_b d) (bof P).
Proof. split; [apply map_length|]. now apply in_vecD. Qed.
Lemma in_y : length (d_y d) = n /\ inV w (d_y d) (yof P).
Proof. split; [apply map_length|]. now apply in_vecD. Qed.
Lemma in_nb : inB w (d_nb d) (nrm p (bof P)).
Proof. destruct in_b. now apply in_nrm. Qed.
Lemma in_eta : inB w (d_eta d) (etaof P).
Proof. now apply in_ofD. Qed.
Lemma in_h : inB w (d_h d) (etaof P / rp p).
Proof. apply in_div; [exact Wp|exact in_eta|exact in_rp|exact (sh_rp w P sh)]. Qed.
Lemma in_K : inM w (d_K d) (Kof P) n.
Proof. apply in_outer; [rewrite map_length; apply sh|]. assert (LX := sh_X w P sh). intros i j Hi Hj.
  rewrite (nth_map (map (ofD w)) (p_X P) i [] []), (nth_map (map (ofD w)) (p_X P) j [] []) by (unfold n in *; lia).
    unfold Kof, Xrow.
  apply in_dot; try assumption; try (rewrite map_length; apply sh; assumption); now apply in_vecD. Qed.
Lemma in_k2 : length (map (fun r => dotB w r r) (d_K d)) = n /\
  inV w (map (fun r => dotB w r r) (d_K d)) (fun i => kk n (Kof P) i * kk n (Kof P) i).
Proof. destruct in_K as [L V]. split; [now rewrite map_length|]. intros i Hi. rewrite map_length in Hi.
  rewrite (nth_map _ (d_K d) i []) by assumption. unfold kk. rewrite nrm_sq. destruct (V i ltac:(lia)). now apply in_dot.
    Qed.
Lemma gram_pos (V : nat -> vec) k x : 0 <= quad n (fun i j => dot k (V i) (V j)) x.
Proof. assert (E : quad n (fun i j => dot k (V i) (V j)) x = sum k (fun j => Rsqr (sum n (fun i => V i j * x i)))).
  { unfold quad, bil, dot at 1, mulv. rewrite (sum_ext n _ (fun i => sum k (fun j => (x i * V i j) * sum n (fun i => V i j
    * x i)))).
    2:{ intros i Hi. rewrite (sum_ext n _ (fun j => sum k (fun r => V i r * V j r * x j))).
        2:{ intros j Hj. unfold dot. now rewrite <- sum_scal_r. }
        rewrite sum_swap, <- sum_scal. apply sum_ext. intros r Hr. rewrite <- !sum_scal. apply sum_ext. intros; ring. }
    rewrite sum_swap. apply sum_ext. intros r Hr. unfold Rsqr. rewrite sum_scal_r. f_equal. apply sum_ext. intros; ring. }
  rewrite E. apply sum_pos. intros. apply Rle_0_sqr. Qed.
Lemma K_symm : symm n (Kof P).
Proof. intros i j Hi Hj. apply dot_sym. Qed.
Lemma K_bound l : K_ok w d l = true ->
  0 <= valD (w_K_norm (l_witness l)) /\ forall x, Rabs (quad n (Kof P) x) <= valD (w_K_norm (l_witness l)) * dot n x x.
Proof. intros H. unfold K_ok in H. cbv zeta in H. andb. assert (Hk := in_ofD w Wp (w_K_norm (l_witness l))).
  assert (K0 : 0 <= valD (w_K_norm (l_witness l))) by (eapply nonneg_ok; [exact Wp|exact Hk|assumption]).
    split; [assumption|].
  intros x. assert (U := bounded _ _ n _ _ in_K K_symm Hk ltac:(assumption) x). assert (T := gram_pos (Xrow P) (inputs P) x).
  change (quad n _ x) with (quad n (Kof P) x) in T. assert (0 <= dot n x x) by pos.
  assert (0 <= valD (w_K_norm (l_witness l)) * dot n x x) by pos. apply Rabs_le. lra. Qed.

(* columns of a p x n matrix *)
Definition inC (L : mball) (X : mat) : Prop :=
  length L = n /\ forall i, (i < n)%nat -> length (nth i L []) = p /\ inV w (nth i L []) (fun r => X r i).
Lemma inC_map (f : ball -> ball) (g : R -> R) L X : (forall a x, inB w a x -> inB w (f a) (g x)) ->
  inC L X -> inC (map (map f) L) (fun r i => g (X r i)).
Proof. intros Hf [LL V]. split; [now rewrite map_length|]. intros i Hi. destruct (V i Hi) as [Li Vi].
  rewrite (nth_map _ L i []) by lia. split; [now rewrite map_length|]. now apply (in_map1 w f g _ (fun r => X r i)). Qed.

Variable A : nat -> mat.
Variable beta : nat -> vec.
Let psi := psiof P.
Let dpsi := dpsiof P.
Definition inS (s : state) (t : nat) : Prop := inC (st_A s) (A t) /\ length (st_beta s) = p /\ inV w (st_beta s) (beta t).
Definition inZ (z : point) (t : nat) : Prop := inC (z_U z) (Psi psi A t) /\ inC (z_D z) (Network.D dpsi A t) /\
  (length (z_e z) = n /\ inV w (z_e z) (e p (yof P) psi A beta t)) /\ inB w (z_E z) (error P A beta t).
Lemma in_point s t : inS s t -> inZ (point_at w d s) t.
Proof. intros (HA & Lb & Vb). unfold point_at. cbv zeta.
  assert (HU : inC (map (map fst) (map (map (activate (d_psi d) w)) (st_A s))) (Psi psi A t)).
  { rewrite map_map. rewrite (map_ext _ (map (fun u => fst (activate (d_psi d) w u)))) by (intros; apply map_map).
    apply (inC_map _ (psiR (p_psi P))); [|assumption]. intros a x Ha. apply (in_activate (p_psi P) w a x Wp Ha). }
  assert (HD : inC (map (map snd) (map (map (activate (d_psi d) w)) (st_A s))) (Network.D dpsi A t)).
  { rewrite map_map. rewrite (map_ext _ (map (fun u => snd (activate (d_psi d) w u)))) by (intros; apply map_map).
    apply (inC_map _ (dpsiR (p_psi P))); [|assumption]. intros a x Ha. apply (in_activate (p_psi P) w a x Wp Ha). }
  set (U := map (map fst) _) in *. set (e0 := map2 sub _ _).
  assert (He : length e0 = n /\ inV w e0 (e p (yof P) psi A beta t)).
  { destruct HU as [LU VU]. destruct in_y as [Ly Vy]. unfold e0. split; [apply map2_length;
    [now rewrite map_length|assumption]|].
    apply (in_map2 w sub Rminus _ _ (Network.f p psi A beta t) (yof P)); [intros; now apply in_sub|rewrite map_length;
      lia| |assumption].
    intros i Hi. rewrite map_length in Hi. rewrite (nth_map _ U i []) by assumption. destruct (VU i ltac:(lia)) as [Li Vi].
    apply in_div; [exact Wp| |exact in_rp|exact (sh_rp w P sh)].
      now apply (in_dot w Wp _ _ (fun r => Psi psi A t r i) (beta t) p). }
  unfold inZ. cbn [z_U z_D z_e z_E]. destruct He as [Le Ve]. repeat split; try apply HU; try apply HD; try assumption.
  now apply in_nrm. Qed.
End Data.
End StateF.
