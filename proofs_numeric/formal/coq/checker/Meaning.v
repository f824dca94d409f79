(* SPDX-License-Identifier: Apache-2.0 *)
(* What a certificate says, of real numbers: the runs that it speaks of, and its claims about them. Nothing here is
   computed. The checker is sound if it answers Proved only where, for every such run, the claims hold. *)
Require Import ZArith Reals Lra List.
From Alignproof Require Import Sums Network TheoremA Claims Certificate Ball Act.
Import ListNotations.
Open Scope R_scope.

(* The stored numbers; valD (m, e) = m 2^e. *)
Definition vecD (l : list double) : vec := fun i => valD (nth i l (0%Z, 0%Z)).
Section Problem.
Variable P : problem.
Definition samples := length (p_y P).                          (* n *)
Definition width := length (p_b P).                            (* p *)
Definition inputs := length (nth 0 (p_X P) []).                (* d *)
Definition Xrow (i : nat) : vec := vecD (nth i (p_X P) []).
Definition Kof : mat := fun i j => dot inputs (Xrow i) (Xrow j).        (* K = X X^T *)
Definition yof : vec := vecD (p_y P).
Definition bof : vec := vecD (p_b P).
Definition etaof := valD (p_eta P).
Definition psiof (_ _ : nat) := psiR (p_psi P).
Definition dpsiof (_ _ : nat) := dpsiR (p_psi P).
(* |e(t)|, e = Psi^T beta / sqrt p - y *)
Definition error (A : nat -> mat) (beta : nat -> vec) (t : nat) := En samples width yof psiof A beta t.
(* cos(b, beta); where b or beta is 0 it is not defined, and this quotient of Coq is 0 *)
Definition cosine (beta : vec) := cosv width bof beta.
Definition beta_distance (x y : vec) := nrm width (fun r => x r - y r).
Definition A_distance (X Y : mat) := frob width samples (fun r i => X r i - Y r i).

(* (B.1): gradient steps with feedback b and the penalty lambda(t) *)
Record follows (lambda : nat -> R) (A : nat -> mat) (beta : nat -> vec) : Prop := {
  follows_A : run_A samples width Kof yof bof psiof dpsiof etaof A beta;
  follows_beta : run_beta_penalty samples width yof psiof etaof lambda A beta }.
Definition no_penalty (_ : nat) := 0.

(* A run without penalty from any state near the stored one. *)
Record run_from_state (stored : list (list double)) (A : nat -> mat) (beta : nat -> vec) : Prop := {
  state_A : A_distance (A 0%nat) (fun r i => vecD (nth i stored []) r) <= valD (p_radius P);
  state_beta : beta_distance (beta 0%nat) (vecD (p_beta P)) <= valD (p_radius P);
  state_steps : follows no_penalty A beta }.
(* A run from any W(0), beta(0) near the stored ones: A(0) = W(0) X^T. *)
Record run_from_data (stored : list (list double)) (lambda : nat -> R) (A : nat -> mat) (beta : nat -> vec) : Prop := {
  data_A : exists W : mat, frob width inputs (fun r k => W r k - vecD (nth r stored []) k) <= valD (p_radius P) /\
    forall r i, (r < width)%nat -> (i < samples)%nat -> A 0%nat r i = dot inputs (W r) (Xrow i);
  data_beta : beta_distance (beta 0%nat) (vecD (p_beta P)) <= valD (p_radius P);
  data_steps : follows lambda A beta }.

(* What Theorem A gives from the checkpoint T on. The cosine lies between its bounds; where one of them says something
   (is inside (-1, 1)), b and beta(t) are not 0, so that it is a cosine. *)
Record leg_holds (l : leg) (A : nat -> mat) (beta : nat -> vec) : Prop := {
  leg_rate_range : 0 <= 1 - etaof * valD (s_alpha (l_statement l)) < 1;
  leg_rate : forall t, (l_checkpoint l <= t)%nat ->
    error A beta (S t) <= (1 - etaof * valD (s_alpha (l_statement l))) * error A beta t;
  leg_error : forall t, (l_checkpoint l <= t)%nat ->
    error A beta t <= (1 - etaof * valD (s_alpha (l_statement l))) ^ (t - l_checkpoint l) * valD (s_error (l_statement l));
  leg_beta : forall t, (l_checkpoint l <= t)%nat ->
    beta_distance (beta t) (beta (l_checkpoint l)) <= valD (s_beta_displacement (l_statement l));
  leg_A : forall t, (l_checkpoint l <= t)%nat ->
    A_distance (A t) (A (l_checkpoint l)) <= valD (s_A_displacement (l_statement l));
  leg_cosine : forall t, (l_checkpoint l <= t)%nat ->
    valD (s_cos_min (l_statement l)) <= cosine (beta t) <= valD (s_cos_max (l_statement l));
  leg_defined : -1 < valD (s_cos_min (l_statement l)) \/ valD (s_cos_max (l_statement l)) < 1 ->
    0 < nrm width bof /\ forall t, (l_checkpoint l <= t)%nat -> 0 < nrm width (beta t) }.

End Problem.

(* A certificate from a checkpoint: lambda = 0, and the checkpoint is the start. *)
Definition checkpoint_run (c : checkpoint_certificate) := run_from_state (k_problem c) (k_A c).
Definition checkpoint_holds (c : checkpoint_certificate) : Prop :=
  l_checkpoint (k_leg c) = 0%nat /\ forall A beta, checkpoint_run c A beta -> leg_holds (k_problem c) (k_leg c) A beta.

(* A certificate from the initialisation: lambda(t) is in the list for t < T, and 0 from there on. *)
Definition penalty (c : initial_certificate) (t : nat) : R := vecD (i_lambda c) t.
Definition initial_run (c : initial_certificate) := run_from_data (i_problem c) (i_W c) (penalty c).
(* the twin: the same data, no penalty *)
Definition twin_run (c : initial_certificate) := run_from_data (i_problem c) (i_W c) no_penalty.
Record whole_run_holds (c : initial_certificate) (A : nat -> mat) (beta : nat -> vec) : Prop := {
  whole_leg : leg_holds (i_problem c) (i_leg c) A beta;
  whole_errors : forall t, (t <= l_checkpoint (i_leg c))%nat ->
    valD (fst (nth t (r_errors (i_run c)) ((0, 0), (0, 0))%Z)) <= error (i_problem c) A beta t
      <= valD (snd (nth t (r_errors (i_run c)) ((0, 0), (0, 0))%Z));
  whole_beta : forall t, beta_distance (i_problem c) (beta t) (beta 0%nat) <= valD (r_beta_displacement (i_run c));
  whole_A : forall t, A_distance (i_problem c) (A t) (A 0%nat) <= valD (r_A_displacement (i_run c));
  (* T1 with the number gamma_max; that it bounds the smallest eigenvalue of the limit kernel is not said here *)
  whole_T1 : forall gamma_max, r_T1 (i_run c) = Some gamma_max ->
    T1_on_instance (etaof (i_problem c)) (valD gamma_max / 4) (error (i_problem c) A beta);
  whole_T2 : forall kappa, r_T2 (i_run c) = Some kappa ->
    T2_on_instance (width (i_problem c)) (bof (i_problem c)) beta (valD kappa);
  whole_T3 : forall margin twin, r_T3 (i_run c) = Some (margin, twin) -> 0 < valD margin /\
    forall A' beta', twin_run c A' beta' -> leg_holds (i_problem c) twin A' beta' /\
      T3_on_instance (width (i_problem c)) (bof (i_problem c)) beta beta' (l_checkpoint (i_leg c))
        (valD (s_cos_min (l_statement (i_leg c)))) (valD (s_cos_max (l_statement twin))) (valD margin) }.
Definition initial_holds (c : initial_certificate) : Prop :=
  (forall t, (l_checkpoint (i_leg c) <= t)%nat -> penalty c t = 0) /\
  forall A beta, initial_run c A beta -> whole_run_holds c A beta.

(* A run exists from every start: the recursion defines one. *)
Section Exists.
Variable P : problem.
Variable lambda : nat -> R.
Variable A0 : mat.
Variable beta0 : vec.
Fixpoint orbit (t : nat) : mat * vec :=
  match t with
  | O => (A0, beta0)
  | S u => let (A, beta) := orbit u in
      let n := samples P in let p := width P in let eta := etaof P in
      let e := fun i => mulvT p (fun r i => psiof P r i (A r i)) beta i / rp p - yof P i in
      (fun r i => A r i - eta / rp p * (bof P r * mulv n (Kof P) (fun j => dpsiof P r j (A r j) * e j) i),
       fun r => (1 - eta * lambda u) * beta r - eta / rp p * mulv n (fun r i => psiof P r i (A r i)) e r)
  end.
Lemma orbit_follows : follows P lambda (fun t => fst (orbit t)) (fun t => snd (orbit t)).
Proof. split.
  - intros t r i _ _. cbn [orbit]. destruct (orbit t) as [A beta] eqn:E. unfold Network.D, Network.e, Network.f, Network.Psi.
    cbn [fst snd]. rewrite E. reflexivity.
  - intros t r _. cbn [orbit]. destruct (orbit t) as [A beta] eqn:E. unfold Network.e, Network.f, Network.Psi.
    cbn [fst snd]. rewrite E. reflexivity. Qed.
End Exists.

Lemma no_distance n x : nrm n (fun r => x r - x r) = 0.
Proof. rewrite (nrm_ext n _ (fun _ => 0)) by (intros; ring). apply nrm_zero. Qed.
Lemma no_A_distance p n X : frob p n (fun r i => X r i - X r i) = 0.
Proof. apply Rle_antisym; [|apply frob_pos]. apply frob_le_sq; [lra|]. rewrite (sum_ext p _ (fun _ => 0)), sum_zero; [lra|].
  intros r _. unfold dot. rewrite (sum_ext n _ (fun _ => 0)), sum_zero; [reflexivity|]. intros; ring. Qed.
(* the runs from the stored numbers themselves *)
Theorem orbit_is_run c : 0 <= valD (p_radius (k_problem c)) ->
  let o := orbit (k_problem c) no_penalty (fun r i => vecD (nth i (k_A c) []) r) (vecD (p_beta (k_problem c))) in
  checkpoint_run c (fun t => fst (o t)) (fun t => snd (o t)).
Proof. intros H o. split.
  - unfold A_distance. simpl. now rewrite no_A_distance.
  - unfold beta_distance. simpl. now rewrite no_distance.
  - apply orbit_follows. Qed.
Theorem orbit_is_initial_run c lambda : 0 <= valD (p_radius (i_problem c)) ->
  let P := i_problem c in
  let o := orbit P lambda (fun r i => dot (inputs P) (vecD (nth r (i_W c) [])) (Xrow P i)) (vecD (p_beta P)) in
  run_from_data P (i_W c) lambda (fun t => fst (o t)) (fun t => snd (o t)).
Proof. intros H P o. split.
  - exists (fun r => vecD (nth r (i_W c) [])). split; [now rewrite no_A_distance|]. reflexivity.
  - unfold beta_distance. simpl. now rewrite no_distance.
  - apply orbit_follows. Qed.
