(* SPDX-License-Identifier: Apache-2.0 *)
Require Import ZArith Reals List.
From Alignproof Require Import Integers BigIntegers Sums Network TheoremA Calculus Exponential Tanh Certificate BallDef ActDef CheckDef OrbitDef Ball Check Orbit.
Module BZ := BallDefF ZInt.
Module BB := BallDefF BInt.
Module DZ := CheckDefF ZInt BZ.   (* to extract, or vm_compute without axioms *)
Module DB := CheckDefF BInt BB.   (* vm_compute on machine words *)
Module PZ := CheckF ZInt BZ DZ.
Module PB := CheckF BInt BB DB.
Open Scope R_scope.
Definition certified (c : cert) : Prop := forall A beta, is_run c A beta -> forall t,
  let n := dimn c in let p := dimp c in
  let err t := En n p (vecD (c_y c)) (fun _ _ => tanh) A beta t in
  err (S t) <= (1 - valD (c_eta c) * valD (c_alpha c)) * err t /\
  err t <= (1 - valD (c_eta c) * valD (c_alpha c)) ^ t * valD (c_error c) /\
  nrm p (fun r => beta t r - beta 0%nat r) <= valD (c_bdisp c) /\
  frob p n (fun r i => A t r i - A 0%nat r i) <= valD (c_Adisp c) /\
  valD (c_cmin c) <= cosv p (vecD (c_b c)) (beta t) <= valD (c_cmax c).
Theorem checkZ_sound w N c : DZ.check w N c = true -> certified c.
Proof. exact (PZ.check_sound w N c). Qed.
Theorem checkB_sound w N c : DB.check w N c = true -> certified c.
Proof. exact (PB.check_sound w N c). Qed.
(* a run exists: the recursion defines one *)
Section Run.
Variable c : cert.
Fixpoint orbit (t : nat) : mat * vec :=
  match t with
  | O => (A0 c, beta0 c)
  | S u => let (A, beta) := orbit u in
      let p := dimp c in let n := dimn c in let eta := valD (c_eta c) in
      let f := fun i => mulvT p (fun r i => tanh (A r i)) beta i / rp p in
      let e := fun i => f i - vecD (c_y c) i in
      (fun r i => A r i - eta / rp p * (vecD (c_b c) r * mulv n (Kreal c) (fun j => dtanh (A r j) * e j) i),
       fun r => beta r - eta / rp p * mulv n (fun r i => tanh (A r i)) e r)
  end.
Lemma orbit_is_run : is_run c (fun t => fst (orbit t)) (fun t => snd (orbit t)).
Proof. split; try reflexivity.
  - intros t r i _ _. cbn [orbit]. destruct (orbit t) as [A beta] eqn:E. unfold Network.D, Network.e, Network.f, Network.Psi. cbn [fst snd].
    rewrite E. reflexivity.
  - intros t r _. cbn [orbit]. destruct (orbit t) as [A beta] eqn:E. unfold Network.e, Network.f, Network.Psi. cbn [fst snd].
    rewrite E. reflexivity. Qed.
End Run.
Module ODZ := OrbitDefF ZInt BZ DZ.
Module ODB := OrbitDefF BInt BB DB.
Module OPZ := OrbitF ZInt BZ DZ ODZ.
Module OPB := OrbitF BInt BB DB ODB.
