(* SPDX-License-Identifier: Apache-2.0 *)
(* The checker of certificates for k outputs and for backpropagation on the two kinds of integers, as in Instances.v. *)
Require Import ZArith Reals List.
From Alignproof Require Import Integers BigIntegers Certificate VariantDef Variant Instances.
Module VZ := VariantDefF ZInt BZ FZ CZ.
Module ProofVZ := VariantF ZInt BZ FZ CZ VZ.
Module VB := VariantDefF BInt BB FB CB.
Module ProofVB := VariantF BInt BB FB CB VB.

Definition check_variantZ (w : Z) (c : variant_certificate) : outcome := VZ.check_variant w c.
Definition check_variantB (w : Z) (c : variant_certificate) : outcome := VB.check_variant (BInt.of_Z w) c.
Definition every_run_holds (c : variant_certificate) : Prop :=
  l_checkpoint (v_leg c) = 0%nat /\ forall A beta, variant_run c A beta -> variant_holds c A beta.
Theorem check_variantZ_sound w c : check_variantZ w c = Proved -> every_run_holds c.
Proof. exact (ProofVZ.check_variant_sound w c). Qed.
Theorem check_variantB_sound w c : check_variantB w c = Proved -> every_run_holds c.
Proof. exact (ProofVB.check_variant_sound (BInt.of_Z w) c). Qed.
