(* SPDX-License-Identifier: Apache-2.0 *)
(* psi and psi' of every activation on balls, and upper bounds of its constants L1 and L2 (reports/docs/activations.md).
   No real number stands in this file, so that it extracts cleanly; Act.v proves that each evaluator encloses its
   function. *)
Require Import ZArith List Bool.
From Alignproof Require Import Integers Certificate BallDef ElementaryDef SmoothDef.
Import ListNotations.

Module ActDefF (I : INT) (Import B : BallDefT I).
Module E := ElementaryDefF I B.
Module S := SmoothDefF I B E.
Import E.
Definition dtanhB w (u : ball) : ball := sub (one w) (mul w u u).
(* sigmoid(x) = (1 + tanh(x/2)) / 2: a ball around x at the scale 2^w is one around x/2 at twice that scale, and likewise for
   1 + tanh. *)
Definition sigmoidB w (x : ball) : ball :=
  let v := I.add w c1 in norm c2 (add (one v) (tanhB v x)).
Definition dsigmoidB w (s : ball) : ball := mul w s (sub (one w) s).

(* the ball of [0, e] *)
Definition upto (e : I.t) : ball := let h := I.shr e c1 in (h, I.sub e h).
(* (relu, its derivative), which is 0 at 0 by convention; where the sign is not known, the hull of both branches *)
Definition reluB w (x : ball) : ball * ball :=
  if posb x then (x, one w) else
  let top := I.add (fst x) (snd x) in
  if I.leb top c0 then (b0, b0) else (upto top, upto (I.shl c1 w)).

(* (psi x, psi' x); what does not depend on x is computed once, when psi and w are given *)
Definition activate (psi : activation) (w : I.t) : ball -> ball * ball :=
  match psi with
  | Identity => fun x => (x, one w)
  | Tanh => fun x => let u := tanhB w x in (u, dtanhB w u)
  | Sigmoid => fun x => let s := sigmoidB w x in (s, dsigmoidB w s)
  | Relu => reluB w
  | Erf => S.erfB w
  | Gelu => S.geluB w
  | Softplus => S.softplusB w
  end.
(* at least |psi'|; of the network with frozen signs where psi has a kink *)
Definition L1B (psi : activation) (w : I.t) : ball :=
  match psi with
  | Identity | Tanh | Relu | Softplus => one w
  | Sigmoid => divk (I.of_Z 4) (one w)
  | Erf => divk (I.of_Z 100000000) (ofInt w (I.of_Z 112837917))
  | Gelu => divk (I.of_Z 100000000) (ofInt w (I.of_Z 112890415))
  end.
(* a Lipschitz constant of psi' *)
Definition L2B (psi : activation) (w : I.t) : ball :=
  match psi with
  | Identity | Relu => b0
  | Tanh => divk (I.of_Z 100000000) (ofInt w (I.of_Z 76980036))
  | Sigmoid => divk (I.of_Z 1000000000) (ofInt w (I.of_Z 96225045))
  | Erf => divk (I.of_Z 100000000) (ofInt w (I.of_Z 96788290))
  | Gelu => divk (I.of_Z 100000000) (ofInt w (I.of_Z 79788457))
  | Softplus => divk (I.of_Z 4) (one w)
  end.
(* psi has a kink, and Theorem A needs the margins of the signs (A.48) *)
Definition frozen_signs (psi : activation) : bool := match psi with Relu => true | Identity | Tanh | Sigmoid | Erf | Gelu
  | Softplus => false end.
End ActDefF.
Module Type ActDefT (I : INT) (B : BallDefT I).
Include ActDefF I B.
End ActDefT.
