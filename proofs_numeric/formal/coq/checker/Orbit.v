(* SPDX-License-Identifier: Apache-2.0 *)
(* Certificates from the initialisation: the orbit in balls contains the run; Theorem A at its end. *)
Require Import ZArith Reals Lra Lia Psatz List Bool.
From Alignproof Require Import Sums Forms Network TheoremA Integers Calculus Exponential Tanh Certificate BallDef ActDef CheckDef OrbitDef Ball Check.
Import ListNotations.
Open Scope R_scope.

Definition W0 (c : cert) (W : list (list double)) : mat :=
  fun r i => dot (length (nth 0 (c_X c) [])) (vecD (nth r W [])) (vecD (nth i (c_X c) [])).
Record is_run_init (c : cert) (W : list (list double)) (A : nat -> mat) (beta : nat -> vec) : Prop := {
  init_A : forall r i, (r < dimp c)%nat -> (i < dimn c)%nat -> A 0%nat r i = W0 c W r i;
  init_b : forall r, (r < dimp c)%nat -> beta 0%nat r = beta0 c r;
  init_step_A : run_A (dimn c) (dimp c) (Kreal c) (vecD (c_y c)) (vecD (c_b c)) (fun _ _ => tanh) (fun _ _ => dtanh) (valD (c_eta c)) A beta;
  init_step_b : run_beta (dimn c) (dimp c) (vecD (c_y c)) (fun _ _ => tanh) (valD (c_eta c)) A beta }.

Module OrbitF (I : INT) (Import D : BallDefT I) (Import C : CheckDefT I D) (Import O : OrbitDefT I D C).
Module K := CheckF I D C.
Import K.B K.

Section Step.
Variable w : I.t.
Variable N : nat.
Variable c : cert.
Variable A : nat -> mat.
Variable beta : nat -> vec.
Let n := dimn c.
Let p := dimp c.
Let th := fun (_ _ : nat) => tanh.
Let dth := fun (_ _ : nat) => dtanh.
Let b := vecD (c_b c).
Let y := vecD (c_y c).
Let Km := Kreal c.
Let pz := I.of_Z (Z.of_nat p).
Hypothesis stepA : run_A n p Km y b th dth (valD (c_eta c)) A beta.
Hypothesis stepB : run_beta n p y th (valD (c_eta c)) A beta.
Hypothesis Wp : (0 <= I.to_Z w)%Z.
Hypothesis p_pos : (0 < p)%nat.
Hypothesis rp_pos : posb (bsqrt w (ofInt w pz)) = true.
Variable Kb : mball.
Variables yb bb : list ball.
Hypothesis hK : inM w Kb Km n.
Hypothesis hy : length yb = n /\ inV w yb y.
Hypothesis hb : length bb = p /\ inV w bb b.
Let et := ofD w (c_eta c).

Definition inS (s : state) (t : nat) : Prop := length (s_A s) = n /\
  (forall i, (i < n)%nat -> length (nth i (s_A s) []) = p /\ inV w (nth i (s_A s) []) (fun r => A t r i)) /\
  length (s_beta s) = p /\ inV w (s_beta s) (beta t).

Lemma Drp : inB w (bsqrt w (ofInt w pz)) (rp p).
Proof. apply in_sqrt; [assumption| |apply pos_INR]. rewrite INR_IZR_INZ. apply (in_ext w _ (IZR (I.to_Z pz))); [unfold pz; now rewrite I.of_ok|now apply in_ofInt]. Qed.

Lemma in_comb cs : forall ls zero (x : vec) (L : nat -> vec), length cs = length ls -> inV w cs x ->
  (forall j, (j < length ls)%nat -> length (nth j ls []) = p /\ inV w (nth j ls []) (L j)) ->
  length zero = p -> inV w zero (fun _ => 0) ->
  length (comb w cs ls zero) = p /\ inV w (comb w cs ls zero) (fun r => sum (length ls) (fun j => x j * L j r)).
Proof. induction cs as [|a cs IH]; intros [|l ls] zero x L E V H Z0 Z1; try discriminate; [now split|].
  apply inV_cons in V. destruct V as [V1 V2]. injection E as E.
  destruct (IH ls zero (fun j => x (S j)) (fun j => L (S j)) E V2) as [I1 I2]; try assumption.
  { intros j Hj. apply (H (S j)). simpl. lia. }
  destruct (H 0%nat ltac:(simpl; lia)) as [L1 L2]. simpl in L1, L2. cbn [comb]. unfold axpy.
  split; [now apply map2_length|].
  apply (inV_ext w _ (fun r => x 0%nat * L 0%nat r + sum (length ls) (fun j => x (S j) * L (S j) r))).
  - intros r _. simpl length. now rewrite sum_shift.
  - apply (in_map2 w _ (fun u v => x 0%nat * u + v)); [|lia|assumption|assumption].
    intros u z u' z' Hu Hu'. apply in_add; [now apply in_mul|assumption]. Qed.

Lemma in_residual s t : inS s t -> length (residual w pz yb (map (map (tanhB N w)) (s_A s)) (s_beta s)) = n /\
  inV w (residual w pz yb (map (map (tanhB N w)) (s_A s)) (s_beta s)) (Network.e p y th A beta t).
Proof. intros (S1 & S2 & S3 & S4). destruct hy as [Ly Vy]. unfold residual. cbv zeta.
  split; [apply map2_length; [now rewrite !map_length|assumption]|].
  apply (in_map2 w sub Rminus _ _ (Network.f p th A beta t) y); [intros; now apply in_sub|rewrite !map_length; lia| |assumption].
  intros i Hi. rewrite !map_length in Hi. rewrite (nth_map _ _ i []) by (rewrite map_length; lia). rewrite (nth_map _ _ i []) by lia.
  destruct (S2 i ltac:(lia)) as [Li Vi]. apply in_div; [assumption| |apply Drp|assumption].
  apply (in_dot w Wp _ _ (fun r => Psi th A t r i) _ p); [now rewrite map_length|assumption| |assumption].
  apply (in_map1 w (tanhB N w) tanh _ (fun r => A t r i)); [intros; now apply in_tanh|assumption]. Qed.

Lemma in_bstep s t : inS s t -> inS (bstep w N pz Kb yb bb et s) (S t).
Proof. intros Hs. assert (Hs' := Hs). destruct Hs' as (S1 & S2 & S3 & S4). destruct (in_residual s t Hs) as [Le Ve].
  destruct hb as [Lb Vb]. destruct hK as [LK VK]. unfold bstep. cbv zeta.
  set (U := map (map (tanhB N w)) (s_A s)) in *. set (Db := map (map (dtanhB w)) U). set (e := residual w pz yb U (s_beta s)) in *.
  set (h := div w et (bsqrt w (ofInt w pz))). set (zero := map (fun _ => b0) bb).
  assert (Hh : inB w h (valD (c_eta c) / rp p)) by (apply in_div; [assumption|now apply in_ofD|apply Drp|assumption]).
  assert (Z0 : length zero = p) by (unfold zero; now rewrite map_length).
  assert (Z1 : inV w zero (fun _ => 0)).
  { intros i Hi. unfold zero in *. rewrite map_length in Hi. rewrite (nth_map _ bb i b0) by assumption. apply in_b0. }
  assert (LU : length U = n) by (unfold U; now rewrite map_length).
  assert (HU : forall i, (i < n)%nat -> length (nth i U []) = p /\ inV w (nth i U []) (fun r => Psi th A t r i)).
  { intros i Hi. destruct (S2 i Hi) as [Li Vi]. unfold U. rewrite (nth_map _ _ i []) by lia. split; [now rewrite map_length|].
    apply (in_map1 w (tanhB N w) tanh _ (fun r => A t r i)); [intros; now apply in_tanh|assumption]. }
  assert (LD : length Db = n) by (unfold Db; now rewrite map_length).
  assert (HD : forall i, (i < n)%nat -> length (nth i Db []) = p /\ inV w (nth i Db []) (fun r => Network.D dth A t r i)).
  { intros i Hi. destruct (HU i Hi) as [Li Vi]. unfold Db. rewrite (nth_map _ _ i []) by lia. split; [now rewrite map_length|].
    intros r Hr. rewrite map_length in Hr. rewrite (nth_map _ _ r b0) by assumption. apply (in_dtanh w _ (A t r i) Wp). apply Vi, Hr. }
  unfold inS. cbn [s_A s_beta].
  assert (Hbe : length (map2 sub (s_beta s) (map (mul w h) (comb w e U zero))) = p /\ inV w (map2 sub (s_beta s) (map (mul w h) (comb w e U zero))) (beta (S t))).
  { destruct (in_comb e U zero (Network.e p y th A beta t) (fun j r => Psi th A t r j)) as [C1 C2]; try assumption; [lia|intros j Hj; apply HU; lia|].
    rewrite LU in C2. split; [apply map2_length; [assumption|now rewrite map_length]|].
    apply (inV_ext w _ (fun r => beta t r - valD (c_eta c) / rp p * sum n (fun j => Network.e p y th A beta t j * Psi th A t r j))).
    - intros r Hr. rewrite (map2_length sub _ _ p) in Hr; [|assumption|now rewrite map_length].
      rewrite (stepB t r Hr). f_equal. f_equal. unfold mulv. apply sum_ext. intros; ring.
    - apply (in_map2 w sub Rminus _ _ (beta t) (fun r => valD (c_eta c) / rp p * sum n (fun j => Network.e p y th A beta t j * Psi th A t r j)));
        [intros; now apply in_sub|rewrite map_length; lia|assumption|].
      apply (in_map1 w (mul w h) (fun z => valD (c_eta c) / rp p * z)); [intros; now apply in_mul|assumption]. }
  split; [apply map2_length; assumption|]. split; [|exact Hbe].
  intros i Hi. rewrite (nth_map2 _ Kb (s_A s) i [] [] []) by lia. destruct (VK i Hi) as [LKi VKi]. destruct (S2 i Hi) as [Li Vi].
  destruct (in_comb (map2 (mul w) (nth i Kb []) e) Db zero (fun j => Km i j * Network.e p y th A beta t j) (fun j r => Network.D dth A t r j)) as [C1 C2];
    try assumption; [rewrite (map2_length _ _ _ n); lia| |intros j Hj; apply HD; lia|].
  { apply (in_map2 w (mul w) Rmult); [intros; now apply in_mul|lia|assumption|assumption]. }
  rewrite LD in C2.
  assert (L2 : length (map2 (fun br v => mul w h (mul w br v)) bb (comb w (map2 (mul w) (nth i Kb []) e) Db zero)) = p) by now apply map2_length.
  split; [now apply map2_length|].
  apply (inV_ext w _ (fun r => A t r i - valD (c_eta c) / rp p * (b r * sum n (fun j => Km i j * Network.e p y th A beta t j * Network.D dth A t r j)))).
  - intros r Hr. rewrite (map2_length sub _ _ p) in Hr by assumption. rewrite (stepA t r i Hr Hi). f_equal. f_equal. f_equal.
    unfold mulv. apply sum_ext. intros; ring.
  - apply (in_map2 w sub Rminus _ _ (fun r => A t r i) (fun r => valD (c_eta c) / rp p * (b r * sum n (fun j => Km i j * Network.e p y th A beta t j * Network.D dth A t r j))));
      [intros; now apply in_sub|lia|assumption|].
    apply (in_map2 w _ (fun u v => valD (c_eta c) / rp p * (u * v)) _ _ b); [|lia|assumption|assumption].
    intros. apply in_mul; [assumption|assumption|now apply in_mul]. Qed.

Lemma in_bsteps rows : forall s t, inS s t -> forall ok s', bsteps w N pz Kb yb bb et rows s = (ok, s') -> ok = true ->
  inS s' (length rows + t) /\ forall u, (u < length rows)%nat -> En n p y th A beta (u + t) <= valD (nth u rows (0%Z, 0%Z)).
Proof. induction rows as [|row rows IH]; intros s t Hs ok s' E Ho.
  - injection E as <- <-. split; [exact Hs|]. simpl. intros; lia.
  - cbn [bsteps] in E. cbv zeta in E. destruct (in_residual s t Hs) as [Le Ve].
    destruct (nonneg _) eqn:Hn; [|injection E as <- <-; discriminate].
    assert (B : En n p y th A beta t <= valD row).
    { assert (T : 0 <= valD row - En n p y th A beta t); [|lra]. eapply nonneg_ok; [exact Wp| |exact Hn].
      apply in_sub; [now apply in_ofD|]. apply in_sqrt; [assumption| |pos]. now apply in_dot. }
    destruct (IH _ (S t) (in_bstep s t Hs) ok s' E Ho) as [I1 I2]. simpl length. split.
    + replace (S (length rows) + t)%nat with (length rows + S t)%nat by lia. exact I1.
    + intros [|u] Hu; [exact B|]. replace (S u + t)%nat with (u + S t)%nat by lia. apply I2. lia. Qed.
End Step.

Theorem icheck_sound w N c W rows : icheck w N c W rows = true -> forall A beta, is_run_init c W A beta ->
  let n := dimn c in let p := dimp c in let T := length rows in
  let err t := En n p (vecD (c_y c)) (fun _ _ => tanh) A beta t in
  (forall t, (t < T)%nat -> err t <= valD (nth t rows (0%Z, 0%Z))) /\
  forall t, err (S t + T)%nat <= (1 - valD (c_eta c) * valD (c_alpha c)) * err (t + T)%nat /\
    err (t + T)%nat <= (1 - valD (c_eta c) * valD (c_alpha c)) ^ t * valD (c_error c) /\
    nrm p (fun r => beta (t + T)%nat r - beta T r) <= valD (c_bdisp c) /\
    frob p n (fun r i => A (t + T)%nat r i - A T r i) <= valD (c_Adisp c) /\
    valD (c_cmin c) <= cosv p (vecD (c_b c)) (beta (t + T)%nat) <= valD (c_cmax c).
Proof. intros Hc A beta [Ra Rb RA RB] n p T err. unfold icheck in Hc. destruct (lenok0 w c W) eqn:Hl; [|discriminate].
  unfold lenok0 in Hl. cbv zeta in Hl. repeat (apply andb_prop in Hl; destruct Hl as [Hl ?]).
  repeat match goal with Hx : Nat.eqb _ _ = true |- _ => apply Nat.eqb_eq in Hx | Hx : Nat.ltb _ _ = true |- _ => apply Nat.ltb_lt in Hx
   | Hx : (_ <=? _)%Z = true |- _ => apply Z.leb_le in Hx end.
  cbv zeta in Hc. set (pz := I.of_Z (Z.of_nat (dimp c))) in *. set (D := map (ofD w)) in *.
  destruct (posb (bsqrt w (ofInt w pz))) eqn:Hrp; [|discriminate].
  destruct (bsteps _ _ _ _ _ _ _ _ _) as [ok s] eqn:Es. destruct ok; [|discriminate].
  assert (HX : forall i, (i < n)%nat -> length (nth i (c_X c) []) = length (nth 0 (c_X c) [])).
  { intros i Hi. rewrite forallb_forall in H1. apply Nat.eqb_eq, H1, nth_In. unfold n in Hi. lia. }
  assert (HW : forall r, (r < p)%nat -> length (nth r W []) = length (nth 0 (c_X c) [])).
  { intros r Hr. rewrite forallb_forall in H0. apply Nat.eqb_eq, H0, nth_In. unfold p in Hr. lia. }
  assert (hK : inM w (outer (map D (c_X c)) (dotB w)) (Kreal c) n).
  { apply in_outer; [now rewrite map_length|]. intros i j Hi Hj. rewrite (nth_map D (c_X c) i []), (nth_map D (c_X c) j []) by (unfold n in *; lia).
    unfold Kreal. apply in_dot; try assumption; try (unfold D; rewrite map_length; now apply HX); now apply in_vecD. }
  assert (S0 : inS w c A beta {| s_A := map (fun x => map (fun wr => dotB w wr x) (map D W)) (map D (c_X c)); s_beta := D (c_beta c) |} 0).
  { unfold inS. cbn [s_A s_beta]. split; [now rewrite !map_length|]. split; [|split].
    - intros i Hi. rewrite (nth_map _ (map D (c_X c)) i []) by (rewrite map_length; lia). rewrite (nth_map D (c_X c) i []) by lia.
      split; [now rewrite !map_length|]. intros r Hr. rewrite !map_length in Hr.
      rewrite (nth_map _ (map D W) r []) by (rewrite map_length; lia). rewrite (nth_map D W r []) by lia.
      rewrite (Ra r i) by (try assumption; lia). unfold W0.
      apply in_dot; try assumption; try (unfold D; rewrite map_length); try (apply HW; unfold p; lia); try (now apply HX); now apply in_vecD.
    - unfold D. now rewrite map_length.
    - apply (inV_ext w _ (beta0 c)); [|now apply in_vecD]. intros r Hr. unfold D in Hr. rewrite map_length in Hr. symmetry. apply Rb. lia. }
  destruct (in_bsteps w N c A beta RA RB H ltac:(assumption) Hrp _ (D (c_y c)) (D (c_b c)) hK
     (conj (map_length _ _) (in_vecD w H (c_y c))) (conj (map_length _ _) (in_vecD w H (c_b c))) rows _ 0%nat S0 true s Es eq_refl) as [SF Rows].
  rewrite Nat.add_0_r in SF. fold T in SF. destruct SF as (F1 & F2 & F3 & F4).
  split; [intros t Ht; specialize (Rows t Ht); rewrite Nat.add_0_r in Rows; exact Rows|].
  intros t.
  assert (RA' : run_A (dimn c) (dimp c) (Kreal c) (vecD (c_y c)) (vecD (c_b c)) (fun _ _ => tanh) (fun _ _ => dtanh) (valD (c_eta c))
    (fun u => A (u + T)%nat) (fun u => beta (u + T)%nat)) by (intros u r i Hr Hi; exact (RA (u + T)%nat r i Hr Hi)).
  assert (RB' : run_beta (dimn c) (dimp c) (vecD (c_y c)) (fun _ _ => tanh) (valD (c_eta c)) (fun u => A (u + T)%nat) (fun u => beta (u + T)%nat))
    by (intros u r Hr; exact (RB (u + T)%nat r Hr)).
  apply (check_sound_aux w N c (fun u => A (u + T)%nat) (fun u => beta (u + T)%nat) (s_A s) (s_beta s) RA' RB'); try assumption.
  - repeat split; assumption.
  - now split. Qed.
End OrbitF.
