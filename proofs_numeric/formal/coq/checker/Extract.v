(* SPDX-License-Identifier: Apache-2.0 *)
(* The checker as a program in OCaml (../extracted/kernel.ml): the very functions of which check_checkpointZ_sound,
   check_runZ_sound and check_variantZ_sound speak. What stands there for Coq's types and functions is part of what is
   trusted, and property_tests/formal holds each replacement against Coq's own meaning:
   - bool, option, list, pairs: OCaml's own, of the same constructors (ExtrOcamlBasic);
   - nat: OCaml's integers of 63 bits (ExtrOcamlNatInt); they count rows, steps and terms of a series, never numbers, and
     what is counted fits in memory;
   - positive and Z: Zarith's integers, with its sums, products, quotients rounded down, shifts and comparisons
     (ExtrOcamlZBigInt);
   - Z.log2 and Z.sqrt: the number of bits and the integer square root of Zarith, 0 for what is not positive, as in Coq. *)
Require Import ZArith List.
From Alignproof Require Import Instances VariantInstances.
Require Import Extraction ExtrOcamlBasic ExtrOcamlNatInt ExtrOcamlZBigInt.

Extract Constant Z.log2 => "(fun x -> if Z.sign x <= 0 then Z.zero else Z.of_int (Z.numbits x - 1))".
Extract Constant Z.sqrt => "(fun x -> if Z.sign x <= 0 then Z.zero else Z.sqrt x)".
Set Extraction File Comment "SPDX-License-Identifier: Apache-2.0. Written by Coq: checker/Extract.v.".
Extraction "kernel.ml" check_checkpointZ check_runZ check_variantZ.
