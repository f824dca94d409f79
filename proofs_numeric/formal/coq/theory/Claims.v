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

(* T3: beta is the run with a penalty up to T, twin the run without. From T on the cosine of the first is at least c_min;
   that of the twin is at most c_max at every step; c_min exceeds c_max by more than the margin. All these cosines exist.
   *)
Definition T3_on_instance (p : nat) (b : vec) (beta twin : nat -> vec) (T : nat) (c_min c_max margin : R) : Prop :=
  0 < nrm p b /\ c_max + margin < c_min /\
  (forall t, (T <= t)%nat -> 0 < nrm p (beta t) /\ c_min <= cosv p b (beta t)) /\
  (forall t, 0 < nrm p (twin t) /\ cosv p b (twin t) <= c_max).

(* The step (B.1): beta with the penalty lambda(t), all right-hand sides at time t; the step of A is that of (A.1). *)
Definition run_beta_penalty n p (y : vec) psi eta (lambda : nat -> R) (A : nat -> mat) (beta : nat -> vec) : Prop :=
  forall t r, (r < p)%nat -> beta (S t) r = (1 - eta * lambda t) * beta t r
    - eta / rp p * mulv n (Psi psi A t) (e p y psi A beta t) r.
Lemma run_beta_penalty_after n p y psi eta lambda A beta T : run_beta_penalty n p y psi eta lambda A beta ->
  (forall t, (T <= t)%nat -> lambda t = 0) ->
  run_beta n p y psi eta (fun t => A (t + T)%nat) (fun t => beta (t + T)%nat).
Proof.
  intros Hr Hl t r Hp. rewrite (Hr (t + T)%nat r Hp : beta (S t + T)%nat r = _), Hl by lia.
  replace ((1 - eta * 0) * beta (t + T)%nat r) with (beta (t + T)%nat r) by ring. reflexivity. Qed.

(* The data of s with the run from T on. The numbers of s (Kn, Gs, Q, ...) belong to the state at T. *)
Definition after (T : nat) (s : setting) : setting :=
  {| n := n s; p := p s; K := K s; y := y s; b := b s; psi := psi s; dpsi := dpsi s; L1 := L1 s; L2 := L2 s; eta := eta s;
     Kn := Kn s; kmax := kmax s; Gs := Gs s; Q := Q s; om := om s;
     A := fun t => A s (t + T)%nat; beta := fun t => beta s (t + T)%nat |}.

(* What each claim needs: facts before T, and from T on a rate, or a bound rho of the movement of beta. *)
Lemma before_or_after (P : nat -> Prop) T : (forall t, (t < T)%nat -> P t) -> (forall t, P (t + T)%nat) -> forall t, P t.
Proof.
  intros H1 H2 t. destruct (le_lt_dec T t) as [L|L]; [|now apply H1]. specialize (H2 (t - T)%nat).
  now replace (t - T + T)%nat with t in H2 by lia. Qed.

Lemma T1_beyond eta rate alpha (err : nat -> R) T : 0 <= eta -> (forall t, 0 <= err t) ->
  (forall t, (t < T)%nat -> err (S t) <= (1 - eta * rate) * err t) ->
  (forall t, err (S t + T)%nat <= (1 - eta * alpha) * err (t + T)%nat) -> rate <= alpha ->
  T1_on_instance eta rate err.
Proof.
  intros He Hp Hb Ha Hr. refine (before_or_after (fun t => err (S t) <= (1 - eta * rate) * err t) T Hb _). intros t.
    eapply Rle_trans; [exact (Ha t)|].
  apply Rmult_le_compat_r; [apply Hp|]. assert (eta * rate <= eta * alpha) by (apply Rmult_le_compat_l; assumption). lra.
    Qed.

(* the ends (A.23) of the cosine, for |beta(t) - beta(T)| <= rho *)
Definition cos_low p (b beta0 : vec) rho := let sp := dot p b beta0 / nrm p b in let N := nrm p beta0 in
  Rmin ((sp - rho) / (N - rho)) ((sp - rho) / (N + rho)).
Definition cos_high p (b beta0 : vec) rho := let sp := dot p b beta0 / nrm p b in let N := nrm p beta0 in
  Rmax ((sp + rho) / (N - rho)) ((sp + rho) / (N + rho)).
Lemma cosine_beyond p b beta0 betat rho : 0 < nrm p b -> rho < nrm p beta0 -> nrm p (fun r => betat r - beta0 r) <= rho ->
  0 < nrm p betat /\ cos_low p b beta0 rho <= cosv p b betat <= cos_high p b beta0 rho.
Proof.
  intros B HN U. assert (r0 : 0 <= rho) by (eapply Rle_trans; [apply nrm_pos|exact U]).
  split; [assert (T := norm_bracket p beta0 betat rho U); lra|]. now apply (cosine_bracket p b beta0 betat rho). Qed.

Lemma T2_beyond p b (beta : nat -> vec) kappa T rho : 0 < nrm p b -> kappa / sqrt (INR p) < 1 ->
  (forall t, (t < T)%nat -> 0 < nrm p (beta t) /\ Rabs (cosv p b (beta t)) <= kappa / sqrt (INR p)) ->
  rho < nrm p (beta T) -> (forall t, nrm p (fun r => beta (t + T)%nat r - beta T r) <= rho) ->
  - (kappa / sqrt (INR p)) <= cos_low p b (beta T) rho -> cos_high p b (beta T) rho <= kappa / sqrt (INR p) ->
  T2_on_instance p b beta kappa.
Proof.
  intros B K1 Hb HN Hr L U. split; [assumption|]. split; [assumption|].
  refine (before_or_after (fun t => 0 < nrm p (beta t) /\ Rabs (cosv p b (beta t)) <= kappa / sqrt (INR p)) T Hb _).
  intros t. destruct (cosine_beyond p b (beta T) (beta (t + T)%nat) rho B HN (Hr t)) as [P C].
  split; [assumption|]. apply Rabs_le. lra. Qed.

Lemma T3_beyond p b (beta twin : nat -> vec) T T' rho rho' c_min c_max margin : 0 < nrm p b -> c_max + margin < c_min ->
  rho < nrm p (beta T) -> (forall t, nrm p (fun r => beta (t + T)%nat r - beta T r) <= rho) ->
  c_min <= cos_low p b (beta T) rho ->
  (forall t, (t < T')%nat -> 0 < nrm p (twin t) /\ cosv p b (twin t) <= c_max) ->
  rho' < nrm p (twin T') -> (forall t, nrm p (fun r => twin (t + T')%nat r - twin T' r) <= rho') ->
  cos_high p b (twin T') rho' <= c_max ->
  T3_on_instance p b beta twin T c_min c_max margin.
Proof.
  intros B M HN Hr L Hb HN' Hr' U. split; [assumption|]. split; [assumption|]. split.
  - intros t Ht. replace t with (t - T + T)%nat by lia.
    destruct (cosine_beyond p b (beta T) _ rho B HN (Hr (t - T)%nat)) as [P C]. split; [assumption|lra].
  - refine (before_or_after (fun t => 0 < nrm p (twin t) /\ cosv p b (twin t) <= c_max) T' Hb _). intros t.
    destruct (cosine_beyond p b (twin T') _ rho' B HN' (Hr' t)) as [P C]. split; [assumption|lra]. Qed.

(* The premises of Theorem A, or of Theorem A_ReLU, at the state of time T, for (after T s). *)
Record closes (s : setting) (alpha Mmin Mmax : R) : Prop := {
  cl_alpha : 0 < alpha;
  cl_Mmin : forall x, Mmin * dot (n s) x x <= quad (n s) (Mat s 0) x;                                      (* A.3 *)
  cl_Mmax : forall x, quad (n s) (Mat s 0) x <= Mmax * dot (n s) x x;
  cl_A10 : let E := err s 0 in let R := E / alpha in Mmin - drift s R - eta s * rem s R * E >= alpha;
  cl_A11 : let E := err s 0 in let R := E / alpha in
    eta s * (Mmax + drift s R) <= 2 - eta s * alpha - eta s * eta s * rem s R * E;
  cl_run : setting_ok s \/ relu_ok s /\ forall r i, (r < p s)%nat -> (i < n s)%nat ->                        (* A.48 *)
    Rabs (b s r) * k_ri s r i / pt s * (err s 0 / alpha) < Rabs (A s 0%nat r i) \/ Rabs (b s r) * k_ri s r i = 0 }.
Lemma closes_beyond s alpha Mmin Mmax : closes s alpha Mmin Mmax -> 0 < eta s /\ forall t,
  err s (S t) <= (1 - eta s * alpha) * err s t /\
  nrm (p s) (fun r => beta s t r - beta s 0%nat r) <= rhoR s (err s 0 / alpha).
Proof.
  intros [H1 H2 H3 H4 H5 [H6|[H6 H7]]]; (split; [apply H6|intros t]).
  - split; [now apply (one_step_rate s H6 alpha Mmin Mmax)|].
    now destruct (theorem_A s H6 alpha Mmin Mmax H1 H2 H3 H4 H5 t) as (_ & T & _).
  - now destruct (theorem_A_relu s H6 alpha Mmin Mmax H1 H2 H3 H4 H5 H7 t) as (_ & T1 & T2 & _). Qed.

(* T1: the rate up to T from the orbit, from T on by Theorem A (its step 8) with alpha >= rate. *)
Theorem T1_by_theorem_A s T alpha Mmin Mmax rate : closes (after T s) alpha Mmin Mmax -> rate <= alpha ->
  (forall t, (t < T)%nat -> err s (S t) <= (1 - eta s * rate) * err s t) ->
  T1_on_instance (eta s) rate (err s).
Proof.
  intros C Hr Hb. destruct (closes_beyond _ _ _ _ C) as [He Hc].
  apply (T1_beyond (eta s) rate alpha (err s) T); try assumption; [now left|intros; apply En_pos|].
  intros t. apply (Hc t). Qed.

(* T2: the cosine up to T from the orbit, from T on by (A.23) with rho = rho(R); rho < |beta(T)| is what makes it exist. *)
Theorem T2_by_theorem_A s T alpha Mmin Mmax kappa : closes (after T s) alpha Mmin Mmax ->
  0 < nrm (p s) (b s) -> kappa / sqrt (INR (p s)) < 1 ->
  (forall t, (t < T)%nat -> 0 < nrm (p s) (beta s t) /\ Rabs (cosv (p s) (b s) (beta s t)) <= kappa / sqrt (INR (p s))) ->
  let rho := rhoR (after T s) (err s T / alpha) in rho < nrm (p s) (beta s T) ->
  - (kappa / sqrt (INR (p s))) <= cos_low (p s) (b s) (beta s T) rho ->
  cos_high (p s) (b s) (beta s T) rho <= kappa / sqrt (INR (p s)) ->
  T2_on_instance (p s) (b s) (beta s) kappa.
Proof.
  intros C B K1 Hb rho HN L U. destruct (closes_beyond _ _ _ _ C) as [_ Hc].
  apply (T2_beyond (p s) (b s) (beta s) kappa T rho); try assumption. intros t. apply (Hc t). Qed.

(* T3: s is the run with the penalty, with lambda(t) = 0 for t >= T; w is its twin, the run without, from the same data. *)
Theorem T3_by_theorem_A s w T T' alpha Mmin Mmax alpha' Mmin' Mmax' c_min c_max margin :
  p w = p s -> b w = b s -> closes (after T s) alpha Mmin Mmax -> closes (after T' w) alpha' Mmin' Mmax' ->
  0 < nrm (p s) (b s) -> c_max + margin < c_min ->
  let rho := rhoR (after T s) (err s T / alpha) in rho < nrm (p s) (beta s T) ->
    c_min <= cos_low (p s) (b s) (beta s T) rho ->
  (forall t, (t < T')%nat -> 0 < nrm (p s) (beta w t) /\ cosv (p s) (b s) (beta w t) <= c_max) ->
  let rho' := rhoR (after T' w) (err w T' / alpha') in rho' < nrm (p s) (beta w T') ->
  cos_high (p s) (b s) (beta w T') rho' <= c_max ->
  T3_on_instance (p s) (b s) (beta s) (beta w) T c_min c_max margin.
Proof.
  intros Ep Eb C C' B M rho HN L Hb rho' HN' U. destruct (closes_beyond _ _ _ _ C) as [_ Hc].
  destruct (closes_beyond _ _ _ _ C') as [_ Hc'].
  apply (T3_beyond (p s) (b s) (beta s) (beta w) T T' rho rho'); try assumption; intros t; [apply (Hc t)|].
  rewrite <- Ep. apply (Hc' t). Qed.
