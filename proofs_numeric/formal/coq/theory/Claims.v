(* SPDX-License-Identifier: Apache-2.0 *)
(* The claims T1, T2 and T3 on an instance: theorem_b.md, section 6. Each speaks of every step t >= 0. It follows from facts
   about the steps up to a time T, which an enclosure of the orbit gives, and from Theorem A at the state of time T.

   The run up to T may have a penalty; from T on it has none. The theorems take a setting s whose A and beta are the whole
   run, and apply Theorem A to (after T s), the same data with the run from T on. *)
Require Import Reals Lra Lia.
From Alignproof Require Import Sums Forms Network TheoremA FrozenSigns.
Open Scope R_scope.

(* T1: the error falls by the factor 1 - eta rate at every step; with rate = gamma_max / 4 this is T1 of the docs. *)
Definition T1_on_instance (eta rate : R) (err : nat -> R) : Prop :=
  forall t, err (S t) <= (1 - eta * rate) * err t.

(* T2: the cosine of b and beta(t) exists at every step and is at most kappa / sqrt p < 1 in absolute value. *)
Definition T2_on_instance (p : nat) (b : vec) (beta : nat -> vec) (kappa : R) : Prop :=
  0 < nrm p b /\ kappa / sqrt (INR p) < 1 /\
  forall t, 0 < nrm p (beta t) /\ Rabs (cosv p b (beta t)) <= kappa / sqrt (INR p).

(* T3: beta is the run with a penalty up to T, twin the run without. From T on the cosine of the first is at least c_min; that
   of the twin is at most c_max at every step; c_min exceeds c_max by more than the margin. All these cosines exist. *)
Definition T3_on_instance (p : nat) (b : vec) (beta twin : nat -> vec) (T : nat) (c_min c_max margin : R) : Prop :=
  0 < nrm p b /\ c_max + margin < c_min /\
  (forall t, (T <= t)%nat -> 0 < nrm p (beta t) /\ c_min <= cosv p b (beta t)) /\
  (forall t, 0 < nrm p (twin t) /\ cosv p b (twin t) <= c_max).

(* The step (B.1): beta with the penalty lambda(t), all right-hand sides at time t; the step of A is that of (A.1). *)
Definition run_beta_penalty n p (y : vec) psi eta (lambda : nat -> R) (A : nat -> mat) (beta : nat -> vec) : Prop :=
  forall t r, (r < p)%nat -> beta (S t) r = (1 - eta * lambda t) * beta t r - eta / rp p * mulv n (Psi psi A t) (e p y psi A beta t) r.
Lemma run_beta_penalty_after n p y psi eta lambda A beta T : run_beta_penalty n p y psi eta lambda A beta ->
  (forall t, (T <= t)%nat -> lambda t = 0) ->
  run_beta n p y psi eta (fun t => A (t + T)%nat) (fun t => beta (t + T)%nat).
Proof.
  intros Hr Hl t r Hp. rewrite (Hr (t + T)%nat r Hp : beta (S t + T)%nat r = _), Hl by lia.
  replace ((1 - eta * 0) * beta (t + T)%nat r) with (beta (t + T)%nat r) by ring. reflexivity. Qed.
