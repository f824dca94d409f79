(* SPDX-License-Identifier: Apache-2.0 *)
(* The checker of certificates for k outputs and for backpropagation is sound: where check_variant answers Proved, every run
   from a state within the radius of the stored one has the conclusions of Theorem A_ball (theorem_a_variants.md, section 16)
   with the numbers of the certificate. *)
Require Import ZArith Reals Lra Lia Psatz List Bool.
From Alignproof Require VariantDef.
From Alignproof Require Import Sums Forms Network Frobenius Outputs Neighbourhood Variants Integers Certificate BallDef
  ActDef CheckDef Ball Act Meaning Exact State Check.
Import ListNotations.
Open Scope R_scope.

(* What a certificate says, of real numbers. *)
Definition matD (l : list (list double)) : mat := fun i => vecD (nth i l []).
Section Meaning.
Variable c : variant_certificate.
Definition outputs := length (nth 0 (v_y c) []).                          (* k *)
Definition Nof := length (v_y c).                                         (* n *)
Definition Pof := length (v_b c).                                         (* p *)
Definition Dof := length (nth 0 (v_X c) []).                              (* d *)
Definition gram : mat := fun i j => dot Dof (matD (v_X c) i) (matD (v_X c) j).    (* K = X X^T *)
Definition stored_A : mat := fun r i => matD (v_A c) i r.                 (* n columns of length p are stored *)
Definition psi_v (_ _ : nat) := psiR (v_psi c).
Definition dpsi_v (_ _ : nat) := dpsiR (v_psi c).
(* what is fed back: b, or beta(t) *)
Definition fed (beta : nat -> mat) : nat -> mat := if v_backpropagation c then beta else fun _ => matD (v_b c).
(* |e(t)|_F, e = Psi^T beta / sqrt p - y *)
Definition error_v (A beta : nat -> mat) (t : nat) := En Nof Pof outputs (matD (v_y c)) psi_v A beta t.
Definition weight_cosine (beta : mat) := frob_cos Pof outputs (matD (v_b c)) beta.
(* A run (A.24) without penalty from any state near the stored one. *)
Record variant_run (A beta : nat -> mat) : Prop := {
  run_steps_A : run_A Nof Pof outputs gram (matD (v_y c)) psi_v dpsi_v (valD (v_eta c)) A beta (fed beta);
  run_steps_beta : run_beta Nof Pof outputs (matD (v_y c)) psi_v (valD (v_eta c)) A beta;
  run_near_A : frob Pof Nof (fun r i => A 0%nat r i - stored_A r i) <= valD (v_radius c);
  run_near_beta : frob Pof outputs (fun r o => beta 0%nat r o - matD (v_beta c) r o) <= valD (v_radius c) }.
Let st := l_statement (v_leg c).
(* The claims. Where an end of the cosine says something (is inside (-1, 1)), b and beta(t) are not 0. *)
Record variant_holds (A beta : nat -> mat) : Prop := {
  v_rate : forall t, error_v A beta (S t) <= (1 - valD (v_eta c) * valD (s_alpha st)) * error_v A beta t;
  v_rate_range : 0 <= 1 - valD (v_eta c) * valD (s_alpha st) < 1;
  v_error : forall t, error_v A beta t <= (1 - valD (v_eta c) * valD (s_alpha st)) ^ t * valD (s_error st);
  v_beta_moved : forall t, frob Pof outputs (fun r o => beta t r o - beta 0%nat r o) <= valD (s_beta_displacement st);
  v_A_moved : forall t, frob Pof Nof (fun r i => A t r i - A 0%nat r i) <= valD (s_A_displacement st);
  v_cosine : forall t, valD (s_cos_min st) <= weight_cosine (beta t) <= valD (s_cos_max st);
  v_defined : -1 < valD (s_cos_min st) \/ valD (s_cos_max st) < 1 ->
    0 < frob Pof outputs (matD (v_b c)) /\ forall t, 0 < frob Pof outputs (beta t) }.
(* A run exists from every state: the recursion defines one. *)
Section Exists.
Variables A0 beta0 : mat.
Fixpoint orbit_v (t : nat) : mat * mat :=
  match t with
  | O => (A0, beta0)
  | S u => let (A, beta) := orbit_v u in
      let step := valD (v_eta c) / Network.rp Pof in
      let Psi := fun r i => psi_v r i (A r i) in
      let e := fun i o => sum Pof (fun r => Psi r i * beta r o) / Network.rp Pof - matD (v_y c) i o in
      let fed := if v_backpropagation c then beta else matD (v_b c) in
      (fun r i => A r i - step * mulv Nof gram (fun j => dpsi_v r j (A r j) * mulv outputs e (fed r) j) i,
       fun r o => beta r o - step * mulm Nof Psi e r o)
  end.
End Exists.
Theorem orbit_is_variant_run : 0 <= valD (v_radius c) ->
  let o := orbit_v stored_A (matD (v_beta c)) in variant_run (fun t => fst (o t)) (fun t => snd (o t)).
Proof. intros H o. split.
  - intros t r i _ _. unfold o. cbn [orbit_v]. destruct (orbit_v _ _ t) as [A beta] eqn:E.
    unfold Dx, Network.D, e, f, Network.Psi, fed. destruct (v_backpropagation c); cbn [fst snd]; rewrite E; reflexivity.
  - intros t r i _ _. unfold o. cbn [orbit_v]. destruct (orbit_v _ _ t) as [A beta] eqn:E.
    unfold e, f, Network.Psi. cbn [fst snd]. rewrite E. reflexivity.
  - simpl. now rewrite no_A_distance.
  - simpl. now rewrite no_A_distance. Qed.
End Meaning.

(* expressions as real numbers *)
Fixpoint real (x : nat -> R) (e : VariantDef.expr) : R :=
  match e with
  | VariantDef.Var i => x i
  | VariantDef.Const k => IZR k
  | VariantDef.Add a b => real x a + real x b
  | VariantDef.Sub a b => real x a - real x b
  | VariantDef.Mul a b => real x a * real x b
  | VariantDef.Div a b => real x a / real x b
  end.
(* a cosine of Frobenius norms lies in [-1, 1]; where a norm is 0 the quotient of Coq is 0 *)
Lemma frob_cos_range p k B X : -1 <= frob_cos p k B X <= 1.
Proof. unfold frob_cos. rewrite <- !nrm_flat, <- dot_flat. apply cosv_range. Qed.

(* the numbers of a centre, in the order of VariantDef.v *)
Definition values_of (z : centre) (cos_min cos_max M_max : R) (i : nat) : R := nth i [Network.rp (z_p z); INR (z_p z);
  z_eta z;
  z_alpha z; z_m0 z; z_Gmax z; Gs_0 z; z_Kn z; z_L1 z; z_L2 z; z_kmax z; koK (z_n z) (z_K z); frob (z_p z) (z_k z) (c_0 z);
  fourth z; sqrt (fourth z); sum (z_p z) (fun r => brow z r * (crow z r * crow z r));
    nrm (z_p z) (fun r => brow z r * crow z r);
  z_cmax z; frob (z_n z) (z_k z) (e_0 z); frob (z_p z) (z_k z) (z_beta z); z_d z; fdot (z_p z) (z_k z) (z_b z) (z_beta z);
  frob (z_p z) (z_k z) (z_b z); cos_min; cos_max; M_max] 0.
(* The expressions are the formulas of theory/Variants.v, where both radii are one number. *)
Section Formulas.
Variables cos_min cos_max M_max : R.
Let V z := values_of z cos_min cos_max M_max.
Ltac formula z := destruct z as [b ? ? ? ? ? ? ? ? ? ? ? ? ? ra rd ? ? ? ? ? ?]; intros E; simpl in E; subst rd;
  destruct b; reflexivity.
Lemma real_E z : z_a z = z_d z -> real (V z) VariantDef.f_E = E_ball z.  Proof. formula z. Qed.
Lemma real_step z : z_a z = z_d z -> real (V z) (VariantDef.f_step (z_bp z)) = 1 - z_eta z * (z_m0 z + (g_G z + g_H z)).
Proof. formula z. Qed.
Lemma real_rate z : z_a z = z_d z -> real (V z) (VariantDef.f_rate (z_bp z)) =
  2 * (z_m0 z + (g_G z + g_H z)) - z_eta z * ((z_m0 z + (g_G z + g_H z)) * (z_m0 z + (g_G z + g_H z))).
Proof. formula z. Qed.
Lemma real_G z : z_a z = z_d z -> real (V z) VariantDef.f_G = z_Gmax z - g_G z.  Proof. formula z. Qed.
Lemma real_share z : z_a z = z_d z -> real (V z) VariantDef.f_share = INR (z_p z)
  - z_L1 z * z_L1 z * z_Kn z * (R_ball z * R_ball z).
Proof. formula z. Qed.
Lemma real_A36 z A beta : z_a z = z_d z -> real (V z) (VariantDef.f_A36 (z_bp z)) =
  z_m0 z - D_ball z A beta - z_eta z * Cv_ball z A beta * E_ball z - z_alpha z.
Proof. formula z. Qed.
Lemma real_rho z A beta : z_a z = z_d z -> real (V z) (VariantDef.f_rho (z_bp z)) = rho_ball z A beta.  Proof. formula z.
  Qed.
Lemma real_A z A beta : z_a z = z_d z -> real (V z) (VariantDef.f_A (z_bp z)) = A_ball z A beta.  Proof. formula z. Qed.
Lemma real_x z : z_a z = z_d z -> real (V z) VariantDef.b_x = share_0 z.  Proof. formula z. Qed.
Lemma real_R z : z_a z = z_d z -> real (V z) VariantDef.f_R = R_ball z.  Proof. formula z. Qed.
Definition entry_of z r i (j : nat) : R := if Nat.ltb j 26 then V z j else nth (j - 26)
  [brow z r; (if z_bp z then nrm (z_n z) (Psi_0 z r) else 0); crow z r; nrm (z_n z) (z_K z i); Rabs (z_A z r i); R_ball z;
    share_0 z] 0.
Lemma real_margin z r i : z_a z = z_d z -> real (entry_of z r i) (VariantDef.f_margin (z_bp z)) =
  Rabs (z_A z r i) - z_a z - pull z r * (nrm (z_n z) (z_K z i) / Network.rp (z_p z) * R_ball z).
Proof. formula z. Qed.
End Formulas.

Module VariantF (I : INT) (Import BD : BallDefT I) (Import F : ActDefT I BD) (Import C : CheckDefT I BD F)
  (Import V : VariantDef.VariantDefT I BD F C).
Module CP := CheckF I BD F C.
Import CP CP.AP CP.AP.P.
Local Notation zz := I.to_Z.

Section Lists.
Variable w : I.t.
Hypothesis Wp : (0 <= zz w)%Z.
Lemma nth_tab {T} n (f : nat -> T) i d : (i < n)%nat -> nth i (tab n f) d = f i.
Proof. intros Hi. unfold tab. rewrite (nth_map f (seq 0 n) i 0%nat) by now rewrite seq_length. now rewrite seq_nth. Qed.
Lemma tab_length {T} n (f : nat -> T) : length (tab n f) = n.
Proof. unfold tab. now rewrite map_length, seq_length. Qed.
Lemma in_tab n f x : (forall i, (i < n)%nat -> inB w (f i) (x i)) -> inV w (tab n f) x.
Proof. intros H i Hi. rewrite tab_length in Hi. rewrite nth_tab by assumption. now apply H. Qed.
(* a rows of length b *)
Definition inR (L : mball) (X : mat) a b := length L = a /\ forall i, (i < a)%nat -> length (nth i L []) = b /\
  inV w (nth i L []) (X i).
Lemma in_tab2 a b f X : (forall i j, (i < a)%nat -> (j < b)%nat -> inB w (f i j) (X i j)) ->
  inR (tab a (fun i => tab b (f i))) X a b.
Proof. intros H. split; [apply tab_length|]. intros i Hi. rewrite nth_tab by assumption. split; [apply tab_length|].
  apply in_tab. auto. Qed.
Lemma at_R L X a b i j : inR L X a b -> (i < a)%nat -> (j < b)%nat -> inB w (nth j (nth i L []) b0) (X i j).
Proof. intros [L0 H] Hi Hj. destruct (H i Hi) as [L1 V]. apply V. now rewrite L1. Qed.
Lemma in_columns L X a b : inR L X a b -> inR (columns b L) (fun o r => X r o) b a.
Proof. intros [L0 H]. split; [apply tab_length|]. intros o Ho. unfold columns. rewrite nth_tab by assumption.
  split; [now rewrite map_length|]. intros r Hr. rewrite map_length in Hr. rewrite (nth_map _ L r []) by assumption.
  destruct (H r ltac:(lia)) as [L1 V]. apply V. now rewrite L1. Qed.
Lemma in_nrmB l x k : length l = k -> inV w l x -> inB w (nrmB w l) (nrm k x).
Proof. intros L V. apply in_sqrt; [exact Wp| |pos]. now apply in_dot. Qed.
Lemma in_norms L X a b : inR L X a b -> length (map (nrmB w) L) = a /\ inV w (map (nrmB w) L) (fun r => nrm b (X r)).
Proof. intros [L0 H]. split; [now rewrite map_length|]. intros r Hr. rewrite map_length in Hr.
  rewrite (nth_map _ L r []) by assumption.
  destruct (H r ltac:(lia)) as [L1 V]. now apply in_nrmB. Qed.
Lemma in_frobB L X a b : inR L X a b -> inB w (frobB w L) (frob a b X).
Proof. intros H. destruct (in_norms L X a b H) as [L0 V]. rewrite <- (nrm_rows a b X). now apply in_nrmB. Qed.
Lemma rectangle_ok l a b : rectangle l a b = true -> length l = a /\ forall i, (i < a)%nat -> length (nth i l []) = b.
Proof. intros H. unfold rectangle in H. apply andb_prop in H. destruct H as [H1 H2]. apply Nat.eqb_eq in H1.
  split; [assumption|].
  intros i Hi. apply Nat.eqb_eq. apply (forallb_nth (fun row => Nat.eqb (length row) b)); [assumption|]. now rewrite H1. Qed.
Lemma in_stored l a b : rectangle l a b = true -> inR (map (map (ofD w)) l) (matD l) a b.
Proof. intros H. destruct (rectangle_ok l a b H) as [L0 L1]. split; [now rewrite map_length|]. intros i Hi.
  rewrite (nth_map _ l i []) by (rewrite L0; exact Hi). split; [rewrite map_length; now apply L1|]. now apply in_vecD. Qed.
Lemma inR_map (f : ball -> ball) (g : R -> R) L X a b : (forall u x, inB w u x -> inB w (f u) (g x)) ->
  inR L X a b -> inR (map (map f) L) (fun i j => g (X i j)) a b.
Proof. intros Hf [L0 H]. split; [now rewrite map_length|]. intros i Hi. destruct (H i Hi) as [L1 Vi].
  rewrite (nth_map _ L i []) by (rewrite L0; exact Hi). split; [now rewrite map_length|]. now apply (in_map1 w f g). Qed.
(* <X, Y>_F through the concatenated rows *)
Lemma in_concat L X a b : inR L X a b -> length (concat L) = (a * b)%nat /\ inV w (concat L) (flat b X).
Proof. revert L X. induction a as [|a IH]; intros L X [L0 H].
  - destruct L; [|discriminate]. split; [reflexivity|]. intros i Hi. simpl in Hi. lia.
  - destruct L as [|row L]; [discriminate|]. injection L0 as L0. destruct (H 0%nat ltac:(lia)) as [L1 V1]. simpl in L1, V1.
    destruct (IH L (fun i => X (S i))) as [L2 V2].
    { split; [assumption|]. intros i Hi. apply (H (S i)). lia. }
    split; [simpl; rewrite app_length; lia|]. intros i Hi. simpl. simpl in Hi. rewrite app_length in Hi.
    destruct (Nat.lt_ge_cases i b) as [Hb|Hb].
    + rewrite app_nth1 by lia. unfold flat. rewrite Nat.div_small, Nat.mod_small by lia. apply V1. lia.
    + rewrite app_nth2 by lia. rewrite L1. destruct (Nat.eq_dec b 0) as [->|Nb]; [rewrite Nat.mul_0_r in L2; lia|].
      assert (E : flat b X i = flat b (fun i => X (S i)) (i - b)%nat).
      { unfold flat. replace i with ((i - b) + 1 * b)%nat at 1 2 by lia. rewrite Nat.div_add,
        Nat.mod_add by lia. now rewrite Nat.add_1_r. }
      rewrite E. apply V2. lia. Qed.
Lemma in_fdot L L' X X' a b : inR L X a b -> inR L' X' a b -> inB w (dotB w (concat L) (concat L')) (fdot a b X X').
Proof. intros H H'. destruct (in_concat _ _ _ _ H) as [L0 V0]. destruct (in_concat _ _ _ _ H') as [L1 V1].
  rewrite <- dot_flat. now apply in_dot. Qed.
(* definite matrices *)
Lemma below M X k a cst : inR M X k k -> symm k X -> inB w a cst -> pd w k (diag (sub a) opp M) = true ->
  forall x, quad k X x <= cst * dot k x x.
Proof. intros HM Sy Ha Hp x. assert (T : 0 <= -1 * quad k X x + cst * dot k x x); [|lra].
  rewrite <- (quad_diag k X cst (-1) x). apply (pd_ok w Wp k (diag (sub a) opp M)); try assumption.
  - apply (in_diag w (sub a) opp (fun z => -1 * z + cst) (fun z => -1 * z)); [| |exact HM]; intros u z Hu.
    + apply (in_ext w _ (cst - z)); [ring|]. now apply in_sub.
    + apply (in_ext w _ (- z)); [ring|]. now apply in_opp.
  - intros i j Hi Hj. rewrite (Sy i j Hi Hj), Nat.eqb_sym. reflexivity. Qed.

(* expressions *)
Variable v : nat -> ball.
Variable x : nat -> R.
Hypothesis in_v : forall i, inB w (v i) (x i).
Lemma eval_ok e : snd (eval w v e) = true -> inB w (fst (eval w v e)) (real x e).
Proof. induction e as [i|k|a IHa b IHb|a IHa b IHb|a IHa b IHb|a IHa b IHb]; cbn [eval real]; intros H.
  - apply in_v.
  - simpl. apply (in_ext w _ (IZR (zz (I.of_Z k)))); [now rewrite I.of_ok|now apply in_ofInt].
  - destruct (eval w v a) as [xa fa], (eval w v b) as [xb fb]. cbn [fst snd] in *. andb. apply in_add; auto.
  - destruct (eval w v a) as [xa fa], (eval w v b) as [xb fb]. cbn [fst snd] in *. andb. apply in_sub; auto.
  - destruct (eval w v a) as [xa fa], (eval w v b) as [xb fb]. cbn [fst snd] in *. andb. apply in_mul; auto.
  - destruct (eval w v a) as [xa fa], (eval w v b) as [xb fb]. cbn [fst snd] in *. andb. apply in_div; auto. Qed.
Lemma at_least_0_ok e : at_least_0 w v e = true -> 0 <= real x e.
Proof. unfold at_least_0. assert (T := eval_ok e). destruct (eval w v e) as [u f]. cbn [fst snd] in T. intros H. andb.
  apply (nonneg_ok w Wp u); auto. Qed.
Lemma above_0_ok e : above_0 w v e = true -> 0 < real x e.
Proof. unfold above_0. assert (T := eval_ok e). destruct (eval w v e) as [u f]. cbn [fst snd] in T. intros H. andb.
  apply (pos_ok w Wp u); auto. Qed.
Lemma covers_ok e d : covers w v (ofD w d) e = true -> real x e <= valD d.
Proof. unfold covers. assert (T := eval_ok e). destruct (eval w v e) as [u f]. cbn [fst snd] in T. intros H. andb.
  eapply (nonneg_le w Wp (ofD w d) u); auto. now apply in_ofD. Qed.
End Lists.

(* ---------- a certificate ---------- *)
(* i = 0, ..., m - 1, or m + i *)
Ltac entries m i := lazymatch m with O => idtac | S ?q => destruct i as [|i]; [|entries q i] end.
Section Certificate.
Variable w : I.t.
Variable c : variant_certificate.
Hypothesis shapes : shapes_ok w c = true.
Let n := Nof c. Let p := Pof c. Let k := outputs c. Let bp := v_backpropagation c.
Let st := l_statement (v_leg c). Let wt := l_witness (v_leg c).
Lemma shapes_w : (0 <= zz w)%Z.
Proof. assert (Sh := shapes). unfold shapes_ok in Sh. cbv zeta in Sh. bools. assumption. Qed.
Let Wp := shapes_w.
Lemma shapes_sizes : (0 < n)%nat /\ (0 < p)%nat /\ (0 < k)%nat.
Proof. assert (Sh := shapes). unfold shapes_ok in Sh. cbv zeta in Sh. bools. repeat split; assumption. Qed.
Let p_pos := proj1 (proj2 shapes_sizes).
Lemma shapes_X : inR w (map (map (ofD w)) (v_X c)) (matD (v_X c)) n (Dof c).
Proof. apply in_stored; [exact Wp|]. assert (Sh := shapes). unfold shapes_ok in Sh. cbv zeta in Sh. andb. assumption. Qed.
Lemma shapes_y : inR w (map (map (ofD w)) (v_y c)) (matD (v_y c)) n k.
Proof. apply in_stored; [exact Wp|]. assert (Sh := shapes). unfold shapes_ok in Sh. cbv zeta in Sh. andb. assumption. Qed.
Lemma shapes_b : inR w (map (map (ofD w)) (v_b c)) (matD (v_b c)) p k.
Proof. apply in_stored; [exact Wp|]. assert (Sh := shapes). unfold shapes_ok in Sh. cbv zeta in Sh. andb. assumption. Qed.
Lemma shapes_beta : inR w (map (map (ofD w)) (v_beta c)) (matD (v_beta c)) p k.
Proof. apply in_stored; [exact Wp|]. assert (Sh := shapes). unfold shapes_ok in Sh. cbv zeta in Sh. andb. assumption. Qed.
Lemma shapes_A : inR w (map (map (ofD w)) (v_A c)) (matD (v_A c)) n p.
Proof. apply in_stored; [exact Wp|]. assert (Sh := shapes). unfold shapes_ok in Sh. cbv zeta in Sh. andb. assumption. Qed.

Let u := centre_of w c.
(* the centre, with the bounds of max k_i and max |c_r| that were computed *)
Definition upper (l : list ball) : R := IZR (zz (fst (maxball l))) / sc w.
Definition z : centre := {| z_bp := bp; z_n := n; z_p := p; z_k := k; z_K := gram c; z_y := matD (v_y c);
  z_b := matD (v_b c);
  z_A := stored_A c; z_beta := matD (v_beta c); z_psi := psi_v c; z_dpsi := dpsi_v c; z_L1 := L1R (v_psi c); z_L2 :=
    L2R (v_psi c);
  z_eta := valD (v_eta c); z_a := valD (v_radius c); z_d := valD (v_radius c); z_Kn := valD (w_K_norm wt); z_Gmax :=
    valD (w_G_max wt);
  z_kmax := upper (map (nrmB w) (u_K u)); z_cmax := upper (map (nrmB w) (u_c u)); z_m0 := valD (w_M_min wt); z_alpha :=
    valD (s_alpha st) |}.
Lemma in_pz a x : inB w a x -> inB w (divk (u_p u) a) (x / INR p).
Proof. intros Ha. assert (E : zz (u_p u) = Z.of_nat p) by apply I.of_ok. rewrite INR_IZR_INZ, <- E.
  apply in_divk; [|assumption]. rewrite E. assert (T := p_pos). lia. Qed.
Lemma in_p_ball : inB w (ofInt w (u_p u)) (INR p).
Proof. assert (E : zz (u_p u) = Z.of_nat p) by apply I.of_ok. rewrite INR_IZR_INZ, <- E. now apply in_ofInt. Qed.
Lemma in_rp_ball : inB w (u_rp u) (Network.rp p).
Proof. apply in_sqrt; [exact Wp|exact in_p_ball|apply pos_INR]. Qed.
Lemma in_beta_u : inR w (u_beta u) (matD (v_beta c)) p k.
Proof. exact shapes_beta. Qed.
Lemma in_c_u : inR w (u_c u) (c_0 z) p k.
Proof. unfold u, centre_of, c_0. cbn [u_c z_bp z z_beta z_b]. fold bp. destruct bp; [exact shapes_beta|exact shapes_b]. Qed.
Lemma in_K_u : inR w (u_K u) (gram c) n n.
Proof. apply (in_outer w); [apply shapes_X|]. destruct shapes_X as [L0 H]. intros i j Hi Hj.
  destruct (H i Hi) as [L1 V1]. destruct (H j Hj) as [L2 V2]. unfold gram. now apply in_dot. Qed.
(* columns of p x n matrices are stored *)
Lemma in_U_u : inR w (u_U u) (fun i r => Psi_0 z r i) n p.
Proof. unfold u, centre_of. cbn [u_U]. rewrite map_map.
  rewrite (map_ext _ (map (fun a => fst (activate (v_psi c) w a)))) by (intros; apply map_map).
  apply (inR_map w _ (psiR (v_psi c)) _ (matD (v_A c))); [|exact shapes_A]. intros a x Ha.
    apply (in_activate (v_psi c) w a x Wp Ha). Qed.
Lemma in_D_u : inR w (u_D u) (fun i r => D_0 z r i) n p.
Proof. unfold u, centre_of. cbn [u_D]. rewrite map_map.
  rewrite (map_ext _ (map (fun a => snd (activate (v_psi c) w a)))) by (intros; apply map_map).
  apply (inR_map w _ (dpsiR (v_psi c)) _ (matD (v_A c))); [|exact shapes_A]. intros a x Ha.
    apply (in_activate (v_psi c) w a x Wp Ha). Qed.
Lemma in_G_u : inR w (u_G u) (G_0 z) n n.
Proof. destruct in_U_u as [L0 H]. apply (in_outer w); [exact L0|]. intros i j Hi Hj. destruct (H i Hi) as [L1 V1].
  destruct (H j Hj) as [L2 V2].
  apply in_pz. now apply in_dot. Qed.
Lemma rp_ok : posb (u_rp u) = true.
Proof. assert (Sh := shapes). unfold shapes_ok in Sh. cbv zeta in Sh. andb. assumption. Qed.
Lemma in_e_u : inR w (u_e u) (e_0 z) n k.
Proof. unfold u, centre_of. cbn [u_e]. apply in_tab2. intros i o Hi Ho. destruct in_U_u as [L0 H].
  destruct (H i Hi) as [L1 V1].
  destruct (in_columns w _ _ _ _ in_beta_u) as [L2 H2]. destruct (H2 o Ho) as [L3 V3].
  unfold e_0. apply in_sub.
  - apply in_div; [exact Wp| |exact in_rp_ball|exact rp_ok]. now apply (in_dot w Wp _ _ _ _ p).
  - now apply in_ofD. Qed.

(* the numbers *)
Definition values := values_of z (valD (s_cos_min st)) (valD (s_cos_max st)) (valD (w_M_max wt)).
Hypothesis G_nonneg : 0 <= valD (w_G_max wt).
Lemma in_upper l : inB w (maxball l) (upper l).
Proof. unfold inB, upper, maxball. cbn [fst snd]. assert (S := sc_pos w Wp). assert (Z0 : zz c0 = 0%Z) by apply I.of_ok.
  rewrite Z0.
  replace (_ / sc w * sc w - _) with 0 by (field; lra). rewrite Rabs_R0. lra. Qed.
Lemma values_in i : inB w (numbers w c u i) (values i).
Proof. assert (B := in_norms w Wp _ _ _ _ in_beta_u). assert (Cn := in_norms w Wp _ _ _ _ in_c_u).
  assert (Kn := in_norms w Wp _ _ _ _ in_K_u).
  destruct B as [LB VB], Cn as [LC VC], Kn as [LK VK].
  set (bn := map (nrmB w) (u_beta u)) in *. set (cn := map (nrmB w) (u_c u)) in *. set (kn := map (nrmB w) (u_K u)) in *.
  assert (C2 : inV w (map2 (mul w) cn cn) (fun r => crow z r * crow z r)).
  { apply (in_map2 w (mul w) Rmult); auto. intros. now apply in_mul. }
  assert (LC2 : length (map2 (mul w) cn cn) = p) by now apply map2_length.
  assert (K2 : inV w (map2 (mul w) kn kn) (fun r => kk n (gram c) r * kk n (gram c) r)).
  { apply (in_map2 w (mul w) Rmult); auto. intros. now apply in_mul. }
  assert (LK2 : length (map2 (mul w) kn kn) = n) by now apply map2_length.
  assert (BC : inV w (map2 (mul w) bn cn) (fun r => brow z r * crow z r)).
  { apply (in_map2 w (mul w) Rmult); auto; [intros; now apply in_mul|lia]. }
  assert (LBC : length (map2 (mul w) bn cn) = p) by now apply map2_length.
  assert (F4 : inB w (nrmB w (map2 (mul w) cn cn)) (fourth z)) by now apply in_nrmB.
  unfold numbers, values, values_of. cbv zeta. fold st wt bn cn kn.
  entries 26%nat i; cbn [nth]; try (now apply in_ofD); [..|destruct i; apply in_b0].
  - exact in_rp_ball.
  - exact in_p_ball.
  - apply in_sqrt; [exact Wp|now apply in_ofD|exact G_nonneg].
  - now apply in_L1B.
  - now apply in_L2B.
  - apply in_upper.
  - now apply in_nrmB.
  - change (frob (z_p z) (z_k z) (c_0 z)) with (frob p k (c_0 z)). rewrite <- (nrm_rows p k (c_0 z)). now apply in_nrmB.
  - exact F4.
  - apply in_sqrt; [exact Wp|exact F4|apply nrm_pos].
  - now apply (in_dot w Wp bn _ (brow z) (fun r => crow z r * crow z r) p).
  - now apply in_nrmB.
  - apply in_upper.
  - apply in_frobB; [exact Wp|exact in_e_u].
  - change (frob (z_p z) (z_k z) (z_beta z)) with (frob p k (matD (v_beta c))).
    rewrite <- (nrm_rows p k (matD (v_beta c))). now apply in_nrmB.
  - apply in_fdot; [exact Wp|exact shapes_b|exact shapes_beta].
  - apply in_frobB; [exact Wp|exact shapes_b]. Qed.
Definition table := tab 26 (numbers w c u).
Lemma table_in i : inB w (nth i table b0) (values i).
Proof. destruct (Nat.lt_ge_cases i 26) as [H|H].
  - unfold table. rewrite nth_tab by assumption. apply values_in.
  - rewrite nth_overflow by (unfold table; rewrite tab_length; exact H).
    unfold values, values_of. entries 26%nat i; try lia. cbn [nth]. destruct i; apply in_b0. Qed.

(* M, (A.25) *)
Lemma index a : (a < n * k)%nat -> (a / k < n)%nat /\ (a mod k < k)%nat.
Proof. intros H. assert (K0 : k <> 0%nat) by (intros E; rewrite E in H; lia). split; [apply Nat.div_lt_upper_bound;
  lia|now apply Nat.mod_upper_bound]. Qed.
Lemma in_M_u : inR w (M_of w u) (flat4 k (M_0 z)) (n * k) (n * k).
Proof. unfold M_of. cbv zeta. apply in_tab2. intros a a' Ha Ha'. destruct (index a Ha) as [Hi Ho].
  destruct (index a' Ha') as [Hj Hl].
  unfold flat4, M_0. change (u_n u) with n in *. change (u_k u) with k in *.
  rewrite !nth_tab by assumption.
  apply in_add.
  - destruct (Nat.eqb (a mod k) (a' mod k)); [|apply in_b0]. apply (at_R w _ _ n n _ _ in_G_u Hi Hj).
  - destruct in_D_u as [LD HD]. destruct (HD _ Hi) as [LD1 VD1]. destruct (HD _ Hj) as [LD2 VD2].
    destruct (in_columns w _ _ _ _ in_beta_u) as [LB HB]. destruct (HB _ Ho) as [LB1 VB1].
    destruct (in_columns w _ _ _ _ in_c_u) as [LC HC]. destruct (HC _ Hl) as [LC1 VC1].
    apply in_mul; [exact Wp|apply in_pz; apply (at_R w _ _ n n _ _ in_K_u Hi Hj)|].
    apply (in_ext w _ (dot p (fun r => D_0 z r (a / k)%nat * matD (v_beta c) r (a mod k)%nat) (fun r => D_0 z r (a'
      / k)%nat * c_0 z r (a' mod k)%nat))).
    { apply sum_ext. intros r _. change (z_beta z) with (matD (v_beta c)). ring. }
    apply in_dot; [exact Wp|now apply map2_length|now apply map2_length| |].
    + apply (in_map2 w (mul w) Rmult _ _ (fun r => D_0 z r (a / k)%nat) (fun r => matD (v_beta c) r (a mod k)%nat)); auto;
      [intros; now apply in_mul|].
      change (u_beta (centre_of w c)) with (u_beta u). lia.
    + apply (in_map2 w (mul w) Rmult _ _ (fun r => D_0 z r (a' / k)%nat) (fun r => c_0 z r (a' mod k)%nat)); auto;
      [intros; now apply in_mul|].
      change (u_c (centre_of w c)) with (u_c u). lia. Qed.
Lemma in_rate eta et m cst N M : inR w M m N N -> inB w et eta -> inB w cst (2 * (z_m0 z + (g_G z + g_H z))
  - eta * ((z_m0 z + (g_G z + g_H z)) * (z_m0 z + (g_G z + g_H z)))) ->
  inR w (rate_of w N et cst M (gram_of w N M)) (rate_matrix N eta (z_m0 z + (g_G z + g_H z)) m) N N.
Proof. intros HM He Hc. unfold rate_of. apply in_tab2. intros a a' Ha Ha'. unfold rate_matrix, idm.
  assert (T : inB w (nth a' (nth a (gram_of w N M) []) b0) (sum N (fun l => m l a * m l a'))).
  { unfold gram_of. cbv zeta. rewrite !nth_tab by assumption. destruct (in_columns w _ _ _ _ HM) as [LT HT].
    destruct (HT a Ha) as [L1 V1]. destruct (HT a' Ha') as [L2 V2].
      now apply (in_dot w Wp _ _ (fun l => m l a) (fun l => m l a')). }
  apply in_sub.
  - apply in_sub; [apply in_add|apply in_mul; assumption].
    + now apply (at_R w M m N N).
    + now apply (at_R w M m N N).
  - destruct (Nat.eqb a a'); [now rewrite Rmult_1_r|]. apply (in_ext w _ 0); [ring|apply in_b0]. Qed.

End Certificate.

(* the upper end of a list of norms *)
Lemma upper_ok w (Wp : (0 <= zz w)%Z) l x : inV w l x -> 0 <= upper w l /\ forall i, (i < length l)%nat -> x i <= upper w l.
Proof. intros V. destruct (fold_max_ok w Wp l) as [H0 H1]. unfold upper, maxball. cbn [fst]. split.
  - apply Rdiv_pos; [now apply IZR_le|now apply sc_pos].
  - intros i Hi. apply (H1 i (x i) Hi). now apply V. Qed.
Lemma gram_is_pos n d (X : mat) v : 0 <= quad n (fun i j => dot d (X i) (X j)) v.
Proof. assert (E : quad n (fun i j => dot d (X i) (X j)) v = dot d (mulvT n X v) (mulvT n X v)).
  { unfold quad, bil. change (dot d (mulvT n X v) (mulvT n X v)) with (dot d (mulv n (fun r i => X i r) v) (mulvT n X v)).
    rewrite (mulv_adj d n (fun r i => X i r) v). apply dot_ext; [reflexivity|]. intros i _. unfold mulv, mulvT, dot.
    rewrite (sum_ext n _ (fun j => sum d (fun r => X i r * (X j r * v j)))).
    2:{ intros j _. rewrite <- sum_scal_r. apply sum_ext. intros; ring. }
    rewrite sum_swap. apply sum_ext. intros r _. now rewrite sum_scal. }
  rewrite E. apply (dotS_pos _ _ _ (pos_vec d)). Qed.
Lemma rate_symm N eta m M : symm N (rate_matrix N eta m M).
Proof. intros i j Hi Hj. unfold rate_matrix, idm. rewrite Nat.eqb_sym.
  rewrite (sum_ext N (fun l => M l i * M l j) (fun l => M l j * M l i)) by (intros; ring). ring. Qed.

Lemma L1R_pos a : 0 <= L1R a.
Proof. destruct (frozen_signs a) eqn:Fz.
  - destruct a; try discriminate Fz. simpl. lra.
  - assert (T := act_L1 _ _ _ _ (smooth_ok a Fz) 0%nat 0%nat 0). assert (T2 := Rabs_pos (dpsiR a 0)). lra. Qed.
Lemma L2R_pos a : 0 <= L2R a.
Proof. destruct (frozen_signs a) eqn:Fz.
  - destruct a; try discriminate Fz. simpl. lra.
  - assert (T := act_L2 _ _ _ _ (smooth_ok a Fz) 0%nat 0%nat 1 0). assert (T2 := Rabs_pos (dpsiR a 1 - dpsiR a 0)).
    rewrite (Rabs_right (1 - 0)) in T by lra. lra. Qed.
(* the margins (A.48), (A.49) *)
Lemma signs_ok_ok w c (Sh : shapes_ok w c = true) v : 
  let zc := z w c in let vv := values w c in (forall i, inB w (v i) (vv i)) -> signs_ok w c (centre_of w c) v = true ->
  forall r i, (r < z_p zc)%nat -> (i < z_n zc)%nat ->
    pull zc r * (nrm (z_n zc) (z_K zc i) / Network.rp (z_p zc) * R_ball zc) < Rabs (z_A zc r i) - z_a zc.
Proof. intros zc vv in_v S r i Hr Hi. assert (Wp := shapes_w w c Sh). unfold signs_ok in S.
  assert (same : z_a zc = z_d zc) by reflexivity.
  set (cm := valD (s_cos_min (l_statement (v_leg c)))). set (cM := valD (s_cos_max (l_statement (v_leg c)))).
  set (MM := valD (w_M_max (l_witness (v_leg c)))).
  assert (ER : real vv VariantDef.f_R = R_ball zc) by exact (real_R cm cM MM zc same).
  assert (Ex : real vv VariantDef.b_x = share_0 zc) by exact (real_x cm cM MM zc same).
  assert (Em := real_margin cm cM MM zc r i same).
  assert (TR := eval_ok w Wp v vv in_v VariantDef.f_R). assert (Tx := eval_ok w Wp v vv in_v VariantDef.b_x).
    rewrite ER in TR. rewrite Ex in Tx.
  destruct (eval w v VariantDef.f_R) as [R f]. destruct (eval w v VariantDef.b_x) as [x g]. cbn [fst snd] in TR, Tx.
    cbv zeta in S.
  apply andb_prop in S. destruct S as [S1 S]. apply andb_prop in S1. destruct S1 as [Sf Sg].
  assert (B := in_norms w Wp _ _ _ _ (in_beta_u w c Sh)). assert (Cn := in_norms w Wp _ _ _ _ (in_c_u w c Sh)).
    assert (Kn := in_norms w Wp _ _ _ _ (in_K_u w c Sh)).
  assert (Pn := in_norms w Wp _ _ _ _ (in_columns w _ _ _ _ (in_U_u w c Sh))).
  destruct B as [LB VB], Cn as [LC VC], Kn as [LK VK], Pn as [LP VP].
  set (u := centre_of w c) in *. set (n := Nof c) in *. set (p := Pof c) in *. set (k := outputs c) in *.
  set (bn := map (nrmB w) (u_beta u)) in *. set (cn := map (nrmB w) (u_c u)) in *. set (kn := map (nrmB w) (u_K u)) in *.
  change (length (v_b c)) with p in S. set (bp := v_backpropagation c) in *.
  set (pn := if bp then map (nrmB w) (columns p (u_U u)) else map (fun _ => b0) bn) in *.
  assert (Lp : length pn = p) by (unfold pn; destruct bp; [exact LP|now rewrite map_length]).
  assert (Vp : inV w pn (fun r => if bp then nrm n (Psi_0 zc r) else 0)).
  { unfold pn. destruct bp; [exact VP|]. intros j Hj. rewrite map_length in Hj. rewrite (nth_map _ bn j b0) by assumption.
    apply in_b0. }
  assert (LA : length (v_A c) = n /\ forall i, (i < n)%nat -> length (nth i (v_A c) []) = p).
  { apply rectangle_ok. assert (Sh' := Sh). unfold shapes_ok in Sh'. cbv zeta in Sh'. andb. assumption. }
  destruct LA as [LA LA2]. change (r < p)%nat in Hr. change (i < n)%nat in Hi.
  apply forallb_nth with (d := false) (i := i) in S; [|rewrite (map2_length _ _ _ n); assumption].
  rewrite (nth_map2 _ (v_A c) kn i [] b0) in S; [|rewrite LA; exact Hi|now rewrite LA, LK].
  set (rows := map2 pair bn (map2 pair pn cn)) in *.
  assert (Lr : length rows = p) by (unfold rows; apply map2_length; [assumption|now apply map2_length]).
  apply forallb_nth with (d := false) (i := r) in S; [|rewrite (map2_length _ _ _ p); [exact Hr|now apply LA2|assumption]].
  rewrite (nth_map2 _ (nth i (v_A c) []) rows r (0%Z, 0%Z) (b0, (b0, b0))) in S; [|rewrite LA2;
    assumption|now rewrite LA2, Lr].
  assert (Er : nth r rows (b0, (b0, b0)) = (nth r bn b0, (nth r pn b0, nth r cn b0))).
  { unfold rows. rewrite (nth_map2 _ bn _ r b0 (b0, b0)); [|lia|rewrite (map2_length _ _ _ p); assumption].
    now rewrite (nth_map2 _ pn cn r b0 b0) by lia. }
  rewrite Er in S. cbn [fst snd] in S.
  apply (above_0_ok w Wp _ (entry_of cm cM MM zc r i)) in S.
  - change (z_bp zc) with bp in Em. rewrite Em in S. lra.
  - intros j. unfold with_entry, entry_of. destruct (Nat.ltb j 26); [apply in_v|].
    generalize (j - 26)%nat. intros m. entries 7%nat m; cbn [nth]; [..|destruct m; apply in_b0].
    + apply VB. rewrite LB. exact Hr.
    + apply Vp. rewrite Lp. exact Hr.
    + apply VC. rewrite LC. exact Hr.
    + apply VK. rewrite LK. exact Hi.
    + apply in_abs; [exact Wp|]. now apply in_ofD.
    + now apply TR.
    + now apply Tx. Qed.

Theorem check_variant_sound w c : check_variant w c = Proved ->
  l_checkpoint (v_leg c) = 0%nat /\ forall A beta, variant_run c A beta -> variant_holds c A beta.
Proof. intros Cc. unfold check_variant in Cc. cbv zeta in Cc.
  next Cc Sh. next Cc C2. next Cc C3. next Cc C4.
  change (tab 26 (numbers w c (centre_of w c))) with (table w c) in Cc.
  set (v := fun i => nth i (table w c) b0) in *. set (u := centre_of w c) in *. set (bp := v_backpropagation c) in *.
  set (st := l_statement (v_leg c)) in *. set (wt := l_witness (v_leg c)) in *.
  next Cc CK. next Cc CG. next Cc CM. next Cc CMm. next Cc CA. next Cc CS. next Cc CE. next Cc CB. next Cc CAd.
    next Cc CC1. next Cc CC2. clear Cc CMm.
  split.
  { unfold shapes_ok in Sh. cbv zeta in Sh. bools. assumption. }
  intros A beta [rA rb nA nb]. assert (Wp := shapes_w w c Sh).
  set (zc := z w c). set (n := Nof c) in *. set (p := Pof c) in *. set (k := outputs c) in *.
  assert (p_pos : (0 < p)%nat) by (apply (shapes_sizes w c Sh)).
  apply andb_prop in CG. destruct CG as [CG1 CG]. apply andb_prop in CG1. destruct CG1 as [CG1 CG2].
  apply andb_prop in CK. destruct CK as [CK1 CK].
  apply andb_prop in CM. destruct CM as [CM1 CM]. apply andb_prop in CM1. destruct CM1 as [CM1 CM2].
  apply andb_prop in CA. destruct CA as [CA1 CA].
  assert (zero : valD (0, 0)%Z = 0) by (unfold valD; cbn [fst snd]; simpl; ring).
  assert (G0 : 0 <= valD (w_G_max wt)) by (rewrite <- zero; now apply dle_ok).
  assert (K0 : 0 <= valD (w_K_norm wt)) by (rewrite <- zero; now apply dle_ok).
  assert (in_v : forall i, inB w (v i) (values w c i)) by (intros; now apply table_in).
  assert (same : z_a zc = z_d zc) by reflexivity.
  set (cm := valD (s_cos_min st)) in *. set (cM := valD (s_cos_max st)) in *. set (MM := valD (w_M_max wt)) in *.
  pose (vv := values w c). change (forall i, inB w (v i) (vv i)) in in_v.
  assert (E1 : real vv VariantDef.f_E = E_ball zc) by exact (real_E cm cM MM zc same).
  assert (E2 : real vv (VariantDef.f_step bp) = 1 - z_eta zc * (z_m0 zc + (g_G zc
    + g_H zc))) by exact (real_step cm cM MM zc same).
  assert (E3 : real vv (VariantDef.f_rate bp) = 2 * (z_m0 zc + (g_G zc + g_H zc))
    - z_eta zc * ((z_m0 zc + (g_G zc + g_H zc)) * (z_m0 zc + (g_G zc + g_H zc)))) by exact (real_rate cm cM MM zc same).
  assert (E4 : real vv VariantDef.f_G = z_Gmax zc - g_G zc) by exact (real_G cm cM MM zc same).
  assert (E5 : real vv VariantDef.f_share = INR p - z_L1 zc * z_L1 zc * z_Kn zc * (R_ball zc
    * R_ball zc)) by exact (real_share cm cM MM zc same).
  assert (E6 : real vv (VariantDef.f_A36 bp) = z_m0 zc - D_ball zc A beta - z_eta zc * Cv_ball zc A beta * E_ball zc
    - z_alpha zc)
    by exact (real_A36 cm cM MM zc A beta same).
  assert (E7 : real vv (VariantDef.f_rho bp) = rho_ball zc A beta) by exact (real_rho cm cM MM zc A beta same).
  assert (E8 : real vv (VariantDef.f_A bp) = A_ball zc A beta) by exact (real_A cm cM MM zc A beta same).
  (* the definite matrices *)
  assert (IK := in_K_u w c Sh). fold u n in IK.
  assert (KS : symm n (gram c)) by (intros i j _ _; apply dot_sym).
  assert (GS : symm n (G_0 zc)) by (intros i j _ _; unfold G_0; f_equal; apply sum_ext; intros; ring).
  assert (Kf := below w Wp (u_K u) (gram c) n (v 7%nat) (valD (w_K_norm wt)) IK KS (in_v 7%nat) CK).
  assert (Gf := below w Wp (u_G u) (G_0 zc) n _ _ (in_G_u w c Sh) GS (eval_ok w Wp v vv in_v VariantDef.f_G CG2) CG).
  rewrite E4 in Gf.
  assert (Rt : inB w (fst (eval w v (VariantDef.f_rate bp))) (real vv (VariantDef.f_rate bp))) by now apply (eval_ok w Wp
    v vv in_v).
  rewrite E3 in Rt.
  assert (Mf := pd_ok w Wp (n * k) _ _ (in_rate w c Sh (valD (v_eta c)) (v 2%nat) (flat4 k (M_0 zc)) _ (n * k) (M_of w u)
    (in_M_u w c Sh) (in_v 2%nat) Rt)
    (rate_symm _ _ _ _) CM).
  apply (at_least_0_ok w Wp v vv in_v) in CM1. rewrite E2 in CM1.
  apply (at_least_0_ok w Wp v vv in_v) in CA. rewrite E6 in CA.
  destruct (in_norms w Wp _ _ _ _ IK) as [LK VK]. destruct (in_norms w Wp _ _ _ _ (in_c_u w c Sh)) as [LC VC].
    fold u in LC, VC.
  destruct (upper_ok w Wp _ _ VK) as [km0 km]. destruct (upper_ok w Wp _ _ VC) as [cm0' cmx].
  assert (ok : centre_ok zc).
  { split; try assumption.
    - now apply dpos_ok.
    - now apply dpos_ok.
    - apply L1R_pos.
    - apply L2R_pos.
    - intros x. apply gram_is_pos.
    - intros i Hi. apply (km i). rewrite LK. exact Hi.
    - intros r Hr. apply (cmx r). rewrite LC. exact Hr.
    - lra. }
  assert (run : is_run zc A beta) by (split; [exact rA|split; [exact rb|split; [exact nA|exact nb]]]).
  assert (closed : closes zc A beta).
  { split; [|lra]. intros Eb. change (z_bp zc) with bp in Eb. rewrite Eb in CA1. simpl in CA1.
    apply (above_0_ok w Wp v vv in_v) in CA1. rewrite E5 in CA1. apply Rminus_gt_0_lt. exact CA1. }
  assert (Both : 0 <= 1 - z_eta zc * z_alpha zc < 1 /\ conclusions zc A beta).
  { destruct (frozen_signs (v_psi c)) eqn:Fz; [|exact (theorem_A_ball zc ok A beta run (smooth_ok (v_psi c) Fz) closed)].
    assert (Ps : v_psi c = Relu) by (destruct (v_psi c); try discriminate Fz; reflexivity).
    apply (theorem_A_ball_relu zc ok A beta run); try assumption; try (unfold zc, z; simpl; unfold psi_v, dpsi_v;
      rewrite Ps; reflexivity).
    exact (signs_ok_ok w c Sh v in_v CS). }
  destruct Both as [rate Thm].
  apply (covers_ok w Wp v vv in_v) in CE. apply (covers_ok w Wp v vv in_v) in CB. apply (covers_ok w Wp v vv in_v) in CAd.
  rewrite E1 in CE. rewrite E7 in CB. rewrite E8 in CAd.
  (* the weight angle *)
  assert (Cs : forall t, (cm <= frob_cos p k (matD (v_b c)) (beta t) <= cM) /\
    (-1 < cm \/ cM < 1 -> 0 < frob p k (matD (v_b c)) /\ 0 < frob p k (beta t))).
  { intros t. destruct (Thm t) as (_ & _ & T2 & _). rewrite <- E7 in T2.
    set (rr := real vv (VariantDef.f_rho bp)) in *. set (dd := valD (v_radius c)) in *.
    set (nB := frob p k (matD (v_b c))). set (Nb := frob p k (matD (v_beta c))).
      set (bd := fdot p k (matD (v_b c)) (matD (v_beta c))).
    assert (Br := ball_cosine p k (matD (v_b c)) (matD (v_beta c)) (beta 0%nat) (beta t) rr dd). cbv zeta in Br.
      fold nB Nb bd in Br.
    assert (Def : above_0 w v VariantDef.b_norm = true -> above_0 w v (VariantDef.f_inside bp) = true -> 0 < nB /\
      rr + dd < Nb /\ 0 < frob p k (beta t)).
    { intros D1 D2. apply (above_0_ok w Wp v vv in_v) in D1. apply (above_0_ok w Wp v vv in_v) in D2.
      assert (F1 : 0 < nB) by exact D1. assert (F2 : 0 < Nb - (rr + dd)) by exact D2. split; [exact F1|split; [lra|]].
      assert (T := frob_near_low p k (matD (v_beta c)) (beta t) (rr + dd)). fold Nb in T.
      assert (frob p k (fun r o => beta t r o - matD (v_beta c) r o) <= rr + dd);
        [|assert (Nb - (rr + dd) <= frob p k (beta t)) by (now apply T); lra].
      rewrite (frob_ext p k _ (fun r o => (beta t r o - beta 0%nat r o) + (beta 0%nat r o
        - matD (v_beta c) r o))) by (intros; ring).
      eapply Rle_trans; [apply frob_add|]. apply Rplus_le_compat; [exact T2|exact nb]. }
    set (ww := rr + dd) in *.
    assert (X : forall q N', 0 < nB -> 0 < N' -> 0 <= bd - ww * nB - q * (N' * nB) -> q <= (bd / nB - ww) / N').
    { intros q N' Hb HN Hv. apply Rmult_le_reg_r with (N' * nB); [now apply Rmult_lt_0_compat|].
      replace ((bd / nB - ww) / N' * (N' * nB)) with (bd - ww * nB) by (field; lra). lra. }
    assert (Y : forall q N', 0 < nB -> 0 < N' -> 0 <= q * (N' * nB) - (bd + ww * nB) -> (bd / nB + ww) / N' <= q).
    { intros q N' Hb HN Hv. apply Rmult_le_reg_r with (N' * nB); [now apply Rmult_lt_0_compat|].
      replace ((bd / nB + ww) / N' * (N' * nB)) with (bd + ww * nB) by (field; lra). lra. }
    assert (w0 : 0 <= ww) by (assert (U1 := Rle_trans _ _ _ (frob_pos _ _ _) T2);
      assert (U2 := Rle_trans _ _ _ (frob_pos _ _ _) nb); fold dd in U2; unfold ww; lra).
    assert (Rg := frob_cos_range p k (matD (v_b c)) (beta t)). apply orb_prop in CC1. apply orb_prop in CC2.
    assert (L1' : cm <= -1 \/ (cm <= frob_cos p k (matD (v_b c)) (beta t) /\ 0 < nB /\ 0 < frob p k (beta t))).
    { destruct CC1 as [Dd|Dd]; [left; apply dle_ok in Dd; now rewrite valD_minus_one in Dd|right]. andb.
      destruct Def as (F1 & F2 & F3); try assumption. split; [|now split]. destruct (Br F1 F2 nb T2) as [B1 _].
      eapply Rle_trans; [|exact B1]. apply Rmin_glb; (apply X; [assumption|lra|]).
      - change (0 <= real vv (VariantDef.f_c1 bp)). now apply (at_least_0_ok w Wp v vv in_v).
      - change (0 <= real vv (VariantDef.f_c2 bp)). now apply (at_least_0_ok w Wp v vv in_v). }
    assert (L2' : 1 <= cM \/ (frob_cos p k (matD (v_b c)) (beta t) <= cM /\ 0 < nB /\ 0 < frob p k (beta t))).
    { destruct CC2 as [Dd|Dd]; [left; apply dle_ok in Dd; now rewrite valD_one in Dd|right]. andb.
      destruct Def as (F1 & F2 & F3); try assumption. split; [|now split]. destruct (Br F1 F2 nb T2) as [_ B2].
      eapply Rle_trans; [exact B2|]. apply Rmax_lub; (apply Y; [assumption|lra|]).
      - change (0 <= real vv (VariantDef.f_c3 bp)). now apply (at_least_0_ok w Wp v vv in_v).
      - change (0 <= real vv (VariantDef.f_c4 bp)). now apply (at_least_0_ok w Wp v vv in_v). }
    split; [destruct L1' as [|[? _]], L2' as [|[? _]]; lra|].
    intros [Dd|Dd]; [destruct L1' as [|[_ ?]]|destruct L2' as [|[_ ?]]]; try lra; assumption. }
  split.
  - intros t. apply (Thm t).
  - exact rate.
  - intros t. eapply Rle_trans; [apply (Thm t)|]. apply Rmult_le_compat_l; [apply pow_le, rate|exact CE].
  - intros t. eapply Rle_trans; [apply (Thm t)|exact CB].
  - intros t. eapply Rle_trans; [apply (Thm t)|exact CAd].
  - intros t. apply (Cs t).
  - intros Dd. split; [exact (proj1 (proj2 (Cs 0%nat) Dd))|]. intros t. exact (proj2 (proj2 (Cs t) Dd)). Qed.
End VariantF.
