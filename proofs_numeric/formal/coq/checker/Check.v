(* SPDX-License-Identifier: Apache-2.0 *)
(* The checker of certificates from a checkpoint (tanh, one output, feedback alignment) and its soundness. *)
Require Import ZArith Reals Lra Lia Psatz List Bool.
From Alignproof Require Import Sums Forms Network Recursion TheoremA Integers Calculus Exponential Tanh Certificate BallDef ActDef CheckDef Ball.
Import ListNotations.
Open Scope R_scope.

(* what the stored numbers mean *)
Definition vecD (l : list double) : vec := fun i => valD (nth i l (0%Z, 0%Z)).
Definition Kreal c : mat := fun i j => dot (length (nth 0 (c_X c) [])) (vecD (nth i (c_X c) [])) (vecD (nth j (c_X c) [])).
Definition A0 c : mat := fun r i => vecD (nth i (c_A c) []) r.
Definition beta0 c : vec := vecD (c_beta c).

(* the run of the certificate: starts at the stored state, follows (A.1) *)
Record is_run (c : cert) (A : nat -> mat) (beta : nat -> vec) : Prop := {
  run_start_A : forall r i, (r < dimp c)%nat -> (i < dimn c)%nat -> A 0%nat r i = A0 c r i;
  run_start_b : forall r, (r < dimp c)%nat -> beta 0%nat r = beta0 c r;
  run_step_A : run_A (dimn c) (dimp c) (Kreal c) (vecD (c_y c)) (vecD (c_b c)) (fun _ _ => tanh) (fun _ _ => dtanh) (valD (c_eta c)) A beta;
  run_step_b : run_beta (dimn c) (dimp c) (vecD (c_y c)) (fun _ _ => tanh) (valD (c_eta c)) A beta }.

Definition Rops : ops R := {| o_add := Rplus; o_sub := Rminus; o_mul := Rmult; o_div := Rdiv; o_sqrt := sqrt;
  o_half := fun a => a / 2; o_two := 2; o_L2 := L2tanh |}.

Module CheckF (I : INT) (Import D : BallDefT I) (Import C : CheckDefT I D).
Module B := BallF I D.
Import B.
Local Notation zz := I.to_Z.

(* ---------- soundness ---------- *)
Section Sound.
Variable w : I.t.
Hypothesis w_pos : (0 <= (zz w))%Z.

Definition inM (M : mball) (X : mat) k := length M = k /\ forall i, (i < k)%nat -> length (nth i M []) = k /\ inV w (nth i M []) (X i).

Lemma mapi_length {T U} (f : nat -> T -> U) i l : length (mapi f i l) = length l.
Proof. revert i. induction l; intros; simpl; auto. Qed.
Lemma mapi_nth {T U} (f : nat -> T -> U) l dT dU : forall i k, (k < length l)%nat -> nth k (mapi f i l) dU = f (i + k)%nat (nth k l dT).
Proof. induction l as [|a l IH]; intros i k Hk; simpl in Hk; [lia|]. destruct k as [|k]; simpl; [now rewrite Nat.add_0_r|].
  rewrite IH by lia. f_equal; lia. Qed.
Lemma in_diag f g F G' M X k : (forall a x, inB w a x -> inB w (f a) (F x)) -> (forall a x, inB w a x -> inB w (g a) (G' x)) ->
  inM M X k -> inM (diag f g M) (fun i j => if Nat.eqb i j then F (X i j) else G' (X i j)) k.
Proof. intros Hf Hg [L V]. split; [unfold diag; now rewrite mapi_length|]. intros i Hi. unfold diag.
  rewrite (mapi_nth _ M [] []) by lia. simpl. destruct (V i Hi) as [L1 V1]. split; [now rewrite mapi_length|].
  intros j Hj. rewrite mapi_length in Hj. rewrite (mapi_nth _ _ b0 b0) by assumption. simpl.
  destruct (Nat.eqb i j); [apply Hf|apply Hg]; now apply V1. Qed.

Lemma nth_map {T U} (f : T -> U) l i dT dU : (i < length l)%nat -> nth i (map f l) dU = f (nth i l dT).
Proof. intros Hi. rewrite (nth_indep _ dU (f dT)) by now rewrite map_length. apply map_nth. Qed.
Lemma nth_map2 {T U V} (f : T -> U -> V) l l' i dT dU dV : (i < length l)%nat -> length l = length l' ->
  nth i (map2 f l l') dV = f (nth i l dT) (nth i l' dU).
Proof. revert l' i. induction l as [|a l IH]; intros [|a' l'] i Hi E; simpl in *; try lia. destruct i; auto. apply IH; lia. Qed.

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
        destruct (V (S i) ltac:(lia)) as [Li Vi]. simpl nth in Li, Vi. destruct (nth i rest []) as [|c0' row']; [discriminate|].
        simpl in Li. injection Li as Li. apply inV_cons in Vi. destruct Vi as [Vc Vr].
        split; [apply map2_length; lia|].
        apply (in_map2 w _ (fun a b => a - X (S i) 0%nat / X 0%nat 0%nat * b) row' v (fun j => X (S i) (S j)) (fun j => X 0%nat (S j))); auto; [|lia].
        intros a z a' z' Ha Ha'. apply in_sub; [assumption|]. apply in_mul; try assumption. now apply in_div.
      - intros i j Hi Hj. cbv beta. rewrite (Sy (S i) (S j)), (Sy (S i) 0%nat), (Sy (S j) 0%nat) by lia. unfold Rdiv. ring. }
    assert (0 <= X 0%nat 0%nat * Rsqr (x 0%nat + dot k (fun j => X 0%nat (S j)) (fun j => x (S j)) / X 0%nat 0%nat))
      by (apply Rmult_le_pos; [lra|apply Rle_0_sqr]). lra. Qed.

Lemma in_vecD l : inV w (map (ofD w) l) (vecD l).
Proof. intros i Hi. rewrite map_length in Hi. rewrite (nth_map _ l i (0%Z, 0%Z)) by assumption. apply in_ofD, w_pos. Qed.
Lemma in_outer l f F k : length l = k -> (forall i j, (i < k)%nat -> (j < k)%nat -> inB w (f (nth i l []) (nth j l [])) (F i j)) ->
  inM (outer l f) F k.
Proof. intros L H. unfold outer. split; [now rewrite map_length|]. intros i Hi. rewrite (nth_map _ l i []) by lia.
  split; [now rewrite map_length|]. intros j Hj. rewrite map_length in Hj. rewrite (nth_map _ l j []) by assumption. apply H; lia. Qed.

Lemma quad_diag k X c s : forall x, quad k (fun i j => if Nat.eqb i j then s * X i j + c else s * X i j) x = s * quad k X x + c * dot k x x.
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

(* scalars: the conditions on balls give the conditions on the real numbers inside *)
Section Scalars.
Variable w : I.t.
Hypothesis w_pos : (0 <= zz w)%Z.
Definition inN (b : nums ball) (x : nums R) : Prop :=
  inB w (x_rp b) (x_rp x) /\ inB w (x_et b) (x_et x) /\ inB w (x_al b) (x_al x) /\ inB w (x_Mmin b) (x_Mmin x) /\
  inB w (x_Mmax b) (x_Mmax x) /\ inB w (x_Gmax b) (x_Gmax x) /\ inB w (x_Kn b) (x_Kn x) /\ inB w (x_E b) (x_E x) /\
  inB w (x_kmax b) (x_kmax x) /\ inB w (x_koK b) (x_koK x) /\ inB w (x_nb b) (x_nb x) /\ inB w (x_Q b) (x_Q x) /\
  inB w (x_b4 b) (x_b4 x) /\ inB w (x_Nb b) (x_Nb x) /\ inB w (x_bbe b) (x_bbe x) /\ inB w (x_err b) (x_err x) /\
  inB w (x_bd b) (x_bd x) /\ inB w (x_Ad b) (x_Ad x) /\ inB w (x_cmin b) (x_cmin x) /\ inB w (x_cmax b) (x_cmax x).
Ltac andb := repeat match goal with Hx : (_ && _)%bool = true |- _ => apply andb_prop in Hx; destruct Hx end.
Lemma in_two : inB w (ofInt w c2) 2.
Proof. apply (in_ext w _ (IZR (zz c2))); [unfold c2; now rewrite I.of_ok|now apply in_ofInt]. Qed.
Lemma in_half a x : inB w a x -> inB w (divk c2 a) (x / 2).
Proof. intros. apply (in_ext w _ (x / IZR (zz c2))); [unfold c2; now rewrite I.of_ok|]. apply in_divk; auto. unfold c2. rewrite I.of_ok. lia. Qed.
Lemma in_L2 : inB w (divk (I.of_Z 100000000) (ofInt w (I.of_Z 76980036))) L2tanh.
Proof. apply (in_ext w _ (IZR (zz (I.of_Z 76980036)) / IZR (zz (I.of_Z 100000000)))); [rewrite !I.of_ok; reflexivity|].
  apply in_divk; [rewrite I.of_ok; lia|now apply in_ofInt]. Qed.
Theorem scalars_sound b x : inN b x -> scalars_ok w b = true ->
  0 < x_rp x /\ 0 < x_et x /\ 0 < x_al x /\ 0 <= x_Gmax x /\ 0 <= x_Kn x /\ 0 <= f_A10 Rops x /\ 0 <= f_A11 Rops x /\
  x_E x <= x_err x /\ f_rho Rops x <= x_bd x /\ f_Ad Rops x <= x_Ad x /\ 0 < x_nb x /\ f_rho Rops x < x_Nb x /\
  0 <= f_c1 Rops x /\ 0 <= f_c2 Rops x /\ 0 <= f_c3 Rops x /\ 0 <= f_c4 Rops x.
Proof. intros (H1 & H2 & H3 & H4 & H5 & H6 & H7 & H8 & H9 & H10 & H11 & H12 & H13 & H14 & H15 & H16 & H17 & H18 & H19 & H20) Hc.
  unfold scalars_ok in Hc. cbv zeta in Hc. andb. set (o := ballops w) in *.
  assert (Tw : inB w (o_two o) (o_two Rops)) by exact in_two. assert (L2 : inB w (o_L2 o) (o_L2 Rops)) by exact in_L2.
  assert (Q0 : inB w (f_tworp o b) (f_tworp Rops x)) by (apply in_mul; assumption).
  assert (Q1 : inB w (f_s0 o b) (f_s0 Rops x)) by (apply in_div; assumption).
  assert (Q2 : inB w (f_kap o b) (f_kap Rops x)) by (apply in_div; try assumption; apply in_mul; assumption).
  assert (Q3 : inB w (f_R o b) (f_R Rops x)) by (apply in_div; assumption).
  assert (G0 : 0 <= x_Gmax x) by (eapply nonneg_ok; eassumption).
  assert (Q4 : inB w (f_Gs o b) (f_Gs Rops x)) by (apply in_sqrt; assumption).
  assert (Q5 : inB w (f_q o b) (f_q Rops x)) by (apply in_mul; assumption).
  assert (Q6 : inB w (f_rho o b) (f_rho Rops x)).
  { apply in_mul; try assumption. apply in_add; try assumption. apply in_mul; try assumption. now apply in_half. }
  assert (Q7 : inB w (f_dG o b) (f_dG Rops x)) by (apply in_add; repeat (apply in_mul; try assumption)).
  assert (Q8 : inB w (f_h2 o b) (f_h2 Rops x)) by (apply in_div; try assumption; repeat (apply in_mul; try assumption)).
  assert (Q9 : inB w (f_D o b) (f_D Rops x)).
  { apply in_add; try assumption. apply in_add; [apply in_div; try assumption|]; repeat (apply in_mul; try assumption). }
  assert (Q10 : inB w (f_Cv o b) (f_Cv Rops x)).
  { apply in_add; apply in_mul; try assumption; [now apply in_add|apply in_div; try assumption; now apply in_mul|].
    apply in_add; try assumption. now apply in_mul. }
  assert (Q11 : inB w (f_CE o b) (f_CE Rops x)) by (repeat (apply in_mul; try assumption)).
  assert (Q12 : inB w (f_A10 o b) (f_A10 Rops x)) by (repeat (apply in_sub; try assumption)).
  assert (Q13 : inB w (f_A11 o b) (f_A11 Rops x)).
  { repeat (apply in_sub; try assumption); apply in_mul; try assumption. now apply in_add. }
  assert (Q14 : inB w (f_Ad o b) (f_Ad Rops x)) by (repeat (apply in_mul; try assumption)).
  assert (Q15 : inB w (f_lo o b) (f_lo Rops x)) by (apply in_mul; try assumption; now apply in_sub).
  assert (Q16 : inB w (f_hi o b) (f_hi Rops x)) by (apply in_mul; try assumption; now apply in_add).
  assert (Q17 : inB w (f_c1 o b) (f_c1 Rops x)) by (repeat (apply in_sub; try assumption); now apply in_mul).
  assert (Q18 : inB w (f_c2 o b) (f_c2 Rops x)) by (repeat (apply in_sub; try assumption); now apply in_mul).
  assert (Q19 : inB w (f_c3 o b) (f_c3 Rops x)) by (apply in_sub; [now apply in_mul|apply in_add; try assumption; now apply in_mul]).
  assert (Q20 : inB w (f_c4 o b) (f_c4 Rops x)) by (apply in_sub; [now apply in_mul|apply in_add; try assumption; now apply in_mul]).
  repeat split; try (eapply pos_ok; [eassumption|eassumption|assumption]); try (eapply nonneg_ok; [eassumption|eassumption|assumption]).
  - assert (0 <= x_err x - x_E x) by (apply (nonneg_ok w w_pos (sub (x_err b) (x_E b))); [now apply in_sub|assumption]). lra.
  - assert (0 <= x_bd x - f_rho Rops x) by (apply (nonneg_ok w w_pos (sub (x_bd b) (f_rho o b))); [now apply in_sub|assumption]). lra.
  - assert (0 <= x_Ad x - f_Ad Rops x) by (apply (nonneg_ok w w_pos (sub (x_Ad b) (f_Ad o b))); [now apply in_sub|assumption]). lra.
  - assert (0 < x_Nb x - f_rho Rops x) by (apply (pos_ok w w_pos (sub (x_Nb b) (f_rho o b))); [now apply in_sub|assumption]). lra. Qed.
End Scalars.

(* vectors and matrices, then the theorem *)
Section Final.
Variable w : I.t.
Variable N : nat.
Variable c : cert.
Variable A : nat -> mat.
Variable beta : nat -> vec.
Variable Ac : mball.               (* enclosures of the columns of A(0) and of beta(0) *)
Variable be : list ball.
Let n := dimn c.
Let p := dimp c.
Let th := fun (_ _ : nat) => tanh.
Let dth := fun (_ _ : nat) => dtanh.
Let b := vecD (c_b c).
Let y := vecD (c_y c).
Let K := Kreal c.
Let pz := I.of_Z (Z.of_nat p).
Hypothesis stepA : run_A n p K y b th dth (valD (c_eta c)) A beta.
Hypothesis stepB : run_beta n p y th (valD (c_eta c)) A beta.
Hypothesis shapes : (0 < n)%nat /\ (0 < p)%nat /\ length (c_X c) = n /\ 
  (forall i, (i < n)%nat -> length (nth i (c_X c) []) = length (nth 0 (c_X c) [])) /\ (0 <= zz w)%Z.
Hypothesis LAc : length Ac = n.
Hypothesis hA : forall i, (i < n)%nat -> length (nth i Ac []) = p /\ inV w (nth i Ac []) (fun r => A 0%nat r i).
Hypothesis hbe : length be = p /\ inV w be (beta 0%nat).
Lemma w_pos : (0 <= zz w)%Z.  Proof. apply shapes. Qed.
Lemma n_pos : (0 < n)%nat.  Proof. apply shapes. Qed.
Lemma p_pos : (0 < p)%nat.  Proof. apply shapes. Qed.
Lemma pz_ok : zz pz = Z.of_nat p.  Proof. apply I.of_ok. Qed.
Lemma in_pz a x : inB w a x -> inB w (divk pz a) (x / INR p).
Proof. intros Ha. rewrite INR_IZR_INZ, <- pz_ok. apply in_divk; try apply w_pos; try assumption. rewrite pz_ok. assert (T := p_pos). lia. Qed.
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
Lemma inM_quad (f g : ball -> ball) M X k cst sg : inM w M X k -> symm k X ->
  (forall a x, inB w a x -> inB w (f a) (sg * x + cst)) -> (forall a x, inB w a x -> inB w (g a) (sg * x)) ->
  pd w k (diag f g M) = true -> forall x, 0 <= sg * quad k X x + cst * dot k x x.
Proof. intros HM Sy Hf Hg Hp x. rewrite <- (quad_diag k X cst sg x).
  apply (pd_ok w w_pos k (diag f g M)); try assumption.
  - apply (in_diag w f g (fun z => sg * z + cst) (fun z => sg * z)); assumption.
  - intros i j Hi Hj. rewrite (Sy i j Hi Hj), Nat.eqb_sym. reflexivity. Qed.

Let D := map (ofD w).
Let Kb := outer (map D (c_X c)) (dotB w).
Let Ub := map (map (tanhB N w)) Ac.
Let Db := map (map (dtanhB w)) Ub.
Let yb := D (c_y c).
Let bb := D (c_b c).
Hypothesis conds : check2 w c pz Kb Ub Db yb bb be = true.

Lemma hb : length bb = p /\ inV w bb b.
Proof. split; [unfold bb, D; now rewrite map_length|]. apply in_vecD, w_pos. Qed.
Lemma hy : length yb = n /\ inV w yb y.
Proof. split; [unfold yb, D; now rewrite map_length|]. apply in_vecD, w_pos. Qed.
Lemma hK : inM w Kb K n.
Proof. destruct shapes as (_ & _ & LX & LXi & Wp). apply in_outer; [now rewrite map_length|]. intros i j Hi Hj.
  rewrite (nth_map D (c_X c) i [] []), (nth_map D (c_X c) j [] []) by lia. unfold K, Kreal.
  apply in_dot; try assumption; try (unfold D; rewrite map_length; now apply LXi); apply in_vecD; assumption. Qed.
Lemma hU i : (i < n)%nat -> length (nth i Ub []) = p /\ inV w (nth i Ub []) (fun r => Psi th A 0 r i).
Proof. intros Hi. destruct (hA i Hi) as [L V]. unfold Ub. rewrite (nth_map _ Ac i []) by lia.
  split; [now rewrite map_length|].
  apply (in_map1 w (tanhB N w) tanh _ (fun r => A 0%nat r i)); [intros; apply in_tanh; [apply w_pos|assumption]|assumption]. Qed.
Lemma LU : length Ub = n.  Proof. unfold Ub. now rewrite map_length. Qed.
Lemma hD i : (i < n)%nat -> length (nth i Db []) = p /\ inV w (nth i Db []) (fun r => Network.D dth A 0 r i).
Proof. intros Hi. destruct (hU i Hi) as [L V]. assert (LL := LU). unfold Db. rewrite (nth_map _ Ub i []) by lia.
  split; [now rewrite map_length|]. intros r Hr. rewrite map_length in Hr. rewrite (nth_map _ _ r b0) by assumption.
  apply (in_dtanh w _ (A 0%nat r i) w_pos). apply V, Hr. Qed.
Lemma LD : length Db = n.  Proof. unfold Db. rewrite map_length. apply LU. Qed.
Lemma hG : inM w (mG w pz Ub) (G p th A 0) n.
Proof. apply in_outer; [apply LU|]. intros i j Hi Hj. destruct (hU i Hi) as [Li Vi], (hU j Hj) as [Lj Vj].
  apply (in_pz _ (dot p (fun r => Psi th A 0 r i) (fun r => Psi th A 0 r j))). apply in_dot; try assumption. apply w_pos. Qed.
Let cb := map2 (mul w) be bb.
Lemma hcb : length cb = p /\ inV w cb (fun r => beta 0%nat r * b r).
Proof. destruct hb, hbe. split; [now apply map2_length|]. apply (in_map2 w (mul w) Rmult); try assumption; [|lia].
  intros. now apply in_mul; [apply w_pos| |]. Qed.
Lemma hS : inM w (mS w pz cb Db) (fun i j => dot p (fun r => beta 0%nat r * b r * Network.D dth A 0 r i) (fun r => Network.D dth A 0 r j) / INR p) n.
Proof. destruct hcb as [Lc Vc]. assert (LL := LD). unfold mS. split; [now rewrite map_length|]. intros i Hi.
  rewrite (nth_map _ Db i []) by lia. cbv zeta. split; [now rewrite map_length|]. intros j Hj. rewrite map_length in Hj.
  rewrite (nth_map _ Db j []) by assumption. destruct (hD i Hi) as [Li Vi], (hD j ltac:(lia)) as [Lj Vj]. apply in_pz.
  apply in_dot; try assumption; [apply w_pos|now apply map2_length|].
  apply (in_map2 w (mul w) Rmult); try assumption; [|lia]. intros. now apply in_mul; [apply w_pos| |]. Qed.
Lemma hM : inM w (mM w pz Kb Ub Db cb) (M p K b th dth A beta 0) n.
Proof. unfold mM. eapply inM_ext; [|apply (inM_map2 add Rplus); [intros; now apply in_add|apply hG|
    apply (inM_map2 (mul w) Rmult); [intros; now apply in_mul; [apply w_pos| |]|apply hK|apply hS]]].
  intros i j Hi Hj. unfold M, Network.H. f_equal. cbv beta. unfold dot, Rdiv. rewrite <- Rmult_assoc, <- sum_scal. f_equal.
  apply sum_ext. intros; ring. Qed.

Definition kmaxR := IZR (zz (fst (maxball (map (bsqrt w) (map (fun r => dotB w r r) Kb))))) / sc w.
Definition rn : nums R :=
  {| x_rp := rp p; x_et := valD (c_eta c); x_al := valD (c_alpha c); x_Mmin := valD (c_Mmin c); x_Mmax := valD (c_Mmax c);
     x_Gmax := valD (c_Gmax c); x_Kn := valD (c_Knorm c); x_E := En n p y th A beta 0; x_kmax := kmaxR; x_koK := koK n K;
     x_nb := nrm p b; x_Q := sum p (fun r => Rabs (beta 0%nat r) * (b r * b r)) / INR p; x_b4 := nrm p (b2 b) / INR p;
     x_Nb := nrm p (beta 0%nat); x_bbe := dot p b (beta 0%nat); x_err := valD (c_error c); x_bd := valD (c_bdisp c);
     x_Ad := valD (c_Adisp c); x_cmin := valD (c_cmin c); x_cmax := valD (c_cmax c) |}.

Lemma in_nrm l x k : length l = k -> inV w l x -> inB w (bsqrt w (dotB w l l)) (nrm k x).
Proof. intros L V. apply in_sqrt; [apply w_pos| |pos]. apply in_dot; try assumption. apply w_pos. Qed.
Lemma hKd : length (map (fun r => dotB w r r) Kb) = n /\ inV w (map (fun r => dotB w r r) Kb) (fun i => kk n K i * kk n K i).
Proof. destruct hK as [L V]. split; [now rewrite map_length|]. intros i Hi. rewrite map_length in Hi. rewrite (nth_map _ Kb i []) by assumption.
  unfold kk. rewrite nrm_sq. destruct (V i ltac:(lia)). apply in_dot; try assumption. apply w_pos. Qed.
Lemma numbers_ok : posb (x_rp (numbers w c pz Kb Ub yb bb be)) = true -> inN w (numbers w c pz Kb Ub yb bb be) rn.
Proof. intros Hrp. assert (Wp := w_pos). destruct hb as [Lb Vb], hbe as [Le Ve], hy as [Ly Vy], hKd as [Lk Vk]. assert (LL := LU).
  assert (Drp : inB w (bsqrt w (ofInt w pz)) (rp p)).
  { apply in_sqrt; try assumption; [|apply pos_INR]. rewrite INR_IZR_INZ, <- pz_ok. now apply in_ofInt. }
  assert (Vb2 : inV w (map (fun a => mul w a a) bb) (b2 b)).
  { apply (in_map1 w _ (fun z => z * z)); [|assumption]. intros. now apply in_mul. }
  unfold inN, numbers, rn; cbn [x_rp x_et x_al x_Mmin x_Mmax x_Gmax x_Kn x_E x_kmax x_koK x_nb x_Q x_b4 x_Nb x_bbe x_err x_bd x_Ad x_cmin x_cmax] in *.
  repeat split; try (apply in_ofD; assumption); try assumption.
  - apply in_nrm; [apply map2_length; [now rewrite map_length|assumption]|].
    apply (in_map2 w sub Rminus _ _ (Network.f p th A beta 0) y); [intros; now apply in_sub|now rewrite map_length; lia| |assumption].
    intros i Hi. rewrite map_length in Hi. rewrite (nth_map _ Ub i []) by assumption. destruct (hU i ltac:(lia)) as [Li Vi].
    apply in_div; try assumption. apply (in_dot w Wp _ _ _ _ p Li Le Vi Ve).
  - unfold kmaxR, inB. assert (S := sc_pos w Wp). unfold maxball; cbn [fst snd]. unfold c0 at 3. rewrite I.of_ok.
    set (z := IZR (zz _)). replace (z / sc w * sc w - z) with 0 by (field; lra). rewrite Rabs_R0. lra.
  - apply in_nrm; assumption.
  - apply in_nrm; assumption.
  - apply in_pz. apply in_dot; try assumption; try (now rewrite map_length). apply (in_map1 w babs Rabs); [intros; now apply in_abs|assumption].
  - apply in_pz. apply in_nrm; [now rewrite map_length|assumption].
  - apply in_nrm; assumption.
  - apply in_dot; assumption.
Qed.

(* the setting of Theorem A *)
Definition stg : setting := {| TheoremA.n := n; TheoremA.p := p; TheoremA.K := K; TheoremA.y := y; TheoremA.b := b;
  TheoremA.psi := th; TheoremA.dpsi := dth; TheoremA.L1 := 1; TheoremA.L2 := L2tanh; TheoremA.eta := valD (c_eta c);
  TheoremA.Kn := valD (c_Knorm c); TheoremA.kmax := kmaxR; TheoremA.Gs := sqrt (valD (c_Gmax c)); TheoremA.Q := x_Q rn;
  TheoremA.om := 1 / 2; TheoremA.A := A; TheoremA.beta := beta |}.

Lemma gram_pos (V : nat -> vec) d x : 0 <= quad n (fun i j => dot d (V i) (V j)) x.
Proof. assert (E : quad n (fun i j => dot d (V i) (V j)) x = sum d (fun k => Rsqr (sum n (fun i => V i k * x i)))).
  { unfold quad, bil, dot at 1, mulv. rewrite (sum_ext n _ (fun i => sum d (fun k => (x i * V i k) * sum n (fun j => V j k * x j)))).
    2:{ intros i Hi. rewrite (sum_ext n _ (fun j => sum d (fun k => V i k * V j k * x j))).
        2:{ intros j Hj. unfold dot. now rewrite <- sum_scal_r. }
        rewrite sum_swap, <- sum_scal. apply sum_ext. intros k Hk. rewrite <- !sum_scal. apply sum_ext. intros; ring. }
    rewrite sum_swap. apply sum_ext. intros k Hk. unfold Rsqr. rewrite sum_scal_r. f_equal. apply sum_ext. intros; ring. }
  rewrite E. apply sum_pos. intros. apply Rle_0_sqr. Qed.
Lemma K_symm : symm n K.
Proof. intros i j Hi Hj. unfold K, Kreal. apply dot_sym. Qed.
Lemma G_symm : symm n (G p th A 0).
Proof. intros i j Hi Hj. unfold G. f_equal. apply sum_ext. intros; ring. Qed.
Lemma M_symm : symm n (M p K b th dth A beta 0).
Proof. intros i j Hi Hj. unfold M, Network.H. rewrite (G_symm i j Hi Hj), (K_symm i j Hi Hj). f_equal. f_equal. apply sum_ext. intros; ring. Qed.

Theorem check_sound_aux : forall t,
  En n p y th A beta (S t) <= (1 - valD (c_eta c) * valD (c_alpha c)) * En n p y th A beta t /\
  En n p y th A beta t <= (1 - valD (c_eta c) * valD (c_alpha c)) ^ t * valD (c_error c) /\
  nrm p (fun r => beta t r - beta 0%nat r) <= valD (c_bdisp c) /\
  frob p n (fun r i => A t r i - A 0%nat r i) <= valD (c_Adisp c) /\
  valD (c_cmin c) <= cosv p b (beta t) <= valD (c_cmax c).
Proof. assert (Wp := w_pos). assert (np := n_pos). assert (pp := p_pos). assert (C := conds).
  unfold check2 in C. cbv zeta in C. set (x := numbers w c pz Kb Ub yb bb be) in *.
  apply andb_prop in C; destruct C as [C PK]. apply andb_prop in C; destruct C as [C PG].
  apply andb_prop in C; destruct C as [C PM2]. apply andb_prop in C; destruct C as [C PM1].
  assert (Hrp : posb (x_rp x) = true).
  { assert (C' := C). unfold scalars_ok in C'. cbv zeta in C'. repeat (apply andb_prop in C'; destruct C' as [C' ?]). exact C'. }
  assert (Hin := numbers_ok Hrp). fold x in Hin.
  destruct (scalars_sound w Wp x rn Hin C) as (S1 & S2 & S3 & S4 & S5 & S6 & S7 & S8 & S9 & S10 & S11 & S12 & S13 & S14 & S15 & S16).
  destruct Hin as (_ & _ & _ & I1 & I2 & I3 & I4 & _).
  assert (Mlo : forall z, valD (c_Mmin c) * dot n z z <= quad n (M p K b th dth A beta 0) z).
  { intros z. assert (T := inM_quad (fun a => sub a (x_Mmin x)) (fun a => a) _ _ n (- x_Mmin rn) 1 hM M_symm).
    assert (T' : 0 <= 1 * quad n (M p K b th dth A beta 0) z + - x_Mmin rn * dot n z z); [apply T; try assumption|simpl x_Mmin in T'; lra].
    - intros a u Ha. apply (in_ext w _ (u - x_Mmin rn)); [ring|]. now apply in_sub.
    - intros a u Ha. now apply (in_ext w _ u); [ring|]. }
  assert (Mhi : forall z, quad n (M p K b th dth A beta 0) z <= valD (c_Mmax c) * dot n z z).
  { intros z. assert (T := inM_quad (fun a => sub (x_Mmax x) a) opp _ _ n (x_Mmax rn) (-1) hM M_symm).
    assert (T' : 0 <= -1 * quad n (M p K b th dth A beta 0) z + x_Mmax rn * dot n z z); [apply T; try assumption|simpl x_Mmax in T'; lra].
    - intros a u Ha. apply (in_ext w _ (x_Mmax rn - u)); [ring|]. now apply in_sub.
    - intros a u Ha. apply (in_ext w _ (- u)); [ring|]. now apply in_opp. }
  assert (Ghi : forall z, quad n (G p th A 0) z <= valD (c_Gmax c) * dot n z z).
  { intros z. assert (T := inM_quad (fun a => sub (x_Gmax x) a) opp _ _ n (x_Gmax rn) (-1) hG G_symm).
    assert (T' : 0 <= -1 * quad n (G p th A 0) z + x_Gmax rn * dot n z z); [apply T; try assumption|simpl x_Gmax in T'; lra].
    - intros a u Ha. apply (in_ext w _ (x_Gmax rn - u)); [ring|]. now apply in_sub.
    - intros a u Ha. apply (in_ext w _ (- u)); [ring|]. now apply in_opp. }
  assert (Khi : forall z, quad n K z <= valD (c_Knorm c) * dot n z z).
  { intros z. assert (T := inM_quad (fun a => sub (x_Kn x) a) opp _ _ n (x_Kn rn) (-1) hK K_symm).
    assert (T' : 0 <= -1 * quad n K z + x_Kn rn * dot n z z); [apply T; try assumption|simpl x_Kn in T'; lra].
    - intros a u Ha. apply (in_ext w _ (x_Kn rn - u)); [ring|]. now apply in_sub.
    - intros a u Ha. apply (in_ext w _ (- u)); [ring|]. now apply in_opp. }
  assert (kmx := fold_max_ok w Wp (map (bsqrt w) (map (fun r => dotB w r r) Kb))). destruct kmx as [km0 km1].
  assert (Ok : setting_ok stg).
  { split; simpl; try assumption; try lra.
    - apply K_symm.
    - intros z. assert (T := gram_pos (fun i => vecD (nth i (c_X c) [])) (length (nth 0 (c_X c) [])) z). apply Rabs_le. split; [|apply Khi].
      change (quad n _ z) with (quad n K z) in T. assert (0 <= dot n z z) by pos. assert (0 <= valD (c_Knorm c) * dot n z z) by (apply Rmult_le_pos; assumption). lra.
    - intros i Hi. destruct hKd as [Lk Vk]. unfold kmaxR, maxball. cbn [fst]. apply (km1 i); [now rewrite map_length, Lk|].
      rewrite (nth_map _ _ i b0) by lia. change (nrm n (K i)) with (kk n K i). rewrite <- (sqrt_square (kk n K i)) by apply nrm_pos.
      apply in_sqrt; [assumption|apply Vk; lia|apply Rle_0_sqr].
    - unfold kmaxR, maxball. cbn [fst]. apply Rdiv_pos; [now apply IZR_le|now apply sc_pos].
    - apply tanh_ok.
    - unfold L2tanh. lra.
    - apply sqrt_pos.
    - intros z. rewrite sqrt_sqrt by assumption. apply Ghi.
    - right. field. apply Rgt_not_eq, lt_0_INR, p_pos. }
  set (E0 := err stg 0). set (Rr := E0 / valD (c_alpha c)).
  assert (rp0 : rp p <> 0) by (apply Rgt_not_eq; exact S1).
  assert (F1 : f_R Rops rn = Rr) by reflexivity.
  assert (F2 : f_kap Rops rn = kap p b 1 (valD (c_Knorm c))).
  { unfold f_kap, f_s0, kap, s0. simpl. field. assumption. }
  assert (F3 : f_rho Rops rn = rhoR stg Rr).
  { unfold f_rho, rhoR, rho. rewrite F1, F2. simpl. unfold f_Gs. simpl. field. }
  assert (F4 : f_D Rops rn = drift stg Rr).
  { unfold f_D, drift, DD, dG, dH, q. fold (rhoR stg Rr). rewrite F3, F1. unfold f_dG, f_q. rewrite F1, F2.
    unfold f_h2, h2, f_Gs, f_s0, s0. simpl. field.
    repeat split; first [exact rp0|apply Rgt_not_eq, lt_0_INR, p_pos]. }
  assert (F5 : f_Cv Rops rn = rem stg Rr).
  { unfold f_Cv, rem, Cv, g1, q, Qbar. fold (rhoR stg Rr). rewrite F3. unfold f_q. rewrite F1, F2. unfold v2, f_tworp, f_Gs. simpl. field.
    repeat split; first [exact rp0|apply Rgt_not_eq, lt_0_INR, p_pos]. }
  assert (A10 : valD (c_Mmin c) - drift stg Rr - TheoremA.eta stg * rem stg Rr * E0 >= valD (c_alpha c)).
  { unfold f_A10, f_CE in S6. rewrite F4, F5 in S6. simpl in S6. unfold E0, err, stg; simpl. unfold E0, err, stg in S6; simpl in S6. lra. }
  assert (A11 : TheoremA.eta stg * (valD (c_Mmax c) + drift stg Rr) <= 2 - TheoremA.eta stg * valD (c_alpha c) - TheoremA.eta stg * TheoremA.eta stg * rem stg Rr * E0).
  { unfold f_A11, f_CE in S7. rewrite F4, F5 in S7. simpl in S7. unfold E0, err, stg; simpl. unfold E0, err, stg in S7; simpl in S7. lra. }
  intros t.
  destruct (theorem_A stg Ok (valD (c_alpha c)) (valD (c_Mmin c)) (valD (c_Mmax c)) S3 Mlo Mhi A10 A11 t) as (T1 & T2 & T3 & T4).
  assert (rate : 0 <= 1 - valD (c_eta c) * valD (c_alpha c)).
  { apply (rate_range stg Ok (valD (c_alpha c)) (valD (c_Mmin c)) (valD (c_Mmax c)) S3 Mlo Mhi A10 A11). }
  assert (T2' : nrm p (fun r => beta t r - beta 0%nat r) <= f_rho Rops rn) by (rewrite F3; exact T2).
  split; [exact (one_step_rate stg Ok (valD (c_alpha c)) (valD (c_Mmin c)) (valD (c_Mmax c)) S3 Mlo Mhi A10 A11 t)|].
  split; [|split; [|split]].
  - eapply Rle_trans; [exact T1|]. apply Rmult_le_compat_l; [now apply pow_le|exact S8].
  - eapply Rle_trans; [exact T2'|]. exact S9.
  - eapply Rle_trans; [exact T3|]. eapply Rle_trans; [|exact S10]. right.
    change (1 * (nrm p b / rp p) * valD (c_Knorm c) * Rr = nrm p b / rp p * valD (c_Knorm c) * Rr). ring.
  - assert (r0 : 0 <= f_rho Rops rn) by (eapply Rle_trans; [apply nrm_pos|exact T2']).
    change (0 < nrm p b) in S11. change (f_rho Rops rn < nrm p (beta 0%nat)) in S12.
    change (0 <= dot p b (beta 0%nat) - f_rho Rops rn * nrm p b - valD (c_cmin c) * ((nrm p (beta 0%nat) - f_rho Rops rn) * nrm p b)) in S13.
    change (0 <= dot p b (beta 0%nat) - f_rho Rops rn * nrm p b - valD (c_cmin c) * ((nrm p (beta 0%nat) + f_rho Rops rn) * nrm p b)) in S14.
    change (0 <= valD (c_cmax c) * ((nrm p (beta 0%nat) - f_rho Rops rn) * nrm p b) - (dot p b (beta 0%nat) + f_rho Rops rn * nrm p b)) in S15.
    change (0 <= valD (c_cmax c) * ((nrm p (beta 0%nat) + f_rho Rops rn) * nrm p b) - (dot p b (beta 0%nat) + f_rho Rops rn * nrm p b)) in S16.
    destruct (cosine_bracket p b (beta 0%nat) (beta t) (f_rho Rops rn) S11 (conj r0 S12) T2') as [B1 B2].
    set (rr := f_rho Rops rn) in *. set (nb := nrm p b) in *. set (Nb := nrm p (beta 0%nat)) in *. set (bd := dot p b (beta 0%nat)) in *.
    assert (Np : 0 < Nb - rr) by lra. assert (Np2 : 0 < Nb + rr) by lra.
    assert (X : forall z N', 0 < N' -> z * (N' * nb) <= bd - rr * nb -> z <= (bd / nb - rr) / N').
    { intros z N' HN Hz. apply Rmult_le_reg_r with (N' * nb); [now apply Rmult_lt_0_compat|].
      replace ((bd / nb - rr) / N' * (N' * nb)) with (bd - rr * nb) by (field; lra). assumption. }
    assert (Y : forall z N', 0 < N' -> bd + rr * nb <= z * (N' * nb) -> (bd / nb + rr) / N' <= z).
    { intros z N' HN Hz. apply Rmult_le_reg_r with (N' * nb); [now apply Rmult_lt_0_compat|].
      replace ((bd / nb + rr) / N' * (N' * nb)) with (bd + rr * nb) by (field; lra). assumption. }
    split.
    + eapply Rle_trans; [|exact B1]. apply Rmin_glb; apply X; lra.
    + eapply Rle_trans; [exact B2|]. apply Rmax_lub; apply Y; lra. Qed.
End Final.

(* The theorem for users of the checker *)
Lemma lenok_ok w c : lenok w c = true -> (0 < dimn c)%nat /\ (0 < dimp c)%nat /\ length (c_beta c) = dimp c /\ length (c_X c) = dimn c /\ length (c_A c) = dimn c /\
  (forall i, (i < dimn c)%nat -> length (nth i (c_X c) []) = length (nth 0 (c_X c) [])) /\
  (forall i, (i < dimn c)%nat -> length (nth i (c_A c) []) = dimp c) /\ (0 <= zz w)%Z.
Proof. intros Hl. unfold lenok in Hl. cbv zeta in Hl.
  repeat (apply andb_prop in Hl; destruct Hl as [Hl ?]).
  repeat match goal with Hx : Nat.eqb _ _ = true |- _ => apply Nat.eqb_eq in Hx | Hx : Nat.ltb _ _ = true |- _ => apply Nat.ltb_lt in Hx
   | Hx : (_ <=? _)%Z = true |- _ => apply Z.leb_le in Hx end.
  repeat split; try assumption.
  - intros i Hi. rewrite forallb_forall in H1. apply Nat.eqb_eq, H1, nth_In. lia.
  - intros i Hi. rewrite forallb_forall in H0. apply Nat.eqb_eq, H0, nth_In. lia. Qed.
Theorem check_sound w N c : check w N c = true -> forall A beta, is_run c A beta -> forall t,
  let n := dimn c in let p := dimp c in
  let err t := En n p (vecD (c_y c)) (fun _ _ => tanh) A beta t in
  err (S t) <= (1 - valD (c_eta c) * valD (c_alpha c)) * err t /\
  err t <= (1 - valD (c_eta c) * valD (c_alpha c)) ^ t * valD (c_error c) /\
  nrm p (fun r => beta t r - beta 0%nat r) <= valD (c_bdisp c) /\
  frob p n (fun r i => A t r i - A 0%nat r i) <= valD (c_Adisp c) /\
  valD (c_cmin c) <= cosv p (vecD (c_b c)) (beta t) <= valD (c_cmax c).
Proof. intros Hc A beta [Ra Rb RA RB] t. unfold check in Hc. destruct (lenok w c) eqn:Hl; [|discriminate].
  destruct (lenok_ok w c Hl) as (H1 & H2 & H3 & H4 & H5 & H6 & H7 & H8).
  apply (check_sound_aux w N c A beta (map (map (ofD w)) (c_A c)) (map (ofD w) (c_beta c)) RA RB); try assumption.
  - repeat split; assumption.
  - now rewrite map_length.
  - intros i Hi. rewrite (nth_map _ (c_A c) i []) by lia. split; [rewrite map_length; now apply H7|].
    apply (inV_ext w _ (vecD (nth i (c_A c) []))); [|now apply in_vecD]. intros r Hr. rewrite map_length, H7 in Hr by assumption.
    symmetry. now apply Ra.
  - split; [now rewrite map_length|]. apply (inV_ext w _ (beta0 c)); [|now apply in_vecD]. intros i Hi. rewrite map_length, H3 in Hi. symmetry. now apply Rb.
  - rewrite map_map. exact Hc. Qed.
End CheckF.
