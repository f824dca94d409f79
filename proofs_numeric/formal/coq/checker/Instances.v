(* SPDX-License-Identifier: Apache-2.0 *)
(* The checker on the two kinds of integers, and what it proves: check_checkpoint_sound and check_run_sound for each.
   Z: Coq's own integers, without any axiom of machine words; the module that is extracted, too. BigZ: machine words, fast
   inside the kernel; brings the axioms of Uint63. *)
Require Import ZArith Reals List.
From Alignproof Require Import Integers BigIntegers Certificate BallDef ActDef CheckDef OrbitDef Ball Act Meaning Check
  Orbit.
Module BZ := BallDefF ZInt.
Module FZ := ActDefF ZInt BZ.
Module CZ := CheckDefF ZInt BZ FZ.
Module OZ := OrbitDefF ZInt BZ FZ CZ.
Module ProofZ := OrbitF ZInt BZ FZ CZ OZ.
Module BB := BallDefF BInt.
Module FB := ActDefF BInt BB.
Module CB := CheckDefF BInt BB FB.
Module OB := OrbitDefF BInt BB FB CB.
Module ProofB := OrbitF BInt BB FB CB OB.

(* w is the precision: balls around m 2^-w *)
Definition check_checkpointZ (w : Z) (c : checkpoint_certificate) : outcome := CZ.check_checkpoint w c.
Definition check_checkpointB (w : Z) (c : checkpoint_certificate) : outcome := CB.check_checkpoint (BInt.of_Z w) c.
Definition check_runZ (w : Z) (c : initial_certificate) : outcome := OZ.check_run w c.
Definition check_runB (w : Z) (c : initial_certificate) : outcome := OB.check_run (BInt.of_Z w) c.

Theorem check_checkpointZ_sound w c : check_checkpointZ w c = Proved -> checkpoint_holds c.
Proof. exact (ProofZ.CP.check_checkpoint_sound w c). Qed.
Theorem check_checkpointB_sound w c : check_checkpointB w c = Proved -> checkpoint_holds c.
Proof. exact (ProofB.CP.check_checkpoint_sound (BInt.of_Z w) c). Qed.
Theorem check_runZ_sound w c : check_runZ w c = Proved -> initial_holds c.
Proof. exact (ProofZ.check_run_sound w c). Qed.
Theorem check_runB_sound w c : check_runB w c = Proved -> initial_holds c.
Proof. exact (ProofB.check_run_sound (BInt.of_Z w) c). Qed.
